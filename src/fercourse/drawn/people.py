"""People in a frame: who stands where, what they wear, and how one of them is drawn there.

Lengths on a person are in face units (see ``surface``), places in the frame in pixels.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from fercourse.drawn.portrait import Framing, Identity, Light, Portrait, Pose
from fercourse.drawn.render import draw_head
from fercourse.drawn.surface import Plane, lamp_direction, ramp, texture
from fercourse.drawn.surroundings import neck_half_width, neck_length

FACE_HEIGHT = 1.68
"""Height of an average face's box in face units, from the forehead to the chin."""

Frame = npt.NDArray[np.uint8]

_ABOVE, _BESIDE = 1.45, 1.15
_BELOW = {"long": 1.80, "medium": 1.50, "short": 1.50, "bald": 1.50}
_SHOULDER, _ARM = 1.0, 1.36


@dataclass(frozen=True)
class Person:
    """Somebody who stands in the frame.

    Attributes:
        id: 1 for the first.
        identity: the head.
        place: column and row of the base of the neck.
        unit: pixels per face unit.
        light: the lamp, the same for all who stand in one room.
        grain: seed of what is random without meaning: skin and hair texture, clothes.
    """

    id: int
    identity: Identity
    place: tuple[float, float]
    unit: float
    light: Light
    grain: int


@dataclass(frozen=True)
class Moment:
    """What a person does at one time.

    Attributes:
        emotion: what the face is meant to show.
        intensity: strength of the expression as a whole, 0 to 1.
        action_units: intensity of each unit that acts, 0 to 1.
        pose: of the head.
        shift: columns and rows by which the person stands away from ``Person.place``.
    """

    emotion: str = "Neutral"
    intensity: float = 0.0
    action_units: Mapping[int, float] = field(default_factory=dict)
    pose: Pose = field(default_factory=Pose)
    shift: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class PersonTruth:
    """What was drawn of one person in one frame.

    Attributes:
        id: the same for a person in all frames.
        box: left, top, width, height of the whole face in pixels, forehead to chin and ear to
            ear, also where a part of it lies outside the frame.
        visible: whether at least half of that box lies in the frame.
        emotion: what the face is meant to show, one of the seven class names.
        intensity: strength of the expression as a whole, 0 to 1.
        action_units: intensity of each unit that acts, 0 to 1.
        pose: of the head, in degrees.
        landmarks: column and row of both eyes, the tip of the nose and both corners of the
            mouth, each pair from left to right in the picture.
    """

    id: int
    box: tuple[float, float, float, float]
    visible: bool
    emotion: str
    intensity: float
    action_units: dict[int, float]
    pose: Pose
    landmarks: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Body:
    """A body without its head, drawn once for a person.

    Attributes:
        picture: float32 (h, w, 3) RGB, 0 to 1.
        coverage: float32 (h, w), 0 to 1.
        neck: column and row in it where the base of the neck belongs.
    """

    picture: Plane
    coverage: Plane
    neck: tuple[float, float]


def dress(person: Person, bottom: int) -> Body:
    """Draw the body of a person from the shoulders down to a row of the frame.

    Args:
        person: who.
        bottom: number of rows that the body reaches below the base of the neck.
    """
    unit, identity = person.unit, person.identity
    half = int(1.6 * unit) + 2
    above = int(0.3 * unit) + 2
    u = (np.arange(2 * half + 1, dtype=np.float32) - half)[None, :] / np.float32(unit)
    v = (np.arange(above + max(bottom, 1), dtype=np.float32) - above)[:, None] / np.float32(unit)
    neck = neck_half_width(identity)
    broad = np.float32(1.06 if identity.jaw_width >= 1 else 0.96)
    across = np.abs(u) / broad
    widest = np.float32(_ARM) + 0.05 * v.clip(0)
    arm = ((across - _SHOULDER) / (widest - _SHOULDER)).clip(0, 1)
    top = 0.36 * np.maximum(across - neck, 0) + 0.30 * (1 - np.sqrt(1 - arm * arm))
    coverage = ramp(np.minimum(v - top, widest - across), 1.6 / unit)
    color = _cloth(person, np.broadcast_to(u, coverage.shape), v + 0 * u, across + 0 * v)
    return Body(color, coverage, (float(half), float(above)))


