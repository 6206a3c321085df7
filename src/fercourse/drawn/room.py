"""A room out of focus, for people to stand in."""

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from fercourse.drawn.portrait import Light
from fercourse.drawn.surface import Plane, lamp_direction

_WALLS = ((0.74, 0.71, 0.64), (0.62, 0.68, 0.66), (0.66, 0.69, 0.75), (0.73, 0.64, 0.58))
_WOODS = ((0.42, 0.28, 0.17), (0.56, 0.41, 0.27), (0.30, 0.20, 0.14))
_HEIGHT = 360
"""Rows on which the room is painted before it is blurred and enlarged."""


class _Wall:
    """A canvas whose positions are shares of its width and height."""

    def __init__(self, width: int, height: int) -> None:
        self.picture: Plane = np.zeros((height, width, 3), np.float32)
        self.aspect = width / height

    def rectangle(
        self, left: float, top: float, right: float, bottom: float, color: npt.ArrayLike
    ) -> Plane:
        """Fill a rectangle with a color and return that part of the picture."""
        height, width = self.picture.shape[:2]
        rows = slice(max(0, round(top * height)), max(0, round(bottom * height)))
        columns = slice(max(0, round(left * width)), max(0, round(right * width)))
        self.picture[rows, columns] = np.asarray(color, np.float32)
        return self.picture[rows, columns]

    def ellipse(
        self, center: tuple[float, float], radii: tuple[float, float], angle: float, color: Plane
    ) -> None:
        """Fill an ellipse; its radii are shares of the height."""
        height, width = self.picture.shape[:2]
        cv2.ellipse(
            self.picture,
            (round(center[0] * width), round(center[1] * height)),
            (max(1, round(radii[0] * height)), max(1, round(radii[1] * height))),
            angle,
            0,
            360,
            [float(value) for value in color],
            -1,
            cv2.LINE_AA,
        )


