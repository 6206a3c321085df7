"""What every form of FER2013 is read as, and the words that name its classes and splits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from fercourse.emotions import SEVEN, SPLITS

SIDE = 48
"""Width and height of a face in pixels."""

Report = Callable[[int], None]
"""Told how many more bytes were read."""


@dataclass(frozen=True)
class Batch:
    """Some faces, as they come out of a reader.

    Attributes:
        images: uint8 (k, 48, 48).
        labels: uint8 (k,), indices into ``emotions.SEVEN``.
        usage: uint8 (k,), indices into ``emotions.SPLITS``.
        rows: int64 (k,), place of each face in the published order of its source.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    usage: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.int64]


class Form(Protocol):
    """A recognised form of FER2013, ready to be read.

    Attributes:
        name: the form in words.
        notes: sentences on what was left out, assumed or converted; complete after reading.
        size: how many bytes ``read`` will report.
    """

    name: str
    notes: list[str]
    size: int

    def read(self, report: Report) -> Iterator[Batch]:
        """Yield the faces, a few hundred at a time.

        Raises:
            CourseError: something in the source is not as it should be.
        """


_LABEL_WORDS = {name.lower(): label for label, name in enumerate(SEVEN)} | {
    "anger": 0,
    "disgusted": 1,
    "fearful": 2,
    "happiness": 3,
    "sadness": 4,
    "surprised": 5,
}

_SPLIT_WORDS = {name.lower(): split for split, name in enumerate(SPLITS)} | {
    "train": 0,
    "validation": 1,
    "valid": 1,
    "val": 1,
    "test": 1,
    "public_test": 1,
    "private_test": 2,
}

_TEST = "test"
_VALIDATION = ("validation", "valid", "val")


def label_of(word: str) -> int | None:
    """Return the label of a class named as one of FER2013's copies names it, or None."""
    return _LABEL_WORDS.get(word.strip().lower())


def split_of(word: str) -> int | None:
    """Return the index into ``SPLITS`` of a split's name, or None for another word.

    ``test`` and ``validation`` alone are PublicTest; ``split_words`` knows of both.
    """
    return _SPLIT_WORDS.get(word.strip().lower())


def split_words(words: set[str]) -> tuple[dict[str, int], list[str]]:
    """Say what the split names of one source stand for.

    Args:
        words: the names it uses, in any case.

    Returns:
        For each word an index into ``SPLITS``, and notes on what had to be assumed. Where
        both ``validation`` and ``test`` are there, the latter is PrivateTest.
    """
    lower = {word.lower() for word in words}
    has_validation = any(word in lower for word in _VALIDATION)
    meaning = {word: split for word in words if (split := split_of(word)) is not None}
    notes = []
    for word in sorted(meaning):
        if word.lower() == _TEST and has_validation:
            meaning[word] = 2
        if word.lower() in (_TEST, *_VALIDATION):
            notes.append(f"What is called {word!r} was taken as {SPLITS[meaning[word]]}.")
    return meaning, notes
