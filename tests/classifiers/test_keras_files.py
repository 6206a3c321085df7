"""What students save is read; what could run is not."""

import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from check_contract import check_contract, noise
from keras import layers

from fercourse.classifiers.inference import KerasEngine, OnnxEngine, softmax
from fercourse.classifiers.keras_files import read_keras_file
from fercourse.classifiers.weights import LARGEST_FILE
from fercourse.emotions import SEVEN, class_scheme
from fercourse.errors import CourseError

SUBMITTED = Path(__file__).parents[2] / "solutions/neural_network/my_network.keras"


def small(*inside, classes=7, end="softmax"):
    return keras.Sequential(
        [
            keras.Input((48, 48, 1)),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.MaxPooling2D(4),
            *inside,
            layers.Flatten(),
            layers.Dense(classes, activation=end),
        ]
    )


def saved(model, folder, name="network.keras"):
    path = folder / name
    model.save(path)
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return saved(small(layers.Conv2D(3, 3)), tmp_path_factory.mktemp("good"))


@pytest.fixture
def members(good):
    """Return what is in a good file, to be changed and packed again."""
    with zipfile.ZipFile(good) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def packed(tmp_path):
    def pack(members, compression=zipfile.ZIP_STORED):
        path = tmp_path / "attack.keras"
        with zipfile.ZipFile(path, "w", compression) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return path

    return pack


def with_config(members, change):
    config = json.loads(members["config.json"])
    change(config)
    return members | {"config.json": json.dumps(config).encode()}


def test_a_network_of_lesson_4_is_read_and_made_quick(tmp_path):
    augment = [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.08, 0.08)]
    convolution = [layers.Conv2D(4, 3, padding="same", use_bias=False), layers.BatchNormalization()]
    model = small(*augment, *convolution, layers.ReLU(), layers.Dropout(0.3))
    network = read_keras_file(saved(model, tmp_path))
    assert network.classes == SEVEN
    assert network.name == "network"
    assert isinstance(network.engine, OnnxEngine)
    assert network.cost.parameters == model.count_params()
    expected = np.asarray(model.predict(noise(4)[..., None], verbose=0))
    np.testing.assert_allclose(network.predict_proba(noise(4)), expected, atol=1e-4)
    check_contract(network)


@pytest.mark.skipif(not SUBMITTED.exists(), reason="the student edition has no solutions")
def test_the_network_of_the_solution_is_read():
    network = read_keras_file(SUBMITTED)
    assert isinstance(network.engine, OnnxEngine)
    check_contract(network)


def branched():
    faces = keras.Input((48, 48, 1))
    numbers = layers.Rescaling(1 / 255)(faces)
    left, right = layers.Conv2D(3, 3)(numbers), layers.Conv2D(3, 3)(numbers)
    numbers = layers.GlobalMaxPooling2D()(layers.Add()([left, right]))
    return keras.Model(faces, layers.Dense(7)(numbers))


def nested():
    augment = keras.Sequential([layers.RandomFlip(), layers.RandomRotation(0.1)])
    body = keras.Sequential([layers.Conv2D(3, 3, activation="relu"), layers.BatchNormalization()])
    return small(augment, body)


def functional():
    faces = keras.Input((48, 48, 1))
    numbers = layers.Conv2D(3, 3, strides=2)(layers.Rescaling(1 / 255)(faces))
    numbers = layers.Softmax()(layers.Dense(6)(layers.Flatten()(numbers)))
    return keras.Model(faces, numbers)


def without_channel():
    return keras.Sequential(
        [keras.Input((48, 48)), layers.Flatten(), layers.Rescaling(1 / 255), layers.Dense(7)]
    )


ONES = {
    "branched": (branched, KerasEngine),
    "nested": (nested, OnnxEngine),
    "functional, six classes, softmax as a layer": (functional, OnnxEngine),
    "without a channel": (without_channel, KerasEngine),
    "another activation": (lambda: small(layers.Conv2D(2, 3, activation="elu")), KerasEngine),
    "dilated": (lambda: small(layers.Conv2D(2, 3, dilation_rate=2)), KerasEngine),
    "swish": (lambda: small(layers.Conv2D(2, 3, activation="swish")), OnnxEngine),
    "separable": (lambda: small(layers.SeparableConv2D(4, 3)), KerasEngine),
    "scores": (lambda: small(end=None), OnnxEngine),
    "softmax in the middle": (lambda: small(layers.Activation("softmax")), KerasEngine),
    "regularized": (
        lambda: small(layers.Conv2D(2, 3, kernel_regularizer="l2", kernel_constraint="unit_norm")),
        OnnxEngine,
    ),
}


