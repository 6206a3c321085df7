"""Starting TensorFlow without what it says at every start."""

import contextlib
import os
import tempfile
from collections.abc import Iterator


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep what is printed to standard error inside to itself, unless something fails.

    TensorFlow's libraries say on each start which rounding they use, in four lines that no
    setting turns off, and that a person at a terminal takes for a fault.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    before = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        except BaseException:
            said.seek(0)
            os.write(before, said.read())
            raise
        finally:
            os.dup2(before, 2)
            os.close(before)
