"""How fast faces, the default set and videos are drawn.

    python benchmarks/benchmark_drawing.py [--faces 1500] [--seconds 4] [--without-set]

Faces a second at 48x48 on one core and on all, seconds for the default set (6,000 + 750 + 750
faces, with their truth), and frames a second of a video of four people at 1280x720, file and
truth included. The time in which worker processes start is left out. The processor seconds are
what to compare where other programs run beside it.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from fercourse.drawn import default_set, faces, sampling, video
from fercourse.drawn.acting import rehearse
from fercourse.drawn.scenes import Scenery, draw_stage, set_stage


def main() -> None:
    """Time everything and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--faces", type=int, default=1500, help="how many at 48x48")
    parser.add_argument("--seconds", type=float, default=4.0, help="of video")
    parser.add_argument("--without-set", action="store_true", help="leave the default set out")
    args = parser.parse_args()
    table = Table("what", "how much", "wanted")
    one, busy = _one_core(500)
    table.add_row("faces a second at 48x48, one core", f"{one:,.0f}", "")
    table.add_row("the same, by processor seconds", f"{busy:,.0f}", "")
    several = args.faces / _seconds(lambda: faces(args.faces))
    table.add_row("faces a second at 48x48, all cores", f"{several:,.0f}", "500 on two cores")
    if not args.without_set:
        table.add_row("the default set", f"{_seconds(default_set, runs=1):.1f} s", "20 s")
    drawn, busy = _frames_a_second()
    table.add_row("frames a second of four people, 720p, one core", f"{drawn:.1f}", "8")
    table.add_row("the same, by processor seconds", f"{busy:.1f}", "")
    frames = args.seconds * 25 / _video_seconds(args.seconds)
    table.add_row("frames a second, the same as .mp4, all cores", f"{frames:.1f}", "")
    Console().print(table)
    version = sys.version.split()[0]
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"Python {version}, {os.cpu_count()} cores{load}")


def _seconds(work: Callable[[], object], runs: int = 2) -> float:
    """Return how long the last of some runs took."""
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken = time.perf_counter() - start
    return taken


def _one_core(count: int) -> tuple[float, float]:
    """Return how many faces this process draws a second, and in a second of its own."""
    portraits = sampling.sample_portraits(count, 0)[1]
    sampling.draw_all(portraits[:20])
    start, busy = time.perf_counter(), time.process_time()
    sampling.draw_all(portraits)
    return count / (time.perf_counter() - start), count / (time.process_time() - busy)


def _frames_a_second() -> tuple[float, float]:
    """Return how many frames of four people at 1280x720 this process draws a second.

    Returns:
        By the clock, of the median frame, and by the processor's seconds, of all.
    """
    stage = set_stage(4, 1280, 720, 0)
    scenery = Scenery(stage)
    roles = [rehearse(person, 10, 0) for person in stage.people]
    times, busy = [], time.process_time()
    for frame in range(25):
        start = time.perf_counter()
        draw_stage(stage, [role.moment(frame / 5) for role in roles], scenery, frame)
        times.append(time.perf_counter() - start)
    return 1 / statistics.median(times), len(times) / (time.process_time() - busy)


def _video_seconds(seconds: float) -> float:
    """Return the seconds for a video of four people at 1280x720."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.mp4"
        return _seconds(lambda: video(path, people=4, seconds=seconds), runs=1)


if __name__ == "__main__":
    main()
