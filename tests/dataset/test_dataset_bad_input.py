"""Bad input gets a sentence that says where and what was expected, and leaves no cache."""

import gzip
import os
import sys
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_faces import (
    csv_text,
    encoded,
    make_faces,
    pictures,
    write_folder,
    write_parquet,
    write_tar,
    write_zip,
)

from fercourse.dataset import containers
from fercourse.dataset.loading import open_fer2013
from fercourse.errors import CourseError

SMALL = make_faces((6, 2, 2), seed=5)
HAPPY = "train/happy/Training_1.jpg"


def _csv_with(row, column, value):
    """Return a CSV file in which one field of one row (from 1) is another."""
    lines = csv_text(SMALL).splitlines()
    fields = lines[row].split(",")
    fields[column] = value(fields[column])
    lines[row] = ",".join(fields)
    return ("\n".join(lines) + "\n").encode()


def _file(path, data):
    path.write_bytes(data)
    return path


def _csv_case(row, column, value):
    return lambda p: _file(p / "fer2013.csv", _csv_with(row, column, value))


def _jpeg(image=None):
    return encoded(SMALL.images[0] if image is None else image, "JPEG")


def _cut_zip(p):
    path = write_zip(p / "a.zip", pictures(SMALL))
    return _file(path, path.read_bytes()[:-200])


def _damaged_zip(p):
    path = write_zip(p / "a.zip", pictures(SMALL))
    data = bytearray(path.read_bytes())
    data[500] ^= 255
    return _file(path, bytes(data))


def _cut_tar_gz(p):
    path = write_tar(p / "a.tar.gz", pictures(SMALL))
    return _file(path, path.read_bytes()[:-3000])


def _tar_gz_without_its_checksum(p):
    path = write_tar(p / "a.tar.gz", pictures(SMALL))
    return _file(path, path.read_bytes()[:-4])


