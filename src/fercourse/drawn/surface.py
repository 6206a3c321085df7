"""The head as a lit surface: where each pixel looks, how far, and how bright.

Lengths are in *face units*: half the height of an average face, about 11 cm. Canonical
coordinates belong to the head seen from the front: x to the right of the picture, y down,
z toward the camera, the origin between the eyes and the tip of the nose. The painters of the
other modules work in canonical coordinates and never need to know the pose.
"""

import math
from itertools import pairwise
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from fercourse.drawn.portrait import Identity, Light, Portrait

Plane: TypeAlias = npt.NDArray[np.floating[Any]]
Region: TypeAlias = tuple[slice, slice]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_EMPTY = (slice(0, 0), slice(0, 0))
_DEEPEST = 0.85
"""No point of a head stands further before the plane of its ears, in face units."""
_ROUNDED = 0.995
"""Share of the way to crown and chin at which the outline ends, short of where it is a point."""


def ramp(distance: Plane, softness: float) -> Plane:
    """Return coverage 0 to 1 for a signed distance: 0.5 on the edge, 1 inside."""
    return (distance * np.float32(1 / softness) + np.float32(0.5)).clip(0, 1)


def bump(x: Plane, y: Plane, center: tuple[float, float], spread: tuple[float, float]) -> Plane:
    """Return a Gaussian hill of height 1 at ``center`` with the standard deviations ``spread``."""
    across = (x - np.float32(center[0])) * np.float32(0.7071 / spread[0])
    along = (y - np.float32(center[1])) * np.float32(0.7071 / spread[1])
    return np.exp(-(across * across + along * along))


def stroke(x: Plane, y: Plane, points: list[tuple[float, float]], width: float) -> Plane:
    """Return a soft line, 1 on the polyline through ``points`` and fading over ``width``."""
    nearest: Plane | None = None
    for (x0, y0), (x1, y1) in pairwise(points):
        dx, dy = x1 - x0, y1 - y0
        length = np.float32(1 / (dx * dx + dy * dy + 1e-9))
        from_x, from_y = x - np.float32(x0), y - np.float32(y0)
        along = ((from_x * np.float32(dx) + from_y * np.float32(dy)) * length).clip(0, 1)
        from_x -= along * np.float32(dx)
        from_y -= along * np.float32(dy)
        squared = from_x * from_x + from_y * from_y
        nearest = squared if nearest is None else np.minimum(nearest, squared)
    assert nearest is not None
    return np.exp(nearest * np.float32(-0.5 / (width * width)))


def _grain_tile(stretch: tuple[int, int], octaves: tuple[int, ...], seed: int) -> Plane:
    """Return a 256 by 256 tile of smooth noise that repeats without a seam, mean 0, spread 1."""
    rng = np.random.default_rng(seed)
    tile = np.zeros((256, 256), np.float32)
    for octave in octaves:
        noise = rng.standard_normal((256, 256)).astype(np.float32)
        wrapped = np.pad(noise, 128, mode="wrap")
        smooth = cv2.GaussianBlur(
            wrapped, (0, 0), sigmaX=octave * stretch[0], sigmaY=octave * stretch[1]
        )[128:384, 128:384]
        tile += octave * smooth / smooth.std()
    return (tile - tile.mean()) / tile.std()


_TILES = {
    "skin": _grain_tile((1, 1), (1, 3, 8), 11),
    "hair": _grain_tile((1, 7), (1, 2), 12),
    "cloud": _grain_tile((1, 1), (8, 16), 13),
}


def texture(kind: str, x: Plane, y: Plane, per_unit: float, offset: tuple[float, float]) -> Plane:
    """Return noise of mean 0 and spread 1 that sticks to the coordinates it is given.

    Args:
        kind: ``"skin"`` (fine), ``"hair"`` (strands along y) or ``"cloud"`` (coarse).
        x: coordinates, in face units.
        y: likewise.
        per_unit: cells of the tile per face unit.
        offset: where the tile starts, in cells, so that no two faces look alike.
    """
    if x.size == 0:
        return x  # the part lies outside the picture
    map_x = x * np.float32(per_unit) + np.float32(offset[0])
    map_y = y * np.float32(per_unit) + np.float32(offset[1])
    noise: Plane = cv2.remap(
        _TILES[kind], map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
    ).astype(np.float32, copy=False)
    return noise


