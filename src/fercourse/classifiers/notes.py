"""What a ``.keras`` file says of itself, in a file beside it: Keras leaves no room for it inside.

Files of weights (``.safetensors``) hold the same notes themselves.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from fercourse.errors import CourseError
from fercourse.workspace import is_there, write_atomically


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
        CourseError: what lies there are no notes.
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
    return notes
