"""``check``: the tests of an exercise, which say what was expected, what came and where to look."""

import builtins
import hashlib
import linecache
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from fercourse.learn.comparing import difference, shown
from fercourse.learn.items import Assignment, Item, read_items
from fercourse.learn.scripts import ScriptFailed, is_of_student
from fercourse.learn.surroundings import is_grading, term_secret

_WORDS = ("dict", "len", "list", "max", "min", "range", "round", "set", "str", "sum", "zip")
"""Functions of Python that tests use, and that beginners like to name their variables after."""


class CheckFailed(AssertionError):  # noqa: N818
    """A check of an exercise did not pass.

    Attributes:
        hidden: whether it was a hidden one, whose inputs are not shown to students.
        detail: for the grader's eyes; the sentence itself where nothing is hidden.
    """

    def __init__(self, sentence: str, *, hidden: bool = False, detail: str = "") -> None:
        super().__init__(sentence)
        self.hidden = hidden
        self.detail = detail or sentence

    def _render_traceback_(self) -> list[str]:
        """Tell Jupyter to show the sentence alone, without the lines of the test."""
        if is_grading() and self.hidden:
            return [str(self), f"(for the grader: {self.detail})"]
        return [str(self)]


class NotAttempted(CheckFailed):
    """The exercise still stands as it was handed out."""


class Check:
    """The checks of one exercise; ``check`` makes one."""

    def __init__(self, item: Item, assignment: Assignment, names: dict[str, Any]) -> None:
        """Begin to check.

        Args:
            item: the exercise.
            assignment: what it belongs to.
            names: what the notebook's names stand for.
        """
        self.item = item
        self.assignment = assignment
        self.is_hidden = False
        self._names = names
        self._names_of_student: dict[str, Any] = {}

    def equal(self, got: object, expected: object, of: str) -> None:
        """Check that a value is exactly the expected one, of its kind and shape.

        Args:
            got: what the student's function returned.
            expected: a number, text, list, tuple, dict, array or table.
            of: what was worked out, such as ``"accuracy([0, 1], [0, 0])"``.

        Raises:
            CheckFailed: it is another.
        """
        self.close(got, expected, of, within=0)

    def close(self, got: object, expected: object, of: str, *, within: float = 1e-6) -> None:
        """Check that all numbers in a value are the expected ones, up to a small difference.

        Args:
            got: what the student's function returned.
            expected: a number, text, list, tuple, dict, array or table.
            of: what was worked out.
            within: the largest difference that is as good as none.

        Raises:
            CheckFailed: a number differs by more, is not a number, or the shape is another.
        """
        if reason := difference(got, expected, within):
            self._fail(
                f"{of}\n  should be  {shown(expected)}\n  but gave   {shown(got)}\n  ({reason})"
            )

    def that(self, condition: object, otherwise: str) -> None:
        """Check that something holds.

        Args:
            condition: true where it holds.
            otherwise: a sentence that says what was expected and what came.

        Raises:
            CheckFailed: it does not hold.
        """
        if isinstance(condition, np.ndarray) or not bool(condition):
            self._fail(otherwise)

    def hidden(self) -> np.random.Generator:
        """Go on with hidden cases.

        Returns:
            A source of random numbers that depends on the term's secret and the exercise alone.
        """
        if not self.is_hidden:
            self._names_of_student = dict(self._names)
        self.is_hidden = True
        text = f"{term_secret()}/{self.assignment.name}/{self.item.id}"
        return np.random.default_rng(list(hashlib.sha256(text.encode()).digest()))

    def forget_hidden_names(self) -> None:
        """Give back to the notebook the names that hidden cases have used.

        At a student's desk there are no hidden cases: what runs later sees the same here.
        """
        if self.is_hidden:
            for name in self._names.keys() - self._names_of_student.keys():
                del self._names[name]
            self._names.update(self._names_of_student)

    def _about_renamed(self) -> str:
        """Return a sentence about functions of Python that now mean something else, or nothing."""
        renamed = [
            name
            for name in _WORDS
            if name in self._names and self._names[name] is not getattr(builtins, name)
        ]
        if not renamed:
            return ""
        return (
            f"\nYour notebook gives another meaning to Python's own {', '.join(renamed)}, which "
            "checks use, too: take another name there, restart the kernel and run all cells."
        )

    def _fail(self, sentence: str) -> None:
        raise self.failure(sentence)

    def failure(self, sentence: str) -> CheckFailed:
        """Return what to raise for a failure that a sentence describes."""
        item = self.item
        where = f"Look at: {self.assignment.where(item)}.{self._about_renamed()}"
        if not is_grading():
            where += f' Stuck? Run  from fercourse.learn import hint; hint("{item.id}")'
        if self.is_hidden:
            return CheckFailed(
                f"{item.title}: the checks that you can see pass, a hidden one does not. It calls "
                f"{item.function} with other inputs: think of other sizes, other values and "
                f"special cases. {where}",
                hidden=True,
                detail=sentence,
            )
        return CheckFailed(f"{item.title}: not yet.\n{sentence}\n{where}")


@contextmanager
def check(item_id: str) -> Iterator[Check]:
    """Check one exercise, in a ``with`` statement of its test cell.

    Args:
        item_id: the exercise's id in ``items.toml`` beside the notebook.

    Yields:
        What has ``equal``, ``close``, ``that`` and ``hidden``.

    Raises:
        NotAttempted: the student's function still raises NotImplementedError.
        CheckFailed: a check does not hold, or the student's function fails.
        CourseError: there is no such exercise.
    """
    assignment = read_items(Path())
    item = assignment.item(item_id)
    # The test's cell called contextlib, which called this function.
    checked = Check(item, assignment, sys._getframe(2).f_globals)
    failed: CheckFailed | None = None
    try:
        yield checked
    except CheckFailed as failure:
        failed = failure
    except ScriptFailed as error:
        failed = checked.failure(str(error))
    except (Exception, SystemExit) as error:
        # Jupyter's error where nobody can answer an input() is one of its kinds.
        undone = type(error) is NotImplementedError
        failed = (
            NotAttempted(
                f"{item.title}: not attempted yet. Replace `raise NotImplementedError` in "
                f"{item.function} by your own lines. Look at: {assignment.where(item)}."
            )
            if undone
            else checked.failure(_stopped(item, error))
        )
    finally:
        checked.forget_hidden_names()
    if failed is not None:
        # Jupyter would show the lines of the test, hidden ones too, as the cause.
        raise failed.with_traceback(None) from None
    print(f"{item.title}: passed.")


def _stopped(item: Item, error: BaseException) -> str:
    """Return a sentence about an error in the student's code, with the line that it stopped at."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, NameError) and getattr(error, "name", None) == item.function:
        return f"there is no {item.function} yet: run the cell above this one first."
    lines = _lines_of_students(error.__traceback__)
    place = f"\n  in the line  {lines[-1]}" if lines else ""
    return f"{item.function} stopped with {what}{place}"


def _lines_of_students(trace: TracebackType | None) -> list[str]:
    """Return the lines of notebook cells that an error passed, without the test's own."""
    lines = []
    for frame in traceback.extract_tb(trace)[2:]:
        if is_of_student(frame.filename) and (
            line := (frame.line or linecache.getline(frame.filename, frame.lineno or 0))
        ):
            lines.append(line.strip())
    return lines
