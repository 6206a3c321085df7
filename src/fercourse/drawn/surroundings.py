"""What belongs to a picture of a face besides the face: body, hair, beard, glasses, objects."""

from dataclasses import dataclass

import numpy as np

from fercourse.drawn.eyes import EYE_HEIGHT, eye_center
from fercourse.drawn.mouth import MouthShape
from fercourse.drawn.portrait import Identity, Occlusion, skin_color
from fercourse.drawn.surface import Plane, Region, Surface, lamp_direction, ramp, texture


def backdrop(surface: Surface, offset: tuple[float, float]) -> Plane:
    """Return a blurred background, (h, w, channels): a gradient with soft clouds."""
    rng = np.random.default_rng([int(offset[0]), int(offset[1]), 5])
    base, slope_x, slope_y = rng.uniform(0.10, 0.85), rng.normal(0, 0.10), rng.normal(0, 0.10)
    level = base + slope_x * surface.u + slope_y * surface.v
    level += 0.09 * rng.uniform(0, 1) * texture("cloud", surface.u, surface.v, 24.0, offset)
    tint = surface.color(1 + rng.normal(0, 0.05, 3))
    return level.clip(0.03, 0.97)[..., None].astype(np.float32) * tint


def neck_half_width(who: Identity) -> float:
    """Return half the width of a neck, in face units."""
    return 0.40 + 0.06 * who.jaw_width


def neck_length(who: Identity) -> float:
    """Return how far below the middle of the face a shirt begins, in face units."""
    return 0.96 * who.chin_length + 0.20


def paint_body(surface: Surface, picture: Plane, who: Identity, shirt: bool = True) -> None:
    """Draw neck, shirt and ears behind the head.

    Args:
        surface: the head.
        picture: what is behind it, changed in place.
        who: the person.
        shirt: False where the picture already shows one: the neck then ends in its neckline.
    """
    neck_width = neck_half_width(who)
    if shirt:
        region = _upright_region(surface, (-9.0, 9.0), (0.2, 9.0))
    else:
        wide = neck_width + 0.2
        region = _upright_region(surface, (-wide, wide), (0.2, neck_length(who) + 0.25))
    yaw = np.radians(surface.portrait.pose.yaw)
    pitch = np.radians(surface.portrait.pose.pitch)
    u, v = surface.u[region] - np.float32(0.10 * np.sin(yaw)), surface.v[region]
    chin = surface.shape.chin - 0.45 * float(np.sin(pitch))
    soft = surface.pixel * 1.5
    collar = chin + 0.20
    neck = ramp(neck_width - np.abs(u), soft) * ramp(v - 0.3, soft)
    if not shirt:
        round_ = np.sqrt((1 - np.square(u * np.float32(1 / neck_width))).clip(0, 1))
        neck *= ramp(np.float32(neck_length(who)) + np.float32(0.16) * round_ - v, soft)
    light = surface.portrait.light
    side = 1 + 0.30 * u * lamp_direction(light)[0] / neck_width
    shadow = 0.50 + 0.22 * ((v - chin) * 2.2).clip(0, 1)
    skin = surface.color(skin_color(who.skin_tone))
    _lay(picture[region], neck, skin * ((shadow * side) * light.brightness)[..., None])
    if shirt:
        slope = v - np.float32(collar) - 0.45 * np.maximum(np.abs(u) - neck_width, 0)
        cloth = ramp(slope - 0.5 * np.square(np.maximum(0.4 - np.abs(u), 0)), soft)
        shaded = (0.75 + 0.25 * side - 0.12 * np.abs(u)).clip(0.2, 1.2) * light.brightness
        _lay(picture[region], cloth, surface.color(who.shirt_color) * shaded[..., None])
    _paint_ears(surface, picture, who)


