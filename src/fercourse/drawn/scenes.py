"""A picture of several people in a room, with the truth beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fercourse.drawn.people import (
    FACE_HEIGHT,
    Frame,
    Moment,
    Person,
    PersonTruth,
    draw_person,
    dress,
)
from fercourse.drawn.portrait import Light
from fercourse.drawn.prototypes import sample_expression
from fercourse.drawn.room import room
from fercourse.drawn.sampling import sample_identity, sample_pose
from fercourse.emotions import SEVEN
from fercourse.errors import CourseError

SMALLEST_FACE, LARGEST_FACE = 20, 400
"""Height of a face's box in a scene, in pixels."""

MOST_PEOPLE = 60

_COLUMN, _ROW = 2.55, 2.80
"""Room that each person takes beside the next, and each row above the next, in face units."""
_ABOVE, _BELOW, _BESIDE = 1.60, 1.55, 0.35
"""Room above the highest head's middle, below the lowest's and at both sides, in face units."""


@dataclass(frozen=True)
class Scene:
    """A picture of people.

    Attributes:
        frame: uint8 (height, width, 3), BGR as cameras and OpenCV give it.
        truth: what was drawn of each person, by id.
    """

    frame: Frame
    truth: tuple[PersonTruth, ...]


@dataclass(frozen=True)
class Stage:
    """A room and the people in it: what stays the same from frame to frame.

    Attributes:
        width, height: of the frame, in pixels.
        people: from the back row to the front.
        light: the lamp.
        seed: of what is random without meaning.
    """

    width: int
    height: int
    people: tuple[Person, ...]
    light: Light
    seed: int


def set_stage(
    people: int, width: int, height: int, seed: int, face_height: float | None = None
) -> Stage:
    """Choose a room, its light and the people in it, and where they stand.

    Args:
        people: how many, 0 to 60.
        width: of the frame in pixels.
        height: likewise.
        seed: 0 or more.
        face_height: height of an average face's box in pixels; by default as large as looks
            natural.

    Raises:
        CourseError: so many people of that size do not fit into the frame.
    """
    _check_size(people, width, height, seed)
    rng = np.random.default_rng([seed, 40])
    side = 1 if rng.random() < 0.5 else -1
    light = Light(
        azimuth=side * float(rng.uniform(12, 45)),
        elevation=float(rng.uniform(15, 40)),
        ambient=float(rng.uniform(0.5, 0.7)),
        brightness=float(rng.uniform(1.0, 1.15)),
    )
    unit = _unit(people, width, height, face_height)
    standing = [
        Person(
            id=number + 1,
            identity=sample_identity(np.random.default_rng([seed, 41, number])),
            place=place,
            unit=unit * float(rng.uniform(0.93, 1.05)),
            light=light,
            grain=int(rng.integers(2**31)),
        )
        for number, place in enumerate(_places(people, width, height, unit, rng))
    ]
    return Stage(width, height, tuple(standing), light, seed)


def _check_size(people: int, width: int, height: int, seed: int) -> None:
    if not 0 <= people <= MOST_PEOPLE:
        raise CourseError(f"people must be 0 to {MOST_PEOPLE}, not {people}.")
    if not (64 <= width <= 7680 and 64 <= height <= 4320) or width % 2 or height % 2:
        raise CourseError(
            "width and height must be even numbers, at least 64 by 64 and at most 7680 by 4320 "
            f"pixels, not {width} by {height}."
        )
    if seed < 0:
        raise CourseError(f"seed must be 0 or more, not {seed}.")


