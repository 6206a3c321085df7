"""What counts as the same value, and how a difference is put into words."""

from unittest.mock import ANY

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fercourse.learn.comparing import difference, shown

TABLE = pd.DataFrame({"Training": [1, 2], "PublicTest": [3, 4]}, index=["Angry", "Sad"])


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (0.5, 0.5),
        (np.float32(0.5), 0.5),
        (np.array(0.5), 0.5),
        (2, 2.0),
        ([1, 2], (1, 2)),
        (np.array([1, 2]), [1, 2]),
        ([1, 2], np.array([1.0, 2.0])),
        ("Sad", "Sad"),
        (np.True_, True),
        (None, None),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}),
        (pd.Series({"a": 1}), {"a": 1}),
        (TABLE, TABLE.copy()),
        (TABLE["Training"], TABLE["Training"].astype(float)),
        (float("inf"), float("inf")),
        (["a", "b"], np.array(["a", "b"])),
    ],
)
def test_alike(got, expected):
    assert difference(got, expected, 0) is None


@pytest.mark.parametrize(
    ("got", "expected", "reason"),
    [
        (None, 1, "`return` missing"),
        (float("nan"), 1.0, "not a number"),
        (float("nan"), float("nan"), "not a number"),
        ([float("nan")], [1.0], "not a number"),
        (np.array([1, np.nan]), np.array([1.0, 2.0]), "not a number"),
        (True, 1, "one number"),
        (1, True, "True or False"),
        ("1", 1, "one number"),
        (1, "1", "text"),
        ([1], 1, "one number"),
        (1, [1], "a list"),
        ([1, 2], [1], "1 entries, not 2"),
        ([[1], [1, 2]], np.zeros((2, 2)), "not equally long"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "shape"),
        (np.array(["a"]), np.zeros(1), "hold numbers"),
        ({"a": 1}, {"a": 1, "b": 2}, "'b' is missing"),
        ({"a": 1, "b": 2}, {"a": 1}, "too many: 'b'"),
        ({"a": 1}, {"a": 2}, "under 'a'"),
        (TABLE.T, TABLE, "columns"),
        (TABLE[::-1], TABLE, "rows"),
        (TABLE + 1, TABLE, "column 'Training'"),
        (TABLE["Training"], TABLE, "DataFrame"),
        (1, None, "another"),
        (0.1 + 0.2, 0.3, "differs"),
    ],
)
def test_not_alike(got, expected, reason):
    assert reason in (difference(got, expected, 0) or "")


def test_a_large_difference_of_unsigned_numbers_is_seen():
    assert difference(np.array([255], np.uint8), np.array([0], np.uint8), 1)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0, 1))
def test_all_within_the_tolerance_pass_and_one_beyond_fails(values, within):
    expected = np.array(values)
    assert difference(expected + within / 2, expected, within + 1e-6) is None
    off = expected.copy()
    off[-1] += 2 * within + 1
    assert difference(off, expected, within)


def test_what_is_shown_is_short():
    assert len(shown(list(range(10_000)))) < 400
    assert shown(np.zeros((100, 100))) == "array float64 (100, 100)"


def test_a_test_that_expects_what_cannot_be_compared_is_a_mistake():
    with pytest.raises(TypeError, match="cannot expect a set"):
        difference({1}, {1}, 0)


def test_a_name_taken_from_an_array_is_text():
    names = np.array(["Angry", "Happy"])
    assert difference(names[1], "Happy", 0) is None
    assert difference(list(names), ["Angry", "Happy"], 0) is None
    assert difference(names.astype(object), names, 0) is None
    assert difference(names[0], "Happy", 0)


def test_what_says_that_it_equals_everything_equals_nothing():
    """``unittest.mock.ANY`` is known to many."""

    class Yes(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    assert difference([ANY, ANY], np.array(["a", "b"]), 0)
    assert difference([ANY], ["a"], 0)
    assert difference(ANY, 0.5, 0)
    assert difference(Yes("no"), "yes", 0)
    assert difference(ANY, None, 0)
