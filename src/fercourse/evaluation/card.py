"""The card of a shipped model: what it is for, how it came about, how good it is, where it fails.

Mitchell et al. (2019), "Model cards for model reporting". All numbers are those of ``evaluate``;
a card is made anew by the command that stands in it, never edited.
"""

import json
from pathlib import Path
from typing import Any

from fercourse.classifiers.catalog import WEIGHTS
from fercourse.classifiers.weights import read_weights
from fercourse.errors import CourseError
from fercourse.evaluation.figures import Shown, figures_of, remove_others
from fercourse.evaluation.pages import png
from fercourse.evaluation.report import as_text
from fercourse.evaluation.wording import (
    Rows,
    class_rows,
    cost_rows,
    measure_rows,
    percent,
    robustness_rows,
    teaching,
    title_of,
)
from fercourse.workspace import write_atomically

Json = dict[str, Any]

CARD, TEXT = "card.json", "CARD.md"

_LIMITS = """\
It is made for learning how such models work, and for the course's live programs. It is not made to
decide anything about a person, and must not.

- It says what label a picture like this would get in its training data. What somebody feels cannot
  be read reliably off a face alone: the same feeling looks different in different people and
  situations, and one expression has many causes (Barrett et al., 2019, "Emotional expressions
  reconsidered").
{learned}
- It has been measured on the faces named above and on no others. How well it does for people of
  different age, sex or skin has not been measured; expect differences.
- It expects one upright face, cut out closely, 48 pixels high and wide, in gray.
"""

_LEARNED = {
    "fer2013": """\
- The labels it learned from are one opinion each; people agree with FER2013's labels in about
  65 ± 5 % of the cases (Goodfellow et al., 2013). FER2013 does not say whose faces it holds.""",
    "drawn": """\
- It learned from faces that the course draws. No photograph is behind them, and how faces vary
  there is an assumption (docs/drawn_faces.md): it is no evidence about people.""",
}


def write_card(evaluation: Json, folder: Path) -> list[Path]:
    """Write ``card.json``, ``CARD.md`` and the figures into a model's folder.

    An evaluation on other faces than the model learned from (drawn ones, say) goes into
    ``card_drawn.json`` instead, and shows as a comparison in the text.

    Args:
        evaluation: what ``evaluate`` returned.
        folder: of the model.

    Returns:
        The files written.

    Raises:
        CourseError: the folder cannot be written, it is another model's, or a card does not say
            the like.
    """
    require_split(evaluation["data"]["split"])
    require_model(evaluation["model"]["name"], evaluation["checksum"], folder)
    kind, own = evaluation["data"]["kind"], evaluation["model"]["training"]["faces"]
    is_main = own in (None, kind)
    files = {CARD if is_main else f"card_{kind}.json": as_text(evaluation).encode(errors="replace")}
    shown = figures_of(evaluation) if is_main else []
    files |= {f"{each.name}.png": png(each.figure) for each in shown}
    for name, content in files.items():
        write_atomically(folder / name, content)
    if is_main:
        remove_others(folder, files)
    written = [folder / name for name in files]
    if (folder / CARD).is_file():
        main = json.loads((folder / CARD).read_text(encoding="utf-8"))
        others = [
            json.loads(path.read_text(encoding="utf-8"))
            for path in sorted(folder.glob("card_*.json"))
        ]
        write_atomically(folder / TEXT, card_text(main, others).encode(errors="replace"))
        written.append(folder / TEXT)
    return written


def require_split(split: str) -> None:
    """Raise a CourseError unless a card is written of a split; can be asked beforehand."""
    if split != "PublicTest":
        raise CourseError(
            f"A card says how good a model is on PublicTest, and this is measured on {split}. "
            "Leave --split out, or --card."
        )


def require_model(name: str, checksum: str | None, folder: Path) -> None:
    """Raise a CourseError where a folder holds another model's weights; as ``require_split``."""
    weights = folder / WEIGHTS
    if weights.is_file() and read_weights(weights).checksum != checksum:
        raise CourseError(
            f"{folder} holds another model than {name}: the checksums of the weights differ. "
            "Name the folder of the model that was measured."
        )


def card_text(card: Json, others: list[Json]) -> str:
    """Return a card in Markdown.

    Args:
        card: the evaluation on the kind of faces that the model learned from.
        others: evaluations of the same model on other kinds.
    """
    model, data = card["model"], card["data"]
    shown = {each.name: each for each in figures_of(card)}
    parts = [
        f"# {model['name']}",
        f"A classifier of gray faces of 48 by 48 pixels: {', '.join(data['classes'])}.",
        f"**{percent(card['accuracy'], 2)}** of {data['faces']:,} faces right: {title_of(card)}. "
        + card["protocol"]["sentence"],
    ]
    if card["protocol"]["flag"]:
        parts.append(f"**Not to be compared.** {card['protocol']['flag']}")
    parts += [
        "## Measures",
        _table(("measure", "value", "95 % interval"), measure_rows(card)),
        _picture(shown["class_f1"]),
        _table(("class", "faces", "precision", "recall", "F1", "95 % of F1"), class_rows(card)),
        _picture(shown["confusion_matrix"]),
        _picture(shown["reliability"]),
    ]
    if rows := robustness_rows(card):
        parts += [
            "## Bad pictures",
            _table(("disturbance", "strengths", "accuracy"), rows),
            _picture(shown["robustness"]),
        ]
    if others:
        parts += ["## Other faces", _table(("faces", "accuracy", "macro F1"), _gaps(card, others))]
    parts += [
        "## How it came about",
        _table(("what", "value"), [*_origin(card), *cost_rows(card)]),
        "## What it is for, and what not",
        _LIMITS.format(learned=_LEARNED.get(_kind_learned(card), "")).rstrip(),
        "docs/evaluation.md says what each measure means. To measure it again:",
        "\n".join(f"    {each['command']}" for each in (card, *others)),
    ]
    return "\n\n".join(parts) + "\n"


def _kind_learned(card: Json) -> str:
    """Return the kind of faces that a model learned from; those measured on where it is silent."""
    return str(card["model"]["training"]["faces"] or card["data"]["kind"])


def _gaps(card: Json, others: list[Json]) -> Rows:
    """Return the rows that show what the model is worth on each kind of faces."""
    return [
        (
            f"{each['data']['split']} of {each['data']['source']} ({each['data']['faces']:,})",
            percent(each["accuracy"]),
            f"{each['macro_f1']:.3f}",
        )
        for each in (card, *others)
    ]


def _origin(card: Json) -> Rows:
    model, training = card["model"], card["model"]["training"]
    told = (
        ("architecture", model["architecture"]),
        ("learned from", training["faces"]),
        ("fitted on", training["fitted_on"]),
        ("chosen on", training["chosen_on"]),
        ("other data", training["extra_data"]),
        ("other networks", teaching(model)),
        ("command", f"`{training['command']}`" if training["command"] else None),
        (
            "checksum of the weights (SHA-256)",
            f"`{card['checksum']}`" if card["checksum"] else None,
        ),
    )
    return [(name, value) for name, value in told if value]


def _table(titles: tuple[str, ...], rows: Rows) -> str:
    lines = [f"| {' | '.join(titles)} |", f"| --- |{' ---: |' * (len(titles) - 1)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _picture(shown: Shown) -> str:
    return f"![{shown.alt}]({shown.name}.png)"
