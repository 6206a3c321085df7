"""Write an evaluation down: a page with everything in it, its figures, and its numbers."""

import json
from pathlib import Path
from typing import Any

from fercourse.evaluation.figures import figures_of, remove_others
from fercourse.evaluation.pages import (
    cards,
    escaped,
    page,
    paragraph,
    picture,
    png,
    section,
    table,
)
from fercourse.evaluation.wording import (
    between,
    class_rows,
    cost_rows,
    decimal,
    measure_rows,
    percent,
    robustness_rows,
    title_of,
)
from fercourse.workspace import write_atomically

Json = dict[str, Any]

_WORDS_FIRST = frozenset({0})


def write_report(evaluation: Json, folder: Path) -> list[Path]:
    """Write ``report.html``, ``evaluation.json`` and the figures into a folder.

    Each file is written whole or not at all, and the page, which is the one to open, comes last.

    Args:
        evaluation: what ``evaluate`` returned.
        folder: made where missing; files of an earlier report are replaced.

    Returns:
        The files, the page first.

    Raises:
        CourseError: the folder cannot be written.
    """
    shown = figures_of(evaluation)
    files = {f"{each.name}.png": png(each.figure) for each in shown}
    pictures = {
        each.name: section(each.heading, picture(files[f"{each.name}.png"], each.alt))
        for each in shown
    }
    files["evaluation.json"] = as_text(evaluation).encode(errors="replace")
    files["report.html"] = page(title_of(evaluation), _parts(evaluation, pictures))
    for name, content in files.items():
        write_atomically(folder / name, content)
    remove_others(folder, files)
    return [folder / name for name in reversed(files)]


def as_text(evaluation: Json) -> str:
    """Return the one JSON object that ``evaluate --json`` prints and ``card.json`` holds."""
    return json.dumps(evaluation, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _parts(evaluation: Json, pictures: dict[str, str]) -> list[str]:
    data, protocol = evaluation["data"], evaluation["protocol"]
    counts = ", ".join(f"{name} {count:,}" for name, count in data["counts"].items())
    parts = [
        f"<h1>{escaped(title_of(evaluation))}</h1>",
        paragraph(f"{data['faces']:,} faces, {data['class_scheme_title']}: {counts}.", "soft"),
        _headline(evaluation),
    ]
    if protocol["flag"]:
        parts.append(section("Not to be compared", paragraph(protocol["flag"]), kind="flag"))
    ends = evaluation["intervals"]
    how = (
        f"Intervals at {ends['level']:.0%}: {ends['method']}, {ends['resamples']:,} draws. A class "
        "without faces has no F1 and counts in no mean."
    )
    parts += [
        section(
            "Measures",
            paragraph(protocol["sentence"]),
            table(("measure", "value", "interval"), measure_rows(evaluation)),
            paragraph(how, "soft"),
        ),
        pictures["class_f1"],
        section(
            "Class by class",
            table(
                ("class", "faces", "precision", "recall", "F1", "interval of F1"),
                class_rows(evaluation),
            ),
        ),
        pictures["confusion_matrix"],
        pictures["reliability"],
    ]
    if evaluation["robustness"]:
        parts += [
            pictures["robustness"],
            section(
                "Disturbed faces in numbers",
                table(
                    ("disturbance", "strengths, mild to severe", "accuracy"),
                    robustness_rows(evaluation),
                ),
            ),
        ]
    if rows := cost_rows(evaluation):
        parts.append(section("Cost", table(("what", "value"), rows), _machine(evaluation)))
    if evaluation["command"]:
        parts.append(
            section("To repeat it", f"<p><code>{escaped(evaluation['command'])}</code></p>")
        )
    return parts


def _headline(evaluation: Json) -> str:
    entries = [
        (
            f"accuracy ({between(evaluation['intervals']['accuracy'])})",
            percent(evaluation["accuracy"]),
        ),
        ("balanced accuracy", percent(evaluation["balanced_accuracy"])),
        ("macro F1", decimal(evaluation["macro_f1"], 2)),
        ("calibration error", percent(evaluation["expected_calibration_error"])),
    ]
    if speed := evaluation["speed"]:
        entries.append(("a face, one at a time", f"{speed['milliseconds_a_face']['1']:.1f} ms"))
    return cards(entries)


def _machine(evaluation: Json) -> str:
    machine = evaluation["machine"]
    return paragraph(
        f"Measured on {machine['system']} ({machine['processor']}, {machine['cores']} cores), "
        f"Python {machine['python']}; the median of many runs.",
        "soft",
    )
