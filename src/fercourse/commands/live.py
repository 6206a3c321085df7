"""``course.py live``: labelled faces from a camera, a video, photographs or a stream."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fercourse.commands._live import PRIVACY, add_reading, reader_of, tell
from fercourse.commands._page import add_page
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.live.session import Done, Screen
    from fercourse.live.sources import Source

_DESCRIPTION = f"""\
Find the faces of a camera, a video, a folder of photographs or a stream, name the expression of
each, and show it.

All faces of a frame are named at once. Each person keeps a number while in view; labels are
averaged over the last moment and change only with reason; "not sure" stands where none is clear.
Of a camera or a stream the newest frame comes first: a slow machine shows fewer frames and never
late ones. Of a file every frame is read.

{PRIVACY}
"""

_EPILOG = """\
keys in the window:
  q quit   space pause   s snapshot   r record   m mirror   b bars   h help

examples:
  python3 course.py live                                          the first camera
  python3 course.py live --source party.mp4 --output named.mp4 --table faces.csv
  python3 course.py live --source rtsp://192.168.1.20/stream
  python3 course.py draw video four.mp4 && python3 course.py live --source four.mp4

files, only where asked for:
  --output FILE   .mp4, .m4v, .mov, .mkv: an annotated copy without sound
  --table FILE    .csv or .jsonl: a row for each face of each frame, with time, number, box, label
                  and probabilities
  snapshot_N.png, recording_N.mp4   in the folder you are in, by the keys s and r

environment variables:
  FERCOURSE_MODELS   the folder with YuNet's file, see course.py models

exit codes:
  0  done
  2  something you can mend; the sentence says what
  130  you stopped it; what was written until then is whole
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
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the source to its end, or until somebody quits."""
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    _check_files(args)
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
    screen = _screen(args, source)
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
        began = time.time()
        try:
            done = session.run()
        finally:
            _tell_written(args, began)
    _conclude(done, source)
    return 0


def _check_files(args: argparse.Namespace) -> None:
    """Refuse names of files that could not be written in the end, before anything is read."""
    from fercourse.live.recording import TABLES, VIDEOS, check_suffix
    from fercourse.workspace import absolute

    for name, known in (("output", VIDEOS), ("table", TABLES)):
        if (path := getattr(args, name)) is None:
            continue
        setattr(args, name, path := absolute(path))
        check_suffix(path, known)
        if "://" not in args.source and path == absolute(args.source):
            raise CourseError(f"--{name} would write over the source {path}. Name another file.")


def _screen(args: argparse.Namespace, source: "Source") -> "Screen | None":
    """Return a window, or None where none is wanted or possible."""
    if args.headless:
        return None
    from fercourse.live.window import Window, missing_display

    if why := missing_display():
        if source.live and not (args.output or args.table):
            raise CourseError(f"{why} Name a file to write: --output FILE or --table FILE.")
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
    middle, late = done.milliseconds
    kind = "photographs" if source.photographs else "frames"
    people = "" if source.photographs else f" of {done.people:,} persons"
    print(
        f"{done.frames:,} {kind} in {done.seconds:.1f} s with {done.faces:,} faces{people}. "
        f"From a frame to its labels: {middle:.1f} ms, 95 of 100 within {late:.1f} ms."
    )


def _tell_written(args: argparse.Namespace, since: float) -> None:
    """Name the files that there are now, also after an interruption."""
    for path in (args.output, args.table):
        if path and path.exists() and path.stat().st_mtime >= since - 2:
            print(f"Written: {path}")