def _tar_cut_between_members(p):
    path = write_tar(p / "a.tar", {"train/happy/Training_1.png": encoded(SMALL.images[0])}, "w")
    return _file(path, path.read_bytes()[: 512 * (1 + -(-len(encoded(SMALL.images[0])) // 512))])


def _secret_zip(p):
    path = write_zip(p / "a.zip", {HAPPY: _jpeg()})
    data = bytearray(path.read_bytes())
    data[6] |= 1  # the flag of encryption, in the local header and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return _file(path, bytes(data))


def _parquet_table(p, **columns):
    pq.write_table(pa.table(columns), p / "train.parquet")
    return p / "train.parquet"


def _parquet_with_two_columns_of_labels(path):
    columns = [pa.array([_jpeg()], pa.binary()), pa.array([1]), pa.array([2])]
    pq.write_table(pa.Table.from_arrays(columns, names=["image", "label", "label"]), path)
    return path


CASES = {
    "no emotion column": (
        lambda p: _file(p / "a.csv", b"label,pixels,Usage\n0,1 2,Training\n"),
        ("a.csv", "no emotion column"),
    ),
    "no pixels column": (
        lambda p: _file(p / "a.csv", b"emotion,image,Usage\n0,1 2,Training\n"),
        ("a.csv", "columns emotion, image, Usage", "Expected emotion, pixels and Usage"),
    ),
    "no header": (
        lambda p: _file(p / "a.csv", csv_text(SMALL).split("\n", 1)[1].encode()),
        ("a.csv has no header line", "Expected emotion, pixels and Usage", "emotion,pixels,Usage"),
    ),
    "UTF-16": (
        lambda p: _file(p / "fer2013.csv", csv_text(SMALL).encode("utf-16")),
        ("fer2013.csv is text in UTF-16", "Save it again"),
    ),
    "semicolons": (
        lambda p: _file(p / "fer2013.csv", csv_text(SMALL).replace(",", ";").encode()),
        ("fer2013.csv parts its columns by semicolons", "Expected commas"),
    ),
    "a folder with an archive below and pictures in no class": (
        lambda p: write_folder(
            p / "a", {"faces/two.jpg": _jpeg(), "fer/fer2013.zip": b"PK", "other.zip": b"PK"}
        ),
        (
            "no faces were found (it holds faces/two.jpg, fer/fer2013.zip, other.zip)",
            "name that one",
            "fer2013.zip.",
            "Expected fer2013.csv",
        ),
    ),
    "a folder with another table and an empty one": (
        lambda p: write_folder(p / "a", {"costs.csv": b"what,price\n", "none.csv": b""}),
        ("it holds costs.csv", "columns what, price", "none.csv is empty", "class folders such as"),
    ),
    "a text that is no table": (
        lambda p: _file(p / "README.md", b"Faces, and more\n"),
        ("README.md: no faces", "class folders such as"),
    ),
    "2,303 numbers": (
        _csv_case(4, 1, lambda text: text.rsplit(" ", 1)[0]),
        ("fer2013.csv, line 5", "2,303 pixels", "Expected 2,304"),
    ),
    "2,305 numbers": (
        _csv_case(4, 1, lambda text: text + " 7"),
        ("fer2013.csv, line 5", "2,305 pixels"),
    ),
    "one number too few, one too many in the next row": (
        lambda p: _file(
            p / "fer2013.csv",
            "\n".join(
                line.replace(",", ",9 ", 1)
                if i == 3
                else line.replace(" ", "", 1)
                if i == 2
                else line
                for i, line in enumerate(csv_text(make_faces((4, 0, 0), seed=8)).splitlines())
            ).encode(),
        ),
        ("fer2013.csv, line 3",),
    ),
    "a number over 255": (
        _csv_case(3, 1, lambda text: "256" + text[text.index(" ") :]),
        ("fer2013.csv, line 4", "pixel 1 is 256", "0 to 255"),
    ),
    "a number of four digits": (
        _csv_case(3, 1, lambda text: "0255" + text[text.index(" ") :] + "9" * 3),
        ("fer2013.csv, line 4",),
    ),
    "a negative number": (
        _csv_case(2, 1, lambda text: "-1" + text[text.index(" ") :]),
        ("line 3", "pixel 1 is '-1'"),
    ),
    "text for a number": (
        _csv_case(2, 1, lambda text: text[: text.rindex(" ")] + " dark"),
        ("line 3", "pixel 2,304 is 'dark'", "whole number"),
    ),
    "no pixels": (_csv_case(2, 1, lambda _: ""), ("line 3", "0 pixels")),
    "a label of 7": (_csv_case(6, 0, lambda _: "7"), ("line 7", "'7'", "0 to 6")),
    "a label that is a word": (_csv_case(6, 0, lambda _: "meh"), ("line 7", "'meh'")),
    "no label": (_csv_case(6, 0, lambda _: ""), ("line 7", "0 to 6")),
    "a Usage nobody knows": (
        _csv_case(1, 2, lambda _: "Holiday"),
        ("line 2", "'Holiday'", "Training, PublicTest or PrivateTest"),
    ),
    "a field too many": (_csv_case(1, 2, lambda text: text + ",x"), ("line 2", "4 fields", "3")),
    "cut in the middle of a row": (
        lambda p: _file(p / "fer2013.csv", csv_text(SMALL).encode()[:-4000]),
        ("fer2013.csv, line 11", "fields"),
    ),
    "a line without end": (
        lambda p: _file(p / "a.csv", b"emotion,pixels,Usage\n0," + b"1 " * 900_000),
        ("a.csv", "65,536 bytes"),
    ),
    "lines that end with a carriage return alone": (
        lambda p: _file(p / "fer2013.csv", csv_text(SMALL, end="\r").encode()),
        ("fer2013.csv", "carriage return"),
    ),
    "a carriage return inside a line": (
        _csv_case(3, 2, lambda text: f"{text}\rTraining"),
        ("fer2013.csv, line 4", "cannot be read as CSV"),
    ),
    "a quoted field without end": (
        _csv_case(2, 2, lambda text: f'"{text}{"x" * 140_000}"'),
        ("fer2013.csv, line 3", "cannot be read as CSV"),
    ),
    "a label of 5,000 digits": (_csv_case(6, 0, lambda _: "1" * 5000), ("line 7", "0 to 6")),
    "a header alone": (
        lambda p: _file(p / "a.csv", b"emotion,pixels,Usage\n"),
        ("a.csv", "no faces"),
    ),
    "an empty file": (lambda p: _file(p / "fer2013.csv", b""), ("fer2013.csv", "empty")),
    "an empty file in a zip": (
        lambda p: write_zip(p / "a.zip", {"fer2013.csv": b""}),
        ("fer2013.csv", "empty"),
    ),
    "an empty zip": (lambda p: write_zip(p / "a.zip", {}), ("a.zip", "no faces")),
    "an empty folder": (lambda p: write_folder(p / "a", {"empty/.keep": b""}), ("no faces",)),
    "another kind of file": (
        lambda p: _file(p / "a.pdf", b"%PDF-1.7 \x00\x01"),
        ("a.pdf", "no faces", "Expected fer2013.csv"),
    ),
    "contest's test.csv": (
        lambda p: _file(p / "test.csv", csv_text(SMALL, columns=("pixels",)).encode()),
        ("test.csv", "no emotion column", "Expected labels"),
    ),
    "a truncated zip": (_cut_zip, ("a.zip", "damaged or cut short")),
    "a zip with a flipped bit": (_damaged_zip, ("a.zip", "member", "damaged")),
    "a zip with a password": (_secret_zip, ("a.zip", "password")),
    "a truncated gzip": (_cut_tar_gz, ("a.tar.gz", "damaged or cut short")),
    "a gzip without its end": (_tar_gz_without_its_checksum, ("a.tar.gz", "damaged or cut short")),
    "a truncated tar": (_tar_cut_between_members, ("a.tar", "too early")),
    "a truncated csv.gz": (
        lambda p: _file(p / "a.csv.gz", gzip.compress(csv_text(SMALL).encode())[:-500]),
        ("a.csv.gz", "damaged or cut short"),
    ),
    "a broken JPEG": (
        lambda p: write_zip(p / "a.zip", {HAPPY: _jpeg()[:-300]}),
        ("a.zip", HAPPY, "damaged picture"),
    ),
    "a JPEG without its end": (
        lambda p: write_folder(p / "a", {HAPPY: _jpeg()[:-30]}),
        (HAPPY, "damaged picture"),
    ),
    "text named .jpg": (
        lambda p: write_zip(p / "a.zip", {HAPPY: b"<html>404</html>"}),
        (HAPPY, "not a picture", "48 by 48"),
    ),
    "an empty picture": (lambda p: write_zip(p / "a.zip", {HAPPY: b""}), (HAPPY, "not a picture")),
    "a huge picture": (
        lambda p: write_zip(p / "a.zip", {HAPPY: _jpeg(np.zeros((16, 5000), np.uint8))}),
        (HAPPY, "5000 by 16", "48 by 48"),
    ),
    "pixels of 16 bits": (
        lambda p: write_zip(
            p / "a.zip", {"train/sad/a.png": encoded(np.zeros((48, 48), np.uint16))}
        ),
        ("train/sad/a.png", "I;16", "8-bit gray"),
    ),
    "a class nobody knows": (
        lambda p: write_zip(
            p / "a.zip", {HAPPY: _jpeg(), "train/contempt/Training_2.jpg": _jpeg()}
        ),
        ("train/contempt", "not named for a class", "angry, disgust"),
    ),
    "pictures in no class": (
        lambda p: write_folder(p / "a", {"holiday/beach.jpg": _jpeg()}),
        ("no faces", "holiday/beach.jpg", "Expected fer2013.csv"),
    ),
    "a member named ../x": (
        lambda p: write_zip(p / "a.zip", {HAPPY: _jpeg(), "../x": b""}),
        ("a.zip", "'../x'", "outside the archive"),
    ),
    "a member with an absolute name": (
        lambda p: write_tar(p / "a.tgz", {HAPPY: _jpeg(), "/etc/x": b""}),
        ("a.tgz", "'/etc/x'", "outside the archive"),
    ),
    "a member with a drive": (
        lambda p: write_zip(p / "a.zip", {HAPPY: _jpeg(), "C:\\x": b""}),
        ("a.zip", "outside the archive"),
    ),
    "mixed forms": (
        lambda p: write_folder(
            p / "a", {"fer2013.csv": csv_text(SMALL).encode(), **pictures(SMALL)}
        ),
        ("CSV (fer2013.csv)", "class folders (test/", "Which is it?"),
    ),
    "mixed forms in an archive": (
        lambda p: write_zip(
            p / "a.zip", {"fer2013.csv": csv_text(SMALL).encode(), **pictures(SMALL)}
        ),
        ("a.zip", "Which is it?", "unpack"),
    ),
    "two complete CSV files": (
        lambda p: write_folder(
            p / "a", {f"{n}.csv": csv_text(SMALL).encode() for n in ("fer2013", "copy")}
        ),
        ("copy.csv, fer2013.csv", "Which is it?"),
    ),
    "an archive in an archive": (
        lambda p: write_zip(p / "a.zip", {"fer2013.tar.gz": b"\x1f\x8b"}),
        ("another archive, fer2013.tar.gz", "unpack"),
    ),
    "two members of one name": (
        lambda p: _twice(p / "a.zip"),
        ("a.zip", "same name"),
    ),
    "a cut Parquet file": (
        lambda p: _file(
            p / "train.parquet",
            write_parquet(p / "x", SMALL, slice(None)).read_bytes()[:-100],
        ),
        ("train.parquet", "Parquet"),
    ),
    "Parquet without labels": (
        lambda p: _parquet_table(p, image=pa.array([b"x"], pa.binary())),
        ("train.parquet", "columns image", "label or emotion"),
    ),
    "Parquet with a label of 7": (
        lambda p: _parquet_table(p, image=pa.array([_jpeg()], pa.binary()), label=[7]),
        ("train.parquet, row 1", "7", "0 to 6"),
    ),
    "Parquet with two columns of labels": (
        lambda p: _parquet_with_two_columns_of_labels(p / "train.parquet"),
        ("train.parquet", "several columns named label"),
    ),
    "a name too long for a file": (lambda p: p / ("x" * 300), ("cannot be looked at",)),
    "a path with a zero in it": (lambda p: p / "a\0b", ("cannot be looked at",)),
    "Parquet with a broken JPEG": (
        lambda p: _parquet_table(
            p, image=pa.array([_jpeg(), _jpeg()[:-300]], pa.binary()), label=[1, 2]
        ),
        ("train.parquet, row 2", "damaged picture"),
    ),
    "Parquet with no picture in a row": (
        lambda p: _parquet_table(p, image=pa.array([None], pa.binary()), label=[1]),
        ("train.parquet, row 1", "no picture"),
    ),
    "Parquet with a split nobody knows": (
        lambda p: _parquet_table(
            p, image=pa.array([_jpeg()], pa.binary()), label=[1], split=["holiday"]
        ),
        ("train.parquet, row 1", "'holiday'"),
    ),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def _twice(path):
    with zipfile.ZipFile(path, "w") as archive:
        for _ in range(2):
            archive.writestr(HAPPY, _jpeg())
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_named_and_leaves_no_cache(case, tmp_path, caches):
    make, said = CASES[case]
    path = make(tmp_path / "")
    with pytest.raises(CourseError) as error:
        open_fer2013(path)
    for words in said:
        assert words in str(error.value)
    assert caches() == []


@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_an_archive_that_would_fill_the_disk_is_refused(write, tmp_path, monkeypatch, caches):
    monkeypatch.setattr(containers, "MOST_BYTES", 100_000)
    path = write(tmp_path / "bomb", {"train/happy/Training_1.jpg": bytes(300_000)})
    with pytest.raises(CourseError, match="would unpack to more than"):
        open_fer2013(path)
    assert caches() == []


def test_a_gzip_that_never_ends_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "MOST_BYTES", 100_000)
    text = csv_text(make_faces((40, 0, 0)))
    path = _file(tmp_path / "a.csv.gz", gzip.compress(text.encode()))
    with pytest.raises(CourseError, match="would unpack to more than"):
        open_fer2013(path)


def test_a_folder_with_far_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("fercourse.dataset.catalog.MOST_FILES", 5)
    with pytest.raises(CourseError, match="more than 5 files"):
        open_fer2013(write_folder(tmp_path / "home", pictures(SMALL)))


@pytest.mark.parametrize(("most", "named"), [(9, "test"), (15, "train")])
def test_parquet_with_far_too_many_rows_is_refused(most, named, tmp_path, monkeypatch, caches):
    monkeypatch.setattr("fercourse.dataset.parquet_form.MOST_FILES", most)
    for name in ("train", "test"):
        write_parquet(tmp_path / "a" / f"{name}.parquet", SMALL, slice(None))
    with pytest.raises(CourseError, match=rf"{named}\.parquet makes more than {most} rows"):
        open_fer2013(tmp_path / "a")
    assert caches() == []


@pytest.mark.skipif(sys.platform == "win32", reason="links take a right of their own there")
def test_a_picture_that_links_to_nothing_is_named(tmp_path):
    folder = write_folder(tmp_path / "a", pictures(SMALL))
    (folder / "train" / "happy" / "Training_9.png").symlink_to(tmp_path / "gone")
    with pytest.raises(CourseError, match=r"member train/happy/Training_9\.png.* is not there"):
        open_fer2013(folder)


def test_a_class_folder_that_cannot_be_read_is_named(tmp_path, monkeypatch, caches):
    folder = write_folder(tmp_path / "a", pictures(SMALL))
    closed = str(folder / "train" / "happy")
    scandir = os.scandir

    def forbidden(path):
        if str(path) == closed:
            raise PermissionError(13, "Permission denied", closed)
        return scandir(path)

    monkeypatch.setattr("os.scandir", forbidden)
    with pytest.raises(CourseError, match=r"train.happy cannot be read: Permission denied"):
        open_fer2013(folder)
    assert caches() == []


def test_the_first_wrong_row_is_the_one_that_is_named(tmp_path):
    many = make_faces((300, 0, 0), seed=4)
    lines = csv_text(many).splitlines()
    for row in (120, 250):
        lines[row] = "9" + lines[row][1:]
    path = _file(tmp_path / "a.csv", "\n".join(lines).encode())
    with pytest.raises(CourseError, match=r"a\.csv, line 121:"):
        open_fer2013(path)
