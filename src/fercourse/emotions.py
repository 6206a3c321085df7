"""The class schemes: FER2013's seven emotions, and the two ways to make them six."""

from dataclasses import dataclass
from typing import Literal

SEVEN = ("Angry", "Disgust", "Fear", "Happy", "Sad", "Surprise", "Neutral")
"""FER2013's classes in label order (Goodfellow et al., 2013)."""

SPLITS = ("Training", "PublicTest", "PrivateTest")
"""FER2013's three splits, by the names its ``Usage`` column gives them."""

Disgust = Literal["drop", "merge"]


@dataclass(frozen=True)
class ClassScheme:
    """A choice of classes and what becomes of each of FER2013's seven labels.

    Attributes:
        name: short identifier, for file names and JSON: ``seven``, ``six-drop`` or ``six-merge``.
        title: what every figure and table that uses the scheme says of it.
        classes: class names in label order.
        from_seven: for each of the seven labels its label here, or None where it is left out.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    from_seven: tuple[int | None, ...]


_SIX = tuple(name for name in SEVEN if name != "Disgust")

_SCHEMES = {
    "seven": ClassScheme("seven", "seven classes", SEVEN, (0, 1, 2, 3, 4, 5, 6)),
    "six-drop": ClassScheme(
        "six-drop", "six classes, Disgust left out", _SIX, (0, None, 1, 2, 3, 4, 5)
    ),
    "six-merge": ClassScheme(
        "six-merge", "six classes, Disgust counted as Angry", _SIX, (0, 0, 1, 2, 3, 4, 5)
    ),
}


def class_scheme(classes: int = 7, disgust: Disgust = "drop") -> ClassScheme:
    """Return the scheme with seven classes, or one of the two with six.

    Args:
        classes: 7 or 6.
        disgust: with six classes, whether faces labelled Disgust are left out (``"drop"``)
            or counted as Angry (``"merge"``). With seven it has no effect.

    Raises:
        ValueError: another number of classes, or another word for ``disgust``.
    """
    if disgust not in ("drop", "merge"):
        raise ValueError(f'disgust must be "drop" or "merge", not {disgust!r}.')
    if classes == 7:
        return _SCHEMES["seven"]
    if classes == 6:
        return _SCHEMES[f"six-{disgust}"]
    raise ValueError(f"classes must be 7 or 6, not {classes!r}.")
