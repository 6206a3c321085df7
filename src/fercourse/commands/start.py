"""``course.py start``: make everything ready and open the course in JupyterLab."""

import argparse
import errno
import os
import socket
import sys
from typing import TYPE_CHECKING, Any

from fercourse.commands._page import add_page, port_number
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages

_DESCRIPTION = """\
Make everything ready and open the course in JupyterLab.

The first time this makes the environment (.venv, about 2.6 GB) and prepares the faces: FER2013
if `course.py data use` has named it, faces drawn by the course otherwise. From then on it is
ready in a few seconds and needs no network. The address that it prints holds a token, which is
the key to your notebooks: keep it to yourself. Ctrl-C ends it; save your notebooks before.
"""

_EPILOG = """\
examples:
  python3 course.py start                 open the course in your browser
  python3 course.py start --no-browser    print the address only (a remote machine, say)
  python3 course.py start --port 9000     serve on this port or not at all

files:
  .venv/                   the environment, made from requirements.lock; safe to delete
  data/cache/              prepared faces and logs; safe to delete
  data/jupyter/            what you set in JupyterLab while on the course
  lessons/contents.ipynb   the page that opens

  Your own Jupyter settings (in your home folder) are neither used nor changed.

exit codes:
  0  served, and ended by you
  2  could not start; the sentence says what to do
  130  stopped before it served
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "make everything ready and open the course in JupyterLab"
    parser = add_page(verbs, "start", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address, open no browser"
    )
    parser.add_argument(
        "--port",
        type=port_number,
        help="serve on this port; without it the first free one from 8888 on is taken",
    )
    parser.add_argument(
        "--allow-root",
        action="store_true",
        help="as root only: serve without being told what that means",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prepare the faces if need be, then serve JupyterLab until it is ended."""
    as_root = _look_at_root(meant=args.allow_root)
    if args.port is not None:
        _require_free(args.port)
    from fercourse.environment.system import require_opencv_libraries

    require_opencv_libraries()
    from fercourse import dataset

    if not dataset.is_prepared():
        dataset.prepare()
    print("Starting JupyterLab ...", flush=True)
    from fercourse.lab.server import serve

    return serve(port=args.port, browser=not args.no_browser, allow_root=as_root)


def _is_root() -> bool:
    # Windows has no such function, and no root.
    effective_user: Any = getattr(os, "geteuid", lambda: None)
    return bool(effective_user() == 0)


def _look_at_root(*, meant: bool) -> bool:
    """Return whether root serves; tell root what that means unless it was meant."""
    root = _is_root()
    if meant and not root:
        raise CourseError("--allow-root is for root only, and you are not. Leave it out.")
    if root and not meant:
        print(
            "You are root: whoever has the address below can change the whole machine. Better run "
            "this as an ordinary user; in a container, --allow-root says that it is meant.",
            flush=True,
        )
    return root


def _require_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in (errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)):
                reason = f"port {port} is reserved for the system"
            else:
                reason = f"port {port} is in use, perhaps by a JupyterLab that still runs"
            raise CourseError(
                f"{reason}. Choose another (--port {9000 if port != 9000 else 9001}), or leave "
                "--port out and the next free one is taken."
            ) from error