@pytest.mark.parametrize("name", ONES)
def test_other_networks_of_built_in_layers_are_read(name, tmp_path):
    make, engine = ONES[name]
    model = make()
    network = read_keras_file(saved(model, tmp_path))
    assert type(network.engine) is engine
    assert network.classes == class_scheme(model.outputs[0].shape[1]).classes
    faces = noise(3) if len(model.inputs[0].shape) == 3 else noise(3)[..., None]
    said = np.asarray(model.predict(faces, verbose=0))
    expected = said if np.allclose(said.sum(axis=1), 1, atol=1e-3) else softmax(said)
    np.testing.assert_allclose(network.predict_proba(noise(3)), expected, atol=1e-3)
    check_contract(network)


def test_a_seed_may_be_any_number(tmp_path):
    check_contract(read_keras_file(saved(small(layers.Dropout(0.5, seed=2**31)), tmp_path)))


def test_a_compiled_network_is_read_without_what_trained_it(tmp_path):
    model = small()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(noise(4)[..., None], np.zeros(4), verbose=0)
    check_contract(read_keras_file(saved(model, tmp_path)))


def test_a_network_saved_in_half_precision_is_read(tmp_path):
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_bfloat16")
        path = saved(small(layers.Conv2D(3, 3)), tmp_path)
    finally:
        keras.config.set_dtype_policy(before)
    network = read_keras_file(path)
    assert isinstance(network.engine, OnnxEngine)
    check_contract(network)


# Networks that are no classifiers of faces.


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: small(end="sigmoid"), r"ends in Dense \(sigmoid\)"),
        (lambda: small(end="relu"), "neither scores nor probabilities"),
        (lambda: small(classes=10), "gives .*10"),
        (
            lambda: keras.Sequential([keras.Input((64, 64, 1)), layers.Flatten(), layers.Dense(7)]),
            "takes .*64",
        ),
        (
            lambda: keras.Sequential([keras.Input((48, 48, 3)), layers.Flatten(), layers.Dense(7)]),
            r"takes .*48, 48, 3",
        ),
        (
            lambda: keras.Sequential([keras.Input((48, 48, 1)), layers.Conv2D(7, 3)]),
            "gives .*46",
        ),
    ],
)
def test_other_networks_are_refused(make, said, tmp_path):
    with pytest.raises(CourseError, match=said):
        read_keras_file(saved(make(), tmp_path))


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    model = small()
    model.layers[-1].bias.assign(np.full(7, np.nan))
    with pytest.raises(CourseError, match="NaN"):
        read_keras_file(saved(model, tmp_path))


# What is printed meanwhile, and how long it takes.

_READ = """
import sys
from pathlib import Path
from fercourse.classifiers.keras_files import read_keras_file
from fercourse.errors import CourseError
try:
    read_keras_file(Path(sys.argv[1]))
except CourseError as error:
    print(error)
print("keras" in sys.modules)
"""


def read_alone(path):
    """Read a file in a process of its own, and return its output and its errors."""
    variables = {n: v for n, v in os.environ.items() if n != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)],
        check=True,
        capture_output=True,
        text=True,
        env=variables | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.stdout, done.stderr


def test_tensorflow_s_log_is_not_what_a_reader_sees(good, tmp_path):
    assert read_alone(good) == ("True\n", "")
    out, said = read_alone(saved(small(end="sigmoid"), tmp_path))
    assert "ends in Dense (sigmoid)" in out
    assert said == ""


def test_what_the_configuration_tells_is_not_waited_for(tmp_path):
    """Keras takes seconds to come."""
    large = keras.Sequential([keras.Input((64, 64, 1)), layers.Flatten(), layers.Dense(7)])
    out, _ = read_alone(saved(large, tmp_path))
    assert "takes [(None, 64, 64, 1)]" in out
    assert out.endswith("False\n")
    out, _ = read_alone(saved(small(layers.Lambda(lambda x: x * 2)), tmp_path, "other.keras"))
    assert "keras.layers.Lambda" in out
    assert out.endswith("False\n")


