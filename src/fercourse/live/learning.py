"""Asking a person for expressions, and keeping what the camera sees of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fercourse.errors import CourseError
from fercourse.live.cropping import crop
from fercourse.live.faces import Detector, Face, Frame
from fercourse.live.overlay import note
from fercourse.live.personal import Takes
from fercourse.live.session import Screen, flipped, mirrored
from fercourse.live.sources import Say, Source
from fercourse.workspace import write_atomically

ROUNDS = 2
"""The last one is for judging."""


@dataclass(frozen=True)
class Moment:
    """What is asked for at a moment.

    Attributes:
        take: in which round, from 0.
        label: which class.
        holding: whether it is to be shown now; before that there is time to get ready.
        left: seconds until this changes.
    """

    take: int
    label: int
    holding: bool
    left: float


@dataclass(frozen=True)
class Schedule:
    """When which expression is asked for.

    Attributes:
        classes: how many expressions.
        ready: seconds to get ready for each.
        hold: seconds for which each is shown.
        rounds: how often all of them are asked for.
    """

    classes: int
    ready: float = 2.0
    hold: float = 3.0
    rounds: int = ROUNDS

    @property
    def seconds(self) -> float:
        """How long all of it takes."""
        return self.rounds * self.classes * (self.ready + self.hold)

    def at(self, seconds: float) -> Moment | None:
        """Return what is asked for so many seconds after the beginning; None when all is over."""
        each = self.ready + self.hold
        number, passed = int(seconds // each), seconds % each
        if not 0 <= number < self.rounds * self.classes:
            return None
        holding = passed >= self.ready
        left = each - passed if holding else self.ready - passed
        return Moment(number // self.classes, number % self.classes, holding, left)

    def reaches(self, seconds: float) -> bool:
        """Return whether two expressions of the last round were asked for until then."""
        moment = self.at(seconds)
        return moment is None or (moment.take + 1 == self.rounds and moment.label >= 2)

    def skip(self, seconds: float) -> float:
        """Return the moment at which the next expression is asked for."""
        each = self.ready + self.hold
        return (seconds // each + 1) * each


def collect(
    source: Source,
    detector: Detector,
    classes: Sequence[str],
    say: Say,
    *,
    screen: Screen | None = None,
    schedule: Schedule | None = None,
) -> Takes:
    """Ask for each expression in turn, and return what was seen of the largest face.

    Space skips an expression; q ends all of it.

    Args:
        source: a camera; or a video of somebody who kept to the schedule.
        detector: finds the face.
        classes: what is asked for, in label order.
        say: is told what is asked for.
        screen: where it is asked; None asks through ``say`` alone.
        schedule: when what is asked for; None takes some seconds for each.

    Raises:
        CourseError: the person ended it, no face was seen at all, or the video ended too soon.
    """
    schedule = schedule or Schedule(len(classes))
    images, labels, takes = [], [], []
    ahead, told = 0.0, None
    with source:
        for shot in source:
            moment = schedule.at(shot.seconds + ahead)
            if moment is None:
                break
            if (moment.take, moment.label) != told:
                told = (moment.take, moment.label)
                say(f"Round {moment.take + 1} of {schedule.rounds}: {classes[moment.label]}")
            face = _largest(detector.detect(shot.frame))
            if face is not None and moment.holding:
                images.append(crop(shot.frame, [face])[0])
                labels.append(moment.label)
                takes.append(moment.take)
            if screen is None:
                continue
            screen.show(_asking(shot.frame, face, moment, classes, schedule))
            key = screen.key()
            if key == "quit":
                raise CourseError("You ended it, and nothing was kept.")
            if key == "pause":
                ahead += schedule.skip(shot.seconds + ahead) - (shot.seconds + ahead)
    if not images:
        raise CourseError("No face was seen while an expression was asked for: nothing was kept.")
    last = {label for label, take in zip(labels, takes, strict=True) if take + 1 == schedule.rounds}
    if moment is not None and len(last) < 2 and not schedule.reaches(shot.seconds + ahead):
        raise CourseError(
            f"It ended after {shot.seconds:.0f} seconds, and to ask for each expression "
            f"{schedule.rounds} times takes {schedule.seconds:.0f}: nothing was kept. Take a "
            "longer video, or a camera."
        )
    return Takes(np.stack(images), np.array(labels, np.uint8), np.array(takes, np.int64))


def keep_pictures(seen: Takes, classes: Sequence[str], folder: Path) -> None:
    """Write what was seen as pictures, a folder for each expression, for who asked for them.

    Raises:
        CourseError: the folder cannot be written.
    """
    for number, (image, label, take) in enumerate(
        zip(seen.images, seen.labels, seen.takes, strict=True)
    ):
        path = folder / classes[label] / f"round{take + 1}_{number:04}.png"
        write_atomically(path, cv2.imencode(".png", image)[1].tobytes())


def _largest(faces: Sequence[Face]) -> Face | None:
    return max(faces, key=lambda face: face.box.area, default=None)


def _asking(
    frame: Frame,
    face: Face | None,
    moment: Moment,
    classes: Sequence[str],
    schedule: Schedule,
) -> Frame:
    """Return the frame, mirrored, with what is asked for and how long still."""
    picture = mirrored(frame, [])[0]
    width = picture.shape[1]
    if face is not None:
        box = flipped(face, width).box
        corners = (
            (round(box.x), round(box.y)),
            (round(box.x + box.width), round(box.y + box.height)),
        )
        cv2.rectangle(picture, *corners, (80, 200, 80) if moment.holding else (150, 150, 150), 2)
    name = classes[moment.label]
    asked = f"Show: {name}" if moment.holding else f"Next: {name}, in {moment.left:.0f} s"
    note(picture, asked, size=2)
    note(picture, f"Round {moment.take + 1} of {schedule.rounds}   space: skip   q: end", 2)
    if face is None:
        note(picture, "No face is seen", 3)
    if moment.holding:
        done = 1 - moment.left / schedule.hold
        cv2.rectangle(
            picture, (0, picture.shape[0] - 8), (round(width * done), picture.shape[0]),
            (80, 200, 80), -1,
        )  # fmt: skip
    return picture
