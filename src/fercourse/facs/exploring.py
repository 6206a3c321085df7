"""Figures that sliders change, with a still picture for where there are none."""

import base64
from collections.abc import Callable
from typing import Any, NamedTuple

import ipywidgets as widgets
from matplotlib.figure import Figure

from fercourse.plots import png

WIDGET = "application/vnd.jupyter.widget-view+json"
"""What a notebook calls sliders among a cell's outputs."""


class Slider(NamedTuple):
    """What a reader may change.

    Attributes:
        label: before the slider.
        low, high, step: where it can stand.
        value: where it stands first.
    """

    label: str
    low: float
    high: float
    step: float
    value: float


class Explorer:
    """A figure below its sliders; a notebook shows it where it is a cell's last value.

    Where no program runs behind the page (on a code host, say) it shows the figure as it was drawn
    first.
    """

    def __init__(self, draw: Callable[..., tuple[Figure, str]], sliders: dict[str, Slider]) -> None:
        """Draw the figure a first time.

        Args:
            draw: takes a number under each slider's name; returns a figure, and in words what
                it shows.
            sliders: under the names of ``draw``'s arguments.
        """
        self._draw = draw
        self.sliders = {
            name: widgets.FloatSlider(
                value=each.value,
                min=each.low,
                max=each.high,
                step=each.step,
                description=each.label,
                readout_format=".2f",
                layout=widgets.Layout(width="620px"),
                style={"description_width": "330px"},
            )
            for name, each in sliders.items()
        }
        self._picture = widgets.Image(format="png")
        self._words = widgets.HTML()
        for slider in self.sliders.values():
            slider.observe(self._show, names="value")
        self._show()
        self._still = self._picture.value, self._words.value
        self.box = widgets.VBox([*self.sliders.values(), self._picture, self._words])

    def _show(self, _: Any = None) -> None:
        figure, said = self._draw(**{name: each.value for name, each in self.sliders.items()})
        self._picture.value = png(figure)
        self._words.value = said

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return shown(self.box, *self._still)


def explore(draw: Callable[..., tuple[Figure, str]], **sliders: Slider) -> Explorer:
    """Return a figure with sliders, see ``Explorer``."""
    return Explorer(draw, sliders)


def shown(box: widgets.Widget, picture: bytes, said: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a notebook is to show of sliders: them, or else a picture.

    Args:
        box: the sliders and what they change.
        picture: as PNG.
        said: in words what the picture shows.
    """
    content = {
        WIDGET: {"version_major": 2, "version_minor": 0, "model_id": box.model_id},
        "image/png": base64.b64encode(picture).decode(),
        "text/plain": said,
    }
    return content, {"image/png": {"alt": said}}
