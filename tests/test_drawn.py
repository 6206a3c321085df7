"""Drawn faces: what an action unit does to a face, and what thousands of faces are like."""

import hashlib
from concurrent.futures import BrokenExecutor
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fercourse.drawn import (
    ACTION_UNITS,
    GRADES,
    NUMBERS,
    PROTOTYPES,
    Camera,
    Framing,
    Identity,
    Light,
    Occlusion,
    Portrait,
    Pose,
    as_array,
    cores,
    draw,
    faces,
    full_expression,
    sample_expression,
    sample_portrait,
    sampling,
)
from fercourse.drawn.default_set import DEFAULT_SET_VERSION, RATER, SIZES, default_set, rate
from fercourse.drawn.render import LARGEST, SMALLEST, draw_head
from fercourse.drawn.sampling import CLASS_SHARES
from fercourse.emotions import SEVEN, SPLITS

SIZE, SPAN = 192, 2.3

WHERE = {
    # distance from the middle line, and height from top to bottom, in half faces:
    # the eyes are at -0.17, the mouth at 0.49, the chin at 0.96
    1: ((0.00, 0.40), (-0.85, -0.15)),  # inner brow, middle of the forehead
    2: ((0.10, 0.62), (-0.85, -0.15)),  # outer brow, side of the forehead
    4: ((0.00, 0.60), (-0.70, -0.05)),  # brows, root of the nose, upper lids
    5: ((0.10, 0.55), (-0.36, 0.00)),  # eye opening
    6: ((0.10, 0.75), (-0.40, 0.50)),  # cheek, lower lid, crow's feet
    7: ((0.10, 0.55), (-0.36, 0.10)),  # eye opening, lower lid
    9: ((0.00, 0.55), (-0.50, 0.60)),  # nose, its root, the fold beside it
    10: ((0.00, 0.50), (0.05, 0.75)),  # upper lip, the fold beside the nose
    12: ((0.00, 0.70), (-0.10, 0.80)),  # corners of the mouth, cheeks
    14: ((0.00, 0.50), (0.30, 0.70)),  # corners of the mouth
    15: ((0.00, 0.50), (0.30, 0.85)),  # corners of the mouth
    17: ((0.00, 0.45), (0.35, 1.05)),  # chin, lower lip
    20: ((0.00, 0.55), (0.30, 0.80)),  # mouth
    23: ((0.00, 0.40), (0.30, 0.75)),  # lips
    24: ((0.00, 0.40), (0.30, 0.75)),  # lips
    25: ((0.00, 0.35), (0.35, 0.75)),  # lips
    26: ((0.00, 0.85), (0.30, 1.20)),  # mouth, jaw
    27: ((0.00, 0.85), (0.30, 1.20)),  # mouth, jaw
    43: ((0.10, 0.55), (-0.36, 0.10)),  # eye opening
}
"""Where FACS says that each unit changes the face when it acts alone."""


def _change(unit, intensity, size=SIZE, span=SPAN):
    """Return by how many gray levels each pixel changes when one unit acts alone."""
    rest, acting = (
        draw(Portrait(units, framing=Framing(span)), size).astype(int)
        for units in ({}, {unit: intensity})
    )
    return np.abs(acting - rest)


def _within(unit):
    steps = ((np.arange(SIZE) + 0.5) / SIZE - 0.5) * SPAN
    (near, far), (top, bottom) = WHERE[unit]
    across = (np.abs(steps) >= near) & (np.abs(steps) <= far)
    return ((steps >= top) & (steps <= bottom))[:, None] & across


@pytest.mark.parametrize("unit", ACTION_UNITS)
def test_an_action_unit_changes_the_face_where_facs_puts_it(unit):
    change, region = _change(unit, "E"), _within(unit)
    assert region.mean() < 0.3, "a region that is most of the picture would prove nothing"
    assert change[region].sum() > 0.85 * change.sum()


@pytest.mark.parametrize("unit", ACTION_UNITS)
def test_an_action_unit_changes_the_face_more_with_each_grade(unit):
    amounts = [_change(unit, grade).sum() for grade in GRADES]
    assert amounts == sorted(amounts)
    assert amounts[0] > 0
    assert amounts[-1] > 1.5 * amounts[0]


@pytest.mark.parametrize("unit", ACTION_UNITS)
def test_an_action_unit_can_be_seen_at_the_size_of_fer2013(unit):
    assert _change(unit, "E", size=48, span=1.9).max() > 30


