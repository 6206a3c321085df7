"""Whether what came is what was expected, and how to say that it is not."""

import math
from collections.abc import Mapping, Sequence
from numbers import Number

import numpy as np
import pandas as pd

_LONGEST = 300


def difference(got: object, expected: object, within: float) -> str | None:
    """Return how a value differs from the expected one, or None where it does not.

    Lists, tuples and arrays of the same shape are alike; so are Python's and numpy's numbers.
    A value that is not a number equals nothing.

    Args:
        got: what came.
        expected: a number, text, truth value, None, list, tuple, dict, array or table.
        within: the largest difference of two numbers that is as good as none.
    """
    if got is None and expected is not None:
        return "it returned nothing: is a `return` missing?"
    if isinstance(expected, pd.DataFrame | pd.Series):
        return _of_tables(got, expected, within)
    if isinstance(expected, Mapping):
        return _of_mappings(got, expected, within)
    if isinstance(expected, str | bool | np.bool_) or expected is None:
        return _of_words(got, expected)
    if isinstance(expected, Number | np.generic):
        return _of_numbers(got, expected, within)
    if isinstance(expected, np.ndarray):
        return _of_arrays(got, expected, within)
    if isinstance(expected, Sequence):
        return _of_sequences(got, expected, within)
    raise TypeError(f"a test cannot expect a {type(expected).__name__}.")


def shown(value: object) -> str:
    """Return a value in few characters, for a sentence."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        head = f"array {value.dtype} {value.shape}"
        inside = np.array2string(value, threshold=20, edgeitems=3, precision=4, separator=", ")
        text = f"{head} {inside}" if value.size <= 100 else head
    elif isinstance(value, pd.DataFrame | pd.Series):
        text = f"a table\n{value}"
    else:
        text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _of_words(got: object, expected: object) -> str | None:
    if isinstance(expected, bool | np.bool_):
        if not isinstance(got, bool | np.bool_):
            return f"it should be True or False, not of the kind {_kind(got)}"
        return None if bool(got) == bool(expected) else "it is the other one"
    if isinstance(expected, str):
        if not isinstance(got, str):
            return f"it should be text, not of the kind {_kind(got)}"
        # An entry of an array of names is numpy's own kind of text.
        return None if str.__str__(got) == expected else "it is another"
    return None if got is None else "it is another"


def _of_numbers(got: object, expected: object, within: float) -> str | None:
    value = got.item() if isinstance(got, np.ndarray) and got.ndim == 0 else got
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        return f"it should be one number, not of the kind {_kind(got)}"
    return _apart(float(value), float(expected), within)  # type: ignore[arg-type]


def _apart(value: float, expected: float, within: float) -> str | None:
    if math.isnan(value):
        return "it is not a number (NaN): was something divided by zero?"
    if value == expected or abs(value - expected) <= within:
        return None
    return f"it differs by {value - expected:+.4g}"


def _of_arrays(got: object, expected: np.ndarray, within: float) -> str | None:
    if isinstance(got, pd.DataFrame | pd.Series):
        got = got.to_numpy()
    if not isinstance(got, np.ndarray | list | tuple):
        return f"it should be an array, not of the kind {_kind(got)}"
    try:
        values = np.asarray(got)
    except ValueError:
        return "its rows are not equally long"
    if values.shape != expected.shape:
        return f"its shape should be {expected.shape}, not {values.shape}"
    if expected.dtype.kind not in "fiub":
        return _of_sequences(values.ravel().tolist(), expected.ravel().tolist(), within)
    if values.dtype.kind not in "fiub":
        return f"it should hold numbers, not {values.dtype}"
    return _of_entries(values.astype(np.float64), expected.astype(np.float64), within)


def _of_entries(values: np.ndarray, expected: np.ndarray, within: float) -> str | None:
    if np.isnan(values).any():
        return "an entry is not a number (NaN): was something divided by zero?"
    same = values == expected
    with np.errstate(invalid="ignore"):
        wrong = ~(same | (np.abs(values - expected) <= within))
    if not wrong.any():
        return None
    at = np.argwhere(wrong)[0]
    place = f" at [{', '.join(map(str, at))}]" if values.ndim else ""
    first = f"{values[tuple(at)]:.6g} instead of {expected[tuple(at)]:.6g}"
    return f"{int(wrong.sum())} of {wrong.size} entries differ, the first{place}: {first}"


def _of_sequences(got: object, expected: Sequence[object], within: float) -> str | None:
    if isinstance(got, pd.Series | np.ndarray):
        got = got.tolist()
    if not isinstance(got, list | tuple):
        return f"it should be a list, not of the kind {_kind(got)}"
    if len(got) != len(expected):
        return f"it should have {len(expected)} entries, not {len(got)}"
    for position, (one, other) in enumerate(zip(got, expected, strict=True)):
        if reason := difference(one, other, within):
            return f"entry {position}: {reason}"
    return None


def _of_mappings(got: object, expected: Mapping[object, object], within: float) -> str | None:
    if isinstance(got, pd.Series):
        got = got.to_dict()
    if not isinstance(got, Mapping):
        return f"it should be a dictionary, not of the kind {_kind(got)}"
    if missing := [key for key in expected if key not in got]:
        return f"the key {missing[0]!r} is missing"
    if surplus := [key for key in got if key not in expected]:
        return f"there is a key too many: {surplus[0]!r}"
    for key, value in expected.items():
        if reason := difference(got[key], value, within):
            return f"under {key!r}: {reason}"
    return None


def _of_tables(got: object, expected: pd.DataFrame | pd.Series, within: float) -> str | None:
    if isinstance(expected, pd.Series):
        if not isinstance(got, pd.Series):
            return f"it should be a pandas Series, not of the kind {_kind(got)}"
    elif not isinstance(got, pd.DataFrame):
        return f"it should be a pandas DataFrame, not of the kind {_kind(got)}"
    elif list(got.columns) != list(expected.columns):
        return f"its columns should be named {shown(list(expected.columns))}"
    if list(got.index) != list(expected.index):
        return f"its rows should be named {shown(list(expected.index))}"
    if isinstance(expected, pd.Series):
        return _of_sequences(list(got), list(expected), within)
    for column in expected.columns:
        if reason := _of_sequences(list(got[column]), list(expected[column]), within):
            return f"column {column!r}, {reason}"
    return None


def _kind(value: object) -> str:
    return type(value).__name__
