"""``course.py lock``: make the locks from ``pyproject.toml``."""

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fercourse.commands._page import add_page
from fercourse.errors import CourseError
from fercourse.workspace import repository_root, write_atomically

if TYPE_CHECKING:
    from fercourse.commands._page import Pages

_DESCRIPTION = """\
Make requirements.lock, and one further lock for each extra, from pyproject.toml.

For those who change the course. Each lock names the exact version and the hashes of every
package, for all systems and Python versions at once, and nothing about the machine that made
it. An extra's lock holds what the extra needs; where the course needs the same package, it has
the same version. Versions that are locked already stay unless --upgrade is given or
pyproject.toml rules them out. Needs a network.
"""

_EPILOG = """\
examples:
  python3 course.py lock                        after a change in pyproject.toml
  python3 course.py lock --upgrade              take the newest versions of everything
  python3 course.py lock --upgrade jupyterlab   take the newest version of one package
  python3 course.py test --all                  then see that all still works

files:
  pyproject.toml               read
  requirements.lock            written
  requirements-EXTRA.lock      written

exit codes:
  0  the locks are made
  2  no versions fit together, or there is no network; the locks are as they were
"""

_COMPILE = ["pip", "compile", "--universal", "--generate-hashes", "--no-annotate", "--no-header"]


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "make the locks from pyproject.toml (for those who change the course)"
    parser = add_page(verbs, "lock", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "--upgrade",
        nargs="*",
        metavar="PACKAGE",
        help="take newer versions, of these packages or of all",
    )
    parser.set_defaults(run=run, extras=("dev",))


def run(args: argparse.Namespace) -> int:
    """Write every lock, or none where one cannot be made."""
    root = repository_root()
    if root is None:
        raise CourseError("there is no course here, only its package.")
    with (root / "pyproject.toml").open("rb") as file:
        content = tomllib.load(file)
    oldest = content["project"]["requires-python"].split(",")[0].removeprefix(">=")
    options = [*_COMPILE, "--python-version", oldest, *_upgrade_options(args.upgrade)]
    project = content["project"]["dependencies"] + content["dependency-groups"]["build"]
    with tempfile.TemporaryDirectory() as folder:
        made = {"requirements.lock": _compile(root, "requirements.lock", project, options, folder)}
        for extra, wanted in content["project"]["optional-dependencies"].items():
            # Against all that came before: any two locks can be installed together.
            against = [f"--constraint={Path(folder) / name}" for name in made]
            name = f"requirements-{extra}.lock"
            made[name] = _compile(root, name, wanted, [*options, *against], folder)
    for name, text in made.items():
        write_atomically(root / name, text)
        print(f"{name}: {len(re.findall(rb'^[^ ]+==', text, re.MULTILINE))} packages")
    return 0


def _upgrade_options(packages: Sequence[str] | None) -> list[str]:
    if packages is None:
        return []
    return [f"--upgrade-package={name}" for name in packages] or ["--upgrade"]


def _compile(
    root: Path, name: str, requirements: list[str], options: list[str], folder: str
) -> bytes:
    """Resolve requirements and return a lock's content.

    Args:
        root: the checkout; uv reads the supported systems from its ``pyproject.toml``.
        name: the lock's file name; its present pins are kept where there is one.
        requirements: lines as in ``pyproject.toml``.
        options: uv's options.
        folder: where to work.

    Raises:
        CourseError: uv found no solution, or no network.
    """
    output = Path(folder) / name
    if (root / name).exists():
        output.write_bytes((root / name).read_bytes())
    command = [sys.executable, "-m", "uv", *options, "--output-file", str(output), "-"]
    done = subprocess.run(
        command,
        input="\n".join(requirements),
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        reason = " ".join(done.stderr.split()) or "uv said nothing"
        raise CourseError(f"{name} could not be made, and no lock was changed: {reason}")
    return output.read_bytes()
