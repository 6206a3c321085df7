"""Faces to learn from: FER2013 in each form it is published in, or drawn ones.

``load_faces`` is the one way in. Names are imported when they are first used, so that
``fercourse.dataset.catalog``, which ``course.py start`` asks whether the faces are
prepared, does not wait for numpy.
"""

from typing import TYPE_CHECKING

from fercourse.lazily import lazy_names

if TYPE_CHECKING:
    from fercourse.dataset.catalog import is_prepared
    from fercourse.dataset.faceset import FaceSet
    from fercourse.dataset.loading import drawn_truth, load_faces, prepare
    from fercourse.dataset.splitting import validation_split

__all__ = ["FaceSet", "drawn_truth", "is_prepared", "load_faces", "prepare", "validation_split"]

_HOME = {
    "FaceSet": "faceset",
    "drawn_truth": "loading",
    "is_prepared": "catalog",
    "load_faces": "loading",
    "prepare": "loading",
    "validation_split": "splitting",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, _HOME)
