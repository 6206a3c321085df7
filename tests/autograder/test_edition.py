"""Which edition of the course this is."""

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
