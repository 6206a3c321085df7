"""An assignment in miniature, and a course of it alone that the real front door runs."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
from nbformat import NotebookNode

REPOSITORY = Path(__file__).resolve().parents[2]
NAME = "small"
NOTEBOOK = "Small.ipynb"
CANARY = "canary_in_a_hidden_test"
SECRET = "a term of the tests"

ITEMS = """\
assignment = "small"
title = "A small assignment"
notebook = "Small.ipynb"
lesson = "0_small"
minutes = 5
submitted_files = ["numbers.txt"]

[objectives]
add = { text = "add numbers", section = "Adding" }
explain = { text = "explain adding", section = "Adding" }
"""

_ITEM = """
[[item]]
id = "{id}"
title = "{title}"
objective = "{objective}"
points = {points}
graded = "{graded}"
{function}hints = ["Think.", "Think of each number.", "Go through the numbers one by one."]
"""

_MISCONCEPTION = """\
[[item.misconceptions]]
id = "{id}"
text = "{text}"
"""

TESTED = {
    "total": "sum(numbers)",
    "largest": "max(numbers)",
    "count": "len(numbers)",
    "doubled": "[2 * number for number in numbers]",
    "smallest": "min(numbers)",
    "halved": "[number / 2 for number in numbers]",
    "squares": "sum([number**2 for number in numbers])",
    "mean": "sum(numbers) / len(numbers)",
}
"""Each item's function by its id, and its answer as an expression of the list ``numbers``."""


def wrong_answer(item: str, misconception: str) -> str:
    """Return a wrong answer's whole cell."""
    part = {"forgets-last": "numbers[:-1]", "forgets-first": "numbers[1:]"}[misconception]
    if item == "largest":  # the largest is often the same without one number
        part = {"forgets-last": "numbers[:1]", "forgets-first": "numbers[1:2]"}[misconception]
    if item == "smallest":
        part = {"forgets-last": "numbers[-1:]", "forgets-first": "numbers[1:]"}[misconception]
    expression = TESTED[item].replace("(numbers)", f"({part})").replace("in numbers", f"in {part}")
    return f"# Looks at some of the numbers only.\ndef {item}(numbers):\n    return {expression}\n"


def items_toml() -> str:
    """Return the text of items.toml."""
    text = ITEMS
    for item in TESTED:
        text += _ITEM.format(
            id=item,
            title=f"The {item}",
            objective="add",
            points=2,
            graded="tests",
            function=f'function = "{item}"\n',
        )
        for name in ("forgets-last", "forgets-first"):
            text += _MISCONCEPTION.format(id=name, text="looks at some of the numbers only")
    for item in ("why", "when"):
        text += _ITEM.format(
            id=item,
            title=f"Say {item}",
            objective="explain",
            points=3,
            graded="by hand",
            function="",
        )
    return text


def code(source: str, name: str, **grading: object) -> NotebookNode:
    """Return a code cell, known to nbgrader where anything is said of grading."""
    cell = nbformat.v4.new_code_cell(source, id=name)
    if grading:
        cell.metadata["nbgrader"] = _metadata(name, **grading)
    return cell


def text(source: str, name: str, **grading: object) -> NotebookNode:
    """Return a text cell, known to nbgrader where anything is said of grading."""
    cell = nbformat.v4.new_markdown_cell(source, id=name)
    if grading:
        cell.metadata["nbgrader"] = _metadata(name, **grading)
    return cell


def _metadata(name: str, **grading: object) -> dict[str, object]:
    defaults = {"schema_version": 3, "grade": False, "solution": False, "locked": False}
    return {**defaults, "task": False, "grade_id": name, **grading}


def _solution(item: str, answer: str) -> str:
    return (
        f'def {item}(numbers):\n    """Return the {item} of numbers."""\n'
        f"    # TODO: use each of the numbers.\n    ### BEGIN SOLUTION\n    return {answer}\n"
        "    ### END SOLUTION"
    )


