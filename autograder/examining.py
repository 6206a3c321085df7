"""Says of each item what it earns and why, from how its cells ended."""

import math
import re
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.sanitizing import KEY
from autograder.sources import TEST_PREFIX, TEXT_STUB, grade_id, is_answer, is_by_hand, is_test

_CELL_FILE = re.compile(r"\(\d+\.py, line (\d+)\)")
_FOR_STUDENTS = ("CheckFailed", "NotAttempted", "CourseError")


@dataclass(frozen=True)
class Judgement:
    """What an item earns.

    Attributes:
        points: None where a person has to grade it.
        sentence: why, for the student.
    """

    points: float | None
    sentence: str


def examine(notebook: NotebookNode) -> dict[str, Judgement]:
    """Judge every graded cell of a notebook that has been run.

    Args:
        notebook: as ``running.run`` leaves it.

    Returns:
        A judgement for each graded cell, by nbgrader's name of the cell.
    """
    answers = {grade_id(cell): cell for cell in notebook.cells if is_answer(cell)}
    judgements = {}
    for cell in notebook.cells:
        name = grade_id(cell)
        if is_by_hand(cell):
            judgements[name] = _of_written_answer(cell)
        elif is_test(cell):
            judgements[name] = _of_tests(cell, answers.get(name.removeprefix(TEST_PREFIX)))
    return judgements


def _of_written_answer(cell: NotebookNode) -> Judgement:
    words = cell.source.replace(TEXT_STUB, "").strip()
    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    if untouched or not words:
        return Judgement(0.0, "Not attempted: there is no answer.")
    return Judgement(None, "A person grades this answer.")


def _of_tests(cell: NotebookNode, answer: NotebookNode | None) -> Judgement:
    most = float(cell.metadata.nbgrader["points"])
    note = _note(cell)
    if note["status"] == "ok":
        return _of_value(cell, most)
    if answer is not None and (reason := _why_answer_failed(_note(answer))):
        return Judgement(0.0, reason)
    if note["status"] == "error":
        return Judgement(0.0, _of_error(note))
    return Judgement(0.0, _sentence("The tests", note))


def _note(cell: NotebookNode) -> dict[str, Any]:
    return {"status": "not run", "seconds": 0} | cell.metadata.get(KEY, {}).get("run", {})


def _why_answer_failed(note: dict[str, Any]) -> str:
    """Return why the cell with the answer did not run to its end; empty where it did."""
    if note["status"] == "error":
        what = _CELL_FILE.sub(r"(line \1)", f"{note['ename']}: {note['evalue']}")
        return f"The cell with your answer stopped with {what}"[:500]
    return "" if note["status"] == "ok" else _sentence("The cell with your answer", note)


def _of_error(note: dict[str, Any]) -> str:
    """Return the sentence of a check; what else may be said could tell of hidden tests."""
    if note["ename"] in _FOR_STUDENTS:
        return str(note["evalue"])
    return f"The tests stopped with {note['ename']}."


def _sentence(what: str, note: dict[str, Any]) -> str:
    match note["status"]:
        case "timeout":
            return (
                f"{what} took longer than {note['seconds']} seconds and had to be stopped: is "
                "there a loop that never ends?"
            )
        case "died":
            return (
                f"Python ended in the middle of this ({what[0].lower()}{what[1:]}): does the code "
                "call exit(), or need too much memory? The rest was run without it."
            )
        case "flooded":
            return f"{what} printed far too much and had to be stopped: is there an endless loop?"
    return f"{what} did not run."


def _of_value(cell: NotebookNode, most: float) -> Judgement:
    """Judge tests that ran to their end; some say by their last value how much was reached."""
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    if not results:
        return Judgement(most, "Passed.")
    text = results[-1].get("data", {}).get("text/plain", "")
    text = "".join(text) if isinstance(text, list) else str(text)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= most:
        short = text if len(text) <= 40 else f"{text[:40]} …"
        return Judgement(0.0, f"The tests gave {short}, which is not a number of points.")
    return Judgement(value, "Passed." if value == most else f"{value:g} of {most:g} points.")
