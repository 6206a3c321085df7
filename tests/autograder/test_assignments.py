"""The real assignments through the real front door: six students each, of mixed quality."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from autograder.bank import wrong_answers
from autograder.released import released
from autograder.scripts import function_of, with_function
from autograder.sources import (
    answer_stub,
    assignment_names,
    grade_id,
    is_answer,
    is_by_hand,
    read_source,
)

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "solutions"
LONGEST = 30.0
"""Seconds that grading a submission may take on two cores."""


class Class:
    """A copy of the course, and what six students handed in for one assignment.

    ada answers everything rightly, bob hands in the untouched starter, cy and dee answer every
    other item wrongly (cy those that dee has right), eve does the first half, and fay's file is
    damaged.
    """

    def __init__(self, name: str, root: Path) -> None:
        self.name, self.root = name, root
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "gradebook.db")
        for folder in ("src", "autograder"):
            shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
        shutil.copytree(SOLUTIONS / name, root / "solutions" / name, ignore=ignored)
        for file in ("course.py", "pyproject.toml"):
            shutil.copy(ROOT / file, root)
        if (ROOT / "data/models").is_dir():
            shutil.copytree(ROOT / "data/models", root / "data/models")
        self.source = read_source(SOLUTIONS, name)
        self.items = self.source.assignment.items
        self.tested = [item.id for item in self.items.values() if item.graded == "tests"]
        wrong: dict[str, str] = {}
        for answer in wrong_answers(ROOT / "autograder/wrong_answers" / name):
            wrong.setdefault(answer.item, answer.code)
        self.wrong = wrong
        odd, even = self.tested[::2], self.tested[1::2]
        half = self.tested[: len(self.tested) // 2]
        self.expected = {
            "ada": set(self.tested),
            "bob": set(),
            "cy": set(even),
            "dee": set(odd),
            "eve": set(half),
            "fay": set(),
        }
        for student, right in self.expected.items():
            self._hand_in(student, right, undone=student in ("bob", "eve"))
        (self.folder("fay") / self.source.assignment.notebook).write_text('{"cells": [{"ce')

    def folder(self, student: str) -> Path:
        return self.root / "handed" / student / self.name

    def _hand_in(self, student: str, right: set[str], *, undone: bool) -> None:
        notebook = released(self.source.notebook)
        solved = {grade_id(cell): cell.source for cell in self.source.notebook.cells}
        for cell in notebook.cells:
            item = grade_id(cell)
            if is_answer(cell) and (item in right or not undone):
                cell.source = solved[item] if item in right else self.wrong[item]
            if is_by_hand(cell) and student in ("ada", "cy"):
                cell.source = "An answer in words."
        folder = self.folder(student)
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / self.source.assignment.notebook)
        if student in ("ada", "cy", "dee"):
            for file in self.source.assignment.submitted_files:
                shutil.copy(SOLUTIONS / self.name / file, folder)
        if self.source.script:
            script = self._script(right, undone=undone)
            (folder / self.source.assignment.script).write_text(script, encoding="utf-8")

    def _script(self, right: set[str], *, undone: bool) -> str:
        """Return the program with some of its functions right, the others undone or wrong."""
        script = answer_stub(self.source.script)
        for name in self.tested:
            function = self.items[name].function
            code = function_of(self.source.script, function) if name in right else self.wrong[name]
            if name in right or not undone:
                script = with_function(script, function, code)
        return script

    def grade(self) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "course.py", "grade", "--submitted", "handed"],
            cwd=self.root,
            env={"FERCOURSE_DATA": str(ROOT / "data"), **os.environ},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", assignment_names(SOLUTIONS))
def test_six_students_of_mixed_quality(name, tmp_path):
    students = Class(name, tmp_path / "course")
    is_quiet = hasattr(os, "getloadavg") and os.getloadavg()[0] < 0.5 * (os.cpu_count() or 1)
    done = students.grade()
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    with (students.root / "autograder/grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    for student, right in students.expected.items():
        earned = {item: float(rows[student][f"{name}/{item}"]) for item in students.tested}
        points = {
            item: students.items[item].points if item in right else 0 for item in students.tested
        }
        assert earned == points, student
        page = students.root / "autograder/feedback" / student / name
        assert len(list(page.iterdir())) == 1
    by_hand = sum(item.points for item in students.items.values() if item.graded == "by hand")
    assert float(rows["ada"]["to grade by hand"]) == by_hand
    assert float(rows["bob"]["score"]) == float(rows["bob"]["to grade by hand"]) == 0
    longest = float(done.stdout.split("the longest ")[1].split(" s")[0])
    assert longest <= LONGEST or not is_quiet, "how long it takes can be told on a quiet machine"
