"""Whether an environment already holds what ``pyproject.toml`` asks for.

Nothing is imported to find out: the packages' metadata is enough, and quick.
"""

import contextlib
import re
import tomllib
from collections.abc import Callable, Iterable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

# One can stand for the other: they hold the same package `tensorflow`.
_EITHER = ({"tensorflow", "tensorflow-cpu"},)

VersionOf = Callable[[str], str | None]


def running_environment_fits(pyproject: Path) -> bool:
    """Return whether the running Python has every direct dependency in its range."""
    lines = _project(pyproject)["dependencies"]
    # A bare Python lacks most of them: seen without loading the parser of requirements.
    if any(_installed(re.split(r"[^\w.\-]", line)[0]) is None for line in lines if ";" not in line):
        return False
    return not _unmet(lines, _installed, stop_at_first=True)


def python_fits(pyproject: Path, version: str) -> bool:
    """Return whether the course runs on a Python such as ``3.12.1``."""
    asked = _project(pyproject).get("requires-python", "")
    # Read by hand, because the parser of requirements is not always there.
    if not (bounds := re.fullmatch(r">=(\d+)\.(\d+),<(\d+)\.(\d+)", asked)):
        return True
    numbers = tuple(map(int, bounds.groups()))
    return numbers[:2] <= tuple(map(int, version.split(".")[:2])) < numbers[2:]


def missing_extras(pyproject: Path, extras: Iterable[str]) -> list[str]:
    """Return the requirements of these extras that the running Python does not meet."""
    optional = _project(pyproject).get("optional-dependencies", {})
    return [line for extra in extras for line in _unmet(optional[extra], _installed)]


def folder_fits(pyproject: Path, site_packages: Path, extras: Iterable[str]) -> bool:
    """Return whether the packages in a folder meet the course's ranges and these extras'."""
    project = _project(pyproject)
    versions = {
        _normal(found.metadata["Name"]): found.version
        for found in metadata.distributions(path=[str(site_packages)])
        if found.metadata["Name"]
    }
    optional = project.get("optional-dependencies", {})
    wanted = project["dependencies"] + [line for extra in extras for line in optional[extra]]
    return not _unmet(wanted, versions.get, stop_at_first=True)


def _project(pyproject: Path) -> dict[str, Any]:
    with pyproject.open("rb") as file:
        return dict(tomllib.load(file)["project"])


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _unmet(lines: list[str], version_of: VersionOf, *, stop_at_first: bool = False) -> list[str]:
    """Return the requirements that are not met; all of them where no parser is at hand."""
    requirement_class = _requirement_class()
    if requirement_class is None:
        return lines
    unmet = []
    for line in lines:
        requirement = requirement_class(line)
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        names = next((group for group in _EITHER if requirement.name in group), {requirement.name})
        versions = [found for name in sorted(names) if (found := version_of(name))]
        if not any(requirement.specifier.contains(found, prereleases=True) for found in versions):
            unmet.append(line)
            if stop_at_first:
                break
    return unmet


def _requirement_class() -> Any:
    """Return ``packaging``'s parser of requirements, or the copy that pip carries, or None."""
    for module in ("packaging.requirements", "pip._vendor.packaging.requirements"):
        with contextlib.suppress(ImportError):
            return import_module(module).Requirement
    return None
