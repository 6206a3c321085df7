"""The exercises of an assignment, as ``items.toml`` beside its notebook lists them."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fercourse.errors import CourseError

FILE = "items.toml"


@dataclass(frozen=True)
class Objective:
    """Something that a student can do afterwards.

    Attributes:
        id: its name in the course.
        text: what the student can do.
        section: the heading of the lesson that teaches it.
    """

    id: str
    text: str
    section: str


@dataclass(frozen=True)
class Misconception:
    """A mistake that people make in an exercise.

    Attributes:
        id: its name; the bank of wrong answers calls its file so.
        text: the mistake in words.
    """

    id: str
    text: str


@dataclass(frozen=True)
class Item:
    """One graded exercise.

    Attributes:
        id: the ``grade_id`` of its cell; its tests have ``test-`` before it.
        title: what it is about.
        objective: the id of what it shows.
        points: what it is worth.
        graded: ``"tests"`` or ``"by hand"``.
        function: what the tests call; empty where it is graded by hand.
        hints: three, from a nudge to nearly there.
        misconceptions: what goes wrong.
    """

    id: str
    title: str
    objective: str
    points: float
    graded: str
    function: str
    hints: tuple[str, ...]
    misconceptions: tuple[Misconception, ...]


@dataclass(frozen=True)
class Assignment:
    """What ``items.toml`` says.

    Attributes:
        name: the folder's name.
        title: as a heading.
        notebook: its file's name.
        lesson: the name of the lesson that it belongs to, without ``.ipynb``.
        minutes: how long it should take.
        objectives: by id.
        items: by id, in the notebook's order.
        submitted_files: what students hand in beside the notebook, the script included.
        script: the program that students complete, which has the functions that tests call;
            empty where these stand in the notebook.
    """

    name: str
    title: str
    notebook: str
    lesson: str
    minutes: int
    objectives: dict[str, Objective]
    items: dict[str, Item]
    submitted_files: tuple[str, ...]
    script: str = ""

    def item(self, item_id: str) -> Item:
        """Return an item by its id.

        Raises:
            CourseError: there is no such exercise.
        """
        if item_id not in self.items:
            known = ", ".join(self.items)
            raise CourseError(f"{self.title} has no exercise {item_id!r}; it has {known}.")
        return self.items[item_id]

    def where(self, item: Item) -> str:
        """Return where the lesson teaches what an item asks for, in words."""
        return f"lessons/{self.lesson}.ipynb, “{self.objectives[item.objective].section}”"


def read_items(folder: Path) -> Assignment:
    """Read an assignment's ``items.toml``.

    Args:
        folder: the assignment's folder.

    Raises:
        CourseError: the file is missing or is not what it should be.
    """
    path = (folder / FILE).resolve()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise CourseError(
            f"{path} is missing. It lies beside the notebook; open the notebook in its own folder."
        ) from error


@functools.lru_cache(maxsize=32)
def _read(path: Path, _changed: int) -> Assignment:
    try:
        return _assignment(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise CourseError(f"{path} is damaged: {type(error).__name__}, {error}.") from error


def _assignment(entries: dict[str, Any]) -> Assignment:
    objectives = {
        name: Objective(name, entry["text"], entry["section"])
        for name, entry in entries["objectives"].items()
    }
    items = [_item(entry) for entry in entries["item"]]
    for item in items:
        if item.objective not in objectives:
            raise ValueError(f"item {item.id} has the unknown objective {item.objective}")
    if len({item.id for item in items}) < len(items):
        raise ValueError("two items have the same id")
    script = str(entries.get("script", ""))
    submitted = (*([script] if script else []), *entries.get("submitted_files", ()))
    return Assignment(
        name=entries["assignment"],
        title=entries["title"],
        notebook=entries["notebook"],
        lesson=entries["lesson"],
        minutes=int(entries["minutes"]),
        objectives=objectives,
        items={item.id: item for item in items},
        submitted_files=submitted,
        script=script,
    )


def _item(entry: dict[str, Any]) -> Item:
    graded = entry["graded"]
    if graded not in ("tests", "by hand"):
        raise ValueError(f'item {entry["id"]} is graded "{graded}", not "tests" or "by hand"')
    return Item(
        id=entry["id"],
        title=entry["title"],
        objective=entry["objective"],
        points=float(entry["points"]),
        graded=graded,
        function=entry["function"] if graded == "tests" else "",
        hints=tuple(entry["hints"]),
        misconceptions=tuple(
            Misconception(wrong["id"], wrong["text"]) for wrong in entry.get("misconceptions", ())
        ),
    )
