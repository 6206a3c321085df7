"""How FACS writes a face down: ``1C+2C+26B`` is three action units with their grades.

Source: Ekman, Friesen and Hager (2002), Facial Action Coding System: The Manual.
"""

import re
from collections.abc import Mapping

from fercourse.drawn import GRADES, NUMBERS, as_array

TRACE = GRADES["A"] / 2
"""The intensity from which on a unit is written down: half of the way to FACS's trace."""

_PART = re.compile(r"(\d+)([A-E]?)", re.IGNORECASE)


def grade_of(intensity: float) -> str:
    """Return the grade, A to E, that an intensity is nearest to, or nothing below ``TRACE``.

    Args:
        intensity: 0 to 1.
    """
    if intensity < TRACE:
        return ""
    return min(GRADES, key=lambda grade: abs(GRADES[grade] - intensity))


def coded(units: Mapping[int, float | str]) -> str:
    """Return action units as a coder would write them, in the order of their numbers.

    Args:
        units: number of each unit with its intensity, 0 to 1, or its grade.

    Returns:
        Such as ``"4C+7B+24D"``; ``"0"``, FACS's code of a neutral face, where none acts.

    Raises:
        ValueError: an unknown unit, or an intensity that is neither 0 to 1 nor a grade.
    """
    intensities = zip(NUMBERS, as_array(units), strict=True)
    written = [f"{number}{grade_of(value)}" for number, value in intensities if value >= TRACE]
    return "+".join(written) or "0"


def decoded(text: str, grade: str = "D") -> dict[int, float]:
    """Return the action units that a line of FACS codes says.

    Args:
        text: such as ``"1+2+5B+26"``; ``"0"`` or nothing is a face at rest.
        grade: of units that have none, A to E.

    Raises:
        ValueError: a part that is no unit, or a unit that cannot be drawn.
    """
    units: dict[int, float] = {}
    for part in text.replace(" ", "").split("+"):
        if part in ("", "0"):
            continue
        found = _PART.fullmatch(part)
        if not found or int(found[1]) not in NUMBERS:
            known = ", ".join(map(str, NUMBERS))
            raise ValueError(
                f"{part!r} is no unit that can be drawn. Write numbers with or without a grade, "
                f"such as 4C+7+24; the numbers are {known}."
            )
        units[int(found[1])] = GRADES[found[2].upper() or grade]
    return units
