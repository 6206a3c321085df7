"""Video files: those that OpenCV writes, and two plain ones that browsers take for a camera."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Protocol

import cv2

from fercourse.drawn.people import Frame
from fercourse.errors import CourseError

_CODECS = {".mp4": "mp4v", ".m4v": "mp4v", ".avi": "MJPG", ".mkv": "MJPG"}
SUFFIXES = (*_CODECS, ".y4m", ".mjpeg")
"""Ends of file names that ``open_video`` knows."""

_JPEG_QUALITY = 92


class _Sink(Protocol):
    def write(self, frame: Frame) -> None: ...

    def close(self) -> None: ...


class _Compressed:
    """A file that OpenCV writes."""

    def __init__(self, path: Path, fps: float, width: int, height: int) -> None:
        self._path, self._frames = path, 0
        code = cv2.VideoWriter.fourcc(*_CODECS[path.suffix.lower()])
        self._writer = cv2.VideoWriter(str(path), code, fps, (width, height))
        if not self._writer.isOpened():
            raise OSError("OpenCV cannot make a video of this kind here")

    def write(self, frame: Frame) -> None:
        self._writer.write(frame)
        self._frames += 1

    def close(self) -> None:
        """Finish the file. OpenCV says nothing of a full disk, so what came out is counted."""
        self._writer.release()
        if not self._frames:
            return
        reader = cv2.VideoCapture(str(self._path))
        written = int(reader.get(cv2.CAP_PROP_FRAME_COUNT)) if reader.isOpened() else 0
        last = max(written - 1, 0)
        reader.set(cv2.CAP_PROP_POS_FRAMES, last)
        whole = reader.read()[0]
        reader.release()
        if written != self._frames or not whole:
            raise OSError("only a part of it could be written; the disk may be full")


class _RawFrames:
    """YUV4MPEG2: a line of text, then each frame as luma and quarter-size chroma planes.

    The format is mjpegtools' (``man 5 yuv4mpeg``). Chromium takes such a file for a camera
    (``--use-file-for-fake-video-capture``).
    """

    def __init__(self, path: Path, fps: float, width: int, height: int) -> None:
        self._file: BinaryIO = path.open("wb")
        rate = Fraction(fps).limit_denominator(1001)
        header = f"YUV4MPEG2 W{width} H{height} F{rate.numerator}:{rate.denominator} Ip A1:1"
        self._file.write(f"{header} C420jpeg\n".encode())

    def write(self, frame: Frame) -> None:
        self._file.write(b"FRAME\n")
        self._file.write(cv2.cvtColor(frame, cv2.COLOR_BGR2YUV_I420).tobytes())

    def close(self) -> None:
        self._file.close()


class _JpegFrames:
    """JPEG pictures one after the other, which Chromium takes for a camera as well."""

    def __init__(self, path: Path, fps: float, width: int, height: int) -> None:
        del fps, width, height
        self._file: BinaryIO = path.open("wb")

    def write(self, frame: Frame) -> None:
        done, jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        if not done:
            raise OSError("a frame could not be compressed")
        self._file.write(jpeg.tobytes())

    def close(self) -> None:
        self._file.close()


_KINDS: dict[str, Callable[[Path, float, int, int], _Sink]] = {
    **dict.fromkeys(_CODECS, _Compressed),
    ".y4m": _RawFrames,
    ".mjpeg": _JpegFrames,
}


def check_suffix(path: Path) -> None:
    """Refuse a file name that does not say which kind of video it is to be.

    Raises:
        CourseError: an unknown suffix.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise CourseError(
            f"{path.name} must end in one of {', '.join(SUFFIXES)}: the end of the name says "
            "which kind of video it is to be."
        )


@contextmanager
def open_video(
    path: Path, fps: float, width: int, height: int
) -> Iterator[Callable[[Frame], None]]:
    """Give a function that adds a frame to a new video file.

    The file appears under its name when all of it is written, and never in part.

    Args:
        path: where to; its suffix says which kind. Its folder is made where missing.
        fps: frames a second.
        width: in pixels.
        height: likewise.

    Raises:
        CourseError: an unknown suffix, a folder that cannot be written, a full disk.
    """
    check_suffix(path)
    # OpenCV goes by the suffix, so the temporary name keeps it.
    temporary = path.with_name(f".{uuid.uuid4().hex}.part{path.suffix.lower()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb"):
            pass
        sink = _KINDS[path.suffix.lower()](temporary, fps, width, height)
        try:
            yield sink.write
        finally:
            sink.close()
        temporary.replace(path)
    except OSError as error:
        raise CourseError(f"{path} could not be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
