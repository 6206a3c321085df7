"""From a frame's faces to pictures as FER2013 frames them: 48 by 48, gray."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from fercourse.classifiers.contract import FACE
from fercourse.live.faces import Box, Face, Frame

LANDMARKS_IN_FER2013 = np.array(
    [[15.2, 18.9], [32.8, 19.2], [23.2, 28.8], [16.4, 35.6], [30.6, 35.9]], np.float32
)
"""Where eyes, nose and mouth lie in FER2013's pictures, x and y in pixels: the medians over
1,330 faces of Training in which YuNet finds them (``benchmarks/benchmark_framing.py``)."""

BOX_IN_FER2013 = Box(5.6, 0.4, 36.9, 46.9)
"""Where YuNet's box lies in FER2013's pictures: medians over the same faces."""

_MOST_SAMPLES = 8


def crop(frame: Frame, faces: Sequence[Face], *, align: bool = True) -> npt.NDArray[np.uint8]:
    """Cut out faces as the classifiers learned to see them.

    With landmarks a face is turned, moved and resized so that eyes, nose and mouth come to lie
    where they lie in FER2013 on average; without, so that its box does. What lies outside of the
    frame repeats its border.

    Args:
        frame: uint8 (height, width, 3).
        faces: n faces found in it.
        align: use landmarks where there are any.

    Returns:
        uint8 (n, 48, 48), gray levels.
    """
    pictures = np.zeros((len(faces), *FACE), np.uint8)
    for face, picture in zip(faces, pictures, strict=True):
        landmarks = face.landmarks if align else None
        matrix = _from_box(face.box) if landmarks is None else _from_landmarks(landmarks)
        picture[:] = _cut(frame, matrix)
    return pictures


def _from_box(box: Box) -> npt.NDArray[np.float64]:
    """Return where a pixel of the picture lies in the frame, as complex numbers (scale, place)."""
    scale = np.sqrt(box.area / BOX_IN_FER2013.area)
    place = complex(*box.center) - scale * complex(*BOX_IN_FER2013.center)
    return _matrix(complex(scale), place)


def _from_landmarks(landmarks: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return the similarity that brings FER2013's landmarks nearest to a face's.

    Least squares (Umeyama, 1991), which in the plane is one line of complex numbers.
    """
    wanted = LANDMARKS_IN_FER2013.astype(np.float64) @ (1, 1j)
    found = np.asarray(landmarks, np.float64) @ (1, 1j)
    centered = wanted - wanted.mean()
    turn = complex(np.vdot(centered, found - found.mean()) / np.vdot(centered, centered))
    return _matrix(turn, complex(found.mean() - turn * wanted.mean()))


def _matrix(turn: complex, place: complex) -> npt.NDArray[np.float64]:
    return np.array([[turn.real, -turn.imag, place.real], [turn.imag, turn.real, place.imag]])


def _cut(frame: Frame, matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return 48 by 48 gray levels; each is the mean of as many samples as it covers pixels."""
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    samples = int(np.clip(round(scale), 1, _MOST_SAMPLES))
    finer = matrix.copy()
    finer[:, :2] /= samples
    finer[:, 2] += matrix[:, :2] @ np.full(2, (1 / samples - 1) / 2)
    size = (FACE[1] * samples, FACE[0] * samples)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    picture = cv2.warpAffine(frame, finer, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if samples > 1:
        gray = cv2.resize(gray, FACE[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(gray, np.uint8)
