"""``course.py pretrain``, and ``train --from``: what one learned, the other begins with."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from fercourse import cli
from fercourse.classifiers.network import read_network
from fercourse.commands import pretrain as command
from fercourse.errors import CourseError
from fercourse.training import loop, transfer
from fercourse.training.transfer import write_pretrained
from fercourse.workspace import alone_at

QUICK = ["--data", "drawn", "--limit", "200", "--epochs", "1"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder in which the drawn faces are kept, so that they are drawn once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def course(data, monkeypatch, capsys):
    """Run a command, its files in a folder of its own; gives code, output and errors."""
    monkeypatch.setenv("FERCOURSE_DATA", str(data))
    shutil.rmtree(data / "trained", ignore_errors=True)

    def run(*arguments):
        code = cli.main([*map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def begun(tmp_path):
    """A file of layers to begin with."""
    from fercourse.classifiers.architectures import build

    path = tmp_path / "begun.safetensors"
    write_pretrained(path, build("baseline"), "baseline", "action units of 5 drawn faces")
    return path


def kernels(path):
    tensors = read_network(path).weights.tensors
    return {name: value.astype(float) for name, value in tensors.items() if "kernel" in name}


def test_pretraining_writes_layers_and_says_what_they_know(course, data):
    code, out, _ = course("pretrain", "baseline", "--faces", 40, "--epochs", 1)
    assert code == 0
    path = data / "trained" / "baseline-action-units.safetensors"
    assert f"train baseline --from {path}" in out
    assert len(re.findall(r"AU\d+ +-?\d+\.\d\d", out)) == 19
    assert "40 drawn faces" in read_network(path).weights.notes["pretrained_on"]
    code, _, err = course("pretrain", "baseline", "--faces", 40)
    assert code == 2
    assert "there already" in err


def test_an_interrupted_pretraining_goes_on(course, monkeypatch):
    monkeypatch.setattr(loop, "_SAVE_AFTER", 0.0)
    monkeypatch.setattr(loop, "_PIECE", 16)
    real = loop.write_checkpoint

    def stop(*given):
        real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(loop, "write_checkpoint", stop)
    quick = ("pretrain", "baseline", "--faces", 40, "--epochs", 2)
    code, _, err = course(*quick)
    assert code == 130
    assert "Go on: python3 course.py pretrain baseline --faces 40 --epochs 2 --resume" in err
    monkeypatch.setattr(loop, "write_checkpoint", real)
    code, _, err = course(*quick)
    assert code == 2
    assert "--anew" in err
    assert course(*quick, "--resume")[0] == 0


def test_what_was_pretrained_is_there_until_it_is_written(course, data, monkeypatch):
    monkeypatch.setattr(loop, "_SAVE_AFTER", 0.0)

    def full(path, *_):
        raise CourseError(f"{path} could not be written: No space left on device.")

    quick = ("pretrain", "baseline", "--faces", 40, "--epochs", 1)
    with monkeypatch.context() as now:
        now.setattr(transfer, "write_pretrained", full)
        code, _, err = course(*quick)
    assert code == 2
    assert "No space left" in err
    checkpoint = data / "trained" / "baseline-action-units.checkpoint"
    assert checkpoint.exists()
    with alone_at(checkpoint.with_suffix(".safetensors")):
        code, _, err = course(*quick, "--anew")
    assert code == 2
    assert "Another command is at work on" in err
    assert checkpoint.exists()
    assert course(*quick, "--resume")[0] == 0
    assert not checkpoint.exists()


@pytest.mark.parametrize(("share", "said"), [(0.42, "42 % of"), (-1.19, "nothing yet")])
def test_how_much_it_explains_is_said_in_words(capsys, share, said):
    command._conclude({"AU1": share, "AU2": share}, "baseline", Path("w.safetensors"))
    out = capsys.readouterr().out
    assert said in out
    assert "-119" not in out


def test_stopped_before_anything_was_kept_is_said(course, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(transfer, "pretrained", stop)
    code, _, err = course("pretrain", "baseline", "--faces", 5)
    assert code == 130
    assert "before anything was kept" in err


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (("nonet",), "There is no network architecture"),
        (("baseline", "--faces", "0"), "--faces must be at least 1"),
        (("baseline", "--epochs", "0"), "--epochs must be at least 1"),
        (("baseline", "--seed", "-1"), "--seed must be from 0"),
        (("baseline", "--out", "x.keras"), "named otherwise"),
        (("baseline", "--resume"), "nothing to go on with"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(course, wrong, says):
    code, _, err = course("pretrain", *wrong)
    assert code == 2
    assert says in err


def test_a_frozen_training_keeps_what_it_began_with(course, begun, data):
    code, _, _ = course("train", "baseline", *QUICK, "--from", begun, "--freeze")
    assert code == 0
    path = data / "trained" / "baseline.safetensors"
    before, after = kernels(begun), kernels(path)
    *same, last = sorted(before)
    for name in same:
        np.testing.assert_allclose(after[name], before[name], rtol=1e-3, atol=1e-7)
    assert (after[last] != before[last]).any()
    notes = read_network(path).weights.notes
    assert notes["extra_data"] == "action units of 5 drawn faces"
    assert notes["training_command"].startswith(
        "python3 course.py train baseline --data drawn --from begun.safetensors --freeze"
    )


def test_a_beginning_of_another_architecture_is_refused(course, begun):
    code, out, err = course("train", "live", *QUICK, "--from", begun)
    assert (code, out) == (2, "")
    assert "layers of baseline, which do not fit into live" in err


def test_a_beginning_that_knows_the_validation_part_cannot_be_judged_by_it(course, tmp_path):
    known = tmp_path / "known.safetensors"
    assert course("train", "baseline", *QUICK, "--all", "--out", known)[0] == 0
    code, _, err = course("train", "baseline", *QUICK, "--from", known)
    assert code == 2
    assert "validation part already" in err
    assert course("train", "baseline", *QUICK, "--from", known, "--all")[0] == 0


def test_nothing_to_keep_is_no_frozen_training(course):
    code, out, err = course("train", "baseline", *QUICK, "--freeze")
    assert (code, out) == (2, "")
    assert "leave --freeze out" in err
