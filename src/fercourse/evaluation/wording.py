"""How figures are put into words, the same on the terminal, in a report and in alternative text."""

import json
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]
Rows = list[tuple[str, ...]]

NONE = "-"


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share as percent, such as ``66.1 %``."""
    return NONE if share is None else f"{100 * share:.{digits}f} %"


def between(ends: Sequence[float] | None, digits: int = 1) -> str:
    """Return an interval of shares, such as ``64.5 to 67.6 %``."""
    if ends is None:
        return NONE
    return f"{100 * ends[0]:.{digits}f} to {100 * ends[1]:.{digits}f} %"


def points(*shares: float) -> str:
    """Return differences of shares as percentage points, such as ``+1.3 points``."""
    return " to ".join(f"{100 * share:+.1f}" for share in shares) + " points"


def decimal(value: float | None, digits: int = 3) -> str:
    """Return a number with some digits after the point."""
    return NONE if value is None else f"{value:.{digits}f}"


def size(number: int | None) -> str:
    """Return a number of bytes, such as ``1.2 MB``."""
    if number is None:
        return NONE
    return f"{number / 1e6:.1f} MB" if number >= 100_000 else f"{number / 1e3:.1f} kB"


def measure_rows(evaluation: Json) -> Rows:
    """Return the rows measure, value, interval; the mirror's and the duplicates' with them."""
    ends = evaluation["intervals"]
    rows: Rows = [
        ("accuracy", percent(evaluation["accuracy"], 2), between(ends["accuracy"])),
        (
            "balanced accuracy",
            percent(evaluation["balanced_accuracy"], 2),
            between(ends["balanced_accuracy"]),
        ),
        ("macro F1", decimal(evaluation["macro_f1"]), _plain(ends["macro_f1"])),
        ("log loss (nats)", decimal(evaluation["log_loss"]), _plain(ends["log_loss"])),
        (
            f"expected calibration error ({evaluation['calibration']['bins']} bins)",
            percent(evaluation["expected_calibration_error"], 2),
            NONE,
        ),
    ]
    if mirror := evaluation["mirror"]:
        rows.append(
            (
                "accuracy, averaged with the mirrored face",
                percent(mirror["accuracy"], 2),
                between(mirror["intervals"]["accuracy"]),
            )
        )
    if against := evaluation.get("against"):
        name = f"accuracy less that of {against['model']} ({percent(against['accuracy'])})"
        rows.append((name, points(against["difference"]), points(*against["interval"])))
    without = evaluation["without_training_duplicates"]
    if without["reason"] is None:
        rows.append(
            (
                f"accuracy without {without['left_out']:,} faces that occur in Training",
                percent(without["accuracy"], 2),
                between(without["interval"]),
            )
        )
    else:
        rows.append(
            (f"accuracy without faces that occur in Training ({without['reason']})", NONE, NONE)
        )
    return rows


def class_rows(evaluation: Json) -> Rows:
    """Return the rows class, faces, precision, recall, F1, its interval."""
    return [
        (
            name,
            f"{each['support']:,}",
            percent(each["precision"]),
            percent(each["recall"]),
            decimal(each["f1"], 3),
            _plain(each["f1_interval"]),
        )
        for name, each in evaluation["per_class"].items()
    ]


def cost_rows(evaluation: Json) -> Rows:
    """Return the rows that say what the model costs: time, parameters, file, training."""
    model, training = evaluation["model"], evaluation["model"]["training"]
    rows: Rows = []
    if speed := evaluation["speed"]:
        times = speed["milliseconds_a_face"]
        rows += [
            ("milliseconds a face, one at a time", decimal(times["1"], 2)),
            ("milliseconds a face, eight at once", decimal(times["8"], 2)),
            (f"milliseconds a face, {speed['bulk_faces']} at once", decimal(times["bulk"], 3)),
            ("timed on", _machine(evaluation["machine"])),
        ]
    if model["parameters"] is not None:
        rows.append(("parameters", f"{model['parameters']:,}"))
    if model["bytes"] is not None:
        rows.append((f"file {model['file']}", size(model["bytes"])))
    if training["seconds"] is not None:
        where = f" ({training['machine']})" if training["machine"] else ""
        rows.append((f"seconds of training{where}", f"{training['seconds']:,.0f}"))
    return rows


def robustness_rows(evaluation: Json) -> Rows:
    """Return the rows disturbance, strengths, accuracies; empty where none was measured."""
    return [
        (
            f"{each['name']} ({each['unit']})",
            ", ".join(f"{strength:g}" for strength in each["strengths"]),
            ", ".join(percent(accuracy) for accuracy in each["accuracy"]),
        )
        for each in evaluation["robustness"] or ()
    ]


def commonest_mistakes(evaluation: Json, most: int = 3) -> str:
    """Return the commonest mistakes in a sentence's part, such as ``Sad taken for Neutral (21)``.

    Args:
        evaluation: what ``evaluate`` returned.
        most: how many.
    """
    classes, table = evaluation["data"]["classes"], evaluation["confusion_matrix"]
    mistakes = sorted(
        (
            (-count, row, column)
            for row, counts in enumerate(table)
            for column, count in enumerate(counts)
            if row != column and count
        )
    )[:most]
    return ", ".join(
        f"{classes[row]} taken for {classes[column]} ({-count:,})"
        for count, row, column in mistakes
    )


def teaching(model: Json) -> str | None:
    """Return who taught a network and how long it learned itself, in a part of a sentence.

    Args:
        model: what an evaluation says of the model.

    Returns:
        None where no other network taught it, or its notes do not say.
    """
    notes = model["notes"]
    try:
        recipe = json.loads(notes["recipe"])
        number, share = int(recipe["teachers"]), float(recipe["teacher_share"])
        own = float(notes["training_seconds_without_teachers"])
        name = str(recipe["teacher"])
    except (KeyError, TypeError, ValueError):
        return None
    if not number:
        return None
    return (
        f"taught by {number} {name} networks, trained before on the same faces: their answers are "
        f"{share:.0%} of what it learned to answer, and {own:,.0f} seconds of the training were "
        "its own"
    )


def title_of(evaluation: Json) -> str:
    """Return what was measured on what, in one line."""
    data = evaluation["data"]
    part = "the validation part" if data["split"] == "validation" else data["split"]
    return f"{evaluation['model']['name']} on {part} of {data['source']}"


def _machine(machine: Json) -> str:
    return f"{machine['cores']} cores, {machine['processor']}, {machine['system']}"


def _plain(ends: Sequence[float] | None) -> str:
    return NONE if ends is None else f"{ends[0]:.3f} to {ends[1]:.3f}"
