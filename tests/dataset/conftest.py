"""Every test of the faces has a data folder of its own and knows of no FER2013."""

import pytest
from small_faces import SmallFaces, make_faces


@pytest.fixture(autouse=True)
def course_data(tmp_path, monkeypatch, request):
    folder = tmp_path / "course data"
    monkeypatch.setenv("FERCOURSE_DATA", str(folder))
    if not request.node.get_closest_marker("real"):
        monkeypatch.delenv("FERCOURSE_FER2013", raising=False)
    return folder


@pytest.fixture(scope="session")
def faces() -> SmallFaces:
    return make_faces()


@pytest.fixture
def caches(course_data):
    """Return a function that lists the folders of caches, finished and unfinished."""

    def listed():
        folder = course_data / "cache" / "faces"
        return sorted(p.name for p in folder.glob("*") if p.name != "sources")

    return listed
