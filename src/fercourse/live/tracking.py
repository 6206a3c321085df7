"""Who is who from frame to frame: each face keeps its number while the person stays in view."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from fercourse.live.faces import Box, Face

_FAR = 1e6
_FASTEST = 6.0
"""No face crosses more than so many times its own width in a second."""


@dataclass(frozen=True, eq=False)
class Track:
    """A person in view.

    Attributes:
        id: 1 or more; no other person of this video has it.
        face: the face as it was found in this frame.
        first_seen: seconds, when the person came into view.
        frames: in how many frames the person was found, this one included.
    """

    id: int
    face: Face
    first_seen: float
    frames: int


@dataclass(frozen=True)
class _Known:
    """A track and what is needed to find it again."""

    track: Track
    seen: float
    velocity: tuple[float, float]

    def expected(self, time: float) -> Box:
        """Return where the face should be now if it moves on as it did, at most for 0.3 s."""
        ahead = min(time - self.seen, 0.3)
        return self.track.face.box.moved(self.velocity[0] * ahead, self.velocity[1] * ahead)


class Tracker:
    """Gives each face the number of the person that it belongs to.

    Faces of a frame are assigned to persons all at once, so that the boxes overlap as much as they
    can together: the Hungarian method (Kuhn, 1955) on the intersections over unions, as in SORT
    (Bewley et al., 2016, arXiv:1602.00763), with each person expected where it was going. A
    face that overlaps nobody's place is given to a person near by, so that quick movements and
    few frames a second do not make new persons.

    Args:
        patience: seconds for which a person may be hidden, or missed by the detector, and still
            is the same one afterwards.
        least_overlap: intersection over union from which on two boxes are one person's.
    """

    def __init__(self, patience: float = 1.0, least_overlap: float = 0.2) -> None:
        if patience < 0 or not 0 < least_overlap <= 1:
            raise ValueError("patience must be 0 or more, and least_overlap above 0 and up to 1.")
        self._patience = patience
        self._least_overlap = least_overlap
        self._known: list[_Known] = []
        self._next_id = 1
        self._time = -np.inf

    def update(self, faces: Sequence[Face], time: float) -> list[Track]:
        """Return the track of each face, in the order of the faces.

        Args:
            faces: those of the next frame.
            time: seconds, of the frame; later than that of the last frame.

        Raises:
            ValueError: the time is not later.
        """
        if not time > self._time:
            raise ValueError(f"frames come in order: {time} s is not after {self._time} s.")
        self._time = time
        self._known = [known for known in self._known if time - known.seen <= self._patience]
        owners = self._owners(faces, time)
        found = [
            self._begun(face, time) if owner is None else _followed(owner, face, time)
            for face, owner in zip(faces, owners, strict=True)
        ]
        followed = {known.track.id for known in found}
        self._known = found + [k for k in self._known if k.track.id not in followed]
        return [known.track for known in found]

    def _owners(self, faces: Sequence[Face], time: float) -> list[_Known | None]:
        """Return for each face whose it is; None where it is somebody new."""
        owners: list[_Known | None] = [None] * len(faces)
        if not faces or not self._known:
            return owners
        cost = np.array([[self._distance(k, face, time) for k in self._known] for face in faces])
        for row, column in zip(*linear_sum_assignment(cost), strict=True):
            if cost[row, column] < _FAR:
                owners[row] = self._known[column]
        return owners

    def _distance(self, known: _Known, face: Face, time: float) -> float:
        """Return 0 for the same place, up to 1 for overlapping boxes, up to 3 for near ones."""
        expected = known.expected(time)
        overlap = expected.intersection_over_union(face.box)
        if overlap >= self._least_overlap:
            return 1 - overlap
        size = (expected.width + face.box.width) / 2
        if not 0.5 < expected.width / face.box.width < 2:
            return _FAR
        away = float(np.hypot(*np.subtract(expected.center, face.box.center))) / size
        reach = min(1.5, 0.5 + _FASTEST * (time - known.seen))
        return 1 + away if away <= reach else _FAR

    def _begun(self, face: Face, time: float) -> _Known:
        track = Track(self._next_id, face, time, 1)
        self._next_id += 1
        return _Known(track, time, (0.0, 0.0))


def _followed(known: _Known, face: Face, time: float) -> _Known:
    """Return a person's track with the face that it has now."""
    passed = time - known.seen
    step: npt.NDArray[np.float64] = np.subtract(face.box.center, known.track.face.box.center)
    velocity = 0.6 * np.asarray(known.velocity) + 0.4 * step / passed
    track = replace(known.track, face=face, frames=known.track.frames + 1)
    return _Known(track, time, (float(velocity[0]), float(velocity[1])))
