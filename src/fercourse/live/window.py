"""A window that shows frames and says which key was pressed."""

import os
import subprocess
import sys
from typing import Any, Literal

import cv2

from fercourse.live.faces import Frame

Key = Literal["quit", "pause", "snapshot", "record", "help", "mirror", "bars", ""]

KEYS: dict[str, Key] = {
    "q": "quit",
    "\x1b": "quit",
    " ": "pause",
    "s": "snapshot",
    "r": "record",
    "h": "help",
    "m": "mirror",
    "b": "bars",
}

HELP = (
    "q or Escape: quit",
    "space: pause; of photographs the next",
    "s: snapshot",
    "r: record, and stop recording",
    "m: mirror",
    "b: bars",
    "h: this help",
)

HINT = ("space: the next photograph   h: help",)
"""Stands in each photograph, which would else look as if the program had stopped."""

_SIGN = 0xFFFF
"""Part of a key's code that names the key: GTK has NumLock, Shift and others above it."""

_TRY = "import cv2; cv2.namedWindow('course', cv2.WINDOW_NORMAL); cv2.destroyAllWindows()"
_PATIENCE = 20


def meaning(code: int) -> Key:
    """Return what a person wants who pressed a key.

    Letters have the same code everywhere. Arrows and the like are 0xFF51 and on with Qt and GTK,
    0xF700 and on with Cocoa, and with Windows stand above the part looked at: they mean nothing,
    and must not be cut to their last byte, which is that of Q, R or S.

    Args:
        code: as ``cv2.waitKeyEx`` returns it; -1 where no key was pressed.
    """
    return KEYS.get(chr(code & _SIGN).lower(), "")


def missing_display() -> str:
    """Return why no window can be opened, as a sentence; "" where one can.

    Without a display, OpenCV's first window ends the whole process, so another process tries it.
    """
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return "There is no display here (DISPLAY is not set), so nothing is shown."
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _TRY], capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return "The display does not answer, so nothing is shown."
    return "" if tried.returncode == 0 else "No window can be opened here, so nothing is shown."


class Window:
    """A window of the system.

    Args:
        title: what stands above it.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        cv2.namedWindow(title, cv2.WINDOW_NORMAL | cv2.WINDOW_GUI_NORMAL)
        self._sized = False

    def show(self, frame: Frame) -> None:
        """Show a frame; the first one decides how large the window is."""
        if not self._sized:
            height, width = frame.shape[:2]
            scale = min(1.0, 1280 / width, 800 / height)
            cv2.resizeWindow(
                self._title, max(1, round(width * scale)), max(1, round(height * scale))
            )
            self._sized = True
        cv2.imshow(self._title, frame)

    def key(self, milliseconds: int = 1) -> Key:
        """Return what the person wants; closing the window means to quit."""
        code: Any = cv2.waitKeyEx(max(1, milliseconds))
        if cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1:
            return "quit"
        return meaning(code)

    def close(self) -> None:
        """Take it away."""
        cv2.destroyWindow(self._title)
        cv2.waitKey(1)
