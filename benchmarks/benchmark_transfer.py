"""What pretraining is worth, by how many labelled faces there are.

    python benchmarks/benchmark_transfer.py rates
    python benchmarks/benchmark_transfer.py train [--backbone-weights lite0.keras]
    python benchmarks/benchmark_transfer.py PublicTest
    python benchmarks/benchmark_transfer.py plot

``train`` draws faces with action units and lets a network learn to read these off, then trains
networks on 500, 2,000, 8,000 and all faces of FER2013's fit part, in each of ``WAYS``. With
``--backbone-weights`` some begin with a network that learned from ImageNet: a ``.keras`` file of
``imagenet_backbone.py``, or the word ``MobileNetV3Small``, whose weights Keras fetches. Each
network is judged on the validation part as soon as it is trained, and kept; an interruption loses
one network at most. ``rates`` tries learning rates on 500 faces and the validation part, which
is how those in ``WAYS`` were chosen. ``PublicTest`` is run once, at the end: accuracy averaged
over seeds, with a bootstrap over faces and seeds. ``plot`` draws it.
Kept in benchmarks/results/transfer_fer2013.json; all of it takes two
quiet cores 20 minutes.
"""

import argparse
import json
import multiprocessing
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.quiet import quietly

with quietly():
    import keras

from fercourse.classifiers.architectures import plan_of
from fercourse.classifiers.architectures.shapes import cost
from fercourse.classifiers.keras_files import read_keras_model
from fercourse.dataset import FaceSet, load_faces, validation_split
from fercourse.dataset.splitting import stratified_subset
from fercourse.errors import CourseError
from fercourse.evaluation.chosen_faces import occurs_in
from fercourse.training.augmentation import Augmentation
from fercourse.training.loop import smoothed, train
from fercourse.training.making import without_blanks
from fercourse.training.precision import precision, quickest_policy
from fercourse.training.recipe import Recipe
from fercourse.training.transfer import (
    action_unit_faces,
    explained,
    freeze,
    pretrained,
    read_start,
    write_pretrained,
)
from fercourse.training.transfer_backbones import BACKBONES, imagenet_backbone
from fercourse.workspace import data_folder, write_atomically

RESULT = Path(__file__).parent / "results" / "transfer_fer2013.json"
PLOT = RESULT.with_suffix(".png")
KEPT = data_folder() / "trained" / "transfer"

ARCHITECTURE = "small"
DRAWN, DRAWN_TO_TEST = 15_000, 1_000
DRAWN_EPOCHS = 10
DRAWN_SEED_TO_TEST = 1_000_003
ALL = 10**9

_CHANGES = Augmentation(rotation=10, scale=0.1, stretch=0.05, shift=3)

Rule = Literal["muon", "adamw"]
RATES: dict[Rule, tuple[float, ...]] = {"muon": (0.02, 0.06), "adamw": (0.001, 0.01)}
"""Those that were tried."""
RATES_AT = 500


@dataclass(frozen=True)
class Way:
    """One way to a network for expressions.

    Attributes:
        begins: with random weights (``"nothing"``), ``"action units"`` or ``"ImageNet"``.
        frozen: only the last layer learns.
        rate: the highest learning rate.
        epochs: by the number of faces.
        seeds: by the number of faces; each seed has other faces, too, but with all of them.
        rule: the optimizer.
    """

    begins: Literal["nothing", "action units", "ImageNet"]
    frozen: bool
    rate: float
    epochs: dict[int, int]
    seeds: dict[int, int]
    rule: Rule = "muon"


_EPOCHS = {500: 40, 2_000: 25, 8_000: 12, ALL: 8}
_SEEDS = {500: 3, 2_000: 2, 8_000: 1, ALL: 1}
_FEWER_EPOCHS = {500: 12, 2_000: 8}
_ONE_SEED = {500: 1, 2_000: 1}
"""A network for ImageNet takes twenty-four times as long for each face."""

WAYS = {
    "from scratch": Way("nothing", False, 0.06, _EPOCHS, _SEEDS),
    "drawn action units": Way("action units", False, 0.06, _EPOCHS, _SEEDS),
    "drawn action units, frozen": Way("action units", True, 0.06, _EPOCHS, _SEEDS),
    "ImageNet": Way("ImageNet", False, 0.001, _FEWER_EPOCHS, _ONE_SEED, "adamw"),
    "ImageNet, frozen": Way("ImageNet", True, 0.01, _FEWER_EPOCHS, _ONE_SEED, "adamw"),
}


@dataclass(frozen=True)
class Cell:
    """One network to train."""

    name: str
    faces: int
    seed: int

    @property
    def way(self) -> Way:
        """How."""
        return WAYS[self.name]

    @property
    def file(self) -> Path:
        """Where the network is kept."""
        size = "all" if self.faces == ALL else self.faces
        return KEPT / f"{self.name.replace(', ', '-').replace(' ', '-')}-{size}-{self.seed}.keras"


