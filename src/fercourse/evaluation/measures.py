"""What a classifier's answers are worth: every measure that a report shows.

All of it follows from two arrays, the probabilities and the true labels. scikit-learn computes
what it has; docs/evaluation.md says in words what each measure means.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

BINS = 15
"""Bins of the reliability diagram and of the calibration error, equally wide (Guo et al., 2017)."""


@dataclass(frozen=True)
class ClassMeasures:
    """How well one class is recognized.

    Attributes:
        support: how many faces truly are of this class.
        precision: share of the faces called so that are so; None where none was called so.
        recall: share of the faces that are so which were called so; None without such faces.
        f1: harmonic mean of both; None without faces of this class.
    """

    support: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Measures:
    """What a classifier's answers on some faces are worth; shares lie from 0 to 1.

    Attributes:
        accuracy: share of faces whose likeliest class is the true one.
        balanced_accuracy: mean recall of the classes that occur.
        macro_f1: mean F1 of the classes that occur.
        log_loss: mean of -log of the true class's probability, in nats.
        expected_calibration_error: see ``reliability``.
        classes: for each class how well it is recognized, in label order.
        confusion_matrix: int (k, k), truth down and answers across.
    """

    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    log_loss: float
    expected_calibration_error: float
    classes: tuple[ClassMeasures, ...]
    confusion_matrix: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reliability:
    """Confidence against accuracy, bin by bin.

    Attributes:
        edges: (bins + 1,), from 0 to 1.
        faces: int (bins,), how many faces had such a confidence.
        confidence: (bins,), their mean confidence; NaN in an empty bin.
        accuracy: (bins,), the share of them that is right; NaN in an empty bin.
    """

    edges: Floats
    faces: npt.NDArray[np.int64]
    confidence: Floats
    accuracy: Floats

    @property
    def expected_calibration_error(self) -> float:
        """The distance of confidence from accuracy, averaged over faces.

        Naeini, Cooper and Hauskrecht (2015), "Obtaining well calibrated probabilities using
        Bayesian binning", as used by Guo et al. (2017), "On calibration of modern neural networks".
        """
        gaps = np.abs(np.nan_to_num(self.confidence - self.accuracy))
        return float(np.sum(gaps * self.faces) / max(self.faces.sum(), 1))


def measure(probabilities: Floats, labels: npt.NDArray[np.integer]) -> Measures:
    """Compute every measure.

    Args:
        probabilities: (n, k), each row adding up to 1; n at least 1.
        labels: (n,), the true classes, 0 to k - 1.

    Raises:
        ValueError: there is no face, or the shapes do not fit.
    """
    from sklearn.metrics import accuracy_score, balanced_accuracy_score

    _check(probabilities, labels)
    answers = probabilities.argmax(axis=1)
    with warnings.catch_warnings():  # of classes that do not occur: docs/evaluation.md says how
        warnings.simplefilter("ignore")
        balanced = balanced_accuracy_score(labels, answers)
    classes = class_measures(answers, labels, probabilities.shape[1])
    return Measures(
        accuracy=float(accuracy_score(labels, answers)),
        balanced_accuracy=float(balanced),
        macro_f1=float(np.mean([each.f1 for each in classes if each.f1 is not None])),
        log_loss=float(surprise(probabilities, labels).mean()),
        expected_calibration_error=reliability(probabilities, labels).expected_calibration_error,
        classes=classes,
        confusion_matrix=confusion_matrix(answers, labels, probabilities.shape[1]),
    )


def confusion_matrix(
    answers: npt.NDArray[np.integer], labels: npt.NDArray[np.integer], k: int
) -> npt.NDArray[np.int64]:
    """Return how often each of k classes (down) was called each class (across), int (k, k)."""
    from sklearn.metrics import confusion_matrix as of_sklearn

    table: npt.NDArray[np.int64] = of_sklearn(labels, answers, labels=range(k))
    return table


def class_measures(
    answers: npt.NDArray[np.integer], labels: npt.NDArray[np.integer], k: int
) -> tuple[ClassMeasures, ...]:
    """Return how well each of k classes is recognized.

    What would divide by zero is None: a class that does not occur among the true labels has no
    recall and no F1, one that was never called has no precision (its F1 is 0).
    """
    from sklearn.metrics import precision_recall_fscore_support

    precision, recall, f1, support = precision_recall_fscore_support(
        labels, answers, labels=range(k), zero_division=np.nan
    )
    return tuple(
        ClassMeasures(
            support=int(support[label]),
            precision=_known(precision[label]),
            recall=_known(recall[label]),
            f1=_known(f1[label]) if support[label] else None,
        )
        for label in range(k)
    )


def surprise(probabilities: Floats, labels: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """Return each face's part of the log loss: -log of its true class's probability, (n,).

    A probability below float32's smallest step from 1, about 1.2e-7, counts as that, as in
    scikit-learn: a classifier that rules the truth out would have an infinite loss otherwise.
    """
    chances = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return -np.log(np.clip(chances, np.finfo(np.float32).eps, 1))


def reliability(
    probabilities: Floats, labels: npt.NDArray[np.integer], bins: int = BINS
) -> Reliability:
    """Compare how sure the classifier is with how often it is right.

    Args:
        probabilities: (n, k).
        labels: (n,).
        bins: how many, each as wide as the others.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    # A confidence on an edge belongs to the bin below it.
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    faces = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        return Reliability(
            edges=np.linspace(0, 1, bins + 1),
            faces=faces,
            confidence=np.bincount(place, confidence, bins) / faces,
            accuracy=np.bincount(place, right, bins) / faces,
        )


def _check(probabilities: Floats, labels: npt.NDArray[np.integer]) -> None:
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1]:
        raise ValueError(
            f"probabilities must be (n, k) and labels (n,), not {probabilities.shape} and "
            f"{labels.shape}."
        )
    if not len(labels):
        raise ValueError("there must be at least one face to measure on.")
    if labels.min() < 0 or labels.max() >= probabilities.shape[1]:
        raise ValueError(f"labels must lie from 0 to {probabilities.shape[1] - 1}.")


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
