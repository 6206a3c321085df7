"""Photographs with their faces labelled: annotated copies and a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from fercourse.live.overlay import Look, draw
from fercourse.live.reader import FaceReader, LabelledFace
from fercourse.live.recording import FaceTable
from fercourse.live.sources import PhotographSource, Say
from fercourse.workspace import write_atomically

_AS_THEY_ARE = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True)
class LabelledPhotograph:
    """A photograph that was read.

    Attributes:
        path: of the photograph.
        copy: of the annotated copy.
        faces: what was read, the surest find of the detector first.
    """

    path: Path
    copy: Path
    faces: list[LabelledFace]


def label_photographs(
    paths: Sequence[Path],
    reader: FaceReader,
    folder: Path,
    table: Path,
    say: Say,
    landmarks: bool = False,
) -> Iterator[LabelledPhotograph]:
    """Read photographs, and write an annotated copy of each and a row for each face.

    Args:
        paths: of the photographs.
        reader: reads their faces.
        folder: for the copies, ``NAME_faces.jpg`` and so on; nothing else there is touched.
        table: where the rows go, ``.csv`` or ``.jsonl``.
        say: is told which photographs cannot be read; they are left out.
        landmarks: draw the points that faces were aligned by.

    Yields:
        Each photograph as soon as its copy is written.

    Raises:
        CourseError: a file cannot be written. What was written is kept.
    """
    classes = reader.classifier.classes
    rows = FaceTable(table, classes)
    copies = copies_of(paths, folder)
    whole = False
    try:
        with PhotographSource(list(paths), say) as source:
            for shot in source:
                path, copy = paths[shot.number], copies[shot.number]
                faces = reader.read_photograph(shot.frame)
                look = Look(landmarks=landmarks, ids=len(faces) > 1)
                picture = draw(shot.frame, faces, classes, look)
                write_atomically(copy, cv2.imencode(copy.suffix, picture)[1].tobytes())
                rows.write(shot._replace(name=str(path)), faces)
                yield LabelledPhotograph(path, copy, faces)
        whole = True
    finally:
        rows.close(whole)
        if rows.told:
            say(rows.told)


def copies_of(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Return a name for each photograph's copy: no two alike, and none of a photograph."""
    taken = {path.resolve() for path in paths}
    copies = []
    for path in paths:
        suffix = path.suffix.lower() if path.suffix.lower() in _AS_THEY_ARE else ".png"
        copy, number = folder / f"{path.stem}_faces{suffix}", 2
        while copy.resolve() in taken:
            copy, number = folder / f"{path.stem}_faces_{number}{suffix}", number + 1
        taken.add(copy.resolve())
        copies.append(copy)
    return copies
