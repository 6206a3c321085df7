"""Reference values are data that come back as they were; the undone go on with them."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fercourse.errors import CourseError
from fercourse.learn import attempt, load_script
from fercourse.learn.comparing import difference
from fercourse.learn.plain_data import from_plain, to_plain

SIMPLE = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
NESTED = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


@given(NESTED)
def test_plain_data_come_back_from_json(value):
    if isinstance(value, dict) and {"array", "tuple", "table", "series", "pairs"} & set(value):
        return
    assert from_plain(json.loads(json.dumps(to_plain(value)))) == value


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6, dtype=np.uint8).reshape(2, 3),
        np.array([0.25, np.pi], np.float32),
        np.array([True, False]),
        {0: "Angry", 1: [1.5]},
        pd.DataFrame({"Training": [1, 2]}, index=["Angry", "Sad"]),
        pd.Series([0.5, 1.0], index=["a", "b"]),
        (1, [2, (3,)]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_arrays_and_tables_come_back_as_they_were(value):
    back = from_plain(json.loads(json.dumps(to_plain(value))))
    assert type(back) is type(value)
    assert difference(back, value, 1e-6) is None
    if isinstance(value, np.ndarray):
        assert back.dtype == value.dtype


def test_what_is_no_plain_data_is_refused():
    with pytest.raises(TypeError, match="set cannot be kept"):
        to_plain({1, 2})


@pytest.fixture
def values(tiny, monkeypatch):
    content = {"drawn": {"accuracy": 0.25, "other": 1}, "fer2013": {"accuracy": 0.75}}
    (tiny / "reference_values.json").write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setenv("FERCOURSE_FER2013", "drawn")
    return tiny


def undone(*_):
    raise NotImplementedError


def fails(*_):
    return 1 / 0


def returns_nothing(*_):
    return None


def test_a_value_of_the_students_own_is_taken(values, capsys):
    assert attempt("accuracy", max, 1, 2) == 2
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    ("function", "said"),
    [(undone, "is not done yet"), (fails, "ZeroDivisionError"), (returns_nothing, "`return`")],
)
def test_without_one_the_reference_value_is_taken_and_said(values, capsys, function, said):
    assert attempt("accuracy", function, 1) == 0.25
    out = capsys.readouterr().out
    assert said in out
    assert "reference value (measured on drawn faces)" in out


def test_what_is_named_is_the_function_that_is_not_done_yet_not_what_called_it(values, capsys):
    (values / "Program.py").write_text("def accuracy():\n    raise NotImplementedError\n")

    def measured(script):
        return script.accuracy()

    assert attempt("accuracy", measured, load_script("Program.py")) == 0.25
    assert capsys.readouterr().out.startswith("accuracy is not done yet;")


def test_with_fer2013_its_own_reference_value_is_taken_where_there_is_one(
    values, monkeypatch, capsys
):
    monkeypatch.setenv("FERCOURSE_FER2013", "anywhere")
    assert attempt("accuracy", undone) == 0.75
    assert "measured on FER2013" in capsys.readouterr().out
    assert attempt("other", undone) == 1
    assert "measured on drawn faces" in capsys.readouterr().out


def test_a_missing_reference_value_is_said(values):
    with pytest.raises(CourseError, match="no reference value for precision"):
        attempt("precision", undone)
    (values / "reference_values.json").unlink()
    with pytest.raises(CourseError, match="lies beside the notebook"):
        attempt("accuracy", undone)


def test_values_are_recorded_where_it_was_asked_for(values, monkeypatch):
    monkeypatch.setenv("FERCOURSE_RECORD", str(values / "lines"))
    attempt("accuracy", lambda: np.float64(0.123456789))
    line = json.loads((values / "lines").read_text())
    assert line == {"what": "value", "name": "accuracy", "value": 0.1234568}
