"""The tests of grading run where autograder/ is; the student edition does without both."""

import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
IS_HERE = (REPOSITORY / "autograder/__init__.py").is_file()

if IS_HERE:
    sys.path.append(str(REPOSITORY))
else:
    says_why = "test_edition.py"
    collect_ignore = [
        path.name for path in Path(__file__).parent.glob("test_*.py") if path.name != says_why
    ]


@pytest.fixture(scope="session")
def small_template():
    """What the small assignment was handed out with."""
    from autograder.sanitizing import Template
    from small_assignment import small_source

    return Template.of(small_source())
