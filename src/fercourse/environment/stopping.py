"""Ctrl-C is always heard, and requests of the system to end are heard like it."""

import _thread
import contextlib
import signal
import sys
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


@contextlib.contextmanager
def every_ctrl_c_heard() -> Iterator[None]:
    """Interrupt once more where a Ctrl-C came while Python was calling something back.

    Python throws away whatever such a callback raises, for example that of a weak reference, and
    the program would run on as if nobody had pressed a key.
    """
    earlier = sys.unraisablehook
    repeated: list[threading.Timer] = []

    def heard(lost: "sys.UnraisableHookArgs") -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            earlier(lost)
            return
        timer = threading.Timer(0.05, _interrupt)  # when the callback has returned
        timer.daemon = True
        repeated.append(timer)
        timer.start()

    sys.unraisablehook = heard
    try:
        yield
    finally:
        sys.unraisablehook = earlier
        for timer in repeated:
            timer.cancel()


def _interrupt() -> None:
    """Interrupt the main thread, also one that waits, as Ctrl-C at the terminal does."""
    if hasattr(signal, "pthread_kill") and (main_thread := threading.main_thread().ident):
        signal.pthread_kill(main_thread, signal.SIGINT)
    else:
        _thread.interrupt_main()
