"""Models by name and by file."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from check_contract import check_contract, noise
from small_networks import random_weights

from fercourse import classifiers
from fercourse.classifiers import catalog, load_classifier, model_names
from fercourse.classifiers.contract import require_images
from fercourse.classifiers.weights import write_weights
from fercourse.emotions import SEVEN, class_scheme
from fercourse.errors import CourseError


class Common:
    """A classical classifier: it answers how common each class was."""

    def set_params(self, classes):
        self.classes = classes
        return self

    def fit(self, images, labels):
        require_images(images)
        self.shares = np.bincount(labels, minlength=len(self.classes)) / len(labels)
        return self

    def predict_proba(self, images):
        return np.tile(self.shares.astype(np.float32), (len(require_images(images)), 1))


@pytest.fixture
def models(tmp_path, monkeypatch):
    """Return a folder of shipped models with one in it, ``tiny``, and a classical ``common``."""
    folder = tmp_path / "models"
    checksum = write_weights(folder / "tiny" / catalog.WEIGHTS, random_weights())
    (folder / "tiny" / catalog.CARD).write_text(json.dumps({"checksum": checksum}))
    (folder / "README.md").write_text("not a model")
    (folder / "unfinished").mkdir()
    monkeypatch.setattr(catalog, "models_folder", lambda: folder)
    monkeypatch.setattr(catalog, "CLASSICAL", {"common": Common})
    return folder


@pytest.fixture
def few_faces(monkeypatch):
    """Let a classical classifier be fitted on 300 drawn faces."""
    from fercourse import dataset
    from fercourse.dataset.faceset import FaceSet

    def load_faces(split, classes=7, *, disgust="drop"):
        assert split == "Training"
        scheme = class_scheme(classes, disgust)
        images, labels = noise(300), np.arange(300, dtype=np.uint8) % classes
        if scheme.name == "six-merge":
            labels[:] = 0
        usage = np.zeros(300, np.uint8)
        return FaceSet(images, labels, usage, "noise", "drawn", np.arange(300), scheme)

    monkeypatch.setattr(dataset, "load_faces", load_faces)


def test_the_names_are_the_shipped_and_then_the_classical(models):
    assert model_names() == ("tiny", "common")


def test_a_shipped_model_is_loaded_by_its_name(models):
    network = load_classifier("tiny")
    assert network.name == "tiny"
    assert network.classes == SEVEN
    check_contract(network)


def test_a_shipped_model_answers_in_six_classes(models):
    for disgust in ("drop", "merge"):
        assert len(load_classifier("tiny", class_scheme(6, disgust)).classes) == 6


def test_a_classical_model_is_fitted_then_and_there(models, few_faces):
    classifier = load_classifier("common")
    check_contract(classifier)
    np.testing.assert_allclose(classifier.predict_proba(noise(1))[0], 1 / 7, atol=0.01)
    merged = load_classifier("common", class_scheme(6, "merge"))
    np.testing.assert_allclose(merged.predict_proba(noise(1))[0], [1, 0, 0, 0, 0, 0])
    dropped = load_classifier("common", class_scheme(6))
    np.testing.assert_allclose(dropped.predict_proba(noise(1))[0], 1 / 6, atol=0.01)


@pytest.mark.parametrize("scheme", [None, class_scheme(6)])
def test_a_classical_name_of_the_course_is_fitted(few_faces, scheme):
    classifier = load_classifier("knn-pixels", scheme)
    check_contract(classifier)
    assert len(classifier.classes) == (6 if scheme else 7)


def test_a_file_and_a_folder_are_loaded_by_their_path(models, tmp_path):
    file = tmp_path / "my network.safetensors"
    shutil.copy(models / "tiny" / catalog.WEIGHTS, file)
    for model in (file, str(file), models / "tiny", str(models / "tiny")):
        np.testing.assert_array_equal(
            load_classifier(model).predict_proba(noise(2)),
            load_classifier("tiny").predict_proba(noise(2)),
        )
    assert load_classifier(file).name == "my network"


def test_a_file_beside_is_found_by_its_name_alone(models, tmp_path, monkeypatch):
    shutil.copy(models / "tiny" / catalog.WEIGHTS, tmp_path / "mine.safetensors")
    monkeypatch.chdir(tmp_path)
    assert load_classifier("mine.safetensors").name == "mine"


def test_a_network_of_six_classes_does_not_answer_in_seven(models, tmp_path):
    file = tmp_path / "six.safetensors"
    write_weights(file, random_weights("baseline", 6))
    with pytest.raises(CourseError, match=r"six\.safetensors knows only the classes Angry, Fear"):
        load_classifier(file, class_scheme(7))


# What is not there, or not what it should be.


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tinny", r"no model named 'tinny'\. Did you mean tiny\? The models are: tiny, common"),
        ("TINY", "Did you mean tiny"),
        ("zebra", r"no model named 'zebra'\. The models are"),
        ("", "no model named ''"),
        ("vgg", r"no model named 'vgg'\. The models are"),
        ("baselin", r"no model named 'baselin'\. The models are"),
    ],
)
def test_an_unknown_name_lists_the_known(models, name, said):
    with pytest.raises(CourseError, match=said):
        load_classifier(name)


@pytest.mark.parametrize("name", ["lean", "vgg4"])
def test_an_architecture_without_weights_says_how_to_train_it(models, name):
    with pytest.raises(CourseError, match=rf"course.py train {name} --out .*tiny, common"):
        load_classifier(name)


@pytest.mark.parametrize("ending", [".h5", ".pkl", ".joblib", ".pt", ".pth", ".PKL"])
def test_a_file_that_can_run_code_is_not_opened(models, tmp_path, ending):
    file = tmp_path / f"network{ending}"
    file.write_bytes(b"\x80\x04cos\nsystem\n(S'touch owned'\ntR.")
    with pytest.raises(CourseError, match="can run code"):
        load_classifier(file)


@pytest.mark.parametrize("name", ["network.onnx", "network", "network.txt"])
def test_another_kind_of_file_names_what_is_read(models, tmp_path, name):
    file = tmp_path / name
    file.write_bytes(b"something")
    with pytest.raises(CourseError, match=r"no form of model.*\.keras.*tiny"):
        load_classifier(file)


@pytest.mark.parametrize("ending", [".safetensors", ".keras"])
def test_a_file_that_is_not_there(models, tmp_path, ending):
    with pytest.raises(CourseError, match="There is no file"):
        load_classifier(tmp_path / f"absent{ending}")


@pytest.mark.parametrize("card", [None, "", "{}", "[]", '{"checksum": 3', "\udcff"])
def test_a_card_that_is_missing_or_damaged(models, card):
    path = models / "tiny" / catalog.CARD
    path.unlink()
    if card is not None:
        path.write_bytes(card.encode(errors="surrogateescape"))
    with pytest.raises(CourseError, match=r"card\.json is missing or damaged"):
        load_classifier("tiny")


def test_weights_that_are_not_those_of_the_card(models):
    write_weights(models / "tiny" / catalog.WEIGHTS, random_weights(seed=1))
    with pytest.raises(CourseError, match="The weights of tiny are not those"):
        load_classifier("tiny")


def test_what_the_course_ships_can_be_loaded():
    for name in catalog.shipped_names():
        check_contract(load_classifier(name))


def test_the_room_s_names_are_imported_when_they_are_used():
    assert set(classifiers.__all__) <= set(dir(classifiers))
    for name in classifiers.__all__:
        getattr(classifiers, name)
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        _ = classifiers.absent
    code = (
        "import sys; import fercourse.classifiers.catalog as c; c.shipped_names(); "
        "assert not {'keras', 'numpy.random', 'sklearn', 'onnxruntime'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
