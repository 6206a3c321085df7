"""A network written down as data: what its layers are, before any library builds them.

A plan is a tuple of layers. ``building`` makes a Keras model of it to train, ``shapes`` counts
its parameters, and ``fercourse.classifiers.inference`` makes of it and its weights something
quick, without waiting for Keras. So a network is described in one place.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind = Literal["relu", "silu", "gelu"]
Reduce = Literal["max", "average"]


@dataclass(frozen=True)
class Rescaling:
    """Each number times ``scale`` plus ``offset``."""

    scale: float
    offset: float = 0.0


@dataclass(frozen=True)
class Standardization:
    """Each face's numbers less their mean, over their spread: light and contrast drop out.

    ``epsilon`` is added to the variance, so that an even picture's noise is not blown up.
    """

    epsilon: float = 1e-3


@dataclass(frozen=True)
class Convolution:
    """``filters`` kernels of ``kernel`` by ``kernel``, in steps of ``stride`` pixels."""

    filters: int
    kernel: int = 3
    stride: int = 1
    padding: Literal["same", "valid"] = "same"
    bias: bool = True


@dataclass(frozen=True)
class Depthwise:
    """A convolution in which each channel has one kernel of its own and sees no other."""

    kernel: int = 3
    stride: int = 1
    padding: Literal["same", "valid"] = "same"
    bias: bool = True


@dataclass(frozen=True)
class Normalization:
    """Batch normalization of each channel (Ioffe and Szegedy, 2015, arXiv:1502.03167)."""

    epsilon: float = 1e-3
    momentum: float = 0.99


@dataclass(frozen=True)
class Activation:
    """What makes the sums of a layer bend: ReLU, SiLU or GELU (worked out by erf)."""

    kind: Kind = "relu"


@dataclass(frozen=True)
class Pooling:
    """The largest or the average of each ``size`` by ``size`` pixels, rounded down at the edge."""

    reduce: Reduce = "max"
    size: int = 2


@dataclass(frozen=True)
class GlobalPooling:
    """The largest or the average of each channel; or the largest of all, then the averages."""

    reduce: Reduce | Literal["both"] = "max"


@dataclass(frozen=True)
class Flatten:
    """All numbers of a picture as one row: row by row, pixel by pixel, channel by channel."""


@dataclass(frozen=True)
class Dropout:
    """While learning, ``share`` of the numbers are 0 at random; when predicting nothing."""

    share: float


@dataclass(frozen=True)
class Dense:
    """``units`` sums of all inputs, each with its own weights."""

    units: int
    bias: bool = True


@dataclass(frozen=True)
class Residual:
    """What ``inside`` makes of its input, plus the input itself or what ``shortcut`` makes of it.

    He et al., 2016, "Deep residual learning for image recognition", arXiv:1512.03385.
    """

    inside: tuple["Layer", ...]
    shortcut: tuple["Layer", ...] = ()


Layer: TypeAlias = (
    Rescaling
    | Standardization
    | Convolution
    | Depthwise
    | Normalization
    | Activation
    | Pooling
    | GlobalPooling
    | Flatten
    | Dropout
    | Dense
    | Residual
)
Plan: TypeAlias = tuple[Layer, ...]
