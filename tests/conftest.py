"""What all tests share."""

import pytest
from hypothesis import settings

from fercourse import workspace

# Machines that run tests are slow at times; a failure has to mean something else.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the real FER2013 where it is absent, and say how to bring it."""
    path = workspace.fer2013_path()
    if path is not None and path.exists():
        return
    reason = "FER2013 is not here; set FERCOURSE_FER2013 or use `course.py data use PATH`"
    for item in items:
        if item.get_closest_marker("real"):
            item.add_marker(pytest.mark.skip(reason=reason))
