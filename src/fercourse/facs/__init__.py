"""The Facial Action Coding System, hands on: what a face shows, and what a network says of it."""

from typing import TYPE_CHECKING

from fercourse.lazily import lazy_names

if TYPE_CHECKING:
    from fercourse.facs.coding import coded, decoded
    from fercourse.facs.published import PATTERNS, Pattern, mean_overlap, overlap
    from fercourse.facs.still import still
    from fercourse.facs.studio import PEOPLE, Studio

__all__ = [
    "PATTERNS",
    "PEOPLE",
    "Pattern",
    "Studio",
    "coded",
    "decoded",
    "mean_overlap",
    "overlap",
    "still",
]

_HOME = {
    "PATTERNS": "published",
    "PEOPLE": "studio",
    "Pattern": "published",
    "Studio": "studio",
    "coded": "coding",
    "decoded": "coding",
    "mean_overlap": "published",
    "overlap": "published",
    "still": "still",
}

__getattr__, __dir__ = lazy_names(__name__, __all__, _HOME)
