"""The figures that lessons share: what they show, and what they refuse."""

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from fercourse.plots import (
    COLORS,
    SelfShowingFigure,
    class_bars,
    confusion_matrix_figure,
    contact_sheet,
    face_and_answer,
    icon_array,
    learning_curves,
    reliability_diagram,
    robustness_chart,
    show,
)


def _pictures(figure):
    return [image.get_array() for image in figure.axes[0].images]


def _words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("shape", [(5, 48, 48), (5, 48, 48, 3), (5, 64, 32), (1, 8, 8)])
def test_every_image_is_shown_as_it_is(shape):
    images = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    shown = _pictures(contact_sheet(images))
    assert len(shown) == shape[0]
    assert all(np.array_equal(a, b) for a, b in zip(shown, images, strict=True))


def test_gray_levels_are_not_stretched():
    image = contact_sheet(np.full((1, 4, 4), 100, np.uint8)).axes[0].images[0]
    assert image.get_clim() == (0, 255)


def test_all_titles_are_written():
    figure = contact_sheet(
        np.zeros((4, 8, 8)),
        ["a", "b\nc", "d", "e"],
        row_titles=["first", "second"],
        column_titles=["left", "right"],
        title="All",
        caption="drawn faces, seven classes",
    )
    words = ["a", "b", "c", "d", "e", "first", "second", "left", "right", "All"]
    assert sorted(_words(figure)) == sorted([*words, "drawn faces, seven classes"])


def test_long_words_widen_a_narrow_sheet():
    figure = contact_sheet(
        np.zeros((1, 8, 8)),
        title="Images of one gray level (the first 8 of 12)",
        caption="FER2013 (fer2013.csv), six classes, Disgust counted as Angry, MMMM",
    )
    figure.canvas.draw()
    right = max(text.get_window_extent().x1 for text in figure.axes[0].texts)
    assert right <= figure.bbox.x1


def test_pairs_stand_apart():
    figure = contact_sheet(np.zeros((4, 8, 8)), columns=4, paired=True)
    left = [image.get_extent()[0] for image in figure.axes[0].images]
    inside, between = left[1] - left[0], left[2] - left[1]
    assert between > inside == pytest.approx(left[3] - left[2])


def test_it_shows_itself_in_a_notebook_without_pyplot():
    assert contact_sheet(np.zeros((2, 8, 8)))._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("images", "choices", "said"),
    [
        (np.zeros((2, 8)), {}, "images must be"),
        (np.zeros((2, 8, 8, 4)), {}, "images must be"),
        (np.zeros((2, 8, 8)), {"titles": ["a"]}, "titles must hold 2 entries, not 1"),
        (np.zeros((4, 8, 8)), {"columns": 2, "row_titles": ["a"]}, "row_titles must hold 2"),
        (np.zeros((4, 8, 8)), {"columns": 2, "column_titles": ["a"]}, "column_titles must hold 2"),
    ],
)
def test_what_does_not_fit_is_refused(images, choices, said):
    with pytest.raises(ValueError, match=said):
        contact_sheet(images, **choices)


CLASSES = ("Angry", "Happy", "Sad")


def test_a_confusion_matrix_shows_counts_and_shares_of_rows():
    counts = [[3, 1, 0], [0, 0, 0], [2, 2, 1000]]
    figure = confusion_matrix_figure(counts, CLASSES, title="kNN")
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts[:2]] == ["3\n75 %", "1\n25 %"]
    assert axes.texts[3].get_text() == "0\n0 %"
    assert axes.texts[8].get_text() == "1,000\n100 %"
    assert axes.get_title() == "kNN"
    assert "predicted" in axes.get_xlabel()
    assert "true" in axes.get_ylabel()


def test_a_confusion_matrix_of_another_size_is_refused():
    with pytest.raises(ValueError, match="3 classes"):
        confusion_matrix_figure(np.zeros((2, 3)), CLASSES, title="kNN")


def test_learning_curves_start_at_the_first_epoch_and_have_a_color_each():
    curves = {name: [0.1, 0.2] for name in "abcdefgh"}
    (axes,) = learning_curves(curves, title="CNN").axes
    assert len(axes.lines) == 8
    assert list(axes.lines[0].get_xdata()) == [1, 2]
    assert len({line.get_color() for line in axes.lines}) == len(COLORS)
    assert axes.get_ylabel() == "accuracy"


