"""``course.py photo`` through its front door: copies, a table, and sentences."""

import csv

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_networks import random_weights

from fercourse import cli
from fercourse.classifiers.weights import write_weights
from fercourse.drawn import scene
from fercourse.live.photographs import copies_of


@pytest.fixture
def photographs(tmp_path):
    """A folder with a photograph of three people, one of nobody, and a file that is none."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    drawn = scene(people=3, width=640, height=480, seed=3, turned=0.0)
    cv2.imwrite(str(folder / "three.jpg"), drawn.frame)
    cv2.imwrite(str(folder / "nobody.png"), np.full((200, 300, 3), 90, np.uint8))
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


@pytest.fixture
def photo(tmp_path, monkeypatch, capsys):
    """Run the command with Haar's cascade and random weights; return code, output, error."""
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FERCOURSE_MODELS", raising=False)
    monkeypatch.chdir(tmp_path)
    write_weights(tmp_path / "w.safetensors", random_weights("live"))

    def run(*words):
        words = ["photo", "--model", "./w.safetensors", *(str(word) for word in words)]
        return (cli.main(words), *capsys.readouterr())

    return run


def rows_of(path):
    return list(csv.DictReader(path.open(encoding="utf-8")))


def test_a_folder_becomes_copies_and_a_table(photo, photographs, tmp_path):
    before = {path.name: path.read_bytes() for path in photographs.iterdir()}
    code, out, error = photo(photographs)
    assert code == 0, error
    folder = tmp_path / "labelled_faces"
    assert {path.name for path in folder.iterdir()} == {
        "three_faces.jpg",
        "nobody_faces.png",
        "faces.csv",
    }
    rows = rows_of(folder / "faces.csv")
    assert {row["name"] for row in rows} == {str(photographs / "three.jpg")}
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    lefts = [float(row["left"]) for row in rows]
    assert lefts == sorted(lefts), "faces are numbered from left to right"
    assert "nobody.png: no faces." in out
    assert "three.jpg: 1: " in out
    assert "broken.jpg is no picture" in error
    assert {path.name: path.read_bytes() for path in photographs.iterdir()} == before


def test_the_copy_shows_more_than_the_photograph(photo, photographs, tmp_path):
    photo(photographs / "three.jpg", "--output", tmp_path / "copies")
    before = cv2.imread(str(photographs / "three.jpg"))
    after = cv2.imread(str(tmp_path / "copies" / "three_faces.jpg"))
    assert after.shape == before.shape
    assert (np.abs(after.astype(int) - before).max(axis=2) > 60).mean() > 0.01


def test_one_photograph_named_twice_is_read_once(photo, photographs):
    _, out, _ = photo(photographs / "three.jpg", "photographs/three.jpg")
    assert out.count("three.jpg: ") == 1


def test_stars_are_read_where_the_shell_leaves_them(photo, photographs, tmp_path):
    code, out, _ = photo("photographs/*.png")
    assert code == 0
    assert "nobody.png" in out
    assert "three.jpg" not in out


def test_copies_may_lie_beside_the_photographs_and_never_replace_them(photo, photographs):
    assert photo(photographs / "three.jpg", "--output", photographs)[0] == 0
    first = (photographs / "three_faces.jpg").read_bytes()
    assert photo(photographs, "--output", photographs)[0] == 0
    assert (photographs / "three_faces_2.jpg").read_bytes() == first
    assert (photographs / "three_faces.jpg").read_bytes() == first


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere.jpg"], "nowhere.jpg is not there"),
        (["*.tiff"], "is not there"),
        (["photographs/broken.jpg"], "None of the photographs could be read"),
        (["photographs", "--output", "w.safetensors"], "--output wants a folder"),
        (["photographs", "--table", "faces.txt"], "faces.txt must end in"),
        (["photographs", "--max-faces", "-1"], "--max-faces must be at least 1"),
        (["data"], "data is not there"),
    ],
)
def test_what_cannot_work_is_refused_in_a_sentence(photo, photographs, words, sentence):
    code, _, error = photo(*words)
    assert code == 2
    assert sentence in error
    assert "Traceback" not in error


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from([".jpg", ".PNG", ".bmp", "_faces.jpg"]))
    ),
    st.sampled_from(["a", "copies"]),
)
def test_copies_have_names_of_their_own(tmp_path_factory, names, folder):
    root = tmp_path_factory.getbasetemp()
    paths = [root / folder / f"x{suffix}" for folder, suffix in names]
    copies = copies_of(paths, root / folder)
    assert len({*copies, *paths}) == len(copies) + len(set(paths))


def test_a_table_of_before_stays_where_reading_was_broken_off(
    photo, photographs, tmp_path, monkeypatch
):
    def stopped(*_):
        raise KeyboardInterrupt

    table = tmp_path / "faces.csv"
    table.write_text("of yesterday")
    monkeypatch.setattr("fercourse.live.photographs.write_atomically", stopped)
    code, _, error = photo(photographs, "--table", table)
    assert code == 130
    assert table.read_text() == "of yesterday"
    assert f"{table} is what it was before" in error or f"No row for {table}" in error
