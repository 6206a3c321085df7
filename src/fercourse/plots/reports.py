"""Charts of how far a classifier can be trusted: class by class, bin by bin, blur by blur."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from fercourse.plots.colors import COLORS
from fercourse.plots.showing import INK, SelfShowingFigure

_GRAY = "#c9ced6"
_COLUMNS = 4
_FEW = 10
"""A bin with fewer faces says little."""


def class_bars(
    values: Mapping[str, float | None],
    intervals: Sequence[tuple[float, float] | None],
    *,
    title: str,
    mean: float | None = None,
    xlabel: str = "F1",
) -> SelfShowingFigure:
    """Show one number from 0 to 1 for each class, with what it could as well have been.

    Args:
        values: the number of each class, None where it has none.
        intervals: for each class the ends of its interval, or None.
        title: one line above.
        mean: drawn as a line across all classes.
        xlabel: what the numbers are.

    Returns:
        The figure.

    Raises:
        ValueError: there are not as many intervals as values.
    """
    if len(values) != len(intervals):
        raise ValueError(f"{len(values)} values need as many intervals, not {len(intervals)}.")
    figure = SelfShowingFigure(figsize=(6.4, 0.9 + 0.42 * len(values)), layout="constrained")
    axes = figure.add_subplot()
    axes.barh(list(values), [value or 0 for value in values.values()], color=COLORS[0], height=0.62)
    for row, (value, ends) in enumerate(zip(values.values(), intervals, strict=True)):
        if ends is not None:
            axes.plot(ends, [row, row], color=INK, lw=1.4, marker="|", ms=7)
        text = "not there" if value is None else f"{value:.2f}"
        place = (ends[1] if ends else value or 0) + 0.015
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        axes.text(place, row, text, va="center", fontsize=9, bbox=box)
    if mean is not None:
        axes.axvline(mean, color=COLORS[1], lw=1.2, ls="--", label=f"mean {mean:.2f}", zorder=0)
        axes.legend(loc="lower right", fontsize=8)
    axes.invert_yaxis()
    axes.set(title=title, xlabel=xlabel, xlim=(0, 1.08))
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def reliability_diagram(
    edges: npt.ArrayLike,
    accuracy: npt.ArrayLike,
    confidence: npt.ArrayLike,
    faces: npt.ArrayLike,
    *,
    title: str,
) -> SelfShowingFigure:
    """Show how often a classifier is right beside how sure it is.

    Niculescu-Mizil and Caruana (2005), "Predicting good probabilities with supervised learning".
    Each bin has the 95 % interval that its number of faces allows (Wilson, 1927); bins with fewer
    than ten faces are pale, as they say little.

    Args:
        edges: (bins + 1,), the confidences at which a bin ends and the next begins, 0 to 1.
        accuracy: (bins,), share of right answers; NaN in an empty bin.
        confidence: (bins,), mean confidence; NaN in an empty bin.
        faces: (bins,), how many fell into each.
        title: one line above.

    Returns:
        The figure: the bins above, how many faces each holds below.

    Raises:
        ValueError: the lengths do not fit.
    """
    ends = np.asarray(edges, float)
    right, sure, number = (np.asarray(values, float) for values in (accuracy, confidence, faces))
    if not len(ends) - 1 == len(right) == len(sure) == len(number):
        raise ValueError("there must be one edge more than bins, and a value for each bin.")
    widths, held = np.diff(ends), number > 0
    figure = SelfShowingFigure(figsize=(5.2, 5.9), layout="constrained")
    top, low = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    for which, strength in ((held & (number < _FEW), 0.25), (number >= _FEW, 1.0)):
        bars = ends[:-1][which], right[which], widths[which]
        top.bar(*bars, align="edge", color=COLORS[0], ec="white", alpha=strength)
        away = np.abs(_wilson(right[which], number[which]) - right[which])
        middles = ends[:-1][which] + widths[which] / 2
        style = {"color": INK, "lw": 1, "ls": "none", "alpha": strength}
        label = "95 % interval" if strength == 1 else None
        top.errorbar(middles, right[which], away, elinewidth=1, capsize=2, label=label, **style)
        label = "at the bin's mean confidence" if strength == 1 else None
        dots = {"color": COLORS[1], "ms": 4, "alpha": strength, "clip_on": False, "zorder": 3}
        top.plot(sure[which], right[which], "o", label=label, **dots)
    top.plot([0, 1], [0, 1], color=INK, lw=1, ls="--", label="as sure as right")
    top.set(title=title, ylabel="accuracy in the bin", ylim=(0, 1), xlim=(0, 1))
    figure.legend(loc="outside lower center", ncols=3, fontsize=8)
    low.bar(ends[:-1], number, widths, align="edge", color=_GRAY, ec="white")
    low.set(xlabel="confidence: probability of the answer given", ylabel="faces")
    for axes in (top, low):
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _wilson(share: npt.NDArray[np.float64], number: npt.NDArray[np.float64]) -> Any:
    """Return the ends of Wilson's 95 % intervals of shares: (2, n)."""
    z = 1.96
    middle = (share + z**2 / (2 * number)) / (1 + z**2 / number)
    half = z * np.sqrt(share * (1 - share) / number + z**2 / (4 * number**2)) / (1 + z**2 / number)
    return np.array([middle - half, middle + half])


def robustness_chart(
    curves: Mapping[str, tuple[str, Sequence[float], Sequence[float]]],
    undisturbed: float,
    *,
    title: str,
) -> SelfShowingFigure:
    """Show how accuracy falls as faces are disturbed more and more.

    Args:
        curves: under each disturbance's name the unit of its strengths, the strengths from mild
            to severe, and the accuracy at each, 0 to 1.
        undisturbed: the accuracy without any.
        title: one line above all.

    Returns:
        The figure, one small panel for each disturbance, all to the same scale.
    """
    rows = max(math.ceil(len(curves) / _COLUMNS), 1)
    figure = SelfShowingFigure(figsize=(9.6, 0.5 + 2.15 * rows), layout="constrained")
    figure.suptitle(title)
    panels = figure.subplots(rows, _COLUMNS, sharey=True, squeeze=False)
    for axes, (name, (unit, strengths, accuracies)) in zip(
        panels.flat, curves.items(), strict=False
    ):
        places = range(1, len(strengths) + 1)
        axes.axhline(undisturbed, color=COLORS[1], lw=1, ls="--", label="undisturbed")
        axes.plot([0, *places], [undisturbed, *accuracies], color=COLORS[0], marker="o", ms=4)
        axes.set_xticks([0, *places], ["as is", *(f"{strength:g}" for strength in strengths)])
        axes.tick_params(labelsize=8)
        axes.set_title(name, fontsize=10)
        axes.set_xlabel(unit, fontsize=8)
        axes.set_ylim(0, 1)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in panels.flat[len(curves) :]:
        axes.set_axis_off()
    for axes in panels[:, 0]:
        axes.set_ylabel("accuracy")
    panels[0, 0].legend(loc="lower left", fontsize=8)
    return figure
