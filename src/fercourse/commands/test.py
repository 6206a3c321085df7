"""``course.py test``: run every kind of test there is, and count."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from fercourse.commands._page import add_page
from fercourse.errors import CourseError
from fercourse.workspace import DRAWN, repository_root

if TYPE_CHECKING:
    from fercourse.commands._page import Pages

_DESCRIPTION = """\
Run the course's tests and say how many passed.

There are five kinds: the tests of the package and of the commands, every lesson and every
assignment's solution from its first cell to its last, and what those who change the course must
keep clean, its style (ruff) and its types (mypy). Without options this leaves out the slow ones
and takes some minutes; --all runs everything, and fetches what that needs besides. Tests that need
FER2013 or a model that you do not have are skipped, and each says so.
"""

_EPILOG = """\
examples:
  python3 course.py test                  the sample
  python3 course.py test --all            everything, as the project's own checks run it
  python3 course.py test --only lessons   one kind: tests, lessons, solutions, style, types
  python3 course.py test -- -k audit -x   what stands after -- goes to pytest
  python3 course.py test --only tests -- tests/test_plots.py
                                          one file

files:
  tests/               what is run
  lessons/, solutions/ what is executed (the files do not change); students have no solutions/

exit codes:
  0  everything that ran has passed
  1  something failed, or nothing was tested
  2  the tests could not be run
"""

_KINDS = ("tests", "lessons", "solutions", "style", "types")
_NO_TESTS_COLLECTED = 5


@dataclass(frozen=True)
class Outcome:
    """How one kind of test went.

    Attributes:
        kind: its name.
        passed: how many passed.
        failed: how many failed, or could not be run.
        skipped: how many were skipped.
        seconds: how long it took.
    """

    kind: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "run the course's tests"
    parser = add_page(verbs, "test", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "--all", action=_All, nargs=0, default=False, help="run everything, the slow tests too"
    )
    parser.add_argument("--only", choices=_KINDS, help="run one kind only")
    parser.add_argument("pytest", nargs="*", metavar="PYTEST_OPTION", help="options for pytest")
    parser.set_defaults(run=run, extras=("dev",))


class _All(argparse.Action):
    """Everything needs more packages than what every student runs."""

    def __call__(self, _parser: Any, namespace: argparse.Namespace, *_: Any) -> None:
        namespace.all = True
        namespace.extras = ("dev", "web", "browser")


def run(args: argparse.Namespace) -> int:
    """Run the kinds asked for, print a table and the closing count."""
    root = repository_root()
    if root is None:
        raise CourseError("there are no tests here, only the course's package.")
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    runners: dict[str, Callable[[], Outcome]] = {
        "tests": lambda: _tests(root, args.pytest, slow=args.all),
        "lessons": lambda: _notebooks("lessons", root, args.pytest),
        "solutions": lambda: _notebooks("solutions", root, args.pytest),
        "style": lambda: _style(root),
        "types": lambda: _types(root),
    }
    there = [kind for kind in _KINDS if kind != "solutions" or (root / kind).is_dir()]
    chosen = [args.only] if args.only else there
    outcomes = [runners[kind]() for kind in chosen]
    passed = any(outcome.passed for outcome in outcomes)
    failed = any(outcome.failed for outcome in outcomes)
    if not passed and not failed:
        print("\nNothing was tested: no test was found, or every one was skipped.")
    _print_table(outcomes)
    return 0 if passed and not failed else 1


def _tests(root: Path, options: list[str], *, slow: bool) -> Outcome:
    selection = [] if slow else ["-m", "not slow"]
    return _pytest("tests", root, ["tests", *selection], options)


def _notebooks(kind: str, root: Path, options: list[str]) -> Outcome:
    # Each cell has to run; where it is marked NBVAL_CHECK_OUTPUT, its output has to match, too.
    # Solutions run as when they are graded: what trains for long is left out.
    grading = {"FERCOURSE_GRADING": "1"} if kind == "solutions" else {}
    selection = ["--nbval-lax", "--nbval-current-env", kind]
    return _pytest(kind, root, selection, options, grading)


def _style(root: Path) -> Outcome:
    ruff = [sys.executable, "-m", "ruff"]
    return _checks(
        "style", root, [[*ruff, "check", "--quiet"], [*ruff, "format", "--check", "--quiet"]]
    )


def _types(root: Path) -> Outcome:
    return _checks("types", root, [[sys.executable, "-m", "mypy"]])


def _pytest(
    kind: str,
    root: Path,
    selection: list[str],
    chosen: list[str],
    variables: Mapping[str, str] | None = None,
) -> Outcome:
    """Run pytest and count from its report.

    Args:
        kind: the name of what is run.
        root: where to run it.
        selection: what to run and how.
        chosen: the person's own options, which may leave nothing to run of this kind.
        variables: what to add to the environment.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-rs", f"--junitxml={report}"]
        command += [*selection, *chosen]
        code = _call(kind, command, root, variables)
        passed, failed, skipped = _counts(report)
    if code == _NO_TESTS_COLLECTED and chosen:
        code = 0
    # pytest that ended otherwise than its report says could not run something.
    if code != 0 and failed == 0:
        failed = 1
    return Outcome(kind, passed, failed, skipped, time.monotonic() - began)


def _counts(report: Path) -> tuple[int, int, int]:
    """Return how many tests of a JUnit report passed, failed and were skipped."""
    if not report.exists():
        return 0, 0, 0
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    total, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites)
        for name in ("tests", "failures", "errors", "skipped")
    )
    return total - failures - errors - skipped, failures + errors, skipped


def _checks(kind: str, root: Path, commands: list[list[str]]) -> Outcome:
    began = time.monotonic()
    codes = [_call(kind, command, root) for command in commands]
    failed = sum(code != 0 for code in codes)
    return Outcome(kind, len(codes) - failed, failed, 0, time.monotonic() - began)


def _call(
    kind: str, command: list[str], root: Path, variables: Mapping[str, str] | None = None
) -> int:
    print(f"\n=== {kind}: {' '.join(command[2:4])}", flush=True)
    # TensorFlow's notes on the processor drown what a failing test has to say.
    environment = {"TF_CPP_MIN_LOG_LEVEL": "2", **os.environ, **(variables or {})}
    if kind == "lessons":  # what a cell must print was kept on drawn faces
        environment["FERCOURSE_FER2013"] = DRAWN
    return subprocess.run(command, cwd=root, env=environment, check=False).returncode


def _print_table(outcomes: list[Outcome]) -> None:
    print(f"\n{'kind':<10}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for outcome in outcomes:
        print(
            f"{outcome.kind:<10}{outcome.passed:>8}{outcome.failed:>8}"
            f"{outcome.skipped:>9}{outcome.seconds:>9.0f}"
        )
    passed, failed, skipped = (
        sum(getattr(outcome, name) for outcome in outcomes)
        for name in ("passed", "failed", "skipped")
    )
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped", flush=True)
