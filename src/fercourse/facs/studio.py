"""The studio: move action units, see the face that they make and what a network says of it.

``Studio`` has no surface. ``figures`` shows it as a figure, ``widgets`` as sliders in a notebook,
``page`` as a page in the browser: all three ask it the same question.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.catalog import load_classifier, shipped_names
from fercourse.classifiers.contract import Classifier
from fercourse.drawn import (
    ACTION_UNITS,
    Camera,
    Framing,
    Identity,
    Light,
    Portrait,
    draw,
    sample_identity,
)
from fercourse.errors import CourseError
from fercourse.facs.coding import coded, decoded

Units = Mapping[int, float | str]
"""Number of each acting unit with its intensity, 0 to 1, or its grade, A to E."""

REGIONS = {
    "Brows": (1, 2, 4),
    "Eyes and cheeks": (5, 6, 7, 43),
    "Nose and upper lip": (9, 10),
    "Mouth": (12, 14, 15, 20, 23, 24, 25),
    "Chin and jaw": (17, 26, 27),
}
"""Where each unit acts: how sliders are grouped."""

_PEOPLE = {
    "young, light skin": 9,
    "young, dark skin": 8,
    "beard": 12,
    "glasses": 5,
    "old": 18,
    "bald": 11,
}
_FAMILY = 7

PEOPLE = tuple(_PEOPLE)
"""Names of the drawn people who can be chosen."""

NETWORK = "drawn"
"""The network that answers where none is chosen; it learned from drawn faces."""


@dataclass(frozen=True)
class Answer:
    """A face, and what a network says of it.

    Attributes:
        face: uint8 (size, size, 3), RGB.
        seen: uint8 (48, 48), the gray face that the network was asked about.
        coding: the acting units as FACS writes them.
        network: who was asked.
        classes: the k names.
        probabilities: float32 (k,), adding up to 1.
    """

    face: npt.NDArray[np.uint8]
    seen: npt.NDArray[np.uint8]
    coding: str
    network: str
    classes: tuple[str, ...]
    probabilities: npt.NDArray[np.float32]

    @property
    def label(self) -> str:
        """Return the likeliest class."""
        return self.classes[int(self.probabilities.argmax())]

    @property
    def in_words(self) -> str:
        """Return what a person would see of it, in a sentence."""
        units = [part for part in self.coding.split("+") if part != "0"]
        acting = f"action units {', '.join(units)}" if units else "no action unit"
        listed = ", ".join(
            f"{name} {100 * share:.0f} %"
            for name, share in sorted(
                zip(self.classes, self.probabilities, strict=True), key=lambda each: -each[1]
            )[:3]
        )
        return f"A drawn face with {acting}; the network {self.network} says {listed}."


class Studio:
    """Draws faces from action units and asks networks about them.

    Args:
        size: width and height of the large face in pixels, 16 to 512.
    """

    def __init__(self, size: int = 256) -> None:
        self.size = size
        self._networks: dict[str, Classifier] = {}

    def answer(self, units: Units | str, person: str = PEOPLE[0], network: str = NETWORK) -> Answer:
        """Draw a face and ask a network about it.

        Args:
            units: what acts and how strongly, such as ``{4: "C", 7: 0.5}`` or ``"4C+7"``.
            person: one of ``PEOPLE``.
            network: one of ``network_names()``.

        Raises:
            CourseError: no such person or network.
            ValueError: a unit that cannot be drawn, or an intensity that is none.
        """
        asked = self._network(network)
        units = units_of(units)
        face, seen = portraits_of(units, person)
        gray = draw(seen)
        return Answer(
            face=draw(face, self.size, color=True),
            seen=gray,
            coding=coded(units),
            network=network,
            classes=tuple(asked.classes),
            probabilities=asked.predict_proba(gray[None])[0],
        )

    def _network(self, name: str) -> Classifier:
        if name not in network_names():
            known = ", ".join(network_names())
            raise CourseError(f"There is no network {name!r}; the networks are {known}.")
        if name not in self._networks:
            self._networks[name] = load_classifier(name)
        return self._networks[name]


def network_names() -> tuple[str, ...]:
    """Return the networks that can be asked, the one that learned from drawn faces first."""
    return tuple(sorted(shipped_names(), key=lambda name: (name != NETWORK, name)))


def portraits_of(units: Units, person: str = PEOPLE[0]) -> tuple[Portrait, Portrait]:
    """Return a drawn person twice: as people look at the face, and cropped as FER2013 crops.

    Args:
        units: what acts.
        person: one of ``PEOPLE``.

    Raises:
        CourseError: there is no such person.
    """
    if person not in _PEOPLE:
        raise CourseError(f"There is nobody called {person!r}; there are: {'; '.join(PEOPLE)}.")
    seed = _PEOPLE[person]
    who: Identity = sample_identity(np.random.default_rng([_FAMILY, seed]))
    light = Light(brightness=0.95 + 0.55 * who.skin_tone)
    to_look_at = Portrait(dict(units), who, light=light, framing=Framing(2.05), grain=seed)
    camera = Camera(development=0.75)  # the middle of what the default set has
    as_cropped = Portrait(
        dict(units), who, light=light, framing=Framing(1.64), camera=camera, grain=seed
    )
    return to_look_at, as_cropped


def units_of(given: Units | str) -> dict[int, float | str]:
    """Return action units that were given as a dictionary or as FACS writes them.

    Args:
        given: such as ``{4: "C", 7: 0.5}`` or ``"4C+7"``.

    Raises:
        ValueError: a part that is no unit, or a unit that cannot be drawn.
    """
    return dict(decoded(given)) if isinstance(given, str) else dict(given)


def unit_title(number: int) -> str:
    """Return an action unit's number with its name."""
    return f"{number} {ACTION_UNITS[number].name}"
