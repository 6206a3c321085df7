"""Published descriptions of what emotions look like, which disagree with each other.

The drawn faces follow the first source and, freely, the second (``drawn.PROTOTYPES``); the others
are here because people quote them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from fercourse.drawn import NUMBERS, PROTOTYPES
from fercourse.drawn.prototypes import DU_2014
from fercourse.emotions import SEVEN
from fercourse.facs.coding import TRACE

STRENGTH = 0.8
"""The intensity at which a pattern is drawn where nothing else is said: FACS's D."""


@dataclass(frozen=True)
class Source:
    """Where a table was published.

    Attributes:
        name: short.
        reference: in full.
    """

    name: str
    reference: str


@dataclass(frozen=True)
class Pattern:
    """One description of an emotion's face.

    Attributes:
        emotion: one of the seven class names.
        units: number of each action unit with the share of faces that show it, 0 to 1.
        source: where it was published.
        variant: counts from 1 where a source has several for an emotion; 0 where it has one.
        undrawn: units that belong to it and that the course cannot draw.
    """

    emotion: str
    units: Mapping[int, float]
    source: Source
    variant: int = 0
    undrawn: tuple[int, ...] = field(default=())

    @property
    def title(self) -> str:
        """Return the emotion and the source, different for each pattern."""
        variant = f" ({self.variant})" if self.variant else ""
        return f"{self.emotion}: {self.source.name}{variant}"

    @property
    def usual(self) -> frozenset[int]:
        """Return the units that at least half of its faces show, undrawn ones included."""
        return frozenset(unit for unit, share in self.units.items() if share >= 0.5) | {
            *self.undrawn
        }

    def shown(self, strength: float = STRENGTH) -> dict[int, float]:
        """Return its usual units as the course draws them.

        Args:
            strength: of each unit, 0 to 1.
        """
        return {unit: strength for unit in NUMBERS if unit in self.usual}

    def is_in(self, units: Mapping[int, float]) -> bool:
        """Return whether all of its usual units that can be drawn act enough to be written down.

        Args:
            units: number of each acting unit with its intensity, 0 to 1.
        """
        shown = self.shown()
        return bool(shown) and all(units.get(unit, 0) >= TRACE for unit in shown)


DU = Source("Du et al. 2014", DU_2014)
GUIDE = Source(
    "FACS guide 2002",
    "Ekman, Friesen and Hager (2002), Facial Action Coding System: Investigator's Guide, "
    "prototypes without their variants, read in two copies",
)
FIRST_EDITION = Source(
    "FACS 1978",
    "Ekman and Friesen (1978), Facial Action Coding System, table 11-1, one choice for each "
    "emotion, as quoted in Methods of Psychological Research Online",
)
COHN_KANADE = Source(
    "CK+ 2010",
    "Lucey et al. (2010), The Extended Cohn-Kanade Dataset (CK+), CVPR Workshops: units that must "
    "be there, read in other people's copies of its table",
)
QUOTED = Source(
    "EMFACS as quoted",
    "the list that encyclopedias and programs give as EMFACS (Friesen and Ekman, 1983, "
    "unpublished); copies disagree on disgust (15+16 or 15+17) and fear (with or without 7)",
)

_TABLES: dict[Source, dict[str, tuple[str, ...]]] = {
    GUIDE: {
        "Angry": (
            "4+5+7+10+22+23+25",
            "4+5+7+10+23+25",
            "4+5+7+23+25",
            "4+5+7+17+23",
            "4+5+7+17+24",
            "4+5+7+23",
            "4+5+7+24",
        ),
        "Disgust": ("9", "9+15+16", "9+17", "10", "10+16+25", "10+17"),
        "Fear": ("1+2+4+5+20+25", "1+2+4+5+25"),
        "Happy": ("6+12", "12"),
        "Sad": ("1+4+11+15", "1+4+15", "6+15"),
        "Surprise": ("1+2+5+26", "1+2+5+27"),
    },
    FIRST_EDITION: {
        "Angry": ("4+5+7+24",),
        "Disgust": ("4+10+17",),
        "Fear": ("1+2+4+5+20+25",),
        "Happy": ("6+12+25",),
        "Sad": ("1+4+15",),
        "Surprise": ("1+2+5+26",),
    },
    COHN_KANADE: {
        "Angry": ("23+24",),
        "Disgust": ("9", "10"),
        "Fear": ("1+2+4",),
        "Happy": ("12",),
        "Sad": ("1+4+15", "6+15", "11"),
        "Surprise": ("1+2", "5"),
    },
    QUOTED: {
        "Angry": ("4+5+7+23",),
        "Disgust": ("9+15+16",),
        "Fear": ("1+2+4+5+7+20+26",),
        "Happy": ("6+12",),
        "Sad": ("1+4+15",),
        "Surprise": ("1+2+5+26",),
    },
}
"""What the other sources say. Grades that some of them add are left out, and so are the movements
of head and eyes; where one allows either of two units ("25 or 26"), the first stands here."""


def _of_many_people() -> Iterator[Pattern]:
    """Yield what Du et al. counted, units with shares; the drawn faces follow it, too."""
    for prototype in PROTOTYPES:
        if prototype.source == DU.reference:
            yield Pattern(prototype.emotion, prototype.units, DU)


def _as_quoted() -> Iterator[Pattern]:
    """Yield the descriptions of the other sources."""
    for source, table in _TABLES.items():
        for emotion, variants in table.items():
            for place, text in enumerate(variants, start=1):
                numbers = [int(part) for part in text.split("+")]
                units = {number: 1.0 for number in numbers if number in NUMBERS}
                undrawn = tuple(number for number in numbers if number not in NUMBERS)
                variant = place if len(variants) > 1 else 0
                yield Pattern(emotion, units, source, variant, undrawn)


PATTERNS = tuple(
    sorted((*_of_many_people(), *_as_quoted()), key=lambda pattern: SEVEN.index(pattern.emotion))
)
"""Every description, the same emotion's side by side."""


def patterns_in(units: Mapping[int, float]) -> list[Pattern]:
    """Return the descriptions all of whose usual units act in a face.

    Args:
        units: number of each acting unit with its intensity, 0 to 1.
    """
    return [pattern for pattern in PATTERNS if pattern.is_in(units)]


def overlap(one: Pattern, other: Pattern) -> float:
    """Return how much two descriptions share: common units over all units, 0 to 1.

    Jaccard (1912), "The distribution of the flora in the alpine zone", New Phytologist 11.
    """
    return len(one.usual & other.usual) / len(one.usual | other.usual)


def mean_overlap(patterns: Sequence[Pattern]) -> float:
    """Return how much sources share, averaged over all pairs of them.

    A source may have several descriptions, any of which will do; so two sources share as much as
    the most similar two of their descriptions.

    Args:
        patterns: of one emotion, from two sources or more.

    Raises:
        ValueError: they are from fewer than two sources.
    """
    sources = list(dict.fromkeys(pattern.source for pattern in patterns))
    if len(sources) < 2:
        raise ValueError("an overlap needs descriptions from two sources.")
    of = {source: [each for each in patterns if each.source == source] for source in sources}
    best = [
        max(overlap(one, other) for one in of[first] for other in of[second])
        for first, second in combinations(sources, 2)
    ]
    return sum(best) / len(best)
