"""The class schemes: seven emotions, or six in one of two ways."""

import pytest

from fercourse.emotions import SEVEN, class_scheme


def test_seven_classes_are_fer2013s_own():
    scheme = class_scheme()
    assert scheme.classes == SEVEN
    assert scheme.from_seven == tuple(range(7))


@pytest.mark.parametrize(("disgust", "becomes"), [("drop", None), ("merge", "Angry")])
def test_six_classes_keep_every_name_but_disgust(disgust, becomes):
    scheme = class_scheme(6, disgust)
    assert "Disgust" not in scheme.classes
    for name, label in zip(SEVEN, scheme.from_seven, strict=True):
        expected = becomes if name == "Disgust" else name
        assert (None if label is None else scheme.classes[label]) == expected


def test_every_scheme_says_what_became_of_disgust():
    titles = {class_scheme(6, how).title for how in ("drop", "merge")}
    assert len(titles) == 2
    assert all("Disgust" in title for title in titles)


def test_another_number_or_word_is_refused():
    with pytest.raises(ValueError, match="7 or 6, not 8"):
        class_scheme(8)
    with pytest.raises(ValueError, match='"drop" or "merge"'):
        class_scheme(6, "keep")
