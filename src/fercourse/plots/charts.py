"""Charts of what a classifier does, and of how it learned."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import MaxNLocator

from fercourse.plots.colors import COLORS
from fercourse.plots.showing import INK, SelfShowingFigure


def confusion_matrix_figure(
    counts: npt.ArrayLike, classes: Sequence[str], *, title: str
) -> SelfShowingFigure:
    """Show which classes are taken for which: a row for each true class, a column for each answer.

    Args:
        counts: whole numbers (k, k), truth down and predictions across.
        classes: the k names.
        title: one line above.

    Returns:
        The figure; each cell holds its count and its share of the row.

    Raises:
        ValueError: the shape does not fit the names.
    """
    table = np.asarray(counts)
    k = len(classes)
    if table.shape != (k, k):
        raise ValueError(f"counts must be ({k}, {k}) for {k} classes, not {table.shape}.")
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    figure = SelfShowingFigure(figsize=(1.6 + 0.78 * k, 1.5 + 0.62 * k), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(k, k):
        axes.text(
            column,
            row,
            f"{table[row, column]:,}\n{100 * shares[row, column]:.0f} %",
            ha="center",
            va="center",
            fontsize=8,
            color="white" if shares[row, column] > 0.55 else INK,
        )
    axes.set_xticks(range(k), classes, rotation=40, ha="right")
    axes.set_yticks(range(k), classes)
    axes.set(title=title, xlabel="predicted class", ylabel="true class (rows add up to 100 %)")
    return figure


def learning_curves(
    curves: Mapping[str, Sequence[float]],
    *,
    title: str,
    ylabel: str = "accuracy",
    xlabel: str = "epoch",
) -> SelfShowingFigure:
    """Show how something changed while a network learned.

    Args:
        curves: under each name, a value after each epoch.
        title: one line above.
        ylabel: what the values are, with their unit.
        xlabel: what they go along.

    Returns:
        The figure, with one line for each entry.
    """
    figure = SelfShowingFigure(figsize=(7, 3.8), layout="constrained")
    axes = figure.add_subplot()
    for (name, values), color in zip(curves.items(), cycle(COLORS), strict=False):
        axes.plot(range(1, len(values) + 1), values, marker="o", ms=4, label=name, color=color)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(alpha=0.3)
    axes.legend()
    return figure