def _fits(people: int, width: int, height: int, unit: float) -> int:
    """Return the number of rows in which people fit, or 0 where they do not."""
    in_row = int((width / unit - 2 * _BESIDE) / _COLUMN)
    rows = 1 + int((height / unit - _ABOVE - _BELOW) / _ROW)
    if height / unit < _ABOVE + _BELOW or in_row < 1 or in_row * rows < people:
        return 0
    return -(-people // in_row)


def _unit(people: int, width: int, height: int, face_height: float | None) -> float:
    """Return pixels per face unit."""
    if face_height is not None:
        if not SMALLEST_FACE <= face_height <= LARGEST_FACE:
            raise CourseError(
                f"face_height must be {SMALLEST_FACE} to {LARGEST_FACE} pixels, not {face_height}."
            )
        heights = [float(face_height)]
    else:
        largest = min(0.21 * height, LARGEST_FACE)
        heights = [largest * 0.97**step for step in range(150)]
    for tall in heights:
        if tall >= SMALLEST_FACE and _fits(max(people, 1), width, height, tall / FACE_HEIGHT):
            return tall / FACE_HEIGHT
    size = f"faces {face_height:g} pixels high" if face_height else "faces large enough to see"
    raise CourseError(
        f"{people} people with {size} do not fit into {width} by {height} pixels. "
        "Take a larger frame, fewer people or smaller faces."
    )


def _places(
    people: int, width: int, height: int, unit: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Return the column and row of each neck, from the back row to the front."""
    if not people:
        return []
    rows = _fits(people, width, height, unit)
    counts = [people // rows + (row < people % rows) for row in range(rows)]
    tallest = (_ABOVE + (rows - 1) * _ROW + _BELOW) * unit
    first = _ABOVE * unit + min(0.5 * (height - tallest), 1.6 * unit)
    places = []
    for row, count in enumerate(counts):
        step = min((width - 2 * _BESIDE * unit) / count, 4.2 * unit)
        spare = min(0.5 * (step - _COLUMN * unit), 0.3 * unit)
        for place in range(count):
            column = width / 2 + (place - (count - 1) / 2) * step
            column += float(rng.uniform(-1, 1)) * max(spare, 0)
            # The neck begins 1.16 units below the middle of an average face.
            middle = first + row * _ROW * unit + float(rng.uniform(-0.12, 0.12)) * unit
            places.append((column, middle + 1.16 * unit))
    return places


def scene(
    people: int = 4,
    width: int = 1280,
    height: int = 720,
    seed: int = 0,
    emotions: Sequence[str] | None = None,
    face_height: float | None = None,
    variety: float = 0.5,
    turned: float = 7.0,
) -> Scene:
    """Draw several people in a room.

    The same arguments give the same picture on every platform up to rounding. Nobody's face is
    hidden by another person.

    Args:
        people: how many, 0 to 60.
        width: of the frame in pixels, an even number.
        height: likewise.
        seed: 0 or more: which room and which people.
        emotions: what each person shows, one of the seven class names; by default all seven are
            equally likely.
        face_height: height of an average face's box in pixels, 20 to 400; by default about a
            fifth of the frame's height, less where many people have to fit.
        variety: of the expressions, 0 (prototypes at full strength) to 1 (as in ``faces``).
        turned: spread of the heads' yaw in degrees, 0 for faces that look at the camera.

    Returns:
        The frame (BGR) and what was drawn of each person.

    Raises:
        CourseError: senseless arguments, or people who do not fit into the frame.
    """
    if not 0 <= variety <= 1:
        raise CourseError(f"variety must be 0 to 1, not {variety}.")
    if turned < 0:
        raise CourseError(f"turned must be 0 degrees or more, not {turned}.")
    stage = set_stage(people, width, height, seed, face_height)
    shown = _emotions(people, seed, emotions)
    moments = []
    for person, emotion in zip(stage.people, shown, strict=True):
        rng = np.random.default_rng([seed, 42, person.id])
        units, intensity = sample_expression(emotion, rng, variety)
        moments.append(Moment(emotion, intensity, units, sample_pose(rng, turned)))
    return Scene(*draw_stage(stage, moments))


def _emotions(people: int, seed: int, emotions: Sequence[str] | None) -> list[str]:
    if emotions is None:
        rng = np.random.default_rng([seed, 43])
        return [SEVEN[label] for label in rng.integers(len(SEVEN), size=people)]
    if isinstance(emotions, str) or len(emotions) != people:
        raise CourseError(
            f"emotions must name one emotion for each of the {people} people, not {emotions!r}."
        )
    for emotion in emotions:
        if emotion not in SEVEN:
            raise CourseError(f"{emotion!r} is not one of {', '.join(SEVEN)}.")
    return list(emotions)


class Scenery:
    """What is drawn once for all frames of a stage: the room, the bodies, the camera's noise."""

    def __init__(self, stage: Stage) -> None:
        """Draw them."""
        rng = np.random.default_rng([stage.seed, 44])
        self.room = room(stage.width, stage.height, stage.light, stage.seed)
        self.bodies = [
            dress(person, round(stage.height + 2 * person.unit - person.place[1]))
            for person in stage.people
        ]
        noise = rng.standard_normal((stage.height + 32, stage.width + 32, 3), np.float32)
        self.noise = np.rint(noise * np.float32(1.6)).astype(np.int8)


def draw_stage(
    stage: Stage, moments: Sequence[Moment], scenery: Scenery | None = None, time: int = 0
) -> tuple[Frame, tuple[PersonTruth, ...]]:
    """Draw one frame.

    Args:
        stage: the room and the people.
        moments: what each of the people does.
        scenery: the stage's, where several frames are drawn.
        time: number of the frame; no two have the same noise.

    Returns:
        uint8 (height, width, 3) BGR, and what was drawn.
    """
    scenery = scenery or Scenery(stage)
    frame = scenery.room.copy()
    truth = [
        draw_person(frame, person, moment, body)
        for person, moment, body in zip(stage.people, moments, scenery.bodies, strict=True)
    ]
    row, column = np.random.default_rng([stage.seed, 45, time]).integers(0, 32, 2)
    grain = scenery.noise[row : row + stage.height, column : column + stage.width]
    cv2.add(frame, grain, frame, dtype=cv2.CV_8U)
    return frame, tuple(sorted(truth, key=lambda person: person.id))
