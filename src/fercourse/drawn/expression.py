"""The action units of one face, as its painters ask for them."""

import numpy as np
import numpy.typing as npt

from fercourse.drawn.action_units import NUMBERS

_PLACE = {number: place for place, number in enumerate(NUMBERS)}


class Expression:
    """Intensities by action unit, and by half of the face.

    ``expression(12)`` is the intensity of AU 12; ``expression(12, side)`` is its intensity on
    the left (-1) or right (1) half of the picture, which differ on an asymmetric face.
    """

    def __init__(self, intensities: npt.NDArray[np.float32], asymmetry: float) -> None:
        """Hold intensities in the order of ``NUMBERS``; asymmetry is -1 to 1."""
        self._intensities = [float(value) for value in intensities]
        self._asymmetry = 0.35 * asymmetry

    def __call__(self, number: int, side: int = 0) -> float:
        """Return the intensity of an action unit, 0 to 1."""
        intensity = self._intensities[_PLACE[number]]
        if not side or not intensity:
            return intensity
        return min(1.0, max(0.0, intensity * (1 - side * self._asymmetry)))

    @property
    def jaw_drop(self) -> float:
        """How far AU 26 and AU 27 lower the chin, in face units."""
        return 0.11 * self(26) + 0.22 * self(27)
