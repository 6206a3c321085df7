"""``Measurements``: what a lesson found here, beside what it found on the other kind of faces."""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any, Literal, Protocol

from fercourse.learn.plain_data import from_plain
from fercourse.learn.surroundings import Kind, record
from fercourse.workspace import repository_root

RESULTS = "data/reference_results.json"
"""What `course.py measure` recorded, in the course's folder."""

Unit = Literal["%", "s", ""]

_WORDS: dict[str, str] = {"drawn": "drawn faces", "fer2013": "real FER2013"}


class Faces(Protocol):
    """What a lesson learned from; a ``FaceSet`` is one."""

    @property
    def kind(self) -> str:
        """``"drawn"`` or ``"fer2013"``."""

    def __len__(self) -> int:
        """Return how many faces there are."""


@dataclass(frozen=True)
class Run:
    """One recorded run of a lesson.

    Attributes:
        faces: how many faces it loaded.
        seconds: how long it took from its first cell to its last, on two cores.
        values: what it measured, by name.
    """

    faces: int
    seconds: float
    values: dict[str, Any]


def recorded_run(lesson: str, kind: str, *, every_face: bool = False) -> Run | None:
    """Return what was recorded of a lesson, or None where nothing was.

    Args:
        lesson: its file's name without ``.ipynb``.
        kind: ``"drawn"`` or ``"fer2013"``.
        every_face: the run with all of FER2013, instead of the one with a part.
    """
    root = repository_root()
    if root is None or not (path := root / RESULTS).is_file():
        return None
    lessons = json.loads(path.read_text(encoding="utf-8"))
    entry = lessons.get(lesson, {}).get(run_name(kind, every_face=every_face))
    return None if entry is None else Run(entry["faces"], entry["seconds"], entry["values"])


def run_name(kind: str, *, every_face: bool) -> str:
    """Return the name of a run in the file of results."""
    return f"{kind}, every face" if every_face else kind


class Measurements:
    """The results of one lesson.

    Args:
        lesson: the file's name without ``.ipynb``.
        faces: what was loaded, drawn or real.
    """

    def __init__(self, lesson: str, faces: Faces) -> None:
        self.lesson = lesson
        self.kind: Kind = "drawn" if faces.kind == "drawn" else "fer2013"
        self.faces = len(faces)
        record("measurement", "", {"kind": self.kind, "faces": self.faces})

    @property
    def other_kind(self) -> Kind:
        """The kind of faces that this run did not use."""
        return "fer2013" if self.kind == "drawn" else "drawn"

    def keep(self, name: str, value: object) -> None:
        """Record a result without showing it.

        Args:
            name: what it is called in the file of results.
            value: a number, or a list or dictionary of numbers; never a person's picture.
        """
        record("measurement", name, value)

    def recorded(self, name: str, kind: Kind | None = None) -> Any:
        """Return a result as it was recorded, or None where it was not.

        Args:
            name: as given to ``keep`` or ``show``.
            kind: of which faces; by default the kind that this run did not use.
        """
        run = recorded_run(self.lesson, kind or self.other_kind)
        return None if run is None else from_plain(run.values.get(name))

    def show(self, results: Mapping[str, float], unit: Unit = "", digits: int = 1) -> "SideBySide":
        """Record numbers, and show them beside those recorded on the other kind of faces.

        Args:
            results: a number under each name.
            unit: ``"%"`` shows shares as percentages, ``"s"`` is seconds, ``""`` has none.
            digits: how many after the point.

        Returns:
            A table that a notebook shows.
        """
        for name, value in results.items():
            self.keep(name, float(value))
        other = recorded_run(self.lesson, self.other_kind)
        here = f"this run: {_WORDS[self.kind]} ({self.faces:,})"
        there = f"recorded: {_WORDS[self.other_kind]}" + (f" ({other.faces:,})" if other else "")
        rows = [
            (
                name,
                _number(value, unit, digits),
                _number(other.values.get(name) if other else None, unit, digits),
            )
            for name, value in results.items()
        ]
        return SideBySide(("", here, there), tuple(rows))

    def times(self) -> "Sentence":
        """Return how long the whole lesson took where it was recorded, on two cores."""
        return recorded_times(self.lesson)


def recorded_times(lesson: str) -> "Sentence":
    """Return how long a whole lesson took where it was recorded, on two cores.

    Args:
        lesson: the file's name without ``.ipynb``.
    """
    parts = []
    for kind, every_face, words in (
        ("drawn", False, "{faces:,} drawn faces"),
        ("fer2013", False, "{faces:,} faces of FER2013"),
        ("fer2013", True, "all {faces:,} faces of FER2013 that we have"),
    ):
        if run := recorded_run(lesson, kind, every_face=every_face):
            parts.append(f"{_duration(run.seconds)} with {words.format(faces=run.faces)}")
    if not parts:
        return Sentence("How long this lesson takes has not been recorded yet.")
    return Sentence(f"All cells of this lesson took {', '.join(parts)} (two cores).")


class Sentence(str):
    """Text that a notebook shows without quotation marks."""

    def __repr__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class SideBySide:
    """A small table that a notebook shows.

    Attributes:
        head: the columns' names.
        rows: their entries, as text.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        table = (self.head, *self.rows)
        widths = [max(len(row[column]) for row in table) for column in range(len(self.head))]
        return "\n".join(
            "  ".join(
                entry.rjust(width) if column else entry.ljust(width)
                for column, (entry, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in table
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(entry)}</th>" for entry in self.head)
        body = "".join(
            "<tr>"
            + f'<th style="text-align: left">{html.escape(row[0])}</th>'
            + "".join(f"<td>{html.escape(entry)}</td>" for entry in row[1:])
            + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _number(value: object, unit: Unit, digits: int) -> str:
    if not isinstance(value, Real):
        return "not recorded"
    if unit == "%":
        return f"{100 * float(value):.{digits}f} %"
    return f"{float(value):,.{digits}f}" + (f" {unit}" if unit else "")


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def results_path() -> Path | None:
    """Return where the file of results lies, or None where only the package is installed."""
    root = repository_root()
    return root / RESULTS if root else None
