"""Where the course keeps what it makes and finds what people bring.

Three environment variables move things, each winning over what was remembered:

- ``FERCOURSE_DATA``: the data folder (caches, settings); default ``data/`` of the repository.
- ``FERCOURSE_FER2013``: FER2013 itself, in any form that ``course.py data use`` reads, or the
  word ``drawn`` for drawn faces, whatever was remembered.
- ``FERCOURSE_MODELS``: a folder with models that people downloaded (a face detector, say).

Only the standard library is imported here, so that ``course.py`` can use it
before the environment exists.
"""

import contextlib
import errno
import hashlib
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from fercourse.errors import CourseError

DRAWN = "drawn"
"""What ``FERCOURSE_FER2013`` says to set FER2013 aside and draw faces."""

_HELD = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}
"""What a system says of a lock that another process has."""

_WAITS = (0.05, 0.1, 0.2, 0.3, 0.35) if os.name == "nt" else ()


def repository_root() -> Path | None:
    """Return the course's checkout, or None where only the package is installed."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "course.py").is_file() else None


def data_folder() -> Path:
    """Return the folder for caches and settings; it may not exist yet."""
    if chosen := os.environ.get("FERCOURSE_DATA"):
        return absolute(chosen)
    root = repository_root()
    return root / "data" if root else Path.home() / ".fercourse"


def trained_file(name: str) -> Path:
    """Return where a network that is trained here by this name goes; it may not exist yet."""
    return data_folder() / "trained" / f"{name}.safetensors"


def cache_folder() -> Path:
    """Return the folder whose content can be deleted and is made again."""
    return data_folder() / "cache"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that other readers see the old content or the new, never a part.

    Args:
        path: the file to write; its folder is made where missing.
        content: the whole content.

    Raises:
        CourseError: the disk is full or the folder cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def require_writable(folder: Path) -> None:
    """Raise an error where no file could be written into a folder, before hours of work are lost.

    Args:
        folder: tried is where it is, or where it would be made.

    Raises:
        CourseError: it is a file, could not be made, or takes no files.
    """
    place = next(place for place in (folder, *folder.parents) if is_there(place))
    if not place.is_dir():
        raise CourseError(f"{place} is a file. Name a folder to write into.")
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        raise CourseError(
            f"Nothing can be written into {place}: {error.strerror or error}. Choose another place."
        ) from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary name; what is written there becomes the file if nothing fails.

    Args:
        path: the file to write; its folder is made where missing.

    Raises:
        CourseError: the disk is full or the folder cannot be written. The old file stays.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        rename(temporary, path)
    except OSError as error:
        raise CourseError(f"{path} could not be written: {error.strerror or error}.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def rename(source: Path, target: Path) -> None:
    """Give a file or folder its final name, replacing a file of that name.

    On Windows a virus scanner or an indexer may hold what was just written for a moment, so
    a refusal is taken as one only after a second.

    Raises:
        OSError: it cannot be renamed.
    """
    for wait in _WAITS:
        try:
            source.replace(target)
            return
        except PermissionError:
            if target.is_dir():  # so Windows refuses to replace a folder
                raise
            time.sleep(wait)
    source.replace(target)


@contextlib.contextmanager
def alone_at(path: Path) -> Iterator[None]:
    """Keep a second process of the course from working on what this one writes at a path.

    The system frees the lock when its holder ends, however it ends.

    Args:
        path: a file or folder that is written over a long time; it need not exist.

    Raises:
        CourseError: another process is at it.
    """
    name = hashlib.sha256(str(absolute(path)).encode()).hexdigest()[:32]
    lock = cache_folder() / "locks" / f"{name}.lock"
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("a+b")
    except OSError as error:
        raise CourseError(f"{lock} could not be written: {error.strerror or error}.") from error
    with file:
        if not try_to_lock(file):
            raise CourseError(
                f"Another command is at work on {path}. Wait until it is done, or stop it first."
            )
        yield


def try_to_lock(file: IO[bytes]) -> bool:
    """Return whether this process may go on: it has the lock, or there are no locks here."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some network drives and shared folders have no locks: waiting would never end.
        return error.errno not in _HELD
    return True


def read_settings() -> dict[str, Any]:
    """Return what the person chose in earlier commands, such as where FER2013 lies.

    Raises:
        CourseError: the settings file is there but is not JSON.
    """
    path = data_folder() / "settings.json"
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CourseError(f"{path} is damaged ({error}). Delete it and choose again.") from error
    if not isinstance(settings, dict):
        raise CourseError(f"{path} is damaged (not a JSON object). Delete it and choose again.")
    return settings


def remember(key: str, value: str | None) -> None:
    """Keep a choice for later commands; None forgets it."""
    settings = read_settings()
    if value is None:
        settings.pop(key, None)
    else:
        settings[key] = value
    content = json.dumps(settings, indent=2, sort_keys=True) + "\n"
    write_atomically(data_folder() / "settings.json", content.encode())


def fer2013_path() -> Path | None:
    """Return where FER2013 lies by the environment or by ``data use``, or None.

    The path is what the person said: whether it still exists is the reader's question.
    ``FERCOURSE_FER2013=drawn`` sets it aside, so that a run can be repeated on drawn faces.
    """
    chosen = os.environ.get("FERCOURSE_FER2013") or read_settings().get("fer2013")
    return absolute(chosen) if chosen and chosen != DRAWN else None


def fer2013_gone(path: Path) -> CourseError:
    """Return the error where FER2013 was said to be at a path and nothing is there."""
    if os.environ.get("FERCOURSE_FER2013"):
        return CourseError(
            f"FERCOURSE_FER2013 says that FER2013 is at {path}, but nothing is there. While that "
            "variable is set it wins over `course.py data use PATH`: set it to where FER2013 is "
            "now, or unset it."
        )
    return CourseError(
        f"FER2013 was to be at {path}, but nothing is there. Say where it is now: "
        "python3 course.py data use PATH. Or go on with drawn faces: "
        "python3 course.py data forget."
    )


def absolute(path: str | Path) -> Path:
    """Return a path that a person gave as an absolute one, ``~`` read as their home folder.

    Raises:
        CourseError: it is no path at all.
    """
    try:
        return Path(path).expanduser().resolve()
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        raise CourseError(f"{str(path)!r} is not a path ({error}). Check it.") from error


def is_there(path: Path) -> bool:
    """Return whether something lies at a path.

    Raises:
        CourseError: that cannot be told, say in a folder which this person may not enter.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CourseError(f"{path} cannot be looked at: {reason}. Check the path.") from error
    return True
