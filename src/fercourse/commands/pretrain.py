"""``course.py pretrain``: let a network learn from drawn faces what muscles of a face do."""

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fercourse.commands._page import add_page
from fercourse.commands._training import (
    place_for_weights,
    require_at_least_one,
    say_stopped,
    training_progress,
)
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.training.transfer import ActionUnitFaces

_DESCRIPTION = """\
Teach one of the course's networks to read the intensities of 19 facial action units off drawn
faces, and write its layers into a file that `train --from` begins with.

Drawn faces cost no labels: what was drawn is known. NAME is a network; an unknown name lists those
there are. The file knows no expression yet: all are equally likely to it.

How far it is is kept every ten seconds; --resume goes on after an interruption.
"""

_EPILOG = """\
examples:
  python3 course.py pretrain live
  python3 course.py train live --from data/trained/live-action-units.safetensors

files:
  data/trained/NAME-action-units.safetensors  the layers (or where --out says)
  data/trained/NAME-action-units.checkpoint   how far it is; gone when it is done

exit codes:
  0  done
  2  something you can mend; the sentence says what
  130  you stopped it; --resume goes on
"""

_USUAL = {"faces": 15_000, "epochs": 10, "seed": 0}
_JUDGES = 500
_SEED_OF_JUDGES = 1_000_003
"""Other people than any training is likely to draw."""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "let a network learn action units from drawn faces, to begin a training with"
    parser = add_page(verbs, "pretrain", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument("name", metavar="NAME", help="a network, such as live")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write it, a .safetensors file"
    )
    parser.add_argument(
        "--faces",
        type=int,
        default=_USUAL["faces"],
        metavar="N",
        help="how many to draw (default: 15000)",
    )
    parser.add_argument(
        "--epochs",
        type=int,
        default=_USUAL["epochs"],
        metavar="N",
        help="how often each is seen (default: 10)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=_USUAL["seed"],
        metavar="N",
        help="decides every chance (default: 0)",
    )
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on with an interrupted one")
    again.add_argument("--anew", action="store_true", help="begin anew where there is one already")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw, train, say how far it is, and say what came out."""
    from fercourse.classifiers.architectures import plan_of
    from fercourse.environment.system import require_opencv_libraries
    from fercourse.workspace import alone_at

    plan_of(args.name)
    require_at_least_one(args, "faces", "epochs")
    if not 0 <= args.seed < _SEED_OF_JUDGES:
        raise CourseError(f"--seed must be from 0 to {_SEED_OF_JUDGES - 1:,}, not {args.seed}.")
    out = place_for_weights(args, f"{args.name}-action-units")
    require_opencv_libraries()
    from fercourse.classifiers.quiet import quietly

    with quietly():
        from fercourse.training.transfer import explained, write_pretrained
    with alone_at(out):
        try:
            model = _pretrained(args, out)
        except KeyboardInterrupt:
            say_stopped([out.with_suffix(".checkpoint")], _command_to_resume(args))
            raise
        write_pretrained(out, model, args.name, f"action units of {args.faces:,} drawn faces")
        out.with_suffix(".checkpoint").unlink(missing_ok=True)
    shares = explained(model, _drawn(_JUDGES, _SEED_OF_JUDGES))
    _conclude(shares, args.name, out)
    return 0


def _pretrained(args: argparse.Namespace, out: Path) -> Any:
    """Return the Keras model that has learned from drawn faces."""
    from fercourse.training.transfer import pretrained

    checkpoint = out.with_suffix(".checkpoint")
    if args.anew:
        checkpoint.unlink(missing_ok=True)
    faces = _drawn(args.faces, args.seed)
    with training_progress() as report:
        return pretrained(
            args.name,
            faces.images,
            faces.intensities,
            args.epochs,
            seed=args.seed,
            checkpoint=checkpoint,
            resume=args.resume,
            report=lambda progress: report(f"{args.name}, action units", progress),
        )


def _command_to_resume(args: argparse.Namespace) -> str:
    words = ["python3", "course.py", "pretrain", args.name]
    for name in ("out", *_USUAL):
        if (value := getattr(args, name)) not in (None, _USUAL.get(name)):
            words += [f"--{name}", str(value)]
    return shlex.join([*words, "--resume"])


def _drawn(n: int, seed: int) -> "ActionUnitFaces":
    """Return drawn faces, with a bar on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    from fercourse.training.transfer import action_unit_faces

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Drawing faces", total=n)
        return action_unit_faces(n, seed, progress=lambda done, _: bar.update(task, completed=done))


def _conclude(shares: dict[str, float], name: str, out: Path) -> None:
    mean = sum(shares.values()) / len(shares)
    print(f"Of the action units of {_JUDGES} people that it has not seen it explains, on average,")
    if mean < 0:
        print("nothing yet: it is further off than their mean would be. R squared of each, where")
        print("1 is all of the variance and below 0 worse than the mean; more --epochs will help:")
    else:
        print(f"{mean:.0%} of the variance (R squared):".replace("%", " %"))
    units = [f"{unit:>5} {share:6.2f}" for unit, share in shares.items()]
    for first in range(0, len(units), 5):
        print("".join(units[first : first + 5]))
    print(f"Written: {out}. Next: python3 course.py train {name} --from {out}")
