"""A small family of convolutional networks, set by a handful of numbers."""

from dataclasses import dataclass
from typing import Literal

from fercourse.classifiers.architectures.plan import (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    GlobalPooling,
    Kind,
    Layer,
    Normalization,
    Plan,
    Pooling,
    Reduce,
    Rescaling,
    Residual,
    Standardization,
)


@dataclass(frozen=True)
class Staged:
    """A stem, then stages of convolutions with a max-pool each, then the scores.

    Each convolution is followed by normalization and activation: a block. A stage's first block
    changes the number of channels. Gray levels are brought to about -2 to 2, which on FER2013
    is a mean near 0 and a spread near 1.

    Attributes:
        widths: for each stage, its number of channels.
        depths: for each stage, how many convolutions it has, 1 or more.
        standardize: give each face the same mean and spread first.
        stem: channels of the first convolution; 0 leaves the stem out.
        stem_kernel: its size in pixels.
        stem_stride: its step in pixels.
        stem_pool: whether a max-pool follows it.
        pool_after: where a stage's max-pool stands: after its first ``"convolution"``, before
            the normalization (as in Jordan, 2024, arXiv:2404.00498, which saves time in
            training); after its first ``"block"``; after its ``"last convolution"``, before the
            normalization; or after the whole ``"stage"``. With the last two, the further
            convolutions are four times as dear.
        residual: add to a stage's further convolutions, two by two, what went into them.
        activation: what bends the sums.
        pooling: how each channel becomes one number at the end: its largest, its average, or
            ``"both"``; None keeps all numbers, place by place.
        hidden: neurons of dense layers before the scores.
        dropout: share of numbers that are 0 while learning, before each dense layer.
        momentum: how slowly the normalizations' means and variances follow the batches.
        score_scale: what the scores are multiplied by.
    """

    widths: tuple[int, ...]
    depths: tuple[int, ...]
    standardize: bool = False
    stem: int = 32
    stem_kernel: int = 3
    stem_stride: int = 1
    stem_pool: bool = True
    pool_after: Literal["convolution", "block", "last convolution", "stage"] = "block"
    residual: bool = False
    activation: Kind = "relu"
    pooling: Reduce | Literal["both"] | None = "max"
    hidden: tuple[int, ...] = ()
    dropout: float = 0.0
    momentum: float = 0.9
    score_scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.widths or len(self.widths) != len(self.depths):
            raise ValueError("widths and depths need one number for each stage.")
        if min(self.depths) < 1:
            raise ValueError("each stage has one convolution or more.")
        if self.residual and any(depth % 2 == 0 for depth in self.depths):
            raise ValueError("a residual goes around two convolutions: depths must be odd.")

        if self.residual and self.pool_after == "last convolution":
            raise ValueError("a max-pool cannot stand within a residual.")

    def plan(self, classes: int) -> Plan:
        """Return the layers for a number of classes."""
        layers: list[Layer] = [Rescaling(1 / 64, -2.0)]
        if self.standardize:
            layers.append(Standardization())
        layers += self._stem()
        for width, depth in zip(self.widths, self.depths, strict=True):
            layers += self._stage(width, depth)
        layers.append(GlobalPooling(self.pooling) if self.pooling else Flatten())
        for units in self.hidden:
            layers += [*self._dropout(), Dense(units, bias=False), *self._bend()]
        layers += [*self._dropout(), Dense(classes)]
        if self.score_scale != 1:
            layers.append(Rescaling(self.score_scale))
        return tuple(layers)

    def _stem(self) -> list[Layer]:
        if not self.stem:
            return []
        pool: list[Layer] = [Pooling()] if self.stem_pool else []
        convolution = Convolution(self.stem, self.stem_kernel, self.stem_stride, bias=False)
        if self.pool_after == "convolution":
            return [convolution, *pool, *self._bend()]
        return [convolution, *self._bend(), *pool]

    def _stage(self, width: int, depth: int) -> list[Layer]:
        block: tuple[Layer, ...] = (Convolution(width, bias=False), *self._bend())
        if self.residual:
            further: list[Layer] = [Residual(block * 2) for _ in range(depth // 2)]
        else:
            further = list(block * (depth - 1))
        layers = [*block, *further]
        place = {
            "convolution": 1,
            "block": len(block),
            "last convolution": len(layers) - len(self._bend()),
            "stage": len(layers),
        }[self.pool_after]
        return [*layers[:place], Pooling(), *layers[place:]]

    def _bend(self) -> tuple[Layer, ...]:
        return Normalization(momentum=self.momentum), Activation(self.activation)

    def _dropout(self) -> tuple[Layer, ...]:
        return (Dropout(self.dropout),) if self.dropout else ()
