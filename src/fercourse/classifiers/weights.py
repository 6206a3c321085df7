"""A network's weights in one file that cannot hold code: ``NAME.safetensors``.

A safetensors file is a header in JSON and then plain numbers. The header says which
architecture the numbers belong to, so that nothing of the file but numbers and words is used.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.architectures import plan_of
from fercourse.classifiers.architectures.shapes import Shape, fingerprint, weight_shapes
from fercourse.classifiers.contract import scheme_of
from fercourse.classifiers.notes import fault_in
from fercourse.errors import CourseError
from fercourse.workspace import write_atomically

if TYPE_CHECKING:
    from safetensors import safe_open

FORMAT = "fercourse-network-1"
LARGEST_FILE = 256 * 2**20
"""No file above 256 MiB is opened; the course's largest network takes 162 MB in float32."""

_LONGEST_NOTE = 4096
_OURS = ("format", "architecture", "layers", "classes", "checksum")

Array = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Weights:
    """What a file of weights holds.

    Attributes:
        architecture: which network they belong to, one of ``architecture_names()``.
        classes: class names in label order.
        tensors: each weight by its name, such as ``dense_1/kernel``; finite, and of exactly the
            names and shapes that the architecture has.
        notes: what the trainer wanted to say, each a line of text by its name.
        checksum: SHA-256 of the tensors as they are stored; what tells two trainings apart.
    """

    architecture: str
    classes: tuple[str, ...]
    tensors: dict[str, Array]
    notes: dict[str, str] = field(default_factory=dict)
    checksum: str = ""


def checksum_of(tensors: Mapping[str, Array]) -> str:
    """Return the SHA-256 of tensors: name, type, shape and numbers of each, in name order."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = np.ascontiguousarray(tensors[name])
        digest.update(f"{name} {tensor.dtype.name} {tensor.shape}\n".encode())
        digest.update(tensor.astype(tensor.dtype.newbyteorder("<"), copy=False).tobytes())
    return digest.hexdigest()


def weights_of(model: Any, architecture: str, classes: tuple[str, ...]) -> Weights:
    """Return the weights of a Keras model that ``build(architecture)`` made.

    Args:
        model: the model, of any backend.
        architecture: the name it was built by.
        classes: class names in label order.

    Raises:
        ValueError: the model is not of this architecture, or a weight is NaN or infinite.
    """
    paths = [weight.path for weight in model.weights]
    values = [np.asarray(value, np.float32) for value in model.get_weights()]
    tensors = dict(zip(paths, values, strict=True))
    if fault := _fault({name: t.shape for name, t in tensors.items()}, architecture, classes):
        raise ValueError(f"{model.name} is no {architecture}: {fault}.")
    if name := _unusable(tensors):
        raise ValueError(f"{name} of {model.name} has numbers that are NaN, infinite or negative.")
    return Weights(architecture, tuple(classes), tensors)


def fill(model: Any, weights: Weights) -> None:
    """Give a Keras model that ``build(weights.architecture)`` made these weights.

    Raises:
        ValueError: the model is of another architecture.
    """
    shapes = {weight.path: tuple(weight.shape) for weight in model.weights}
    if shapes != {name: tensor.shape for name, tensor in weights.tensors.items()}:
        raise ValueError(f"{model.name} is no {weights.architecture}.")
    for weight in model.weights:
        weight.assign(weights.tensors[weight.path].astype(np.float32))


def write_weights(
    path: Path, weights: Weights, dtype: Literal["float16", "float32"] = "float16"
) -> str:
    """Write weights to a file; readers see the old file or the whole new one.

    With float16 the kernels are rounded to it, which halves the file. What there is little of
    (biases, and the means and variances of normalizations, which may be large) stays float32.

    Args:
        path: the file, ending in ``.safetensors``; its folder is made where missing.
        weights: what to write; its checksum is worked out anew.
        dtype: how kernels are kept.

    Returns:
        The checksum of what was written.

    Raises:
        CourseError: the file cannot be written, or is named otherwise.
        ValueError: a note is too long, is named as one of the format's own, or says what none of
            its kind can.
    """
    if path.suffix != ".safetensors":
        raise CourseError(f"Weights are kept in .safetensors files: {path} is named otherwise.")
    for name, note in weights.notes.items():
        if name in _OURS or len(note) > _LONGEST_NOTE:
            raise ValueError(f"the note {name!r} is too long or has a name of the format's own.")
    if fault := fault_in(weights.notes):
        raise ValueError(f"nobody could read {path}: {fault}.")
    from safetensors.numpy import save

    tensors = {name: _stored(tensor, dtype) for name, tensor in weights.tensors.items()}
    checksum = checksum_of(tensors)
    header = weights.notes | {
        "format": FORMAT,
        "architecture": weights.architecture,
        "layers": fingerprint(plan_of(weights.architecture, len(weights.classes))),
        "classes": ",".join(weights.classes),
        "checksum": checksum,
    }
    write_atomically(path, save(tensors, metadata=header))
    return checksum


def _stored(tensor: Array, dtype: str) -> Array:
    """Return a tensor as it is kept: kernels in float16 if they fit into it, all else float32."""
    if dtype == "float16" and tensor.ndim > 1:
        with np.errstate(over="ignore"):
            small = np.ascontiguousarray(tensor, np.float16)
        if np.isfinite(small).all():
            return small
    return np.ascontiguousarray(tensor, np.float32)


def read_weights(path: Path) -> Weights:
    """Read a file of weights; nothing in it is ever run.

    Args:
        path: the file.

    Returns:
        The weights, checked: they are those of their architecture, whole and unaltered.

    Raises:
        CourseError: the file is missing, damaged, truncated, altered, too large, of another
            format, does not fit its architecture or its classes, or has notes that say what
            none can.
    """
    require_file(path)
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            header = file.metadata() or {}
            architecture, classes = _meant(path, header)
            _require_fit(path, file, architecture, classes)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise CourseError(
            f"{path} is damaged, truncated or no safetensors file ({error}). Get it again."
        ) from error
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror or error}.") from error
    checksum = checksum_of(tensors)
    if checksum != header.get("checksum"):
        raise CourseError(
            f"{path} was altered or damaged after it was written: its checksum is "
            f"{checksum[:12]}…, its header says {header.get('checksum', 'none')[:12]}…. "
            "Get it again."
        )
    if name := _unusable(tensors):
        raise CourseError(
            f"{path} is of no use: {name} has numbers that are NaN, infinite, or below 0 where "
            "none may be."
        )
    notes = {name: note for name, note in header.items() if name not in _OURS}
    if fault := fault_in(notes):  # no checksum is of them
        raise CourseError(
            f"{path} was altered or damaged after it was written: {fault}. Get it again."
        )
    return Weights(architecture, classes, tensors, notes, checksum)


def require_file(path: Path) -> None:
    """Raise a CourseError unless there is a file, of a size that a network can have."""
    try:
        if not path.is_file():
            raise CourseError(f"There is no file {path}. Check the path.")
        size = path.stat().st_size
    except OSError as error:
        raise CourseError(f"{path} cannot be looked at: {error.strerror or error}.") from error
    if size > LARGEST_FILE:
        raise CourseError(
            f"{path} has {size / 2**20:,.0f} MiB; no network of the course has more than "
            f"{LARGEST_FILE / 2**20:.0f} MiB. Is it the right file?"
        )


def _meant(path: Path, header: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return the architecture and the classes that a header names.

    Raises:
        CourseError: it is of another format, or names an unknown architecture, one that has
            changed since, or no scheme.
    """
    if (found := header.get("format")) != FORMAT:
        says = f"says {found[:40]!r}" if found else "does not say"
        raise CourseError(
            f"{path} was not written by this course: its header {says} which format it is, where "
            f"{FORMAT!r} was expected."
        )
    classes = tuple(header.get("classes", "").split(","))
    architecture = header.get("architecture", "")
    try:
        scheme_of(classes)
        plan = plan_of(architecture, len(classes))
    except (ValueError, CourseError) as error:
        raise CourseError(f"{path} cannot be used. {error}") from error
    if header.get("layers") != fingerprint(plan):
        raise CourseError(
            f"{path} does not hold the weights of {architecture} as it is now: it was written for "
            f"other layers. Train it again: python3 course.py train {architecture}."
        )
    return architecture, classes


