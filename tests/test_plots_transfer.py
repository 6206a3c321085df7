"""Accuracy by the number of faces: each way has its line, its intervals and its name."""

import pytest

from fercourse.plots import accuracy_by_faces

CURVES = {
    "from scratch": [(2000, 0.4, (0.38, 0.42)), (500, 0.3, (0.28, 0.32))],
    "pretrained": [(500, 0.4, (0.37, 0.43)), (2000, 0.41, (0.39, 0.43))],
}


def axes_of(curves, **settings):
    figure = accuracy_by_faces(curves, title="Worth", **settings)
    figure.canvas.draw()
    return figure.axes[0]


def test_each_way_is_a_line_through_its_points_in_order():
    axes = axes_of(CURVES)
    first, second = axes.lines
    assert list(first.get_ydata()) == [0.3, 0.4]
    assert list(second.get_ydata()) == [0.4, 0.41]
    assert [text.get_text() for text in axes.texts] == ["from scratch", "pretrained"]


def test_intervals_stand_beside_each_other():
    bars = [segment for part in axes_of(CURVES).collections for segment in part.get_segments()]
    assert sorted(tuple(bar[:, 1]) for bar in bars) == sorted(
        ends for way in CURVES.values() for _, _, ends in way
    )
    assert len({bar[0, 0] for bar in bars}) == 4


def test_the_numbers_of_faces_are_what_the_axis_says():
    axes = axes_of(CURVES)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["500", "2,000"]


def test_names_of_curves_that_end_together_do_not_cover_each_other():
    ends = {str(number): [(100, 0.5 + number / 1000, (0.4, 0.6))] for number in range(5)}
    axes = axes_of(ends)
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(
        one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[:place]
    )


def test_guessing_has_a_line_of_its_own():
    axes = axes_of(CURVES, chance=0.25)
    assert "always the same answer" in [text.get_text() for text in axes.texts]
    assert set(axes.lines[-1].get_ydata()) == {0.25}


@pytest.mark.parametrize("nothing", [{}, {"a": []}, {"a": [(0, 0.5, (0.4, 0.6))]}])
def test_without_points_there_is_no_figure(nothing):
    with pytest.raises(ValueError, match="one face or more"):
        accuracy_by_faces(nothing, title="None")
