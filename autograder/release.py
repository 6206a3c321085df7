"""Makes starter/ from solutions/, by nbgrader's own ``generate_assignment``."""

import filecmp
import logging
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells
from traitlets.config import Config

from autograder.leaks import keep_answers_back
from autograder.settings import course_config
from autograder.sources import solutions_folder
from fercourse.errors import CourseError
from fercourse.learn.items import read_items


def release(names: Iterable[str], starter: Path) -> list[str]:
    """Make starters anew.

    Args:
        names: the assignments.
        starter: the folder of the starters; that of an assignment is replaced as a whole, and
            only if everything in it could be made.

    Returns:
        The names of those that differ from what was there.

    Raises:
        CourseError: a starter would give an answer away, or nbgrader refuses.
    """
    changed = []
    for name in names:
        starter.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".release-", dir=starter.parent) as private:
            made = make(name, Path(private))
            target = starter / name
            if not same_files(made, target):
                changed.append(name)
                if target.exists():
                    shutil.rmtree(target)
                made.rename(target)
    return changed


def make(name: str, folder: Path) -> Path:
    """Make one starter in a folder of its own, without a gradebook.

    Args:
        name: the assignment.
        folder: an empty folder.

    Returns:
        The starter's folder.

    Raises:
        CourseError: it would give an answer away, or nbgrader refuses.
    """
    config = course_config()
    steps = config.GenerateAssignment.preprocessors
    config.GenerateAssignment.preprocessors = [step for step in steps if step is not SaveCells]
    config.GenerateAssignment.no_database = True
    config.CourseDirectory.release_directory = str(folder)
    generate(config, name)
    made = folder / name
    keep_answers_back(made, read_items(solutions_folder() / name))
    return made


def generate(config: Config, name: str) -> None:
    """Run nbgrader's ``generate_assignment``.

    Args:
        config: its settings.
        name: the assignment.

    Raises:
        CourseError: it refuses; the sentence holds what it said.
    """
    config.GenerateAssignment.pop("post_convert_hook", None)  # it is for starter/ alone
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    api.log.setLevel(logging.ERROR)
    result = api.generate_assignment(name, force=True, create=True)
    if not result["success"]:
        lines = [line.strip() for line in result.get("log", "").splitlines()]
        reasons = [line for line in lines if re.match(r"[\w.]*(Error|Exception): ", line)]
        said = [line.removeprefix("[ERROR] ") for line in lines if line.startswith("[ERROR]")]
        raise CourseError(f"{name} was not made: {' '.join(reasons or said)}")


def same_files(one: Path, other: Path) -> bool:
    """Return whether two folders hold the same files with the same content."""
    if not other.is_dir():
        return False
    names = [
        {
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.is_file() and ".ipynb_checkpoints" not in path.parts
        }
        for folder in (one, other)
    ]
    return names[0] == names[1] and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in names[0]
    )
