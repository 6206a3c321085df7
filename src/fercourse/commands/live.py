"""``course.py live``: labelled faces from a camera, a video, photographs or a stream."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fercourse.commands._live import PRIVACY, add_reading, parts_of, reader_of, tell
from fercourse.commands._page import add_page
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.live.session import Done, Screen, Session
    from fercourse.live.sources import Source

_DESCRIPTION = f"""\
Find the faces of a camera, a video, a folder of photographs or a stream, name the expression of
each, and show it.

All faces of a frame are named at once. Each person keeps a number while in view; labels are
averaged over the last moment and change only with reason; "not sure" stands where none is clear.
Of a camera or a stream the newest frame comes first: a slow machine shows fewer frames and never
late ones. Of a file every frame is read, also where the file lies behind an address.

{PRIVACY}
"""

_EPILOG = """\
keys in the window:
  q quit   space pause   s snapshot   r record   m mirror   b bars   h help
  of photographs space shows the next

examples:
  python3 course.py live                                          the first camera
  python3 course.py live --source party.mp4 --output named.mp4 --table faces.csv
  python3 course.py live --source rtsp://192.168.1.20/stream
  python3 course.py live --learn Ada                              70 seconds, then
  python3 course.py live --profile Ada
  python3 course.py draw video four.mp4 && python3 course.py live --source four.mp4

files, only where asked for:
  --output FILE   .mp4, .m4v, .mov, .mkv: an annotated copy without sound
  --table FILE    .csv or .jsonl: a row for each face of each frame, with time, number, box, label
                  and probabilities
  data/profiles/PERSON.json       what --learn learned: numbers, no picture
  snapshot_N.png, recording_N.mp4   in the folder you are in, by the keys s and r; r begins and
                                    ends a recording of its own, also beside --output

environment variables:
  FERCOURSE_MODELS   the folder with YuNet's file, see course.py models

