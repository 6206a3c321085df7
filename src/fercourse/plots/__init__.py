"""The figures that lessons, reports and documents share, and how a notebook shows one."""

from fercourse.plots.charts import COLORS, confusion_matrix_figure, learning_curves
from fercourse.plots.parallel import parallel_coordinates
from fercourse.plots.reports import class_bars, reliability_diagram, robustness_chart
from fercourse.plots.sheets import contact_sheet
from fercourse.plots.showing import INK, SelfShowingFigure, show
from fercourse.plots.transfer import accuracy_by_faces

__all__ = [
    "COLORS",
    "INK",
    "SelfShowingFigure",
    "accuracy_by_faces",
    "class_bars",
    "confusion_matrix_figure",
    "contact_sheet",
    "learning_curves",
    "parallel_coordinates",
    "reliability_diagram",
    "robustness_chart",
    "show",
]
