"""Where the labels of many faces go, so that none lies on another."""

from collections.abc import Iterator, Sequence

from fercourse.live.faces import Box

_GAP = 4
_HIDDEN = 0.12
"""Share of a face that its own larger panel may hide."""


def place_panels(
    boxes: Sequence[Box],
    sizes: Sequence[Sequence[tuple[int, int]]],
    width: int,
    height: int,
) -> list[tuple[int, Box] | None]:
    """Choose a place for each face's panel: inside the frame, and free of all other panels.

    Every face first gets its smallest panel, large faces first; then those get a larger one
    for which there is room beside all other faces and hardly over their own. A panel goes beside,
    under or above its face, wherever it hides the least.

    Args:
        boxes: (n,) where the faces are.
        sizes: (n,) for each face its panels, width and height in pixels, the one liked best first.
        width: of the frame.
        height: of the frame.

    Returns:
        (n,) which of the panels it is and where; None where no panel has room.
    """
    placed: list[tuple[int, Box] | None] = [None] * len(boxes)
    order = sorted(range(len(boxes)), key=lambda i: -boxes[i].area)

    def place(i: int, choice: int, beside: Sequence[Box], hidden: float) -> bool:
        taken = [other[1] for j, other in enumerate(placed) if other and j != i]
        free = [
            panel
            for panel in _candidates(boxes[i], sizes[i][choice], width, height)
            if panel.overlap(boxes[i]) <= hidden * boxes[i].area
            and not any(panel.overlap(other) for other in (*taken, *beside))
        ]
        if free:
            best = min(free, key=lambda panel: sum(panel.overlap(box) for box in boxes))
            placed[i] = (choice, best)
        return bool(free)

    for i in order:
        place(i, len(sizes[i]) - 1, (), 1.0)
    for i in order:
        others = [box for j, box in enumerate(boxes) if j != i]
        any(place(i, choice, others, _HIDDEN) for choice in range(len(sizes[i]) - 1))
    return placed


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
