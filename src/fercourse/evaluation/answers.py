"""A classifier's answers, asked for in portions and checked before anything rests on them."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.contract import Classifier
from fercourse.errors import CourseError

_AT_ONCE = 512
_TOLERANCE = 1e-3

Told = Callable[[int], object]


def answers_of(
    classifier: Classifier,
    images: npt.NDArray[np.uint8],
    told: Told = lambda _: None,
) -> npt.NDArray[np.float32]:
    """Return the probabilities that a classifier gives, float32 (n, k).

    Args:
        classifier: what to ask.
        images: uint8 (n, 48, 48).
        told: called with the number of faces done since the last call.

    Raises:
        CourseError: they are no probabilities: of another shape, not finite, below 0, or rows
            that do not add up to 1.
    """
    parts = [np.empty((0, len(classifier.classes)), np.float32)]
    for start in range(0, len(images), _AT_ONCE):
        portion = np.ascontiguousarray(images[start : start + _AT_ONCE])
        given = np.asarray(classifier.predict_proba(portion))
        parts.append(_checked(given, (len(portion), len(classifier.classes)), start))
        told(len(portion))
    return np.concatenate(parts)


def mirrored_answers(
    classifier: Classifier, images: npt.NDArray[np.uint8], told: Told = lambda _: None
) -> npt.NDArray[np.float32]:
    """Return the probabilities that a classifier gives to the faces seen in a mirror."""
    return answers_of(classifier, images[:, :, ::-1], told)


def _checked(
    given: npt.NDArray[np.generic], shape: tuple[int, int], start: int
) -> npt.NDArray[np.float32]:
    if given.shape != shape or given.dtype.kind != "f":
        raise CourseError(
            f"the model's predict_proba must return floating (n, k) = {shape} for these faces; it "
            f"returned {given.dtype} {given.shape}. It cannot be measured."
        )
    values = given.astype(np.float32)
    sums = values.sum(axis=1)
    wrong = ~np.isfinite(values).all(axis=1) | (values < -_TOLERANCE).any(axis=1)
    wrong |= ~(np.abs(sums - 1) <= _TOLERANCE)
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        row = ", ".join(f"{value:.3g}" for value in values[first])
        raise CourseError(
            f"the model's answers are no probabilities: each row must add up to 1, with nothing "
            f"below 0. {int(wrong.sum())} of the first {start + shape[0]:,} faces break that, the "
            f"first is face {start + first} with {row}. It cannot be measured."
        )
    # What is left of rounding would otherwise count in the log loss.
    values = np.clip(values, 0, None)
    result: npt.NDArray[np.float32] = values / values.sum(axis=1, keepdims=True)
    return result
