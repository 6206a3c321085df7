"""How much a nearest neighbor owes to pictures that stand on both sides of a split.

    python benchmarks/benchmark_duplicates.py fer2013

fits a nearest neighbor (k = 1) on the pixels of all Training faces and asks it about PublicTest;
then shuffles all faces there are and asks about a fifth of them. It prints the accuracy, which
share of the faces asked about has an exact duplicate among those fitted on, how often the neighbor
is right there, and the accuracy on all others; kept in benchmarks/results/duplicates_SOURCE.json.
Lesson 3 quotes it. On two cores FER2013 takes about ten minutes.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fercourse.dataset import load_faces
from fercourse.features import pixels

RESULTS = Path(__file__).parent / "results"
Rows = npt.NDArray[np.intp]


def one_neighbor(
    images: npt.NDArray[np.uint8], labels: npt.NDArray[np.uint8], fit: Rows, asked: Rows, p: int
) -> dict[str, float]:
    """Return what one neighbor gets right, with and without exact duplicates.

    Args:
        images: uint8 (n, 48, 48).
        labels: uint8 (n,).
        fit: positions of the faces fitted on.
        asked: positions of the faces asked about.
        p: the power of Minkowski's distance.
    """
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(1, p=p).fit(pixels(images[fit]), labels[fit])
    right = model.predict(pixels(images[asked])) == labels[asked]
    known = {image.tobytes() for image in images[fit]}
    duplicate = np.array([image.tobytes() in known for image in images[asked]])
    return {
        "faces": len(asked),
        "accuracy": float(right.mean()),
        "share of duplicates": float(duplicate.mean()),
        "accuracy on duplicates": float(right[duplicate].mean()) if duplicate.any() else 0.0,
        "accuracy on the others": float(right[~duplicate].mean()),
    }


def main() -> None:
    """Measure both splits with both distances, print them and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", choices=("drawn", "fer2013"))
    source = parser.parse_args().source
    faces = load_faces(source=source)
    shuffled = np.random.default_rng(0).permutation(len(faces))
    cut = int(0.8 * len(faces))
    splits = {
        "Training -> PublicTest": (
            np.flatnonzero(faces.splits == "Training"),
            np.flatnonzero(faces.splits == "PublicTest"),
        ),
        "all shuffled, 80 % -> 20 %": (shuffled[:cut], shuffled[cut:]),
    }
    found = {}
    for name, (fit, asked) in splits.items():
        for p in (1, 2):
            row = one_neighbor(faces.images, faces.labels, fit, asked, p)
            found[f"{name}, p = {p}"] = row
            print(
                f"{name}, p = {p}:", ", ".join(f"{key} {value:.4g}" for key, value in row.items())
            )
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"duplicates_{source}.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
