"""A course in miniature: the real front door, before packages of a few hundred bytes.

Its environment is made in seconds and without a network, by the same code and the same pip
that make the real one.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
BARE_PYTHON = getattr(sys, "_base_executable", sys.executable)
"""The Python beneath this environment: it has none of the course's packages."""

_PYPROJECT = """\
[build-system]
requires = ["flit_core>=3.12,<4"]
build-backend = "flit_core.buildapi"

[project]
name = "fercourse"
version = "0.1.0"
description = "A course in miniature."
requires-python = ">=3.11,<3.14"
dependencies = ["{dependency}"]

[project.optional-dependencies]
kaggle = ["tiny-extra>=1"]

[tool.flit.module]
name = "fercourse"
"""

_GREET = """\
import argparse, sys
from importlib.metadata import version


def add_parser(verbs):
    parser = verbs.add_parser("{verb}", help="say where it runs")
    parser.set_defaults(run=run, extras={extras})


def run(args: argparse.Namespace) -> int:
    print("prefix", sys.prefix)
    print("{package}", version("{package}"))
    return 0
"""


class SmallCourse:
    """A checkout with the verbs ``greet`` (needs tiny-tool) and ``fetch`` (the extra kaggle).

    Args:
        root: where to make it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.wheels = root.parent / f"wheels of {root.name}"
        self.wheels.mkdir(parents=True)
        shutil.copytree(
            REPOSITORY / "src/fercourse",
            root / "src/fercourse",
            ignore=shutil.ignore_patterns("__pycache__", "dataset", "drawn", "data.py"),
        )
        shutil.copy(REPOSITORY / "course.py", root)
        commands = root / "src/fercourse/commands"
        greet = _GREET.format(verb="greet", extras=(), package="tiny-tool")
        (commands / "greet.py").write_text(greet)
        fetch = _GREET.format(verb="fetch", extras=("kaggle",), package="tiny-extra")
        (commands / "fetch.py").write_text(fetch)
        self.depend_on("tiny-tool>=1")
        _pack_installed("flit_core", self.wheels)
        for name, version in (("tiny-tool", "1.0"), ("tiny-tool", "2.0"), ("tiny-extra", "1.0")):
            _pack(name, version, self.wheels)
        self.lock(tool="1.0")

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def depend_on(self, dependency: str) -> None:
        (self.root / "pyproject.toml").write_text(_PYPROJECT.format(dependency=dependency))

    def lock(self, *, tool: str, digest: str | None = None) -> None:
        """Write both locks, naming this version of tiny-tool (and this hash of it)."""
        flit = next(self.wheels.glob("flit_core*.whl"))
        lines = _pin(flit) + _pin(self.wheels / f"tiny_tool-{tool}-py3-none-any.whl", digest)
        lines += "nowhere==1.0 ; sys_platform == 'plan9' \\\n    --hash=sha256:00\n"
        (self.root / "requirements.lock").write_text(lines)
        extra = _pin(self.wheels / "tiny_extra-1.0-py3-none-any.whl")
        (self.root / "requirements-kaggle.lock").write_text(extra)

    def environment(self, **changes: str) -> dict[str, str]:
        """Return variables under which pip sees the small wheels and nothing else."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "PYTHON", "FERCOURSE_", "VIRTUAL_ENV"))
        }
        kept |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_RETRIES": "1"}
        # pip splits this at spaces, so it has to be an address.
        return kept | {"PIP_FIND_LINKS": self.wheels.as_uri()} | changes

    def start(
        self, *arguments: str, python: str = BARE_PYTHON, **changes: str
    ) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [python, str(self.root / "course.py"), *arguments],
            env=self.environment(**changes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=self.root.parent,
            start_new_session=True,
        )

    def run(
        self, *arguments: str, python: str = BARE_PYTHON, **changes: str
    ) -> "subprocess.CompletedProcess[str]":
        process = self.start(*arguments, python=python, **changes)
        out, err = process.communicate(timeout=180)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def _pin(wheel: Path, digest: str | None = None) -> str:
    name, version = wheel.name.split("-")[:2]
    digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name.replace('_', '-')}=={version} \\\n    --hash=sha256:{digest}\n"


def _pack(name: str, version: str, folder: Path) -> None:
    module = name.replace("-", "_")
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    _write_wheel(module, version, {f"{module}.py": b""}, about.encode(), folder)


def _pack_installed(name: str, folder: Path) -> None:
    """Make a wheel again of a package that is installed here."""
    found = metadata.distribution(name)
    content = {
        str(file).replace("\\", "/"): Path(str(found.locate_file(file))).read_bytes()
        for file in found.files or []
        if file.parts[0] == name and file.suffix != ".pyc"
    }
    about = (found.read_text("METADATA") or "").encode()
    _write_wheel(name, found.version, content, about, folder)


def _write_wheel(
    module: str, version: str, content: dict[str, bytes], about: bytes, folder: Path
) -> None:
    info = f"{module}-{version}.dist-info"
    wheel = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content = {**content, f"{info}/METADATA": about, f"{info}/WHEEL": wheel}
    record = "".join(
        f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in content.items()
    )
    content[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    with zipfile.ZipFile(folder / f"{module}-{version}-py3-none-any.whl", "w") as file:
        for name, data in content.items():
            file.writestr(name, data)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
