"""Networks that answer quickly, and just as Keras would."""

import os
import subprocess
import sys
import threading

import keras
import numpy as np
import pytest
from check_contract import check_contract, noise
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import random_tensors, random_weights

from fercourse.classifiers.architectures import architecture_names, build
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
    Standardization,
)
from fercourse.classifiers.inference import KerasEngine, engine_of, softmax
from fercourse.classifiers.network import NetworkClassifier, read_network
from fercourse.classifiers.schemes import Regrouped, in_scheme
from fercourse.classifiers.weights import fill, write_weights
from fercourse.emotions import SEVEN, class_scheme
from fercourse.errors import CourseError

SMALL = [name for name in architecture_names() if name not in ("vgg4", "source2022")]
LARGE = ["vgg4", "source2022"]


@pytest.fixture(scope="module")
def network():
    return NetworkClassifier.from_weights(random_weights())


def filled(model, tensors):
    for weight in model.weights:
        weight.assign(tensors[weight.path])
    return model


def keras_says(model, faces):
    return softmax(np.asarray(model.predict(faces[..., None], verbose=0)))


@pytest.mark.parametrize("classes", [6, 7])
@pytest.mark.parametrize(
    "name", [*SMALL, *(pytest.param(name, marks=pytest.mark.slow) for name in LARGE)]
)
def test_answers_are_those_of_keras(name, classes):
    weights = random_weights(name, classes)
    network = NetworkClassifier.from_weights(weights)
    model = build(name, classes)
    fill(model, weights)
    faces = noise(9)
    apart = network.predict_proba(faces) - keras_says(model, faces)
    assert np.abs(apart).max() < 1e-3


@pytest.mark.parametrize("name", SMALL)
def test_a_network_keeps_the_contract(name):
    check_contract(NetworkClassifier.from_weights(random_weights(name)))


def test_float16_on_disk_changes_no_answer_by_more_than_a_hundredth(tmp_path):
    file = tmp_path / "mine.safetensors"
    write_weights(file, random_weights())
    network = read_network(file)
    assert network.name == "mine"
    whole = NetworkClassifier.from_weights(random_weights())
    faces = noise(9)
    assert np.abs(network.predict_proba(faces) - whole.predict_proba(faces)).max() < 1e-2
    check_contract(network)


PLANS = {
    "normalization after pooling and after ReLU": (
        Rescaling(1 / 255),
        Convolution(3),
        Pooling(),
        Normalization(),
        Activation(),
        Normalization(),
        Flatten(),
        Dense(7),
    ),
    "valid and strided convolutions, odd sizes": (
        Convolution(3, 5, padding="valid"),
        Convolution(4, 3, stride=2),
        Pooling("average", 3),
        Convolution(2, 4, stride=3),
        Flatten(),
        Dense(7, bias=False),
    ),
    "depthwise": (
        Depthwise(3, 2),
        Convolution(6, 1),
        Depthwise(5, bias=False),
        Normalization(),
        Activation("silu"),
        GlobalPooling("average"),
        Dense(7),
    ),
    "residuals within residuals": (
        Rescaling(1 / 127.5, -1),
        Convolution(4, bias=False),
        Residual(
            (
                Convolution(4),
                Normalization(),
                Residual((Convolution(4), Activation("gelu")), (Convolution(4, 1),)),
            )
        ),
        Normalization(),
        GlobalPooling(),
        Dense(7),
        Rescaling(0.1),
    ),
    "dense layers with all between": (
        Pooling("average", 8),
        Flatten(),
        Dense(9),
        Normalization(),
        Activation("gelu"),
        Dropout(0.5),
        Dense(7),
    ),
    "largest and average": (Convolution(5, 4, 2), Activation(), GlobalPooling("both"), Dense(7)),
    "standardized, before and after a convolution": (
        Rescaling(1 / 64, -2),
        Standardization(),
        Convolution(3),
        Standardization(0.1),
        GlobalPooling("average"),
        Dense(7),
    ),
    "one dense layer": (Flatten(), Dense(7)),
}


