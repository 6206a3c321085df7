"""What the tests of classifiers share."""

import os

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(autouse=True)
def course_data(tmp_path, monkeypatch, request):
    """Give each test a data folder of its own and no FER2013, unless it is marked ``real``."""
    if not request.node.get_closest_marker("real"):
        monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path / "course data"))
        monkeypatch.delenv("FERCOURSE_FER2013", raising=False)
