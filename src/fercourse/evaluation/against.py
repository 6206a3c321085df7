"""Two classifiers on the same faces: how far apart, and whether chance would do the like.

Where both fail on the same faces their accuracies rise and fall together from one set of faces to
the next, so their difference is known better than each of them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercourse.evaluation.bootstrap import RESAMPLES, SEED, Interval, middle


@dataclass(frozen=True)
class Difference:
    """What two classifiers make of the same faces.

    Attributes:
        accuracy: of the other one.
        difference: this one's accuracy less the other's.
        interval: of the difference, by a bootstrap over faces; both answer the same draw.
        only_this: faces that only this one names rightly.
        only_other: faces that only the other one does.
        p_value: how often two equally good classifiers would share out the faces that only one
            of them names rightly as unevenly as that (McNemar, 1947, the exact test).
    """

    accuracy: float
    difference: float
    interval: Interval
    only_this: int
    only_other: int
    p_value: float


def difference(
    right: npt.NDArray[np.bool_],
    others: npt.NDArray[np.bool_],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Difference:
    """Compare two classifiers on the same faces.

    Args:
        right: bool (n,), n at least 1, which faces this one names rightly.
        others: bool (n,), which faces the other one does.
        resamples: draws of the bootstrap.
        seed: the source of chance.

    Raises:
        ValueError: they are not about as many faces.
    """
    from scipy.stats import binomtest

    if right.shape != others.shape or not len(right):
        raise ValueError(f"{len(right)} and {len(others)} answers cannot be compared.")
    n = len(right)
    wins, losses = int((right & ~others).sum()), int((others & ~right).sum())
    drawn = np.random.default_rng(seed).multinomial(
        n, [wins / n, losses / n, (n - wins - losses) / n], resamples
    )
    return Difference(
        accuracy=float(others.mean()),
        difference=(wins - losses) / n,
        interval=middle((drawn[:, 0] - drawn[:, 1]) / n),
        only_this=wins,
        only_other=losses,
        p_value=float(binomtest(wins, wins + losses).pvalue) if wins + losses else 1.0,
    )
