"""What `train`, `pretrain` and `tune` share: faces, where weights go, how far a training is."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fercourse.commands._page import add_data
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.dataset import FaceSet
    from fercourse.training.loop import Progress
    from fercourse.training.making import Report
    from fercourse.training.recipe import Recipe


def add_faces(parser: argparse.ArgumentParser) -> None:
    """Give a verb the options that say which faces it learns from."""
    add_data(parser)
    parser.add_argument(
        "--limit", type=int, metavar="N", help="at most this many faces (default: all there are)"
    )


def training_faces(
    data: str | None, classes: int, limit: int | None, *, drawn: bool = False
) -> "FaceSet":
    """Return the faces of Training that a verb's options name.

    Args:
        data: what ``--data`` says.
        classes: 7 or 6.
        limit: what ``--limit`` says.
        drawn: only drawn faces will do.

    Raises:
        CourseError: the data cannot be read, or are others where only drawn ones will do.
    """
    from fercourse.dataset import load_faces
    from fercourse.workspace import DRAWN, absolute

    if drawn and data not in (None, DRAWN):
        raise CourseError(f"This recipe learns from drawn faces only: leave out --data {data}.")
    drawn = drawn or data == DRAWN
    return load_faces(
        "Training",
        classes,
        source="drawn" if drawn else "auto",
        path=absolute(data) if data and not drawn else None,
        limit=limit,
        progress=sys.stderr.isatty(),
    )


def require_at_least_one(args: argparse.Namespace, *names: str) -> None:
    """Raise a CourseError where one of these options is below 1."""
    for name in names:
        value = getattr(args, name)
        if value is not None and value < 1:
            raise CourseError(f"--{name.replace('_', '-')} must be at least 1, not {value}.")


def place_for_weights(args: argparse.Namespace, name: str, recipe: "Recipe | None" = None) -> Path:
    """Return the file to write; refuse to lose what took long to make.

    Nothing is changed yet: what ``anew`` gives up goes when the training begins.

    Args:
        args: with ``out``, ``resume`` and ``anew``, as the two commands have them.
        name: of the file where ``out`` says nothing.
        recipe: whose teachers are kept beside the file.

    Raises:
        CourseError: nothing can be written there; there is something already; there is nothing to
            go on with; or the file is named for something else.
    """
    from fercourse.training.recipes import teacher_files
    from fercourse.workspace import absolute, trained_file

    out = absolute(args.out) if args.out else trained_file(name)
    teachers = teacher_files(recipe, out) if recipe else []
    _require_place(out)
    begun = _checkpoints(out, teachers)
    if args.anew:
        return out
    if begun and not args.resume:
        raise CourseError(
            f"A training was interrupted here ({begun[0]}). Go on with --resume, or give it up "
            "with --anew."
        )
    if out.exists() and not begun:
        done = (
            "is finished, so there is nothing to go on with" if args.resume else "is there already"
        )
        raise CourseError(
            f"{out} {done}. Choose another file with --out, or write over it with --anew."
        )
    if args.resume and not begun and not any(file.exists() for file in teachers):
        raise CourseError(
            f"There is nothing to go on with: no training was interrupted at {out}. Begin one "
            "without --resume, or say with the same --out as then where it was to be written."
        )
    return out


def say_stopped(files: Sequence[Path], command: str) -> None:
    """Say after Ctrl-C how to go on, or that nothing was kept yet.

    Args:
        files: any of which, once there, holds something to go on with.
        command: what goes on with it.
    """
    if any(file.exists() for file in files):
        print(f"\nStopped. Go on: {command}", file=sys.stderr)
    else:
        print(
            "\nStopped before anything was kept, which is done every ten seconds. The same "
            "command begins anew.",
            file=sys.stderr,
        )


def _checkpoints(out: Path, teachers: Sequence[Path]) -> list[Path]:
    """Return where interrupted trainings are kept; a teacher that is there is finished."""
    unfinished = [out, *(file for file in teachers if not file.exists())]
    places = [file.with_suffix(".checkpoint") for file in unfinished]
    for place in places:
        if place.is_dir():
            raise CourseError(
                f"{place} is a folder, and how far a training is is to be kept there. Move it "
                "away, or choose another file with --out."
            )
    return [place for place in places if place.exists()]


def _require_place(out: Path) -> None:
    """Raise a CourseError unless a file of weights can be written at a place."""
    from fercourse.workspace import require_writable

    if out.is_dir():
        raise CourseError(
            f"{out} is a folder. Name a file in it with --out, such as {out / 'mine.safetensors'}."
        )
    if out.suffix != ".safetensors":
        raise CourseError(f"Weights are kept in .safetensors files: {out} is named otherwise.")
    require_writable(out.parent)


@contextmanager
def training_progress() -> "Iterator[Report]":
    """Yield what shows how far a training is: a bar on a terminal, else a line for each epoch."""
    if not sys.stdout.isatty():
        yield _line
        return
    from rich.progress import BarColumn, TaskID, TextColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %  loss {task.fields[loss]}  {task.fields[left]} left"),
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def show(name: str, progress: "Progress") -> None:
            said: dict[str, Any] = {
                "description": f"{name}: epoch {progress.epoch} of {progress.epochs}",
                "completed": progress.share,
                "loss": f"{progress.loss:.3f}",
                "left": duration(progress.seconds_left),
            }
            if name not in tasks:
                tasks[name] = bar.add_task(total=1.0, **said)
            bar.update(tasks[name], **said)

        yield show


def _line(name: str, progress: "Progress") -> None:
    if progress.epoch_is_over:
        print(
            f"{name}: epoch {progress.epoch} of {progress.epochs}, loss {progress.loss:.3f}, "
            f"{duration(progress.seconds)} so far, {duration(progress.seconds_left)} left",
            flush=True,
        )


def duration(seconds: float) -> str:
    """Return seconds as minutes and seconds, with hours where there are any."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
