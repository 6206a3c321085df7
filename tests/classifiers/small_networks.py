"""Small networks with random weights, for tests that need one quickly."""

import functools

import numpy as np

from fercourse.classifiers.architectures import plan_of
from fercourse.classifiers.architectures.shapes import weight_shapes
from fercourse.classifiers.weights import Weights
from fercourse.emotions import class_scheme


def random_tensors(plan, seed=0):
    """Return weights as a trained network may have them, by name: no mean is 0, no scale 1."""
    random = np.random.default_rng(seed)
    tensors = {}
    for name, shape in weight_shapes(plan).items():
        if name.endswith("kernel"):
            values = random.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape)
        elif name.endswith(("gamma", "moving_variance")):
            values = random.uniform(0.5, 1.5, shape)
        else:
            values = random.normal(0, 0.1, shape)
        tensors[name] = values.astype(np.float32)
    return tensors


@functools.cache
def random_weights(architecture="baseline", classes=7, seed=0):
    """Return random weights of an architecture."""
    plan = plan_of(architecture, classes)
    return Weights(architecture, class_scheme(classes).classes, random_tensors(plan, seed))
