"""A run of the live program: frames in, labelled faces out, to a window, a video, a table."""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from fercourse.errors import CourseError
from fercourse.live.faces import Face, Frame
from fercourse.live.layout import Panel
from fercourse.live.overlay import Look, counted, draw, mark_recording, note
from fercourse.live.reader import FaceReader, LabelledFace
from fercourse.live.recording import FaceTable, Recorder
from fercourse.live.sources import Say, Shot, Source
from fercourse.live.window import HELP, HINT, Key
from fercourse.workspace import write_atomically

_WINDOW_OF_SPEED = 30
_LEAST_SEEN = 3


class Screen(Protocol):
    """What shows frames and hears keys: a window, or a test's."""

    def show(self, frame: Frame) -> None:
        """Show a frame."""
        ...

    def key(self, milliseconds: int = 1) -> Key:
        """Wait so long at most, and return what was asked for, "" for nothing."""
        ...

    def close(self) -> None:
        """Take it away."""
        ...


@dataclass(frozen=True)
class Done:
    """What a run came to.

    Attributes:
        frames: how many were read.
        faces: how many faces were found in them, all together.
        people: how many numbers were given to persons, as many as the table has. Who comes back has
            a new one. In photographs, faces.
        fleeting: how many of these were seen in one or two frames only, which may be a detector's
            mistake. In photographs, none.
        seconds: how long it took.
        milliseconds: from a frame to its labels: median and 95th percentile.
    """

    frames: int
    faces: int
    people: int
    fleeting: int
    seconds: float
    milliseconds: tuple[float, float]


@dataclass
class Speed:
    """How quick the last frames were."""

    ends: deque[float] = field(default_factory=lambda: deque(maxlen=_WINDOW_OF_SPEED))
    delays: deque[float] = field(default_factory=lambda: deque(maxlen=_WINDOW_OF_SPEED))

    def count(self, delay: float, now: float) -> None:
        """Note a frame whose labels took so many seconds."""
        self.ends.append(now)
        self.delays.append(delay)

    def line(self, faces: int) -> str:
        """Return it for the corner of the picture."""
        passed = self.ends[-1] - self.ends[0] if len(self.ends) > 1 else 0.0
        rate = f"{(len(self.ends) - 1) / passed:.0f} frames a second   " if passed else ""
        return f"{counted(faces, 'face')}   {rate}{1000 * float(np.median(self.delays)):.0f} ms"


