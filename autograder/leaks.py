"""Refuses to hand out what still tells an answer or a hidden test."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.sources import (
    answer_stub,
    course_folder,
    grade_id,
    is_by_hand,
    is_test,
    read_notebook,
    read_script,
    solutions_folder,
)
from fercourse.errors import CourseError
from fercourse.learn.items import FILE, Assignment, read_items

_REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
_MARKS = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TEST|MARK SCHEME)|Marking scheme", re.IGNORECASE)
_TELLING = 25
"""Shorter lines (``return total``) stand in many places and tell nothing."""


def leaks(
    source: NotebookNode, starter: NotebookNode, script: str = "", starter_script: str = ""
) -> list[str]:
    """Return what of the answers and hidden tests still stands in a starter, in sentences.

    Args:
        source: the notebook with answers.
        starter: the notebook to be handed out.
        script: the program beside it with answers.
        starter_script: the program to be handed out.
    """
    secrets = dict(_secret_lines(source)) | dict(_secret_lines_of_script(script))
    found = []
    for text in (*_strings(starter), starter_script):
        for line in text.splitlines():
            if mark := _MARKS.search(line):
                found.append(f"“{mark.group()}” still stands in the starter.")
            if (key := _squeezed(line)) in secrets:
                found.append(f"a line of {secrets[key]} still stands in the starter: {line}")
    return sorted(set(found))


def _secret_lines(source: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield each telling line of an answer or hidden test, and what it belongs to."""
    # Tests resemble each other: a line that any of them shows to students tells nothing.
    shown_by_tests = {
        _squeezed(line)
        for cell in source.cells
        if is_test(cell)
        for line in _divided(cell.source)[1]
    }
    for cell in source.cells:
        name = grade_id(cell)
        inside, outside = _divided(cell.source)
        if is_by_hand(cell):
            inside, outside = cell.source.splitlines(), []
        shown = shown_by_tests if is_test(cell) else {_squeezed(line) for line in outside}
        what = "hidden tests" if is_test(cell) else "the answer"
        for line in inside:
            key = _squeezed(line)
            if len(key) >= _TELLING and key not in shown and not _is_import(line):
                yield key, f"{what} of {name.removeprefix('test-')}"


def _secret_lines_of_script(script: str) -> Iterator[tuple[str, str]]:
    """Yield each telling line of the answers in a program, and what it belongs to."""
    inside, outside = _divided(script)
    shown = {_squeezed(line) for line in outside}
    for line in inside:
        key = _squeezed(line)
        if len(key) >= _TELLING and key not in shown and not _is_import(line):
            yield key, "the answers in the script"


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
        folder = solutions_folder() / names["assignment"]
        path = folder / f"{names['notebook']}.ipynb"
        script = read_script(folder, read_items(folder))
        if found := leaks(read_notebook(path), nb, script, answer_stub(script)):
            raise CourseError(f"{path} is not released: " + " ".join(found))
        return nb, resources


def keep_answers_back(folder: Path, assignment: Assignment) -> None:
    """Remove from a starter what nbgrader copied and students are not to have.

    That is code, hidden files, our own copy of what students hand in, and in ``items.toml`` the
    mistakes that people make, which tell what hidden tests try. Of the program that students
    complete, the answers are taken out.

    Args:
        folder: the starter.
        assignment: what its ``items.toml`` says.
    """
    script = read_script(folder, assignment)
    for pattern in ("*.py", ".*", "__pycache__", *assignment.submitted_files):
        for path in folder.rglob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if script:
        path = folder / assignment.script
        path.write_text(answer_stub(script), encoding="utf-8", newline="\n")
    for path in folder.rglob(FILE):
        text = without_misconceptions(path.read_text(encoding="utf-8"))
        path.unlink()  # it may be a read-only copy
        path.write_text(text, encoding="utf-8", newline="\n")


def without_misconceptions(text: str) -> str:
    """Return the text of an ``items.toml`` without the mistakes that people make in an exercise.

    Args:
        text: with a table ``[[item.misconceptions]]`` for each.

    Raises:
        CourseError: they are written in another way, so that something else would be lost.
    """
    rest = re.sub(
        r"^\[\[item\.misconceptions\]\]\n(?:(?!\[).*\n?)*", "\n", text, flags=re.MULTILINE
    )
    rest = re.sub(r"\n{3,}", "\n\n", rest).rstrip("\n") + "\n"
    expected = tomllib.loads(text)
    for item in expected["item"]:
        item.pop("misconceptions", None)
    if tomllib.loads(rest) != expected:
        raise CourseError(
            f"{FILE} has to name each mistake in a table [[item.misconceptions]] of its own."
        )
    return rest


def clean_release(*, notebooks: list[str], **_: Any) -> None:
    """Do so for the starters that nbgrader has just made.

    Args:
        notebooks: the paths of the notebooks that were read.
    """
    for name in {Path(notebook).resolve().parent.name for notebook in notebooks}:
        keep_answers_back(course_folder() / "starter" / name, read_items(solutions_folder() / name))
