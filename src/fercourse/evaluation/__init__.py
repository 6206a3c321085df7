"""How good a classifier is, how sure of that one can be, and beside whom it may stand.

Names are imported when they are first used: a command's help waits for none of them.
"""

from typing import TYPE_CHECKING

from fercourse.lazily import lazy_names

if TYPE_CHECKING:
    from fercourse.evaluation.bootstrap import accuracy_interval, intervals
    from fercourse.evaluation.chosen_faces import choose_faces
    from fercourse.evaluation.evaluating import Wanted, evaluate
    from fercourse.evaluation.loaded import load_model
    from fercourse.evaluation.measures import measure, reliability
    from fercourse.evaluation.robustness import DISTURBANCES

__all__ = [
    "DISTURBANCES",
    "Wanted",
    "accuracy_interval",
    "choose_faces",
    "evaluate",
    "intervals",
    "load_model",
    "measure",
    "reliability",
]

_HOME = {
    "DISTURBANCES": "robustness",
    "Wanted": "evaluating",
    "accuracy_interval": "bootstrap",
    "choose_faces": "chosen_faces",
    "evaluate": "evaluating",
    "intervals": "bootstrap",
    "load_model": "loaded",
    "measure": "measures",
    "reliability": "measures",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, _HOME)
