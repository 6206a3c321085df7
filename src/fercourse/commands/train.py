"""``course.py train``: train a network of the course, from faces to a file of weights."""

import argparse
import shlex
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fercourse.commands._page import add_page
from fercourse.commands._training import (
    add_faces,
    duration,
    place_for_weights,
    require_at_least_one,
    say_stopped,
    training_faces,
    training_progress,
)
from fercourse.commands._tune_display import epochs_in_words
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.dataset import FaceSet
    from fercourse.training.making import Made, Order
    from fercourse.training.recipe import Recipe

_DESCRIPTION = """\
Train one of the course's networks, and write its weights into a file.

NAME is a recipe: the network, its optimizer, how faces are changed at random, how long. An unknown
name lists those there are. Learned from are the faces in use (real FER2013 where `data use` named
it, else drawn ones), and of them the fit part of Training, so that the validation part can say how
good it is; --all takes both, for a release of what was chosen. PublicTest is not opened.

It begins with random weights, or with --from FILE: the layers of another network, all but the
last one. `pretrain` makes a file that has learned to read action units off drawn faces. A network
that comes with the course can be named instead, such as lean. --freeze keeps these layers as they
are.

How far it is is kept every ten seconds. Stop it with Ctrl-C, or let the machine sleep or crash:
--resume goes on where it was. What comes out then differs from a training that was not interrupted
no more than two trainings from the same seed do: in the last digits, which can grow to a few tenths
of a percentage point. What is there already, teachers included, is not written over unless --anew
says so.

It uses bfloat16 where this machine is quicker with it. With the environment variable KERAS_BACKEND
set to jax or torch, and that installed, the same recipes run on a GPU.
"""

_EPILOG = """\
examples:
  python3 course.py train lean                             minutes on two cores
  python3 course.py train lean --resume                    go on after an interruption
  python3 course.py train lean --all --out mine.safetensors
  python3 course.py train live --from data/trained/live-action-units.safetensors
  python3 course.py evaluate data/trained/lean.safetensors

files:
  data/trained/NAME.safetensors            the weights (or where --out says)
  data/trained/NAME.checkpoint             how far it is; gone when it is done
  data/trained/NAME-RECIPE-N.safetensors   networks that it learns from, where the recipe has some

exit codes:
  0  done
  2  something you can mend; the sentence says what
  130  you stopped it; --resume goes on
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "train a network: progress, time left, resumes after an interruption"
    parser = add_page(verbs, "train", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument("name", metavar="NAME", help="a recipe, such as lean")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write the weights, a .safetensors file"
    )
    add_faces(parser)
    parser.add_argument(
        "--from",
        dest="begin",
        type=Path,
        metavar="FILE",
        help="begin with the layers of this network, all but the last (default: random weights)",
    )
    parser.add_argument(
        "--freeze", action="store_true", help="only the last layer learns; needs --from"
    )
    parser.add_argument(
        "--epochs", type=int, metavar="N", help="how often each face is seen (default: recipe's)"
    )
    parser.add_argument("--classes", type=int, choices=(6, 7), default=7, help="default: 7")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="decides every chance (default: 0)"
    )
    parser.add_argument(
        "--all", action="store_true", help="learn from the validation part of Training too"
    )
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on with an interrupted training")
    again.add_argument(
        "--anew", action="store_true", help="begin anew where weights or a checkpoint lie already"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train, say how far it is, and say what came out."""
    began = time.monotonic()
    from fercourse.environment.system import require_opencv_libraries
    from fercourse.training.recipes import recipe_of

    require_opencv_libraries()
    recipe = recipe_of(args.name)
    require_at_least_one(args, "epochs", "limit")
    if args.seed < 0:
        raise CourseError(f"--seed must be 0 or more, not {args.seed}.")
    if args.freeze and args.begin is None:
        raise CourseError("Without --from there is nothing to keep: leave --freeze out.")
    recipe = _changed(recipe, args)
    out = place_for_weights(args, args.name, recipe)
    faces = _faces(recipe, args)
    from fercourse.classifiers.quiet import quietly

    with quietly():
        from fercourse.training.making import Order, make
    order = Order(
        recipe,
        faces,
        out,
        args.all,
        args.seed,
        args.resume,
        begin=args.begin and _beginning(args.begin),
        frozen=args.freeze,
        command=_command(args),
        began=began,
        anew=args.anew,
    )
    try:
        with training_progress() as report:
            made = make(order, report, begins=lambda: _announce(order))
    except KeyboardInterrupt:
        say_stopped(_kept(order), _command_to_resume(args))
        raise
    _conclude(made, order)
    return 0


