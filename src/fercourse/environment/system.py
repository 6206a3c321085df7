"""What the course needs of the machine itself, said in a sentence where it is missing."""

import ctypes
import platform
import subprocess
import sys

from fercourse.errors import CourseError

_OPENCV_LIBRARIES = ("libGL.so.1", "libgthread-2.0.so.0")
_OPENCV_SENTENCE = (
    "OpenCV cannot be loaded because this Linux lacks {library}. Install it with "
    "`sudo apt-get install libgl1 libglib2.0-0` (Debian, Ubuntu) or "
    "`sudo dnf install mesa-libGL glib2` (Fedora), then run the same command again."
)


def refusal() -> str | None:
    """Return why TensorFlow has no package for this system, or None where it has one."""
    machine = platform.machine().lower()
    if sys.platform == "darwin" and machine == "x86_64":
        if _is_translated():
            return (
                "this Python is made for Intel and runs translated on an Apple-silicon Mac, where "
                "TensorFlow does not work. Install the Apple-silicon (arm64 or universal2) "
                "Python 3.13 from python.org and run the command with it."
            )
        return (
            "TensorFlow has no package for Intel Macs any more. Open the course in Google Colab "
            "(https://colab.research.google.com); docs/systems.md says how."
        )
    supported = {"linux": {"x86_64", "aarch64"}, "win32": {"amd64"}, "darwin": {"arm64"}}
    if machine in supported.get(sys.platform, set()) and sys.maxsize > 2**32:
        return None
    return (
        f"TensorFlow has no package for this Python ({sys.platform}, {machine}, "
        f"{'64' if sys.maxsize > 2**32 else '32'} bits). Use a 64-bit Python on Linux, "
        "Windows (x86-64) or an Apple-silicon Mac, or Google Colab; see docs/systems.md."
    )


def _is_translated() -> bool:
    try:
        answer = subprocess.run(
            ["sysctl", "-n", "sysctl.proc_translated"], capture_output=True, check=False, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.strip() == b"1"


def require_opencv_libraries() -> None:
    """Make sure that ``import cv2`` will find the system's libraries.

    Raises:
        CourseError: a Linux without OpenGL's or GLib's library, as bare containers are.
    """
    if sys.platform != "linux":
        return
    for library in _OPENCV_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError as error:
            raise CourseError(_OPENCV_SENTENCE.format(library=library)) from error


def explained(error: Exception) -> str | None:
    """Return the sentence for an import that failed because of a system library, or None."""
    text = str(error)
    if isinstance(error, ImportError) and "cannot open shared object file" in text:
        library = text.split(":", 1)[0].strip()
        if library.startswith(("libGL", "libgthread", "libglib")):
            return _OPENCV_SENTENCE.format(library=library)
    return None
