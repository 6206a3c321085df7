"""Labels lie in the frame and never on each other."""

from hypothesis import given
from hypothesis import strategies as st

from fercourse.live.faces import Box
from fercourse.live.layout import place_panels

SIZES = [(120, 110), (90, 20)]

boxes = st.builds(
    Box, st.integers(-60, 640), st.integers(-60, 360), st.integers(20, 300), st.integers(20, 300)
)


@given(st.lists(boxes, max_size=20), st.integers(1, 700), st.integers(1, 400))
def test_panels_lie_in_the_frame_and_never_on_each_other(faces, width, height):
    placed = place_panels(faces, [SIZES] * len(faces), width, height)
    panels = [place[1] for place in placed if place]
    assert len(placed) == len(faces)
    for panel in panels:
        assert panel.x >= 0
        assert panel.y >= 0
        assert panel.x + panel.width <= width
        assert panel.y + panel.height <= height
    for number, panel in enumerate(panels):
        assert not any(panel.overlap(other) for other in panels[number + 1 :])


def test_a_panel_goes_beside_its_face_where_there_is_room():
    face = Box(200, 100, 100, 120)
    choice, panel = place_panels([face], [SIZES], 640, 360)[0]
    assert choice == 0
    assert not panel.overlap(face)
    assert panel.x == 304


def test_at_the_edge_it_goes_to_the_other_side():
    face = Box(560, 100, 80, 100)
    _, panel = place_panels([face], [SIZES], 640, 360)[0]
    assert not panel.overlap(face)


def test_it_does_not_hide_the_neighbor():
    faces = [Box(100, 100, 100, 120), Box(210, 100, 100, 120)]
    for place in place_panels(faces, [SIZES] * 2, 640, 360):
        assert not any(place[1].overlap(face) for face in faces)


def test_in_a_crowd_everybody_has_a_small_one_and_nobody_is_hidden():
    faces = [Box(x, y, 60, 75) for y in range(10, 600, 115) for x in range(10, 1240, 80)]
    placed = place_panels(faces, [[(120, 110), (60, 16)]] * len(faces), 1280, 720)
    assert all(placed)
    assert sum(place[0] == 1 for place in placed) > 60
    for place in placed:
        assert not any(place[1].overlap(face) for face in faces)


def test_a_frame_that_is_too_small_gets_none():
    assert place_panels([Box(0, 0, 10, 10)], [SIZES], 50, 10) == [None]
