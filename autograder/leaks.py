"""Refuses to hand out what still tells an answer or a hidden test."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.sources import (
    course_folder,
    grade_id,
    is_by_hand,
    is_test,
    read_notebook,
    solutions_folder,
)
from fercourse.errors import CourseError

_REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
_MARKS = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TEST|MARK SCHEME)|Marking scheme", re.IGNORECASE)
_TELLING = 25
"""Shorter lines (``return total``) stand in many places and tell nothing."""


def leaks(source: NotebookNode, starter: NotebookNode) -> list[str]:
    """Return what of the answers and hidden tests still stands in a starter, in sentences.

    Args:
        source: the notebook with answers.
        starter: the notebook to be handed out.
    """
    secrets = dict(_secret_lines(source))
    found = []
    for text in _strings(starter):
        for line in text.splitlines():
            if mark := _MARKS.search(line):
                found.append(f"“{mark.group()}” still stands in the starter.")
            if (key := _squeezed(line)) in secrets:
                found.append(f"a line of {secrets[key]} still stands in the starter: {line}")
    return sorted(set(found))


def _secret_lines(source: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield each telling line of an answer or hidden test, and what it belongs to."""
    for cell in source.cells:
        name = grade_id(cell)
        inside, outside = _divided(cell.source)
        if is_by_hand(cell):
            inside, outside = cell.source.splitlines(), []
        shown = {_squeezed(line) for line in outside}
        what = "hidden tests" if is_test(cell) else "the answer"
        for line in inside:
            key = _squeezed(line)
            if len(key) >= _TELLING and key not in shown and not _is_import(line):
                yield key, f"{what} of {name.removeprefix('test-')}"


def _divided(text: str) -> tuple[list[str], list[str]]:
    """Return the lines inside and outside of regions that are not handed out."""
    inside: list[str] = []
    outside: list[str] = []
    hidden = False
    for line in text.splitlines():
        if any(f"BEGIN {region}" in line for region in _REGIONS):
            hidden = True
        elif any(f"END {region}" in line for region in _REGIONS):
            hidden = False
        else:
            (inside if hidden else outside).append(line)
    return inside, outside


def _is_import(line: str) -> bool:
    return line.strip().startswith(("import ", "from "))


def _squeezed(line: str) -> str:
    return "".join(line.split())


def _strings(value: Any) -> Iterator[str]:
    """Yield every text in a notebook, its metadata and keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from _strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry)


class RefuseLeaks(NbGraderPreprocessor):  # type: ignore[misc]
    """Stops nbgrader from writing a starter that tells an answer or a hidden test."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Compare a starter with its source.

        Raises:
            CourseError: something would be given away.
        """
        names = resources["nbgrader"]
        path = solutions_folder() / names["assignment"] / f"{names['notebook']}.ipynb"
        if found := leaks(read_notebook(path), nb):
            raise CourseError(f"{path} is not released: " + " ".join(found))
        return nb, resources


def remove_code(*, notebooks: list[str], **_: Any) -> None:
    """Remove Python files from a starter; nbgrader copies all that lies beside the notebook.

    Args:
        notebooks: the paths of the notebooks that were read.
    """
    for name in {Path(notebook).resolve().parent.name for notebook in notebooks}:
        for path in (course_folder() / "starter" / name).rglob("*.py"):
            path.unlink()
        for path in (course_folder() / "starter" / name).rglob("__pycache__"):
            shutil.rmtree(path)
