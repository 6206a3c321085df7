"""The assignments as they are written: notebooks with answers and hidden tests in solutions/."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions
from nbgrader.utils import is_grade, is_solution

from fercourse.errors import CourseError
from fercourse.learn.items import FILE, Assignment, read_items
from fercourse.workspace import repository_root

TEST_PREFIX = "test-"
CODE_STUB = 'raise NotImplementedError("not done yet: write your code in place of this line")'
TEXT_STUB = "YOUR ANSWER HERE"


@dataclass(frozen=True)
class Source:
    """An assignment with its answers.

    Attributes:
        folder: where it lies.
        assignment: what its ``items.toml`` says.
        notebook: its notebook.
        script: the program beside it with its answers; empty where there is none.
    """

    folder: Path
    assignment: Assignment
    notebook: NotebookNode
    script: str = ""


def course_folder() -> Path:
    """Return the folder of the whole course.

    Raises:
        CourseError: only the package is installed, not the course.
    """
    root = repository_root()
    if root is None:
        raise CourseError("the assignments are not here, only the course's package.")
    return root


def grading_folder() -> Path:
    """Return the folder with submissions, results and the gradebook."""
    return course_folder() / "autograder"


def solutions_folder() -> Path:
    """Return the folder with the assignments and their answers."""
    return course_folder() / "solutions"


def assignment_names(solutions: Path) -> list[str]:
    """Return the names of the assignments that lie in a folder such as solutions/."""
    return sorted(path.parent.name for path in solutions.glob(f"*/{FILE}"))


def read_source(solutions: Path, name: str) -> Source:
    """Read an assignment with its answers.

    Args:
        solutions: the folder of all assignments.
        name: the assignment's name.

    Raises:
        CourseError: there is no such assignment, or it cannot be read.
    """
    folder = solutions / name
    if not folder.is_dir():
        there = ", ".join(assignment_names(solutions)) or "none"
        raise CourseError(f"there is no assignment {name!r}. Those in {solutions}: {there}.")
    assignment = read_items(folder)
    notebook = read_notebook(folder / assignment.notebook)
    return Source(folder, assignment, notebook, read_script(folder, assignment))


def read_script(folder: Path, assignment: Assignment) -> str:
    """Read the program that belongs to an assignment of ours; empty where none does.

    Args:
        folder: the assignment's.
        assignment: what its ``items.toml`` says.

    Raises:
        CourseError: it is missing or is no text.
    """
    if not assignment.script:
        return ""
    try:
        return (folder / assignment.script).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CourseError(f"{folder / assignment.script} cannot be read: {error}.") from error


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook of ours.

    Raises:
        CourseError: it is missing or is none.
    """
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise CourseError(f"{path} is missing.") from error
    except Exception as error:  # nbformat raises many kinds
        raise CourseError(f"{path} is not a notebook ({type(error).__name__}: {error}).") from error


def grade_id(cell: NotebookNode) -> str:
    """Return the name that nbgrader knows a cell by; empty where it knows none."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def is_test(cell: NotebookNode) -> bool:
    """Return whether a cell holds an item's tests."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def is_answer(cell: NotebookNode) -> bool:
    """Return whether a student writes this cell's code."""
    return cell.cell_type == "code" and is_solution(cell)


def is_by_hand(cell: NotebookNode) -> bool:
    """Return whether a person grades what a student writes in this cell."""
    return is_grade(cell) and is_solution(cell)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return a notebook's cells with code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def answer_stub(source: str) -> str:
    """Return the code that a student starts from, cleared as nbgrader clears it.

    Args:
        source: the code of a solution cell or of a whole program, with its solution regions.
            Of nothing, nothing is left.
    """
    if not source:
        return ""
    cell = nbformat.v4.new_code_cell(source, metadata={"nbgrader": {"solution": True}})
    clear = ClearSolutions(code_stub={"python": CODE_STUB}, text_stub=TEXT_STUB)
    cleared, _ = clear.preprocess_cell(cell, {"language": "python"}, 0)
    return str(cleared.source)
