"""The faces to report on, and which of them a model may have seen while it learned."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fercourse.dataset import FaceSet, load_faces, validation_split
from fercourse.dataset.loading import MissingSplitError
from fercourse.emotions import SPLITS, ClassScheme
from fercourse.errors import CourseError
from fercourse.workspace import DRAWN, absolute, is_there

VALIDATION = "validation"
"""The protocol's validation part of Training, beside FER2013's own three splits."""

CHOICES = (*SPLITS, VALIDATION)


@dataclass(frozen=True)
class Chosen:
    """Faces to report on.

    Attributes:
        faces: the faces.
        split: where they are from, one of ``CHOICES``.
        learned: images of the same data that models are fitted on, uint8 (m, 48, 48); None where
            there are none.
        why_not: why ``learned`` is None; empty where it is not.
    """

    faces: FaceSet
    split: str
    learned: npt.NDArray[np.uint8] | None
    why_not: str = ""


def choose_faces(
    data: str | None, split: str, scheme: ClassScheme, *, progress: bool = False
) -> Chosen:
    """Load the faces to report on.

    Args:
        data: a path to FER2013 in any form, the word ``drawn``, or None for the faces in use.
        split: one of ``CHOICES``.
        scheme: the classes.
        progress: show a bar while faces are read for the first time.

    Raises:
        CourseError: the data cannot be read, lacks the split, or has no face of these classes.
    """
    path = None if data in (None, DRAWN) else _existing(str(data))
    count, disgust = len(scheme.classes), "merge" if scheme.name == "six-merge" else "drop"

    def load(part: str | None, classes: int = count) -> FaceSet:
        return load_faces(
            part,  # type: ignore[arg-type]  # argparse has checked it
            classes,
            disgust=disgust,  # type: ignore[arg-type]
            source="drawn" if data == DRAWN else "auto",
            path=path,
            progress=progress,
        )

    try:
        faces = load(SPLITS[0] if split == VALIDATION else split)
    except MissingSplitError as error:
        others = " or ".join(f"--split {name}" for name in error.present)
        raise CourseError(f"{error.what} Choose {others}, or name other faces.") from error
    if split == VALIDATION:
        faces = validation_split(faces)[1]
    if not len(faces):
        raise CourseError(
            f"There is no face for {split} in {faces.source} with {scheme.title}, so there is "
            "nothing to measure on. Choose another --split, or name other faces with --data."
        )
    if split == SPLITS[0]:
        return Chosen(faces, split, None, "these are the faces of Training themselves")
    if not (load(None, 7).usage == 0).any():
        return Chosen(faces, split, None, f"there is no Training split in {faces.source}")
    training = load(SPLITS[0], 7)
    if split == VALIDATION:
        training = validation_split(training)[0]
    return Chosen(faces, split, training.images)


def occurs_in(
    images: npt.NDArray[np.uint8], others: npt.NDArray[np.uint8]
) -> npt.NDArray[np.bool_]:
    """Return which images are equal, pixel for pixel, to one of the others.

    Args:
        images: uint8 (n, 48, 48).
        others: uint8 (m, 48, 48).

    Returns:
        bool (n,).
    """
    known = {_digest(image) for image in others}
    return np.array([_digest(image) in known for image in images], bool)


def _digest(image: npt.NDArray[np.uint8]) -> bytes:
    return hashlib.blake2b(image.tobytes(), digest_size=16).digest()


def _existing(data: str) -> Path:
    path = absolute(data)
    if not is_there(path):
        raise CourseError(f"{path} is not there. Check the path.")
    return path
