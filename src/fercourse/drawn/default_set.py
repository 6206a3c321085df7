"""The drawn set that the course runs on until FER2013 is there, with FER2013's own faults.

Like FER2013 it has blank pictures, exact duplicates inside and across splits, duplicates whose
labels disagree, several photographs of one moment, and labels that are one person's opinion.
What was drawn and what was planted stands in the truth beside it, so that every lesson about
bad data can be checked.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from fercourse.drawn.portrait import Framing, Portrait, Pose
from fercourse.drawn.sampling import DrawnFaces, Progress, draw_all, sample_portraits
from fercourse.emotions import SEVEN, SPLITS

DEFAULT_SET_VERSION = "1"
"""Changes whenever the default set's pictures or labels do; caches are keyed by it."""

SIZES = dict(zip(SPLITS, (6000, 750, 750), strict=True))
"""How many faces each split has."""

_SEED = 2013
_BLANKS = 4
_DUPLICATES = 390
_CONTRADICTIONS = 60
_SERIES = 750

RATER = np.array(
    [
        # Angry Disgust Fear Happy  Sad  Surprise Neutral: what a rater says of ...
        [0.800, 0.025, 0.045, 0.015, 0.055, 0.020, 0.040],  # ... an Angry face
        [0.150, 0.740, 0.030, 0.010, 0.045, 0.005, 0.020],  # Disgust
        [0.055, 0.015, 0.745, 0.020, 0.065, 0.065, 0.035],  # Fear
        [0.012, 0.003, 0.012, 0.900, 0.018, 0.020, 0.035],  # Happy
        [0.050, 0.010, 0.135, 0.020, 0.735, 0.005, 0.045],  # Sad
        [0.025, 0.010, 0.075, 0.050, 0.010, 0.810, 0.020],  # Surprise
        [0.080, 0.005, 0.080, 0.060, 0.155, 0.015, 0.605],  # Neutral
    ]
)
"""Chance of each label that one rater gives to a face drawn to show an emotion.

An assumption, not a measurement: its level is set so that two such raters agree on about 0.61
of the faces, as two taggers of FER+ do on average. Where its doubt lies (a quiet face is
called sad, fearful or angry; a sad one fearful) was chosen so that a network mixes up on these
faces what it mixes up on FER2013 (docs/drawn_faces.md).
"""


@dataclass(frozen=True)
class DefaultSet:
    """The default drawn set.

    Attributes:
        images: uint8 (7500, 48, 48).
        labels: uint8 (7500,), indices into ``emotions.SEVEN``, as one rater gave them.
        usage: uint8 (7500,), indices into ``emotions.SPLITS``.
        truth: columns of 7500 values each: ``emotion`` (what was drawn), ``intensity``,
            ``AU1`` to ``AU43``, person, pose, light, and ``planted``: empty, ``blank``,
            ``duplicate``, ``contradiction`` (a duplicate with another label) or ``series``
            (another photograph of the same moment), with ``copy_of``, the row it repeats or -1.
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
    emotions, portraits, intensities = sample_portraits(n, _SEED)
    rng = np.random.default_rng([_SEED, n])
    places = rng.permutation(n)
    blanks, copies, originals, again, before = np.split(
        places[: _BLANKS + 2 * _DUPLICATES + 2 * _SERIES],
        np.cumsum([_BLANKS, _DUPLICATES, _DUPLICATES, _SERIES]),
    )
    for later, earlier in zip(again, before, strict=True):
        portraits[later] = _another_photograph(portraits[earlier], rng)
    for copy, original in zip(copies, originals, strict=True):
        portraits[copy] = portraits[original]
    repeats, repeated = np.append(copies, again), np.append(originals, before)
    emotions[repeats], intensities[repeats] = emotions[repeated], intensities[repeated]

    images = draw_all(portraits, progress=progress)
    images[blanks] = 0
    labels = rate(emotions, rng)
    labels[copies] = labels[originals]
    contradictions, contradicted = copies[:_CONTRADICTIONS], originals[:_CONTRADICTIONS]
    labels[contradictions] = _other_label(emotions[contradicted], labels[contradicted], rng)
    planted, copy_of = np.full(n, "", dtype="<U13"), np.full(n, -1)
    for places, word in (
        (blanks, "blank"),
        (copies, "duplicate"),
        (contradictions, "contradiction"),
        (again, "series"),
    ):
        planted[places] = word
    copy_of[repeats] = repeated
    truth = DrawnFaces(images, emotions, tuple(portraits), intensities).truth()
    return DefaultSet(images, labels, usage, truth | {"planted": planted, "copy_of": copy_of})


def _another_photograph(portrait: Portrait, rng: np.random.Generator) -> Portrait:
    """Return the same person a moment later: a little moved, nearly the same expression."""
    pose, framing = portrait.pose, portrait.framing
    yaw, pitch, roll = np.array([pose.yaw, pose.pitch, pose.roll]) + rng.normal(0, 1.2, 3)
    right, down = np.array([framing.right, framing.down]) + rng.normal(0, 0.012, 2)
    units = {
        unit: float(np.clip(float(intensity) * rng.uniform(0.9, 1.1), 0, 1))
        for unit, intensity in portrait.action_units.items()
    }
    return replace(
        portrait,
        action_units=units,
        pose=Pose(*(float(np.clip(angle, -20, 20)) for angle in (yaw, pitch, roll))),
        framing=Framing(framing.span * float(rng.uniform(0.985, 1.015)), float(right), float(down)),
    )


def _other_label(
    emotions: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], rng: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Return what a second rater says of faces on which the two disagree."""
    disagreeing = RATER[emotions].copy()
    disagreeing[np.arange(len(labels)), labels] = 0
    disagreeing /= disagreeing.sum(axis=1, keepdims=True)
    return np.array([rng.choice(len(SEVEN), p=row) for row in disagreeing], np.uint8)
