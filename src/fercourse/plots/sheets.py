"""Images side by side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from fercourse.plots.showing import INK, SelfShowingFigure

_CELL = 0.92  # inches
_GAP = 0.07  # all lengths below are in cells
_PAIR_GAP = 0.2
_TITLE_LINE = 0.14
_HEAD = 0.42
_COLUMN_TITLE = 0.24
_LETTER = 0.075
_MARGIN = 0.12
_CAPTION = 0.2
_TITLE_LETTER = 0.1
_CAPTION_LETTER = 0.066


def contact_sheet(
    images: npt.ArrayLike,
    titles: Sequence[str] | None = None,
    *,
    row_titles: Sequence[str] | None = None,
    column_titles: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    caption: str | None = None,
    paired: bool = False,
) -> SelfShowingFigure:
    """Show images side by side, row by row.

    Args:
        images: (n, h, w) gray or (n, h, w, 3) RGB; uint8, or floating from 0 to 1.
        titles: one under each image; may have several lines.
        row_titles: one to the left of each row.
        column_titles: one above each column.
        columns: images in a row; by default as many as there are column titles, else about
            one and a half times as many as there are rows.
        title: one line above all.
        caption: one line below all, such as ``FaceSet.title``.
        paired: leave more space after every second column.

    Returns:
        The figure. ``figure.savefig("sheet.png", dpi=150)`` keeps it.

    Raises:
        ValueError: the shapes or the numbers of titles do not fit.
    """
    pictures = np.asarray(images)
    _check_shape(pictures)
    n = len(pictures)
    if columns is None:
        columns = len(column_titles) if column_titles else min(n, math.ceil(math.sqrt(1.5 * n)))
    columns = max(columns, 1)
    rows = max(math.ceil(n / columns), 1)
    _check_number("titles", titles, n)
    _check_number("row_titles", row_titles, rows)
    _check_number("column_titles", column_titles, columns)
    under = _TITLE_LINE * max((text.count("\n") + 1 for text in titles), default=0) if titles else 0
    left = _MARGIN + (_LETTER * max(map(len, row_titles)) + 0.1 if row_titles else 0)
    layout = _Layout(
        columns=columns,
        cell_height=pictures.shape[1] / pictures.shape[2] if n else 1.0,
        under=under,
        left=left,
        top=_MARGIN + (_HEAD if title else 0) + (_COLUMN_TITLE if column_titles else 0),
        pair_gap=_PAIR_GAP if paired else 0,
    )
    needed = max(_TITLE_LETTER * len(title or ""), _CAPTION_LETTER * len(caption or ""))
    width = max(layout.place(columns - 1)[0] + 1, left + needed) + _MARGIN
    bottom = layout.place(rows * columns)[1] - _GAP + _MARGIN
    height = bottom + (_CAPTION if caption else 0)

    figure = SelfShowingFigure(figsize=(width * _CELL, height * _CELL), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    _draw_cells(axes, pictures, titles, layout)
    for column, text in enumerate(column_titles or ()):
        x = layout.place(column)[0] + 0.5
        _write(axes, x, layout.top - 0.06, text, size=8.5, va="bottom")
    for row, text in enumerate(row_titles or ()):
        y = layout.place(row * columns)[1] + layout.cell_height / 2
        _write(axes, left - 0.1, y, text, size=8.5, ha="right")
    if title:
        _write(axes, left, _MARGIN, title, size=11, ha="left", va="top", weight="bold")
    if caption:
        _write(axes, left, bottom, caption, size=8, ha="left", va="top")
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return figure


@dataclass(frozen=True)
class _Layout:
    """Where the images of a sheet stand; lengths in widths of an image."""

    columns: int
    cell_height: float
    under: float
    left: float
    top: float
    pair_gap: float

    def place(self, index: int) -> tuple[float, float]:
        """Return the left and upper edge of an image."""
        row, column = divmod(index, self.columns)
        x = self.left + column * (1 + _GAP) + self.pair_gap * (column // 2)
        return x, self.top + row * (self.cell_height + self.under + _GAP)


def _draw_cells(
    axes: Axes,
    pictures: npt.NDArray[np.generic],
    titles: Sequence[str] | None,
    layout: _Layout,
) -> None:
    """Draw each image with the lines under it."""
    for index, picture in enumerate(pictures):
        x, y = layout.place(index)
        _place(axes, picture, x, y, layout.cell_height)
        for line, text in enumerate(titles[index].split("\n") if titles else ()):
            y_text = y + layout.cell_height + _TITLE_LINE * (line + 0.75)
            _write(axes, x + 0.5, y_text, text, size=7, va="baseline")


def _check_number(name: str, given: Sequence[str] | None, needed: int) -> None:
    if given is not None and len(given) != needed:
        raise ValueError(f"{name} must hold {needed} entries, not {len(given)}.")


def _check_shape(pictures: npt.NDArray[np.generic]) -> None:
    is_gray = pictures.ndim == 3
    is_color = pictures.ndim == 4 and pictures.shape[3] == 3
    if not (is_gray or is_color):
        raise ValueError(f"images must be (n, h, w) or (n, h, w, 3), not {pictures.shape}.")


def _place(axes: Axes, picture: npt.NDArray[np.generic], x: float, y: float, height: float) -> None:
    white = 255 if picture.dtype == np.uint8 else 1
    axes.imshow(
        picture,
        cmap="gray",
        vmin=0,
        vmax=white,
        extent=(x, x + 1, y + height, y),
        interpolation="lanczos",
        aspect="auto",
    )


def _write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    ha: str = "center",
    va: str = "center",
    weight: str = "normal",
) -> None:
    axes.text(x, y, text, fontsize=size, ha=ha, va=va, weight=weight, color=INK, linespacing=1.1)
