"""``course.py leaderboard``: the course's models beside published figures, with protocols."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fercourse.commands._page import add_page
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages
    from fercourse.evaluation.leaderboard import Group

_DESCRIPTION = """\
Show the course's models beside published figures on FER2013, each with its protocol: the split it
reports, what it was chosen on, other data it learned from, input size, averaging at test time, the
number of networks.

Figures stand together only where they can be compared. One whose own code chose on the split it
reports is flagged, with a sentence why. Ours are read from the cards of shipped models, which
`course.py evaluate` made.
"""

_EPILOG = """\
examples:
  python3 course.py leaderboard                       on the terminal; ours have a star
  python3 course.py leaderboard --html board.html     as a page, with sources and all columns
  python3 course.py leaderboard --json                for a program
  python3 course.py leaderboard --markdown docs/models.md
                                                      the course's own models, for the documents

files:
  data/models/*/card.json                          our networks
  benchmarks/results/classical_fer2013.json        our classical models
  src/fercourse/evaluation/published.toml          others' figures, each with its source

exit codes:
  0  done
  2  something you can mend; the sentence says what
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "show the course's models beside published figures"
    parser = add_page(verbs, "leaderboard", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument("--json", action="store_true", help="print JSON for a program to read")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page")
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write the table of the course's own models"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the leaderboard, or write it as a page."""
    from fercourse.evaluation.leaderboard import leaderboard
    from fercourse.evaluation.leaderboard_page import as_json, leaderboard_page, models_table
    from fercourse.workspace import repository_root

    groups = leaderboard(repository_root())
    if args.html:
        _write(args.html, leaderboard_page(groups))
    if args.markdown:
        _write(args.markdown, models_table(groups).encode(errors="replace"))
    if args.json:
        print(json.dumps(as_json(groups), indent=1, ensure_ascii=False, allow_nan=False))
    elif not (args.html or args.markdown):
        _show(groups)
    return 0


def _write(file: Path, content: bytes) -> None:
    from fercourse.workspace import absolute, write_atomically

    path = absolute(file)
    if path.is_dir() or str(file).endswith(("/", "\\")):
        raise CourseError(f"{path} is a folder. Name a file, such as leaderboard.html.")
    write_atomically(path, content)
    print(f"Written: open {path}.", file=sys.stderr)


def _show(groups: "list[Group]") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from fercourse.evaluation.leaderboard_page import INTRODUCTION, remarks, short_cells

    _print(Text(INTRODUCTION))
    for group in groups:
        _print("")
        _print(Text(group.title, style="bold"))
        _print(Text(group.remark, style="dim"))
        table = Table("model", "accuracy", "95 % interval", "protocol", box=box.SIMPLE_HEAD)
        table.columns[1].justify = table.columns[2].justify = "right"
        table.columns[1].no_wrap = True
        for row in group.rows:
            table.add_row(*map(Text, short_cells(row)))
        _print(table)
        for row in group.rows:
            for remark in remarks(row):
                _print(Text(f"  {row.name}: {remark}", style="yellow" if row.flag else "dim"))


def _print(what: Any) -> None:
    """Print a table, or a text as it is."""
    from rich.console import Console

    Console(highlight=False, markup=False, soft_wrap=isinstance(what, str)).print(what)
