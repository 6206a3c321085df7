"""``load_faces``: what it returns, that it is read once, and that the cache looks after itself."""

import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from small_faces import csv_text, make_faces, pictures, write_folder, write_zip

from fercourse import dataset, workspace
from fercourse.dataset import drawn_truth, is_prepared, load_faces, prepare
from fercourse.dataset.catalog import cache_of
from fercourse.dataset.faceset import FaceSet
from fercourse.dataset.loading import open_source
from fercourse.errors import CourseError


@pytest.fixture
def fer2013(tmp_path, monkeypatch, faces):
    path = tmp_path / "fer2013.csv"
    path.write_text(csv_text(faces))
    monkeypatch.setenv("FERCOURSE_FER2013", str(path))
    return path


@pytest.fixture
def not_read_again(monkeypatch):
    def refuse(path):
        raise AssertionError(f"{path} was read again")

    def forbid():
        monkeypatch.setattr("fercourse.dataset.recognition.recognize", refuse)

    return forbid


@pytest.fixture
def drawn(monkeypatch):
    """Draw few faces in place of the default set, and count how often."""
    from fercourse import drawn as package

    made = make_faces((20, 6, 6), seed=9)
    calls = []

    def default_set(progress=None):
        calls.append(1)
        if progress:
            progress(32, 32)
        order = np.random.default_rng(0).permutation(32)
        return types.SimpleNamespace(
            images=made.images[order],
            labels=made.labels[order],
            usage=made.usage[order],
            truth={"AU12": order / 32, "emotion": made.labels[order]},
        )

    monkeypatch.setattr(package, "default_set", default_set)
    return calls


def _file_behind(array):
    while array is not None and not isinstance(array, np.memmap):
        array = array.base
    return array is not None and array.filename


def test_a_split_is_the_split(fer2013, faces):
    public = load_faces("PublicTest")
    assert np.array_equal(public.images, faces.images[28:37])
    assert np.array_equal(public.labels, faces.labels[28:37])
    assert public.rows.tolist() == list(range(28, 37))
    assert public.kind == "fer2013"
    assert public.title == "faces from fer2013.csv, seven classes"


@pytest.mark.parametrize("split", [None, "Training", "PublicTest", "PrivateTest"])
@pytest.mark.parametrize(("classes", "disgust"), [(7, "drop"), (6, "drop"), (6, "merge")])
def test_images_lie_in_a_mapped_file_and_are_not_copied(fer2013, split, classes, disgust):
    images = load_faces(split, classes, disgust=disgust).images
    assert _file_behind(images)
    assert not images.flags.owndata
    assert not images.flags.writeable


def test_six_classes_leave_disgust_out(fer2013, faces):
    six = load_faces("Training", classes=6)
    kept = faces.labels[:28] != 1
    assert np.array_equal(six.images, faces.images[:28][kept])
    assert [six.classes[label] for label in six.labels[:6]] == [
        "Angry", "Fear", "Happy", "Sad", "Surprise", "Neutral",
    ]  # fmt: skip
    assert six.rows.tolist() == np.flatnonzero(kept).tolist()
    assert "Disgust left out" in six.title


def test_six_classes_of_a_later_split_start_at_the_right_face(fer2013, faces):
    six = load_faces("PrivateTest", classes=6)
    kept = faces.labels[37:] != 1
    assert np.array_equal(six.images, faces.images[37:][kept])


def test_six_classes_count_disgust_as_angry(fer2013, faces):
    merged = load_faces("Training", classes=6, disgust="merge")
    assert len(merged) == 28
    assert np.array_equal(merged.labels == 0, faces.labels[:28] < 2)
    assert "Disgust counted as Angry" in merged.title


def test_it_is_read_once(fer2013, not_read_again):
    first = load_faces()
    not_read_again()
    assert np.array_equal(load_faces().images, first.images)


def test_a_moved_file_with_the_same_content_is_not_read_again(
    fer2013, tmp_path, monkeypatch, not_read_again
):
    load_faces()
    moved = shutil.copy(fer2013, tmp_path / "renamed.csv")
    monkeypatch.setenv("FERCOURSE_FER2013", str(moved))
    not_read_again()
    assert len(load_faces()) == 45


