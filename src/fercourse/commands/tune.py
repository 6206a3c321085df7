"""``course.py tune``: search for a network's settings, on one machine or several."""

import argparse
import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fercourse.commands._page import add_page
from fercourse.commands._training import (
    add_faces,
    require_at_least_one,
    say_stopped,
    training_faces,
)
from fercourse.commands._tune_display import bar, epochs_in_words, percent, print_table, progress
from fercourse.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

    from fercourse.commands._page import Pages
    from fercourse.dataset import FaceSet
    from fercourse.training.tuning_address import Address

_DESCRIPTION = """\
Search for the settings with which a network gets most faces right, with KerasTuner.

Tried are settings of the network (filters, dense neurons, dropout, activation) and of its training
(optimizer, learning rate, batch size, label smoothing, weight decay, augmentation). Each trial
learns from the fit part of Training and is judged on its validation part; PublicTest is not opened.
The first trial is the network with its usual settings.

  hyperband  a group of settings learns for a few epochs, the best third to half of it anew for two
             to three times as long, and so on; further groups begin with fewer, for longer
  bayesian   a third at random; then where a model of the results so far expects most
  random     all at random

Stop it with Ctrl-C, or let the machine sleep or crash: --resume goes on within the very trial.
With --trials and --minutes a search can be made longer each time.

--best trains on the faces that were searched on, and is refused with others. A best.keras that is
there already is not written over unless --anew says so. Stopped, the same command goes on.

Several machines: one leads with --serve and trains nothing itself, the others work with --join.
What travels between them is not encrypted and nobody is asked who they are: use it in a network
that you trust. See docs/tuning.md.
"""

_EPILOG = """\
examples:
  python3 course.py tune                                   Hyperband, 30 trials, up to 12 epochs
  python3 course.py tune --resume                          go on after an interruption
  python3 course.py tune --method bayesian --trials 40 --minutes 60
  python3 course.py tune --best --epochs 40                train with the best setting, and save it
  python3 course.py evaluate data/tuning/baseline/best.keras --split validation
  python3 course.py tune --serve 192.168.1.5:8900          on the machine that leads, and
  python3 course.py tune --join 192.168.1.5:8900           on each that works, with the same faces

files, in data/tuning/NETWORK or where --out says:
  results.csv, results.json    every trial, best first
  parallel_coordinates.png     all of them in one picture
  best.json                    the best setting
  best.keras                   the network trained with it, after --best
  search.json, trials/         the search itself, for --resume

environment variables:
  KERASTUNER_TUNER_ID, KERASTUNER_ORACLE_IP, KERASTUNER_ORACLE_PORT
      KerasTuner's own, for clusters that set them: like --serve where the ID is chief, else --join

exit codes:
  0  done
  2  something you can mend; the sentence says what
  130  you stopped it; --resume goes on
"""

