"""The networks by name: their layers, their parameters, and what they give."""

import os
import subprocess
import sys
from math import prod

import keras
import numpy as np
import pytest
from check_contract import noise
from hypothesis import given, settings
from hypothesis import strategies as st

from fercourse.classifiers.architectures import architecture_names, build, plan_of
from fercourse.classifiers.architectures.building import keras_model
from fercourse.classifiers.architectures.plan import (
    Activation,
    Convolution,
    Dense,
    Depthwise,
    Dropout,
    Flatten,
    GlobalPooling,
    Normalization,
    Pooling,
    Rescaling,
    Residual,
)
from fercourse.classifiers.architectures.shapes import cost, ends_in, fingerprint, weight_shapes
from fercourse.classifiers.architectures.staged import Staged
from fercourse.errors import CourseError

QUICK = [name for name in architecture_names() if name not in ("vgg4", "source2022")]


def learned(model):
    return sum(prod(weight.shape) for weight in model.trainable_weights)


def test_the_names_are_those_of_the_course():
    assert set(architecture_names()) == {
        "source2022", "vgg4", "baseline", "lean", "reference", "live", "small",
    }  # fmt: skip


@pytest.mark.parametrize(("classes", "parameters"), [(7, 2_137_991), (6, 2_137_862)])
def test_the_network_of_the_source_has_exactly_its_parameters(classes, parameters):
    model = build("source2022", classes)
    assert model.count_params() == parameters
    assert learned(model) == parameters - 3_584


