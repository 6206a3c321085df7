"""What classical classifiers see of a face."""

import numpy as np
import pytest

from fercourse.features import directed_hog, hog, mirrored_directed_hog


@pytest.mark.parametrize("shape", [(48, 48), (10, 10), (2, 47, 48), (2, 48, 48, 1)])
def test_hog_refuses_other_shapes_in_a_sentence_instead_of_crashing(shape):
    with pytest.raises(ValueError, match=r"images must be \(n, 48, 48\)"):
        hog(np.zeros(shape, np.uint8))


def test_hog_of_faces_is_900_numbers_from_0_to_1():
    faces = np.random.default_rng(0).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    rows = hog(faces)
    assert rows.shape == (3, 900)
    assert rows.min() >= 0
    assert rows.max() <= 1


def test_directed_hog_of_faces_has_blocks_of_length_1():
    faces = np.random.default_rng(0).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    blocks = directed_hog(faces).reshape(3, 49, 48)
    np.testing.assert_allclose((blocks**2).sum(axis=2), 1, atol=1e-5)
    assert not directed_hog(np.full((1, 48, 48), 9, np.uint8)).any()


def test_directed_hog_tells_a_dark_edge_from_a_light_one_and_hog_does_not():
    edge = np.tile(np.where(np.arange(48) < 24, 200, 50).astype(np.uint8), (48, 1))
    pair = np.stack([edge, 255 - edge])
    np.testing.assert_allclose(*hog(pair), atol=1e-5)
    first, second = directed_hog(pair)
    assert np.abs(first - second).max() > 0.5


def test_a_mirrored_face_has_the_same_directed_hog_in_other_places():
    faces = np.random.default_rng(1).integers(0, 256, (4, 48, 48), dtype=np.uint8)
    np.testing.assert_allclose(
        mirrored_directed_hog(directed_hog(faces)), directed_hog(faces[:, :, ::-1]), atol=1e-5
    )


def test_directed_hog_of_many_faces_is_that_of_each():
    faces = np.random.default_rng(2).integers(0, 256, (501, 48, 48), dtype=np.uint8)
    rows = directed_hog(faces)
    np.testing.assert_allclose(rows[500:], directed_hog(faces[500:]), atol=1e-6)
    assert directed_hog(faces[:0]).shape == (0, 2352)


def test_directed_hog_refuses_other_shapes():
    with pytest.raises(ValueError, match=r"images must be \(n, 48, 48\)"):
        directed_hog(np.zeros((2, 48, 48, 1), np.uint8))
