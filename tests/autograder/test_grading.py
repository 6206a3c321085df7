"""Students' notebooks through the real front door, with every fault that they come with."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from autograder import grading
from small_assignment import (
    CANARY,
    TESTED,
    SmallCourse,
    answered,
    cell_of,
    code,
    handed_out,
    small_source,
    text,
)

from fercourse.errors import CourseError

ALL = dict.fromkeys(TESTED, 2.0)

RUNNING_FAULTS = {
    "total": "def total(numbers):\n    import os\n    os._exit(3)",
    "largest": "def largest(numbers):\n    while True:\n        pass",
    "count": (
        "import sys\n\n\ndef count(numbers):\n    print('x' * 99, file=sys.stderr)\n"
        "    print('y' * 3_000_000)\n    return len(numbers)"
    ),
    "doubled": "def doubled(numbers):\n    exit()",
    "smallest": "def smallest(numbers):\n    return min([int(input('which? ')), *numbers])",
    "halved": (
        "def halved(numbers):\n    import numpy\n    return list(numpy.ones((10**6, 10**7)))"
    ),
    "squares": "def squares(numbers)\n    return 1",
    "mean": (
        "import matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nplt.show()\n"
        "open('made_by_the_notebook.txt', 'w').write('left')\n\n\n"
        "def mean(numbers):\n    return sum(numbers) / len(numbers)"
    ),
}
"""Answers that harm the notebook they stand in; `count` and `mean` are right all the same."""

HARMS_ITS_FOLDER = {
    "total": (
        "import os\n\nassert os.environ['FERCOURSE_FER2013'] == 'drawn'\n"
        "assert not [name for name in os.listdir() if name.endswith('.ipynb')]\n\n\n"
        "def total(numbers):\n    return sum(numbers)"
    ),
    "largest": (
        "import sys\n\nif sys.platform == 'linux':\n    try:\n"
        "        open('large', 'wb').truncate(600_000_000)\n    except OSError:\n        pass\n"
        "    else:\n        raise ValueError('there is no limit')\n\n\n"
        "def largest(numbers):\n    return max(numbers)"
    ),
    "mean": (
        "import shutil\n\nopen('Small.html', 'w').write('forged')\n"
        "open('other.html', 'w').write('forged')\nshutil.rmtree(os.getcwd())\n\n\n"
        "def mean(numbers):\n    return sum(numbers) / len(numbers)"
    ),
}
"""What a notebook may do to files; only `mean`, whose tests find no folder, loses points by it."""

STUBBORN = (
    "def total(numbers):\n    while True:\n        try:\n            while True:\n"
    "                pass\n        except BaseException:\n            pass"
)
"""A loop that cannot be interrupted."""


def _put(folder: Path, notebook) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / "Small.ipynb")


def _repairable():
    """Return a right notebook that lost, copied, moved and changed cells."""
    handed = answered(why="Because it adds.", when="Always.")

    def place(name):
        return [cell.id for cell in handed.cells].index(name)

    copied = code("def total(numbers):\n    return -1", "copied", solution=True)
    copied.metadata.nbgrader.grade_id = "total"
    handed.cells.insert(place("total") + 1, copied)
    handed.cells.pop(place("test-count"))
    cell_of(handed, "test-doubled").source = "pass"
    handed.cells.pop(place("smallest"))
    cell_of(handed, "halved").metadata.pop("nbgrader")
    cell_of(handed, "halved")["id"] = "unknown"
    became_text = text(cell_of(handed, "squares").source, "squares")
    became_text.metadata["nbgrader"] = cell_of(handed, "squares").metadata.nbgrader
    handed.cells[place("squares")] = became_text
    handed.cells.insert(1, handed.cells.pop(place("test-mean")))
    return handed


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course and what nine students handed in."""
    course = SmallCourse(tmp_path_factory.mktemp("grade") / "course")
    handed = course.root / "handed"
    _put(handed / "ada/small", answered(why="Because it adds."))
    _put(handed / "bob", handed_out())
    _put(handed / "cy/small", answered(**RUNNING_FAULTS))
    _put(handed / "dee/small", _repairable())
    reads_own = "def total(numbers):\n    return int(open('numbers.txt').read()) + sum(numbers)"
    reads_far = "def count(numbers):\n    return len(open('/home/eve/numbers.txt').read())"
    eve = answered(total=reads_own, count=reads_far, largest=f"x = '{CANARY}'\n1 / 0")
    nbformat.write(eve, _made(handed / "eve") / "final version (2).ipynb")
    (handed / "eve/numbers.txt").write_text("0")
    (handed / "fay.ipynb").write_text('{"cells": [')
    _made(handed / "gus/small")
    shutil.copy(handed / "bob/Small.ipynb", handed / "Hal [2].ipynb")
    ivy = handed / "ivy/small"
    _put(ivy, answered(**HARMS_ITS_FOLDER))
    for name in ("Small.html", "other.html", "timestamp.txt"):
        (ivy / name).write_text("forged")
    return course


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def graded(course):
    """The course after the first run of the grader."""
    options = ("--timeout", "4", "--jobs", "2", "--output", "results")
    course.said = course.course("grade", "--submitted", "handed", *options)
    return course


