"""Half the bits where the processor is quicker with them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Literal

import keras
import numpy as np

Policy = Literal["float32", "mixed_bfloat16"]


@contextmanager
def precision(policy: Policy) -> Iterator[None]:
    """Build the layers inside with a policy: ``mixed_bfloat16`` keeps weights in float32."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@cache
def quickest_policy() -> Policy:
    """Return the policy in which this machine learns faster, measured within a second or two.

    bfloat16 (Kalamkar et al., 2019, arXiv:1905.12322) is float32 without the last 16 bits.
    Processors that calculate with it take about half the time; others imitate it and are
    several times slower. Asking the processor what it can is different on each system and says
    nothing of the library, so a small network is timed with both.
    """
    return "mixed_bfloat16" if _seconds("mixed_bfloat16") < _seconds("float32") else "float32"


def _seconds(policy: Policy) -> float:
    """Return how long a step of a small network takes, the shortest of four."""
    images = np.zeros((64, 24, 24, 32), np.float32)
    targets = np.zeros((64, 64), np.float32)
    with precision(policy):
        model = keras.Sequential(
            [
                keras.Input((24, 24, 32)),
                *[keras.layers.Conv2D(64, 3, padding="same", activation="relu") for _ in "123"],
                keras.layers.GlobalMaxPooling2D(),
            ]
        )
    model.compile("sgd", "mse")
    times = []
    for _ in range(5):
        began = time.perf_counter()
        model.train_on_batch(images, targets)
        times.append(time.perf_counter() - began)
    return min(times[1:])
