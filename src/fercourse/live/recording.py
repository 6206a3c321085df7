"""Keeping what was seen: an annotated video that stays playable whatever happens, and a table."""

import csv
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

import cv2
import numpy as np

from fercourse.errors import CourseError
from fercourse.live.faces import Frame
from fercourse.live.overlay import label_of
from fercourse.live.reader import LabelledFace
from fercourse.live.sources import Shot
from fercourse.workspace import rename

VIDEOS = (".mp4", ".m4v", ".mov", ".mkv")
"""Ends of names that a recording may have."""

TABLES = (".csv", ".jsonl")
"""Ends of names that a table may have."""

_TICKS = 90_000
_FRAGMENT = 2.0
"""Seconds of video that a crash of the whole machine can cost."""


class Recorder:
    """Writes a video, without sound, of frames with the times that they have.

    It is written under another name beside the file and renamed in the end, so that a file that
    was there is lost only to a whole new one. The video consists of fragments that can each be
    played: where the disk fills up, what was written until then stays and is told.

    Args:
        path: of the video; its suffix says which kind.
        fps: frames a second, about.
        size: width and height of all frames.

    Raises:
        CourseError: the suffix is another, or the file cannot be written.
    """

    def __init__(self, path: Path, fps: float, size: tuple[int, int]) -> None:
        import av

        check_suffix(path, VIDEOS)
        self.path = path
        self.frames = 0
        self._part = path.with_name(f".{path.stem}.part{path.suffix}")
        self._size = size
        self._last = -1
        self._closed = False
        options = {"flush_packets": "1"}
        if path.suffix.lower() != ".mkv":
            options["movflags"] = "frag_keyframe+empty_moov+default_base_moof"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = av.open(str(self._part), "w", options=options)
        except OSError as error:
            raise _cannot_write(path, error) from error
        rate = Fraction(fps).limit_denominator(1001)
        self._stream: Any = self._file.add_stream("libx264", rate=rate)
        self._stream.width, self._stream.height = (side + side % 2 for side in size)
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"preset": "veryfast", "crf": "20", "rc-lookahead": "10"}
        self._stream.codec_context.gop_size = max(1, round(fps * _FRAGMENT))
        self._stream.codec_context.time_base = Fraction(1, _TICKS)

    def write(self, frame: Frame, seconds: float) -> None:
        """Add a frame.

        Args:
            frame: uint8 (height, width, 3); one of another size is brought to the first's.
            seconds: when it is; later than the last one.

        Raises:
            CourseError: the disk is full. What was written is kept.
        """
        import av

        if (frame.shape[1], frame.shape[0]) != self._size:
            frame = np.asarray(cv2.resize(frame, self._size), np.uint8)
        below, right = frame.shape[0] % 2, frame.shape[1] % 2
        if below or right:
            frame = np.asarray(
                cv2.copyMakeBorder(frame, 0, below, 0, right, cv2.BORDER_REPLICATE), np.uint8
            )
        picture = av.VideoFrame.from_ndarray(frame, format="bgr24")
        picture.pts = self._last = max(self._last + 1, round(seconds * _TICKS))
        picture.time_base = Fraction(1, _TICKS)
        try:
            self._file.mux(self._stream.encode(picture))
        except OSError as error:
            raise self._given_up(error) from error
        self.frames += 1

    def close(self) -> None:
        """Finish the video and give it its name.

        Raises:
            CourseError: its end could not be written. What was written is kept.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self._file.mux(self._stream.encode())
            self._file.close()
            self._name()
        except OSError as error:
            raise self._given_up(error) from error

    def _given_up(self, error: OSError) -> CourseError:
        """Keep what there is, and return what to say."""
        self._closed = True
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._name()
        kept = f"What was recorded until then ({self.frames:,} frames) is in {self.path}."
        return CourseError(f"{_cannot_write(self.path, error)} {kept}")

    def _name(self) -> None:
        if self._part.exists():
            rename(self._part, self.path)


class FaceTable:
    """Writes a row for each face of each frame, as CSV or as JSON lines.

    Columns: frame, seconds, name (of a photograph), id, left, top, width, height (pixels), score
    (of the detector), label ("not sure" where none is clear), and for each class the probability
    that is shown, averaged over the last moment in videos.

    Args:
        path: of the table, ``.csv`` or ``.jsonl``.
        classes: names, in the order of the probabilities.

    Raises:
        CourseError: the suffix is another, or the file cannot be written.
    """

    def __init__(self, path: Path, classes: Sequence[str]) -> None:
        check_suffix(path, TABLES)
        self.path = path
        self.rows = 0
        self._classes = tuple(classes)
        self._part = path.with_name(f".{path.stem}.part{path.suffix}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = self._part.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise _cannot_write(path, error) from error
        self._writer: Any = None
        if path.suffix == ".csv":
            columns = ["frame", "seconds", "name", "id", "left", "top", "width", "height"]
            columns += ["score", "label", *self._classes]
            self._writer = csv.DictWriter(self._file, columns)
            self._writer.writeheader()

    def write(self, shot: Shot, faces: Sequence[LabelledFace]) -> None:
        """Add the rows of a frame.

        Raises:
            CourseError: the disk is full. What was written is kept.
        """
        try:
            for face in faces:
                row = self._row(shot, face)
                if self._writer:
                    self._writer.writerow(row)
                else:
                    self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
                self.rows += 1
        except OSError as error:
            raise self._given_up(error) from error

    def close(self) -> None:
        """Finish the table and give it its name.

        Raises:
            CourseError: its end could not be written. What was written is kept.
        """
        if self._file.closed:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            rename(self._part, self.path)
        except OSError as error:
            raise self._given_up(error) from error

    def _row(self, shot: Shot, face: LabelledFace) -> dict[str, Any]:
        box = face.face.box
        return {
            "frame": shot.number,
            "seconds": round(shot.seconds, 3),
            "name": shot.name,
            "id": face.id,
            "left": round(box.x, 1),
            "top": round(box.y, 1),
            "width": round(box.width, 1),
            "height": round(box.height, 1),
            "score": round(face.face.score, 3),
            "label": label_of(face, self._classes),
        } | {
            name: round(float(share), 4)
            for name, share in zip(self._classes, face.reading.probabilities, strict=True)
        }

    def _given_up(self, error: OSError) -> CourseError:
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            rename(self._part, self.path)
        return CourseError(f"{_cannot_write(self.path, error)} What was written is kept there.")


def check_suffix(path: Path, known: Sequence[str]) -> None:
    """Raise a CourseError where a file's name ends otherwise."""
    if path.suffix.lower() not in known:
        raise CourseError(f"{path.name} must end in {', '.join(known[:-1])} or {known[-1]}.")


def _cannot_write(path: Path, error: OSError) -> CourseError:
    reason = (error.strerror or str(error)).rstrip(".")
    return CourseError(
        f"{path} could not be written: {reason}. Free some space, or write elsewhere."
    )
