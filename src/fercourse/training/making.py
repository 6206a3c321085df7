"""From faces to a file of weights: what `course.py train` does."""

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from fercourse.classifiers.contract import Classifier
from fercourse.classifiers.inference import cores
from fercourse.classifiers.network import NetworkClassifier, read_network
from fercourse.classifiers.weights import read_weights, weights_of, write_weights
from fercourse.dataset import FaceSet, validation_split
from fercourse.errors import CourseError
from fercourse.training.augmentation import Numbers
from fercourse.training.loop import Progress, Trained, meaning_of, smoothed, train
from fercourse.training.recipe import Recipe
from fercourse.training.recipes import recipe_of
from fercourse.training.transfer import freeze, read_start

_MEANING = "training"


@dataclass(frozen=True)
class Order:
    """What is to be made.

    Attributes:
        recipe: how.
        faces: faces of Training, fit and validation part together.
        out: the file of weights to write.
        all_of_training: learn from the validation part too, for a release of what was chosen.
        seed: decides every chance.
        resume: go on with an interrupted training.
        begin: a file of weights whose layers it begins with, all but the last; None begins anew.
        frozen: only the last layer learns, so a beginning is needed.
        command: what a reader of the file can type to get the like of it.
        began: when the command began, by ``time.monotonic``; its time counts as training.
    """

    recipe: Recipe
    faces: FaceSet
    out: Path
    all_of_training: bool = False
    seed: int = 0
    resume: bool = False
    begin: Path | None = None
    frozen: bool = False
    command: str = ""
    began: float | None = None

    @property
    def checkpoint(self) -> Path:
        """Where it is kept how far the training is."""
        return self.out.with_suffix(".checkpoint")


@dataclass(frozen=True)
class Made:
    """What came out.

    Attributes:
        classifier: the network, as it was written.
        trained: how the training went.
        seconds: all of it, teachers included.
        faces: how many it learned from.
        validation: its accuracy on the validation part, 0 to 1; None where it learned from that.
    """

    classifier: NetworkClassifier
    trained: Trained
    seconds: float
    faces: int
    validation: float | None


Report = Callable[[str, Progress], None]
"""Is told the name of the network under way, and how far it is."""


def make(order: Order, report: Report | None = None) -> Made:
    """Train a network and write its weights, with what a reader should know of them.

    Args:
        order: what is to be made.
        report: is told how far it is, teachers too.

    Raises:
        CourseError: the file cannot be written, or an interrupted training does not fit.
    """
    began = time.monotonic() if order.began is None else order.began
    faces, validation = _parts(order)
    if not len(faces):
        raise CourseError(f"{faces.source} has no faces to learn from.")
    start = _start(order)
    prepared = time.monotonic() - began
    teachers, taught = _teachers(order, report)
    targets = targets_of(order.recipe, faces, teachers)
    trained = train(
        order.recipe,
        faces.images,
        targets,
        seed=order.seed,
        start=start,
        checkpoint=order.checkpoint,
        resume=order.resume,
        report=(lambda progress: report(order.recipe.name, progress)) if report else None,
    )
    seconds = prepared + taught + trained.seconds
    weights = weights_of(trained.model, order.recipe.architecture, faces.classes)
    notes = _notes(order, faces, trained, seconds)
    write_weights(order.out, replace(weights, notes=notes))
    classifier = read_network(order.out, order.recipe.name)
    accuracy = None if order.all_of_training else accuracy_of(classifier, validation)
    return Made(classifier, trained, seconds, len(faces), accuracy)


def _parts(order: Order) -> tuple[FaceSet, FaceSet]:
    """Return the faces that an order learns from, and the validation part."""
    fit, validation = validation_split(order.faces)
    return without_blanks(order.faces if order.all_of_training else fit), validation


def _start(order: Order) -> Any:
    """Return the network that an order begins with, if it names one.

    Raises:
        CourseError: it does not fit, or knows the faces already that it would be judged on.
    """
    if order.begin is None:
        if order.frozen:
            raise CourseError("Without --from there is nothing to keep: leave --freeze out.")
        return None
    classes = len(order.faces.classes)
    start = read_start(order.begin, order.recipe.architecture, classes, seed=order.seed)
    notes = read_weights(order.begin).notes
    same_faces = notes.get("faces") == order.faces.kind
    if same_faces and notes.get("fitted_on") == "Training" and not order.all_of_training:
        raise CourseError(
            f"{order.begin} learned from the validation part already, so this training could not "
            "be judged by it. Begin with a network that did not, or add --all."
        )
    return freeze(start) if order.frozen else start


