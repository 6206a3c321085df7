"""What people do while a camera watches: they drift, turn their heads, show emotions, blink."""

from dataclasses import dataclass

import numpy as np

from fercourse.drawn.people import Moment, Person
from fercourse.drawn.portrait import Pose
from fercourse.drawn.prototypes import sample_expression
from fercourse.emotions import SEVEN

VISIBLE_EXPRESSION = 0.15
"""Intensity from which on an expression counts as shown; below it a face is Neutral."""

_BLINKING = 43


@dataclass(frozen=True)
class Episode:
    """One expression, from the first trace to the last.

    Attributes:
        emotion: one of the seven class names.
        action_units: intensity of each unit at the apex.
        strength: intensity of the whole at the apex.
        start: in seconds.
        onset, apex, offset: how long the expression grows, stays and fades, in seconds.
    """

    emotion: str
    action_units: dict[int, float]
    strength: float
    start: float
    onset: float
    apex: float
    offset: float

    @property
    def end(self) -> float:
        """When the last trace is gone, in seconds."""
        return self.start + self.onset + self.apex + self.offset

    def level(self, seconds: float) -> float:
        """Return the share of the apex that is shown at a time, 0 to 1."""
        grown = _smooth((seconds - self.start) / self.onset)
        faded = _smooth((self.end - seconds) / self.offset)
        return min(grown, faded)


@dataclass(frozen=True)
class Absence:
    """A walk out of the frame and back.

    Attributes:
        start, end: when the person begins to go and is back, in seconds.
        walk: how long each way takes, in seconds.
        distance: columns to the place outside; negative to the left.
    """

    start: float
    end: float
    walk: float
    distance: float

    def shift(self, seconds: float) -> float:
        """Return by how many columns the person is away at a time."""
        gone = _smooth((seconds - self.start) / self.walk)
        back = _smooth((self.end - seconds) / self.walk)
        return self.distance * min(gone, back)


@dataclass(frozen=True)
class Wave:
    """A slow movement to and fro: a sum of sines.

    Attributes:
        heights: of each sine.
        rates: their angular frequencies, in radians a second.
        phases: in radians.
    """

    heights: tuple[float, ...]
    rates: tuple[float, ...]
    phases: tuple[float, ...]

    def __call__(self, seconds: float) -> float:
        """Return the deviation at a time."""
        parts = zip(self.heights, self.rates, self.phases, strict=True)
        return float(sum(height * np.sin(rate * seconds + phase) for height, rate, phase in parts))


@dataclass(frozen=True)
class Role:
    """All that one person does in a video.

    Attributes:
        episodes: expressions, in order of time.
        blinks: the middle of each blink, in seconds.
        pose: yaw, pitch and roll in degrees.
        drift: columns and rows, in pixels.
        absence: or None for those who stay.
    """

    episodes: tuple[Episode, ...]
    blinks: tuple[float, ...]
    pose: tuple[Wave, Wave, Wave]
    drift: tuple[Wave, Wave]
    absence: Absence | None

    def moment(self, seconds: float) -> Moment:
        """Return what the person does at a time."""
        emotion, intensity, units = "Neutral", 0.0, dict[int, float]()
        for episode in self.episodes:
            if episode.start < seconds < episode.end:
                level = episode.level(seconds)
                units = {number: level * full for number, full in episode.action_units.items()}
                intensity = level * episode.strength
                emotion = episode.emotion if intensity >= VISIBLE_EXPRESSION else "Neutral"
        closed = max((_lid(seconds - blink) for blink in self.blinks), default=0.0)
        if closed > 0:
            units[_BLINKING] = max(units.get(_BLINKING, 0.0), closed)
        yaw, pitch, roll = (float(np.clip(wave(seconds), -20, 20)) for wave in self.pose)
        across, down = (wave(seconds) for wave in self.drift)
        if self.absence:
            across += self.absence.shift(seconds)
        return Moment(emotion, intensity, units, Pose(yaw, pitch, roll), (across, down))


def _smooth(share: float) -> float:
    """Return 0 before 0, 1 after 1, and a path without a jerk between (smoothstep)."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def _lid(seconds: float) -> float:
    """Return how far eyes are shut, given the time from the middle of a blink.

    A blink closes in about 0.1 s and opens in about 0.2 s (Kwon et al., 2013, High-speed camera
    characterization of voluntary eye blinking kinematics, J. R. Soc. Interface 10).
    """
    closing, shut, opening = 0.09, 0.04, 0.18
    if seconds < 0:
        return _smooth(1 + (seconds + shut / 2) / closing)
    return _smooth(1 - (seconds - shut / 2) / opening)


def _wave(rng: np.random.Generator, height: float) -> Wave:
    """Return a movement that never goes further than ``height``."""
    return Wave(
        (0.6 * height, 0.3 * height, 0.1 * height),
        tuple(float(rate) for rate in 2 * np.pi / rng.uniform((5, 2.5, 1.2), (11, 5, 2.2))),
        tuple(float(phase) for phase in rng.uniform(0, 2 * np.pi, 3)),
    )


def rehearse(person: Person, seconds: float, seed: int, leaves: Absence | None = None) -> Role:
    """Choose what a person does in a video.

    The choice does not depend on the length: a longer video begins as a shorter one does.

    Args:
        person: who.
        seconds: length of the video.
        seed: 0 or more.
        leaves: when the person is away, if at all.
    """
    rng = np.random.default_rng([seed, 50, person.id])
    # A room where all turn and drift alike would look like a clockwork.
    pose = (
        _wave(rng, rng.uniform(5, 16)),
        _wave(rng, rng.uniform(3, 8)),
        _wave(rng, rng.uniform(2, 8)),
    )
    unit = person.unit
    drift = (_wave(rng, 0.16 * unit), _wave(rng, 0.05 * unit))
    return Role(
        _episodes(person, seconds, seed), _blinks(person, seconds, seed), pose, drift, leaves
    )


def _episodes(person: Person, seconds: float, seed: int) -> tuple[Episode, ...]:
    """Return expressions with a face at rest between them."""
    rng = np.random.default_rng([seed, 51, person.id])
    emotions = SEVEN[:-1]
    episodes, time = [], float(rng.uniform(0.2, 2.4))
    label = int(rng.integers(len(emotions)))
    while time < seconds:
        units, strength = sample_expression(emotions[label], rng, 0.35)
        episode = Episode(
            emotions[label],
            units,
            strength,
            time,
            onset=float(rng.uniform(0.35, 0.8)),
            apex=float(rng.uniform(1.0, 2.4)),
            offset=float(rng.uniform(0.5, 1.0)),
        )
        episodes.append(episode)
        time = episode.end + float(rng.uniform(0.5, 1.6))
        # Another emotion than the one just shown.
        label = (label + int(rng.integers(1, len(emotions)))) % len(emotions)
    return tuple(episodes)


def _blinks(person: Person, seconds: float, seed: int) -> tuple[float, ...]:
    """Return when a person blinks; one in five does not."""
    rng = np.random.default_rng([seed, 52, person.id])
    if rng.random() < 0.2:
        return ()
    blinks, time = [], float(rng.uniform(0.5, 4))
    while time < seconds:
        blinks.append(time)
        time += float(rng.uniform(1.8, 5.5))
    return tuple(blinks)
