"""``evaluate``: all that is measured of one classifier on some faces, as plain data.

docs/evaluation.md describes the data, which ``course.py evaluate --json`` prints and which a
shipped model's ``card.json`` holds.
"""

import math
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.contract import Classifier
from fercourse.classifiers.inference import cores
from fercourse.dataset import FaceSet
from fercourse.dataset.loading import progress_bar
from fercourse.errors import CourseError
from fercourse.evaluation.against import difference
from fercourse.evaluation.answers import answers_of, mirrored_answers
from fercourse.evaluation.bootstrap import (
    LEVEL,
    METHOD,
    RESAMPLES,
    SEED,
    intervals,
)
from fercourse.evaluation.chosen_faces import Chosen, occurs_in
from fercourse.evaluation.loaded import Loaded, kind_of
from fercourse.evaluation.measures import BINS, Floats, measure, reliability
from fercourse.evaluation.protocol import Protocol, read_parts
from fercourse.evaluation.robustness import DISTURBANCES
from fercourse.evaluation.speed import BULK, milliseconds_a_face

FORMAT = "fercourse-evaluation-1"

Json = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What is measured beside the answers themselves.

    Attributes:
        mirror: also with the answers to the mirrored face averaged in.
        robustness: also on disturbed faces.
        speed: also how long a face takes.
        resamples: draws of the bootstrap.
        against: another classifier of the same classes, to compare with on the same faces.
    """

    mirror: bool = False
    robustness: bool = False
    speed: bool = True
    resamples: int = RESAMPLES
    against: Loaded | None = None


def evaluate(
    loaded: Loaded,
    chosen: Chosen,
    wanted: Wanted | None = None,
    *,
    command: str = "",
    progress: bool = False,
) -> Json:
    """Measure a classifier.

    Args:
        loaded: it, and what it says of itself.
        chosen: the faces, and those it may have learned from.
        wanted: what to measure beside.
        command: the command line, to be kept.
        progress: show a bar.

    Returns:
        Plain data without NaN, see docs/evaluation.md.

    Raises:
        CourseError: its answers are no probabilities, or what it is compared with has other
            classes.
    """
    wanted = wanted or Wanted()
    classifier, faces = loaded.classifier, chosen.faces
    rounds = 1 + wanted.mirror + bool(wanted.against)
    rounds += wanted.robustness * sum(len(d.strengths) for d in DISTURBANCES)
    with progress_bar(f"Asking {loaded.name}", rounds * len(faces), progress) as told:
        plain = answers_of(classifier, faces.images, told)
        mirror = None
        if wanted.mirror:
            mirror = (plain + mirrored_answers(classifier, faces.images, told)) / 2
        robustness = _robustness(classifier, faces, told) if wanted.robustness else None
        against = _against(plain, wanted, faces, told) if wanted.against else None
    return {
        "format": FORMAT,
        "checksum": loaded.checksum,
        "model": _model(loaded),
        "data": _data(chosen),
        **_measured(plain, faces, wanted.resamples),
        "calibration": _calibration(plain, faces),
        "without_training_duplicates": _without_duplicates(plain, chosen, wanted.resamples),
        "mirror": None if mirror is None else _measured(mirror, faces, wanted.resamples),
        "against": against,
        "robustness": robustness,
        "speed": _speed(classifier, faces.images) if wanted.speed else None,
        "protocol": _protocol(loaded.notes, chosen),
        "machine": _machine(),
        "command": command,
    }


def _measured(probabilities: Floats, faces: FaceSet, resamples: int) -> Json:
    """Return the measures of some answers with their intervals."""
    labels = faces.labels.astype(np.int64)
    found, ends = (
        measure(probabilities, labels),
        intervals(probabilities, labels, resamples=resamples),
    )
    return {
        "accuracy": found.accuracy,
        "balanced_accuracy": found.balanced_accuracy,
        "macro_f1": found.macro_f1,
        "log_loss": found.log_loss,
        "expected_calibration_error": found.expected_calibration_error,
        "intervals": {
            "level": LEVEL,
            "method": METHOD,
            "resamples": resamples,
            "seed": SEED,
            "accuracy": list(ends.accuracy),
            "balanced_accuracy": list(ends.balanced_accuracy),
            "macro_f1": list(ends.macro_f1),
            "log_loss": list(ends.log_loss),
        },
        "per_class": {
            name: {
                "support": each.support,
                "precision": each.precision,
                "recall": each.recall,
                "f1": each.f1,
                "f1_interval": None if between is None else list(between),
            }
            for name, each, between in zip(faces.classes, found.classes, ends.f1, strict=True)
        },
        "confusion_matrix": found.confusion_matrix.tolist(),
    }


def _calibration(probabilities: Floats, faces: FaceSet) -> Json:
    bins = reliability(probabilities, faces.labels.astype(np.int64))
    return {
        "bins": BINS,
        "edges": bins.edges.tolist(),
        "faces": bins.faces.tolist(),
        "confidence": [_or_none(value) for value in bins.confidence],
        "accuracy": [_or_none(value) for value in bins.accuracy],
        "mean_confidence": float(probabilities.max(axis=1).mean()),
    }


def _without_duplicates(probabilities: Floats, chosen: Chosen, resamples: int) -> Json:
    """Return the accuracy without faces that occur, pixel for pixel, among those learned from."""
    if chosen.learned is None:
        return _no_accuracy(chosen.why_not)
    new = ~occurs_in(chosen.faces.images, chosen.learned)
    if not new.any():
        return _no_accuracy("each of these faces occurs in Training")
    answers, labels = probabilities[new], chosen.faces.labels[new].astype(np.int64)
    return {
        "accuracy": measure(answers, labels).accuracy,
        "interval": list(intervals(answers, labels, resamples=resamples).accuracy),
        "faces": len(labels),
        "left_out": int((~new).sum()),
        "reason": None,
    }


def _no_accuracy(reason: str) -> Json:
    return {"accuracy": None, "interval": None, "faces": 0, "left_out": None, "reason": reason}


def _against(plain: Floats, wanted: Wanted, faces: FaceSet, told: Any) -> Json:
    """Return how a classifier's answers compare with another one's."""
    other = wanted.against
    assert other is not None, "asked only where there is one"
    if tuple(other.classifier.classes) != faces.classes:
        raise CourseError(
            f"{other.name} has other classes ({', '.join(other.classifier.classes)}), so the two "
            "cannot be compared."
        )
    answers = answers_of(other.classifier, faces.images, told)
    right = (plain.argmax(axis=1) == faces.labels, answers.argmax(axis=1) == faces.labels)
    found = asdict(difference(*right, resamples=wanted.resamples))
    return {"model": other.name, "checksum": other.checksum, **found}


def _robustness(classifier: Classifier, faces: FaceSet, told: Any) -> list[Json]:
    found = []
    for disturbance in DISTURBANCES:
        accuracies = [
            float(
                np.mean(
                    answers_of(classifier, disturbance.apply(faces.images, strength), told).argmax(
                        axis=1
                    )
                    == faces.labels
                )
            )
            for strength in disturbance.strengths
        ]
        found.append(
            {
                "name": disturbance.name,
                "unit": disturbance.unit,
                "strengths": list(disturbance.strengths),
                "accuracy": accuracies,
            }
        )
    return found


def _speed(classifier: Classifier, images: npt.NDArray[np.uint8]) -> Json:
    found = milliseconds_a_face(classifier, images)
    return {"milliseconds_a_face": found, "bulk_faces": BULK, "statistic": "median"}


def _data(chosen: Chosen) -> Json:
    faces = chosen.faces
    counts = np.bincount(faces.labels, minlength=len(faces.classes)).tolist()
    return {
        "source": faces.source,
        "kind": faces.kind,
        "split": chosen.split,
        "faces": len(faces),
        "classes": list(faces.classes),
        "class_scheme": faces.scheme.name,
        "class_scheme_title": faces.scheme.title,
        "counts": dict(zip(faces.classes, counts, strict=True)),
    }


def _model(loaded: Loaded) -> Json:
    notes = loaded.notes
    return {
        "name": loaded.name,
        "architecture": loaded.architecture,
        "file": loaded.file.name if loaded.file else None,
        "bytes": loaded.bytes,
        "parameters": loaded.parameters,
        "training": {
            "faces": kind_of(notes.get("faces")),
            "fitted_on": notes.get("fitted_on"),
            "chosen_on": notes.get("chosen_on"),
            "seconds": _number(notes.get("training_seconds")),
            "machine": notes.get("training_machine"),
            "command": notes.get("training_command"),
            "extra_data": notes.get("extra_data"),
        },
        "notes": dict(notes),
    }


def _protocol(notes: Mapping[str, str], chosen: Chosen) -> Json:
    learned_from = kind_of(notes.get("faces"))
    protocol = Protocol(
        reported_on=chosen.split,
        fitted_on=read_parts(notes.get("fitted_on")),
        chosen_on=read_parts(notes.get("chosen_on")),
        same_faces=None if learned_from is None else learned_from == chosen.faces.kind,
    )
    return {"reported_on": chosen.split, "sentence": protocol.sentence, "flag": protocol.flag}


def _machine() -> Json:
    """Return what speed depends on, and the versions that answers may depend on."""
    import sklearn

    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": cores(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit_learn": sklearn.__version__,
    }


def _or_none(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
