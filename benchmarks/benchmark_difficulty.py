"""How hard a set of faces is: kNN, SVMs and a network on it, and what they mix up.

    python benchmarks/benchmark_difficulty.py drawn
    python benchmarks/benchmark_difficulty.py fer2013 --models cnn --epochs 12
    python benchmarks/benchmark_difficulty.py compare

trains on the Training split, reports on PublicTest (and, for drawn faces, which have few,
PrivateTest with it), and keeps the figures in benchmarks/results/difficulty_SOURCE.json.
``compare`` says which of the five commonest confusions of the network the two sources share.
The default drawn set was tuned with this.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fercourse.dataset import FaceSet, drawn_truth, load_faces
from fercourse.dataset.loading import Source
from fercourse.emotions import SEVEN, SPLITS
from fercourse.features import hog, pixels

RESULTS = Path(__file__).parent / "results"
Labels = npt.NDArray[np.intp]


def knn(training: FaceSet, test: FaceSet, _: int, __: int) -> Labels:
    """Return the predictions of a nearest neighbor on pixels."""
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(1).fit(pixels(training.images), training.labels)
    return np.asarray(model.predict(pixels(test.images)), np.intp)


def _svm(training: FaceSet, test: FaceSet, features: Callable[..., Any]) -> Labels:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    model = make_pipeline(StandardScaler(), SVC(C=3))
    model.fit(features(training.images), training.labels)
    return np.asarray(model.predict(features(test.images)), np.intp)


def svm_pixels(training: FaceSet, test: FaceSet, _: int, __: int) -> Labels:
    """Return the predictions of an RBF SVM on pixels."""
    return _svm(training, test, pixels)


def svm_hog(training: FaceSet, test: FaceSet, _: int, __: int) -> Labels:
    """Return the predictions of an RBF SVM on histograms of oriented gradients."""
    return _svm(training, test, hog)


def cnn(training: FaceSet, test: FaceSet, epochs: int, seed: int) -> Labels:
    """Return the predictions of a small convolutional network trained from scratch."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((48, 48, 1)), layers.Rescaling(1 / 127.5, -1)])
    model.add(layers.RandomFlip("horizontal"))
    model.add(layers.RandomTranslation(0.08, 0.08, fill_mode="nearest"))
    model.add(layers.RandomRotation(0.03, fill_mode="nearest"))
    for filters in (16, 32, 64, 128):
        for _ in range(2):
            model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
            model.add(layers.BatchNormalization())
            model.add(layers.ReLU())
        model.add(layers.MaxPooling2D())
        model.add(layers.Dropout(0.1))
    model.add(layers.Flatten())
    model.add(layers.Dense(128, use_bias=False))
    model.add(layers.BatchNormalization())
    model.add(layers.ReLU())
    model.add(layers.Dropout(0.5))
    model.add(layers.Dense(len(training.classes), activation="softmax"))
    steps = epochs * (len(training) // 64 + 1)
    rate = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    model.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    images = training.images[..., None].astype(np.float32)
    model.fit(images, training.labels, batch_size=64, epochs=epochs, verbose=2)
    return np.asarray(model.predict(test.images[..., None], verbose=0).argmax(axis=1), np.intp)


MODELS = {"knn": knn, "svm_pixels": svm_pixels, "svm_hog": svm_hog, "cnn": cnn}


def confusions(labels: npt.ArrayLike, predictions: npt.ArrayLike) -> list[tuple[str, int]]:
    """Return the five commonest confusions, as ("Sad as Neutral", how many), commonest first."""
    counts = np.zeros((len(SEVEN), len(SEVEN)), int)
    np.add.at(counts, (np.asarray(labels), np.asarray(predictions)), 1)
    np.fill_diagonal(counts, 0)
    order = np.argsort(counts, axis=None, kind="stable")[::-1][:5]
    pairs = [divmod(int(place), len(SEVEN)) for place in order]
    return [(f"{SEVEN[a]} as {SEVEN[b]}", int(counts[a, b])) for a, b in pairs]


def measure(source: Source, names: list[str], epochs: int, seeds: int) -> dict[str, Any]:
    """Return accuracy, seconds and confusions of each model on a source of faces.

    Args:
        source: ``"drawn"`` or ``"fer2013"``.
        names: which of ``MODELS``.
        epochs: of the network.
        seeds: how many times the network is trained; its accuracies are all kept, and its
            confusions counted over all.
    """
    everything = load_faces(source=source, progress=True)
    training = everything.take(everything.usage == SPLITS.index("Training"))
    test = everything.take(everything.usage != SPLITS.index("Training"))
    report: dict[str, Any] = {
        "source": everything.source,
        "training": len(training),
        "test": len(test),
        "majority": round(float(np.bincount(test.labels).max() / len(test)), 4),
    }
    for name in names:
        start = time.perf_counter()
        runs = range(seeds if name == "cnn" else 1)
        predictions = np.array([MODELS[name](training, test, epochs, seed) for seed in runs])
        accuracies = (predictions == test.labels).mean(axis=1)
        row: dict[str, Any] = {
            "accuracy": round(float(accuracies.mean()), 4),
            "accuracies": accuracies.round(4).tolist(),
            "seconds": round((time.perf_counter() - start) / len(runs), 1),
            "confusions": confusions(np.tile(test.labels, len(runs)), predictions.ravel()),
        }
        if source == "drawn":
            drawn = drawn_truth().loc[test.rows, "emotion"].map(SEVEN.index).to_numpy()
            row["accuracy on the emotion drawn"] = round(float((predictions == drawn).mean()), 4)
        report[name] = row
        print(name, json.dumps(row), flush=True)
    return report


def compare() -> list[str]:
    """Return the network's commonest confusions that real and drawn faces share."""
    reports = [
        json.loads((RESULTS / f"difficulty_{source}.json").read_text())["cnn"]["confusions"]
        for source in ("fer2013", "drawn")
    ]
    real, drawn = ([pair for pair, _ in report] for report in reports)
    print("real: ", ", ".join(real))
    print("drawn:", ", ".join(drawn))
    return [pair for pair in real if pair in drawn]


def main() -> None:
    """Measure a source, or compare the two that were measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("source", choices=["drawn", "fer2013", "compare"])
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--epochs", type=int, default=18)
    parser.add_argument("--seeds", type=int, default=1, help="trainings of the network")
    options = parser.parse_args()
    if options.source == "compare":
        shared = compare()
        print(f"{len(shared)} of 5 shared: {', '.join(shared)}")
        return
    path = RESULTS / f"difficulty_{options.source}.json"
    report = json.loads(path.read_text()) if path.exists() else {}
    report |= measure(options.source, options.models, options.epochs, options.seeds)
    RESULTS.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
