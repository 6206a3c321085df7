"""Work in pieces on all cores, and on one where that is all there is."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from typing import TypeVar

import cv2
from joblib import Parallel, delayed, effective_n_jobs

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def on_all_cores(
    work: Callable[[Piece], Result], pieces: Sequence[Piece], least: int
) -> Iterator[Result]:
    """Yield the result of each piece in order.

    A machine may forbid other processes or end them (too little memory, a container without
    shared memory): then this process does what is left.

    Args:
        work: a function that other processes can import; may be a ``functools.partial`` of one.
        pieces: what to call it with, one after the other.
        least: pieces for each process below which another is not worth starting.
    """
    done = 0
    jobs = min(len(pieces) // least, effective_n_jobs(-1))
    if jobs > 1:
        parallel = Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="1.5 * n_jobs")
        try:
            for result in parallel(delayed(_beside_others)(work, piece) for piece in pieces):
                yield result
                done += 1
        except (BrokenExecutor, OSError):
            pass
    for piece in pieces[done:]:
        yield work(piece)


def _beside_others(work: Callable[[Piece], Result], piece: Piece) -> Result:
    # There is a process for each core already: OpenCV's threads would only wait for each other.
    cv2.setNumThreads(1)
    return work(piece)
