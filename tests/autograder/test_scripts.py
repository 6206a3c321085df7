"""Answers may stand in a program beside the notebook; then it is handed out without them."""

import nbformat
import pytest
from autograder.house import problems
from autograder.leaks import leaks
from autograder.scripts import function_of, with_function
from autograder.sources import CODE_STUB, read_source
from small_assignment import (
    TESTED,
    SmallCourse,
    items_toml,
    solution_notebook,
)

PROGRAM = '''\
"""A program."""

import math


@math.nothing
def first(a):
    """Do it."""
    # TODO: do it.
    ### BEGIN SOLUTION
    answer_that_nobody_may_see = a + 1
    return answer_that_nobody_may_see
    ### END SOLUTION


# Between them.
def second(a):
    return first(a)
'''


def test_a_function_is_found_with_its_decorators_and_the_marks_at_its_end():
    code = function_of(PROGRAM, "first")
    assert code.startswith("@math.nothing\ndef first(a):")
    assert code.endswith("    ### END SOLUTION\n")
    assert function_of(PROGRAM, "second") == "def second(a):\n    return first(a)\n"
    assert function_of(PROGRAM, "third") == ""
    assert function_of("def broken(:", "broken") == ""


def test_a_function_is_replaced_and_nothing_else():
    changed = with_function(PROGRAM, "first", "# Wrong.\ndef first(a):\n    return 0")
    assert function_of(changed, "first") == "def first(a):\n    return 0\n"
    assert function_of(changed, "second") == function_of(PROGRAM, "second")
    assert with_function(PROGRAM, "first", function_of(PROGRAM, "first")) == PROGRAM
    with pytest.raises(ValueError, match="no function third"):
        with_function(PROGRAM, "third", "")


def test_a_line_of_an_answer_in_the_script_leaks_wherever_it_stands():
    empty = nbformat.v4.new_notebook()
    telling = "    answer_that_nobody_may_see = a + 1\n"
    shown = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(telling)])
    assert leaks(empty, empty, PROGRAM, "def first(a):\n    pass\n") == []
    assert "the answers in the script" in str(leaks(empty, empty, PROGRAM, telling))
    assert "the answers in the script" in str(leaks(empty, shown, PROGRAM, ""))
    assert "BEGIN SOLUTION" in str(leaks(empty, empty, "", "### BEGIN SOLUTION"))


SCRIPT = "Small-Program.py"


def small_script() -> str:
    """Return the small assignment's answers as a program."""
    cells = {cell.id: cell.source for cell in solution_notebook().cells}
    return '"""All about numbers."""\n\n\n' + "\n\n\n".join(cells[item] for item in TESTED) + "\n"


def small_notebook():
    """Return its notebook, with tests that call the program."""
    notebook = solution_notebook()
    notebook.cells = [
        cell for cell in notebook.cells if cell.id not in TESTED and cell.id != "try-total"
    ]
    for cell in notebook.cells:
        if cell.id.startswith("test-"):
            item = cell.id.removeprefix("test-")
            cell.source = cell.source.replace(
                "from fercourse.learn import check\n",
                "from fercourse.learn import check, load_script\n"
                f'script = load_script("{SCRIPT}")\n',
            ).replace(f"checked.equal({item}(", f"checked.equal(script.{item}(")
    return notebook


def write_small(course: SmallCourse) -> None:
    """Let the answers of the small assignment stand in a program."""
    folder = course.root / "solutions/small"
    nbformat.write(small_notebook(), folder / "Small.ipynb")
    (folder / SCRIPT).write_text(small_script())
    toml = items_toml().replace("submitted_files", f'script = "{SCRIPT}"\nsubmitted_files')
    (folder / "items.toml").write_text(toml)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = SmallCourse(tmp_path_factory.mktemp("scripts") / "course")
    write_small(course)
    return course


def test_a_release_holds_the_program_without_its_answers(course):
    done = course.course("release")
    assert done.returncode == 0, done.stderr
    starter = course.root / "starter/small"
    handed = (starter / SCRIPT).read_text()
    assert handed.count(CODE_STUB) == handed.count("# TODO") == len(TESTED)
    assert "SOLUTION" not in handed
    assert "for number in numbers" not in handed
    compile(handed, SCRIPT, "exec")
    assert "forgets" not in (starter / "items.toml").read_text()


def test_the_same_program_makes_the_same_bytes(course):
    course.course("release")
    path = course.root / "starter/small" / SCRIPT
    first = path.read_bytes()
    assert course.course("release", "--check").returncode == 0
    path.unlink()
    assert course.course("release", "--check").returncode == 1
    course.course("release")
    assert path.read_bytes() == first


def test_what_nbgrader_itself_copies_is_cleared_too(course):
    """``nbgrader generate_assignment`` copies the program as it is, and then calls our hook."""
    course.course("release")
    path = course.root / "starter/small" / SCRIPT
    released = path.read_bytes()
    path.write_bytes((course.root / "solutions/small" / SCRIPT).read_bytes())
    hook = (
        "import sys; sys.path.append('.'); from autograder.settings import course_config; "
        "course_config().GenerateAssignment.post_convert_hook(notebooks=['solutions/small/S.ipynb'])"
    )
    done = course.run("-c", hook)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == released


def test_a_program_without_a_todo_or_a_function_stops_the_release(course):
    folder = course.root / "solutions"
    path = folder / "small" / SCRIPT
    try:
        path.write_text(
            small_script()
            .replace("def total(", "def other(")
            .replace("    # TODO: use each of the numbers.\n", "", 2)
        )
        found = " ".join(problems(read_source(folder, "small"), course.root / "lessons"))
    finally:
        path.write_text(small_script())
    assert "total: what is handed out does not define total" in found
    assert "largest: what is handed out has no TODO" in found


def test_the_bank_tries_wrong_functions_in_the_program(course):
    done = course.run("-m", "autograder.bank", "small", "--seeds", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "16 wrong answers" in done.stdout
    wrong = course.root / "autograder/wrong_answers/small/mean/forgets-last.py"
    before = wrong.read_text()
    try:
        wrong.write_text(
            "# Is right.\ndef mean(numbers):\n    return sum(numbers) / len(numbers)\n"
        )
        done = course.run("-m", "autograder.bank", "small", "--seeds", "3", "--item", "mean")
    finally:
        wrong.write_text(before)
    assert "mean/forgets-last.py passes under 3 of 3 secrets" in " ".join(done.stdout.split())
