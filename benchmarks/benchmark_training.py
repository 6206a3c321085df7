"""What an epoch costs, and what each part of the lean recipe is worth.

    python benchmarks/benchmark_training.py epochs
    python benchmarks/benchmark_training.py tricks

``epochs`` takes each architecture through a part of the faces of the fit part of Training as real
FER2013 has them, in float32 and in the precision that is quicker here, and says what a whole
epoch takes, all in one run so that the figures can be compared; then the lean one without what
makes it quick. ``tricks`` trains the lean recipe,
and then once more with each of its parts taken away or put otherwise, and reports accuracy on the
validation part and seconds. Each row is kept as soon as it is there, in
benchmarks/results/training_fer2013.json; rows that are there are not measured again unless they
are named with ``--rows``. On two quiet cores a row of ``tricks`` takes as long as
``course.py train lean``.
"""

import argparse
import json
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from fercourse.classifiers.architectures.named import LEAN, PLANS
from fercourse.classifiers.architectures.shapes import cost
from fercourse.classifiers.architectures.staged import Staged
from fercourse.classifiers.quiet import quietly
from fercourse.dataset import FaceSet, load_faces, validation_split
from fercourse.training.augmentation import Augmentation
from fercourse.training.recipe import Recipe
from fercourse.training.recipes import recipe_of
from fercourse.workspace import write_atomically

RESULT = Path(__file__).parent / "results" / "training_fer2013.json"

FACES_TIMED = {"source2022": 1024, "vgg4": 1024}
"""How many faces an epoch's time is worked out from, where it is not 4,096."""


@dataclass(frozen=True)
class Variant:
    """The lean recipe with one part put otherwise.

    Attributes:
        recipe: the recipe.
        network: the network's layers.
        policy: the precision; None takes the quicker one.
    """

    recipe: Recipe
    network: Staged
    policy: Any = None


