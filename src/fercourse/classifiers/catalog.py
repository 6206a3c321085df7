"""Models by name: the networks that the course ships, the classical ones, and files."""

import json
from pathlib import Path

from fercourse.classifiers.architectures import architecture_names
from fercourse.classifiers.classical import CLASSICAL
from fercourse.classifiers.contract import Classifier
from fercourse.classifiers.schemes import in_scheme
from fercourse.emotions import ClassScheme
from fercourse.errors import CourseError, did_you_mean
from fercourse.workspace import absolute, repository_root, trained_file

WEIGHTS, CARD = "weights.safetensors", "card.json"

_CODE = (".h5", ".hdf5", ".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".npy", ".bin")
_OTHER = (".onnx", ".tflite", ".pb")


def models_folder() -> Path | None:
    """Return the folder of shipped networks, or None where only the package is installed."""
    root = repository_root()
    return root / "data" / "models" if root else None


def shipped_names() -> tuple[str, ...]:
    """Return the names of the networks whose weights come with the course."""
    folder = models_folder()
    if folder is None or not folder.is_dir():
        return ()
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{WEIGHTS}")))


def model_names() -> tuple[str, ...]:
    """Return every name that ``load_classifier`` knows: shipped networks, then classical ones."""
    return (*shipped_names(), *CLASSICAL)


def load_classifier(model: str | Path, scheme: ClassScheme | None = None) -> Classifier:
    """Return a classifier that is ready to use.

    Args:
        model: a shipped network's name; a classical one's, which is fitted on the Training faces
            of ``load_faces`` then and there; or a file, ``.safetensors`` or ``.keras``.
        scheme: the classes wanted. None takes the network's own, or seven for a classical one.
            A network of seven classes answers in six, too (see ``schemes.Regrouped``).

    Raises:
        CourseError: no model has that name, its file is unusable, or it cannot answer in the
            scheme.
    """
    if isinstance(model, Path) or _looks_like_a_file(model):
        return in_scheme(_from_file(absolute(model)), scheme, str(model))
    if model in shipped_names():
        return in_scheme(_shipped(model), scheme, model)
    if model in CLASSICAL:
        return _fitted(model, scheme)
    raise _unknown(model)


def weights_file(model: str | Path) -> Path:
    """Return the file in which a network's weights are, wherever a network can be named.

    Args:
        model: a shipped network's name, a folder such as ``data/models/lean``, or the file.
    """
    folder = models_folder()
    if folder and str(model) in shipped_names():
        return folder / str(model) / WEIGHTS
    path = absolute(model)
    return path / WEIGHTS if (path / WEIGHTS).is_file() else path


def _looks_like_a_file(model: str) -> bool:
    known = (".safetensors", ".keras", *_CODE, *_OTHER)
    return model.lower().endswith(known) or "/" in model or "\\" in model


def _shipped(name: str) -> Classifier:
    """Return a shipped network, its weights compared with its card.

    Raises:
        CourseError: its card is missing or damaged, or tells of other weights.
    """
    from fercourse.classifiers.network import read_network

    folder = models_folder()
    assert folder is not None, "a shipped name has a folder"
    card = folder / name / CARD
    again = "Get the course's files again (git checkout, or a fresh download)."
    try:
        said = json.loads(card.read_text(encoding="utf-8"))["checksum"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{card} is missing or damaged. {again}") from error
    network = read_network(folder / name / WEIGHTS, name)
    if network.weights is None or network.weights.checksum != said:
        raise CourseError(f"The weights of {name} are not those that {card} tells of. {again}")
    return network


def _fitted(name: str, scheme: ClassScheme | None) -> Classifier:
    """Return a classical classifier, fitted on Training in a scheme."""
    from fercourse.dataset import load_faces

    if scheme is None or len(scheme.classes) == 7:
        faces = load_faces("Training")
    elif scheme.name == "six-merge":
        faces = load_faces("Training", 6, disgust="merge")
    else:
        faces = load_faces("Training", 6)
    estimator = CLASSICAL[name]().set_params(classes=faces.classes)
    return estimator.fit(faces.images, faces.labels)


def _from_file(path: Path) -> Classifier:
    """Return the network in a file.

    Raises:
        CourseError: it is of no form that is read, or unusable.
    """
    from fercourse.classifiers.network import read_network

    kind = path.suffix.lower()
    if path.is_dir() and (path / WEIGHTS).is_file():
        return read_network(path / WEIGHTS, path.name)
    if kind == ".safetensors":
        return read_network(path)
    if kind == ".keras":
        from fercourse.classifiers.keras_files import read_keras_file

        return read_keras_file(path)
    if kind in _CODE:
        raise CourseError(
            f"{path} is not opened: opening a {kind} file can run code that somebody put into it. "
            "Give a .safetensors file that `course.py train` wrote, or save a Keras model with "
            'model.save("NAME.keras").'
        )
    raise CourseError(
        f"{path} is no form of model that the course reads. Give a .safetensors file that "
        "`course.py train` wrote, a .keras file, or a name: " + ", ".join(model_names()) + "."
    )


def _unknown(name: str) -> CourseError:
    """Return the error for a name that no model has: what it may have meant, and what there is."""
    known = model_names()
    listed = f"The models are: {', '.join(known)}."
    if (own := trained_file(name)).is_file():
        return CourseError(
            f"The course ships no weights of {name}. Yours are in {own}: give that file. {listed}"
        )
    if name in architecture_names():
        return CourseError(
            f"The course ships no weights of {name}. Train it: python3 course.py train {name} "
            f"--out {name}.safetensors, then give that file. {listed}"
        )
    hint = did_you_mean(name.lower(), known, 0.5)
    return CourseError(f"There is no model named {name!r}.{hint} {listed}")
