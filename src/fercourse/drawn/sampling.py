"""Faces by the thousand: who, in what pose and light, with what on the face, from a seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
import numpy.typing as npt

from fercourse.drawn.action_units import NUMBERS, as_array
from fercourse.drawn.cores import on_all_cores
from fercourse.drawn.portrait import (
    Camera,
    Framing,
    Identity,
    Light,
    Occlusion,
    Portrait,
    Pose,
    Side,
)
from fercourse.drawn.prototypes import sample_expression
from fercourse.drawn.render import check_size, draw
from fercourse.emotions import SEVEN

CLASS_SHARES = (4953, 547, 5121, 8989, 6077, 4002, 6198)
"""How many of FER2013's 35,887 faces have each of the seven labels (Goodfellow et al., 2013)."""

DEFAULT_VARIETY = 0.6
"""Chosen by measuring: with the raters' noise of the default set on top, a good network ends
about where it ends on FER2013 (docs/drawn_faces.md)."""

Progress = Callable[[int, int], None]

_CHUNK = 125
_HAIR_COLORS = (
    (0.06, 0.05, 0.05),
    (0.16, 0.11, 0.08),
    (0.30, 0.20, 0.12),
    (0.55, 0.40, 0.22),
    (0.75, 0.60, 0.38),
    (0.36, 0.18, 0.10),
)
_GRAY_HAIR = (0.70, 0.69, 0.67)
_IRIS_COLORS = ((0.22, 0.13, 0.07), (0.30, 0.19, 0.10), (0.25, 0.35, 0.45), (0.30, 0.36, 0.22))


@dataclass(frozen=True)
class DrawnFaces:
    """Drawn faces with what was drawn.

    Attributes:
        images: uint8 (n, size, size) gray, or (n, size, size, 3) RGB.
        labels: uint8 (n,), indices into ``emotions.SEVEN``: what the face was meant to show.
        portraits: the n portraits.
        intensities: float32 (n,), strength of each expression as a whole, 0 to 1.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    portraits: tuple[Portrait, ...]
    intensities: npt.NDArray[np.float32]

    def truth(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return what was drawn as columns, n long: emotion, action units, person, pose, light."""
        units = np.array([as_array(portrait.action_units) for portrait in self.portraits])
        columns: dict[str, npt.NDArray[np.generic]] = {
            "emotion": np.array(SEVEN)[self.labels],
            "intensity": self.intensities,
        }
        columns |= {
            f"AU{number}": units[:, place] if len(units) else np.zeros(0, np.float32)
            for place, number in enumerate(NUMBERS)
        }
        for part in ("identity", "pose", "light", "framing", "camera", "occlusion"):
            parts = [getattr(portrait, part) for portrait in self.portraits]
            for field in fields(_PARTS[part]):
                values = [getattr(value, field.name) for value in parts]
                if values and isinstance(values[0], tuple):
                    continue
                columns[f"{part}_{field.name}"] = np.array(values)
        return columns


_PARTS = {
    "identity": Identity,
    "pose": Pose,
    "light": Light,
    "framing": Framing,
    "camera": Camera,
    "occlusion": Occlusion,
}