def test_a_copy_goes_by_its_own_name(fer2013, tmp_path, monkeypatch):
    load_faces()
    copy = shutil.copy(fer2013, tmp_path / "renamed.csv")
    monkeypatch.setenv("FERCOURSE_FER2013", str(copy))
    for _ in range(2):  # by its content, then by what is remembered of it
        assert load_faces().source == "faces from renamed.csv"
        assert open_source().meta.path == str(copy)


def test_a_changed_file_is_read_again_and_its_old_arrays_go(fer2013, faces, drawn, caches):
    load_faces()
    load_faces(source="drawn")
    fer2013.write_text(csv_text(make_faces((5, 0, 0), seed=7)))
    assert len(load_faces()) == 5
    assert len(caches()) == 2


@pytest.mark.parametrize("litter", [".DS_Store", "Thumbs.db", "__MACOSX/._Training_1.png"])
def test_what_a_system_leaves_in_a_folder_changes_nothing(
    litter, tmp_path, monkeypatch, faces, not_read_again
):
    folder = write_folder(tmp_path / "fer", pictures(faces))
    monkeypatch.setenv("FERCOURSE_FER2013", str(folder))
    load_faces()
    write_folder(folder, {litter: b"x"})
    not_read_again()
    assert len(load_faces()) == 45


def test_a_picture_added_to_a_folder_is_noticed(tmp_path, monkeypatch, faces):
    files = pictures(faces)
    folder = write_folder(tmp_path / "fer", files)
    monkeypatch.setenv("FERCOURSE_FER2013", str(folder))
    assert len(load_faces()) == 45
    write_folder(folder, {"train/happy/Training_9999.png": next(iter(files.values()))})
    assert not is_prepared()
    assert len(load_faces()) == 46


def test_a_split_that_is_not_there_is_named_with_those_that_are(tmp_path, monkeypatch, faces):
    files = {name: data for name, data in pictures(faces).items() if "Private" not in name}
    monkeypatch.setenv("FERCOURSE_FER2013", str(write_zip(tmp_path / "a.zip", files)))
    with pytest.raises(CourseError) as error:
        load_faces("PrivateTest")
    assert "There is no PrivateTest split in faces from a.zip, only" in str(error.value)
    assert "Training (28 faces) and PublicTest (9 faces)" in str(error.value)


def test_fer2013_that_is_gone_is_an_error_and_not_drawn_faces(tmp_path):
    workspace.remember("fer2013", str(tmp_path / "gone.zip"))
    assert not is_prepared()
    with pytest.raises(CourseError, match=r"gone\.zip.*data use PATH.*data forget"):
        load_faces()


def test_fer2013_that_was_never_named_is_an_error_where_it_is_insisted_on():
    with pytest.raises(CourseError, match="data use PATH"):
        load_faces(source="fer2013")


