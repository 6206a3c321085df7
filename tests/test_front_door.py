"""The front door, walked through as a person does, before a course in miniature."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from small_course import BARE_PYTHON, REPOSITORY, SmallCourse

from fercourse import cli
from fercourse.environment.layout import Layout

posix = pytest.mark.skipif(os.name == "nt", reason="signals are sent another way on Windows")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course whose environment has been made, and what was printed meanwhile."""
    course = SmallCourse(tmp_path_factory.mktemp("made") / "a course")
    return course, course.run("greet")


@pytest.fixture
def course(tmp_path):
    return SmallCourse(tmp_path / "course")


@pytest.fixture
def ready(course):
    """A fresh course with its environment made."""
    assert course.run("greet").returncode == 0
    return course


def test_the_first_verb_makes_the_environment_and_runs_in_it(made):
    course, first = made
    assert first.returncode == 0, first.stderr
    assert f"prefix {course.venv}" in first.stdout
    assert "tiny-tool 1.0" in first.stdout


def test_progress_names_each_step_with_counts_and_seconds(made):
    _, first = made
    for step in (
        "Making the course's environment",
        "packages: ",
        "of 2",
        "Adding the course",
        "ready",
    ):
        assert step in first.stdout
    assert all(line.endswith(" s)") for line in first.stdout.splitlines()[:4])


def test_the_stamp_says_what_was_installed(made):
    course, _ = made
    stamp = json.loads(Layout(course.root).stamp.read_text())
    assert stamp["root"] == str(course.root.resolve())
    assert set(stamp["locks"]) == {""}
    assert not Layout(course.root).unfinished.exists()


def test_a_second_verb_installs_nothing(made):
    course, _ = made
    second = course.run("greet")
    assert second.returncode == 0
    assert second.stdout.splitlines()[0].startswith("prefix")


def test_the_environments_own_python_may_run_course_py(made):
    course, _ = made
    again = course.run("greet", python=str(Layout(course.root).python))
    assert again.returncode == 0
    assert again.stdout.splitlines()[0].startswith("prefix")


@pytest.mark.parametrize("own", [False, True], ids=["another Python", "its own Python"])
def test_packages_of_other_programs_do_not_reach_into_the_run(made, tmp_path, own):
    course, _ = made
    greet = course.root / "src/fercourse/commands/greet.py"
    before = greet.read_text()
    greet.write_text(before.replace('print("prefix"', 'print(sys.path)\n    print("prefix"'))
    python = str(Layout(course.root).python) if own else BARE_PYTHON
    try:
        done = course.run("greet", python=python, PYTHONPATH=str(tmp_path))
    finally:
        greet.write_text(before)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) not in done.stdout.splitlines()[-3]
    assert str(course.root / "src") in done.stdout.splitlines()[-3]


