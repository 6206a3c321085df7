"""Count what a set of faces holds and find what is wrong with it."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercourse.dataset.audit.near import NearPairs, near_pairs
from fercourse.dataset.faceset import FaceSet
from fercourse.dataset.published import COUNTS
from fercourse.emotions import SPLITS

Group = list[int]
"""Positions of faces that are equal pixel for pixel, rising."""


@dataclass(frozen=True)
class Findings:
    """What an audit found. Faces are named by their position in the set.

    Attributes:
        faces: the set, with seven classes.
        counts: int (3, 7), number of faces by split and class.
        as_published: for each split whether its row of ``counts`` is FER2013's, or None where
            the set has no face of it.
        blanks: faces of one gray level: the largest and the smallest are equal.
        duplicates: groups of two or more equal images, blanks left out.
        near: pairs of distinct images that are nearly equal, blanks left out.
    """

    faces: FaceSet
    counts: npt.NDArray[np.int64]
    as_published: tuple[bool | None, ...]
    blanks: list[int]
    duplicates: list[Group]
    near: NearPairs

    @property
    def across_splits(self) -> list[Group]:
        """Groups of equal images that lie in more than one split."""
        return [group for group in self.duplicates if len(set(self.faces.usage[group])) > 1]

    @property
    def contradictions(self) -> list[Group]:
        """Groups of equal images whose labels disagree."""
        return [group for group in self.duplicates if len(set(self.faces.labels[group])) > 1]

    @property
    def surplus(self) -> int:
        """How many images repeat one before them, blanks included, as it is published."""
        repeated = sum(len(group) - 1 for group in self.duplicates)
        blank_images = {self.faces.images[index].tobytes() for index in self.blanks}
        return repeated + len(self.blanks) - len(blank_images)

    @property
    def near_across_splits(self) -> int:
        """Number of nearly equal pairs that lie in two splits."""
        usage = self.faces.usage[self.near.pairs]
        return int((usage[:, 0] != usage[:, 1]).sum())

    @property
    def near_contradictions(self) -> int:
        """Number of nearly equal pairs whose labels disagree."""
        labels = self.faces.labels[self.near.pairs]
        return int((labels[:, 0] != labels[:, 1]).sum())


def audit(faces: FaceSet) -> Findings:
    """Look through all faces of a set with seven classes.

    Near-duplicates are searched among one image of each group of equal ones.
    """
    counts = np.zeros((len(SPLITS), len(faces.classes)), np.int64)
    np.add.at(counts, (faces.usage, faces.labels), 1)
    flat = faces.images.reshape(len(faces), -1)
    is_blank = flat.max(axis=1) == flat.min(axis=1)
    groups: dict[bytes, Group] = defaultdict(list)
    for index in np.flatnonzero(~is_blank):
        groups[faces.images[index].tobytes()].append(int(index))
    distinct = np.array([group[0] for group in groups.values()], np.int64)
    return Findings(
        faces=faces,
        counts=counts,
        as_published=tuple(
            bool(np.array_equal(row, published)) if row.any() else None
            for row, published in zip(counts, COUNTS, strict=True)
        ),
        blanks=np.flatnonzero(is_blank).tolist(),
        duplicates=[group for group in groups.values() if len(group) > 1],
        near=near_pairs(faces.images, distinct),
    )
