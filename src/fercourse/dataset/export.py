"""Write faces as the ``fer2013.csv`` that the rest of the world reads."""

import os
from collections.abc import Callable
from pathlib import Path

from fercourse.dataset.faceset import FaceSet
from fercourse.emotions import SPLITS
from fercourse.workspace import replacing

_NUMBERS = [str(value).encode() for value in range(256)]
_AT_ONCE = 500


def export_csv(faces: FaceSet, path: Path, report: Callable[[int], None]) -> None:
    """Write a CSV file with the columns emotion, pixels and Usage, in the published order.

    Args:
        faces: what to write, with seven classes.
        path: the file; it gets its name when it is complete.
        report: told how many more faces were written.

    Raises:
        CourseError: the disk is full or the folder cannot be written.
    """
    number = _NUMBERS.__getitem__
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(b"emotion,pixels,Usage\n")
        for index in range(len(faces)):
            pixels = b" ".join(map(number, faces.images[index].tobytes()))
            usage = SPLITS[faces.usage[index]].encode()
            file.write(b"%d,%s,%s\n" % (faces.labels[index], pixels, usage))
            if index % _AT_ONCE == _AT_ONCE - 1:
                report(_AT_ONCE)
        report(len(faces) % _AT_ONCE)
        file.flush()
        os.fsync(file.fileno())
