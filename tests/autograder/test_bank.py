"""Each assignment's tests tell right answers from wrong ones, whatever the term's secret is."""

import subprocess
import sys
from pathlib import Path

import pytest
from autograder.bank import WrongAnswer, misplaced, wrong_answers
from autograder.sources import assignment_names
from small_assignment import SmallCourse, small_source

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENTS = assignment_names(ROOT / "solutions")


def _bank(name: str, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "autograder.bank", name, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_bank_finds_nothing_amiss_under_some_secrets(name):
    done = _bank(name, "--seeds", "3")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_solution_earns_everything_under_twenty_secrets(name):
    done = _bank(name, "--seeds", "20", "--right-only")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return SmallCourse(tmp_path_factory.mktemp("bank") / "course")


def _of_small(course: SmallCourse) -> "subprocess.CompletedProcess[str]":
    return course.run("-m", "autograder.bank", "small", "--seeds", "3")


def test_an_assignment_as_it_should_be_has_no_problems(course):
    done = _of_small(course)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "16 wrong answers" in done.stdout
    assert "all as it should be" in done.stdout


def test_what_is_amiss_is_said(course):
    """Several faults in several items of one assignment, each named."""
    notebook = course.root / "solutions/small/Small.ipynb"
    right = notebook.read_text()
    wrong = course.root / "autograder/wrong_answers/small"
    try:
        notebook.write_text(
            right.replace("return len(numbers)", "return 3")  # count: right for what is visible
            .replace("numbers = checked.hidden()", "checked.hidden(); numbers = FIXED", 1)
            .replace("FIXED.permutation(range(1, 41)).tolist()[:30]", "list(range(5))")
        )
        (wrong / "mean/forgets-last.py").write_text(
            "# Is right.\ndef mean(numbers):\n    return sum(numbers) / len(numbers)\n"
        )
        (wrong / "squares/forgets-last.py").write_text(
            "# Breaks another item.\ndef squares(numbers):\n    return 0\n\n\n"
            "def doubled(numbers):\n    return []\n"
        )
        done = _of_small(course)
    finally:
        notebook.write_text(right)
    said = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert "count: the solution failed under the secret 'bank 1'" in said
    assert "total: a table of answers made under one secret passes under another" in said
    assert "wrong answer mean/forgets-last.py passes under 3 of 3 secrets" in said
    assert "wrong answer squares/forgets-last.py also costs doubled its points" in said


def test_wrong_answers_belong_to_misconceptions_of_items(tmp_path):
    for name in ("total/forgets-last", "total/unheard-of", "why/forgets-last"):
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("x = 1\n")
    found = misplaced(small_source().assignment.items, wrong_answers(tmp_path))
    assert "wrong answer total/unheard-of.py: items.toml names no such misconception" in str(found)
    assert "why/forgets-last.py: items.toml has no item why graded by tests" in str(found)
    assert "its first line has to be a comment" in str(found)
    assert "largest has 0 wrong answers in the bank" in str(found)


def test_two_wrong_answers_for_each_item_are_enough():
    items = small_source().assignment.items
    answers = [
        WrongAnswer(item.id, wrong.id, "# wrong\n")
        for item in items.values()
        for wrong in item.misconceptions
    ]
    assert misplaced(items, answers) == []