def without_blanks(faces: FaceSet) -> FaceSet:
    """Return the faces that are not one even gray; a blank picture teaches nothing."""
    flat = faces.images.reshape(len(faces), 48 * 48)
    return faces.take(flat.max(axis=1, initial=0) > flat.min(axis=1, initial=255))


def targets_of(recipe: Recipe, faces: FaceSet, teachers: Sequence[Classifier] = ()) -> Numbers:
    """Return what a network is to answer for each face: float32 (n, k), rows adding up to 1.

    Args:
        recipe: says how much of the targets is all classes alike, and how much the teachers'.
        faces: whose labels are the rest.
        teachers: whose answers for each face and its mirror image are averaged.
    """
    own = smoothed(faces.labels, len(faces.classes), recipe.label_smoothing)
    if not teachers:
        return own
    views = [faces.images, np.ascontiguousarray(faces.images[:, :, ::-1])]
    answers = [teacher.predict_proba(view) for teacher in teachers for view in views]
    mean = np.mean(answers, axis=0, dtype=np.float64).astype(np.float32)
    return own * (1 - recipe.teacher_share) + mean * recipe.teacher_share


def accuracy_of(classifier: Classifier, faces: FaceSet) -> float | None:
    """Return the share of faces whose likeliest class is the right one; None without faces."""
    if not len(faces):
        return None
    return float((classifier.predict_proba(faces.images).argmax(axis=1) == faces.labels).mean())


def _teachers(order: Order, report: Report | None) -> tuple[list[Classifier], float]:
    """Return the recipe's teachers, trained now where they were not before, and their seconds.

    They are kept beside the network, so that an interruption loses none of them.
    """
    recipe = order.recipe
    made: list[Classifier] = []
    seconds = 0.0
    for number in range(1, recipe.teachers + 1):
        teacher = recipe_of(str(recipe.teacher))
        own = Order(
            recipe=teacher,
            faces=order.faces,
            out=order.out.with_name(f"{order.out.stem}-teacher-{number}.safetensors"),
            all_of_training=order.all_of_training,
            seed=100 * order.seed + number,
            resume=True,
            command=order.command,
        )
        if (ready := _ready(own)) is None:
            ready = make(own, _named(report, f"teacher {number} of {recipe.teachers}")).classifier
        made.append(ready)
        notes = ready.weights.notes if ready.weights else {}
        seconds += float(notes.get("training_seconds", 0))
    return made, seconds


def _named(report: Report | None, name: str) -> Report | None:
    return (lambda _, progress: report(name, progress)) if report else None


def _ready(order: Order) -> NetworkClassifier | None:
    """Return what an order would give, if it is there already."""
    if not order.out.exists():
        return None
    found = read_network(order.out)
    faces, _ = _parts(order)
    meaning = meaning_of(order.recipe, faces.images, targets_of(order.recipe, faces), order.seed)
    same = found.weights is not None and found.weights.notes.get(_MEANING) == meaning
    return found if same else None


def _notes(order: Order, faces: FaceSet, trained: Trained, seconds: float) -> dict[str, str]:
    return {
        "faces": faces.kind,
        "fitted_on": "Training" if order.all_of_training else "fit",
        "chosen_on": "validation",
        "class_scheme": faces.scheme.name,
        "recipe": order.recipe.as_text(),
        "seed": str(order.seed),
        "training_seconds": f"{seconds:.1f}",
        "training_machine": machine(trained.policy),
        "training_command": order.command,
        "extra_data": _extra_data(order),
        _MEANING: trained.meaning,
    }


def _extra_data(order: Order) -> str:
    """Return in words what a network learned from besides the faces of its own training."""
    if order.begin is None:
        return "none"
    notes = read_weights(order.begin).notes
    before = notes.get("extra_data", "none")
    own = notes.get("pretrained_on") or f"faces: {notes.get('faces', 'unknown')}"
    return own if before == "none" else f"{own}; {before}"


def machine(policy: str) -> str:
    """Return in words what a training ran on."""
    half = "bfloat16" if policy == "mixed_bfloat16" else "float32"
    return (
        f"{cores()} cores, {platform.machine()}, {platform.system()}, "
        f"Keras {keras.__version__} on {keras.backend.backend()}, {half}"
    )
