"""Faces moved, mirrored, lit otherwise and covered in part, so that a network sees more of them."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]

_SIDE = 48
_GRAY = 128.0


@dataclass(frozen=True)
class Augmentation:
    """How far faces are changed at random while a network learns; all 0 changes nothing.

    Attributes:
        rotation: up to this many degrees either way.
        scale: larger or smaller by up to this share.
        stretch: wider or narrower by up to this share.
        shift: pixels of 48, up to this many each way.
        lighting: spread of the contrast's logarithm; brightness moves by up to about 80 times
            as many gray levels.
        cutout: side of a gray square, in pixels of 48, laid over every other face on average
            (DeVries and Taylor, 2017, arXiv:1708.04552).
        mixup: how strongly pairs of faces are blended, with their targets: the parameter of the
            beta distribution in Zhang et al., 2018, arXiv:1710.09412.
        mirror: show each face mirrored in every other epoch (Jordan, 2024, arXiv:2404.00498,
            section 3.6: one sees as many different pictures in fewer epochs than by chance).
    """

    rotation: float = 0.0
    scale: float = 0.0
    stretch: float = 0.0
    shift: float = 0.0
    lighting: float = 0.0
    cutout: int = 0
    mixup: float = 0.0
    mirror: bool = True

    def __post_init__(self) -> None:
        if min(self.rotation, self.shift, self.lighting, self.cutout, self.mixup) < 0:
            raise ValueError("an augmentation's strengths are 0 or more.")
        if not (0 <= self.scale < 1 and 0 <= self.stretch < 1 and self.cutout <= _SIDE):
            raise ValueError("scale and stretch are below 1, and cutout is at most 48.")


def mirrored_now(faces: npt.NDArray[np.int64], epoch: int, seed: int) -> npt.NDArray[np.bool_]:
    """Return which faces are mirrored in an epoch: each in every other one.

    Args:
        faces: their places among all faces that are learned from.
        epoch: from 0.
        seed: half of the faces, chosen by it, begin mirrored.
    """
    first = np.random.default_rng([seed, 2]).integers(0, 2, int(faces.max(initial=0)) + 1)
    return (first[faces] + epoch) % 2 == 1


def augmented(
    images: npt.NDArray[np.uint8],
    settings: Augmentation,
    generator: np.random.Generator,
    *,
    mirrored: npt.NDArray[np.bool_] | None = None,
    size: int = _SIDE,
) -> Numbers:
    """Return faces as a network shall see them this time.

    Moving, turning and resizing is one resampling, so that faces lose no more sharpness than
    needed. What comes in from outside repeats the picture's border.

    Args:
        images: uint8 (n, 48, 48), gray levels.
        settings: how far they are changed. ``mixup`` is left to ``mixed``.
        generator: where the chances come from.
        mirrored: (n,), which faces are mirrored; None mirrors none.
        size: height and width of what is returned.

    Returns:
        float32 (n, size, size, 1), gray levels 0 to 255.
    """
    matrices = _matrices(len(images), settings, generator, mirrored, size)
    result = np.empty((len(images), size, size, 1), np.float32)
    for face, matrix, place in zip(images, matrices, result, strict=True):
        place[..., 0] = cv2.warpAffine(
            face,
            matrix,
            (size, size),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    if settings.lighting:
        _light_otherwise(result, settings.lighting, generator)
    if settings.cutout:
        _cover(result, round(settings.cutout * size / _SIDE), generator)
    return result


def mixed(
    images: Numbers, targets: Numbers, strength: float, generator: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """Return each face blended with its neighbor in the batch, and their targets likewise.

    Args:
        images: (n, height, width, 1).
        targets: (n, k), shares of each class.
        strength: the parameter of the beta distribution; 0 blends nothing.
        generator: where the chances come from.
    """
    if not strength:
        return images, targets
    share = generator.beta(strength, strength, (len(images), 1)).astype(np.float32)
    share = np.maximum(share, 1 - share)
    pixels = share[:, :, None, None]
    return (
        images * pixels + np.roll(images, 1, axis=0) * (1 - pixels),
        targets * share + np.roll(targets, 1, axis=0) * (1 - share),
    )


def _matrices(
    n: int,
    settings: Augmentation,
    generator: np.random.Generator,
    mirrored: npt.NDArray[np.bool_] | None,
    size: int,
) -> npt.NDArray[np.float64]:
    """Return for each face where a pixel of the result comes from: (n, 2, 3)."""
    angle = np.deg2rad(generator.uniform(-settings.rotation, settings.rotation, n))
    zoom = (1 + generator.uniform(-settings.scale, settings.scale, n)) * _SIDE / size
    width = zoom * (1 + generator.uniform(-settings.stretch, settings.stretch, n))
    if mirrored is not None:
        width = np.where(mirrored, -width, width)
    shift = generator.uniform(-settings.shift, settings.shift, (n, 2))
    turn = np.stack(
        [
            np.stack([np.cos(angle) * width, -np.sin(angle) * zoom], axis=1),
            np.stack([np.sin(angle) * width, np.cos(angle) * zoom], axis=1),
        ],
        axis=1,
    )
    center = (_SIDE - 1) / 2 + shift - turn @ np.full(2, (size - 1) / 2)
    return np.concatenate([turn, center[:, :, None]], axis=2)


def _light_otherwise(images: Numbers, spread: float, generator: np.random.Generator) -> None:
    n = len(images)
    contrast = np.exp(generator.normal(0, spread, (n, 1, 1, 1))).astype(np.float32)
    brightness = generator.normal(0, 80 * spread, (n, 1, 1, 1)).astype(np.float32)
    images -= _GRAY
    images *= contrast
    images += _GRAY + brightness
    np.clip(images, 0, 255, out=images)


def _cover(images: Numbers, side: int, generator: np.random.Generator) -> None:
    covered = np.flatnonzero(generator.random(len(images)) < 0.5)
    corners = generator.integers(0, images.shape[1] - side + 1, (len(images), 2))
    for face in covered:
        row, column = corners[face]
        images[face, row : row + side, column : column + side] = _GRAY