def sample_identity(rng: np.random.Generator) -> Identity:
    """Return a random person."""

    def near(spread: float) -> float:
        return float(np.clip(rng.normal(1, spread), 1 - 2.2 * spread, 1 + 2.2 * spread))

    def offset() -> float:
        return float(np.clip(rng.normal(0, 0.45), -1, 1))

    bearded_sex = rng.random() < 0.5
    age = float(rng.beta(1.3, 2.2))
    tone = float(rng.beta(1.3, 1.9))
    colors = _HAIR_COLORS[:2] if tone > 0.5 else _HAIR_COLORS
    hair_color = colors[rng.integers(len(colors))]
    if rng.random() < 1.1 * (age - 0.45):
        hair_color = _GRAY_HAIR
    hair_shares = (0.12, 0.68, 0.14, 0.06) if bearded_sex else (0.01, 0.17, 0.34, 0.48)
    beard_shares = (0.48, 0.27, 0.08, 0.17) if bearded_sex else (1.0, 0.0, 0.0, 0.0)
    return Identity(
        face_width=near(0.055),
        jaw_width=near(0.06) + (0.05 if bearded_sex else -0.05),
        chin_length=near(0.035),
        forehead=near(0.035),
        eye_size=near(0.09),
        eye_distance=near(0.045),
        eye_tilt=offset(),
        nose_length=near(0.10),
        nose_width=near(0.13),
        mouth_width=near(0.09),
        lip_fullness=near(0.20),
        mouth_rest=offset(),
        brow_height=offset(),
        brow_thickness=near(0.20) * (1.1 if bearded_sex else 0.8),
        brow_arch=near(0.40),
        skin_tone=tone,
        age_lines=age,
        hair=("bald", "short", "medium", "long")[rng.choice(4, p=hair_shares)],
        hair_color=hair_color,
        hairline=float(rng.uniform(0, 0.4 + 0.6 * age * bearded_sex)),
        beard=("none", "stubble", "mustache", "full")[rng.choice(4, p=beard_shares)],
        glasses=float(rng.uniform(0.1, 1)) if rng.random() < 0.16 else 0.0,
        lashes=float(rng.uniform(0, 0.5) if bearded_sex else rng.uniform(0.3, 1)),
        iris_color=_IRIS_COLORS[rng.integers(2 if tone > 0.5 else 4)],
        shirt_color=tuple(rng.uniform(0.05, 0.9, 3).tolist()),
        asymmetry=offset(),
    )


def sample_pose(rng: np.random.Generator, spread: float = 8.0) -> Pose:
    """Return a random pose: yaw varies by ``spread`` degrees, pitch and roll by less."""
    yaw, pitch, roll = rng.normal(0, (spread, 0.6 * spread, 0.7 * spread))
    return Pose(*(float(np.clip(angle, -20, 20)) for angle in (yaw, pitch, roll)))


def sample_light(rng: np.random.Generator, skin_tone: float) -> Light:
    """Return a random lamp, as bright as a photographer would set it for a skin tone."""
    return Light(
        azimuth=float(rng.uniform(-32, 32)),
        elevation=float(rng.uniform(0, 55)),
        ambient=float(rng.uniform(0.5, 0.9)),
        brightness=float(rng.uniform(0.8, 1.25) * (0.95 + 0.55 * skin_tone)),
    )


def sample_portrait(
    emotion: str, rng: np.random.Generator, variety: float = DEFAULT_VARIETY
) -> tuple[Portrait, float]:
    """Return a random portrait that is meant to show an emotion, and its strength, 0 to 1.

    Args:
        emotion: one of the seven class names.
        rng: the source of chance.
        variety: 0 gives frontal prototypes at full strength in good pictures, 1 more variety
            than people can read.
    """
    units, strength = sample_expression(emotion, rng, variety)
    identity = sample_identity(rng)
    sides: tuple[Side, ...] = ("left", "right", "bottom", "top")
    side = sides[rng.choice(4, p=(0.2, 0.2, 0.45, 0.15))]
    hidden = rng.random() < 0.12 * variety
    portrait = Portrait(
        action_units=units,
        identity=identity,
        pose=sample_pose(rng, 8.0 * variety),
        light=sample_light(rng, identity.skin_tone),
        framing=Framing(
            span=float(1.64 + variety * rng.uniform(-0.14, 0.16)),
            right=float(variety * rng.normal(0, 0.03)),
            down=float(variety * rng.normal(0, 0.03)),
        ),
        camera=Camera(
            blur=float(variety * rng.gamma(1.4, 0.20)),
            noise=float(variety * rng.gamma(1.2, 1.8)),
            contrast=float(1 + variety * rng.normal(0.08, 0.16)),
            development=float(rng.uniform(0.5, 1.0)),
        ),
        occlusion=Occlusion(side, float(rng.uniform(0.08, 0.34)) * hidden, float(rng.random())),
        grain=int(rng.integers(2**31)),
    )
    return portrait, strength


