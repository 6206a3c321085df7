"""Where a training stands, in a file from which it goes on as if nothing had happened."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras

from fercourse.errors import CourseError
from fercourse.training.precision import POLICIES, Policy
from fercourse.workspace import write_atomically

_FORMAT = "fercourse-training-1"


_GIVE_UP = "give it up with --anew, or delete that file"


class CheckpointError(CourseError):
    """A checkpoint that cannot be read, or that another training wrote."""


@dataclass
class Standing:
    """How far a training is.

    Attributes:
        meaning: what is trained on what; a file with another meaning does not fit.
        epoch: epochs that are over.
        faces: faces seen of the epoch that is under way.
        seconds: how long it took so far, all its runs together.
        losses: mean loss of each epoch that is over.
        running: loss times faces, added up over the epoch under way.
        policy: the precision in which it learns; None where a file does not say it yet.
    """

    meaning: str
    epoch: int = 0
    faces: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)
    running: float = 0.0
    policy: Policy | None = None


def write_checkpoint(path: Path, standing: Standing, model: Any) -> None:
    """Write where a training stands; readers see the old file or the whole new one.

    Args:
        path: the file.
        standing: how far it is.
        model: a compiled Keras model; its weights, its optimizer's memory and the state of its
            layers' random numbers are kept.
    """
    from safetensors.numpy import save

    tensors = {n: keras.ops.convert_to_numpy(v) for n, v in _variables(model).items()}
    header = {"format": _FORMAT, "standing": json.dumps(asdict(standing))}
    write_atomically(path, save(tensors, metadata=header))


def read_checkpoint(path: Path, meaning: str, model: Any) -> Standing:
    """Bring a model to where a training was interrupted.

    Args:
        path: what ``write_checkpoint`` wrote.
        meaning: of the training that is to go on.
        model: the compiled model, which gets the weights and the memory.

    Returns:
        How far it was.

    Raises:
        CheckpointError: the file is damaged, or of another training.
    """
    standing, tensors = _read(path, whole=True)
    if standing.meaning != meaning:
        raise CheckpointError(
            f"The interrupted training ({path}) is another one: its recipe, its faces (--data, "
            "--limit, --classes, --all, or --faces of pretrain), its --epochs, its --seed, its "
            "teachers or the network that it began with (--from, --freeze) differ. Go on with the "
            f"options of then, or {_GIVE_UP}."
        )
    variables = _variables(model)
    if {n: tuple(v.shape) for n, v in variables.items()} != {
        n: t.shape for n, t in tensors.items()
    }:
        raise CheckpointError(
            f"The interrupted training ({path}) is of a network that has changed since. To begin "
            f"anew, {_GIVE_UP}."
        )
    for name, variable in variables.items():
        variable.assign(tensors[name])
    return standing


def policy_kept(path: Path | None) -> Policy | None:
    """Return the precision of an interrupted training, which has to go on in the same one.

    Args:
        path: what ``write_checkpoint`` wrote; None, or where nothing is, where there is none.

    Raises:
        CheckpointError: the file is damaged.
    """
    return _read(path, whole=False)[0].policy if path and path.exists() else None


def _read(path: Path, *, whole: bool) -> tuple[Standing, dict[str, Any]]:
    """Return how far a training is, and where the whole is asked for all its numbers."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            header = file.metadata() or {}
            standing = Standing(**json.loads(header.get("standing", "{}")))
            names = file.keys() if whole else ()
            tensors = {name: file.get_tensor(name) for name in names}
    except (SafetensorError, ValueError, TypeError, OSError) as error:
        raise _unreadable(path, error) from error
    if header.get("format") != _FORMAT:
        raise _unreadable(path, f"it is no {_FORMAT}")
    if standing.policy not in (None, *POLICIES):
        raise _unreadable(path, "its precision is unknown here")
    return standing, tensors


def _unreadable(path: Path, reason: object) -> CheckpointError:
    return CheckpointError(
        f"The interrupted training cannot be read: {path} is damaged ({reason}). To begin anew, "
        f"{_GIVE_UP}."
    )


def _variables(model: Any) -> dict[str, Any]:
    """Return everything that changes in training, under names that do not hang on a run."""
    model.optimizer.build(model.trainable_variables)
    parts = {"model": model.variables, "optimizer": model.optimizer.variables}
    return {f"{part}/{i}": v for part, all_of in parts.items() for i, v in enumerate(all_of)}
