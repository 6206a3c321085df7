"""Networks that students save: ``.keras`` files, opened only if nothing in them can run.

Such a file is a zip of a configuration, which says what Keras is to build, and of weights.
Keras keeps code out in its safe mode; here, before Keras sees it, the configuration may also
name nothing but layers of a list.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from fercourse.classifiers.contract import FACE
from fercourse.classifiers.inference import Engine, KerasEngine, engine_of, softmax
from fercourse.classifiers.keras_plan import plan_and_tensors
from fercourse.classifiers.network import NetworkClassifier
from fercourse.classifiers.quiet import quietly
from fercourse.classifiers.weights import LARGEST_FILE, require_file
from fercourse.emotions import class_scheme
from fercourse.errors import CourseError

_MEMBERS = {"config.json", "metadata.json", "model.weights.h5"}
_LARGEST_CONFIG = 2**20
_MOST_LAYERS = 400
_LARGEST_NUMBER = 2**14  # of a layer's neurons, say; a larger one would only fill the memory

_ANY_NUMBER = ("seed", "shared_object_id")

# fmt: off
_LAYERS = frozenset({
    "Activation", "Add", "AlphaDropout", "Average", "AveragePooling2D", "BatchNormalization",
    "CenterCrop", "Concatenate", "Conv2D", "Cropping2D", "Dense", "DepthwiseConv2D", "Dropout",
    "ELU", "Flatten", "GaussianDropout", "GaussianNoise", "GlobalAveragePooling2D",
    "GlobalMaxPooling2D", "GroupNormalization", "Identity", "InputLayer", "LayerNormalization",
    "LeakyReLU", "MaxPooling2D", "Maximum", "Minimum", "Multiply", "Normalization", "PReLU",
    "Permute", "RandomBrightness", "RandomContrast", "RandomCrop", "RandomErasing", "RandomFlip",
    "RandomGaussianBlur", "RandomInvert", "RandomPerspective", "RandomRotation",
    "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom", "ReLU", "Rescaling",
    "Reshape", "Resizing", "SeparableConv2D", "Softmax", "SpatialDropout2D", "Subtract",
    "ZeroPadding2D"
})
# fmt: on
_MODELS = frozenset({"Functional", "Sequential"})
_HOMES = {
    "keras": _MODELS | {"DTypePolicy"},
    "keras.models": _MODELS,
    "keras.src.models.functional": {"Functional"},
    "keras.src.models.sequential": {"Sequential"},
    "keras.layers": _LAYERS,
    "keras.dtype_policies": {"DTypePolicy"},
}
_HELPERS = ("keras.initializers", "keras.regularizers", "keras.constraints")
_MARKS = {"__keras_tensor__", "__tuple__"}


def read_keras_file(path: Path, name: str | None = None) -> NetworkClassifier:
    """Return the classifier in a ``.keras`` file.

    Args:
        path: the file. Its network takes (48, 48) or (48, 48, 1), gray levels 0 to 255, and
            gives six or seven scores or probabilities (which of them, its last layer says).
        name: what to call it; the file's name where None.

    Raises:
        CourseError: the file is missing or damaged, holds other than built-in layers, or its
            network takes or gives something else.
    """
    require_file(path)
    content = _vetted(path, of_faces=True)
    with quietly():
        model = _loaded(path, content)
        classes = _require_face_network(path, model)
        engine, plan = _engine(model, _ends_in_softmax(path, model))
    scheme = class_scheme(classes)
    return NetworkClassifier(name or path.stem, scheme.classes, engine, plan=plan)


def read_keras_model(path: Path) -> Any:
    """Return the Keras model in a ``.keras`` file, whatever it takes and gives.

    Raises:
        CourseError: the file is missing or damaged, or holds other than built-in layers.
    """
    require_file(path)
    content = _vetted(path)
    with quietly():
        return _loaded(path, content)


def _vetted(path: Path, *, of_faces: bool = False) -> bytes:
    """Return a ``.keras`` file's bytes anew, with what was looked at and nothing else.

    Args:
        path: the file.
        of_faces: whether its network must take faces.

    Raises:
        CourseError: it is no such file, or holds what it should not.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _require_members(path, archive)
            config = json.loads(archive.read("config.json"))
            weights = archive.read("model.weights.h5")
            metadata = archive.read("metadata.json")
    except (zipfile.BadZipFile, EOFError, ValueError, RecursionError, NotImplementedError) as error:
        raise CourseError(
            f"{path} is damaged, truncated or no .keras file ({error}). Save it again with "
            "model.save(...)."
        ) from error
    except (OSError, RuntimeError) as error:
        raise CourseError(f"{path} cannot be read: {error}.") from error
    fault = _fault_in(config)
    if of_faces and not fault:
        _require_faces(path, config)
    if fault := fault or _fault_of_helpers(config):
        raise CourseError(
            f"{path} is not opened: {fault}. A file from somebody else can hold code; the course "
            "opens networks of Keras's own layers only."
        )
    config.pop("compile_config", None)  # how it was trained; nothing of it is needed
    fresh = io.BytesIO()
    with zipfile.ZipFile(fresh, "w") as archive:
        archive.writestr("metadata.json", metadata)
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights)
    return fresh.getvalue()


