"""Drawing what was read: boxes, labels, bars of probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fercourse.live.faces import Box, Frame
from fercourse.live.layout import Panel, place_panels
from fercourse.live.reader import LabelledFace
from fercourse.plots import COLORS

NOT_SURE = "not sure"
"""What stands where no label is clear."""

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_GRAY = (150, 150, 150)
_INK = (40, 40, 40)
_RED = (40, 40, 220)
_PAPER = (245, 245, 245)
_SHADE = 0.82


@dataclass(frozen=True)
class Look:
    """What is drawn.

    Attributes:
        bars: the probability of each class, where there is room.
        landmarks: the points that a face was aligned by.
        ids: the persons' numbers.
    """

    bars: bool = True
    landmarks: bool = False
    ids: bool = True


def label_of(face: LabelledFace, classes: Sequence[str]) -> str:
    """Return the name of what is shown of a face, or "not sure"."""
    label = face.reading.label
    return NOT_SURE if label is None else classes[label]


def title_of(face: LabelledFace, classes: Sequence[str], with_id: bool = True) -> str:
    """Return what stands above a face's bars: its number, its label, how sure that is."""
    label = face.reading.label
    words = label_of(face, classes)
    if label is not None:
        words += f" {face.reading.probabilities[label]:.0%}"
    return f"{face.id}: {words}" if with_id else words


def draw(
    frame: Frame,
    faces: Sequence[LabelledFace],
    classes: Sequence[str],
    look: Look | None = None,
    panels: dict[int, Panel] | None = None,
) -> Frame:
    """Return a copy of a frame with its faces' boxes and labels.

    Labels lie on no other label. Sizes follow the frame's, so that a 4K frame can be read, too.

    Args:
        frame: uint8 (height, width, 3), blue, green, red.
        faces: what was read of it.
        classes: names, in the order of the probabilities.
        look: what is drawn.
        panels: where each person's panel was in the frame before, by the person's number; brought
            up to date, so that the same dictionary can be given with the next frame.
    """
    look = look or Look()
    picture = frame.copy()
    height, width = frame.shape[:2]
    unit = _unit(frame)
    texts = [title_of(face, classes, look.ids) for face in faces]
    sizes = [_panel_sizes(text, classes, look, unit) for text in texts]
    for face in faces:
        _frame_face(picture, face, look, unit)
    before = [panels.get(face.id) for face in faces] if panels else None
    places = place_panels([face.face.box for face in faces], sizes, width, height, before)
    if panels is not None:
        panels.clear()
        panels |= {face.id: place for face, place in zip(faces, places, strict=True) if place}
    for face, text, place in zip(faces, texts, places, strict=True):
        if place:
            bars = look.bars and place.choice == 0
            _draw_panel(picture, place.box, text, face, classes if bars else (), unit)
    return picture


def note(picture: Frame, text: str, row: int = 0, size: float = 1.0) -> None:
    """Write a line into the upper left corner of a picture, or so many rows below it.

    Args:
        picture: is written into.
        text: the line.
        row: how many lines of size 1 stand above it.
        size: of the letters.
    """
    unit = _unit(picture)
    down = round(12 * unit)
    top = row * (down + 12 * unit)
    tall = size * (down + 12 * unit)
    (across, _), _ = cv2.getTextSize(text, _FONT, 0.5 * unit * size, _thick(unit * size))
    _fill(picture, Box(0, top, across + 12 * unit, tall), _PAPER)
    place = (round(6 * unit), round(top + tall - 7 * unit * size))
    cv2.putText(
        picture, text, place, _FONT, 0.5 * unit * size, _INK, _thick(unit * size), cv2.LINE_AA
    )


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, such as ``1 face`` or ``2,000 faces``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def mark_recording(picture: Frame) -> None:
    """Draw a red dot into the upper right corner of a picture."""
    radius = round(8 * _unit(picture))
    place = (picture.shape[1] - 2 * radius, 2 * radius)
    cv2.circle(picture, place, radius + 2, _PAPER, -1, cv2.LINE_AA)
    cv2.circle(picture, place, radius, _RED, -1, cv2.LINE_AA)


def _panel_sizes(
    text: str, classes: Sequence[str], look: Look, unit: float
) -> list[tuple[int, int]]:
    """Return the size of a panel with bars, if they are wanted, and of one without."""
    across = cv2.getTextSize(text, _FONT, 0.5 * unit, _thick(unit))[0][0] + round(12 * unit)
    small = (across, round(22 * unit))
    if not look.bars:
        return [small]
    return [(max(across, round(132 * unit)), round((26 + 14 * len(classes)) * unit)), small]


def _frame_face(picture: Frame, face: LabelledFace, look: Look, unit: float) -> None:
    box = face.face.box
    corners = (round(box.x), round(box.y)), (round(box.x + box.width), round(box.y + box.height))
    cv2.rectangle(picture, *corners, _PAPER, _thick(unit) + 3, cv2.LINE_AA)
    cv2.rectangle(picture, *corners, _color(face.reading.label), _thick(unit) + 1, cv2.LINE_AA)
    if look.landmarks and face.face.landmarks is not None:
        for x, y in face.face.landmarks:
            place = round(float(x)), round(float(y))
            cv2.circle(picture, place, round(3 * unit), _PAPER, -1, cv2.LINE_AA)
            cv2.circle(picture, place, round(2 * unit), _INK, -1, cv2.LINE_AA)


def _draw_panel(
    picture: Frame,
    panel: Box,
    text: str,
    face: LabelledFace,
    classes: Sequence[str],
    unit: float,
) -> None:
    _fill(picture, panel, _PAPER)
    edge = Box(panel.x, panel.y, 4 * unit, panel.height)
    _fill(picture, edge, _color(face.reading.label), 1.0)
    left = round(panel.x + 8 * unit)
    place = (left, round(panel.y + 15 * unit))
    cv2.putText(picture, text, place, _FONT, 0.5 * unit, _INK, _thick(unit), cv2.LINE_AA)
    for row, (name, share) in enumerate(zip(classes, face.reading.probabilities, strict=False)):
        top = panel.y + (24 + 14 * row) * unit
        start = panel.x + 66 * unit
        length = float(share) * (panel.width - 72 * unit)
        _fill(picture, Box(start, top, max(1.0, length), 9 * unit), _color(row), 1.0)
        place = (left, round(top + 8 * unit))
        cv2.putText(picture, name, place, _FONT, 0.36 * unit, _INK, _thick(unit), cv2.LINE_AA)


def _fill(picture: Frame, box: Box, color: tuple[int, int, int], share: float = _SHADE) -> None:
    """Lay a color over a part of a picture, so that a share of it is the color's."""
    left, top = max(0, round(box.x)), max(0, round(box.y))
    part = picture[top : round(box.y + box.height), left : round(box.x + box.width)]
    if part.size:
        part[:] = cv2.addWeighted(part, 1 - share, np.full_like(part, color), share, 0)


def _color(label: int | None) -> tuple[int, int, int]:
    """Return a class's color as OpenCV has it; gray for none."""
    if label is None:
        return _GRAY
    red, green, blue = (int(COLORS[label % len(COLORS)][i : i + 2], 16) for i in (1, 3, 5))
    return blue, green, red


def _unit(picture: Frame) -> float:
    """Return how large things are drawn: 1 in a picture of 1280 pixels, never too small to read."""
    return max(0.85, max(picture.shape[:2]) / 1280)


def _thick(unit: float) -> int:
    return max(1, round(unit))
