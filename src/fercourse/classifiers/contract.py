"""What every classifier of faces promises, whatever is inside it."""

from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from fercourse.emotions import ClassScheme, class_scheme

FACE = (48, 48)
"""Height and width of a face in pixels, as FER2013 has them."""


@runtime_checkable
class Classifier(Protocol):
    """Faces in, probabilities out.

    Preprocessing lives inside: whoever asks gives plain gray levels, so that training and live
    use can never disagree.
    """

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in label order: those of one of the schemes in ``emotions``."""
        ...

    def predict_proba(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return how likely each class is for each face.

        Args:
            images: uint8 (n, 48, 48), gray levels 0 (black) to 255 (white); n may be 0.

        Returns:
            float32 (n, k) for k classes, each row adding up to 1.

        Raises:
            ValueError: the images have another type or shape.
        """
        ...


def require_images(images: object) -> npt.NDArray[np.uint8]:
    """Return the images as they are if they are faces as the contract wants them.

    Args:
        images: what somebody gave to ``predict_proba`` or ``fit``.

    Raises:
        ValueError: they are no array, or one of another type or shape.
    """
    if not isinstance(images, np.ndarray):
        raise ValueError(f"images must be a NumPy array, not {type(images).__name__}.")
    if images.dtype == np.uint8 and images.ndim == 3 and images.shape[1:] == FACE:
        return images
    found = f"images must be uint8 (n, 48, 48), not {images.dtype} {images.shape}."
    raise ValueError(found + _advice(images))


def _advice(images: npt.NDArray[np.generic]) -> str:
    """Return what to do about images of the wrong type or shape, where that can be guessed."""
    if images.shape == FACE:
        return " For a single face write images[None]."
    if images.ndim == 4 and images.shape[1:] == (*FACE, 1):
        return " Leave the channel out: images[..., 0]."
    if images.shape[1:] == FACE:
        return " Give the gray levels 0 to 255 as whole numbers; the classifier scales them itself."
    return ""


def scheme_of(classes: tuple[str, ...], disgust: str = "drop") -> ClassScheme:
    """Return the scheme that has these classes.

    Args:
        classes: class names in label order.
        disgust: which of the two schemes with six classes is meant, ``"drop"`` or ``"merge"``.

    Raises:
        ValueError: no scheme has these classes.
    """
    for scheme in (class_scheme(7), class_scheme(6, "merge" if disgust == "merge" else "drop")):
        if scheme.classes == tuple(classes):
            return scheme
    raise ValueError(
        f"{', '.join(classes)} are the classes of no scheme: there are seven, or the six "
        "without Disgust, in that order."
    )
