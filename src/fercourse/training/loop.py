"""The training itself: one way for every network, backend and recipe."""

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from fercourse.classifiers.architectures import build
from fercourse.training.augmentation import Numbers, augmented, mirrored_now, mixed
from fercourse.training.checkpoint import (
    CheckpointError,
    Standing,
    policy_kept,
    read_checkpoint,
    write_checkpoint,
)
from fercourse.training.optimizers import Triangle, optimizer
from fercourse.training.precision import Policy, precision, quickest_policy
from fercourse.training.quick_normalization import quick_copy
from fercourse.training.recipe import Recipe

_PIECE = 2048
"""About how many faces are learned from between two reports."""

_SAVE_AFTER = 10.0
"""Seconds between two checkpoints; an interruption loses no more than this."""


@dataclass(frozen=True)
class Progress:
    """How far a training is.

    Attributes:
        epoch: the one under way, from 1.
        epochs: how many there are.
        share: of the whole training that is done, 0 to 1.
        loss: mean loss in this epoch so far.
        epoch_is_over: whether this was the epoch's last report.
        seconds: how long it took so far, earlier runs included.
        seconds_left: how much longer it will take at the speed of this run.
    """

    epoch: int
    epochs: int
    share: float
    loss: float
    epoch_is_over: bool
    seconds: float
    seconds_left: float


@dataclass(frozen=True)
class Trained:
    """What a training gave.

    Attributes:
        model: the Keras model.
        losses: mean loss of each epoch.
        seconds: how long it took, all runs together.
        policy: the precision that it was trained in.
        meaning: what tells this training from every other, see ``meaning_of``.
    """

    model: Any
    losses: tuple[float, ...]
    seconds: float
    policy: Policy
    meaning: str


