"""How FACS writes faces down, and what published tables say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fercourse.drawn import GRADES, NUMBERS, PROTOTYPES, full_expression
from fercourse.emotions import SEVEN
from fercourse.facs import PATTERNS, coded, decoded, mean_overlap, overlap
from fercourse.facs.coding import grade_of
from fercourse.facs.published import DU, Pattern, Source, patterns_in

graded = st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(sorted(GRADES)))


@given(graded)
def test_what_is_written_can_be_read_again(units):
    assert decoded(coded(units)) == {unit: GRADES[grade] for unit, grade in units.items()}


@given(graded)
def test_units_are_written_in_the_order_of_their_numbers(units):
    written = [int(part.rstrip("ABCDE")) for part in coded(units).split("+")]
    assert written == sorted(units) or (written == [0] and not units)


def test_a_face_at_rest_is_written_as_nought():
    assert coded({}) == coded({4: 0.0}) == coded({12: 0.05}) == "0"
    assert decoded("0") == decoded("") == {}


@pytest.mark.parametrize(("intensity", "grade"), [(0.09, ""), (0.11, "A"), (0.29, "A"), (1, "E")])
def test_an_intensity_has_the_grade_that_it_is_nearest_to(intensity, grade):
    assert grade_of(intensity) == grade


def test_units_without_a_grade_get_one():
    assert decoded("1 + 5b", grade="C") == {1: 0.6, 5: 0.4}


@pytest.mark.parametrize("text", ["4F", "99", "anger", "4C,7", "-4", "16"])
def test_what_is_no_unit_is_a_sentence(text):
    with pytest.raises(ValueError, match="is no unit that can be drawn"):
        decoded(text)


def test_each_source_describes_all_six_emotions_and_each_title_is_another():
    sources = {pattern.source for pattern in PATTERNS}
    assert len(sources) == 5
    for source in sources:
        described = {pattern.emotion for pattern in PATTERNS if pattern.source == source}
        assert described == set(SEVEN) - {"Neutral"}
    assert len({pattern.title for pattern in PATTERNS}) == len(PATTERNS)


def test_what_was_counted_of_many_people_keeps_its_shares():
    counted = {(each.emotion, tuple(each.units.items())) for each in PATTERNS if each.source is DU}
    drawn = {
        (each.emotion, tuple(each.units.items()))
        for each in PROTOTYPES
        if each.source == DU.reference
    }
    assert counted == drawn


def test_a_face_holds_the_descriptions_whose_usual_units_act():
    for pattern in PATTERNS:
        assert (pattern in patterns_in(pattern.shown())) == bool(pattern.shown())
        assert pattern not in patterns_in({})
    named = {pattern.emotion for pattern in patterns_in(full_expression("Happy"))}
    assert patterns_in({6: 0.05, 12: 0.05}) == []  # too little to be written down
    assert named == {"Happy"}
    assert {pattern.emotion for pattern in PATTERNS} == set(SEVEN) - {"Neutral"}


def test_units_that_cannot_be_drawn_are_named_and_count_in_the_overlap():
    quoted = {pattern.title: pattern for pattern in PATTERNS}["Disgust: EMFACS as quoted"]
    assert quoted.undrawn == (16,)
    assert quoted.usual == {9, 15, 16}
    assert set(quoted.shown()) == {9, 15}


def test_overlap_counts_common_units_among_all():
    for one in PATTERNS:
        assert overlap(one, one) == 1
        for other in PATTERNS:
            assert 0 <= overlap(one, other) == overlap(other, one) <= 1


def test_sources_overlap_as_much_as_their_most_similar_descriptions():
    def of(source, *units):
        return [Pattern("Sad", dict.fromkeys(each, 1.0), source) for each in units]

    one, other, third = (Source(name, name) for name in "abc")
    assert mean_overlap(of(one, (1, 4), (9,)) + of(other, (1, 4, 15), (6,))) == 2 / 3
    three = of(one, (1, 4)) + of(other, (1, 4)) + of(third, (6,))
    assert mean_overlap(three) == 1 / 3
    with pytest.raises(ValueError, match="two sources"):
        mean_overlap(of(one, (1,), (2,)))
