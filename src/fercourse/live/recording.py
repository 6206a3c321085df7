"""Keeping what was seen: an annotated video that stays playable whatever happens, and a table."""

import csv
import io
import itertools
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np

from fercourse.errors import CourseError
from fercourse.live.faces import Frame
from fercourse.live.overlay import counted, label_of
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


class Growing:
    """A file that takes the name asked for only once it is whole.

    Until then it grows beside that name as ``NAME.part.mp4``, or ``NAME.part_2.mp4`` where
    something lies there. What ends early, by a full disk or by Ctrl-C, gets the name that was asked
    for only where no older file has it, so an older file is lost only to a whole new one.

    Args:
        path: the name asked for.
        known: suffixes that it may have.
        noun: what the file consists of, one of them.

    Attributes:
        told: after closing, a sentence that says where it is; "" where an error said it.

    Raises:
        CourseError: the suffix is another, or the file cannot be written.
    """

    def __init__(self, path: Path, known: Sequence[str], noun: str) -> None:
        check_suffix(path, known)
        self.path = path
        self.told = ""
        self._noun = noun
        self._closed = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = _begun(path)
        except OSError as error:
            raise _cannot_write(path, error) from error
        self._part = Path(self._file.name)

    def close(self, whole: bool = True) -> None:
        """Finish the file and give it its name.

        Args:
            whole: all that was to be written has been; else an older file of that name stays.

        Raises:
            CourseError: its end could not be written. What was written is kept.
        """
        if self._closed:
            return
        try:
            self._finish()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._check()
            if whole:
                rename(self._part, self.path)
        except OSError as error:
            raise self._given_up(error) from error
        self._closed = True
        self.told = f"Written: {self.path}" if whole else self._kept()

    def _finish(self) -> None:
        """Write what belongs at the file's end."""

    def _check(self) -> None:
        """Raise an OSError where the file does not hold what was written into it."""

    def _release(self) -> None:
        """Let go of a file that cannot be written any more."""

    def _readable(self) -> int:
        """Return how many frames or rows can be read of what was written."""
        raise NotImplementedError

    def _given_up(self, error: OSError) -> CourseError:
        """Keep what there is, and return what to say."""
        self._closed = True
        with suppress(OSError):
            self._release()
        with suppress(OSError):
            self._file.close()
        return CourseError(f"{_cannot_write(self.path, error)} {self._kept()}")

    def _kept(self) -> str:
        """Keep what is not whole where no older file is lost to it, and say where it is."""
        count = 0
        with suppress(OSError):
            count = self._readable()
        older = os.path.lexists(self.path)
        stays = f" {self.path} is what it was before." if older else ""
        if not count:
            with suppress(OSError):
                self._part.unlink()
            return f"No {self._noun} for {self.path} was kept.{stays}"
        place = self._part
        if not older:
            with suppress(OSError):
                rename(self._part, self.path)
                place = self.path
        return f"Written: {place} ({counted(count, self._noun)} until then).{stays}"


class Recorder(Growing):
    """Writes a video, without sound, of frames with the times that they have.

    The video consists of fragments that can each be played: where the disk fills up, what was
    written until then stays and is told.

    Args:
        path: of the video; its suffix says which kind.
        fps: frames a second, about.
        size: width and height of all frames.

    Raises:
        CourseError: the suffix is another, or the file cannot be written.
    """

    def __init__(self, path: Path, fps: float, size: tuple[int, int]) -> None:
        import av

        super().__init__(path, VIDEOS, "frame")
        self.frames = 0
        self._size = size
        self._last = -1
        options = {"flush_packets": "1"}
        if path.suffix.lower() != ".mkv":
            options["movflags"] = "frag_keyframe+empty_moov+default_base_moof"
        self._video: Any = av.open(str(self._part), "w", options=options)
        rate = Fraction(fps).limit_denominator(1001)
        self._stream: Any = self._video.add_stream("libx264", rate=rate)
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
            self._video.mux(self._stream.encode(picture))
        except OSError as error:
            raise self._given_up(error) from error
        self.frames += 1

    def close(self, whole: bool = True) -> None:
        """Finish the video, see ``Growing``; one without frames is no video."""
        super().close(whole and self.frames > 0)

    def _finish(self) -> None:
        try:
            self._video.mux(self._stream.encode())
        finally:
            self._video.close()

    def _check(self) -> None:
        # A disk that is full when the video is closed is no error to PyAV.
        if (count := playable(self._part)) < self.frames:
            raise OSError(f"only {count:,} of {self.frames:,} frames can be read back")

    def _release(self) -> None:
        self._video.close()

    def _readable(self) -> int:
        return playable(self._part)


def playable(path: Path) -> int:
    """Return how many frames a player shows of a video that may be cut off anywhere.

    Frames of the last group are decoded, those before it counted.
    """
    import av

    before = 0
    group: list[Any] = []
    with suppress(OSError, av.FFmpegError), av.open(str(path)) as file:
        cut = False
        for packet in file.demux(video=0):
            if cut := packet.is_corrupt:
                break
            if packet.is_keyframe:
                before, group = before + len(group), []
            if packet.size:
                group.append(packet)
        decoder = file.streams.video[0].codec_context
        for packet in group if cut else [*group, None]:
            before += len(decoder.decode(packet))
    return before


class FaceTable(Growing):
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
        super().__init__(path, TABLES, "row")
        self.rows = 0
        self._classes = tuple(classes)
        columns = ["frame", "seconds", "name", "id", "left", "top", "width", "height"]
        columns += ["score", "label", *self._classes]
        self._lines = io.StringIO(newline="")
        self._writer: Any = None
        if path.suffix.lower() == ".csv":
            self._writer = csv.DictWriter(self._lines, columns)
            self._writer.writeheader()

    def write(self, shot: Shot, faces: Sequence[LabelledFace]) -> None:
        """Add the rows of a frame.

        Raises:
            CourseError: the disk is full. What was written is kept.
        """
        for face in faces:
            row = self._row(shot, face)
            if self._writer:
                self._writer.writerow(row)
            else:
                self._lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        try:
            self._finish()
            self._file.flush()
        except OSError as error:
            raise self._given_up(error) from error
        self.rows += len(faces)

    def _finish(self) -> None:
        lines = self._lines.getvalue()
        self._lines.seek(0)
        self._lines.truncate()
        self._file.write(lines.encode())

    def _readable(self) -> int:
        """Cut off a row that is there in part only, and count the others."""
        content = self._part.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        os.truncate(self._part, len(whole))
        if self._writer is None:
            return whole.count(b"\n")
        return max(0, sum(1 for _ in csv.reader(io.StringIO(whole.decode(), newline=""))) - 1)

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


def check_suffix(path: Path, known: Sequence[str]) -> None:
    """Raise a CourseError where a file's name ends otherwise."""
    if path.suffix.lower() not in known:
        raise CourseError(f"{path.name} must end in {', '.join(known[:-1])} or {known[-1]}.")


def _begun(path: Path) -> BinaryIO:
    """Open a new file beside a name, writing over nothing."""
    for number in itertools.count(1):
        part = f"{path.stem}.part" + (f"_{number}" if number > 1 else "") + path.suffix
        with suppress(FileExistsError):
            return path.with_name(part).open("xb")
    raise AssertionError  # there is always a next number


def _cannot_write(path: Path, error: OSError) -> CourseError:
    reason = (error.strerror or str(error)).rstrip(".")
    return CourseError(
        f"{path} could not be written: {reason}. Free some space, or write elsewhere."
    )