def _paint_ears(surface: Surface, picture: Plane, who: Identity) -> None:
    """Draw both ears."""
    yaw = np.radians(surface.portrait.pose.yaw)
    pitch = np.radians(surface.portrait.pose.pitch)
    skin = surface.color(skin_color(who.skin_tone))
    light = surface.portrait.light
    height = -0.02 - 0.1 * float(np.sin(pitch))
    for where in (-1, 1):
        reach = 0.72 * who.face_width + 0.03 - 0.10 * where * float(np.sin(yaw))
        middle = where * reach
        region = _upright_region(
            surface, (middle - 0.1, middle + 0.1), (height - 0.2, height + 0.2)
        )
        x = (surface.u[region] * np.float32(where) - np.float32(reach)) * np.float32(1 / 0.075)
        y = (surface.v[region] - np.float32(height)) * np.float32(1 / 0.17)
        distance = np.sqrt(x * x + y * y)
        ear = ramp((1 - distance) * np.float32(0.075), surface.pixel * 1.5)
        dark = 0.80 - 0.30 * np.exp(-np.square(distance * 1.7))
        dark += 0.15 * where * lamp_direction(light)[0]
        _lay(picture[region], ear, skin * (dark * light.brightness)[..., None])


def _upright_region(
    surface: Surface, across: tuple[float, float], down: tuple[float, float]
) -> Region:
    """Return the pixels that may show a rectangle of the upright picture (u, v)."""
    roll, framing = np.radians(surface.portrait.pose.roll), surface.portrait.framing
    u, v = np.array(across)[:, None], np.array(down)
    margin = 2 + 0.03 / surface.pixel
    columns = (
        u * np.cos(roll) - v * np.sin(roll) + framing.right
    ) / surface.pixel + surface.width / 2
    rows = (u * np.sin(roll) + v * np.cos(roll) + framing.down) / surface.pixel + surface.height / 2
    return (
        slice(max(0, int(rows.min() - margin)), max(0, int(rows.max() + margin))),
        slice(max(0, int(columns.min() - margin)), max(0, int(columns.max() + margin))),
    )


def _lay(picture: Plane, coverage: Plane, color: Plane) -> None:
    picture += coverage[..., None] * (color - picture)


_STYLES = {
    # how far the hair stands out above and beside the head, and how low its sides reach
    "short": (0.07, 0.035, 0.02),
    "medium": (0.13, 0.10, 0.42),
    "long": (0.13, 0.14, 1.6),
}


def _hair_color(surface: Surface, who: Identity, offset: tuple[float, float]) -> Plane:
    """Return strands of hair lit from the lamp's side, (h, w, channels)."""
    lamp = lamp_direction(surface.portrait.light)
    across = surface.u * np.float32(46) + np.float32(6) * surface.v * surface.u
    strands = texture("hair", across / 46, surface.v * 0.6, 46.0, offset)
    sheen = np.exp(-np.square((surface.v + 0.85) * np.float32(1 / 0.22)))
    level = 0.80 + 0.20 * strands + 0.35 * sheen + 0.35 * lamp[0] * surface.u
    color = surface.color(np.asarray(who.hair_color) + 0.02)
    return color * (level.clip(0.35, 2.0) * surface.portrait.light.brightness)[..., None]


def _nod(surface: Surface) -> float:
    """Return how far the pose moves the outline of the hair up, in face units."""
    return 0.25 * float(np.sin(np.radians(surface.portrait.pose.pitch)))


def _outline(surface: Surface, wider: float, higher: float) -> Plane:
    """Return the signed distance to the head's outline made wider and higher."""
    pose = surface.portrait.pose
    v = surface.v + np.float32(_nod(surface))
    u = surface.u - np.float32(0.04 * np.sin(np.radians(pose.yaw)))
    half = np.float32(0.72 * surface.portrait.identity.face_width + wider)
    top = np.float32(surface.shape.top + higher)
    rising = (-v / top).clip(0, 1)
    return half * np.sqrt(1 - rising * rising * rising) - np.abs(u)


@dataclass(frozen=True)
class HairPlanes:
    """Hair around the head: its coverage before the face decides what lies in front.

    Attributes:
        mass: coverage of everything within the hair's outline, (h, w).
        wave: small irregularities of its edges, in face units, (h, w).
        color: strands, lit, (h, w, channels).
    """

    mass: Plane
    wave: Plane
    color: Plane


