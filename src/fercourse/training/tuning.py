"""Searching for a network's settings with KerasTuner, on one machine or several.

``tune`` searches, ``join`` helps a search that another process leads, ``train_best`` trains the
network with what was found. ``search_space`` says what is varied.
"""

import hashlib
import json
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import keras_tuner
import pandas as pd
from keras_tuner import errors

from fercourse.classifiers.architectures.building import keras_model
from fercourse.classifiers.notes import write_notes
from fercourse.dataset import FaceSet, validation_split
from fercourse.errors import CourseError
from fercourse.training.loop import Progress
from fercourse.training.making import without_blanks
from fercourse.training.tuning_address import (
    Address,
    require_free,
    role,
    said,
    space_at,
    taken,
    wait_for,
)
from fercourse.training.tuning_oracles import METHODS, Method, Watch, oracle_of, planned_epochs
from fercourse.training.tuning_results import (
    best_of,
    read_results,
    setting_of,
    table_of,
    write_results,
)
from fercourse.training.tuning_search import SEARCH, Faces, Search, identity_in, trained
from fercourse.training.tuning_space import SPACES, Setting, Space, search_space, space_of
from fercourse.workspace import alone_at, replacing, write_atomically

__all__ = [
    "METHODS",
    "SPACES",
    "Address",
    "Event",
    "Setting",
    "best_of",
    "join",
    "read_results",
    "search_space",
    "setting_of",
    "space_of",
    "train_best",
    "tune",
]

DEFAULT_EPOCHS = 12
PATIENCE = 120.0
"""Seconds for which a worker may be silent before its trial goes to another."""

BEST = "best.keras"
"""The network that ``train_best`` trains."""

_FORMAT = "fercourse-tuning-1"
_IDENTITY = "search.json"
_MAY_CHANGE = ("limit", "trials")
_TRIALS = "trials"
_WRITTEN = (_IDENTITY, "results.json", "results.csv", "best.json", "parallel_coordinates.png")


@dataclass(frozen=True)
class Event:
    """Something that happened in a search.

    Attributes:
        kind: a trial ``"begins"``, ``"learns"``, has ``"ended"`` or ``"failed"``; or its worker
            is ``"lost"``.
        trial: its number, from 1.
        trials: how many there will be, fewer where time runs out; None where only the chief knows.
        epochs: how long this one learns.
        setting: what it tries.
        accuracy: on the validation part, 0 to 1, where it has ended.
        best: the best accuracy so far.
        seconds_left: until the search is over, at the speed of this run; None where unknown.
        progress: how far the trial is, where it learns.
        worker: who works on it; empty on a search of one process.
        message: why it failed.
    """

    kind: Literal["begins", "learns", "ended", "failed", "lost"]
    trial: int
    trials: int | None
    epochs: int
    setting: Setting
    accuracy: float | None = None
    best: float | None = None
    seconds_left: float | None = None
    progress: Progress | None = None
    worker: str = ""
    message: str = ""


Report = Callable[[Event], None]


def tune(
    faces: FaceSet,
    folder: Path,
    *,
    network: str = "baseline",
    space: Space | None = None,
    method: Method = "hyperband",
    epochs: int = DEFAULT_EPOCHS,
    trials: int | None = None,
    minutes: float | None = None,
    limit: int | None = None,
    seed: int = 0,
    resume: bool = False,
    serve: Address | None = None,
    patience: float = PATIENCE,
    report: Report | None = None,
) -> pd.DataFrame:
    """Search for the settings with which a network gets most faces of the validation part right.

    Args:
        faces: faces of Training; the fit part is learned from, the validation part judges.
        folder: where the search is kept, with its table and its picture.
        network: whose search space is used, one of ``SPACES``.
        space: another search space in its place.
        method: ``"hyperband"``, ``"bayesian"`` or ``"random"``.
        epochs: how long the longest trials learn.
        trials: at most so many; None is a round of Hyperband, or 30 with the other methods.
        minutes: after so many of this run no trial begins any more.
        limit: how many faces were asked for; written down, for whoever goes on.
        seed: decides what is tried, the first weights and all chances.
        resume: go on with the search that is kept in the folder.
        serve: lead the search at this address for workers that ``join``; None trains here.
        patience: seconds for which a worker may be silent before another gets its trial.
        report: is told what happens.

    Returns:
        A row for each trial, best first; see ``tuning_results.table_of``.

    Raises:
        CourseError: the folder holds a search already, or another one, or is damaged; another
            process searches there; the address is taken; or too many trials failed.
        ValueError: an argument is out of its bounds.
    """
    if epochs < 1 or (trials is not None and trials < 1) or (minutes is not None and minutes <= 0):
        raise ValueError("epochs and trials are 1 or more, and minutes more than 0.")
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}.")
    space = space or space_of(network)
    parts = _parts(faces)
    hyperparameters = keras_tuner.HyperParameters()
    space(hyperparameters)
    identity = {
        "format": _FORMAT,
        "network": network,
        "method": method,
        "epochs": epochs,
        "seed": seed,
        "classes": len(faces.classes),
        "source": faces.source,
        "faces": _checksum(parts),
        "space": _digest(hyperparameters),
        "limit": limit,
        "trials": trials,
    }
    hyperparameters.Fixed(SEARCH, json.dumps(identity))
    with alone_at(folder):
        _make_ready(folder, identity, resume)
        oracle = oracle_of(method, hyperparameters, epochs=epochs, trials=trials, seed=seed)
        if minutes is not None:
            oracle.deadline = time.monotonic() + 60 * minutes
        with role(serve, "chief"):
            search = _opened(oracle, space, folder / _TRIALS, epochs=epochs, seed=seed)
            teller = _Teller(search, oracle, report)
            try:
                if serve:
                    _lead(search, oracle, serve, patience, teller)
                else:
                    _work(search, parts, teller)
            finally:
                table = table_of(oracle, space, epochs, len(faces.classes))
                write_results(folder, table, identity, hyperparameters)
    if oracle.failure:
        raise CourseError(
            f"The search stopped because trials failed one after the other. The last one: "
            f"{_last_line(oracle.failure)}"
        )
    return table


