"""The completed program of the capstone, run as a student runs it: in a terminal, on a file."""

import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from fercourse.classifiers import model_names
from fercourse.drawn import video

ROOT = Path(__file__).resolve().parents[2]
NAME = "real_time/Real-Time-Application.py"

needs_drawn = pytest.mark.skipif(
    "drawn" not in model_names(), reason="the network `drawn` is not in data/models"
)


def run(
    folder: str, *options: object, python: tuple[str, ...] = (sys.executable,)
) -> "subprocess.CompletedProcess[str]":
    without_display = {n: v for n, v in os.environ.items() if not n.endswith("DISPLAY")}
    return subprocess.run(
        [*python, ROOT / folder / NAME, *map(str, options)],
        env=without_display | {"PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "two.avi"
    video(path, people=2, seconds=1, fps=8, width=480, height=360, seed=3)
    return path


@needs_drawn
def test_a_video_is_named_from_its_first_frame_to_its_last(film, tmp_path):
    output = tmp_path / "named.mp4"
    done = run("solutions", "--source", film, "--output", output, "--model", "drawn", "--headless")
    assert done.returncode == 0, done.stderr
    assert "16 faces of 2 people" in done.stdout
    capture = cv2.VideoCapture(str(output))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == 8
    assert capture.get(cv2.CAP_PROP_FPS) == pytest.approx(8)
    there, frame = capture.read()
    capture.release()
    assert there
    assert frame.shape == (360, 480, 3)
    greenish = (frame[..., 1] > 150) & (frame[..., 0] < 90) & (frame[..., 2] < 90)
    assert greenish.sum() > 500, "boxes and words"


@needs_drawn
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_it_shows_no_window_and_goes_on(film):
    done = run("solutions", "--source", film, "--model", "drawn")
    assert done.returncode == 0, done.stderr


@needs_drawn
def test_a_source_that_cannot_be_read_is_named(tmp_path):
    done = run("solutions", "--source", tmp_path / "nothing.mp4", "--model", "drawn", "--headless")
    assert done.returncode == 1
    assert "there is no video that can be read" in done.stderr
    assert "Traceback" not in done.stderr


@needs_drawn
def test_an_output_that_cannot_be_written_is_named(film, tmp_path):
    output = tmp_path / "no such folder" / "named.mp4"
    done = run("solutions", "--source", film, "--output", output, "--model", "drawn", "--headless")
    assert done.returncode == 1
    assert "named.mp4 cannot be written" in done.stderr


def test_an_unknown_model_is_named(film):
    done = run("solutions", "--source", film, "--model", "dawn", "--headless")
    assert done.returncode == 1
    assert "no model named 'dawn'" in done.stderr


@pytest.mark.parametrize("folder", ["solutions", "starter"])
def test_another_python_than_the_course_s_is_told_which_to_take(folder):
    done = run(folder, "--headless", python=(sys.executable, "-S"))  # without any package
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "../../.venv/bin/python" in done.stderr
    assert r"..\..\.venv\Scripts\python" in done.stderr


@needs_drawn
def test_the_starter_says_what_is_not_done_yet(film):
    done = run("starter", "--source", film, "--model", "drawn", "--headless")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("frames_of is not done yet.")