def room(width: int, height: int, light: Light, seed: int) -> npt.NDArray[np.uint8]:
    """Return a blurred room with a window on the lamp's side, BGR uint8 (height, width, 3).

    Args:
        width: in pixels.
        height: likewise.
        light: the lamp; daylight comes from its side.
        seed: which room.
    """
    rng = np.random.default_rng([seed, 21])
    rows = _HEIGHT
    wall = _Wall(max(8, round(rows * width / height)), rows)
    side = 1 if lamp_direction(light)[0] >= 0 else -1
    _paint_wall(wall, side, rng)
    window = 0.82 if side > 0 else 0.18
    _hang_picture(wall, 0.5 - 0.012 * side, rng)
    _fill_shelves(wall, 1 - window, rng)
    _open_window(wall, window, rng)
    _place_plant(wall, window - 0.22 * side, rng)
    blurred = cv2.GaussianBlur(wall.picture * (0.85 * light.brightness), (0, 0), 0.011 * rows)
    picture = cv2.resize(blurred, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.rint(picture[..., ::-1].clip(0, 1) * 255).astype(np.uint8)


def _paint_wall(wall: _Wall, side: int, rng: np.random.Generator) -> None:
    """Paint the wall, brighter toward the window, and the floor."""
    rows, columns = wall.picture.shape[:2]
    across = np.linspace(-1, 1, columns, dtype=np.float32)[None, :] * side
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    level = 0.74 + 0.20 * across + 0.08 * down - 0.18 * down * down
    wall.picture[:] = level[..., None] * np.asarray(_WALLS[rng.integers(len(_WALLS))], np.float32)
    wall.rectangle(0, 0.90, 1, 0.92, (0.55, 0.54, 0.52))
    floor = wall.rectangle(0, 0.92, 1, 1, _WOODS[rng.integers(len(_WOODS))])
    floor *= 0.8 + 0.25 * across[..., None]


def _open_window(wall: _Wall, middle: float, rng: np.random.Generator) -> None:
    """Let daylight in through a window with two wings, trees outside and curtains."""
    half, top, bottom = 0.17 / wall.aspect * 1.6, 0.06, 0.66
    wall.rectangle(middle - half, top, middle + half, bottom, (0.88, 0.87, 0.84))
    for wing in (-1, 1):
        left = middle + (0.04 if wing > 0 else -0.95) * half
        pane = wall.rectangle(left, top + 0.03, left + 0.91 * half, bottom - 0.03, (1, 1, 1))
        height = np.linspace(0, 1, pane.shape[0], dtype=np.float32)[:, None, None]
        pane *= np.array([0.80, 0.90, 1.0], np.float32) * (1 - height) + height
        columns = np.arange(pane.shape[1], dtype=np.float32)
        phase, wave = rng.uniform(0, 6), rng.uniform(0.06, 0.10)
        crowns = 0.66 + 0.07 * np.sin(columns * wave + phase) + 0.03 * np.sin(columns * 0.31)
        trees = (height[..., 0] > crowns)[..., None] * np.float32(0.75)
        pane += trees * (np.array([0.42, 0.55, 0.36], np.float32) - pane)
    curtain = rng.uniform(0.55, 0.85, 3)
    for wing in (-1, 1):
        edge = middle + wing * half * 0.98
        left, right = sorted((edge, edge + wing * 0.28 * half))
        cloth = wall.rectangle(left, 0.02, right, 0.80, curtain)
        folds = np.sin(np.linspace(0, 19, cloth.shape[1], dtype=np.float32))
        cloth *= (0.85 + 0.15 * folds)[None, :, None]


def _fill_shelves(wall: _Wall, middle: float, rng: np.random.Generator) -> None:
    """Put up a bookcase with four boards of books and a few gaps."""
    half, top, bottom = 0.19 / wall.aspect * 1.6, 0.08, 0.93
    wood = np.asarray(_WOODS[rng.integers(len(_WOODS))]) * 0.9
    wall.rectangle(middle - half, top, middle + half, bottom, wood)
    boards = np.linspace(top, bottom, 5)
    inner = half - 0.012 / wall.aspect
    for above, below in pairwise(boards):
        ground, ceiling = below - 0.012, above + 0.012
        wall.rectangle(middle - inner, ceiling, middle + inner, ground, wood * 0.45)
        place = middle - inner + 0.004
        while place < middle + inner - 0.02:
            thick = rng.uniform(0.014, 0.034) / wall.aspect * 1.6
            tall = rng.uniform(0.55, 0.92) * (ground - ceiling)
            cover = rng.uniform(0.12, 0.62) * rng.uniform(0.45, 1, 3)
            if rng.random() > 0.16:
                right = min(place + thick, middle + inner)
                wall.rectangle(place, ground - tall, right, ground, cover)
            place += thick * 1.06


def _hang_picture(wall: _Wall, middle: float, rng: np.random.Generator) -> None:
    """Hang a picture of a landscape."""
    half, top, bottom = 0.10 / wall.aspect * 1.6, 0.10, 0.36
    wall.rectangle(middle - half, top, middle + half, bottom, (0.24, 0.19, 0.15))
    wall.rectangle(
        middle - 0.92 * half, top + 0.02, middle + 0.92 * half, bottom - 0.02, (0.86,) * 3
    )
    inside = 0.74 * half
    sky = wall.rectangle(middle - inside, top + 0.05, middle + inside, bottom - 0.05, (1, 1, 1))
    sky *= rng.uniform(0.5, 0.85, 3).astype(np.float32)
    rows = sky.shape[0]
    ridge = rows * (0.55 + 0.12 * np.sin(np.arange(sky.shape[1]) * 0.11 + rng.uniform(0, 6)))
    sky[np.arange(rows)[:, None] > ridge] = rng.uniform(0.2, 0.45, 3)


def _place_plant(wall: _Wall, middle: float, rng: np.random.Generator) -> None:
    """Set a plant on the floor."""
    pot = np.array([0.50, 0.30, 0.22], np.float32)
    wall.ellipse((middle, 0.86), (0.075, 0.09), 0, pot)
    for _ in range(26):
        angle = rng.uniform(-80, 80)
        reach = rng.uniform(0.10, 0.26)
        lean = np.sin(np.radians(angle))
        center = (middle + reach * lean / wall.aspect, 0.74 - reach * np.cos(np.radians(angle)))
        green = np.array([0.16, 0.34, 0.15], np.float32) * np.float32(rng.uniform(0.6, 1.4))
        wall.ellipse(center, (0.024, 0.095), angle, green)