def test_no_two_action_units_look_alike():
    changes = {unit: draw(Portrait({unit: 1.0}), 96).astype(float).ravel() for unit in ACTION_UNITS}
    rest = draw(Portrait(), 96).astype(float).ravel()
    for unit, picture in changes.items():
        for other, another in changes.items():
            if unit < other:
                likeness = np.corrcoef(picture - rest, another - rest)[0, 1]
                assert likeness < 0.9, f"AU {unit} and AU {other}"


def _landmarks(units):
    return np.array(draw_head(Portrait(units), (192, 192), color=False).landmarks)


@pytest.mark.parametrize(
    ("unit", "down", "wider"), [(12, -1, 1), (15, 1, 0), (20, 0, 1), (23, 0, -1), (27, 0, -1)]
)
def test_the_corners_of_the_mouth_go_where_a_unit_pulls_them(unit, down, wider):
    rest, acting = _landmarks({}), _landmarks({unit: 1.0})
    corners, now = rest[3:], acting[3:]
    if down:
        assert (np.sign(now[:, 1] - corners[:, 1]) == down).all()
    if wider:
        assert np.sign(np.ptp(now[:, 0]) - np.ptp(corners[:, 0])) == wider


@pytest.mark.parametrize("unit", [26, 27])
def test_a_dropped_jaw_makes_the_face_longer(unit):
    heights = [
        draw_head(Portrait({unit: intensity}), (192, 192), color=False).box[3]
        for intensity in (0, 0.5, 1)
    ]
    assert heights[0] < heights[1] < heights[2]


@pytest.mark.parametrize("emotion", SEVEN)
def test_a_prototype_is_the_sum_of_its_units(emotion):
    for prototype in PROTOTYPES:
        assert prototype.emotion in SEVEN
        assert set(prototype.units) <= set(NUMBERS)
        assert all(0 < share <= 1 for share in prototype.units.values())
    units = full_expression(emotion)
    assert (emotion == "Neutral") == (units == {})


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ({3: 1.0}, "Action unit 3 cannot be drawn"),
        ({12: 1.2}, "intensity 1.2"),
        ({12: -0.1}, "intensity -0.1"),
        ({12: float("nan")}, "intensity nan"),
        ({12: "F"}, "intensity 'F'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(units, words):
    with pytest.raises(ValueError, match=words):
        draw(Portrait(units))


@pytest.mark.parametrize("size", [SMALLEST - 1, LARGEST + 1, 0, -48])
def test_a_size_out_of_range_is_refused(size):
    with pytest.raises(ValueError, match=r"16 to 512 pixels"):
        draw(size=size)
    with pytest.raises(ValueError, match=r"16 to 512 pixels"):
        faces(1, size=size)


@pytest.mark.parametrize(
    "senseless",
    [
        {"n": -1},
        {"n": 1, "variety": 1.1},
        {"n": 1, "class_shares": (1, 1)},
        {"n": 1, "class_shares": (0,) * 7},
        {"n": 1, "class_shares": (-1, 1, 1, 1, 1, 1, 1)},
    ],
)
def test_senseless_samples_are_refused(senseless):
    with pytest.raises(ValueError, match=r"must be"):
        faces(**senseless)


@pytest.mark.parametrize("emotion", ["happy", "Contempt", ""])
def test_an_unknown_emotion_is_refused(emotion):
    with pytest.raises(ValueError, match="is not one of Angry, Disgust"):
        full_expression(emotion)


grades = st.one_of(st.floats(0, 1), st.sampled_from(sorted(GRADES)))


@given(st.dictionaries(st.sampled_from(NUMBERS), grades))
def test_action_units_become_an_array_and_back(units):
    intensities = as_array(units)
    assert intensities.shape == (len(NUMBERS),)
    for number, intensity in zip(NUMBERS, intensities, strict=True):
        given_ = units.get(number, 0.0)
        assert intensity == np.float32(GRADES.get(given_, given_))


portraits = st.builds(
    Portrait,
    st.dictionaries(st.sampled_from(NUMBERS), grades),
    st.integers(0, 10_000).map(lambda seed: sampling.sample_identity(np.random.default_rng(seed))),
    st.builds(Pose, st.floats(-20, 20), st.floats(-20, 20), st.floats(-20, 20)),
    st.builds(Light, st.floats(-90, 90), st.floats(-30, 90), st.floats(0, 1), st.floats(0.5, 1.5)),
    st.builds(Framing, st.floats(1.3, 4), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)),
    st.builds(Camera, st.floats(0, 2), st.floats(0, 20), st.floats(0.5, 1.5)),
    st.builds(Occlusion, st.sampled_from(["left", "right", "top", "bottom"]), st.floats(0, 0.5)),
    st.integers(0, 2**31),
)


