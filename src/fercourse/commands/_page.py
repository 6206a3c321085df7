"""How each verb and each of its actions describes itself to argparse."""

import argparse
from typing import TYPE_CHECKING, Any

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
    return pages.add_parser(
        name,
        help=summary,
        description=text,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_actions(parser: argparse.ArgumentParser) -> "Pages":
    """Let a verb have actions, one of which must be named."""
    return parser.add_subparsers(title="actions", metavar="ACTION", required=True)


def add_action(
    actions: "Pages", verb: str, defaults: dict[str, Any], name: str, summary: str, text: str
) -> argparse.ArgumentParser:
    """Add an action of a verb; its ``--help`` points to the verb's for examples and exit codes.

    Args:
        actions: what ``add_actions`` returned.
        verb: the word before it on the command line.
        defaults: as for ``set_defaults``.
        name: as for ``add_page``.
        summary: likewise.
        text: likewise.
    """
    page = add_page(actions, name, summary, text, f"See also: course.py {verb} --help")
    page.set_defaults(**defaults)
    return page


def add_data(parser: argparse.ArgumentParser) -> None:
    """Give a verb the option that names other faces than those in use."""
    parser.add_argument(
        "--data",
        metavar="PATH",
        help="FER2013 in any form that `data use` reads, or the word drawn (default: faces in use)",
    )
