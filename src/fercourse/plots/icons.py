"""A thousand moments as a thousand squares: shares that one can count."""

from collections.abc import Mapping
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from fercourse.plots.colors import COLORS
from fercourse.plots.showing import INK

_GRAY = "#e3e6ea"


def icon_array(axes: Axes, counts: Mapping[str, int], *, columns: int = 50) -> None:
    """Draw a square for each of many cases, group after group.

    People who count cases reason better than people who are given percentages: Gigerenzer and
    Hoffrage (1995), "How to improve Bayesian reasoning without instruction", Psychological
    Review 102(4).

    Args:
        axes: where to draw.
        counts: how many cases each group has; the last group is pale.
        columns: squares in a row.

    Raises:
        ValueError: there is no case, or a negative number of them.
    """
    numbers = list(counts.values())
    if not numbers or min(numbers) < 0 or not sum(numbers):
        raise ValueError("counts must be whole numbers, 0 or more, and not all of them 0.")
    kinds = np.repeat(np.arange(len(numbers)), numbers)
    rows = -(-len(kinds) // columns)
    grid = np.full(rows * columns, -1)
    grid[: len(kinds)] = kinds
    colors = [color for color, _ in zip(cycle(COLORS), numbers[:-1], strict=False)] + [_GRAY]
    masked = np.ma.masked_less(grid.reshape(rows, columns), 0)
    # Edges at whole numbers leave a white line between the squares.
    axes.pcolormesh(
        masked,
        cmap=ListedColormap(colors),
        vmin=-0.5,
        vmax=len(numbers) - 0.5,
        edgecolors="white",
        linewidth=1,
    )
    axes.set(aspect="equal", ylim=(rows, 0))
    axes.set_axis_off()
    handles = [
        Patch(color=color, label=f"{number:,} {name}")
        for color, (name, number) in zip(colors, counts.items(), strict=True)
    ]
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0, -0.02),
        ncols=2,
        fontsize=8,
        frameon=False,
        labelcolor=INK,
    )
