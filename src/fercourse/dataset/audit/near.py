"""Images that are nearly the same: one photograph cropped, compressed or mirrored anew."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercourse.dataset.form import SIDE

THRESHOLD = 0.92
"""Least normalised correlation of two images' pixels at which they count as nearly the same.

Chosen by eye on FER2013's Training and PublicTest: of 56 pairs spread over 0.92 to 0.93 one
was not the same photograph twice (two heads in profile before white), of 56 over 0.91 to 0.92
none, of 56 over 0.90 to 0.91 one or two. Of mirrored pairs, which are few, those below 0.91
were mostly different people. See docs/decisions/data.md.
"""

_LOW = 8
_CANDIDATE = 0.93
_BLOCK = 1024


@dataclass(frozen=True)
class NearPairs:
    """Pairs of nearly equal images.

    Attributes:
        pairs: int64 (m, 2), positions of two images, the first the smaller.
        correlation: float32 (m,), from ``THRESHOLD`` to 1, falling.
        mirrored: bool (m,), whether the second had to be mirrored.
    """

    pairs: npt.NDArray[np.int64]
    correlation: npt.NDArray[np.float32]
    mirrored: npt.NDArray[np.bool_]


def near_pairs(images: npt.NDArray[np.uint8], chosen: npt.NDArray[np.int64]) -> NearPairs:
    """Find all pairs whose pixels correlate at ``THRESHOLD`` or more, as they are or mirrored.

    Comparing 31,000 images pixel by pixel with each other would take hours. What two nearly
    equal images share lies in their coarse structure: so each is described by the 63 lowest
    coefficients of its discrete cosine transform, and all pairs of descriptions are compared
    (a product of matrices, a few seconds). Pairs whose descriptions agree to 0.93 are compared
    by their pixels. On FER2013 the lowest agreement of descriptions among pairs with a
    correlation over 0.9 was 0.932, so next to nothing is missed.

    Args:
        images: uint8 (n, 48, 48).
        chosen: positions of the images to compare, none of one gray level.
    """
    descriptions = _describe(images, chosen)
    found = []
    for mirror in (False, True):
        other = descriptions * _mirror_signs() if mirror else descriptions
        candidates = _candidates(descriptions, other)
        pairs = chosen[candidates]
        correlation = _correlations(images, pairs, mirror)
        keep = correlation >= THRESHOLD
        found.append((pairs[keep], correlation[keep], np.full(int(keep.sum()), mirror)))
    pairs, correlation, mirrored = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(-correlation, kind="stable")
    return NearPairs(pairs[order], correlation[order], mirrored[order])


def _describe(
    images: npt.NDArray[np.uint8], chosen: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Return the low cosine coefficients of each image, float32 (k, 63), of length one."""
    basis = _cosines()
    products = np.einsum("ky,lx->yxkl", basis, basis).reshape(SIDE * SIDE, _LOW * _LOW)[:, 1:]
    products = np.ascontiguousarray(products, np.float32)
    parts = [
        images[chosen[start : start + _BLOCK]].reshape(-1, SIDE * SIDE).astype(np.float32)
        @ products
        for start in range(0, len(chosen), _BLOCK)
    ]
    values = np.concatenate(parts) if parts else np.empty((0, _LOW * _LOW - 1), np.float32)
    length = np.linalg.norm(values, axis=1, keepdims=True)
    result: npt.NDArray[np.float32] = values / np.maximum(length, np.float32(1e-6))
    return result


def _cosines() -> npt.NDArray[np.float64]:
    """Return the eight lowest rows of the orthonormal cosine transform (DCT-II) of 48 values."""
    frequency = np.arange(_LOW)[:, None]
    rows: npt.NDArray[np.float64] = np.cos(np.pi * frequency * (np.arange(SIDE) + 0.5) / SIDE)
    rows[0] /= np.sqrt(2)
    rows *= np.sqrt(2 / SIDE)
    return rows


def _mirror_signs() -> npt.NDArray[np.float32]:
    """Return what mirroring does to a description: odd waves across change their sign."""
    across = np.arange(_LOW * _LOW) % _LOW
    return np.where(across % 2 == 1, -1, 1)[1:].astype(np.float32)


def _candidates(
    one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    found = [np.empty((0, 2), np.int64)]
    for start in range(0, len(one), _BLOCK):
        agreement = one[start : start + _BLOCK] @ other[start:].T
        # Finding the few true ones of a flat array is five times as fast as of a table.
        flat = np.flatnonzero((agreement >= _CANDIDATE).reshape(-1))
        first, second = np.divmod(flat, agreement.shape[1])
        later = second > first
        found.append(np.stack([first[later], second[later]], axis=1) + start)
    return np.concatenate(found)


def _correlations(
    images: npt.NDArray[np.uint8], pairs: npt.NDArray[np.int64], mirror: bool
) -> npt.NDArray[np.float32]:
    parts = [np.empty(0, np.float32)]
    for start in range(0, len(pairs), _BLOCK):
        first = images[pairs[start : start + _BLOCK, 0]]
        second = images[pairs[start : start + _BLOCK, 1]]
        a, b = _standardized(first), _standardized(second[:, :, ::-1] if mirror else second)
        parts.append(np.einsum("ij,ij->i", a, b))
    return np.concatenate(parts)


def _standardized(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    flat = images.reshape(len(images), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    result: npt.NDArray[np.float32] = flat / np.maximum(length, np.float32(1e-6))
    return result