def _rows(course):
    with (course.root / "autograder/grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def _items(row):
    return {
        name.removeprefix("small/"): float(points)
        for name, points in row.items()
        if name.startswith("small/") and points
    }


def _page(course, student):
    (page,) = (course.root / "autograder/feedback" / student / "small").iterdir()
    return page.read_text(encoding="utf-8")


def test_every_student_has_a_row_whatever_was_handed_in(graded):
    assert graded.said.returncode == 0, graded.said.stdout + graded.said.stderr
    assert graded.said.stderr == ""
    students = ["Hal _2_", "ada", "bob", "cy", "dee", "eve", "fay", "gus", "ivy"]
    assert list(_rows(graded)) == students
    assert "9 graded." in graded.said.stdout
    for student in students:
        assert student in graded.said.stdout
        assert (graded.root / "results" / student / "small.html").is_file()
    assert (graded.root / "results/grades.csv").read_bytes() == (
        graded.root / "autograder/grades.csv"
    ).read_bytes()


def test_right_answers_earn_all_points_and_words_wait_for_a_person(graded):
    row = _rows(graded)["ada"]
    assert _items(row) == {**ALL, "when": 0}, "`why` waits and is left empty"
    assert (row["score"], row["of"], row["to grade by hand"]) == ("16", "22", "3")
    assert row["remarks"] == ""
    page = _page(graded, "ada")
    assert "to be graded, of 3" in page
    assert "Because it adds." in page
    assert "Not attempted: there is no answer." in page


def test_an_untouched_starter_earns_nothing(graded):
    for student in ("bob", "Hal _2_"):
        row = _rows(graded)[student]
        assert set(_items(row).values()) == {0}
        assert row["remarks"] == ""
    assert "not attempted yet" in _page(graded, "bob")


def test_what_harms_the_notebook_costs_its_own_item_alone(graded):
    """Python ended, an endless loop, exit(), input(), too much memory, a mistake of syntax."""
    row = _rows(graded)["cy"]
    assert _items(row) == {**dict.fromkeys(ALL, 0), "count": 2, "mean": 2, "why": 0, "when": 0}
    assert "test-total ended Python" in row["remarks"]
    assert "test-largest took too long" in row["remarks"]
    assert "test-doubled ended Python" in row["remarks"]
    page = _page(graded, "cy")
    assert "took longer than 4 seconds" in page
    assert "Python ended in the middle of this" in page
    assert "stopped with SyntaxError" in page
    assert "StdinNotImplementedError" in page
    assert "MemoryError" in page


def test_what_became_of_the_cells_is_repaired_and_said(graded):
    row = _rows(graded)["dee"]
    assert _items(row) == {**ALL, "smallest": 0}
    for said in (
        "more than one cell for “The total”",
        "tests of “The count” had been deleted",
        "tests of “The doubled” had been changed",
        "answer to “The smallest” is missing",
        "“The halved” had lost",
        "“The squares” had become text",
        "tests of “The mean” stood before",
    ):
        assert said in row["remarks"]
        assert said in _page(graded, "dee")


def test_a_file_handed_in_is_there_and_one_of_the_students_computer_is_not(graded):
    row = _rows(graded)["eve"]
    assert _items(row) == {**ALL, "count": 0, "largest": 0, "why": 0, "when": 0}
    assert "handed in as final version (2).ipynb" in row["remarks"]
    page = _page(graded, "eve")
    assert "FileNotFoundError" in page
    assert "stopped with ZeroDivisionError: division by zero" in page


def test_what_cannot_be_graded_is_said(graded):
    rows = _rows(graded)
    assert "fay.ipynb cannot be read: it is damaged" in rows["fay"]["remarks"]
    assert "No Small.ipynb was handed in" in rows["gus"]["remarks"]
    for student in ("fay", "gus"):
        assert set(_items(rows[student]).values()) == {0}
        assert "0 of 22 points" in _page(graded, student)


def test_what_a_notebook_does_to_its_folder_harms_nothing_else(graded):
    row = _rows(graded)["ivy"]
    assert _items(row) == {**ALL, "mean": 0, "why": 0, "when": 0}
    assert row["remarks"] == "timestamp.txt holds no time and was left out."
    for folder in ("autograder/feedback", "results"):
        pages = list((graded.root / folder / "ivy").rglob("*.html"))
        assert len(pages) == 1
        assert "14 of 22 points" in pages[0].read_text()
    kept = {path.name for path in (graded.root / "autograder/autograded/ivy/small").iterdir()}
    assert kept == {"Small.ipynb", "items.toml", "reference_values.json"}


def test_one_grader_at_a_time_works_in_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(grading, "grading_folder", lambda: tmp_path)
    with (
        grading._alone(),
        pytest.raises(CourseError, match="is at work in"),
        grading._alone(),
    ):
        pass
    with grading._alone():
        pass


def test_faces_are_drawn_before_a_student_has_to_wait_for_them(monkeypatch):
    asked = []

    def load_faces(*, source):
        asked.append(source)

    monkeypatch.setattr(grading, "load_faces", load_faces)
    source = small_source()
    grading._draw_faces([source])
    assert asked == []
    source.notebook.cells.append(code("faces = load_faces(limit=5)", "faces"))
    grading._draw_faces([source])
    assert asked == ["drawn"]


def test_pages_tell_nothing_of_hidden_tests(graded):
    """Eve's own cell has the word; the tests' source, tracebacks and printing have it too."""
    pages = {path: path.read_text() for path in (graded.root / "autograder/feedback").rglob("*.*")}
    assert len(pages) == 9
    assert {path.suffix for path in pages} == {".html"}, "what the notebook wrote stays behind"
    for path, page in pages.items():
        expected = 1 if "eve" in path.parts else 0
        assert page.count(CANARY) == expected, path
        assert "permutation" not in page
    grader = (graded.root / "autograder/autograded/ada/small/Small.ipynb").read_text()
    assert f"{CANARY} printed" in grader, "the grader sees all"


def test_nbgraders_own_commands_go_on_from_there_and_tell_no_more(graded):
    folder = graded.root / "autograder"

    def nbgrader(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=folder,
            env={**os.environ, "FERCOURSE_TERM_SECRET": "a term of the tests"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done

    scores = _rows(graded)["dee"]["score"]
    nbgrader("autograde", "small", "--student", "dee", "--force")
    shutil.rmtree(folder / "feedback/dee")
    nbgrader("generate_feedback", "small", "--student", "dee", "--force")
    (page,) = (folder / "feedback/dee/small").iterdir()
    assert CANARY not in page.read_text()
    assert f"{scores} of 22 points" in page.read_text()
    nbgrader("export", "--to", "exported.csv")
    with (folder / "exported.csv").open(newline="") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {name: float(row["score"]) for name, row in _rows(graded).items()}


def test_a_second_run_grades_what_has_changed_and_shows_what_a_person_gave(graded):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded.root / 'autograder/gradebook.db'}") as book:
        grade = book.find_grade("why", "Small", "small", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        book.find_comment("why", "Small", "small", "ada").manual_comment = "Well said <b>."
        book.db.commit()
    _put(graded.root / "handed/bob", answered())
    done = graded.course("grade", "--submitted", "handed", "--timeout", "4")
    assert done.returncode == 0, done.stderr
    assert "1 graded, 8 had not changed" in done.stdout
    rows = _rows(graded)
    assert rows["bob"]["score"] == "16"
    assert rows["ada"]["score"] == "18.5"
    assert rows["ada"]["small/why"] == "2.5"
    assert "Well said &lt;b&gt;." in _page(graded, "ada")


def test_one_student_can_be_graded_anew(graded):
    done = graded.course("grade", "small", "--submitted", "handed", "--student", "gus", "--force")
    assert done.returncode == 0, done.stderr
    assert "1 graded." in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("small", "--submitted", "nowhere"), "nowhere is not a folder"),
        (("large", "--submitted", "handed"), "there is no assignment 'large'; there are small"),
        (("--submitted", "handed", "--student", "zed"), "nothing of zed is in"),
    ],
)
def test_a_wrong_request_is_a_sentence(course, arguments, said):
    done = course.course("grade", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_loop_that_cannot_be_interrupted_and_a_flood_end_with_their_cell(tmp_path):
    course = SmallCourse(tmp_path / "course")
    flood = "def largest(numbers):\n    while True:\n        print('x' * 10_000)"
    segfault = "def count(numbers):\n    import ctypes\n    ctypes.string_at(0)"
    _put(
        course.root / "handed/cy",
        answered(total=STUBBORN, largest=flood, count=segfault),
    )
    _put(
        course.root / "handed/dee",
        answered(total="while True:\n    pass", count="import os; os.abort()"),
    )
    done = course.course("grade", "--submitted", "handed", "--timeout", "4")
    assert done.returncode == 0, done.stderr
    rows = _rows(course)
    wrong = {"total": 0, "count": 0, "why": 0, "when": 0}
    assert _items(rows["cy"]) == {**ALL, **wrong, "largest": 0}
    assert _items(rows["dee"]) == {**ALL, **wrong}
    assert "printed too much" in rows["cy"]["remarks"]
    assert "Python was started again" in rows["cy"]["remarks"]


@pytest.mark.slow
def test_a_notebook_that_takes_too_long_as_a_whole_keeps_what_it_earned(tmp_path):
    course = SmallCourse(tmp_path / "course")
    slow = "import time\n\n\ndef mean(numbers):\n    time.sleep(20)"
    slow_cell = "def squares(numbers):\n    import time\n    time.sleep(20)"
    _put(course.root / "handed/cy", answered(mean=slow, squares=slow_cell))
    done = course.course("grade", "--submitted", "handed", "--total", "15")
    assert done.returncode == 0, done.stderr
    row = _rows(course)["cy"]
    assert _items(row)["total"] == 2
    assert _items(row)["mean"] == 0
    assert "the notebook took longer than 15 seconds" in row["remarks"]


@pytest.mark.slow
def test_a_cell_that_is_not_graded_is_named_as_the_notebook_names_it(tmp_path):
    course = SmallCourse(tmp_path / "course")
    handed = answered()
    handed.cells.append(nbformat.v4.new_code_cell("while True:\n    pass", id="own-try"))
    _put(course.root / "handed/cy", handed)
    done = course.course("grade", "--submitted", "handed", "--timeout", "4")
    assert done.returncode == 0, done.stderr
    assert "own-try took too long" in _rows(course)["cy"]["remarks"]


@pytest.mark.slow
def test_cells_that_changed_after_grading_are_refused_in_a_sentence(tmp_path):
    course = SmallCourse(tmp_path / "course")
    _put(course.root / "handed/cy", handed_out())
    assert course.course("grade", "--submitted", "handed").returncode == 0
    path = course.root / "solutions/small/Small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "setup"]
    nbformat.write(notebook, path)
    done = course.course("grade", "--submitted", "handed")
    assert done.returncode == 2
    assert "small has other cells now than when submissions of it were graded" in done.stderr
