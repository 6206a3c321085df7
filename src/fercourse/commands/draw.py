"""``course.py draw``: draw people in pictures and videos, and contact sheets of faces."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fercourse.commands._page import add_actions, add_page
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages

_DESCRIPTION = """\
Draw a picture or a video of several people in a room, with the truth beside it, or contact
sheets of what can be drawn: every action unit, and the seven emotions on eight people.

Nobody on them exists. Which person is where and shows what is known for every frame, so they
are what the live programs are tried on: a camera for those who have none.
"""

_EPILOG = """\
examples:
  python3 course.py draw scene party.png --people 6
  python3 course.py draw scene two.png --people 2 --emotions Happy Angry
  python3 course.py draw video four.mp4 --people 4 --seconds 10
  python3 course.py draw video camera.y4m --width 640 --height 360   a browser's fake camera
  python3 course.py draw sheets docs/images

files:
  NAME.png, NAME.jpg             a picture
  NAME.mp4, .avi, .mkv           a video
  NAME.y4m, NAME.mjpeg           a video that Chromium takes for a camera
                                 (--use-file-for-fake-video-capture=NAME.y4m)
  drawn_action_units.png         a contact sheet: action units by FACS's grades
  drawn_emotions.png             a contact sheet: emotions by people
  NAME.csv, NAME.json            the truth: one row for each person (in each frame)

exit codes:
  0  done
  2  something you can mend; the sentence says what, and nothing was written
"""

_SCENE = """\
Draw a picture of several people, and write beside it who is where and shows what.
"""

_VIDEO = """\
Draw a video of several people who drift, turn their heads, show emotions and blink, and write
beside it, for every frame, who is where and shows what.

The truth has a row for each person in each frame: frame, seconds, id; left, top, width, height
of the face in pixels, also where it lies outside the frame; visible (1 where at least half of
the face is in the frame); emotion (Neutral while the expression is below 0.15), intensity, the
action units, each 0 to 1; yaw, pitch and roll in degrees; and five landmarks.
"""

_SHEETS = """\
Draw two contact sheets into a folder: drawn_action_units.png, each action unit alone at rest and
at FACS's grades A to E, and drawn_emotions.png, the seven emotions on eight people.
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "draw people in pictures and videos, and contact sheets of faces"
    parser = add_page(verbs, "draw", summary, _DESCRIPTION, _EPILOG)
    add = add_actions(parser, "draw", run)

    def add_people(name: str, summary: str, text: str, action: Any) -> argparse.ArgumentParser:
        page = add(name, summary, text, action)
        page.add_argument("path", metavar="PATH", type=Path, help="the file to write")
        page.add_argument("--people", type=int, default=4, help="how many (default: 4)")
        page.add_argument("--width", type=int, default=1280, help="in pixels (default: 1280)")
        page.add_argument("--height", type=int, default=720, help="in pixels (default: 720)")
        page.add_argument("--face-height", type=float, help="of each face, in pixels")
        page.add_argument("--seed", type=int, default=0, help="who, and what they do (default: 0)")
        page.add_argument(
            "--truth",
            choices=("csv", "json", "both"),
            default="csv",
            help="write the truth as (default: csv)",
        )
        return page

    scene = add_people("scene", "draw a picture", _SCENE, _scene)
    scene.add_argument(
        "--emotions", nargs="+", metavar="EMOTION", help="what each person shows, such as Happy"
    )
    video = add_people("video", "draw a video", _VIDEO, _video)
    video.add_argument("--seconds", type=float, default=10.0, help="length (default: 10)")
    video.add_argument("--fps", type=float, default=25.0, help="frames a second (default: 25)")
    video.add_argument("--leaving", action="store_true", help="one person walks out and comes back")
    sheets = add("sheets", "draw contact sheets of what can be drawn", _SHEETS, _sheets)
    sheets.add_argument("folder", metavar="FOLDER", type=Path, help="where to write them")


def run(args: argparse.Namespace) -> int:
    """Do what the person chose."""
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    args.action(args)
    return 0


def _scene(args: argparse.Namespace) -> None:
    import cv2

    from fercourse.drawn import scene
    from fercourse.drawn.truth import keep_other_tables, truth_paths, write_truth
    from fercourse.workspace import write_atomically

    suffix = args.path.suffix.lower()
    if suffix not in (".png", ".jpg", ".jpeg"):
        raise CourseError(f"{args.path.name} must end in .png or .jpg.")
    keep_other_tables(truth_paths(args.path, args.truth))
    drawn = scene(args.people, args.width, args.height, args.seed, args.emotions, args.face_height)
    write_atomically(args.path, cv2.imencode(suffix, drawn.frame)[1].tobytes())
    try:
        written = write_truth(args.path, [drawn.truth], args.truth, args.width, args.height)
    except CourseError:
        # As with a video: a picture without its truth is of no use, and the disk may be full.
        for path in (args.path, *truth_paths(args.path, args.truth)):
            if path.is_file():
                path.unlink()
        raise
    _tell(args.path, *written)


def _video(args: argparse.Namespace) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from fercourse.drawn import video
    from fercourse.drawn.truth import keep_other_tables, truth_paths

    keep_other_tables(truth_paths(args.path, args.truth))
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Drawing", total=None)
        video(
            args.path,
            people=args.people,
            seconds=args.seconds,
            fps=args.fps,
            width=args.width,
            height=args.height,
            seed=args.seed,
            face_height=args.face_height,
            leaving=args.leaving,
            truth=args.truth,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    _tell(args.path, *truth_paths(args.path, args.truth))


def _sheets(args: argparse.Namespace) -> None:
    import io

    from fercourse.drawn.sheets import action_unit_sheet, emotion_sheet
    from fercourse.plots import contact_sheet
    from fercourse.workspace import write_atomically

    for name, make in (("action_units", action_unit_sheet), ("emotions", emotion_sheet)):
        sheet = make()
        figure = contact_sheet(
            sheet.images,
            row_titles=sheet.row_titles,
            column_titles=sheet.column_titles,
            title=sheet.title,
        )
        content = io.BytesIO()
        figure.savefig(content, format="png", dpi=110)
        path = args.folder / f"drawn_{name}.png"
        write_atomically(path, content.getvalue())
        _tell(path)


def _tell(*paths: Path) -> None:
    from rich.filesize import decimal

    for path in paths:
        print(f"{path}: {decimal(path.stat().st_size)}")
