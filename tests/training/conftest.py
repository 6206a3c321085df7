"""A few drawn faces to learn from, and a recipe that takes seconds."""

import numpy as np
import pytest

from fercourse.training.augmentation import Augmentation
from fercourse.training.recipe import Recipe


@pytest.fixture
def quick_recipe():
    """A recipe that learns a few faces of the course's smallest network within seconds."""
    return Recipe(
        "quick",
        "baseline",
        epochs=2,
        batch_size=16,
        learning_rate=0.02,
        augmentation=Augmentation(shift=2, rotation=5, mixup=0.2),
    )


@pytest.fixture
def quick_faces():
    """Forty-five pictures of seven kinds that even a short training tells apart, and targets."""
    labels = np.arange(45) % 7
    chances = np.random.default_rng(0)
    images = chances.integers(0, 40, (45, 48, 48)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[6 * label : 6 * label + 6] = 220
    return images, np.eye(7, dtype=np.float32)[labels]
