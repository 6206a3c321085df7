"""The bare face: its relief, its skin, its folds: AU 1, 2, 4, 6, 9, 10, 12, 15, 17, and age."""

import numpy as np

from fercourse.drawn.expression import Expression
from fercourse.drawn.eyes import EYE_HEIGHT, eye_center
from fercourse.drawn.mouth import MouthShape
from fercourse.drawn.portrait import Identity, skin_color
from fercourse.drawn.surface import Plane, Region, Surface, bump, lamp_direction, stroke, texture


def paint_skin(surface: Surface, who: Identity, offset: tuple[float, float]) -> None:
    """Give the whole head its skin, with mottling and reddish cheeks."""
    skin = surface.color(skin_color(who.skin_tone))
    head = surface.head_region()
    x, y, albedo = surface.x[head], surface.y[head], surface.albedo[head]
    albedo[:] = skin
    mottling = texture("skin", x, y, 70.0, offset)
    depth = np.float32(0.018 + 0.020 * who.age_lines)
    albedo *= 1 + depth * mottling[..., None]
    if surface.channels == 3:
        blush = skin * np.array([1.0, 0.72, 0.70], np.float32)
        for center in ((-0.38, 0.18), (0.38, 0.18), (0.0, 0.2)):
            spot = bump(x, y, center, (0.15, 0.12)) * np.float32(0.28)
            albedo += spot[..., None] * (blush - albedo)


def shape_face(surface: Surface, who: Identity, act: Expression) -> None:
    """Raise brow ridge, cheekbones and chin; sink eye sockets and temples."""
    everywhere = surface.region(-0.8, 0.8, -0.75, 1.25)
    x, y, relief = surface.x[everywhere], surface.y[everywhere], surface.relief[everywhere]
    distance = np.abs(x)
    eye = eye_center(who)
    socket = bump(distance, y, (eye - 0.04, EYE_HEIGHT - 0.01), (0.15, 0.085))
    relief -= 0.085 * socket
    surface.shade[everywhere] *= 1 - 0.20 * socket
    relief += 0.035 * bump(distance, y, (0.24, -0.39), (0.22, 0.07))
    relief += 0.045 * bump(distance, y, (0.42, 0.10), (0.14, 0.11))
    relief += 0.060 * bump(x, y, (0.0, 0.50), (0.22, 0.14))
    chin = surface.shape.chin - 0.14
    relief += 0.070 * bump(x, y, (0.0, chin), (0.13, 0.085))
    relief -= 0.030 * bump(distance, y, (0.50, 0.42), (0.12, 0.16))
    shadow = bump(x, y, (0.0, 0.36), (0.035, 0.07))
    surface.shade[everywhere] *= 1 - 0.12 * shadow
    _raise_cheeks(surface, act)
    _shape_nose(surface, who, act)


def _raise_cheeks(surface: Surface, act: Expression) -> None:
    """Bunch the cheeks under the eyes (AU 6, and AU 12 that pushes them up)."""
    for side in (-1, 1):
        strength = 0.75 * act(6, side) + 0.55 * act(12, side) + 0.25 * act(9, side)
        if strength < 0.05:
            continue
        region = surface.half_region(side, (0.05, 0.75), (-0.1, 0.5))
        place = (side * 0.36, 0.16 - 0.04 * act(6, side))
        apple = bump(surface.x[region], surface.y[region], place, (0.125, 0.085))
        surface.relief[region] += np.float32(0.085 * strength) * apple
        hollow = bump(surface.x[region], surface.y[region], (side * 0.36, 0.015), (0.12, 0.035))
        surface.shade[region] *= 1 - np.float32(0.16 * act(6, side)) * hollow


