"""What classical classifiers see of a face."""

import numpy as np
import pytest

from fercourse.features import hog


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
