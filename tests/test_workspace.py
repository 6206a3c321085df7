"""Where the course keeps its things, and that it never leaves half of one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fercourse import workspace
from fercourse.errors import CourseError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FERCOURSE_FER2013", raising=False)
    return tmp_path / "data"


def test_the_data_folder_is_the_checkouts_unless_the_environment_says_otherwise(
    folder, monkeypatch
):
    assert workspace.data_folder() == folder
    assert workspace.cache_folder() == folder / "cache"
    monkeypatch.delenv("FERCOURSE_DATA")
    assert workspace.data_folder() == workspace.repository_root() / "data"


def test_a_choice_is_remembered_and_forgotten(folder):
    workspace.remember("fer2013", "/somewhere")
    workspace.remember("other", "thing")
    assert workspace.read_settings() == {"fer2013": "/somewhere", "other": "thing"}
    workspace.remember("fer2013", None)
    assert json.loads((folder / "settings.json").read_text()) == {"other": "thing"}
    workspace.remember("never there", None)


def test_the_environment_wins_over_what_was_remembered(monkeypatch, tmp_path):
    workspace.remember("fer2013", str(tmp_path / "remembered"))
    assert workspace.fer2013_path() == tmp_path / "remembered"
    monkeypatch.setenv("FERCOURSE_FER2013", str(tmp_path / "given"))
    assert workspace.fer2013_path() == tmp_path / "given"


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff\xfe"])
def test_damaged_settings_are_named(content, folder):
    folder.mkdir()
    (folder / "settings.json").write_bytes(content)
    with pytest.raises(CourseError, match=r"settings\.json is damaged"):
        workspace.read_settings()


def test_a_choice_that_is_no_path_is_a_sentence():
    workspace.remember("fer2013", "a\0b")
    with pytest.raises(CourseError, match="is not a path"):
        workspace.fer2013_path()


def test_a_path_that_cannot_be_looked_at_is_a_sentence(tmp_path, monkeypatch):
    assert workspace.is_there(tmp_path)
    assert not workspace.is_there(tmp_path / "nothing")

    def forbidden(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.stat", forbidden)
    with pytest.raises(CourseError, match="cannot be looked at: Permission denied"):
        workspace.is_there(tmp_path)


def test_a_file_is_written_whole_with_its_folder(folder):
    workspace.write_atomically(folder / "deep" / "file", b"whole")
    assert (folder / "deep" / "file").read_bytes() == b"whole"
    assert [path.name for path in (folder / "deep").iterdir()] == ["file"]


def test_a_failed_writing_keeps_the_old_file_and_leaves_no_part(folder, monkeypatch):
    workspace.write_atomically(folder / "file", b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(CourseError, match="could not be written: No space left on device"):
        workspace.write_atomically(folder / "file", b"new")
    assert [path.name for path in folder.iterdir()] == ["file"]
    assert (folder / "file").read_bytes() == b"old"


def test_what_a_virus_scanner_holds_for_a_moment_is_written_all_the_same(folder, monkeypatch):
    replace, tries = Path.replace, []

    def held_at_first(source, target):
        tries.append(source)
        if len(tries) < 3:
            raise PermissionError(13, "it is in use")
        return replace(source, target)

    monkeypatch.setattr(workspace, "_WAITS", (0, 0, 0))
    monkeypatch.setattr(Path, "replace", held_at_first)
    workspace.write_atomically(folder / "file", b"x")
    assert (folder / "file").read_bytes() == b"x"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_others_may_read_what_was_written(folder):
    before = os.umask(0o022)
    try:
        workspace.write_atomically(folder / "file", b"x")
    finally:
        os.umask(before)
    assert (folder / "file").stat().st_mode & 0o777 == 0o644


def test_a_file_where_a_folder_should_be_is_a_sentence(folder):
    workspace.write_atomically(folder / "file", b"x")
    with pytest.raises(CourseError, match="could not be written"):
        workspace.write_atomically(folder / "file" / "below", b"y")


def test_two_commands_do_not_work_on_one_file(tmp_path):
    with (
        workspace.alone_at(tmp_path / "w.safetensors"),
        workspace.alone_at(tmp_path / "other.safetensors"),
        pytest.raises(CourseError, match=r"at work on .*w\.safetensors"),
        workspace.alone_at(tmp_path / "folder" / ".." / "w.safetensors"),
    ):
        pytest.fail("both were let in")
    with workspace.alone_at(tmp_path / "w.safetensors"):
        pass


def test_what_a_command_that_died_was_at_is_free_again(tmp_path):
    program = (
        "import os, sys; from pathlib import Path; from fercourse.workspace import alone_at\n"
        "with alone_at(Path(sys.argv[1])): os._exit(9)"
    )
    path = tmp_path / "w.safetensors"
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == 9
    with workspace.alone_at(path):
        pass


def test_a_folder_for_locks_that_cannot_be_made_is_a_sentence(folder, tmp_path):
    folder.write_text("no folder")
    with (
        pytest.raises(CourseError, match="could not be written"),
        workspace.alone_at(tmp_path / "w.safetensors"),
    ):
        pytest.fail("nothing was locked")