def test_a_figure_is_shown_once_with_words_for_those_who_cannot_see_it():
    code = (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nfrom fercourse.plots import show\n"
        "figure, axes = plt.subplots()\nshow(figure, alt='A frame &amp; nothing in it.')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook).execute()
    picture, words = notebook.cells[0].outputs
    assert picture.metadata["image/png"]["alt"] == "A frame &amp; nothing in it."
    assert picture.data["image/png"].startswith("iVBOR")
    assert "A frame &amp;amp; nothing in it." in words.data["text/html"]


def test_a_figure_without_words_is_refused():
    with pytest.raises(ValueError, match="alt must say"):
        show(contact_sheet(np.zeros((1, 4, 4))), alt=" ")


def test_class_bars_show_each_value_its_interval_and_the_mean():
    values = {"Angry": 0.25, "Happy": 0.5, "Sad": None}
    figure = class_bars(values, [(0.2, 0.3), (0.4, 0.6), None], title="F1", mean=0.375)
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["0.25", "0.50", "not there"]
    assert [bar.get_width() for bar in axes.patches] == [0.25, 0.5, 0]
    assert [list(line.get_xdata()) for line in axes.lines[:2]] == [[0.2, 0.3], [0.4, 0.6]]
    assert axes.get_legend().get_texts()[0].get_text() == "mean 0.38"
    with pytest.raises(ValueError, match="as many intervals"):
        class_bars(values, [None], title="F1")


def test_a_reliability_diagram_leaves_empty_bins_out_and_counts_the_faces():
    nan = float("nan")
    figure = reliability_diagram(
        [0, 0.5, 0.75, 1], [nan, 0.6, 0.9], [nan, 0.7, 0.8], [0, 30, 70], title="sure"
    )
    above, below = figure.axes
    assert [bar.get_height() for bar in above.patches] == [0.6, 0.9]
    assert [bar.get_height() for bar in below.patches] == [0, 30, 70]
    with pytest.raises(ValueError, match="a value for each bin"):
        reliability_diagram([0, 1], [0.5, 0.5], [0.5], [1], title="sure")


def test_a_bin_with_hardly_a_face_is_pale_and_the_legend_covers_no_bar():
    figure = reliability_diagram([0, 0.5, 1], [1.0, 0.9], [0.3, 0.8], [2, 70], title="sure")
    above = figure.axes[0]
    assert {bar.get_height(): bar.get_alpha() for bar in above.patches} == {0.9: 1.0, 1.0: 0.25}
    (legend,) = figure.legends
    assert "fewer than 10 faces" in [text.get_text() for text in legend.get_texts()]
    figure.canvas.draw()
    assert not legend.get_window_extent().overlaps(above.get_window_extent())


def test_a_robustness_chart_has_a_panel_for_each_disturbance_from_the_undisturbed_down():
    curves = {name: ("pixels", [1, 2], [0.5, 0.3]) for name in "abcde"}
    figure = robustness_chart(curves, 0.6, title="blur")
    panels = [axes for axes in figure.axes if axes.axison]
    assert [axes.get_title() for axes in panels] == list("abcde")
    assert list(panels[0].lines[1].get_ydata()) == [0.6, 0.5, 0.3]


# A thousand moments


def test_icons_are_one_for_each_case_group_after_group():
    axes = SelfShowingFigure().add_subplot()
    icon_array(axes, {"angry": 18, "scowling": 95, "neither": 887})
    (mesh,) = axes.collections
    kinds = np.ma.compressed(mesh.get_array())
    assert np.bincount(kinds.astype(int)).tolist() == [18, 95, 887]
    assert (np.diff(kinds) >= 0).all()
    said = [text.get_text() for text in axes.get_legend().get_texts()]
    assert said == ["18 angry", "95 scowling", "887 neither"]


def test_a_last_row_of_icons_may_be_short_and_a_group_empty():
    axes = SelfShowingFigure().add_subplot()
    icon_array(axes, {"some": 0, "rest": 7}, columns=5)
    (mesh,) = axes.collections
    assert mesh.get_array().shape == (2, 5)
    assert np.ma.count(mesh.get_array()) == 7


@pytest.mark.parametrize("counts", [{}, {"some": 0}, {"some": -1, "rest": 3}])
def test_icons_of_nothing_are_refused(counts):
    with pytest.raises(ValueError, match="not all of them 0"):
        icon_array(SelfShowingFigure().add_subplot(), counts)


def test_a_face_stands_beside_its_answer():
    face, seen = np.zeros((64, 64, 3), np.uint8), np.zeros((48, 48), np.uint8)
    figure = face_and_answer(face, seen, ("a", "b"), [0.2, 0.8], title="AU 4", network="live")
    bars = figure.axes[2]
    assert [patch.get_width() for patch in bars.patches] == [0.2, 0.8]
    assert bars.patches[1].get_facecolor() != bars.patches[0].get_facecolor()
    assert "live" in bars.get_title()
    with pytest.raises(ValueError, match="2 classes need as many probabilities"):
        face_and_answer(face, seen, ("a", "b"), [1.0], title="", network="live")
