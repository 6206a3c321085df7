"""Starters are made from solutions alone, tell nothing, and nothing is left out of them."""

import copy
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from autograder.house import problems
from autograder.leaks import leaks, without_misconceptions
from autograder.objectives import table
from autograder.release import make, same_files
from autograder.sources import CODE_STUB, TEXT_STUB, assignment_names, read_source
from small_assignment import (
    CANARY,
    SmallCourse,
    cell_of,
    handed_out,
    items_toml,
    small_source,
    solution_notebook,
    text,
    write_lesson,
    write_solution,
)

from fercourse.errors import CourseError

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "solutions"
ASSIGNMENTS = assignment_names(SOLUTIONS)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_nothing_is_amiss_in_an_assignment(name):
    """From each objective a way leads to a lesson, an exercise, its tests, hints and points."""
    assert problems(read_source(SOLUTIONS, name), ROOT / "lessons") == []


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_starter_is_what_the_solution_makes(name, tmp_path):
    assert same_files(make(name, tmp_path), ROOT / "starter" / name), "run `course.py release`"


@pytest.mark.skipif(not ASSIGNMENTS, reason="there are no assignments yet")
def test_the_table_of_objectives_is_what_the_assignments_make():
    sources = [read_source(SOLUTIONS, name) for name in ASSIGNMENTS]
    assert (ROOT / "docs/objectives.md").read_text(encoding="utf-8") == table(sources)


@pytest.mark.skipif(not ASSIGNMENTS, reason="there are no assignments yet")
def test_every_starter_has_a_solution():
    starters = {path.name for path in (ROOT / "starter").iterdir() if path.is_dir()}
    assert starters == set(ASSIGNMENTS)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = SmallCourse(tmp_path_factory.mktemp("release") / "course")
    solution = course.root / "solutions/small"
    (solution / "answers.py").write_text("TOTAL = 9\n")
    (solution / "numbers.txt").write_text("what students are to hand in")
    notebook = solution_notebook()
    notebook.metadata["celltoolbar"] = "Create Assignment"
    notebook.metadata["author"] = f"knows the {CANARY}"
    total = cell_of(notebook, "total")
    total.metadata["tags"] = [CANARY]
    total.outputs = [nbformat.v4.new_output("stream", text=f"{CANARY} printed")]
    nbformat.write(notebook, solution / "Small.ipynb")
    return course


def test_code_beside_a_solution_stops_the_release(course):
    done = course.course("release")
    assert done.returncode == 2
    assert "answers.py is code" in done.stderr
    assert not (course.root / "starter").exists()


def test_a_release_holds_the_stubs_the_data_and_no_more(course):
    (course.root / "solutions/small/answers.py").unlink()
    assert course.course("release", "--check").returncode == 1
    done = course.course("release")
    assert done.returncode == 0, done.stderr
    assert "made anew" in done.stdout
    starter = course.root / "starter/small"
    files = {path.name for path in starter.iterdir()}
    assert files == {"Small.ipynb", "items.toml", "reference_values.json"}
    written = (starter / "Small.ipynb").read_text()
    for secret in (CANARY, "BEGIN", "Marking", "return [", "Because", "celltoolbar"):
        assert secret not in written
    notebook = nbformat.read(starter / "Small.ipynb", as_version=4)
    assert notebook.cells == handed_out().cells, "nbgrader and our own short way agree"
    assert CODE_STUB in cell_of(notebook, "total").source
    assert "TODO" in cell_of(notebook, "total").source
    assert cell_of(notebook, "why").source == TEXT_STUB
    assert "Adding" in (course.root / "docs/objectives.md").read_text()
    handed = tomllib.loads((starter / "items.toml").read_text())
    source = tomllib.loads((course.root / "solutions/small/items.toml").read_text())
    for item in source["item"]:
        item.pop("misconceptions", None)
    assert handed == source, "what people get wrong tells what hidden tests try"


def test_mistakes_written_in_another_way_stop_the_release():
    inline = items_toml().replace('hints = ["', 'misconceptions = [{ id = "a" }]\nhints = ["', 1)
    inline = inline.partition("[[item.misconceptions]]")[0]
    with pytest.raises(CourseError, match="a table"):
        without_misconceptions(inline)


def test_the_same_solution_makes_the_same_bytes(course):
    first = (course.root / "starter/small/Small.ipynb").read_bytes()
    assert "as it was" in course.course("release").stdout
    assert course.course("release", "--check").returncode == 0
    (course.root / "starter/small/Small.ipynb").unlink()
    assert "made anew" in course.course("release").stdout
    assert (course.root / "starter/small/Small.ipynb").read_bytes() == first


def test_a_solution_that_tells_is_not_released_and_the_old_starter_stays(course):
    path = course.root / "solutions/small/Small.ipynb"
    before = (course.root / "starter/small/Small.ipynb").read_bytes()
    right = path.read_text()
    try:
        path.write_text(
            right.replace("# A small assignment", "return [number / 2 for number in numbers]")
        )
        done = course.course("release")
    finally:
        path.write_text(right)
    assert done.returncode == 2
    assert "still stands in the starter" in done.stderr
    assert (course.root / "starter/small/Small.ipynb").read_bytes() == before


