"""What a lesson measured stands beside what it measured on the other kind of faces."""

import json
from dataclasses import replace
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from fercourse import cli
from fercourse.commands import measure
from fercourse.errors import CourseError
from fercourse.learn import Measurements, measuring, recording

LESSON = """
import os
from pathlib import Path
from fercourse.learn import Measurements, measuring
measuring.repository_root = lambda: Path("..")
EVERY_FACE = False
class Faces:
    kind = "drawn" if os.environ.get("FERCOURSE_FER2013") == "drawn" else "fer2013"
    def __len__(self):
        return 90 if EVERY_FACE else 30
measured = Measurements("1_tiny", Faces())
measured.keep("curve", [0.5, 0.75])
measured.show({"accuracy": 0.5 if Faces.kind == "drawn" else 0.25}, unit="%")
"""

SLIDERS = """
from fercourse.facs import Slider, explore
from fercourse.plots import SelfShowingFigure
def draw(it):
    return SelfShowingFigure(figsize=(2, 1)), f"It is {it:.2f}."
explore(draw, it=Slider("it", 0, 1, 0.1, 0.5))
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A checkout with one lesson in it, and FER2013 somewhere."""
    (tmp_path / "lessons").mkdir()
    (tmp_path / "data").mkdir()
    lesson = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(LESSON.strip(), id="measure"),
            nbformat.v4.new_code_cell(recording.TIMES, id="times"),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(lesson, tmp_path / "lessons" / "1_tiny.ipynb")
    monkeypatch.setattr(measuring, "repository_root", lambda: tmp_path)
    monkeypatch.setattr("fercourse.commands.measure.repository_root", lambda: tmp_path)
    monkeypatch.setenv("FERCOURSE_FER2013", str(tmp_path / "fer2013.csv"))
    return tmp_path


def faces(kind, n=30):
    class Faces(SimpleNamespace):
        def __len__(self):
            return n

    return Faces(kind=kind)


def results(course):
    return json.loads((course / "data" / "reference_results.json").read_text())


def test_a_lesson_is_measured_on_both_kinds_and_shows_the_other(course, capsys):
    path = course / "lessons" / "1_tiny.ipynb"
    assert cli.main(["measure", "--save"]) == 0
    runs = results(course)["1_tiny"]
    assert set(runs) == {"drawn", "fer2013"}
    assert runs["drawn"]["values"] == {"accuracy": 0.5, "curve": [0.5, 0.75]}
    assert runs["fer2013"]["values"]["accuracy"] == 0.25
    assert runs["drawn"]["faces"] == 30
    saved = nbformat.read(path, as_version=4)
    text = saved.cells[0].outputs[0].data["text/plain"]
    assert "50.0 %" in text
    assert "25.0 %" in text
    assert "real FER2013 (30)" in text
    assert "execution" not in saved.cells[0].metadata


def test_a_saved_lesson_shows_the_time_that_was_just_taken(course):
    path = course / "lessons" / "1_tiny.ipynb"
    recorded = recording.run_notebook(path, "drawn")
    recording.keep(replace(recorded, seconds=30.0))
    recording.save_outputs(recorded)
    (shown,) = nbformat.read(path, as_version=4).cells[1].outputs
    assert "30 seconds with 30 drawn faces" in shown.data["text/plain"]


def test_a_saved_lesson_keeps_the_still_picture_of_its_sliders(course):
    path = course / "lessons" / "1_tiny.ipynb"
    lesson = nbformat.read(path, as_version=4)
    lesson.cells[1].source = SLIDERS.strip()
    nbformat.write(lesson, path)
    recording.save_outputs(recording.run_notebook(path, "drawn"))
    saved = nbformat.read(path, as_version=4)
    (shown,) = saved.cells[1].outputs
    assert set(shown.data) == {"image/png", "text/plain"}
    assert shown.data["text/plain"] == "It is 0.50."
    assert "widgets" not in saved.metadata


def test_every_face_is_another_run(course):
    lesson = str(course / "lessons" / "1_tiny.ipynb")
    assert cli.main(["measure", lesson, "--every-face"]) == 0
    assert results(course)["1_tiny"]["fer2013, every face"]["faces"] == 90
    sentence = repr(Measurements("1_tiny", faces("drawn")).times())
    assert "all 90 faces of FER2013" in sentence


def test_a_lesson_that_fails_is_said_and_nothing_is_written(course, capsys):
    path = course / "lessons" / "1_tiny.ipynb"
    path.write_text(path.read_text().replace("0.75", "1 / 0"), encoding="utf-8")
    assert cli.main(["measure", str(path)]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert not (course / "data" / "reference_results.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.ipynb"], "nowhere.ipynb is not there"),
        (["--every-face", "--kind", "drawn"], "always all used"),
    ],
)
def test_a_wrong_request_is_said(course, arguments, said, capsys):
    assert cli.main(["measure", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_without_fer2013_only_drawn_faces_are_measured(course, monkeypatch, capsys):
    monkeypatch.setenv("FERCOURSE_FER2013", "drawn")
    assert cli.main(["measure"]) == 0
    assert set(results(course)["1_tiny"]) == {"drawn"}
    assert cli.main(["measure", "--kind", "fer2013"]) == 2
    assert "data use PATH" in capsys.readouterr().err


def test_a_lesson_on_other_faces_than_asked_for_is_refused(course):
    path = course / "lessons" / "1_tiny.ipynb"
    path.write_text(path.read_text().replace('else \\"fer2013', 'else \\"drawn'))
    with pytest.raises(CourseError, match="was to run on fer2013 faces and used drawn"):
        recording.run_notebook(path, "fer2013")


def test_an_assignment_keeps_reference_values_beside_it(course):
    folder = course / "solutions" / "tiny"
    folder.mkdir(parents=True)
    (folder / "items.toml").touch()
    table = "pd.DataFrame({'Training': [1], 'PublicTest': [2]}, index=['Sad'])"
    code = "import pandas as pd\nfrom fercourse.learn import attempt\n"
    code += f"attempt('counts', lambda: {table})"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbformat.write(notebook, folder / "Tiny.ipynb")
    recording.keep(recording.run_notebook(folder / "Tiny.ipynb", "drawn"))
    values = json.loads((folder / "reference_values.json").read_text())
    assert list(values["drawn"]["counts"]["table"]) == ["index", "Training", "PublicTest"]


def test_what_was_not_recorded_is_said(course):
    measured = Measurements("1_tiny", faces("drawn"))
    table = measured.show({"accuracy <k=1>": 0.5, "seconds": 2}, digits=2)
    assert "not recorded" in repr(table)
    assert "accuracy &lt;k=1&gt;" in table._repr_html_()
    assert measured.recorded("accuracy") is None
    assert "not been recorded" in repr(measured.times())


def test_units(course):
    measured = Measurements("1_tiny", faces("fer2013", 6000))
    assert "31.9 %" in repr(measured.show({"a": 0.319}, unit="%"))
    assert "2.5 s" in repr(measured.show({"a": 2.5}, unit="s"))
    assert "7" in repr(measured.show({"a": np.int64(7)}, digits=0))
    assert "6,000" in repr(measured.show({"a": 6000.0}, digits=0))


def test_the_switch_for_every_face_is_turned_in_lessons_only(course):
    for place in ("lessons/1_tiny.ipynb", "solutions/tiny/Tiny.ipynb"):
        path = course / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    names = [path.stem for path in measure._all_notebooks(lessons_only=True)]
    assert names == ["1_tiny"]
    both = [path.stem for path in measure._all_notebooks(lessons_only=False)]
    assert both == ["1_tiny", "Tiny"]
