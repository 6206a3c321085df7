"""How a figure gets into a notebook, with words for those who cannot see it."""

import html
import io

from matplotlib.figure import Figure

INK = "#22262e"
"""The color of a figure's words."""

_DOTS_PER_INCH = 100


class SelfShowingFigure(Figure):
    """A figure that a notebook shows when it is a cell's last value.

    It is no part of pyplot's global list of figures, so that it can be made in a thread or in
    a loop without being shown twice, warned about or kept in memory.
    """

    def _repr_png_(self) -> bytes:
        return png(self)


def show(figure: Figure, alt: str) -> None:
    """Show a figure in a notebook, once, with words for those who cannot see it.

    Args:
        figure: any figure of matplotlib; one of pyplot's is closed, so that the notebook does
            not show it again.
        alt: what the figure says, in a sentence or two.

    Raises:
        ValueError: the words are missing.
    """
    import matplotlib.pyplot as plt
    from IPython.display import HTML, display

    if not alt.strip():
        raise ValueError("alt must say what the figure shows, for those who cannot see it.")
    picture = png(figure)
    plt.close(figure)
    display(  # type: ignore[no-untyped-call]
        {"image/png": picture, "text/plain": alt}, metadata={"image/png": {"alt": alt}}, raw=True
    )
    # JupyterLab gives a picture's own alternative text to nobody.
    folded = f"<details><summary><small>in words</small></summary>{html.escape(alt)}</details>"
    display(HTML(folded))  # type: ignore[no-untyped-call]


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG file's content, as a notebook shows it."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_DOTS_PER_INCH)
    return buffer.getvalue()
