"""The validation part and the smaller subsets are the same for everyone."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_faces import csv_text, make_faces

from fercourse.dataset import load_faces, validation_split
from fercourse.dataset.faceset import FaceSet
from fercourse.dataset.splitting import choose_validation, stratified_subset


def _repeating(n, distinct, seed):
    """Return images of which many are equal, their labels, and which image each is."""
    rng = np.random.default_rng(seed)
    which = rng.integers(0, distinct, n)
    images = rng.integers(0, 256, (distinct, 48, 48)).astype(np.uint8)[which]
    return images, rng.integers(0, 7, n).astype(np.uint8), which


@given(
    n=st.integers(1, 300),
    distinct=st.integers(1, 300),
    seed=st.integers(0, 99),
)
def test_equal_images_are_on_one_side_and_no_class_passes_its_tenth(n, distinct, seed):
    images, labels, which = _repeating(n, distinct, seed)
    chosen = choose_validation(images, labels, np.zeros(n, np.uint8))
    for image in set(which):
        assert len(set(chosen[which == image])) == 1
    assert chosen.sum() <= sum(round(0.1 * (labels == label).sum()) for label in range(7))


@pytest.mark.parametrize("seed", range(3))
def test_where_nothing_repeats_each_class_gives_a_tenth(seed):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (500, 48, 48)).astype(np.uint8)
    labels = rng.choice(7, 500, p=[0.14, 0.02, 0.14, 0.25, 0.17, 0.11, 0.17]).astype(np.uint8)
    chosen = choose_validation(images, labels, np.zeros(500, np.uint8))
    for label in range(7):
        assert (chosen & (labels == label)).sum() == round(0.1 * (labels == label).sum())


def test_the_choice_depends_on_pixels_and_not_on_the_order():
    images, labels, _ = _repeating(200, 200, 5)
    usage = np.zeros(200, np.uint8)
    unique = np.unique(images, axis=0, return_index=True)[1]
    images, labels, usage = images[unique], labels[unique], usage[unique]
    order = np.random.default_rng(1).permutation(len(labels))
    chosen = choose_validation(images, labels, usage)
    assert np.array_equal(choose_validation(images[order], labels[order], usage), chosen[order])


def test_the_choice_is_the_same_on_every_machine():
    ramp = (np.arange(400 * 48 * 48, dtype=np.int64) * 2654435761 % 251).astype(np.uint8)
    labels = (np.arange(400) % 7).astype(np.uint8)
    chosen = choose_validation(ramp.reshape(400, 48, 48), labels, np.zeros(400, np.uint8))
    assert hashlib.sha256(np.packbits(chosen)).hexdigest()[:16] == "c391c562f7acacc0"


def test_only_training_is_divided():
    images, labels, _ = _repeating(100, 100, 1)
    usage = np.repeat([0, 1], 50).astype(np.uint8)
    assert not choose_validation(images, labels, usage)[50:].any()
    faces = FaceSet(images, labels, usage, source="x", kind="drawn", rows=np.arange(100))
    with pytest.raises(ValueError, match="divides Training alone"):
        validation_split(faces)


@pytest.fixture
def many(tmp_path, monkeypatch):
    path = tmp_path / "fer2013.csv"
    path.write_text(csv_text(make_faces((420, 40, 40), seed=6)))
    monkeypatch.setenv("FERCOURSE_FER2013", str(path))


def test_both_parts_together_are_training(many):
    training = load_faces("Training")
    fit, validation = validation_split(training)
    assert sorted([*fit.rows, *validation.rows]) == training.rows.tolist()
    assert len(validation) == 42


@pytest.mark.parametrize(
    "choice", [{"classes": 6}, {"classes": 6, "disgust": "merge"}, {"limit": 100}]
)
def test_a_face_stays_on_its_side_in_every_choice(many, choice):
    validation = set(validation_split(load_faces("Training"))[1].rows)
    fit_here, validation_here = validation_split(load_faces("Training", **choice))
    assert set(validation_here.rows) <= validation
    assert not set(fit_here.rows) & validation


def test_a_set_made_by_hand_is_divided_as_well(many):
    training = load_faces("Training")
    by_hand = FaceSet(
        training.images, training.labels, training.usage, "mine", "drawn", training.rows
    )
    assert np.array_equal(validation_split(by_hand)[1].rows, validation_split(training)[1].rows)


@pytest.mark.parametrize("limit", [1, 10, 70, 139, 500, 9999])
def test_limit_keeps_shares_and_the_published_order(many, limit):
    faces = load_faces(limit=limit)
    assert len(faces) == min(limit, 500)
    assert (np.diff(faces.rows) > 0).all()
    whole = load_faces()
    for label in range(7):
        share = (whole.labels == label).mean() * len(faces)
        # One face of rounding in each of the label's strata: three splits, two parts of one.
        assert abs((faces.labels == label).sum() - share) <= 4


def test_limit_keeps_a_tenth_of_training_for_validation(many):
    training = load_faces("Training", limit=210)
    fit, validation = validation_split(training)
    for label in range(7):
        assert (fit.labels == label).sum() == 27
        assert (validation.labels == label).sum() == 3


def test_limit_gives_the_same_faces_each_time(many):
    assert np.array_equal(load_faces(limit=50).rows, load_faces(limit=50).rows)


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=8),
    part=st.floats(0.01, 1),
    seed=st.integers(0, 9),
)
def test_each_stratum_gets_its_share_rounded_up_or_down(sizes, part, seed):
    strata = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(sizes)), sizes))
    limit = max(1, int(part * len(strata)))
    chosen = stratified_subset(strata, np.arange(len(strata)), limit)
    assert len(chosen) == len(set(chosen)) == limit
    for stratum, size in enumerate(sizes):
        assert abs((strata[chosen] == stratum).sum() - size * limit / len(strata)) < 1


def test_a_larger_limit_mostly_adds_faces():
    strata, rows = np.arange(1000) % 7, np.arange(1000)
    small, large = (set(stratified_subset(strata, rows, limit)) for limit in (100, 200))
    assert len(small - large) <= 7
