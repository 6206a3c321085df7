"""The house has rooms, and the arrows between them go one way."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import fercourse

HOUSE = Path(fercourse.__file__).parent

KNOWS = {
    "errors": set(),
    "lazily": set(),
    "workspace": {"errors"},
    "emotions": set(),
    "environment": {"errors", "workspace"},
    "lab": {"errors", "workspace", "environment"},
    "plots": {"lazily"},
    "gradio_page": set(),
    "drawn": {"errors", "workspace", "emotions"},
    "dataset": {"errors", "lazily", "workspace", "emotions", "drawn", "plots"},
    "features": {"errors", "emotions", "dataset", "drawn"},
    "classifiers": {"errors", "lazily", "workspace", "emotions", "dataset", "drawn", "features"},
    "training": {"errors", "workspace", "emotions", "plots", "drawn", "dataset", "features"}
    | {"classifiers"},
    "evaluation": {
        "errors",
        "lazily",
        "workspace",
        "emotions",
        "plots",
        "drawn",
        "dataset",
        "features",
    }
    | {"classifiers"},
    "live": {"errors", "workspace", "emotions", "plots", "drawn", "dataset", "features"}
    | {"classifiers", "training", "evaluation", "gradio_page"},
    "facs": {"errors", "lazily", "emotions", "plots", "drawn", "classifiers", "gradio_page"},
    "learn": {"errors", "workspace"},
    "commands": {"errors", "workspace", "emotions", "environment", "lab", "plots", "drawn"}
    | {"dataset", "features", "classifiers", "training", "evaluation", "live", "facs", "learn"}
    | {"gradio_page"},
    "cli": {"errors", "workspace", "environment", "commands"},
    "front_door": {"errors", "workspace", "environment", "cli"},
}
"""What each room of ``fercourse`` may import; a new room says here whom it knows."""


def _room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def _rooms_imported(path: Path) -> set[str]:
    """Return the rooms that a module imports anywhere, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path}: imports are written out in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {
        parts[1] for name in names if (parts := name.split("."))[0] == "fercourse" and parts[1:]
    }


MODULES = sorted(
    path for path in HOUSE.rglob("*.py") if path.name != "__init__.py" or path.parent != HOUSE
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_room_knows_only_those_it_may(path):
    room = _room(path)
    assert room in KNOWS, f"the room {room} is new: say in this test whom it may know"
    strangers = _rooms_imported(path) - KNOWS[room] - {room, "__version__"}
    assert not strangers, f"{room} must not know {', '.join(sorted(strangers))}"


def test_the_arrows_go_one_way():
    """No room can be reached from itself."""

    def reach(room: str, seen: tuple[str, ...] = ()) -> None:
        assert room not in seen, " -> ".join((*seen, room))
        for known in KNOWS[room]:
            reach(known, (*seen, room))

    for room in KNOWS:
        reach(room)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_the_package_imports_nothing_of_lessons_or_grading(path):
    text = path.read_text(encoding="utf-8")
    roots = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not roots & {"autograder", "lessons", "solutions", "starter", "tests"}


def test_types_can_be_checked_without_the_optional_packages():
    """`course.py test` fetches none of them, so mypy must do without."""
    root = HOUSE.parents[1]
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    loose = {name.partition(".")[0] for each in settings["overrides"] for name in each["module"]}
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))
    brought_by = packages_distributions()
    optional = set()
    for path in (path for room in settings["files"] for path in (root / room).rglob("*.py")):
        beside = {other.stem for other in path.parent.glob("*.py")}
        for name in _imported(path) - set(sys.stdlib_module_names) - beside:
            packages = {re.sub(r"[_.]+", "-", each.lower()) for each in brought_by.get(name, ())}
            if name not in ("fercourse", "autograder") and not packages & locked:
                optional.add(name)
    assert "gradio" in optional
    assert optional <= loose


def _imported(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
