"""Eyes, lids and brows: AU 1, 2, 4, 5, 6, 7, 43."""

import numpy as np

from fercourse.drawn.expression import Expression
from fercourse.drawn.portrait import Identity, skin_color
from fercourse.drawn.surface import Plane, Region, Surface, lamp_direction, ramp, stroke, texture

EYE_HEIGHT = -0.17
"""Height of the pupils in canonical coordinates."""


def eye_center(who: Identity) -> float:
    """Return the distance of the pupils from the middle line, in face units."""
    return 0.315 * who.eye_distance


def _opening(act: Expression, side: int) -> tuple[float, float]:
    """Return how far the upper and lower lids stand from the corners' line, in eye radii."""
    upper = 0.46 + 0.40 * act(5, side)
    upper *= 1 - 0.30 * act(7, side) - 0.10 * act(6, side) - 0.18 * act(9, side)
    upper -= 0.07 * act(4, side)
    lower = 0.30 + 0.05 * act(5, side)
    lower -= 0.30 * act(7, side) + 0.20 * act(6, side) + 0.08 * act(9, side) + 0.05 * act(12, side)
    lower = max(lower, -0.06)
    closed = act(43, side)
    return upper + closed * (-0.16 - upper), lower + closed * (0.18 - lower)


def paint_eyes(surface: Surface, who: Identity, act: Expression) -> None:
    """Draw both eyes with their lids, lashes and the creases above them."""
    radius = 0.172 * who.eye_size
    for side in (-1, 1):
        middle = side * eye_center(who)
        region = surface.region(middle - 0.30, middle + 0.30, EYE_HEIGHT - 0.22, EYE_HEIGHT + 0.20)
        x = (surface.x[region] * np.float32(side) - np.float32(abs(middle))) / np.float32(radius)
        y = (surface.y[region] - np.float32(EYE_HEIGHT)) / np.float32(radius)
        y += x * np.float32(0.14 * who.eye_tilt + 0.04)
        soft = max(surface.pixel / radius, 0.05)
        upper, lower = _opening(act, side)
        arch = np.maximum(1 - x * x, 0)
        lid = np.float32(-upper) * np.sqrt(arch) * (0.55 + 0.45 * arch) * (1 - 0.12 * x)
        under = np.float32(lower) * arch * (1 + 0.15 * x)
        width = ramp(1.02 - np.abs(x), soft)
        _paint_ball(surface, region, (x, y, lid, under, width), (side, soft, upper), who)
        _paint_lids(surface, region, (x, y, lid, under, width), (side, soft), who, act)


def _paint_ball(
    surface: Surface,
    region: Region,
    planes: tuple[Plane, Plane, Plane, Plane, Plane],
    eye: tuple[int, float, float],
    who: Identity,
) -> None:
    """Draw the eyeball where the lids leave it free."""
    x, y, lid, under, width = planes
    side, soft, upper = eye
    visible = ramp(np.minimum(y - lid, under - y), soft) * width
    shadow = ((y - lid) * np.float32(1.7) + 0.45).clip(0.45, 1) * (1 - 0.25 * x * x)
    surface.paint(region, visible, (0.90, 0.88, 0.86))
    distance = np.sqrt(x * x + np.square(y + 0.06))
    surface.paint(region, visible * ramp(0.46 - distance, soft), who.iris_color)
    surface.paint(region, visible * ramp(0.24 - distance, soft), (0.02, 0.02, 0.02))
    surface.shade[region] *= 1 - visible * (1 - shadow)
    surface.relief[region] *= 1 - visible
    surface.gloss[region] *= 1 - visible
    lamp = lamp_direction(surface.portrait.light)
    spot = np.square(x - np.float32(side * 0.28 * lamp[0])) + np.square(y + 0.20)
    sparkle = visible * ramp(0.13 - np.sqrt(spot), soft) * np.float32(min(1.0, upper * 2.5))
    surface.paint(region, sparkle, (1.0, 1.0, 1.0))


