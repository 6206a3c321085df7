"""Requests to end interrupt once, unless they are to be ignored."""

import errno
import os
import signal

import pytest

from fercourse.environment.stopping import interruptible

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")


@pytest.fixture(autouse=True)
def handlers():
    numbers = (signal.SIGTERM, signal.SIGHUP)
    earlier = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, earlier, strict=True):
        signal.signal(number, handler)


def test_what_comes_while_cleaning_up_does_not_interrupt_again():
    cleaned = False
    with pytest.raises(KeyboardInterrupt), interruptible():
        try:
            signal.raise_signal(signal.SIGHUP)
        finally:
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGTERM)
            cleaned = True
    assert cleaned


def test_what_is_to_be_ignored_stays_ignored_as_nohup_wants():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interruptible():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_a_terminal_that_is_gone_is_no_fault():
    with pytest.raises(KeyboardInterrupt), interruptible():
        try:
            signal.raise_signal(signal.SIGHUP)
        finally:
            raise OSError(errno.EIO, "Input/output error")


def test_other_errors_are_what_they_are():
    with pytest.raises(FileNotFoundError), interruptible():
        raise FileNotFoundError
