"""One line that says how far an installation is: rewritten on a terminal, repeated elsewhere."""

import shutil
import sys
import time
from typing import TextIO

_REPEAT_AFTER = 5.0
"""Seconds between two lines of one phase where the output is a file or a pipe."""


class Progress:
    """Prints phases such as ``Fetching packages: 57 of 150, numpy (34 s)``.

    Args:
        stream: where to print; standard output by default.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._rewrites = self._stream.isatty()
        self._began = time.monotonic()
        self._shown = ""
        self._shown_at = -_REPEAT_AFTER
        self._phase = ""

    def show(self, phase: str, detail: str = "") -> None:
        """Say what is going on now; call it as often as you like.

        Args:
            phase: the step, such as ``Fetching packages``; a new one is printed at once.
            detail: how far it is, such as ``57 of 150, numpy``.
        """
        now = time.monotonic()
        text = f"{phase}: {detail}" if detail else phase
        if self._rewrites:
            width = shutil.get_terminal_size().columns - 1
            line = f"{text} ({now - self._began:.0f} s)"[:width]
            if phase != self._phase and self._phase:
                self._stream.write("\n")
            self._stream.write("\r" + line.ljust(width))
        elif phase != self._phase or (
            text != self._shown and now - self._shown_at >= _REPEAT_AFTER
        ):
            self._stream.write(f"{text} ({now - self._began:.0f} s)\n")
            self._shown, self._shown_at = text, now
        self._phase = phase
        self._stream.flush()

    def close(self, last: str = "") -> None:
        """End the line, and say one last thing where there is one."""
        if self._rewrites and self._phase:
            self._stream.write("\n")
        if last:
            self._stream.write(f"{last} ({time.monotonic() - self._began:.0f} s)\n")
        self._phase = ""
        self._stream.flush()
