"""Transfer learning: begin a training with what a network learned from something else.

The something else costs no labels here. Faces are drawn with action units whose intensities are
known exactly; a network learns to read them off, then gets a new last layer and learns
expressions from photographs. ``transfer_backbones`` begins with photographs of everything
instead, by networks that others trained on ImageNet.

Source: Yosinski, Clune, Bengio and Lipson (2014), "How transferable are features in deep neural
networks?", arXiv:1411.1792.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from fercourse.classifiers.architectures import build
from fercourse.classifiers.notes import UNFITTED
from fercourse.classifiers.weights import Weights, fill, read_weights, weights_of, write_weights
from fercourse.drawn import NUMBERS, Portrait, as_array, sample_portrait
from fercourse.drawn.sampling import DEFAULT_VARIETY, draw_all
from fercourse.emotions import SEVEN, class_scheme
from fercourse.errors import CourseError
from fercourse.training.augmentation import Augmentation, Numbers
from fercourse.training.loop import Progress, policy_for, train
from fercourse.training.precision import Policy, precision
from fercourse.training.recipe import Recipe

_ALONE = 0.5
"""Share of the drawn faces whose action units follow no emotion."""

_MOST_UNITS = 6

_CHANGES = Augmentation(rotation=10, scale=0.12, stretch=0.08, shift=4, lighting=0.15, cutout=12)


class ActionUnitFaces(NamedTuple):
    """Drawn faces and what each facial muscle does in them.

    Attributes:
        images: uint8 (n, 48, 48), gray levels.
        intensities: float32 (n, 19), of each action unit, 0 to 1.
        names: of the action units, ``"AU1"`` to ``"AU43"``, in the order of the columns.
    """

    images: npt.NDArray[np.uint8]
    intensities: Numbers
    names: tuple[str, ...]


def action_unit_faces(
    n: int,
    seed: int = 0,
    *,
    variety: float = DEFAULT_VARIETY,
    progress: Callable[[int, int], None] | None = None,
) -> ActionUnitFaces:
    """Draw faces, each of another person, with the intensity of every action unit.

    Every other face shows an emotion as the default set does, all seven equally often. The rest
    show one to six action units at random, so that none can be guessed from the others.

    Args:
        n: how many.
        seed: 0 or more; face i depends on it and on i alone. Other seeds give other people.
        variety: of poses, pictures and expressions, 0 to 1.
        progress: called with the number drawn and n.

    Raises:
        ValueError: a negative n or seed, or a variety out of range.
    """
    if n < 0 or seed < 0 or not 0 <= variety <= 1:
        raise ValueError(
            f"n and seed must be 0 or more and variety 0 to 1, not {n}, {seed} and {variety}."
        )
    portraits = [_portrait(np.random.default_rng([seed, i, 7]), variety) for i in range(n)]
    intensities = np.zeros((n, len(NUMBERS)), np.float32)
    for row, portrait in zip(intensities, portraits, strict=True):
        row[:] = as_array(portrait.action_units)
    images = draw_all(portraits, progress=progress)
    return ActionUnitFaces(images, intensities, tuple(f"AU{number}" for number in NUMBERS))


def pretrained(
    architecture: str,
    images: npt.NDArray[np.uint8],
    intensities: Numbers,
    epochs: int = 10,
    *,
    seed: int = 0,
    checkpoint: Path | None = None,
    resume: bool = False,
    report: Callable[[Progress], None] | None = None,
    policy: Policy | None = None,
) -> Any:
    """Return a network that reads the intensities of action units off faces.

    Its layers are the architecture's but for the last, which gives each intensity for itself:
    a sigmoid, learned by the cross-entropy of both ends of the scale. Like the squared error, that
    is least where the answer is the mean of what the face could be; unlike it, it still pulls
    hard where a sigmoid is flat.

    Args:
        architecture: one of ``architecture_names()``.
        images: uint8 (n, 48, 48), drawn faces.
        intensities: float32 (n, k), each 0 to 1.
        epochs: how often each face is seen.
        seed: decides the first weights, the order of the faces and all chances.
        checkpoint: where to keep how far it is; delete it when what came out is written.
        resume: go on from the checkpoint where there is one.
        report: is told how far it is.
        policy: the precision; None takes that of the training that goes on, else the quickest
            on this machine.

    Returns:
        ``keras.Model`` of gray levels, (n, 48, 48, 1), to intensities, float32 (n, k).

    Raises:
        CourseError: there is no such architecture, or the checkpoint does not fit.
        ValueError: there are no faces, or an intensity is not 0 to 1.
    """
    wanted = np.asarray(intensities, np.float32)
    if wanted.ndim != 2 or not ((wanted >= 0) & (wanted <= 1)).all():
        raise ValueError("intensities must be (n, k), each 0 to 1.")
    policy = policy_for(checkpoint if resume else None, policy)
    keras.utils.set_random_seed(seed)
    with precision(policy):
        trunk = build(architecture)
    answers = keras.layers.Dense(
        wanted.shape[1], activation="sigmoid", dtype="float32", name="intensities"
    )
    network = keras.Model(
        trunk.input, answers(trunk.layers[-1].input), name=f"{trunk.name}_action_units"
    )
    recipe = Recipe("action units", architecture, epochs, augmentation=_CHANGES)
    loss = keras.losses.BinaryCrossentropy()
    return train(
        recipe,
        images,
        wanted,
        seed=seed,
        network=network,
        loss=loss,
        checkpoint=checkpoint,
        resume=resume,
        report=report,
        policy=policy,
    ).model


def explained(model: Any, faces: ActionUnitFaces) -> dict[str, float]:
    """Return how much of each action unit's variance a network explains (R squared).

    1 is all of it, 0 no more than their mean would, below 0 worse than that.

    Args:
        model: of ``pretrained``.
        faces: which it has not learned from.
    """
    answers = model.predict(faces.images[..., None].astype(np.float32), batch_size=256, verbose=0)
    left = ((answers - faces.intensities) ** 2).sum(axis=0)
    spread = ((faces.intensities - faces.intensities.mean(axis=0)) ** 2).sum(axis=0)
    shares = 1 - left / np.maximum(spread, 1e-9)
    return {name: float(share) for name, share in zip(faces.names, shares, strict=True)}


def with_new_scores(model: Any, architecture: str, classes: int = 7, *, seed: int = 0) -> Any:
    """Return a network with all layers of another but the last, which is new.

    Args:
        model: a Keras model whose layers but the last are the architecture's: of ``pretrained``,
            or one that tells other classes apart.
        architecture: one of ``architecture_names()``.
        classes: how many classes it shall tell apart, 6 or 7.
        seed: decides the new layer's weights.

    Returns:
        ``keras.Model`` of gray levels, (n, 48, 48, 1), to scores, which ``train`` takes as its
        start. The model that was given stays as it is.

    Raises:
        CourseError: there is no such architecture.
        ValueError: the model is of another architecture.
    """
    keras.utils.set_random_seed(seed)
    fresh = build(architecture, classes)
    known = {layer.name: layer for layer in model.layers}
    for layer in fresh.layers[:-1]:
        if not layer.weights:
            continue
        given = known[layer.name].get_weights() if layer.name in known else []
        if [w.shape for w in given] != [tuple(w.shape) for w in layer.weights]:
            raise ValueError(f"{model.name} is no {architecture}: its {layer.name} does not fit.")
        layer.set_weights(given)
    return fresh


def freeze(model: Any, up_to: str | None = None) -> Any:
    """Keep the first layers of a network from learning.

    A normalization that is kept from learning also works with the means and variances that it
    has instead of those of each batch.

    Args:
        model: the network, which is changed.
        up_to: name of the last layer that stays as it is; None leaves the last layer alone to
            learn. The layers behind it may learn, whatever was frozen before.

    Returns:
        The same network.

    Raises:
        ValueError: it has no layer of that name.
    """
    names = [layer.name for layer in model.layers]
    if up_to is not None and up_to not in names:
        raise ValueError(f"{model.name} has no layer {up_to!r}. It has {', '.join(names)}.")
    last = len(names) - 2 if up_to is None else names.index(up_to)
    for place, layer in enumerate(model.layers):
        layer.trainable = place > last
    return model


def keep_normalization(model: Any) -> Any:
    """Let normalizations work with the means and variances that they have, also while others learn.

    A batch of a few faces says little of a mean, and nothing of another one's: where few faces are
    learned from, what was learned from many is better. Keras's guide asks for this by calling the
    layers with ``training=False``; in Keras 3 ``fit`` overrides that (keras-team/keras #20285), and
    only a normalization that is not trainable stays as it is.

    Args:
        model: the network, which is changed, at any depth. Call this after ``freeze``, and
            compile after this.

    Returns:
        The same network.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
        elif isinstance(layer, keras.Model):
            keep_normalization(layer)
    return model


def write_pretrained(path: Path, model: Any, architecture: str, about: str) -> None:
    """Write a pretrained network as a file of weights, to begin trainings with.

    Its scores say nothing yet: all classes are as likely as each other.

    Args:
        path: the file, ending in ``.safetensors``.
        model: of ``pretrained``.
        architecture: the name that it was built by.
        about: what it learned from, for those who find the file.

    Raises:
        CourseError: the file cannot be written, or is named otherwise.
    """
    network = with_new_scores(model, architecture)
    scores = network.layers[-1]
    scores.set_weights([np.zeros(weight.shape, np.float32) for weight in scores.weights])
    found = weights_of(network, architecture, class_scheme(7).classes)
    notes = {"pretrained_on": about, "fitted_on": UNFITTED}
    write_weights(path, Weights(architecture, found.classes, found.tensors, notes), "float32")


def read_start(path: Path, architecture: str, classes: int = 7, *, seed: int = 0) -> Any:
    """Return a network to begin with: the layers of a file of weights, and a new last one.

    Args:
        path: of ``write_pretrained``, or any network of the course.
        architecture: which the training is to have.
        classes: how many classes it shall tell apart, 6 or 7.
        seed: decides the new layer's weights.

    Raises:
        CourseError: the file is missing or damaged, or of another architecture.
    """
    weights = read_weights(path)
    if weights.architecture != architecture:
        raise CourseError(
            f"{path} holds the layers of {weights.architecture}, which do not fit into "
            f"{architecture}. Begin with a file of {architecture}, or train "
            f"{weights.architecture}."
        )
    given = build(architecture, len(weights.classes))
    fill(given, weights)
    return with_new_scores(given, architecture, classes, seed=seed)


def _portrait(rng: np.random.Generator, variety: float) -> Portrait:
    """Return a random person who shows an emotion, or action units of no emotion."""
    portrait, _ = sample_portrait(SEVEN[rng.integers(len(SEVEN))], rng, variety)
    if rng.random() >= _ALONE:
        return portrait
    chosen = rng.choice(NUMBERS, rng.integers(1, _MOST_UNITS + 1), replace=False)
    return replace(portrait, action_units={int(u): float(rng.uniform(0.1, 1)) for u in chosen})