@pytest.mark.parametrize("name", PLANS)
def test_every_kind_of_layer_is_translated_as_keras_means_it(name):
    plan, faces = PLANS[name], noise(4)
    tensors = random_tensors(plan)
    scores, embedding = engine_of(plan, tensors).run(faces)
    expected = filled(keras_model(plan, "plan"), tensors).predict(faces[..., None], verbose=0)
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(scores / scale, expected / scale, atol=1e-4)
    assert embedding.shape[0] == 4
    assert embedding.ndim == 2


LAYERS = st.sampled_from(
    [
        (Convolution(3), Normalization(), Activation()),
        (Convolution(2, 5, 2, bias=False), Activation("silu")),
        (Residual((Convolution(2, 1),), (Convolution(2, 3),)),),
        (Pooling(),),
        (Pooling("average"), Normalization()),
        (Depthwise(), Normalization()),
        (Rescaling(0.3, 0.1),),
        (Standardization(),),
    ]
)


@given(
    st.lists(LAYERS, max_size=4),
    st.sampled_from([GlobalPooling(), GlobalPooling("both"), Flatten()]),
)
@settings(max_examples=12)
def test_any_order_of_layers_is_translated(groups, end):
    plan = (Rescaling(1 / 255), *(layer for group in groups for layer in group), end, Dense(7))
    tensors, faces = random_tensors(plan), noise(2)
    expected = keras_says(filled(keras_model(plan, "plan"), tensors), faces)
    np.testing.assert_allclose(softmax(engine_of(plan, tensors).run(faces)[0]), expected, atol=1e-3)


def test_a_standardized_face_looks_the_same_in_any_light():
    plan = (Rescaling(1 / 64, -2), Standardization(1e-6), Flatten(), Dense(7))
    engine = engine_of(plan, random_tensors(plan))
    face = np.random.default_rng(5).integers(100, 140, (1, 48, 48)).astype(np.uint8)
    brighter, stronger = face + 60, (face - 100) * 5
    for lit in (brighter, stronger):
        np.testing.assert_allclose(engine.run(lit)[0], engine.run(face)[0], atol=1e-3)


def test_the_embedding_is_what_the_last_layer_sees(network):
    faces = noise(3)
    tensors = network.weights.tensors
    scores = network.embed(faces) @ tensors["dense_2/kernel"] + tensors["dense_2/bias"]
    np.testing.assert_allclose(scores, network.predict_scores(faces), atol=1e-4)
    assert network.embed(faces[:0]).shape == (0, 64)


def test_many_faces_are_answered_as_few_are(network):
    faces = noise(75)
    together = network.predict_proba(faces)
    np.testing.assert_allclose(network.predict_proba(faces[70:]), together[70:], atol=1e-5)


def test_threads_may_ask_at_once(network):
    faces = [noise(1 + seed, seed) for seed in range(6)]
    expected = [network.predict_proba(batch) for batch in faces]
    wrong = []

    def ask(place):
        for _ in range(20):
            if not np.allclose(network.predict_proba(faces[place]), expected[place], atol=1e-6):
                wrong.append(place)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_network_goes_back_to_keras(network):
    faces = noise(3)
    np.testing.assert_allclose(
        keras_says(network.keras_model(), faces), network.predict_proba(faces), atol=1e-4
    )


def test_a_model_in_training_becomes_a_classifier():
    model = build("baseline")
    network = NetworkClassifier.from_keras_model(model, "baseline", SEVEN)
    np.testing.assert_allclose(
        network.predict_proba(noise(3)), keras_says(model, noise(3)), atol=1e-4
    )


def test_a_shipped_network_is_ready_without_keras_or_tensorflow(tmp_path):
    file = tmp_path / "mine.safetensors"
    write_weights(file, random_weights())
    code = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        "from fercourse.classifiers.network import read_network\n"
        "read_network(Path(sys.argv[1])).predict_proba(np.zeros((2, 48, 48), 'uint8'))\n"
        "assert not {'keras', 'tensorflow', 'sklearn', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, file], check=True)


