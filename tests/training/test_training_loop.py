"""A training learns, can be interrupted at any time, and says how far it is."""

import dataclasses

import keras
import numpy as np
import pytest

from fercourse.classifiers.architectures import build
from fercourse.classifiers.network import NetworkClassifier
from fercourse.emotions import class_scheme
from fercourse.errors import CourseError
from fercourse.training import checkpoint, loop
from fercourse.training.checkpoint import CheckpointError
from fercourse.training.loop import smoothed, train
from fercourse.training.transfer import freeze


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Report after each batch, and write a checkpoint each time."""
    monkeypatch.setattr(loop, "_PIECE", 16)
    monkeypatch.setattr(loop, "_SAVE_AFTER", 0.0)


def weights(trained):
    return trained.model.get_weights()


def test_a_network_learns_what_it_is_shown(quick_recipe, quick_faces):
    images, targets = quick_faces
    recipe = dataclasses.replace(quick_recipe, epochs=25)
    trained = train(recipe, images, targets, policy="float32")
    assert len(trained.losses) == 25
    assert trained.losses[-1] < trained.losses[0] / 2
    classifier = NetworkClassifier.from_keras_model(
        trained.model, "baseline", class_scheme(7).classes
    )
    right = classifier.predict_proba(images).argmax(axis=1) == targets.argmax(axis=1)
    assert right.mean() > 0.9


@pytest.mark.parametrize("after", [1, 2, 3])
def test_an_interrupted_training_ends_as_if_nothing_had_happened(
    quick_recipe, quick_faces, tmp_path, after
):
    images, targets = quick_faces
    path = tmp_path / "quick.checkpoint"
    whole = train(quick_recipe, images, targets, policy="float32")

    def stop(progress, seen=[]):  # noqa: B006
        seen.append(progress)
        if len(seen) == after + 1:  # the piece before was kept, this one is lost
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(quick_recipe, images, targets, checkpoint=path, report=stop, policy="float32")
    assert path.exists()
    reports = []
    resumed = train(
        quick_recipe,
        images,
        targets,
        checkpoint=path,
        resume=True,
        report=reports.append,
        policy="float32",
    )
    assert path.exists()  # until what came out is kept elsewhere
    assert len(reports) == 4 - after
    np.testing.assert_allclose(resumed.losses, whole.losses, rtol=1e-4)
    for now, then in zip(weights(resumed), weights(whole), strict=True):
        np.testing.assert_allclose(now, then, atol=2e-4)


def test_another_training_does_not_go_on_from_the_checkpoint(quick_recipe, quick_faces, tmp_path):
    images, targets = quick_faces
    path = tmp_path / "quick.checkpoint"
    keep_checkpoint(quick_recipe, images, targets, path)
    other = dataclasses.replace(quick_recipe, epochs=3)
    with pytest.raises(CourseError, match=r"another one.*--limit, --classes, --all.*--anew"):
        train(other, images, targets, checkpoint=path, resume=True, policy="float32")
    with pytest.raises(CourseError, match="another one"):
        train(quick_recipe, images[::-1], targets, checkpoint=path, resume=True, policy="float32")
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match=r"cannot be read.*--anew"):
        train(quick_recipe, images, targets, checkpoint=path, resume=True, policy="float32")
    path.unlink()
    path.mkdir()
    with pytest.raises(CheckpointError, match=r"cannot be read.*--anew"):
        train(quick_recipe, images, targets, checkpoint=path, resume=True, policy="float32")


def test_an_interrupted_training_goes_on_in_its_own_precision(
    quick_recipe, quick_faces, tmp_path, monkeypatch
):
    path = tmp_path / "quick.checkpoint"
    keep_checkpoint(quick_recipe, *quick_faces, path, policy="mixed_bfloat16")
    monkeypatch.setattr(loop, "quickest_policy", lambda: "float32")
    with pytest.raises(CheckpointError, match="in mixed_bfloat16, not in float32"):
        train(quick_recipe, *quick_faces, checkpoint=path, resume=True, policy="float32")
    resumed = train(quick_recipe, *quick_faces, checkpoint=path, resume=True)
    assert resumed.policy == "mixed_bfloat16"
    anew = train(quick_recipe, *quick_faces, checkpoint=path)
    assert anew.policy == "float32"


def test_a_checkpoint_from_before_its_precision_was_kept_still_fits(
    quick_recipe, quick_faces, tmp_path, monkeypatch
):
    path = tmp_path / "quick.checkpoint"

    def without_precision(standing):
        return {n: v for n, v in dataclasses.asdict(standing).items() if n != "policy"}

    with monkeypatch.context() as before:
        before.setattr(checkpoint, "asdict", without_precision)
        keep_checkpoint(quick_recipe, *quick_faces, path)
    resumed = train(quick_recipe, *quick_faces, checkpoint=path, resume=True, policy="float32")
    assert len(resumed.losses) == 2


def test_a_training_with_another_start_does_not_go_on_from_the_checkpoint(
    quick_recipe, quick_faces, tmp_path
):
    path = tmp_path / "quick.checkpoint"
    begun, other = build(quick_recipe.architecture), build(quick_recipe.architecture)
    keep_checkpoint(quick_recipe, *quick_faces, path, start=begun)
    frozen = keras.models.clone_model(begun)
    frozen.set_weights(begun.get_weights())
    freeze(frozen)
    resumed = {"checkpoint": path, "resume": True, "policy": "float32"}
    for start in (None, other, frozen):
        with pytest.raises(CourseError, match="another one"):
            train(quick_recipe, *quick_faces, start=start, **resumed)
    train(quick_recipe, *quick_faces, start=begun, **resumed)


def keep_checkpoint(recipe, images, targets, path, start=None, policy="float32"):
    def stop(progress):
        if progress.epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(recipe, images, targets, start=start, checkpoint=path, report=stop, policy=policy)


def test_progress_rises_to_the_end(quick_recipe, quick_faces):
    reports = []
    train(quick_recipe, *quick_faces, report=reports.append, policy="float32")
    shares = [report.share for report in reports]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert reports[-1].seconds_left == 0
    assert [report.epoch for report in reports if report.epoch_is_over] == [1, 2]


def test_smaller_faces_first_are_counted_as_less_work(quick_recipe, quick_faces):
    recipe = dataclasses.replace(quick_recipe, architecture="live", sizes=((24, 0.5), (48, 0.5)))
    reports = []
    train(recipe, *quick_faces, report=reports.append, policy="float32")
    halfway = next(report for report in reports if report.epoch_is_over)
    assert halfway.share == pytest.approx(0.2)


@pytest.mark.parametrize("rule", ["sgd", "adamw", "muon"])
def test_every_optimizer_and_the_average_of_weights_learn(quick_recipe, quick_faces, rule):
    rates = {"sgd": 0.05, "adamw": 0.003, "muon": 0.02}
    recipe = dataclasses.replace(
        quick_recipe, epochs=6, optimizer=rule, learning_rate=rates[rule], average=0.5
    )
    trained = train(recipe, *quick_faces, policy="float32")
    assert trained.losses[-1] < trained.losses[0]


def test_half_precision_learns_too_and_keeps_whole_weights(quick_recipe, quick_faces):
    trained = train(quick_recipe, *quick_faces, policy="mixed_bfloat16")
    assert {weight.dtype for weight in weights(trained)} == {np.dtype("float32")}
    assert np.isfinite(trained.losses).all()


def test_a_seed_decides_everything(quick_recipe, quick_faces):
    one, same, other = (
        train(quick_recipe, *quick_faces, seed=seed, policy="float32") for seed in (1, 1, 2)
    )
    np.testing.assert_allclose(one.losses, same.losses, rtol=1e-4)
    assert abs(one.losses[0] - other.losses[0]) > 1e-3


def test_no_faces_are_no_training_set(quick_recipe, quick_faces):
    images, targets = quick_faces
    with pytest.raises(ValueError, match="no training set"):
        train(quick_recipe, images[:0], targets[:0])
    with pytest.raises(ValueError, match="no training set"):
        train(quick_recipe, images, targets[:3])


def test_smoothed_targets_say_the_label_and_a_little_of_everything():
    targets = smoothed(np.array([2, 0]), 7, 0.1)
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)
    assert targets[0, 2] == pytest.approx(0.9 + 0.1 / 7)
    assert targets[1, 3] == pytest.approx(0.1 / 7)
