"""Where frames come from: a camera, a stream, a video file, a folder of photographs."""

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import cv2
import numpy as np

from fercourse.errors import CourseError
from fercourse.live.faces import Frame

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
"""Ends of names of photographs."""

_COUNTED = (".mp4", ".m4v", ".mov", ".avi")
"""Ends of names of videos that say how many frames they have; of others their length tells it."""

_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each try to open a camera again; the last one is kept for all later tries."""

_SILENCE = 5.0
"""Seconds without a frame after which a stream counts as gone."""

_ANSWER = 10.0
"""Seconds that an address has to answer."""


class Shot(NamedTuple):
    """A frame and when it is.

    Attributes:
        number: of the frame, from 0.
        seconds: since the first one; later with each frame.
        frame: uint8 (height, width, 3), blue, green, red.
        name: the photograph's file name; "" in videos.
    """

    number: int
    seconds: float
    frame: Frame
    name: str = ""


class Source(Protocol):
    """Something that gives frames, and is closed by leaving its ``with``.

    Attributes:
        title: what it is, for a person.
        live: whether frames that nobody takes in time are dropped.
        photographs: whether each frame stands for itself.
        fps: frames a second, or None where that is not known.
        frames: how many there are, or None where that is not known.
    """

    title: str
    live: bool
    photographs: bool
    fps: float | None
    frames: int | None

    def __enter__(self) -> "Source": ...

    def __exit__(self, *error: object) -> None: ...

    def __iter__(self) -> Iterator[Shot]: ...


Opened = tuple[Any, Any]
"""An open capture and its first frame; None for the frame where it cannot be opened or read."""

Say = Callable[[str], None]
"""Is told in a sentence what a person should know."""


def open_source(where: str, say: Say) -> Source:
    """Return the source that a person named.

    Args:
        where: the number of a camera (0 is the first), an address with ``://``, a video, a
            photograph, or a folder of photographs.
        say: is told of lost cameras, skipped pictures and broken videos.

    Raises:
        CourseError: it is not there or holds nothing that can be read.
    """
    if where.isdecimal():
        return CameraSource(int(where), say)
    if "://" in where:
        return _at_address(where, say)
    from fercourse.workspace import absolute, is_there

    path = absolute(where)
    if not is_there(path):
        raise CourseError(
            f"{path} is not there. A source is a camera's number, a video, a photograph, a folder "
            "of photographs, or an address such as rtsp://…"
        )
    if path.is_dir():
        return PhotographSource(photographs_in(path), say)
    if path.suffix.lower() in PICTURES:
        return PhotographSource([path], say)
    return VideoSource(path, say)


def _at_address(address: str, say: Say) -> Source:
    """Return what an address gives: a video that has an end, or a stream.

    Raises:
        CourseError: nothing answers there, or nothing that is a video.
    """
    title = without_secrets(address)
    say(f"Waiting for {title}: {_ANSWER:.0f} seconds at most.")
    opened = _heard_meanwhile(lambda: first_of(address))
    capture, first = opened
    if first is None:
        raise CourseError(
            f"{title} cannot be opened, or gave no picture within {_ANSWER:.0f} seconds. Is the "
            "address right, is what sends there on, and can this machine reach it?"
        )
    if capture.get(cv2.CAP_PROP_FRAME_COUNT) > 0:
        return VideoSource(title, say, opened)
    return CameraSource(address, say, opened=opened)


def without_secrets(address: str) -> str:
    """Return an address as it can be shown: without a password, and without what follows a ?."""
    address = re.sub(r"(?<=://)([^/:?#]*):[^/?#]*@", r"\1:***@", address)
    return re.sub(r"\?.*", "?***", address)


def _heard_meanwhile(work: Callable[[], Opened]) -> Opened:
    """Do what may take long in another thread: OpenCV would not let Ctrl-C be heard meanwhile."""
    results: list[Opened] = []
    thread = threading.Thread(target=lambda: results.append(work()), daemon=True, name="opening")
    thread.start()
    while thread.is_alive():
        thread.join(timeout=0.2)
    return results[0]


def open_capture(device: int | str) -> Any:
    """Open a camera by its number, or an address, which has some seconds to answer."""
    if isinstance(device, int):
        return cv2.VideoCapture(device)
    patience = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(1000 * _ANSWER)),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(1000 * _SILENCE)),
    ]
    return cv2.VideoCapture(device, cv2.CAP_FFMPEG, patience)


def first_of(device: int | str, capture: Callable[[Any], Any] = open_capture) -> Opened:
    """Open a camera or an address and take its first frame."""
    with _quiet():
        opened = capture(device)
        taken, frame = opened.read() if opened.isOpened() else (False, None)
        if not taken:
            opened.release()
    return opened, frame if taken else None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep OpenCV's warnings back: a sentence says what could not be opened."""
    logging: Any = cv2.utils.logging
    before = logging.getLogLevel()
    logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        logging.setLogLevel(before)