@posix
def test_a_folder_with_all_kinds_of_letters_is_found_whatever_the_system_s_encoding(tmp_path):
    course = SmallCourse(tmp_path / "Größe Á")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert course.run("greet").returncode == 0
    done = subprocess.run(
        [Layout(course.root).python, "-c", "import fercourse; print('found')"],
        env=course.environment(**plain),
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.stdout == "found\n", done.stderr


def test_a_file_in_the_current_folder_shadows_no_module(made):
    course, _ = made
    intruder = course.root.parent / "argparse.py"
    intruder.write_text("raise SystemExit('shadowed')")
    try:
        assert course.run("greet").returncode == 0
    finally:
        intruder.unlink()


def test_a_moved_course_gets_its_environment_anew(ready):
    moved = ready.root.with_name("moved")
    shutil.move(ready.root, moved)
    ready.root = moved
    again = ready.run("greet")
    assert again.returncode == 0, again.stderr
    assert f"prefix {moved}" in again.stdout


def test_an_interrupted_installation_is_noticed_and_made_anew(ready):
    Layout(ready.root).unfinished.touch()
    rest = ready.venv / "half a package"
    rest.mkdir()
    again = ready.run("greet")
    assert again.returncode == 0, again.stderr
    assert "Making the course's environment" in again.stdout
    assert not rest.exists()


def test_a_changed_lock_is_followed_in_place(ready):
    kept = ready.venv / "kept.txt"
    kept.touch()
    ready.lock(tool="2.0")
    again = ready.run("greet")
    assert again.returncode == 0, again.stderr
    assert "tiny-tool 2.0" in again.stdout
    assert kept.exists()
    assert ready.run("greet").stdout.splitlines()[0].startswith("prefix")


def test_without_network_a_changed_lock_does_not_stop_a_course_within_its_ranges(ready):
    ready.lock(tool="2.0")
    again = ready.run("greet", PIP_FIND_LINKS="")
    assert again.returncode == 0, again.stderr
    assert "going on with the earlier environment" in again.stdout
    assert "tiny-tool 1.0" in again.stdout


def test_without_network_an_environment_out_of_range_is_kept_but_not_used(ready):
    ready.depend_on("tiny-tool>=2")
    ready.lock(tool="2.0")
    again = ready.run("greet", PIP_FIND_LINKS="")
    assert again.returncode == 2
    assert "The earlier environment is still there." in again.stderr
    assert Layout(ready.root).python.exists()
    assert "tiny-tool 2.0" in ready.run("greet").stdout


def test_an_extra_is_installed_when_a_verb_needs_it_and_kept_from_then_on(ready):
    first = ready.run("fetch")
    assert first.returncode == 0, first.stderr
    assert "tiny-extra 1.0" in first.stdout
    ready.lock(tool="2.0")
    assert ready.run("greet").returncode == 0
    again = ready.run("fetch", PIP_FIND_LINKS="")
    assert again.stdout.splitlines()[0].startswith("prefix")


def test_an_environment_that_already_has_what_is_needed_is_used_as_it_is(course):
    course.depend_on("pytest>=8")
    (course.root / "src/fercourse/commands/greet.py").write_text(
        (course.root / "src/fercourse/commands/greet.py").read_text().replace("tiny-tool", "pytest")
    )
    done = course.run("greet", python=sys.executable)
    assert done.returncode == 0, done.stderr
    assert f"prefix {sys.prefix}" in done.stdout
    assert not course.venv.exists()


def test_an_extra_that_such_an_environment_lacks_is_asked_for_in_a_sentence(course):
    course.depend_on("pytest>=8")
    done = course.run("fetch", python=sys.executable)
    assert done.returncode == 2
    assert "tiny-extra" in done.stderr
    assert "requirements-kaggle.lock" in done.stderr


def test_a_damaged_package_is_refused(course):
    course.lock(tool="1.0", digest="0" * 64)
    done = course.run("greet")
    assert done.returncode == 2
    assert "not the one that requirements.lock names" in done.stderr
    assert not course.venv.exists()


def test_without_network_the_first_start_says_so_and_leaves_nothing(course):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        done = course.run("greet", PIP_NO_INDEX="", PIP_FIND_LINKS="", PIP_INDEX_URL=address)
    assert done.returncode == 2
    assert "no network" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not course.venv.exists()


@posix
@pytest.mark.parametrize(
    "sent", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_stopping_an_installation_leaves_nothing(course, sent):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never answers
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        process = course.start("greet", PIP_NO_INDEX="", PIP_FIND_LINKS="", PIP_INDEX_URL=address)
        silent.settimeout(60)
        connection, _ = silent.accept()
        with connection:
            process.send_signal(sent)
            out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "Traceback" not in err
    assert not course.venv.exists()


@posix
def test_a_killed_installation_is_made_anew(course):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        process = course.start("greet", PIP_NO_INDEX="", PIP_FIND_LINKS="", PIP_INDEX_URL=address)
        silent.settimeout(60)
        connection, _ = silent.accept()
        with connection:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert course.venv.exists()
    again = course.run("greet")
    assert again.returncode == 0, again.stderr
    assert "tiny-tool 1.0" in again.stdout


def test_of_two_at_once_one_makes_the_environment_and_the_other_waits(course):
    both = [course.start("greet") for _ in range(2)]
    said = [process.communicate(timeout=180) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    outputs = [out for out, _ in said]
    assert sum("Making the course's environment" in out for out in outputs) == 1
    assert sum("waiting for it" in out for out in outputs) == 1


def test_a_folder_of_that_name_that_is_something_else_is_left_alone(course):
    course.venv.mkdir()
    (course.venv / "diary.txt").write_text("mine")
    done = course.run("greet")
    assert done.returncode == 2
    assert "not a Python environment" in done.stderr
    assert (course.venv / "diary.txt").read_text() == "mine"


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="only an ordinary user can be refused writing"
)
def test_a_folder_that_cannot_be_written_is_a_sentence(course):
    course.root.chmod(0o500)
    try:
        done = course.run("greet")
    finally:
        course.root.chmod(0o700)
    assert done.returncode == 2
    assert "cannot be written to" in done.stderr


def test_settings_of_other_programs_do_not_reach_into_the_environment(course, tmp_path):
    constraint = tmp_path / "constraint.txt"
    constraint.write_text("tiny-tool==2.0\n")
    elsewhere = str(tmp_path / "elsewhere")
    done = course.run(
        "greet",
        PIP_TARGET=elsewhere,
        PIP_PREFIX=elsewhere,
        PIP_USER="1",
        PIP_CONSTRAINT=str(constraint),
        PYTHONPATH=elsewhere,
    )
    assert done.returncode == 0, done.stderr
    assert list(course.venv.glob("**/tiny_tool.py"))
    assert not Path(elsewhere).exists()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the course without any environment near."""
    root = tmp_path_factory.mktemp("copied")
    leave_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "src/fercourse", root / "src/fercourse", ignore=leave_out)
    shutil.copy(REPOSITORY / "course.py", root)
    for path in REPOSITORY.glob("*/commands/__init__.py"):
        room = path.parents[1]
        shutil.copytree(path.parent, root / room.name / "commands", ignore=leave_out)
        shutil.copy(room / "__init__.py", root / room.name)
    return root


def test_a_room_of_the_checkout_may_have_verbs_and_may_be_missing(copied, tmp_path):
    course = tmp_path / "course"
    shutil.copytree(copied / "src", course / "src")
    shutil.copy(copied / "course.py", course)

    def say_the_verbs():
        command = [BARE_PYTHON, "-I", "-S", str(course / "course.py")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stderr

    assert "wave" not in say_the_verbs()
    commands = course / "shore/commands"
    commands.mkdir(parents=True)
    for path in (commands.parent / "__init__.py", commands / "__init__.py", commands / "_own.py"):
        path.touch()
    (commands / "wave.py").write_text("def add_parser(verbs): pass\n")
    said = say_the_verbs()
    assert "wave" in said
    assert "_own" not in said


@pytest.mark.parametrize("verb", ["", *cli._verbs()])
def test_help_needs_the_standard_library_only(verb, copied):
    done = subprocess.run(
        # -S: without any installed package.
        [BARE_PYTHON, "-I", "-S", str(copied / "course.py"), *verb.split(), "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "examples:" in done.stdout
    assert "exit codes:" in done.stdout
    assert not (copied / ".venv").exists()


def test_a_mistyped_verb_installs_nothing_and_is_answered_with_the_right_one(course):
    done = course.run("gret")
    assert done.returncode == 2
    assert "Did you mean greet?" in done.stderr
    assert not course.venv.exists()
