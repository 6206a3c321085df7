"""Pixels written as text: the ``70 80 82 …`` of FER2013's CSV form, read fast."""

import threading

import numpy as np
import numpy.typing as npt

from fercourse.dataset.form import SIDE

PIXELS = SIDE * SIDE
_AT_ONCE = 32  # faces whose text, a quarter of a megabyte, stays in a processor's nearer memory
_SPACE = np.uint8(ord(" "))


class _Scratch(threading.local):
    """Memory that is used again: asking the system for it each time costs twice the sums."""

    def __init__(self) -> None:
        self._memory = np.empty((4, 0), np.uint8)

    def rows(self, length: int) -> npt.NDArray[np.uint8]:
        if self._memory.shape[1] < length:
            self._memory = np.empty((4, length), np.uint8)
        return self._memory[:, :length]


_scratch = _Scratch()


def parse_pixels(texts: list[bytes]) -> npt.NDArray[np.uint8] | None:
    """Read each text's 2,304 numbers, or refuse.

    The texts are laid end to end, and the value that *would* end at each byte is worked out
    for all bytes at once: the digit there, ten times the one before it, and a hundred times
    the one before that. Then the values that stand right before a separator are picked out.
    That is some twenty passes over bytes, which a processor does sixteen or more at a time.

    Args:
        texts: one for each face, without spaces around it.

    Returns:
        uint8 (k, 48, 48); None unless every text is exactly 2,304 numbers of one to three
        digits, 0 to 255, with one space between them. Whoever gets None looks closer.
    """
    values = np.empty((len(texts), PIXELS), np.uint8)
    for start in range(0, len(texts), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        if not _parse_into(values[part].reshape(-1), texts[part]):
            return None
    return values.reshape(-1, SIDE, SIDE)


def _parse_into(values: npt.NDArray[np.uint8], texts: list[bytes]) -> bool:
    """Fill ``values``, uint8 (2304 k,); return whether all was as it should be."""
    text = np.frombuffer(b"\n".join(texts) + b"\n", np.uint8)
    digit, is_digit, value, mask = _scratch.rows(len(text))
    np.subtract(text, np.uint8(ord("0")), out=digit)
    np.less(digit, np.uint8(10), out=is_digit.view(bool))
    ends = np.flatnonzero(np.logical_not(is_digit.view(bool), out=mask.view(bool)))
    text_ends = np.cumsum([len(each) + 1 for each in texts]) - 1
    spaces = np.count_nonzero(np.equal(text, _SPACE, out=mask.view(bool)))
    if (
        len(ends) != len(values)
        or spaces != len(ends) - len(texts)
        or not np.array_equal(ends[PIXELS - 1 :: PIXELS], text_ends)
        or not is_digit[0]
        or not np.bitwise_or(is_digit[1:], is_digit[:-1], out=mask[1:]).view(bool).all()
    ):
        return False
    follows = np.bitwise_and(is_digit[1:], is_digit[:-1], out=mask[1:])  # digit after digit
    if np.bitwise_and(follows[2:], follows[:-2], out=value[3:]).view(bool).any():  # four digits
        return False
    np.multiply(digit, is_digit, out=digit)
    value[0] = digit[0]
    np.multiply(digit[:-1], np.uint8(10), out=value[1:])
    np.add(value[1:], digit[1:], out=value[1:])
    # A third digit in a row: it and the one before it follow a digit.
    hundreds = np.multiply(digit[:-2], follows[:-1], out=follows[:-1])
    np.multiply(hundreds, is_digit[2:], out=hundreds)
    if hundreds.max() > 2:
        return False
    np.multiply(hundreds, np.uint8(100), out=hundreds)
    np.add(hundreds, value[2:], out=hundreds)
    if np.less(hundreds, value[2:], out=is_digit[2:].view(bool)).any():  # 256 wraps to 0
        return False
    value[2:] = hundreds
    value.take(np.subtract(ends, 1, out=ends), out=values, mode="clip")
    return True