def photographs_in(folder: Path) -> list[Path]:
    """Return the photographs that lie in a folder, by their names.

    Raises:
        CourseError: there are none.
    """
    found = [file for file in folder.iterdir() if file.suffix.lower() in PICTURES]
    pictures = sorted(file for file in found if file.is_file() and not file.name.startswith("."))
    if not pictures:
        raise CourseError(f"{folder} has no photographs ({', '.join(PICTURES)}).")
    return pictures


class VideoSource:
    """A video file, every frame of it, upright as its maker meant it.

    Args:
        video: its path; or what to call it, if it is open.
        say: is told of a video that is broken.
        opened: what was opened already.

    Raises:
        CourseError: it cannot be read at all.
    """

    live = False
    photographs = False

    def __init__(self, video: Path | str, say: Say, opened: Opened | None = None) -> None:
        self.title = video.name if isinstance(video, Path) else video
        self._say = say
        self._capture, self._first = opened or first_of(str(video), cv2.VideoCapture)
        if self._first is None:
            raise CourseError(
                f"{video} cannot be read as a video. Is it whole? .mp4, .avi, .mkv, .mov and .webm "
                "are read."
            )
        self._start = self._moment()
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps: float | None = float(fps) if 1 <= fps <= 1000 else 30.0
        frames = int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self.frames: int | None = frames if frames > 0 else None

    def __enter__(self) -> "VideoSource":
        return self

    def __exit__(self, *error: object) -> None:
        self._capture.release()

    def __iter__(self) -> Iterator[Shot]:
        """Yield all frames, each with its own time: telephones do not space theirs evenly."""
        frame, number, seconds = self._first, 0, 0.0
        self._first = None
        while frame is not None:
            yield Shot(number, seconds, as_frame(frame))
            frame = self._capture.read()[1]
            number, seconds = number + 1, self._after(seconds)
        if self.frames is not None and self._missing(number, seconds):
            self._say(
                f"{self.title} ends after {number:,} of {self.frames:,} frames: it was cut off, or "
                "a part of it is damaged."
            )

    def _after(self, seconds: float) -> float:
        """Return when the frame read last is; where its file does not say, one frame later."""
        own = self._moment() - self._start
        return own if seconds < own else seconds + 1 / (self.fps or 30.0)

    def _moment(self) -> float:
        """Return the time that the file gives to the frame read last."""
        return float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000

    def _missing(self, number: int, end: float) -> bool:
        """Return whether there should be more after so many frames and seconds."""
        frames = self.frames or 0
        counted = self.title.lower().endswith(_COUNTED)
        return number < frames and (counted or end < 0.95 * frames / (self.fps or 30.0))


class PhotographSource:
    """Photographs, one after the other; those that cannot be read are told and left out."""

    live = False
    photographs = True
    fps: float | None = None

    def __init__(self, paths: list[Path], say: Say) -> None:
        self.title = paths[0].name if len(paths) == 1 else paths[0].parent.name
        self.frames: int | None = len(paths)
        self._paths = paths
        self._say = say

    def __enter__(self) -> "PhotographSource":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __iter__(self) -> Iterator[Shot]:
        for number, path in enumerate(self._paths):
            try:
                frame = read_photograph(path)
            except CourseError as error:
                self._say(str(error))
                continue
            yield Shot(number, float(number), frame, path.name)


def read_photograph(path: Path, name: str = "") -> Frame:
    """Return a photograph, turned as its camera noted.

    Args:
        path: of the file; its name may have any letters.
        name: what to call it where it cannot be read; by default its path.

    Raises:
        CourseError: it cannot be read.
    """
    name = name or str(path)
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise CourseError(f"{name} cannot be read: {error.strerror or error}.") from error
    with contextlib.suppress(cv2.error):
        frame: Any = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
        if frame is not None:
            return as_frame(frame)
    raise CourseError(f"{name} is no picture that can be read, or a part of it is missing.")


