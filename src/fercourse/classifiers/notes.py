"""What a ``.keras`` file says of itself, in a file beside it: Keras leaves no room for it inside.

Files of weights (``.safetensors``) hold the same notes themselves.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from fercourse.emotions import SPLITS
from fercourse.errors import CourseError
from fercourse.workspace import is_there, write_atomically

PARTS = ("fit", "validation", *SPLITS)
"""The words by which a model says what it was fitted and chosen on, comma-separated.

``fit`` and ``validation`` are the two parts of Training by the protocol.
"""

UNFITTED = "nothing: scores to be learned"
"""What a pretrained network says that it was fitted on."""

_SCHEMES = ("seven", "six-drop", "six-merge")
_KINDS = ("fer2013", "drawn")
_SECONDS = re.compile(r"\d{1,12}(\.\d{1,12})?")


def fault_in(notes: Mapping[str, str]) -> str:
    """Return in words which note says what none of its kind can, or nothing.

    Args:
        notes: words by name, see docs/evaluation.md.
    """
    for name, note in notes.items():
        if wanted := _wanted(name, note):
            return f"its note {name} says {note[:40]!r}, where {wanted} is expected"
    return ""


def _wanted(name: str, note: str) -> str:
    """Return in words what a note should say, or nothing where it does."""
    if name in ("fitted_on", "chosen_on"):
        known = {part.lower() for part in PARTS}
        said = {word.strip().lower() for word in note.split(",") if word.strip()}
        fits, wanted = said <= known or note == UNFITTED, f"one or more of {', '.join(PARTS)}"
    elif name == "faces":
        fits, wanted = any(kind in note.lower() for kind in _KINDS), " or ".join(_KINDS)
    elif name == "class_scheme":
        fits, wanted = note in _SCHEMES, f"one of {', '.join(_SCHEMES)}"
    elif name.startswith("training_seconds"):
        fits, wanted = bool(_SECONDS.fullmatch(note)), "a number"
    else:
        return ""
    return "" if fits else wanted


def notes_file(model: Path) -> Path:
    """Return where the notes of a ``.keras`` file are: ``best.keras.json`` for ``best.keras``."""
    return model.with_name(f"{model.name}.json")


def write_notes(model: Path, notes: Mapping[str, str]) -> None:
    """Write the notes of a ``.keras`` file.

    Args:
        model: the file that they are about.
        notes: words by name, see docs/evaluation.md.

    Raises:
        CourseError: they cannot be written.
    """
    write_atomically(notes_file(model), (json.dumps(dict(notes), indent=1) + "\n").encode())


def read_notes(model: Path) -> dict[str, str]:
    """Return the notes of a ``.keras`` file, none where there are none.

    Args:
        model: the file that they are about.

    Raises:
        CourseError: what lies there are no notes, or one says what none of its kind can.
    """
    path = notes_file(model)
    if not is_there(path):
        return {}
    try:
        notes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} cannot be read ({error}). Delete it to do without.") from error
    if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
        raise CourseError(f"{path} must hold words by name and nothing else. Mend or delete it.")
    if fault := fault_in(notes):
        raise CourseError(f"{path} is of no use: {fault}. Mend or delete it.")
    return notes
