"""Whatever Python runs ``course.py``, a fitting one is found or asked for in a sentence."""

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fercourse.environment import ranges

COURSE = Path(__file__).resolve().parents[1] / "course.py"


@pytest.fixture
def course():
    spec = importlib.util.spec_from_file_location("course", COURSE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def elsewhere(course, tmp_path, monkeypatch):
    """No Python is near: an empty PATH, no pyenv, no .venv, no usual folders."""
    monkeypatch.setattr(course, "ROOT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    likely = course.candidates
    monkeypatch.setattr(
        course,
        "candidates",
        lambda: (command for command in likely() if not command[0].startswith(("/usr", "/opt"))),
    )
    return tmp_path


def _pretend_python(path: Path, answer: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{answer}\n")
    path.chmod(0o755)


def test_python_3_6_can_read_the_file():
    ast.parse(COURSE.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize(
    ("version", "expected"),
    [((3, 10), False), ((3, 11), True), ((3, 12), True), ((3, 13), True), ((3, 14), False)],
)
def test_python_3_11_to_3_13_fit(course, version, expected):
    assert course.fits(version) is expected
    pyproject = COURSE.with_name("pyproject.toml")
    assert ranges.python_fits(pyproject, ".".join(map(str, version))) is expected


posix = pytest.mark.skipif(os.name == "nt", reason="shell scripts stand for Pythons")


@posix
def test_a_python_on_the_path_is_found_the_newest_first(course, elsewhere):
    for minor in (11, 12):
        path = elsewhere / "bin" / f"python3.{minor}"
        _pretend_python(path, f"echo 3 {minor} {path}")
    assert course.fitting_python() == str(elsewhere / "bin/python3.12")


@posix
def test_a_name_that_leads_to_no_python_is_passed_over(course, elsewhere):
    _pretend_python(elsewhere / "bin/python3.13", "echo not installed >&2; exit 127")
    good = elsewhere / "bin/python3.11"
    _pretend_python(good, f"echo 3 11 {good}")
    assert course.fitting_python() == str(good)


@posix
def test_pyenv_s_pythons_are_found(course, elsewhere):
    good = elsewhere / "pyenv/versions/3.12.1/bin/python"
    _pretend_python(good, f"echo 3 12 {good}")
    assert course.fitting_python() == str(good)


@posix
def test_uv_s_pythons_are_found(course, elsewhere):
    good = elsewhere / "uv's own/python"
    _pretend_python(good, f'echo 3 13 "{good}"')
    _pretend_python(elsewhere / "bin/uv", f'echo "{good}"')
    assert course.fitting_python() == str(good)


@posix
def test_the_environment_s_own_python_comes_first(course, elsewhere):
    good = elsewhere / ".venv/bin/python"
    _pretend_python(good, f"echo 3 11 {good}")
    _pretend_python(elsewhere / "bin/python3.13", "echo 3 13 /other")
    assert course.fitting_python() == str(good)


@posix
def test_a_path_with_all_kinds_of_letters_is_understood(course, elsewhere, monkeypatch):
    good = elsewhere / "bin" / f"python3.{sys.version_info.minor}"
    far = elsewhere / "Größe, çà et là"
    far.mkdir()
    (far / "python").symlink_to(sys.executable)
    good.parent.mkdir()
    good.write_text(f'#!/bin/sh\nexec "{far}/python" "$@"\n')
    good.chmod(0o755)
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    assert course.fitting_python() == str(far / "python")


def test_on_windows_the_python_beneath_the_environment_is_asked(course, elsewhere, monkeypatch):
    monkeypatch.setattr(course, "WINDOWS", True)
    monkeypatch.setattr(course, "output_of", lambda command: None)
    assert next(course.candidates()) == ["py", "-3.13"]
    (elsewhere / ".venv").mkdir()
    (elsewhere / ".venv/pyvenv.cfg").write_text("home = C:\\Übung\\Python\n", encoding="utf-8")
    assert next(course.candidates()) == [str(Path("C:\\Übung\\Python") / "python.exe")]


def test_windows_launcher_is_asked(course, monkeypatch):
    monkeypatch.setattr(course, "WINDOWS", True)
    monkeypatch.setattr(course, "output_of", lambda command: None)
    asked = [command for command in course.candidates() if command[0] == "py"]
    assert asked == [["py", "-3.13"], ["py", "-3.12"], ["py", "-3.11"]]


def test_without_a_fitting_python_one_sentence_says_what_to_do(course, monkeypatch, capsys):
    monkeypatch.setattr(course, "fits", lambda version: False)
    monkeypatch.setattr(course, "fitting_python", lambda: None)
    assert course.main() == 2
    said = capsys.readouterr().err
    assert "needs Python 3.11, 3.12 or 3.13" in said
    assert said.count("\n") == 1


def test_two_pythons_never_start_each_other_in_turn(course, monkeypatch, capsys):
    monkeypatch.setattr(course, "fits", lambda version: False)
    monkeypatch.setenv(course.CHOSEN, "1")
    assert course.main() == 2


@posix
def test_the_command_line_is_handed_over_with_its_exit_code(tmp_path):
    program = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('course', {str(COURSE)!r})\n"
        "course = importlib.util.module_from_spec(spec); spec.loader.exec_module(course)\n"
        "course.fits = lambda version: False\n"
        f"course.fitting_python = lambda: {str(tmp_path / 'python')!r}\n"
        "sys.argv = ['course.py', 'start', '--port', '9000']\n"
        "sys.exit(course.main())"
    )
    _pretend_python(tmp_path / "python", 'echo "$@"; exit 7')
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 7
    assert done.stdout.endswith("course.py start --port 9000\n")
