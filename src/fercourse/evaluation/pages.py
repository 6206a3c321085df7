"""Pages that open from disk with everything in them, in the course's one style."""

import base64
import html
import io
from collections.abc import Iterable, Sequence

from matplotlib.figure import Figure

_STYLE = """
:root { --ink: #22262e; --soft: #5c6470; --line: #dfe3e8; --back: #f6f7f9; --blue: #0072b2;
  --warn: #a33c00; --warn-back: #fdf1e7; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
main.wide { max-width: 90rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 0 0 .75rem; }
p { margin: .4rem 0; max-width: 48rem; }
.soft, caption { color: var(--soft); }
section { background: white; border: 1px solid var(--line); border-radius: .6rem;
  padding: 1.1rem 1.25rem; margin: 1.1rem 0; overflow-x: auto; }
.flag { background: var(--warn-back); border-color: #f0c9a6; color: var(--warn); }
.cards { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
  margin: 1.25rem 0; }
.card { background: white; border: 1px solid var(--line); border-radius: .6rem;
  padding: .8rem 1rem; }
.card b { display: block; font-size: 1.7rem; line-height: 1.2; color: var(--blue); }
.card span { color: var(--soft); font-size: .88rem; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { font-weight: 500; }
main.wide tbody th { min-width: 11rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead th.number { white-space: normal; }
tr:has(+ tr.said) > * { border-bottom: 0; padding-bottom: 0; }
tr.said td { color: var(--soft); padding-top: .1rem; padding-bottom: .6rem; }
tr.said div { position: sticky; left: 0; max-width: min(80rem, calc(100vw - 5.5rem)); }
tr.ours th { color: var(--blue); font-weight: 650; }
.tag { display: inline-block; border-radius: .3rem; padding: 0 .4rem; font-size: .8rem;
  background: var(--warn-back); color: var(--warn); }
figure { margin: 0; }
figure img { max-width: 100%; height: auto; display: block; margin: 0 auto; }
figcaption { color: var(--soft); font-size: .9rem; margin-top: .6rem; max-width: 48rem; }
code { background: var(--back); border-radius: .25rem; padding: .1rem .3rem; font-size: .88rem;
  overflow-wrap: anywhere; }
a { color: var(--blue); }
"""

_DOTS_PER_INCH = 150
_SHOWN_PER_INCH = 95  # fewer than there are, so that figures are sharp on fine screens


def page(title: str, parts: Iterable[str], *, wide: bool = False) -> bytes:
    """Return a whole page in UTF-8 that refers to no other file.

    Args:
        title: of the window.
        parts: HTML, in order.
        wide: for a broad table.
    """
    opening = '<main class="wide">' if wide else "<main>"
    text = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{opening}\n" + "\n".join(parts) + "\n</main>\n</body>\n"
        "</html>\n"
    )
    return text.encode("utf-8", errors="replace")


def escaped(text: str) -> str:
    """Return text so that HTML shows it as it is."""
    return html.escape(text, quote=True)


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph.

    Args:
        text: plain.
        kind: its class in the style.
    """
    opening = f'<p class="{kind}">' if kind else "<p>"
    return f"{opening}{escaped(text)}</p>"


def section(heading: str, *parts: str, kind: str = "") -> str:
    """Return a box with a heading.

    Args:
        heading: plain text.
        parts: HTML.
        kind: its class in the style.
    """
    opening = f'<section class="{kind}">' if kind else "<section>"
    return f"{opening}\n<h2>{escaped(heading)}</h2>\n" + "\n".join(parts) + "\n</section>"


def cards(entries: Sequence[tuple[str, str]]) -> str:
    """Return a row of large figures, each with what it is below it."""
    boxes = (
        f'<div class="card"><b>{escaped(value)}</b><span>{escaped(name)}</span></div>'
        for name, value in entries
    )
    return f'<div class="cards">{"".join(boxes)}</div>'


def table(
    titles: Sequence[str], rows: Iterable[Sequence[str]], *, words: frozenset[int] = frozenset({0})
) -> str:
    """Return a table whose first column heads its rows.

    Args:
        titles: of the columns.
        rows: plain text.
        words: the columns that hold words; the others are numbers, set to the right.
    """

    def cell(tag: str, column: int, text: str, scope: str = "") -> str:
        kind = "" if column in words else ' class="number"'
        return f"<{tag}{kind}{scope}>{escaped(text)}</{tag}>"

    head = "".join(cell("th", i, title, ' scope="col"') for i, title in enumerate(titles))
    body = "\n".join(
        "<tr>"
        + "".join(
            cell("td" if i else "th", i, text, "" if i else ' scope="row"')
            for i, text in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def picture(content: bytes, alt: str) -> str:
    """Return a PNG inside the page, with its words as alternative text and below it."""
    width = int.from_bytes(content[16:20], "big") * _SHOWN_PER_INCH // _DOTS_PER_INCH
    source = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    return (
        f'<figure><img alt="{escaped(alt)}" width="{width}" src="{source}">'
        f"<figcaption>{escaped(alt)}</figcaption></figure>"
    )


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG file's content."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH, facecolor="white")
    return buffer.getvalue()
