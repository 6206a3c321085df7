"""Requests of the system to end are heard like Ctrl-C."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Treat a request to end, as from a closed terminal, like Ctrl-C: clean up, then go.

    A closed terminal may ask several times; only the first one interrupts, so that cleaning up is
    not cut short. What the person had set to be ignored, as ``nohup`` does, stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    earlier = {number: signal.getsignal(number) for number in numbers}
    heard = [number for number in numbers if earlier[number] not in (signal.SIG_IGN, None)]

    asked = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        for number in heard:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in heard:
        signal.signal(number, interrupt)
    try:
        yield
    except OSError:
        if asked:  # what is said on the way out finds no terminal any more
            raise KeyboardInterrupt from None
        raise
    finally:
        for number in heard:
            signal.signal(number, earlier[number])
