"""The contract of classifiers, and what the checks of it notice."""

import numpy as np
import pytest
from check_contract import check_contract, noise

from fercourse.classifiers.contract import require_images, scheme_of
from fercourse.emotions import SEVEN, class_scheme


class Uniform:
    """The simplest classifier there is: each class is as likely as the others."""

    classes = SEVEN

    def predict_proba(self, images):
        images = require_images(images)
        return np.full((len(images), len(self.classes)), 1 / len(self.classes), np.float32)


def test_the_simplest_classifier_keeps_the_contract():
    check_contract(Uniform())


def test_faces_pass_as_they_are():
    faces = noise(2)
    assert require_images(faces) is faces
    assert len(require_images(faces[:0])) == 0


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (noise(1)[0], r"images\[None\]"),
        (noise(2)[..., None], r"images\[..., 0\]"),
        (noise(2) / 255, "whole numbers"),
        (noise(2).astype(np.int64), "whole numbers"),
        (noise(2)[:, :47], r"not uint8 \(2, 47, 48\)"),
        ([[0]], "not list"),
        (None, "not NoneType"),
    ],
)
def test_other_images_are_refused_in_words(images, said):
    with pytest.raises(ValueError, match=said):
        require_images(images)


class Careless(Uniform):
    def predict_proba(self, images):
        return super().predict_proba(np.asarray(images, np.uint8).reshape(-1, 48, 48))


class Doubles(Uniform):
    def predict_proba(self, images):
        return super().predict_proba(images).astype(np.float64)


class Scores(Uniform):
    def predict_proba(self, images):
        return super().predict_proba(images) * 2


class Together(Uniform):
    """Looks at all faces of a batch at once, as a batch normalization left in training does."""

    def predict_proba(self, images):
        answers = super().predict_proba(images)
        if len(images):
            answers[:, 0] += images.mean() / 1000
        return answers / answers.sum(axis=1, keepdims=True)


class Strangers(Uniform):
    classes = ("Bored", "Amused")


class NotANumber(Uniform):
    def predict_proba(self, images):
        answers = super().predict_proba(images)
        answers[(images == images[:, :1, :1]).all(axis=(1, 2))] = np.nan
        return answers


@pytest.mark.parametrize("wrong", [Careless, Doubles, Scores, Together, Strangers, NotANumber])
def test_the_checks_notice_who_breaks_the_contract(wrong):
    with pytest.raises((AssertionError, ValueError, pytest.fail.Exception)):
        check_contract(wrong())


def test_classes_name_their_scheme():
    assert scheme_of(SEVEN) == class_scheme(7)
    assert scheme_of(class_scheme(6).classes) == class_scheme(6, "drop")
    assert scheme_of(class_scheme(6).classes, "merge") == class_scheme(6, "merge")
    with pytest.raises(ValueError, match="no scheme"):
        scheme_of(("Happy", "Sad"))
