"""What a classical classifier sees of a face: its pixels, or the edges in them."""

import math

import cv2
import numpy as np
import numpy.typing as npt

_DIRECTIONS = 12
_CELLS = 8
_CELL = 48 // _CELLS

_HOG = cv2.HOGDescriptor((48, 48), (16, 16), (8, 8), (8, 8), 9)


def pixels(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the gray levels of each face as one row of numbers, 0 to 1.

    Args:
        images: uint8 (n, 48, 48).

    Returns:
        float32 (n, 2304).
    """
    flat = images.reshape(len(images), math.prod(images.shape[1:]))  # -1 fails where n is 0
    return flat.astype(np.float32) / np.float32(255)


def hog(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return histograms of oriented gradients: which way the edges run, place by place.

    Cells of 8 by 8 pixels, blocks of 2 by 2 cells, 9 directions
    (Dalal and Triggs, 2005, "Histograms of oriented gradients for human detection").

    Args:
        images: uint8 (n, 48, 48).

    Returns:
        float32 (n, 900), each 0 to 1.

    Raises:
        ValueError: the images have another shape.
    """
    _require_faces(images)  # OpenCV would crash
    rows = np.zeros((len(images), _HOG.getDescriptorSize()), np.float32)
    for row, image in zip(rows, images, strict=True):
        row[:] = np.ravel(_HOG.compute(np.ascontiguousarray(image)))
    return rows


def directed_hog(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return histograms of gradients that tell dark-to-light from light-to-dark.

    ``hog`` counts an edge the same whichever side of it is dark; here there are 12 directions
    around the whole circle. Cells are finer (6 by 6 pixels) and each gradient is shared between
    the four nearest cells and the two nearest directions. Blocks of 2 by 2 cells are divided by
    their sum and the square root is taken, which makes Euclidean distance Hellinger's
    (Arandjelovic and Zisserman, 2012, "Three things everyone should know to improve object
    retrieval", section 3).

    Args:
        images: uint8 (n, 48, 48).

    Returns:
        float32 (n, 2352): 7 by 7 blocks of 12 directions in 2 by 2 cells. Each block's squares
        add up to 1, or to 0 where the face is blank.

    Raises:
        ValueError: the images have another shape.
    """
    _require_faces(images)
    rows = np.empty((len(images), (_CELLS - 1) ** 2 * _DIRECTIONS * 4), np.float32)
    for start in range(0, len(images), 500):  # so that the maps of directions stay small
        rows[start : start + 500] = _blocks(_cells(images[start : start + 500]))
    return rows


def mirrored_directed_hog(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return what ``directed_hog`` would give for the faces mirrored left to right.

    The same numbers stand in other places, so nothing is computed anew.

    Args:
        rows: float32 (n, 2352), of ``directed_hog``.
    """
    shape = (_CELLS - 1, _CELLS - 1, _DIRECTIONS, 2, 2)
    order = np.arange(np.prod(shape)).reshape(shape)[:, ::-1, :, :, ::-1]
    directions = (_DIRECTIONS // 2 - np.arange(_DIRECTIONS)) % _DIRECTIONS
    return rows[:, order[:, :, directions].ravel()]


def _require_faces(images: npt.NDArray[np.uint8]) -> None:
    if images.ndim != 3 or images.shape[1:] != (48, 48):
        raise ValueError(f"images must be (n, 48, 48), not {images.shape}.")


def _cells(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return each cell's histogram, float32 (n, directions, rows, columns)."""
    gray = np.pad(images, ((0, 0), (1, 1), (1, 1)), mode="edge").astype(np.float32)
    right = gray[:, 1:-1, 2:] - gray[:, 1:-1, :-2]
    down = gray[:, 2:, 1:-1] - gray[:, :-2, 1:-1]
    strength, angle = cv2.cartToPolar(right.reshape(len(gray), -1), down.reshape(len(gray), -1))
    place = angle.reshape(right.shape) * np.float32(_DIRECTIONS / (2 * np.pi))
    strength = strength.reshape(right.shape)
    centers = (np.arange(_CELLS) + 0.5) * _CELL - 0.5
    near = np.maximum(0, 1 - np.abs(np.arange(48) - centers[:, None]) / _CELL).astype(np.float32)
    cells = np.empty((len(images), _DIRECTIONS, _CELLS, _CELLS), np.float32)
    for direction in range(_DIRECTIONS):
        away = np.abs(place - direction)
        share = np.maximum(0, 1 - np.minimum(away, _DIRECTIONS - away)) * strength
        cells[:, direction] = near @ share @ near.T
    return cells


def _blocks(cells: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return blocks of 2 by 2 cells, each divided by its sum, as square roots (n, 2352)."""
    windows = np.lib.stride_tricks.sliding_window_view(cells, (2, 2), axis=(2, 3))
    blocks = windows.transpose(0, 2, 3, 1, 4, 5)
    total = blocks.sum(axis=(3, 4, 5), keepdims=True)
    return np.sqrt(blocks / np.maximum(total, np.float32(1))).reshape(len(cells), -1)
