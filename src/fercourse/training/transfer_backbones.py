"""Networks that learned from ImageNet's photographs, made ready for small gray faces."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

from fercourse.classifiers.architectures.shapes import FACE_SHAPE
from fercourse.classifiers.keras_files import read_keras_model
from fercourse.errors import CourseError, did_you_mean

BACKBONES = ("MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "EfficientNetV2B0")
"""Those of ``keras.applications`` that are small enough for a laptop."""

_TAKES_MINUS_ONE_TO_ONE = ("MobileNetV2",)
"""The others bring what they do to gray levels along."""

_PATIENCE = 20.0
"""Seconds that a server may stay silent."""


def imagenet_backbone(
    name: str = "MobileNetV3Small",
    classes: int = 7,
    *,
    size: int = 96,
    weights: str | Path | None = "imagenet",
    dropout: float = 0.2,
) -> Any:
    """Return a network of ``keras.applications`` that takes the course's faces.

    Faces are enlarged and repeated as red, green and blue inside it. Its thousand classes give
    way to a new last layer. ``train(recipe, images, targets, network=...)`` trains it, and
    ``freeze`` keeps all but the last layer as it was learned from ImageNet.

    Args:
        name: one of ``BACKBONES``, or what to call a ``.keras`` file.
        classes: how many classes it shall tell apart.
        size: height and width that faces are enlarged to, 32 or more.
        weights: ``"imagenet"`` fetches them, once, into Keras's own folder; a ``.h5`` file holds
            weights that were fetched before, without their last layers ("no_top"); a ``.keras``
            file holds a whole network that takes pictures of any size, gray levels 0 to 255 in
            three channels, made of Keras's own layers; None begins with random ones.
        dropout: share of its numbers that are left out at random before the last layer.

    Returns:
        ``keras.Model`` of gray levels, (n, 48, 48, 1), to scores, float32 (n, classes).

    Raises:
        CourseError: there is no network of that name, or its weights cannot be had.
        ValueError: the size is too small.
    """
    if size < 32:
        raise ValueError(f"size must be 32 or more, not {size}.")
    backbone, rescaled = _backbone(name, size, weights)
    layers = keras.layers
    faces = keras.Input(FACE_SHAPE, dtype="float32", name="faces")
    large = layers.Resizing(size, size, name="enlarged", dtype="float32")(faces)
    colors = layers.Concatenate(name="colors", dtype="float32")([large, large, large])
    if rescaled:
        colors = layers.Rescaling(1 / 127.5, -1.0, name="rescaled", dtype="float32")(colors)
    seen = backbone(colors)
    if len(seen.shape) == 4:
        seen = layers.GlobalAveragePooling2D(name="pooled")(seen)
    kept = layers.Dropout(dropout, name="dropout")(seen)
    scores = layers.Dense(classes, dtype="float32", name="scores")(kept)
    return keras.Model(faces, scores, name=name)


def _backbone(name: str, size: int, weights: str | Path | None) -> tuple[Any, bool]:
    """Return the network without its last layers, and whether it takes numbers from -1 to 1."""
    path = None if weights in (None, "imagenet") else Path(str(weights))
    if path and not path.is_file():
        raise CourseError(f"There is no file {path}. Check the path.")
    if path and path.suffix == ".keras":
        return read_keras_model(path), False
    if name not in BACKBONES:
        hint = did_you_mean(name, BACKBONES)
        raise CourseError(
            f"There is no backbone {name!r} here.{hint} The backbones are: {', '.join(BACKBONES)}."
        )
    make = getattr(keras.applications, name)
    with _clear_failures(name, path):
        backbone = make(
            input_shape=(size, size, 3),
            include_top=False,
            weights=str(path) if path else weights,
        )
    return backbone, name in _TAKES_MINUS_ONE_TO_ONE


@contextlib.contextmanager
def _clear_failures(name: str, path: Path | None) -> Iterator[None]:
    """Say in a sentence why weights cannot be had, and do not wait for a silent server."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_PATIENCE)
    try:
        yield
    except Exception as error:
        if path:
            raise CourseError(
                f"{path} does not hold the weights of {name} without its last layers. "
                "Their names end in no_top.h5."
            ) from error
        raise CourseError(
            f"The weights that {name} learned from ImageNet cannot be fetched: {_reason(error)} "
            "Connect to the internet and try again, or fetch them on another computer "
            f"(keras.applications.{name}(include_top=False) keeps them in .keras/models in the "
            "home folder) and name the file as the weights."
        ) from error
    finally:
        socket.setdefaulttimeout(before)


def _reason(error: Exception) -> str:
    said = str(error).split("--")[-1].strip().rstrip(".")
    return f"{said or type(error).__name__}."
