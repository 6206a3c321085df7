"""A plan and its weights as an ONNX model, made ready for quick inference.

ONNX is the exchange format of trained networks (https://onnx.ai). Batch normalization is folded
into the convolution or dense layer before it, dropout is left out, and nothing is left that only
training needs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

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
from fercourse.classifiers.architectures.shapes import FACE_SHAPE, Names, Shape, shape_after

FACES, SCORES, EMBEDDING = "faces", "scores", "embedding"
"""The model's input, uint8 (n, 48, 48), and its outputs, float32 (n, k) and (n, d)."""

_OPSET, _IR_VERSION = 20, 9  # of 2023: the first that has Gelu

Floats = npt.NDArray[np.floating[Any]]


def onnx_model(plan: Plan, tensors: Mapping[str, Floats]) -> bytes:
    """Return an ONNX model of a network.

    Args:
        plan: its layers.
        tensors: its weights by the names that ``weight_shapes(plan)`` gives.

    Returns:
        The serialized model. It takes ``faces`` and gives ``scores`` (before softmax) and
        ``embedding``: what the last dense layer sees.
    """
    writer = _Writer(tensors)
    numbers = writer.add("Cast", [FACES], to=onnx.TensorProto.FLOAT)
    numbers = writer.add("Unsqueeze", [numbers, writer.keep(np.array([1]), np.int64)])
    numbers, shape = writer.through(plan, numbers, FACE_SHAPE)
    writer.add("Identity", [numbers], SCORES)
    writer.add("Identity", [writer.embedding], EMBEDDING)
    graph = helper.make_graph(
        writer.nodes,
        "network",
        [helper.make_tensor_value_info(FACES, onnx.TensorProto.UINT8, ["n", 48, 48])],
        [
            helper.make_tensor_value_info(SCORES, onnx.TensorProto.FLOAT, ["n", shape[0]]),
            helper.make_tensor_value_info(EMBEDDING, onnx.TensorProto.FLOAT, ["n", "d"]),
        ],
        writer.kept,
    )
    opset = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=_IR_VERSION)
    return model.SerializeToString()


