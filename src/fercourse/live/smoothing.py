"""Answers that do not flicker: averaged over a moment, changed only with reason, or "not sure"."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Reading:
    """What is shown of a person.

    Attributes:
        probabilities: float32 (k,), averaged over the last moment, adding up to 1.
        label: the class shown, an index into the classes; None says "not sure".
    """

    probabilities: npt.NDArray[np.float32]
    label: int | None


@dataclass
class _Memory:
    probabilities: npt.NDArray[np.float64]
    label: int | None
    time: float


class Smoother:
    """Averages each person's probabilities over time, and keeps a label until another is clearer.

    The average forgets evenly: what is ``half_life`` seconds old counts half. A label stays
    until another class leads by ``margin``, and is dropped for "not sure" where its probability
    falls below ``confidence`` by a quarter; below ``confidence`` none is taken up. So a label
    that sits on a boundary does not change back and forth with each frame.

    Args:
        half_life: seconds; 0 averages nothing.
        margin: of probability, 0 to 1.
        confidence: the least probability with which a label is taken up, 0 to 1.
        patience: seconds after which a person who was not seen is forgotten.
    """

    def __init__(
        self,
        half_life: float = 0.12,
        margin: float = 0.2,
        confidence: float = 0.4,
        patience: float = 2.0,
    ) -> None:
        if half_life < 0 or patience < 0 or not (0 <= margin <= 1 and 0 <= confidence <= 1):
            raise ValueError(
                "half_life and patience must be 0 or more, margin and confidence 0 to 1."
            )
        self._half_life = half_life
        self._margin = margin
        self._confidence = confidence
        self._patience = patience
        self._memories: dict[int, _Memory] = {}

    def update(
        self, ids: Sequence[int], probabilities: npt.NDArray[np.floating], time: float
    ) -> list[Reading]:
        """Return what is to be shown of each person now.

        Args:
            ids: (n,), the persons' numbers, each once.
            probabilities: (n, k), the classifier's answers. A row with a number that is none or
                without a positive sum says nothing: the person's last reading stays.
            time: seconds, not before that of the last update.
        """
        self._forget(time)
        return [self._reading(*pair, time) for pair in zip(ids, probabilities, strict=True)]

    def _reading(self, person: int, answer: npt.NDArray[np.floating], time: float) -> Reading:
        memory = self._memories.get(person)
        told = _told(answer)
        if told is None:
            if memory is None:
                even = np.full(len(answer), 1 / len(answer), np.float32)
                return Reading(even, None)
        elif memory is None:
            memory = self._memories[person] = _Memory(told, None, time)
        else:
            kept = 0.5 ** ((time - memory.time) / self._half_life) if self._half_life else 0.0
            memory.probabilities = memory.probabilities * kept + told * (1 - kept)
        memory.time = time
        memory.label = self._label(memory)
        return Reading(memory.probabilities.astype(np.float32), memory.label)

    def _label(self, memory: _Memory) -> int | None:
        best = int(memory.probabilities.argmax())
        highest = memory.probabilities[best]
        if memory.label is None:
            return best if highest >= self._confidence else None
        shown = memory.probabilities[memory.label]
        if highest >= self._confidence and highest - shown >= self._margin:
            return best
        return memory.label if shown >= 0.75 * self._confidence else None

    def _forget(self, time: float) -> None:
        old = [i for i, memory in self._memories.items() if time - memory.time > self._patience]
        for person in old:
            del self._memories[person]


def _told(answer: npt.NDArray[np.floating]) -> npt.NDArray[np.float64] | None:
    """Return an answer as probabilities; None where it is none."""
    numbers = np.asarray(answer, np.float64)
    total = numbers.sum()
    if not np.isfinite(numbers).all() or (numbers < 0).any() or not total > 0:
        return None
    return np.asarray(numbers / total)
