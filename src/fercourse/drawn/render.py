"""From a portrait to a picture."""

import operator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from fercourse.drawn.action_units import as_array
from fercourse.drawn.expression import Expression
from fercourse.drawn.eyes import paint_brows, paint_eyes
from fercourse.drawn.mouth import mouth_shape, paint_mouth
from fercourse.drawn.portrait import Camera, Portrait
from fercourse.drawn.skin import nose_relief, paint_folds, paint_skin, shape_face
from fercourse.drawn.surface import HeadShape, Plane, Surface
from fercourse.drawn.surroundings import (
    backdrop,
    comb_hair,
    face_box,
    landmarks,
    paint_beard,
    paint_body,
    paint_glasses,
    paint_hair_before,
    paint_hair_behind,
    paint_occlusion,
)

SMALLEST, LARGEST = 16, 512

_MIDDLE_GRAY, _SPREAD = 0.5, 0.24


@dataclass(frozen=True)
class Head:
    """A drawn head before the camera's blur and noise.

    Attributes:
        picture: float32 (h, w, 3) RGB, 0 to 1, or (h, w, 1) gray.
        box: left, top, width, height of the face in pixels.
        landmarks: column and row of both eyes, the tip of the nose and both corners of the mouth,
            each pair from left to right in the picture.
    """

    picture: Plane
    box: tuple[float, float, float, float]
    landmarks: tuple[tuple[float, float], ...]


def draw_head(
    portrait: Portrait, size: tuple[int, int], color: bool, behind: Plane | None = None
) -> Head:
    """Draw the head of a portrait without the camera's blur and noise.

    Args:
        portrait: what to draw.
        size: height and width in pixels.
        color: RGB where True, gray where False.
        behind: what is behind the head, (h, w, 3) or (h, w, 1), the body included; by default
            a blurred background and a shirt.
    """
    who = portrait.identity
    act = Expression(as_array(portrait.action_units), who.asymmetry)
    shape = HeadShape(who, act.jaw_drop)
    surface = Surface(portrait, shape, size, 3 if color else 1)
    region, height = nose_relief(surface, who, act)
    surface.lean(height, region)
    offset = tuple(np.random.default_rng([portrait.grain, 3]).uniform(0, 255, 2).tolist())
    paint_skin(surface, who, offset)
    shape_face(surface, who, act)
    mouth = mouth_shape(who, act)
    paint_folds(surface, who, act, mouth)
    paint_mouth(surface, who, act, mouth)
    paint_beard(surface, who, mouth, offset)
    paint_eyes(surface, who, act)
    paint_brows(surface, who, act)
    picture = backdrop(surface, offset) if behind is None else behind.copy()
    hair = comb_hair(surface, who, offset)
    paint_hair_behind(picture, hair)
    paint_body(surface, picture, who, shirt=behind is None)
    head = surface.head_region()
    picture[head] += surface.face[head][..., None] * (surface.lit()[head] - picture[head])
    paint_hair_before(surface, picture, who, hair)
    paint_glasses(surface, picture, who)
    paint_occlusion(surface, picture, portrait.occlusion, portrait.grain)
    return Head(picture, face_box(surface), landmarks(surface, who, mouth))


def draw(
    portrait: Portrait | None = None, size: int = 48, color: bool = False
) -> npt.NDArray[np.uint8]:
    """Draw one face.

    Args:
        portrait: what to draw; by default an average face at rest.
        size: width and height in pixels, 16 to 512.
        color: RGB where True, gray as in FER2013 where False.

    Returns:
        uint8 (size, size), or (size, size, 3) RGB.

    Raises:
        ValueError: another size, or an action unit that cannot be drawn.
    """
    size = check_size(size)
    portrait = portrait or Portrait()
    fine = size * 3 // 2 if size <= 128 else size
    picture = draw_head(portrait, (fine, fine), color).picture
    if fine != size:
        shrunk = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
        picture = shrunk.astype(np.float32, copy=False)
    return photograph(picture, portrait.camera, portrait.grain, color)


def check_size(size: int) -> int:
    """Return a picture's width and height in pixels as a plain whole number.

    Raises:
        ValueError: it is none, or a picture cannot be that large or small.
    """
    try:
        whole = operator.index(size)
    except TypeError:
        whole = 0
    if not SMALLEST <= whole <= LARGEST:
        raise ValueError(
            f"size must be a whole number, {SMALLEST} to {LARGEST} pixels, not {size!r}."
        )
    return whole


def photograph(picture: Plane, camera: Camera, grain: int, color: bool) -> npt.NDArray[np.uint8]:
    """Return what a camera makes of a picture: contrast, blur, noise, 256 levels."""
    size = picture.shape[0]
    picture = picture.reshape(size, size, 3) if color else picture.reshape(size, size)
    if camera.development > 0:
        gain = (_SPREAD / max(float(picture.std()), 0.05)) ** camera.development
        middle = float(picture.mean())
        shift = middle + camera.development * (_MIDDLE_GRAY - middle)
        picture = (picture - np.float32(middle)) * np.float32(gain) + np.float32(shift)
    picture = (picture - 0.5) * np.float32(camera.contrast) + np.float32(0.5)
    if camera.blur > 0.1:
        blurred = cv2.GaussianBlur(picture, (0, 0), camera.blur * size / 48)
        picture = blurred.astype(np.float32, copy=False)
    levels = picture * np.float32(255)
    if camera.noise > 0:
        rng = np.random.default_rng([grain, 7])
        levels += rng.standard_normal(levels.shape, np.float32) * np.float32(camera.noise)
    return (np.rint(levels)).clip(0, 255).astype(np.uint8)