@pytest.mark.parametrize(
    "wrong",
    [{"split": "training"}, {"classes": 5}, {"disgust": "hide"}, {"source": "web"}, {"limit": 0}],
)
def test_a_wrong_argument_is_refused(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong)))):
        load_faces(**wrong)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"limit": 2.5}, "limit must be a whole number, not 2.5"),
        ({"limit": "a"}, "limit must be a whole number, not 'a'"),
        ({"limit": True}, "limit must be a whole number, not True"),
        ({"classes": 6.0}, "classes must be a whole number, not 6.0"),
        ({"split": "training"}, "not 'training'. Did you mean 'Training'?"),
        ({"split": "test"}, "Did you mean 'PublicTest'?"),
        ({"split": ["Training"]}, r"or None, not ['Training']."),
    ],
)
def test_a_wrong_argument_gets_a_sentence(wrong, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        load_faces(**wrong)


def test_a_limit_may_be_a_number_of_numpys(fer2013):
    assert len(load_faces(limit=np.int64(9))) == 9


def test_drawn_faces_stand_in_and_are_drawn_once(drawn):
    faces = load_faces()
    assert faces.kind == "drawn"
    assert faces.source == "drawn faces"
    assert (np.diff(faces.usage.astype(int)) >= 0).all()
    assert len(load_faces("PublicTest", source="drawn")) == 6
    assert drawn == [1]


def test_the_truth_lines_up_with_the_drawn_faces(drawn):
    faces = load_faces("Training", limit=9, source="drawn")
    truth = drawn_truth()
    assert list(truth.columns) == ["AU12", "emotion"]
    assert np.array_equal(truth.loc[faces.rows, "emotion"], faces.labels)


def test_fer2013_wins_over_drawn_faces(drawn, fer2013):
    assert load_faces().kind == "fer2013"
    assert load_faces(source="drawn").kind == "drawn"


def test_prepare_makes_and_is_prepared_knows(drawn):
    assert not is_prepared()
    prepare(progress=False)
    assert is_prepared()


def test_is_prepared_imports_nothing_heavy(fer2013, course_data):
    load_faces()
    code = (
        "import sys; from fercourse.dataset import is_prepared; assert is_prepared(); "
        "print([m for m in ('numpy', 'pandas', 'cv2', 'pyarrow', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_load_faces_imports_neither_pandas_nor_opencv_nor_arrow():
    code = (
        "import sys; from fercourse.dataset import load_faces, validation_split; "
        "print([m for m in ('pandas', 'cv2', 'pyarrow', 'PIL', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_names_what_it_offers():
    assert {"load_faces", "validation_split", "FaceSet", "prepare"} <= set(dir(dataset))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        dataset.nonsense  # noqa: B018


def _images_file(course_data):
    return next((course_data / "cache" / "faces").glob("*/images.npy"))


def test_a_truncated_cache_is_made_again(fer2013, course_data, faces):
    load_faces()
    path = _images_file(course_data)
    before = path.stat()
    os.truncate(path, before.st_size - 100)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a crash may leave it
    assert np.array_equal(load_faces().images, faces.images)


def test_a_cache_with_flipped_bytes_is_made_again(fer2013, course_data, faces):
    load_faces()
    path = _images_file(course_data)
    data = bytearray(path.read_bytes())
    data[5000] ^= 255
    path.write_bytes(data)
    assert np.array_equal(load_faces().images, faces.images)


@pytest.mark.parametrize("name", ["meta.json", "labels.npy", "six.npy"])
def test_a_cache_that_lacks_a_file_is_made_again(name, fer2013, course_data, faces, caches):
    load_faces()
    (_images_file(course_data).parent / name).unlink()
    assert np.array_equal(load_faces().images, faces.images)
    assert len(caches()) == 1


def test_a_copied_cache_is_trusted(fer2013, course_data, not_read_again):
    load_faces()
    for path in _images_file(course_data).parent.glob("*.npy"):
        os.utime(path, (1, 1))
    not_read_again()
    assert len(load_faces()) == 45


@pytest.fixture
def read_only(monkeypatch):
    """Return a function after which the data folder cannot be written (nor by root)."""

    def refuse(path, content):
        raise CourseError(f"{path} could not be written: Read-only file system.")

    def forbid():
        for module in ("cache", "catalog"):
            monkeypatch.setattr(f"fercourse.dataset.{module}.write_atomically", refuse)

    return forbid


def test_a_cache_that_cannot_be_written_to_is_used(fer2013, course_data, drawn, read_only):
    load_faces()
    load_faces(source="drawn")
    for path in (course_data / "cache" / "faces").glob("*/*.npy"):
        os.utime(path, (1, 1))
    shutil.rmtree(course_data / "cache" / "faces" / "sources")
    read_only()
    assert len(load_faces()) == 45
    assert len(load_faces(source="drawn")) == 32


def test_another_process_may_finish_while_old_attempts_are_cleared(fer2013, caches, monkeypatch):
    load_faces()
    fer2013.write_text(csv_text(make_faces((5, 0, 0), seed=7)))
    gone = cache_of("0").parent / ".unfinished-gone"
    there = Path.glob
    monkeypatch.setattr(
        Path, "glob", lambda path, what: [gone] if "unfinished" in what else there(path, what)
    )
    assert len(load_faces()) == 5


def test_a_full_disk_is_a_sentence_and_leaves_nothing(fer2013, monkeypatch, caches):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(CourseError, match=r"No space left on device.*FERCOURSE_DATA"):
        load_faces()
    assert caches() == []


def test_advice_to_free_space_is_kept_for_a_full_disk(fer2013, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(np, "save", forbidden)
    with pytest.raises(CourseError, match=r"Permission denied.*FERCOURSE_DATA") as error:
        load_faces()
    assert "Free some space" not in str(error.value)


def test_arrays_are_on_the_disk_before_they_are_vouched_for(fer2013, course_data, monkeypatch):
    synced = set()
    monkeypatch.setattr("os.fsync", lambda number: synced.add(os.fstat(number).st_ino))
    load_faces()
    arrays = list(_images_file(course_data).parent.glob("*.npy"))
    assert {path.stat().st_ino for path in arrays} <= synced


def test_an_interrupted_reading_leaves_nothing(fer2013, monkeypatch, caches):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_faces()
    assert caches() == []


def test_two_processes_may_read_at_once(fer2013, caches):
    code = "from fercourse.dataset import load_faces; print(len(load_faces('Training')))"
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate()[0].strip() for process in both] == ["28"] * 3
    assert len(caches()) == 1


def test_a_faceset_says_what_does_not_fit():
    images = np.zeros((3, 48, 48), np.uint8)
    fine = {"labels": np.zeros(3, np.uint8), "usage": np.zeros(3, np.uint8), "rows": np.arange(3)}
    FaceSet(images, **fine, source="x", kind="drawn")
    with pytest.raises(ValueError, match="labels must hold one value for each of the 3"):
        FaceSet(images, **fine | {"labels": np.zeros(2, np.uint8)}, source="x", kind="drawn")
    with pytest.raises(ValueError, match=r"images must be uint8 \(n, 48, 48\)"):
        FaceSet(images.astype(float), **fine, source="x", kind="drawn")
    for name in ("labels", "usage"):
        with pytest.raises(ValueError, match=f"{name} must be uint8, not int64"):
            FaceSet(images, **fine | {name: np.zeros(3, np.int64)}, source="x", kind="drawn")
    with pytest.raises(ValueError, match="below 7"):
        FaceSet(images, **fine | {"labels": np.full(3, 7, np.uint8)}, source="x", kind="drawn")


def test_a_faceset_says_what_it_is_in_one_line(fer2013):
    faces = load_faces()
    assert repr(faces) == "<45 faces: faces from fer2013.csv, seven classes>"
    assert repr(faces.take([0])).startswith("<1 face: ")


def test_splits_are_named_for_each_face(fer2013):
    faces = load_faces()
    assert (faces.splits == "PublicTest").sum() == 9
    assert np.array_equal(faces.take(faces.splits == "Training").rows, load_faces("Training").rows)


def test_take_by_mask_and_by_position_agree(fer2013):
    faces = load_faces()
    mask = faces.labels == 3
    assert np.array_equal(faces.take(mask).rows, faces.take(np.flatnonzero(mask)).rows)
    assert np.array_equal(faces.take(mask).validation, faces.validation[mask])


def test_the_settings_name_fer2013_when_the_environment_does_not(tmp_path, faces):
    path = tmp_path / "fer2013.csv"
    path.write_text(csv_text(faces))
    workspace.remember("fer2013", str(path))
    assert load_faces().kind == "fer2013"


def test_faces_at_a_path_are_read_once_without_becoming_the_faces_in_use(tmp_path, faces):
    other = write_zip(tmp_path / "other.zip", pictures(make_faces((3, 4, 0), seed=9)))
    in_use = write_zip(tmp_path / "mine.zip", pictures(faces))
    workspace.remember("fer2013", str(in_use))
    assert len(load_faces("PublicTest", path=other)) == 4
    assert len(load_faces("PublicTest", path=other, source="drawn")) == 4
    assert len(load_faces("PublicTest")) == 9
