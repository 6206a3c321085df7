"""What each measure means, and that chance is kept apart from skill."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss

from fercourse.evaluation import accuracy_interval, intervals, measure, reliability
from fercourse.evaluation.against import difference


@st.composite
def answered_faces(draw, most=60):
    """Probabilities and true labels of a few faces in 2 to 7 classes."""
    k = draw(st.integers(2, 7))
    n = draw(st.integers(1, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    probabilities = rng.dirichlet(np.full(k, draw(st.sampled_from([0.1, 1.0]))), n)
    return probabilities, rng.integers(0, k, n)


def one_hot(answers, k):
    return np.eye(k)[np.asarray(answers)]


def test_a_small_case_worked_out_by_hand():
    found = measure(one_hot([0, 0, 1, 1, 1], 3), np.array([0, 1, 1, 1, 0]))
    assert found.accuracy == pytest.approx(3 / 5)
    assert found.balanced_accuracy == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert found.confusion_matrix.tolist() == [[1, 1, 0], [1, 2, 0], [0, 0, 0]]
    assert found.classes[0].precision == pytest.approx(1 / 2)
    assert found.classes[1].f1 == pytest.approx(2 / 3)
    assert found.macro_f1 == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert [each.support for each in found.classes] == [2, 3, 0]


def test_a_class_that_does_not_occur_has_no_f1_and_counts_in_no_mean():
    found = measure(one_hot([0, 1, 2], 3), np.array([0, 1, 1]))
    absent = found.classes[2]
    assert (absent.support, absent.recall, absent.f1) == (0, None, None)
    assert absent.precision == 0
    assert found.macro_f1 == pytest.approx((1 + 2 / 3) / 2)
    assert found.balanced_accuracy == pytest.approx((1 + 1 / 2) / 2)


def test_a_class_that_is_never_answered_has_an_f1_of_0():
    found = measure(one_hot([0, 0], 2), np.array([0, 1]))
    assert (found.classes[1].precision, found.classes[1].f1) == (None, 0)


@given(answered_faces())
def test_the_log_loss_is_that_of_scikit_learn(case):
    probabilities, labels = case
    probabilities = probabilities.astype(np.float32)
    expected = log_loss(labels, probabilities, labels=range(probabilities.shape[1]))
    assert measure(probabilities, labels).log_loss == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_ruling_the_truth_out_costs_much_and_not_infinitely_much():
    assert 15 < measure(one_hot([0], 2), np.array([1])).log_loss < 17


@given(answered_faces(), st.randoms(use_true_random=False))
def test_the_order_of_the_faces_does_not_matter(case, random):
    probabilities, labels = case
    order = np.array(random.sample(range(len(labels)), len(labels)))
    one, other = measure(probabilities, labels), measure(probabilities[order], labels[order])
    assert one.accuracy == other.accuracy
    assert one.macro_f1 == pytest.approx(other.macro_f1)
    assert one.log_loss == pytest.approx(other.log_loss)
    assert one.expected_calibration_error == pytest.approx(other.expected_calibration_error)
    assert np.array_equal(one.confusion_matrix, other.confusion_matrix)


@given(answered_faces())
def test_every_share_is_one_and_the_matrix_counts_every_face(case):
    probabilities, labels = case
    found = measure(probabilities, labels)
    shares = [found.accuracy, found.balanced_accuracy, found.macro_f1]
    assert all(0 <= share <= 1 for share in [*shares, found.expected_calibration_error])
    assert found.confusion_matrix.sum() == len(labels)
    assert found.confusion_matrix.trace() == round(found.accuracy * len(labels))


@given(st.integers(0, 2**32 - 1))
def test_a_perfectly_calibrated_classifier_has_a_small_calibration_error(seed):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.full(7, 0.5), 20_000)
    labels = (rng.random((20_000, 1)) > probabilities.cumsum(axis=1)).sum(axis=1).clip(0, 6)
    assert reliability(probabilities, labels).expected_calibration_error < 0.02


def test_one_that_is_sure_and_right_half_the_time_has_a_calibration_error_of_a_half():
    answers, labels = np.zeros(100, int), np.arange(100) % 2
    found = reliability(one_hot(answers, 2), labels)
    assert found.expected_calibration_error == pytest.approx(0.5)
    assert found.faces[-1] == 100


@given(answered_faces())
def test_every_face_falls_into_the_bin_of_its_confidence(case):
    probabilities, labels = case
    found = reliability(probabilities, labels)
    held = found.faces > 0
    assert found.faces.sum() == len(labels)
    assert (found.confidence[held] >= found.edges[:-1][held] - 1e-9).all()
    assert (found.confidence[held] <= found.edges[1:][held] + 1e-9).all()


@given(answered_faces())
def test_the_interval_of_accuracy_holds_the_accuracy(case):
    probabilities, labels = case
    found = intervals(probabilities, labels, resamples=300)
    accuracy = measure(probabilities, labels).accuracy
    assert found.accuracy[0] <= accuracy <= found.accuracy[1]


@given(answered_faces())
def test_intervals_are_ordered_shares_and_only_of_classes_that_occur(case):
    probabilities, labels = case
    found = intervals(probabilities, labels, resamples=200)
    for low, high in [found.balanced_accuracy, found.macro_f1, *filter(None, found.f1)]:
        assert 0 <= low <= high <= 1
    occurs = set(labels.tolist())
    assert [each is not None for each in found.f1] == [
        label in occurs for label in range(probabilities.shape[1])
    ]


def test_the_same_seed_gives_the_same_intervals_and_more_faces_narrower_ones():
    rng = np.random.default_rng(0)
    probabilities, labels = rng.dirichlet(np.ones(3), 2000), rng.integers(0, 3, 2000)
    one, other = (intervals(probabilities, labels, resamples=500) for _ in range(2))
    few = intervals(probabilities[:100], labels[:100], resamples=500)
    assert one == other
    assert np.ptp(few.accuracy) > 2 * np.ptp(one.accuracy)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    held = 0
    for seed in range(200):
        low, high = accuracy_interval(rng.random(400) < 0.7, resamples=400, seed=seed)
        held += low <= 0.7 <= high
    assert 180 <= held <= 200


def test_both_ways_to_an_interval_of_accuracy_agree():
    rng = np.random.default_rng(2)
    probabilities, labels = rng.dirichlet(np.ones(4), 800), rng.integers(0, 4, 800)
    right = probabilities.argmax(axis=1) == labels
    drawn = intervals(probabilities, labels).accuracy
    assert accuracy_interval(right) == pytest.approx(drawn, abs=0.004)


@pytest.mark.parametrize(
    ("probabilities", "labels", "said"),
    [
        (np.empty((0, 3)), np.empty(0, int), "at least one face"),
        (np.ones((2, 2)) / 2, np.array([0, 2]), "from 0 to 1"),
        (np.ones((2, 2)) / 2, np.array([0]), "must be"),
    ],
)
def test_what_cannot_be_measured_is_refused(probabilities, labels, said):
    with pytest.raises(ValueError, match=said):
        measure(probabilities, labels)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_a_difference_turns_around_with_the_order_of_the_two(pairs):
    one, two = np.array(pairs, bool).T
    there, back = difference(one, two), difference(two, one)
    assert there.difference == -back.difference
    assert np.isclose(there.difference, one.mean() - two.mean())
    assert there.p_value == back.p_value
    assert (there.only_this, there.only_other) == (back.only_other, back.only_this)
    assert there.interval[0] <= there.difference <= there.interval[1]


def test_the_interval_of_a_difference_is_narrow_where_both_fail_on_the_same_faces():
    rng = np.random.default_rng(0)
    hard = rng.random(2000) < 0.4
    one, two = ~hard, ~hard ^ (rng.random(2000) < 0.05)
    alone = accuracy_interval(one)
    low, high = difference(one, two).interval
    assert high - low < 0.6 * (alone[1] - alone[0])


def test_equally_good_classifiers_rarely_look_different():
    """By the definition of a p-value, below 0.05 in at most a twentieth of the cases."""
    rng = np.random.default_rng(1)
    found = [difference(*(rng.random((2, 400)) < 0.6), resamples=10).p_value for _ in range(300)]
    assert 0.01 < np.mean(np.array(found) < 0.05) < 0.08


def test_answers_about_other_faces_cannot_be_compared():
    with pytest.raises(ValueError, match="3 and 2"):
        difference(np.ones(3, bool), np.ones(2, bool))