def _require_members(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise a CourseError unless an archive holds the three files of a model, of usual sizes."""
    names = [member.filename for member in archive.infolist()]
    if sorted(names) != sorted(_MEMBERS):
        others = sorted(set(names) - _MEMBERS)
        what = f"it holds {others[0][:60]!r}, too" if others else "it holds something else"
        raise CourseError(
            f"{path} is not opened: a .keras file holds {', '.join(sorted(_MEMBERS))} once each "
            f"and nothing else; {what}."
        )
    for member in archive.infolist():
        largest = LARGEST_FILE if member.filename.endswith(".h5") else _LARGEST_CONFIG
        if member.file_size > largest:
            raise CourseError(
                f"{path} is not opened: its {member.filename} would take "
                f"{member.file_size / 2**20:,.0f} MiB, more than any network of a course."
            )


def _fault_in(config: Any) -> str:
    """Return in words what a configuration names beyond Keras's own layers, or nothing."""
    if not isinstance(config, dict) or config.get("class_name") not in _MODELS:
        return "it is neither a Sequential nor a Functional model"
    objects = 0
    for part in _parts(config.get("config")):
        if isinstance(part, int | float) and abs(part) > _LARGEST_NUMBER:
            return f"it asks for a layer with the number {part:.6g}"
        if not isinstance(part, dict) or "class_name" not in part:
            continue
        objects += 1
        if fault := _fault_of(part):
            return fault
    return f"it has {objects:,} parts" if objects > _MOST_LAYERS * 8 else ""


def _parts(value: Any) -> Iterator[Any]:
    """Yield a JSON value and all within it, apart from those that may be any numbers."""
    rest = [value]
    while rest:
        part = rest.pop()
        yield part
        if isinstance(part, dict):
            numbers = {key for key in _ANY_NUMBER if isinstance(part.get(key), int)}
            rest += [inner for key, inner in part.items() if key not in numbers]
        elif isinstance(part, list):
            rest += part


def _fault_of(part: dict[str, Any]) -> str:
    """Return what is wrong with one object of a configuration, or nothing."""
    kind, home, registered = (part.get(key) for key in ("class_name", "module", "registered_name"))
    shown = f"{home}.{kind}"[:80]
    if not isinstance(kind, str) or not isinstance(home, str | None):
        return f"it names {shown}"
    if home is None and kind in _MARKS:
        return ""
    if registered not in (None, kind):
        return f"it names {str(registered)[:80]!r}, which is not Keras's own"
    if home not in _HELPERS and kind not in _HOMES.get(home or "", ()):
        return f"it names {shown}, which is not a layer on the course's list"
    return ""


def _fault_of_helpers(config: dict[str, Any]) -> str:
    """Return which initializer or the like is not Keras's own, or nothing.

    Asked when all else is well: Keras takes seconds to come.
    """
    objects = [part for part in _parts(config.get("config")) if isinstance(part, dict)]
    helpers = {
        (part["module"], part["class_name"])
        for part in objects
        if "class_name" in part and part.get("module") in _HELPERS
    }
    strangers = [(home, kind) for home, kind in helpers if not _is_keras_own(home, kind)]
    return f"it names {'.'.join(strangers[0])[:80]}" if strangers else ""


def _is_keras_own(home: str, kind: str) -> bool:
    """Return whether a module of Keras has a class of that name."""
    with quietly():
        import keras

    found = getattr(getattr(keras, home.removeprefix("keras.")), kind, None)
    return isinstance(found, type) and found.__module__.startswith("keras.")


def _loaded(path: Path, content: bytes) -> Any:
    """Return the Keras model of a vetted file."""
    import keras

    with tempfile.TemporaryDirectory(prefix="fercourse-") as folder:
        copy = Path(folder) / "network.keras"
        copy.write_bytes(content)
        try:
            return keras.saving.load_model(copy, compile=False, safe_mode=True)
        except Exception as error:  # whatever Keras makes of a strange file
            reason = str(error).strip().partition("\n")[0][:200] or type(error).__name__
            raise CourseError(
                f"{path} cannot be built by Keras: {reason.replace(str(copy), path.name)}"
            ) from error


def _require_faces(path: Path, config: dict[str, Any]) -> None:
    """Raise a CourseError where a configuration says already that its network takes no faces."""
    layers = config["config"].get("layers") if isinstance(config.get("config"), dict) else None
    shapes = [
        tuple(shape)
        for layer in (layers if isinstance(layers, list) else ())
        if isinstance(layer, dict) and layer.get("class_name") == "InputLayer"
        if isinstance(inside := layer.get("config"), dict)
        if isinstance(shape := inside.get("batch_shape"), list)
    ]
    if shapes:
        _require_taking_faces(path, shapes)


def _require_taking_faces(path: Path, inputs: list[tuple[Any, ...]]) -> None:
    if len(inputs) != 1 or inputs[0][1:] not in (FACE, (*FACE, 1)):
        raise CourseError(
            f"{path} takes {str(inputs)[:80]}; a classifier of faces takes (48, 48, 1) or "
            "(48, 48): gray levels 0 to 255, scaled by a layer of its own."
        )


def _require_face_network(path: Path, model: Any) -> int:
    """Return how many classes a model tells apart.

    Raises:
        CourseError: it does not take faces, does not give six or seven numbers, or has weights
            that are no numbers.
    """
    inputs, outputs = ([tuple(x.shape) for x in ends] for ends in (model.inputs, model.outputs))
    _require_taking_faces(path, inputs)
    if len(outputs) != 1 or len(outputs[0]) != 2 or outputs[0][1] not in (6, 7):
        raise CourseError(f"{path} gives {outputs}; a classifier of faces gives 6 or 7 numbers.")
    if not all(np.isfinite(np.asarray(value)).all() for value in model.get_weights()):
        raise CourseError(f"{path} is of no use: it has weights that are NaN or infinite.")
    return int(outputs[0][1])


def _ends_in_softmax(path: Path, model: Any) -> bool:
    """Return whether a model gives probabilities rather than scores.

    Raises:
        CourseError: it gives neither, say because it ends in ReLU or a sigmoid.
    """
    last = model.layers[-1]
    while type(last).__name__ in _MODELS:
        last = last.layers[-1]
    activation = getattr(getattr(last, "activation", None), "__name__", "linear")
    if type(last).__name__ == "Softmax" or activation == "softmax":
        return True
    if type(last).__name__ in ("Dense", "Activation", "Rescaling") and activation == "linear":
        return False
    raise CourseError(
        f"{path} ends in {type(last).__name__} ({activation}), so its numbers are neither scores "
        "nor probabilities. End with Dense(7, activation='softmax'), or with Dense(7)."
    )


def _engine(model: Any, ends_in_softmax: bool) -> tuple[Engine, Any]:
    """Return the quick engine and the plan where the model has one, else Keras and None.

    The quick one is taken only if it says the same of some faces as Keras does.
    """
    careful = KerasEngine(model, ends_in_softmax)
    if (found := plan_and_tensors(model)) is None:
        return careful, None
    plan, tensors = found
    quick = engine_of(plan, tensors)
    faces = np.random.default_rng(0).integers(0, 256, (3, *FACE), dtype=np.uint8)
    apart = np.abs(softmax(quick.run(faces)[0]) - softmax(careful.run(faces)[0])).max()
    # In half precision it is Keras that rounds; the quick engine works in float32.
    exact = all(layer.compute_dtype == "float32" for layer in model.layers)
    return (quick, plan) if apart < (1e-3 if exact else 3e-2) else (careful, None)
