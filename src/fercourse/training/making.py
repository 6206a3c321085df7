"""From faces to a file of weights: what `course.py train` does."""

import hashlib
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fercourse.classifiers.contract import Classifier
from fercourse.classifiers.inference import cores
from fercourse.classifiers.network import NetworkClassifier, read_network
from fercourse.classifiers.weights import read_weights, weights_of, write_weights
from fercourse.dataset import FaceSet, validation_split
from fercourse.errors import CourseError
from fercourse.training.augmentation import Numbers
from fercourse.training.checkpoint import policy_kept
from fercourse.training.loop import Progress, Trained, policy_for, smoothed, train
from fercourse.training.precision import Policy
from fercourse.training.recipe import Recipe
from fercourse.training.recipes import recipe_of, teacher_file
from fercourse.training.transfer import freeze, read_start
from fercourse.workspace import alone_at

_IN_WORDS: dict[Policy, str] = {"float32": "float32", "mixed_bfloat16": "bfloat16"}
_MEANING = "training"
_OWN_SECONDS = "training_seconds_without_teachers"


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
        head: the order that a teacher is trained for; None for that order itself.
        anew: give up what is there: interrupted trainings, the teachers' too, and teachers of
            another training. Those that fit are taken.
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
    head: "Order | None" = None
    anew: bool = False

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


def make(
    order: Order, report: Report | None = None, *, begins: Callable[[], None] | None = None
) -> Made:
    """Train a network and write its weights, with what a reader should know of them.

    Its teachers are trained before it, and theirs before them, each once; they are kept beside
    it, so that an interruption loses none of them and another training can take them.

    Args:
        order: what is to be made.
        report: is told how far it is, teachers too.
        begins: is called when all was looked at that could be in the way of it.

    Raises:
        CourseError: there is nothing to learn from; the network to begin with does not fit, or
            knows the faces already that it would be judged on; where a teacher is to be kept
            there is one of another training; the file cannot be written, another process is
            writing it, or an interrupted training does not fit.
    """
    ahead = time.monotonic() - order.began if order.began is not None else 0.0
    elders = lineage(order)
    with alone_at(order.out):
        _require_possible(order)
        missing = _missing(order)
        if begins:
            begins()
        policy = _policy(order)
        for elder in missing:
            named = f"{elder.recipe.name} {elder.seed % 100} of {_siblings(elder, elders)}"
            _make_one(elder, policy, _named(report, named))
        return _make_one(order, policy, _named(report, order.recipe.name), ahead)


def _require_possible(order: Order) -> None:
    """Raise a CourseError where an order cannot be carried out, before anything is changed."""
    faces, _ = _parts(order)
    if not len(faces):
        raise CourseError(f"There are no faces to learn from in {faces.source}.")
    _start(order)


def _missing(order: Order) -> list[Order]:
    """Return the orders of the teachers that are to be trained yet.

    Where the order begins anew, everything that is in its way is deleted.

    Raises:
        CourseError: there is a network of another training where a teacher is to be kept.
    """
    elders = lineage(order)
    there = {elder.out: _is_ready(elder) for elder in elders if elder.out.exists()}
    others = [out for out, ready in there.items() if not ready]
    if others and not order.anew:
        raise CourseError(
            f"{others[0]}, where a teacher is to be kept, is there already, of another "
            "training (other faces, another recipe or seed) or damaged. Choose another file with "
            "--out, or write over that one with --anew."
        )
    for out in others:
        out.unlink()
    for one in (*elders, order):
        if order.anew or there.get(one.out):
            one.checkpoint.unlink(missing_ok=True)
    return [elder for elder in elders if not there.get(elder.out)]


def _policy(order: Order) -> Policy:
    """Return the precision of the whole lineage: that in which it began, else the quickest."""
    for one in (order, *lineage(order)):
        kept = policy_kept(one.checkpoint) if one.resume else None
        noted = _noted_policy(one) if order.resume else None
        if before := kept or noted:
            return before
    return policy_for(None)


def teachers_of(order: Order) -> list[Order]:
    """Return the orders of the networks that one learns from directly."""
    if order.recipe.teacher is None:
        return []
    head, recipe = order.head or order, recipe_of(order.recipe.teacher)
    return [
        Order(
            recipe=recipe,
            faces=head.faces,
            out=teacher_file(head.out, recipe, number),
            all_of_training=head.all_of_training,
            seed=100 * head.seed + number,
            resume=True,
            command=head.command,
            head=head,
        )
        for number in range(1, order.recipe.teachers + 1)
    ]


