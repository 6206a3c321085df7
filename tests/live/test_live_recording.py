"""Recordings stay playable, tables stay readable, whatever happens while they are written."""

import csv
import json
import subprocess
import sys
import textwrap

import cv2
import numpy as np
import pytest

from fercourse.emotions import SEVEN
from fercourse.errors import CourseError
from fercourse.live.faces import Box, Face
from fercourse.live.reader import LabelledFace
from fercourse.live.recording import FaceTable, Recorder
from fercourse.live.smoothing import Reading
from fercourse.live.sources import Shot


def picture(level, width=160, height=120):
    return np.full((height, width, 3), level, np.uint8)


def frames_of(path):
    """Return what a player shows: the mean gray level of each frame."""
    capture = cv2.VideoCapture(str(path))
    levels = []
    while (frame := capture.read()[1]) is not None:
        levels.append(frame.mean())
    capture.release()
    return levels


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
def test_every_frame_is_kept_in_order(tmp_path, suffix):
    path = tmp_path / f"out{suffix}"
    recorder = Recorder(path, 25, (160, 120))
    for number in range(60):
        recorder.write(picture(4 * number), number / 25)
    recorder.close()
    levels = frames_of(path)
    np.testing.assert_allclose(levels, 4 * np.arange(60), atol=6)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_frames_keep_their_times(tmp_path):
    path = tmp_path / "slow.mp4"
    recorder = Recorder(path, 30, (160, 120))
    times = [0.0, 0.1, 0.5, 2.0, 2.1]
    for seconds in times:
        recorder.write(picture(99), seconds)
    recorder.close()
    capture = cv2.VideoCapture(str(path))
    shown = []
    while capture.grab():
        shown.append(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
    np.testing.assert_allclose(shown, times, atol=0.04)


@pytest.mark.parametrize("size", [(161, 121), (2, 2), (1, 1)])
def test_odd_sizes_are_recorded_too(tmp_path, size):
    path = tmp_path / "odd.mp4"
    recorder = Recorder(path, 10, size)
    for number in range(5):
        recorder.write(picture(120, *size), number / 10)
    recorder.write(picture(120, 300, 40), 0.5)
    recorder.close()
    assert frames_of(path) == pytest.approx([120] * 6, abs=4)


def test_a_video_that_was_there_is_lost_only_to_a_whole_one(tmp_path):
    path = tmp_path / "out.mp4"
    path.write_bytes(b"the old one")
    recorder = Recorder(path, 10, (160, 120))
    recorder.write(picture(50), 0.0)
    assert path.read_bytes() == b"the old one"
    recorder.close()
    assert len(frames_of(path)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
def test_on_a_full_disk_what_was_recorded_stays_playable(tmp_path):
    """The system refuses a file of more than 600 kB, as it would on a full disk."""
    program = f"""
        import resource, sys
        from pathlib import Path
        import numpy as np
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        from fercourse.errors import CourseError
        from fercourse.live.recording import Recorder
        recorder = Recorder(Path({str(tmp_path / "full.mp4")!r}), 25, (320, 240))
        chances = np.random.default_rng(0)
        try:
            for number in range(2000):
                frame = chances.integers(0, 256, (240, 320, 3), dtype=np.uint8)
                recorder.write(frame, number / 25)
            recorder.close()
        except CourseError as error:
            print(error)
            sys.exit(2)
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 2, ended.stderr
    assert "could not be written" in ended.stdout
    kept = len(frames_of(tmp_path / "full.mp4"))
    assert kept >= 2
    assert f"Written: {tmp_path / 'full.mp4'} ({kept} frames until then)." in ended.stdout


def test_a_program_that_is_killed_loses_the_last_seconds_only(tmp_path):
    program = f"""
        import os, signal
        from pathlib import Path
        import numpy as np
        from fercourse.live.recording import Recorder
        recorder = Recorder(Path({str(tmp_path / "killed.mp4")!r}), 25, (160, 120))
        for number in range(300):
            recorder.write(np.full((120, 160, 3), number % 256, np.uint8), number / 25)
        os._exit(1)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], timeout=120, check=False)
    (part,) = tmp_path.iterdir()
    assert part.name == "killed.part.mp4"
    assert len(frames_of(part)) >= 300 - 4 * 25


def test_what_another_run_left_is_not_written_over(tmp_path):
    (tmp_path / "out.part.mp4").write_bytes(b"left by a run that was killed")
    recorder = Recorder(tmp_path / "out.mp4", 10, (160, 120))
    recorder.write(picture(50), 0.0)
    recorder.close()
    assert (tmp_path / "out.part.mp4").read_bytes() == b"left by a run that was killed"
    assert len(frames_of(tmp_path / "out.mp4")) == 1


@pytest.mark.parametrize("make", [lambda p: Recorder(p, 25, (8, 8)), lambda p: FaceTable(p, SEVEN)])
def test_other_kinds_of_files_are_refused_with_those_that_are_known(tmp_path, make):
    with pytest.raises(CourseError, match=r"must end in \."):
        make(tmp_path / "out.gif")


@pytest.mark.parametrize(
    ("make", "name"),
    [(lambda p: Recorder(p, 25, (8, 8)), "out.mp4"), (lambda p: FaceTable(p, SEVEN), "out.csv")],
)
def test_a_folder_that_cannot_be_is_said(tmp_path, make, name):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CourseError, match="could not be written"):
        make(tmp_path / "file" / name)


def labelled(label=3):
    shares = np.full(7, 0.05, np.float32)
    shares[3] = 0.7
    return LabelledFace(2, Face(Box(1, 2, 30, 40), 0.987), shares, Reading(shares, label))


@pytest.mark.parametrize("suffix", [".csv", ".CSV", ".jsonl", ".JSONL"])
def test_a_table_has_a_row_for_each_face_of_each_frame(tmp_path, suffix):
    path = tmp_path / f"faces{suffix}"
    table = FaceTable(path, SEVEN)
    table.write(Shot(0, 0.0, picture(0)), [labelled(), labelled(None)])
    table.write(Shot(1, 0.04, picture(0)), [])
    table.write(Shot(2, 0.08, picture(0), "Ünï.jpg"), [labelled()])
    table.close()
    text = path.read_text(encoding="utf-8")
    if suffix.lower() == ".csv":
        rows = list(csv.DictReader(text.splitlines()))
    else:
        rows = [json.loads(line) for line in text.splitlines()]
    assert table.rows == len(rows) == 3
    assert [str(row["frame"]) for row in rows] == ["0", "0", "2"]
    assert [row["label"] for row in rows] == ["Happy", "not sure", "Happy"]
    assert rows[2]["name"] == "Ünï.jpg"
    assert float(rows[0]["Happy"]) == pytest.approx(0.7)
    assert float(rows[0]["width"]) == 30
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
