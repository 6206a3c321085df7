"""What a detector finds in a frame."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Frame = npt.NDArray[np.uint8]
"""A picture as OpenCV has it: (height, width, 3), blue, green and red."""


class Box(NamedTuple):
    """A bounding box in pixels of its frame; it may reach over the frame's edge.

    Attributes:
        x: of its left edge.
        y: of its upper edge.
        width: more than 0.
        height: more than 0.
    """

    x: float
    y: float
    width: float
    height: float

    @property
    def center(self) -> tuple[float, float]:
        """Its middle, x and y."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def area(self) -> float:
        """Its pixels."""
        return self.width * self.height

    def overlap(self, other: "Box") -> float:
        """Return the area that it shares with another box."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, across) * max(0.0, down)

    def intersection_over_union(self, other: "Box") -> float:
        """Return the shared area as a share of what both cover together, 0 to 1."""
        shared = self.overlap(other)
        return shared / (self.area + other.area - shared)

    def moved(self, right: float, down: float) -> "Box":
        """Return it at another place."""
        return Box(self.x + right, self.y + down, self.width, self.height)


@dataclass(frozen=True, eq=False)
class Face:
    """A face in a frame.

    Attributes:
        box: where it is.
        score: how sure the detector is, 0 to 1; 1 where it does not say.
        landmarks: float32 (5, 2), x and y of the eye on the picture's left, the other eye, the tip
            of the nose, and the corners of the mouth, left and right in the picture; None where
            the detector finds none.
    """

    box: Box
    score: float
    landmarks: npt.NDArray[np.float32] | None = None


@runtime_checkable
class Detector(Protocol):
    """Frames in, faces out."""

    @property
    def name(self) -> str:
        """What it is called: ``"yunet"`` or ``"haar"``."""
        ...

    def detect(self, frame: Frame) -> list[Face]:
        """Return the faces of a frame, the surest first.

        Args:
            frame: uint8 (height, width, 3), blue, green, red; any size from 1 by 1.

        Raises:
            ValueError: it has another type or shape.
        """
        ...


def require_frame(frame: object) -> Frame:
    """Return a frame as it is if it is one.

    Raises:
        ValueError: it is no array, or one of another type or shape.
    """
    if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8:
        kind = getattr(frame, "dtype", type(frame).__name__)
        raise ValueError(f"a frame must be an array of uint8, not {kind}.")
    if frame.ndim != 3 or frame.shape[2] != 3 or not frame.size:
        raise ValueError(f"a frame must be (height, width, 3), not {frame.shape}.")
    return frame
