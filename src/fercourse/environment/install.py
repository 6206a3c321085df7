"""Making ``.venv`` from the locks, and mending it, so that it is whole or not there.

An environment is *made* from nothing, or *updated* in place where a lock changed. Both end
with the stamp (see ``stamp``). While packages are being written, a file marks the folder as
unfinished: whoever finds it there, after a crash or a power cut, starts anew. An update that
fails before it wrote anything leaves the earlier environment as it was.
"""

import contextlib
import os
import platform
import queue
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from fercourse.environment import failures, ranges, stamp
from fercourse.environment.layout import Layout
from fercourse.environment.progress import Progress
from fercourse.environment.stamp import Stamp, State
from fercourse.environment.stopping import interruptible
from fercourse.errors import CourseError
from fercourse.workspace import try_to_lock

NEEDED_BYTES = 3_000_000_000
"""Free disk space that a whole installation needs, with something to spare."""

_PIP = ["install", "--no-input", "--no-user", "--disable-pip-version-check", "--no-compile"]
_PIP += ["--progress-bar", "off", "--no-warn-script-location"]

# Settings that would send packages elsewhere or change which ones are taken. All others (mirrors,
# proxies, certificates, caches) are the person's business and stay.
_UNWANTED: tuple[str, ...] = (
    "TARGET",
    "PREFIX",
    "ROOT",
    "USER",
    "CONSTRAINT",
    "REQUIREMENT",
    "NO_BINARY",
)
_UNWANTED += ("EDITABLE", "PYTHON", "DRY_RUN", "IGNORE_INSTALLED", "REPORT", "QUIET", "VERBOSE")


def is_ready(layout: Layout, extras: Sequence[str]) -> bool:
    """Return whether ``.venv`` is what the locks say, in a few milliseconds."""
    return stamp.state(layout, extras) is State.READY


def bring_up(layout: Layout, extras: Sequence[str]) -> None:
    """Make ``.venv`` what the locks say.

    Args:
        layout: whose environment.
        extras: what is needed beside the course's own packages; extras that were
            installed earlier are kept.

    Raises:
        CourseError: it could not be done; the sentence says why and what to do. There is
            then no half-made environment.
        KeyboardInterrupt: the person stopped it; the same holds.
    """
    with interruptible(), _alone(layout):
        found = stamp.state(layout, extras)
        if found is State.READY:  # another course.py made it while this one waited
            return
        earlier = stamp.read(layout)
        if earlier is not None:
            known = layout.locks(name for name in earlier.locks if name)
            extras = sorted({*extras, *(name for name in earlier.locks if known[name].is_file())})
            extras = [extra for extra in extras if extra]
        if found is State.FOREIGN:
            _require_fitting_python(layout)
        if found in (State.OUTDATED, State.FOREIGN) and _is_usable(layout):
            _update(layout, extras)
        else:
            _make(layout, extras)


def _make(layout: Layout, extras: Sequence[str]) -> None:
    digests = stamp.digests(layout, extras)
    _remove(layout)
    _require_space(layout)
    progress = Progress()
    try:
        layout.venv.mkdir()
        layout.unfinished.touch()
        version = platform.python_version()
        progress.show(f"Making the course's environment in .venv with Python {version}")
        _run_venv(layout)
        _install(layout, extras, progress)
        _finish(layout, digests)
    except BaseException as error:
        progress.close()
        _remove(layout)
        raise _as_sentence(error, layout, "Nothing half-made is left.") from error
    progress.close("The environment is ready")


def _update(layout: Layout, extras: Sequence[str]) -> None:
    digests = stamp.digests(layout, extras)
    progress = Progress()
    progress.show("Bringing the course's environment up to date with the locks")
    try:
        _install(layout, extras, progress)
        _finish(layout, digests)
    except BaseException as error:
        progress.close()
        if layout.unfinished.exists():
            _remove(layout)
            left = "The environment had been changed already and was removed; it is made anew."
            raise _as_sentence(error, layout, left) from error
        failure = _as_sentence(error, layout, "The earlier environment is still there.")
        if not isinstance(failure, CourseError) or not _still_serves(layout, extras):
            raise failure from error
        print(f"course.py: going on with the earlier environment, because {failure}", flush=True)
        return
    progress.close("The environment is ready")


def _as_sentence(error: BaseException, layout: Layout, left: str) -> BaseException:
    """Return what to raise for an error: a sentence where a person can do something."""
    if isinstance(error, CourseError):
        return CourseError(f"{error} {left}")
    if isinstance(error, OSError):
        text = failures.sentence(f"[Errno {error.errno}] {error}", layout, _minor_version())
        return CourseError(f"{text} {left}")
    return error


def _finish(layout: Layout, digests: dict[str, str]) -> None:
    root = str(layout.root.resolve())
    stamp.write(layout, Stamp(root, layout.version or platform.python_version(), digests))
    layout.unfinished.unlink(missing_ok=True)


