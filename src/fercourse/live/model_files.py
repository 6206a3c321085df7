"""The one file that the live programs use and the course does not bring: YuNet, a face detector."""

import hashlib
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fercourse.errors import CourseError
from fercourse.live.detectors import HaarDetector, YuNetDetector
from fercourse.live.faces import Detector
from fercourse.workspace import absolute, data_folder, read_settings, remember, write_atomically

YUNET_FILE = "face_detection_yunet_2023mar.onnx"
YUNET_BYTES = 232_589
YUNET_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
YUNET_ADDRESSES = (
    "https://media.githubusercontent.com/media/opencv/opencv_zoo/main/models/"
    f"face_detection_yunet/{YUNET_FILE}",
    f"https://huggingface.co/opencv/face_detection_yunet/resolve/main/{YUNET_FILE}",
)
"""OpenCV Zoo, MIT licence, and its own copy."""

DetectorName = Literal["auto", "yunet", "haar"]

_SETTING = "models"
_PATIENCE = 20
_HOW_TO_GET = (
    "Fetch it with `python3 course.py models get`, or, where you have it already, say in which "
    "folder: `python3 course.py models use FOLDER`."
)


@dataclass(frozen=True)
class Choice:
    """A detector and why it is this one.

    Attributes:
        detector: to find faces with.
        reason: a sentence for the person who runs a live program.
    """

    detector: Detector
    reason: str


def models_folder() -> Path:
    """Return the folder where YuNet is looked for: named, remembered, or the data folder's own."""
    chosen = os.environ.get("FERCOURSE_MODELS") or read_settings().get(_SETTING)
    return absolute(chosen) if chosen else data_folder() / "detectors"


def yunet_file() -> Path | None:
    """Return YuNet's file, or None where there is none.

    Raises:
        CourseError: it is there and is not the published file.
    """
    path = models_folder() / YUNET_FILE
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror or error}.") from error
    _check(content, str(path))
    return path


def detector_of(name: DetectorName = "auto") -> Choice:
    """Return the detector that is asked for, or the best there is.

    Args:
        name: ``"auto"`` takes YuNet where its file is, else Haar's cascade.

    Raises:
        CourseError: YuNet is asked for and its file is missing or damaged.
    """
    if name == "haar":
        return Choice(HaarDetector(), "Faces are found by Haar's cascade, as asked for.")
    if name == "yunet":
        if (path := yunet_file()) is None:
            raise CourseError(f"YuNet is not in {models_folder()}. {_HOW_TO_GET}")
        return Choice(YuNetDetector(path), "Faces are found by YuNet, as asked for.")
    try:
        path = yunet_file()
        if path is not None:
            return Choice(YuNetDetector(path), f"Faces are found by YuNet ({path}).")
        why = f"YuNet, which finds more faces in less time, is not in {models_folder()}."
    except CourseError as error:
        why = str(error)
    return Choice(HaarDetector(), f"Faces are found by Haar's cascade. {why} {_HOW_TO_GET}")


def use_folder(folder: Path) -> Path:
    """Look for YuNet in a folder from now on.

    Returns:
        The file.

    Raises:
        CourseError: it is not there, or is not the published file.
    """
    path = folder / YUNET_FILE
    try:
        _check(path.read_bytes(), str(path))
    except OSError as error:
        raise CourseError(
            f"{folder} does not hold {YUNET_FILE} ({error.strerror or error}). Name the folder "
            "that it lies in."
        ) from error
    remember(_SETTING, str(folder))
    return path


def fetch_yunet() -> Path:
    """Fetch YuNet from the internet, check it, and keep it in the data folder.

    Raises:
        CourseError: no server gave the published file.
    """
    path = data_folder() / "detectors" / YUNET_FILE
    faults = []
    for address in YUNET_ADDRESSES:
        try:
            content = _download(address)
            _check(content, address)
        except CourseError as error:
            faults.append(str(error))
            continue
        write_atomically(path, content)
        remember(_SETTING, None)
        return path
    raise CourseError(
        f"YuNet could not be fetched. {' '.join(faults)} With a browser, download {YUNET_FILE} "
        "from OpenCV Zoo (https://github.com/opencv/opencv_zoo) into a folder and name it: "
        "`python3 course.py models use FOLDER`."
    )


def _download(address: str) -> bytes:
    """Return what an address gives, at most a little more than is wanted.

    Raises:
        CourseError: the server cannot be reached or refuses.
    """
    request = urllib.request.Request(address, headers={"User-Agent": "fercourse"})
    server = address.split("/")[2]
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            content: bytes = answer.read(YUNET_BYTES + 1)
            return content
    except urllib.error.HTTPError as error:
        raise CourseError(f"{server} answered {error.code} ({error.reason}).") from error
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise CourseError(f"{server} cannot be reached ({reason}).") from error


def _check(content: bytes, where: str) -> None:
    """Raise a CourseError where this is not the published file."""
    if hashlib.sha256(content).hexdigest() != YUNET_SHA256:
        raise CourseError(
            f"{where} is not the published YuNet of March 2023: it has {len(content):,} bytes "
            f"(published: {YUNET_BYTES:,}), or others."
        )
