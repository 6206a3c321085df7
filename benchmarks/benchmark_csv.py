"""How much faster the course reads a CSV file of faces than the usual loop does.

    python benchmarks/benchmark_csv.py [fer2013.csv]

Without a file one is written from the faces the course uses (FER2013 where it is known). Both
readers end with the same uint8 array, which is compared. The usual loop is the one of most
tutorials: ``pandas.read_csv``, then ``np.array(text.split(" "), dtype="uint8")`` for each row.
``np.fromstring(text, sep=" ")``, which few use, is timed as well. Each reader runs in a
process of its own, so that its peak of memory is its own (the mapped cache counts where its
pages are in memory); the file is read once beforehand, so that all find it in the system's
memory. The best of several runs is printed, in seconds and in seconds of processors: the first
depends on what else the machine does, the second hardly.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

Images = npt.NDArray[np.uint8]
Result = dict[str, float | str]


def usual_loop(path: Path) -> Images:
    """Read the way most tutorials do."""
    import pandas as pd

    table = pd.read_csv(path)
    rows = [np.array(text.split(" "), dtype="uint8") for text in table["pixels"]]
    return np.stack(rows).reshape(-1, 48, 48)


def fromstring_loop(path: Path) -> Images:
    """Read row by row with numpy's own parser of text."""
    import pandas as pd

    table = pd.read_csv(path)
    rows = [np.fromstring(text, dtype="uint8", sep=" ") for text in table["pixels"]]
    return np.stack(rows).reshape(-1, 48, 48)


def course_reader(path: Path) -> Images:
    """Read with the course's parser, into one array in memory."""
    from fercourse.dataset.recognition import recognize

    form, _ = recognize(path)
    return np.concatenate([batch.images for batch in form.read(lambda _: None)])


def course_cache(path: Path) -> Images:
    """Read into a new cache on disk and map it, as ``load_faces`` does the first time."""
    from fercourse.dataset.loading import open_fer2013

    with tempfile.TemporaryDirectory() as folder:
        os.environ["FERCOURSE_DATA"] = folder
        return open_fer2013(path).images


READERS: dict[str, tuple[str, Callable[[Path], Images]]] = {
    "usual": ("pandas.read_csv + np.array(split)", usual_loop),
    "fromstring": ("pandas.read_csv + np.fromstring", fromstring_loop),
    "course": ("the course's reader, to memory", course_reader),
    "cache": ("the course's reader, to its cache", course_cache),
}


def measure(name: str, path: Path) -> Result:
    """Run one reader in this process; return seconds, memory in MB, and a digest."""
    __import__("pandas" if name in ("usual", "fromstring") else "fercourse.dataset.loading")
    before = _peak()
    start, cpu = time.perf_counter(), time.process_time()
    images = READERS[name][1](path)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    return {
        "seconds": seconds,
        "cpu": cpu,
        "peak": _peak(),
        "before": before,
        "digest": hashlib.sha256(images.tobytes()).hexdigest(),
    }


def _peak() -> float:
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def _in_a_process(name: str, path: Path) -> Result:
    command = [sys.executable, "-W", "ignore", __file__, str(path), "--reader", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: Result = json.loads(done.stdout)
    return result


def main() -> None:
    """Time every reader several times and print the best of each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("csv", type=Path, nargs="?")
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    if args.reader:
        print(json.dumps(measure(args.reader, args.csv)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = args.csv or _written(Path(folder) / "fer2013.csv")
        print(f"{path.name}: {path.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
        _bring_to_memory(path)
        results: dict[str, list[Result]] = {name: [] for name in READERS}
        for _ in range(args.repeats):
            for name in READERS:
                results[name].append(_in_a_process(name, path))
    if len({run["digest"] for runs in results.values() for run in runs}) > 1:
        sys.exit("The readers disagree.")

    def best(name: str, what: str) -> float:
        return min(float(run[what]) for run in results[name])

    for name, (title, _) in READERS.items():
        seconds, cpu = best(name, "seconds"), best(name, "cpu")
        print(
            f"{title:36} {seconds:6.2f} s ({best('usual', 'seconds') / seconds:4.1f} x)   "
            f"processors {cpu:6.2f} s ({best('usual', 'cpu') / cpu:4.1f} x)   "
            f"memory {best(name, 'before'):3,.0f} to {best(name, 'peak'):3,.0f} MB"
        )


def _bring_to_memory(path: Path) -> None:
    """Read the file once, a piece at a time: a child process inherits its parent's peak."""
    with path.open("rb") as file:
        while file.read(1 << 20):
            pass


def _written(path: Path) -> Path:
    from fercourse.dataset import load_faces
    from fercourse.dataset.export import export_csv

    export_csv(load_faces(progress=True), path, lambda _: None)
    return path


if __name__ == "__main__":
    main()
