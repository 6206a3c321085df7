"""Where the labels of many faces go, so that none lies on another."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fercourse.live.faces import Box

_GAP = 4
_HIDDEN = 0.12
"""Share of a face that its own larger panel may hide."""
_ROOM = 16
"""Pixels that must be free around a larger panel before it takes the place of a small one."""


class Panel(NamedTuple):
    """Where a face's panel is.

    Attributes:
        choice: which of its sizes it has.
        side: which of the places around the face it is at.
        box: its pixels.
    """

    choice: int
    side: int
    box: Box


def place_panels(
    boxes: Sequence[Box],
    sizes: Sequence[Sequence[tuple[int, int]]],
    width: int,
    height: int,
    before: Sequence[Panel | None] | None = None,
) -> list[Panel | None]:
    """Choose a place for each face's panel: inside the frame, and free of all other panels.

    Every face first gets its smallest panel, large faces first, beside all other faces where there
    is such a place, else on one; then those get a larger one for which there is room beside all
    other faces and hardly over their own. A panel goes beside, under or above its face, wherever it
    hides the least. Where a panel was in the frame before it stays while there is room, and a
    larger one comes only where there is room to spare: panels that jump cannot be read.

    Args:
        boxes: (n,) where the faces are.
        sizes: (n,) for each face its panels, width and height in pixels, the one liked best first.
        width: of the frame.
        height: of the frame.
        before: (n,) what was returned for the same faces in the frame before; None for a face
            that is new. By default all are.

    Returns:
        (n,) the panels; None where none has room.
    """
    faces, panels = _edges(boxes), np.zeros((len(boxes), 4))
    chosen, sides = [-1] * len(boxes), [0] * len(boxes)
    earlier = list(before) if before is not None else [None] * len(boxes)
    order = sorted(range(len(boxes)), key=lambda i: -boxes[i].area)

    def place(i: int, choice: int, hidden: float, alone: bool) -> bool:
        options = _edges(list(_candidates(boxes[i], sizes[i][choice], width, height)))
        last = earlier[i]
        grows = alone and last is not None and last.choice != choice
        wanted = options + (_ROOM if grows else 0) * np.array([-1, -1, 1, 1])
        taken = [j for j, other in enumerate(chosen) if other >= 0 and j != i]
        hides = _overlaps(options, faces)
        free = hides[:, i] <= hidden * boxes[i].area
        free &= ~_overlaps(wanted, panels[taken]).any(axis=1)
        beside = free & ~_overlaps(wanted, np.delete(faces, i, axis=0)).any(axis=1)
        if alone or beside.any():
            free = beside
        if free.any():
            stays = last is not None and free[last.side]
            best = np.where(free, hides.sum(axis=1), np.inf).argmin()
            sides[i] = last.side if last is not None and stays else int(best)
            panels[i], chosen[i] = options[sides[i]], choice
        return bool(free.any())

    for i in order:
        place(i, len(sizes[i]) - 1, 1.0, alone=False)
    for i in order:
        any(place(i, choice, _HIDDEN, alone=True) for choice in range(len(sizes[i]) - 1))
    return [
        Panel(choice, side, Box(left, top, right - left, bottom - top)) if choice >= 0 else None
        for choice, side, (left, top, right, bottom) in zip(
            chosen, sides, panels.tolist(), strict=True
        )
    ]


def _edges(boxes: Sequence[Box]) -> npt.NDArray[np.float64]:
    """Return left, top, right and bottom of boxes, (n, 4)."""
    rows = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes]
    return np.array(rows, np.float64).reshape(-1, 4)


def _overlaps(
    some: npt.NDArray[np.float64], others: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the area that each of some has in common with each of others, (n, m)."""
    starts = np.maximum(some[:, None, :2], others[None, :, :2])
    ends = np.minimum(some[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.clip(ends - starts, 0, None).prod(axis=2))


def _candidates(box: Box, size: tuple[int, int], width: int, height: int) -> Iterator[Box]:
    """Yield places for a panel, those liked best first; none where the frame is too small."""
    across, down = size
    if across > width or down > height:
        return
    right, left = box.x + box.width + _GAP, box.x - across - _GAP
    under, above = box.y + box.height + _GAP, box.y - down - _GAP
    middle = box.x + (box.width - across) / 2
    end = box.y + box.height - down
    places = [
        (right, box.y),
        (left, box.y),
        (middle, under),
        (middle, above),
        (right, end),
        (left, end),
        (box.x, under),
        (box.x, above),
        (middle, end),
        (middle, box.y),
    ]
    for x, y in places:
        inside_x = min(max(round(x), 0), width - across)
        inside_y = min(max(round(y), 0), height - down)
        yield Box(inside_x, inside_y, across, down)
