"""This term's secret, from which the hidden cases are drawn."""

import os
import secrets

from autograder.sources import grading_folder
from fercourse.errors import CourseError
from fercourse.learn.surroundings import TERM_SECRET
from fercourse.workspace import write_atomically

SECRET_FILE = "term_secret.txt"


def term_secret() -> str:
    """Return this term's secret; where there is none yet, make one and keep it.

    Raises:
        CourseError: the file that keeps it is empty or cannot be read.
    """
    if chosen := os.environ.get(TERM_SECRET):
        return chosen
    path = grading_folder() / SECRET_FILE
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        secret = secrets.token_hex(16)
        write_atomically(path, f"{secret}\n".encode())
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read ({error}).") from error
    if not secret:
        raise CourseError(f"{path} is empty: put this term's secret there, or delete the file.")
    return secret
