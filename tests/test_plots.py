"""Contact sheets: what they show, and what they refuse."""

import numpy as np
import pytest

from fercourse.plots import contact_sheet


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
