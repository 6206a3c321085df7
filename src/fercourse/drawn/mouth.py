"""The mouth: AU 10, 12, 14, 15, 17, 20, 23, 24, 25, 26, 27."""

from dataclasses import dataclass

import numpy as np

from fercourse.drawn.expression import Expression
from fercourse.drawn.portrait import Identity, skin_color
from fercourse.drawn.surface import Plane, Region, Surface, bump, ramp

MOUTH_HEIGHT = 0.49
"""Height of the closed mouth at rest in canonical coordinates."""


@dataclass(frozen=True)
class MouthShape:
    """The lips as curves over the width of the mouth, in face units.

    Attributes:
        height: of the middle of the line between the lips.
        half_width: from the middle to each corner, (left, right).
        corner: how far each corner stands below the middle, (left, right).
        raised: how far the edge of the upper lip rises above the line in the middle.
        lowered: how far the edge of the lower lip falls below it.
        upper, lower: thickness of the lips in the middle.
        sneer: how far AU 10 lifts the middle of the upper lip.
    """

    height: float
    half_width: tuple[float, float]
    corner: tuple[float, float]
    raised: float
    lowered: float
    upper: float
    lower: float
    sneer: float


def mouth_shape(who: Identity, act: Expression) -> MouthShape:
    """Return the mouth of a person who shows an expression."""
    widths, corners = [], []
    for side in (-1, 1):
        wider = 1 + 0.30 * act(12, side) + 0.24 * act(20, side) + 0.06 * act(14, side)
        wider -= 0.15 * act(23, side) + 0.16 * act(27, side) + 0.05 * act(17, side)
        widths.append(0.265 * who.mouth_width * max(wider, 0.7))
        corner = -0.020 * who.mouth_rest - 0.125 * act(12, side) + 0.105 * act(15, side)
        corner += 0.020 * act(20, side) + 0.045 * act(17, side) - 0.020 * act(14, side)
        corners.append(corner)
    thin = 1 - 0.50 * act(23) - 0.68 * act(24) - 0.22 * act(20) - 0.22 * act(12) - 0.15 * act(14)
    thin = max(thin, 0.22)
    open_jaw = max(act(26), act(27))
    raised = 0.022 * act(25) + 0.012 * act(26) + 0.035 * act(27)
    raised += 0.035 * act(10) * max(act(25), open_jaw) + 0.030 * act(12) * max(act(25), open_jaw)
    lowered = 0.050 * act(25) + 0.130 * act(26) + 0.290 * act(27)
    lowered += 0.035 * act(20) * act(25) + 0.060 * act(12) * act(25)
    shut = 1 - 0.9 * act(24)
    return MouthShape(
        height=MOUTH_HEIGHT - 0.040 * act(17) - 0.012 * act(10) - 0.015 * act(12),
        half_width=(widths[0], widths[1]),
        corner=(corners[0], corners[1]),
        raised=raised * shut,
        lowered=lowered * shut,
        upper=0.056 * who.lip_fullness * thin * (1 - 0.15 * act(27)),
        lower=0.078 * who.lip_fullness * thin * (1 - 0.10 * act(27)) * (1 + 0.20 * act(17)),
        sneer=0.045 * act(10) + 0.015 * act(9),
    )


def paint_mouth(surface: Surface, who: Identity, act: Expression, shape: MouthShape) -> None:
    """Draw lips, teeth, the inside of the mouth and the shadows around them."""
    widest = max(shape.half_width)
    bottom = shape.height + shape.lowered + 0.26
    region = surface.region(-widest - 0.16, widest + 0.16, shape.height - 0.24, bottom)
    x, y = surface.x[region], surface.y[region]
    left = x < 0
    half = np.where(left, np.float32(shape.half_width[0]), np.float32(shape.half_width[1]))
    corner = np.where(left, np.float32(shape.corner[0]), np.float32(shape.corner[1]))
    t = x / half
    t2 = np.minimum(t * t, 1.3)
    inside = np.maximum(1 - t2, 0)
    # A smile's corners rise steeply at the ends, a sad mouth bends as a whole.
    line = shape.height + corner * np.where(corner < 0, t2 * (0.55 + 0.45 * t2), t2)
    rounded = np.sqrt(inside)
    lift = shape.sneer * np.maximum(1 - 1.6 * t2, 0) + 0.3 * shape.sneer * inside
    inner_upper = line - shape.raised * rounded - lift * (0.35 + 0.65 * (shape.raised > 0.01))
    inner_lower = line + shape.lowered * (0.4 * rounded + 0.6 * inside)
    bow = np.float32(1) - 0.20 * np.exp(np.float32(-90) * x * x)
    outer_upper = inner_upper - shape.upper * (0.75 * inside + 0.25 * rounded) * bow - 0.6 * lift
    outer_lower = inner_lower + shape.lower * (0.35 * rounded + 0.65 * inside)
    soft = max(surface.pixel, 0.018)
    width = ramp((1.01 - np.abs(t)) * half, soft)
    _paint_lips(
        surface, region, (y, inner_upper, inner_lower, outer_upper, outer_lower, width), who
    )
    _paint_inside(surface, region, (x, y, inner_upper, inner_lower, width), shape, act)
    _paint_around(surface, region, (x, y, outer_lower, rounded), shape, act)


