"""The command line: finds the verb, runs it, and says what went wrong in a sentence.

Only the standard library is imported here, so that help is there before the environment is.
"""

import argparse
import contextlib
import errno
import os
import pkgutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path

from fercourse import __version__, commands
from fercourse.environment import ranges, system
from fercourse.environment.stopping import every_ctrl_c_heard
from fercourse.errors import CourseError, did_you_mean
from fercourse.workspace import cache_folder, repository_root

_EPILOG = """\
Each verb has its own page: course.py VERB --help

examples:
  python3 course.py start             make everything ready and open the course
  python3 course.py data use PATH     use FER2013 from now on, in any form it is published in
  python3 course.py test              check that all of it works here

environment variables:
  FERCOURSE_DATA      folder for caches and settings (default: data/ of the course)
  FERCOURSE_FER2013   FER2013 itself, in any form that `data use` reads; or the word drawn
  FERCOURSE_MODELS    folder with models that you downloaded

exit codes:
  0  done
  1  something failed: a test, or the course itself (a log then says where)
  2  something you can mend; the sentence says how
  130  you stopped it

The first verb makes the environment in .venv (about 2.6 GB), unless the Python that runs it
already has what the course needs.
"""

_NOT_YOURS = "Choose a place that you may read and write"
_ADVICE = {
    errno.ENOSPC: "The disk is full: free some space",
    errno.EROFS: _NOT_YOURS,
    errno.EACCES: _NOT_YOURS,
    errno.ENAMETOOLONG: "The name is too long for this system: choose a shorter one",
}
"""What to do where the system refuses a file, by the number of its error."""

_GONE = (errno.EPIPE, errno.EINVAL)
"""What writing to a pipe without a reader ends in; Windows says EINVAL."""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every verb that is found."""
    parser = argparse.ArgumentParser(
        prog="course.py",
        description="A two-week course on facial emotion recognition.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"fercourse {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)
    for _, module in sorted(_verbs().items()):
        import_module(module).add_parser(verbs)
    return parser


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command line.

    Args:
        arguments: what stands after ``course.py``.

    Raises:
        CourseError: there is no such verb.
        SystemExit: help was asked for (code 0), or an option is wrong (code 2).
    """
    verbs = sorted(_verbs())
    if not arguments:
        raise CourseError(f"say what to do: one of {', '.join(verbs)}. `--help` explains them.")
    if not arguments[0].startswith("-") and arguments[0] not in verbs:
        hint = did_you_mean(arguments[0], verbs)
        raise CourseError(
            f"there is no verb {arguments[0]!r}.{hint} The verbs are {', '.join(verbs)}."
        )
    parser = build_parser()
    chosen, unknown = parser.parse_known_args(arguments)
    if unknown:  # the verb's own page tells what it knows, the whole program's would not
        page = getattr(chosen, "page", parser)
        page.error(f"unrecognized arguments: {' '.join(unknown)}")
    return chosen


def extras_of(chosen: argparse.Namespace) -> tuple[str, ...]:
    """Return the extras that a verb declared with ``set_defaults(extras=("kaggle",))``."""
    return tuple(getattr(chosen, "extras", ()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb in this environment and return its exit code.

    Args:
        arguments: the command line after the program's name; ``sys.argv``'s by default.
    """
    given = sys.argv[1:] if arguments is None else arguments
    return guarded(given, lambda: _run(given))


def _run(arguments: Sequence[str]) -> int:
    chosen = parse(arguments)
    root = repository_root()
    if root and (lacking := ranges.missing_extras(root / "pyproject.toml", extras_of(chosen))):
        raise CourseError(
            f"this needs {', '.join(lacking)} as well. Run it as `python3 course.py`, which "
            "installs what is missing."
        )
    return int(chosen.run(chosen) or 0)


def guarded(arguments: Sequence[str], action: Callable[[], int]) -> int:
    """Run an action; whatever goes wrong ends in a sentence and an exit code.

    Args:
        arguments: the command line, for the sentence.
        action: what to do; returns an exit code.
    """
    _make_output_safe()
    words = [word for word in arguments[:1] if not word.startswith("-")]
    name = " ".join(["course.py", *words])
    try:
        with every_ctrl_c_heard():
            code = action()
        sys.stdout.flush()
        return code
    except CourseError as error:
        return _say(f"{name}: {error}", 2)
    except KeyboardInterrupt:
        return _say(f"{name}: stopped.", 130)
    except Exception as error:
        if _reader_has_gone(error):
            return 141
        if sentence := system.explained(error) or _mendable(error):
            return _say(f"{name}: {sentence}", 2)
        return _say(f"{name}: {_fault(arguments)}", 1)


def _verbs() -> dict[str, str]:
    """Return the module of each verb: the package's, and those of other rooms of the checkout.

    A room has verbs where it has a folder ``commands``. Editions of the course without that room
    do without its verbs.
    """
    found = {name: f"fercourse.commands.{name}" for name in _modules(commands.__path__)}
    root = repository_root()
    for path in sorted(root.glob("*/commands/__init__.py")) if root else ():
        room = path.parents[1]
        if str(room.parent) not in sys.path:
            sys.path.append(str(room.parent))  # last, so that no folder there hides a package
        found |= {name: f"{room.name}.commands.{name}" for name in _modules([str(path.parent)])}
    return found


def _modules(places: Iterable[str]) -> list[str]:
    names = [module.name for module in pkgutil.iter_modules(places)]
    return [name for name in names if not name.startswith("_")]


def _say(sentence: str, code: int) -> int:
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        print(sentence, file=sys.stderr, flush=True)
    return code


def _reader_has_gone(error: Exception) -> bool:
    """Return whether it was our own output that nobody reads any more (``| head``).

    Pipes to other processes break with the same error; only trying tells them apart.
    """
    if not isinstance(error, OSError) or error.filename is not None:
        return False
    try:
        print(flush=True)
    except OSError as failure:
        # Python would write once more at exit, and complain.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return failure.errno in _GONE
    return False


def _mendable(error: Exception) -> str | None:
    """Return the sentence for a file that the system refuses, or None for another error."""
    if not isinstance(error, OSError):
        return None
    if error.filename is None and error.errno not in _ADVICE:
        return None
    name = error.filename
    place = f"{os.fsdecode(name) if isinstance(name, bytes) else name}: " if name else ""
    advice = _ADVICE.get(error.errno or 0, "See that it is there and is what it should be")
    return f"{place}{error.strerror or error}. {advice}, then run the same command again."


def _make_output_safe() -> None:
    """A console that cannot show a character shows ``?`` instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _fault(arguments: Sequence[str]) -> str:
    """Write the traceback to a file and return the sentence that names it."""
    name = time.strftime("fault-%Y%m%d-%H%M%S.log")
    text = f"fercourse {__version__}, Python {sys.version}, {sys.platform}\n"
    text += f"arguments: {list(arguments)}\n\n{traceback.format_exc()}"
    for folder in (cache_folder() / "logs", Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
            return (
                f"this is a fault of the course, not yours. {folder / name} says what happened; "
                "please send it to those who look after the course."
            )
    return f"this is a fault of the course, not yours:\n{text}"


if __name__ == "__main__":
    sys.exit(main())