def nose_relief(surface: Surface, who: Identity, act: Expression) -> tuple[Region, Plane]:
    """Return the region of the nose and how far it stands out, in face units."""
    region = surface.region(-0.30, 0.30, -0.35, 0.42)
    x, y = surface.x[region], surface.y[region]
    tip = 0.17 * who.nose_length
    height = 0.085 * bump(x, y, (0.0, 0.0), (0.055, 0.17))
    height += 0.145 * bump(x, y, (0.0, tip), (0.075 * who.nose_width, 0.075))
    wing = tip + 0.035 - 0.030 * act(9) - 0.018 * act(10)
    spread = 0.100 * who.nose_width * (1 + 0.12 * act(9) + 0.06 * act(12))
    height += 0.070 * bump(np.abs(x), y, (spread, wing), (0.042, 0.048))
    return region, height


def _shape_nose(surface: Surface, who: Identity, act: Expression) -> None:
    """Add the nose, its nostrils and the shadow it casts."""
    region, height = nose_relief(surface, who, act)
    surface.relief[region] += height
    x, y = surface.x[region], surface.y[region]
    tip = 0.17 * who.nose_length
    lift = 0.022 * act(9) + 0.012 * act(10)
    nostril = bump(np.abs(x), y, (0.062 * who.nose_width, tip + 0.082 - lift), (0.030, 0.016))
    surface.paint(region, np.minimum(nostril * 1.2, 1), skin_color(who.skin_tone) * 0.18)
    wing = 0.152 * who.nose_width
    fold = stroke(
        np.abs(x),
        y,
        [
            (wing - 0.015, tip - 0.02 - lift),
            (wing, tip + 0.05 - lift),
            (wing - 0.03, tip + 0.085 - lift),
        ],
        0.020,
    )
    surface.shade[region] *= 1 - (0.25 + 0.2 * act(9)) * fold
    lamp = lamp_direction(surface.portrait.light)
    hard = 1 - surface.portrait.light.ambient
    under = bump(x, y, (float(-0.10 * lamp[0]), tip + 0.115), (0.095, 0.030))
    surface.shade[region] *= 1 - np.float32(0.22 + 0.25 * hard * max(0.0, -lamp[1])) * under
    beside = bump(x, y, (float(-0.17 * np.sign(lamp[0])), 0.10), (0.05, 0.13))
    surface.shade[region] *= 1 - np.float32(0.45 * hard * abs(lamp[0])) * beside


def paint_folds(surface: Surface, who: Identity, act: Expression, mouth: MouthShape) -> None:
    """Draw the furrows of forehead, brow, nose, cheeks and chin."""
    _forehead(surface, who, act)
    _glabella(surface, act)
    _nose_root(surface, act)
    for side in (-1, 1):
        _nasolabial(surface, side, who, act, mouth)
    _chin(surface, act)


def _carve(surface: Surface, region: Region, line: Plane, strength: float) -> None:
    """Darken a furrow and let its lips catch the light."""
    surface.shade[region] *= 1 - np.float32(0.42 * strength) * line
    surface.relief[region] -= np.float32(0.012 * strength) * line


def _forehead(surface: Surface, who: Identity, act: Expression) -> None:
    """Wrinkle the forehead across: its middle with AU 1, its sides with AU 2."""
    inner, outer = act(1), act(2)
    age = 0.45 * who.age_lines
    if max(inner, outer, age) < 0.12:
        return
    region = surface.region(-0.55, 0.55, -0.85, -0.42)
    x, y = surface.x[region], surface.y[region]
    middle = np.exp(-np.square(x * np.float32(1 / 0.17)))
    sides = 1 - middle
    reach = ((0.50 - np.abs(x)) * 8).clip(0, 1)
    strength = (age + np.maximum(inner * middle, outer * (sides + 0.6 * middle))) * reach
    for height in (-0.535, -0.615, -0.695):
        curve = y - np.float32(height) - 0.05 * outer * x * x + 0.02 * inner * middle
        line = np.exp(-np.square(curve * np.float32(1 / 0.017))) * np.minimum(strength, 1)
        _carve(surface, region, line, 0.75)


