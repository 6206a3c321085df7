"""How accurate the classical classifiers are, and how long they take.

    python benchmarks/benchmark_classical.py validation
    python benchmarks/benchmark_classical.py PublicTest
    python benchmarks/benchmark_classical.py search

``validation`` fits each of ``CLASSICAL`` on the fit part of Training and reports on the validation
part, by which all settings were chosen. ``PublicTest`` fits on all of Training and reports on
PublicTest: accuracy with a bootstrap interval, accuracy without test faces that are in Training
pixel for pixel, seconds from reading the faces to the last answer, and memory at the peak; each
classifier in a process of its own. ``search`` is the grid search over ``leaf_size``,
``n_neighbors`` and ``p`` that the project this course grew from ran for its nearest neighbors.
``--names`` chooses classifiers; the others' figures stay. Kept in
benchmarks/results/classical_fer2013.json. Quiet, two cores take minutes for each.
"""

import argparse
import json
import multiprocessing
import platform
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.classical import CLASSICAL
from fercourse.dataset import FaceSet, load_faces, validation_split
from fercourse.evaluation import intervals
from fercourse.evaluation.chosen_faces import occurs_in
from fercourse.evaluation.speed import milliseconds_a_face

RESULT = Path(__file__).parent / "results" / "classical_fer2013.json"


def measure(name: str, part: str) -> dict[str, Any]:
    """Return one classifier's figures on the validation part or PublicTest.

    Args:
        name: one of ``CLASSICAL``.
        part: ``"validation"`` or ``"PublicTest"``.
    """
    start = time.perf_counter()
    faces = load_faces("Training", source="fer2013")
    if part == "validation":
        training, asked = validation_split(faces)
    else:
        training, asked = faces, load_faces("PublicTest", source="fer2013")
    read = time.perf_counter()
    model = CLASSICAL[name]().fit(training.images, training.labels)
    fitted = time.perf_counter()
    answers = model.predict_proba(asked.images)
    right = answers.argmax(axis=1) == asked.labels
    answered = time.perf_counter()
    return {
        "accuracy": round(float(right.mean()), 4),
        "interval": interval(answers, asked),
        "without_training_duplicates": without_duplicates(right, training, asked),
        "seconds": round(answered - start, 1),
        "stages": {
            "reading": round(read - start, 1),
            "fitting": round(fitted - read, 1),
            "answering": round(answered - fitted, 1),
        },
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "milliseconds_a_face": milliseconds(model, asked),
    }


def interval(answers: npt.NDArray[np.float32], asked: FaceSet) -> list[float]:
    """Return the bootstrap's middle 95 % of an accuracy, as ``course.py evaluate`` finds it."""
    found = intervals(answers.astype(np.float64), asked.labels.astype(np.int64))
    return [round(end, 4) for end in found.accuracy]


def without_duplicates(
    right: npt.NDArray[np.bool_], training: FaceSet, asked: FaceSet
) -> dict[str, Any]:
    """Return the accuracy on faces that are not among those fitted on, and how many they are."""
    new = ~occurs_in(asked.images, training.images)
    return {"faces": int(new.sum()), "accuracy": round(float(right[new].mean()), 4)}


def milliseconds(model: Any, faces: FaceSet) -> dict[str, float]:
    """Return the milliseconds for each face, asked one by one, by eights and many at once."""
    found = milliseconds_a_face(model, faces.images)
    return {size: round(taken, 2) for size, taken in found.items()}


def search() -> dict[str, Any]:
    """Search over the settings of nearest neighbors on pixels' principal components.

    ``leaf_size`` is how many points a ball tree keeps together; it changes the time, and the
    answer only where neighbors are equally near (duplicates with different labels).
    Three folds of the fit part's first 6,000 faces.
    """
    from sklearn.decomposition import PCA
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KNeighborsClassifier

    from fercourse.features import pixels

    start = time.perf_counter()
    fit, _ = validation_split(load_faces("Training", source="fer2013"))
    part = fit.take(np.arange(6_000))
    rows = PCA(50, random_state=0).fit_transform(pixels(part.images))
    grid = {"leaf_size": [10, 30, 100], "n_neighbors": [1, 5, 20, 50], "p": [1, 2]}
    found = GridSearchCV(KNeighborsClassifier(algorithm="ball_tree"), grid, cv=3, n_jobs=2)
    found.fit(rows, part.labels)
    rows_of = zip(
        found.cv_results_["params"],
        found.cv_results_["mean_test_score"],
        found.cv_results_["mean_score_time"],
        strict=True,
    )
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "best": found.best_params_,
        "rows": [
            {**params, "accuracy": round(float(score), 4), "seconds_answering": round(float(t), 2)}
            for params, score, t in rows_of
        ],
    }


def in_a_process_of_its_own(name: str, part: str) -> dict[str, Any]:
    """Return ``measure``'s figures, so that one classifier's memory is not another's."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (name, part))


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("part", choices=("validation", "PublicTest", "search"))
    parser.add_argument("--names", nargs="+", choices=CLASSICAL, default=list(CLASSICAL))
    options = parser.parse_args()
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    kept.setdefault("results", [])
    kept["machine"] = f"{multiprocessing.cpu_count()} cores, {platform.machine()}"
    if options.part == "search":
        kept["search"] = search()
        print(json.dumps(kept["search"], indent=1))
    for name in options.names if options.part != "search" else ():
        row = in_a_process_of_its_own(name, options.part)
        print(f"{name}, {options.part}: {json.dumps(row)}", flush=True)
        keep(kept, name, options.part, row)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def keep(kept: dict[str, Any], name: str, part: str, row: dict[str, Any]) -> None:
    """Put figures where the leaderboard reads them: PublicTest's as rows, validation's beside."""
    if part == "validation":
        kept.setdefault("validation", {})[name] = row
        return
    row |= {
        "name": name,
        "command": f".venv/bin/python benchmarks/benchmark_classical.py PublicTest --names {name}",
        "fitted_on": "Training",
        "chosen_on": "validation",
        "reported_on": "PublicTest",
    }
    kept["results"] = [other for other in kept["results"] if other["name"] != name] + [row]


if __name__ == "__main__":
    main()
