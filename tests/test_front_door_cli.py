"""The command line says everything in sentences, and counts its tests honestly."""

import argparse
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pytest

from fercourse import cli
from fercourse.commands import test as test_verb
from fercourse.errors import CourseError

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("numpy", "pandas", "cv2", "sklearn", "tensorflow", "keras", "matplotlib", "pyarrow")


@pytest.fixture
def run(monkeypatch):
    """Run a verb that does what the test says, and return its exit code."""

    def run_with(action):
        chosen = argparse.Namespace(run=lambda _: action(), extras=())
        monkeypatch.setattr(cli, "parse", lambda _: chosen)
        return cli.main(["greet"])

    return run_with


def _raise(error):
    raise error


def test_what_a_person_can_mend_is_one_sentence_and_exit_code_2(run, capsys):
    assert run(lambda: _raise(CourseError("the lamp is off. Turn it on."))) == 2
    assert capsys.readouterr().err == "course.py greet: the lamp is off. Turn it on.\n"


def test_a_fault_of_the_course_names_its_log(run, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path))
    assert run(lambda: _raise(ZeroDivisionError("by zero"))) == 1
    said = capsys.readouterr().err
    assert "a fault of the course" in said
    assert "Traceback" not in said
    (log,) = (tmp_path / "cache/logs").iterdir()
    assert str(log) in said
    assert "ZeroDivisionError: by zero" in log.read_text()


def test_a_fault_is_logged_even_where_the_data_folder_cannot_be_written(
    run, capsys, tmp_path, monkeypatch
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path / "file"))
    assert run(lambda: _raise(ZeroDivisionError("by zero"))) == 1
    log = next(word for word in capsys.readouterr().err.split() if word.endswith(".log"))
    assert "by zero" in Path(log).read_text()
    Path(log).unlink()


@pytest.mark.parametrize(
    ("words", "page"),
    [(["leaderboard", "--colour"], "leaderboard"), (["data", "status", "-x"], "data status")],
)
def test_an_unknown_option_shows_the_usage_of_its_verb(words, page, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.parse(words)
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert f"usage: course.py {page} [-h]" in said
    assert said.endswith(f"unrecognized arguments: {words[-1]}\n")


def test_ctrl_c_is_a_short_line_and_exit_code_130(run, capsys):
    assert run(lambda: _raise(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "course.py greet: stopped.\n"


def test_ctrl_c_is_heard_while_a_callback_runs(run, capsys):
    """Python ignores what the callback of a weak reference raises."""

    class Thing:
        pass

    def action():
        thing = Thing()
        reference = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
        del thing
        assert reference() is None
        time.sleep(20)
        return 0

    assert run(action) == 130
    assert capsys.readouterr().err == "course.py greet: stopped.\n"


def test_other_errors_of_a_callback_are_told_as_before(run, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    class Thing:
        def __del__(self):
            raise ValueError("odd")

    def action():
        Thing()
        return 0

    assert run(action) == 0
    assert [str(lost.exc_value) for lost in told] == ["odd"]


def test_an_import_that_lacks_a_system_library_says_what_to_install(run, capsys):
    text = "libGL.so.1: cannot open shared object file: No such file or directory"
    assert run(lambda: _raise(ImportError(text))) == 2
    assert "apt-get install libgl1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "faces.zip"), "faces.zip: No such file."),
        (IsADirectoryError(errno.EISDIR, "Is a directory", b"faces"), "faces: Is a directory."),
        (OSError(errno.ENOSPC, "No space left on device"), "free some space"),
        (OSError(errno.EROFS, "Read-only file system"), "may read and write"),
        (PermissionError(errno.EACCES, "Permission denied"), "may read and write"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "a" * 300), "choose a shorter one"),
    ],
)
def test_a_file_that_the_system_refuses_is_one_sentence(run, capsys, error, expected):
    assert run(lambda: _raise(error)) == 2
    said = capsys.readouterr().err
    assert expected in said
    assert said.startswith("course.py greet: ")
    assert said.endswith(", then run the same command again.\n")
    assert said.count("\n") == 1


def test_an_error_of_the_system_that_names_no_file_is_a_fault(run, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path))
    assert run(lambda: _raise(OSError(errno.EBADF, "Bad file descriptor"))) == 1
    assert "a fault of the course" in capsys.readouterr().err


def test_a_pipe_that_breaks_elsewhere_is_not_taken_for_our_reader(
    run, capsys, tmp_path, monkeypatch
):
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path))
    assert run(lambda: _raise(BrokenPipeError(errno.EPIPE, "Broken pipe"))) == 1
    assert "a fault of the course" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_output_to_a_full_disk_is_a_sentence():
    program = (
        "import sys; from fercourse import cli\n"
        "sys.exit(cli.guarded(['greet'], lambda: print('x') or 0))"
    )
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", program],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "free some space" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise on Windows")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_error(unbuffered):
    program = (
        "import sys; from fercourse import cli\n"
        "def talk():\n    for _ in range(100_000): print('x' * 99)\n    return 0\n"
        "sys.exit(cli.guarded(['greet'], talk))"
    )
    command = '"$0" -c "$1" | head -1; exit "${PIPESTATUS[0]}"'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert (done.returncode, done.stderr) == (141, "")


