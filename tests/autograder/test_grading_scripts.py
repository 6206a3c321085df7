"""Programs that students hand in beside the notebook, through ``course.py grade``."""

import csv
import os
import subprocess
import sys

import nbformat
import pytest
from autograder.released import released
from autograder.scripts import with_function
from autograder.sources import answer_stub
from small_assignment import TESTED, SmallCourse, wrong_answer
from test_scripts import SCRIPT, small_notebook, small_script, write_small

RIGHT = small_script()
ENDLESS = "def largest(numbers):\n    while True:\n        pass\n"

HANDED = {
    "ada": RIGHT,
    "bob": answer_stub(RIGHT),
    "cy": with_function(RIGHT, "total", wrong_answer("total", "forgets-last")),
    "dee": RIGHT + "def broken(:\n",
    "eve": RIGHT + "while True:\n    pass\n",
    "fay": RIGHT + "import cv2\n\ncamera = cv2.VideoCapture(0)\n",
    "gil": None,
    "hal": with_function(RIGHT, "largest", ENDLESS),
    "ivy": RIGHT + "import cv2\n\ncv2.imshow('numbers', None)\n",
    "jo": RIGHT + "import sys\n\nsys.exit()\n",
    "kim": with_function(RIGHT, "mean", "def average(numbers):\n    return 0\n"),
}
"""What each hands in as the program; None: no program at all."""

SENTENCES = {
    "bob": "not attempted yet",
    "dee": f"{SCRIPT} is not Python yet. Line",
    "eve": "is there a loop outside of functions?",
    "fay": "opens a camera or a video when it is imported",
    "gil": f"{SCRIPT} is missing",
    "ivy": "opens a window when it is imported",
    "jo": "ends Python when it is imported",
}
"""What the pages of those say who earn nothing by tests."""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = SmallCourse(tmp_path_factory.mktemp("grade") / "course")
    write_small(course)
    # Ten seconds of patience for each endless program would be ten seconds of these tests.
    loading = course.root / "src/fercourse/learn/scripts.py"
    loading.write_text(loading.read_text().replace("PATIENCE = 10.0", "PATIENCE = 2.0"))
    for student, script in HANDED.items():
        notebook = released(small_notebook())
        for cell in notebook.cells:
            if cell.id == "why":
                cell.source = "Because it adds."
        folder = course.root / "handed" / student / "small"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "Small.ipynb")
        if script is not None:
            (folder / SCRIPT).write_text(script)
    renamed = course.root / "handed/ada/small" / SCRIPT
    renamed.rename(renamed.with_name("Small-Program (1).py"))
    course.done = course.course("grade", "--submitted", "handed", "--timeout", "8", "--jobs", "2")
    return course


@pytest.fixture(scope="module")
def earned(course):
    """What each student earned for each exercise."""
    assert course.done.returncode == 0, course.done.stdout + course.done.stderr
    with (course.root / "autograder/grades.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["student"]: {item: float(row[f"small/{item}"]) for item in TESTED}
            for row in csv.DictReader(file)
        }


def page(course: SmallCourse, student: str) -> str:
    return (course.root / f"autograder/feedback/{student}/small/Small.html").read_text()


ALL = dict.fromkeys(TESTED, 2.0)


def test_the_right_program_earns_everything(earned):
    assert earned["ada"] == ALL


def test_a_renamed_program_is_taken_and_that_is_said(course, earned):
    assert "Small-Program (1).py was taken for Small-Program.py." in page(course, "ada")


def test_the_program_that_was_handed_in_is_graded_and_not_ours(earned):
    """nbgrader copies files of the solution over those handed in; this one it has to leave."""
    assert earned["cy"] == ALL | {"total": 0.0}


@pytest.mark.parametrize("student", SENTENCES)
def test_a_program_that_cannot_be_used_earns_nothing_and_its_author_reads_why(
    student, course, earned
):
    assert earned[student] == dict.fromkeys(TESTED, 0.0)
    assert page(course, student).count(SENTENCES[student]) >= len(TESTED)


@pytest.mark.parametrize("student", HANDED)
def test_answers_in_words_are_graded_whatever_the_program_does(student, course):
    assert "A person grades this answer." in page(course, student)


def test_a_function_that_never_ends_costs_its_own_points(course, earned):
    assert earned["hal"] == ALL | {"largest": 0.0}
    assert "is there a loop that never ends?" in page(course, "hal")


def test_a_function_of_another_name_costs_its_own_points(course, earned):
    assert earned["kim"] == ALL | {"mean": 0.0}
    assert "has no mean any more" in page(course, "kim")


def test_a_page_shows_the_students_own_functions_and_nobody_elses(course, earned):
    assert "def total(numbers):" in page(course, "cy")
    assert "numbers[:-1]" in page(course, "cy")
    assert "Your answer" in page(course, "ada")
    assert page(course, "bob").count("Your answer") == 1  # the one in words
    for folder in (course.root / "autograder/feedback").iterdir():
        assert [path.name for path in (folder / "small").iterdir()] == ["Small.html"]


def test_a_changed_program_is_graded_anew(course, earned):
    path = course.root / "handed/cy/small" / SCRIPT
    path.write_text(RIGHT)
    done = course.course("grade", "--submitted", "handed", "--student", "cy")
    assert done.returncode == 0, done.stdout + done.stderr
    with (course.root / "autograder/grades.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["student"] == "cy")
    assert float(row["small/total"]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's own command is tried on one system")
def test_plain_nbgrader_leaves_the_program_alone_too(course, earned):
    """``nbgrader autograde`` in the folder autograder, with nothing but nbgrader_config.py."""
    path = course.root / "autograder/submitted/ada/small" / SCRIPT
    path.write_text(HANDED["cy"])
    environment = {**os.environ, "PYTHONPATH": str(course.root / "src")}
    environment["FERCOURSE_TERM_SECRET"] = "a term"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "small", "--student", "ada", "--force"],
        cwd=course.root / "autograder",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    graded = course.root / "autograder/autograded/ada/small"
    assert (graded / SCRIPT).read_text() == HANDED["cy"]
    total = next(
        cell
        for cell in nbformat.read(graded / "Small.ipynb", as_version=4).cells
        if cell.id == "test-total"
    )
    assert "CheckFailed" in str(total.outputs)
