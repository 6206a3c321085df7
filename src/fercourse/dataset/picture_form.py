"""FER2013 as pictures in class folders: ``train/happy/Training_123.jpg``."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from fercourse.dataset.containers import Container, Member, damage_named
from fercourse.dataset.form import SIDE, Batch, Report, label_of, split_of, split_words
from fercourse.emotions import SEVEN
from fercourse.errors import CourseError

_PREFIX = re.compile(r"(Training|PublicTest|PrivateTest)_", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,18})\D*$")
_LARGEST_FILE = 16 << 20
_LARGEST_SIDE = 4096
_AT_ONCE = 256
_GRAY_FROM = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr")


@dataclass(frozen=True)
class _Place:
    """What a picture's name says of it: an index into ``SEVEN`` and one into ``SPLITS``."""

    label: int
    usage: int


class PictureForm:
    """Pictures whose folders are named for their class.

    The split is the one in the file's name (``PublicTest_123.jpg``), else that of the nearest
    folder above it which is named for a split. Within a split, faces are in the order of the
    numbers in their names, which is the published one as far as these files still know it.

    Args:
        container: where they lie.
        members: all the pictures, whether in a class folder or not.
        notes: what is known already, to be told with what reading finds out.

    Raises:
        CourseError: a folder beside the classes is named for none of them.
    """

    name = "class folders"

    def __init__(self, container: Container, members: Iterable[Member], notes: list[str]) -> None:
        self._container = container
        self.notes = notes
        pictures = list(members)
        self._places = self._find_places(pictures)
        self._rows = self._published_order()
        self.size = sum(each.size for each in pictures if each.name in self._places)

    @property
    def has_faces(self) -> bool:
        """Whether any of the pictures lies in a class folder."""
        return bool(self._places)

    def read(self, report: Report) -> Iterator[Batch]:
        """Yield the faces in the container's order; ``rows`` tells the published one."""
        oddities: Counter[str] = Counter()
        images, names = [], []
        for member, file in self._container.read(self._places):
            with damage_named(self._container.path, member.name):
                data = file.read(min(member.size, _LARGEST_FILE) + 1)
            images.append(decode_face(data, f"{self._container.path}, {member.name}", oddities))
            names.append(member.name)
            report(member.size)
            if len(images) == _AT_ONCE:
                yield self._batch(images, names)
                images, names = [], []
        if images:
            yield self._batch(images, names)
        self.notes += notes_on(oddities)

    def _batch(self, images: list[npt.NDArray[np.uint8]], names: list[str]) -> Batch:
        places = [self._places[name] for name in names]
        return Batch(
            images=np.stack(images),
            labels=np.array([place.label for place in places], np.uint8),
            usage=np.array([place.usage for place in places], np.uint8),
            rows=np.array([self._rows[name] for name in names], np.int64),
        )

    def _find_places(self, members: list[Member]) -> dict[str, _Place]:
        root = [self._container.path.name] if self._container.kind == "folder" else []
        above = {m.name: [*root, *m.folders] for m in members}
        words = {
            word for folders in above.values() for word in folders if split_of(word) is not None
        }
        prefixed = {m.name: _PREFIX.match(m.base) for m in members}
        meaning, assumed = split_words(words)
        places, unsplit, by_folder, strays = {}, 0, False, 0
        for member in members:
            folders = above[member.name]
            label = label_of(folders[-1]) if folders else None
            match = prefixed[member.name]
            named = [meaning[word] for word in reversed(folders) if word in meaning]
            if label is None:
                if named or match:
                    raise self._unknown_class(member)
                strays += 1
                continue
            if match:
                usage = split_of(match[1])
                assert usage is not None, "the pattern names splits"
            else:
                usage = named[0] if named else 0
                by_folder |= bool(named)
                unsplit += not named
            places[member.name] = _Place(label, usage)
        if strays:
            self.notes.append(f"{strays:,} pictures outside class folders were left out.")
        if by_folder:
            self.notes += assumed
        if unsplit:
            self.notes.append(f"{unsplit:,} pictures name no split and were taken as Training.")
        return places

    def _unknown_class(self, member: Member) -> CourseError:
        folder = "/".join(member.folders)
        return CourseError(
            f"{self._container.path}: {member.name} lies in {folder!r}, which is not named "
            f"for a class. Expected a folder named {', '.join(SEVEN).lower()} (in any case)."
        )

    def _published_order(self) -> dict[str, int]:
        def key(name: str) -> tuple[int, int, str]:
            number = _NUMBER.search(name.rpartition("/")[2].rpartition(".")[0])
            return self._places[name].usage, int(number[1]) if number else -1, name

        return {name: row for row, name in enumerate(sorted(self._places, key=key))}


def decode_face(data: bytes, place: str, oddities: Counter[str]) -> npt.NDArray[np.uint8]:
    """Decode a picture to gray, 48 by 48.

    Pillow is used because it refuses a JPEG that ends too early, where OpenCV fills the rest
    with gray and says nothing.

    Args:
        data: the picture file's bytes.
        place: what to call it in an error.
        oddities: what had to be converted is counted here.

    Returns:
        uint8 (48, 48).

    Raises:
        CourseError: it is no picture, is damaged, or is of a kind or size that no face has.
    """
    if len(data) > _LARGEST_FILE:
        raise CourseError(f"{place} is larger than {_LARGEST_FILE >> 20} MB, so it is no face.")
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "BMP", "WEBP"))
        if max(picture.size) > _LARGEST_SIDE:
            raise CourseError(
                f"{place} has {picture.width} by {picture.height} pixels. "
                f"Expected {SIDE} by {SIDE}, or at most {_LARGEST_SIDE} each way."
            )
        picture.load()
    except UnidentifiedImageError:
        raise CourseError(
            f"{place} is not a picture. Expected a JPEG or PNG of {SIDE} by {SIDE} pixels."
        ) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise CourseError(f"{place} is a damaged picture ({error}). Get it again.") from error
    if picture.mode != "L":
        if picture.mode not in _GRAY_FROM:
            raise CourseError(f"{place} has pixels of kind {picture.mode}; expected 8-bit gray.")
        oddities["color"] += 1
        picture = picture.convert("RGB").convert("L")
    if picture.size != (SIDE, SIDE):
        oddities[f"{picture.width} by {picture.height}"] += 1
        picture = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.asarray(picture)


def notes_on(oddities: Counter[str]) -> list[str]:
    """Say in sentences what ``decode_face`` had to convert."""
    notes = []
    if color := oddities["color"]:
        notes.append(f"{_pictures(color)} in color: converted to gray.")
    sizes = {size: count for size, count in oddities.items() if size != "color"}
    if sizes:
        commonest = ", ".join(size for size, _ in Counter(sizes).most_common(3))
        notes.append(
            f"{_pictures(sum(sizes.values()))} of another size: scaled to {SIDE} by {SIDE} pixels "
            f"(from {commonest}{', …' if len(sizes) > 3 else ''})."
        )
    return notes


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count:,} pictures"