def _require_fitting_python(layout: Layout) -> None:
    """Refuse an environment that somebody made with a Python on which the course does not run."""
    version = layout.version
    if version and not ranges.python_fits(layout.root / "pyproject.toml", version):
        raise CourseError(
            f"{layout.venv} was made with Python {version}, on which the course does not run. "
            "Delete, move or rename it, then run the same command again: the course makes its own."
        )


def _is_usable(layout: Layout) -> bool:
    """Return whether a Python and its pip answer in the environment."""
    if not (layout.venv / "pyvenv.cfg").is_file():
        return False
    try:
        command = [str(layout.python), "-I", "-m", "pip", "--version"]
        done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _still_serves(layout: Layout, extras: Sequence[str]) -> bool:
    """Return whether an environment that misses its lock is within the course's ranges."""
    if not layout.stamp.exists():
        return False
    return ranges.folder_fits(layout.root / "pyproject.toml", _site_packages(layout), extras)


def _remove(layout: Layout) -> None:
    """Remove ``.venv``, the mark of an unfinished one last.

    Raises:
        CourseError: it is something else than an environment, or a file of it is in use.
    """
    venv = layout.venv
    if not venv.exists() and not venv.is_symlink():
        return
    ours = layout.unfinished.exists() or (venv / "pyvenv.cfg").is_file()
    if venv.is_symlink() or not venv.is_dir() or not (ours or not any(venv.iterdir())):
        raise CourseError(
            f"{venv} is not a Python environment that the course made. Move or rename it, then run "
            "the same command again."
        )
    try:
        layout.unfinished.touch()
        for path in venv.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path != layout.unfinished:
                path.unlink()
        layout.unfinished.unlink()
        venv.rmdir()
    except OSError as error:
        raise CourseError(
            f"{venv} could not be removed ({error.strerror}). Close JupyterLab, editors and other "
            "programs that use it, delete the folder, then run the same command again."
        ) from error


def _require_space(layout: Layout) -> None:
    free = shutil.disk_usage(layout.root).free
    if free < NEEDED_BYTES:
        raise CourseError(
            f"the disk that holds {layout.root} has {free / 1e9:.1f} GB left, and the environment "
            f"needs {NEEDED_BYTES / 1e9:.0f}. Free some space, then run the same command again."
        )


