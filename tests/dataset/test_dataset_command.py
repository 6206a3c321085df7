"""``course.py data``, through the door that a person uses."""

import json
import os
import sys
import types

import numpy as np
import pytest
from small_faces import csv_text, encoded, make_faces, pictures, write_zip

from fercourse import cli, workspace
from fercourse.dataset import load_faces
from fercourse.dataset.download import download
from fercourse.errors import CourseError


@pytest.fixture
def archive(tmp_path, faces):
    return write_zip(tmp_path / "fer [2013].zip", pictures(faces))


@pytest.fixture
def small_drawn_set(monkeypatch):
    from fercourse import drawn

    made = make_faces((30, 5, 5), seed=2)
    made = types.SimpleNamespace(**made.__dict__, truth={"AU1": np.arange(40)})
    monkeypatch.setattr(drawn, "default_set", lambda progress=None: made)


def test_use_reads_remembers_and_shows_the_counts(archive, capsys):
    assert cli.main(["data", "use", str(archive)]) == 0
    out = capsys.readouterr().out
    assert "class folders in a zip archive" in out
    assert str(archive) in out
    assert ["all", "28", "9", "8"] in [line.split() for line in out.splitlines()]
    assert ["as", "published", "NO", "NO", "NO"] in [line.split() for line in out.splitlines()]
    assert workspace.fer2013_path() == archive
    assert len(load_faces("Training")) == 28


def test_use_of_what_is_wrong_changes_nothing(archive, tmp_path, capsys, caches):
    cli.main(["data", "use", str(archive)])
    before = caches()
    wrong = tmp_path / "fer2013.csv"
    wrong.write_text(csv_text(make_faces((3, 0, 0))).replace(",Training", ",Holiday", 1))
    assert cli.main(["data", "use", str(wrong)]) == 2
    error = capsys.readouterr().err
    assert "fer2013.csv, line 2: the Usage is 'Holiday'" in error
    assert "Traceback" not in error
    assert workspace.fer2013_path() == archive
    assert caches() == before


def test_use_of_nothing_is_a_sentence(tmp_path, capsys):
    assert cli.main(["data", "use", str(tmp_path / "nothing")]) == 2
    assert "nothing is not there" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["x" * 300, "~nobody-of-this-name/fer2013.csv"])
def test_use_of_what_is_no_path_is_a_sentence(path, capsys):
    assert cli.main(["data", "use", path]) == 2
    assert "Check" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' file names are Unicode")
def test_a_file_name_that_is_no_unicode_can_be_used(tmp_path, faces, capsys):
    path = tmp_path / os.fsdecode(b"fer\xe9.csv")
    path.write_text(csv_text(faces, columns=("emotion", "pixels")))
    assert cli.main(["data", "use", str(path)]) == 0
    assert cli.main(["data", "audit"]) == 0
    assert load_faces().source == "faces from fer\ufffd.csv"


def test_use_says_that_the_environment_wins(archive, tmp_path, capsys, monkeypatch, faces):
    other = tmp_path / "other.csv"
    other.write_text(csv_text(faces))
    monkeypatch.setenv("FERCOURSE_FER2013", str(other))
    assert cli.main(["data", "use", str(archive)]) == 0
    assert "FERCOURSE_FER2013 is set" in capsys.readouterr().out


def test_use_looks_again_at_pictures_that_changed_in_place(tmp_path, faces, capsys):
    folder = tmp_path / "train" / "happy"
    folder.mkdir(parents=True)
    (folder / "Training_1.png").write_bytes(encoded(faces.images[0]))
    cli.main(["data", "use", str(tmp_path)])
    (folder / "Training_1.png").write_bytes(encoded(faces.images[1]))
    cli.main(["data", "use", str(tmp_path)])
    assert np.array_equal(load_faces().images[0], faces.images[1])


def test_status_before_anything(capsys):
    assert cli.main(["data", "status"]) == 0
    out = capsys.readouterr().out
    assert "faces that it draws itself" in out
    assert "data use PATH" in out


