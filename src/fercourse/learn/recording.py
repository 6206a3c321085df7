"""Run a notebook and keep what it measured, so that others can see it without running it."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from fercourse.errors import CourseError
from fercourse.learn.attempting import REFERENCE_VALUES
from fercourse.learn.items import FILE as ITEMS
from fercourse.learn.measuring import recorded_times, results_path, run_name
from fercourse.learn.surroundings import RECORD, Kind
from fercourse.workspace import DRAWN, write_atomically

SWITCH = "EVERY_FACE = False"
"""The line of a lesson that ``every_face`` turns."""

TIMES = "measured.times()"
"""The cell of a lesson that says how long the lesson takes."""

_SORTED_LEVELS = 2
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Recording:
    """What one run of a notebook gave.

    Attributes:
        notebook: the file.
        kind: which faces it used.
        every_face: whether it used all of them.
        seconds: how long its cells took together.
        measurements: of a lesson, by name.
        values: reference values of an assignment, by name.
        executed: the notebook with its outputs.
    """

    notebook: Path
    kind: Kind
    every_face: bool
    seconds: float
    measurements: dict[str, Any]
    values: dict[str, Any]
    executed: nbformat.NotebookNode

    @property
    def is_assignment(self) -> bool:
        """Whether exercises lie beside the notebook."""
        return (self.notebook.parent / ITEMS).is_file()


def run_notebook(path: Path, kind: Kind, *, every_face: bool = False) -> Recording:
    """Run all cells of a notebook in its own folder.

    Args:
        path: the notebook; the file does not change.
        kind: ``"drawn"`` sets FER2013 aside; ``"fer2013"`` takes it from where it is configured.
        every_face: turn the lesson's switch from a part of the faces to all.

    Raises:
        CourseError: a cell failed, the lesson has no such switch, or used other faces.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    if every_face:
        _turn_switch(notebook, path)
    with tempfile.TemporaryDirectory() as folder, _environment(kind, Path(folder) / "lines"):
        client = NotebookClient(
            notebook,
            timeout=None,
            kernel_name="python3",
            resources={"metadata": {"path": str(path.resolve().parent)}},
            record_timing=False,
            store_widget_state=False,
            # The kernel says at each start that connections inside the machine are not encrypted.
            extra_arguments=["--log-level=ERROR"],
        )
        began = time.monotonic()
        try:
            client.execute()
        except (CellExecutionError, DeadKernelError) as error:
            raise CourseError(f"{path} does not run on {kind} faces:\n{error}") from error
        seconds = time.monotonic() - began
        lines = _read_lines(Path(folder) / "lines")
    measurements = {line["name"]: line["value"] for line in lines if line["what"] == "measurement"}
    values = {line["name"]: line["value"] for line in lines if line["what"] == "value"}
    used = measurements.get("", {"kind": kind})["kind"]
    if used != kind:
        raise CourseError(
            f"{path} was to run on {kind} faces and used {used}. Say where FER2013 is: "
            "python3 course.py data use PATH."
        )
    return Recording(path, kind, every_face, seconds, measurements, values, notebook)


def keep(recording: Recording) -> Path:
    """Write what a run measured to where lessons and assignments look for it.

    Args:
        recording: a lesson's goes to ``data/reference_results.json``, an assignment's to
            ``reference_values.json`` beside it.

    Returns:
        The file.

    Raises:
        CourseError: this is no checkout of the course.
    """
    if recording.is_assignment:
        path = recording.notebook.parent / REFERENCE_VALUES
        content = _read_json(path)
        content[recording.kind] = recording.values
    else:
        results = results_path()
        if results is None:
            raise CourseError("results are kept in a checkout of the course; this is none.")
        path = results
        content = _read_json(path)
        run = {
            "faces": recording.measurements[""]["faces"],
            "seconds": round(recording.seconds, 1),
            "values": {name: entry for name, entry in recording.measurements.items() if name},
        }
        lesson = content.setdefault(recording.notebook.stem, {})
        lesson[run_name(recording.kind, every_face=recording.every_face)] = run
    write_atomically(path, (_as_json(content) + "\n").encode())
    return path


def save_outputs(recording: Recording) -> None:
    """Write the outputs of a run into the notebook's file."""
    notebook = recording.executed
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            # Sliders live in the kernel that ran; their still picture beside them is kept.
            output.get("data", {}).pop(_WIDGET, None)
        if cell.cell_type == "code" and cell.source.strip() == TIMES:
            _renew(cell, str(recorded_times(recording.notebook.stem)))
    notebook.metadata.language_info = {"name": "python"}
    write_atomically(recording.notebook, (nbformat.writes(notebook) + "\n").encode())


def _renew(cell: nbformat.NotebookNode, text: str) -> None:
    """Show in a cell what it would show now; while it ran, the run's own time was unknown."""
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.data = nbformat.from_dict({"text/plain": text})


def _turn_switch(notebook: nbformat.NotebookNode, path: Path) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code" and SWITCH in cell.source:
            cell.source = cell.source.replace(SWITCH, SWITCH.replace("False", "True"))
            return
    raise CourseError(f"{path} has no line `{SWITCH}` to turn.")


@contextmanager
def _environment(kind: Kind, lines: Path) -> Iterator[None]:
    """Set what the kernel, which inherits this process's environment, is to know."""
    changes = {RECORD: str(lines), "TF_CPP_MIN_LOG_LEVEL": "2"}
    if kind == "drawn":
        changes["FERCOURSE_FER2013"] = DRAWN
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _read_lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise CourseError(f"{path} is damaged ({error}). Delete it and measure again.") from error
    return content


def _as_json(value: Any, indent: int = 0) -> str:
    """Return JSON with a line for each entry, and numbers of a list on one line.

    What runs may come in any order is sorted; a table's columns stay as they are.
    """
    if isinstance(value, dict) and value:
        inner = " " * (indent + 1)
        entries = [
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {_as_json(value[key], indent + 1)}"
            for key in (sorted(value) if indent < _SORTED_LEVELS else value)
        ]
        return "{\n" + ",\n".join(entries) + "\n" + " " * indent + "}"
    return json.dumps(value, ensure_ascii=False)
