"""Where the environment and what belongs to it lie in a checkout."""

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The paths of one checkout's environment.

    Attributes:
        root: the checkout, the folder of ``course.py``.
    """

    root: Path

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def version(self) -> str | None:
        """The version of its Python, such as ``3.12.1``, or None where nothing says it."""
        try:
            text = (self.venv / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        found = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)", text, re.MULTILINE)
        return found.group(1) if found else None

    @property
    def stamp(self) -> Path:
        """What was installed; written last, so a finished environment has it."""
        return self.venv / "course-stamp.json"

    @property
    def unfinished(self) -> Path:
        """Lies there while packages are being written: what it is found in is broken."""
        return self.venv / "course-unfinished"

    @property
    def private(self) -> Path:
        """A folder git ignores, for the lock file and the installation's log."""
        return self.root / "data" / "cache"

    @property
    def log(self) -> Path:
        """What pip said."""
        return self.private / "logs" / "install.log"

    def locks(self, extras: Iterable[str]) -> dict[str, Path]:
        """Return the lock of the course (under ``""``) and of each extra."""
        found = {"": self.root / "requirements.lock"}
        return found | {extra: self.root / f"requirements-{extra}.lock" for extra in sorted(extras)}

    def is_running(self) -> bool:
        """Return whether this very process runs in the environment."""
        return Path(sys.prefix).resolve() == self.venv.resolve()