def draw_all(
    portraits: Sequence[Portrait],
    size: int = 48,
    color: bool = False,
    progress: Progress | None = None,
) -> npt.NDArray[np.uint8]:
    """Draw portraits, on all cores where there are enough of them to be worth it.

    Args:
        portraits: n of them.
        size: width and height in pixels, 16 to 512.
        color: RGB where True, gray where False.
        progress: called with the number drawn and n.

    Returns:
        uint8 (n, size, size) gray, or (n, size, size, 3) RGB.
    """
    size = check_size(size)
    images = np.zeros((len(portraits), size, size, *((3,) if color else ())), np.uint8)
    chunks = [portraits[first : first + _CHUNK] for first in range(0, len(portraits), _CHUNK)]
    done = 0
    for drawn in on_all_cores(partial(_draw_chunk, size=size, color=color), chunks, least=5):
        images[done : done + len(drawn)] = drawn
        done += len(drawn)
        if progress:
            progress(done, len(portraits))
    return images


def _draw_chunk(portraits: Sequence[Portrait], size: int, color: bool) -> npt.NDArray[np.uint8]:
    return np.array([draw(portrait, size, color) for portrait in portraits])


def faces(
    n: int,
    seed: int = 0,
    size: int = 48,
    color: bool = False,
    variety: float = DEFAULT_VARIETY,
    class_shares: Sequence[float] = CLASS_SHARES,
    progress: Progress | None = None,
) -> DrawnFaces:
    """Draw n faces whose emotions occur as often as in FER2013.

    Face i depends on the seed and on i alone, so the first 100 of 1,000 faces are the same as
    100 faces. It is the same on every platform up to rounding.

    Args:
        n: how many.
        seed: 0 or more.
        size: width and height in pixels, 16 to 512.
        color: RGB where True, gray where False.
        variety: 0 (frontal prototypes at full strength) to 1; see ``DEFAULT_VARIETY``.
        class_shares: how often each of the seven emotions occurs; need not sum to 1.
        progress: called with the number drawn and n.

    Raises:
        ValueError: a negative n, a size out of range, or shares that are no distribution.
    """
    shares = np.asarray(class_shares, float)
    if n < 0:
        raise ValueError(f"n must be 0 or more, not {n}.")
    if seed < 0:
        raise ValueError(f"seed must be 0 or more, not {seed}.")
    if shares.shape != (len(SEVEN),) or (shares < 0).any() or not shares.sum() > 0:
        raise ValueError("class_shares must be seven numbers, 0 or more, not all of them 0.")
    if not 0 <= variety <= 1:
        raise ValueError(f"variety must be 0 to 1, not {variety}.")
    labels, portraits, intensities = sample_portraits(n, seed, variety, shares)
    images = draw_all(portraits, size, color, progress)
    return DrawnFaces(images, labels, tuple(portraits), intensities)


def sample_portraits(
    n: int,
    seed: int,
    variety: float = DEFAULT_VARIETY,
    class_shares: npt.ArrayLike = CLASS_SHARES,
) -> tuple[npt.NDArray[np.uint8], list[Portrait], npt.NDArray[np.float32]]:
    """Return n random portraits without drawing them.

    Args:
        n: how many.
        seed: 0 or more; portrait i depends on it and on i alone.
        variety: 0 to 1.
        class_shares: how often each of the seven emotions occurs.

    Returns:
        Labels uint8 (n,), portraits, and intensities float32 (n,).
    """
    shares = np.asarray(class_shares, float)
    shares = shares / shares.sum()
    labels, intensities = np.zeros(n, np.uint8), np.zeros(n, np.float32)
    portraits = []
    for i in range(n):
        rng = np.random.default_rng([seed, i])
        labels[i] = rng.choice(len(SEVEN), p=shares)
        portrait, intensities[i] = sample_portrait(SEVEN[labels[i]], rng, variety)
        portraits.append(portrait)
    return labels, portraits, intensities