def comb_hair(surface: Surface, who: Identity, offset: tuple[float, float]) -> HairPlanes | None:
    """Return the hair of a person, or None for the bald."""
    if who.hair == "bald":
        return None
    higher, wider, low = _STYLES[who.hair]
    soft = surface.pixel * 1.5
    wave = 0.014 * texture("cloud", surface.u, surface.v, 90.0, offset)
    outside = _outline(surface, wider, higher) + wave
    tips = np.float32(low) - surface.v + 3 * wave
    mass = ramp(np.minimum(outside, tips), soft * 2)
    crown = surface.shape.top + higher + _nod(surface)
    mass *= ramp(surface.v + np.float32(crown), soft)
    # Long hair hangs on both sides of the neck, not before it.
    neck = ramp(0.9 * neck_half_width(who) - np.abs(surface.u), 0.12) * ramp(surface.v - 0.3, soft)
    mass *= 1 - neck
    return HairPlanes(mass, wave, _hair_color(surface, who, offset))


def paint_hair_behind(picture: Plane, hair: HairPlanes | None) -> None:
    """Draw the hair behind the head."""
    if hair is not None:
        _lay(picture, hair.mass, hair.color)


def paint_hair_before(
    surface: Surface, picture: Plane, who: Identity, hair: HairPlanes | None
) -> None:
    """Draw the hair that falls over forehead and temples."""
    if hair is None:
        return
    low, soft = _STYLES[who.hair][2], surface.pixel * 1.5
    hairline = -0.70 * who.forehead - 0.16 * who.hairline
    side = np.abs(surface.x) * np.float32(1 / (0.72 * who.face_width))
    squared = side * side
    parting = np.float32(0.05 if surface.portrait.grain % 2 else -0.05) * surface.x
    front = hairline - surface.y + 0.62 * squared * squared * side + parting + 2 * hair.wave
    on_head = ramp(front, max(soft, 0.05))
    temple = ramp(side - np.float32(0.90 + 0.03 * who.hairline), 0.10)
    temple *= ramp(np.float32(0.08 if who.hair == "short" else low) - surface.y, 0.16)
    mass = hair.mass * np.maximum(np.maximum(on_head, temple), 1 - surface.face)
    # A nodding head's crown must not show through at the edge of its hair.
    mass = np.maximum(mass, on_head * surface.face)
    if who.hair == "short":
        mass *= ramp(np.float32(0.30) - surface.v, 0.2)
    _lay(picture, mass, hair.color)


def paint_beard(
    surface: Surface, who: Identity, mouth: MouthShape, offset: tuple[float, float]
) -> None:
    """Grow stubble, a mustache or a full beard around the mouth."""
    if who.beard == "none":
        return
    region = surface.region(-0.8, 0.8, -0.1, 1.3)
    x, y = surface.x[region], surface.y[region]
    hairs = 0.80 + 0.25 * texture("skin", x, y * 0.5, 110.0, offset)
    lip_top = mouth.height - mouth.upper - mouth.raised - mouth.sneer
    over = ramp(np.float32(0.30) - np.abs(x), 0.14) * ramp(y - 0.335 - 0.25 * np.abs(x), 0.06)
    mustache = over * ramp(np.float32(lip_top) - y + 0.6 * x * x, 0.04)
    density = mustache
    if who.beard in ("stubble", "full"):
        cheek = 0.50 - 0.75 * np.maximum(np.abs(x) - 0.18, 0)
        jaw = ramp(y - cheek, 0.14)
        bottom = mouth.height + mouth.lowered + mouth.lower + 0.02
        half = max(mouth.half_width) + 0.05
        center = 0.5 * (bottom + lip_top)
        tall = 0.5 * (bottom - lip_top) + 0.015
        lips = np.square(x / np.float32(half)) + np.square(
            (y - np.float32(center)) / np.float32(tall)
        )
        density = np.maximum(mustache, jaw * ramp((lips - 1) * np.float32(tall), 0.05))
    opacity = {"stubble": 0.30, "mustache": 0.85, "full": 0.85}[who.beard]
    surface.paint(region, (density * hairs * opacity).clip(0, 1), np.asarray(who.hair_color))
    surface.gloss[region] *= 1 - 0.8 * density


