"""Augmentation changes what it says, by as much as it says, and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fercourse.training.augmentation import Augmentation, augmented, mirrored_now, mixed

STILL = Augmentation()


def faces(n=6, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, 48, 48)).astype(np.uint8)


def test_nothing_changes_where_all_strengths_are_zero():
    images = faces()
    result = augmented(images, STILL, np.random.default_rng(0))
    assert result.shape == (6, 48, 48, 1)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result[..., 0], images)


def test_mirrored_faces_are_exactly_mirrored():
    images = faces(2)
    result = augmented(images, STILL, np.random.default_rng(0), mirrored=np.array([True, False]))
    np.testing.assert_array_equal(result[0, ..., 0], images[0, :, ::-1])
    np.testing.assert_array_equal(result[1, ..., 0], images[1])


@given(st.integers(0, 10), st.integers(0, 100))
def test_a_face_is_mirrored_in_every_other_epoch(epoch, seed):
    places = np.arange(40)
    now, then = mirrored_now(places, epoch, seed), mirrored_now(places, epoch + 1, seed)
    np.testing.assert_array_equal(now, ~then)


def test_which_faces_are_mirrored_does_not_hang_on_the_order_of_asking():
    order = np.random.default_rng(1).permutation(40)
    at_once = mirrored_now(np.arange(40), 3, 7)
    np.testing.assert_array_equal(mirrored_now(order, 3, 7), at_once[order])
    assert 5 < at_once.sum() < 35


@given(st.floats(1, 6), st.integers(0, 1000))
def test_a_shift_moves_the_picture_and_stays_within_its_strength(strength, seed):
    spot = np.zeros((1, 48, 48), np.uint8)
    spot[0, 23:25, 23:25] = 255
    moved = augmented(spot, Augmentation(shift=strength), np.random.default_rng(seed))[0, ..., 0]
    rows, columns = np.indices((48, 48))
    center = np.array([(rows * moved).sum(), (columns * moved).sum()]) / moved.sum()
    assert np.abs(center - 23.5).max() <= strength + 0.05


def test_a_quarter_turn_is_the_most_that_ninety_degrees_can_give():
    image = np.zeros((1, 48, 48), np.uint8)
    image[0, :, 20:28] = 255
    turned = [
        augmented(image, Augmentation(rotation=90), np.random.default_rng(seed))[0, ..., 0]
        for seed in range(20)
    ]
    assert max(np.abs(t - image[0]).mean() for t in turned) > 50
    assert all(abs(t.mean() - image.mean()) < 30 for t in turned)


def test_smaller_faces_show_the_whole_face():
    ramp = np.tile(np.linspace(0, 255, 48).astype(np.uint8), (1, 48, 1))
    small = augmented(ramp, STILL, np.random.default_rng(0), size=24)[0, :, :, 0]
    assert small.shape == (24, 24)
    wanted = ramp[0, 0].astype(float).reshape(24, 2).mean(axis=1)
    np.testing.assert_allclose(small[0], wanted, atol=1.5)


def test_cutout_covers_about_every_other_face_with_a_gray_square():
    white = np.full((400, 48, 48), 255, np.uint8)
    covered = augmented(white, Augmentation(cutout=12), np.random.default_rng(0))
    gray = (covered == 128).sum(axis=(1, 2, 3))
    assert set(gray) == {0, 144}
    assert 150 < (gray > 0).sum() < 250


def test_lighting_keeps_gray_levels_in_their_range():
    lit = augmented(faces(50), Augmentation(lighting=0.5), np.random.default_rng(0))
    assert lit.min() >= 0
    assert lit.max() <= 255
    assert not np.array_equal(lit[..., 0], faces(50))


@given(st.floats(0.1, 2), st.integers(0, 100))
def test_blended_targets_are_still_shares(strength, seed):
    generator = np.random.default_rng(seed)
    targets = np.eye(7, dtype=np.float32)[generator.integers(0, 7, 8)]
    images = faces(8, seed)[..., None].astype(np.float32)
    blended, shares = mixed(images, targets, strength, generator)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert (shares.max(axis=1) >= 0.5 - 1e-6).all()
    assert blended.min() >= 0
    assert blended.max() <= 255.001


def test_without_mixup_nothing_is_blended():
    images, targets = np.ones((3, 48, 48, 1), np.float32), np.eye(3, dtype=np.float32)
    assert mixed(images, targets, 0.0, np.random.default_rng(0)) == (images, targets)


@pytest.mark.parametrize(
    "wrong", [{"rotation": -1}, {"scale": 1.0}, {"cutout": 49}, {"stretch": -0.1}]
)
def test_strengths_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"strengths|below 1"):
        Augmentation(**wrong)
