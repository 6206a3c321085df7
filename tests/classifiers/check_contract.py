"""What every classifier must pass, whoever wrote it: ``check_contract(classifier)``."""

import numpy as np
import pytest

from fercourse.classifiers.contract import Classifier, require_images, scheme_of


def noise(count: int, seed: int = 0) -> np.ndarray:
    """Return pictures that show nothing, uint8 (count, 48, 48)."""
    return np.random.default_rng(seed).integers(0, 256, (count, 48, 48), dtype=np.uint8)


def check_contract(classifier: Classifier, images: np.ndarray | None = None) -> None:
    """Hold a fitted or loaded classifier to the contract.

    Args:
        classifier: what is judged.
        images: at least three faces to try it on; noise where None.
    """
    images = noise(5) if images is None else images
    assert isinstance(classifier, Classifier)
    assert isinstance(classifier.classes, tuple)
    scheme_of(classifier.classes)
    _answers_are_probabilities(classifier, images)
    _faces_do_not_depend_on_each_other(classifier, images)
    _odd_inputs_are_answered(classifier, images)
    _wrong_inputs_are_refused(classifier, images)


def _answers_are_probabilities(classifier, images):
    given = images.copy()
    answers = classifier.predict_proba(images)
    assert isinstance(answers, np.ndarray)
    assert answers.dtype == np.float32
    assert answers.shape == (len(images), len(classifier.classes))
    assert np.isfinite(answers).all()
    assert answers.min() >= 0
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-4)
    np.testing.assert_array_equal(images, given)
    np.testing.assert_allclose(classifier.predict_proba(images), answers, atol=1e-6)


def _faces_do_not_depend_on_each_other(classifier, images):
    together = classifier.predict_proba(images)
    alone = np.concatenate([classifier.predict_proba(image[None]) for image in images])
    np.testing.assert_allclose(alone, together, atol=1e-4)
    np.testing.assert_allclose(classifier.predict_proba(images[::-1]), together[::-1], atol=1e-4)


def _odd_inputs_are_answered(classifier, images):
    empty = classifier.predict_proba(images[:0])
    assert empty.shape == (0, len(classifier.classes))
    assert empty.dtype == np.float32
    for level in (0, 128, 255):  # a blank face has an answer as well
        answers = classifier.predict_proba(np.full((1, 48, 48), level, np.uint8))
        assert np.isfinite(answers).all()
    readonly = images.copy()
    readonly.flags.writeable = False  # as memory-mapped faces are
    classifier.predict_proba(readonly)
    backwards = images[:, :, ::-1]  # not contiguous in memory
    np.testing.assert_allclose(
        classifier.predict_proba(backwards),
        classifier.predict_proba(np.ascontiguousarray(backwards)),
        atol=1e-6,
    )


def _wrong_inputs_are_refused(classifier, images):
    wrong = [
        images.astype(np.float32),
        images[..., None],
        images[0],
        images[:, :40],
        images.reshape(len(images), -1),
        images.tolist(),
    ]
    for given in wrong:
        with pytest.raises(ValueError, match="images must be"):
            require_images(given)
        with pytest.raises(ValueError, match="images must be"):
            classifier.predict_proba(given)