def _require_fit(
    path: Path, file: "safe_open", architecture: str, classes: tuple[str, ...]
) -> None:
    """Raise a CourseError unless a file's tensors are an architecture's; reads no numbers."""
    slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
    shapes = {name: tuple(part.get_shape()) for name, part in slices.items()}
    fault = _fault(shapes, architecture, classes)
    if not fault:
        others = [n for n, part in slices.items() if part.get_dtype() not in ("F16", "F32")]
        fault = f"{others[0]} is neither float16 nor float32" if others else ""
    if fault:
        raise CourseError(f"{path} does not hold the weights of {architecture}: {fault}.")


def _fault(shapes: Mapping[str, Shape], architecture: str, classes: tuple[str, ...]) -> str:
    """Return in words where tensors are not those of an architecture, or nothing."""
    expected = weight_shapes(plan_of(architecture, len(classes)))
    if missing := expected.keys() - shapes.keys():
        return f"{_some(missing)} missing"
    if extra := shapes.keys() - expected.keys():
        return f"{_some(extra)} unknown to it"
    for name, shape in expected.items():
        if shapes[name] != shape:
            return f"{name} has the shape {shapes[name]}, not {shape}"
    return ""


def _some(names: Collection[str]) -> str:
    """Return "a is", or "a and 3 more are": the first of some names, shortened, and a verb."""
    first, more = sorted(names)[0][:60], len(names) - 1
    return f"{first} and {more} more are" if more else f"{first} is"


def _unusable(tensors: Mapping[str, Array]) -> str | None:
    """Return the first tensor with a NaN, an infinite number or a negative variance, or None."""
    for name, tensor in tensors.items():
        negative = name.endswith("moving_variance") and (tensor < 0).any()
        if negative or not np.isfinite(tensor).all():
            return name
    return None