def test_the_network_of_the_source_has_the_layers_that_lesson_4_counts():
    model = build("source2022")
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    assert [layer.filters for layer in convolutions] == [256, 256, 128, 128, 64, 64]
    assert [layer.padding for layer in convolutions] == ["valid"] + ["same"] * 5
    dense = [layer.units for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    assert dense == [512, 256, 128, 7]
    pooled = [
        layer.output.shape[1:3]
        for layer in model.layers
        if isinstance(layer, keras.layers.MaxPooling2D)
    ]
    assert pooled == [(23, 23), (11, 11), (5, 5)]


def test_vgg4_has_four_stages_of_two_blocks_and_three_dense_layers():
    kinds = [type(layer).__name__ for layer in plan_of("vgg4")]
    block = ["Convolution", "Normalization", "Activation"]
    assert kinds[1:29] == (block * 2 + ["Pooling"]) * 4
    assert kinds.count("Dense") == 3
    filters = [layer.filters for layer in plan_of("vgg4") if isinstance(layer, Convolution)]
    assert filters == [64, 64, 128, 128, 256, 256, 512, 512]


def test_baseline_is_what_the_assignment_allows():
    assert cost(plan_of("baseline")).parameters <= 250_000


@pytest.mark.parametrize("classes", [6, 7])
@pytest.mark.parametrize("name", architecture_names())
def test_each_plan_counts_what_keras_counts(name, classes):
    plan = plan_of(name, classes)
    assert ends_in(plan) == classes
    if name in QUICK or classes == 7:
        model = build(name, classes)
        counted = cost(plan)
        assert (counted.parameters, counted.trainable) == (model.count_params(), learned(model))
        shapes = {weight.path: tuple(weight.shape) for weight in model.weights}
        assert shapes == weight_shapes(plan)


@pytest.mark.parametrize("name", QUICK)
def test_scores_come_out_of_gray_levels_as_whole_or_float_numbers(name):
    model = build(name, 6)
    faces = noise(3)[..., None]
    scores = model.predict(faces, verbose=0)
    assert scores.dtype == np.float32
    assert scores.shape == (3, 6)
    np.testing.assert_allclose(
        model.predict(faces.astype(np.float32), verbose=0), scores, atol=1e-5
    )


@pytest.mark.parametrize("name", ["lean", "reference"])
def test_half_precision_inside_leaves_float32_scores(name):
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_bfloat16")
        model = build(name)
        assert {layer.compute_dtype for layer in model.layers} == {"float32", "bfloat16"}
        assert model.layers[-1].compute_dtype == "float32"
        scores = model.predict(noise(2)[..., None], verbose=0)
    finally:
        keras.config.set_dtype_policy(before)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


def test_an_unknown_name_lists_the_known_and_guesses():
    with pytest.raises(CourseError, match=r"Did you mean lean\?.*source2022, vgg4"):
        build("laen")
    with pytest.raises(ValueError, match="7 or 6"):
        build("lean", 5)


def test_a_fingerprint_tells_plans_apart_that_answer_differently():
    plan = (Rescaling(2), Residual((Convolution(1), Normalization())), Flatten(), Dense(7))
    trained_otherwise = (
        Rescaling(2),
        Residual((Convolution(1), Normalization(momentum=0.5), Dropout(0.1))),
        Flatten(),
        Dropout(0.3),
        Dense(7),
    )
    assert fingerprint(trained_otherwise) == fingerprint(plan)
    others = [
        (Rescaling(3), *plan[1:]),
        (*plan[:1], Residual((Convolution(1), Normalization(0.1))), *plan[2:]),
        (*plan[:2], Activation(), *plan[2:]),
        plan_of("lean"),
        plan_of("lean", 6),
    ]
    assert len({fingerprint(other) for other in (plan, *others)}) == 6


def test_multiply_adds_are_counted_as_by_hand():
    plan = (Convolution(2, 3), Pooling(), Depthwise(3, stride=2), Flatten(), Dense(7))
    assert cost(plan).multiply_adds == 48 * 48 * 9 * 2 + 12 * 12 * 9 * 2 + 12 * 12 * 2 * 7


@pytest.mark.parametrize(
    "plan",
    [
        (Dense(7),),
        (Flatten(), Convolution(3)),
        (Residual((Convolution(3),)), Flatten(), Dense(7)),
    ],
)
def test_layers_that_do_not_fit_are_refused(plan):
    with pytest.raises(ValueError, match=r"cannot"):
        cost(plan)


def test_a_plan_ends_in_one_row_of_numbers():
    with pytest.raises(ValueError, match="one row"):
        ends_in((Convolution(7),))


@given(
    widths=st.lists(st.integers(1, 6), min_size=1, max_size=3),
    stem=st.integers(0, 4),
    pool_after=st.sampled_from(["convolution", "block", "last convolution", "stage"]),
    residual=st.booleans(),
    standardize=st.booleans(),
    pooling=st.sampled_from(["max", "average", "both", None]),
    hidden=st.lists(st.integers(1, 5), max_size=2),
    activation=st.sampled_from(["relu", "silu", "gelu"]),
)
@settings(max_examples=15)
def test_every_member_of_the_family_can_be_built(
    widths, stem, pool_after, residual, standardize, pooling, hidden, activation
):
    plan = Staged(
        widths=tuple(widths),
        depths=(3,) * len(widths),
        stem=stem,
        pool_after=pool_after,
        residual=residual and pool_after != "last convolution",
        standardize=standardize,
        pooling=pooling,
        hidden=tuple(hidden),
        activation=activation,
        dropout=0.1,
        score_scale=0.5,
    ).plan(7)
    model = keras_model(plan, "member")
    assert model.output.shape == (None, 7)
    assert model.count_params() == cost(plan).parameters


def test_smaller_faces_can_be_learned_first():
    model = build("live", any_size=True)
    same = build("live")
    same.set_weights(model.get_weights())
    faces = noise(2)[..., None]
    assert model.predict(faces[:, 8:40, 8:40], verbose=0).shape == (2, 7)
    np.testing.assert_allclose(
        model.predict(faces, verbose=0), same.predict(faces, verbose=0), atol=1e-5
    )
    assert [w.path for w in model.weights] == [w.path for w in same.weights]
    with pytest.raises(ValueError, match="48 by 48 only"):
        build("baseline", any_size=True)


@pytest.mark.parametrize(
    "numbers",
    [
        {"widths": (), "depths": ()},
        {"widths": (3,), "depths": (1, 2)},
        {"widths": (3,), "depths": (0,)},
        {"widths": (3,), "depths": (2,), "residual": True},
        {"widths": (3,), "depths": (3,), "residual": True, "pool_after": "last convolution"},
    ],
)
def test_numbers_that_make_no_network_are_refused(numbers):
    with pytest.raises(ValueError, match=r"stage|residual"):
        Staged(**numbers)


def test_asking_for_names_and_costs_does_not_wait_for_keras():
    code = (
        "import sys; from fercourse.classifiers import architectures as a; "
        "from fercourse.classifiers.architectures.shapes import cost; "
        "a.architecture_names(); cost(a.plan_of('lean')); "
        "assert not {'keras', 'tensorflow', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_backends_of_keras_build_and_run_them(backend):
    """The networks need nothing of TensorFlow; run where another backend is installed."""
    pytest.importorskip(backend)
    code = (
        "import numpy as np; from fercourse.classifiers.architectures import build\n"
        "faces = np.zeros((2, 48, 48, 1), 'uint8')\n"
        "for name in ('lean', 'reference', 'live', 'baseline', 'source2022'):\n"
        "    scores = build(name).predict(faces, verbose=0)\n"
        "    assert scores.shape == (2, 7) and str(scores.dtype) == 'float32', name\n"
    )
    environment = os.environ | {"KERAS_BACKEND": backend}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_all_layers_have_a_keras_layer():
    plan = (
        Rescaling(0.5, 1),
        Depthwise(3, bias=False),
        Convolution(4, stride=2, padding="valid"),
        Residual((Convolution(4), Normalization()), (Convolution(4, 1),)),
        Pooling("average"),
        Activation("silu"),
        GlobalPooling("average"),
        Dense(7, bias=False),
    )
    assert keras_model(plan, "all").count_params() == cost(plan).parameters