@settings(max_examples=40)
@given(portraits, st.sampled_from([16, 48, 77]), st.booleans())
def test_whatever_can_be_described_can_be_drawn(portrait, size, color):
    picture = draw(portrait, size, color)
    assert picture.dtype == np.uint8
    assert picture.shape == ((size, size, 3) if color else (size, size))
    assert np.ptp(picture) > 5, "a picture of one gray level is no face"
    assert np.array_equal(picture, draw(portrait, size, color))


@settings(max_examples=20)
@given(portraits)
def test_gray_is_what_is_left_of_color(portrait):
    plain = replace(portrait, camera=Camera())
    gray = draw(plain, 48).astype(float)
    color = draw(plain, 48, color=True).astype(float) @ [0.299, 0.587, 0.114]
    # Levels above white are cut off for each color by itself.
    assert np.abs(gray - color).mean() < 4


@settings(max_examples=25)
@given(portraits)
def test_the_face_is_inside_its_box_and_its_parts_are_in_their_order(portrait):
    head = draw_head(replace(portrait, framing=Framing(3.0)), (150, 150), color=False)
    left, top, width, height = head.box
    assert width > 0
    assert height > 0
    (left_eye, right_eye, nose, left_corner, right_corner) = head.landmarks
    for column, row in head.landmarks:
        assert left - 2 < column < left + width + 2
        assert top - 2 < row < top + height + 2
    assert left_eye[0] < right_eye[0]
    assert left_corner[0] < right_corner[0]
    assert max(left_eye[1], right_eye[1]) < max(left_corner[1], right_corner[1])
    assert min(left_eye[1], right_eye[1]) < nose[1]


@settings(max_examples=40)
@given(st.sampled_from(SEVEN), st.integers(0, 2**31), st.floats(0, 1))
def test_a_sampled_expression_is_one_that_can_be_drawn(emotion, seed, variety):
    units, strength = sample_expression(emotion, np.random.default_rng(seed), variety)
    assert as_array(units).max(initial=0) <= 1
    assert 0 <= strength <= 1
    if emotion == "Neutral":
        assert strength == 0


@pytest.mark.parametrize("emotion", SEVEN[:-1])
def test_without_variety_a_face_is_its_prototype_at_full_strength(emotion):
    known = [set(prototype.units) for prototype in PROTOTYPES if prototype.emotion == emotion]
    for seed in range(20):
        units, strength = sample_expression(emotion, np.random.default_rng(seed), 0)
        assert strength == 1
        assert set(units.values()) == {1.0}
        assert any(set(units) <= prototype for prototype in known)


@pytest.fixture(scope="module")
def sample():
    return faces(80, seed=5)


def test_the_same_seed_gives_the_same_faces_and_another_seed_others(sample):
    again = faces(80, seed=5)
    assert np.array_equal(sample.images, again.images)
    assert sample.portraits == again.portraits
    assert not np.array_equal(sample.images[:8], faces(8, seed=6).images)


def test_fewer_faces_are_the_first_of_more(sample):
    fewer = faces(11, seed=5)
    assert np.array_equal(fewer.images, sample.images[:11])
    assert np.array_equal(fewer.labels, sample.labels[:11])


def test_all_cores_draw_what_one_core_draws(sample, monkeypatch):
    monkeypatch.setattr(sampling, "_CHUNK", 10)
    monkeypatch.setattr(cores, "effective_n_jobs", lambda _: 2)
    calls = []
    assert np.array_equal(
        faces(80, seed=5, progress=lambda *call: calls.append(call)).images, sample.images
    )
    assert calls == [(done, 80) for done in range(10, 81, 10)]