def test_nbgrader_itself_refuses_to_release_what_tells(course):
    path = course.root / "solutions/small/Small.ipynb"
    right = path.read_text()
    notebook = solution_notebook()
    notebook.cells.append(text(f"    {CANARY} = sum(numbers) / len(numbers)", "says-it"))
    try:
        nbformat.write(notebook, path)
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", "generate_assignment", "small", "--force"],
            cwd=course.root / "autograder",
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        path.write_text(right)
    assert done.returncode != 0
    assert "a line of hidden tests of mean still stands" in done.stderr
    assert course.course("release").returncode == 0


def test_a_line_that_is_shown_anyway_tells_nothing():
    source = solution_notebook()
    test = cell_of(source, "test-total")
    shown = '    checked.equal(total([1, 2, 3]), sum(numbers), "total([1, 2, 3])")'
    assert shown in test.source
    test.source = test.source.replace("    ### END HIDDEN", f"{shown}\n    ### END HIDDEN")
    assert leaks(source, handed_out()) == []


class _Notebook:
    """The small solution, changed step by step."""

    def __init__(self) -> None:
        self.notebook = copy.deepcopy(solution_notebook())

    def replace(self, name: str, old: str, new: str) -> "_Notebook":
        cell = cell_of(self.notebook, name)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)
        return self

    def metadata(self, name: str, **changes: object) -> "_Notebook":
        cell_of(self.notebook, name).metadata.nbgrader.update(changes)
        return self

    def delete(self, name: str) -> "_Notebook":
        self.notebook.cells = [cell for cell in self.notebook.cells if cell.id != name]
        return self


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda n: n.replace("total", "TODO", "Note"), "has no TODO"),
        (lambda n: n.replace("total", "BEGIN SOLUTION", "END SOLUTION"), "marks no solution"),
        (lambda n: n.replace("total", "def total", "def sum_up"), "does not define total"),
        (lambda n: n.delete("test-total"), "total has no test cell test-total"),
        (lambda n: n.delete("total"), "total has no solution cell"),
        (lambda n: n.delete("why"), "why has no cell"),
        (lambda n: n.metadata("test-total", points=5), "worth 2 points in items.toml and 5"),
        (lambda n: n.metadata("why", points=1), "worth 3 points in items.toml and 1"),
        (lambda n: n.replace("why", "Marking scheme", "Points"), "why has no marking scheme"),
        (lambda n: n.replace("test-total", ".hidden()", ".is_hidden"), "draw nothing from"),
        (
            lambda n: n.replace(
                "test-total", "    ### END HIDDEN TESTS", "    ### END HIDDEN TESTS\n1"
            ),
            "the last line of its tests is an expression",
        ),
        (lambda n: n.replace("test-total", "numbers = [1", "mean = [1"), "use the name mean"),
        (lambda n: n.replace("test-total", "sum(numbers),", "mean(numbers),"), "call mean"),
        (lambda n: n.metadata("test-total", grade_id="test-other"), "belongs to no item"),
    ],
)
def test_a_fault_of_an_assignment_is_named(change, said, tmp_path):
    write_solution(tmp_path / "solutions/small")
    write_lesson(tmp_path / "lessons")
    changed = _Notebook()
    change(changed)
    nbformat.write(changed.notebook, tmp_path / "solutions/small/Small.ipynb")
    found = problems(read_source(tmp_path / "solutions", "small"), tmp_path / "lessons")
    assert said in "\n".join(found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Think.", ', "", "2 different hints"),
        ('"Think."', '" "', "2 different hints"),
        ('section = "Adding" }\nexplain', 'section = "Gone" }\nexplain', "no heading “Gone”"),
        ('objective = "explain"', 'objective = "add"', "the objective explain has no item"),
        ("0_small", "0_gone", "there is no lesson 0_gone.ipynb"),
        ('assignment = "small"', 'assignment = "tiny"', "items.toml calls it tiny"),
        ('title = "The total"', 'title = "The mean"', "2 items are called “The mean”"),
        ('graded = "by hand"', 'graded = "tests"\nfunction = "f"', "graded by hand; there have"),
        ('id = "forgets-first"', 'id = "forgets-last"', "names a misconception twice"),
    ],
)
def test_a_fault_of_items_toml_is_named(old, new, said, tmp_path):
    write_solution(tmp_path / "solutions/small")
    write_lesson(tmp_path / "lessons")
    path = tmp_path / "solutions/small/items.toml"
    assert old in path.read_text()
    count = -1 if "objective" in old else 1
    path.write_text(path.read_text().replace(old, new, count))
    found = problems(read_source(tmp_path / "solutions", "small"), tmp_path / "lessons")
    assert said in "\n".join(found)


def test_an_assignment_as_it_should_be_has_no_faults(tmp_path):
    write_solution(tmp_path / "solutions/small")
    write_lesson(tmp_path / "lessons")
    source = read_source(tmp_path / "solutions", "small")
    assert problems(source, tmp_path / "lessons") == []
    (tmp_path / "solutions/small/notes.txt").write_text("x")
    assert "notes.txt is not expected" in "\n".join(problems(source, tmp_path / "lessons"))


def test_the_table_has_a_row_for_each_item():
    page = table([small_source()])
    for item in small_source().assignment.items.values():
        assert item.title in page
    assert "| `test-total` | 2 |" in page
    assert "| by hand | 3 |" in page
