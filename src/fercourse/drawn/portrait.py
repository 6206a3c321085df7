"""What there is to say about one drawn face: who, what expression, from where, in what light."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

Hair = Literal["bald", "short", "medium", "long"]
Side = Literal["left", "right", "bottom", "top"]
Beard = Literal["none", "stubble", "mustache", "full"]


@dataclass(frozen=True)
class Identity:
    """A person: what stays the same while the expression changes.

    Shape values are relative to an average face (1.0, or 0.0 for offsets) and mean little
    outside 0.8 to 1.2 (-1 to 1 for offsets). Colors are RGB, 0 to 1.

    Attributes:
        face_width, jaw_width, chin_length, forehead: proportions of the head.
        eye_size, eye_distance, eye_tilt: the eyes; tilt in -1 (outer corner low) to 1.
        nose_length, nose_width: the nose.
        mouth_width, lip_fullness: the mouth at rest.
        mouth_rest: corners of the mouth at rest, -1 (down) to 1 (up).
        brow_height, brow_thickness, brow_arch: the brows; height in -1 to 1.
        skin_tone: 0 (very light) to 1 (very dark).
        age_lines: 0 (none) to 1 (deep).
        hair, hair_color, hairline: style, color, and how far it has receded, 0 to 1.
        beard: style; its color is the hair's.
        glasses: 0 (none) or the thickness of the frame, 0 to 1.
        lashes: 0 (light) to 1 (dark, as with make-up).
        iris_color, shirt_color: colors.
        asymmetry: -1 to 1, how much further the left half of an expression goes than the right.
    """

    face_width: float = 1.0
    jaw_width: float = 1.0
    chin_length: float = 1.0
    forehead: float = 1.0
    eye_size: float = 1.0
    eye_distance: float = 1.0
    eye_tilt: float = 0.0
    nose_length: float = 1.0
    nose_width: float = 1.0
    mouth_width: float = 1.0
    lip_fullness: float = 1.0
    mouth_rest: float = 0.0
    brow_height: float = 0.0
    brow_thickness: float = 1.0
    brow_arch: float = 1.0
    skin_tone: float = 0.3
    age_lines: float = 0.2
    hair: Hair = "short"
    hair_color: tuple[float, float, float] = (0.16, 0.11, 0.08)
    hairline: float = 0.2
    beard: Beard = "none"
    glasses: float = 0.0
    lashes: float = 0.3
    iris_color: tuple[float, float, float] = (0.30, 0.19, 0.10)
    shirt_color: tuple[float, float, float] = (0.25, 0.32, 0.45)
    asymmetry: float = 0.0

    def __post_init__(self) -> None:
        for name, known in (("hair", get_args(Hair)), ("beard", get_args(Beard))):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name} must be one of {', '.join(known)}, not {getattr(self, name)!r}."
                )
        for name in ("skin_tone", "age_lines", "hairline", "glasses", "lashes"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must be 0 to 1, not {getattr(self, name)!r}.")


@dataclass(frozen=True)
class Pose:
    """Rotation of the head, in degrees, each within -20 to 20.

    Attributes:
        yaw: positive turns the face to the right-hand side of the picture.
        pitch: positive lifts the chin.
        roll: positive tilts the head clockwise in the picture.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0

    def __post_init__(self) -> None:
        for name in ("yaw", "pitch", "roll"):
            if not -20 <= getattr(self, name) <= 20:
                raise ValueError(f"{name} must be -20 to 20 degrees, not {getattr(self, name)}.")


@dataclass(frozen=True)
class Light:
    """One lamp and the light from everywhere.

    Attributes:
        azimuth: degrees from the camera's axis; positive is the right-hand side of the picture.
        elevation: degrees above the camera; negative lights from below.
        ambient: share of light that comes from everywhere, 0 (hard shadows) to 1 (none).
        brightness: of the whole, 1.0 is a well-exposed picture.
    """

    azimuth: float = -25.0
    elevation: float = 35.0
    ambient: float = 0.5
    brightness: float = 1.0


@dataclass(frozen=True)
class Framing:
    """Where the face stands in the picture.

    Attributes:
        span: height of the picture in units of half the face's height; 1.9 crops as FER2013 does.
        right, down: offset of the face from the middle, in the same units.
    """

    span: float = 2.3
    right: float = 0.0
    down: float = 0.0


@dataclass(frozen=True)
class Camera:
    """What the camera does to the picture.

    Attributes:
        blur: standard deviation of a Gaussian blur, in 1/48 of the picture's width.
        noise: standard deviation of the noise, in gray levels.
        contrast: 1.0 leaves it as it is.
        development: how far the picture is brought to the middle gray and the spread of a
            well-developed print, 0 (not at all) to 1 (wholly), as web photographs are.
    """

    blur: float = 0.0
    noise: float = 0.0
    contrast: float = 1.0
    development: float = 0.0


@dataclass(frozen=True)
class Occlusion:
    """A plain object before the face, such as a hand or a microphone.

    Attributes:
        side: where it stands in the way.
        amount: how much of the face it hides, 0 to 0.5.
        gray: its brightness, 0 to 1.
    """

    side: Side = "bottom"
    amount: float = 0.0
    gray: float = 0.5


@dataclass(frozen=True)
class Portrait:
    """Everything that decides one drawn face.

    Attributes:
        action_units: number of each acting unit and its intensity, 0 to 1 or "A" to "E".
        identity, pose, light, framing, camera, occlusion: see their classes.
        grain: seed of what is random without meaning: background, skin and hair texture, noise.
    """

    action_units: Mapping[int, float | str] = field(default_factory=dict)
    identity: Identity = field(default_factory=Identity)
    pose: Pose = field(default_factory=Pose)
    light: Light = field(default_factory=Light)
    framing: Framing = field(default_factory=Framing)
    camera: Camera = field(default_factory=Camera)
    occlusion: Occlusion = field(default_factory=Occlusion)
    grain: int = 0


def skin_color(tone: float) -> np.ndarray:
    """Return the RGB color, 0 to 1, of a skin tone from 0 (very light) to 1 (very dark)."""
    stops = np.array(
        [
            [0.95, 0.80, 0.71],
            [0.88, 0.68, 0.55],
            [0.72, 0.50, 0.37],
            [0.50, 0.32, 0.22],
            [0.30, 0.19, 0.14],
        ]
    )
    position = np.clip(tone, 0, 1) * (len(stops) - 1)
    return np.array([np.interp(position, np.arange(len(stops)), channel) for channel in stops.T])
