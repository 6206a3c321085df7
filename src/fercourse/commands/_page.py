"""How each verb and each of its actions describes itself to argparse."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fercourse.errors import CourseError

if TYPE_CHECKING:
    Pages = argparse._SubParsersAction[argparse.ArgumentParser]


def add_page(
    pages: "Pages", name: str, summary: str, text: str, epilog: str
) -> argparse.ArgumentParser:
    """Add a verb or an action whose ``--help`` reads like a manual page.

    Args:
        pages: what ``add_subparsers`` returned.
        name: the word on the command line.
        summary: one line, for the list of its kind.
        text: what it does, as printed above the options.
        epilog: examples, files and exit codes, as printed below them.

    Returns:
        The parser, for options and ``set_defaults(run=...)``.
    """
    page = pages.add_parser(
        name,
        help=summary,
        description=text,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    page.set_defaults(page=page)
    return page


AddAction = Callable[[str, str, str, Any], argparse.ArgumentParser]
"""Takes an action's name, its summary, its text and what it calls; returns its parser."""


def add_actions(
    parser: argparse.ArgumentParser, verb: str, run: Callable[[argparse.Namespace], int]
) -> AddAction:
    """Let a verb have actions, one of which must be named, and return what adds one.

    Args:
        parser: the verb's.
        verb: the word on the command line; each action's ``--help`` points to the verb's for
            examples and exit codes.
        run: what the verb runs; it finds the action's function as ``args.action``.
    """
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    def add(name: str, summary: str, text: str, action: Any) -> argparse.ArgumentParser:
        page = add_page(actions, name, summary, text, f"See also: course.py {verb} --help")
        page.set_defaults(run=run, action=action)
        return page

    return add


def add_data(parser: argparse.ArgumentParser) -> None:
    """Give a verb the option that names other faces than those in use."""
    parser.add_argument(
        "--data",
        type=_data,
        metavar="PATH",
        help="FER2013 in any form that `data use` reads, or the word drawn (default: faces in use)",
    )


def port_number(text: str) -> int:
    """Return a port for argparse; a number that is none is said before anything is opened."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)


def _data(text: str) -> str:
    """Return what ``--data`` says; nothing at all would be read as the folder one stands in."""
    if not text.strip():
        raise CourseError(
            "--data is empty. Say where the faces are, or the word drawn, or leave it out."
        )
    return text