def _run_venv(layout: Layout) -> None:
    # -I: PYTHONPATH and PYTHONHOME of other programs must not reach into it.
    done = subprocess.run(
        [sys.executable, "-I", "-m", "venv", str(layout.venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        _write_log(layout, done.stdout)
        raise CourseError(failures.sentence(done.stdout, layout, _minor_version()))


def _install(layout: Layout, extras: Sequence[str], progress: Progress) -> None:
    """Install the locks with their hashes, then the course itself without network."""
    locks = layout.locks(extras).values()
    total = _count_applicable(layout, locks)
    if total == 0:
        raise CourseError(
            "requirements.lock names no package for this system. docs/systems.md lists the "
            "systems that the course supports."
        )
    arguments = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    for lock in locks:
        arguments += ["--requirement", str(lock)]
    _run_pip(layout, arguments, _Follower(layout, total, progress))
    progress.show("Adding the course itself")
    arguments = ["--no-deps", "--no-index", "--no-build-isolation", "--editable", str(layout.root)]
    _run_pip(layout, arguments, lambda _: None)
    _make_path_relative(layout)
    progress.show("Compiling the packages, so that the first start is as quick as the next")
    command = [str(layout.python), "-I", "-m", "compileall", "-q", "-q", "-j", "0"]
    # Nobody runs other packages' tests: leaving them out saves time and space.
    command += ["-x", r"[/\\]tests?[/\\]", str(_site_packages(layout))]
    subprocess.run(command, capture_output=True, check=False)


def _make_path_relative(layout: Layout) -> None:
    """Name the course's source from where the packages are, in letters that every Python reads.

    Before 3.13 a ``.pth`` file is read in the system's own encoding, and the build backend writes
    UTF-8: a folder such as ``Übung`` would not be found, or keep Python from starting at all.
    """
    folder = _site_packages(layout)
    relative = os.path.relpath(layout.root / "src", folder)
    (folder / "fercourse.pth").write_text(f"{relative}\n", encoding="ascii")


def _count_applicable(layout: Layout, locks: Iterable[Path]) -> int:
    """Return how many packages of the locks are meant for this system."""
    names = set()
    for lock in locks:
        for line in lock.read_text(encoding="utf-8").splitlines():
            if match := re.match(r"([\w.\-]+)==\S+\s*(?:;\s*(.*?))?\s*\\?$", line):
                names.add((match.group(1), match.group(2) or ""))
    program = (
        "import sys\n"
        "from pip._vendor.packaging.markers import Marker\n"
        "lines = [line.strip() for line in sys.stdin]\n"
        "print(sum(not line or Marker(line).evaluate() for line in lines))"
    )
    done = subprocess.run(
        [str(layout.python), "-I", "-c", program],
        input="".join(f"{marker}\n" for _, marker in sorted(names)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CourseError(failures.sentence(done.stderr, layout, _minor_version()))
    return int(done.stdout)


class _Follower:
    """Turns what pip prints, and what appears on disk meanwhile, into progress.

    Called with each line pip prints, and with an empty one twice a second in between.
    """

    def __init__(self, layout: Layout, total: int, progress: Progress) -> None:
        self._layout = layout
        self._total = total
        self._progress = progress
        self._folder = _site_packages(layout)
        self._collected: set[str] = set()
        self._files: set[str] = set()
        self._newest = ""
        self._to_install = 0
        self._before: set[str] = set()
        self._installed: set[str] = set()

    def __call__(self, line: str) -> None:
        if match := re.match(r"Requirement already satisfied: ([\w.\-]+)", line):
            self._collected.add(match.group(1))
            self._files.add(match.group(1))
        elif match := re.match(r"Collecting ([\w.\-]+)", line):
            self._collected.add(match.group(1))
            self._newest = match.group(1)
        elif match := re.match(r"\s*(?:Downloading|Using cached|Processing) (\S+\.whl)(.*)", line):
            size = re.search(r" \([\d.]+ \w+\)", match.group(2))
            name = re.split(r"[/\\]", match.group(1))[-1].split("-")[0]
            self._files.add(name.lower().replace("_", "-"))
            self._newest = name + (size.group() if size else "")
        elif line.startswith("Installing collected packages:"):
            # From here on the environment is neither the earlier one nor the next.
            self._layout.unfinished.touch()
            self._to_install = line.count(",") + 1
            self._before = self._present()
            self._newest = ""
        self._show()

    def _show(self) -> None:
        if self._to_install:
            now = self._present() - self._before
            self._newest = next(iter(now - self._installed), self._newest)
            self._installed |= now
            count, all_of_them = len(self._installed), self._to_install
            phase = "Installing packages"
        elif len(self._collected) < self._total and len(self._files) < len(self._collected) // 2:
            count, all_of_them = len(self._collected), self._total
            phase = "Looking up packages"
        else:
            count, all_of_them = len(self._files), self._total
            phase = "Fetching packages"
        detail = f"{min(count, all_of_them)} of {all_of_them}"
        self._progress.show(phase, f"{detail}, {self._newest}" if self._newest else detail)

    def _present(self) -> set[str]:
        try:
            return {path.name.split("-")[0] for path in self._folder.glob("*.dist-info")}
        except OSError:
            return set()


def _run_pip(layout: Layout, arguments: list[str], follow: Callable[[str], None]) -> None:
    """Run pip in the environment, handing each line it prints to ``follow``.

    Raises:
        CourseError: pip failed; what it printed is in the log.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not (name.startswith("PIP_") and name.removeprefix("PIP_") in _UNWANTED)
    }
    environment["PYTHONIOENCODING"] = "utf-8"
    process = subprocess.Popen(
        [str(layout.python), "-I", "-u", "-X", "utf8", "-m", "pip", *_PIP, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
    )
    said: list[str] = []
    try:
        for line in _lines(process.stdout):
            if line:
                said.append(line)
            follow(line.rstrip())
    except BaseException:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        raise
    finally:
        _write_log(layout, "".join(said))
    if process.wait() != 0:
        raise CourseError(failures.sentence("".join(said), layout, _minor_version()))


def _lines(stream: IO[str] | None) -> Iterator[str]:
    """Yield the lines of a stream as they come, and an empty one where none came for 0.5 s."""
    if stream is None:
        return
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=0.5)
        except queue.Empty:
            line = ""
        if line is None:
            return
        yield line


def _write_log(layout: Layout, text: str) -> None:
    with contextlib.suppress(OSError):  # a full disk must not hide what filled it
        layout.log.parent.mkdir(parents=True, exist_ok=True)
        layout.log.write_text(text, encoding="utf-8")


def _site_packages(layout: Layout) -> Path:
    if os.name == "nt":
        return layout.venv / "Lib" / "site-packages"
    found = sorted((layout.venv / "lib").glob("python3.*/site-packages"))
    name = f"python{_minor_version()}"
    return found[0] if found else layout.venv / "lib" / name / "site-packages"


def _minor_version() -> str:
    return sysconfig.get_python_version()


@contextlib.contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """Let one ``course.py`` at a time change the environment; a second one waits.

    The system frees the lock when its holder ends, however it ends.
    """
    path = layout.private / "environment.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    except OSError as error:
        raise CourseError(
            f"{layout.root} cannot be written to ({error.strerror}). Copy the course to a folder "
            "of your own, then run the same command again."
        ) from error
    with file:
        told = False
        while not try_to_lock(file):
            if not told:
                print("Another course.py is making the environment; waiting for it.", flush=True)
                told = True
            time.sleep(0.3)
        yield
