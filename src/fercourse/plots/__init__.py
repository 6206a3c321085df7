"""The figures that lessons, reports and documents share, and how a notebook shows one.

Names are imported when they are first used: the live programs want the colors, not Matplotlib.
"""

from typing import TYPE_CHECKING

from fercourse.lazily import lazy_names

if TYPE_CHECKING:
    from fercourse.plots.charts import confusion_matrix_figure, learning_curves
    from fercourse.plots.colors import COLORS
    from fercourse.plots.icons import icon_array
    from fercourse.plots.parallel import parallel_coordinates
    from fercourse.plots.reports import class_bars, reliability_diagram, robustness_chart
    from fercourse.plots.sheets import contact_sheet
    from fercourse.plots.showing import INK, SelfShowingFigure, png, show
    from fercourse.plots.studio import face_and_answer
    from fercourse.plots.transfer import accuracy_by_faces

__all__ = [
    "COLORS",
    "INK",
    "SelfShowingFigure",
    "accuracy_by_faces",
    "class_bars",
    "confusion_matrix_figure",
    "contact_sheet",
    "face_and_answer",
    "icon_array",
    "learning_curves",
    "parallel_coordinates",
    "png",
    "reliability_diagram",
    "robustness_chart",
    "show",
]

_HOME = {
    "COLORS": "colors",
    "INK": "showing",
    "SelfShowingFigure": "showing",
    "accuracy_by_faces": "transfer",
    "class_bars": "reports",
    "confusion_matrix_figure": "charts",
    "contact_sheet": "sheets",
    "face_and_answer": "studio",
    "icon_array": "icons",
    "learning_curves": "charts",
    "parallel_coordinates": "parallel",
    "png": "showing",
    "reliability_diagram": "reports",
    "robustness_chart": "reports",
    "show": "showing",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, _HOME)
