"""Persons keep their numbers while they stay in view."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fercourse.live.faces import Box, Face
from fercourse.live.tracking import Tracker


def face(x, y=100.0, width=80.0):
    return Face(Box(x, y, width, width * 1.25), 0.9)


def ids(tracker, faces, time):
    return [track.id for track in tracker.update(faces, time)]


def test_persons_keep_their_numbers_in_whatever_order_they_are_found():
    tracker = Tracker()
    assert ids(tracker, [face(0), face(300), face(600)], 0.0) == [1, 2, 3]
    assert ids(tracker, [face(605), face(5), face(305)], 0.04) == [3, 1, 2]


def test_tracks_come_in_the_order_of_the_faces_and_carry_them():
    tracker = Tracker()
    faces = [face(600), face(0)]
    tracks = tracker.update(faces, 0.0)
    assert [track.face for track in tracks] == faces
    later = tracker.update([face(2)], 0.1)[0]
    assert (later.id, later.first_seen, later.frames) == (2, 0.0, 2)


def test_somebody_who_was_hidden_for_a_moment_is_the_same_person():
    tracker = Tracker(patience=1.0)
    ids(tracker, [face(0), face(300)], 0.0)
    ids(tracker, [face(300)], 0.1)
    assert ids(tracker, [face(300), face(8)], 0.9) == [2, 1]


def test_somebody_who_was_away_for_long_is_new():
    tracker = Tracker(patience=1.0)
    ids(tracker, [face(0)], 0.0)
    assert ids(tracker, [face(0)], 1.5) == [2]


def test_a_number_is_never_given_twice():
    tracker = Tracker(patience=0.0)
    seen = [ids(tracker, [face(0)], time)[0] for time in (0.0, 1.0, 2.0)]
    assert seen == [1, 2, 3]


def test_a_quick_movement_between_few_frames_is_still_one_person():
    tracker = Tracker()
    ids(tracker, [face(100)], 0.0)
    assert ids(tracker, [face(210)], 0.2) == [1]


def test_a_jump_across_the_picture_is_somebody_else():
    tracker = Tracker()
    ids(tracker, [face(0)], 0.0)
    assert ids(tracker, [face(900)], 0.04) == [2]


def test_a_face_of_a_quite_different_size_is_somebody_else():
    tracker = Tracker()
    ids(tracker, [face(100, width=200)], 0.0)
    assert ids(tracker, [face(150, 150, width=50)], 0.04) == [2]


def test_two_who_pass_each_other_are_told_apart_by_where_they_were_going():
    tracker = Tracker()
    seen = []
    for step in range(41):
        left, right = face(20.0 * step, 100), face(800 - 20.0 * step, 150)
        seen.append(tuple(ids(tracker, [left, right], step / 25)))
    assert set(seen) == {(1, 2)}


def test_a_crowd_keeps_its_numbers():
    rng = np.random.default_rng(0)
    tracker = Tracker()
    places = [(x, y) for x in range(0, 1200, 150) for y in range(0, 700, 150)]
    assert len(places) == 40
    for step in range(20):
        order = rng.permutation(40)
        faces = [face(*np.add(places[i], rng.normal(0, 3, 2))) for i in order]
        found = ids(tracker, faces, step / 25)
        if step == 0:
            number = dict(zip(order, found, strict=True))
        assert found == [number[i] for i in order]


def test_no_faces_are_no_tracks():
    tracker = Tracker()
    assert tracker.update([], 0.0) == []
    ids(tracker, [face(0)], 0.1)
    assert tracker.update([], 0.2) == []
    assert ids(tracker, [face(0)], 0.3) == [1]


boxes = st.builds(
    Box,
    st.floats(-50, 2000),
    st.floats(-50, 2000),
    st.floats(1, 400),
    st.floats(1, 400),
)


@given(st.lists(st.lists(boxes, max_size=6), max_size=6))
def test_each_face_gets_a_number_of_its_own(frames):
    tracker = Tracker()
    for step, found in enumerate(frames):
        numbers = ids(tracker, [Face(box, 1.0) for box in found], step / 25)
        assert len(numbers) == len(set(numbers)) == len(found)
        assert all(number >= 1 for number in numbers)


@given(boxes, boxes)
def test_intersection_over_union_is_a_share_and_the_same_both_ways(one, other):
    share = one.intersection_over_union(other)
    assert 0 <= share <= 1 + 1e-9
    assert share == pytest.approx(other.intersection_over_union(one))
    assert one.intersection_over_union(one) == pytest.approx(1)


def test_frames_come_in_order():
    tracker = Tracker()
    tracker.update([], 1.0)
    with pytest.raises(ValueError, match="frames come in order"):
        tracker.update([], 1.0)


@pytest.mark.parametrize("wrong", [{"patience": -1}, {"least_overlap": 0}, {"least_overlap": 2}])
def test_settings_are_in_range(wrong):
    with pytest.raises(ValueError, match="patience must be"):
        Tracker(**wrong)
