"""The studio as a page in the browser: sliders, the face that they make, and what a network says.

What is set belongs to the page in each visitor's browser, which sends all of it with every
question; the server remembers nothing of anybody.
"""

import html
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from fercourse.drawn import NUMBERS
from fercourse.facs.published import PATTERNS, STRENGTH
from fercourse.facs.studio import (
    NETWORK,
    PEOPLE,
    REGIONS,
    Answer,
    Studio,
    network_names,
    unit_title,
)
from fercourse.facs.words import bars, described, network_title, told
from fercourse.gradio_page import Page, gr, picture_address

_OWN = ""
"""What the menu of presets says where no preset is shown."""

_PRESETS = {pattern.title: pattern for pattern in PATTERNS}

_INTRODUCTION = """
<h1>Action units of the Facial Action Coding System (FACS)</h1>
<p>All faces are drawn. Move action units, and see what a network says. A label says what a picture
looks like to a network, not what anybody feels.</p>
"""

_STYLE = """
.gradio-container { width: 100%; max-width: 1280px !important; margin: auto;
  overflow: clip !important; }
.gradio-container .html-container { padding: 0; }
.gradio-container .main { padding: 12px 20px; }
.gradio-container .prose h1 { margin: 0 0 2px; font-size: 20px; }
.gradio-container .prose h2 { margin: 0; font-size: 14px; font-weight: 600; line-height: 22px; }
.gradio-container .prose p { margin: 0; font-size: 14px; line-height: 20px; }
.studio { gap: 32px; }

.shown { position: sticky; top: 0; align-self: flex-start; gap: 12px; }
.pictures { display: grid; grid-template-columns: 3fr 2fr; gap: 14px; align-items: end; }
.pictures figure { margin: 0; }
.gradio-container .pictures img { width: 100%; margin: 0; border-radius: 6px; }
.gradio-container .pictures .pixels { image-rendering: pixelated; border-radius: 0; }
.pictures figcaption { margin: 3px 0 10px; line-height: 16px; font-size: 12px; opacity: .8; }
.coding { min-height: 64px; }
.coding b { font-size: 18px; }

.controls { gap: 10px; }
.controls .form { border: 0; background: none; gap: 14px; box-shadow: none; }
.controls .block { padding: 0; border: 0 !important; overflow: visible !important;
  background: none; }
.controls span[data-testid=block-info] { margin: 0; font-size: 13px; line-height: 20px;
  color: var(--body-text-color); }
.rest { align-self: flex-end; height: 36px; padding: 0 12px; font-size: 14px;
  white-space: nowrap; }
.units { display: block; columns: 2 230px; column-gap: 32px; }
.region { display: block; break-inside: avoid; margin-bottom: 8px; }
.units .form { gap: 5px; }
.intensity .head { margin: 0 !important; align-items: center !important; }
.intensity .tab-like-container { margin: 0 !important; }
.intensity input[type=number] { width: 52px; height: 20px; padding: 0 4px; font-size: 13px; }
.intensity .slider_input_container { flex-wrap: wrap; gap: 0; }
.intensity .min_value, .intensity .max_value { display: none; }
.intensity input[type=range] { width: 100%; margin: 4px 0 4px; }
.intensity input[type=range]::-webkit-slider-thumb { border: 1px solid var(--neutral-400); }
.intensity input[type=range]::-moz-range-thumb { border: 1px solid var(--neutral-400); }
.intensity .slider_input_container::after { content: "0 A B C D E"; width: 100%;
  padding: 0 4px; font-size: 9px; line-height: 10px; opacity: .6; text-align-last: justify; }

@media (max-width: 767px) {
  .gradio-container .main { padding: 8px 14px; }
  .studio { gap: 12px; }
  .shown { display: contents; }
}
@media (max-width: 767px) and (min-height: 700px) {
  .shown > :first-child { position: sticky; top: 0; z-index: 50; padding: 6px 0;
    background: var(--body-background-fill); }
  .pictures { padding: 0 24px; }
}
"""
"""FACS's grades stand beneath each slider at equal steps, as ``drawn.GRADES`` has them."""


