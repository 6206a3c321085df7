"""Where files lie: in a folder, in a zip or tar archive, or one by itself.

Each container lists its members and reads some of them in the order that suits it, so that
an archive is never unpacked to disk and a ``.tar.gz`` is never read backwards.
"""

import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from fercourse.dataset.catalog import MOST_FILES, is_litter, status_of, unreadable, walk
from fercourse.errors import CourseError

MOST_BYTES = 4 << 30
"""An archive that unpacks to more is refused; FER2013's largest form takes 0.3 GB."""

_DRIVE = re.compile(r"[A-Za-z]:")
_LARGEST_READ = 64 << 20
_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
)


@dataclass(frozen=True)
class Member:
    """A file of a container.

    Attributes:
        name: its path inside the container, with forward slashes.
        size: its size in bytes, unpacked.
    """

    name: str
    size: int

    @property
    def folders(self) -> list[str]:
        """The folders above the file, outermost first."""
        return self.name.split("/")[:-1]

    @property
    def base(self) -> str:
        """The file's own name; pathlib would take a second to say it of 32,000 files."""
        return self.name.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """What follows the last dot of the name, with it, in small letters."""
        return self.base[max(self.base.rfind("."), 0) :].lower()


class Container(Protocol):
    """Something that holds files."""

    path: Path
    kind: str

    def members(self) -> list[Member]:
        """List the files, hidden ones and a system's own litter left out."""

    def read(self, wanted: Collection[str]) -> Iterator[tuple[Member, BinaryIO]]:
        """Open each wanted file in turn; one must be read before the next is asked for.

        Whoever reads from the opened file does so under ``damage_named``.
        """


def open_container(path: Path) -> Container:
    """Find out by its first bytes what lies at a path.

    Raises:
        CourseError: nothing is there, it is empty, or it cannot be read.
    """
    if path.is_dir():
        return Folder(path)
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except FileNotFoundError:
        raise CourseError(f"{path} is not there. Check the path.") from None
    except OSError as error:
        raise unreadable(path, error) from error
    if not start:
        raise CourseError(f"{path} is empty (0 bytes). Download or copy it again.")
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return Zip(path)
    if start[:2] == b"\x1f\x8b":
        return Tar(path) if _is_tar(_start_of_gzip(path)) else GzipFile(path)
    return Tar(path) if _is_tar(start) else SingleFile(path)


class Folder:
    """A folder and everything under it, links followed."""

    kind = "folder"

    def __init__(self, path: Path) -> None:
        self.path = path

    def members(self) -> list[Member]:
        """List the files by name."""
        found: list[Member] = []
        for root, names in walk(self.path):
            for name in names:
                path = root / name
                relative = path.relative_to(self.path).as_posix()
                found.append(Member(relative, status_of(path).st_size))
            _check_number(self.path, len(found))
        return sorted(found, key=lambda member: member.name)

    def read(self, wanted: Collection[str]) -> Iterator[tuple[Member, BinaryIO]]:
        """Open each wanted file, by name."""
        for name in sorted(wanted):
            path = self.path / name
            with damage_named(self.path, name), path.open("rb") as file:
                yield Member(name, path.stat().st_size), file


class SingleFile:
    """One file by itself."""

    kind = "file"

    def __init__(self, path: Path) -> None:
        self.path = path

    def members(self) -> list[Member]:
        """Return the one file."""
        return [Member(self.path.name, self.path.stat().st_size)]

    def read(self, wanted: Collection[str]) -> Iterator[tuple[Member, BinaryIO]]:
        """Open the file."""
        if wanted:
            with damage_named(self.path), self.path.open("rb") as file:
                yield self.members()[0], file


class GzipFile:
    """One file by itself, compressed with gzip."""

    kind = "gzip file"

    def __init__(self, path: Path) -> None:
        self.path = path

    def members(self) -> list[Member]:
        """Return the one file; its size is that of the compressed file, the other unknown."""
        name = self.path.name.removesuffix(".gz")
        return [Member(name, self.path.stat().st_size)]

    def read(self, wanted: Collection[str]) -> Iterator[tuple[Member, BinaryIO]]:
        """Open the file."""
        if wanted:
            with damage_named(self.path), gzip.open(self.path, "rb") as file:
                yield self.members()[0], cast(BinaryIO, _Bounded(file, self.path))


