"""Disturbed faces: the same every time, harder at every step, nothing changed in place."""

import numpy as np
import pytest

from fercourse import drawn
from fercourse.evaluation import DISTURBANCES
from fercourse.evaluation.robustness import (
    blurred,
    brightened,
    compressed,
    contrasted,
    noisy,
    occluded,
    rotated,
)


@pytest.fixture(scope="module")
def images():
    return drawn.faces(12, seed=3).images


@pytest.mark.parametrize("disturbance", DISTURBANCES, ids=lambda each: each.name)
def test_a_disturbance_is_a_pure_function_that_disturbs_more_at_every_step(disturbance, images):
    before = images.copy()
    changes = []
    for strength in disturbance.strengths:
        one, other = (disturbance.apply(images, strength) for _ in range(2))
        assert one.dtype == np.uint8
        assert one.shape == images.shape
        assert np.array_equal(one, other), "the same every time"
        changes.append(np.abs(one.astype(int) - images).mean())
    assert np.array_equal(images, before), "nothing is changed in place"
    assert changes == sorted(changes)
    assert changes[0] > 0


@pytest.mark.parametrize("disturbance", DISTURBANCES, ids=lambda each: each.name)
def test_no_faces_give_no_faces(disturbance):
    none = np.empty((0, 48, 48), np.uint8)
    assert disturbance.apply(none, disturbance.strengths[0]).shape == (0, 48, 48)


def test_a_blank_image_stays_blank_where_only_its_neighbors_matter():
    blank = np.full((1, 48, 48), 77, np.uint8)
    for changed in (blurred(blank, 2), rotated(blank, 30), contrasted(blank, 0.1)):
        assert np.array_equal(changed, blank)


def test_every_other_face_is_turned_the_other_way(images):
    twice = rotated(np.repeat(images[:1], 2, axis=0), 15)
    upside = rotated(images[:1], -15)
    assert np.array_equal(twice[1], upside[0])
    assert not np.array_equal(twice[0], twice[1])


def test_brightness_stops_at_black_and_white():
    levels = np.array([0, 100, 255], np.uint8).repeat(768).reshape(1, 48, 48)
    assert set(np.unique(brightened(levels, 100))) == {100, 200, 255}
    assert set(np.unique(brightened(levels, -100))) == {0, 155}


def test_the_square_that_covers_a_face_has_the_size_it_says_and_moves_about():
    covered = occluded(np.zeros((50, 48, 48), np.uint8), 16) > 0
    assert (covered.sum(axis=(1, 2)) == 16 * 16).all()
    assert len({tuple(np.argwhere(each)[0]) for each in covered}) > 40
    seen = covered.mean(axis=0)
    assert seen[:16].sum() > 0
    assert seen[-16:].sum() > 0


def test_noise_does_not_depend_on_how_many_faces_follow(images):
    assert np.array_equal(noisy(images, 25)[:5], noisy(images[:5], 25))


def test_jpeg_loses_little_at_a_high_quality(images):
    assert np.abs(compressed(images, 95).astype(int) - images).mean() < 3
