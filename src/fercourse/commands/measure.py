"""``course.py measure``: run lessons and assignments, and keep what they measured."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fercourse.commands._page import add_page
from fercourse.errors import CourseError
from fercourse.workspace import fer2013_path, repository_root

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.learn.surroundings import Kind

_DESCRIPTION = """\
Run lessons on drawn faces and on FER2013, and write what they measured to
data/reference_results.json, which lessons show beside what they measure themselves. Run the
solutions of assignments, and write the values that students go on with where an exercise is not
done to reference_values.json beside them.

Only sums go into these files: accuracies, counts, curves, means; no face of FER2013.
"""

_EPILOG = """\
examples:
  python3 course.py measure                                 all of them, on all faces there are
  python3 course.py measure lessons/1_ml_basics.ipynb       one notebook
  python3 course.py measure --kind drawn --save             keep the outputs in the notebooks, too
  python3 course.py measure lessons/3_classification.ipynb --every-face
                                                            all of FER2013 instead of a part: hours

files:
  data/reference_results.json                 what lessons measured
  solutions/ASSIGNMENT/reference_values.json  what students go on with

exit codes:
  0  done
  2  a notebook does not run, or is not there; what earlier ones measured is kept
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "run the lessons and keep what they measured"
    parser = add_page(verbs, "measure", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "notebooks", nargs="*", type=Path, metavar="NOTEBOOK", help="default: all of them"
    )
    parser.add_argument(
        "--kind", choices=("drawn", "fer2013"), help="only on these faces (default: both)"
    )
    parser.add_argument(
        "--every-face", action="store_true", help="run lessons on all of FER2013, not on a part"
    )
    parser.add_argument(
        "--save", action="store_true", help="write the outputs on drawn faces into the notebooks"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run each notebook on each kind of faces, FER2013 first so that the drawn run can show it."""
    from fercourse.learn.recording import keep, run_notebook, save_outputs

    kinds = _kinds(args)
    for notebook in args.notebooks or _all_notebooks(lessons_only=args.every_face):
        if not notebook.is_file():
            raise CourseError(f"{notebook} is not there. Name a notebook of the course.")
        for kind in kinds:
            print(f"{notebook}, {kind} faces: ", end="", flush=True)
            recording = run_notebook(notebook, kind, every_face=args.every_face)
            print(f"{recording.seconds:.0f} s, written to {keep(recording)}", flush=True)
            if args.save and kind == "drawn":
                save_outputs(recording)
    return 0


def _kinds(args: argparse.Namespace) -> "list[Kind]":
    has_fer2013 = fer2013_path() is not None
    if (args.kind == "fer2013" or args.every_face) and not has_fer2013:
        raise CourseError("FER2013 is not there. Say where it is: python3 course.py data use PATH.")
    if args.every_face and args.kind == "drawn":
        raise CourseError("--every-face is about FER2013; drawn faces are always all used.")
    if args.every_face:
        return ["fer2013"]
    if args.kind:
        return [args.kind]
    return ["fer2013", "drawn"] if has_fer2013 else ["drawn"]


def _all_notebooks(*, lessons_only: bool) -> list[Path]:
    root = repository_root()
    if root is None:
        raise CourseError("there are no lessons here, only the course's package.")
    lessons = sorted((root / "lessons").glob("[0-9]*.ipynb"))
    return lessons if lessons_only else [*lessons, *sorted((root / "solutions").glob("*/*.ipynb"))]
