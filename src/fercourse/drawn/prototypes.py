"""Which action units are said to show which emotion, and how faces vary around that.

The published tables disagree with each other, which is a lesson in itself; the drawn faces mix
them. Units that cannot be drawn (11, 16, 22) are left out, so that 1+4+11 is 1+4 here; and the
guide's are taken freely: it has 10+16+25 without 9, and either 25 or 26. ``facs.published`` has
what the sources say.
"""

from dataclasses import dataclass

import numpy as np

from fercourse.emotions import SEVEN

INVESTIGATOR_GUIDE = (
    "Ekman, Friesen and Hager (2002), Facial Action Coding System: Investigator's Guide, "
    "prototypes and major variants"
)
DU_2014 = (
    "Du, Tao and Martinez (2014), Compound facial expressions of emotion, PNAS 111(15), Table 1"
)


@dataclass(frozen=True)
class Prototype:
    """One published description of an emotion's face.

    Attributes:
        emotion: name of the class.
        units: number of each action unit with the share of faces that show it, 0 to 1.
        weight: how often the drawn faces follow it, among those of the same emotion.
        source: where it was published.
    """

    emotion: str
    units: dict[int, float]
    weight: float
    source: str


PROTOTYPES = (
    Prototype("Angry", {4: 1.0, 7: 1.0, 24: 1.0, 10: 0.26, 17: 0.52, 23: 0.29}, 3, DU_2014),
    Prototype("Angry", {4: 1.0, 5: 1.0, 7: 1.0, 23: 1.0}, 2, INVESTIGATOR_GUIDE),
    Prototype("Angry", {4: 1, 5: 1, 7: 1, 10: 1, 23: 1, 25: 1, 26: 0.7}, 3, INVESTIGATOR_GUIDE),
    Prototype("Disgust", {9: 1.0, 10: 1.0, 17: 1.0, 4: 0.31, 24: 0.26}, 3, DU_2014),
    Prototype("Disgust", {9: 1.0, 17: 1.0}, 1, INVESTIGATOR_GUIDE),
    Prototype("Disgust", {10: 1.0, 25: 1.0, 9: 0.5, 26: 0.5}, 2, INVESTIGATOR_GUIDE),
    Prototype("Fear", {1: 1, 4: 1, 20: 1, 25: 1, 2: 0.57, 5: 0.63, 26: 0.33}, 3, DU_2014),
    Prototype("Fear", {1: 1, 2: 1, 4: 1, 5: 1, 20: 1, 25: 1, 26: 0.6}, 2, INVESTIGATOR_GUIDE),
    Prototype("Fear", {1: 1, 2: 1, 4: 1, 5: 1, 25: 0.6, 27: 0.5}, 2, INVESTIGATOR_GUIDE),
    Prototype("Happy", {12: 1.0, 25: 1.0, 6: 0.51}, 3, DU_2014),
    Prototype("Happy", {6: 1.0, 12: 1.0}, 2, INVESTIGATOR_GUIDE),
    Prototype("Happy", {12: 1.0}, 1, INVESTIGATOR_GUIDE),
    Prototype("Sad", {4: 1.0, 15: 1.0, 1: 0.60, 6: 0.50, 17: 0.67}, 3, DU_2014),
    Prototype("Sad", {1: 1.0, 4: 1.0, 15: 1.0}, 2, INVESTIGATOR_GUIDE),
    Prototype("Sad", {1: 1.0, 4: 1.0}, 1, INVESTIGATOR_GUIDE),
    Prototype("Sad", {6: 1.0, 15: 1.0, 43: 0.3}, 1, INVESTIGATOR_GUIDE),
    Prototype("Surprise", {1: 1.0, 2: 1.0, 25: 1.0, 26: 1.0, 5: 0.66}, 3, DU_2014),
    Prototype("Surprise", {1: 1.0, 2: 1.0, 5: 1.0, 26: 1.0}, 2, INVESTIGATOR_GUIDE),
    Prototype("Surprise", {1: 1.0, 2: 1.0, 5: 1.0, 27: 1.0}, 2, INVESTIGATOR_GUIDE),
)
"""The descriptions that the drawn faces follow."""

_STRAY = (1, 2, 4, 6, 7, 10, 12, 14, 15, 17, 23, 24, 25, 26, 43)


def full_expression(emotion: str, intensity: float = 1.0) -> dict[int, float]:
    """Return the first prototype of an emotion with every unit that most of its faces show.

    Args:
        emotion: one of the seven class names; Neutral shows nothing.
        intensity: of each unit, 0 to 1.

    Raises:
        ValueError: an unknown emotion.
    """
    if emotion not in SEVEN:
        raise ValueError(f"{emotion!r} is not one of {', '.join(SEVEN)}.")
    for prototype in PROTOTYPES:
        if prototype.emotion == emotion:
            return {unit: intensity for unit, share in prototype.units.items() if share >= 0.5}
    return {}


def sample_expression(
    emotion: str, rng: np.random.Generator, variety: float
) -> tuple[dict[int, float], float]:
    """Return the action units of one face that is meant to show an emotion.

    Real faces vary: not every angry face scowls, many expressions are weak or partial, people
    talk, and a face at rest is rarely blank. A prototype is drawn by its weight, its units by
    their shares; each is then shown at its own strength or, in partial expressions, not at all;
    some people hardly show anything; and units that belong to no prototype stray in.

    Args:
        emotion: one of the seven class names.
        rng: the source of chance.
        variety: 0 follows the prototype at full strength, 1 varies the most.

    Returns:
        The units with their intensities, 0 to 1, and the intensity of the whole, 0 to 1.
    """
    matching = [prototype for prototype in PROTOTYPES if prototype.emotion == emotion]
    units: dict[int, float] = {}
    strength = float(1 - variety * (1 - rng.beta(3.6, 1.5)))
    if rng.random() < 0.2 * variety:
        strength *= float(rng.uniform(0, 0.35))
    if matching:
        weights = np.array([prototype.weight for prototype in matching])
        chosen = matching[rng.choice(len(matching), p=weights / weights.sum())]
        partial = rng.random() < 0.30 * variety
        for unit, share in chosen.units.items():
            shown = rng.random() < share
            missing = rng.random() < (0.45 if partial else 0.06) * variety
            own = float(rng.uniform(1 - 0.5 * variety, 1 + 0.1 * variety))
            if shown and not missing:
                units[unit] = min(1.0, max(0.02, strength * own))
    else:
        strength = 0.0
    for unit in _STRAY:
        if rng.random() < 0.06 * variety:
            stray = float(rng.beta(1.3, 3.5))
            units[unit] = min(1.0, max(units.get(unit, 0.0), stray))
    return units, strength