def paint_glasses(surface: Surface, picture: Plane, who: Identity) -> None:
    """Put glasses on the nose: two rounded frames, a bridge and the start of the temples."""
    if who.glasses <= 0:
        return
    yaw = float(np.tan(np.radians(surface.portrait.pose.yaw)))
    x, y = surface.x - np.float32(0.09 * yaw), surface.y
    soft = surface.pixel
    thick = 0.011 + 0.018 * who.glasses
    distance = np.abs(x)
    eye = eye_center(who)
    box_x = np.maximum(np.abs(distance - np.float32(eye)) - 0.12, 0)
    box_y = np.maximum(np.abs(y - np.float32(EYE_HEIGHT + 0.03)) - 0.07, 0)
    rim = np.abs(np.sqrt(box_x * box_x + box_y * box_y) - 0.115) - np.float32(thick)
    near = np.abs(y - np.float32(EYE_HEIGHT - 0.02 - 0.03))
    bridge = np.maximum(near - np.float32(0.8 * thick), distance - np.float32(eye - 0.22))
    temple = np.maximum(near - np.float32(thick), np.float32(eye + 0.22) - distance)
    frame = ramp(-np.minimum(np.minimum(rim, bridge), temple), soft) * surface.face
    shade = 0.14 + 0.25 * (who.glasses < 0.35)
    _lay(picture, frame, np.broadcast_to(surface.color([shade] * 3), picture.shape))


def paint_occlusion(surface: Surface, picture: Plane, thing: Occlusion, grain: int) -> None:
    """Put a plain rounded object before the face."""
    if thing.amount <= 0:
        return
    rng = np.random.default_rng([grain, 9])
    slant, bow = rng.normal(0, 0.18), rng.uniform(0.1, 0.6)
    along, across = {
        "left": (surface.u + 0.72, surface.v),
        "right": (0.72 - surface.u, surface.v),
        "top": (surface.v + 0.9, surface.u),
        "bottom": (surface.shape.chin - surface.v, surface.u),
    }[thing.side]
    reach = np.float32(2 * thing.amount * 0.95) - bow * across * across + slant * across
    cover = ramp(reach - along, surface.pixel * 3)
    level = thing.gray * (0.85 + 0.25 * (reach - along).clip(0, 0.8))
    _lay(picture, cover, surface.color([1, 1, 1]) * level[..., None].astype(np.float32))


def face_box(surface: Surface) -> tuple[float, float, float, float]:
    """Return the bounding box of the face, from the forehead to the chin, ear to ear.

    Returns:
        left, top, width, height in pixels of the surface, as face detectors give them.
    """
    middle = 0.72 * surface.portrait.identity.face_width
    points = [
        surface.project(0.0, surface.shape.chin - 0.01),
        surface.project(0.0, -0.72),
        surface.project(-middle, 0.05, 0.2),
        surface.project(middle, 0.05, 0.2),
        surface.project(-0.6 * middle, -0.60, 0.5),
        surface.project(0.6 * middle, -0.60, 0.5),
        surface.project(-0.55 * middle, 0.75, 0.35),
        surface.project(0.55 * middle, 0.75, 0.35),
    ]
    columns, rows = zip(*points, strict=True)
    left, top = min(columns) + 0.5, min(rows) + 0.5
    return left, top, max(columns) + 0.5 - left, max(rows) + 0.5 - top


def landmarks(
    surface: Surface, who: Identity, mouth: MouthShape
) -> tuple[tuple[float, float], ...]:
    """Return the pixels (column, row) of the five points that face detectors give.

    Returns:
        Both pupils, the tip of the nose and both corners of the mouth, each pair from left to
        right in the picture.
    """
    eye, tip = eye_center(who), 0.17 * who.nose_length
    corners = [
        (side * half, mouth.height + corner)
        for side, half, corner in zip((-1, 1), mouth.half_width, mouth.corner, strict=True)
    ]
    points = [
        surface.project(-eye, EYE_HEIGHT),
        surface.project(eye, EYE_HEIGHT),
        surface.project(0.0, tip, surface.shape.depth + 0.145),
        *(surface.project(*corner) for corner in corners),
    ]
    return tuple((column + 0.5, row + 0.5) for column, row in points)
