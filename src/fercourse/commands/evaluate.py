"""``course.py evaluate``: measure a classifier, and say how sure of the figures one can be."""

import argparse
import contextlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fercourse.commands._page import add_data, add_page
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.emotions import ClassScheme
    from fercourse.evaluation import Chosen
    from fercourse.evaluation.loaded import Loaded

_DESCRIPTION = """\
Measure how well a model recognizes emotions, and how far the figures can be trusted.

MODEL is the name of a model that the course ships, of a classical one (which is fitted then and
there on Training of the faces in use), or a file: .safetensors as `train` writes it, or .keras
with Keras's own layers. An unknown name lists those there are.

Measured are accuracy, balanced accuracy, precision, recall and F1 of each class, the confusion
matrix, log loss and calibration error, with 95 % intervals by the bootstrap; accuracy without test
faces that occur in Training; milliseconds a face; and what the model says it was fitted and chosen
on. docs/evaluation.md says what each means and describes the JSON.

The protocol: choose on the validation part of Training (--split validation), open PublicTest to
report what was chosen, PrivateTest at the very end.
"""

_EPILOG = """\
examples:
  python3 course.py evaluate lean                            on PublicTest of the faces in use
  python3 course.py evaluate lean --split validation         to choose by
  python3 course.py evaluate my.safetensors --data drawn     on the faces that the course draws
  python3 course.py evaluate lean --data private.zip --split PrivateTest --json
  python3 course.py evaluate lean --mirror --robustness --report my_report
  python3 course.py evaluate my.safetensors --split validation --against lean

files:
  FOLDER/report.html                 with --report FOLDER: a page with everything in it
  FOLDER/evaluation.json, *.png      what --json prints, and the figures of the page
  FOLDER/CARD.md, card.json, *.png   with --card FOLDER: what a shipped model says of itself

exit codes:
  0  done
  2  something you can mend; the sentence says what
"""