def test_status_as_json(archive, capsys):
    cli.main(["data", "use", str(archive)])
    capsys.readouterr()
    assert cli.main(["data", "status", "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status["source"] == "fer2013"
    assert status["path"] == str(archive)
    assert status["prepared"] is True
    assert status["faces"] == 45
    assert status["counts"]["PublicTest"]["Angry"] == 2
    assert status["counts_as_published"] == dict.fromkeys(status["counts"], False)


def test_status_says_that_fer2013_is_gone(archive, capsys):
    cli.main(["data", "use", str(archive)])
    archive.unlink()
    assert cli.main(["data", "status"]) == 2
    assert "nothing is there" in capsys.readouterr().err
    assert cli.main(["data", "status", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["path_exists"] is False


@pytest.mark.parametrize("action", ["status", "audit"])
def test_a_variable_that_names_nothing_is_told_to_win(action, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FERCOURSE_FER2013", str(tmp_path / "gone"))
    assert cli.main(["data", action]) == 2
    error = capsys.readouterr().err
    assert "FERCOURSE_FER2013 says" in error
    assert "unset it" in error
    assert "data forget" not in error


def test_forget_goes_back_to_drawn_faces(archive, capsys, caches):
    cli.main(["data", "use", str(archive)])
    assert cli.main(["data", "forget"]) == 0
    assert workspace.fer2013_path() is None
    assert archive.exists()
    assert caches() == []
    assert cli.main(["data", "forget"]) == 0


@pytest.mark.parametrize("notes", [True, False])
def test_forget_deletes_the_audits_pictures_of_faces(notes, archive, course_data, capsys):
    cli.main(["data", "use", str(archive)])
    cli.main(["data", "audit"])
    mine = course_data / "audit" / "my notes.txt"
    if notes:
        mine.write_text("what I saw")
    assert cli.main(["data", "forget"]) == 0
    assert "The audit's report" in capsys.readouterr().out
    assert list((course_data / "audit").glob("*")) == ([mine] if notes else [])
    assert (course_data / "audit").exists() == notes


def test_forget_deletes_all_arrays_or_none(archive, monkeypatch, caches, capsys):
    cli.main(["data", "use", str(archive)])
    before = caches()

    def held(*_):
        raise PermissionError(13, "it is in use")

    with monkeypatch.context() as windows:
        windows.setattr("pathlib.Path.replace", held)
        assert cli.main(["data", "forget"]) == 2
        assert "Close the notebooks" in capsys.readouterr().err
    assert caches() == before
    assert len(load_faces()) == 45


def test_audit_prints_and_writes(archive, capsys, course_data):
    cli.main(["data", "use", str(archive)])
    assert cli.main(["data", "audit"]) == 0
    out = capsys.readouterr().out
    assert "Exact duplicates" in out
    assert (course_data / "audit" / "audit.md").is_file()


def test_audit_as_json_prints_json_alone(archive, capsys, tmp_path):
    cli.main(["data", "use", str(archive)])
    capsys.readouterr()
    assert cli.main(["data", "audit", "--json", "--output", str(tmp_path / "report")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["faces"] == 45
    assert str(tmp_path / "report" / "classes.png") in found["written"]


def test_export_of_drawn_faces_is_a_fer2013_csv_that_reads_back(
    small_drawn_set, tmp_path, monkeypatch
):
    path = tmp_path / "drawn.csv"
    assert cli.main(["data", "export", str(path), "--source", "drawn"]) == 0
    assert path.read_text().startswith("emotion,pixels,Usage\n")
    drawn = load_faces(source="drawn")
    monkeypatch.setenv("FERCOURSE_FER2013", str(path))
    read = load_faces()
    for name in ("images", "labels", "usage", "rows"):
        assert np.array_equal(getattr(read, name), getattr(drawn, name))


def test_export_to_where_nothing_can_be_written(small_drawn_set, tmp_path, capsys):
    assert cli.main(["data", "export", str(tmp_path)]) == 2
    assert cli.main(["data", "export", str(tmp_path / "no" / "a.csv")]) == 2
    assert "is not there. Make that folder first" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are no files there")
def test_export_leaves_what_is_no_regular_file_alone(small_drawn_set, tmp_path, capsys):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    assert cli.main(["data", "export", str(path)]) == 2
    assert "pipe.csv is not a regular file" in capsys.readouterr().err
    assert path.is_fifo()


def test_export_writes_to_names_that_end_in_csv_alone(small_drawn_set, tmp_path, capsys):
    path = tmp_path / "report.pdf"
    path.write_text("a report")
    assert cli.main(["data", "export", str(path)]) == 2
    assert "does not end in .csv" in capsys.readouterr().err
    assert path.read_text() == "a report"


@pytest.mark.parametrize("used", ["fer.csv", "."])
def test_export_never_writes_over_fer2013_or_into_its_folder(tmp_path, faces, used, capsys):
    path = tmp_path / "fer2013" / "fer.csv"
    path.parent.mkdir()
    path.write_text(csv_text(faces))
    before = path.read_bytes()
    assert cli.main(["data", "use", str(path.parent / used)]) == 0
    assert cli.main(["data", "export", str(path)]) == 2
    assert "is where the course reads FER2013" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_an_interrupted_export_leaves_no_file(small_drawn_set, tmp_path, monkeypatch, capsys):
    load_faces()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    assert cli.main(["data", "export", str(tmp_path / "a.csv")]) == 2
    assert "a.csv could not be written: No space left" in capsys.readouterr().err
    assert not list(tmp_path.glob("*a.csv*"))


@pytest.fixture
def kagglehub(monkeypatch):
    module = types.ModuleType("kagglehub")
    monkeypatch.setitem(sys.modules, "kagglehub", module)
    monkeypatch.setenv("KAGGLE_USERNAME", "someone")
    monkeypatch.setenv("KAGGLE_KEY", "secret")
    return module


def test_get_returns_the_folder_that_was_fetched(kagglehub, tmp_path):
    kagglehub.dataset_download = lambda name: str(tmp_path / name)
    assert download("msambare/fer2013") == tmp_path / "msambare" / "fer2013"


def test_get_without_a_token_says_where_it_belongs(kagglehub, monkeypatch, tmp_path):
    monkeypatch.delenv("KAGGLE_KEY")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    with pytest.raises(CourseError, match=r"no Kaggle token.*kaggle\.json.*data use PATH"):
        download("msambare/fer2013")


def test_get_without_a_network_is_a_sentence(kagglehub):
    def fail(_):
        raise ConnectionError("no route\nto host")

    kagglehub.dataset_download = fail
    with pytest.raises(CourseError, match=r"could not be fetched from Kaggle \(no route\)"):
        download("msambare/fer2013")


def test_get_without_kagglehub_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(CourseError, match="kagglehub is not installed"):
        download("msambare/fer2013")


@pytest.mark.parametrize(
    "page", [[], ["use"], ["status"], ["audit"], ["export"], ["forget"], ["get"]]
)
def test_every_page_of_help_can_be_read(page, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.parse(["data", *page, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 8
