"""``course.py train`` through its front door: from drawn faces to a file that can be measured."""

import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import pytest

from fercourse import cli
from fercourse.classifiers import load_classifier
from fercourse.classifiers.catalog import weights_file
from fercourse.classifiers.network import read_network
from fercourse.commands import train as command
from fercourse.commands._training import place_for_weights
from fercourse.dataset import load_faces, validation_split
from fercourse.errors import CourseError
from fercourse.training import loop, making
from fercourse.training.recipe import Recipe
from fercourse.training.recipes import RECIPES
from fercourse.workspace import alone_at

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["--data", "drawn", "--limit", "300", "--epochs", "1"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder for all tests here, so that faces are drawn once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def trained(data):
    """The folder into which weights are written, empty."""
    shutil.rmtree(data / "trained", ignore_errors=True)
    return data / "trained"


@pytest.fixture
def train(trained, data, monkeypatch, capsys):
    """Run `course.py train`, its files in a folder of its own; gives code, output and errors."""
    monkeypatch.setenv("FERCOURSE_DATA", str(data))

    def run(*arguments):
        code = cli.main(["train", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def taught(monkeypatch):
    """A recipe with two teachers, each of them quick."""
    monkeypatch.setitem(RECIPES, "teacher", Recipe("teacher", "baseline", epochs=1))
    recipe = Recipe(
        "taught", "baseline", epochs=1, teacher="teacher", teachers=2, teacher_share=0.5
    )
    monkeypatch.setitem(RECIPES, "taught", recipe)
    return recipe


def test_a_network_is_trained_and_its_file_says_how(train, trained, data):
    code, out, _ = train("baseline", *QUICK)
    assert code == 0
    assert "171,799 parameters" in out
    assert "1 epoch on drawn faces" in out
    assert re.search(r"epoch 1 of 1, loss \d\.\d+", out)
    path = trained / "baseline.safetensors"
    assert str(path) in out
    network = read_network(path)
    notes = network.weights.notes
    assert notes["fitted_on"] == "fit"
    assert notes["chosen_on"] == "validation"
    assert notes["faces"] == "drawn"
    assert notes["training_command"] == (
        "python3 course.py train baseline --data drawn --epochs 1 --limit 300"
    )
    assert 0 < float(notes["training_seconds"]) < 600
    assert json.loads(notes["recipe"])["architecture"] == "baseline"
    assert str(data) not in json.dumps(notes)
    _, validation = validation_split(load_faces("Training", source="drawn", limit=300))
    accuracy = making.accuracy_of(load_classifier(path), validation)
    assert f"{100 * accuracy:.1f} %" in out


def test_all_of_training_leaves_nothing_to_judge_by(train, trained):
    code, out, _ = train("baseline", *QUICK, "--all", "--classes", "6")
    assert code == 0
    assert "validation" not in out
    network = read_network(trained / "baseline.safetensors")
    assert network.weights.notes["fitted_on"] == "Training"
    assert len(network.classes) == 6


def test_weights_are_not_written_over_by_accident(train, tmp_path):
    out = tmp_path / "mine.safetensors"
    out.write_bytes(b"took hours")
    code, _, error = train("baseline", *QUICK, "--out", str(out))
    assert code == 2
    assert "is there already" in error
    assert out.read_bytes() == b"took hours"
    assert train("baseline", *QUICK, "--out", str(out), "--anew")[0] == 0
    assert out.stat().st_size > 1000


def test_what_was_learned_is_there_until_it_is_written(train, trained, monkeypatch):
    monkeypatch.setattr(loop, "_SAVE_AFTER", 0.0)

    def full(path, weights):
        raise CourseError(f"{path} could not be written: No space left on device.")

    with monkeypatch.context() as now:
        now.setattr(making, "write_weights", full)
        code, _, error = train("baseline", *QUICK)
    assert code == 2
    assert "No space left" in error
    checkpoint = trained / "baseline.checkpoint"
    assert checkpoint.exists()
    code, out, _ = train("baseline", *QUICK, "--resume")
    assert code == 0
    assert "epoch 1 of 1" not in out  # there was nothing left to learn
    assert not checkpoint.exists()


def test_a_place_that_cannot_be_written_is_said_before_anything_is_learned(train, tmp_path):
    folder, file = tmp_path / "x.safetensors", tmp_path / "file"
    folder.mkdir()
    file.write_text("mine")
    code, out, error = train("baseline", *QUICK, "--out", str(folder), "--anew")
    assert (code, out) == (2, "")
    assert "is a folder. Name a file in it with --out" in error
    code, out, error = train("baseline", *QUICK, "--out", str(file / "x.safetensors"))
    assert (code, out) == (2, "")
    assert f"{file} is a file" in error
    (tmp_path / "y.checkpoint").mkdir()
    code, out, error = train("baseline", *QUICK, "--out", str(tmp_path / "y.safetensors"))
    assert (code, out) == (2, "")
    assert "y.checkpoint is a folder" in error


def test_an_interrupted_training_is_neither_lost_nor_forgotten(train, trained, monkeypatch):
    monkeypatch.setattr(loop, "_SAVE_AFTER", 0.0)
    whole = loop.write_checkpoint

    def stopped(*arguments):
        whole(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(loop, "write_checkpoint", stopped)
    code, _, error = train("baseline", *QUICK)
    assert code == 130
    assert "train baseline --data drawn --epochs 1 --limit 300 --resume" in error
    checkpoint = trained / "baseline.checkpoint"
    assert checkpoint.exists()
    monkeypatch.setattr(loop, "write_checkpoint", whole)
    code, _, error = train("baseline", *QUICK)
    assert code == 2
    assert "--resume" in error
    for again in ("--resume", "--anew"):
        with alone_at(trained / "baseline.safetensors"):
            code, _, error = train("baseline", *QUICK, again)
        assert code == 2
        assert "Another command is at work on" in error
        assert checkpoint.exists()
    assert train("baseline", *QUICK, "--resume")[0] == 0
    assert not checkpoint.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to one process")
def test_ctrl_c_at_the_terminal_says_how_to_go_on(tmp_path, data):
    command = [sys.executable, "-m", "fercourse.cli", "train", "baseline", "--data", "drawn"]
    process = subprocess.Popen(
        [*command, "--epochs", "500", "--limit", "2500", "--out", str(tmp_path / "w.safetensors")],
        env={**os.environ, "FERCOURSE_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if "so far" in line and (tmp_path / "w.checkpoint").exists():
            process.send_signal(signal.SIGINT)
            break
    _, error = process.communicate(timeout=120)
    assert process.returncode == 130
    assert f"--out {tmp_path / 'w.safetensors'} --resume" in error
    assert "Traceback" not in error


def test_teachers_are_trained_first_and_only_once(train, taught, trained, monkeypatch):
    code, out, _ = train("taught", "--data", "drawn", "--limit", "300")
    assert code == 0
    assert out.index("teacher 1 of 2") < out.index("teacher 2 of 2") < out.index("taught: epoch")
    folder = trained
    teachers = sorted(folder.glob("taught-teacher-*.safetensors"))
    assert [path.stem for path in teachers] == ["taught-teacher-1", "taught-teacher-2"]
    assert read_network(teachers[0]).weights.checksum != read_network(teachers[1]).weights.checksum
    seconds = [
        float(read_network(path).weights.notes["training_seconds"])
        for path in (*teachers, folder / "taught.safetensors")
    ]
    assert seconds[2] > seconds[0] + seconds[1]
    code, out, _ = train("taught", "--data", "drawn", "--limit", "300", "--anew")
    assert code == 0
    assert "teacher 1 of 2: epoch" not in out


def test_teachers_of_teachers_are_trained_once_for_all(train, taught, trained, monkeypatch):
    twice = dataclasses.replace(taught, name="twice", teacher="taught", teachers=2)
    monkeypatch.setitem(RECIPES, "twice", twice)
    began = time.monotonic()
    code, out, _ = train("twice", "--data", "drawn", "--limit", "300")
    passed = time.monotonic() - began
    assert code == 0
    assert "2 by the recipe teacher, 2 by the recipe taught." in out
    ended = re.findall(r"^(\w+ \d of \d|twice): epoch 1 of 1", out, re.MULTILINE)
    assert ended == [
        "teacher 1 of 2", "teacher 2 of 2", "taught 1 of 2", "taught 2 of 2", "twice"
    ]  # fmt: skip
    notes = {
        path.stem: read_network(path).weights.notes for path in trained.glob("twice*.safetensors")
    }
    own = {name: float(n["training_seconds_without_teachers"]) for name, n in notes.items()}
    assert len(own) == 5
    assert float(notes["twice"]["training_seconds"]) == pytest.approx(sum(own.values()), abs=0.5)
    assert sum(own.values()) < passed
    again, out, _ = train("twice", "--data", "drawn", "--limit", "300", "--anew")
    assert again == 0
    assert re.findall(r"^(.+): epoch 1 of 1", out, re.MULTILINE) == ["twice"]


def test_a_teacher_s_place_is_not_written_over_by_accident(train, taught, trained):
    few = ["taught", "--data", "drawn", "--limit", "100"]
    trained.mkdir()
    mine, old = trained / "taught-teacher-1.safetensors", trained / "taught-teacher-2.checkpoint"
    mine.write_bytes(b"took hours")
    code, out, error = train(*few)
    assert (code, out) == (2, "")
    assert f"{mine}, where a teacher is to be kept, is there already" in error
    assert "--anew" in error
    assert mine.read_bytes() == b"took hours"
    old.write_bytes(b"of another training")
    code, _, error = train(*few)
    assert code == 2
    assert f"interrupted here ({old}). Go on with --resume, or give it up with --anew" in error
    assert train(*few, "--anew")[0] == 0
    assert not old.exists()
    assert len(mine.read_bytes()) > 1000


def test_an_interrupted_training_with_teachers_goes_on_in_its_own_precision(
    taught, tmp_path, monkeypatch
):
    faces = load_faces("Training", source="drawn", limit=100)
    order = making.Order(taught, faces, tmp_path / "taught.safetensors")

    def stop(name, progress):
        if name == "taught":
            raise KeyboardInterrupt

    monkeypatch.setattr(loop, "quickest_policy", lambda: "mixed_bfloat16")
    with pytest.raises(KeyboardInterrupt):
        making.make(order, stop)
    monkeypatch.setattr(loop, "quickest_policy", lambda: "float32")
    made = making.make(dataclasses.replace(order, resume=True))
    assert made.trained.policy == "mixed_bfloat16"


def test_there_must_be_something_to_go_on_with(train, taught, tmp_path):
    out = tmp_path / "w.safetensors"
    code, said, error = train("baseline", *QUICK, "--out", str(out), "--resume")
    assert (code, said) == (2, "")
    assert "There is nothing to go on with" in error
    out.write_bytes(b"done")
    code, _, error = train("baseline", *QUICK, "--out", str(out), "--resume")
    assert code == 2
    assert "is finished, so there is nothing to go on with" in error
    resumed = Namespace(out=out, resume=True, anew=False)
    out.with_name("w-teacher-2.checkpoint").write_bytes(b"")  # begun anew, stopped in a teacher
    assert place_for_weights(resumed, "taught", taught) == out
    out.unlink()
    out.with_name("w-teacher-2.checkpoint").rename(out.with_name("w-teacher-2.safetensors"))
    assert place_for_weights(resumed, "taught", taught) == out


@pytest.mark.parametrize("kept", [False, True])
def test_whoever_stops_it_is_told_what_is_kept(train, taught, trained, monkeypatch, kept):
    def stopped(order, *_, **__):
        if kept:
            trained.mkdir()
            making.lineage(order)[1].checkpoint.write_bytes(b"")
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "make", stopped)
    code, _, error = train("taught", "--data", "drawn", "--limit", "100")
    assert code == 130
    assert ("Go on: python3 course.py train taught" in error) is kept
    assert ("before anything was kept" in error) is not kept


def test_the_command_to_go_on_names_the_beginning_where_it_lies():
    words = ["train", "lean", "--from", "somewhere/lean", "--freeze", "--data", "my faces"]
    args = cli.parse([*words, "--out", "w.safetensors"])
    assert command._command_to_resume(args) == (
        "python3 course.py train lean --data 'my faces' --from somewhere/lean --freeze "
        "--out w.safetensors --resume"
    )
    assert command._command(args) == "python3 course.py train lean --from lean --freeze"


def test_a_network_to_begin_with_is_named_as_elsewhere(train, tmp_path, monkeypatch):
    for name in ("lean", "data/models/lean", "data/models/lean/weights.safetensors"):
        place = name if name == "lean" else ROOT / name
        assert weights_file(str(place)) == ROOT / "data/models/lean/weights.safetensors"
    asked = []

    def stopped(order, *_, **__):
        asked.append(order.begin)
        raise CourseError("enough.")

    monkeypatch.setattr(making, "make", stopped)
    train("lean", *QUICK, "--from", "lean")
    assert asked == [ROOT / "data/models/lean/weights.safetensors"]


def test_targets_are_the_labels_smoothed_and_the_teachers_answers(taught):
    faces = load_faces("Training", source="drawn", limit=70)

    class Sure:
        classes = faces.classes

        def predict_proba(self, images):
            answer = making.smoothed(faces.labels * 0 + 3, 7, 0.0)
            assert images.flags.c_contiguous
            return answer

    targets = making.targets_of(taught, faces, [Sure()])
    assert targets.sum(axis=1) == pytest.approx(1)
    assert targets[faces.labels != 3, 3] == pytest.approx(0.5 + 0.5 * 0.1 / 7)


def test_blank_pictures_are_left_out(train):
    faces = load_faces("Training", source="drawn", limit=70)
    images = faces.images.copy()
    images[[3, 5]] = 99
    blanked = type(faces)(**{**faces.__dict__, "images": images})
    assert len(making.without_blanks(blanked)) == 68
    assert len(making.without_blanks(faces.take(faces.labels == 9))) == 0


@pytest.mark.parametrize("verb", [["evaluate", "lean"], ["train", "lean"], ["tune"]])
def test_no_verb_takes_an_empty_path_for_the_folder_it_stands_in(verb):
    with pytest.raises(CourseError, match="--data is empty"):
        cli.parse([*verb, "--data", " "])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "The recipes are: "),
        (["leen"], "Did you mean lean?"),
        (["lean", "--epochs", "0"], "--epochs must be at least 1"),
        (["lean", "--seed", "-1"], "--seed must be 0 or more"),
        (["lean", "--limit", "0"], "--limit must be at least 1"),
        (["lean", "--out", "weights.h5"], "named otherwise"),
        (["lean", "--data", "nowhere.zip"], "nothing is there"),
        (["lean", "--data", ""], "--data is empty"),
        (["drawn", "--data", "nowhere.zip"], "learns from drawn faces only"),
    ],
)
def test_a_wrong_request_is_said(train, arguments, said):
    code, out, error = train(*arguments)
    assert (code, out) == (2, "")
    assert said in error
