"""What a classical classifier sees of a face: its pixels, or the edges in them."""

import cv2
import numpy as np
import numpy.typing as npt

_HOG = cv2.HOGDescriptor((48, 48), (16, 16), (8, 8), (8, 8), 9)


def pixels(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the gray levels of each face as one row of numbers, 0 to 1.

    Args:
        images: uint8 (n, 48, 48).

    Returns:
        float32 (n, 2304).
    """
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255)


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
    if images.ndim != 3 or images.shape[1:] != (48, 48):  # OpenCV would crash
        raise ValueError(f"images must be (n, 48, 48), not {images.shape}.")
    rows = np.zeros((len(images), _HOG.getDescriptorSize()), np.float32)
    for row, image in zip(rows, images, strict=True):
        row[:] = np.ravel(_HOG.compute(np.ascontiguousarray(image)))
    return rows
