"""``python course.py evaluate``, as a person types it, with a network from a file."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from small_faces import make_faces, pictures, write_zip
from small_networks import random_weights

from fercourse.classifiers.weights import write_weights

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A file of weights as training leaves it, of a network that has learned nothing."""
    path = tmp_path_factory.mktemp("models") / "mine.safetensors"
    notes = {"faces": "fer2013", "fitted_on": "fit", "chosen_on": "validation"}
    notes |= {"training_seconds": "1.5", "training_command": "python3 course.py train baseline"}
    write_weights(path, replace(random_weights("baseline"), notes=notes))
    return path


@pytest.fixture
def archive(tmp_path):
    return write_zip(tmp_path / "private.zip", pictures(make_faces((0, 0, 40))))


def course(*words, **variables):
    # Started by this environment's own Python, so that the front door has nothing to install.
    return subprocess.run(
        [sys.executable, "-P", "-m", "fercourse.cli", *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **variables},
        check=False,
        timeout=300,
    )


def test_a_network_from_a_file_is_measured_on_a_zip_that_holds_only_private_test(network, archive):
    done = course("evaluate", network, "--data", archive, "--split", "PrivateTest", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert 0 <= found["accuracy"] <= 1
    assert found["data"]["faces"] == 40
    assert found["model"]["name"] == "mine"
    assert found["model"]["architecture"] == "baseline"
    assert found["model"]["parameters"] > 1000
    assert found["model"]["bytes"] == network.stat().st_size
    assert len(found["checksum"]) == 64
    assert found["model"]["training"]["seconds"] == 1.5
    assert "validation part of Training" in found["protocol"]["sentence"]
    assert set(found["speed"]["milliseconds_a_face"]) == {"1", "8", "bulk"}


def test_a_network_of_seven_classes_is_measured_in_six(network, archive):
    words = ("evaluate", network, "--data", archive, "--split", "PrivateTest", "--no-speed")
    found = json.loads(course(*words, "--json", "--disgust", "merge").stdout)
    assert found["data"]["class_scheme"] == "six-merge"
    assert len(found["confusion_matrix"]) == 6


def test_an_altered_file_and_an_unknown_name_are_sentences(network, archive, tmp_path):
    content = bytearray(network.read_bytes())
    content[-1] ^= 1
    altered = tmp_path / "altered.safetensors"
    altered.write_bytes(content)
    for model, word in [(altered, "altered.safetensors"), ("resnet9000", "The models are")]:
        done = course("evaluate", model, "--data", archive, "--split", "PrivateTest")
        assert done.returncode == 2
        assert word in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""


@pytest.mark.slow
def test_drawn_faces_give_a_report_with_a_comparison_of_training_and_test(network, tmp_path):
    folder = tmp_path / "report"
    done = course("evaluate", network, "--data", "drawn", "--json", "--report", folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["data"]["kind"], found["data"]["faces"]) == ("drawn", 750)
    assert found["without_training_duplicates"]["left_out"] > 0
    assert (folder / "report.html").is_file()
