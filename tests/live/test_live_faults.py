"""Odd frames and odd answers go through the whole program, and nothing falls over."""

import csv
import math
import struct

import av
import cv2
import numpy as np
import pytest

from fercourse.drawn import scene
from fercourse.emotions import SEVEN
from fercourse.live.detectors import HaarDetector
from fercourse.live.faces import Box, Face
from fercourse.live.overlay import draw
from fercourse.live.reader import FaceReader
from fercourse.live.session import Session
from fercourse.live.sources import Shot, open_source

LEFT, RIGHT = (30, 30, 220), (220, 30, 30)


def write_video(path, frames, fps=10):
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=fps)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="bgr24")))
        file.mux(stream.encode())
    return path


def turn_by_its_header(path):
    """Say in a video's header that players are to turn it by a quarter, as telephones do."""
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 44
    content[matrix : matrix + 36] = struct.pack(
        ">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30
    )
    path.write_bytes(content)


class Frames:
    """A live source of frames from memory."""

    title, live, photographs, fps = "frames", True, False, 10.0

    def __init__(self, frames):
        self._frames = frames
        self.frames = len(frames)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def __iter__(self):
        for number, frame in enumerate(self._frames):
            yield Shot(number, number / 10, frame)


class OneFace:
    name = "one"

    def detect(self, frame):
        return [Face(Box(0, 0, frame.shape[1], frame.shape[0]), 0.9)]


class Answers:
    """Says one thing after the other."""

    classes = SEVEN

    def __init__(self, *rows):
        self._rows = list(rows)

    def predict_proba(self, images):
        row = self._rows.pop(0) if len(self._rows) > 1 else self._rows[0]
        return np.tile(np.float32(row), (len(images), 1))


HAPPY = [0.02, 0.02, 0.02, 0.88, 0.02, 0.02, 0.02]


def test_a_video_of_a_telephone_held_upright_is_upright(tmp_path):
    frame = np.zeros((120, 160, 3), np.uint8)
    frame[:, :80], frame[:, 80:] = LEFT, RIGHT
    path = write_video(tmp_path / "phone.mp4", [frame] * 5)
    turn_by_its_header(path)
    said = []
    with open_source(str(path), said.append) as source:
        shots = list(source)
    assert len(shots) == 5
    assert shots[0].frame.shape == (160, 120, 3)
    above, below = shots[0].frame[:70].mean(axis=(0, 1)), shots[0].frame[90:].mean(axis=(0, 1))
    np.testing.assert_allclose(above, LEFT, atol=25)
    np.testing.assert_allclose(below, RIGHT, atol=25)


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (33, 17), (2161, 3841)])
def test_frames_of_any_size_are_read_drawn_and_recorded(tmp_path, size):
    frames = [np.full((*size, 3), 10 * number, np.uint8) for number in range(4)]
    done = Session(
        Frames(frames),
        FaceReader(OneFace(), Answers(HAPPY)),
        print,
        video=tmp_path / "out.mkv",
        table=tmp_path / "faces.csv",
    ).run()
    assert (done.frames, done.faces) == (4, 4)
    with av.open(str(tmp_path / "out.mkv")) as file:
        assert sum(1 for _ in file.decode(video=0)) == 4


def test_haar_finds_nobody_in_the_smallest_frames():
    reader = FaceReader(HaarDetector(), Answers(HAPPY))
    for number, size in enumerate([(1, 1), (2, 900), (23, 23)]):
        assert reader.read(np.zeros((*size, 3), np.uint8), float(number)) == []


def test_frames_that_change_their_size_are_recorded_as_the_first(tmp_path):
    frames = [np.zeros((120, 160, 3), np.uint8), np.zeros((240, 100, 3), np.uint8)]
    Session(
        Frames(frames), FaceReader(OneFace(), Answers(HAPPY)), print, video=tmp_path / "out.mp4"
    ).run()
    with av.open(str(tmp_path / "out.mp4")) as file:
        assert {(frame.width, frame.height) for frame in file.decode(video=0)} == {(160, 120)}


def test_a_gray_video_is_read_like_any(tmp_path):
    drawn = scene(people=1, width=320, height=240, seed=3, turned=0.0, face_height=90).frame
    gray = cv2.cvtColor(cv2.cvtColor(drawn, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    path = write_video(tmp_path / "gray.mp4", [gray] * 3)
    done = Session(
        open_source(str(path), print), FaceReader(HaarDetector(), Answers(HAPPY)), print
    ).run()
    assert (done.frames, done.faces) == (3, 3)


@pytest.mark.parametrize("nothing", [[math.nan] * 7, [math.inf] * 7, [0.0] * 7])
def test_answers_that_say_nothing_leave_the_last_reading(tmp_path, nothing):
    frames = [np.full((60, 60, 3), 99, np.uint8)] * 3
    Session(
        Frames(frames),
        FaceReader(OneFace(), Answers(HAPPY, nothing, nothing)),
        print,
        table=tmp_path / "faces.csv",
    ).run()
    rows = list(csv.DictReader((tmp_path / "faces.csv").open(encoding="utf-8")))
    assert [row["label"] for row in rows] == ["Happy"] * 3
    assert all(math.isfinite(float(row[name])) for row in rows for name in SEVEN)


def test_a_first_answer_that_says_nothing_is_not_sure():
    found = FaceReader(OneFace(), Answers([math.nan] * 7)).read(np.zeros((60, 60, 3), np.uint8), 0)
    assert found[0].reading.label is None
    assert np.isfinite(found[0].reading.probabilities).all()
    assert draw(np.zeros((60, 60, 3), np.uint8), found, SEVEN).shape == (60, 60, 3)
