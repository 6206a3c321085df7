"""How long faces take the first time, and how long when they are opened again.

    python benchmarks/benchmark_cache.py [PATH of FER2013 in any form]

Without a path the faces that the course uses are read. The first reading goes to a folder that
is deleted afterwards. Opening again is timed in new processes, the import of the package apart,
and inside one process; what it adds to the process's memory is measured before any image is
looked at.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_CHOICES: dict[str, dict[str, Any]] = {
    "Training, seven classes": {"split": "Training"},
    "Training, six, Disgust left out": {"split": "Training", "classes": 6},
    "Training, six, Disgust merged": {"split": "Training", "classes": 6, "disgust": "merge"},
    "all splits, seven classes": {},
}

_FRESH = """
import sys, time
start = time.perf_counter()
from fercourse.dataset import load_faces
load_faces
imported = time.perf_counter()
load_faces("Training")
print(imported - start, time.perf_counter() - imported)
"""


def main() -> None:
    """Time the first reading and the opening, and print both."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("path", nargs="?", type=Path)
    args = parser.parse_args()
    if args.path:
        os.environ["FERCOURSE_FER2013"] = str(args.path.resolve())
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FERCOURSE_DATA"] = folder
        from fercourse.dataset import load_faces

        start = time.perf_counter()
        faces = load_faces()
        print(f"{faces.source}, {len(faces):,} faces")
        print(f"first time: {time.perf_counter() - start:.2f} s")
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        print(f"kept on disk: {size / 1e6:,.0f} MB")
        runs = [_fresh_process() for _ in range(7)]
        imports, opens = (statistics.median(times) * 1e3 for times in zip(*runs, strict=True))
        print(f"opened in a new process: {opens:.1f} ms (and {imports:.0f} ms of imports)")
        for title, choice in _CHOICES.items():
            times, before = [], _memory()
            for _ in range(20):
                start = time.perf_counter()
                load_faces(**choice)
                times.append(time.perf_counter() - start)
            grown = _memory() - before
            print(f"{title}: {statistics.median(times) * 1e3:.1f} ms, {grown:.1f} MB more memory")
        print(json.dumps({"python": sys.version.split()[0], "cores": os.cpu_count()}))


def _fresh_process() -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _FRESH], check=True, capture_output=True, text=True
    )
    imported, opened = map(float, done.stdout.split())
    return imported, opened


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1e6 if sys.platform == "darwin" else 1e3
    )


if __name__ == "__main__":
    main()