class HeadShape:
    """Outline and depth of a head, as functions of the height on it."""

    def __init__(self, identity: Identity, jaw_drop: float) -> None:
        """Shape the head of a person.

        Args:
            identity: the person.
            jaw_drop: how far the chin is lowered, in face units.
        """
        self.width = 0.72 * identity.face_width
        self.jaw = 0.64 * identity.jaw_width
        self.chin = 0.96 * identity.chin_length + jaw_drop
        self.top = 1.12 * identity.forehead
        self.depth = 0.80

    def half_width(self, y: Plane) -> Plane:
        """Return half the width of the head at height y, in face units."""
        upper = (y * np.float32(-1 / self.top)).clip(0, _ROUNDED)
        lower = (y * np.float32(1 / self.chin)).clip(0, _ROUNDED)
        square = lower * lower
        taper = 1 - np.float32(1 - self.jaw) * (0.35 * lower + 0.65 * square)
        closing = np.sqrt((1 - upper * upper * upper) * (1 - square * square * lower))
        return np.float32(self.width) * taper * closing

    def depth_at(self, y: Plane) -> Plane:
        """Return how far the middle line stands before the plane of the ears at height y."""
        reach = ((y + 0.05) * np.float32(1 / (self.chin + 0.35))).clip(-1, 1)
        return np.float32(self.depth) * np.sqrt(1.02 - reach * reach * 0.9)

    def roundness(self, y: Plane) -> Plane:
        """Return the share of ``depth_at`` that is left where crown and chin round off."""
        upper = (y * np.float32(-1 / self.top)).clip(0, _ROUNDED)
        lower = (y * np.float32(1 / self.chin)).clip(0, _ROUNDED)
        lower = np.square(np.square(np.square(lower)))
        return np.sqrt((1 - np.square(upper * upper)) * (1 - lower))


