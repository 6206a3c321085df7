"""Every test of evaluation has a data folder of its own and knows of no FER2013."""

import sys
from pathlib import Path

import pytest

for room in ("dataset", "classifiers"):  # for small_faces and small_networks
    sys.path.append(str(Path(__file__).resolve().parents[1] / room))


@pytest.fixture(autouse=True)
def course_data(tmp_path, monkeypatch):
    folder = tmp_path / "course data"
    monkeypatch.setenv("FERCOURSE_DATA", str(folder))
    monkeypatch.delenv("FERCOURSE_FER2013", raising=False)
    return folder
