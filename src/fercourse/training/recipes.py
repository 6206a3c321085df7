"""The course's recipes by name."""

from pathlib import Path

from fercourse.errors import CourseError, did_you_mean
from fercourse.training.augmentation import Augmentation
from fercourse.training.recipe import Recipe

_GENTLE = Augmentation(rotation=10, scale=0.12, stretch=0.05, shift=4)
_STRONG = Augmentation(rotation=15, scale=0.15, stretch=0.08, shift=4, lighting=0.1, cutout=12)
_PLAIN = Augmentation(mirror=False)

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "source2022",
            "source2022",
            epochs=30,
            batch_size=64,
            optimizer="adamw",
            learning_rate=0.001,
            weight_decay=0.0,
            label_smoothing=0.0,
            augmentation=_PLAIN,
        ),
        Recipe(
            "vgg4",
            "vgg4",
            epochs=60,
            batch_size=64,
            optimizer="sgd",
            learning_rate=0.01,
            weight_decay=0.0001,
            augmentation=_GENTLE,
        ),
        Recipe(
            "baseline",
            "baseline",
            epochs=20,
            batch_size=64,
            optimizer="adamw",
            learning_rate=0.003,
            weight_decay=0.01,
            label_smoothing=0.0,
            augmentation=Augmentation(shift=2),
        ),
        Recipe("lean", "lean", epochs=9, learning_rate=0.04, augmentation=_GENTLE),
        Recipe(
            "reference",
            "reference",
            epochs=45,
            learning_rate=0.02,
            warm_up=0.1,
            weight_decay=0.03,
            label_smoothing=0.0,
            augmentation=_STRONG,
            teacher="lean",
            teachers=4,
            teacher_share=0.6,
        ),
        Recipe(
            "live",
            "live",
            epochs=60,
            learning_rate=0.03,
            weight_decay=0.01,
            label_smoothing=0.0,
            augmentation=_GENTLE,
            teacher="lean",
            teachers=4,
            teacher_share=0.7,
        ),
        Recipe("drawn", "live", epochs=20, augmentation=_GENTLE, faces="drawn"),
    )
}
"""Each recipe by its name."""


def recipe_names() -> tuple[str, ...]:
    """Return the recipes' names."""
    return tuple(RECIPES)


def teacher_file(out: Path, recipe: Recipe, number: int) -> Path:
    """Return where a network's teacher is kept: beside the network, under its recipe's name."""
    return out.with_name(f"{out.stem}-{recipe.name}-{number}.safetensors")


def teacher_files(recipe: Recipe, out: Path) -> list[Path]:
    """Return where a network's teachers are kept, and theirs.

    Args:
        recipe: the network's.
        out: where its own weights are.
    """
    files: list[Path] = []
    while recipe.teacher is not None:
        count, recipe = recipe.teachers, recipe_of(recipe.teacher)
        files += [teacher_file(out, recipe, number) for number in range(1, count + 1)]
    return files


def recipe_of(name: str) -> Recipe:
    """Return a recipe.

    Raises:
        CourseError: there is none of that name; those there are are listed.
    """
    if name in RECIPES:
        return RECIPES[name]
    hint = did_you_mean(name.lower(), RECIPES, 0.5)
    raise CourseError(
        f"There is no recipe named {name!r}.{hint} The recipes are: {', '.join(RECIPES)}."
    )
