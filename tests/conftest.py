"""What all tests share."""

import functools
import os

import pytest
from hypothesis import settings

from fercourse import workspace
from fercourse.errors import CourseError

# Machines that run tests are slow at times; a failure has to mean something else.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs the real FER2013 where it is absent, and say how to bring it."""
    if item.get_closest_marker("real") and (reason := _why_fer2013_is_missing()):
        pytest.skip(reason)


@functools.cache
def _why_fer2013_is_missing() -> str | None:
    """Return why there is no FER2013 as it was published, or None where there is.

    What FERCOURSE_FER2013 names is taken to be the published one: if its numbers are others, the
    tests say so. What `data use` once named may well be someone's own selection.
    """
    try:
        path = workspace.fer2013_path()
        if path is None or not path.exists():
            return "FER2013 is not here; set FERCOURSE_FER2013 or use `course.py data use PATH`"
        if os.environ.get("FERCOURSE_FER2013"):
            return None
        from fercourse.dataset.loading import open_fer2013

        source = open_fer2013(path, anew=False).meta.source
    except CourseError as error:
        return str(error)
    if source.startswith("FER2013 ("):
        return None
    return f"{path} is not FER2013 as published, by its counts; set FERCOURSE_FER2013 to one"
