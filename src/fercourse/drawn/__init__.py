"""Faces drawn from facial action units: FER2013's stand-in, with the truth beside each label.

No photograph and no trained model is behind them. ``draw`` makes one face from a ``Portrait``,
``faces`` thousands from a seed, ``default_set`` the set that the course starts with.
"""

from fercourse.drawn.action_units import ACTION_UNITS, GRADES, NUMBERS, ActionUnit, as_array
from fercourse.drawn.default_set import DEFAULT_SET_VERSION, DefaultSet, default_set
from fercourse.drawn.people import PersonTruth
from fercourse.drawn.portrait import (
    Camera,
    Framing,
    Identity,
    Light,
    Occlusion,
    Portrait,
    Pose,
)
from fercourse.drawn.prototypes import PROTOTYPES, Prototype, full_expression, sample_expression
from fercourse.drawn.render import draw
from fercourse.drawn.sampling import (
    DrawnFaces,
    faces,
    sample_identity,
    sample_light,
    sample_portrait,
    sample_pose,
)
from fercourse.drawn.scenes import Scene, scene
from fercourse.drawn.videos import video

__all__ = [
    "ACTION_UNITS",
    "DEFAULT_SET_VERSION",
    "GRADES",
    "NUMBERS",
    "PROTOTYPES",
    "ActionUnit",
    "Camera",
    "DefaultSet",
    "DrawnFaces",
    "Framing",
    "Identity",
    "Light",
    "Occlusion",
    "PersonTruth",
    "Portrait",
    "Pose",
    "Prototype",
    "Scene",
    "as_array",
    "default_set",
    "draw",
    "faces",
    "full_expression",
    "sample_expression",
    "sample_identity",
    "sample_light",
    "sample_portrait",
    "sample_pose",
    "scene",
    "video",
]
