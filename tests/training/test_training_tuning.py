"""A search tries settings, remembers all of them, and survives what befalls it."""

import json
import math
from dataclasses import replace
from pathlib import Path

import keras_tuner
import numpy as np
import pytest
from matplotlib.figure import Figure

from fercourse import cli
from fercourse.classifiers import load_classifier
from fercourse.classifiers.architectures import plan_of
from fercourse.commands import tune as tune_command
from fercourse.dataset import FaceSet
from fercourse.errors import CourseError
from fercourse.evaluation import load_model
from fercourse.training import loop, tuning, tuning_results, tuning_search
from fercourse.training.checkpoint import policy_kept
from fercourse.training.recipes import recipe_of
from fercourse.training.tuning import (
    Setting,
    best_of,
    read_results,
    search_space,
    setting_of,
    train_best,
    tune,
)
from fercourse.training.tuning_oracles import oracle_of
from fercourse.workspace import alone_at

ROOT = Path(__file__).resolve().parents[2]


def faces_of(number, seed=0):
    """Faces of seven kinds, each a bright band elsewhere, that a short training tells apart."""
    labels = (np.arange(number) % 7).astype(np.uint8)
    images = np.random.default_rng(seed).integers(0, 90, (number, 48, 48)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[6 * label : 6 * label + 6] = 220
    return FaceSet(
        images,
        labels,
        np.zeros(number, np.uint8),
        "bands",
        "drawn",
        np.arange(number, dtype=np.int64),
    )


@pytest.fixture(scope="module")
def faces():
    return faces_of(210)


def judged(setting, epochs):
    """What stands for an accuracy where nothing is trained."""
    return 0.6 - 0.1 * (math.log10(setting.learning_rate) + 2) ** 2 + 0.001 * epochs


@pytest.fixture
def untrained(monkeypatch):
    """Let a trial be judged by its learning rate, and return the list of what was tried."""
    tried = []

    def stand_in(setting, faces, *, epochs, seed, checkpoint, precision_kept, report):
        tried.append(setting)
        return None, {"val_accuracy": judged(setting, epochs), "seconds": 1.0}

    monkeypatch.setattr(tuning_search, "trained", stand_in)
    monkeypatch.setattr(tuning_search.keras.backend, "clear_session", lambda: None)
    monkeypatch.setattr(tuning_results, "parallel_coordinates", lambda *_, **__: Figure((1, 1)))
    return tried


def interrupting(after):
    """Press Ctrl-C when a trial begins, after so many."""

    def report(event):
        if event.kind == "begins" and event.trial > after:
            raise KeyboardInterrupt

    return report


def test_the_usual_setting_is_the_baseline_itself():
    for classes in (6, 7):
        assert Setting().plan(classes) == plan_of("baseline", classes)
    usual, recipe = Setting().recipe(20), recipe_of("baseline")
    for name in ("optimizer", "learning_rate", "batch_size", "weight_decay", "label_smoothing"):
        assert getattr(usual, name) == getattr(recipe, name), name


def test_the_search_space_begins_with_the_usual_setting():
    assert search_space(keras_tuner.HyperParameters()) == Setting()


def test_every_value_of_a_setting_is_searched():
    space = keras_tuner.HyperParameters()
    search_space(space)
    assert {hp.name for hp in space.space} == set(Setting().as_dict())


def test_a_setting_changes_the_layers_it_names():
    plan = Setting(filters=32, dense=256, dropout=0.5, activation="gelu").plan(7)
    text = repr(plan)
    assert text.count("kind='gelu'") == 4
    assert "share=0.5" in text
    assert [layer.filters for layer in plan if hasattr(layer, "filters")] == [32, 64, 128]
    assert [layer.units for layer in plan if hasattr(layer, "units")] == [256, 7]


@pytest.mark.parametrize("method", ["hyperband", "bayesian", "random"])
def test_a_search_tries_the_usual_setting_first_and_lists_the_best_first(
    method, faces, untrained, tmp_path
):
    table = tune(faces, tmp_path, method=method, epochs=3, trials=8)
    assert untrained[0] == Setting()
    assert len(set(untrained)) >= 4
    assert table["accuracy"].is_monotonic_decreasing
    assert (table["state"] == "completed").all()
    assert sorted(table["trial"]) == list(range(1, len(table) + 1))
    assert best_of(tmp_path)["accuracy"] == table["accuracy"].max()
    assert setting_of(tmp_path).as_dict() == table.iloc[0][list(Setting().as_dict())].to_dict()


def test_hyperband_lets_the_best_learn_longer(faces, untrained, tmp_path):
    table = tune(faces, tmp_path, method="hyperband", epochs=9)
    short = table[table["epochs"] == 1].nlargest(3, "accuracy")
    longer = table[table["epochs"] == 3]
    assert set(short["learning_rate"]) <= set(longer["learning_rate"])
    assert set(table["epochs"]) == {1, 3, 9}


@pytest.mark.parametrize("epochs", [4, 12, 40])
def test_hyperband_keeps_a_third_to_a_half_for_two_to_three_times_as_long(epochs):
    """As --help and docs/tuning.md say it."""
    oracle = oracle_of(
        "hyperband", keras_tuner.HyperParameters(), epochs=epochs, trials=None, seed=0
    )
    for group in range(1, oracle._get_num_brackets()):
        for rung in range(group):
            kept = oracle._get_size(group, rung + 1) / oracle._get_size(group, rung)
            longer = oracle._get_epochs(group, rung + 1) / oracle._get_epochs(group, rung)
            assert 1 / 3 <= kept <= 1 / 2
            assert 2 <= longer <= 3


def test_the_same_seed_tries_the_same(faces, untrained, tmp_path):
    tune(faces, tmp_path / "a", method="random", trials=5, seed=3)
    first = untrained[:]
    untrained.clear()
    tune(faces, tmp_path / "b", method="random", trials=5, seed=3)
    assert untrained == first


@pytest.mark.parametrize("method", ["hyperband", "random"])
@pytest.mark.parametrize("after", [0, 2])
def test_an_interrupted_search_ends_as_if_nothing_had_happened(
    method, after, faces, untrained, tmp_path
):
    whole = tune(faces, tmp_path / "whole", method=method, epochs=3, trials=6)
    with pytest.raises(KeyboardInterrupt):
        tune(
            faces,
            tmp_path / "parts",
            method=method,
            epochs=3,
            trials=6,
            report=interrupting(after),
        )
    assert len(read_results(tmp_path / "parts")) == after + 1
    resumed = tune(faces, tmp_path / "parts", method=method, epochs=3, trials=6, resume=True)
    assert resumed.equals(whole)


def test_two_do_not_search_in_one_folder(faces, untrained, tmp_path):
    tune(faces, tmp_path, method="random", epochs=1, trials=1)
    with alone_at(tmp_path), pytest.raises(CourseError, match="Another command is at work"):
        tune(faces, tmp_path, method="random", epochs=1, trials=2, resume=True)
    assert len(tune(faces, tmp_path, method="random", epochs=1, trials=2, resume=True)) == 2


def test_a_search_can_be_made_longer(faces, untrained, tmp_path):
    tune(faces, tmp_path, method="bayesian", trials=4)
    assert len(tune(faces, tmp_path, method="bayesian", trials=7, resume=True)) == 7
    assert len(untrained) == 7


def test_no_trial_begins_when_the_time_is_over(faces, untrained, tmp_path, monkeypatch):
    table = tune(faces, tmp_path, method="random", trials=5, minutes=1e-9)
    assert not len(table)
    assert len(tune(faces, tmp_path, method="random", trials=5, resume=True)) == 5


def test_events_say_how_far_it_is(faces, untrained, tmp_path):
    events = []
    tune(faces, tmp_path, method="random", trials=3, epochs=2, report=events.append)
    assert [event.kind for event in events] == ["begins", "ended"] * 3
    assert {event.trials for event in events} == {3}
    assert events[-1].best == max(event.accuracy for event in events if event.accuracy)
    assert events[-1].seconds_left == 0
    assert events[1].seconds_left > 0


def test_trials_that_fail_are_kept_and_three_in_a_row_end_the_search(faces, tmp_path, monkeypatch):
    def stand_in(setting, faces, *, epochs, **_):
        if setting != Setting():
            raise MemoryError("no room for so many filters")
        return None, {"val_accuracy": 0.5, "seconds": 1.0}

    monkeypatch.setattr(tuning_search, "trained", stand_in)
    events = []
    with pytest.raises(CourseError, match="no room for so many filters"):
        tune(faces, tmp_path, method="random", trials=9, report=events.append)
    assert [event.kind for event in events if event.kind != "begins"] == ["ended"] + ["failed"] * 3
    assert read_results(tmp_path)["state"].tolist() == ["completed"] + ["failed"] * 3


def test_what_no_setting_can_help_ends_the_search_at_once(faces, tmp_path, monkeypatch):
    def stand_in(*_, **__):
        raise CourseError("the disk is full.")

    monkeypatch.setattr(tuning_search, "trained", stand_in)
    with pytest.raises(CourseError, match="the disk is full"):
        tune(faces, tmp_path, method="random", trials=9)


def test_the_files_say_what_the_table_says(faces, untrained, tmp_path):
    table = tune(faces, tmp_path, method="random", trials=4, seed=1)
    assert read_results(tmp_path).equals(table)
    assert (tmp_path / "results.csv").read_text().count("\n") == 5
    assert (tmp_path / "parallel_coordinates.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "best.json").read_text())["search"]["seed"] == 1
    assert "NaN" not in (tmp_path / "results.json").read_text()


def test_another_search_is_not_gone_on_with(faces, untrained, tmp_path):
    tune(faces, tmp_path, method="random", trials=2)
    with pytest.raises(CourseError, match="--resume"):
        tune(faces, tmp_path, method="random", trials=2)
    with pytest.raises(CourseError, match="differs in method, epochs, seed"):
        tune(faces, tmp_path, method="hyperband", epochs=3, seed=5, trials=2, resume=True)
    with pytest.raises(CourseError, match="differs in faces"):
        tune(faces_of(210, seed=1), tmp_path, method="random", trials=2, resume=True)


@pytest.mark.parametrize("name", ["search.json", "trials/oracle.json", "trials/trial_0/trial.json"])
@pytest.mark.parametrize("content", [b"{", b'{"format": 3}', b"\xff\xfe"])
def test_a_damaged_folder_is_a_sentence(name, content, faces, untrained, tmp_path):
    tune(faces, tmp_path, method="random", trials=2)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CourseError, match=r"damaged.*--anew"):
        tune(faces, tmp_path, method="random", trials=3, resume=True)
    tuning.forget(tmp_path)
    assert len(tune(faces, tmp_path, method="random", trials=2)) == 2


def test_giving_up_a_search_deletes_nothing_else(faces, untrained, tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    (tmp_path / "trials").mkdir()
    (tmp_path / "trials/mine.txt").write_text("keep")
    tuning.forget(tmp_path)
    assert (tmp_path / "trials/mine.txt").exists()
    tune(faces, tmp_path, method="random", trials=1)
    tuning.forget(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_was_killed_between_two_files_is_taken_up(faces, untrained, tmp_path):
    whole = tune(faces, tmp_path / "whole", method="hyperband", epochs=3, trials=6)
    with pytest.raises(KeyboardInterrupt):
        tune(
            faces,
            tmp_path / "parts",
            method="hyperband",
            epochs=3,
            trials=6,
            report=interrupting(2),
        )
    # The third trial had been written down as completed, the search had not.
    path = tmp_path / "parts/trials/trial_0002/trial.json"
    path = path if path.exists() else tmp_path / "parts/trials/trial_2/trial.json"
    done = tmp_path / "whole/trials" / path.parent.name / "trial.json"
    path.write_bytes(done.read_bytes())
    tried = len(untrained)
    resumed = tune(faces, tmp_path / "parts", method="hyperband", epochs=3, trials=6, resume=True)
    assert resumed.equals(whole)
    assert len(untrained) - tried == len(whole) - 3


@pytest.mark.parametrize("number", [0, 1])
def test_too_few_faces_are_a_sentence(number, tmp_path):
    with pytest.raises(CourseError, match="tuning needs both"):
        tune(faces_of(number), tmp_path)


def test_an_unknown_network_lists_the_known(faces, tmp_path):
    with pytest.raises(CourseError, match=r"Did you mean baseline\?"):
        tune(faces, tmp_path, network="Baselin")


@pytest.mark.parametrize("change", [{"epochs": 0}, {"trials": 0}, {"minutes": 0}, {"method": "x"}])
def test_arguments_out_of_bounds_are_refused(change, faces, tmp_path):
    with pytest.raises(ValueError, match=r"epochs|method"):
        tune(faces, tmp_path, **change)
    assert not list(tmp_path.iterdir())


def test_what_is_found_trains_a_network_that_the_course_can_use(faces, tmp_path):
    def space(hp):
        return Setting(
            filters=8, dense=32, batch_size=32, learning_rate=hp.Choice("learning_rate", [0.01])
        )

    table = tune(faces, tmp_path, space=space, method="random", epochs=2, trials=1)
    assert table.iloc[0]["accuracy"] == pytest.approx(0, abs=1)
    seen = []
    path, accuracy = train_best(tmp_path, faces, epochs=20, report=seen.append)
    assert accuracy > 0.8
    assert seen[-1].epochs == 20
    classifier = load_classifier(path)
    answers = classifier.predict_proba(faces.images).argmax(axis=1)
    assert (answers == faces.labels).mean() > 0.8
    notes = load_model(str(path)).notes
    assert (notes["fitted_on"], notes["chosen_on"]) == ("fit", "validation")
    assert not list(tmp_path.glob("*.checkpoint"))
    assert not list(tmp_path.glob(".*"))


def test_a_full_disk_does_not_cost_what_a_trial_has_learned(faces, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "_PIECE", 64)
    monkeypatch.setattr(loop, "_SAVE_AFTER", 0.0)
    whole, written = loop.write_checkpoint, []

    def filling(path, standing, model):
        written.append(path)
        if len(written) > 1:
            raise CourseError(f"{path} could not be written: No space left on device.")
        whole(path, standing, model)

    search = {"method": "random", "epochs": 1, "trials": 1}
    with monkeypatch.context() as now:
        now.setattr(loop, "write_checkpoint", filling)
        with pytest.raises(CourseError, match="No space left"):
            tune(faces, tmp_path, **search)
    assert len(written) == 2
    assert written[0].exists()
    other = {"float32": "mixed_bfloat16", "mixed_bfloat16": "float32"}
    kept = policy_kept(written[0])
    assert (tmp_path / "trials/precision.txt").read_text() == f"{kept}\n"
    monkeypatch.setattr(tuning_search, "quickest_policy", lambda: other[kept])
    policies = []
    real = tuning_search.precision
    monkeypatch.setattr(
        tuning_search, "precision", lambda policy: policies.append(policy) or real(policy)
    )
    table = tune(faces, tmp_path, **search | {"trials": 2}, resume=True)
    assert (table["state"] == "completed").all()
    assert set(policies) == {kept}
    assert not list(tmp_path.rglob("*.checkpoint"))


def test_two_do_not_train_with_the_best_setting_of_one_folder(faces, untrained, tmp_path):
    tune(faces, tmp_path, method="random", trials=1)
    with alone_at(tmp_path), pytest.raises(CourseError, match="Another command is at work"):
        train_best(tmp_path, faces)


def test_the_best_setting_is_of_the_faces_that_were_searched(faces, untrained, tmp_path):
    tune(faces, tmp_path, method="random", trials=1)
    with pytest.raises(CourseError, match=r"made on bands, and .* are stripes\. Name .* --data"):
        train_best(tmp_path, replace(faces, source="stripes"))
    with pytest.raises(CourseError, match="others of that name"):
        train_best(tmp_path, faces_of(210, seed=1))
    tuning.require_trainable(tmp_path, faces_of(140), limit=140, anew=False)


def test_what_was_trained_with_the_best_setting_is_not_written_over(faces, untrained, tmp_path):
    tune(faces, tmp_path, method="random", trials=1)
    (tmp_path / "best.keras").write_text("mine")
    with pytest.raises(CourseError, match=r"best\.keras is there already.*--anew"):
        train_best(tmp_path, faces)
    assert (tmp_path / "best.keras").read_text() == "mine"
    tuning.require_trainable(tmp_path, faces, limit=None, anew=True)


def test_the_command_asks_before_it_says_that_it_trains(faces, untrained, tmp_path, monkeypatch):
    tune(faces, tmp_path, method="random", trials=1)
    monkeypatch.setattr(tune_command, "training_faces", lambda *_: replace(faces, source="other"))
    with pytest.raises(CourseError, match="made on bands"):
        tune_command.run(cli.parse(["tune", "--best", "--anew", "--out", str(tmp_path)]))
    with pytest.raises(CourseError, match="leave out --resume"):
        tune_command.run(cli.parse(["tune", "--best", "--resume", "--out", str(tmp_path)]))


def test_without_a_completed_trial_there_is_no_best(faces, untrained, tmp_path):
    with pytest.raises(CourseError, match="no results"):
        best_of(tmp_path)
    tune(faces, tmp_path, method="random", trials=2, minutes=1e-9)
    with pytest.raises(CourseError, match="No trial"):
        train_best(tmp_path, faces)
    (tmp_path / "results.json").write_text("{}")
    with pytest.raises(CourseError, match="damaged"):
        read_results(tmp_path)
