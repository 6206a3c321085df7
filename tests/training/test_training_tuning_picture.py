"""Parallel coordinates show each trial, the best one in front, and refuse what they cannot."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch

from fercourse.plots import parallel_coordinates
from fercourse.plots.showing import INK


def lines(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def heights(patch):
    """Where a line crosses each axis."""
    return patch.get_path().vertices[::3, 1]


@pytest.fixture
def figure():
    return parallel_coordinates(
        {
            "filters": [8, 16, 32, 64],
            "activation": ["relu", "gelu", "relu", "silu"],
            "learning rate": [0.001, 0.01, 0.1, 0.003],
        },
        [0.3, 0.5, 0.1, 0.4],
        title="four trials",
        logarithmic={"learning rate"},
    )


def test_there_is_a_line_for_each_trial_and_the_best_is_in_front(figure):
    drawn = sorted(lines(figure), key=lambda patch: patch.get_zorder())
    assert len(drawn) == 4
    assert drawn[-1].get_edgecolor() == to_rgba("#D55E00")
    assert drawn[-1].get_linewidth() == max(patch.get_linewidth() for patch in drawn)
    ends = [heights(patch)[-1] for patch in drawn]
    assert ends == sorted(ends)


def test_every_axis_has_its_name_and_the_best_trial_s_value(figure):
    said = words(figure)
    for word in ("filters", "activation", "learning rate", "accuracy", "best", "50.0 %"):
        assert word in said, word
    assert said.count("gelu") == 2  # beside the axis, and as the best one's
    assert said.count("0.01") == 2


def test_factors_are_equal_steps_on_a_logarithmic_axis(figure):
    drawn = sorted(lines(figure), key=lambda patch: patch.get_zorder())
    low, high, middle = drawn[1], drawn[0], drawn[-1]
    places = [float(heights(patch)[2]) for patch in (low, middle, high)]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1])


def test_an_axis_between_two_powers_of_ten_has_its_ticks_at_its_ends():
    figure = parallel_coordinates(
        {"decay": [0.00115, 0.00297, 0.0021]}, [0.3, 0.5, 0.4], title="", logarithmic={"decay"}
    )
    ticks = [text for text in figure.axes[0].texts if text.get_text() in {"0.00115", "0.00297"}]
    assert {float(text.get_position()[1]) for text in ticks if text.get_color() == INK} == {0, 1}


def test_the_poorest_trial_is_seen_on_white(figure):
    poorest = min(lines(figure), key=lambda patch: patch.get_zorder())
    red, green, blue, opaque = poorest.get_edgecolor()
    seen = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert opaque * (1 - seen) > 0.15


def test_trials_with_the_same_value_lie_side_by_side_the_better_higher():
    shown = parallel_coordinates({"a": ["x", "x", "x"], "b": [1, 1, 1]}, [0.1, 0.3, 0.2], title="")
    drawn = sorted(lines(shown), key=lambda patch: patch.get_zorder())
    for axis in (0, 1):
        places = [float(heights(patch)[axis]) for patch in drawn]
        assert places == sorted(places)
        assert len(set(places)) == 3


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.integers(-5, 5), st.floats(-1e6, 1e6)),
            st.sampled_from(["a", "b", "c"]),
            st.floats(1e-8, 1e8),
            st.floats(0, 1),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_line_leaves_its_axes(trials):
    numbers, kinds, rates, scores = zip(*trials, strict=True)
    shown = parallel_coordinates(
        {"number": numbers, "kind": kinds, "rate": rates, "flag": [n > 0 for n in numbers]},
        scores,
        title="",
        logarithmic=["rate"],
    )
    for patch in lines(shown):
        assert np.all((heights(patch) >= -1e-9) & (heights(patch) <= 1 + 1e-9))


@pytest.mark.parametrize(
    ("columns", "scores", "logarithmic", "said"),
    [
        ({}, [0.5], (), "one trial and one axis"),
        ({"a": []}, [], (), "one trial and one axis"),
        ({"a": [1, 2]}, [0.5], (), "2 values for 1 trials"),
        ({"a": [1]}, [math.nan], (), "leave trials out"),
        ({"a": [math.inf]}, [0.5], (), "cannot show"),
        ({"a": [0.0]}, [0.5], ("a",), "cannot show"),
        ({"a": [1.0]}, [0.5], ("b",), "is no column"),
    ],
)
def test_what_cannot_be_shown_is_refused(columns, scores, logarithmic, said):
    with pytest.raises(ValueError, match=said):
        parallel_coordinates(columns, scores, title="", logarithmic=logarithmic)
