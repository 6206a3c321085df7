"""``course.py web``: a page in the browser that labels faces in photographs and webcams."""

import argparse
from typing import TYPE_CHECKING

from fercourse.commands._live import PRIVACY, add_reading, parts_of, tell
from fercourse.commands._page import add_page
from fercourse.commands._serving import SERVED, add_serving, serve

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.gradio_page import Page

_DESCRIPTION = f"""\
Open a page in the browser with two tabs: a photograph, dropped in, and the webcam.

{SERVED}
Frames of the webcam are read in memory; a photograph that is dropped in lies in a temporary folder
for a minute or two.

{PRIVACY}
"""

_EPILOG = """\
examples:
  python3 course.py web
  python3 course.py web --model drawn --port 8000
  python3 course.py web --host 0.0.0.0           other machines of your network may use it, too

Browsers let a page use the webcam only where it comes from this machine (http://127.0.0.1) or over
https: for others, put a server with a certificate in front.

environment variables:
  FERCOURSE_MODELS   the folder with YuNet's file, see course.py models

exit codes:
  0, 130  you stopped it with Ctrl-C
  2       something you can mend; the sentence says what
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "name expressions on a page in the browser: photographs and webcam"
    parser = add_page(verbs, "web", summary, _DESCRIPTION, _EPILOG)
    add_reading(parser)
    add_serving(parser)
    parser.set_defaults(run=run, extras=("web",))


def run(args: argparse.Namespace) -> int:
    """Serve the page until somebody stops it."""
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    choice, classifier = parts_of(args)
    from fercourse.live.reader import FaceReader

    def new_reader() -> FaceReader:
        return FaceReader(choice.detector, classifier, most_faces=args.max_faces)

    def page() -> "Page":
        from fercourse.live.web import page

        return page(
            new_reader, privacy=PRIVACY, detector=choice.detector.name, landmarks=args.landmarks
        )

    tell(PRIVACY)
    serve(args, page)
    return 0