def join(
    chief: Address,
    load: Callable[[dict[str, Any]], FaceSet],
    *,
    report: Report | None = None,
    wait: float = 60.0,
) -> int:
    """Work for a search that another process leads, until it has nothing left to try.

    Args:
        chief: where the other process listens.
        load: gives the faces of Training for what the search says of itself (its ``classes`` and
            ``source``); they must be the chief's own.
        report: is told what happens here.
        wait: seconds in which the chief must have answered.

    Returns:
        How many trials were worked on here.

    Raises:
        CourseError: nobody answers, or not a chief of this course; its faces or its version of
            the search space are others; or it went away.
    """
    import grpc

    wait_for(chief, wait)
    with role(chief, f"worker-{uuid.uuid4().hex[:8]}"), tempfile.TemporaryDirectory() as scratch:
        try:
            hyperparameters = space_at(chief)
            identity = identity_in(hyperparameters)
            space = _same_space(identity)
            parts = _parts(load(identity))
            if _checksum(parts) != identity["faces"]:
                raise CourseError(
                    f"The chief at {chief} searches with other faces ({identity['source']}). "
                    "Use the same ones here, with the same --data and --limit."
                )
            oracle = oracle_of(
                identity["method"],
                hyperparameters,
                epochs=identity["epochs"],
                trials=None,
                seed=identity["seed"],
            )
            search = Search(
                oracle,
                space,
                Path(scratch) / _TRIALS,
                epochs=identity["epochs"],
                seed=identity["seed"],
            )
            teller = _Teller(search, oracle, report)
            _work(search, parts, teller)
        except grpc.RpcError as error:
            raise CourseError(
                f"The chief at {chief} has gone ({said(error)}). When it is back, with --resume, "
                "join it again; it knows which trials are open."
            ) from error
    return teller.ended


def train_best(
    folder: Path,
    faces: FaceSet,
    *,
    epochs: int | None = None,
    limit: int | None = None,
    anew: bool = False,
    report: Callable[[Progress], None] | None = None,
) -> tuple[Path, float]:
    """Train the network with the best setting of a search, and save it as ``best.keras``.

    Args:
        folder: of the search.
        faces: the search's own faces of Training; learned from is the fit part.
        epochs: how long; None as long as the best trial did.
        limit: how many faces were asked for, as in ``tune``; another number of them than the
            search had may be learned from, of the same source.
        anew: write over the ``best.keras`` that is there.
        report: is told how far it is.

    Returns:
        The file, which ``load_classifier`` and `course.py evaluate` take, and its accuracy on
        the validation part.

    Raises:
        CourseError: no trial has been completed, the results are damaged, the search had other
            faces, there is a ``best.keras`` already, another process is at work there, or the
            file cannot be written.
    """
    with alone_at(folder):
        require_trainable(folder, faces, limit=limit, anew=anew)
        return _train_best(folder, faces, epochs, report)


