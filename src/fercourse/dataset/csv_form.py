"""FER2013 as a CSV file: ``fer2013.csv``, ``icml_face_data.csv``, the contest's ``train.csv``."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from fercourse.dataset.containers import Container, damage_named
from fercourse.dataset.form import SIDE, Batch, Report, label_of, split_of
from fercourse.dataset.pixel_text import PIXELS, parse_pixels
from fercourse.emotions import SEVEN, SPLITS
from fercourse.errors import CourseError

_BLOCK = 1 << 19
_LONGEST_LINE = 64 << 10  # 2,304 numbers take 9,215 bytes at most
_HEADER = 4096
_STRIPPED = b' \t\r"'
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Columns:
    """Which column is which; None for one that the file does not have.

    Attributes:
        number: how many columns there are.
        pixels: position of the column of 2,304 numbers.
        emotion: position of the column of labels.
        usage: position of the column of splits.
        names: all the names, as the file has them.
    """

    number: int
    pixels: int | None
    emotion: int | None
    usage: int | None
    names: tuple[str, ...]


def columns_of(start: bytes) -> Columns:
    """Read the column names from a CSV file's first bytes."""
    line = re.split(rb"[\r\n]", start.removeprefix(_BYTE_ORDER_MARK), maxsplit=1)[0]
    text = line.decode("utf-8", errors="replace")
    names = next(csv.reader([text], skipinitialspace=True), [])
    position = {name.strip().lower(): index for index, name in reversed(list(enumerate(names)))}
    return Columns(
        number=len(names),
        pixels=position.get("pixels"),
        emotion=position.get("emotion"),
        usage=position.get("usage"),
        names=tuple(names),
    )


class CsvForm:
    """One CSV file of faces.

    Args:
        container: where it lies.
        member: its name there.
        notes: what is known already, to be told with what reading finds out.
    """

    name = "CSV"

    def __init__(self, container: Container, member: str, notes: list[str]) -> None:
        self._container = container
        self._member = member
        self._place = place_of(container, member)
        self.notes = notes
        self.size = next(each.size for each in container.members() if each.name == member)

    def read(self, report: Report) -> Iterator[Batch]:
        """Yield the faces in the file's order.

        Blocks of whole lines are parsed one after the other, so a few megabytes are held at a
        time; a second thread was no faster. Lines are looked at one by one only where a block
        has something unusual.
        """
        for _, file in self._container.read([self._member]):
            with damage_named(self._container.path, self._member):
                columns = self._checked_columns(file)
            faces, line = 0, 2
            for block in self._blocks(file, report):
                batch = _parse(block, columns)
                parsed = batch or self._parse_exactly(block, line, columns)
                line += len(parsed.labels) if batch else block.count(b"\n")
                yield replace(parsed, rows=parsed.rows + faces)
                faces += len(parsed.rows)

    def _checked_columns(self, file: BinaryIO) -> Columns:
        """Read the header line, leaving the file right after it."""
        header = file.readline(_HEADER)
        if b"\r" in header.rstrip(b"\r\n"):
            raise CourseError(
                f"{self._place} ends its lines with a carriage return alone, as old Macintoshes "
                "did. Save it again with the line ends of Unix or Windows."
            )
        columns = columns_of(header)
        if columns.pixels is None or columns.emotion is None:
            raise wrong_columns(self._place, columns)
        if columns.usage is None:
            self.notes.append(
                f"{self._member} has no Usage column, as the contest's train.csv: "
                "all of it was taken as Training."
            )
        return columns

    def _blocks(self, file: BinaryIO, report: Report) -> Iterator[bytes]:
        """Yield blocks of whole lines; only the last may lack its line end."""
        rest = b""
        while True:
            with damage_named(self._container.path, self._member):
                read = file.read(_BLOCK)
            report(len(read))
            block = rest + read
            cut = block.rfind(b"\n") + 1 if read else len(block)
            block, rest = block[:cut], block[cut:]
            if block:
                yield block
            if len(rest) > _LONGEST_LINE:
                raise CourseError(
                    f"{self._place} has a line that goes on for more than {_LONGEST_LINE:,} bytes; "
                    "a face takes 9,215 at most."
                )
            if not read:
                return

    def _parse_exactly(self, block: bytes, first_line: int, columns: Columns) -> Batch:
        """Parse line by line, which accepts a little more and can say what is wrong where."""
        images, labels, usage = [], [], []
        for number, line in enumerate(block.split(b"\n"), start=first_line):
            if not line.strip(_STRIPPED):
                continue
            place = f"{self._place}, line {number:,}"
            text = line.decode("utf-8", errors="replace").rstrip("\r")
            row = _fields(text, place)
            if len(row) != columns.number:
                raise CourseError(
                    f"{place}: {len(row)} fields were found, but the header names {columns.number}."
                )
            assert columns.pixels is not None and columns.emotion is not None
            labels.append(_exact_label(row[columns.emotion], place))
            images.append(_exact_pixels(row[columns.pixels], place))
            usage.append(0 if columns.usage is None else _exact_usage(row[columns.usage], place))
        return _batch(np.array(images, np.uint8).reshape(-1, SIDE, SIDE), labels, usage)


