"""FER2013 is read in every form people have it, and recognised by itself."""

import gzip
import sys

import numpy as np
import pytest
from small_faces import (
    FOLDERS,
    csv_text,
    encoded,
    make_faces,
    picture_names,
    pictures,
    write_folder,
    write_parquet,
    write_tar,
    write_zip,
)

from fercourse.dataset.loading import open_fer2013
from fercourse.emotions import SEVEN

ICML = {"columns": ("emotion", "Usage", "pixels"), "header": "emotion, Usage, pixels"}


def _csv(faces, **choices):
    return csv_text(faces, **choices).encode()


def _parquet_folder(folder, faces, **choices):
    for name, split in (
        ("train-00000-of-00002", slice(0, 15)),
        ("train-00001-of-00002", slice(15, 28)),
    ):
        write_parquet(folder / "data" / f"{name}.parquet", faces, split, **choices)
    write_parquet(
        folder / "data" / "validation-00000-of-00001.parquet", faces, slice(28, 37), **choices
    )
    write_parquet(folder / "data" / "test-00000-of-00001.parquet", faces, slice(37, 45), **choices)
    return folder


def _file(path, data):
    path.write_bytes(data)
    return path


FORMS = {
    "fer2013.csv": lambda p, f: _file(p / "fer2013.csv", _csv(f)),
    "icml_face_data.csv": lambda p, f: _file(p / "icml_face_data.csv", _csv(f, **ICML)),
    "quoted, with CRLF": lambda p, f: _file(p / "a.csv", _csv(f, end="\r\n", quoted=True)),
    "with a byte order mark": lambda p, f: _file(p / "a.csv", b"\xef\xbb\xbf" + _csv(f)),
    "with spaces at line ends": lambda p, f: _file(p / "a.csv", _csv(f, end=" \n")),
    "with blank lines": lambda p, f: _file(p / "a.csv", _csv(f, end="\n\n")),
    "with two spaces between": lambda p, f: _file(p / "a.csv", _csv(f).replace(b" ", b"  ")),
    "without the last line end": lambda p, f: _file(p / "a.csv", _csv(f).rstrip()),
    "under a wrong name": lambda p, f: _file(p / "faces.txt", _csv(f)),
    "csv.gz": lambda p, f: _file(p / "fer2013.csv.gz", gzip.compress(_csv(f))),
    "csv in a zip": lambda p, f: write_zip(p / "a.zip", {"fer2013.csv": _csv(f)}),
    "csv in a tar.gz": lambda p, f: write_tar(
        p / "fer2013.tar.gz",
        {"fer2013/fer2013.csv": _csv(f), "fer2013/README": b"hello", "fer2013/fer2013.bib": b"@"},
    ),
    "csv in a folder": lambda p, f: write_folder(p / "a", {"fer2013.csv": _csv(f)}),
    "folders": lambda p, f: write_folder(p / "a", pictures(f)),
    "folders in a zip": lambda p, f: write_zip(p / "a.zip", pictures(f)),
    "folders in a zip named .tar": lambda p, f: write_zip(p / "a.tar", pictures(f)),
    "folders in a tar": lambda p, f: write_tar(p / "a.tar", pictures(f), "w"),
    "folders in a tar.gz": lambda p, f: write_tar(p / "a.tgz", pictures(f)),
    "folders in a tar.gz with ./": lambda p, f: write_tar(
        p / "a.tgz", {f"./{name}": data for name, data in pictures(f).items()}
    ),
    "folders under a folder, with litter": lambda p, f: write_zip(
        p / "a.zip",
        {
            "__MACOSX/archive/train/happy/._Training_5.png": b"litter",
            "archive/.DS_Store": b"litter",
            "archive/train/happy/.hidden.png": b"litter",
            **{f"archive/{name}": data for name, data in reversed(pictures(f).items())},
        },
    ),
    "parquet files of a hub": lambda p, f: _parquet_folder(p / "a", f),
    "parquet, classes by alphabet and named": lambda p, f: _parquet_folder(
        p / "a", f, names=sorted(SEVEN)
    ),
    "parquet with words and a usage column": lambda p, f: write_parquet(
        p / "fer.parquet", f, slice(None), style="words"
    ),
    "parquet in a zip": lambda p, f: write_zip(
        p / "a.zip",
        {"x.parquet": write_parquet(p / "x", f, slice(None), style="words").read_bytes()},
    ),
    "parquet in a tar.gz": lambda p, f: write_tar(
        p / "a.tgz",
        {"x.parquet": write_parquet(p / "x", f, slice(None), style="words").read_bytes()},
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_faces_in_the_published_order(form, tmp_path, faces):
    cached = open_fer2013(FORMS[form](tmp_path, faces))
    assert np.array_equal(cached.images, faces.images)
    assert np.array_equal(cached.labels, faces.labels)
    assert np.array_equal(cached.usage, faces.usage)


def test_splits_stand_together_whatever_order_the_file_has(tmp_path, faces):
    order = np.random.default_rng(2).permutation(len(faces.labels))
    shuffled = type(faces)(faces.images[order], faces.labels[order], faces.usage[order])
    cached = open_fer2013(_file(tmp_path / "a.csv", _csv(shuffled)))
    assert (np.diff(cached.usage.astype(int)) >= 0).all()
    assert np.array_equal(cached.images, shuffled.images[cached.rows])
    assert np.array_equal(cached.labels, shuffled.labels[cached.rows])
    for split in range(3):
        assert (np.diff(cached.rows[cached.usage == split]) > 0).all()


def test_a_file_of_many_blocks_keeps_every_row(tmp_path):
    many = make_faces((400, 20, 20), seed=3)
    text = _csv(many).split(b"\n")
    text[300] = text[300].replace(b" ", b"  ")  # one unusual row in the middle
    cached = open_fer2013(_file(tmp_path / "a.csv", b"\n".join(text)))
    assert np.array_equal(cached.images, many.images)
    assert np.array_equal(cached.rows, np.arange(440))


def test_the_contests_train_csv_is_all_training(tmp_path, faces):
    cached = open_fer2013(_file(tmp_path / "train.csv", _csv(faces, columns=("emotion", "pixels"))))
    assert (cached.usage == 0).all()
    assert "taken as Training" in cached.meta.notes[0]


def test_the_contests_own_folder_is_read_once(tmp_path, faces):
    files = {
        "icml_face_data.csv": _csv(faces, **ICML),
        "train.csv": _csv(faces, columns=("emotion", "pixels")),
        "test.csv": _csv(faces, columns=("pixels",), header="pixels"),
        "example_submission.csv": b"emotion\n0\n1\n",
        "fer2013.tar.gz": b"\x1f\x8b",
    }
    cached = open_fer2013(write_zip(tmp_path / "contest.zip", files))
    assert np.array_equal(cached.images, faces.images)
    notes = " ".join(cached.meta.notes)
    assert "train.csv was left out" in notes
    assert "fer2013.tar.gz was left out" in notes


def test_train_beside_test_csv_says_that_test_has_no_labels(tmp_path, faces):
    files = {
        "train.csv": _csv(faces, columns=("emotion", "pixels")),
        "test.csv": b"id,pixels\n0,1 2 3\n",
    }
    cached = open_fer2013(write_folder(tmp_path / "contest", files))
    assert cached.meta.notes[0] == "test.csv was left out: it has no labels."


def test_an_archive_of_privatetest_alone_works(tmp_path, faces):
    private = {name: data for name, data in pictures(faces).items() if "PrivateTest" in name}
    cached = open_fer2013(write_zip(tmp_path / "private.zip", private))
    assert len(cached.labels) == 8
    assert (cached.usage == 2).all()


@pytest.mark.parametrize(
    ("folder", "split"),
    [("train", 0), ("Train", 0), ("test", 1), ("validation", 1), ("PrivateTest", 2)],
)
def test_without_a_prefix_the_folder_names_the_split(folder, split, tmp_path, faces):
    files = {f"{folder}/happy/im{i}.png": encoded(faces.images[i]) for i in range(3)}
    cached = open_fer2013(write_zip(tmp_path / "a.zip", files))
    assert (cached.usage == split).all()


def test_test_beside_validation_is_privatetest(tmp_path, faces):
    files = {
        f"{folder}/sad/{i}.png": encoded(faces.images[i])
        for i, folder in enumerate(("train", "validation", "test"))
    }
    cached = open_fer2013(write_zip(tmp_path / "a.zip", files))
    assert cached.usage.tolist() == [0, 1, 2]
    assert "What is called 'test' was taken as PrivateTest." in cached.meta.notes


@pytest.mark.parametrize(
    ("word", "label"),
    [*zip(FOLDERS, range(7), strict=True), ("Disgusted", 1), ("FEARFUL", 2), ("surprised", 5)],
)
def test_class_folders_go_by_each_name_they_have(word, label, tmp_path, faces):
    cached = open_fer2013(
        write_zip(tmp_path / "a.zip", {f"train/{word}/Training_1.png": encoded(faces.images[0])})
    )
    assert cached.labels.tolist() == [label]


def test_numbers_in_names_order_faces_by_value_not_by_spelling(tmp_path, faces):
    names = ["train/sad/Training_9.png", "train/happy/Training_10.png", "train/sad/Training_11.png"]
    files = {name: encoded(faces.images[i]) for i, name in enumerate(names)}
    cached = open_fer2013(write_zip(tmp_path / "a.zip", dict(sorted(files.items()))))
    assert cached.labels.tolist() == [4, 3, 4]
    assert np.array_equal(cached.images, faces.images[:3])


def test_color_and_other_sizes_are_converted_and_said_so(tmp_path, faces):
    color = np.repeat(faces.images[0][:, :, None], 3, axis=2)
    large = np.kron(faces.images[1], np.ones((2, 2), np.uint8))[:64, :64]
    files = {
        "train/happy/Training_1.png": encoded(color),
        "train/happy/Training_2.png": encoded(large),
        "train/happy/Training_3.png": encoded(faces.images[2]),
    }
    cached = open_fer2013(write_zip(tmp_path / "a.zip", files))
    assert np.array_equal(cached.images[0], faces.images[0])
    assert np.array_equal(cached.images[2], faces.images[2])
    assert cached.meta.notes == [
        "1 picture in color: converted to gray.",
        "1 picture of another size: scaled to 48 by 48 pixels (from 64 by 64).",
    ]


def test_names_with_backslashes_in_a_zip_are_read(tmp_path, faces):
    files = {name.replace("/", "\\"): data for name, data in pictures(faces).items()}
    cached = open_fer2013(write_zip(tmp_path / "a.zip", {"train\\": b"", **files}))
    assert np.array_equal(cached.images, faces.images)


@pytest.mark.skipif(sys.platform == "win32", reason="links take a right of their own there")
def test_what_is_no_face_beside_the_faces_stops_nothing(tmp_path, faces):
    beside = {"empty.csv": b"", "old.csv": b"name,size\ra,1\r", "wide.csv": b'a,"b\rc"\n'}
    folder = write_folder(tmp_path / "a", {"fer2013.csv": _csv(faces), **beside})
    (folder / "notes.txt").symlink_to(tmp_path / "gone")
    cached = open_fer2013(folder)
    assert np.array_equal(cached.images, faces.images)
    assert cached.meta.notes == ["empty.csv is empty and was left out."]


def test_an_unnamed_order_of_labels_is_assumed_aloud(tmp_path, faces):
    cached = open_fer2013(_parquet_folder(tmp_path / "a", faces))
    assert any("0 Angry … 6 Neutral was assumed" in note for note in cached.meta.notes)


def test_an_order_by_alphabet_is_known_by_the_published_counts(tmp_path, faces, monkeypatch):
    monkeypatch.setattr("fercourse.dataset.parquet_form.COUNTS", (tuple(range(1, 8)),))
    labels = np.repeat(np.arange(7), range(1, 8)).astype(np.uint8)
    by_alphabet = np.array([sorted(SEVEN).index(SEVEN[label]) for label in labels], np.uint8)
    numbered = type(faces)(faces.images[:28], by_alphabet, faces.usage[:28])
    cached = open_fer2013(write_parquet(tmp_path / "train.parquet", numbered, slice(0, 28)))
    assert np.array_equal(cached.labels, labels)
    assert any("by alphabet" in note for note in cached.meta.notes)


def test_pictures_keep_the_names_they_are_known_by(faces):
    assert picture_names(faces)[3] == "train/happy/Training_26.png"


@pytest.mark.skipif(sys.platform == "win32", reason="links take a right of their own there")
def test_links_to_class_folders_are_followed_and_circles_passed_over(tmp_path, faces):
    elsewhere = write_folder(tmp_path / "elsewhere", pictures(faces))
    counts = open_fer2013(elsewhere).meta.counts
    folder = tmp_path / "linked"
    (folder / "train").mkdir(parents=True)
    for each in (elsewhere / "train").iterdir():
        (folder / "train" / each.name).symlink_to(each)
    (folder / "test").symlink_to(elsewhere / "test")
    (elsewhere / "train" / "happy" / "round").symlink_to(folder)
    (folder / "round").symlink_to(folder)
    assert open_fer2013(folder).meta.counts == counts