_OPTIONS = ("split", "classes", "disgust", "against")
_SPLITS = ("Training", "PublicTest", "PrivateTest", "validation")


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "measure a model: accuracy, calibration, robustness, speed"
    parser = add_page(verbs, "evaluate", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument("model", metavar="MODEL", help="a name, or a file with weights")
    add_data(parser)
    parser.add_argument(
        "--split",
        choices=_SPLITS,
        default="PublicTest",
        help="which faces (default: PublicTest)",
    )
    parser.add_argument(
        "--classes", type=int, choices=(6, 7), help="how many (default: as many as the model has)"
    )
    parser.add_argument(
        "--disgust",
        choices=("drop", "merge"),
        help="with six classes: leave Disgust out, or count it as Angry (default: drop)",
    )
    parser.add_argument(
        "--mirror", action="store_true", help="also average with the answers to mirrored faces"
    )
    parser.add_argument(
        "--robustness", action="store_true", help="also on blurred, turned, dark, noisy … faces"
    )
    parser.add_argument(
        "--against", metavar="MODEL", help="also compare with this one, on the same faces"
    )
    parser.add_argument("--no-speed", action="store_true", help="leave the timing out")
    parser.add_argument("--json", action="store_true", help="print JSON for a program to read")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write a page and figures")
    parser.add_argument(
        "--card", type=Path, metavar="FOLDER", help="write the card of a model that is shipped"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure the model and print, and write, what came out."""
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    with contextlib.redirect_stdout(sys.stderr):  # whatever a model prints is no part of the JSON
        evaluation = _evaluated(args)
    if args.json:
        from fercourse.evaluation.report import as_text

        print(as_text(evaluation), end="", flush=True)
    else:
        _show(evaluation)
        _say_whose(args.model)
    for path in _written(args, evaluation):
        print(f"Written: open {path}.", file=sys.stderr)
    return 0


def _evaluated(args: argparse.Namespace) -> dict[str, Any]:
    from fercourse.evaluation import Wanted, choose_faces, evaluate, load_model
    from fercourse.workspace import absolute, require_writable

    for folder in filter(None, (args.report, args.card)):
        require_writable(absolute(folder))
    asked = _asked_scheme(args)
    loaded = _loaded(args, asked)
    scheme = _scheme(args, loaded, asked)
    shown = sys.stderr.isatty()
    chosen = choose_faces(args.data, args.split, scheme, progress=shown)
    wanted = Wanted(
        mirror=args.mirror,
        robustness=args.robustness,
        speed=not args.no_speed,
        against=load_model(args.against, scheme) if args.against else None,
    )
    return evaluate(loaded, chosen, wanted, command=_command(args, chosen), progress=shown)


def _loaded(args: argparse.Namespace, asked: "ClassScheme | None") -> "Loaded":
    """Load the model, if a card that was asked for can be one of it."""
    from fercourse.evaluation import load_model

    if not args.card:
        return load_model(args.model, asked)
    from fercourse.evaluation.card import require_model, require_split
    from fercourse.workspace import absolute

    require_split(args.split)
    loaded = load_model(args.model, asked)
    require_model(loaded.name, loaded.checksum, absolute(args.card))
    return loaded


def _asked_scheme(args: argparse.Namespace) -> "ClassScheme | None":
    from fercourse.emotions import class_scheme

    if args.disgust and args.classes == 7:
        raise CourseError("--disgust is about six classes. Leave it out, or say --classes 6.")
    if args.disgust or args.classes:
        return class_scheme(args.classes or 6, args.disgust or "drop")
    return None


def _scheme(
    args: argparse.Namespace, loaded: "Loaded", asked: "ClassScheme | None"
) -> "ClassScheme":
    """Return the classes to measure in: those asked for, or else the model's.

    Which of the two schemes with six classes is its own, a model may say in its notes.
    """
    from fercourse.classifiers.contract import scheme_of

    own = loaded.notes.get("class_scheme", "")
    disgust = asked.name if asked else own
    try:
        scheme = scheme_of(
            tuple(loaded.classifier.classes), "merge" if disgust == "six-merge" else "drop"
        )
    except ValueError as error:
        raise CourseError(f"{args.model} cannot be measured here: {error}") from error
    if asked and asked.classes != scheme.classes:
        raise CourseError(
            f"{args.model} has {scheme.title}, so it cannot be measured with {asked.title}. Leave "
            "--classes out."
        )
    if own.startswith("six") and own != scheme.name:
        mend = "Leave --classes and --disgust out."
        if asked is None:
            mend = "The file contradicts itself: train it anew, or mend its note class_scheme."
        raise CourseError(
            f"{args.model} says that it was trained with the scheme {own}, so it cannot be "
            f"measured with {scheme.title}. {mend}"
        )
    return scheme


def _command(args: argparse.Namespace, chosen: "Chosen") -> str:
    """Return the command that measures the same again, without what only shows it.

    The faces in use may be others elsewhere; drawn ones are to be had everywhere by name.
    """
    from fercourse.workspace import DRAWN

    words = ["python3", "course.py", "evaluate", args.model]
    data = args.data or (DRAWN if chosen.faces.kind == DRAWN else None)
    options = {"data": data} | {name: getattr(args, name) for name in _OPTIONS}
    for name, value in options.items():
        if value is not None:
            words += [f"--{name}", str(value)]
    words += [f"--{name}" for name in ("mirror", "robustness") if getattr(args, name)]
    return shlex.join(words)


def _written(args: argparse.Namespace, evaluation: dict[str, Any]) -> list[Path]:
    from fercourse.evaluation.card import write_card
    from fercourse.evaluation.report import write_report
    from fercourse.workspace import absolute

    written = []
    if args.report:
        written.append(write_report(evaluation, absolute(args.report))[0])
    if args.card:
        written.append(write_card(evaluation, absolute(args.card))[-1])
    return written


def _show(evaluation: dict[str, Any]) -> None:
    from fercourse.evaluation.wording import (
        class_rows,
        commonest_mistakes,
        cost_rows,
        measure_rows,
        robustness_rows,
        title_of,
    )

    data, protocol = evaluation["data"], evaluation["protocol"]
    _print(f"{title_of(evaluation)}: {data['faces']:,} faces, {data['class_scheme_title']}")
    _table(("measure", "value", "95 % interval"), measure_rows(evaluation))
    _table(("class", "faces", "precision", "recall", "F1", "95 % of F1"), class_rows(evaluation))
    if mistakes := commonest_mistakes(evaluation):
        _print(f"Commonest mistakes: {mistakes}.")
    if rows := robustness_rows(evaluation):
        _table(("disturbance", "strengths", "accuracy"), rows)
    if rows := cost_rows(evaluation):
        _table(("cost", "value"), rows)
    _print(protocol["sentence"])
    if protocol["flag"]:
        _print(f"Not to be compared: {protocol['flag']}")


def _say_whose(model: str) -> None:
    """Say where a name stands for the course's own weights; somebody may have trained others."""
    from fercourse.classifiers.catalog import shipped_names
    from fercourse.workspace import trained_file

    if model in shipped_names():
        own, yours = trained_file(model), ""
        if own.is_file():
            yours = f" To measure yours: python3 course.py evaluate {shlex.quote(str(own))}"
        _print(f"This was {model} as the course brings it.{yours}")


def _table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(*titles, box=box.SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        table.add_row(*map(Text, row))
    _print(table)


def _print(what: Any) -> None:
    """Print a table, or a text as it is: a path may hold what rich would take for markup."""
    from rich.console import Console

    Console(highlight=False, markup=False, soft_wrap=isinstance(what, str)).print(what)