_METHODS = ("hyperband", "bayesian", "random")
_SHOWN = 10


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "search for a network's settings: progress, resumes, several machines"
    parser = add_page(verbs, "tune", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "network", nargs="?", metavar="NETWORK", help="which network (default: baseline)"
    )
    parser.add_argument("--method", choices=_METHODS, help="how to search (default: hyperband)")
    parser.add_argument(
        "--trials",
        type=int,
        metavar="N",
        help="at most this many trials (default: a round of Hyperband, else 30)",
    )
    parser.add_argument(
        "--epochs", type=int, metavar="N", help="how long the longest trials learn (default: 12)"
    )
    parser.add_argument(
        "--minutes",
        type=float,
        metavar="M",
        help="after so many minutes no trial begins; those under way are finished",
    )
    add_faces(parser)
    parser.add_argument("--classes", type=int, choices=(6, 7), help="default: 7")
    parser.add_argument("--seed", type=int, metavar="N", help="decides every chance (default: 0)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to keep the search")
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on with the search in the folder")
    again.add_argument(
        "--anew",
        action="store_true",
        help="give up the search in the folder; with --best: only the best.keras in it",
    )
    parser.add_argument(
        "--best", action="store_true", help="search no more: train with the best setting found"
    )
    role = parser.add_mutually_exclusive_group()
    role.add_argument(
        "--serve",
        metavar="[HOST:]PORT",
        help="lead the search here for machines that join (without HOST: this machine only)",
    )
    role.add_argument("--join", metavar="HOST:PORT", help="work for the search that is led there")
    parser.add_argument(
        "--patience",
        type=float,
        default=120.0,
        metavar="SECONDS",
        help="with --serve: when a silent worker's trial goes to another (default: 120)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Search, work for a search, or train with what one found."""
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    _require_sensible(args)
    serve, chief = _roles(args)
    if chief and (given := _named(args, (*_IDENTITY, "trials", "minutes", "out"))):
        raise CourseError(f"With --join the chief decides on {given[0]}: leave it out here.")
    if args.best and args.resume:
        raise CourseError("--best goes on by itself where it was stopped: leave out --resume.")
    if args.best and serve:
        raise CourseError("--best trains here alone: leave out --serve.")
    from fercourse.classifiers.quiet import quietly

    with quietly():
        from fercourse.training import tuning
    if chief:
        return _join(args, chief)
    tuning.space_of(args.network or "baseline")
    return _best(args) if args.best else _search(args, serve)


_IDENTITY = ("network", "method", "epochs", "seed", "classes")
"""What a search is and stays; --resume takes from the search what is not said again."""

_USUAL = {"network": "baseline", "method": "hyperband", "epochs": 12, "seed": 0, "classes": 7}


def _search(args: argparse.Namespace, serve: "Address | None") -> int:
    from fercourse.training.tuning import forget, search_in, tune
    from fercourse.workspace import alone_at

    folder = _folder(args)
    if args.anew:
        with alone_at(folder):
            forget(folder)
    found = search_in(folder)
    if args.resume and found is None:
        raise CourseError(f"There is no search in {folder} to go on with. Begin one: {_again([])}.")
    kept = found if found and args.resume else {}
    chosen = {
        name: kept.get(name, usual) if (given := getattr(args, name)) is None else given
        for name, usual in _USUAL.items()
    }
    limit = kept.get("limit") if args.limit is None else args.limit
    trials = kept.get("trials") if args.trials is None else args.trials
    faces = training_faces(args.data, chosen.pop("classes"), limit)
    print(f"Tuning {chosen['network']} with {chosen['method']} on {faces.source}.", flush=True)
    if serve:
        print(
            f"Waiting for workers at {serve}. On each machine, with the same faces:\n"
            f"  python3 course.py tune --join {serve}\n"
            "Nothing is encrypted, and whoever reaches this address can take part.",
            flush=True,
        )
    try:
        with progress() as report:
            table = tune(
                faces,
                folder,
                **chosen,
                limit=limit,
                trials=trials,
                minutes=args.minutes,
                resume=args.resume,
                serve=serve,
                patience=args.patience,
                report=report,
            )
    except KeyboardInterrupt:
        if search_in(folder):
            print(f"\nStopped. Go on: {_again(_words_to_resume(args))}", file=sys.stderr)
        raise
    _conclude(table, folder, args)
    return 0


def _join(args: argparse.Namespace, chief: "Address") -> int:
    from fercourse.training.tuning import join

    def load(identity: dict[str, Any]) -> "FaceSet":
        limit = identity.get("limit") if args.limit is None else args.limit
        faces = training_faces(args.data, int(identity.get("classes", 7)), limit)
        print(f"Working for the search at {chief}, on {faces.source}.", flush=True)
        return faces

    with progress() as report:
        number = join(chief, load, report=report)
    print(f"The search has nothing left to try. Trials worked on here: {number}.")
    return 0


def _best(args: argparse.Namespace) -> int:
    from fercourse.training.tuning import best_of, require_trainable, train_best

    folder = _folder(args)
    best = best_of(folder)
    search = best["search"]
    limit = search.get("limit") if args.limit is None else args.limit
    faces = training_faces(args.data, int(search["classes"]), limit)
    require_trainable(folder, faces, limit=limit, anew=args.anew)
    epochs = args.epochs or int(best["epochs"])
    print(
        f"Training {search['network']} for {epochs_in_words(epochs)} on {faces.source} with trial "
        f"{best['trial']}'s setting, which got {percent(best['accuracy'])} in {best['epochs']}"
        f"{_searched_on(search, limit)}.",
        flush=True,
    )
    try:
        with bar() as show:
            path, accuracy = train_best(
                folder, faces, epochs=epochs, limit=limit, anew=args.anew, report=show
            )
    except KeyboardInterrupt:
        words = [*_words_to_resume(args, "--best"), "--epochs", str(epochs)]
        words += [] if args.limit is None else ["--limit", str(args.limit)]
        words += ["--anew"] if args.anew else []
        say_stopped([folder / f"best-{epochs}.checkpoint"], _again(words))
        raise
    print(f"Accuracy on the validation part: {percent(accuracy)}.")
    print(f"Written: {path}. Next: {_again([], 'evaluate')} {shlex.quote(str(path))}")
    return 0


def _searched_on(search: dict[str, Any], limit: int | None) -> str:
    """Return how many faces a search had, where another number is learned from now."""
    if (searched := search.get("limit")) == limit:
        return ""
    return " on all faces" if searched is None else f" on {searched:,} faces at most"


def _require_sensible(args: argparse.Namespace) -> None:
    require_at_least_one(args, "trials", "epochs", "limit")
    if args.minutes is not None and not 0 < args.minutes < 1e6:
        raise CourseError(f"--minutes must be more than 0, not {args.minutes:g}.")
    if args.seed is not None and args.seed < 0:
        raise CourseError(f"--seed must be 0 or more, not {args.seed}.")
    if not args.patience >= 10:
        raise CourseError(
            f"--patience must be at least 10 seconds, not {args.patience:g}: workers say every 5 "
            "that they are there."
        )


def _roles(args: argparse.Namespace) -> "tuple[Address | None, Address | None]":
    """Return where to lead a search and where to work for one, one or both of them None."""
    import os

    if args.serve:
        return _address(args.serve, "--serve", "127.0.0.1"), None
    if args.join:
        return None, _address(args.join, "--join", None)
    names = ("KERASTUNER_ORACLE_IP", "KERASTUNER_ORACLE_PORT", "KERASTUNER_TUNER_ID")
    host, port, name = (os.environ.get(key) for key in names)
    if not host:
        return None, None
    if not port or not name:
        raise CourseError(
            f"{names[0]} is set, so {names[1]} and {names[2]} must be set too; or unset it to "
            "search on this machine alone."
        )
    address = _address(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", names[0], None)
    return (address, None) if "chief" in name else (None, address)


def _address(text: str, option: str, usual: str | None) -> "Address":
    from fercourse.training.tuning_address import Address

    found = re.fullmatch(r"(?:(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\s]+)):)?(?P<port>\d{1,5})", text)
    host = (found["six"] or found["host"] or usual) if found else None
    if not found or not host or not 1 <= int(found["port"]) <= 65535:
        example = "[HOST:]PORT" if usual else "HOST:PORT"
        raise CourseError(
            f"{option} wants {example}, such as 192.168.1.5:8900, with a port from 1 to 65535; "
            f"not {text!r}."
        )
    return Address(host, int(found["port"]))


def _named(args: argparse.Namespace, names: tuple[str, ...]) -> list[str]:
    """Return which options were given."""
    given = [name for name in names if getattr(args, name) is not None]
    flags = [name for name in ("resume", "anew", "best") if getattr(args, name)]
    return [name if name == "network" else f"--{name}" for name in (*given, *flags)]


def _folder(args: argparse.Namespace) -> Path:
    from fercourse.workspace import absolute, data_folder

    if args.out:
        folder = absolute(args.out)
        if folder.exists() and not folder.is_dir():
            raise CourseError(f"--out wants a folder, and {folder} is a file. Choose another.")
        return folder
    return data_folder() / "tuning" / (args.network or "baseline")


def _again(words: list[str], verb: str = "tune") -> str:
    return shlex.join(["python3", "course.py", verb, *words])


def _words_to_resume(args: argparse.Namespace, flag: str = "--resume") -> list[str]:
    """Return what must be said again to go on: the search knows the rest itself."""
    words = [args.network] if args.network else []
    for name in ("data", "out") + (("serve",) if flag == "--resume" else ()):
        if (value := getattr(args, name)) is not None:
            words += [f"--{name}", str(value)]
    return [*words, flag]


def _conclude(table: "pd.DataFrame", folder: Path, args: argparse.Namespace) -> None:
    completed = table[table["state"] == "completed"]
    if not len(completed):
        print("No trial was completed in this time. Go on:", _again(_words_to_resume(args)))
        return
    print_table(completed.head(_SHOWN))
    first = completed[completed["trial"] == 1]
    if len(first):
        usual = first.iloc[0]
        print(
            f"The usual settings (trial 1) got {percent(usual['accuracy'])} in "
            f"{epochs_in_words(usual['epochs'])}."
        )
    print(
        f"Accuracy is on the validation part, on which the best was chosen, so expect a little "
        f"less elsewhere.\nWritten: {folder / 'results.csv'} and parallel_coordinates.png beside "
        "it."
    )
    if (table["state"] == "open").any() or args.minutes:
        print(f"Go on: {_again(_words_to_resume(args))}")
    words = _words_to_resume(args, "--best")
    print(f"Train with the best setting: {_again([*words, '--epochs', '40'])}")
