"""Personal training: what is asked, what is learned, what is kept, and what is refused."""

import json

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_networks import random_weights

from fercourse import cli
from fercourse.classifiers.network import NetworkClassifier, read_network
from fercourse.classifiers.weights import write_weights
from fercourse.drawn import scene
from fercourse.emotions import SEVEN
from fercourse.errors import CourseError
from fercourse.live.faces import Box, Face
from fercourse.live.learning import Schedule, collect
from fercourse.live.personal import (
    PersonalClassifier,
    Profile,
    Takes,
    learn,
    profile_path,
    read_profile,
    write_profile,
)
from fercourse.live.sources import Shot


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FERCOURSE_MODELS", raising=False)


@pytest.fixture(scope="module")
def network():
    return NetworkClassifier.from_weights(random_weights("live"), "mine")


@pytest.fixture(scope="module")
def seen():
    """One expression is dark on the left, another on the right, and so on; two noisy rounds."""
    random = np.random.default_rng(0)
    images, labels, takes = [], [], []
    for take in range(2):
        for label in range(7):
            plain = np.full((48, 48), 150.0)
            plain[:, 6 * label : 6 * label + 8] = 30
            for _ in range(8):
                noisy = plain + random.normal(0, 12, plain.shape)
                images.append(np.clip(noisy, 0, 255).astype(np.uint8))
                labels.append(label)
                takes.append(take)
    return Takes(np.stack(images), np.array(labels, np.uint8), np.array(takes))


def plain_profile(network, **changes):
    """A profile that adds nothing."""
    from fercourse.live.personal import checksum_of

    size = network.embed(np.zeros((1, 48, 48), np.uint8)).shape[1]
    numbers = {"weights": np.zeros((size, 7), np.float32), "biases": np.zeros(7, np.float32)}
    said = {
        "person": "Ada",
        "model": network.name,
        "checksum": checksum_of(network),
        "classes": SEVEN,
        **numbers,
        "frames": (10, 5),
        "before": 0.5,
        "after": 0.75,
    }
    return Profile(**(said | changes))


# Learning


def test_what_a_person_showed_is_recognized_in_another_take(network, seen):
    profile = learn(network, seen, "Ada")
    assert profile.before < 0.5
    assert profile.after > 0.9
    assert profile.helps
    assert profile.frames == (56, 56)


def test_expressions_that_mean_nothing_do_not_help(network, seen):
    random = np.random.default_rng(1)
    noise = random.integers(0, 256, seen.images.shape, np.uint8)
    assert not learn(network, Takes(noise, seen.labels, seen.takes), "Ada").after > 0.4


def test_the_last_round_is_not_learned_from(network, seen):
    changed = seen.images.copy()
    changed[seen.takes == 1] = 0
    one, other = (
        learn(network, seen, "Ada"),
        learn(network, Takes(changed, seen.labels, seen.takes), "Ada"),
    )
    np.testing.assert_array_equal(one.weights, other.weights)
    assert one.after > other.after


def test_a_head_that_adds_nothing_changes_nothing(network, seen):
    personal = PersonalClassifier(network, plain_profile(network))
    np.testing.assert_array_equal(
        personal.predict_proba(seen.images), network.predict_proba(seen.images)
    )
    assert personal.classes == network.classes


@pytest.mark.parametrize("takes", [[0, 0], [1, 1], [0, 1]])
def test_too_little_is_a_sentence(network, takes):
    few = Takes(np.zeros((2, 48, 48), np.uint8), np.array([0, 1], np.uint8), np.array(takes))
    with pytest.raises(CourseError, match="Too few frames with a face"):
        learn(network, few, "Ada")


# Profiles


def test_a_profile_is_kept_and_read_again(network, seen):
    profile = learn(network, seen, "Ada Lovelace")
    path = write_profile(profile)
    again = read_profile("Ada Lovelace")
    assert path == profile_path("Ada Lovelace")
    np.testing.assert_allclose(
        PersonalClassifier(network, again).predict_proba(seen.images),
        PersonalClassifier(network, profile).predict_proba(seen.images),
        atol=1e-6,
    )
    assert set(json.loads(path.read_text())) == {
        "format", "person", "model", "checksum", "classes", "frames", "accuracy", "biases",
        "weights",
    }  # fmt: skip


