"""Scenes and videos of drawn people: what is on them, what is written beside them, and errors."""

import json
import os
import sys
from itertools import combinations, pairwise
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fercourse import cli
from fercourse.drawn import NUMBERS, cores, scene, video, videos
from fercourse.drawn.acting import VISIBLE_EXPRESSION, rehearse
from fercourse.drawn.scenes import set_stage
from fercourse.emotions import SEVEN
from fercourse.errors import CourseError

SMALL = {"width": 320, "height": 180}


def _boxes_overlap(one, other):
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return across > 0 and down > 0


def _with_hair(box):
    left, top, width, height = box
    return left, top - 0.35 * height, width, 1.35 * height


def _overlap(one, other):
    """Return intersection over union of two boxes."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(across, 0) * max(down, 0)
    return common / (one[2] * one[3] + other[2] * other[3] - common)


@settings(max_examples=20)
@given(
    st.integers(0, 9),
    st.sampled_from([(640, 360), (800, 450), (480, 640)]),
    st.integers(0, 1000),
)
def test_every_face_is_in_the_frame_and_none_hides_another(people, size, seed):
    width, height = size
    drawn = scene(people, width, height, seed)
    assert drawn.frame.shape == (height, width, 3)
    assert drawn.frame.dtype == np.uint8
    assert [person.id for person in drawn.truth] == list(range(1, people + 1))
    for person in drawn.truth:
        assert person.visible
        left, top, face_width, face_height = person.box
        assert left >= 0
        assert top >= 0
        assert left + face_width <= width
        assert top + face_height <= height
        assert person.emotion in SEVEN
        assert set(person.action_units) <= set(NUMBERS)
        assert all(0 <= value <= 1 for value in person.action_units.values())
    for one, other in combinations(drawn.truth, 2):
        assert not _boxes_overlap(_with_hair(one.box), other.box)
        assert not _boxes_overlap(one.box, _with_hair(other.box))


def test_the_same_seed_gives_the_same_scene_and_another_seed_another():
    one, same, other = (scene(2, **SMALL, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.frame, same.frame)
    assert one.truth == same.truth
    assert not np.array_equal(one.frame, other.frame)


def test_people_show_what_was_asked_for():
    wanted = ["Happy", "Angry", "Neutral"]
    drawn = scene(3, 640, 360, emotions=wanted)
    assert [person.emotion for person in drawn.truth] == wanted
    assert drawn.truth[2].intensity == 0


@pytest.mark.parametrize("tall", [60, 100, 200])
def test_faces_are_as_large_as_asked_for(tall):
    heights = [scene(1, seed=seed, face_height=tall).truth[0].box[3] for seed in range(4)]
    assert np.mean(heights) == pytest.approx(tall, rel=0.15)


def test_another_emotion_changes_only_that_persons_face():
    calm, glad = (
        scene(3, 640, 360, seed=2, turned=0, emotions=["Neutral", shown, "Sad"])
        for shown in ("Neutral", "Happy")
    )
    changed = (calm.frame != glad.frame).any(axis=2)
    left, top, width, height = calm.truth[1].box
    inside = np.zeros_like(changed)
    inside[
        int(top) : int(top + 1.35 * height), int(left - 0.05 * width) : int(left + 1.05 * width) + 1
    ] = True
    assert changed.any()
    assert not (changed & ~inside).any()


def test_frames_are_blue_green_red_as_cameras_give_them():
    for person in range(3):
        drawn = scene(1, 320, 240, seed=person)
        left, top, width, height = (round(value) for value in drawn.truth[0].box)
        cheek = drawn.frame[top + height // 2 : top + 2 * height // 3, left : left + width]
        blue, green, red = cheek.reshape(-1, 3).mean(axis=0)
        assert red > green > blue


def test_a_room_without_people_is_not_empty():
    drawn = scene(0, **SMALL)
    assert drawn.truth == ()
    assert drawn.frame.std() > 20


@pytest.mark.parametrize(
    ("senseless", "words"),
    [
        ({"people": -1}, "people must be 0 to 60, not -1"),
        ({"people": 61}, "people must be 0 to 60"),
        ({"width": 0}, "at least 64 by 64"),
        ({"width": 641}, "even numbers"),
        ({"height": 20_000}, "at most 7680 by 4320"),
        ({"people": 50, "width": 128, "height": 128}, "50 people .* do not fit into 128 by 128"),
        ({"people": 8, "face_height": 300}, "8 people with faces 300 pixels high do not fit"),
        ({"face_height": 5}, "face_height must be 20 to 400"),
        ({"seed": -1}, "seed must be 0 or more"),
        ({"emotions": ["Happy"]}, "one emotion for each of the 4 people"),
        ({"emotions": "Happy"}, "one emotion for each of the 4 people"),
        ({"emotions": ["Happy", "Joy", "Sad", "Sad"]}, "'Joy' is not one of Angry"),
        ({"variety": 2}, "variety must be 0 to 1"),
        ({"turned": -1}, "turned must be 0 degrees or more"),
    ],
)
def test_senseless_scenes_are_refused(senseless, words):
    with pytest.raises(CourseError, match=words):
        scene(**senseless)


@pytest.fixture(scope="module")
def frontal():
    """50 scenes with 200 frontal faces of 96 pixels or more."""
    scenes = []
    for number in range(50):
        tall = (110, 130, 160, 190)[number % 4]
        unit = tall / 1.68
        width, height = (2 * round(length * unit / 2) for length in (11, 4))
        scenes.append(scene(4, width, height, seed=number, face_height=tall, turned=0))
    assert min(person.box[3] for drawn in scenes for person in drawn.truth) >= 96
    return scenes


def _found(frontal, detect):
    """Return the share of faces found, and how many boxes were found where no face is."""
    found, wrong, faces = 0, 0, 0
    for drawn in frontal:
        boxes = detect(drawn.frame)
        hits = [
            max((_overlap(person.box, box) for box in boxes), default=0) > 0.4
            for person in drawn.truth
        ]
        found += sum(hits)
        wrong += len(boxes) - sum(hits)
        faces += len(hits)
    return found / faces, wrong


def test_opencvs_frontal_haar_cascade_finds_drawn_faces(frontal):
    cascade = cv2.CascadeClassifier(
        str(Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml")
    )

    def detect(frame):
        gray = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
        return cascade.detectMultiScale(gray, 1.1, 5, minSize=(60, 60))

    share, wrong = _found(frontal, detect)
    assert share >= 0.95
    assert wrong < 0.1 * 200


@pytest.fixture
def yunet():
    folder = Path(os.environ.get("FERCOURSE_MODELS", "data/models"))
    model = folder / "face_detection_yunet_2023mar.onnx"
    if not model.is_file():
        pytest.skip(f"YuNet is not here: set FERCOURSE_MODELS to a folder with {model.name}")
    return cv2.FaceDetectorYN.create(str(model), "", (320, 320), 0.7)


def _detections(yunet, frame):
    yunet.setInputSize(frame.shape[1::-1])
    detections = yunet.detect(frame)[1]
    return np.zeros((0, 15)) if detections is None else detections


def test_yunet_finds_drawn_faces(frontal, yunet):
    share, wrong = _found(frontal, lambda frame: _detections(yunet, frame)[:, :4])
    assert share >= 0.95
    assert wrong < 0.02 * 200


def test_yunet_sees_the_landmarks_where_they_were_drawn(frontal, yunet):
    errors = []
    for drawn in frontal[:12]:
        for detection in _detections(yunet, drawn.frame):
            for person in drawn.truth:
                if _overlap(person.box, detection[:4]) > 0.4:
                    seen = detection[4:14].reshape(5, 2)
                    errors.append(np.abs(seen - person.landmarks) / person.box[3])
    assert np.median(errors, axis=0).max() < 0.06


SUFFIXES = [".mp4", ".avi", ".mkv", ".y4m", ".mjpeg"]


def _frames(path):
    reader, frames = cv2.VideoCapture(str(path)), []
    while True:
        whole, frame = reader.read()
        if not whole:
            return frames
        frames.append(frame)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_video_has_its_frames_and_its_truth_beside_it(tmp_path, suffix):
    path = tmp_path / f"people{suffix}"
    truth = video(path, people=2, seconds=0.8, fps=10, **SMALL)
    frames = _frames(path)
    assert [frame.shape for frame in frames] == [(180, 320, 3)] * 8
    assert sorted(tmp_path.iterdir()) == sorted([path, path.with_suffix(".csv")])
    assert list(zip(truth["frame"], truth["id"], strict=True)) == [
        (frame, person) for frame in range(8) for person in (1, 2)
    ]
    assert truth["seconds"].tolist() == pytest.approx(
        [frame / 10 for frame in range(8) for _ in range(2)]
    )
    written = pd.read_csv(path.with_suffix(".csv"))
    assert written.columns.tolist() == truth.columns.tolist()
    for name in truth.columns.drop("emotion"):
        assert written[name].to_numpy() == pytest.approx(truth[name].to_numpy(), abs=1e-4)
    assert written["emotion"].tolist() == truth["emotion"].tolist()


def test_all_kinds_of_file_show_the_same(tmp_path):
    shown = {}
    for suffix in SUFFIXES:
        path = tmp_path / f"people{suffix}"
        video(path, people=1, seconds=0.3, fps=10, **SMALL)
        shown[suffix] = np.array(_frames(path)).astype(int)
    for suffix, frames in shown.items():
        assert np.abs(frames - shown[".y4m"]).mean() < 4, suffix


def test_raw_frames_are_as_long_as_their_header_says(tmp_path):
    path = tmp_path / "camera.y4m"
    video(path, people=0, seconds=0.4, fps=12.5, **SMALL)
    header, _, rest = path.read_bytes().partition(b"\n")
    assert header == b"YUV4MPEG2 W320 H180 F25:2 Ip A1:1 C420jpeg"
    assert len(rest) == 5 * (len(b"FRAME\n") + 320 * 180 * 3 // 2)
    assert rest.startswith(b"FRAME\n")


def test_the_truth_as_json_says_what_the_table_says(tmp_path):
    path = tmp_path / "people.mjpeg"
    truth = video(path, people=2, seconds=0.5, fps=10, **SMALL, truth="json")
    assert not path.with_suffix(".csv").exists()
    content = json.loads(path.with_suffix(".json").read_text())
    assert (content["file"], content["fps"], content["width"]) == ("people.mjpeg", 10, 320)
    rows = truth.itertuples()
    for frame in content["frames"]:
        for face in frame["faces"]:
            row = next(rows)
            assert (frame["frame"], face["id"], face["emotion"]) == (row.frame, row.id, row.emotion)
            box = [row.left, row.top, row.width, row.height]
            assert face["box"] == pytest.approx(box, abs=1e-3)
            assert face["pose"]["yaw"] == pytest.approx(row.yaw, abs=1e-3)
            assert face["action_units"].get("12", 0) == pytest.approx(row.AU12, abs=1e-3)
    assert next(rows, None) is None


def test_all_cores_draw_the_video_that_one_core_draws(tmp_path, monkeypatch):
    drawn = []
    for jobs in (1, 2):
        monkeypatch.setattr(videos, "_CHUNK", 2)
        monkeypatch.setattr(cores, "effective_n_jobs", lambda _, jobs=jobs: jobs)
        path = tmp_path / f"{jobs}.y4m"
        truth = video(path, people=1, seconds=0.8, fps=10, **SMALL)
        drawn.append((path.read_bytes(), truth.to_csv()))
    assert drawn[0] == drawn[1]


def test_a_longer_video_begins_as_a_shorter_one_does(tmp_path):
    short = video(tmp_path / "short.mjpeg", people=1, seconds=0.3, fps=10, **SMALL)
    long = video(tmp_path / "long.mjpeg", people=1, seconds=0.6, fps=10, **SMALL)
    pd.testing.assert_frame_equal(long[: len(short)], short)


def test_progress_is_told_frame_by_frame(tmp_path):
    calls = []
    video(
        tmp_path / "people.mjpeg",
        people=0,
        seconds=0.4,
        fps=10,
        **SMALL,
        progress=lambda *call: calls.append(call),
    )
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]


def _role(seed, seconds=20.0):
    return rehearse(set_stage(1, 640, 360, seed).people[0], seconds, seed)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_expressions_grow_stay_and_fade_with_a_face_at_rest_between(seed):
    role = _role(seed)
    assert len(role.episodes) >= 3
    for one, other in pairwise(role.episodes):
        assert one.end < other.start
        assert one.emotion != other.emotion
    for episode in role.episodes:
        top = episode.start + episode.onset + episode.apex / 2
        assert episode.level(episode.start) == episode.level(episode.end) == 0
        assert episode.level(top) == 1
        assert 0 < episode.level(episode.start + episode.onset / 2) < 1
        shown = role.moment(top)
        if episode.strength >= VISIBLE_EXPRESSION:
            assert (shown.emotion, shown.intensity) == (episode.emotion, episode.strength)
        assert episode.action_units.items() <= (shown.action_units | episode.action_units).items()
    assert role.moment(0).emotion == "Neutral"


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.floats(1, 19))
def test_nobody_jumps(seed, seconds):
    role = _role(seed)
    now, next_ = role.moment(seconds), role.moment(seconds + 0.04)
    for angle in ("yaw", "pitch", "roll"):
        assert abs(getattr(next_.pose, angle) - getattr(now.pose, angle)) < 3
        assert abs(getattr(now.pose, angle)) <= 20
    for number in set(NUMBERS) - {43}:
        change = next_.action_units.get(number, 0) - now.action_units.get(number, 0)
        # Even the quickest onset, 0.35 s, takes nine frames of a video.
        assert abs(change) < 0.2
    assert abs(next_.intensity - now.intensity) < 0.2


def test_most_people_blink_and_their_eyes_are_open_between():
    roles = [_role(seed) for seed in range(20)]
    blinking = [role for role in roles if role.blinks]
    assert 10 <= len(blinking) < 20
    for role in blinking:
        for blink in role.blinks:
            assert role.moment(blink).action_units[43] == pytest.approx(1)
        before = role.blinks[0] - 0.4
        assert role.moment(before).action_units.get(43, 0) < 0.999


def test_who_leaves_is_not_visible_for_a_while_and_comes_back(tmp_path):
    truth = video(
        tmp_path / "people.mjpeg", people=3, seconds=3, fps=5, **SMALL, leaving=True, seed=1
    )
    presence = truth.pivot(index="frame", columns="id", values="visible")
    gone = presence.columns[(presence == 0).any()]
    assert len(gone) == 1
    comings_and_goings = presence[gone[0]].diff().dropna()
    assert comings_and_goings[comings_and_goings != 0].tolist() == [-1, 1]
    absent = truth[(truth["id"] == gone[0]) & (truth["visible"] == 0)]
    outside = (absent["left"] + absent["width"] / 2 <= 0) | (
        absent["left"] + absent["width"] / 2 >= 320
    )
    assert outside.any()


@pytest.mark.parametrize(
    ("senseless", "words"),
    [
        ({"people": -1}, "people must be 0 to 60"),
        ({"fps": 0}, "fps must be 1 to 240"),
        ({"fps": float("nan")}, "fps must be 1 to 240"),
        ({"seconds": 0}, "seconds must be more than 0"),
        ({"seconds": float("inf")}, "seconds must be more than 0 and at most 3600"),
        ({"width": 10}, "at least 64 by 64"),
        ({"seconds": 1, "leaving": True}, "takes a video of 3 seconds"),
        ({"truth": "xml"}, 'truth must be "csv", "json" or "both"'),
    ],
)
def test_senseless_videos_are_refused_before_anything_is_written(tmp_path, senseless, words):
    with pytest.raises(CourseError, match=words):
        video(tmp_path / "folder" / "people.mp4", **senseless)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["people.mov", "people", "people.txt", ".mp4"])
def test_the_end_of_the_name_has_to_say_which_kind_of_video_it_is(tmp_path, name):
    with pytest.raises(CourseError, match=r"must end in one of \.mp4, \.m4v, \.avi, \.mkv"):
        video(tmp_path / name, people=0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_folder_that_cannot_be_written_is_an_error(tmp_path, suffix):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CourseError, match="could not be written"):
        video(tmp_path / "file" / f"people{suffix}", people=0, seconds=0.1, **SMALL)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit how large a file grows")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_is_an_error_and_leaves_nothing_behind(tmp_path, suffix):
    import resource

    path = tmp_path / f"people{suffix}"
    path.write_bytes(b"an older video")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (9000, before[1]))
    try:
        with pytest.raises(CourseError, match="could not be written"):
            video(path, people=1, seconds=1, fps=10, **SMALL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == b"an older video"
    assert list(tmp_path.iterdir()) == [path]


def test_a_video_whose_truth_cannot_be_written_is_not_left_alone(tmp_path):
    path = tmp_path / "people.mjpeg"
    path.with_suffix(".csv").mkdir()
    with pytest.raises(CourseError, match=r"people\.csv could not be written"):
        video(path, people=0, seconds=0.1, **SMALL)
    assert not path.exists()


def test_the_command_draws_a_scene_with_its_truth(tmp_path, capsys):
    path = tmp_path / "two.png"
    arguments = ["--people", "2", "--width", "320", "--height", "180", "--truth", "both"]
    code = cli.main(["draw", "scene", str(path), *arguments, "--emotions", "Happy", "Sad"])
    assert code == 0
    printed = capsys.readouterr().out.splitlines()
    for line, suffix in zip(printed, (".png", ".csv", ".json"), strict=True):
        assert line.startswith(str(path.with_suffix(suffix)))
    picture = cv2.imread(str(path))
    assert np.array_equal(picture, scene(2, **SMALL, emotions=["Happy", "Sad"]).frame)
    assert pd.read_csv(path.with_suffix(".csv"))["emotion"].tolist() == ["Happy", "Sad"]


def test_the_command_draws_a_video_with_its_truth(tmp_path, capsys):
    path = tmp_path / "one.avi"
    arguments = ["--people", "1", "--width", "320", "--height", "180", "--seconds", "0.5"]
    assert cli.main(["draw", "video", str(path), *arguments, "--fps", "10"]) == 0
    assert len(_frames(path)) == 5
    assert len(pd.read_csv(path.with_suffix(".csv"))) == 5
    assert str(path) in capsys.readouterr().out


@pytest.mark.parametrize("ending", ["png", "avi"])
@pytest.mark.parametrize("truth", ["csv", "json"])
def test_the_command_writes_over_an_older_truth_but_over_no_other_table(
    tmp_path, capsys, ending, truth
):
    what = "scene" if ending == "png" else "video"
    length = [] if ending == "png" else ["--seconds", "0.2"]
    command = ["draw", what, str(tmp_path / f"fer2013.{ending}"), "--truth", truth, "--people", "1"]
    command += ["--width", "320", "--height", "180", *length]
    assert cli.main(command) == 0
    assert cli.main(command) == 0
    (tmp_path / f"fer2013.{ending}").unlink()
    table = tmp_path / f"fer2013.{truth}"
    table.write_text("emotion,pixels,Usage\n")
    assert cli.main(command) == 2
    assert "is not the truth of a drawing" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [table.name]
    assert table.read_text() == "emotion,pixels,Usage\n"


def test_a_scene_whose_truth_cannot_be_written_leaves_nothing(tmp_path, capsys):
    (tmp_path / "people.json").mkdir()
    command = ["draw", "scene", str(tmp_path / "people.png"), "--truth", "both", "--people", "1"]
    assert cli.main([*command, "--width", "320", "--height", "180"]) == 2
    assert "could not be written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["people.json"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scene", "people.gif"], "people.gif must end in .png or .jpg"),
        (["scene", "people.png", "--people", "-2"], "people must be 0 to 60, not -2"),
        (["video", "people.mov"], "people.mov must end in one of"),
        (["video", "people.mp4", "--fps", "0"], "fps must be 1 to 240"),
    ],
)
def test_the_command_refuses_in_a_sentence(tmp_path, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["draw", *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []
