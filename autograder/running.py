"""Runs a notebook's cells one by one, whatever they do.

How each cell ended is noted in its metadata. A cell that ends Python or cannot be stopped does
so for itself alone: a new Python runs what came before, without that cell, and goes on.
"""

import asyncio
import copy
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.sanitizing import KEY
from autograder.sources import grade_id, is_test
from fercourse.learn.surroundings import GRADING, TERM_SECRET
from fercourse.workspace import DRAWN

_MOST_RESTARTS = 8
_KEPT_OUTPUT = 200_000
_MOST_OUTPUT = 20_000_000
_TIMED_OUT = "CellTimeoutError"
_ENDS = {
    "timeout": "took too long",
    "died": "ended Python",
    "flooded": "printed too much",
}
_LARGEST_FILE = 500_000_000
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""With more, the threads of several notebooks wait for each other: a search over a grid of settings
took 24 s beside other work, and 1.2 s with one thread."""

_START = (
    "import resource, runpy; "
    "resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory})); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, ({file}, {file})); "
    "runpy.run_module('ipykernel_launcher', run_name='__main__')"
)


@dataclass(frozen=True)
class Limits:
    """How long a notebook may run.

    Attributes:
        cell: seconds for a cell.
        total: seconds for all of them, with what is repeated after a restart.
    """

    cell: int = 30
    total: int = 300


def run(notebook: NotebookNode, folder: Path, secret: str, limits: Limits) -> list[str]:
    """Run a notebook's code cells; outputs and how each ended are kept in it.

    Args:
        notebook: it is changed: outputs, and ``metadata.grading.run`` with ``status`` (``"ok"``,
            ``"error"``, ``"timeout"``, ``"flooded"``, ``"died"`` or ``"not run"``), ``ename``
            and ``evalue``.
        folder: what lies beside it. It runs in a copy, so that what it deletes, changes or
            writes there is gone afterwards.
        secret: the term's.
        limits: how long it may take.

    Returns:
        Remarks, in sentences.
    """
    with tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as private:
        copied = Path(private) / folder.name
        # The notebook itself holds the hidden tests by now.
        shutil.copytree(
            folder,
            copied,
            ignore=shutil.ignore_patterns("*.ipynb"),
            copy_function=shutil.copyfile,
        )
        return _Run(notebook, copied, secret, limits).run()


class _Run:
    def __init__(self, notebook: NotebookNode, folder: Path, secret: str, limits: Limits) -> None:
        self.notebook = notebook
        self.folder = folder
        self.secret = secret
        self.limits = limits
        self.deadline = time.monotonic() + limits.total
        self.places = [
            place
            for place, cell in enumerate(notebook.cells)
            if cell.cell_type == "code" and cell.source.strip()
        ]
        self.statuses: dict[int, str] = {}

    def run(self) -> list[str]:
        restarts = 0
        while (begin := self._next()) is not None and restarts <= _MOST_RESTARTS:
            if self._time_left() <= 0:
                break
            self.folder.mkdir(exist_ok=True)
            with _session(self.notebook, self.folder, self.secret) as client:
                if self._repeat(client, begin):
                    self._go_on(client)
            restarts += 1
        return self._say_what_was_not_run(restarts - 1)

    def _next(self) -> int | None:
        return next((place for place in self.places if place not in self.statuses), None)

    def _time_left(self) -> float:
        return self.deadline - time.monotonic()

    def _repeat(self, client: "_Client", begin: int) -> bool:
        """Run again what ran before the kernel died; return whether it lives."""
        for place in [place for place in self.places if place < begin]:
            cell = self.notebook.cells[place]
            if self.statuses[place] in ("ok", "error") and not is_test(cell):
                if self._time_left() <= 0:
                    return False
                status, _ = self._execute(client, copy.deepcopy(cell), place)
                if status == "died":
                    self._note(place, "died", {})
                    return False
        return True

    def _go_on(self, client: "_Client") -> None:
        while (place := self._next()) is not None and self._time_left() > 0:
            status, reply = self._execute(client, self.notebook.cells[place], place)
            # A cell that had to be killed did not die by itself: for its author it took too long.
            killed = status == "killed"
            self._note(place, "timeout" if killed else status, reply)
            if killed or status == "died":
                return

    def _execute(
        self, client: "_Client", cell: NotebookNode, place: int
    ) -> tuple[str, dict[str, Any]]:
        client.timeout = max(1, int(min(self.limits.cell, self._time_left())))
        client.begin_cell()
        try:
            client.execute_cell(cell, place)
        except DeadKernelError:
            return "died", {}
        except CellTimeoutError:
            return "killed", {}
        reply = client.reply.get("content", {})
        if any(entry.get("source") == "ask_exit" for entry in reply.get("payload") or []):
            return "died", {}
        if client.flooded:
            return "flooded", {}
        if reply.get("ename") == _TIMED_OUT:
            return "timeout", {}
        return ("ok" if reply.get("status") == "ok" else "error"), reply

    def _note(self, place: int, status: str, reply: Mapping[str, Any]) -> None:
        self.statuses[place] = status
        note = {"status": status, "seconds": self.limits.cell}
        if status == "error":
            note |= {
                "ename": str(reply.get("ename", "an error"))[:200],
                "evalue": str(reply.get("evalue", ""))[:4000],
            }
        self.notebook.cells[place].metadata[KEY] = {"run": note}

    def _say_what_was_not_run(self, restarts: int) -> list[str]:
        remarks = [
            f"The cell {self._name(place)} {_ENDS[status]}."
            for place, status in sorted(self.statuses.items())
            if status in _ENDS
        ]
        if restarts > 0:
            remarks.append(
                f"Python was started again {restarts} times, and went on without those cells."
            )
        if self._next() is not None:
            late = self._time_left() <= 0
            reason = (
                f"the notebook took longer than {self.limits.total} seconds"
                if late
                else "Python ended too often"
            )
            remarks.append(f"Some cells were not run, because {reason}.")
            for place in self.places:
                if place not in self.statuses:
                    self._note(place, "not run", {})
        return remarks

    def _name(self, place: int) -> str:
        cell = self.notebook.cells[place]
        return grade_id(cell) or cell.get("id") or f"number {place + 1}"


class _Client(NotebookClient):
    """Executes cells, and keeps the reply and no more output than anyone reads."""

    def begin_cell(self) -> None:
        """Forget what the cell before has left."""
        self.reply: dict[str, Any] = {}
        self.size = 0
        self.flooded = False

    def keep_reply(self, execute_reply: dict[str, Any], **_: Any) -> None:
        """Keep how a cell ended."""
        self.reply = execute_reply

    def output(self, outs: Any, msg: Any, display_id: Any, cell_index: Any) -> Any:
        """Keep an output while there are not too many; stop a cell that does not end."""
        self.size += len(str(msg["content"]))
        if self.size > _MOST_OUTPUT and not self.flooded:
            self.flooded = True
            assert self.km is not None
            self.interruption = asyncio.ensure_future(ensure_async(self.km.interrupt_kernel()))
        is_text = msg["msg_type"] == "stream"
        if self.size > (_KEPT_OUTPUT if is_text else _MOST_OUTPUT):
            return None
        return super().output(outs, msg, display_id, cell_index)


class _OwnKernel(AsyncKernelManager):
    """This very Python as a kernel, whatever kernels people have installed for themselves."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """What starts it."""
        start = [sys.executable, "-P", "-m", "ipykernel_launcher"]
        if sys.platform == "linux":
            start = [sys.executable, "-P", "-c", _start_with_limits()]
        return KernelSpec(
            argv=[*start, "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
        )


def _start_with_limits() -> str:
    """Return what starts a kernel that may claim no more memory than the machine has."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return _START.format(memory=memory, file=_LARGEST_FILE)