def require_trainable(folder: Path, faces: FaceSet, *, limit: int | None, anew: bool) -> None:
    """Raise a CourseError where ``train_best``, asked for the same, would train nothing."""
    search, path = best_of(folder)["search"], folder / BEST
    of_source = faces.source == search.get("source")
    of_number = limit == search.get("limit")
    if not of_source or (of_number and _checksum(_parts(faces)) != search.get("faces")):
        now = "others of that name" if of_source else faces.source
        raise CourseError(
            f"The search in {folder} was made on {search.get('source')}, and the faces in use now "
            f"are {now}. Name those of the search with --data, or search on these in another "
            "folder with --out."
        )
    if path.exists() and not anew:
        raise CourseError(
            f"{path} is there already. Move it away to keep it, or write over it with --anew; the "
            "search stays as it is."
        )


def _train_best(
    folder: Path,
    faces: FaceSet,
    epochs: int | None,
    report: Callable[[Progress], None] | None,
) -> tuple[Path, float]:
    best, setting, parts = best_of(folder), setting_of(folder), _parts(faces)
    seed = int(best["search"]["seed"])
    length = epochs or int(best["epochs"])
    checkpoint = folder / f"best-{length}.checkpoint"
    model, measured = trained(
        setting, parts, epochs=length, seed=seed, checkpoint=checkpoint, report=report
    )
    plain = keras_model(setting.plan(len(faces.classes)), "baseline")
    plain.set_weights(model.get_weights())
    path = folder / BEST
    with replacing(path) as temporary:
        whole = temporary.with_suffix(".keras")  # Keras insists on the ending
        try:
            plain.save(whole)
            whole.replace(temporary)
        finally:
            whole.unlink(missing_ok=True)
    write_notes(
        path,
        {
            "faces": faces.kind,
            "fitted_on": "fit",
            "chosen_on": "validation",
            "class_scheme": faces.scheme.name,
            "extra_data": "none",
        },
    )
    checkpoint.unlink(missing_ok=True)
    return path, measured["val_accuracy"]


def search_in(folder: Path) -> dict[str, Any] | None:
    """Return what the search in a folder is, or None where there is none.

    Raises:
        CourseError: it is damaged.
    """
    path = folder / _IDENTITY
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise _damaged(path, error) from error
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise _damaged(path, f"it is no {_FORMAT}")
    return found


def forget(folder: Path) -> None:
    """Delete the search in a folder, and nothing else that lies there."""
    if not any((folder / name).exists() for name in (_IDENTITY, f"{_TRIALS}/oracle.json")):
        return
    shutil.rmtree(folder / _TRIALS, ignore_errors=True)
    for name in reversed(_WRITTEN):  # the identity last: until then it can be deleted again
        (folder / name).unlink(missing_ok=True)


@dataclass
class _Teller:
    """Makes events of what happens, and knows how long it will take."""

    search: Search
    oracle: Any
    report: Report | None
    ended: int = 0
    _began: float = field(default_factory=time.monotonic)
    _done: float = 0.0
    _share: float = 0.0
    _best: float | None = None
    _workers: dict[str, str] = field(default_factory=dict)

    def tell(
        self,
        kind: Literal["begins", "learns", "ended", "failed", "lost"],
        trial: Any,
        worker: str = "",
        progress: Progress | None = None,
    ) -> None:
        """Tell whoever wants to know."""
        epochs = self.search.epochs_of(trial)
        if kind == "begins":
            self._workers[trial.trial_id] = worker
            self._share = 0.0
        elif kind == "learns" and progress:
            self._share = epochs * progress.share
        elif kind in {"ended", "failed"}:
            self.ended += 1
            self._done, self._share = self._done + epochs, 0.0
        if kind != "learns" and (best := self.search.oracle.get_best_trials(1)):
            self._best = best[0].score
        if not self.report:
            return
        number = int(trial.trial_id) + 1
        planned = planned_epochs(self.oracle, self.search.epochs)
        self.report(
            Event(
                kind=kind,
                trial=number,
                trials=max(len(planned), number) if self._leads else None,
                epochs=epochs,
                setting=self.search.setting_of(trial),
                accuracy=trial.score,
                best=self._best,
                seconds_left=self._left(planned) if self._leads else None,
                progress=progress,
                worker=worker or self._workers.get(trial.trial_id, ""),
                message=_last_line(trial.message or ""),
            )
        )

    @property
    def _leads(self) -> bool:
        """Whether this process hands out the trials, and so knows them all."""
        return self.search.oracle is self.oracle

    def _left(self, planned: list[int]) -> float | None:
        """Return how long the rest will take at the speed of this run."""
        done = self._done + self._share
        if not done:
            return None
        began = [self.search.epochs_of(trial) for trial in self.oracle.trials.values()]
        ended = sum(self.search.epochs_of(self.oracle.trials[i]) for i in self.oracle.end_order)
        rest = max(sum(planned), sum(began)) - ended - self._share
        seconds = (time.monotonic() - self._began) * rest / done
        return max(min(seconds, self.oracle.deadline - time.monotonic()), 0.0)


