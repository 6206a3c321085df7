"""Classifiers of faces: the contract, the classical ones, the networks and their weights.

``load_classifier`` is the one way to a classifier that is ready to use. Names are imported when
they are first used, so that asking for the models' names waits for neither Keras nor scikit-learn.
"""

from typing import TYPE_CHECKING

from fercourse.lazily import lazy_names

if TYPE_CHECKING:
    from fercourse.classifiers.catalog import load_classifier, model_names
    from fercourse.classifiers.contract import Classifier, require_images

__all__ = ["Classifier", "load_classifier", "model_names", "require_images"]

_HOME = {
    "Classifier": "contract",
    "load_classifier": "catalog",
    "model_names": "catalog",
    "require_images": "contract",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, _HOME)
