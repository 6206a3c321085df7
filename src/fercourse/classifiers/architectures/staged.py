"""A small family of convolutional networks, set by a handful of numbers."""

from dataclasses import dataclass

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
)


@dataclass(frozen=True)
class Staged:
    """A stem, then stages of convolutions with a pooling each, then the scores.

    Each stage is a convolution that changes the number of channels, a max-pool, and ``depth - 1``
    further convolutions, each followed by normalization and activation (the order of Jordan,
    2024, "94% on CIFAR-10 in 3.29 seconds on a single GPU", arXiv:2404.00498, section 3).

    Attributes:
        widths: for each stage, its number of channels.
        depths: for each stage, how many convolutions it has, 1 or more.
        stem: channels of the first convolution; 0 leaves the stem out.
        stem_kernel: its size in pixels.
        stem_stride: its step in pixels.
        stem_pool: whether a max-pool follows it.
        pool_first: whether a stage's max-pool comes right after its first convolution, which
            makes the others four times cheaper, or after its last one.
        residual: add to a stage's further convolutions, two by two, what went into them.
        activation: what bends the sums.
        pooling: how each channel becomes one number at the end: its largest or its average;
            None keeps them all, place by place.
        hidden: neurons of dense layers before the scores.
        dropout: share of numbers that are 0 while learning, before each dense layer.
        score_scale: what the scores are multiplied by.
    """

    widths: tuple[int, ...]
    depths: tuple[int, ...]
    stem: int = 32
    stem_kernel: int = 3
    stem_stride: int = 1
    stem_pool: bool = True
    pool_first: bool = True
    residual: bool = False
    activation: Kind = "relu"
    pooling: Reduce | None = "max"
    hidden: tuple[int, ...] = ()
    dropout: float = 0.0
    score_scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.widths or len(self.widths) != len(self.depths):
            raise ValueError("widths and depths need one number for each stage.")
        if min(self.depths) < 1:
            raise ValueError("each stage has one convolution or more.")
        if self.residual and any(depth % 2 == 0 for depth in self.depths):
            raise ValueError("a residual goes around two convolutions: depths must be odd.")

    def plan(self, classes: int) -> Plan:
        """Return the layers for a number of classes."""
        layers: list[Layer] = [Rescaling(1 / 127.5, -1.0), *self._stem()]
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
        return [convolution, *pool, *self._bend()]

    def _stage(self, width: int, depth: int) -> list[Layer]:
        convolution = (Convolution(width, bias=False), *self._bend())
        first: list[Layer] = list(convolution)
        if self.pool_first:
            first.insert(1, Pooling())
        if self.residual:
            further: list[Layer] = [Residual(convolution * 2) for _ in range(depth // 2)]
        else:
            further = list(convolution * (depth - 1))
        return first + further + ([] if self.pool_first else [Pooling()])

    def _bend(self) -> tuple[Layer, ...]:
        return Normalization(), Activation(self.activation)

    def _dropout(self) -> tuple[Layer, ...]:
        return (Dropout(self.dropout),) if self.dropout else ()
