"""How long a classifier takes for a face, one at a time, a few, and many at once."""

import statistics
import time

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.contract import Classifier

BATCHES = (1, 8)
"""Sizes that live programs meet: one face in view, and a group."""

BULK = 512
"""Faces at once where time does not matter face by face."""

_SECONDS = 1.0
_FEWEST = 3
_MOST = 200


def milliseconds_a_face(classifier: Classifier, images: npt.NDArray[np.uint8]) -> dict[str, float]:
    """Time ``predict_proba``, preprocessing included.

    Each size is tried once without the clock (networks compile then), and then again and again
    for about a second, at least three times; the median counts, so that a machine that is
    interrupted now and then does not matter.

    Args:
        classifier: what to time.
        images: uint8 (n, 48, 48), n at least 1; repeated where there are too few.

    Returns:
        Milliseconds a face under ``"1"``, ``"8"`` and ``"bulk"``.
    """
    sizes = {**{str(size): size for size in BATCHES}, "bulk": BULK}
    return {name: _median(classifier, images, size) for name, size in sizes.items()}


def _median(classifier: Classifier, images: npt.NDArray[np.uint8], size: int) -> float:
    pool = images[np.arange(max(size, min(len(images), BULK))) % len(images)]
    starts = range(0, len(pool) - size + 1, size)
    classifier.predict_proba(pool[:size])
    taken: list[float] = []
    while len(taken) < _FEWEST or (sum(taken) < _SECONDS and len(taken) < _MOST):
        start = starts[len(taken) % len(starts)]
        batch = pool[start : start + size]
        before = time.perf_counter()
        classifier.predict_proba(batch)
        taken.append(time.perf_counter() - before)
    return 1000 * statistics.median(taken) / size
