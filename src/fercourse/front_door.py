"""What ``course.py`` does once a fitting Python runs it: find or make the environment, go on there.

Only the standard library is needed up to the moment the verb itself runs.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from fercourse import cli
from fercourse.environment import install, ranges, system
from fercourse.environment.layout import Layout
from fercourse.errors import CourseError

ROOT = Path(__file__).resolve().parents[2]


def enter(arguments: Sequence[str]) -> int:
    """Run one verb, first making or mending the environment that it needs.

    The arguments are read first: ``--help`` and mistyped verbs are answered before
    anything is installed. A running environment that already holds what
    ``pyproject.toml`` asks for (conda, a container) is used as it is; everyone else
    gets ``.venv``.

    Args:
        arguments: the command line after ``course.py``.

    Returns:
        The exit code. On POSIX the process is replaced instead where ``.venv`` is used.
    """
    return cli.guarded(arguments, lambda: _enter(arguments))


def _enter(arguments: Sequence[str]) -> int:
    chosen = cli.parse(arguments)
    extras = cli.extras_of(chosen)
    layout = Layout(ROOT)
    inside = layout.is_running()
    if not inside and ranges.running_environment_fits(ROOT / "pyproject.toml"):
        if lacking := ranges.missing_extras(ROOT / "pyproject.toml", extras):
            raise CourseError(_what_the_running_environment_lacks(lacking, extras))
        return _go_on_here(arguments)
    if refusal := system.refusal():
        raise CourseError(refusal)
    if install.is_ready(layout, extras):
        return _go_on_in(layout, arguments)
    if inside:
        # An environment cannot well rebuild itself: let the Python under it do that.
        command = [_python_beneath(), str(ROOT / "course.py"), *arguments]
        return _run(command, _environment_without_other_packages())
    install.bring_up(layout, extras)
    return _go_on_in(layout, arguments)


def _go_on_here(arguments: Sequence[str]) -> int:
    """Run the verb in this process; kernels and tests it starts find ``fercourse`` too."""
    earlier = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), *([earlier] if earlier else [])])
    return cli.main(arguments)


def _go_on_in(layout: Layout, arguments: Sequence[str]) -> int:
    environment = _environment_without_other_packages()
    # Kernels and tests inherit it. Not every Python can read a path with all kinds of letters
    # from the file that the installation left, but each can from here.
    environment["PYTHONPATH"] = str(ROOT / "src")
    # -P keeps the folder that the person stands in from shadowing packages.
    return _run([str(layout.python), "-P", "-m", "fercourse.cli", *arguments], environment)


def _environment_without_other_packages() -> dict[str, str]:
    """Return the variables without those that lead Python to packages of other programs."""
    return {n: v for n, v in os.environ.items() if n not in ("PYTHONPATH", "PYTHONHOME")}


def _run(command: list[str], environment: dict[str, str]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execve(command[0], command, environment)
    # Windows has no real exec: wait, and leave Ctrl-C to the Python that does the work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command, env=environment)


def _python_beneath() -> str:
    return str(getattr(sys, "_base_executable", None) or Path(sys.base_prefix) / "bin" / "python3")


def _what_the_running_environment_lacks(lacking: list[str], extras: Sequence[str]) -> str:
    locks = " ".join(f"-r requirements-{extra}.lock" for extra in extras)
    return (
        f"this needs {', '.join(lacking)} as well, which the Python that runs it "
        f"({sys.executable}) does not have. Add it with `python -m pip install {locks}`, or run "
        "the command with a bare Python, which makes the course's own environment."
    )