def test_without_a_verb_the_verbs_are_listed(capsys):
    assert cli.main([]) == 2
    said = capsys.readouterr().err
    assert "start" in said
    assert "test" in said


def test_a_wrong_option_is_exit_code_2(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["start", "--port", "70000"])
    assert ended.value.code == 2
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


def _pages_below(parser, words=()):
    """Yield the words and the parser of each verb and of each of its actions."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, page in action.choices.items():
                yield (*words, word), page
                yield from _pages_below(page, (*words, word))


PAGES = dict(_pages_below(cli.build_parser()))


def test_verbs_and_their_actions_are_found():
    assert {("start",), ("test",), ("lock",), ("data", "use"), ("draw", "scene")} <= set(PAGES)


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_every_verb_and_action_has_a_page_like_a_manual(words):
    page = PAGES[words].format_help()
    assert PAGES[words].description
    assert max(map(len, page.splitlines())) <= 100
    if len(words) > 1:  # an action's examples and exit codes stand on its verb's page
        assert f"See also: course.py {words[0]} --help" in page
        page = PAGES[words[:1]].format_help()
    assert "examples:" in page
    assert "exit codes:" in page


def test_start_imports_nothing_heavy():
    program = (
        "import sys\n"
        "import fercourse.front_door, fercourse.commands.start\n"
        "from fercourse import dataset\n"
        "dataset.is_prepared()\n"
        "import fercourse.lab.server\n"
        "from jupyterlab.labapp import LabApp\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.fixture
def tested_course(tmp_path):
    """A course in which each kind of test but the lessons has something wrong."""
    shutil.copytree(
        ROOT / "src/fercourse",
        tmp_path / "src/fercourse",
        ignore=shutil.ignore_patterns("__pycache__", "dataset", "drawn"),
    )
    shutil.copy(ROOT / "course.py", tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'small'\nversion = '1'\n"
        "[project.optional-dependencies]\ndev = []\nweb = []\nbrowser = []\n"
        "[tool.pytest.ini_options]\nmarkers = ['slow: slow']\n"
        "[tool.mypy]\nfiles = ['wrong.py']\n"
        "[tool.ruff]\ninclude = ['wrong.py']\n"
    )
    (tmp_path / "wrong.py").write_text("number: int = 'one'\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_some.py").write_text(
        "import pytest\n"
        "def test_right(): pass\n"
        "def test_wrong(): assert 1 == 2\n"
        "@pytest.mark.skip(reason='not today')\n"
        "def test_skipped(): pass\n"
        "@pytest.mark.slow\n"
        "def test_slow(): pass\n"
    )
    cells = [
        {"cell_type": "code", "id": f"cell-{number}", "execution_count": None, "metadata": {}}
        | {"outputs": [], "source": source}
        for number, source in enumerate(["number = 6 * 7", "assert number == 42"])
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons/lesson.ipynb").write_text(json.dumps(notebook))
    return tmp_path


def _test(course: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(course / "src")}
    return subprocess.run(
        [sys.executable, "-P", "-m", "fercourse.cli", "test", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_the_verb_test_counts_every_kind_and_closes_with_the_sum(tested_course):
    done = _test(tested_course)
    assert done.returncode == 1
    assert "not today" in done.stdout
    table = {line.split()[0]: line.split()[1:4] for line in done.stdout.splitlines()[-7:] if line}
    assert table["tests"] == ["1", "1", "1"]
    assert table["lessons"] == ["2", "0", "0"]
    assert table["style"] == ["1", "1", "0"], "right for ruff check, wrong for ruff format"
    assert table["types"] == ["0", "1", "0"]
    assert done.stdout.splitlines()[-1] == "4 passed, 3 failed, 1 skipped"


def test_one_kind_can_be_run_with_options_for_pytest_and_the_slow_tests_with_all(tested_course):
    done = _test(tested_course, "--only", "tests", "--all", "--", "-k", "slow or right")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "2 passed, 0 failed, 0 skipped"


@pytest.mark.slow
def test_a_lesson_with_a_broken_cell_fails(tested_course):
    path = tested_course / "lessons/lesson.ipynb"
    path.write_text(path.read_text().replace("== 42", "== 43"))
    done = _test(tested_course, "--only", "lessons")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "1 passed, 1 failed, 0 skipped"


def test_a_pytest_that_could_not_run_counts_as_failed(tested_course):
    done = _test(tested_course, "--only", "tests", "--", "--no-such-option")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


def test_a_run_without_any_test_cannot_look_like_one_that_passed(tested_course):
    done = _test(tested_course, "--only", "tests", "--", "-k", "nothing")
    assert done.returncode == 1
    assert "Nothing was tested" in done.stdout
    assert done.stdout.splitlines()[-1] == "0 passed, 0 failed, 0 skipped"


def test_a_kind_that_finds_no_test_unasked_has_failed(tested_course):
    (tested_course / "tests/test_some.py").unlink()
    done = _test(tested_course, "--only", "tests")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


def test_options_for_pytest_may_leave_one_kind_without_tests(tested_course):
    (tested_course / "wrong.py").write_text("number: int = 1\n")
    done = _test(tested_course, "--", "-k", "right")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "4 passed, 0 failed, 0 skipped"


def test_no_report_counts_nothing(tmp_path):
    assert test_verb._counts(tmp_path / "absent.xml") == (0, 0, 0)
