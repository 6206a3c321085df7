"""A model and what it says of itself: where it is from, how it was trained and chosen."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fercourse import classifiers
from fercourse.classifiers.catalog import weights_file
from fercourse.classifiers.contract import Classifier
from fercourse.classifiers.notes import read_notes
from fercourse.dataset.loading import open_source
from fercourse.emotions import ClassScheme

NOTES = (
    "faces",
    "fitted_on",
    "chosen_on",
    "class_scheme",
    "training_seconds",
    "training_machine",
    "training_command",
    "extra_data",
)
"""The notes in a file of weights that a report uses; docs/evaluation.md says what each holds."""


@dataclass(frozen=True)
class Loaded:
    """A classifier, ready to be measured.

    Attributes:
        name: what to call it.
        classifier: who answers.
        file: where its weights lie; None where it was fitted then and there.
        architecture: name of its network.
        parameters: how many numbers it learned.
        checksum: of its weights.
        notes: what it says of itself, see ``NOTES``.
    """

    name: str
    classifier: Classifier
    file: Path | None = None
    architecture: str | None = None
    parameters: int | None = None
    checksum: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> int | None:
        """Size of the file."""
        return self.file.stat().st_size if self.file else None


def load_model(model: str, scheme: ClassScheme | None = None) -> Loaded:
    """Load a model by name or file, or fit a classical one.

    Args:
        model: as for ``load_classifier``.
        scheme: likewise.

    Raises:
        CourseError: there is no such model, it is damaged, or it does not have these classes.
    """
    before = time.perf_counter()
    classifier = classifiers.load_classifier(model, scheme)
    seconds = time.perf_counter() - before
    asked = getattr(classifier, "inner", classifier)  # who answers in another scheme for it
    weights, cost = getattr(asked, "weights", None), getattr(asked, "cost", None)
    path = weights_file(model)
    file = path if path.is_file() else None
    return Loaded(
        name=str(getattr(asked, "name", None) or Path(model).stem),
        classifier=classifier,
        file=file,
        architecture=getattr(weights, "architecture", None),
        parameters=getattr(cost, "parameters", None),
        checksum=getattr(weights, "checksum", None),
        notes=_notes(weights, file, seconds),
    )


def kind_of(faces: str | None) -> str | None:
    """Return ``fer2013`` or ``drawn`` for a note on which faces a model learned from.

    Args:
        faces: the note, which may name a file, too: ``FER2013 (fer2013.csv)``; None without one.
    """
    if faces is None:
        return None
    return next((kind for kind in ("drawn", "fer2013") if kind in faces.lower()), faces)


def _notes(weights: object, file: Path | None, seconds: float) -> dict[str, str]:
    notes = getattr(weights, "notes", None)
    if isinstance(notes, Mapping):
        return {str(name): str(note) for name, note in notes.items()}
    return read_notes(file) if file else _fitted_here(seconds)


def _fitted_here(seconds: float) -> dict[str, str]:
    """Return what is known of a classical model, which was fitted a moment ago."""
    return {
        "faces": open_source().meta.kind,
        "fitted_on": "Training",
        "chosen_on": "validation",
        "training_seconds": f"{seconds:.1f}",
        "extra_data": "none",
    }