def test_no_network_reports_to_anybody(tmp_path):
    """ONNX Runtime begins a session of telemetry when it is imported, unless it is told before."""
    file, scratch = tmp_path / "mine.safetensors", tmp_path / "scratch"
    scratch.mkdir()
    write_weights(file, random_weights())
    code = (
        "import os, sys, numpy as np\n"
        "from pathlib import Path\n"
        "from fercourse.classifiers.network import read_network\n"
        "read_network(Path(sys.argv[1])).predict_proba(np.zeros((2, 48, 48), 'uint8'))\n"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'"
    )
    environment = {**os.environ, "TMPDIR": str(scratch), "HOME": str(scratch)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", code, file], check=True, env=environment)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("softmax_at_end", [True, False])
def test_keras_itself_can_do_the_work(softmax_at_end):
    activation = "softmax" if softmax_at_end else None
    model = keras.Sequential(
        [
            keras.Input((48, 48, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(5, activation="tanh"),
            keras.layers.Dense(7, activation=activation),
        ]
    )
    network = NetworkClassifier("tanh", SEVEN, KerasEngine(model, softmax_at_end))
    check_contract(network)
    said = np.asarray(model.predict(noise(4)[..., None], verbose=0))
    expected = said if softmax_at_end else softmax(said)
    np.testing.assert_allclose(network.predict_proba(noise(4)), expected, atol=1e-5)
    assert network.embed(noise(4)).shape == (4, 5)
    if keras.backend.backend() == "tensorflow":  # no number of faces costs a preparation
        assert network.engine._call.experimental_get_tracing_count() == 1
    with pytest.raises(ValueError, match="open it with Keras"):
        network.keras_model()


# Seven classes asked about six.


class Fixed:
    """Gives each face the same seven probabilities."""

    classes = SEVEN

    def __init__(self, *probabilities):
        self.probabilities = np.array(probabilities, np.float32)

    def predict_proba(self, images):
        return np.tile(self.probabilities, (len(images), 1))


def test_disgust_counted_as_angry_adds_the_two():
    six = Regrouped(Fixed(0.1, 0.2, 0.3, 0.1, 0.1, 0.1, 0.1), class_scheme(6, "merge"))
    np.testing.assert_allclose(
        six.predict_proba(noise(2)), [[0.3, 0.3, 0.1, 0.1, 0.1, 0.1]] * 2, atol=1e-6
    )


def test_disgust_left_out_is_shared_among_the_others_by_their_own_shares():
    six = Regrouped(Fixed(0.1, 0.5, 0.2, 0.05, 0.05, 0.05, 0.05), class_scheme(6, "drop"))
    np.testing.assert_allclose(
        six.predict_proba(noise(1)), [[0.2, 0.4, 0.1, 0.1, 0.1, 0.1]], atol=1e-6
    )


def test_who_was_certain_of_disgust_knows_nothing_of_the_others():
    six = Regrouped(Fixed(0, 1, 0, 0, 0, 0, 0), class_scheme(6, "drop"))
    np.testing.assert_allclose(six.predict_proba(noise(1)), np.full((1, 6), 1 / 6), atol=1e-6)


@pytest.mark.parametrize("disgust", ["drop", "merge"])
def test_six_of_seven_keep_the_contract(network, disgust):
    check_contract(in_scheme(network, class_scheme(6, disgust), "mine"))


def test_classes_that_fit_leave_the_classifier_as_it_is(network):
    assert in_scheme(network, None, "mine") is network
    assert in_scheme(network, class_scheme(7), "mine") is network


def test_six_classes_cannot_be_made_seven():
    network = NetworkClassifier.from_weights(random_weights("baseline", 6))
    assert in_scheme(network, class_scheme(6, "merge"), "mine") is network
    with pytest.raises(CourseError, match=r"mine knows only the classes Angry, Fear.*seven"):
        in_scheme(network, class_scheme(7), "mine")
