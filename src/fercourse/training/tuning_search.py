"""The part of a search that trains: one trial after the other, on this machine."""

import contextlib
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras_tuner import errors
from keras_tuner.engine.base_tuner import BaseTuner

from fercourse.classifiers.architectures.building import keras_model
from fercourse.dataset import FaceSet
from fercourse.errors import CourseError
from fercourse.training.checkpoint import CheckpointError, policy_kept
from fercourse.training.loop import Progress, smoothed, train
from fercourse.training.making import share_right
from fercourse.training.precision import POLICIES, Policy, precision, quickest_policy
from fercourse.training.tuning_oracles import OBJECTIVE
from fercourse.training.tuning_space import Setting, Space
from fercourse.workspace import write_atomically

_HEARTBEAT = 5.0
"""Seconds between two signs of life of a worker."""

_AT_ONCE = 512
_CHECKPOINT = "training.checkpoint"
_PRECISION = "precision.txt"

SEARCH = "search"
"""Under this name the search space carries what the search is, for workers to know."""

Learns = Callable[[Any, Progress], None]


@dataclass(frozen=True)
class Faces:
    """What every trial learns from, and is judged on.

    Attributes:
        fit: faces of the fit part of Training.
        validation: faces of its validation part.
    """

    fit: FaceSet
    validation: FaceSet


