"""Runs an assignment's cells quickly: plain Python in one namespace, without a Jupyter kernel."""

import ast
import builtins
import contextlib
import io
import linecache
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.scripts import function_of, with_function
from autograder.sources import (
    TEST_PREFIX,
    Source,
    answer_stub,
    code_cells,
    grade_id,
    is_answer,
    is_test,
)
from fercourse.errors import CourseError
from fercourse.learn.checking import CheckFailed, NotAttempted
from fercourse.learn.scripts import ScriptFailed, load
from fercourse.learn.surroundings import GRADING, TERM_SECRET

Namespace = dict[str, Any]
SCRIPT = "__script__"
"""Where a namespace has the text of the program that its tests read from the file."""


@dataclass(frozen=True)
class Verdict:
    """How an item's tests ended.

    Attributes:
        outcome: ``"passed"``, ``"failed"``, ``"not attempted"``, or ``"broken"`` where the test
            cell itself stopped in another way than by a check.
        hidden: whether a hidden check failed, not a visible one.
        message: what a student would read.
        seconds: how long it took.
    """

    outcome: str
    hidden: bool
    message: str
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether the item earns its points."""
        return self.outcome == "passed"


class Workbench:
    """An assignment whose solution has been run once, ready to be tried with other answers.

    Use it in a process of its own: it changes the current folder and the environment.
    """

    def __init__(self, source: Source) -> None:
        """Run the solution's cells, all but the tests.

        Args:
            source: the assignment.

        Raises:
            CourseError: one of its cells fails.
        """
        self.source = source
        cells = code_cells(source.notebook)
        self.answers = {grade_id(cell): str(cell.source) for cell in cells if is_answer(cell)}
        self.tests = {
            grade_id(cell).removeprefix(TEST_PREFIX): str(cell.source)
            for cell in cells
            if is_test(cell)
        }
        if source.script:
            self.answers |= {
                item.id: code
                for item in source.assignment.items.values()
                if item.graded == "tests" and (code := function_of(source.script, item.function))
            }
        self._folder = tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)
        _prepare_process(source, Path(self._folder.name))
        self.solved = self._run_notebook({}, source.script)

    def starter(self) -> Namespace:
        """Return what the untouched starter's cells make, all but the tests.

        Raises:
            CourseError: one of its cells fails, which would stop a student on the first day.
        """
        stubs = {name: answer_stub(code) for name, code in self.answers.items()}
        return self._run_notebook(stubs, answer_stub(self.source.script))

    def defines(self, function: str) -> bool:
        """Return whether the solution has a function."""
        in_script = bool(function_of(self.source.script, function))
        return in_script or (not self.source.script and function in self.solved)

    def with_answer(self, item: str, code: str) -> Namespace:
        """Return the solution's namespace with another answer to one item.

        Args:
            item: the id of its solution cell.
            code: the whole of the cell, or of the function in the script.

        Raises:
            CourseError: the answers' cells or the script do not run.
        """
        namespace = dict(self.solved)
        if self.source.script:
            function = self.source.assignment.items[item].function
            namespace[SCRIPT] = with_function(self.source.script, function, code)
            try:
                load(namespace[SCRIPT], self.source.assignment.script)
            except ScriptFailed as error:
                raise CourseError(f"{item}: {error}") from error
            return namespace
        for name, solution in self.answers.items():
            _run_or_say(code if name == item else solution, f"{item}: cell {name}", namespace)
        return namespace

    def rests_on(self, item: str, other: str, code: str) -> bool:
        """Return whether an item's tests can notice another answer to another item.

        That is by names: those in its tests and its answer, and in what these use.

        Args:
            item: the id of the item that is tested.
            other: the id of the one that is answered otherwise.
            code: the other answer.
        """
        changed = _names(code, ast.Store) | _names(self.answers[other], ast.Store)
        used = _names(self.tests[item], ast.Load) | _names(self.answers.get(item, ""), ast.Load)
        rest = dict(self.answers)
        while reached := [name for name, cell in rest.items() if _names(cell, ast.Store) & used]:
            for name in reached:
                used |= _names(rest.pop(name), ast.Load)
        own = _names(self.tests[item], ast.Store) - _names(self.answers.get(item, ""), ast.Store)
        return bool(changed & (used - own))

    def verdict(self, item: str, namespace: Mapping[str, Any], secret: str) -> Verdict:
        """Run an item's tests in a copy of a namespace.

        Args:
            item: its id.
            namespace: what the notebook's other cells made.
            secret: the term's secret.
        """
        self._lay_script(namespace.get(SCRIPT, ""))
        began = time.perf_counter()
        with _environment({TERM_SECRET: secret}):
            outcome, hidden, message = _examine(self.tests[item], TEST_PREFIX + item, namespace)
        return Verdict(outcome, hidden, message, time.perf_counter() - began)

    def _lay_script(self, text: str) -> None:
        """Put a program where the notebook's cells look for it."""
        if text:
            name = self.source.assignment.script
            (Path(self._folder.name) / name).write_text(text, encoding="utf-8")

    def _run_notebook(self, replacements: Mapping[str, str], script: str) -> Namespace:
        namespace: Namespace = {"__name__": "__main__", SCRIPT: script}
        self._lay_script(script)
        for number, cell in enumerate(code_cells(self.source.notebook), start=1):
            if not is_test(cell):
                name = grade_id(cell)
                code = replacements.get(name, str(cell.source)) if is_answer(cell) else cell.source
                _run_or_say(code, _place(number, cell), namespace)
        return namespace


def _names(code: str, context: type[ast.expr_context]) -> set[str]:
    """Return the names that code uses, or those that it gives to something at its top level."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return set()
    if context is ast.Load:
        nodes = list(ast.walk(tree))
        attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        return attributes | {node.id for node in nodes if isinstance(node, ast.Name)}
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        else:
            names |= {
                name.id
                for name in ast.walk(node)
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            }
    return names


def _place(number: int, cell: NotebookNode) -> str:
    name = grade_id(cell) or cell.get("id", "")
    return f"code cell {number} ({name})" if name else f"code cell {number}"


def _prepare_process(source: Source, folder: Path) -> None:
    """Set what grading sets, and go to a copy of the assignment's folder."""
    if source.folder.is_dir():
        shutil.copytree(source.folder, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    os.environ[GRADING] = "1"
    os.environ.setdefault("MPLBACKEND", "Agg")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.chdir(folder)
    from IPython.display import display
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)  # as in grading, see running.py
    builtins.display = display  # type: ignore[attr-defined]


def _examine(code: str, name: str, namespace: Mapping[str, Any]) -> tuple[str, bool, str]:
    """Return a test cell's outcome, whether a hidden check failed, and the message."""
    try:
        _run(code, name, dict(namespace))
    except NotAttempted as error:
        return "not attempted", error.hidden, str(error)
    except CheckFailed as error:
        return "failed", error.hidden, str(error)
    except Exception as error:
        return "broken", False, f"{type(error).__name__}: {error}"
    return "passed", False, ""


def _run_or_say(code: str, place: str, namespace: Namespace) -> None:
    try:
        _run(code, place, namespace)
    except Exception as error:
        last = traceback.format_exc()
        raise CourseError(f"{place} does not run: {error!r}\n{last}") from error


def _run(code: str, name: str, namespace: Namespace) -> None:
    """Run code as a cell, with its lines known to tracebacks, and keep its printing away."""
    file = f"<{name}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    compiled = compile(code, file, "exec")
    with _quiet():
        exec(compiled, namespace)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
