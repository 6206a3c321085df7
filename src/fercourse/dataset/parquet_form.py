"""FER2013 as Parquet, the form of the public hubs: image bytes in one column, labels in another."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fercourse.dataset.catalog import MOST_FILES
from fercourse.dataset.containers import Container, Member, damage_named
from fercourse.dataset.csv_form import place_of
from fercourse.dataset.form import SIDE, Batch, Report, label_of, split_of, split_words
from fercourse.dataset.picture_form import decode_face, notes_on
from fercourse.dataset.published import COUNTS
from fercourse.emotions import SEVEN, SPLITS
from fercourse.errors import CourseError

_IMAGES = ("image", "img", "img_bytes", "image_bytes", "picture", "pixels", "bytes")
_LABELS = ("label", "labels", "emotion", "class", "target", "fer_code")
_SPLITS = ("usage", "split")
_LARGEST_FILE = 1 << 30
_AT_ONCE = 512


class ParquetForm:
    """One or several Parquet files of faces.

    The split comes from a column named ``usage`` or ``split``, else from the file's name or a
    folder above it (``train-00000-of-00001.parquet``).

    Args:
        container: where they lie.
        members: the files.
        notes: what is known already, to be told with what reading finds out.
    """

    name = "Parquet"

    def __init__(self, container: Container, members: Iterable[Member], notes: list[str]) -> None:
        self._container = container
        self._members = {member.name: member for member in members}
        self.notes = notes
        self.size = sum(member.size for member in self._members.values())
        words = {word for name in self._members for word in _words(name)}
        self._meaning, self._assumed = split_words({w for w in words if split_of(w) is not None})

    def read(self, report: Report) -> Iterator[Batch]:
        """Yield the faces file by file."""
        oddities: Counter[str] = Counter()
        faces = 0
        for member, file in self._container.read(self._members):
            place = place_of(self._container, member.name)
            with damage_named(self._container.path, member.name):
                source = _seekable(file, place)
            try:
                table = pq.ParquetFile(source)
                if faces + table.metadata.num_rows > MOST_FILES:
                    raise CourseError(
                        f"{place} makes more than {MOST_FILES:,} rows, so it is not FER2013."
                    )
                for batch in self._read_file(table, member.name, place, oddities):
                    yield Batch(batch.images, batch.labels, batch.usage, batch.rows + faces)
                    faces += len(batch.labels)
                    report(len(batch.labels) * member.size // max(table.metadata.num_rows, 1))
            except (pa.ArrowException, OSError) as error:
                raise CourseError(
                    f"{place} is not a Parquet file or is damaged "
                    f"({str(error).splitlines()[0][:120]}). Download it again."
                ) from error
        self.notes += notes_on(oddities)

    def _read_file(
        self, table: Any, name: str, place: str, oddities: Counter[str]
    ) -> Iterator[Batch]:
        columns = _Columns(table.schema_arrow, place)
        file_split = self._split_of_file(name) if columns.usage is None else None
        if columns.names is None and columns.label_is_number:
            if _is_alphabetical(table, columns.label, file_split):
                columns.names = sorted(SEVEN)
                self._note(
                    "Labels number the classes by alphabet, as their counts show; "
                    "they were translated to FER2013's order."
                )
            else:
                self._note("The file does not name its labels: 0 Angry … 6 Neutral was assumed.")
        row = 0
        wanted = [column for column in (columns.image, columns.label, columns.usage) if column]
        for part in table.iter_batches(batch_size=_AT_ONCE, columns=wanted):
            pictures = part.column(columns.image).to_pylist()
            labels = part.column(columns.label).to_pylist()
            splits = part.column(columns.usage).to_pylist() if columns.usage else []
            places = [f"{place}, row {row + index + 1:,}" for index in range(len(labels))]
            images = [_face(*each, oddities) for each in zip(pictures, places, strict=True)]
            usage = [_split(*each) for each in zip(splits, places, strict=True)] if splits else None
            yield Batch(
                images=np.array(images, np.uint8).reshape(-1, SIDE, SIDE),
                labels=np.array(
                    [columns.label_of(*each) for each in zip(labels, places, strict=True)], np.uint8
                ),
                usage=np.full(len(labels), file_split, np.uint8)
                if usage is None
                else np.array(usage, np.uint8),
                rows=np.arange(len(labels), dtype=np.int64),
            )
            row += len(labels)

    def _split_of_file(self, name: str) -> int:
        for word in _words(name):
            if word in self._meaning:
                for note in self._assumed:
                    self._note(note)
                return self._meaning[word]
        self._note(f"{name} names no split and was taken as Training.")
        return 0

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


class _Columns:
    """Which column is which, found by name or else by type."""

    def __init__(self, schema: Any, place: str) -> None:
        binary = [field.name for field in schema if _holds_pictures(field.type)]
        plain = [field.name for field in schema if field.name not in binary]
        image, label = _choose(binary, _IMAGES), _named(plain, _LABELS)
        self.usage = _named(plain, _SPLITS)
        if image is None or label is None:
            raise CourseError(
                f"{place} has the columns {', '.join(schema.names[:8]) or '(none)'}. Expected one "
                "of pictures' bytes (such as image) and one of labels (label or emotion)."
            )
        for name in (image, label, self.usage):
            if schema.names.count(name) > 1:
                raise CourseError(f"{place} has several columns named {name}. Leave one of them.")
        self.image, self.label = image, label
        self.label_is_number = pa.types.is_integer(schema.field(self.label).type)
        self.names = _class_names(schema, self.label)

    def label_of(self, value: object, place: str) -> int:
        """Return FER2013's label for a value of the label column."""
        word = value
        if isinstance(value, int) and self.names and 0 <= value < len(self.names):
            word = self.names[value]
        elif isinstance(value, int) and not self.names and 0 <= value < len(SEVEN):
            return value
        label = label_of(word) if isinstance(word, str) else None
        if label is None:
            raise CourseError(
                f"{place}: the label is {value!r}. Expected 0 to 6 or one of {', '.join(SEVEN)}."
            )
        return label