def _test(item: str, answer: str) -> str:
    return f"""\
from fercourse.learn import check

with check("{item}") as checked:
    numbers = [1, 2, 3]
    checked.equal({item}([1, 2, 3]), {answer}, "{item}([1, 2, 3])")
    ### BEGIN HIDDEN TESTS
    numbers = checked.hidden().permutation(range(1, 41)).tolist()[:30]
    {CANARY} = {answer}
    print("{CANARY}", "printed")
    checked.equal({item}(list(numbers)), {CANARY}, "{CANARY} of {item}")
    ### END HIDDEN TESTS"""


def solution_notebook() -> NotebookNode:
    """Return the notebook with its answers and hidden tests."""
    cells = [
        text("# A small assignment", "title"),
        code("import math", "setup", locked=True),
    ]
    for item, answer in TESTED.items():
        cells += [
            text(f"## The {item}", f"about-{item}"),
            code(_solution(item, answer), item, solution=True),
            code(_test(item, answer), f"test-{item}", grade=True, locked=True, points=2),
        ]
    cells.append(
        code("from fercourse.learn import attempt\nattempt('total', total, [4, 5])", "try-total")
    )
    for item in ("why", "when"):
        answer = f"Because.\n\n**Marking scheme**: 3 points for the {item}."
        cells += [
            text(f"## Say {item}", f"about-{item}"),
            text(answer, item, grade=True, solution=True, points=3),
        ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def write_solution(folder: Path) -> None:
    """Write the assignment with its answers into a folder."""
    folder.mkdir(parents=True)
    nbformat.write(solution_notebook(), folder / NOTEBOOK)
    (folder / "items.toml").write_text(items_toml())
    (folder / "reference_values.json").write_text('{"drawn": {"total": 9}}\n')


def write_lesson(folder: Path) -> None:
    """Write the lesson that belongs to it."""
    folder.mkdir()
    lesson = nbformat.v4.new_notebook(cells=[text("# Numbers\n\n## Adding", "title")])
    nbformat.write(lesson, folder / "0_small.ipynb")


def small_source():
    """Return the assignment as the course reads it."""
    from autograder.sources import Source

    from fercourse.learn.items import _assignment

    return Source(Path("small"), _assignment(tomllib.loads(items_toml())), solution_notebook())


class SmallCourse:
    """A checkout whose only assignment is the small one.

    Args:
        root: where to make it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        ignored = shutil.ignore_patterns("__pycache__", "wrong_answers", "work")
        shutil.copytree(REPOSITORY / "src", root / "src", ignore=ignored)
        shutil.copytree(REPOSITORY / "autograder", root / "autograder", ignore=ignored)
        for name in ("course.py", "pyproject.toml"):
            shutil.copy(REPOSITORY / name, root)
        write_solution(root / "solutions" / NAME)
        write_lesson(root / "lessons")
        (root / "docs").mkdir()
        for item in TESTED:
            folder = root / "autograder/wrong_answers" / NAME / item
            folder.mkdir(parents=True)
            for name in ("forgets-last", "forgets-first"):
                (folder / f"{name}.py").write_text(wrong_answer(item, name))

    def run(self, *command: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """Run a Python command in the course's folder."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("FERCOURSE_", "PYTHON"))}
        environment = {**kept, "PYTHONPATH": str(self.root / "src"), **changes}
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env={"FERCOURSE_TERM_SECRET": SECRET, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def course(self, *arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """Run ``course.py``."""
        return self.run("course.py", *arguments, **changes)


def handed_out() -> NotebookNode:
    """Return the notebook as students get it."""
    from autograder.released import released

    return released(solution_notebook())


def answered(**answers: str) -> NotebookNode:
    """Return the starter with right answers, but for those named.

    Args:
        answers: for each item that is answered otherwise, the source of its cell; the name has
            the item's id.
    """
    notebook = handed_out()
    rights = {cell.id: cell.source for cell in solution_notebook().cells}
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
        elif cell.id in TESTED:
            cell.source = rights[cell.id]
    return notebook


def cell_of(notebook: NotebookNode, name: str) -> NotebookNode:
    """Return a notebook's cell by its id."""
    return next(cell for cell in notebook.cells if cell.id == name)
