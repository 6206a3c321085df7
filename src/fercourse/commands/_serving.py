"""What the commands that serve a page in the browser have in common."""

import argparse
import errno
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from fercourse.commands._live import tell
from fercourse.commands._page import port_number
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from fercourse.gradio_page import Page

SERVED = """\
The first time, what serves the page is fetched: some 30 packages, about a minute. From then on
it needs no network. The page is served by this machine to this machine: no font, script or
statistics come from or go elsewhere."""
"""What a command that serves a page says of that in its ``--help``."""

_HERE = ("127.0.0.1", "localhost", "::1")
_FIRST_PORT = 7860


def add_serving(parser: argparse.ArgumentParser) -> None:
    """Add the options for where a page is served."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="who may reach it (default: this machine alone)"
    )
    parser.add_argument(
        "--port", type=port_number, metavar="N", help="default: 7860, or the next one that is free"
    )
    parser.add_argument("--no-browser", action="store_true", help="open no browser")


def serve(args: argparse.Namespace, page: "Callable[[], Page]") -> None:
    """Serve a page until somebody presses Ctrl-C.

    Args:
        args: has the options of ``add_serving``.
        page: makes the page; it is called, and Gradio imported, when the address is known to be
            free and the folder for what visitors drop in is there.

    Raises:
        CourseError: the address is no machine's, or the port is taken.
    """
    with listening(args.host, args.port) as socket_, TemporaryDirectory() as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads
        from fercourse.gradio_page import HERE, application

        app = application(page(), HERE if args.host in _HERE else ("*",))
        _answer(app, socket_, args)


def _answer(app: "FastAPI", listening: socket.socket, args: argparse.Namespace) -> None:
    """Answer until somebody presses Ctrl-C."""
    import uvicorn

    settings = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
    server: Any = uvicorn.Server(settings)
    begin = server.startup

    async def begin_and_tell(*given: Any, **named: Any) -> None:
        await begin(*given, **named)
        _tell_address(listening.getsockname()[1], args)

    # Told earlier, somebody could press Ctrl-C before the server listens to that.
    server.startup = begin_and_tell
    server.run(sockets=[listening])


def _tell_address(port: int, args: argparse.Namespace) -> None:
    """Say where the page is, and open it."""
    host = f"[{args.host}]" if ":" in args.host else args.host
    address = f"http://{host}:{port}"
    print(f"The page is at {address}. Stop it with Ctrl-C.", flush=True)
    if args.host not in _HERE:
        tell("Whoever reaches this address can use the page; nothing is encrypted.")
    if not args.no_browser:
        # With a browser in the terminal this lasts until it is closed.
        threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()


def listening(host: str, port: int | None) -> socket.socket:
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
