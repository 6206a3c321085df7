"""Parallel coordinates: what many trials had, side by side, and what came of it."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import Stroke

from fercourse.plots.showing import INK, SelfShowingFigure

_COLORS = ListedColormap(mpl.colormaps["cividis_r"](np.linspace(0.25, 1, 256)))
"""From a yellow that is seen on white to a dark blue."""

_BEST = "#D55E00"
_FEW = 8
"""With no more different values than this, an axis shows each, and lines spread around it."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Scale:
    """An upright axis: where each trial stands on it, 0 to 1, and what is written beside it."""

    name: str
    places: Values
    ticks: tuple[tuple[float, str], ...]
    words: tuple[str, ...]


def parallel_coordinates(
    columns: Mapping[str, Sequence[Any]],
    scores: Sequence[float],
    *,
    title: str,
    score: str = "accuracy",
    logarithmic: Collection[str] = (),
) -> SelfShowingFigure:
    """Show what each trial had as a line across upright axes, colored by how well it did.

    Inselberg, 1985, "The plane with parallel coordinates", The Visual Computer 1. The better a
    trial, the darker and thicker its line, and the further in front; the best one is orange, and
    its values stand beneath the axes. Where trials share a value, their lines lie side by side, the
    better ones higher.

    Args:
        columns: under each axis' name a number or a word for each trial.
        scores: for each trial the share that it got right, 0 to 1.
        title: one line above.
        score: what the scores are; the name of the last axis.
        logarithmic: names of axes whose numbers differ by factors; all above 0.

    Returns:
        The figure.

    Raises:
        ValueError: there is nothing to show, the lengths differ, or a number cannot be shown.
    """
    right = np.asarray(scores, float)
    if not len(right) or not columns:
        raise ValueError("parallel coordinates need one trial and one axis, or more.")
    if not np.isfinite(right).all():
        raise ValueError("scores must be numbers: leave trials out that have none.")
    if unknown := set(logarithmic) - set(columns):
        raise ValueError(f"logarithmic names {sorted(unknown)}, which is no column.")
    scales = [
        _scale(name, list(values), right, name in logarithmic) for name, values in columns.items()
    ]
    scales.append(_of_numbers(score, right, right, [f"{100 * value:.1f} %" for value in right]))
    figure = SelfShowingFigure(figsize=(1.2 + 1.28 * len(scales), 5.4), layout="constrained")
    axes = figure.add_subplot()
    _draw_lines(axes, scales, right)
    best = int(right.argmax())
    for column, scale in enumerate(scales):
        _draw_scale(axes, column, scale, best, last=column == len(scales) - 1)
    axes.text(-0.28, -0.115, "best", ha="right", va="center", color=_BEST, weight="bold")
    axes.set_xlim(-0.55, len(scales) - 1 + 0.55)
    axes.set_ylim(-0.15, 1.12)
    axes.set_axis_off()
    axes.set_title(title, color=INK, fontsize=13, pad=12)
    return figure


def _scale(name: str, values: list[Any], scores: Values, logarithmic: bool) -> _Scale:
    """Return the axis of one column."""
    if len(values) != len(scores):
        raise ValueError(f"{name} has {len(values)} values for {len(scores)} trials.")
    if all(isinstance(value, int | float | np.number) for value in values) and not any(
        isinstance(value, bool | np.bool_) for value in values
    ):
        return _of_numbers(name, np.asarray(values, float), scores, None, logarithmic)
    words = [str(value) for value in values]
    different = list(dict.fromkeys(sorted(words)))
    steps = {word: (place + 0.5) / len(different) for place, word in enumerate(different)}
    places = np.array([steps[word] for word in words])
    ticks = tuple((place, word) for word, place in steps.items())
    return _Scale(name, _side_by_side(places, scores, 0.55 / len(different)), ticks, tuple(words))


def _of_numbers(
    name: str,
    values: Values,
    scores: Values,
    words: list[str] | None,
    logarithmic: bool = False,
) -> _Scale:
    """Return the axis of a column of numbers."""
    if not np.isfinite(values).all() or (logarithmic and (values <= 0).any()):
        raise ValueError(f"{name} has numbers that its axis cannot show.")
    shown = np.log10(values) if logarithmic else values
    low, high = float(shown.min()), float(shown.max())
    different = np.unique(values)
    few = len(different) <= _FEW and words is None and not logarithmic
    if few and len(different) > 1 and different[0] > 0 and _doubles(different):
        shown = np.log2(values)  # 32, 64, 128: each a step
        low, high = float(shown.min()), float(shown.max())
    span = high - low or 1.0

    def place(value: npt.ArrayLike) -> Values:
        middle = 0.5 if high == low else 0.0
        return middle + (np.asarray(value, float) - low) / span

    places = place(shown)
    if few:
        gap = float(np.diff(np.unique(places)).min()) if len(different) > 1 else 1.0
        places = gap / 4 + places * (1 - gap / 2)  # room for lines beside the outermost values
        at = dict(zip(values.tolist(), places.tolist(), strict=True))
        ticks = tuple((at[value], f"{value:g}") for value in different.tolist())
        places = _side_by_side(places, scores, gap * (1 - gap / 2) / 2)
    elif words is not None:
        ticks = tuple((float(place(v)), f"{100 * v:.3g} %") for v in _round_numbers(low, high))
    elif logarithmic:
        factors = [(place(math.log10(v)), f"{v:g}") for v in _round_factors(low, high)]
        ticks = tuple((float(np.clip(at, 0, 1)), word) for at, word in factors)
    else:
        ticks = tuple((float(place(v)), f"{v:g}") for v in _round_numbers(low, high))
    return _Scale(name, places, ticks, tuple(words or [f"{value:.3g}" for value in values]))