def place_of(container: Container, member: str) -> str:
    """Return a file's name for an error: its path, or the archive's and the member's."""
    if container.kind == "folder":
        return str(container.path / member)
    if container.kind in ("file", "gzip file"):
        return str(container.path)
    return f"{container.path}, member {member}"


def wrong_columns(place: str, columns: Columns) -> CourseError:
    """Return the error for a CSV file that is not FER2013's."""
    expected = "Expected emotion, pixels and Usage, in any order, named in the first line."
    if columns.names and all(name.strip()[:1].isdigit() for name in columns.names[:2]):
        return CourseError(
            f"{place} has no header line: it starts with numbers. {expected} "
            "For files of the usual order add the line emotion,pixels,Usage above the first."
        )
    if any("pixels" in name.lower() and ";" in name for name in columns.names):
        return CourseError(
            f"{place} parts its columns by semicolons. Expected commas: save it again as CSV "
            "with commas."
        )
    names = ", ".join(name.strip()[:40] or "(no name)" for name in columns.names[:8])
    return CourseError(f"{place} has the columns {names or '(none)'}. {expected}")


_LABELS: dict[bytes, int | None] = {str(label).encode(): label for label in range(len(SEVEN))}
_USAGE: dict[bytes, int | None] = {name.encode(): split for split, name in enumerate(SPLITS)}


def _parse(block: bytes, columns: Columns) -> Batch | None:
    """Parse whole lines of the usual kind; None where one is of another."""
    rows = _split(block, columns.number)
    if rows is None:
        return None
    assert columns.pixels is not None and columns.emotion is not None
    images = parse_pixels([row[columns.pixels].strip(_STRIPPED) for row in rows])
    labels = [_LABELS.get(row[columns.emotion].strip(_STRIPPED)) for row in rows]
    usage: list[int | None] = [0] * len(rows)
    if columns.usage is not None:
        usage = [_USAGE.get(row[columns.usage].strip(_STRIPPED)) for row in rows]
    if images is None or None in labels or None in usage:
        return None
    return _batch(images, labels, usage)


def _split(block: bytes, number: int) -> list[list[bytes]] | None:
    """Split lines at commas; None where one has not exactly ``number`` fields.

    Searching from comma to comma copies each field once, where ``split`` would copy lines too.
    """
    rows = []
    start = 0
    while start < len(block):
        end = block.find(b"\n", start)
        end = len(block) if end < 0 else end
        row = []
        while (comma := block.find(b",", start, end)) >= 0:
            row.append(block[start:comma])
            start = comma + 1
        row.append(block[start:end])
        start = end + 1
        if len(row) != number:
            return None
        rows.append(row)
    return rows


def _batch(
    images: npt.NDArray[np.uint8],
    labels: list[int | None] | list[int],
    usage: list[int | None] | list[int],
) -> Batch:
    return Batch(
        images=images,
        labels=np.array(labels, np.uint8),
        usage=np.array(usage, np.uint8),
        rows=np.arange(len(images), dtype=np.int64),
    )


def _fields(text: str, place: str) -> list[str]:
    try:
        return next(csv.reader([text], skipinitialspace=True))
    except csv.Error as error:
        raise CourseError(
            f"{place} cannot be read as CSV ({error}). Expected one face in each line, "
            "its fields parted by commas."
        ) from error


def _exact_label(text: str, place: str) -> int:
    text = text.strip()
    if len(text) == 1 and text in "0123456":
        return int(text)
    named = label_of(text)
    if named is None:
        raise CourseError(f"{place}: the emotion is {text[:40]!r}. Expected a number from 0 to 6.")
    return named


def _exact_usage(text: str, place: str) -> int:
    split = split_of(text)
    if split is None:
        raise CourseError(f"{place}: the Usage is {text[:40]!r}. Expected {_listed(SPLITS)}.")
    return split


def _exact_pixels(text: str, place: str) -> npt.NDArray[np.uint8]:
    words = text.split()
    for position, word in enumerate(words, start=1):
        if not (word.isascii() and word.isdigit()):
            raise CourseError(
                f"{place}: pixel {position:,} is {word[:40]!r}. Expected a whole number, 0 to 255."
            )
        if len(word) > 9 or int(word) > 255:
            raise CourseError(
                f"{place}: pixel {position:,} is {word[:40]}. Expected a number from 0 to 255."
            )
    if len(words) != PIXELS:
        raise CourseError(
            f"{place}: {len(words):,} pixels were found. Expected {PIXELS:,} ({SIDE} by {SIDE})."
        )
    return np.array(words, np.uint16).astype(np.uint8).reshape(SIDE, SIDE)


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