def lineage(order: Order) -> list[Order]:
    """Return an order's teachers and all of theirs, each once, before those who learn from it."""
    found: dict[Path, Order] = {}
    for teacher in teachers_of(order):
        for elder in (*lineage(teacher), teacher):
            found.setdefault(elder.out, elder)
    return list(found.values())


def _siblings(order: Order, orders: Sequence[Order]) -> int:
    return sum(other.recipe.name == order.recipe.name for other in orders)


def _make_one(
    order: Order,
    policy: Policy,
    report: Callable[[Progress], None] | None,
    ahead: float = 0.0,
) -> Made:
    """Train the network itself, on which ``ahead`` seconds were spent; its teachers are there."""
    began = time.monotonic() - ahead
    faces, validation = _parts(order)
    start = _start(order)
    teachers = [read_network(teacher.out) for teacher in teachers_of(order)]
    targets = targets_of(order.recipe, faces, teachers)
    prepared = time.monotonic() - began
    trained = train(
        order.recipe,
        faces.images,
        targets,
        seed=order.seed,
        start=start,
        checkpoint=order.checkpoint,
        resume=order.resume,
        report=report,
        policy=policy,
    )
    own = prepared + trained.seconds
    seconds = own + sum(_own_seconds(elder) for elder in lineage(order))
    weights = weights_of(trained.model, order.recipe.architecture, faces.classes)
    notes = _notes(order, faces, trained) | {
        _OWN_SECONDS: f"{own:.1f}",
        "training_seconds": f"{seconds:.1f}",
    }
    write_weights(order.out, replace(weights, notes=notes))
    order.checkpoint.unlink(missing_ok=True)
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
    return share_right(classifier.predict_proba(faces.images), faces.labels)


def share_right(scores: npt.NDArray[Any], labels: npt.NDArray[np.integer[Any]]) -> float:
    """Return the share of faces whose highest score is their own class's."""
    return float((scores.argmax(axis=1) == labels).mean())


def _named(report: Report | None, name: str) -> Callable[[Progress], None] | None:
    return (lambda progress: report(name, progress)) if report else None


def _is_ready(order: Order) -> bool:
    """Say whether what an order would give is there already."""
    try:
        notes = read_weights(order.out).notes
    except CourseError:
        return False
    faces, _ = _parts(order)
    return notes.get(_MEANING) == _meaning(order, faces)


def _meaning(order: Order, faces: FaceSet) -> str:
    """Return what tells this order from every other: recipes, seeds and faces, teachers' too."""
    digest = hashlib.sha256()
    for one in (*lineage(order), order):
        digest.update(f"{one.recipe.as_text()} {one.seed} {one.all_of_training}".encode())
    digest.update(faces.images.tobytes())
    digest.update(faces.labels.tobytes())
    return digest.hexdigest()


def _own_seconds(order: Order) -> float:
    return float(read_weights(order.out).notes.get(_OWN_SECONDS, 0))


def _notes(order: Order, faces: FaceSet, trained: Trained) -> dict[str, str]:
    return {
        "faces": faces.kind,
        "fitted_on": "Training" if order.all_of_training else "fit",
        "chosen_on": "validation",
        "class_scheme": faces.scheme.name,
        "recipe": order.recipe.as_text(),
        "seed": str(order.seed),
        "training_machine": machine(trained.policy),
        "training_command": order.command,
        "extra_data": _extra_data(order),
        _MEANING: _meaning(order, faces),
    }


def _extra_data(order: Order) -> str:
    """Return in words what a network learned from besides the faces of its own training."""
    if order.begin is None:
        return "none"
    notes = read_weights(order.begin).notes
    before = notes.get("extra_data", "none")
    own = notes.get("pretrained_on") or f"faces: {notes.get('faces', 'unknown')}"
    return own if before == "none" else f"{own}; {before}"


def _noted_policy(order: Order) -> Policy | None:
    """Return the precision that a finished teacher says it was trained in."""
    if order.head is None or not order.out.exists():
        return None
    said = read_weights(order.out).notes.get("training_machine", "").rpartition(", ")[2]
    return next((policy for policy, word in _IN_WORDS.items() if word == said), None)


def machine(policy: Policy) -> str:
    """Return in words what a training ran on."""
    half = _IN_WORDS[policy]
    return (
        f"{cores()} cores, {platform.machine()}, {platform.system()}, "
        f"Keras {keras.__version__} on {keras.backend.backend()}, {half}"
    )
