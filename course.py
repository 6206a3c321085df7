#!/usr/bin/env python3
"""The front door of the course: ``python3 course.py VERB``; ``--help`` lists the verbs.

This file only finds a Python that the course runs on. It is written so that an old
Python 3 (3.6 or later) can read it and say what is missing; all else happens in
``src/fercourse/front_door.py``, which still needs nothing but the standard library.
"""

import os
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 13)
ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
# Set for the Python that this file starts, so that two of them never start each other in turn.
CHOSEN = "FERCOURSE_PYTHON_CHOSEN"


def fits(version):
    """Return whether the course runs on this (major, minor) version."""
    return OLDEST <= tuple(version) <= NEWEST


def candidates():
    """Yield commands that may start a fitting Python, the likeliest first."""
    own = python_beneath_the_environment() if WINDOWS else ROOT / ".venv/bin/python"
    if own:
        yield [str(own)]
    minors = range(NEWEST[1], OLDEST[1] - 1, -1)
    for minor in minors:
        yield ["py", f"-3.{minor}"] if WINDOWS else [f"python3.{minor}"]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for minor in minors:
        for version in sorted((pyenv / "versions").glob(f"3.{minor}.*")):
            yield [str(version / "bin" / "python")]
        for folder in ("/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"):
            yield [f"{folder}/python3.{minor}"]
    for minor in minors:
        found = output_of(["uv", "python", "find", "--no-project", f"3.{minor}"])
        if found:
            yield [found]


def python_beneath_the_environment():
    """Return the Python that .venv was made with, or None.

    On Windows .venv's own cannot be called to mend .venv: no one can delete a running program.
    """
    try:
        lines = (ROOT / ".venv/pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    for line in lines:
        name, _, value = line.partition("=")
        if name.strip() == "home":
            return Path(value.strip()) / "python.exe"
    return None


def output_of(command):
    """Return what a command prints, or None where it is missing or fails."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def fitting_python():
    """Return the path of a Python that the course runs on, or None."""
    ask = "import sys; print('%d %d %s' % (sys.version_info[:2] + (sys.executable,)))"
    for command in candidates():
        # Windows would answer in its own encoding; -E: nor do PYTHON... variables change it.
        answer = output_of([*command, "-E", "-X", "utf8", "-c", ask])
        if answer:
            major, minor, path = answer.split(" ", 2)
            if fits((int(major), int(minor))):
                return path
    return None


def hand_over(python):
    """Run this file again with another Python and return its exit code."""
    environment = dict(os.environ)
    environment[CHOSEN] = "1"
    environment.pop("PYTHONHOME", None)  # it is meant for the Python that runs now
    command = [python, str(ROOT / "course.py"), *sys.argv[1:]]
    if not WINDOWS:
        sys.stdout.flush()
        os.execve(python, command, environment)
    # Windows has no real exec: wait, and leave Ctrl-C to the Python that does the work.
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command, env=environment)


def main():
    """Hand over to a Python that fits, or start the course in this one."""
    chosen = os.environ.pop(CHOSEN, None)
    if not fits(sys.version_info[:2]):
        python = None if chosen else fitting_python()
        if python:
            return hand_over(python)
        this = "{}.{}".format(*sys.version_info[:2])
        sys.stderr.write(
            f"course.py: the course needs Python 3.11, 3.12 or 3.13; this is {this}, and no other "
            "was found. Install Python 3.13 (from python.org, your system's packages, or with "
            "`uv python install 3.13`), then run the same command again.\n"
        )
        return 2
    sys.path.insert(0, str(ROOT / "src"))
    from fercourse.front_door import enter

    return enter(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
