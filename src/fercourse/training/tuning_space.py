"""What tuning varies: the settings of a network and of its training, and within which bounds."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from fercourse.classifiers.architectures import plan_of
from fercourse.classifiers.architectures.plan import (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Kind,
    Layer,
    Plan,
)
from fercourse.errors import CourseError, did_you_mean
from fercourse.training.augmentation import Augmentation
from fercourse.training.recipe import Recipe

if TYPE_CHECKING:
    from keras_tuner import HyperParameters

_STRONGEST = Augmentation(rotation=20, scale=0.16, stretch=0.1, shift=4)
"""What an augmentation of 1 is; 0 moves nothing, and all but mirrors."""


@dataclass(frozen=True)
class Setting:
    """One choice of everything that tuning varies in the network ``baseline``.

    Attributes:
        filters: of the first convolution; the others have as many times more as in the baseline.
        dense: neurons of the dense layer.
        dropout: share of its outputs that are 0 while learning.
        activation: what bends the sums: relu, silu or gelu.
        optimizer: the rule of ``fercourse.training.optimizers.optimizer``.
        learning_rate: the highest.
        batch_size: faces before each change of the weights.
        label_smoothing: share of each target that goes to all classes alike.
        weight_decay: share of each kernel that a learning rate of 1 would take away each step.
        augmentation: how strongly faces are moved, turned and stretched, from 0 to 1.
    """

    filters: int = 16
    dense: int = 64
    dropout: float = 0.3
    activation: Kind = "relu"
    optimizer: Literal["muon", "sgd", "adamw"] = "adamw"
    learning_rate: float = 0.003
    batch_size: int = 64
    label_smoothing: float = 0.0
    weight_decay: float = 0.01
    augmentation: float = 0.5

    def plan(self, classes: int = 7) -> Plan:
        """Return the baseline's layers with this setting's numbers."""
        layers = plan_of("baseline", classes)
        first = next(layer.filters for layer in layers if isinstance(layer, Convolution))

        def changed(layer: Layer) -> Layer:
            match layer:
                case Convolution():
                    return replace(layer, filters=layer.filters * self.filters // first)
                case Dense():
                    return replace(layer, units=self.dense)
                case Dropout():
                    return replace(layer, share=self.dropout)
                case Activation():
                    return replace(layer, kind=self.activation)
            return layer

        return (*map(changed, layers[:-1]), layers[-1])

    def recipe(self, epochs: int) -> Recipe:
        """Return how the network learns with this setting.

        Args:
            epochs: how often it sees each face.
        """
        strength = self.augmentation
        return Recipe(
            name="baseline, tuned",
            architecture="baseline",
            epochs=epochs,
            batch_size=self.batch_size,
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
            label_smoothing=self.label_smoothing,
            augmentation=Augmentation(
                rotation=_STRONGEST.rotation * strength,
                scale=_STRONGEST.scale * strength,
                stretch=_STRONGEST.stretch * strength,
                shift=_STRONGEST.shift * strength,
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the setting as names and values that JSON has."""
        return asdict(self)


Space = Callable[["HyperParameters"], Setting]
"""Declares what is varied, and returns the setting that the values stand for."""


def search_space(hp: "HyperParameters") -> Setting:
    """Declare the settings of the network ``baseline`` and their bounds, as KerasTuner wants it.

    The default of each is what the baseline and its recipe have, or near it. Learning rate and
    weight decay are searched by their logarithm: from 0.001 to 0.002 is as far as from 0.01 to
    0.02 (Bergstra and Bengio, 2012, "Random search for hyper-parameter optimization").

    Args:
        hp: KerasTuner's HyperParameters: declares here, and holds a trial's values.

    Returns:
        The setting of the values in ``hp``.
    """
    usual = Setting()
    return Setting(
        filters=hp.Int("filters", 8, 48, step=8, default=usual.filters),
        dense=hp.Choice("dense", [32, 64, 128, 256], default=usual.dense),
        dropout=hp.Float("dropout", 0.0, 0.6, step=0.1, default=usual.dropout),
        activation=hp.Choice("activation", ["relu", "silu", "gelu"], default=usual.activation),
        optimizer=hp.Choice("optimizer", ["adamw", "sgd", "muon"], default=usual.optimizer),
        learning_rate=hp.Float(
            "learning_rate", 3e-4, 1e-1, sampling="log", default=usual.learning_rate
        ),
        batch_size=hp.Choice("batch_size", [32, 64, 128, 256], default=usual.batch_size),
        label_smoothing=hp.Float(
            "label_smoothing", 0.0, 0.2, step=0.05, default=usual.label_smoothing
        ),
        weight_decay=hp.Float(
            "weight_decay", 1e-4, 1e-1, sampling="log", default=usual.weight_decay
        ),
        augmentation=hp.Float("augmentation", 0.0, 1.0, step=0.25, default=usual.augmentation),
    )


SPACES: dict[str, Space] = {"baseline": search_space}
"""The search space of each network that can be tuned."""


def space_of(network: str) -> Space:
    """Return a network's search space.

    Raises:
        CourseError: there is none for that name; those there are are listed.
    """
    if network in SPACES:
        return SPACES[network]
    hint = did_you_mean(network.lower(), SPACES, 0.5)
    raise CourseError(
        f"There is no search space for a network named {network!r}.{hint} The networks that can "
        f"be tuned are: {', '.join(SPACES)}."
    )
