"""How much a measure would move on other faces of the same kind: bootstrap intervals.

Efron (1979), "Bootstrap methods: another look at the jackknife". Faces are drawn anew from those
that were measured on, with replacement, as many as there are; the measure is computed on each such
draw; the middle 95 % of what comes out is the interval (the percentile method). Classes are not
held at their numbers (the draw is *not* stratified): which faces a test set got is part of the
chance, and how many of each class among them, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercourse.evaluation.measures import Floats, surprise

LEVEL = 0.95
RESAMPLES = 2000
SEED = 2013
METHOD = "bootstrap over faces, not stratified, percentile method"

Interval = tuple[float, float]

_AT_ONCE = 250


@dataclass(frozen=True)
class Intervals:
    """The interval of each measure, lower and upper end.

    Attributes:
        accuracy: of ``Measures.accuracy``.
        balanced_accuracy: likewise.
        macro_f1: likewise.
        log_loss: likewise.
        f1: of each class in label order; None where the class has no faces.
    """

    accuracy: Interval
    balanced_accuracy: Interval
    macro_f1: Interval
    log_loss: Interval
    f1: tuple[Interval | None, ...]


def intervals(
    probabilities: Floats,
    labels: npt.NDArray[np.integer],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Intervals:
    """Compute the interval of every measure, all from the same draws.

    Args:
        probabilities: (n, k), each row adding up to 1.
        labels: (n,), the true classes.
        resamples: how many draws.
        seed: the source of chance; the same seed gives the same intervals.
    """
    k = probabilities.shape[1]
    answers = probabilities.argmax(axis=1)
    # How often each cell of the confusion matrix and each face's loss counts in a draw follows
    # from how often each face was drawn, by one matrix product.
    cell = labels.astype(np.int64) * k + answers
    columns = np.zeros((len(labels), k * k + 1))
    columns[np.arange(len(labels)), cell] = 1
    columns[:, -1] = surprise(probabilities, labels)
    sums = np.concatenate([drawn @ columns for drawn in _draws(len(labels), resamples, seed)])
    tables = sums[:, :-1].reshape(-1, k, k)
    accuracy, recall, f1 = _shares(tables)
    occurs = np.bincount(labels, minlength=k) > 0
    return Intervals(
        accuracy=middle(accuracy),
        balanced_accuracy=middle(np.nanmean(recall[:, occurs], axis=1)),
        macro_f1=middle(np.nanmean(f1[:, occurs], axis=1)),
        log_loss=middle(sums[:, -1] / len(labels)),
        f1=tuple(middle(f1[:, label]) if occurs[label] else None for label in range(k)),
    )


def accuracy_interval(
    right: npt.NDArray[np.bool_], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval:
    """Return the interval of an accuracy alone.

    The number of right faces in a draw is binomial, so faces need not be drawn one by one.

    Args:
        right: bool (n,), n at least 1, which faces were classified rightly.
        resamples: how many draws.
        seed: the source of chance.
    """
    n = len(right)
    return middle(np.random.default_rng(seed).binomial(n, right.mean(), resamples) / n)


def _draws(n: int, resamples: int, seed: int) -> Iterator[npt.NDArray[np.float64]]:
    """Yield, some draws at a time, how often each face was drawn: (draws, n)."""
    rng = np.random.default_rng(seed)
    for start in range(0, resamples, _AT_ONCE):
        draws = min(_AT_ONCE, resamples - start)
        chosen = rng.integers(0, n, (draws, n)) + n * np.arange(draws)[:, None]
        yield np.bincount(chosen.ravel(), minlength=draws * n).reshape(draws, n).astype(float)


def _shares(tables: Floats) -> tuple[Floats, Floats, Floats]:
    """Return accuracy (draws,), recall and F1 (draws, k) of confusion matrices (draws, k, k).

    NaN where a draw happens to hold no face of a class.
    """
    hits = np.diagonal(tables, axis1=1, axis2=2)
    truly, called = tables.sum(axis=2), tables.sum(axis=1)
    with np.errstate(invalid="ignore"):
        f1 = np.where(truly > 0, 2 * hits / (truly + called), np.nan)
        return hits.sum(axis=1) / truly.sum(axis=1), hits / truly, f1


def middle(values: Floats) -> Interval:
    """Return the ends of the middle 95 % of some values, NaN left out."""
    low, high = np.nanpercentile(values, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return float(low), float(high)
