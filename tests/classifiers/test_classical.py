"""Classical classifiers: scikit-learn's rules, the course's contract, and what each promises."""

import numpy as np
import pytest
from check_contract import check_contract
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from fercourse.classifiers.classical import (
    CLASSICAL,
    FaceClassifier,
    FaceVote,
    KernelMachine,
    WithinClassMetric,
)


@parametrize_with_checks(
    [
        FaceClassifier(),
        KernelMachine(),
        KernelMachine(loss="squared"),
        WithinClassMetric(),
        FaceVote(),
        FaceVote([FaceClassifier(), FaceClassifier(KernelMachine())]),
        CLASSICAL["knn"]().set_params(estimator__kneighborsclassifier__n_neighbors=3),
        CLASSICAL["svm"](),
    ]
)
def test_an_estimator_keeps_scikit_learns_rules(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def faces():
    """Give 120 pictures in which the brighter half says which of three classes it is."""
    random = np.random.default_rng(1)
    labels = np.arange(120) % 3
    images = random.integers(60, 180, (120, 48, 48))
    for image, label in zip(images, labels, strict=True):
        image[16 * label : 16 * label + 16, :] += 60 * (np.arange(48) % 8 < 4)
    return images.astype(np.uint8), labels


SMALL = {"knn": {"estimator__kneighborsclassifier__n_neighbors": 5}}
SMALL["knn-pixels"] = SMALL["knn"]


@pytest.fixture(scope="module", params=sorted(CLASSICAL))
def fitted(request, faces):
    return CLASSICAL[request.param]().set_params(**SMALL.get(request.param, {})).fit(*faces)


def test_every_classical_classifier_keeps_the_contract(fitted, faces):
    check_contract(fitted, faces[0][:4])


def test_every_classical_classifier_learns_what_is_easy(fitted, faces):
    assert fitted.score(*faces) > 0.9


def test_classes_that_no_face_has_get_no_probability(fitted, faces):
    answers = fitted.predict_proba(faces[0])
    assert answers.shape == (120, 7)
    assert not answers[:, 3:].any()


def test_a_mirrored_face_gets_the_same_answer_from_the_machines(faces):
    images, labels = faces
    machine = CLASSICAL["svm"]().fit(images, labels)
    np.testing.assert_allclose(
        machine.predict_proba(images[:, :, ::-1]), machine.predict_proba(images), atol=1e-4
    )


def test_faces_beside_their_mirror_images_are_learned_as_if_added():
    """The machine on n pairs is the one that 2n rows would give, with twice the regularization.

    Its kernel is half the sum of the two, and both copies of a face have the same weight.
    """
    random = np.random.default_rng(0)
    rows = random.normal(size=(60, 6))
    mirrored = rows[:, ::-1]
    labels = (rows[:, 0] + rows[:, 5] + random.normal(size=60) > 0).astype(int)
    settings = {"width": 2.0, "loss": "squared"}
    beside = KernelMachine(0.2, beside=True, **settings)
    beside.fit(np.hstack([rows, mirrored]), labels)
    added = KernelMachine(0.4, **settings)
    added.fit(np.vstack([rows, mirrored]), np.tile(labels, 2))
    added_width = added.gamma_ / added.width
    beside.set_params(width=2.0 * added_width / (beside.gamma_ / beside.width))
    beside.fit(np.hstack([rows, mirrored]), labels)
    np.testing.assert_allclose(
        beside.decision_function(np.hstack([rows, mirrored])),
        added.decision_function(rows),
        atol=1e-4,
    )


def test_the_squared_loss_is_kernel_ridge_regression():
    from sklearn.kernel_ridge import KernelRidge

    random = np.random.default_rng(0)
    rows, labels = random.normal(size=(80, 5)), np.arange(80) % 3
    machine = KernelMachine(0.5, loss="squared", landmarks=20).fit(rows, labels)
    signs = np.where(labels[:, None] == np.arange(3), 1.0, -1.0)
    ridge = KernelRidge(alpha=0.5, kernel="rbf", gamma=machine.gamma_)
    ridge.fit(rows, signs - signs.mean(axis=0))
    np.testing.assert_allclose(
        machine.decision_function(rows), ridge.predict(rows) + signs.mean(axis=0), atol=1e-4
    )


def test_the_squared_hinge_leaves_no_row_wanting():
    """At the optimum the gradient of the objective is zero in every weight."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(150, 3))
    labels = (rows[:, 0] > 0).astype(int)
    machine = KernelMachine(0.3, width=1.0).fit(rows, labels)
    assert 0 < len(machine.support_) < 150
    values = machine.decision_function(rows) / 2
    signs = np.where(labels == 1, 1, -1)
    weights = np.zeros(150)
    weights[machine.support_] = machine._weights[:, 1]
    wanted = np.maximum(0, 1 - signs * values) * signs
    np.testing.assert_allclose(0.3 * weights, wanted, atol=1e-2)


def test_the_metric_makes_unit_vectors_that_bring_a_class_together():
    random = np.random.default_rng(0)
    labels = np.arange(200) % 2
    rows = random.normal(size=(200, 4)) * [10, 1, 1, 1]
    rows[:, 1] += 4 * labels
    turned = WithinClassMetric(4).fit_transform(rows, labels)
    np.testing.assert_allclose(np.linalg.norm(turned, axis=1), 1)
    plain = KNeighborsClassifier(5).fit(rows[::2], labels[::2])
    learned = KNeighborsClassifier(5).fit(turned[::2], labels[::2])
    odd = np.arange(200)[1::2]
    assert learned.score(turned[odd], labels[odd]) >= plain.score(rows[odd], labels[odd])


def test_a_vote_is_the_mean_of_its_members(faces):
    images, labels = faces
    members = [FaceClassifier(), FaceClassifier(features="hog")]
    vote = FaceVote(members).fit(images, labels)
    alone = [member.fit(images, labels).predict_proba(images) for member in members]
    np.testing.assert_allclose(vote.predict_proba(images), np.mean(alone, axis=0), atol=1e-6)
    assert vote.predict_proba(images).dtype == np.float32


def test_settings_can_be_searched_over_with_faces(faces):
    images, labels = faces
    search = GridSearchCV(
        FaceClassifier(KNeighborsClassifier()),
        {"estimator__n_neighbors": [1, 5], "features": ["pixels", "hog"]},
        cv=2,
    )
    search.fit(images, labels)
    assert search.best_params_["features"] in ("pixels", "hog")
    check_contract(search.best_estimator_)


def test_what_is_fitted_on_rows_answers_about_rows(faces):
    images, labels = faces
    rows = images.reshape(len(images), -1) / 255
    model = FaceClassifier().fit(rows, labels)
    assert model.predict_proba(rows).shape == (120, 3)
    with pytest.raises(ValueError):
        model.predict_proba(images)


@pytest.mark.parametrize("name", sorted(CLASSICAL))
def test_a_name_makes_a_new_unfitted_estimator_each_time(name):
    first, second = CLASSICAL[name](), CLASSICAL[name]()
    assert first is not second
    assert not [key for key in vars(first) if key.endswith("_")]
    assert clone(first).get_params().keys() == first.get_params().keys()


@pytest.mark.parametrize(
    ("settings", "labels", "said"),
    [
        ({"features": "smell"}, [0, 1], "features must be one of pixels"),
        ({"mirror": "yes"}, [0, 1], "mirror must be no, added or beside"),
        ({}, [0], "one whole number for each of the 2 images"),
        ({}, [0.0, 1.0], "one whole number for each of the 2 images"),
        ({}, [0, 7], "labels must lie from 0 to 6"),
        ({}, [-1, 1], "-1 is among them"),
    ],
)
def test_what_is_wrong_is_said(settings, labels, said):
    with pytest.raises(ValueError, match=said):
        FaceClassifier(**settings).fit(np.zeros((2, 48, 48), np.uint8), labels)


def test_no_faces_to_fit_on_is_said():
    with pytest.raises(ValueError, match="no faces to fit on"):
        FaceClassifier().fit(np.zeros((0, 48, 48), np.uint8), np.zeros(0, int))