class Surface:
    """A canvas on the head: painters change its relief, albedo and shade.

    Attributes:
        x, y: canonical coordinates that each pixel looks at, (h, w).
        u, v: coordinates of the picture with the head upright, (h, w).
        pixel: face units per pixel.
        face: coverage of each pixel by the head, 0 to 1.
        relief: height added to the bare head, in face units.
        albedo: color of the surface, (h, w, channels), 0 to 1.
        shade: light that reaches the surface apart from what the lamp's direction says.
    """

    def __init__(
        self, portrait: Portrait, shape: HeadShape, size: tuple[int, int], channels: int
    ) -> None:
        """Look at a head of this shape as the portrait says.

        Args:
            portrait: what to draw.
            shape: of the head.
            size: height and width in pixels; the framing's span is the height.
            channels: 3 for RGB, 1 for gray.
        """
        self.portrait, self.shape, self.channels = portrait, shape, channels
        pose, framing = portrait.pose, portrait.framing
        self.height, self.width = size
        self.pixel = framing.span / self.height
        self._roll = math.radians(pose.roll)
        self._yaw, self._pitch = math.radians(pose.yaw), math.radians(pose.pitch)
        self._turn = [
            turn(angle)
            for angle in (self._yaw, self._pitch, self._roll)
            for turn in (math.cos, math.sin)
        ]
        rows, columns = (
            ((np.arange(length, dtype=np.float32) + 0.5) - length / 2) * np.float32(self.pixel)
            for length in size
        )
        right = columns[None, :] - np.float32(framing.right)
        down = rows[:, None] - np.float32(framing.down)
        cos, sin = np.float32(np.cos(self._roll)), np.float32(np.sin(self._roll))
        self.u, self.v = right * cos + down * sin, down * cos - right * sin
        self._look()
        self.relief: Plane = np.zeros(size, np.float32)
        self.shade: Plane = np.ones(size, np.float32)
        self.albedo: Plane = np.zeros((*size, channels), np.float32)
        self.gloss: Plane = np.full(size, np.float32(0.10))

    def _look(self) -> None:
        """Find the point of the head that each pixel looks at.

        A horizontal cut through the head is an ellipse with half axes ``width`` and ``depth``.
        Turned by the yaw it spans ``reach`` to each side, and the angle at which the line of
        sight meets it has a closed form. The height at which a pitched head is met has none.
        It lies between two limits, which are halved until they are a pixel apart and then
        joined by a straight line. (Repeating from a better guess does not settle at the rim,
        where the head recedes too fast.)
        """
        cos, sin = np.float32(math.cos(self._pitch)), np.float32(math.sin(self._pitch))
        y = self.v / cos
        if lean := _DEEPEST * math.tan(self._pitch):
            low, high = y + np.float32(min(lean, 0)), y + np.float32(max(lean, 0))
            miss_low, miss_high = self._miss(low, cos, sin), self._miss(high, cos, sin)
            for _ in range(math.ceil(math.log2(max(abs(lean) / self.pixel, 1)))):
                middle = 0.5 * (low + high)
                miss = self._miss(middle, cos, sin)
                above = miss < 0
                np.copyto(low, middle, where=above)
                np.copyto(miss_low, miss, where=above)
                below = ~above
                np.copyto(high, middle, where=below)
                np.copyto(miss_high, miss, where=below)
            share = miss_low / (miss_low - miss_high - np.float32(1e-6))
            y = low + share.clip(0, 1) * (high - low)
        self.y = y
        forward, self.x, reach = self._meet(y)
        inside = np.minimum(_ROUNDED * self.shape.chin - y, y + _ROUNDED * self.shape.top)
        self.face = ramp(np.minimum(reach - np.abs(self.u), inside), self.pixel * 1.5)
        self._camera_depth = y * sin + forward * cos

    def _miss(self, y: Plane, cos: np.float32, sin: np.float32) -> Plane:
        """Return how far below each pixel the head's point at height y appears."""
        return y * cos - self._meet(y)[0] * sin - self.v

    def _meet(self, y: Plane) -> tuple[Plane, Plane, Plane]:
        """Meet the head's cut at height y: how far forward, where across, how wide it is."""
        cos, sin = np.float32(math.cos(self._yaw)), np.float32(math.sin(self._yaw))
        width = self.shape.half_width(y)
        depth = self.shape.depth_at(y) * self.shape.roundness(y)
        across, toward = width * cos, depth * sin
        reach = np.sqrt(across * across + toward * toward) + np.float32(1e-4)
        sine = (self.u / reach).clip(-1, 1)
        cosine = np.sqrt(1 - sine * sine)
        x = width * (sine * across - cosine * toward) / reach
        z = depth * (cosine * across + sine * toward) / reach
        return z * cos - x * sin, x, reach

    def head_region(self) -> Region:
        """Return the pixels that may show the head."""
        rows = np.flatnonzero(self.face.any(axis=1))
        columns = np.flatnonzero(self.face.any(axis=0))
        if not len(rows):
            return _EMPTY
        return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)

    def lean(self, height: Plane, region: Region) -> None:
        """Shift what a region looks at for a part that stands ``height`` out of the head."""
        self.x[region] -= height * np.float32(np.tan(self._yaw))
        self.y[region] += height * np.float32(np.tan(self._pitch))

    def project(self, x: float, y: float, z: float | None = None) -> tuple[float, float]:
        """Return the pixel (column, row) that shows a canonical point.

        Args:
            x: the point, in face units.
            y: likewise.
            z: its depth; by default on an average head, which is near enough to find a region.
        """
        if z is None:
            z = 0.75 * math.sqrt(max(0.0, 1 - x * x / 0.56))
        u = x * self._turn[0] + z * self._turn[1]
        forward = z * self._turn[0] - x * self._turn[1]
        v = y * self._turn[2] - forward * self._turn[3]
        right = u * self._turn[4] - v * self._turn[5] + self.portrait.framing.right
        down = u * self._turn[5] + v * self._turn[4] + self.portrait.framing.down
        column, row = right / self.pixel + self.width / 2, down / self.pixel + self.height / 2
        return column - 0.5, row - 0.5

    def region(self, left: float, right: float, top: float, bottom: float) -> Region:
        """Return the pixels that may show a canonical rectangle, as row and column slices."""
        middle = (left + right) / 2
        corners = [self.project(x, y) for x in (left, middle, right) for y in (top, bottom)]
        margin = 1 + 0.05 / self.pixel
        columns, rows = zip(*corners, strict=True)
        first_row, last_row = int(min(rows) - margin), int(max(rows) + margin) + 1
        first_column, last_column = int(min(columns) - margin), int(max(columns) + margin) + 1
        first_row, last_row = max(first_row, 0), min(last_row, self.height)
        first_column, last_column = max(first_column, 0), min(last_column, self.width)
        if first_row >= last_row or first_column >= last_column:
            return _EMPTY
        return slice(first_row, last_row), slice(first_column, last_column)

    def half_region(
        self, side: int, across: tuple[float, float], down: tuple[float, float]
    ) -> Region:
        """Return the region of a rectangle given by its distance from the middle line.

        Args:
            side: -1 for the left half of the picture, 1 for the right.
            across: nearest and furthest distance from the middle line.
            down: top and bottom.
        """
        near, far = across
        left, right = (near, far) if side > 0 else (-far, -near)
        return self.region(left, right, *down)

    def color(self, rgb: npt.ArrayLike) -> Plane:
        """Return an RGB color as this canvas holds it: gray with one channel."""
        color = np.asarray(rgb, np.float32)
        return color if self.channels == 3 else np.array([color @ _LUMA], np.float32)

    def paint(self, region: Region, coverage: Plane, rgb: npt.ArrayLike) -> None:
        """Lay a color over a region of the albedo."""
        part = self.albedo[region]
        part += coverage[..., None] * (self.color(rgb) - part)

    def lit(self) -> Plane:
        """Return the surface as the camera sees it, (h, w, channels), 0 to 1.

        Lambert's law for the diffuse share and Blinn's half-vector for the gloss
        (Blinn, 1977, "Models of light reflection for computer synthesized pictures").
        """
        light = self.portrait.light
        facing = np.float32(np.cos(self._yaw) * np.cos(self._pitch))
        depth = self._camera_depth + self.relief * facing
        scale = 0.5 / self.pixel
        slope_x = cv2.Sobel(depth, cv2.CV_32F, 1, 0, ksize=1, scale=scale)
        slope_y = cv2.Sobel(depth, cv2.CV_32F, 0, 1, ksize=1, scale=scale)
        normal_z = 1 / np.sqrt(1 + slope_x * slope_x + slope_y * slope_y)
        lamp = lamp_direction(light)
        half = lamp + np.array([0, 0, 1], np.float32)
        half /= np.linalg.norm(half)
        diffuse = np.maximum(normal_z * (lamp[2] - slope_x * lamp[0] - slope_y * lamp[1]), 0)
        gloss = np.maximum(normal_z * (half[2] - slope_x * half[0] - slope_y * half[1]), 0)
        gloss = np.square(np.square(np.square(gloss)))
        ambient = np.float32(light.ambient)
        level = ambient * (0.62 + 0.38 * normal_z) + (1 - ambient) * 1.12 * diffuse
        bright = self.albedo * (level * self.shade)[..., None]
        bright += ((1 - ambient * 0.5) * self.gloss * np.square(gloss) * self.shade)[..., None]
        return bright * np.float32(light.brightness)


def lamp_direction(light: Light) -> Plane:
    """Return the unit vector toward the lamp: right, down and toward the camera."""
    azimuth, elevation = np.radians(light.azimuth), np.radians(light.elevation)
    return np.array(
        [
            np.sin(azimuth) * np.cos(elevation),
            -np.sin(elevation),
            np.cos(azimuth) * np.cos(elevation),
        ],
        np.float32,
    )
