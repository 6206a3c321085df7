"""The networks of the course by name, as plans."""

from collections.abc import Callable
from dataclasses import replace

from fercourse.classifiers.architectures.plan import (
    Activation,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Normalization,
    Plan,
    Pooling,
    Rescaling,
)
from fercourse.classifiers.architectures.staged import Staged


def source2022(classes: int) -> Plan:
    """Return the network of the course's source, 2,137,991 parameters with seven classes.

    Three modules of two convolutions with batch normalization and a max-pool, with 256, 128 and
    64 filters, then dense layers of 512, 256 and 128. Lesson 4 counts it layer by layer, and
    says what of it was chosen so that the source's totals come out. Its softmax is left to the
    classifier here, as with all of these networks.
    """
    layers: list[Layer] = [Rescaling(1 / 255)]
    bend = (Normalization(), Activation())
    for first in (Convolution(256, padding="valid"), Convolution(128), Convolution(64)):
        layers += [first, *bend, Convolution(first.filters), *bend, Pooling()]
    layers.append(Flatten())
    for neurons in (512, 256, 128):
        layers += [Dense(neurons), *bend]
    return (*layers, Dense(classes))


def vgg4(classes: int) -> Plan:
    """Return a VGG with four stages of two blocks: convolution, normalization, ReLU.

    Each stage ends in a max-pool; three dense layers follow. Khaireddin and Chen, 2021, "Facial
    emotion recognition: state of the art performance on FER2013", arXiv:2105.03588, section 3,
    reached 73.28 % on PublicTest with it, chosen on PrivateTest. The widths (64 to 512 filters,
    4,096 neurons twice, dropout 0.2) are those of their published code, which gives it crops of 40
    pixels; here it sees all 48, so its first dense layer has more inputs.
    """
    layers: list[Layer] = [Rescaling(1 / 255)]
    for filters in (64, 128, 256, 512):
        layers += [Convolution(filters), Normalization(), Activation()] * 2
        layers.append(Pooling())
    layers.append(Flatten())
    for _ in range(2):
        layers += [Dense(4096), Activation(), Dropout(0.2)]
    return (*layers, Dense(classes))


def baseline(classes: int) -> Plan:
    """Return what a student writes in the assignment on neural networks: lesson 4's lean network.

    Three convolutions with normalization, ReLU and a max-pool, a dense layer of 64, dropout.
    """
    layers: list[Layer] = [Rescaling(1 / 127.5, -1.0)]
    for filters in (16, 32, 64):
        layers += [Convolution(filters, bias=False), Normalization(), Activation(), Pooling()]
    layers += [Flatten(), Dense(64, bias=False), Normalization(), Activation(), Dropout(0.3)]
    return (*layers, Dense(classes))


LEAN = Staged(
    widths=(32, 64, 128, 256),
    depths=(2, 2, 2, 2),
    standardize=True,
    stem=0,
    pool_after="last convolution",
    pooling=None,
)
"""Trains within minutes on two cores."""

REFERENCE = replace(LEAN, depths=(2, 2, 3, 3), dropout=0.4)
"""The most accurate single network, 5 MB or less as shipped."""

SMALL = Staged(
    widths=(32, 64, 128),
    depths=(1, 2, 2),
    standardize=True,
    stem=16,
    stem_stride=2,
    stem_pool=False,
)
"""Learns within seconds: for lessons and comparisons."""

LIVE = replace(SMALL, widths=(48, 96, 160), stem=24)
"""The fastest that holds accuracy."""

PLANS: dict[str, Callable[[int], Plan]] = {
    "source2022": source2022,
    "vgg4": vgg4,
    "baseline": baseline,
    "lean": LEAN.plan,
    "reference": REFERENCE.plan,
    "live": LIVE.plan,
    "small": SMALL.plan,
}
"""Each architecture's name, and what gives its plan for a number of classes."""