def test_where_other_processes_are_ended_one_draws_what_is_left(sample, monkeypatch):
    class Dying:
        def __init__(self, **_):
            pass

        def __call__(self, tasks):
            function, arguments, _ = next(iter(tasks))
            yield function(*arguments)
            raise BrokenExecutor

    monkeypatch.setattr(sampling, "_CHUNK", 10)
    monkeypatch.setattr(cores, "effective_n_jobs", lambda _: 2)
    monkeypatch.setattr(cores, "Parallel", Dying)
    assert np.array_equal(faces(80, seed=5).images, sample.images)


def test_no_faces_are_faces_too():
    none = faces(0)
    assert none.images.shape == (0, 48, 48)
    assert none.truth()["AU12"].shape == (0,)


def test_no_two_faces_are_the_same(sample):
    assert len(np.unique(sample.images.reshape(80, -1), axis=0)) == 80


def test_emotions_occur_as_often_as_in_fer2013():
    labels = sampling.sample_portraits(4000, seed=1)[0]
    expected = np.array(CLASS_SHARES) / sum(CLASS_SHARES)
    found = np.bincount(labels, minlength=7) / len(labels)
    # Four standard deviations of a share in 4,000 faces.
    assert (np.abs(found - expected) < 4 * np.sqrt(expected / 4000)).all()
    assert sum(CLASS_SHARES) == 35_887


def test_the_truth_says_what_was_drawn(sample):
    truth = sample.truth()
    assert {len(column) for column in truth.values()} == {80}
    assert [SEVEN[label] for label in sample.labels] == truth["emotion"].tolist()
    for row, portrait in enumerate(sample.portraits):
        for number in NUMBERS:
            expected = portrait.action_units.get(number, 0.0)
            assert truth[f"AU{number}"][row] == pytest.approx(expected, abs=1e-6)
        assert truth["pose_yaw"][row] == portrait.pose.yaw
        assert truth["identity_hair"][row] == portrait.identity.hair
    for field in fields(Pose):
        assert (np.abs(truth[f"pose_{field.name}"]) <= 20).all()


def test_a_face_can_be_drawn_again_from_its_truth(sample):
    assert np.array_equal(draw(sample.portraits[7]), sample.images[7])


def test_a_stronger_smile_is_drawn_stronger():
    rng = np.random.default_rng(0)
    portrait = sample_portrait("Happy", rng, 0)[0]
    rest = draw(replace(portrait, action_units={})).astype(int)
    amounts = [
        np.abs(draw(replace(portrait, action_units={12: level})) - rest).sum()
        for level in np.linspace(0, 1, 6)
    ]
    assert amounts[0] == 0
    assert amounts == sorted(amounts)


def test_two_raters_agree_as_often_as_two_people_do():
    emotions = np.repeat(np.arange(7, dtype=np.uint8), CLASS_SHARES)
    one, two = (rate(emotions, np.random.default_rng(seed)) for seed in (1, 2))
    # 0.610 is the pairwise agreement of FER+'s taggers (Barsoum et al., 2016).
    assert (one == two).mean() == pytest.approx(0.61, abs=0.03)


def test_a_rater_says_what_its_table_says():
    assert RATER.sum(axis=1) == pytest.approx(1)
    assert (RATER.argmax(axis=1) == np.arange(7)).all()
    emotions = np.repeat(np.arange(7, dtype=np.uint8), 20_000)
    labels = rate(emotions, np.random.default_rng(3)).reshape(7, -1)
    found = np.array([np.bincount(row, minlength=7) / 20_000 for row in labels])
    assert np.abs(found - RATER).max() < 0.015


@pytest.fixture(scope="module")
def whole():
    return default_set()


def _planted(whole, *words):
    return np.flatnonzero(np.isin(whole.truth["planted"], words))


@pytest.mark.slow
def test_the_default_set_has_its_sizes(whole):
    assert {
        SPLITS[split]: int(count) for split, count in enumerate(np.bincount(whole.usage))
    } == SIZES
    assert whole.images.shape == (sum(SIZES.values()), 48, 48)
    assert {len(column) for column in whole.truth.values()} == {len(whole.images)}


@pytest.mark.slow
def test_the_default_sets_blank_images_are_those_that_were_planted(whole):
    flat = np.flatnonzero(np.ptp(whole.images.reshape(len(whole.images), -1), axis=1) == 0)
    assert flat.tolist() == _planted(whole, "blank").tolist()
    assert len(flat) > 0


