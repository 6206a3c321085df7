"""What the studio says of a face, as HTML for a notebook and for a page."""

import html
from collections.abc import Mapping

from fercourse.classifiers.catalog import weights_file
from fercourse.classifiers.weights import read_weights
from fercourse.facs.published import Pattern, patterns_in
from fercourse.facs.studio import Answer
from fercourse.plots.colors import COLORS

_FACES = {"drawn": "drawn faces", "fer2013": "photographs (FER2013)"}
"""What the faces that a network learned from are, by what its notes call them."""

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
    found: dict[str, list[str]] = {}
    for pattern in patterns_in(units):
        names = found.setdefault(pattern.emotion, [])
        if pattern.source.name not in names:
            names.append(pattern.source.name)
    listed = "; ".join(f"{emotion} by {', '.join(names)}" for emotion, names in found.items())
    said = f"All units of {html.escape(listed)}." if listed else "No table is complete in it."
    return f"<p>FACS writes <b>{html.escape(answer.coding)}</b>.<br>{said}</p>"


def told(pattern: Pattern) -> str:
    """Return which units a published description names, and where it was published in full."""
    units = "+".join(map(str, sorted(pattern.usual)))
    undrawn = ", ".join(map(str, pattern.undrawn))
    return (
        f"<p><b>{html.escape(pattern.title)}</b> names AU {units}"
        f"{f'; {undrawn} cannot be drawn' if undrawn else ''}.<br>"
        f"Source: {html.escape(pattern.source.reference)}.</p>"
    )


def network_title(name: str) -> str:
    """Return a network's name with the faces that it learned from, as its own file says.

    Args:
        name: a shipped network.

    Raises:
        CourseError: its file is damaged.
    """
    faces = read_weights(weights_file(name)).notes.get("faces", "")
    return f"{name}: learned from {_FACES.get(faces, faces or 'faces unknown')}"