def _paint_lips(
    surface: Surface,
    region: Region,
    planes: tuple[Plane, Plane, Plane, Plane, Plane, Plane],
    who: Identity,
) -> None:
    """Draw the red of both lips and the line where they meet."""
    y, inner_upper, inner_lower, outer_upper, outer_lower, width = planes
    soft = max(surface.pixel, 0.018)
    skin = skin_color(who.skin_tone)
    red = skin * np.array([0.86, 0.58, 0.60]) - 0.02
    upper = ramp(np.minimum(y - outer_upper, inner_upper - y), soft) * width
    lower = ramp(np.minimum(y - inner_lower, outer_lower - y), soft) * width
    surface.paint(region, upper * np.float32(0.85), red * 0.82)
    surface.paint(region, lower * np.float32(0.80), red)
    height = np.maximum(outer_lower - inner_lower, 0.02)
    across = ((y - inner_lower) / height).clip(0, 1)
    surface.relief[region] += 0.050 * across * (1 - across) * 2 * width
    surface.relief[region] += 0.020 * upper
    surface.gloss[region] += 0.05 * lower
    soft_line = max(0.014, 0.55 * surface.pixel)
    line = np.exp(-np.square((y - inner_upper) * np.float32(1 / soft_line)))
    line = np.maximum(line, np.exp(-np.square((y - inner_lower) * np.float32(1 / soft_line))))
    surface.paint(region, line * width * np.float32(0.75), red * 0.30)


def _paint_inside(
    surface: Surface,
    region: Region,
    planes: tuple[Plane, Plane, Plane, Plane, Plane],
    shape: MouthShape,
    act: Expression,
) -> None:
    """Draw teeth, tongue and the dark of an open mouth."""
    gap = shape.raised + shape.lowered
    if gap < 0.008:
        return
    x, y, inner_upper, inner_lower, width = planes
    soft = max(surface.pixel, 0.018)
    hollow = ramp(np.minimum(y - inner_upper, inner_lower - y), soft) * width
    surface.paint(region, hollow, (0.13, 0.05, 0.05))
    tongue = bump(x, y, (0.0, shape.height + shape.lowered), (0.13, 0.07 + 0.2 * shape.lowered))
    surface.paint(region, hollow * tongue * np.float32(min(1.0, 6 * gap)) * 0.8, (0.55, 0.25, 0.25))
    shown = 0.045 + 0.085 * act(12) + 0.045 * act(10) + 0.030 * act(20)
    teeth = ramp(np.float32(shown) - (y - inner_upper), soft) * hollow
    teeth *= (1.35 - np.square(x * np.float32(1 / max(shape.half_width)))).clip(0.3, 1)
    surface.paint(region, teeth * np.float32(0.95), (0.98, 0.96, 0.90))
    lower_teeth = 0.5 * act(20) + 0.4 * act(27)
    if lower_teeth > 0.1:
        row = ramp(np.float32(0.035) - (inner_lower - y), soft) * hollow
        surface.paint(region, row * np.float32(lower_teeth), (0.80, 0.77, 0.70))
    surface.relief[region] *= 1 - hollow
    surface.shade[region] *= 1 - 0.12 * hollow
    surface.gloss[region] *= 1 - hollow


def _paint_around(
    surface: Surface,
    region: Region,
    planes: tuple[Plane, Plane, Plane, Plane],
    shape: MouthShape,
    act: Expression,
) -> None:
    """Draw the shadow under the lower lip, the pits at the corners and pressed lips' bulges."""
    x, y, outer_lower, rounded = planes
    below = np.exp(-np.square((y - outer_lower - np.float32(0.045)) * np.float32(1 / 0.045)))
    surface.shade[region] *= 1 - (0.20 + 0.10 * act(17)) * below * rounded
    for side, half, corner in zip((-1, 1), shape.half_width, shape.corner, strict=True):
        place = (side * (half + 0.012), shape.height + corner)
        pit = 0.32 + 0.25 * act(12, side) + 0.15 * act(15, side) + 0.10 * act(24, side)
        surface.shade[region] *= 1 - np.float32(pit) * bump(x, y, place, (0.028, 0.028))
        if (dimple := act(14, side)) > 0.05:
            place = (side * (half + 0.065), shape.height + corner - 0.005)
            surface.shade[region] *= 1 - np.float32(0.52 * dimple) * bump(
                x, y, place, (0.022, 0.06)
            )
            place = (side * (half + 0.115), shape.height + corner)
            surface.relief[region] += np.float32(0.045 * dimple) * bump(x, y, place, (0.04, 0.07))
        if (down := act(15, side)) > 0.05:
            place = (side * (half + 0.02), shape.height + corner + 0.05)
            surface.shade[region] *= 1 - np.float32(0.34 * down) * bump(x, y, place, (0.03, 0.06))
    tight = 0.6 * act(23) + act(24)
    if tight > 0.05:
        for rise in (-0.075, 0.085):
            swell = np.exp(
                -np.square((y - shape.height - np.float32(rise)) * np.float32(1 / 0.035))
            )
            surface.relief[region] += np.float32(0.030 * tight) * swell * rounded
    if (purse := act(23)) > 0.05:
        lines = np.square(np.sin(x * np.float32(42))) * rounded
        near = np.exp(-np.square((y - shape.height) * np.float32(1 / 0.10)))
        surface.shade[region] *= 1 - np.float32(0.12 * purse) * lines * near
