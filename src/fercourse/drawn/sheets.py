"""Pictures for two contact sheets: every action unit, and every emotion on many people."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from fercourse.drawn.action_units import ACTION_UNITS, GRADES
from fercourse.drawn.portrait import Framing, Identity, Light, Portrait
from fercourse.drawn.prototypes import full_expression
from fercourse.drawn.render import draw
from fercourse.drawn.sampling import sample_identity, sample_light, sample_pose
from fercourse.emotions import SEVEN


@dataclass(frozen=True)
class Sheet:
    """Images in rows with what stands beside and above them.

    Attributes:
        images: uint8 (rows * columns, size, size, 3) RGB, row by row.
        row_titles: one for each row.
        column_titles: one for each column.
        title: one line above all.
    """

    images: npt.NDArray[np.uint8]
    row_titles: tuple[str, ...]
    column_titles: tuple[str, ...]
    title: str


def action_unit_sheet(size: int = 144) -> Sheet:
    """Return each action unit alone, at rest and at FACS's five grades.

    Args:
        size: width and height of each face in pixels.
    """
    person = Identity(skin_tone=0.22, hair_color=(0.30, 0.20, 0.12), hairline=0.3)
    portrait = Portrait(identity=person, light=Light(ambient=0.45), framing=Framing(2.05), grain=4)
    grades = {"rest": 0.0, **GRADES}
    images = [
        draw(replace(portrait, action_units={unit: intensity}), size, color=True)
        for unit in ACTION_UNITS
        for intensity in grades.values()
    ]
    names = tuple(f"AU {unit.number}  {unit.name}" for unit in ACTION_UNITS.values())
    return Sheet(np.array(images), names, tuple(grades), "Action units, drawn one at a time")


def emotion_sheet(people: int = 8, size: int = 144, seed: int = 6) -> Sheet:
    """Return the seven emotions' prototypes on several people.

    Args:
        people: how many.
        size: width and height of each face in pixels.
        seed: decides who, in what pose and light.
    """
    rng = np.random.default_rng(seed)
    persons = [sample_identity(rng) for _ in range(people)]
    images = [
        draw(
            Portrait(
                action_units=full_expression(emotion, 0.85),
                identity=person,
                pose=sample_pose(rng, 6.0),
                light=sample_light(rng, person.skin_tone),
                framing=Framing(2.1),
                grain=int(rng.integers(2**31)),
            ),
            size,
            color=True,
        )
        for emotion in SEVEN
        for person in persons
    ]
    columns = tuple(f"person {number + 1}" for number in range(people))
    title = "Seven emotions as published prototypes draw them, on eight people"
    return Sheet(np.array(images), SEVEN, columns, title.replace("eight", str(people)))
