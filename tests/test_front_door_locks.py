"""The locks: one truth about versions, for every system, that says nothing of who made it."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from fercourse.commands import lock
from fercourse.errors import CourseError

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
CORE = "requirements.lock"
LOCKS = [CORE, *(f"requirements-{extra}.lock" for extra in EXTRAS)]


def _entries(name: str) -> list[str]:
    """Return a lock's entries, each a requirement with its hashes on one line."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


def _pins(name: str) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for entry in _entries(name):
        requirement = Requirement(entry.split("--hash")[0].strip())
        found.setdefault(requirement.name, []).append(requirement)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_is_one_exact_version_with_hashes(name):
    assert _entries(name)
    for entry in _entries(name):
        assert re.fullmatch(
            r"[a-z0-9.\-]+==[^\s;]+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", entry
        ), entry[:120]


@pytest.mark.parametrize("name", LOCKS)
def test_no_index_host_path_or_comment_is_in_a_lock(name):
    for entry in _entries(name):
        assert not re.search(r"://|--index|--extra|--find|@|#|[A-Za-z]:\\|(^|\s)\.?/", entry), entry


@pytest.mark.parametrize("name", LOCKS)
def test_locks_agree_wherever_they_name_the_same_package(name):
    core = _pins(CORE)
    for package, requirements in _pins(name).items():
        if package in core:
            versions = {str(requirement.specifier) for requirement in requirements}
            assert versions <= {str(requirement.specifier) for requirement in core[package]}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (CORE, PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]),
        *((f"requirements-{extra}.lock", wanted) for extra, wanted in EXTRAS.items()),
    ],
)
def test_what_pyproject_asks_for_is_locked_within_its_range(name, wanted):
    pins = _pins(name)
    for line in wanted:
        requirement = Requirement(line)
        package = requirement.name.lower().replace("_", "-")
        assert package in pins, f"{line}: run `python3 course.py lock`"
        for pin in pins[package]:
            version = str(pin.specifier).removeprefix("==")
            assert requirement.specifier.contains(version), f"{line}: {version} is locked"


@pytest.mark.parametrize(
    ("system", "machine", "expected"),
    [
        ("linux", "x86_64", "tensorflow-cpu"),
        ("win32", "AMD64", "tensorflow-cpu"),
        ("darwin", "arm64", "tensorflow"),
        ("linux", "aarch64", "tensorflow"),
    ],
)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_each_system_gets_the_tensorflow_that_is_made_for_it(system, machine, python, expected):
    environment = {
        "sys_platform": system,
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.1",
        "platform_python_implementation": "CPython",
        "os_name": "nt" if system == "win32" else "posix",
        "platform_system": {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}[system],
        "implementation_name": "cpython",
        "platform_release": "",
        "platform_version": "",
        "implementation_version": f"{python}.1",
    }
    pins = _pins(CORE)
    chosen = [
        package
        for package in ("tensorflow", "tensorflow-cpu")
        for pin in pins.get(package, [])
        if pin.marker is None or pin.marker.evaluate(environment)
    ]
    assert chosen == [expected]


def test_conda_s_environment_is_python_pip_and_the_lock():
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    listed = [line.strip().removeprefix("- ") for line in lines if line.strip().startswith("-")]
    assert listed[1:] == ["python=3.12", "pip", "pip:", "--requirement requirements.lock"]


def test_a_lock_that_cannot_be_made_changes_none(tmp_path, monkeypatch):
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    impossible = project.replace('"numpy>=2.1"', '"numpy>=2.1,<2.0"')
    (tmp_path / "pyproject.toml").write_text(impossible, encoding="utf-8")
    (tmp_path / CORE).write_text("as it was")
    monkeypatch.setattr(lock, "repository_root", lambda: tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    with pytest.raises(CourseError, match="no lock was changed"):
        lock.run(lock_arguments())
    assert (tmp_path / CORE).read_text() == "as it was"


def lock_arguments():
    from fercourse.cli import build_parser

    return build_parser().parse_args(["lock"])
