"""``NetworkClassifier``: a network that keeps the contract of classifiers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.architectures import build, plan_of
from fercourse.classifiers.architectures.shapes import Cost, cost
from fercourse.classifiers.contract import require_images, scheme_of
from fercourse.classifiers.inference import Engine, engine_of, run_all, softmax
from fercourse.classifiers.weights import Weights, fill, read_weights, weights_of

if TYPE_CHECKING:
    from fercourse.classifiers.architectures.plan import Plan

Numbers = npt.NDArray[np.float32]


class NetworkClassifier:
    """A network and its weights, ready to name faces.

    It may be asked from several threads at once, and any number of faces a call costs no
    preparation.

    Attributes:
        name: what to call it in tables.
        cost: how many parameters it has and how many multiplications a face takes, where that
            is known.
        weights: what was read from a file of weights; None for a ``.keras`` file.
        engine: what does the work.
    """

    def __init__(
        self,
        name: str,
        classes: tuple[str, ...],
        engine: Engine,
        *,
        plan: "Plan | None" = None,
        weights: Weights | None = None,
    ) -> None:
        """Put a network together; ``from_weights`` and ``from_keras_model`` are easier.

        Args:
            name: what to call it in tables.
            classes: class names in label order, as many as the engine gives scores.
            engine: what turns faces into scores.
            plan: its layers, where they are known.
            weights: its weights, where they are of an architecture of the course.
        """
        scheme_of(classes)
        self.name = name
        self.engine = engine
        self.weights = weights
        self.cost: Cost | None = cost(plan) if plan else None
        self._classes = tuple(classes)

    @classmethod
    def from_weights(cls, weights: Weights, name: str | None = None) -> "NetworkClassifier":
        """Return the classifier that has these weights; Keras is not needed for it."""
        plan = plan_of(weights.architecture, len(weights.classes))
        engine = engine_of(plan, weights.tensors)
        label = name or weights.architecture
        return cls(label, weights.classes, engine, plan=plan, weights=weights)

    @classmethod
    def from_keras_model(
        cls, model: Any, architecture: str, classes: tuple[str, ...]
    ) -> "NetworkClassifier":
        """Return the classifier of a Keras model that ``build(architecture)`` made."""
        return cls.from_weights(weights_of(model, architecture, classes))

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in label order."""
        return self._classes

    def predict_proba(self, images: npt.NDArray[np.uint8]) -> Numbers:
        """Return how likely each class is for each face.

        Args:
            images: uint8 (n, 48, 48), gray levels; n may be 0.

        Returns:
            float32 (n, k), each row adding up to 1.

        Raises:
            ValueError: the images have another type or shape.
        """
        return softmax(self.predict_scores(images))

    def predict_scores(self, images: npt.NDArray[np.uint8]) -> Numbers:
        """Return the scores before softmax, float32 (n, k), of images as for ``predict_proba``."""
        return self.run(images)[0]

    def embed(self, images: npt.NDArray[np.uint8]) -> Numbers:
        """Return what the last layer sees of each face, float32 (n, d).

        A light classifier of one person's expressions can be fitted on it.
        """
        return self.run(images)[1]

    def run(self, images: npt.NDArray[np.uint8]) -> tuple[Numbers, Numbers]:
        """Return ``predict_scores`` and ``embed`` of images at the price of one of them."""
        faces = require_images(images)
        if len(faces):
            return run_all(self.engine, faces)
        scores, embedding = self.engine.run(np.zeros((1, 48, 48), np.uint8))
        return scores[:0], embedding[:0]

    def keras_model(self) -> Any:
        """Return a Keras model with these weights, to train on or to look into.

        Raises:
            ValueError: the network came from a ``.keras`` file; open that with Keras.
        """
        if self.weights is None:
            raise ValueError(f"{self.name} has no architecture of the course; open it with Keras.")
        model = build(self.weights.architecture, len(self._classes))
        fill(model, self.weights)
        return model


def read_network(path: Path, name: str | None = None) -> NetworkClassifier:
    """Return the classifier whose weights lie in a ``.safetensors`` file.

    Args:
        path: the file.
        name: what to call it; the file's name where None.

    Raises:
        CourseError: the file is missing or unusable (see ``read_weights``).
    """
    return NetworkClassifier.from_weights(read_weights(path), name or path.stem)
