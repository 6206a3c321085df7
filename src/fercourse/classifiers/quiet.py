"""Starting TensorFlow without what it says at every start."""

import contextlib
import os
import tempfile
import threading
from collections.abc import Iterator

from fercourse.errors import CourseError

_ONE_AT_A_TIME = threading.RLock()


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep what is printed to standard error inside to itself, unless something fails.

    TensorFlow's libraries say on each start which rounding they use, in four lines that no
    setting turns off, and that a person at a terminal takes for a fault. A CourseError says by
    itself what failed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with _ONE_AT_A_TIME, tempfile.TemporaryFile() as said:
        before = os.dup(2)
        os.dup2(said.fileno(), 2)
        try:
            yield
        except CourseError:
            raise
        except BaseException:
            said.seek(0)
            os.write(before, said.read())
            raise
        finally:
            os.dup2(before, 2)
            os.close(before)
