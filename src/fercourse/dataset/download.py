"""Fetch FER2013 from Kaggle, for people who have a token there."""

import os
from pathlib import Path

from fercourse.errors import CourseError


def download(dataset: str) -> Path:
    """Fetch a data set with kagglehub and return the folder it lies in.

    Args:
        dataset: its handle, such as ``msambare/fer2013``.

    Raises:
        CourseError: kagglehub, the token or the network is missing.
    """
    try:
        import kagglehub
    except ImportError as error:
        raise CourseError(
            "kagglehub is not installed. Run it as `python3 course.py data get`, which installs "
            "it, or: pip install kagglehub."
        ) from error
    if not _has_token():
        raise CourseError(
            "no Kaggle token was found. Make one in your Kaggle account's settings and put "
            "kaggle.json into the folder .kaggle of your home folder. Or download FER2013 with a "
            "browser and name the file: python3 course.py data use PATH."
        )
    try:
        return Path(kagglehub.dataset_download(dataset))
    except Exception as error:  # kagglehub raises whatever its libraries do
        raise CourseError(
            f"{dataset} could not be fetched from Kaggle ({_first_line(error)}). Check the "
            "network and the token, or download it with a browser and name the file: "
            "python3 course.py data use PATH."
        ) from error


def _has_token() -> bool:
    """Return whether a token is anywhere that kagglehub looks."""
    if os.environ.get("KAGGLE_API_TOKEN"):
        return True
    if os.environ.get("KAGGLE_USERNAME") and os.environ.get("KAGGLE_KEY"):
        return True
    folders = [Path.home() / ".kaggle"]
    if chosen := os.environ.get("KAGGLE_CONFIG_DIR"):
        folders.insert(0, Path(chosen))
    return any((folder / name).is_file() for folder in folders for name in _TOKEN_FILES)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


_TOKEN_FILES = ("kaggle.json", "access_token", "access_token.txt")
