"""Numbers, text, lists, arrays and tables as JSON, and back."""

import math
from typing import Any

import numpy as np
import pandas as pd

_DIGITS = 7


def to_plain(value: object) -> Any:
    """Return a value as something that JSON can hold.

    Floating numbers keep seven digits. Arrays, tuples and tables are marked, so that
    ``from_plain`` gives the same back.

    Args:
        value: None, truth value, number, text, list, tuple, dict with text as keys, numpy array,
            pandas Series or DataFrame, in any nesting.

    Raises:
        TypeError: it is something else.
    """
    if isinstance(value, pd.DataFrame):
        return {"table": to_plain(value.reset_index(names="index").to_dict("list"))}
    if isinstance(value, pd.Series):
        return {"series": to_plain(list(value)), "index": to_plain(list(value.index))}
    if isinstance(value, np.ndarray):
        return {"array": to_plain(value.tolist()), "dtype": value.dtype.name}
    if isinstance(value, np.generic):
        return to_plain(value.item())
    if isinstance(value, tuple):
        return {"tuple": [to_plain(entry) for entry in value]}
    if isinstance(value, list):
        return [to_plain(entry) for entry in value]
    if isinstance(value, dict):
        return _plain_dict(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.{_DIGITS}g}")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(
        f"a {type(value).__name__} cannot be kept as plain data: return numbers, text, lists, "
        "dictionaries, arrays or tables."
    )


def _plain_dict(value: dict[Any, Any]) -> dict[str, Any]:
    if all(isinstance(key, str) for key in value):
        return {key: to_plain(entry) for key, entry in value.items()}
    return {"pairs": [[to_plain(key), to_plain(entry)] for key, entry in value.items()]}


def from_plain(plain: Any) -> Any:
    """Return what ``to_plain`` was given, up to the digits that it keeps."""
    if isinstance(plain, list):
        return [from_plain(entry) for entry in plain]
    if not isinstance(plain, dict):
        return plain
    match plain:
        case {"array": entries, "dtype": str(dtype)}:
            return np.array(from_plain(entries), dtype=dtype)
        case {"tuple": list(entries)}:
            return tuple(from_plain(entry) for entry in entries)
        case {"table": dict(columns)}:
            table = pd.DataFrame(from_plain(columns)).set_index("index")
            return table.rename_axis(None)
        case {"series": list(entries), "index": index}:
            return pd.Series(from_plain(entries), index=from_plain(index))
        case {"pairs": list(pairs)}:
            return {from_plain(key): from_plain(entry) for key, entry in pairs}
    return {key: from_plain(entry) for key, entry in plain.items()}