# Files that could run code, fill the memory or write elsewhere.


def test_a_lambda_layer_is_refused(tmp_path):
    path = saved(small(layers.Lambda(lambda x: x * 2)), tmp_path)
    with pytest.raises(CourseError, match=r"keras\.layers\.Lambda.*can hold code"):
        read_keras_file(path)


@keras.saving.register_keras_serializable(package="stranger")
class OwnLayer(layers.Layer):
    def call(self, inputs):
        return inputs


def test_a_layer_of_someone_s_own_is_refused_even_if_it_is_registered(tmp_path):
    with pytest.raises(CourseError, match=r"not Keras's own|not a layer"):
        read_keras_file(saved(small(OwnLayer()), tmp_path))


@pytest.mark.parametrize("field", ["inside", "layer", "seed"])
@pytest.mark.parametrize(
    "stranger",
    [
        {"module": "os", "class_name": "system", "config": "touch /tmp/owned"},
        {"module": "builtins", "class_name": "eval", "config": "1"},
        {"module": "builtins", "class_name": "function", "config": "exec"},
        {"module": "subprocess", "class_name": "Popen", "config": {"args": ["id"]}},
        {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/tmp/x"}},
        {"module": "keras.layers", "class_name": "Lambda", "config": {}},
        {"module": "keras.layers", "class_name": "Dense.__init__", "config": {}},
        {"module": "keras.src.utils.torch_utils", "class_name": "TorchModuleWrapper", "config": {}},
        {"module": "keras.initializers", "class_name": "deserialize", "config": {}},
        {"module": "keras.src.saving.saving_lib", "class_name": "load_model", "config": {}},
        {"module": "keras.utils", "class_name": "get_file", "config": {"origin": "http://x"}},
        {"class_name": "__lambda__", "config": {"value": "gASVAAAA"}},
        {"module": None, "class_name": "__numpy__", "config": {"value": [1], "dtype": "object"}},
        {"module": ["os"], "class_name": "system", "config": {}},
        {"module": "keras.layers", "class_name": {"a": 1}, "config": {}},
        {
            "module": "keras.layers",
            "class_name": "Dense",
            "config": {},
            "registered_name": "stranger>Dense",
        },
    ],
)
def test_strange_objects_in_the_configuration_are_refused(members, packed, stranger, field):
    def change(config):
        parts = config["config"]["layers"]
        if field == "layer":
            parts.insert(1, stranger)
        elif field == "seed":  # which may be any number, and nothing else
            parts[1]["config"]["seed"] = stranger
        else:
            parts[1]["config"]["scale"] = {"deep": [[stranger]]}

    with pytest.raises(CourseError, match=r"not opened: .*can hold code"):
        read_keras_file(packed(with_config(members, change)))
    assert not Path("/tmp/owned").exists()


@pytest.mark.parametrize("kind", ["Model", "Lambda", None, 3, "Sequential2"])
def test_the_whole_must_be_a_usual_model(members, packed, kind):
    with pytest.raises(CourseError, match="neither a Sequential nor a Functional"):
        read_keras_file(packed(with_config(members, lambda config: config.update(class_name=kind))))


@pytest.mark.parametrize("number", [10**9, 1e300, -(10**9)])
def test_a_layer_that_would_fill_the_memory_is_refused(members, packed, number):
    def change(config):
        config["config"]["layers"][-1]["config"]["units"] = number

    with pytest.raises(CourseError, match="layer with the number"):
        read_keras_file(packed(with_config(members, change)))


def test_thousands_of_layers_are_refused(members, packed):
    def change(config):
        config["config"]["layers"] += config["config"]["layers"][1:2] * 4000

    with pytest.raises(CourseError, match=r"parts|MiB"):
        read_keras_file(packed(with_config(members, change)))


@pytest.mark.parametrize(
    "name",
    ["../../owned.txt", "/tmp/owned.txt", "assets/x.txt", "..\\owned.txt", "model.weights.npz"],
)
def test_further_members_are_refused_and_never_unpacked(members, packed, name, tmp_path):
    with pytest.raises(CourseError, match="nothing else"):
        read_keras_file(packed(members | {name: b"owned"}))
    assert not list(tmp_path.rglob("owned.txt"))


def test_two_configurations_are_refused(members, tmp_path):
    path = tmp_path / "twice.keras"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("config.json", b"{}")
    with pytest.raises(CourseError, match="once each"):
        read_keras_file(path)


def test_a_bomb_is_not_unpacked(members, packed):
    bomb = b"\0" * (LARGEST_FILE + 1)
    path = packed(members | {"model.weights.h5": bomb}, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 2**20
    with pytest.raises(CourseError, match="would take 256 MiB"):
        read_keras_file(path)
    path = packed(members | {"config.json": b" " * 2**24}, zipfile.ZIP_DEFLATED)
    with pytest.raises(CourseError, match=r"config\.json would take 16 MiB"):
        read_keras_file(path)


@pytest.mark.parametrize("missing", ["config.json", "model.weights.h5", "metadata.json"])
def test_a_missing_member(members, packed, missing):
    del members[missing]
    with pytest.raises(CourseError, match="once each"):
        read_keras_file(packed(members))


@pytest.mark.parametrize("kept", [0, 100, 0.5, 0.99])
def test_a_truncated_file(good, tmp_path, kept):
    content = good.read_bytes()
    path = tmp_path / "cut.keras"
    path.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
    with pytest.raises(CourseError, match="damaged, truncated"):
        read_keras_file(path)


@pytest.mark.parametrize(
    "content",
    [b"[", b"[" * 200_000, b"\xff\xfe", b"[]", b"null", b'{"class_name": "Sequential"}', b""],
)
def test_a_configuration_that_is_none(members, packed, content):
    with pytest.raises(CourseError, match=r"damaged|neither|cannot be built"):
        read_keras_file(packed(members | {"config.json": content}))


@pytest.mark.parametrize("content", [b"", b"not HDF5", b"\x89HDF\r\n\x1a\n" + b"\0" * 100])
def test_weights_that_are_none(members, packed, content):
    with pytest.raises(CourseError, match="cannot be built"):
        read_keras_file(packed(members | {"model.weights.h5": content}))


@pytest.mark.parametrize("kind", ["link", "external storage", "too large"])
def test_weights_that_lie_elsewhere(members, packed, tmp_path, kind):
    """HDF5 may point at other files, or claim more numbers than it holds."""
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["numbers"] = np.ones(7, np.float32)
    weights = tmp_path / "weights.h5"
    weights.write_bytes(members["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        names: list[str] = []
        file.visit(names.append)
        place = next(name for name in names if "dense" in name and name.endswith("vars/1"))
        del file[place]
        if kind == "link":
            file[place] = h5py.ExternalLink(str(secret), "numbers")
        elif kind == "external storage":
            file.create_dataset(place, (7,), "float32", external=[(str(secret), 0, 28)])
        else:
            file.create_dataset(place, (2**40,), "float32", chunks=(1024,))
    changed = members | {"model.weights.h5": weights.read_bytes()}
    with pytest.raises(CourseError, match="cannot be built"):
        read_keras_file(packed(changed))


def test_weights_of_another_network(members, packed, tmp_path):
    with zipfile.ZipFile(saved(small(layers.Conv2D(4, 3)), tmp_path)) as archive:
        other = archive.read("model.weights.h5")
    with pytest.raises(CourseError, match="cannot be built"):
        read_keras_file(packed(members | {"model.weights.h5": other}))


def test_a_pickle_under_another_name(tmp_path):
    path = tmp_path / "network.keras"
    path.write_bytes(pickle.dumps({"weights": [1, 2]}))
    with pytest.raises(CourseError, match=r"no \.keras file"):
        read_keras_file(path)


def test_an_encrypted_member(members, packed):
    path = packed(members)
    content = bytearray(path.read_bytes())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(sign)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(sign, start + 4)
    path.write_bytes(content)
    with pytest.raises(CourseError):
        read_keras_file(path)


def test_what_is_read_again_is_what_was_looked_at(good):
    """Keras is given a copy: a file that changes meanwhile changes nothing."""
    from fercourse.classifiers import keras_files

    with zipfile.ZipFile(io.BytesIO(keras_files._vetted(good))) as archive:
        assert set(archive.namelist()) == {"config.json", "metadata.json", "model.weights.h5"}
        assert "compile_config" not in json.loads(archive.read("config.json"))
