"""The facial action units that the drawn faces can show.

An action unit (AU) is the smallest change of the face that a trained coder of the Facial
Action Coding System can tell from others: roughly one muscle or a few that work together.

Source: Ekman, Friesen and Hager (2002), Facial Action Coding System: The Manual.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class ActionUnit:
    """One action unit.

    Attributes:
        number: its number in FACS.
        name: its name in FACS.
        muscle: the muscle or muscles that produce it.
        look: what one sees when it acts alone.
    """

    number: int
    name: str
    muscle: str
    look: str


ACTION_UNITS = {
    unit.number: unit
    for unit in (
        ActionUnit(
            1,
            "Inner brow raiser",
            "Frontalis, pars medialis",
            "inner ends of the brows go up, short wrinkles in the middle of the forehead",
        ),
        ActionUnit(
            2,
            "Outer brow raiser",
            "Frontalis, pars lateralis",
            "outer ends of the brows go up, wrinkles above them",
        ),
        ActionUnit(
            4,
            "Brow lowerer",
            "Corrugator supercilii, depressor supercilii",
            "brows go down and together, upright furrows between them",
        ),
        ActionUnit(
            5, "Upper lid raiser", "Levator palpebrae superioris", "more white above the iris"
        ),
        ActionUnit(
            6,
            "Cheek raiser",
            "Orbicularis oculi, pars orbitalis",
            "cheeks go up, crow's feet, the eye opening narrows from below",
        ),
        ActionUnit(
            7,
            "Lid tightener",
            "Orbicularis oculi, pars palpebralis",
            "lower lid straight and raised, eye opening narrow",
        ),
        ActionUnit(
            9,
            "Nose wrinkler",
            "Levator labii superioris alaeque nasi",
            "wrinkles along the sides and across the root of the nose",
        ),
        ActionUnit(
            10,
            "Upper lip raiser",
            "Levator labii superioris",
            "middle of the upper lip goes up, the furrow beside the nose deepens",
        ),
        ActionUnit(
            12,
            "Lip corner puller",
            "Zygomaticus major",
            "corners of the mouth go up and out",
        ),
        ActionUnit(
            14, "Dimpler", "Buccinator", "corners of the mouth tighten, a dimple beside each"
        ),
        ActionUnit(
            15,
            "Lip corner depressor",
            "Depressor anguli oris",
            "corners of the mouth go down",
        ),
        ActionUnit(
            17,
            "Chin raiser",
            "Mentalis",
            "chin boss goes up and wrinkles, lower lip is pushed up",
        ),
        ActionUnit(20, "Lip stretcher", "Risorius, platysma", "mouth is pulled wide and flat"),
        ActionUnit(
            23,
            "Lip tightener",
            "Orbicularis oris",
            "lips tight and narrow, the red parts thinner",
        ),
        ActionUnit(
            24, "Lip pressor", "Orbicularis oris", "lips pressed together, bulges around them"
        ),
        ActionUnit(
            25,
            "Lips part",
            "Depressor labii inferioris, or relaxed mentalis or orbicularis oris",
            "lips a little apart",
        ),
        ActionUnit(
            26,
            "Jaw drop",
            "Masseter, relaxed temporal and internal pterygoid",
            "jaw falls, teeth apart",
        ),
        ActionUnit(
            27, "Mouth stretch", "Pterygoids, digastric", "mouth stretched wide open downwards"
        ),
        ActionUnit(
            43,
            "Eyes closed",
            "Relaxed levator palpebrae superioris; orbicularis oculi",
            "eyes shut",
        ),
    )
}
"""The action units that can be drawn, by number."""

NUMBERS = tuple(ACTION_UNITS)
"""Their numbers, in the order of every array of action units in this package."""

GRADES = {"A": 0.2, "B": 0.4, "C": 0.6, "D": 0.8, "E": 1.0}
"""FACS's grades, trace to maximum, on a scale of 0 to 1.

FACS itself gives no numbers. Equal steps follow the 0 to 5 coding of DISFA
(Mavadati et al., 2013, IEEE Transactions on Affective Computing 4(2)).
"""


def as_array(units: Mapping[int, float | str]) -> npt.NDArray[np.float32]:
    """Return the intensity of every action unit, in the order of ``NUMBERS``.

    Args:
        units: number of each acting unit with its intensity, 0 to 1, or its grade, "A" to "E".
            Units that are not named do not act.

    Returns:
        float32 (19,), each 0 to 1.

    Raises:
        ValueError: an unknown action unit, or an intensity that is neither 0 to 1 nor a grade.
    """
    if not isinstance(units, Mapping):
        raise ValueError(
            f"action units are numbers with intensities, such as {{12: 0.8}}, not {units!r}."
        )
    intensities = np.zeros(len(NUMBERS), np.float32)
    for number, given in units.items():
        if number not in ACTION_UNITS:
            known = ", ".join(map(str, NUMBERS))
            raise ValueError(f"Action unit {number!r} cannot be drawn; these numbers can: {known}.")
        intensity = GRADES.get(given) if isinstance(given, str) else given
        if intensity is None or not 0 <= intensity <= 1:
            raise ValueError(
                f"Action unit {number} has intensity {given!r}; it must be 0 to 1, or A to E."
            )
        intensities[NUMBERS.index(number)] = intensity
    return intensities
