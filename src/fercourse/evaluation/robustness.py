"""Faces as a poor camera, a bad light or a scarf would leave them.

Every disturbance is a pure function of the images and a strength: nothing is left to chance that
the next run would not repeat, so that two classifiers see the very same disturbed faces.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.uint8]

_SEED = 2013
_GRAY = 128
_GOLDEN = (0.7548776662466927, 0.5698402909980532)
"""Steps that spread points evenly over a square (Roberts, 2018, the sequence R2)."""


@dataclass(frozen=True)
class Disturbance:
    """A way to make faces harder.

    Attributes:
        name: in words.
        unit: what its strengths are, in words.
        strengths: a few, from mild to severe.
        apply: images uint8 (n, 48, 48) and a strength in, images of the same shape out.
    """

    name: str
    unit: str
    strengths: tuple[float, ...]
    apply: Callable[[Images, float], Images]


def blurred(images: Images, sigma: float) -> Images:
    """Blur each image by a Gaussian.

    Args:
        images: uint8 (n, 48, 48).
        sigma: its standard deviation in pixels, above 0.
    """
    return _each(images, lambda image: cv2.GaussianBlur(image, (0, 0), sigma))


def rotated(images: Images, degrees: float) -> Images:
    """Turn each image about its center, every other one the other way; the edge is continued.

    Args:
        images: uint8 (n, 48, 48).
        degrees: how far, counter-clockwise for the first image.
    """
    height, width = images.shape[1:]
    center = ((width - 1) / 2, (height - 1) / 2)
    turns = [cv2.getRotationMatrix2D(center, sign * degrees, 1) for sign in (1, -1)]
    result = np.empty_like(images)
    for index, image in enumerate(images):
        result[index] = cv2.warpAffine(
            image, turns[index % 2], (width, height), borderMode=cv2.BORDER_REPLICATE
        )
    return result


def brightened(images: Images, levels: float) -> Images:
    """Add gray levels to every pixel; what would leave 0 to 255 stays at the end.

    Args:
        images: uint8 (n, 48, 48).
        levels: how many; below 0 makes darker.
    """
    return np.clip(images.astype(np.float32) + levels, 0, 255).round().astype(np.uint8)


def contrasted(images: Images, factor: float) -> Images:
    """Stretch each image's gray levels about their mean.

    Args:
        images: uint8 (n, 48, 48).
        factor: below 1 for less contrast, above for more.
    """
    levels = images.astype(np.float32)
    mean = levels.mean(axis=(1, 2), keepdims=True)
    return np.clip(mean + factor * (levels - mean), 0, 255).round().astype(np.uint8)


def occluded(images: Images, side: float) -> Images:
    """Cover a square of each image with gray, at places that are spread evenly over the images.

    Args:
        images: uint8 (n, 48, 48).
        side: of the square in pixels, a whole number from 0 to 48.
    """
    result = images.copy()
    size = int(side)
    for index, image in enumerate(result):
        top, left = (
            int(((index + 1) * step % 1) * (length - size + 1))
            for step, length in zip(_GOLDEN, image.shape, strict=True)
        )
        image[top : top + size, left : left + size] = _GRAY
    return result


def noisy(images: Images, levels: float) -> Images:
    """Add Gaussian noise, the same to the same place of a set.

    Args:
        images: uint8 (n, 48, 48).
        levels: its standard deviation in gray levels.
    """
    noise = np.random.default_rng(_SEED).standard_normal(images.shape, dtype=np.float32)
    return np.clip(images + np.float32(levels) * noise, 0, 255).round().astype(np.uint8)


def compressed(images: Images, quality: float) -> Images:
    """Compress each image as JPEG and decode it.

    Args:
        images: uint8 (n, 48, 48).
        quality: from 1 (bad) to 100, as OpenCV counts it.
    """

    def once(image: Images) -> Images:
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)

    return _each(images, once)


DISTURBANCES = (
    Disturbance("blur", "sigma in pixels", (0.5, 1.0, 2.0), blurred),
    Disturbance("rotation", "degrees, either way", (5, 15, 30), rotated),
    Disturbance("darker", "gray levels", (-30, -60, -100), brightened),
    Disturbance("brighter", "gray levels", (30, 60, 100), brightened),
    Disturbance("less contrast", "factor", (0.6, 0.3, 0.1), contrasted),
    Disturbance("occlusion", "gray square, pixels", (8, 16, 24), occluded),
    Disturbance("noise", "sigma in gray levels", (10, 25, 50), noisy),
    Disturbance("JPEG", "quality", (60, 25, 8), compressed),
)
"""What ``course.py evaluate --robustness`` tries."""


def _each(images: Images, change: Callable[[Images], npt.ArrayLike]) -> Images:
    result = np.empty_like(images)
    for index, image in enumerate(images):
        result[index] = change(np.ascontiguousarray(image))
    return result