def variants() -> dict[str, Variant]:
    """Return the lean recipe, and what is compared with it, by a name that says the change."""
    lean = Variant(recipe_of("lean"), LEAN)
    settings = lean.recipe.augmentation

    def recipe(**changes: Any) -> Variant:
        return replace(lean, recipe=replace(lean.recipe, **changes))

    def augmentation(**changes: Any) -> Variant:
        return recipe(augmentation=replace(settings, **changes))

    def network(**changes: Any) -> Variant:
        return replace(lean, network=replace(LEAN, **changes))

    smaller = ((32, 0.4), (40, 0.3), (48, 0.3))
    return {
        "lean": lean,
        "another seed": lean,
        "float32": replace(lean, policy="float32"),
        "SGD instead of Muon": recipe(optimizer="sgd", learning_rate=0.1, weight_decay=0.005),
        "AdamW instead of Muon": recipe(optimizer="adamw", learning_rate=0.003),
        "without standardization": network(standardize=not LEAN.standardize),
        "largest of each channel instead of all places": network(pooling="max"),
        "without mirrored faces": augmentation(mirror=False),
        "without turning, moving and resizing": recipe(
            augmentation=Augmentation(mirror=settings.mirror)
        ),
        "without label smoothing": recipe(label_smoothing=0.0),
        "smaller faces first, largest of each channel": replace(
            recipe(sizes=smaller), network=replace(LEAN, pooling="max")
        ),
        "with mixup and cutout": augmentation(mixup=0.2, cutout=16),
        "half the epochs": recipe(epochs=lean.recipe.epochs // 2),
        "half the width": network(widths=tuple(width // 2 for width in LEAN.widths)),
    }


def trick(name: str) -> dict[str, Any]:
    """Train one variant on the fit part and return how it does on the validation part."""
    from fercourse.classifiers.inference import engine_of, softmax
    from fercourse.classifiers.weights import weights_of
    from fercourse.training.loop import train
    from fercourse.training.making import targets_of, without_blanks
    from fercourse.training.precision import quickest_policy

    variant = variants()[name]
    PLANS["lean"] = variant.network.plan
    fit, validation = validation_split(load_faces("Training", source="fer2013"))
    faces = without_blanks(fit)
    trained = train(
        variant.recipe,
        faces.images,
        targets_of(variant.recipe, faces),
        seed=1 if name == "another seed" else 0,
        policy=variant.policy or quickest_policy(),
    )
    engine = engine_of(
        variant.network.plan(7), weights_of(trained.model, "lean", faces.classes).tensors
    )
    one, mirrored = (
        softmax(engine.run(np.ascontiguousarray(images))[0])
        for images in (validation.images, validation.images[:, :, ::-1])
    )
    return {
        "validation": _accuracy(one, validation),
        "validation_mirrored_too": _accuracy(one + mirrored, validation),
        "loss": round(trained.losses[-1], 3),
        "seconds": round(trained.seconds),
        "epochs": variant.recipe.epochs,
        "multiply_adds": cost(variant.network.plan(7)).multiply_adds,
        "policy": trained.policy,
    }


def _by_fit(learner: Any, numbers: Any, wanted: Any, batch: int) -> float:
    history = learner.fit(numbers, wanted, batch_size=batch, shuffle=False, verbose=0).history
    return float(history["loss"][0])


@dataclass(frozen=True)
class Way:
    """A way through an epoch.

    Attributes:
        architecture: its name.
        network: layers in its place; None takes its own.
        instead: what stands in the place of parts of ``training.loop``, by name.
    """

    architecture: str
    network: Staged | None = None
    instead: dict[str, Any] = field(default_factory=dict)


def ways() -> dict[str, Way]:
    """Return the architectures, and the lean one without what makes it quick, by name."""
    names = ("source2022", "vgg4", "baseline", "lean", "reference", "live")
    return {name: Way(name) for name in names} | {
        "lean, Keras's own normalization": Way("lean", instead={"quick_copy": lambda model: model}),
        "lean, max-pools behind the normalizations": Way("lean", replace(LEAN, pool_after="stage")),
        "lean, both of these": Way(
            "lean", replace(LEAN, pool_after="stage"), {"quick_copy": lambda model: model}
        ),
        "lean, fit called for each piece": Way("lean", instead={"_learn": _by_fit}),
    }


def epoch(name: str) -> dict[str, Any]:
    """Return what an epoch takes in one way, seconds in each precision."""
    from fercourse.training.precision import quickest_policy

    way = ways()[name]
    plan = way.network.plan if way.network else PLANS[way.architecture]
    faces = validation_split(load_faces("Training", source="fer2013"))[0]
    part = faces.take(np.arange(FACES_TIMED.get(name, 4096)))
    row: dict[str, Any] = {"multiply_adds": cost(plan(7)).multiply_adds}
    with patch.dict(PLANS, {way.architecture: plan}):
        for policy in sorted({"float32", quickest_policy()}):
            seconds = _seconds_of_an_epoch(way, part, policy) * len(faces) / len(part)
            row[f"seconds_in_{policy}"] = round(seconds, 1)
    return row


def _seconds_of_an_epoch(way: Way, faces: FaceSet, policy: Any) -> float:
    """Return how long the quicker of two epochs takes, after one that compiles."""
    from fercourse.training import loop
    from fercourse.training.making import targets_of

    recipe = replace(recipe_of(way.architecture), epochs=3)
    ends: list[float] = []

    def note(progress: loop.Progress) -> None:
        if progress.epoch_is_over:
            ends.append(time.monotonic())

    with patch.multiple(loop, **way.instead) if way.instead else nullcontext():
        loop.train(recipe, faces.images, targets_of(recipe, faces), policy=policy, report=note)
    return min(ends[1] - ends[0], ends[2] - ends[1])


def _accuracy(answers: Any, faces: FaceSet) -> float:
    return round(float((answers.argmax(axis=1) == faces.labels).mean()), 4)


def measure(part: str, names: list[str], one: Callable[[str], dict[str, Any]]) -> None:
    """Measure rows and keep each at once."""
    for name in names:
        print(f"{name} … ", end="", flush=True)
        row = one(name)
        kept = _kept()
        kept.setdefault(part, {})[name] = row
        write_atomically(RESULT, (json.dumps(kept, indent=1, sort_keys=True) + "\n").encode())
        print(json.dumps(row), flush=True)


def _kept() -> dict[str, Any]:
    return json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description="See the head of this file.")
    parser.add_argument("part", choices=("epochs", "tricks"))
    parser.add_argument("--rows", nargs="+", help="measure these anew (default: what is missing)")
    args = parser.parse_args()
    names, one = {
        "epochs": (list(ways()), epoch),
        "tricks": (list(variants()), trick),
    }[args.part]
    with quietly():
        import keras  # noqa: F401
    missing = [name for name in names if name not in _kept().get(args.part, {})]
    measure(args.part, args.rows or missing, one)


if __name__ == "__main__":
    main()