exit codes:
  0  done
  2  something you can mend; the sentence says what
  130  you stopped it, by Ctrl-C, kill or closing its terminal; what was written until then can be
       read, as NAME.part.mp4 or NAME.part.csv where an older file has the name
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "name the expressions of many faces, live: camera, video, photographs"
    parser = add_page(verbs, "live", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "--source",
        default="0",
        metavar="SOURCE",
        help="a camera's number, a video, a folder of photographs, an address (default: 0)",
    )
    add_reading(parser)
    parser.add_argument("--output", type=Path, metavar="FILE", help="write an annotated video")
    parser.add_argument("--table", type=Path, metavar="FILE", help="write a row for each face")
    parser.add_argument("--headless", action="store_true", help="show no window")
    parser.add_argument(
        "--learn", metavar="PERSON", help="ask PERSON for each expression, and keep a profile"
    )
    parser.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help="with --learn: keep the pictures, too"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the source to its end, or until somebody quits."""
    from fercourse.environment.stopping import interruptible
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    _check_files(args)
    if args.learn is None and args.pictures:
        raise CourseError("--pictures keeps what --learn sees: name a person with --learn.")
    with interruptible():
        return _read(args) if args.learn is None else _learn(args)


def _read(args: argparse.Namespace) -> int:
    """Read the source, show it, and write what was asked for."""
    reader = reader_of(args)
    from fercourse.live.overlay import Look
    from fercourse.live.session import Session
    from fercourse.live.sources import CameraSource, open_source

    tell(PRIVACY)
    source = open_source(args.source, tell)
    if args.output and source.photographs:
        raise CourseError(
            "--output makes a video. For annotated copies of photographs: "
            "python3 course.py photo PICTURE…"
        )
    screen = _screen(args, source, "Name a file to write: --output FILE or --table FILE.")
    with _progress(source, screen is not None) as progress:
        session = Session(
            source,
            reader,
            tell,
            screen=screen,
            video=args.output,
            table=args.table,
            look=Look(landmarks=args.landmarks),
            mirror=isinstance(source, CameraSource) and "://" not in args.source,
            progress=progress,
        )
        try:
            done = session.run()
        except BaseException:
            with suppress(OSError):  # the terminal may be gone
                _tell_written(session)
            raise
        _tell_written(session)
    _conclude(done, source)
    return 0


def _learn(args: argparse.Namespace) -> int:
    """Ask a person for expressions, fit a head, and say whether it helps."""
    from fercourse.live.learning import Schedule, collect, keep_pictures
    from fercourse.live.personal import earlier_help, learn, network_in, require_name, write_profile
    from fercourse.live.sources import open_source
    from fercourse.workspace import absolute

    person = require_name(args.learn)
    if args.output or args.table or args.profile:
        raise CourseError("With --learn leave --output, --table and --profile out.")
    choice, classifier = parts_of(args)
    network = network_in(classifier)
    tell(PRIVACY)
    source = open_source(args.source, tell)
    if source.photographs:
        raise CourseError("--learn needs a camera, or a video of somebody who does as asked.")
    screen = _screen(args, source, "--learn asks for expressions in a window.")
    schedule = Schedule(len(network.classes))
    tell(
        f"In {schedule.seconds:.0f} seconds each expression is asked for {schedule.rounds} times. "
        "Show it as you would, clearly; what it learns holds for you and this camera's light."
    )
    try:
        seen = collect(
            source, choice.detector, network.classes, tell, screen=screen, schedule=schedule
        )
    finally:
        if screen:
            screen.close()
    if args.pictures:
        keep_pictures(seen, network.classes, absolute(args.pictures))
        print(f"Pictures: {absolute(args.pictures)}")
    profile = learn(network, seen, person)
    print(
        f"Learned from {profile.frames[0]:,} frames. On {profile.frames[1]:,} of the last round, "
        f"which it did not learn from, {profile.before:.0%} were right without the profile and "
        f"{profile.after:.0%} with it."
    )
    if not profile.helps and (earlier := earlier_help(person)):
        print(
            f"It does not help, so your earlier profile is kept: {earlier.before:.0%} were right "
            f"without that and {earlier.after:.0%} with it."
        )
        return 0
    print(f"Written: {write_profile(profile)}")
    if profile.helps:
        print(f"Use it: python3 course.py live --profile {person!r}")
    else:
        print("It does not help, so it will not be used. Try again, in even light.")
    return 0


def _check_files(args: argparse.Namespace) -> None:
    """Refuse names of files that could not be written in the end, before anything is read."""
    from fercourse.live.recording import TABLES, VIDEOS, check_suffix
    from fercourse.workspace import absolute, require_writable

    for name, known in (("output", VIDEOS), ("table", TABLES)):
        if (path := getattr(args, name)) is None:
            continue
        setattr(args, name, path := absolute(path))
        check_suffix(path, known)
        if "://" not in args.source and path == absolute(args.source):
            raise CourseError(f"--{name} would write over the source {path}. Name another file.")
        require_writable(path.parent)
        if path.is_dir():
            raise CourseError(f"--{name} wants a file, and {path} is a folder. Name another.")


def _screen(args: argparse.Namespace, source: "Source", instead: str) -> "Screen | None":
    """Return a window, or None where none is wanted or possible.

    Raises:
        CourseError: none is possible, and a camera would be read for nothing; ``instead`` is
            added to why.
    """
    if args.headless:
        return None
    from fercourse.live.window import Window, missing_display

    if why := missing_display():
        if source.live and not (args.output or args.table):
            raise CourseError(f"{why} {instead}")
        tell(why)
        return None
    return Window(f"fercourse: {source.title}")


@contextmanager
def _progress(source: "Source", shown: bool) -> Iterator[Callable[[int], None] | None]:
    """Yield what shows how far a file is, where no window does and a terminal can."""
    if shown or source.live or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeLeft())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("photographs" if source.photographs else "frames", total=source.frames)
        yield lambda number: bar.update(task, completed=number)


def _conclude(done: "Done", source: "Source") -> None:
    from fercourse.live.overlay import counted

    middle, late = done.milliseconds
    kind = "photograph" if source.photographs else "frame"
    numbers = fleeting = ""
    if done.people and not source.photographs:
        numbers = f" under {counted(done.people, 'number')}"
    if done.fleeting:
        fleeting = f" Seen in one or two frames only: {counted(done.fleeting, 'number')}."
    print(
        f"{counted(done.frames, kind)} in {done.seconds:.1f} s with "
        f"{counted(done.faces, 'face')}{numbers}.{fleeting} "
        f"From a frame to its labels: {middle:.1f} ms, 95 of 100 within {late:.1f} ms."
    )


def _tell_written(session: "Session") -> None:
    for sentence in session.written:
        print(sentence, flush=True)
