"""The figures of an evaluation, each with words for those who cannot see it."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fercourse.evaluation.wording import commonest_mistakes, percent, title_of
from fercourse.plots import (
    SelfShowingFigure,
    class_bars,
    confusion_matrix_figure,
    reliability_diagram,
    robustness_chart,
)

Json = dict[str, Any]

_NAMES = ("confusion_matrix", "class_f1", "reliability", "robustness")


@dataclass(frozen=True)
class Shown:
    """A figure of a report.

    Attributes:
        name: of its file, without the ending.
        heading: above it.
        figure: it.
        alt: what it shows, in a sentence or two.
    """

    name: str
    heading: str
    figure: SelfShowingFigure
    alt: str


def figures_of(evaluation: Json) -> list[Shown]:
    """Draw all figures that an evaluation has the numbers for.

    None of them shows a face, so that a report on FER2013 may be passed on.

    Args:
        evaluation: what ``evaluate`` returned.
    """
    shown = [_confusion(evaluation), _classes(evaluation), _reliability(evaluation)]
    return [*shown, _robustness(evaluation)] if evaluation["robustness"] else shown


def remove_others(folder: Path, written: Collection[str]) -> None:
    """Remove from a folder the figures of an earlier evaluation.

    Args:
        folder: of a report or a card.
        written: names of the files of this one, which stay.
    """
    for name in _NAMES:
        if f"{name}.png" not in written:
            (folder / f"{name}.png").unlink(missing_ok=True)


def _confusion(evaluation: Json) -> Shown:
    figure = confusion_matrix_figure(
        evaluation["confusion_matrix"],
        evaluation["data"]["classes"],
        title=title_of(evaluation),
    )
    mistakes = commonest_mistakes(evaluation)
    alt = f"Confusion matrix. {percent(evaluation['accuracy'])} of the faces are on its diagonal."
    if mistakes:
        alt += f" The commonest mistakes: {mistakes}."
    return Shown("confusion_matrix", "Which class is taken for which", figure, alt)


def _classes(evaluation: Json) -> Shown:
    classes = evaluation["per_class"]
    values = {name: each["f1"] for name, each in classes.items()}
    figure = class_bars(
        values,
        [each["f1_interval"] for each in classes.values()],
        title="F1 of each class, with 95 % intervals",
        mean=evaluation["macro_f1"],
    )
    told = ", ".join(
        f"{name} {'not there' if value is None else f'{value:.2f}'}"
        for name, value in values.items()
    )
    alt = f"F1 of each class as bars: {told}; mean {evaluation['macro_f1']:.2f}."
    return Shown("class_f1", "How well each class is recognized", figure, alt)


def _reliability(evaluation: Json) -> Shown:
    bins = evaluation["calibration"]
    figure = reliability_diagram(
        bins["edges"],
        [float("nan") if value is None else value for value in bins["accuracy"]],
        [float("nan") if value is None else value for value in bins["confidence"]],
        bins["faces"],
        title="How right the model is, by how sure it is",
    )
    gap = bins["mean_confidence"] - evaluation["accuracy"]
    tendency = "surer than it is right" if gap > 0 else "less sure than it is right"
    alt = (
        f"Reliability diagram with {bins['bins']} bins. On average the model gives its answer a "
        f"probability of {percent(bins['mean_confidence'])} and is right in "
        f"{percent(evaluation['accuracy'])} of the cases: it is {tendency}. Expected calibration "
        f"error {percent(evaluation['expected_calibration_error'])}."
    )
    return Shown("reliability", "Whether its confidence can be believed", figure, alt)


def _robustness(evaluation: Json) -> Shown:
    rows = evaluation["robustness"]
    figure = robustness_chart(
        {each["name"]: (each["unit"], each["strengths"], each["accuracy"]) for each in rows},
        evaluation["accuracy"],
        title="Accuracy on disturbed faces",
    )
    worst = "; ".join(
        f"{each['name']} {each['strengths'][-1]:g}: {percent(each['accuracy'][-1])}"
        for each in rows
    )
    alt = (
        f"Accuracy by kind and strength of disturbance, {percent(evaluation['accuracy'])} without. "
        f"At the severest: {worst}."
    )
    return Shown("robustness", "What bad pictures cost", figure, alt)
