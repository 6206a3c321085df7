"""``course.py photo``: photographs with their faces labelled."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fercourse.commands._live import PRIVACY, add_reading, reader_of, tell
from fercourse.commands._page import add_page
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.live.photographs import LabelledPhotograph

_DESCRIPTION = f"""\
Find the faces of photographs, name the expression of each, and write annotated copies with the
probabilities drawn, and a table.

{PRIVACY}
"""

_EPILOG = """\
examples:
  python3 course.py photo party.jpg
  python3 course.py photo holidays family.png --output looked_at
  python3 course.py draw scene six.png --people 6 && python3 course.py photo six.png

files:
  labelled_faces/NAME_faces.jpg   a copy of each photograph (--output names another folder)
  labelled_faces/faces.csv        a row for each face: box, label, probabilities (--table names
                                  another file, .csv or .jsonl)

environment variables:
  FERCOURSE_MODELS   the folder with YuNet's file, see course.py models

exit codes:
  0  done; photographs that could not be read were named
  2  something you can mend; the sentence says what
  130  you stopped it; what was written until then is whole
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "name the expressions of the faces in photographs"
    parser = add_page(verbs, "photo", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "pictures", nargs="+", metavar="PICTURE", help="a photograph, or a folder of photographs"
    )
    add_reading(parser)
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("labelled_faces"),
        metavar="FOLDER",
        help="where the copies go (default: labelled_faces)",
    )
    parser.add_argument("--table", type=Path, metavar="FILE", help="default: FOLDER/faces.csv")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the photographs."""
    from fercourse.environment.system import require_opencv_libraries
    from fercourse.workspace import absolute, require_writable

    require_opencv_libraries()
    from fercourse.environment.stopping import interruptible
    from fercourse.live.photographs import label_photographs
    from fercourse.live.recording import TABLES, check_suffix

    folder = absolute(args.output)
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"--output wants a folder, and {folder} is a file. Name another.")
    table = absolute(args.table) if args.table else folder / "faces.csv"
    check_suffix(table, TABLES)
    for place in (folder, table.parent):
        require_writable(place)
    paths = _photographs(args.pictures)
    reader = reader_of(args)
    tell(PRIVACY)
    number = 0
    with interruptible():
        for labelled in label_photographs(paths, reader, folder, table, tell, args.landmarks):
            number += 1
            print(_said(labelled, reader.classifier.classes), flush=True)
    if not number:
        raise CourseError("None of the photographs could be read.")
    return 0


def _photographs(words: Sequence[str]) -> list[Path]:
    """Return the photographs that were named, each once; Windows leaves ``*.jpg`` to us.

    Raises:
        CourseError: one of them is not there.
    """
    from fercourse.live.sources import photographs_in
    from fercourse.workspace import absolute, is_there

    found: dict[Path, None] = {}
    for word in words:
        path = absolute(word)
        several = [path] if is_there(path) else sorted(path.parent.glob(path.name))
        if not several:
            raise CourseError(f"{path} is not there. Name photographs or folders of them.")
        for each in several:
            found.update(dict.fromkeys(photographs_in(each) if each.is_dir() else [each]))
    return list(found)


def _said(labelled: "LabelledPhotograph", classes: Sequence[str]) -> str:
    """Return what was read, as a line."""
    from fercourse.live.overlay import title_of

    faces = [title_of(face, classes, len(labelled.faces) > 1) for face in labelled.faces]
    return f"{labelled.path.name}: {', '.join(faces) or 'no faces'}. Written: {labelled.copy}"
