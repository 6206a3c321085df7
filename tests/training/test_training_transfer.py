"""What a network learned from drawn faces or from ImageNet begins the next training."""

import dataclasses
import socket

import keras
import numpy as np
import pytest

from fercourse.classifiers import load_classifier
from fercourse.classifiers.architectures import build
from fercourse.drawn import NUMBERS
from fercourse.errors import CourseError
from fercourse.training.loop import train
from fercourse.training.transfer import (
    ActionUnitFaces,
    action_unit_faces,
    explained,
    freeze,
    keep_normalization,
    pretrained,
    read_start,
    with_new_scores,
    write_pretrained,
)
from fercourse.training.transfer_backbones import BACKBONES, imagenet_backbone


@pytest.fixture(scope="module")
def drawn():
    return action_unit_faces(60, seed=5)


@pytest.fixture
def bright_bands():
    """Pictures whose three bands are as bright as three intensities."""
    intensities = np.random.default_rng(0).random((64, 3)).astype(np.float32)
    images = np.repeat(np.repeat((intensities * 255)[:, :, None], 16, axis=1), 48, axis=2)
    return ActionUnitFaces(images.astype(np.uint8), intensities, ("AU1", "AU2", "AU4"))


def test_faces_come_with_the_intensity_of_every_action_unit(drawn):
    assert drawn.images.shape == (60, 48, 48)
    assert drawn.images.dtype == np.uint8
    assert drawn.intensities.shape == (60, len(NUMBERS))
    assert drawn.intensities.dtype == np.float32
    assert ((drawn.intensities >= 0) & (drawn.intensities <= 1)).all()
    assert drawn.names == tuple(f"AU{number}" for number in NUMBERS)


def test_a_face_depends_on_the_seed_and_its_number_alone(drawn):
    fewer, other = action_unit_faces(6, seed=5), action_unit_faces(6, seed=6)
    np.testing.assert_array_equal(fewer.images, drawn.images[:6])
    np.testing.assert_array_equal(fewer.intensities, drawn.intensities[:6])
    assert (other.images != fewer.images).any(axis=(1, 2)).all()


def test_every_action_unit_acts_in_some_faces_and_none_in_all(drawn):
    shares = (drawn.intensities > 0).mean(axis=0)
    assert (shares > 0).all()
    assert (shares < 0.7).all()


def test_no_faces_can_be_asked_for():
    assert action_unit_faces(0).images.shape == (0, 48, 48)
    assert action_unit_faces(0).intensities.shape == (0, len(NUMBERS))


@pytest.mark.parametrize("wrong", [{"n": -1}, {"n": 1, "seed": -1}, {"n": 1, "variety": 2}])
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(ValueError, match="must be 0 or more"):
        action_unit_faces(**wrong)


def test_a_network_learns_to_read_intensities_off(bright_bands):
    model = pretrained(
        "baseline", bright_bands.images, bright_bands.intensities, 40, policy="float32"
    )
    shares = explained(model, bright_bands)
    assert list(shares) == ["AU1", "AU2", "AU4"]
    assert np.mean(list(shares.values())) > 0.25
    answers = model.predict(bright_bands.images[..., None], verbose=0)
    assert answers.shape == (64, 3)
    assert ((answers >= 0) & (answers <= 1)).all()


def test_the_mean_explains_nothing_and_the_truth_everything(bright_bands):
    class Saying:
        def __init__(self, answers):
            self.predict = lambda *_, **__: answers

    mean = np.broadcast_to(bright_bands.intensities.mean(axis=0), (64, 3))
    assert all(abs(v) < 1e-5 for v in explained(Saying(mean), bright_bands).values())
    truth = explained(Saying(bright_bands.intensities), bright_bands)
    assert set(truth.values()) == {1.0}


@pytest.mark.parametrize("wrong", [np.full((5, 3), 1.5), np.full((5, 3), np.nan), np.zeros(5)])
def test_intensities_are_from_0_to_1(wrong):
    with pytest.raises(ValueError, match="each 0 to 1"):
        pretrained("baseline", np.zeros((5, 48, 48), np.uint8), wrong, 1)


def test_new_scores_leave_all_other_layers_as_they_were():
    other = build("baseline", 6)
    before = other.get_weights()
    network = with_new_scores(other, "baseline", 7)
    *same, kernel, bias = [w.numpy() for layer in network.layers for w in layer.weights]
    given = [w.numpy() for layer in other.layers for w in layer.weights]
    assert kernel.shape == (64, 7)
    assert bias.shape == (7,)
    for now, then in zip(same, given[:-2], strict=True):
        np.testing.assert_array_equal(now, then)
    for now, then in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_layers_of_another_architecture_are_refused():
    with pytest.raises(ValueError, match="does not fit"):
        with_new_scores(build("live"), "lean")
    with pytest.raises(ValueError, match="is no live"):
        with_new_scores(build("baseline"), "live")


def test_frozen_layers_stay_as_they_are_and_the_last_one_learns(quick_recipe, quick_faces):
    start = freeze(build("baseline"))
    before = [layer.get_weights() for layer in start.layers]
    trained = train(quick_recipe, *quick_faces, start=start, policy="float32")
    *same, scores = [layer.get_weights() for layer in trained.model.layers]
    for now, then in zip(same, before[:-1], strict=True):
        for a, b in zip(now, then, strict=True):
            np.testing.assert_array_equal(a, b)
    assert (scores[0] != before[-1][0]).all()