def train(
    recipe: Recipe,
    images: npt.NDArray[np.uint8],
    targets: Numbers,
    *,
    seed: int = 0,
    start: Any = None,
    network: Any = None,
    loss: Any = None,
    checkpoint: Path | None = None,
    resume: bool = False,
    report: Callable[[Progress], None] | None = None,
    policy: Policy | None = None,
) -> Trained:
    """Train a network.

    The order of the faces and all changes to them follow from the seed and the epoch alone, so
    an interrupted training goes on as if nothing had happened.

    Args:
        recipe: how.
        images: uint8 (n, 48, 48), the faces to learn from.
        targets: float32 (n, k), the share of each class in each face's target; k is 6 or 7. With
            a network and a loss of one's own, what these ask for.
        seed: decides the first weights, the order of the faces and all chances.
        start: a Keras model to go on from, of the recipe's architecture; layers that are not
            trainable stay as they are. None begins anew.
        network: a Keras model of another architecture, which is trained itself, not a copy.
        loss: a Keras loss; None takes the cross-entropy of the classes' scores.
        checkpoint: where to keep how far it is. Whoever keeps what comes out deletes the file
            then, not before: until it is written, the checkpoint is all there is.
        resume: go on from the checkpoint where there is one.
        report: is told how far it is, every few seconds.
        policy: the precision; None takes that of the training that goes on, else the quickest
            on this machine. A network of one's own has the precision that it was built in; name
            it here for the record.

    Raises:
        CheckpointError: the checkpoint is damaged, or of another training.
        CourseError: the checkpoint cannot be written.
        ValueError: there are no faces, or they and the targets do not fit each other, or both a
            start and a network are given.
    """
    if not len(images) or len(images) != len(targets):
        raise ValueError(f"{len(images)} images and {len(targets)} targets are no training set.")
    if start is not None and network is not None:
        raise ValueError("give a start or a network, not both.")
    kept = checkpoint if resume else None
    policy = policy_for(kept, policy)
    batch = min(recipe.batch_size, len(images))
    keras.utils.set_random_seed(seed)
    model = _network(recipe, targets.shape[1], start, policy) if network is None else network
    learner = quick_copy(model)
    _compile(learner, recipe, len(images) // batch, loss)
    standing = Standing(meaning_of(recipe, images, targets, seed, start))
    if kept and kept.exists():
        standing = read_checkpoint(kept, standing.meaning, learner)
    standing.policy = policy
    clock = _Clock(standing, recipe, len(images) // batch * batch, report)
    saved = time.monotonic()
    while standing.epoch < recipe.epochs:
        for faces, numbers, wanted in _prepared(recipe, images, targets, seed, standing, batch):
            clock.count(faces, _learn(learner, numbers, wanted, batch))
            if checkpoint and time.monotonic() - saved >= _SAVE_AFTER:
                write_checkpoint(checkpoint, standing, learner)
                saved = time.monotonic()
    if recipe.average:
        learner.optimizer.finalize_variable_values(learner.trainable_variables)
    model.set_weights(learner.get_weights())
    return Trained(model, tuple(standing.losses), standing.seconds, policy, standing.meaning)


def policy_for(kept: Path | None, wanted: Policy | None = None) -> Policy:
    """Return the precision to learn in: an interrupted training's own, else the quickest here.

    Args:
        kept: the checkpoint to go on from; None, or where nothing is, begins anew.
        wanted: the precision that was asked for; None leaves the choice.

    Raises:
        CheckpointError: the checkpoint is damaged, or of another precision than was wanted.
    """
    before = policy_kept(kept)
    if before and wanted and before != wanted:
        raise CheckpointError(
            f"The interrupted training ({kept}) learns in {before}, not in {wanted}. Go on in the "
            "same precision, or delete that file to begin anew."
        )
    return before or wanted or quickest_policy()


def smoothed(labels: npt.NDArray[np.integer[Any]], classes: int, share: float) -> Numbers:
    """Return targets that say a face's label, and with a share of them all classes alike.

    Args:
        labels: (n,), from 0.
        classes: how many there are.
        share: of all classes alike, 0 to 1.

    Returns:
        float32 (n, classes), rows adding up to 1.
    """
    return np.eye(classes, dtype=np.float32)[labels] * (1 - share) + np.float32(share / classes)


def meaning_of(
    recipe: Recipe,
    images: npt.NDArray[np.uint8],
    targets: Numbers,
    seed: int,
    start: Any = None,
) -> str:
    """Return what tells a training from every other; arguments as in ``train``."""
    digest = hashlib.sha256(f"{recipe.as_text()} {seed}".encode())
    digest.update(images.tobytes())
    digest.update(targets.tobytes())
    for layer in start.layers if start is not None else ():
        digest.update(bytes([layer.trainable]))
        for tensor in layer.get_weights():
            digest.update(tensor.tobytes())
    return digest.hexdigest()


def _network(recipe: Recipe, classes: int, start: Any, policy: Policy) -> Any:
    """Return a network of the recipe's architecture, new or with another one's weights."""
    with precision(policy):
        model = build(recipe.architecture, classes, any_size=len(recipe.sizes) > 1)
    if start is not None:
        model.set_weights(start.get_weights())
        for layer, given in zip(model.layers, start.layers, strict=True):
            layer.trainable = given.trainable
    return model


def _compile(model: Any, recipe: Recipe, steps: int, loss: Any) -> None:
    """Make a model ready to learn, with so many steps an epoch."""
    schedule = Triangle(recipe.learning_rate, recipe.epochs * steps, recipe.warm_up)
    rule = optimizer(
        recipe.optimizer, schedule, weight_decay=recipe.weight_decay, average=recipe.average
    )
    model.compile(rule, loss or keras.losses.CategoricalCrossentropy(from_logits=True))


def _learn(learner: Any, numbers: Numbers, wanted: Numbers, batch: int) -> float:
    """Learn from a piece, and return its mean loss.

    ``fit`` would do the same, but after each of its calls TensorFlow waits up to two seconds for
    a thread that tunes how data is read (docs/decisions/training.md).
    """
    learner.reset_metrics()
    loss = 0.0
    for begin in range(0, len(numbers), batch):
        part = slice(begin, begin + batch)
        loss = learner.train_on_batch(numbers[part], wanted[part])
    return float(loss)


def _prepared(
    recipe: Recipe,
    images: npt.NDArray[np.uint8],
    targets: Numbers,
    seed: int,
    standing: Standing,
    batch: int,
) -> Iterator[tuple[int, Numbers, Numbers]]:
    """Yield the rest of an epoch in pieces; the next is made while the last is learned from."""
    epoch = standing.epoch
    order = np.random.default_rng([seed, 0, epoch]).permutation(len(images))
    order = order[: len(images) // batch * batch]
    length = max(1, _PIECE // batch) * batch
    starts = range(standing.faces, len(order), length)

    def piece(begin: int) -> tuple[int, Numbers, Numbers]:
        chosen = order[begin : begin + length]
        chances = np.random.default_rng([seed, 1, epoch, begin])
        settings = recipe.augmentation
        mirrored = mirrored_now(chosen, epoch, seed) if settings.mirror else None
        size = recipe.size_in(epoch)
        faces = augmented(images[chosen], settings, chances, mirrored=mirrored, size=size)
        return len(chosen), *mixed(faces, targets[chosen], settings.mixup, chances)

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(piece, starts[0])
        for begin in starts[1:]:
            ready = coming.result()
            coming = pool.submit(piece, begin)
            yield ready
        yield coming.result()


class _Clock:
    """Counts the faces that were learned from, and says how long it will take."""

    def __init__(
        self,
        standing: Standing,
        recipe: Recipe,
        faces: int,
        report: Callable[[Progress], None] | None,
    ) -> None:
        self._standing = standing
        self._epochs = recipe.epochs
        self._faces = faces
        self._report = report
        self._seconds_before = standing.seconds
        self._began = time.monotonic()
        self._work = [recipe.size_in(epoch) ** 2 for epoch in range(recipe.epochs)]
        self._share_before = self._share()

    def count(self, faces: int, loss: float) -> None:
        """Add a piece that was learned from."""
        standing = self._standing
        standing.faces += faces
        standing.running += loss * faces
        standing.seconds = self._seconds_before + time.monotonic() - self._began
        share, epoch = self._share(), standing.epoch + 1
        mean = standing.running / standing.faces
        if over := standing.faces >= self._faces:
            standing.losses.append(mean)
            standing.epoch, standing.faces, standing.running = epoch, 0, 0.0
        if self._report:
            here = time.monotonic() - self._began
            left = here * (1 - share) / max(share - self._share_before, 1e-9)
            self._report(Progress(epoch, self._epochs, share, mean, over, standing.seconds, left))

    def _share(self) -> float:
        """Return how much of all the work is done; larger faces are more work."""
        standing = self._standing
        done = float(sum(self._work[: standing.epoch]))
        if standing.faces:
            done += self._work[standing.epoch] * standing.faces / self._faces
        return done / sum(self._work)