def _class_names(schema: Any, label: str) -> list[str] | None:
    """Return the class names that the hub's library wrote into the file, or None.

    They matter: several copies number the classes by alphabet, where Neutral comes before Sad.
    """
    try:
        metadata = json.loads((schema.metadata or {})[b"huggingface"])
        names = metadata["info"]["features"][label]["names"]
    except (KeyError, TypeError, ValueError):
        return None
    if isinstance(names, dict):
        names = [names[key] for key in sorted(names, key=int)]
    return names if isinstance(names, list) and all(isinstance(n, str) for n in names) else None


def _is_alphabetical(table: Any, label: str, split: int | None) -> bool:
    """Return whether the numbers of faces are the published ones if 4 is Neutral, not Sad."""
    if split is None:
        return False
    labels = table.read(columns=[label]).column(label).to_numpy()
    counts = Counter(labels.tolist())
    by_alphabet = [COUNTS[split][SEVEN.index(name)] for name in sorted(SEVEN)]
    return [counts[value] for value in range(len(SEVEN))] == by_alphabet


def _face(value: object, place: str, oddities: Counter[str]) -> Any:
    data = value.get("bytes") if isinstance(value, dict) else value
    if not isinstance(data, bytes):
        raise CourseError(f"{place} has no picture. Expected its bytes.")
    return decode_face(data, place, oddities)


def _split(value: object, place: str) -> int:
    split = split_of(value) if isinstance(value, str) else None
    if split is None:
        raise CourseError(f"{place}: the split is {value!r}. Expected one of {', '.join(SPLITS)}.")
    return split


def _holds_pictures(kind: Any) -> bool:
    if pa.types.is_struct(kind):
        return any(kind.field(i).name == "bytes" for i in range(kind.num_fields))
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _choose(candidates: list[str], names: tuple[str, ...]) -> str | None:
    return candidates[0] if len(candidates) == 1 else _named(candidates, names)


def _named(candidates: list[str], names: tuple[str, ...]) -> str | None:
    by_name = {candidate.strip().lower(): candidate for candidate in candidates}
    return next((by_name[name] for name in names if name in by_name), None)


def _words(name: str) -> list[str]:
    """Return what may name a split: parts of the file's name, then the folders above it."""
    path = PurePosixPath(name)
    return [*re.split(r"[-.\s]+|_(?=\d)", path.stem), *reversed(path.parts[:-1])]


def _seekable(file: BinaryIO, place: str) -> BinaryIO:
    """Return the file itself or its content: Parquet is read from its end."""
    if hasattr(file, "fileno") and not isinstance(file, io.BytesIO):
        try:
            file.fileno()
        except (OSError, AttributeError):
            pass
        else:
            return file
    pieces, length = [], 0
    while piece := file.read(8 << 20):
        pieces.append(piece)
        length += len(piece)
        if length > _LARGEST_FILE:
            raise CourseError(f"{place} is larger than 1 GB, so it is not FER2013.")
    return io.BytesIO(b"".join(pieces))
