"""Which faces are cached, and whether that is still true of the files they came from.

Only the standard library is imported here: ``course.py start`` asks ``is_prepared``
before anything heavy is loaded.

A source's *digest* says what it holds: for a file the SHA-256 of its bytes, for a folder
that of its sorted listing (names, sizes, times of change; reading 32,000 small files only
to name a cache would take as long as making it). Working a digest out takes from 0.1 s to
1 s, so it is remembered beside a *stamp* that takes microseconds: for a file its size and
time of change, for a folder the times of change of the folders in it, which move whenever a
file is added, removed or renamed. A picture overwritten in place keeps its folder's time;
``course.py data use`` therefore always works the digest out anew. The drawn set's digest is
its version, its stamp that of the code which draws it.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from fercourse.errors import CourseError
from fercourse.workspace import cache_folder, fer2013_path, write_atomically

CACHE_VERSION = 1
"""Counted up whenever the same source would give other arrays; old caches then lie unused."""

MOST_FILES = 200_000
"""A folder or archive with more than this is not FER2013 but, say, somebody's home folder."""

Stamp = dict[str, list[int]]
"""For each path that was looked at its size (0 for a folder) and its time of change in ns."""


@dataclass(frozen=True)
class Known:
    """What is remembered of a source that was read before.

    Attributes:
        path: where it lies.
        stamp: quick sign of its state, see the module's text.
        digest: what it holds.
    """

    path: str
    stamp: Stamp
    digest: str


def faces_folder() -> Path:
    """Return the folder with one cache of arrays for each source that was read."""
    return cache_folder() / "faces"


def cache_of(digest: str) -> Path:
    """Return the folder of the arrays made from what has this digest."""
    return faces_folder() / f"{digest[:32]}-v{CACHE_VERSION}"


def drawn_code() -> Path:
    """Return the folder of the code that draws faces: the drawn set's source."""
    return Path(__file__).resolve().parents[1] / "drawn"


def is_prepared() -> bool:
    """Return whether ``load_faces()`` will find its faces cached, without opening them.

    False also where FER2013 is gone from where it was: ``prepare`` then says what to do.
    """
    try:
        digest = remembered_digest(fer2013_path() or drawn_code())
    except OSError:
        return False
    return digest is not None and (cache_of(digest) / "meta.json").is_file()


def remembered_digest(source: Path) -> str | None:
    """Return the digest of a source that is as it was when the digest was taken, or None.

    Raises:
        OSError: the source cannot be looked at.
    """
    try:
        record = Known(**json.loads(_record_of(source).read_text(encoding="utf-8")))
        unchanged = record.path == str(source) and record.stamp == _stamp(record.stamp)
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None
    return record.digest if unchanged else None


def remember_digest(source: Path, digest: str, stamp: Stamp) -> None:
    """Keep a source's digest together with the stamp it had when the digest was taken."""
    record = Known(str(source), stamp, digest)
    write_atomically(_record_of(source), json.dumps(asdict(record), indent=1).encode())


def stamp_of(source: Path) -> Stamp:
    """Return the stamp by which a change of a source will be noticed.

    Raises:
        CourseError: it cannot be looked at.
    """
    if source == drawn_code():
        watched = sorted(source.rglob("*.py"))
    elif source.is_dir():
        watched = [root for root, _ in walk(source)]
    else:
        watched = [source]
    try:
        return _stamp(watched)
    except OSError as error:
        raise unreadable(source, error) from error


def content_digest(source: Path) -> str:
    """Work out what a file or folder holds, as a hexadecimal SHA-256.

    Raises:
        CourseError: it cannot be read, or the folder holds far more files than FER2013.
    """
    try:
        if source.is_dir():
            return hashlib.sha256(json.dumps(_listing(source)).encode()).hexdigest()
        with source.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(source, error) from error


def unreadable(path: Path, error: OSError) -> CourseError:
    """Return the error for a file or folder that cannot be read, naming the very one."""
    place = os.fsdecode(error.filename) if error.filename else path
    return CourseError(f"{place} cannot be read: {error.strerror or error}.")


def is_litter(name: str) -> bool:
    """Return whether a file or folder is hidden or a system's own, and so holds no faces."""
    return name.startswith(".") or name in ("__MACOSX", "Thumbs.db", "desktop.ini")


def walk(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """Go through a folder and all under it, links followed, litter left out.

    A link back to a folder above it is passed over: what it leads to is looked at anyway.

    Yields:
        Each folder's path, and the names of the files in it.

    Raises:
        CourseError: a folder cannot be read, or there are far more of them than in FER2013.
    """
    above = {folder: frozenset([_identity(folder)])}
    for number, (root, folders, names) in enumerate(
        os.walk(folder, onerror=_refuse, followlinks=True)
    ):
        if number > MOST_FILES:
            raise _too_many(folder)
        ancestors = above.pop(Path(root))
        followed = []
        for name in folders:
            path = Path(root, name)
            if not is_litter(name) and (identity := _identity(path)) not in ancestors:
                above[path] = ancestors | {identity}
                followed.append(name)
        folders[:] = followed
        yield Path(root), [name for name in names if not is_litter(name)]


def status_of(path: Path) -> os.stat_result:
    """Return a file's status, or that of a link to nothing, which need not be a face."""
    try:
        return path.stat()
    except FileNotFoundError:
        return path.lstat()


def _listing(folder: Path) -> list[tuple[str, int, int]]:
    listing: list[tuple[str, int, int]] = []
    for root, names in walk(folder):
        for name in names:
            path = root / name
            status = status_of(path)
            listing.append(
                (path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns)
            )
        if len(listing) > MOST_FILES:
            raise _too_many(folder)
    return sorted(listing)


def _too_many(folder: Path) -> CourseError:
    return CourseError(
        f"{folder} holds more than {MOST_FILES:,} files or folders, so it is more than FER2013. "
        "Name the folder that holds train and test."
    )


def _refuse(error: OSError) -> None:
    """Stop at a folder that cannot be read, which ``os.walk`` would pass over in silence."""
    raise unreadable(Path(os.fsdecode(error.filename)), error) from error


def _identity(folder: Path) -> tuple[int, int]:
    """Return what a folder is known by under each of its names."""
    try:
        status = folder.stat()
    except OSError as error:
        raise unreadable(folder, error) from error
    return status.st_dev, status.st_ino


def _record_of(source: Path) -> Path:
    name = hashlib.sha256(os.fsencode(source)).hexdigest()[:32]
    return faces_folder() / "sources" / f"{name}.json"


def _stamp(paths: Iterable[str | Path]) -> Stamp:
    stamp = {}
    for path in paths:
        status = Path(path).stat()
        is_folder = stat.S_ISDIR(status.st_mode)
        stamp[str(path)] = [0 if is_folder else status.st_size, status.st_mtime_ns]
    return stamp