class Zip:
    """A zip archive."""

    kind = "zip archive"

    def __init__(self, path: Path) -> None:
        self.path = path

    def members(self) -> list[Member]:
        """List the files in the archive's order."""
        with damage_named(self.path), zipfile.ZipFile(self.path) as archive:
            entries = [each for each in archive.infolist() if not _zip_name(each).endswith("/")]
        if any(entry.flag_bits & 1 for entry in entries):
            raise CourseError(f"{self.path} needs a password. Unpack it and name the folder.")
        return _checked(self.path, [Member(_zip_name(each), each.file_size) for each in entries])

    def read(self, wanted: Collection[str]) -> Iterator[tuple[Member, BinaryIO]]:
        """Open each wanted file, in the archive's order."""
        names = frozenset(wanted)
        with damage_named(self.path), zipfile.ZipFile(self.path) as archive:
            for entry in archive.infolist():
                if (name := _zip_name(entry)) in names:
                    with archive.open(entry) as file:
                        yield Member(name, entry.file_size), cast(BinaryIO, file)


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """Return a member's name with forward slashes; older Windows PowerShell writes others."""
    return entry.filename.replace("\\", "/")


class Tar:
    """A tar archive, plain or compressed with gzip."""

    kind = "tar archive"

    def __init__(self, path: Path) -> None:
        self.path = path

    def members(self) -> list[Member]:
        """List the files in the archive's order, having read it to its end."""
        with damage_named(self.path), self._open() as (file, archive):
            found = [Member(entry.name, entry.size) for entry in archive if entry.isreg()]
            file.seek(archive.offset)
            if file.read(512) != bytes(512):
                raise CourseError(f"{self.path} ends too early. Download it again.")
            while file.read(1 << 20):  # gzip's own checksum stands behind the last byte
                pass
        return _checked(self.path, found)

    def read(self, wanted: Collection[str]) -> Iterator[tuple[Member, BinaryIO]]:
        """Open each wanted file, in the archive's order."""
        names = frozenset(wanted)
        with damage_named(self.path), self._open() as (_, archive):
            for entry in archive:
                if entry.isreg() and entry.name in names:
                    file = archive.extractfile(entry)
                    assert file is not None, "a regular member has content"
                    yield Member(entry.name, entry.size), cast(BinaryIO, file)

    @contextmanager
    def _open(self) -> Iterator[tuple[BinaryIO, tarfile.TarFile]]:
        with self.path.open("rb") as raw:
            is_compressed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            plain = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if is_compressed else raw
            file = cast(BinaryIO, _Bounded(plain, self.path))
            with tarfile.open(fileobj=file, mode="r:") as archive:
                yield file, archive


class _Bounded(io.RawIOBase):
    """A stream that refuses what only an archive made to exhaust the machine would hold."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile, path: Path) -> None:
        self._stream = stream
        self._path = path

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _LARGEST_READ:
            # Only a header that claims to be huge makes tarfile ask for so much at once.
            raise CourseError(f"{self._path} holds a header or file far larger than FER2013's.")
        data = self._stream.read(size)
        self._check()
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        position = self._stream.seek(offset, whence)
        self._check()
        return position

    def tell(self) -> int:
        return self._stream.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def _check(self) -> None:
        if self._stream.tell() > MOST_BYTES:
            raise _too_large(self._path)


@contextmanager
def damage_named(path: Path, member: str = "") -> Iterator[None]:
    """Turn what the standard library raises on a damaged file into a sentence naming it.

    Raises:
        CourseError: in place of whatever was raised inside.
    """
    place = f"{path}, member {member}," if member else f"{path}"
    try:
        yield
    except _DAMAGED as error:
        raise CourseError(
            f"{place} is damaged or cut short ({error}). Download it again."
        ) from error
    except FileNotFoundError as error:
        raise CourseError(f"{place} is not there any more.") from error
    except OSError as error:
        raise CourseError(f"{place} cannot be read: {error.strerror or error}.") from error


def _checked(path: Path, members: list[Member]) -> list[Member]:
    """Refuse an archive with unsafe names or unreasonable sizes, and leave litter out."""
    _check_number(path, len(members))
    for member in members:
        parts = re.split(r"[/\\]", member.name)
        if ".." in parts or not parts[0] or _DRIVE.match(member.name):
            raise CourseError(
                f"{path} has a member named {member.name!r}, which points outside the archive. "
                "Such an archive is not FER2013 as published; get it from where you trust it."
            )
    if len({member.name for member in members}) < len(members):
        raise CourseError(f"{path} has several members of the same name. Download it again.")
    if sum(member.size for member in members) > MOST_BYTES:
        raise _too_large(path)
    return [
        member
        for member in members
        if not any(is_litter(part) for part in member.name.removeprefix("./").split("/"))
    ]


def _check_number(path: Path, number: int) -> None:
    if number > MOST_FILES:
        raise CourseError(f"{path} holds more than {MOST_FILES:,} files, so it is not FER2013.")


def _too_large(path: Path) -> CourseError:
    return CourseError(
        f"{path} would unpack to more than {MOST_BYTES >> 30} GB, so it is not FER2013 "
        "(0.3 GB at most)."
    )


def _is_tar(start: bytes) -> bool:
    return start[257:262] == b"ustar"


def _start_of_gzip(path: Path) -> bytes:
    with damage_named(path), gzip.open(path, "rb") as file:
        return file.read(512)
