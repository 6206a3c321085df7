"""Classical classifiers: nearest neighbors and kernel machines on descriptions of faces.

``CLASSICAL`` maps names to functions that make an unfitted estimator of each, with the settings
that the validation part chose. scikit-learn is imported when one is made.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fercourse.lazily import lazy_names

if TYPE_CHECKING:
    from fercourse.classifiers.classical.faces import FaceClassifier
    from fercourse.classifiers.classical.kernel_machine import KernelMachine
    from fercourse.classifiers.classical.metric import WithinClassMetric
    from fercourse.classifiers.classical.vote import FaceVote

__all__ = ["CLASSICAL", "FaceClassifier", "FaceVote", "KernelMachine", "WithinClassMetric"]

_HOME = {
    "FaceClassifier": "faces",
    "FaceVote": "vote",
    "KernelMachine": "kernel_machine",
    "WithinClassMetric": "metric",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, _HOME)


def _maker(name: str) -> "Callable[[], FaceClassifier | FaceVote]":
    def make() -> "FaceClassifier | FaceVote":
        from fercourse.classifiers.classical import recipes

        return getattr(recipes, name)()

    return make


CLASSICAL: "dict[str, Callable[[], FaceClassifier | FaceVote]]" = {
    "knn": _maker("knn"),
    "knn-pixels": _maker("knn_pixels"),
    "svm": _maker("svm"),
    "svm-pixels": _maker("svm_pixels"),
    "classical-vote": _maker("classical_vote"),
}
"""Each classical classifier's name and what makes it, unfitted: ``CLASSICAL["knn"]()``."""
