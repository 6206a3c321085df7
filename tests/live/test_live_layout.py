"""Labels lie in the frame and never on each other."""

from hypothesis import given
from hypothesis import strategies as st

from fercourse.live.faces import Box
from fercourse.live.layout import Panel, place_panels

SIZES = [(120, 110), (90, 20)]

boxes = st.builds(
    Box, st.integers(-60, 640), st.integers(-60, 360), st.integers(20, 300), st.integers(20, 300)
)


@given(st.lists(boxes, max_size=20), st.integers(1, 700), st.integers(1, 400), st.randoms())
def test_panels_lie_in_the_frame_and_never_on_each_other(faces, width, height, random):
    """Wherever they were in the frame before."""
    before = place_panels(faces, [SIZES] * len(faces), 640, 360)
    random.shuffle(before)
    placed = place_panels(faces, [SIZES] * len(faces), width, height, before)
    panels = [place.box for place in placed if place]
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
    choice, _, panel = place_panels([face], [SIZES], 640, 360)[0]
    assert choice == 0
    assert not panel.overlap(face)
    assert panel.x == 304


def test_at_the_edge_it_goes_to_the_other_side():
    face = Box(560, 100, 80, 100)
    panel = place_panels([face], [SIZES], 640, 360)[0].box
    assert not panel.overlap(face)


def test_it_does_not_hide_the_neighbor():
    faces = [Box(100, 100, 100, 120), Box(210, 100, 100, 120)]
    for place in place_panels(faces, [SIZES] * 2, 640, 360):
        assert not any(place.box.overlap(face) for face in faces)


def test_in_a_crowd_everybody_has_a_small_one_and_nobody_is_hidden():
    faces = [Box(x, y, 60, 75) for y in range(10, 600, 115) for x in range(10, 1240, 80)]
    placed = place_panels(faces, [[(120, 110), (60, 16)]] * len(faces), 1280, 720)
    assert all(placed)
    assert sum(place.choice == 1 for place in placed) > 60
    for place in placed:
        assert not any(place.box.overlap(face) for face in faces)


def test_a_frame_that_is_too_small_gets_none():
    assert place_panels([Box(0, 0, 10, 10)], [SIZES], 50, 10) == [None]


def test_a_panel_stays_where_it_was_while_there_is_room():
    new = place_panels([Box(200, 100, 100, 120)], [SIZES], 640, 360)[0]
    left = Panel(0, 1, Box(76, 100, 120, 110))
    assert new.side != left.side
    for x in (200, 190, 300, 200, 150):
        panel = place_panels([Box(x, 100, 100, 120)], [SIZES], 640, 360, [left])[0]
        assert (panel.side, panel.box.x) == (left.side, x - 124)
    assert place_panels([Box(20, 100, 100, 120)], [SIZES], 640, 360, [left])[0].side == new.side


def test_it_leaves_its_place_rather_than_lie_on_a_neighbor_who_comes_near():
    faces, sizes = [Box(200, 100, 100, 120), Box(320, 100, 100, 120)], [[(90, 20)]] * 2
    right = Panel(0, 0, Box(304, 100, 90, 20))
    for place in place_panels(faces, sizes, 640, 360, [right, None]):
        assert not any(place.box.overlap(face) for face in faces)


def test_a_larger_panel_comes_only_where_there_is_room_to_spare():
    """So that one at the limit does not come and go with each pixel that a neighbor moves."""
    face, tall = Box(100, 100, 100, 120), [(120, 110), (90, 20)]

    def both(gap, before=None):
        around = [
            Box(204 + 120 + gap, 0, 60, 360),
            Box(0, 0, 90, 360),
            Box(100, 0, 100, 60),
            Box(100, 250, 100, 100),
        ]
        faces = [face, *around]
        return place_panels(faces, [tall, *[[(10, 10)]] * 4], 640, 360, before)

    assert both(2)[0].choice == 0
    assert both(-2)[0].choice == 1
    assert both(2, both(-2))[0].choice == 1
    assert both(40, both(-2))[0].choice == 0
    assert both(2, both(40))[0].choice == 0