def test_freezing_goes_up_to_a_layer_and_can_be_taken_back():
    model = freeze(build("baseline"), "convolution_2")
    names = [layer.name for layer in model.layers]
    place = names.index("convolution_2")
    assert not any(layer.trainable for layer in model.layers[: place + 1])
    assert all(layer.trainable for layer in model.layers[place + 1 :])
    freeze(model, names[0])
    assert all(layer.trainable for layer in model.layers[1:])
    with pytest.raises(ValueError, match=r"no layer 'nose'.*convolution_1"):
        freeze(model, "nose")


@pytest.fixture
def normalizing_network(tmp_path):
    """A file with a network whose normalization has a mean and a variance to keep."""
    normalize = keras.layers.BatchNormalization(name="normalization")
    network = keras.Sequential(
        [keras.Input((None, None, 3)), keras.layers.Conv2D(4, 3, name="known"), normalize]
    )
    normalize.set_weights([np.full(4, value) for value in (1.0, 0.0, 20.0, 30.0)])
    path = tmp_path / "normalizing.keras"
    network.save(path)
    return path


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("kind", ["of the course", "inside a backbone"])
def test_normalizations_can_keep_what_they_have_while_all_else_learns(
    normalizing_network, quick_recipe, quick_faces, kept, kind
):
    network = build("baseline") if kind == "of the course" else None
    network = network or imagenet_backbone("mine", weights=normalizing_network)
    if kept:
        assert keep_normalization(network) is network
    before = {weight.path: weight.numpy() for weight in network.weights}
    trained = train(quick_recipe, *quick_faces, network=network, policy="float32").model
    moved = {w.path for w in trained.weights if (w.numpy() != before[w.path]).any()}
    own = {path for path in before if "normalization" in path}
    assert own
    assert moved == set(before) - own if kept else moved >= {p for p in own if "moving" in p}


def test_a_file_of_pretrained_weights_knows_no_expression_but_begins_a_training(
    bright_bands, quick_recipe, quick_faces, tmp_path
):
    model = pretrained("baseline", *bright_bands[:2], 1, policy="float32")
    path = tmp_path / "begun.safetensors"
    write_pretrained(path, model, "baseline", "bright bands")
    np.testing.assert_allclose(
        load_classifier(path).predict_proba(bright_bands.images), 1 / 7, rtol=1e-6
    )
    start = read_start(path, "baseline", 6)
    np.testing.assert_array_equal(
        start.get_layer("convolution_1").get_weights()[0],
        model.get_layer("convolution_1").get_weights()[0],
    )
    images, targets = quick_faces
    trained = train(quick_recipe, images, targets[:, :6], start=start, policy="float32")
    assert trained.model.output_shape == (None, 6)


def test_a_file_of_another_architecture_is_no_beginning(tmp_path):
    path = tmp_path / "begun.safetensors"
    write_pretrained(path, build("baseline"), "baseline", "nothing")
    with pytest.raises(CourseError, match="layers of baseline, which do not fit into live"):
        read_start(path, "live")


@pytest.mark.parametrize("name", BACKBONES)
def test_a_backbone_takes_the_courses_faces(name):
    network = imagenet_backbone(name, 6, size=48, weights=None)
    scores = network.predict(np.zeros((2, 48, 48, 1)), verbose=0)
    assert scores.shape == (2, 6)
    frozen = freeze(network)
    assert {weight.path.split("/")[0] for weight in frozen.trainable_weights} == {"scores"}


@pytest.fixture
def any_network(tmp_path):
    """A file with a network of three channels, and a convolution to know it by."""
    layers = [keras.Input((None, None, 3)), keras.layers.Conv2D(4, 3, name="known")]
    network = keras.Sequential(layers)
    path = tmp_path / "any.keras"
    network.save(path)
    return path, network.get_weights()


def test_a_network_from_a_file_becomes_a_backbone_and_trains(
    any_network, quick_recipe, quick_faces
):
    path, weights = any_network
    network = freeze(imagenet_backbone("mine", weights=path))
    recipe = dataclasses.replace(quick_recipe, epochs=6)
    trained = train(recipe, *quick_faces, network=network, policy="float32")
    assert trained.model is network
    assert trained.losses[-1] < trained.losses[0]
    kernel = next(w for w in network.weights if "known" in w.path and "kernel" in w.path)
    np.testing.assert_array_equal(kernel.numpy(), weights[0])


def test_a_start_and_a_network_of_ones_own_exclude_each_other(quick_recipe, quick_faces):
    model = build("baseline")
    with pytest.raises(ValueError, match="not both"):
        train(quick_recipe, *quick_faces, start=model, network=model)


def test_without_the_internet_a_sentence_says_what_to_do(monkeypatch):
    patience = []

    def fetch(**_):
        patience.append(socket.getdefaulttimeout())
        raise Exception("URL fetch failure on https://somewhere: None -- Name not known")

    monkeypatch.setattr(keras.applications, "MobileNetV2", fetch)
    before = socket.getdefaulttimeout()
    with pytest.raises(CourseError, match=r"cannot be fetched: Name not known\..*no_top|another"):
        imagenet_backbone("MobileNetV2")
    assert 0 < patience[0] < 60
    assert socket.getdefaulttimeout() == before


def test_what_is_no_backbone_is_refused(tmp_path):
    with pytest.raises(CourseError, match=r"Did you mean MobileNetV2.*The backbones are"):
        imagenet_backbone("MobileNet2")
    with pytest.raises(CourseError, match="no file"):
        imagenet_backbone(weights=tmp_path / "none.h5")
    with pytest.raises(ValueError, match="32 or more"):
        imagenet_backbone(size=16)
    for name in ("damaged.h5", "damaged.keras"):
        path = tmp_path / name
        path.write_bytes(b"nothing")
        with pytest.raises(CourseError, match="damaged"):
            imagenet_backbone(weights=path)
