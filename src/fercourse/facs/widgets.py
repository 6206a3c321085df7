"""The studio as sliders in a notebook, with a still picture for where there are none."""

from typing import Any

import cv2
import ipywidgets as widgets
import numpy as np
import numpy.typing as npt

from fercourse.drawn import NUMBERS
from fercourse.facs.exploring import shown
from fercourse.facs.figures import figure_of
from fercourse.facs.published import PATTERNS, Pattern
from fercourse.facs.studio import (
    NETWORK,
    PEOPLE,
    REGIONS,
    Studio,
    network_names,
    unit_title,
)
from fercourse.facs.words import bars, described, network_title, told
from fercourse.plots import png

_OWN = "your own"
_COLUMNS = (("Brows", "Nose and upper lip"), ("Eyes and cheeks", "Chin and jaw"), ("Mouth",))
"""Regions of the face as they stand side by side."""


class StudioWidget:
    """Sliders for the action units, the face that they make, and what a network says of it.

    A notebook shows it where it is a cell's last value. Where no program runs behind the page
    (on a code host, say) it shows the face that the studio was opened with instead.
    """

    def __init__(self, pattern: Pattern | None = None) -> None:
        """Open the studio.

        Args:
            pattern: a published description to begin with; None is a face at rest.
        """
        self._studio = Studio()
        self.sliders = {
            unit: widgets.FloatSlider(
                min=0,
                max=1,
                step=0.05,
                description=unit_title(unit),
                readout=False,  # the line of FACS codes says it
                layout=widgets.Layout(width="270px"),
                style={"description_width": "155px"},
            )
            for unit in NUMBERS
        }
        self.preset = widgets.Dropdown(
            options=[(_OWN, _OWN), *((each.title, each) for each in PATTERNS)],
            description="table",
            layout=widgets.Layout(width="290px"),
            style={"description_width": "45px"},
        )
        style = {"description_width": "60px"}
        self.person = widgets.Dropdown(
            options=PEOPLE,
            description="person",
            layout=widgets.Layout(width="205px"),
            style=style,
        )
        titles = [(network_title(name), name) for name in network_names()]
        self.network = widgets.Dropdown(
            options=titles,
            value=NETWORK,
            description="network",
            layout=widgets.Layout(width="365px"),
            style=style,
        )
        self.rest = widgets.Button(description="at rest", tooltip="all action units to 0")
        self._face = widgets.Image(format="png", layout=_square(256))
        self._seen = widgets.Image(format="png", layout=_square(144))
        self._bars, self._words, self._source = (widgets.HTML() for _ in range(3))
        self._is_setting = False
        self._wire()
        if pattern is None:
            self._show()
        else:
            self.preset.value = pattern  # which shows it
        self._still = self.answer
        self.box = self._arranged()

    @property
    def units(self) -> dict[int, float]:
        """Return the acting units with their intensities."""
        return {unit: slider.value for unit, slider in self.sliders.items() if slider.value > 0}

    def set_units(self, units: dict[int, float]) -> None:
        """Move all sliders at once.

        Args:
            units: number of each acting unit with its intensity, 0 to 1.
        """
        self._is_setting = True
        for unit, slider in self.sliders.items():
            slider.value = units.get(unit, 0.0)
        self._is_setting = False
        self._show()

    def _wire(self) -> None:
        """Draw anew whatever is moved."""
        for slider in self.sliders.values():
            slider.observe(self._moved, names="value")
        self.person.observe(self._moved, names="value")
        self.network.observe(self._moved, names="value")
        self.preset.observe(self._chosen, names="value")
        self.rest.on_click(self._rested)

    def _moved(self, change: Any) -> None:
        if self._is_setting:
            return
        if change["owner"] in self.sliders.values():
            self._is_setting = True
            self.preset.value = _OWN
            self._is_setting = False
        self._show()

    def _chosen(self, change: Any) -> None:
        pattern = change["new"]
        if not self._is_setting and isinstance(pattern, Pattern):
            self.set_units(pattern.shown())

    def _rested(self, _: Any) -> None:
        self._is_setting = True
        self.preset.value = _OWN
        self.set_units({})

    def _show(self) -> None:
        self.answer = self._studio.answer(self.units, self.person.value, self.network.value)
        self._face.value = _encoded(self.answer.face[..., ::-1])
        large = cv2.resize(self.answer.seen, (144, 144), interpolation=cv2.INTER_NEAREST)
        self._seen.value = _encoded(large)
        self._bars.value = bars(self.answer)
        self._words.value = described(self.answer, self.units)
        pattern = self.preset.value
        self._source.value = told(pattern) if isinstance(pattern, Pattern) else ""

    def _arranged(self) -> widgets.VBox:
        """Return all of it: the answer above, then the menus, the sliders below."""
        seen = widgets.VBox([self._seen, widgets.HTML("<small>what the network sees</small>")])
        said = widgets.VBox([self._bars, self._words], layout=widgets.Layout(width="330px"))
        menus = widgets.HBox([self.preset, self.person, self.rest])
        columns = [
            widgets.VBox([part for region in regions for part in self._region(region)])
            for regions in _COLUMNS
        ]
        gap = {"grid_gap": "14px"}
        top = widgets.HBox([self._face, said, seen], layout=gap)
        top.layout.align_items = "flex-start"
        return widgets.VBox(
            [top, menus, self.network, self._source, widgets.HBox(columns, layout=gap)]
        )

    def _region(self, name: str) -> list[widgets.Widget]:
        return [widgets.HTML(f"<b>{name}</b>"), *(self.sliders[unit] for unit in REGIONS[name])]

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return shown(self.box, png(figure_of(self._still)), self._still.in_words)


def open_studio(pattern: Pattern | str | None = None) -> StudioWidget:
    """Return the studio for a notebook.

    Args:
        pattern: a published description to begin with, or its title; None is a face at rest.

    Raises:
        ValueError: no description has that title.
    """
    if isinstance(pattern, str):
        titles = {each.title: each for each in PATTERNS}
        if pattern not in titles:
            raise ValueError(f"{pattern!r} is none of {', '.join(titles)}.")
        pattern = titles[pattern]
    return StudioWidget(pattern)


def _square(side: int) -> widgets.Layout:
    return widgets.Layout(width=f"{side}px", height=f"{side}px", min_width=f"{side}px")


def _encoded(picture: npt.NDArray[Any]) -> bytes:
    return bytes(cv2.imencode(".png", np.ascontiguousarray(picture))[1])