def _doubles(values: Values) -> bool:
    factors = values[1:] / values[:-1]
    return bool(np.allclose(np.log2(factors), np.round(np.log2(factors))) and factors.max() >= 2)


def _side_by_side(places: Values, scores: Values, width: float) -> Values:
    """Return places with those that are equal spread over a width, the better ones higher."""
    spread = places.copy()
    for place in np.unique(places):
        (same,) = np.nonzero(places == place)
        if len(same) > 1:
            room = min(width, 0.035 * (len(same) - 1))
            order = same[np.argsort(scores[same], kind="stable")]
            spread[order] = place + np.linspace(-room / 2, room / 2, len(same))
    return spread


def _round_numbers(low: float, high: float) -> list[float]:
    found = mpl.ticker.MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(low, high)
    return [float(value) for value in found if low <= value <= high] or [low]


def _round_factors(low: float, high: float) -> list[float]:
    """Return 1, 3, 10, 30 … between two powers of ten, or the ends where there is none."""
    exponents = range(math.floor(low), math.ceil(high) + 1)
    candidates = [factor * 10.0**exponent for exponent in exponents for factor in (1, 3)]
    found = [value for value in candidates if low - 1e-9 <= math.log10(value) <= high + 1e-9]
    return found if len(found) > 1 else [float(f"{10**end:.3g}") for end in sorted({low, high})]


def _draw_lines(axes: Axes, scales: Sequence[_Scale], scores: Values) -> None:
    """Draw a line for each trial, the best one last."""
    places = np.stack([scale.places for scale in scales], axis=1)
    order = np.argsort(scores, kind="stable")
    colors = _COLORS(_shade(scores))
    for rank, trial in enumerate(order):
        nearness = rank / max(len(order) - 1, 1)
        is_best = trial == scores.argmax()
        patch = PathPatch(
            _curve(places[trial]),
            facecolor="none",
            edgecolor=_BEST if is_best else colors[trial],
            linewidth=3.0 if is_best else 0.8 + 1.2 * nearness,
            alpha=1.0 if is_best else 0.6 + 0.35 * nearness,
            zorder=len(order) + 1 if is_best else 1 + rank,
        )
        if is_best:
            patch.set_path_effects([Stroke(linewidth=5.5, foreground="white"), Stroke()])
        axes.add_patch(patch)


def _shade(scores: Values) -> Values:
    """Return the scores from 0 to 1, the color of each."""
    low, high = float(scores.min()), float(scores.max())
    if low == high:
        return np.ones_like(scores)
    return np.asarray(Normalize(low, high)(scores), float)


def _curve(places: Values) -> Path:
    """Return a smooth line through an axis' places, level where it crosses an axis."""
    points, codes = [(0.0, float(places[0]))], [Path.MOVETO]
    for column in range(1, len(places)):
        before, here = float(places[column - 1]), float(places[column])
        points += [(column - 0.6, before), (column - 0.4, here), (float(column), here)]
        codes += [Path.CURVE4] * 3
    return Path(points, codes)


def _draw_scale(axes: Axes, column: int, scale: _Scale, best: int, *, last: bool) -> None:
    """Draw an axis with its name above, its values beside it, and the best trial's below."""
    front = 10_000
    name = scale.name if len(scale.name) < 14 else scale.name.replace(" ", "\n", 1)
    axes.text(column, 1.06, name, ha="center", va="bottom", color=INK, weight="bold", zorder=front)
    if last:
        gradient = np.linspace(0, 1, 256)[:, None]
        extent = (column - 0.035, column + 0.035, 0.0, 1.0)
        axes.imshow(
            gradient, cmap=_COLORS, extent=extent, aspect="auto", origin="lower", zorder=front
        )
    else:
        axes.plot([column, column], [0, 1], color=INK, lw=1.2, zorder=front, solid_capstyle="butt")
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6}
    side = 0.07
    for place, word in scale.ticks:
        axes.plot([column, column + 0.04], [place, place], color=INK, lw=1, zorder=front)
        axes.text(
            column + side,
            place,
            word,
            va="center",
            fontsize=8.5,
            color=INK,
            zorder=front,
            bbox=box,
        )
    axes.text(
        column,
        -0.115,
        scale.words[best],
        ha="center",
        va="center",
        color=_BEST,
        weight="bold",
        zorder=front,
    )
