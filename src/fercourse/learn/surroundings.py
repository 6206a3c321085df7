"""Where a notebook is being run: at a student's desk, by the grader, or to be recorded."""

import json
import os
from pathlib import Path
from typing import Literal

from fercourse.learn.plain_data import to_plain
from fercourse.workspace import fer2013_path

GRADING = "FERCOURSE_GRADING"
"""Set by the grader."""

TERM_SECRET = "FERCOURSE_TERM_SECRET"
"""The instructor's word of the term, from which hidden cases are drawn."""

RECORD = "FERCOURSE_RECORD"
"""Names the file to which `course.py measure` has a notebook's results written."""

Kind = Literal["drawn", "fer2013"]


def is_grading() -> bool:
    """Return whether the grader runs this notebook, so that nothing long should be repeated."""
    return os.environ.get(GRADING) == "1"


def term_secret() -> str:
    """Return the term's secret, or a word for practice where nobody chose one."""
    return os.environ.get(TERM_SECRET) or "practice"


def kind_in_use() -> Kind:
    """Return which faces ``load_faces()`` gives here: drawn ones or FER2013's."""
    return "drawn" if fer2013_path() is None else "fer2013"


def record(what: str, name: str, value: object) -> None:
    """Write a result down where `course.py measure` asked for it; do nothing otherwise.

    Args:
        what: ``"value"`` of an exercise, or ``"measurement"`` of a lesson.
        name: the exercise's id, or the measurement's name.
        value: anything that ``to_plain`` knows.
    """
    if path := os.environ.get(RECORD):
        line = json.dumps({"what": what, "name": name, "value": to_plain(value)})
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
