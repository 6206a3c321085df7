"""What was drawn of people in frames, as a table and in files."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fercourse.drawn.action_units import NUMBERS
from fercourse.drawn.people import PersonTruth
from fercourse.errors import CourseError
from fercourse.workspace import write_atomically

if TYPE_CHECKING:
    import pandas

Frames = Sequence[Sequence[PersonTruth]]
Form = Literal["csv", "json", "both"]

_POINTS = ("left_eye", "right_eye", "nose", "left_corner", "right_corner")
_COLUMNS = (
    *("frame", "seconds", "id", "left", "top", "width", "height", "visible"),
    *("emotion", "intensity"),
    *(f"AU{number}" for number in NUMBERS),
    *("yaw", "pitch", "roll"),
    *(f"{point}_{axis}" for point in _POINTS for axis in ("x", "y")),
)

_STARTS = {".csv": ",".join((*_COLUMNS[:3], "")).encode(), ".json": b'{"file": '}
"""How the files begin that ``write_truth`` writes."""


def truth_table(frames: Frames, fps: float) -> "pandas.DataFrame":
    """Return what was drawn as a table, one row for each person in each frame.

    Args:
        frames: what was drawn in each.
        fps: frames a second.
    """
    import pandas as pd

    rows = [
        _row(number, number / fps, person)
        for number, persons in enumerate(frames)
        for person in persons
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _row(frame: int, seconds: float, person: PersonTruth) -> tuple[Any, ...]:
    units = (person.action_units.get(number, 0.0) for number in NUMBERS)
    pose = person.pose
    points = (place for point in person.landmarks for place in point)
    what = (person.emotion, person.intensity, *units, pose.yaw, pose.pitch, pose.roll, *points)
    return (frame, seconds, person.id, *person.box, int(person.visible), *what)


def truth_paths(path: Path, form: Form) -> list[Path]:
    """Return the files that hold the truth of a picture or a video."""
    return [path.with_suffix(f".{kind}") for kind in ("csv", "json") if form in (kind, "both")]


def keep_other_tables(paths: Sequence[Path]) -> None:
    """Refuse to write the truth over what is no truth: over a fer2013.csv, say.

    Args:
        paths: from ``truth_paths``.

    Raises:
        CourseError: one of them is there and holds something else.
    """
    for path in paths:
        start = _STARTS[path.suffix]
        try:
            with path.open("rb") as file:
                is_truth = file.read(len(start)) == start
        except OSError:
            continue  # nothing is there, or writing will say what is wrong
        if not is_truth:
            raise CourseError(
                f"{path} is there already and is not the truth of a drawing. "
                "Give the drawing another name, or move that file away."
            )


def write_truth(
    path: Path, frames: Frames, form: Form, width: int, height: int, fps: float = 1.0
) -> list[Path]:
    """Write what was drawn beside a picture or a video.

    Args:
        path: of the picture or the video.
        frames: what was drawn in each frame.
        form: CSV, JSON or both.
        width: of the frames in pixels.
        height: likewise.
        fps: frames a second.

    Returns:
        The files written.

    Raises:
        CourseError: they could not be written.
    """
    paths = truth_paths(path, form)
    for target in paths:
        if target.suffix == ".csv":
            table = truth_table(frames, fps)
            text = table.to_csv(index=False, float_format="%.4f", lineterminator="\n")
        else:
            content = {"file": path.name, "fps": fps, "width": width, "height": height}
            listed = [_frame(number, number / fps, them) for number, them in enumerate(frames)]
            text = json.dumps(content | {"frames": listed}) + "\n"
        write_atomically(target, text.encode())
    return paths


def _frame(number: int, seconds: float, persons: Sequence[PersonTruth]) -> dict[str, Any]:
    faces = [
        {
            "id": person.id,
            "box": [round(value, 4) for value in person.box],
            "visible": person.visible,
            "emotion": person.emotion,
            "intensity": round(person.intensity, 4),
            "action_units": {
                str(unit): round(value, 4) for unit, value in person.action_units.items()
            },
            "pose": {
                name: round(getattr(person.pose, name), 4) for name in ("yaw", "pitch", "roll")
            },
            "landmarks": [[round(column, 4), round(row, 4)] for column, row in person.landmarks],
        }
        for person in persons
    ]
    return {"frame": number, "seconds": round(seconds, 4), "faces": faces}
