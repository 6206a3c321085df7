"""Published descriptions of what emotions look like, which disagree with each other.

Two of the sources are those that the drawn faces follow (``drawn.PROTOTYPES``); the others are
here because people quote them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from fercourse.drawn import NUMBERS, PROTOTYPES
from fercourse.drawn.prototypes import DU_2014, INVESTIGATOR_GUIDE

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
        """Return whether all of its usual units that can be drawn act.

        Args:
            units: number of each acting unit with its intensity, 0 to 1.
        """
        return all(units.get(unit, 0) > 0 for unit in self.shown())


GUIDE = Source("FACS guide 2002", INVESTIGATOR_GUIDE)
DU = Source("Du et al. 2014", DU_2014)
_SOURCES = {source.reference: source for source in (GUIDE, DU)}


def _as_drawn() -> list[Pattern]:
    """Return the descriptions that the drawn faces follow, variants of a source numbered."""
    patterns = []
    for prototype in PROTOTYPES:
        alike = [
            p for p in PROTOTYPES if (p.emotion, p.source) == (prototype.emotion, prototype.source)
        ]
        variant = alike.index(prototype) + 1 if len(alike) > 1 else 0
        source = _SOURCES[prototype.source]
        patterns.append(Pattern(prototype.emotion, prototype.units, source, variant))
    return patterns


PATTERNS = tuple(_as_drawn())
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
    """Return the mean ``overlap`` of all pairs of descriptions.

    Raises:
        ValueError: there are fewer than two.
    """
    pairs = list(combinations(patterns, 2))
    if not pairs:
        raise ValueError("an overlap needs two descriptions.")
    return sum(overlap(*pair) for pair in pairs) / len(pairs)