class _Writer:
    """Collects the nodes of a graph; channels come first in it, where Keras has them last."""

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        self.nodes: list[Any] = []
        self.kept: list[Any] = []
        self.embedding = ""
        self._tensors = tensors
        self._names = Names()

    def add(self, kind: str, inputs: Sequence[str], output: str = "", **settings: Any) -> str:
        """Add a node and return the name of what it gives."""
        output = output or f"numbers_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **settings))
        return output

    def keep(self, values: npt.NDArray[Any], dtype: type[np.generic] = np.float32) -> str:
        """Add constant numbers and return their name."""
        name = f"constant_{len(self.kept)}"
        array = np.ascontiguousarray(values, dtype)
        self.kept.append(numpy_helper.from_array(array, name))
        return name

    def through(self, plan: Plan, numbers: str, shape: Shape) -> tuple[str, Shape]:
        """Add a plan's layers after some numbers; return what they give, and its shape."""
        layers = list(plan)
        while layers:
            layer = layers.pop(0)
            if isinstance(layer, Residual):
                inside, after = self.through(layer.inside, numbers, shape)
                shortcut, _ = self.through(layer.shortcut, numbers, shape)
                self._names.next(layer)
                numbers, shape = self.add("Add", [inside, shortcut]), after
                continue
            if isinstance(layer, Convolution | Depthwise | Dense):
                numbers = self._weighted(layer, layers, numbers, shape)
            else:
                numbers = self._other(layer, numbers, shape)
            shape = shape_after(layer, shape)
        return numbers, shape

    def _weighted(
        self,
        layer: Convolution | Depthwise | Dense,
        following: list[Layer],
        numbers: str,
        shape: Shape,
    ) -> str:
        """Add a convolution or dense layer, with the normalization behind it where there is one."""
        own = self._weights(self._names.next(layer))
        kernel, bias = own["kernel"], own.get("bias", np.zeros(shape_after(layer, shape)[-1]))
        if isinstance(layer, Depthwise):
            kernel = np.swapaxes(kernel, 2, 3)
        if following and isinstance(following[0], Normalization):
            scale, offset = self._affine(following.pop(0))
            kernel, bias = kernel * scale, bias * scale + offset
        if isinstance(layer, Dense):
            self.embedding = numbers
            return self.add("Gemm", [numbers, self.keep(kernel), self.keep(bias)])
        return self.add(
            "Conv",
            [numbers, self.keep(kernel.transpose(3, 2, 0, 1)), self.keep(bias)],
            kernel_shape=[layer.kernel] * 2,
            strides=[layer.stride] * 2,
            pads=_pads(layer, shape),
            group=shape[2] if isinstance(layer, Depthwise) else 1,
        )

    def _other(self, layer: Layer, numbers: str, shape: Shape) -> str:
        """Add a layer that has no kernel."""
        if isinstance(layer, Normalization):
            return self._times_plus(numbers, *self._affine(layer), shape)
        self._names.next(layer)
        match layer:
            case Rescaling():
                times, plus = np.array([layer.scale]), np.array([layer.offset])
                return self._times_plus(numbers, times, plus, shape)
            case Standardization():
                return self._standardized(numbers, layer.epsilon)
            case Activation(kind="silu"):
                return self.add("Mul", [numbers, self.add("Sigmoid", [numbers])])
            case Activation():
                return self.add({"relu": "Relu", "gelu": "Gelu"}[layer.kind], [numbers])
            case Pooling():
                kind, side = {"max": "MaxPool", "average": "AveragePool"}[layer.reduce], layer.size
                return self.add(kind, [numbers], kernel_shape=[side] * 2, strides=[side] * 2)
            case GlobalPooling(reduce="both"):
                kinds = ("GlobalMaxPool", "GlobalAveragePool")
                parts = [self.add("Flatten", [self.add(kind, [numbers])]) for kind in kinds]
                return self.add("Concat", parts, axis=1)
            case GlobalPooling():
                kind = {"max": "GlobalMaxPool", "average": "GlobalAveragePool"}[layer.reduce]
                return self.add("Flatten", [self.add(kind, [numbers])])
            case Flatten() if len(shape) == 3:  # in the order that Keras flattens in
                return self.add("Flatten", [self.add("Transpose", [numbers], perm=[0, 2, 3, 1])])
            case Dropout() | Flatten():
                return numbers
        raise TypeError(f"{layer!r} is no layer of a plan.")

    def _times_plus(self, numbers: str, times: Floats, plus: Floats, shape: Shape) -> str:
        each = (1, -1, *(1,) * (len(shape) - 1))  # one number for each channel
        product = self.add("Mul", [numbers, self.keep(times.reshape(each))])
        return self.add("Add", [product, self.keep(plus.reshape(each))])

    def _standardized(self, numbers: str, epsilon: float) -> str:
        axes = self.keep(np.array([1, 2, 3]), np.int64)
        centered = self.add("Sub", [numbers, self.add("ReduceMean", [numbers, axes])])
        squares = self.add("Mul", [centered, centered])
        variance = self.add("ReduceMean", [squares, axes])
        spread = self.add("Sqrt", [self.add("Add", [variance, self.keep(np.array([epsilon]))])])
        return self.add("Div", [centered, spread])

    def _affine(self, layer: Layer) -> tuple[Floats, Floats]:
        """Return what a normalization multiplies by and adds when predicting."""
        assert isinstance(layer, Normalization)
        own = self._weights(self._names.next(layer))
        scale = own["gamma"] / np.sqrt(own["moving_variance"] + layer.epsilon)
        return scale, own["beta"] - own["moving_mean"] * scale

    def _weights(self, name: str) -> dict[str, Floats]:
        """Return a layer's weights in double precision, by their names in the layer."""
        start = f"{name}/"
        return {
            key.removeprefix(start): np.asarray(tensor, np.float64)
            for key, tensor in self._tensors.items()
            if key.startswith(start)
        }


def _pads(layer: Convolution | Depthwise, shape: Shape) -> list[int]:
    """Return the pixels to add above, left, below and right, as TensorFlow's padding does."""
    if layer.padding == "valid":
        return [0, 0, 0, 0]
    total = [
        max((-(-side // layer.stride) - 1) * layer.stride + layer.kernel - side, 0)
        for side in shape[:2]
    ]
    return [*(side // 2 for side in total), *(side - side // 2 for side in total)]