def test_a_profile_of_another_network_is_refused(network):
    other = NetworkClassifier.from_weights(random_weights("live", seed=1), "other")
    with pytest.raises(CourseError, match="made with the model mine, and fits no other"):
        PersonalClassifier(other, plain_profile(network))


@pytest.mark.parametrize(
    "change",
    [
        {"format": "fercourse-profile-9"},
        {"weights": [[1.0, 2.0]]},
        {"biases": [float("nan")] * 7},
        {"biases": "none"},
        {"frames": 5},
        {"classes": ["a", "b"]},
        {"accuracy": {"before": "x", "after": 1}},
    ],
)
def test_a_damaged_profile_is_a_sentence(network, change):
    path = write_profile(plain_profile(network))
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(CourseError, match="no profile that can be used"):
        read_profile("Ada")


@pytest.mark.parametrize("content", ["", "{", "[]", "null", "\x00"])
def test_a_file_that_is_no_profile_is_a_sentence(network, content):
    path = write_profile(plain_profile(network))
    path.write_text(content)
    with pytest.raises(CourseError, match="no profile that can be used"):
        read_profile("Ada")


def test_a_missing_profile_names_those_there_are(network):
    write_profile(plain_profile(network))
    with pytest.raises(CourseError, match=r"no profile of Bob.*There are profiles of Ada"):
        read_profile("Bob")


@pytest.mark.parametrize("name", ["../x", "", "a/b", "a" * 61, "-x", "a\n", "C:"])
def test_a_name_cannot_lead_elsewhere(name):
    with pytest.raises(CourseError, match="letters, digits"):
        profile_path(name)


# Asking


@given(
    st.integers(1, 7),
    st.floats(0, 5),
    st.floats(0.1, 5),
    st.integers(1, 3),
    st.floats(0, 1, exclude_max=True),
)
def test_each_expression_is_asked_for_once_a_round_in_turn(classes, ready, hold, rounds, share):
    schedule = Schedule(classes, ready, hold, rounds)
    each = ready + hold
    asked = [schedule.at((number + 0.5) * each) for number in range(rounds * classes)]
    assert [(m.take, m.label) for m in asked] == [
        (take, label) for take in range(rounds) for label in range(classes)
    ]
    assert schedule.at(schedule.seconds + 0.01) is None
    moment = schedule.at(share * schedule.seconds * 0.999)
    assert 0 <= moment.left <= max(ready, hold)


class Frames:
    """A source of small gray frames, ten a second."""

    live = True

    def __init__(self, seconds):
        self._seconds = seconds
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True

    def __iter__(self):
        for number in range(int(self._seconds * 10)):
            yield Shot(number, number / 10, np.full((120, 160, 3), 99, np.uint8))


class OneLargeAndOneSmall:
    name = "two"

    def detect(self, frame):
        return [Face(Box(5, 5, 10, 12), 0.9), Face(Box(40, 20, 60, 70), 0.8)]


class Nobody:
    name = "nobody"

    def detect(self, frame):
        return []


class Screen:
    def __init__(self, keys=None):
        self.keys = keys or {}
        self.shown = 0

    def show(self, frame):
        assert frame.shape == (120, 160, 3)
        self.shown += 1

    def key(self, milliseconds=1):
        return self.keys.get(self.shown, "")


QUICK = Schedule(7, ready=0.5, hold=1.0)


def test_what_is_seen_while_an_expression_is_held_is_kept():
    said, source, screen = [], Frames(100), Screen()
    seen = collect(source, OneLargeAndOneSmall(), SEVEN, said.append, screen=screen, schedule=QUICK)
    assert said[0] == "Round 1 of 2: Angry"
    assert len(said) == 14
    assert np.bincount(seen.labels).tolist() == [20] * 7
    assert (seen.takes == 0).sum() == 70
    assert source.closed
    assert screen.shown == pytest.approx(QUICK.seconds * 10, abs=1)


