"""``load_script``: a student's program beside the notebook, whose functions tests call by name."""

import _thread
import linecache
import threading
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 10.0
"""Seconds that a program may take to define its functions."""

_endless: dict[str, str] = {}
"""Texts of programs that did not come to an end, and the sentences about them: once is enough."""

_OPENS = {
    "VideoCapture": "opens a camera or a video",
    "imshow": "opens a window",
    "namedWindow": "opens a window",
    "waitKey": "waits for a key",
    "waitKeyEx": "waits for a key",
    "selectROI": "opens a window",
}
"""Functions of OpenCV that belong into a function of the program, and what they do."""

_BELOW_MAIN = (
    "Only definitions may stand outside of functions; what the program does belongs into main(), "
    'called below  if __name__ == "__main__":  at its end.'
)


class ScriptFailed(Exception):  # noqa: N818
    """A student's program cannot be used; the sentence is for the student."""


class Script:
    """A student's program. ``script.overlap`` is its function ``overlap``.

    The file is read when a function is first asked for, so that a program that cannot be read
    costs no more than the exercises that need it.

    Args:
        path: the file.
        stand_ins: code that is run after the program's own, whose functions take the place of
            the program's of that name.
    """

    def __init__(self, path: Path, stand_ins: str = "") -> None:
        self._path = path
        self._stand_ins = stand_ins
        self._module: types.ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        """Return a function of the program.

        Raises:
            ScriptFailed: it has none of that name, or cannot be read or run.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        if self._module is None:
            self._module = load(read(self._path), self._path.name, self._stand_ins)
        if not hasattr(self._module, name):
            raise ScriptFailed(
                f"{self._path.name} has no {name} any more: put it back under this name."
            )
        return getattr(self._module, name)

    def with_stand_ins(self, code: str) -> "Script":
        """Return the program with other functions in place of some of its own.

        So one function can be tested with right helpers, whatever the student's helpers do.

        Args:
            code: definitions of these functions; it sees all names of the program.
        """
        return Script(self._path, f"{self._stand_ins}\n{code}")


def load_script(name: str) -> Script:
    """Return the program that lies beside the notebook, as it is now.

    Args:
        name: the file's name.
    """
    return Script(Path(name).resolve())


def is_of_student(file: str) -> bool:
    """Return whether a file that a traceback names is a notebook's cell or a program."""
    return "ipykernel_" in file or file.startswith("<")


def read(path: Path) -> str:
    """Return a program's text.

    Raises:
        ScriptFailed: it is missing or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ScriptFailed(
            f"{path.name} is missing. It has to lie beside the notebook, under exactly this name; "
            "hand in both."
        ) from error
    except (OSError, ValueError) as error:
        raise ScriptFailed(f"{path.name} cannot be read: {error}.") from error


def load(text: str, name: str, stand_ins: str = "") -> types.ModuleType:
    """Return a program as a module; windows and cameras stay shut meanwhile.

    Args:
        text: the program.
        name: its file's name.
        stand_ins: code that is run after it.

    Raises:
        ScriptFailed: it is no Python, fails, does not come to an end, or opens a window or camera.
    """
    if text in _endless:
        raise ScriptFailed(_endless[text])
    module = types.ModuleType(name.removesuffix(".py").replace("-", "_"))
    module.__file__ = name
    with _without_windows(name), _time_limit(text, name):
        _run(text, f"<{name}>", name, module)
        if stand_ins:
            _run(stand_ins, "helpers of the test", name, module)
    return module


def _run(text: str, file: str, name: str, module: types.ModuleType) -> None:
    # So that an error is shown with its line, as in a notebook's cell.
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    try:
        exec(compile(text, file, "exec"), module.__dict__)
    except ScriptFailed:
        raise
    except SyntaxError as error:
        line = f": {error.text.strip()}" if error.text else ""
        raise ScriptFailed(
            f"{name} is not Python yet. Line {error.lineno}{line}\n  ({error.msg})"
        ) from error
    except SystemExit as error:
        raise ScriptFailed(f"{name} ends Python when it is imported. {_BELOW_MAIN}") from error
    except Exception as error:
        places = [frame for frame in traceback.extract_tb(error.__traceback__) if "<" in frame[0]]
        where = f" in line {places[-1].lineno}: {places[-1].line}" if places else ""
        raise ScriptFailed(
            f"{name} stopped with {type(error).__name__}: {error}{where}\n{_BELOW_MAIN}"
        ) from error


@contextmanager
def _without_windows(name: str) -> Iterator[None]:
    """Refuse windows and cameras; without a display, OpenCV would end Python over a window."""
    import cv2

    originals = {function: getattr(cv2, function) for function in _OPENS}
    loading = True

    def guarded(function: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if loading:
                raise ScriptFailed(f"{name} {_OPENS[function]} when it is imported. {_BELOW_MAIN}")
            return originals[function](*arguments, **options)

        return call

    for function in originals:
        setattr(cv2, function, guarded(function))
    try:
        yield
    finally:
        loading = False  # what the program imported by name works from now on
        for function, original in originals.items():
            setattr(cv2, function, original)


@contextmanager
def _time_limit(text: str, name: str) -> Iterator[None]:
    """Interrupt what does not come to an end; only the main thread can be interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    lock, over, late = threading.Lock(), False, False

    def interrupt() -> None:
        nonlocal late
        with lock:
            if not over:
                late = True
                _thread.interrupt_main()

    timer = threading.Timer(PATIENCE, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
        with lock:
            over = True
    except KeyboardInterrupt:
        if not late:
            raise
        _endless[text] = (
            f"{name} did not come to an end within {PATIENCE:g} seconds when it was imported: is "
            f"there a loop outside of functions? {_BELOW_MAIN}"
        )
        raise ScriptFailed(_endless[text]) from None
    finally:
        over = True
        timer.cancel()