class Search(BaseTuner):  # type: ignore[misc]
    """A KerasTuner tuner whose trials are trainings of the course's own kind.

    Args:
        oracle: what chooses the settings.
        space: makes a setting of a trial's values.
        folder: where KerasTuner keeps the search, and trainings their checkpoints.
        epochs: how long a trial learns where the oracle says nothing else.
        seed: decides the first weights and all chances of each trial.
    """

    def __init__(self, oracle: Any, space: Space, folder: Path, *, epochs: int, seed: int) -> None:
        self.epochs = epochs
        self._space = space
        self._seed = seed
        self._waits = 0
        self.learns: Learns = lambda *_: None
        self.begins: Callable[[Any], None] = lambda _: None
        self.ended: Callable[[Any], None] = lambda _: None
        with contextlib.redirect_stdout(io.StringIO()):  # KerasTuner says what it reloads
            super().__init__(oracle, directory=str(folder.parent), project_name=folder.name)
        self.save()  # else a search that is stopped in its first trial would begin anew

    def pre_create_trial(self) -> None:
        """Wait a second before asking again where there was nothing to do."""
        if self._waits:
            time.sleep(1.0)
        self._waits += 1

    def on_trial_begin(self, trial: Any) -> None:
        """Say that a trial begins."""
        self._waits = 0
        self.begins(trial)

    def run_trial(self, trial: Any, faces: Faces) -> dict[str, float]:
        """Train a network by a trial's setting, and judge it on the validation part."""
        setting = self.setting_of(trial)
        epochs = self.epochs_of(trial)
        alive = self._alive(trial) if self._is_worker() else contextlib.nullcontext()
        try:
            with alive:
                return trained(
                    setting,
                    faces,
                    epochs=epochs,
                    seed=self._seed,
                    checkpoint=self._checkpoint_of(trial),
                    precision_kept=Path(self.project_dir) / _PRECISION,
                    report=lambda progress: self.learns(trial, progress),
                )[1]
        except CourseError as error:  # a full disk, say, is no property of the setting
            raise errors.FatalRuntimeError(str(error)) from error
        finally:
            keras.backend.clear_session()  # collects what the trial leaves behind, too

    def on_trial_end(self, trial: Any) -> None:
        """Say how a trial ended; how far it was is of no use once its end is written down."""
        super().on_trial_end(trial)
        self._checkpoint_of(trial).unlink(missing_ok=True)
        self.ended(trial)

    def epochs_of(self, trial: Any) -> int:
        """Return how long a trial learns; Hyperband decides that for each."""
        return int(trial.hyperparameters.values.get("tuner/epochs", self.epochs))

    def setting_of(self, trial: Any) -> Setting:
        """Return what a trial tries."""
        return setting_in(trial.hyperparameters, self._space)

    def _checkpoint_of(self, trial: Any) -> Path:
        return Path(self.get_trial_dir(trial.trial_id)) / _CHECKPOINT

    def _get_tuner_fname(self) -> str:
        """Return one file for all roles, so that a search begun alone can go on with workers."""
        return str(Path(self.project_dir) / "tuner.json")

    @contextlib.contextmanager
    def _alive(self, trial: Any) -> Iterator[None]:
        """Ask the chief for the trial every few seconds, by which it knows that we live."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(_HEARTBEAT):
                with contextlib.suppress(Exception):  # the trial's end will find a chief or none
                    self.oracle.get_trial(trial.trial_id)

        threading.Thread(target=beat, name="alive", daemon=True).start()
        try:
            yield
        finally:
            over.set()


def trained(
    setting: Setting,
    faces: Faces,
    *,
    epochs: int,
    seed: int,
    checkpoint: Path,
    precision_kept: Path | None = None,
    report: Callable[[Progress], None] | None = None,
) -> tuple[Any, dict[str, float]]:
    """Train a network by a setting.

    Args:
        setting: the network's and the training's.
        faces: to learn from, and to be judged on.
        epochs: how often each face is seen.
        seed: decides every chance.
        checkpoint: where to keep how far it is; what lies there is gone on with. Whoever keeps
            what comes out deletes it then.
        precision_kept: a file that says in which precision all trials of a search learn, and is
            written where it is missing; None takes the quickest on this machine.
        report: is told how far it is.

    Returns:
        The Keras model, and what was measured: ``val_accuracy``, 0 to 1, and ``seconds``.
    """
    classes = len(faces.fit.classes)
    recipe = setting.recipe(epochs)

    def anew(resume: bool) -> Any:
        policy = (policy_kept(checkpoint) if resume else None) or _usual_policy(precision_kept)
        keras.utils.set_random_seed(seed)
        with precision(policy):
            network = keras_model(setting.plan(classes), "baseline")
        return train(
            recipe,
            faces.fit.images,
            smoothed(faces.fit.labels, classes, setting.label_smoothing),
            seed=seed,
            network=network,
            checkpoint=checkpoint,
            resume=resume,
            report=report,
            policy=policy,
        )

    try:
        result = anew(resume=True)
    except CheckpointError:  # one that cannot be read is worth less than a search
        checkpoint.unlink(missing_ok=True)
        result = anew(resume=False)
    accuracy = _accuracy(result.model, faces.validation)
    return result.model, {OBJECTIVE: accuracy, "seconds": round(result.seconds, 1)}


def _usual_policy(kept: Path | None) -> Policy:
    """Return the precision that a file names; where it is missing, the quickest, written there."""
    if kept is None:
        return quickest_policy()
    with contextlib.suppress(OSError, UnicodeDecodeError):
        said = kept.read_text(encoding="utf-8").strip()
        if found := next((policy for policy in POLICIES if policy == said), None):
            return found
    policy = quickest_policy()
    write_atomically(kept, f"{policy}\n".encode())
    return policy


def _accuracy(model: Any, faces: FaceSet) -> float:
    """Return the share of faces that a Keras model gets right."""
    scores = []
    for begin in range(0, len(faces), _AT_ONCE):  # predict() would compile a function each time
        pixels = faces.images[begin : begin + _AT_ONCE, ..., None].astype(np.float32)
        scores.append(keras.ops.convert_to_numpy(model(pixels, training=False)))
    return round(share_right(np.concatenate(scores), faces.labels), 6)


def setting_in(hyperparameters: Any, space: Space) -> Setting:
    """Return what a trial's values stand for.

    Numbers are rounded to six digits, so that the table holds all that was used and can be typed.
    """
    rounded = hyperparameters.copy()
    rounded.values = {
        name: float(f"{value:.6g}") if isinstance(value, float) else value
        for name, value in hyperparameters.values.items()
    }
    return space(rounded)


def identity_in(hyperparameters: Any) -> dict[str, Any]:
    """Return what a search says that it is, by the search space that a chief sent."""
    try:
        found = json.loads(hyperparameters.values[SEARCH])
    except (KeyError, TypeError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise CourseError("Who answers there is a chief of KerasTuner's, but not of this course.")
    return found