def test_space_skips_an_expression():
    seen = collect(
        Frames(100),
        OneLargeAndOneSmall(),
        SEVEN,
        print,
        screen=Screen({1: "pause"}),
        schedule=QUICK,
    )
    assert np.bincount(seen.labels).tolist() == [10] + [20] * 6


def test_q_ends_it_and_keeps_nothing():
    source = Frames(100)
    with pytest.raises(CourseError, match="nothing was kept"):
        collect(source, OneLargeAndOneSmall(), SEVEN, print, screen=Screen({9: "quit"}))
    assert source.closed


def test_without_a_face_there_is_a_sentence():
    with pytest.raises(CourseError, match="No face was seen"):
        collect(Frames(3), Nobody(), SEVEN, print, schedule=QUICK)


# The front door


@pytest.fixture(scope="module")
def obedient(tmp_path_factory):
    """A video, two frames a second, of somebody who shows what is asked for."""
    path = tmp_path_factory.mktemp("obedient") / "ada.mp4"
    drawn = [
        scene(1, 320, 240, seed=3, emotions=[name], face_height=90, turned=0.0, variety=0.0).frame
        for name in SEVEN
    ]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), 2, (320, 240))
    schedule = Schedule(7)
    for number in range(int(schedule.seconds * 2)):
        writer.write(np.roll(drawn[schedule.at(number / 2).label], number % 3, axis=1))
    writer.release()
    return path


@pytest.fixture
def live(tmp_path, capsys):
    write_weights(tmp_path / "w.safetensors", random_weights("live"))

    def run(*words):
        words = ["live", "--headless", "--model", str(tmp_path / "w.safetensors"), *map(str, words)]
        return (cli.main(words), *capsys.readouterr())

    return run


def test_a_person_is_learned_and_the_profile_is_used(live, obedient, tmp_path):
    pictures = tmp_path / "pictures"
    code, out, error = live("--source", obedient, "--learn", "Ada", "--pictures", pictures)
    assert code == 0, error
    assert "Round 2 of 2: Neutral" in error
    assert "which it did not learn from" in out
    profile = read_profile("Ada")
    assert profile.after > profile.before
    assert {path.name for path in pictures.iterdir()} == set(SEVEN)
    code, _, error = live("--source", obedient, "--profile", "Ada")
    assert code == 0
    assert "The profile of Ada is used" in error


def test_a_profile_that_does_not_help_leaves_one_that_does(live, obedient, tmp_path, monkeypatch):
    write_profile(plain_profile(read_network(tmp_path / "w.safetensors"), after=0.9))
    before = read_profile("Ada")
    monkeypatch.setattr(
        "fercourse.live.personal.learn", lambda network, *_: plain_profile(network, after=0.4)
    )
    code, out, error = live("--source", obedient, "--learn", "Ada")
    assert code == 0, error
    assert "earlier profile is kept: 50% were right without that and 90% with it" in out
    assert "Written" not in out
    assert read_profile("Ada").after == before.after


def test_a_video_that_ends_too_soon_is_said(live, tmp_path):
    path = tmp_path / "short.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), 2, (320, 240))
    frame = scene(1, 320, 240, seed=3, face_height=90, turned=0.0).frame
    for _ in range(40):
        writer.write(frame)
    writer.release()
    code, _, error = live("--source", path, "--learn", "Ada")
    assert code == 2
    assert "It ended after 20 seconds" in error
    assert "takes 70: nothing was kept" in error
    assert "See to light" not in error


def test_a_profile_that_does_not_help_is_not_used(live, obedient, tmp_path):
    write_profile(plain_profile(read_network(tmp_path / "w.safetensors"), after=0.4))
    code, _, error = live("--source", obedient, "--profile", "Ada")
    assert code == 0
    assert "did not help (50% right without it, 40% with it), so it is not used" in error


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--learn", "../x"], "A profile's name has"),
        (["--learn", "Ada", "--table", "t.csv"], "leave --output"),
        (["--profile", "Nobody"], "There is no profile of Nobody"),
        (["--pictures", "folder"], "name a person with --learn"),
    ],
)
def test_what_cannot_work_is_refused_in_a_sentence(live, obedient, words, sentence):
    code, _, error = live("--source", obedient, *words)
    assert code == 2
    assert sentence in error
    assert "Traceback" not in error