def _changed(recipe: "Recipe", args: argparse.Namespace) -> "Recipe":
    return recipe if args.epochs is None else replace(recipe, epochs=args.epochs)


def _faces(recipe: "Recipe", args: argparse.Namespace) -> "FaceSet":
    drawn = recipe.faces == "drawn"
    faces = training_faces(args.data, args.classes, args.limit, drawn=drawn)
    if not len(faces):
        raise CourseError(f"There are no faces of Training to learn from in {faces.source}.")
    return faces


def _beginning(begin: Path) -> Path:
    """Return the file of weights that ``--from`` means: a file, a folder's, a shipped network's."""
    from fercourse.classifiers.catalog import weights_file

    return weights_file(str(begin))


def _kept(order: "Order") -> list[Path]:
    """Return the files any of which, once there, holds something to go on with."""
    from fercourse.training.making import lineage

    elders = lineage(order)
    finished = [] if order.out.exists() else [elder.out for elder in elders]
    return [*(one.checkpoint for one in (order, *elders)), *finished]


def _command(args: argparse.Namespace) -> str:
    """Return the command that trains the like of it again, without this machine's paths."""
    begin = None if args.begin is None else args.begin.name
    return shlex.join(_words(args, "drawn" if args.data == "drawn" else None, begin))


def _command_to_resume(args: argparse.Namespace) -> str:
    words = _words(args, args.data, args.begin)
    words += ["--out", str(args.out)] if args.out is not None else []
    return shlex.join([*words, "--resume"])


def _words(args: argparse.Namespace, data: str | None, begin: Path | str | None) -> list[str]:
    """Return the command's words, with what it shall say of the faces and the beginning."""
    words = ["python3", "course.py", "train", args.name]
    words += ["--data", data] if data is not None else []
    words += ["--from", str(begin)] if begin is not None else []
    words += ["--freeze"] if args.freeze else []
    for name in ("epochs", "limit"):
        if (value := getattr(args, name)) is not None:
            words += [f"--{name}", str(value)]
    words += ["--classes", "6"] if args.classes == 6 else []
    words += ["--seed", str(args.seed)] if args.seed else []
    words += ["--all"] if args.all else []
    return words


def _announce(order: "Order") -> None:
    from fercourse.classifiers.architectures import plan_of
    from fercourse.classifiers.architectures.shapes import cost

    recipe = order.recipe
    price = cost(plan_of(recipe.architecture, len(order.faces.classes)))
    print(
        f"{recipe.name}: {price.parameters:,} parameters, {price.multiply_adds / 1e6:,.0f} "
        f"million multiplications a face, {epochs_in_words(recipe.epochs)} on "
        f"{order.faces.source}.",
        flush=True,
    )
    from fercourse.training.making import lineage

    names = [elder.recipe.name for elder in lineage(order)]
    if names:
        counts = [f"{names.count(name)} by the recipe {name}" for name in dict.fromkeys(names)]
        print(f"First, networks that it learns from: {', '.join(counts)}.", flush=True)


def _conclude(made: "Made", order: "Order") -> None:
    size = order.out.stat().st_size / 1e6
    print(f"Learned from {made.faces:,} faces in {duration(made.seconds)}.")
    if made.validation is not None:
        print(f"Accuracy on the validation part: {made.validation:.1%}.".replace("%.", " %."))
    print(f"Written: {order.out} ({size:.1f} MB). Next: python3 course.py evaluate {order.out}")
