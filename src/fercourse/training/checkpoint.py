"""Where a training stands, in a file from which it goes on as if nothing had happened."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras

from fercourse.errors import CourseError
from fercourse.workspace import write_atomically

_FORMAT = "fercourse-training-1"


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
    """

    meaning: str
    epoch: int = 0
    faces: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)
    running: float = 0.0


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
        CourseError: the file is damaged, or of another training.
    """
    from safetensors import SafetensorError, safe_open

    again = f"Delete it to begin anew, or train without --resume: {path}."
    try:
        with safe_open(path, framework="np") as file:
            header = file.metadata() or {}
            standing = Standing(**json.loads(header.get("standing", "{}")))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, ValueError, TypeError) as error:
        raise CourseError(f"The interrupted training cannot be read ({error}). {again}") from error
    if header.get("format") != _FORMAT or standing.meaning != meaning:
        raise CourseError(
            "The interrupted training is another one: its recipe, its faces, its number of epochs, "
            f"its seed or the network that it began with differ. {again}"
        )
    variables = _variables(model)
    if {n: tuple(v.shape) for n, v in variables.items()} != {
        n: t.shape for n, t in tensors.items()
    }:
        raise CourseError(f"The interrupted training is of a network that has changed. {again}")
    for name, variable in variables.items():
        variable.assign(tensors[name])
    return standing


def _variables(model: Any) -> dict[str, Any]:
    """Return everything that changes in training, under names that do not hang on a run."""
    model.optimizer.build(model.trainable_variables)
    parts = {"model": model.variables, "optimizer": model.optimizer.variables}
    return {f"{part}/{i}": v for part, all_of in parts.items() for i, v in enumerate(all_of)}
