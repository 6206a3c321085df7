"""Grades as a table for the screen and as CSV."""

import csv
import io

from rich.table import Table

from autograder.recording import Row

_HEAD = ["student", "assignment", "score", "of", "to grade by hand"]


def as_csv(rows: list[Row]) -> bytes:
    """Return grades as CSV, a row for each student and assignment and a column for each item.

    An item that a person still has to grade is left empty.

    Args:
        rows: the grades.
    """
    items = list(dict.fromkeys((row.assignment, name) for row in rows for name in row.items))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_HEAD, *(f"{assignment}/{name}" for assignment, name in items), "remarks"])
    for row in rows:
        points = [
            _number(row.items.get(name)) if assignment == row.assignment else ""
            for assignment, name in items
        ]
        start = [row.student, row.assignment, _number(row.score), _number(row.most)]
        cells = [*start, _number(row.waiting), *points, " ".join(row.remarks)]
        writer.writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking what a student wrote for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def as_table(
    rows: list[Row], anew: set[tuple[str, str]], failed: dict[tuple[str, str], str]
) -> Table:
    """Return grades as a table for the screen.

    Args:
        rows: the grades.
        anew: the student and assignment of those graded in this run.
        failed: why one could not be graded.
    """
    table = Table(show_lines=False)
    for heading in ("student", "assignment"):
        table.add_column(heading, no_wrap=True)
    for heading in ("score", "of", "by hand"):
        table.add_column(heading, justify="right")
    table.add_column("", no_wrap=True)
    table.add_column("remarks", overflow="fold")
    for row in rows:
        key = (row.student, row.assignment)
        state = "not graded" if key in failed else "graded" if key in anew else "unchanged"
        remarks = [failed[key], *row.remarks] if key in failed else list(row.remarks)
        table.add_row(
            row.student,
            row.assignment,
            _number(row.score),
            _number(row.most),
            _number(row.waiting) if row.waiting else "",
            state,
            "\n".join(remarks),
        )
    return table
