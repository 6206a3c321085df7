"""KerasTuner's oracles, which choose what to try next, made to outlive what befalls a search.

An oracle is KerasTuner's word for the part that hands out trials and learns from how they ended.
There is one in each search; with several machines it lives with the chief.
"""

import json
import math
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import keras_tuner
from keras_tuner import synchronized
from keras_tuner.engine.trial import Trial, TrialStatus
from threadpoolctl import threadpool_limits

from fercourse.workspace import write_atomically

Method = Literal["hyperband", "bayesian", "random"]
METHODS: tuple[Method, ...] = ("hyperband", "bayesian", "random")

OBJECTIVE = "val_accuracy"
DEFAULT_TRIALS = 30

Told = Callable[[Literal["begins", "ended", "lost"], Any, str], None]
"""Is told what happens to a trial, and which worker it is about."""


class _Careful(keras_tuner.Oracle):  # type: ignore[misc]
    """What all three oracles have in common; stands before one of KerasTuner's.

    - The first trial is the search space's defaults, so that a table says what tuning was worth.
    - Files are written whole or not at all, and a search that was killed between two of them
      takes up every trial that had not ended.
    - After ``deadline`` no trial begins.
    - A worker that says nothing for ``patience`` seconds is given up, and its trial goes to
      another one. KerasTuner would wait for it forever.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(objective=keras_tuner.Objective(OBJECTIVE, "max"), **settings)
        self.verbose = 0
        self.deadline = math.inf
        self.patience = math.inf
        self.failure: str | None = None
        self.told: Told = lambda *_: None
        self._heard: dict[str, float] = {}

    @property
    def is_over(self) -> bool:
        """Whether no trial begins any more, though the search may not be complete."""
        return bool(self.failure) or time.monotonic() >= self.deadline

    @synchronized  # type: ignore[untyped-decorator]
    def create_trial(self, tuner_id: str) -> Any:
        """Return the next trial for a worker, or one that says to wait or to stop."""
        self._heard[tuner_id] = time.monotonic()
        if self.is_over and tuner_id not in self.ongoing_trials:
            self.tuner_ids.discard(tuner_id)
            return self._empty(TrialStatus.STOPPED)
        trial = super().create_trial(tuner_id)
        if trial.status == TrialStatus.STOPPED and self.ongoing_trials:
            # A worker that has nothing to do stays: another may die and leave its trial.
            self.tuner_ids.add(tuner_id)
            return self._empty(TrialStatus.IDLE)
        if trial.status == TrialStatus.RUNNING:
            self.told("begins", trial, tuner_id)
        return trial

    def get_trial(self, trial_id: str) -> Any:
        """Return a trial; a worker that asks for its own is alive."""
        for tuner_id, trial in list(self.ongoing_trials.items()):
            if trial.trial_id == trial_id:
                self._heard[tuner_id] = time.monotonic()
        return super().get_trial(trial_id)

    @synchronized  # type: ignore[untyped-decorator]
    def end_trial(self, trial: Any) -> None:
        """Take down how a trial ended."""
        known = self.trials[trial.trial_id]
        if trial.trial_id in self.end_order:  # another worker had taken it over and was quicker
            self._release(trial.trial_id)
            return
        try:
            super().end_trial(trial)
        except RuntimeError as error:  # too many failures; KerasTuner leaves its lock closed then
            self.failure = str(error)
            self._save_trial(known)
        self._release(trial.trial_id)
        self.save()
        self.told("ended", known, "")

    @synchronized  # type: ignore[untyped-decorator]
    def forget_silent_workers(self) -> None:
        """Take back the trials of workers that have said nothing for too long."""
        now = time.monotonic()
        for tuner_id in {*self.tuner_ids, *self.ongoing_trials}:
            if now - self._heard.setdefault(tuner_id, now) <= self.patience:
                continue
            self.tuner_ids.discard(tuner_id)
            if trial := self.ongoing_trials.pop(tuner_id, None):
                self._retry_queue.append(trial.trial_id)
                self.save()
                self.told("lost", trial, tuner_id)

    def reload(self) -> None:
        """Read what was kept; whatever had begun and not ended is tried again."""
        super().reload()
        unended = [t for i, t in sorted(self.trials.items()) if i not in self.end_order]
        done = [trial.trial_id for trial in unended if trial.score is not None]
        self.end_order += done
        self._retry_queue = [t.trial_id for t in unended if t.trial_id not in done][::-1]

    def save(self) -> None:
        """Write where the search stands."""
        write_atomically(Path(self._get_oracle_fname()), json.dumps(self.get_state()).encode())

    def _save_trial(self, trial: Any) -> None:
        path = Path(self._get_trial_dir(trial.trial_id)) / "trial.json"
        write_atomically(path, json.dumps(trial.get_state()).encode())

    def _random_values(self) -> dict[str, Any] | None:
        if not self.start_order:
            return dict(self.get_space().values)
        return super()._random_values()

    def _release(self, trial_id: str) -> None:
        """Let nobody work on a trial that has ended."""
        for tuner_id, trial in list(self.ongoing_trials.items()):
            if trial.trial_id == trial_id:
                self.ongoing_trials.pop(tuner_id)
        self._retry_queue = [other for other in self._retry_queue if other != trial_id]

    def _empty(self, status: str) -> Any:
        return Trial(hyperparameters=self.get_space(), trial_id="", status=status)


class _Hyperband(_Careful, keras_tuner.oracles.HyperbandOracle):  # type: ignore[misc]
    """Li et al., 2018, "Hyperband", Journal of Machine Learning Research 18(185)."""


class _Bayesian(_Careful, keras_tuner.oracles.BayesianOptimizationOracle):  # type: ignore[misc]
    """Snoek et al., 2012, "Practical Bayesian optimization", arXiv:1206.2944."""

    def populate_space(self, trial_id: str) -> Any:
        """Return what to try next; on one core, as its matrices are too small to share out."""
        with threadpool_limits(1):
            return super().populate_space(trial_id)


class _Random(_Careful, keras_tuner.oracles.RandomSearchOracle):  # type: ignore[misc]
    """Bergstra and Bengio, 2012, "Random search for hyper-parameter optimization"."""


def oracle_of(
    method: Method, hyperparameters: Any, *, epochs: int, trials: int | None, seed: int
) -> Any:
    """Return what chooses the settings to try.

    Args:
        method: how it chooses.
        hyperparameters: the search space, declared.
        epochs: how long the longest trials learn; Hyperband's others learn for less.
        trials: at most so many; None is one whole round of Hyperband, and 30 with the others.
        seed: decides what is drawn.

    Raises:
        ValueError: the method is unknown.
    """
    common = {"hyperparameters": hyperparameters, "seed": seed + 1}  # 0 would be by chance
    if method == "hyperband":
        oracle = _Hyperband(max_epochs=epochs, **common)
        oracle.max_trials = trials
        return oracle
    common["max_trials"] = trials or DEFAULT_TRIALS
    if method == "random":
        return _Random(**common)
    if method == "bayesian":
        # KerasTuner would draw three settings for each dimension before it learns from any.
        return _Bayesian(num_initial_points=max(4, common["max_trials"] // 3), **common)
    raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}.")


def planned_epochs(oracle: Any, epochs: int) -> list[int]:
    """Return for each trial of a search, in about the order of their turn, its epochs."""
    if not isinstance(oracle, keras_tuner.oracles.HyperbandOracle):
        return [epochs] * oracle.max_trials
    brackets = reversed(range(oracle._get_num_brackets()))
    planned = [
        oracle._get_epochs(bracket, number)
        for bracket in brackets
        for number in range(bracket + 1)
        for _ in range(oracle._get_size(bracket, number))
    ]
    return planned[: oracle.max_trials]


class Watch:
    """Looks after the workers of a chief, every second, while the chief waits for them."""

    def __init__(self, oracle: Any, when_over: Callable[[], None]) -> None:
        self._oracle = oracle
        self._when_over = when_over
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stopping.wait(1.0):
            self._oracle.forget_silent_workers()
            nobody = not self._oracle.tuner_ids and not self._oracle.ongoing_trials
            if self._oracle.is_over and nobody:
                self._when_over()
                return