def _paint_lids(
    surface: Surface,
    region: Region,
    planes: tuple[Plane, Plane, Plane, Plane, Plane],
    eye: tuple[int, float],
    who: Identity,
    act: Expression,
) -> None:
    """Draw lashes, the crease above the eye and the pouch below it."""
    x, y, lid, under, width = planes
    side, soft = eye
    dark = skin_color(who.skin_tone) * 0.25
    arch = np.maximum(1.05 - x * x, 0)
    reach = ramp(1.12 - np.abs(x - 0.06), 0.2)
    thickness = max(0.07 + 0.05 * who.lashes, 0.6 * soft)
    lash = np.exp(-np.square((y - lid) * np.float32(1 / thickness)))
    surface.paint(region, lash * reach * np.float32(0.62 + 0.35 * who.lashes), dark)
    lower_lash = np.exp(-np.square((y - under) * np.float32(1 / max(0.06, 0.6 * soft))))
    surface.paint(region, lower_lash * width * np.float32(0.30 + 0.15 * who.lashes), dark)
    gap = 0.24 - 0.13 * act(5, side) + 0.30 * act(43, side) - 0.12 * act(4, side)
    crease = np.exp(-np.square((y - lid + np.float32(max(gap, 0.06))) * np.float32(1 / 0.09)))
    surface.relief[region] -= 0.012 * crease * reach
    surface.shade[region] *= 1 - 0.22 * crease * reach
    pouch = 0.35 * act(6, side) + 0.55 * act(7, side) + 0.35 * who.age_lines
    fold = np.exp(-np.square((y - under - np.float32(0.26)) * np.float32(1 / 0.11))) * arch
    surface.shade[region] *= 1 - np.float32(0.24 * pouch) * fold
    swell = np.exp(-np.square((y - under - np.float32(0.12)) * np.float32(1 / 0.09))) * arch
    surface.relief[region] += np.float32(0.02 * pouch) * swell
    _paint_crows_feet(surface, region, x, y, max(act(6, side), 0.6 * who.age_lines))


def _paint_crows_feet(
    surface: Surface, region: Region, x: Plane, y: Plane, strength: float
) -> None:
    """Draw the wrinkles that spread from the outer corner of an eye (AU 6, age)."""
    if strength < 0.1:
        return
    for rise in (-0.28, 0.02, 0.32):
        line = stroke(x, y, [(1.16, 0.25 * rise), (1.72, rise + 0.06)], 0.055)
        surface.shade[region] *= 1 - np.float32(0.30 * strength) * line


def paint_brows(surface: Surface, who: Identity, act: Expression) -> None:
    """Draw the brows where AU 1, 2, 4 and 9 put them."""
    color = 0.75 * np.asarray(who.hair_color) + 0.25 * skin_color(who.skin_tone) * 0.4
    for side in (-1, 1):
        middle = side * 0.32
        region = surface.region(middle - 0.36, middle + 0.36, -0.64, -0.16)
        x, y = surface.x[region] * np.float32(side), surface.y[region]
        together = 0.055 * act(4, side)
        inner, outer = 0.115 - together, 0.525 * (0.5 + 0.5 * who.eye_distance) - 0.3 * together
        along = (x - np.float32(inner)) * np.float32(1 / (outer - inner))
        t = along.clip(0, 1)
        back = 1 - t
        rise = 0.06 * who.brow_arch * (2.2 * t * (1 - t * t)) - 0.03 * t * t
        rise += 0.125 * act(1, side) * back * np.sqrt(back)
        rise += 0.120 * act(2, side) * (0.10 + t * (2.1 - 1.35 * t))
        rise -= 0.100 * act(4, side) * (1 - 0.50 * t)
        rise -= 0.035 * act(9, side) * back + 0.02 * act(6, side) * t
        height = EYE_HEIGHT - 0.205 - 0.03 * who.brow_height
        thickness = 0.040 * who.brow_thickness * (0.55 + 0.65 * back - 0.25 * back * back * back)
        soft = max(surface.pixel, 0.022)
        distance = thickness - np.abs(y - height + rise)
        ends = ramp(np.minimum(along, 1 - along) * np.float32(outer - inner), 0.06)
        hairs = 0.86 + 0.14 * texture("hair", y, x, 60.0, (13.0 * side, 5.0))
        surface.paint(region, ramp(distance, soft) * ends * hairs.clip(0, 1), color)
        surface.relief[region] += 0.008 * ramp(distance, 0.05) * ends
