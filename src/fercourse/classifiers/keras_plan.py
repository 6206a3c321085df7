"""The plan of a Keras model, where its layers stand in a row and each has a place in a plan."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.architectures.plan import (
    Activation,
    Convolution,
    Dense,
    Depthwise,
    Flatten,
    GlobalPooling,
    Layer,
    Normalization,
    Plan,
    Pooling,
    Rescaling,
)
from fercourse.classifiers.architectures.shapes import FACE_SHAPE, steps, weight_shapes

Tensors = dict[str, npt.NDArray[np.float32]]

_LEARNING_ONLY = ("Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "Identity")
_BENDS = {"relu": "relu", "silu": "silu", "swish": "silu"}


class _NoPlanError(Exception):
    """A layer has no place in a plan."""


def plan_and_tensors(model: Any) -> tuple[Plan, Tensors] | None:
    """Return a Keras model as a plan and its weights, without a softmax at its end.

    Args:
        model: Sequential or Functional, of (48, 48, 1) to a row of scores or probabilities.

    Returns:
        The plan and its weights by name; None where a layer has no place in a plan, or layers
        do not simply follow each other.
    """
    try:
        plan: list[Layer] = []
        values: list[npt.NDArray[np.float32]] = []
        for keras_layer in _in_a_row(model):
            layers, arrays = _translated(keras_layer)
            plan += layers
            values += arrays
        if tuple(model.input_shape[1:]) != FACE_SHAPE:
            return None
        names = weight_shapes(tuple(plan))
        if [v.shape for v in values] != list(names.values()):
            return None
        list(steps(tuple(plan)))
    except (_NoPlanError, ValueError):
        return None
    return tuple(plan), dict(zip(names, values, strict=True))


def _in_a_row(model: Any) -> Iterator[Any]:
    """Yield a model's layers, also those of models within it, if each follows the one before.

    Raises:
        _NoPlanError: they branch.
    """
    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    before = model.inputs[0]
    functional = type(model).__name__ != "Sequential"
    for layer in layers:
        if functional and len(layer._inbound_nodes) != 1:
            raise _NoPlanError
        if type(layer).__name__ in ("Sequential", "Functional"):
            yield from _in_a_row(layer)
            before = None
            continue
        if (
            type(model).__name__ != "Sequential"
            and before is not None
            and layer.input is not before
        ):
            raise _NoPlanError
        before = layer.output
        yield layer


def _translated(layer: Any) -> tuple[list[Layer], list[npt.NDArray[np.float32]]]:
    """Return what a Keras layer is in a plan, and its weights in the plan's order."""
    kind = type(layer).__name__
    arrays = [np.asarray(value, np.float32) for value in layer.get_weights()]
    if kind in _LEARNING_ONLY or (kind.startswith("Random") and kind != "RandomCrop"):
        return [], []
    if getattr(layer, "data_format", "channels_last") != "channels_last":
        raise _NoPlanError
    if kind in ("Conv2D", "DepthwiseConv2D", "Dense"):
        return [_weighted(layer, kind), *_bend(layer)], arrays
    if kind == "BatchNormalization" and layer.center and layer.scale:
        if layer.axis not in (-1, 3) and not (layer.axis == 1 and len(layer.input.shape) == 2):
            raise _NoPlanError
        return [Normalization(layer.epsilon, layer.momentum)], arrays
    return [*_without_weights(layer, kind)], []


def _weighted(layer: Any, kind: str) -> Layer:
    """Return the plan's layer for a Keras layer with a kernel."""
    if kind == "Dense":
        if len(layer.input.shape) != 2 or getattr(layer, "lora_enabled", False):
            raise _NoPlanError
        return Dense(layer.units, layer.use_bias)
    (rows, columns), (down, right) = layer.kernel_size, layer.strides
    dilated = tuple(layer.dilation_rate) != (1, 1)
    if rows != columns or down != right or dilated or layer.padding not in ("same", "valid"):
        raise _NoPlanError
    if kind == "DepthwiseConv2D":
        if layer.depth_multiplier != 1:
            raise _NoPlanError
        return Depthwise(rows, down, layer.padding, layer.use_bias)
    if layer.groups != 1:
        raise _NoPlanError
    return Convolution(layer.filters, rows, down, layer.padding, layer.use_bias)


def _bend(layer: Any) -> list[Layer]:
    """Return the activation that a Keras layer has as a layer of its own; softmax as none."""
    name = getattr(layer.activation, "__name__", "")
    if name in ("linear", "softmax"):
        return []
    if name not in _BENDS:
        raise _NoPlanError
    return [Activation("silu" if _BENDS[name] == "silu" else "relu")]


def _without_weights(layer: Any, kind: str) -> Iterator[Layer]:
    """Yield the plan's layer for a Keras layer that learns nothing."""
    if kind == "Softmax":
        return
    if kind == "Activation":
        yield from _bend(layer)
    elif kind == "ReLU" and not (layer.max_value or layer.negative_slope or layer.threshold):
        yield Activation("relu")
    elif kind == "Rescaling" and np.ndim(layer.scale) == 0 and np.ndim(layer.offset) == 0:
        yield Rescaling(float(layer.scale), float(layer.offset))
    elif kind in ("MaxPooling2D", "AveragePooling2D") and _plain_pool(layer):
        yield Pooling("max" if kind == "MaxPooling2D" else "average", layer.pool_size[0])
    elif kind in ("GlobalMaxPooling2D", "GlobalAveragePooling2D") and not layer.keepdims:
        yield GlobalPooling("max" if kind == "GlobalMaxPooling2D" else "average")
    elif kind == "Flatten":
        yield Flatten()
    else:
        raise _NoPlanError


def _plain_pool(layer: Any) -> bool:
    """Return whether a pooling is square, steps by its size, and cuts off what is left over."""
    size = tuple(layer.pool_size)
    return size[0] == size[1] and tuple(layer.strides) == size and layer.padding == "valid"
