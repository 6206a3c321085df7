"""How accuracy grows with the number of faces that a classifier learned from."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, NullLocator, PercentFormatter

from fercourse.plots.colors import COLORS
from fercourse.plots.showing import INK, SelfShowingFigure

Point = tuple[int, float, tuple[float, float]]
"""Faces learned from, accuracy from 0 to 1, and the ends of its interval."""

End = tuple[float, float, str, str]
"""Place of a curve's last point, its name and its color."""

_LINE = 0.055
"""Height of a name as a share of the axis."""

_NEAR = 0.3
"""Powers of ten between two curves' ends below which their names could meet."""

_APART = 0.022
"""Powers of ten between the intervals of two curves at one place, so that none hides another."""


def accuracy_by_faces(
    curves: Mapping[str, Sequence[Point]],
    *,
    title: str,
    xlabel: str = "faces learned from",
    ylabel: str = "accuracy",
    chance: float | None = None,
) -> SelfShowingFigure:
    """Show several ways to a classifier side by side, by how many faces they had.

    Args:
        curves: under each way's name its points, in any order; at least one in all.
        title: one line above.
        xlabel: what was counted.
        ylabel: what the values are.
        chance: what guessing would get, 0 to 1; None leaves its line out.

    Returns:
        The figure: a line for each way with its name at the end, and a bar for each interval.

    Raises:
        ValueError: there is no point, or a number of faces is not positive.
    """
    points = [point for way in curves.values() for point in way]
    if not points or min(faces for faces, _, _ in points) < 1:
        raise ValueError("accuracy_by_faces needs points, each with one face or more.")
    figure = SelfShowingFigure(figsize=(8.4, 4.8), layout="constrained")
    axes = figure.add_subplot()
    middle = (len(curves) - 1) / 2
    ends: list[End] = []
    for place, ((name, way), color) in enumerate(zip(curves.items(), cycle(COLORS), strict=False)):
        if not way:
            continue
        faces, values, intervals = zip(*sorted(way), strict=True)
        x = np.array(faces) * 10 ** (_APART * (place - middle))
        axes.vlines(x, *np.transpose(intervals), color=color, lw=1.6, alpha=0.55)
        axes.plot(x, values, marker="o", ms=5.5, lw=2, color=color, mec="white", mew=0.8)
        ends.append((float(x[-1]), values[-1], name, color))
    if chance is not None:
        axes.axhline(chance, color=INK, lw=1, ls=":", alpha=0.6)
        axes.annotate(
            "always the same answer",
            (0.01, chance),
            (0, 3),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            fontsize=8,
            color=INK,
            alpha=0.8,
        )
    _number_the_axes(axes, sorted({faces for faces, _, _ in points}))
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    _name_the_curves(axes, ends)
    return figure


def _number_the_axes(axes: Axes, counts: Sequence[int]) -> None:
    axes.set_xscale("log")
    axes.set_xticks(counts)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.margins(x=0.06)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)


def _name_the_curves(axes: Axes, ends: Sequence[End]) -> None:
    """Write each name behind the end of its curve, above the names that are in its way."""
    low, high = axes.get_ylim()
    apart = _LINE * (high - low)
    written: list[tuple[float, float]] = []
    for x, value, name, color in sorted(ends, key=lambda end: end[1]):
        beside = [height for other, height in written if abs(np.log10(other / x)) < _NEAR]
        height = max([value, *(height + apart for height in beside)])
        written.append((x, height))
        axes.annotate(
            name,
            (x, height),
            (9, 0),
            textcoords="offset points",
            color=color,
            fontsize=9,
            fontweight="bold",
            va="center",
            annotation_clip=False,
            path_effects=[withStroke(linewidth=3, foreground="white")],
        )
