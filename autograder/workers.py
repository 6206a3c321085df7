"""Processes that grade, each one submission at a time.

nbgrader changes the current folder, so threads will not do; and whatever happens to one of these
processes costs no more than the submission that it was grading.
"""

import contextlib
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from autograder.running import Limits

_PATIENCE = 120
"""Seconds beyond the limit of a submission that reading, writing and feedback may take."""


@dataclass(frozen=True)
class Task:
    """What is to be done for one submission.

    Attributes:
        student: whose.
        assignment: of what.
        grade: whether to grade it; otherwise only the page for the student is written anew.
        limits: how long its notebook may run.
    """

    student: str
    assignment: str
    grade: bool
    limits: Limits


def work(tasks: list[Task], jobs: int, finished: Callable[[Task, str, float], None]) -> None:
    """Grade submissions, several at a time.

    Args:
        tasks: what to do.
        jobs: how many at a time.
        finished: called after each with what went wrong (empty: nothing) and the seconds it took.
    """
    local = threading.local()
    workers: list[_Worker] = []

    def do(task: Task) -> tuple[str, float]:
        if not hasattr(local, "worker"):
            local.worker = _Worker()
            workers.append(local.worker)
        began = time.monotonic()
        return local.worker.do(task), time.monotonic() - began

    with ThreadPoolExecutor(max_workers=max(1, min(jobs, len(tasks)))) as threads:
        futures: dict[Future[tuple[str, float]], Task] = {
            threads.submit(do, task): task for task in tasks
        }
        try:
            for future in as_completed(futures):
                finished(futures[future], *future.result())
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.end()


class _Worker:
    """A process, and a new one when that has died."""

    def __init__(self) -> None:
        self._ended = False
        self._start()

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def do(self, task: Task) -> str:
        """Do a task; return what went wrong, in a sentence, or nothing."""
        if self._ended:
            return "It was stopped."
        try:
            self._pipe.send(task)
            if self._pipe.poll(task.limits.total + _PATIENCE):
                return str(self._pipe.recv())
            problem = "The grading took far too long and was ended."
        except (EOFError, OSError):
            problem = "The process that graded it died: did memory run out?"
        if not self._ended:
            self._process.kill()
            self._process.join()
            self._start()
        return problem

    def end(self) -> None:
        """End the process."""
        self._ended = True
        self._process.kill()


def _serve(pipe: Connection) -> None:
    """Do tasks until nobody sends any more; what student's code prints goes nowhere."""
    with open(os.devnull, "r+b") as nowhere:  # noqa: PTH123
        for stream in (0, 1, 2):
            os.dup2(nowhere.fileno(), stream)
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            task = pipe.recv()
            pipe.send(_done(task))


def _done(task: Task) -> str:
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    from autograder.settings import course_config
    from autograder.sources import grading_folder

    config = course_config()
    config.RunCells.timeout = task.limits.cell
    config.RunCells.total = task.limits.total
    # Others write to the gradebook at the same time: wait for them.
    config.CourseDirectory.db_url = f"sqlite:///{grading_folder() / 'gradebook.db'}?timeout=60"
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    api.log.setLevel(logging.ERROR)
    names = (task.assignment, task.student)
    steps: Iterable[Callable[..., dict[str, Any]]] = (api.autograde, api.generate_feedback)
    for step in steps if task.grade else [api.generate_feedback]:
        result = step(*names, force=True)
        if not result["success"]:
            lines = [line for line in result.get("log", "").splitlines() if line.strip()]
            said = [line for line in lines if not line.startswith((" ", "[ERROR] There was"))]
            return f"nbgrader could not grade it: {' '.join(said[-3:])}"[:1000]
    return ""
