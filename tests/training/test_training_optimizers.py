"""The optimizer's steps are what its papers say."""

import keras
import numpy as np
import pytest

from fercourse.training.optimizers import ConvolutionMuon, Triangle, optimizer, orthogonalized


def newton_schulz(matrix):
    """Return Muon's iteration as its author writes it, in float64."""
    turned = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    x = turned / np.linalg.norm(turned)
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.T if matrix.shape[0] > matrix.shape[1] else x


@pytest.mark.parametrize("shape", [(90, 10), (10, 90), (32, 32)])
def test_the_short_way_gives_what_the_long_iteration_gives(shape):
    matrix = np.random.default_rng(0).normal(size=shape)
    found = keras.ops.convert_to_numpy(
        orthogonalized(keras.ops.convert_to_tensor(matrix.astype("float32")))
    )
    np.testing.assert_allclose(found, newton_schulz(matrix), atol=1e-4)


def test_singular_values_come_near_one():
    matrix = np.random.default_rng(1).normal(size=(200, 30)).astype("float32")
    found = keras.ops.convert_to_numpy(orthogonalized(keras.ops.convert_to_tensor(matrix)))
    values = np.linalg.svd(found, compute_uv=False)
    assert 0.6 < values.min() < values.max() < 1.3


def step_of(shape, gradient, **settings):
    variable = keras.Variable(np.zeros(shape, "float32"), name="kernel")
    rule = ConvolutionMuon(0.1, **settings)
    rule.apply([keras.ops.convert_to_tensor(gradient.astype("float32"))], [variable])
    return keras.ops.convert_to_numpy(variable)


def test_a_kernel_of_a_convolution_takes_an_orthogonal_step():
    gradient = np.random.default_rng(2).normal(size=(3, 3, 8, 16))
    step = step_of(gradient.shape, gradient).reshape(-1, 16)
    wanted = -0.1 * 0.2 * 72**0.5 * newton_schulz(gradient.reshape(-1, 16))
    np.testing.assert_allclose(step, wanted, atol=1e-4)


def test_everything_else_takes_the_first_step_of_adam():
    gradient = np.array([3.0, -0.001, 20.0])
    np.testing.assert_allclose(
        step_of((3,), gradient, adam_share=0.5), -0.05 * np.sign(gradient), rtol=1e-2
    )


def test_the_rate_rises_and_falls_in_straight_lines():
    schedule = Triangle(0.4, 99, 0.25)
    rates = [float(schedule(step)) for step in range(99)]
    assert rates[24] == pytest.approx(0.4)
    assert rates[0] == pytest.approx(0.4 / 25)
    assert rates[98] == pytest.approx(0.4 / 75)
    steps = np.diff(rates)
    assert (steps[:24] > 0).all()
    assert (steps[24:] < 0).all()


@pytest.mark.parametrize("rule", ["muon", "sgd", "adamw"])
def test_normalizations_and_biases_are_kept_from_decay(rule):
    made = optimizer(rule, 0.5, weight_decay=0.5, average=0.0)
    kernel = keras.Variable(np.ones((3, 3, 2, 4), "float32"), name="kernel")
    bias = keras.Variable(np.ones(4, "float32"), name="bias")
    made.apply([keras.ops.zeros((3, 3, 2, 4)), keras.ops.zeros(4)], [kernel, bias])
    assert np.array(kernel.numpy()).max() < 0.9
    np.testing.assert_allclose(keras.ops.convert_to_numpy(bias), 1, atol=1e-6)


def test_an_optimizer_is_made_again_from_its_settings():
    made = ConvolutionMuon(0.2, momentum=0.8, adam_share=0.1, weight_decay=0.01)
    again = ConvolutionMuon.from_config(made.get_config())
    assert again.get_config() == made.get_config()
