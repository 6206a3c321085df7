"""The drawn set that the course runs on until FER2013 is there, with FER2013's own faults.

Like FER2013 it has blank pictures, exact duplicates inside and across splits, duplicates whose
labels disagree, and labels that are one person's opinion. What was drawn and what was planted
stands in the truth beside it, so that every lesson about bad data can be checked.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercourse.drawn.sampling import Progress, faces
from fercourse.emotions import SEVEN, SPLITS

DEFAULT_SET_VERSION = "1"
"""Changes whenever the default set's pictures or labels do; caches are keyed by it."""

SIZES = dict(zip(SPLITS, (6000, 750, 750), strict=True))
"""How many faces each split has."""

_SEED = 2013
_BLANKS = 4
_DUPLICATES = 390
_CONTRADICTIONS = 60

RATER = np.array(
    [
        # Angry Disgust Fear Happy  Sad  Surprise Neutral: what a rater says of ...
        [0.740, 0.020, 0.050, 0.010, 0.085, 0.015, 0.080],  # ... an Angry face
        [0.150, 0.740, 0.030, 0.010, 0.045, 0.005, 0.020],  # Disgust
        [0.050, 0.010, 0.690, 0.015, 0.120, 0.065, 0.050],  # Fear
        [0.008, 0.002, 0.010, 0.915, 0.012, 0.018, 0.035],  # Happy
        [0.060, 0.005, 0.070, 0.015, 0.710, 0.005, 0.135],  # Sad
        [0.020, 0.005, 0.085, 0.035, 0.010, 0.820, 0.025],  # Surprise
        [0.040, 0.005, 0.025, 0.040, 0.110, 0.010, 0.770],  # Neutral
    ]
)
"""Chance of each label that one rater gives to a face drawn to show an emotion.

An assumption, not a measurement: its level is set so that two such raters agree on about 0.61
of the faces, as two taggers of FER+ do on average, and most of its doubt lies where people are
known to disagree, between Sad, Neutral, Fear and Angry.
"""


@dataclass(frozen=True)
class DefaultSet:
    """The default drawn set.

    Attributes:
        images: uint8 (7500, 48, 48).
        labels: uint8 (7500,), indices into ``emotions.SEVEN``, as one rater gave them.
        usage: uint8 (7500,), indices into ``emotions.SPLITS``.
        truth: columns of 7500 values each: ``emotion`` (what was drawn), ``intensity``,
            ``AU1`` to ``AU43``, person, pose, light, and ``planted`` (empty, ``blank``,
            ``duplicate`` or ``contradiction``) with ``copy_of``, the row it repeats or -1.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    usage: npt.NDArray[np.uint8]
    truth: dict[str, npt.NDArray[np.generic]]


def rate(
    emotions: npt.NDArray[np.uint8],
    rng: np.random.Generator,
    rater: npt.NDArray[np.float64] = RATER,
) -> npt.NDArray[np.uint8]:
    """Return the label that one rater gives to each face.

    Args:
        emotions: (n,), what was drawn.
        rng: the source of chance.
        rater: (7, 7), rows sum to 1: the chance of each label for each emotion drawn.
    """
    limits = rater.cumsum(axis=1)[emotions]
    labels = (rng.random((len(emotions), 1)) > limits).sum(axis=1)
    return np.minimum(labels, len(SEVEN) - 1).astype(np.uint8)


def default_set(progress: Progress | None = None) -> DefaultSet:
    """Draw the default set: 6,000 faces to train on, 750 and 750 to test, faults included.

    Args:
        progress: called with the number of faces drawn and the number there will be.
    """
    usage = np.repeat(np.arange(len(SPLITS), dtype=np.uint8), list(SIZES.values()))
    n = len(usage)
    drawn = faces(n, seed=_SEED, progress=progress)
    rng = np.random.default_rng([_SEED, n])
    images, labels = drawn.images.copy(), rate(drawn.labels, rng)
    truth = drawn.truth()
    planted, copy_of = np.full(n, "", dtype="<U13"), np.full(n, -1)
    places = rng.permutation(n)[: _BLANKS + 2 * _DUPLICATES]
    blanks, copies, originals = np.split(places, [_BLANKS, _BLANKS + _DUPLICATES])
    images[blanks] = 0
    planted[blanks] = "blank"
    images[copies] = images[originals]
    copy_of[copies] = originals
    planted[copies] = "duplicate"
    for column in truth.values():
        column[copies] = column[originals]
    labels[copies] = labels[originals]
    contradictions = copies[:_CONTRADICTIONS]
    labels[contradictions] = _other_label(
        drawn.labels[originals[:_CONTRADICTIONS]], labels[contradictions], rng
    )
    planted[contradictions] = "contradiction"
    return DefaultSet(images, labels, usage, truth | {"planted": planted, "copy_of": copy_of})


def _other_label(
    emotions: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], rng: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Return what a second rater says of faces on which the two disagree."""
    disagreeing = RATER[emotions].copy()
    disagreeing[np.arange(len(labels)), labels] = 0
    disagreeing /= disagreeing.sum(axis=1, keepdims=True)
    return np.array([rng.choice(len(SEVEN), p=row) for row in disagreeing], np.uint8)
