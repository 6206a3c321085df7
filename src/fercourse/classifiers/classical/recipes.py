"""The classical classifiers of ``CLASSICAL``, with the settings that the validation part chose."""

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from fercourse.classifiers.classical.faces import FaceClassifier
from fercourse.classifiers.classical.kernel_machine import KernelMachine
from fercourse.classifiers.classical.metric import WithinClassMetric
from fercourse.classifiers.classical.vote import FaceVote


def by_angle(distances: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return the votes of neighbors that are unit vectors: their cosine to the fourth power.

    Args:
        distances: (n, neighbors), Euclidean.
    """
    return np.maximum(1 - distances**2 / 2, 1e-3) ** 4


def knn() -> FaceClassifier:
    """Return nearest neighbors on directed HOG, in a metric learned from the classes."""
    return FaceClassifier(_neighbors(), features="directed_hog", mirror="added")


def knn_pixels() -> FaceClassifier:
    """Return nearest neighbors on pixels, in a metric learned from the classes."""
    return FaceClassifier(_neighbors(), features="pixels", mirror="added")


def svm() -> FaceClassifier:
    """Return an RBF support vector machine on directed HOG that knows mirror images."""
    return FaceClassifier(_machine(), features="directed_hog", mirror="beside")


def svm_pixels() -> FaceClassifier:
    """Return an RBF support vector machine on pixels that knows mirror images."""
    return FaceClassifier(_machine(), features="pixels", mirror="beside")


def classical_vote() -> FaceVote:
    """Return the average of nearest neighbors and the support vector machine on directed HOG."""
    return FaceVote([knn(), svm()])


def _neighbors() -> object:
    return make_pipeline(
        WithinClassMetric(),
        KNeighborsClassifier(60, weights=by_angle, algorithm="brute"),
    )


def _machine() -> KernelMachine:
    return KernelMachine(metric=WithinClassMetric(), beside=True, regularization=0.1)