def _cloth(person: Person, u: Plane, v: Plane, across: Plane) -> Plane:
    """Return shirt or jacket, lit, (h, w, 3)."""
    rng = np.random.default_rng([person.grain, 31])
    # Cloth is duller than the paint that a single random color suggests.
    paint = np.asarray(person.identity.shirt_color, np.float32)
    shirt = 0.06 + 0.40 * paint + 0.28 * paint.mean()
    picture = np.empty((*u.shape, 3), np.float32)
    picture[:] = shirt
    pixel = 1 / person.unit
    style = rng.choice(("plain", "striped", "jacket"), p=(0.45, 0.2, 0.35))
    if style == "striped":
        stripes = ramp(np.sin(v * 16.0) * 0.1 - 0.03, 0.05)[..., None]
        picture += stripes * (rng.uniform(0.15, 0.9, 3).astype(np.float32) - picture) * 0.8
    if style == "jacket":
        jacket = rng.uniform(0.07, 0.34) * rng.uniform(0.75, 1.1, 3).astype(np.float32)
        opening = ramp(0.52 - 0.24 * v - across, 1.6 * pixel)
        lapel = np.exp(-np.square((0.52 - 0.24 * v - across) / 0.03))
        picture *= opening[..., None]
        picture += (1 - opening)[..., None] * jacket * (1 - 0.35 * lapel[..., None])
    else:
        collar = np.abs(v - 0.16 * np.sqrt((1 - np.square(across / 0.47)).clip(0, 1)))
        band = ramp(np.float32(0.075) - collar, 0.03) * (across < 0.62)
        picture *= (1 - 0.22 * band)[..., None]
    lamp = lamp_direction(person.light)
    offset = tuple(rng.uniform(0, 255, 2).tolist())
    folds = texture("cloud", u + 0.35 * v, 0.45 * v, 20.0, offset)
    arm_crease = np.exp(-np.square((across - 1.0 - 0.03 * v) / 0.022)) * ((v - 0.75) * 3).clip(0, 1)
    round_ = np.sqrt((1 - np.square(across / 1.6)).clip(0, 1))
    level = 0.50 + 0.42 * round_ + 0.20 * lamp[0] * u + 0.035 * folds - 0.22 * arm_crease
    level -= 0.16 * np.exp(-np.square(v / 0.30)) * np.exp(-np.square(u / 0.5))
    level -= 0.05 * v.clip(0, 4)
    picture *= (level.clip(0.12, 1.3) * person.light.brightness)[..., None]
    return picture


def draw_person(frame: Frame, person: Person, moment: Moment, body: Body) -> PersonTruth:
    """Draw a person into a frame, over what is there.

    Args:
        frame: uint8 (h, w, 3) BGR, changed in place.
        person: who.
        moment: what the person does.
        body: the same person's, from ``dress``.
    """
    neck = (person.place[0] + moment.shift[0], person.place[1] + moment.shift[1])
    _draw_body(frame, body, neck)
    who, unit = person.identity, person.unit
    roll = np.radians(moment.pose.roll)
    # A head tilts on its neck, not around its own middle.
    head_column = neck[0] - neck_length(who) * unit * -float(np.sin(roll))
    head_row = neck[1] - neck_length(who) * unit * float(np.cos(roll))
    below = _BELOW[who.hair]
    height, width = int(np.ceil((_ABOVE + below) * unit)), int(np.ceil(2 * _BESIDE * unit))
    left = int(np.floor(head_column - width / 2))
    top = int(np.floor(head_row - _ABOVE * unit))
    portrait = Portrait(
        action_units=dict(moment.action_units),
        identity=who,
        pose=moment.pose,
        light=person.light,
        framing=Framing(
            span=height / unit,
            right=(head_column - left - width / 2) / unit,
            down=(head_row - top - height / 2) / unit,
        ),
        grain=person.grain,
    )
    rows, columns, inner = _within(frame, left, top, (height, width))
    behind = np.zeros((height, width, 3), np.float32)
    behind[inner] = frame[rows, columns, ::-1] * np.float32(1 / 255)
    head = draw_head(portrait, (height, width), color=True, behind=behind)
    frame[rows, columns] = _levels(head.picture[inner])
    box = (head.box[0] + left, head.box[1] + top, head.box[2], head.box[3])
    return PersonTruth(
        person.id,
        box,
        _share_inside(box, frame) >= 0.5,
        moment.emotion,
        moment.intensity,
        dict(moment.action_units),
        moment.pose,
        tuple((column + left, row + top) for column, row in head.landmarks),
    )


def _draw_body(frame: Frame, body: Body, neck: tuple[float, float]) -> None:
    """Lay a body over a frame with its neck at a place between pixels."""
    column, row = neck[0] - body.neck[0], neck[1] - body.neck[1]
    left, top = int(np.floor(column)), int(np.floor(row))
    move = np.array([[1, 0, column - left], [0, 1, row - top]], np.float32)
    height, width = body.coverage.shape
    layer = np.dstack([body.picture * body.coverage[..., None], body.coverage])
    layer = cv2.warpAffine(layer, move, (width + 1, height), borderMode=cv2.BORDER_REPLICATE)
    rows, columns, inner = _within(frame, left, top, (height, width + 1))
    layer = layer[inner]
    part = frame[rows, columns, ::-1] * (np.float32(1 / 255) * (1 - layer[..., 3:]))
    frame[rows, columns] = _levels(part + layer[..., :3])


def _levels(picture: Plane) -> Frame:
    """Return RGB, 0 to 1, as BGR levels."""
    return (picture[..., ::-1] * np.float32(255) + np.float32(0.5)).clip(0, 255).astype(np.uint8)


def _within(
    frame: Frame, left: int, top: int, shape: tuple[int, int]
) -> tuple[slice, slice, tuple[slice, slice]]:
    """Return rows and columns of a frame that a patch covers, and which part of the patch."""
    height, width = frame.shape[:2]
    first_row, last_row = min(max(top, 0), height), min(max(top + shape[0], 0), height)
    first, last = min(max(left, 0), width), min(max(left + shape[1], 0), width)
    inner = slice(first_row - top, last_row - top), slice(first - left, last - left)
    return slice(first_row, last_row), slice(first, last), inner


def _share_inside(box: tuple[float, float, float, float], frame: Frame) -> float:
    """Return the share of a box that lies in the frame."""
    left, top, width, height = box
    across = min(left + width, frame.shape[1]) - max(left, 0)
    down = min(top + height, frame.shape[0]) - max(top, 0)
    return max(across, 0) * max(down, 0) / (width * height)
