"""Parts of a set that are the same for everyone: the validation part, and smaller subsets.

No random numbers are drawn. Which faces are taken follows from their pixels or their place,
scrambled by functions that have one definition everywhere, so that neither the machine nor
numpy's version can move a face to another part.
"""

import hashlib

import numpy as np
import numpy.typing as npt

from fercourse.dataset.faceset import FaceSet
from fercourse.emotions import SPLITS

SHARE = 0.1
"""The part of Training that is kept for validation."""


def validation_split(faces: FaceSet) -> tuple[FaceSet, FaceSet]:
    """Divide faces of Training by the course's protocol: to fit on, and to choose by.

    The validation part is a fixed tenth of each class. Faces that are equal pixel for pixel
    are on one side, whatever their labels. A face that ``load_faces`` gave is on the same side
    in every choice of classes and every limit.

    Args:
        faces: faces of Training.

    Returns:
        The faces to fit a model on, and those to compare models by.

    Raises:
        ValueError: there are faces of another split among them.
    """
    if (faces.usage != 0).any():
        raise ValueError(
            f"validation_split divides {SPLITS[0]} alone: {SPLITS[1]} is opened to report, "
            f"{SPLITS[2]} at the very end. Use load_faces({SPLITS[0]!r})."
        )
    chosen = faces.validation
    if chosen is None:
        chosen = choose_validation(faces.images, faces.labels, faces.usage)
    return faces.take(~chosen), faces.take(chosen)


def choose_validation(
    images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], usage: npt.NDArray[np.uint8]
) -> npt.NDArray[np.bool_]:
    """Choose the validation part.

    Equal images make a group, which counts for the class of its first face. In each class the
    groups are lined up by their pixels' BLAKE2 digest, which is as good as shuffled, and taken
    from the front until a tenth of the class is reached; a group that would pass it is skipped.

    Args:
        images: uint8 (n, 48, 48).
        labels: uint8 (n,).
        usage: uint8 (n,), indices into ``SPLITS``; only Training is divided.

    Returns:
        bool (n,), True for the faces to validate on.
    """
    groups: dict[bytes, list[int]] = {}
    for index in np.flatnonzero(usage == 0):
        digest = hashlib.blake2b(images[index].tobytes(), digest_size=16).digest()
        groups.setdefault(digest, []).append(int(index))
    in_training = labels[usage == 0]
    room = {int(label): round(SHARE * np.sum(in_training == label)) for label in set(in_training)}
    chosen = np.zeros(len(labels), bool)
    for digest in sorted(groups):
        group = groups[digest]
        label = int(labels[group[0]])
        if len(group) <= room[label]:
            room[label] -= len(group)
            chosen[group] = True
    return chosen


def stratified_subset(
    strata: npt.NDArray[np.integer], rows: npt.NDArray[np.int64], limit: int
) -> npt.NDArray[np.int64]:
    """Choose some faces so that each stratum keeps its share as well as whole numbers allow.

    Shares are rounded by the method of largest remainders. Inside a stratum the faces with
    the smallest scrambled row number are taken, so that a larger limit mostly adds faces.

    Args:
        strata: (n,), a number for each face's stratum.
        rows: int64 (n,), each face's place in the published order.
        limit: how many faces to choose, at least 1.

    Returns:
        int64 (min(limit, n),), the positions of the chosen faces, rising.
    """
    if limit >= len(rows):
        return np.arange(len(rows), dtype=np.int64)
    _, stratum, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    share = sizes * limit / len(rows)
    quota = np.floor(share).astype(np.int64)
    remainder = np.lexsort((-sizes, quota - share))  # equal remainders: the larger stratum first
    quota[remainder[: limit - quota.sum()]] += 1
    order = np.lexsort((_scrambled(rows), stratum))
    starts = np.cumsum(sizes) - sizes
    rank = np.arange(len(rows)) - np.repeat(starts, sizes)
    taken = order[rank < np.repeat(quota, sizes)]
    return np.sort(taken).astype(np.int64)


def _scrambled(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Scramble whole numbers: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014)."""
    z = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