def page(person: str = PEOPLE[0], network: str = NETWORK) -> Page:
    """Return the page.

    Args:
        person: one of ``PEOPLE``, who is drawn until another is chosen.
        network: one of ``network_names()``, which is asked until another is chosen.

    Raises:
        CourseError: no such person or network, or a network's file is damaged.
    """
    studio = Studio()
    drawing = threading.Lock()

    def seen(units: Mapping[int, float], person: str, network: str) -> tuple[str, str]:
        with drawing:
            answer = studio.answer(units, person, network)
        return seen_and_said(answer), described(answer, units)

    def show(*given: Any) -> tuple[str, str]:
        *intensities, person, network = given
        return seen(acting(intensities), person, network)

    def show_own(*given: Any) -> tuple[str, ...]:
        return _OWN, "", *show(*given)

    def show_preset(title: str, strength: float, person: str, network: str) -> Any:
        if title == _OWN:
            return [gr.skip()] * len(NUMBERS) + [gr.skip(), "", gr.skip(), gr.skip()]
        units = _PRESETS[title].shown(strength)
        shown = seen(units, person, network)
        return *intensities_of(units), title, told(_PRESETS[title]), *shown

    def rest(person: str, network: str) -> tuple[Any, ...]:
        return *intensities_of({}), _OWN, "", *seen({}, person, network)

    first = seen({}, person, network)
    with gr.Blocks(title="Action units", analytics_enabled=False) as blocks:
        gr.HTML(_INTRODUCTION)
        with gr.Row(elem_classes="studio"):
            with gr.Column(elem_classes="shown"):
                face = gr.HTML(first[0])
                coding = gr.HTML(first[1], elem_classes="coding")
                source = gr.HTML()
            with gr.Column(elem_classes="controls"):
                with gr.Row():
                    own = ("your own", _OWN)
                    preset = _menu("Preset: a published table", [own, *_PRESETS], _OWN, 260)
                    strength = _slider("Its strength", STRENGTH)
                    at_rest = gr.Button("At rest", min_width=90, scale=0, elem_classes="rest")
                with gr.Row():
                    networks = [(network_title(name), name) for name in network_names()]
                    person_menu = _menu("Person", PEOPLE, person, 160)
                    network_menu = _menu("Network", networks, network, 340)
                sliders = {}
                with gr.Column(elem_classes="units"):
                    for region, numbers in REGIONS.items():
                        with gr.Column(elem_classes="region"):
                            gr.HTML(f"<h2>{html.escape(region)}</h2>")
                            for number in numbers:
                                sliders[number] = _slider(unit_title(number))
        units = [sliders[number] for number in NUMBERS]
        who = [person_menu, network_menu]
        shown = [face, coding]
        every = [*units, preset, source, *shown]
        # While an answer is waited for, further movements are one: the last.
        how: dict[str, Any] = {
            "trigger_mode": "always_last",
            "show_progress": "hidden",
            "queue": False,
            "api_visibility": "private",
        }
        gr.on([unit.input for unit in units], show_own, [*units, *who], every[-4:], **how)
        gr.on([menu.input for menu in who], show, [*units, *who], shown, **how)
        gr.on([preset.input, strength.input], show_preset, [preset, strength, *who], every, **how)
        at_rest.click(rest, who, every, **how)
    return Page(blocks, _STYLE)


def _menu(label: str, choices: Sequence[Any], value: str, width: int) -> Any:
    """Return a menu, at least so many pixels wide where the window is."""
    return gr.Dropdown(
        list(choices), value=value, label=label, filterable=False, min_width=width, scale=width
    )


def _slider(label: str, value: float = 0) -> Any:
    """Return a slider of an intensity."""
    slider: Any = gr.Slider(
        0, 1, value, step=0.05, label=label, scale=200, buttons=[], elem_classes="intensity"
    )
    # Gradio's would raise an error of its own while somebody writes a number that is none.
    slider.preprocess = _intensity
    return slider


def _intensity(written: float | None) -> float:
    """Return the intensity that is nearest to what stands in a field; nothing is 0."""
    return min(max(written or 0.0, 0.0), 1.0)


def acting(intensities: Sequence[float]) -> dict[int, float]:
    """Return the action units that act, by number.

    Args:
        intensities: of every unit in the order of ``NUMBERS``, 0 to 1.
    """
    return {number: value for number, value in zip(NUMBERS, intensities, strict=True) if value > 0}


def intensities_of(units: Mapping[int, float]) -> list[float]:
    """Return the intensity of every unit in the order of ``NUMBERS``, 0 for those not named."""
    return [units.get(number, 0) for number in NUMBERS]


def seen_and_said(answer: Answer) -> str:
    """Return the face as people and as the network see it, and what it says, as HTML."""
    face = picture_address(answer.face[..., ::-1])
    seen = picture_address(answer.seen, "png")
    rows, columns = answer.seen.shape
    return (
        f'<div class="pictures"><figure><img class="face" alt="{html.escape(answer.in_words)}" '
        f'src="{face}"><figcaption>the face</figcaption></figure>'
        f'<figure><img class="pixels" alt="The same face in {rows} by {columns} gray pixels" '
        f'src="{seen}"><figcaption>what the network sees, {rows} by {columns}</figcaption>'
        f"</figure></div><h2>What the network <i>{html.escape(answer.network)}</i> says</h2>"
        f"{bars(answer)}"
    )
