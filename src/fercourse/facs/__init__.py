"""The Facial Action Coding System, hands on: what a face shows, and what a network says of it."""

from typing import TYPE_CHECKING

from fercourse.lazily import lazy_names

if TYPE_CHECKING:
    from fercourse.facs.coding import coded, decoded
    from fercourse.facs.exploring import Slider, explore
    from fercourse.facs.figures import still
    from fercourse.facs.published import PATTERNS, Pattern, mean_overlap, overlap
    from fercourse.facs.studio import PEOPLE, Studio
    from fercourse.facs.widgets import open_studio

__all__ = [
    "PATTERNS",
    "PEOPLE",
    "Pattern",
    "Slider",
    "Studio",
    "coded",
    "decoded",
    "explore",
    "mean_overlap",
    "open_studio",
    "overlap",
    "still",
]

_HOME = {
    "PATTERNS": "published",
    "PEOPLE": "studio",
    "Pattern": "published",
    "Slider": "exploring",
    "Studio": "studio",
    "coded": "coding",
    "decoded": "coding",
    "explore": "exploring",
    "mean_overlap": "published",
    "open_studio": "widgets",
    "overlap": "published",
    "still": "figures",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, _HOME)
