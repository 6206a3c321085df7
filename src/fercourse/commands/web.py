"""``course.py web``: a page in the browser that labels faces in photographs and webcams."""

import argparse
import errno
import os
import socket
import webbrowser
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from fercourse.commands._live import PRIVACY, add_reading, parts_of, tell
from fercourse.commands._page import add_page
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from fercourse.commands._page import Pages

_HERE = ("127.0.0.1", "localhost", "::1")
_FIRST_PORT = 7860

_DESCRIPTION = f"""\
Open a page in the browser with two tabs: a photograph, dropped in, and the webcam.

The first time, what serves the page is fetched: some 30 packages, about a minute. From then on
it needs no network. The page is served by this machine to this machine: no font, script or
statistics come from or go elsewhere. Frames of the webcam are read in memory; a photograph that is
dropped in lies in a temporary folder for a minute or two.

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
    parser.add_argument(
        "--host", default="127.0.0.1", help="who may reach it (default: this machine alone)"
    )
    parser.add_argument(
        "--port", type=int, metavar="N", help="default: 7860, or the next one that is free"
    )
    parser.add_argument("--no-browser", action="store_true", help="open no browser")
    parser.set_defaults(run=run, extras=("web",))


def run(args: argparse.Namespace) -> int:
    """Serve the page until somebody stops it."""
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    choice, classifier = parts_of(args)
    from fercourse.live.reader import FaceReader

    def new_reader() -> FaceReader:
        return FaceReader(choice.detector, classifier, most_faces=args.max_faces)

    tell(PRIVACY)
    with _listening(args.host, args.port) as listening, TemporaryDirectory() as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads
        from fercourse.live.web import application

        app = application(
            new_reader,
            privacy=PRIVACY,
            detector=choice.detector.name,
            landmarks=args.landmarks,
            **({} if args.host in _HERE else {"hosts": ["*"]}),
        )
        _serve(app, listening, args)
    return 0


def _serve(app: "FastAPI", listening: socket.socket, args: argparse.Namespace) -> None:
    """Answer until somebody presses Ctrl-C."""
    import uvicorn

    host = f"[{args.host}]" if ":" in args.host else args.host
    address = f"http://{host}:{listening.getsockname()[1]}"
    print(f"The page is at {address}. Stop it with Ctrl-C.", flush=True)
    if args.host not in _HERE:
        tell("Whoever reaches this address can use the page; nothing is encrypted.")
    if not args.no_browser:
        webbrowser.open(address)
    settings = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
    uvicorn.Server(settings).run(sockets=[listening])


def _listening(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens at the port asked for, or at the first free one.

    Raises:
        CourseError: the address is no machine's, or the port is taken.
    """
    wanted = range(_FIRST_PORT, _FIRST_PORT + 100) if port is None else [port]
    for number in wanted:
        try:
            family = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0][0]
            return socket.create_server((host, number), family=family)
        except OSError as error:
            reason = error.strerror or str(error)
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise CourseError(f"{host} is no address of this machine ({reason}).") from error
    raise CourseError(
        f"Port {wanted[0]} cannot be used ({reason}). Choose another with --port, or leave it out."
    )
