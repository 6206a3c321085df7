"""Videos of several people whose expressions change, with the truth of every frame beside them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from fercourse.drawn.acting import Absence, Role, rehearse
from fercourse.drawn.cores import on_all_cores
from fercourse.drawn.people import Frame, PersonTruth
from fercourse.drawn.scenes import Scenery, Stage, draw_stage, set_stage
from fercourse.drawn.truth import Form, truth_paths, truth_table, write_truth
from fercourse.drawn.video_files import check_suffix, open_video
from fercourse.errors import CourseError

if TYPE_CHECKING:
    import pandas

LONGEST = 3600
"""Seconds of the longest video."""

_CHUNK = 12
"""Frames that one process draws at a time: 30 MB at 720p."""


@dataclass(frozen=True)
class Play:
    """A stage and what everybody on it does.

    Attributes:
        stage: the room and the people.
        roles: one for each of ``stage.people``.
        fps: frames a second.
        frames: how many there are.
    """

    stage: Stage
    roles: tuple[Role, ...]
    fps: float
    frames: int


def video(
    path: str | Path,
    people: int = 4,
    seconds: float = 10.0,
    fps: float = 25.0,
    width: int = 1280,
    height: int = 720,
    seed: int = 0,
    face_height: float | None = None,
    leaving: bool = False,
    truth: Form = "csv",
    progress: Callable[[int, int], None] | None = None,
) -> "pandas.DataFrame":
    """Draw a video of people who drift, turn their heads, show emotions and blink.

    Expressions grow, stay and fade, with a face at rest between them. The truth is written
    beside the video, under its name with the suffix ``.csv`` or ``.json``.

    Args:
        path: where to write it. The suffix says which kind: ``.mp4``, ``.avi``, ``.mkv``, or
            ``.y4m`` and ``.mjpeg``, which a browser takes for a camera.
        people: how many, 0 to 60.
        seconds: length.
        fps: frames a second, 1 to 240.
        width: of the frame in pixels, an even number.
        height: likewise.
        seed: 0 or more: which room, which people, and what they do.
        face_height: height of an average face's box in pixels; see ``scene``.
        leaving: True has one of them walk out of the frame and come back.
        truth: write it as CSV (one row for each person in each frame), as JSON, or as both.
        progress: called with the number of frames drawn and the number there will be.

    Returns:
        The truth, one row for each person in each frame: frame, seconds, id, left, top, width,
        height, visible, emotion, intensity, AU1 to AU43, yaw, pitch, roll, and the landmarks.
        See ``PersonTruth``.

    Raises:
        CourseError: senseless arguments, people who do not fit into the frame, an unknown
            suffix, a folder that cannot be written, or a full disk. No file is left then.
    """
    path = Path(path).expanduser()
    check_suffix(path)
    if truth not in ("csv", "json", "both"):
        raise CourseError(f'truth must be "csv", "json" or "both", not {truth!r}.')
    play = _rehearse_all(people, seconds, fps, (width, height), seed, face_height, leaving)
    drawn: list[tuple[PersonTruth, ...]] = []
    with open_video(path, fps, width, height) as write:
        for frame, persons in _draw_frames(play):
            write(frame)
            drawn.append(persons)
            if progress:
                progress(len(drawn), play.frames)
    try:
        write_truth(path, drawn, truth, width, height, fps)
    except CourseError:
        # A video without its truth is of no use, and the disk may be full.
        for written in (path, *truth_paths(path, truth)):
            if written.is_file():
                written.unlink()
        raise
    return truth_table(drawn, fps)


def _rehearse_all(
    people: int,
    seconds: float,
    fps: float,
    size: tuple[int, int],
    seed: int,
    face_height: float | None,
    leaving: bool,
) -> Play:
    """Choose everything that will happen."""
    if not (math.isfinite(seconds) and 0 < seconds <= LONGEST):
        raise CourseError(f"seconds must be more than 0 and at most {LONGEST}, not {seconds}.")
    if not 1 <= fps <= 240:
        raise CourseError(f"fps must be 1 to 240 frames a second, not {fps}.")
    if leaving and seconds < 3:
        raise CourseError("Walking out and coming back takes a video of 3 seconds or more.")
    stage = set_stage(people, *size, seed, face_height)
    absences: dict[int, Absence] = {}
    if leaving and stage.people:
        # Who stands nearest to an edge need not cross in front of the others.
        nearest = min(stage.people, key=lambda who: min(who.place[0], size[0] - who.place[0]))
        absences[nearest.id] = _absence(nearest.place[0], nearest.unit, size[0], seconds)
    roles = tuple(rehearse(who, seconds, seed, absences.get(who.id)) for who in stage.people)
    return Play(stage, roles, fps, max(1, round(seconds * fps)))


def _absence(column: float, unit: float, width: int, seconds: float) -> Absence:
    outside = 2.0 * unit
    distance = -column - outside if column < width / 2 else width - column + outside
    walk = min(1.5, 0.15 * seconds)
    return Absence(0.30 * seconds, 0.80 * seconds, walk, distance)


def _draw_frames(play: Play) -> Iterator[tuple[Frame, tuple[PersonTruth, ...]]]:
    """Yield each frame with its truth, drawn on all cores where there are enough of them."""
    starts = range(0, play.frames, _CHUNK)
    chunks = [range(start, min(start + _CHUNK, play.frames)) for start in starts]
    for chunk in on_all_cores(partial(_draw_chunk, play), chunks, least=2):
        yield from chunk


def _draw_chunk(play: Play, frames: range) -> list[tuple[Frame, tuple[PersonTruth, ...]]]:
    scenery = _scenery(play.stage)
    return [
        draw_stage(
            play.stage, [role.moment(frame / play.fps) for role in play.roles], scenery, frame
        )
        for frame in frames
    ]


@lru_cache(maxsize=1)
def _scenery(stage: Stage) -> Scenery:
    return Scenery(stage)
