"""What a plan's layers are called, what weights they have, and what they cost."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, prod
from typing import TypeAlias

from fercourse.classifiers.architectures.plan import (
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
    Residual,
)

Shape: TypeAlias = tuple[int, ...]
FACE_SHAPE: Shape = (48, 48, 1)

_KEPT = ("moving_mean", "moving_variance")


class Names:
    """Gives each layer with weights a name by its kind and place: ``convolution_1`` and so on.

    Everybody who goes through a plan in order, shortcuts after what is inside, gets the same.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def next(self, layer: Layer) -> str:
        """Return the name of the next layer of this kind."""
        kind = type(layer).__name__.lower()
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind}_{self._counts[kind]}"


@dataclass(frozen=True)
class Step:
    """One layer of a plan, with the shapes on its way.

    Attributes:
        name: by ``Names``.
        layer: the layer.
        before: the shape of one face's numbers before it: (rows, columns, channels) or (numbers,).
        after: the same after it.
        weights: name and shape of each of its weights.
    """

    name: str
    layer: Layer
    before: Shape
    after: Shape
    weights: dict[str, Shape]


def steps(plan: Plan, shape: Shape = FACE_SHAPE, names: Names | None = None) -> Iterator[Step]:
    """Yield the layers of a plan in order, a residual's own layers before the residual.

    Args:
        plan: the layers.
        shape: of one input.
        names: whoever counts the layers so far.

    Raises:
        ValueError: the layers do not fit each other.
    """
    names = names or Names()
    for layer in plan:
        if isinstance(layer, Residual):
            inner, short = shape, shape
            for step in steps(layer.inside, shape, names):
                inner = step.after
                yield step
            for step in steps(layer.shortcut, shape, names):
                short = step.after
                yield step
            if inner != short:
                raise ValueError(f"A residual cannot add {inner} and {short}.")
            after = inner
        else:
            after = shape_after(layer, shape)
        weights = _weights(layer, shape)
        yield Step(names.next(layer), layer, shape, after, weights)
        shape = after


def shape_after(layer: Layer, shape: Shape) -> Shape:
    """Return the shape that a layer makes of one input's shape.

    Raises:
        ValueError: the layer cannot take such an input.
    """
    spatial = isinstance(layer, Convolution | Depthwise | Pooling | GlobalPooling)
    if (spatial and len(shape) != 3) or (isinstance(layer, Dense) and len(shape) != 1):
        raise ValueError(f"{layer} cannot take inputs of the shape {shape}.")
    if isinstance(layer, Convolution):
        return _side(layer, shape[0]), _side(layer, shape[1]), layer.filters
    if isinstance(layer, Depthwise):
        return _side(layer, shape[0]), _side(layer, shape[1]), shape[2]
    if isinstance(layer, Pooling):
        return shape[0] // layer.size, shape[1] // layer.size, shape[2]
    if isinstance(layer, GlobalPooling):
        return (shape[2] * (2 if layer.reduce == "both" else 1),)
    if isinstance(layer, Flatten):
        return (prod(shape),)
    if isinstance(layer, Dense):
        return (layer.units,)
    return shape


def _side(layer: Convolution | Depthwise, side: int) -> int:
    if layer.padding == "same":
        return ceil(side / layer.stride)
    return (side - layer.kernel) // layer.stride + 1


def _weights(layer: Layer, shape: Shape) -> dict[str, Shape]:
    """Return name and shape of each weight of a layer whose input has a shape."""
    channels = shape[-1]
    kernel: Shape
    match layer:
        case Convolution():
            kernel = (layer.kernel, layer.kernel, channels, layer.filters)
            return {"kernel": kernel} | ({"bias": (layer.filters,)} if layer.bias else {})
        case Depthwise():
            kernel = (layer.kernel, layer.kernel, channels, 1)
            return {"kernel": kernel} | ({"bias": (channels,)} if layer.bias else {})
        case Dense():
            kernel = (channels, layer.units)
            return {"kernel": kernel} | ({"bias": (layer.units,)} if layer.bias else {})
        case Normalization():
            return dict.fromkeys(("gamma", "beta", *_KEPT), (channels,))
    return {}


def weight_shapes(plan: Plan) -> dict[str, Shape]:
    """Return the shape of each weight of a plan by its name, such as ``dense_1/kernel``."""
    return {
        f"{step.name}/{name}": shape for step in steps(plan) for name, shape in step.weights.items()
    }


@dataclass(frozen=True)
class Cost:
    """What a network costs.

    Attributes:
        parameters: how many numbers it has in all.
        trainable: how many of them are learned; the others are means and variances.
        multiply_adds: how many multiplications (each with an addition) one face takes in
            convolutions and dense layers.
    """

    parameters: int
    trainable: int
    multiply_adds: int


def cost(plan: Plan) -> Cost:
    """Return what a network costs, worked out from its plan."""
    shapes = weight_shapes(plan)
    kept = sum(prod(s) for name, s in shapes.items() if name.endswith(_KEPT))
    total = sum(prod(shape) for shape in shapes.values())
    products = sum(
        prod(step.weights["kernel"]) * prod(step.after[:-1])
        for step in steps(plan)
        if "kernel" in step.weights
    )
    return Cost(total, total - kept, products)


def fingerprint(plan: Plan) -> str:
    """Return a short text that two plans share only if they answer alike with the same weights.

    What matters in training only (dropout, the momentum of normalizations) does not change it.
    """
    return hashlib.sha256(repr(_answering(plan)).encode()).hexdigest()[:16]


def _answering(plan: Plan) -> Plan:
    """Return a plan without what matters in training only."""
    layers: list[Layer] = []
    for layer in plan:
        match layer:
            case Dropout():
                continue
            case Normalization():
                layers.append(Normalization(layer.epsilon))
            case Residual():
                layers.append(Residual(_answering(layer.inside), _answering(layer.shortcut)))
            case _:
                layers.append(layer)
    return tuple(layers)


def ends_in(plan: Plan) -> int:
    """Return how many numbers a plan gives for each face.

    Raises:
        ValueError: the layers do not fit each other or do not end in one row of numbers.
    """
    after = [step.after for step in steps(plan)][-1:]
    if not after or len(after[0]) != 1:
        raise ValueError("a plan ends in one row of numbers for each face.")
    return after[0][0]
