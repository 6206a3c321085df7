"""A Keras model of a plan: pure Keras 3, so it trains on any backend that Keras has."""

from typing import Any

import keras

from fercourse.classifiers.architectures.plan import (
    Activation,
    Convolution,
    Dense,
    Depthwise,
    Dropout,
    Flatten,
    GlobalPooling,
    Layer,
    Normalization,
    Plan,
    Pooling,
    Rescaling,
    Residual,
    Standardization,
)
from fercourse.classifiers.architectures.shapes import FACE_SHAPE, Names


def keras_model(plan: Plan, name: str, any_size: bool = False) -> Any:
    """Return a new Keras model, its weights random.

    Args:
        plan: the layers; the last one gives the scores of the classes.
        name: the model's name.
        any_size: take faces of any height and width, for training on smaller ones first. The
            plan must have a global pooling then.

    Returns:
        ``keras.Model`` of float (n, 48, 48, 1), gray levels 0 to 255, to float32 (n, k).
        Under a mixed precision policy its input and its last layer stay float32.

    Raises:
        ValueError: the plan needs faces of 48 by 48 and ``any_size`` is asked for.
    """
    if any_size and not any(isinstance(layer, GlobalPooling) for layer in plan):
        raise ValueError(f"{name} has no global pooling, so it takes faces of 48 by 48 only.")
    shape = (None, None, 1) if any_size else FACE_SHAPE
    inputs = keras.Input(shape, dtype="float32", name="faces")
    names = Names()
    numbers = _through(plan[:-1], inputs, names)
    scores = _through(plan[-1:], numbers, names, dtype="float32")
    return keras.Model(inputs, scores, name=name)


def _through(layers: Plan, numbers: Any, names: Names, dtype: str | None = None) -> Any:
    for layer in layers:
        if isinstance(layer, Residual):
            inside = _through(layer.inside, numbers, names)
            shortcut = _through(layer.shortcut, numbers, names)
            numbers = keras.layers.Add(name=names.next(layer))([inside, shortcut])
        elif layer == GlobalPooling("both"):
            numbers = _both(numbers, names.next(layer))
        else:
            numbers = _keras_layer(layer, names.next(layer), dtype)(numbers)
    return numbers


def _both(numbers: Any, name: str) -> Any:
    """Return the largest and then the average of each channel."""
    largest = keras.layers.GlobalMaxPooling2D(name=f"{name}_max")(numbers)
    average = keras.layers.GlobalAveragePooling2D(name=f"{name}_average")(numbers)
    return keras.layers.Concatenate(name=name)([largest, average])


def _keras_layer(layer: Layer, name: str, dtype: str | None) -> Any:
    """Return the Keras layer for one of a plan."""
    k = keras.layers
    common: dict[str, Any] = {"name": name, "dtype": dtype}
    match layer:
        case Rescaling() | Standardization():
            return _for_gray_levels(layer, name)
        case Convolution() | Depthwise() | Dense():
            return _with_kernel(layer, common)
        case Normalization():
            return k.BatchNormalization(momentum=layer.momentum, epsilon=layer.epsilon, **common)
        case Activation():
            return k.Activation(layer.kind, **common)
        case Pooling(reduce="max"):
            return k.MaxPooling2D(layer.size, **common)
        case Pooling():
            return k.AveragePooling2D(layer.size, **common)
        case GlobalPooling(reduce="max"):
            return k.GlobalMaxPooling2D(**common)
        case GlobalPooling():
            return k.GlobalAveragePooling2D(**common)
        case Flatten():
            return k.Flatten(**common)
        case Dropout():
            return k.Dropout(layer.share, **common)
    raise TypeError(f"{layer!r} is no layer of a plan.")


def _for_gray_levels(layer: Rescaling | Standardization, name: str) -> Any:
    """Return the Keras layer, in float32: gray levels are not rounded before they are small."""
    if isinstance(layer, Rescaling):
        return keras.layers.Rescaling(layer.scale, layer.offset, name=name, dtype="float32")
    return keras.layers.LayerNormalization(
        axis=(1, 2, 3),
        epsilon=layer.epsilon,
        center=False,
        scale=False,
        name=name,
        dtype="float32",
    )


def _with_kernel(layer: Convolution | Depthwise | Dense, common: dict[str, Any]) -> Any:
    """Return the Keras layer, its kernel as random as He et al., 2015, advise for ReLU."""
    k, common = keras.layers, common | {"use_bias": layer.bias}
    if isinstance(layer, Dense):
        return k.Dense(layer.units, kernel_initializer="he_normal", **common)
    place = (layer.kernel, layer.stride, layer.padding)
    if isinstance(layer, Depthwise):
        return k.DepthwiseConv2D(*place, depthwise_initializer="he_normal", **common)
    return k.Conv2D(layer.filters, *place, kernel_initializer="he_normal", **common)
