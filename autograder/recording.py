"""What is known of each submission: nbgrader's gradebook, and our notes beside it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from autograder.sanitizing import KEY
from autograder.sources import TEST_PREFIX, grading_folder, read_notebook
from fercourse.workspace import write_atomically


@dataclass(frozen=True)
class Row:
    """A submission's grade.

    Attributes:
        student: whose.
        assignment: of what.
        score: the points so far.
        most: how many there are.
        waiting: how many of them a person still has to grade.
        items: points by item; None where a person still has to grade it.
        remarks: in sentences.
    """

    student: str
    assignment: str
    score: float
    most: float
    waiting: float
    items: dict[str, float | None]
    remarks: tuple[str, ...]


def gradebook() -> Gradebook:
    """Open the gradebook."""
    return Gradebook(f"sqlite:///{grading_folder() / 'gradebook.db'}")


def read_rows() -> list[Row]:
    """Return all grades in the gradebook, by assignment and student."""
    rows = []
    with gradebook() as book:
        for assignment in book.assignments:
            for submission in assignment.submissions:
                grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
                rows.append(_row(submission, grades))
    return sorted(rows, key=lambda row: (row.assignment, row.student))


def _row(submission: Any, grades: list[Any]) -> Row:
    student, assignment = submission.student.id, submission.assignment.name
    return Row(
        student=student,
        assignment=assignment,
        score=float(submission.score),
        most=float(submission.max_score),
        waiting=sum(float(grade.max_score) for grade in grades if grade.needs_manual_grade),
        items={
            grade.name.removeprefix(TEST_PREFIX): None
            if grade.needs_manual_grade
            else float(grade.score)
            for grade in grades
        },
        remarks=tuple(notes(student, assignment).get("remarks", [])),
    )


def state_of_grades(student: str, assignment: str) -> str:
    """Return what changes whenever a grade or comment does; empty where there is none."""
    try:
        with gradebook() as book:
            submission = book.find_submission(assignment, student)
            values = [
                *(
                    (g.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
                    for n in submission.notebooks
                    for g in n.grades
                ),
                *(
                    (c.name, c.auto_comment, c.manual_comment)
                    for n in submission.notebooks
                    for c in n.comments
                ),
            ]
    except MissingEntry:
        return ""
    return hashlib.sha256(repr(sorted(values, key=repr)).encode()).hexdigest()


def notes(student: str, assignment: str) -> dict[str, Any]:
    """Return our notes on a submission; nothing where there are none."""
    try:
        found = json.loads(_notes_file(student, assignment).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_notes(student: str, assignment: str, content: dict[str, Any]) -> None:
    """Keep notes on a submission."""
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    write_atomically(_notes_file(student, assignment), text.encode())


def _notes_file(student: str, assignment: str) -> Path:
    return grading_folder() / "records" / student / f"{assignment}.json"


def autograded(student: str, assignment: str, notebook: str) -> Path:
    """Return where the graded notebook of a submission lies."""
    return grading_folder() / "autograded" / student / assignment / notebook


def remarks_of(path: Path) -> list[str]:
    """Return the remarks that were noted in a graded notebook."""
    notebook: NotebookNode = read_notebook(path)
    return [str(remark) for remark in notebook.metadata.get(KEY, {}).get("remarks", [])]
