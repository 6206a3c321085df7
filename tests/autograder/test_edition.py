"""Which edition of the course this is."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fercourse import cli

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(
    not (ROOT / "autograder/__init__.py").is_file(),
    reason="this edition has no autograder/, so the tests of grading are left out",
)
def test_where_grading_is_its_verbs_are_there():
    assert {"release", "grade"} <= set(cli._verbs())


@pytest.mark.skipif((ROOT / "autograder").is_dir(), reason="this edition can grade")
def test_where_grading_is_not_no_verb_of_it_is_there():
    assert not {"release", "grade"} & set(cli._verbs())


def test_where_grading_is_not_its_tests_are_left_out_with_a_reason(tmp_path):
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(__file__).parent, tmp_path / "tests/autograder", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-k", "verb", "tests/autograder"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "error" not in done.stdout
    assert "collected 3 items / 1 deselected" in done.stdout
    assert "this edition has no autograder/" in done.stdout
