"""The stamp in ``.venv``: what was installed, so that the next start need not look."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from fercourse.environment.layout import Layout
from fercourse.errors import CourseError
from fercourse.workspace import write_atomically


class State(Enum):
    """What ``.venv`` is, and so what has to be done with it."""

    READY = "it is what the locks say"
    ABSENT = "there is none"
    BROKEN = "an installation was interrupted, the folder was moved or its Python is gone"
    OUTDATED = "a lock has changed or an extra is missing"
    FOREIGN = "somebody made it by hand"


@dataclass(frozen=True)
class Stamp:
    """What was installed.

    Attributes:
        root: the checkout at that time; scripts in an environment hold absolute paths, so a
            copied or moved one does not work.
        python: version of its Python, for people who read the file.
        locks: SHA-256 of each lock installed, by extra; ``""`` is the course's own.
    """

    root: str
    python: str
    locks: dict[str, str]


def digests(layout: Layout, extras: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of the course's lock and of each extra's.

    Raises:
        CourseError: a lock is missing or cannot be read.
    """
    found = {}
    for name, path in layout.locks(extras).items():
        try:
            # Git may write \r\n on Windows; that changes no requirement.
            content = path.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            raise CourseError(
                f"{path} could not be read ({error.strerror}). It belongs to the course: "
                "`git checkout` it, or download the course again."
            ) from error
        found[name] = hashlib.sha256(content).hexdigest()
    return found


def read(layout: Layout) -> Stamp | None:
    """Return the stamp, or None where there is none that makes sense."""
    try:
        content: Any = json.loads(layout.stamp.read_text(encoding="utf-8"))
        return Stamp(str(content["root"]), str(content["python"]), dict(content["locks"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(layout: Layout, stamp: Stamp) -> None:
    """Declare the environment finished.

    Raises:
        CourseError: the disk is full or the folder cannot be written.
    """
    content = {"root": stamp.root, "python": stamp.python, "locks": stamp.locks}
    write_atomically(layout.stamp, (json.dumps(content, indent=2) + "\n").encode())


def state(layout: Layout, extras: Iterable[str]) -> State:
    """Return what ``.venv`` is, in a few milliseconds.

    Args:
        layout: whose environment.
        extras: what the verb needs beside the course's own packages.

    Raises:
        CourseError: a lock is missing.
    """
    if not layout.venv.exists() or (layout.venv.is_dir() and not any(layout.venv.iterdir())):
        return State.ABSENT
    if layout.unfinished.exists():
        return State.BROKEN
    found = read(layout)
    if found is None:
        return State.FOREIGN
    if not _is_same_folder(found.root, layout.root) or not layout.python.exists():
        return State.BROKEN
    wanted = digests(layout, extras)
    if any(found.locks.get(name) != digest for name, digest in wanted.items()):
        return State.OUTDATED
    return State.READY


def _is_same_folder(written: str, root: Path) -> bool:
    """Return whether two paths lead to one folder, however they are spelled."""
    try:
        return Path(written).samefile(root)
    except (OSError, ValueError):
        return written == str(root.resolve())
