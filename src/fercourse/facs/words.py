"""What the studio says of a face, as HTML for a notebook and for a page."""

import html
from collections.abc import Mapping

from fercourse.facs.published import patterns_in
from fercourse.facs.studio import Answer
from fercourse.plots.colors import COLORS

_ROW = (
    '<div style="display:flex;align-items:center;gap:8px;margin:3px 0">'
    '<div style="width:70px;text-align:right">{name}</div>'
    '<div style="flex:1;background:rgba(127,127,127,.15);border-radius:3px">'
    '<div style="width:{width:.1f}%;background:{color};height:16px;border-radius:3px"></div></div>'
    '<div style="width:44px;font-variant-numeric:tabular-nums">{share:.0f} %</div></div>'
)


def bars(answer: Answer) -> str:
    """Return the network's probabilities as bars, the likeliest in another color."""
    best = int(answer.probabilities.argmax())
    return "".join(
        _ROW.format(
            name=html.escape(name),
            width=100 * share,
            share=100 * share,
            color=COLORS[1] if place == best else COLORS[0],
        )
        for place, (name, share) in enumerate(
            zip(answer.classes, answer.probabilities.tolist(), strict=True)
        )
    )


def described(answer: Answer, units: Mapping[int, float]) -> str:
    """Return a face's coding, and which published descriptions are in it.

    Args:
        answer: of the studio.
        units: number of each acting unit with its intensity, 0 to 1.
    """
    if answer.coding == "0":
        return "<p>No action unit acts: a face at rest. FACS writes <b>0</b>.</p>"
    found = [html.escape(pattern.title) for pattern in patterns_in(units)]
    listed = f"All units of: {'; '.join(found)}." if found else "No published table is complete."
    return f"<p>FACS writes <b>{html.escape(answer.coding)}</b>.<br>{listed}</p>"
