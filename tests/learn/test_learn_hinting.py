"""Whoever is stuck gets one hint more each time."""

import pytest

from fercourse.errors import CourseError
from fercourse.learn import check, hint
from fercourse.learn.checking import CheckFailed


def test_each_time_there_is_one_hint_more_until_the_last(tiny, capsys, monkeypatch):
    monkeypatch.setattr("fercourse.learn.hinting._asked", {})
    for _ in range(4):
        hint("accuracy")
    assert capsys.readouterr().out.splitlines() == [
        "Hint 1 of 3: count",
        "Hint 2 of 3: compare",
        "Hint 3 of 3: divide",
        "Hint 3 of 3: divide",
    ]


def test_a_failed_check_tells_how_to_ask_and_a_page_of_feedback_does_not(tiny, monkeypatch):
    def sentence():
        with pytest.raises(CheckFailed) as caught, check("accuracy") as checked:
            checked.equal(1, 2, "accuracy")
        return str(caught.value)

    assert 'hint("accuracy")' in sentence()
    monkeypatch.setenv("FERCOURSE_GRADING", "1")
    assert "hint" not in sentence()


def test_an_unknown_exercise_is_said(tiny):
    with pytest.raises(CourseError, match="no exercise 'precision'"):
        hint("precision")