def _work(search: Search, faces: Faces, teller: _Teller) -> None:
    """Train trials here until there are none left."""

    def ended(trial: Any) -> None:
        known = search.oracle.get_trial(trial.trial_id)
        known.message = trial.message
        teller.tell("ended" if known.score is not None else "failed", known)

    search.begins = lambda trial: teller.tell("begins", trial)
    search.learns = lambda trial, progress: teller.tell("learns", trial, progress=progress)
    search.ended = ended
    try:
        search.search(faces)
    except errors.FatalError as error:
        raise CourseError(str(error)) from error


def _lead(search: Search, oracle: Any, address: Address, patience: float, teller: _Teller) -> None:
    """Hand out trials to workers until there are none left."""
    require_free(address)
    oracle.patience = patience

    def told(kind: Any, trial: Any, worker: str) -> None:
        failed = kind == "ended" and trial.score is None
        teller.tell("failed" if failed else kind, trial, worker)

    oracle.told = told
    try:
        with Watch(oracle, when_over=_interrupt):
            search.search()
    except KeyboardInterrupt:
        if not oracle.is_over or oracle.ongoing_trials:
            raise
    except RuntimeError as error:
        if "bind" not in str(error).lower():
            raise
        raise taken(address, error) from error


def _interrupt() -> None:
    """End the chief's waiting, which KerasTuner gives no other way to."""
    import _thread

    _thread.interrupt_main()


def _opened(oracle: Any, space: Space, folder: Path, *, epochs: int, seed: int) -> Search:
    """Return the search in a folder, as it stood."""
    try:
        return Search(oracle, space, folder, epochs=epochs, seed=seed)
    except CourseError:
        raise
    except Exception as error:  # whatever KerasTuner and TensorFlow say to what they cannot read
        raise _damaged(folder, _last_line(str(error)) or type(error).__name__) from error


def _make_ready(folder: Path, identity: dict[str, Any], resume: bool) -> None:
    """See that a folder can hold a search, or holds the very one that is to go on."""
    found = search_in(folder)
    if found is None and (folder / _TRIALS / "oracle.json").exists():
        raise _damaged(folder, f"{_IDENTITY} is missing")
    if found is not None:
        _require_same(folder, found, identity, resume)
    content = json.dumps(identity, indent=2) + "\n"
    write_atomically(folder / _IDENTITY, content.encode())


def _require_same(
    folder: Path, found: dict[str, Any], identity: dict[str, Any], resume: bool
) -> None:
    if not resume:
        raise CourseError(
            f"There is a search in {folder} already. Go on with --resume, or give it up with "
            "--anew, or choose another folder with --out."
        )
    words = {"space": "search space", "source": "source of faces"}
    others = [
        words.get(name, name)
        for name in identity
        if name not in _MAY_CHANGE and found.get(name) != identity[name]
    ]
    if others:
        raise CourseError(
            f"The search in {folder} is another one: it differs in {', '.join(others)}. Go on "
            "with the same options, or choose another folder with --out."
        )


def _parts(faces: FaceSet) -> Faces:
    fit, validation = validation_split(faces)
    fit = without_blanks(fit)
    if not len(fit) or not len(validation):
        raise CourseError(
            f"Of {faces.source} there are {len(fit)} to learn from and {len(validation)} to judge "
            "by: tuning needs both. Take more with --limit."
        )
    return Faces(fit, validation)


def _checksum(faces: Faces) -> str:
    digest = hashlib.sha256()
    for part in (faces.fit, faces.validation):
        digest.update(part.images.tobytes())
        digest.update(part.labels.tobytes())
    return digest.hexdigest()


def _digest(hyperparameters: Any) -> str:
    content = json.dumps(hyperparameters.get_config()["space"], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _same_space(identity: dict[str, Any]) -> Space:
    """Return the search space that a chief searches; its course must have the same as ours."""
    space = space_of(str(identity.get("network")))
    ours = keras_tuner.HyperParameters()
    space(ours)
    if identity.get("space") != _digest(ours) or identity.get("format") != _FORMAT:
        raise CourseError(
            "The chief searches another space: it has another version of the course. Use the "
            "same version on all machines."
        )
    return space


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _damaged(path: Path, reason: object) -> CourseError:
    return CourseError(
        f"The search cannot be read: {path} is damaged ({reason}). Begin anew with --anew, or "
        "choose another folder with --out."
    )