def _glabella(surface: Surface, act: Expression) -> None:
    """Draw the upright furrows between the brows (AU 4) and the bulge that they leave."""
    strength = act(4)
    if strength < 0.05:
        return
    region = surface.region(-0.2, 0.2, -0.58, -0.16)
    x, y = surface.x[region], surface.y[region]
    line = stroke(np.abs(x), y, [(0.058, -0.425), (0.044, -0.36), (0.052, -0.30)], 0.013)
    _carve(surface, region, line, 0.75 * strength)
    surface.shade[region] *= 1 - np.float32(0.16 * strength) * bump(x, y, (0, -0.31), (0.12, 0.05))
    surface.relief[region] += np.float32(0.035 * strength) * bump(x, y, (0, -0.40), (0.05, 0.08))


def _nose_root(surface: Surface, act: Expression) -> None:
    """Wrinkle the root and the sides of the nose (AU 9)."""
    strength = act(9)
    if strength < 0.05:
        return
    region = surface.region(-0.26, 0.26, -0.36, 0.2)
    distance, y = np.abs(surface.x[region]), surface.y[region]
    for top, outward, fall in ((-0.17, 0.11, 0.02), (-0.06, 0.13, 0.06)):
        line = stroke(distance, y, [(0.03, top), (outward, top + fall)], 0.019)
        _carve(surface, region, line, 0.8 * strength)
    across = np.exp(-np.square((y + 0.245) * np.float32(1 / 0.020)))
    _carve(surface, region, across * (1 - distance * 8).clip(0, 1), 1.0 * strength)


def _nasolabial(
    surface: Surface, side: int, who: Identity, act: Expression, mouth: MouthShape
) -> None:
    """Deepen the fold from the wing of the nose around the corner of the mouth."""
    strength = 0.10 + 0.45 * who.age_lines + 0.80 * act(12, side) + 0.75 * act(10, side)
    strength += 0.55 * act(9, side) + 0.25 * act(6, side) + 0.25 * act(20, side)
    strength += 0.20 * act(15, side)
    strength = min(strength, 1.25)
    place = 0 if side < 0 else 1
    corner_x = mouth.half_width[place] + 0.085
    corner_y = mouth.height + mouth.corner[place]
    lift = 0.030 * act(9, side) + 0.035 * act(10, side)
    region = surface.half_region(side, (0.08, 0.65), (0.1, 0.75))
    x, y = surface.x[region] * np.float32(side), surface.y[region]
    start = 0.185 - lift
    down = (y - np.float32(start)) * np.float32(1 / (corner_y - start))
    between = down.clip(0, 1.25)
    bulge = (0.16 + 0.10 * act(10, side)) * between * (1 - between)
    fold_x = 0.155 * who.nose_width * (1 - between) + corner_x * between + bulge
    sag = 0.12 * max(act(15, side), who.age_lines - 0.3)
    ends = ((down + 0.05) * 5).clip(0, 1) * ((1.0 + sag * 2 - down) * 4).clip(0, 1)
    line = np.exp(-np.square((x - fold_x) * np.float32(1 / 0.030))) * ends
    _carve(surface, region, line, 0.62 * strength)
    ridge = np.exp(-np.square((x - fold_x - 0.07) * np.float32(1 / 0.06))) * ends
    surface.relief[region] += np.float32(0.030 * strength) * ridge


def _chin(surface: Surface, act: Expression) -> None:
    """Raise and pebble the chin boss (AU 17)."""
    strength = act(17)
    if strength < 0.05:
        return
    middle = surface.shape.chin - 0.19
    region = surface.region(-0.3, 0.3, middle - 0.18, middle + 0.22)
    x, y = surface.x[region], surface.y[region]
    boss = bump(x, y, (0.0, middle), (0.115, 0.085))
    surface.relief[region] += np.float32(0.040 * strength) * boss
    pebbles = texture("skin", x, y, 26.0, (3.0, 7.0))
    surface.shade[region] *= 1 + np.float32(0.13 * strength) * boss * pebbles
    arch = y - np.float32(middle - 0.115) - 1.6 * x * x
    line = np.exp(-np.square(arch * np.float32(1 / 0.022))) * (1.4 - np.abs(x) * 6).clip(0, 1)
    _carve(surface, region, line, 0.9 * strength)
