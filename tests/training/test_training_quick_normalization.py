"""The quick normalization gives what Keras's own gives, gradients too."""

import keras
import numpy as np
import pytest

from fercourse.training.precision import precision
from fercourse.training.quick_normalization import QuickNormalization, quick_copy

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="another backend has Keras's own alone"
)


def network(seed=0):
    """Return a small network with a residual, a dense normalization and dropout."""
    keras.utils.set_random_seed(seed)
    faces = keras.Input((12, 12, 1))
    first = keras.layers.Conv2D(4, 3, padding="same", use_bias=False)(faces)
    bent = keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.8)(first))
    added = keras.layers.Add()([first, bent])
    numbers = keras.layers.Dense(5)(keras.layers.Flatten()(added))
    numbers = keras.layers.BatchNormalization()(numbers)
    return keras.Model(faces, keras.layers.Dense(3, dtype="float32")(numbers))


def noise(n=32):
    chances = np.random.default_rng(0)
    faces = chances.normal(3, 2, (n, 12, 12, 1)).astype("float32")
    return faces, np.eye(3, dtype="float32")[chances.integers(0, 3, n)]


def kinds(model):
    return [type(layer) for layer in model.layers if "normalization" in layer.name]


def learned(model, steps=4):
    faces, targets = noise()
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.05), loss)
    for _ in range(steps):
        model.train_on_batch(faces, targets)
    return model


def test_only_normalizations_of_pictures_are_exchanged():
    model = network()
    copy = quick_copy(model)
    assert kinds(model) == [keras.layers.BatchNormalization] * 2
    assert kinds(copy) == [QuickNormalization, keras.layers.BatchNormalization]
    assert [weight.path for weight in copy.weights] == [weight.path for weight in model.weights]
    for ours, theirs in zip(copy.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_copy_learns_what_the_model_itself_would_learn():
    model = network()
    copy = learned(quick_copy(model))
    learned(model)
    n = 32 * 12 * 12
    for ours, theirs, weight in zip(
        copy.get_weights(), model.get_weights(), model.weights, strict=True
    ):
        wide = "moving_variance" in weight.path  # n / (n - 1) times the batch's own
        np.testing.assert_allclose(ours, theirs, atol=2e-4, rtol=2 / n if wide else 1e-3)


def test_what_was_learned_is_brought_home():
    model = network()
    copy = learned(quick_copy(model))
    model.set_weights(copy.get_weights())
    faces, _ = noise()
    np.testing.assert_allclose(
        model.predict(faces, verbose=0), copy.predict(faces, verbose=0), atol=1e-5
    )


def test_half_precision_goes_in_and_comes_out():
    with precision("mixed_bfloat16"):
        copy = quick_copy(network())
    learned(copy)
    layer = next(layer for layer in copy.layers if isinstance(layer, QuickNormalization))
    inputs = np.ones((2, 12, 12, 4), "float32")
    assert layer(inputs, training=True).dtype == "bfloat16"
    assert all(weight.dtype == "float32" for weight in copy.weights)


def test_a_frozen_normalization_stays_as_it_is():
    model = network()
    frozen = next(layer for layer in model.layers if "normalization" in layer.name)
    frozen.trainable = False
    before = frozen.get_weights()
    copy = learned(quick_copy(model))
    after = next(layer for layer in copy.layers if isinstance(layer, QuickNormalization))
    for then, now in zip(before, after.get_weights(), strict=True):
        np.testing.assert_array_equal(then, now)


def test_a_model_without_normalizations_is_taken_as_it_is():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    assert quick_copy(model) is model
