"""Frames come from cameras, streams, videos and photographs, whatever is wrong with these."""

import itertools
import threading
import time
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from fercourse.drawn import video
from fercourse.errors import CourseError
from fercourse.live import sources
from fercourse.live.sources import CameraSource, open_source


@pytest.fixture
def said():
    return []


def gray(level, height=48, width=64):
    return np.full((height, width, 3), level, np.uint8)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """A video of 12 frames."""
    path = tmp_path_factory.mktemp("clip") / "two.avi"
    video(path, people=1, seconds=1.2, fps=10, width=160, height=120, seed=1)
    return path


def test_a_video_gives_every_frame_with_its_time(clip, said):
    with open_source(str(clip), said.append) as source:
        shots = list(source)
    assert (source.live, source.photographs, source.frames, source.fps) == (False, False, 12, 10)
    assert [shot.number for shot in shots] == list(range(12))
    assert shots[-1].seconds == pytest.approx(1.1)
    assert shots[0].frame.shape == (120, 160, 3)
    assert said == []


UNEVEN = [0.0, 0.033, 0.066, 0.5, 0.957, 1.0, 2.0, 3.5, 3.533, 6.79, 7.0]


def write_uneven(path):
    """Write a video as telephones do, which take a frame when they have one."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libvpx" if path.suffix == ".webm" else "libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 90_000)
        for number, seconds in enumerate(UNEVEN):
            picture = np.full((120, 160, 3), 20 * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = round(seconds * 90_000), Fraction(1, 90_000)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm"])
def test_frames_of_an_uneven_video_have_their_own_times(tmp_path, suffix, said):
    path = write_uneven(tmp_path / f"telephone{suffix}")
    with open_source(str(path), said.append) as source:
        seconds = [shot.seconds for shot in source]
    assert seconds == pytest.approx(UNEVEN, abs=0.002)
    assert said == []


def test_where_a_file_gives_no_times_frames_are_as_far_apart_as_it_says(clip, monkeypatch, said):
    class NoTimes:
        def __init__(self, *words, opened=cv2.VideoCapture):
            self._capture = opened(*words)

        def __getattr__(self, name):
            return getattr(self._capture, name)

        def get(self, wanted):
            return 0.0 if wanted == cv2.CAP_PROP_POS_MSEC else self._capture.get(wanted)

    monkeypatch.setattr(sources.cv2, "VideoCapture", NoTimes)
    with open_source(str(clip), said.append) as source:
        assert [shot.seconds for shot in source] == pytest.approx(np.arange(12) / 10)


def test_a_video_that_was_cut_off_gives_what_is_there_and_says_so(clip, tmp_path, said):
    cut = tmp_path / "cut.avi"
    content = clip.read_bytes()
    cut.write_bytes(content[: len(content) // 2])
    with open_source(str(cut), said.append) as source:
        shots = list(source)
    assert 2 <= len(shots) < 12
    assert not said or "was cut off" in said[0]


@pytest.mark.parametrize("content", [b"", b"no video at all", bytes(5000)])
def test_what_is_no_video_is_refused(tmp_path, content, said):
    path = tmp_path / "video.mp4"
    path.write_bytes(content)
    with pytest.raises(CourseError, match="cannot be read as a video"):
        open_source(str(path), said.append)


def test_a_folder_gives_its_photographs_by_name_and_skips_broken_ones(tmp_path, said):
    for name, level in (("b.png", 20), ("a.jpg", 10), ("Ünï.PNG", 30)):
        tmp_path.joinpath(name).write_bytes(cv2.imencode(".png", gray(level))[1].tobytes())
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no photograph")
    with open_source(str(tmp_path), said.append) as source:
        shots = list(source)
    assert source.photographs
    assert [shot.name for shot in shots] == ["a.jpg", "b.png", "Ünï.PNG"]
    assert [int(shot.frame[0, 0, 0]) for shot in shots] == [10, 20, 30]
    assert len(said) == 2
    assert all("is no picture that can be read" in sentence for sentence in said)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_gray_and_transparent_photographs_become_frames(tmp_path, channels, said):
    picture = np.full((1, 1) if channels == 1 else (1, 1, channels), 77, np.uint8)
    path = tmp_path / "one.png"
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    with open_source(str(path), said.append) as source:
        (shot,) = source
    assert shot.frame.shape == (1, 1, 3)
    assert shot.frame.dtype == np.uint8


def test_a_photograph_is_turned_as_its_camera_noted(tmp_path, said):
    from PIL import Image

    picture = Image.fromarray(np.arange(48, dtype=np.uint8).reshape(6, 8) * 5)
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.jpg", exif=exif)
    with open_source(str(tmp_path / "turned.jpg"), said.append) as source:
        (shot,) = source
    assert shot.frame.shape == (8, 6, 3)


@pytest.mark.parametrize(
    ("where", "expected"), [("nowhere.mp4", "is not there"), ("", "has no photographs")]
)
def test_what_is_not_there_is_said(tmp_path, where, expected, said):
    with pytest.raises(CourseError, match=expected):
        open_source(str(tmp_path / where), said.append)


class Camera:
    """A camera whose plug can be pulled."""

    plugged = True
    opened = 0
    frames = 0

    def open(self, device):
        self.opened += 1
        return self

    def isOpened(self):
        return self.plugged

    def read(self):
        time.sleep(0.002)
        if not self.plugged:
            return False, None
        self.frames += 1
        return True, gray(self.frames % 256)

    def get(self, _):
        return 30.0

    def release(self):
        pass


@pytest.fixture
def camera():
    return Camera()


def source_of(camera, said):
    return CameraSource(0, said.append, capture=camera.open, waits=(0.01, 0.02, 0.04), silence=0.05)


def test_a_slow_reader_gets_the_newest_frame_and_never_lags_behind(camera, said):
    with source_of(camera, said) as source:
        assert source.live
        numbers, ages = [], []
        for shot in source:
            numbers.append(shot.number)
            ages.append(camera.frames - shot.number)
            time.sleep(0.04)
            if len(numbers) == 6:
                break
    assert np.diff(numbers).min() > 2
    assert max(ages) <= 3


def test_each_frame_comes_once_and_later_than_the_last(camera, said):
    with source_of(camera, said) as source:
        shots = [shot for shot, _ in zip(source, range(20), strict=False)]
    assert all(a.number < b.number for a, b in itertools.pairwise(shots))
    assert all(a.seconds < b.seconds for a, b in itertools.pairwise(shots))


def test_an_unplugged_camera_is_waited_for_longer_each_time_and_goes_on(camera, said):
    with source_of(camera, said) as source:
        shots = iter(source)
        before = next(shots)
        camera.plugged = False
        threading.Timer(0.3, lambda: setattr(camera, "plugged", True)).start()
        while not any("is back" in sentence for sentence in said):
            last = next(shots)
        after = next(shots)
    assert after.number > last.number > before.number
    waits = [sentence.rsplit(" ", 2)[1] for sentence in said if "Trying again" in sentence]
    assert waits[:4] == ["0.01", "0.02", "0.04", "0.04"]
    assert said[-1] == "Camera 0 is back."


def test_it_can_be_ended_while_the_camera_is_away(camera, said):
    with source_of(camera, said) as source:
        next(iter(source))
        camera.plugged = False
        time.sleep(0.1)
        began = time.monotonic()
    assert time.monotonic() - began < 1


def test_no_camera_is_said_with_what_to_do(camera, said):
    camera.plugged = False
    with pytest.raises(CourseError, match=r"Camera 0 cannot be opened.*--source FILE"):
        source_of(camera, said)


def test_the_number_of_a_camera_that_is_not_there(said):
    with pytest.raises(CourseError, match="Camera 97 cannot be opened"):
        open_source("97", said.append)


def test_an_address_that_gives_nothing_is_said_as_it_was_written_but_for_its_secrets(said):
    with pytest.raises(CourseError) as caught:
        open_source("http://Ada:se@cret@127.0.0.1:9/Live.mp4?key=secret", said.append)
    shown = "http://Ada:***@127.0.0.1:9/Live.mp4?***"
    assert said == [f"Waiting for {shown}: 10 seconds at most."]
    assert str(caught.value).startswith(f"{shown} cannot be opened")
    assert "plugged" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["rtsp://192.168.1.20/a:b@c", "http://ada@here:80/x", "udp://@239.0.0.1:1234"]
)
def test_an_address_without_secrets_is_shown_as_it_is(address):
    assert sources.without_secrets(address) == address
