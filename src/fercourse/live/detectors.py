"""Two ways to find faces: Haar's, which always works, and YuNet, which finds more, faster."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fercourse.errors import CourseError
from fercourse.live.faces import Box, Face, Frame, require_frame

_HAAR_FILE = "haarcascade_frontalface_default.xml"

# In frames of 32 rows or fewer, YuNet's deepest features are a single row, for which OpenCV 4.14
# reads memory that nothing was written to (seen with AVX-512), and finds faces in it.
_LEAST_SIDE = 64


class YuNetDetector:
    """YuNet (Wu, Peng and Yu, 2023, doi:10.1007/s11633-023-1423-y), a small network.

    Args:
        file: ``face_detection_yunet_2023mar.onnx`` of OpenCV Zoo.
        longest_side: frames are made smaller to so many pixels first; smaller is faster and
            misses small faces.
        least_score: of a face, 0 to 1.

    Raises:
        CourseError: OpenCV cannot read the file.
    """

    name = "yunet"

    def __init__(self, file: Path, longest_side: int = 480, least_score: float = 0.7) -> None:
        self._longest_side = longest_side
        try:
            self._network = cv2.FaceDetectorYN.create(str(file), "", (320, 320), least_score)
        except cv2.error as error:
            raise CourseError(
                f"OpenCV cannot read the face detector {file}. Get it again with "
                "`python3 course.py models get`."
            ) from error

    def detect(self, frame: Frame) -> list[Face]:
        """Return the faces of a frame with their landmarks, the surest first."""
        frame = require_frame(frame)
        smaller, scale = _made_smaller(frame, self._longest_side)
        smaller = _padded(smaller, _LEAST_SIDE)
        self._network.setInputSize((smaller.shape[1], smaller.shape[0]))
        found: Any = self._network.detect(smaller)[1]
        rows = np.zeros((0, 15), np.float32) if found is None else found
        rows = rows[np.isfinite(rows).all(axis=1) & (rows[:, 2:4] > 0).all(axis=1)]
        rows = rows[np.argsort(-rows[:, 14], kind="stable")]
        return [_from_yunet(row, scale) for row in rows]


class HaarDetector:
    """The cascade of Viola and Jones (2001), which comes with OpenCV.

    It knows frontal faces only and gives no landmarks. Its boxes are squares around more of the
    head than YuNet's; they are brought to YuNet's form, so that one crop fits both.

    Args:
        longest_side: frames are made smaller to so many pixels first.
        least_neighbors: how many overlapping finds make a face; more misses more and errs less.
    """

    name = "haar"

    def __init__(self, longest_side: int = 480, least_neighbors: int = 5) -> None:
        self._longest_side = longest_side
        self._least_neighbors = least_neighbors
        folder = Path(cv2.__file__).parent / "data"
        self._cascade = cv2.CascadeClassifier(str(folder / _HAAR_FILE))

    def detect(self, frame: Frame) -> list[Face]:
        """Return the faces of a frame, the largest first: a cascade does not say how sure it is."""
        smaller, scale = _made_smaller(require_frame(frame), self._longest_side)
        gray = cv2.equalizeHist(cv2.cvtColor(smaller, cv2.COLOR_BGR2GRAY))
        squares = self._cascade.detectMultiScale(
            gray, scaleFactor=1.15, minNeighbors=self._least_neighbors, minSize=(24, 24)
        )
        squares = sorted(squares, key=lambda square: -square[2])
        return [Face(_from_haar(x, y, side, scale), 1.0) for x, y, side, _ in squares]


def _from_yunet(row: npt.NDArray[np.float32], scale: float) -> Face:
    """Return a face of a row of YuNet's: box, five points, score."""
    numbers = row * scale
    box = Box(*(float(number) for number in numbers[:4]))
    return Face(box, float(row[14]), numbers[4:14].reshape(5, 2))


def _from_haar(x: int, y: int, side: int, scale: float) -> Box:
    """Return the box that YuNet would give: medians over 1,044 faces that both find."""
    return Box(
        float(x + 0.104 * side) * scale,
        float(y - 0.005 * side) * scale,
        float(0.797 * side) * scale,
        float(1.023 * side) * scale,
    )


def _padded(frame: Frame, least_side: int) -> Frame:
    """Return a frame of at least so many pixels a side, black on the right and below."""
    more = [max(0, least_side - side) for side in frame.shape[:2]]
    return np.pad(frame, ((0, more[0]), (0, more[1]), (0, 0))) if any(more) else frame


def _made_smaller(frame: Frame, longest_side: int) -> tuple[Frame, float]:
    """Return a frame of at most so many pixels a side, and how many of its own one of them is."""
    scale = max(1.0, max(frame.shape[:2]) / longest_side)
    if scale == 1:
        return frame, 1.0
    size = (max(1, round(frame.shape[1] / scale)), max(1, round(frame.shape[0] / scale)))
    smaller = cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(smaller, np.uint8), scale