@contextmanager
def _session(notebook: NotebookNode, folder: Path, secret: str) -> Iterator[_Client]:
    """Start a kernel for the notebook, and end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as private:
        manager = _OwnKernel(connection_file=str(Path(private) / "kernel.json"))
        if os.name != "nt":
            manager.transport = "ipc"  # no ports that another kernel could take
        client = _Client(
            copy.copy(notebook),
            km=manager,
            resources={"metadata": {"path": str(folder)}},
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout={"ename": _TIMED_OUT, "evalue": "", "traceback": []},
            iopub_timeout=5,
            raise_on_iopub_timeout=True,
            store_widget_state=False,
            extra_arguments=["--HistoryManager.enabled=False"],
            shutdown_kernel="immediate",
        )
        client.nb.cells = list(notebook.cells)
        client.on_cell_executed = client.keep_reply
        with client.setup_kernel(env=_environment(secret, private), cleanup_kc=True):
            yield client


def _environment(secret: str, private: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return {
        "TF_CPP_MIN_LOG_LEVEL": "2",
        **_ONE_THREAD,
        **kept,
        # Whatever the grader has: all are graded on the faces that thresholds were measured on.
        "FERCOURSE_FER2013": DRAWN,
        GRADING: "1",
        TERM_SECRET: secret,
        "IPYTHONDIR": private,
    }
