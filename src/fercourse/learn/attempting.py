"""``attempt``: go on with the student's own value, or with a reference value and say so."""

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fercourse.errors import CourseError
from fercourse.learn.plain_data import from_plain
from fercourse.learn.scripts import is_of_student
from fercourse.learn.surroundings import kind_in_use, record

REFERENCE_VALUES = "reference_values.json"


def attempt(name: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a student's function; where it is not done or fails, go on with a reference value.

    A reference value is data that was kept when the solution ran; it earns no points, because
    the tests call the function with other inputs.

    Args:
        name: the name of the reference value: the exercise's id, with more behind a ``/`` where
            an exercise is used more than once.
        function: the student's.
        arguments: for the function.
        options: likewise.

    Returns:
        What the function returns, or the reference value for the faces in use, or the one
        for drawn faces where there is no other.

    Raises:
        CourseError: the reference value is missing.
    """
    called = getattr(function, "__name__", name)
    try:
        value = function(*arguments, **options)
    except NotImplementedError as error:
        called = _unfinished(error) or called
        reason = "is not done yet"
    except Exception as error:
        reason = f"stopped with {type(error).__name__}: {error}"
    else:
        if value is not None and value is not NotImplemented:
            record("value", name, value)
            return value
        reason = "returned nothing (is a `return` missing?)"
    kind, value = _reference_value(name)
    measured = {"drawn": "drawn faces", "fer2013": "FER2013"}[kind]
    print(f"{called} {reason}; we go on with a reference value (measured on {measured}).")
    return value


def _unfinished(error: NotImplementedError) -> str:
    """Return which of the student's functions is not done; empty where it is none of them."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return last.name if is_of_student(last.filename) else ""


def _reference_value(name: str) -> tuple[str, Any]:
    path = Path(REFERENCE_VALUES)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CourseError(
            f"{path.resolve()} is missing. It lies beside the notebook; open the notebook in its "
            "own folder."
        ) from error
    except ValueError as error:
        raise CourseError(f"{path.resolve()} is damaged ({error}). Fetch it anew.") from error
    for kind in (kind_in_use(), "drawn"):
        if name in values.get(kind, {}):
            return kind, from_plain(values[kind][name])
    raise CourseError(f"there is no reference value for {name}; finish this exercise to go on.")