class CameraSource:
    """A camera or a stream: the newest frame first, however slow what comes behind it is.

    A thread of its own takes frames as they come and keeps only the last. If the camera is
    unplugged it is opened again, after longer and longer waits, until it is there or the
    program is ended.

    Args:
        device: a camera's number or a stream's address.
        say: is told when it is lost and when it is back.
        capture: opens it; ``open_capture``, but for tests.
        opened: what was opened already.
        waits: seconds before each try to open it again.
        silence: seconds without a frame after which it counts as lost.

    Raises:
        CourseError: it cannot be opened, or gives no frame.
    """

    live = True
    photographs = False
    frames: int | None = None

    def __init__(
        self,
        device: int | str,
        say: Say,
        *,
        capture: Callable[[Any], Any] = open_capture,
        opened: Opened | None = None,
        waits: tuple[float, ...] = _WAITS,
        silence: float = _SILENCE,
    ) -> None:
        number = isinstance(device, int)
        self.title = f"camera {device}" if number else without_secrets(str(device))
        self._name = f"Camera {device}" if number else self.title
        self._device = device
        self._say = say
        self._open = capture
        self._waits = waits
        self._silence = silence
        self._news = threading.Condition()
        self._end = threading.Event()
        self._capture, first = opened or self._opened()
        if first is None:
            raise CourseError(
                f"{self._name} cannot be opened. Is it plugged in, does another "
                "program use it, and may this one? Cameras are numbered from 0; a video or a "
                "folder of photographs will do as well: --source FILE."
            )
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps: float | None = float(fps) if 1 <= fps <= 1000 else None
        self._began = time.monotonic()
        self._newest = Shot(0, 0.0, as_frame(first))
        self._thread = threading.Thread(target=self._take, daemon=True, name="camera")

    def __enter__(self) -> "CameraSource":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with self._news:
            self._end.set()
            self._news.notify_all()
        self._thread.join(timeout=2.0)
        if not self._thread.is_alive():  # It may still wait for a stream that is silent.
            self._capture.release()

    def __iter__(self) -> Iterator[Shot]:
        last = -1
        while (newest := self._newer_than(last)) is not None:
            last = newest.number
            yield newest

    def _newer_than(self, last: int) -> Shot | None:
        """Wait for a frame after that number; None when all is over."""
        with self._news:
            self._news.wait_for(lambda: self._end.is_set() or self._newest.number > last)
            return None if self._end.is_set() else self._newest

    def _keep(self, number: int, frame: Any) -> None:
        with self._news:
            self._newest = Shot(number, time.monotonic() - self._began, as_frame(frame))
            self._news.notify_all()

    def _take(self) -> None:
        """Take frames until the end; open the camera again when it is lost."""
        number, heard = 1, time.monotonic()
        while not self._end.is_set():
            taken, frame = self._capture.read()
            if taken and frame is not None:
                self._keep(number, frame)
                number, heard = number + 1, time.monotonic()
            elif time.monotonic() - heard >= self._silence:
                number = self._again(number)
                heard = time.monotonic()
            else:
                time.sleep(0.01)

    def _again(self, number: int) -> int:
        """Open the camera again, however often that takes; return the next frame's number."""
        self._capture.release()
        tries = 0
        while not self._end.is_set():
            wait = self._waits[min(tries, len(self._waits) - 1)]
            self._say(f"{self._name} is gone. Trying again in {wait:g} s.")
            if self._end.wait(wait):
                break
            self._capture, frame = self._opened()
            if frame is not None:
                self._say(f"{self._name} is back.")
                self._keep(number, frame)
                return number + 1
            tries += 1
        return number

    def _opened(self) -> Opened:
        return first_of(self._device, self._open)


def as_frame(picture: Any) -> Frame:
    """Return what OpenCV read as a frame: gray and transparent pictures get three colors."""
    frame = np.asarray(picture)
    if frame.ndim == 2 or frame.shape[2] == 1:
        return np.asarray(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR), np.uint8)
    if frame.shape[2] == 4:
        return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGRA2BGR), np.uint8)
    return np.ascontiguousarray(frame, np.uint8)