def cells() -> Iterator[Cell]:
    """Yield all networks, small trainings first."""
    for faces in (500, 2_000, 8_000, ALL):
        for name, way in WAYS.items():
            for seed in range(way.seeds.get(faces, 0)):
                yield Cell(name, faces, seed)


def prepare(kept: dict[str, Any]) -> Path:
    """Return the file of the network that knows action units, trained now where it was not."""
    path = KEPT / "action-units.safetensors"
    if path.exists() and "pretraining" in kept:
        return path
    began = time.perf_counter()
    KEPT.mkdir(parents=True, exist_ok=True)
    faces = action_unit_faces(DRAWN, seed=0)
    drawn = time.perf_counter()
    model = pretrained(
        ARCHITECTURE,
        faces.images,
        faces.intensities,
        DRAWN_EPOCHS,
        checkpoint=path.with_suffix(".checkpoint"),
        resume=True,
    )
    seconds = time.perf_counter() - drawn
    shares = explained(model, action_unit_faces(DRAWN_TO_TEST, seed=DRAWN_SEED_TO_TEST))
    write_pretrained(path, model, ARCHITECTURE, f"action units of {DRAWN:,} drawn faces")
    path.with_suffix(".checkpoint").unlink(missing_ok=True)
    kept["pretraining"] = {
        "architecture": ARCHITECTURE,
        "parameters": cost(plan_of(ARCHITECTURE)).parameters,
        "drawn_faces": DRAWN,
        "epochs": DRAWN_EPOCHS,
        "seconds_drawing": round(drawn - began, 1),
        "seconds_learning": round(seconds, 1),
        "variance_explained": {name: round(share, 3) for name, share in shares.items()},
        "mean_variance_explained": round(float(np.mean(list(shares.values()))), 3),
    }
    keep(kept)
    return path


def some(faces: FaceSet, limit: int, seed: int) -> FaceSet:
    """Return so many faces, each class with its share, other ones for each seed."""
    if limit >= len(faces):
        return faces
    rows = np.random.default_rng([seed, 4]).permutation(len(faces)).astype(np.int64)
    return faces.take(stratified_subset(faces.labels, rows, limit))


def network_of(cell: Cell, units: Path, backbone: str | None) -> Any:
    """Return the network that a cell begins with."""
    way = cell.way
    with precision(quickest_policy()):
        if way.begins == "ImageNet":
            assert backbone
            known = backbone in BACKBONES
            name, weights = (backbone, "imagenet") if known else ("ImageNet", backbone)
            model = imagenet_backbone(name, weights=weights)
        elif way.begins == "action units":
            model = read_start(units, ARCHITECTURE, seed=cell.seed)
        else:
            return None
    return freeze(model) if way.frozen else model


def trained(
    cell: Cell, fit: FaceSet, units: Path, backbone: str | None, rate: float | None = None
) -> tuple[Any, dict[str, Any]]:
    """Train one network and return it with what is to be kept of it."""
    way, faces = cell.way, some(fit, cell.faces, cell.seed)
    recipe = Recipe(
        cell.name,
        ARCHITECTURE,
        way.epochs[cell.faces],
        batch_size=64 if len(faces) <= 2_000 else 128,
        optimizer=way.rule,
        learning_rate=rate or way.rate,
        augmentation=_CHANGES,
    )
    begins = network_of(cell, units, backbone)
    place = "network" if way.begins == "ImageNet" else "start"
    began = time.perf_counter()
    model = train(
        recipe,
        faces.images,
        smoothed(faces.labels, len(faces.classes), recipe.label_smoothing),
        seed=cell.seed,
        **{place: begins},
    ).model
    row = {
        "way": cell.name,
        "faces": len(faces),
        "seed": cell.seed,
        "epochs": recipe.epochs,
        "learning_rate": recipe.learning_rate,
        "parameters": model.count_params(),
        "seconds": round(time.perf_counter() - began, 1),
    }
    return model, row


def right(model: Any, faces: FaceSet) -> npt.NDArray[np.bool_]:
    """Return whether each answer is right: bool (n,)."""
    pixels = faces.images[..., None].astype(np.float32)
    answers = model.predict(pixels, batch_size=128, verbose=0)
    return np.asarray(answers.argmax(axis=1) == faces.labels)


def train_all(kept: dict[str, Any], names: list[str], backbone: str | None) -> None:
    """Train what is not there yet."""
    fit, validation = parts()
    units = prepare(kept)
    rows = kept.setdefault("validation", [])
    done = {(row["way"], row["faces"], row["seed"]) for row in rows}
    for cell in cells():
        count = min(cell.faces, len(fit))
        known = cell.file.exists() and (cell.name, count, cell.seed) in done
        if known or cell.name not in names or (cell.way.begins == "ImageNet" and not backbone):
            continue
        model, row = trained(cell, fit, units, backbone)
        row["accuracy"] = round(float(right(model, validation).mean()), 4)
        if cell.way.begins == "ImageNet":
            row["backbone"] = Path(str(backbone)).stem
        model.save(cell.file)
        rows[:] = [old for old in rows if key(old) != key(row)] + [row]
        keep(kept)
        print(json.dumps(row), flush=True)
        keras.backend.clear_session()