class Session:
    """Reads a source to its end, or until somebody quits.

    Args:
        source: where frames come from.
        reader: reads their faces.
        say: is told in sentences what a person should know.
        screen: shows frames and hears keys; None shows nothing.
        video: an annotated copy; None writes none.
        table: a row for each face; None writes none.
        look: what is drawn.
        mirror: show and record pictures mirrored, as people know themselves.
        snapshots: the folder for them, and for recordings that are begun by a key.
        progress: called with each frame's number, from 1.

    Attributes:
        written: after a run, a sentence for each file: where it is, or what came of it.
    """

    def __init__(
        self,
        source: Source,
        reader: FaceReader,
        say: Say,
        *,
        screen: Screen | None = None,
        video: Path | None = None,
        table: Path | None = None,
        look: Look | None = None,
        mirror: bool = False,
        snapshots: Path = Path(),
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._source = source
        self._reader = reader
        self._say = say
        self._screen = screen
        self._video = video
        self._look = look or Look()
        self._panels: dict[int, Panel] = {}
        self._mirror = mirror
        self._snapshots = snapshots
        self._progress = progress
        self._classes = reader.classifier.classes
        self._table = FaceTable(table, self._classes) if table else None
        self.written: list[str] = []
        self._recorder: Recorder | None = None
        self._by_key: Recorder | None = None
        self._paused = False
        self._help = False
        self._speed = Speed()
        self._began = 0.0

    def run(self) -> Done:
        """Read all frames, and close everything, whatever happens.

        Raises:
            CourseError: a disk is full. What was written is kept.
            KeyboardInterrupt: somebody pressed Ctrl-C. What was written is kept.
        """
        began = time.monotonic()
        whole = False
        frames = faces = 0
        seen: Counter[tuple[str, int]] = Counter()
        delays: list[float] = []
        try:
            with self._source as source:
                for shot in source:
                    found, delay = self._read(shot)
                    frames, faces = frames + 1, faces + len(found)
                    seen.update((shot.name, face.id) for face in found)
                    delays.append(delay)
                    if self._table:
                        self._table.write(shot, found)
                    if not self._shown(shot, found):
                        break
                    if self._progress:
                        self._progress(frames)
            whole = True
        finally:
            self._close(whole)
        least = 1 if self._source.photographs else _LEAST_SEEN
        fleeting = sum(often < least for often in seen.values())
        times = np.percentile(delays, (50, 95)) * 1000 if delays else (0.0, 0.0)
        return Done(
            frames,
            faces,
            len(seen),
            fleeting,
            time.monotonic() - began,
            (float(times[0]), float(times[1])),
        )

    def _read(self, shot: Shot) -> tuple[list[LabelledFace], float]:
        before = time.monotonic()
        if self._source.photographs:
            found = self._reader.read_photograph(shot.frame)
        else:
            found = self._reader.read(shot.frame, shot.seconds)
        now = time.monotonic()
        self._speed.count(now - before, now)
        return found, now - before

    def _shown(self, shot: Shot, found: Sequence[LabelledFace]) -> bool:
        """Show and record a frame; say whether to go on."""
        if not (self._screen or self._video):
            return True
        picture = self._drawn(shot, found)
        if self._video and self._recorder is None:
            self._recorder = self._begun(self._video, picture)
        if self._recorder:
            self._recorder.write(picture, shot.seconds)
        if self._by_key:
            self._record(self._by_key, picture, shot.seconds)
        if self._screen is None:
            return True
        self._show(self._screen, picture, found)
        return self._heard(self._screen, shot, picture, found)

    def _drawn(self, shot: Shot, found: Sequence[LabelledFace]) -> Frame:
        plain = shot.frame
        if self._mirror:
            plain, found = mirrored(plain, found)
        return draw(plain, found, self._classes, self._look, self._panels)

    def _show(self, screen: Screen, picture: Frame, found: Sequence[LabelledFace]) -> None:
        note(picture, self._speed.line(len(found)))
        screen.show(self._with_words(picture))

    def _heard(
        self, screen: Screen, shot: Shot, picture: Frame, found: Sequence[LabelledFace]
    ) -> bool:
        """Do what keys say until the next frame is due; say whether to go on."""
        wait = self._wait(shot)
        while True:
            key = screen.key(wait)
            if key == "quit":
                return False
            if self._source.photographs and key == "pause":
                return True
            self._obey(key, picture)
            if not (self._paused or self._source.photographs):
                return True
            if key:
                picture = self._drawn(shot, found)
                self._show(screen, picture, found)
            wait = 50

    def _wait(self, shot: Shot) -> int:
        """Return milliseconds until the next frame is due: a video runs at its speed at most."""
        if self._source.live or self._source.photographs:
            return 1
        now = time.monotonic()
        self._began = max(self._began, now - shot.seconds)
        return max(1, round(1000 * (self._began + shot.seconds - now)))

    def _obey(self, key: Key, picture: Frame) -> None:
        """Do what a key says; a file that cannot be written is said and ends nothing else."""
        try:
            self._do(key, picture)
        except CourseError as error:
            self._say(str(error))

    def _do(self, key: Key, picture: Frame) -> None:
        if key == "pause":
            self._paused = not self._paused
        elif key == "mirror":
            self._mirror = not self._mirror
        elif key == "bars":
            self._look = replace(self._look, bars=not self._look.bars)
        elif key == "help":
            self._help = not self._help
        elif key == "snapshot":
            self._keep(picture)
        elif key == "record":
            self._record_or_stop(picture)

    def _keep(self, picture: Frame) -> None:
        path = _free(self._snapshots / "snapshot.png")
        write_atomically(path, cv2.imencode(".png", picture)[1].tobytes())
        self._say(f"Kept: {path}")

    def _record_or_stop(self, picture: Frame) -> None:
        """Begin or end a recording beside the one that the session was asked for."""
        if self._by_key is None:
            self._by_key = self._begun(_free(self._snapshots / "recording.mp4"), picture)
            self._say(f"Recording: {self._by_key.path} (r ends it)")
            return
        recorder, self._by_key = self._by_key, None
        recorder.close()
        self._say(recorder.told)

    def _record(self, recorder: Recorder, picture: Frame, seconds: float) -> None:
        """Add a frame to what a key began; where that fails, only this recording ends."""
        try:
            recorder.write(picture, seconds)
        except CourseError as error:
            self._by_key = None
            self._say(str(error))

    def _begun(self, path: Path, picture: Frame) -> Recorder:
        height, width = picture.shape[:2]
        return Recorder(path, self._source.fps or 25.0, (width, height))

    def _with_words(self, picture: Frame) -> Frame:
        """Return a picture with what is for the window only: what is recorded, and help."""
        names = [file.path.name for file in (self._recorder, self._by_key) if file]
        words = [f"recording {' and '.join(names)}"] if names else []
        words += HELP if self._help else HINT if self._source.photographs else ()
        if not words:
            return picture
        shown = picture.copy()
        if names:
            mark_recording(shown)
        for row, line in enumerate(words, 1):
            note(shown, line, row)
        return shown

    def _close(self, whole: bool) -> None:
        """Close all, one after the other, even if one of them fails; then say what failed."""
        failed: list[Exception] = []
        for file in (self._recorder, self._by_key, self._table):
            if file is None:
                continue
            try:
                file.close(whole)
                self.written += [file.told] if file.told else []
            except Exception as error:
                failed.append(error)
        if self._screen:
            self._screen.close()
        if failed:
            raise failed[0]


def mirrored(frame: Frame, faces: Sequence[LabelledFace]) -> tuple[Frame, list[LabelledFace]]:
    """Return a frame as a mirror shows it, and its faces where they are then."""
    width = frame.shape[1]
    turned = [replace(face, face=flipped(face.face, width)) for face in faces]
    return np.ascontiguousarray(frame[:, ::-1]), turned


def flipped(face: Face, width: int) -> Face:
    """Return a face where it is when a frame of that width is mirrored."""
    box = face.box._replace(x=width - face.box.x - face.box.width)
    landmarks = face.landmarks
    if landmarks is not None:
        # What was left is right now: eyes and corners of the mouth change places.
        landmarks = landmarks[[1, 0, 2, 4, 3]]
        landmarks[:, 0] = width - 1 - landmarks[:, 0]
    return Face(box, face.score, landmarks)


def _free(path: Path) -> Path:
    """Return a path with the next number that no file has."""
    number = 1
    while (numbered := path.with_stem(f"{path.stem}_{number}")).exists():
        number += 1
    return numbered