@pytest.mark.slow
def test_the_default_sets_exact_duplicates_are_those_that_were_planted(whole):
    copies = _planted(whole, "duplicate", "contradiction")
    originals = whole.truth["copy_of"][copies]
    assert np.array_equal(whole.images[copies], whole.images[originals])
    others = np.delete(whole.images, np.append(copies, _planted(whole, "blank")), axis=0)
    assert len(np.unique(others.reshape(len(others), -1), axis=0)) == len(others)
    # Some lie across the splits, as in FER2013.
    assert (whole.usage[copies] != whole.usage[originals]).any()


@pytest.mark.slow
def test_the_default_sets_contradictions_are_those_that_were_planted(whole):
    for word, disagrees in (("duplicate", False), ("contradiction", True)):
        copies = _planted(whole, word)
        assert len(copies) > 0
        originals = whole.truth["copy_of"][copies]
        assert ((whole.labels[copies] != whole.labels[originals]) == disagrees).all()


@pytest.mark.slow
def test_the_default_sets_series_show_the_same_person_a_moment_later(whole):
    later = _planted(whole, "series")
    earlier = whole.truth["copy_of"][later]
    assert (whole.truth["emotion"][later] == whole.truth["emotion"][earlier]).all()
    width = whole.truth["identity_face_width"]
    assert (width[later] == width[earlier]).all()
    assert not (whole.images[later] == whole.images[earlier]).all(axis=(1, 2)).any()


@pytest.mark.slow
def test_the_default_sets_labels_are_one_raters_opinion(whole):
    drawn = np.array([SEVEN.index(emotion) for emotion in whole.truth["emotion"]])
    plain = _planted(whole, "", "series")
    expected = RATER[drawn[plain], drawn[plain]].mean()
    assert (whole.labels[plain] == drawn[plain]).mean() == pytest.approx(expected, abs=0.02)


@pytest.mark.slow
def test_a_small_network_trained_on_drawn_faces_beats_the_majority_class_by_a_wide_margin():
    import keras

    keras.utils.set_random_seed(0)
    shares = (1,) * 7
    training = faces(1400, seed=21, variety=0.3, class_shares=shares)
    test = faces(350, seed=22, variety=0.3, class_shares=shares)
    model = keras.Sequential(
        [
            keras.layers.Input((48, 48, 1)),
            keras.layers.Rescaling(1 / 127.5, offset=-1),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(7, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(training.images[..., None], training.labels, batch_size=32, epochs=9, verbose=0)
    found = model.predict(test.images[..., None], verbose=0).argmax(axis=1)
    majority = np.bincount(test.labels).max() / len(test.labels)
    assert (found == test.labels).mean() > majority + 0.3


@pytest.mark.parametrize("angles", [{"yaw": 21}, {"pitch": -20.5}, {"roll": float("nan")}])
def test_a_head_cannot_turn_further_than_it_can_be_drawn(angles):
    with pytest.raises(ValueError, match="-20 to 20 degrees"):
        Pose(**angles)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hair": "mohawk"}, "hair must be one of bald, short, medium, long"),
        ({"beard": "goatee"}, "beard must be one of"),
        ({"skin_tone": 5}, "skin_tone must be 0 to 1"),
        ({"glasses": float("nan")}, "glasses must be 0 to 1"),
    ],
)
def test_a_person_who_cannot_be_drawn_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Identity(**wrong)


def test_a_size_may_come_from_numpy_and_must_be_whole():
    assert draw(size=np.int64(48)).shape == (48, 48)
    for size in (48.0, "48", None):
        with pytest.raises(ValueError, match="size must be a whole number"):
            draw(size=size)


@pytest.mark.parametrize("units", [[12], None, "12"])
def test_action_units_that_are_no_table_are_refused(units):
    with pytest.raises(ValueError, match="numbers with intensities"):
        as_array(units)


RECORDED = {"version": "1", "labels": "bbf3f964f10c01cd", "mean": 125.23, "spread": 59.13}
"""The default set of a version, up to what platforms round differently."""


@pytest.mark.slow
def test_a_change_of_the_default_set_comes_with_a_new_version(whole):
    """Caches are keyed by the version: raise it, then record the new set here."""
    now = {
        "version": DEFAULT_SET_VERSION,
        "labels": hashlib.sha256(whole.labels.tobytes()).hexdigest()[:16],
        "mean": pytest.approx(float(whole.images.mean()), abs=0.02),
        "spread": pytest.approx(float(whole.images.std()), abs=0.02),
    }
    assert now == RECORDED