def try_rates(kept: dict[str, Any], names: list[str], backbone: str | None) -> None:
    """Try each way with a few learning rates on few faces."""
    fit, validation = parts()
    units = prepare(kept)
    for name in names:
        way = WAYS[name]
        if way.begins == "ImageNet" and not backbone:
            continue
        for rate in RATES[way.rule]:
            model, row = trained(Cell(name, RATES_AT, 0), fit, units, backbone, rate)
            row["accuracy"] = round(float(right(model, validation).mean()), 4)
            found = kept.setdefault("rates", [])
            found[:] = [
                old
                for old in found
                if (*key(old), old["learning_rate"]) != (*key(row), row["learning_rate"])
            ] + [row]
            keep(kept)
            print(json.dumps(row), flush=True)
            keras.backend.clear_session()


def report(kept: dict[str, Any]) -> None:
    """Open PublicTest and report every network that was trained."""
    training, faces = (
        load_faces("Training", source="fer2013"),
        load_faces("PublicTest", source="fer2013"),
    )
    new = ~occurs_in(faces.images, training.images)
    answers: dict[tuple[str, int], list[npt.NDArray[np.bool_]]] = {}
    for cell in cells():
        if cell.file.exists():
            found = right(read_keras_model(cell.file), faces)
            answers.setdefault((cell.name, cell.faces), []).append(found)
            keras.backend.clear_session()
    all_of_them = max(row["faces"] for row in kept["validation"])
    kept["public_test"] = [
        {
            "way": name,
            "faces": min(count, all_of_them),
            "accuracy": round(float(np.mean(hits)), 4),
            "interval": interval(np.array(hits)),
            "by_seed": [round(float(hit.mean()), 4) for hit in hits],
            "without_training_duplicates": round(float(np.mean([h[new] for h in hits])), 4),
        }
        for (name, count), hits in answers.items()
    ]
    keep(kept)
    for row in kept["public_test"]:
        print(json.dumps(row))


def interval(hits: npt.NDArray[np.bool_], draws: int = 2_000) -> list[float]:
    """Return the bootstrap's middle 95 % of an accuracy: other faces, and other seeds.

    Args:
        hits: bool (seeds, n), whether each answer was right.
        draws: how often seeds and faces are drawn anew.
    """
    rng = np.random.default_rng(0)
    seeds, n = hits.shape
    means = [
        hits[rng.integers(0, seeds, seeds)].mean(axis=0)[rng.integers(0, n, n)].mean()
        for _ in range(draws)
    ]
    return [round(float(end), 4) for end in np.quantile(means, (0.025, 0.975))]


def draw(kept: dict[str, Any]) -> None:
    """Draw accuracy on PublicTest by the number of faces."""
    from fercourse.plots import accuracy_by_faces

    curves = {
        name: [
            (row["faces"], row["accuracy"], tuple(row["interval"]))
            for row in kept["public_test"]
            if row["way"] == name
        ]
        for name in WAYS
    }
    figure = accuracy_by_faces(
        {name: points for name, points in curves.items() if points},
        title="What pretraining is worth, by how many labelled faces there are",
        xlabel="faces of FER2013 learned from",
        ylabel="accuracy on PublicTest",
    )
    figure.savefig(PLOT, dpi=150)
    print(PLOT)


def parts() -> tuple[FaceSet, FaceSet]:
    """Return FER2013's fit part without blank pictures, and its validation part."""
    fit, validation = validation_split(load_faces("Training", source="fer2013"))
    return without_blanks(fit), validation


def key(row: dict[str, Any]) -> tuple[str, int, int]:
    """Return what tells a row from others."""
    return row["way"], row["faces"], row["seed"]


def keep(kept: dict[str, Any]) -> None:
    """Write what was measured so far."""
    kept["machine"] = f"{multiprocessing.cpu_count()} cores, {platform.machine()}"
    kept["precision"] = quickest_policy()
    write_atomically(RESULT, (json.dumps(kept, indent=1) + "\n").encode())


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("part", choices=("rates", "train", "PublicTest", "plot"))
    parser.add_argument("--names", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--backbone-weights", metavar="FILE", help="a .keras file, or a backbone")
    options = parser.parse_args()
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    try:
        if options.part == "rates":
            try_rates(kept, options.names, options.backbone_weights)
        elif options.part == "train":
            train_all(kept, options.names, options.backbone_weights)
        elif options.part == "PublicTest":
            report(kept)
        else:
            draw(kept)
    except CourseError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
