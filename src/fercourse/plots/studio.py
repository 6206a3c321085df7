"""A face, what a network sees of it and what it says."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fercourse.plots.colors import COLORS
from fercourse.plots.showing import INK, SelfShowingFigure


def face_and_answer(
    face: npt.NDArray[np.uint8],
    seen: npt.NDArray[np.uint8],
    classes: Sequence[str],
    probabilities: npt.ArrayLike,
    *,
    title: str,
    network: str,
) -> SelfShowingFigure:
    """Show a face, the gray pixels that a network sees of it, and its probabilities.

    Args:
        face: uint8 (h, w, 3), RGB.
        seen: uint8 (48, 48), gray.
        classes: the k names.
        probabilities: (k,), each 0 to 1.
        title: one line above all.
        network: its name, above its answer.

    Returns:
        The figure.

    Raises:
        ValueError: there are not as many probabilities as classes.
    """
    shares = np.asarray(probabilities, float)
    if shares.shape != (len(classes),):
        raise ValueError(f"{len(classes)} classes need as many probabilities, not {shares.shape}.")
    figure = SelfShowingFigure(figsize=(8.6, 3.1), layout="constrained", facecolor="white")
    figure.suptitle(title, fontsize=11, fontweight="bold", color=INK)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 0.62, 1.25))
    left.imshow(face)
    left.set_title("the face", fontsize=9)
    middle.imshow(seen, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    middle.set_title("what the network sees\n(48 by 48 pixels)", fontsize=9)
    for axes in (left, middle):
        axes.set_axis_off()
    best = int(shares.argmax())
    colors = [COLORS[1] if place == best else COLORS[0] for place in range(len(classes))]
    right.barh(list(classes), shares, color=colors, height=0.66)
    for place, share in enumerate(shares):
        right.text(share + 0.015, place, f"{100 * share:.0f} %", va="center", fontsize=8, color=INK)
    right.invert_yaxis()
    right.set(xlim=(0, 1.16))
    right.set_title(f"what the network {network} says", fontsize=9)
    right.set_xticks([])
    right.tick_params(axis="y", length=0, labelsize=9)
    right.spines[["top", "right", "bottom"]].set_visible(False)
    return figure
