"""Shown answers are steady, and say so where they are not sure."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fercourse.live.smoothing import Smoother


def told(*probabilities):
    return np.array([probabilities], np.float32)


def test_the_first_clear_answer_is_shown_at_once():
    reading = Smoother().update([1], told(0.1, 0.8, 0.1), 0.0)[0]
    assert reading.label == 1
    np.testing.assert_allclose(reading.probabilities, (0.1, 0.8, 0.1), atol=1e-6)


def test_what_is_a_half_life_old_counts_half():
    smoother = Smoother(half_life=0.5)
    smoother.update([1], told(1, 0), 0.0)
    reading = smoother.update([1], told(0, 1), 0.5)[0]
    np.testing.assert_allclose(reading.probabilities, (0.5, 0.5), atol=1e-6)


def test_the_average_is_the_same_at_every_frame_rate():
    answers = []
    for rate in (10, 60):
        smoother = Smoother(half_life=0.5)
        smoother.update([1], told(1, 0), 0.0)
        for frame in range(1, rate + 1):
            reading = smoother.update([1], told(0, 1), frame / rate)[0]
        answers.append(reading.probabilities)
    np.testing.assert_allclose(answers[0], answers[1], atol=1e-6)


def test_an_even_answer_is_not_sure():
    assert Smoother().update([1], told(0.25, 0.25, 0.25, 0.25), 0.0)[0].label is None


def test_a_label_stays_until_another_is_clearly_ahead():
    smoother = Smoother(half_life=0, margin=0.1, confidence=0.3)
    assert smoother.update([1], told(0.6, 0.4), 0.0)[0].label == 0
    assert smoother.update([1], told(0.48, 0.52), 0.1)[0].label == 0
    assert smoother.update([1], told(0.4, 0.6), 0.2)[0].label == 1
    assert smoother.update([1], told(0.52, 0.48), 0.3)[0].label == 1


def test_a_label_is_given_up_later_than_it_is_taken():
    smoother = Smoother(half_life=0, margin=0.9, confidence=0.4)
    assert smoother.update([1], told(0.38, 0.32, 0.3), 0.0)[0].label is None
    assert smoother.update([1], told(0.5, 0.3, 0.2), 0.1)[0].label == 0
    assert smoother.update([1], told(0.38, 0.32, 0.3), 0.2)[0].label == 0
    assert smoother.update([1], told(0.28, 0.37, 0.35), 0.3)[0].label is None


def test_an_answer_on_the_boundary_does_not_flicker():
    rng = np.random.default_rng(0)
    smoother = Smoother()
    raw, shown = [], []
    for frame in range(300):
        share = np.clip(0.5 + rng.normal(0, 0.15), 0, 1)
        answer = told(share, 1 - share)
        raw.append(answer.argmax())
        shown.append(smoother.update([1], answer, frame / 30)[0].label)
    assert np.count_nonzero(np.diff(raw)) > 100
    assert sum(a != b for a, b in itertools.pairwise(shown)) <= 6


def test_persons_are_apart():
    smoother = Smoother()
    smoother.update([1, 2], np.array([[1, 0], [0, 1]]), 0.0)
    readings = smoother.update([2, 1], np.array([[0, 1], [1, 0]]), 0.1)
    assert [reading.label for reading in readings] == [1, 0]


@pytest.mark.parametrize("broken", [(np.nan, 0.5), (np.inf, 0.0), (0.0, 0.0), (-0.5, 1.5)])
def test_a_broken_answer_changes_nothing(broken):
    smoother = Smoother()
    assert smoother.update([1], told(*broken), 0.0)[0].label is None
    smoother.update([1], told(0.9, 0.1), 0.1)
    reading = smoother.update([1], told(*broken), 0.2)[0]
    assert reading.label == 0
    np.testing.assert_allclose(reading.probabilities, (0.9, 0.1), atol=1e-6)


def test_who_was_away_begins_anew():
    smoother = Smoother(patience=1.0)
    smoother.update([1], told(1, 0), 0.0)
    assert smoother.update([1], told(0.2, 0.8), 5.0)[0].probabilities[1] == pytest.approx(0.8)


def test_memories_do_not_pile_up():
    smoother = Smoother(patience=1.0)
    for frame in range(1000):
        smoother.update([frame], told(1, 0), float(frame))
    assert len(smoother._memories) <= 2


@given(arrays(np.float64, (20, 7), elements=st.floats(0, 1)))
def test_shown_probabilities_add_up_to_one(answers):
    smoother = Smoother()
    for frame, answer in enumerate(answers):
        reading = smoother.update([1], answer[None], frame / 30)[0]
        assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert reading.label is None or 0 <= reading.label < 7


@pytest.mark.parametrize("wrong", [{"half_life": -1}, {"margin": 2}, {"confidence": -0.1}])
def test_settings_are_in_range(wrong):
    with pytest.raises(ValueError, match="must be 0 or more"):
        Smoother(**wrong)
