"""The leaderboard in words: cells for the terminal, JSON, and a page that opens from disk."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from fercourse.emotions import SPLITS
from fercourse.evaluation.leaderboard import NONE, NOT_SAID, Group, Row
from fercourse.evaluation.pages import escaped, page, paragraph
from fercourse.evaluation.wording import between, percent, size

TITLE = "FER2013: this course's models and published figures"

INTRODUCTION = (
    "A figure means little without how it came about: which faces it reports on, which ones its "
    "model was chosen by, what else it learned from, how many answers are averaged. Figures stand "
    "together where they report on the same faces and had the same kind of help; what else differs "
    "stands in each row."
)

_COLUMNS = (
    "model",
    "accuracy",
    "95 % interval",
    "without duplicates",
    "reported on",
    "chosen on",
    "other data",
    "input",
    "at test time",
    "networks",
    "parameters",
    "file",
    "ms a face, 1 / 8",
    "training",
)
_OURS = (
    "accuracy",
    "95 % interval",
    "without duplicates",
    "parameters",
    "file",
    "training",
    "ms a face, 1 / 8",
)
_WORDS = (0, 4, 5, 6, 8)
_REPORTED_ON = 4


def as_json(groups: Sequence[Group]) -> dict[str, Any]:
    """Return the leaderboard as plain data, for ``--json``."""
    return {
        "format": "fercourse-leaderboard-1",
        "groups": [
            {
                "title": group.title,
                "remark": group.remark,
                "rows": [asdict(row) for row in group.rows],
            }
            for group in groups
        ],
    }


def cells(row: Row) -> tuple[str, ...]:
    """Return a row's cells, in the order of the page's columns."""
    return (
        row.name if row.year is None else f"{row.name} ({row.year})",
        percent(row.accuracy),
        between(row.interval) if row.interval else "",
        percent(row.without_duplicates) if row.without_duplicates is not None else "",
        row.reported_on,
        row.chosen_on or NOT_SAID,
        row.extra_data or NOT_SAID,
        f"{row.input_size} px" if row.input_size else NOT_SAID,
        row.test_time or NOT_SAID,
        str(row.networks) if row.networks else NOT_SAID,
        f"{row.parameters:,}" if row.parameters else "",
        size(row.bytes) if row.bytes else "",
        " / ".join(map(_two_digits, row.milliseconds)) if row.milliseconds else "",
        duration(row.training_seconds),
    )


def _two_digits(number: float) -> str:
    """Return a number with two digits that count, and never with an exponent."""
    return f"{float(f'{number:.2g}'):,.10g}"


def short_cells(row: Row) -> tuple[str, ...]:
    """Return the few cells that fit on a terminal: model, accuracy, interval, protocol."""
    every = cells(row)
    told = [f"chosen on {row.chosen_on}" if row.chosen_on else f"chosen on: {NOT_SAID}"]
    if row.reported_on not in SPLITS:
        told.insert(0, f"reported on {row.reported_on}")
    if row.extra_data not in (None, NONE):
        told.append(f"other data: {row.extra_data}")
    if row.test_time not in (None, NONE):
        told.append(f"at test time: {row.test_time}")
    if (row.networks or 1) > 1:
        told.append(f"{row.networks} networks")
    return ("* " if row.ours else "  ") + every[0], every[1], every[2], "; ".join(told)


def remarks(row: Row) -> list[str]:
    """Return what is to be said of a row beside its cells; a flag comes first."""
    said = []
    if row.flag:
        said.append(f"FLAGGED, chosen on what it reports: {row.flag}")
    if row.doubt:
        said.append(row.doubt)
    if row.note:
        said.append(row.note)
    return said


def duration(seconds: float | None) -> str:
    """Return how long training took, such as ``95 s`` or ``1 h 12 min``."""
    if seconds is None:
        return ""
    if seconds < 180:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def models_table(groups: Sequence[Group]) -> str:
    """Return the course's own models as a page of Markdown: accuracy, size, speed, commands."""
    lines = [
        "# This course's models",
        "",
        "Made by `python3 course.py leaderboard --markdown docs/models.md` from the models' cards "
        "and the benchmark of the classical ones; [what each measure means](evaluation.md).",
    ]
    for group in groups:
        ours = [row for row in group.rows if row.ours]
        if ours:
            lines += ["", f"## {group.title}", "", group.remark, "", *_models_of(ours)]
    return "\n".join(lines) + "\n"


def _models_of(rows: Sequence[Row]) -> list[str]:
    lines = [f"| model | {' | '.join(_OURS)} |", f"| --- |{' ---: |' * len(_OURS)}"]
    chosen = [_COLUMNS.index(name) for name in _OURS]
    for row in rows:
        every = cells(row)
        lines.append(f"| {row.name} | {' | '.join(every[column] for column in chosen)} |")
    lines.append("")
    for row in rows:
        apart = row.training_command not in (None, row.source)
        trained = f", trained by `{row.training_command}`" if apart else ""
        where = f" on {row.training_machine}" if row.training_machine else ""
        said = "".join(f" {text}" for text in remarks(row))
        lines.append(f"- {row.name}: measured by `{row.source}`{trained}{where}.{said}")
    return lines


def leaderboard_page(groups: Sequence[Group]) -> bytes:
    """Return the leaderboard as a page that refers to no other file but its sources."""
    parts = [f"<h1>{escaped(TITLE)}</h1>", paragraph(INTRODUCTION, "soft")]
    parts += [_section(group) for group in groups]
    return page(TITLE, parts, wide=True)


def _section(group: Group) -> str:
    shown = [column for column in range(len(_COLUMNS)) if _says_something(group, column)]
    head = "".join(
        f'<th scope="col"{_kind(column)}>{escaped(_COLUMNS[column])}</th>' for column in shown
    )
    rows = "\n".join(_html_row(row, shown) for row in group.rows)
    return (
        f"<section>\n<h2>{escaped(group.title)}</h2>\n{paragraph(group.remark, 'soft')}\n"
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</section>"
    )


def _says_something(group: Group, column: int) -> bool:
    if column == 0:
        return True
    if column == _REPORTED_ON:
        return len({row.reported_on for row in group.rows}) > 1
    return any(cells(row)[column] not in ("", NOT_SAID) for row in group.rows)


def _html_row(row: Row, shown: Sequence[int]) -> str:
    """Return a row of cells and, below it, one as wide as the table with all that is to be said."""
    every = cells(row)
    tag = ' <span class="tag">chosen on what it reports</span>' if row.flag else ""
    body = "".join(
        f"<td{_kind(column)}>{escaped(every[column])}</td>" for column in shown if column
    )
    link = escaped(row.source)
    if "://" in row.source:
        source = f'<a href="{link}">source</a>'
    else:
        source = f"<code>{link}</code>" if row.ours else f"Source: {link}."
    if row.training_command not in (None, row.source):
        source += f" trained by <code>{escaped(row.training_command)}</code>"
    told = " ".join(escaped(text) for text in (row.flag, row.doubt, row.note) if text)
    kind = ' class="ours"' if row.ours else ""
    return (
        f'<tr{kind}><th scope="row">{escaped(every[0])}{tag}</th>{body}</tr>\n'
        f'<tr class="said"><td colspan="{len(shown)}"><div>{source} {told}</div></td></tr>'
    )


def _kind(column: int) -> str:
    return "" if column in _WORDS else ' class="number"'
