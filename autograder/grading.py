"""Grades what was handed in: collect, grade what is new or changed, record, report."""

import contextlib
import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.collecting import Handed, collect, fingerprint, lay_out
from autograder.recording import (
    Row,
    autograded,
    notes,
    read_rows,
    remarks_of,
    state_of_grades,
    write_notes,
)
from autograder.release import generate
from autograder.running import Limits
from autograder.secret import term_secret
from autograder.settings import course_config
from autograder.sources import (
    Source,
    assignment_names,
    grading_folder,
    read_source,
    solutions_folder,
)
from autograder.workers import Task, work
from fercourse.dataset import load_faces
from fercourse.errors import CourseError
from fercourse.workspace import try_to_lock


@dataclass(frozen=True)
class Order:
    """What is to be graded and how.

    Attributes:
        submitted: the folder with what was handed in.
        assignments: their names; where empty, those of which anything was handed in.
        students: whose; where empty, everybody's.
        jobs: how many at a time.
        force: whether to grade anew what has not changed.
        limits: how long a notebook may run.
    """

    submitted: Path
    assignments: list[str]
    students: list[str]
    jobs: int
    force: bool
    limits: Limits


@dataclass(frozen=True)
class Graded:
    """What a run of the grader did.

    Attributes:
        rows: the grades of all submissions that were found.
        anew: student and assignment of those that were graded.
        failed: why some could not be graded, by student and assignment.
        seconds: how long each took that was graded.
    """

    rows: list[Row]
    anew: set[tuple[str, str]]
    failed: dict[tuple[str, str], str]
    seconds: dict[tuple[str, str], float]


def grade(order: Order, announce: Callable[[int], None], advance: Callable[[str], None]) -> Graded:
    """Grade what was handed in.

    Args:
        order: what and how.
        announce: called with how many submissions there are to work on.
        advance: called after each with whose it was.

    Raises:
        CourseError: there is nothing to grade, or an assignment cannot be prepared.
    """
    sources = {
        name: read_source(solutions_folder(), name) for name in assignment_names(solutions_folder())
    }
    if unknown := [name for name in order.assignments if name not in sources]:
        raise CourseError(
            f"there is no assignment {unknown[0]!r}; there are {', '.join(sources) or 'none'}."
        )
    found = collect(order.submitted, sources, order.assignments, order.students)
    with _alone():
        return _grade(order, found, sources, announce, advance)


def _grade(
    order: Order,
    found: list[Handed],
    sources: dict[str, Source],
    announce: Callable[[int], None],
    advance: Callable[[str], None],
) -> Graded:
    """Grade what was collected, while no other grader is at work."""
    names = sorted({handed.assignment for handed in found})
    for name in names:
        prepare(name)
    secret = term_secret()
    marks = {
        (handed.student, handed.assignment): fingerprint(handed, sources[handed.assignment], secret)
        for handed in found
    }
    tasks = [
        task
        for handed in found
        if (
            task := _task(
                handed,
                sources[handed.assignment],
                marks[handed.student, handed.assignment],
                order,
            )
        )
    ]
    _draw_faces(sources[name] for name in names if any(t.grade for t in tasks))
    announce(len(tasks))
    failed: dict[tuple[str, str], str] = {}
    seconds: dict[tuple[str, str], float] = {}

    def finished(task: Task, problem: str, took: float) -> None:
        key = (task.student, task.assignment)
        if problem:
            failed[key] = problem
        else:
            _note(task, sources[task.assignment], marks[key])
        if task.grade:
            seconds[key] = took
        advance(f"{task.student}: {task.assignment}")

    work(tasks, order.jobs, finished)
    keys = set(marks)
    rows = [row for row in read_rows() if (row.student, row.assignment) in keys]
    anew = {(task.student, task.assignment) for task in tasks if task.grade} - set(failed)
    return Graded(rows, anew, failed, seconds)


def prepare(name: str) -> None:
    """Put an assignment into the gradebook as it is now.

    Args:
        name: the assignment.

    Raises:
        CourseError: the gradebook holds submissions of an assignment with other cells.
    """
    config = copy.deepcopy(course_config())
    config.CourseDirectory.release_directory = ".release"
    try:
        generate(config, name)
    except CourseError as error:
        if "Cannot" not in str(error):
            raise
        raise CourseError(
            f"{name} has other cells now than when submissions of it were graded. Keep "
            f"{grading_folder() / 'gradebook.db'} as the record of those, under another name, "
            "and grade anew."
        ) from error


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one grader at a time work in the folder; the system frees the lock when it ends.

    Raises:
        CourseError: another one is at work.
    """
    path = grading_folder() / "records" / "grading.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if not try_to_lock(file):
            raise CourseError(
                f"another course.py grade is at work in {grading_folder()}. Wait until it is done."
            )
        yield


def _draw_faces(sources: Iterable[Source]) -> None:
    """Draw the faces that notebooks load once, so that no student's cell has to wait for them."""
    cells = (cell for source in sources for cell in source.notebook.cells)
    if any("load_faces(" in cell.source for cell in cells):
        load_faces(source="drawn")


def _task(handed: Handed, source: Source, mark: str, order: Order) -> Task | None:
    """Return what has to be done for a submission, or None where nothing has changed."""
    known = notes(handed.student, handed.assignment)
    path = autograded(handed.student, handed.assignment, source.assignment.notebook)
    state = state_of_grades(handed.student, handed.assignment)
    is_known = known.get("fingerprint") == mark and path.exists() and bool(state)
    if order.force or not is_known:
        lay_out(handed, grading_folder() / "submitted", source.assignment.notebook)
        return Task(handed.student, handed.assignment, grade=True, limits=order.limits)
    if (
        known.get("grades") != state
        or not feedback_page(handed.student, handed.assignment, source.assignment.notebook).exists()
    ):
        return Task(handed.student, handed.assignment, grade=False, limits=order.limits)
    return None


def _note(task: Task, source: Source, mark: str) -> None:
    path = autograded(task.student, task.assignment, source.assignment.notebook)
    content = {
        "fingerprint": mark,
        "grades": state_of_grades(task.student, task.assignment),
        "remarks": remarks_of(path),
    }
    write_notes(task.student, task.assignment, content)


def feedback_page(student: str, assignment: str, notebook: str) -> Path:
    """Return where the page for a student lies."""
    return (
        grading_folder() / "feedback" / student / assignment / Path(notebook).with_suffix(".html")
    )
