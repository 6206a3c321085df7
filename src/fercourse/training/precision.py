"""Half the bits where the processor is quicker with them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import keras
import numpy as np

Policy = Literal["float32", "mixed_bfloat16"]

POLICIES: tuple[Policy, ...] = ("float32", "mixed_bfloat16")
_ROUNDS = 8


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
    nothing of the library, so a small network is timed with both: by turns, and the shortest
    time of each counts, so that other programs' work does not decide.
    """
    models = {policy: _small_network(policy) for policy in POLICIES}
    times = {policy: [_seconds(model)] for policy, model in models.items()}
    for _ in range(_ROUNDS):
        for policy, model in models.items():
            times[policy].append(_seconds(model))
    shortest = {policy: min(seconds[1:]) for policy, seconds in times.items()}
    return min(shortest, key=lambda policy: shortest[policy])


def _small_network(policy: Policy) -> Any:
    with precision(policy):
        model = keras.Sequential(
            [
                keras.Input((24, 24, 32)),
                *[keras.layers.Conv2D(64, 3, padding="same", activation="relu") for _ in "123"],
                keras.layers.GlobalMaxPooling2D(),
            ]
        )
    model.compile("sgd", "mse")
    return model


def _seconds(model: Any) -> float:
    """Return how long one step of learning takes."""
    images = np.zeros((64, 24, 24, 32), np.float32)
    targets = np.zeros((64, 64), np.float32)
    began = time.perf_counter()
    model.train_on_batch(images, targets)
    return time.perf_counter() - began
