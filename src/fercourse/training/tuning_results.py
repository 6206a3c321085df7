"""What a search found: its table, its files, and the picture of it."""

import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd

from fercourse.classifiers.architectures.shapes import cost
from fercourse.errors import CourseError
from fercourse.plots.parallel import parallel_coordinates
from fercourse.training.tuning_search import setting_in
from fercourse.training.tuning_space import Setting, Space
from fercourse.workspace import replacing, write_atomically

RESULTS = "results.json"
_FORMAT = "fercourse-tuning-results-1"
_SETTINGS = tuple(field.name for field in fields(Setting))


def table_of(oracle: Any, space: Space, epochs: int, classes: int) -> pd.DataFrame:
    """Return a search's trials, best first.

    Args:
        oracle: of the search.
        space: makes a setting of a trial's values.
        epochs: how long a trial learned where the oracle says nothing else.
        classes: how many there are.

    Returns:
        A row for each trial that began: ``trial`` (from 1, in the order in which they began),
        ``state`` (completed, failed or open), ``accuracy`` on the validation part (0 to 1, NaN
        where the trial has not ended), ``epochs``, a column for each value of ``Setting``,
        ``parameters`` and ``seconds`` of training.
    """
    rows: list[dict[str, Any]] = []
    for trial_id in oracle.start_order:
        trial = oracle.trials[trial_id]
        setting = setting_in(trial.hyperparameters, space)
        completed = trial.score is not None and trial_id in oracle.end_order
        seconds = trial.metrics.get_best_value("seconds") if completed else math.nan
        rows.append(
            {
                "trial": len(rows) + 1,
                "state": "completed" if completed else _state(trial.status),
                "accuracy": trial.score if completed else math.nan,
                "epochs": int(trial.hyperparameters.values.get("tuner/epochs", epochs)),
                **setting.as_dict(),
                "parameters": cost(setting.plan(classes)).parameters,
                "seconds": round(float(seconds), 1),
            }
        )
    # Among equals the one that learned longer has been tried harder.
    order = ["accuracy", "epochs", "trial"]
    return _framed(rows).sort_values(order, ascending=[False, False, True], ignore_index=True)


def _framed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["trial", "state", "accuracy", "epochs", *_SETTINGS, "parameters", "seconds"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"accuracy": float, "seconds": float})


def varied(space: Any) -> tuple[dict[str, str], set[str]]:
    """Return what a search varies: each setting's words for an axis, and which are logarithmic.

    Args:
        space: KerasTuner's HyperParameters with the search space declared.
    """
    names = [hp.name for hp in space.space if hp.name in _SETTINGS and len(set(hp.values)) > 1]
    logarithmic = {hp.name for hp in space.space if getattr(hp, "sampling", "") == "log"}
    return {name: name.replace("_", " ") for name in names}, logarithmic & set(names)


def write_results(folder: Path, table: pd.DataFrame, identity: dict[str, Any], space: Any) -> None:
    """Write a search's table, its best setting and its picture.

    Args:
        folder: the search's.
        table: of ``table_of``.
        identity: what the search is.
        space: KerasTuner's HyperParameters with the search space declared.
    """
    names, logarithmic = varied(space)
    as_json = table.astype(object).where(table.notna(), None)  # JSON has no NaN
    rows = as_json.to_dict(orient="records")
    content = {"format": _FORMAT, "search": identity, "trials": rows}
    _write_json(folder / RESULTS, content)
    write_atomically(
        folder / "results.csv", table.to_csv(index=False, lineterminator="\n").encode()
    )
    completed = table[table["state"] == "completed"]
    if not len(completed):
        return
    _write_json(folder / "best.json", best_of(folder))
    if names:  # else there is nothing to compare
        figure = figure_of(completed, identity, names, logarithmic)
        with replacing(folder / "parallel_coordinates.png") as temporary:
            figure.savefig(temporary, format="png", dpi=150)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    write_atomically(path, (json.dumps(content, indent=2) + "\n").encode())


def read_results(folder: Path) -> pd.DataFrame:
    """Return the table of a search, as it was written last.

    Raises:
        CourseError: there is none, or it is damaged.
    """
    return _framed(_read(folder)["trials"])


def best_of(folder: Path) -> dict[str, Any]:
    """Return the best trial of a search: its ``setting``, ``accuracy``, ``epochs`` and ``search``.

    Raises:
        CourseError: no trial has been completed, or the results are damaged.
    """
    found = _read(folder)
    row = next((row for row in found["trials"] if row.get("state") == "completed"), None)
    if row is None:
        raise CourseError(f"No trial of the search in {folder} has been completed yet.")
    setting = {name: row.pop(name) for name in _SETTINGS}
    return {"format": _FORMAT, "search": found["search"], **row, "setting": setting}


def setting_of(folder: Path) -> Setting:
    """Return the best setting of a search.

    Raises:
        CourseError: no trial has been completed, or the results are damaged.
    """
    try:
        return Setting(**best_of(folder)["setting"])
    except (KeyError, TypeError) as error:
        raise _damaged(folder, error) from error


def figure_of(
    table: pd.DataFrame,
    identity: dict[str, Any],
    names: dict[str, str],
    logarithmic: set[str],
) -> Any:
    """Return the picture of a search: its settings side by side, colored by accuracy."""
    axes = {words: table[name].tolist() for name, words in names.items()}
    if table["epochs"].nunique() > 1:
        axes["epochs"] = table["epochs"].tolist()
    count = f"{len(table)} {'trial' if len(table) == 1 else 'trials'}"
    return parallel_coordinates(
        axes,
        table["accuracy"].tolist(),
        logarithmic={names[name] for name in logarithmic},
        title=f"{identity['network']}: {count} of {identity['method']} on {identity['source']}",
        score="validation accuracy",
    )


def _read(folder: Path) -> dict[str, Any]:
    path = folder / RESULTS
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CourseError(
            f"{folder} has no results of a search. Begin one: python3 course.py tune."
        ) from error
    except (OSError, ValueError) as error:
        raise _damaged(folder, error) from error
    if not isinstance(found, dict) or found.get("format") != _FORMAT:
        raise _damaged(folder, f"not {_FORMAT}")
    rows = found.get("trials")
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and set(_SETTINGS) <= set(row) for row in rows
    ):
        raise _damaged(folder, "its trials are not as they were written")
    return found


def _damaged(folder: Path, reason: object) -> CourseError:
    return CourseError(
        f"{folder / RESULTS} is damaged ({reason}). It is written anew when the search goes on: "
        "python3 course.py tune --resume."
    )


def _state(status: str) -> str:
    return "failed" if status in {"FAILED", "INVALID"} else "open"
