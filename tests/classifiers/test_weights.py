"""Weights on disk: what is written is read, and nothing else is."""

import dataclasses
import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file
from small_networks import random_weights

from fercourse.classifiers.architectures import build, plan_of
from fercourse.classifiers.architectures.shapes import fingerprint
from fercourse.classifiers.notes import UNFITTED
from fercourse.classifiers.weights import (
    FORMAT,
    LARGEST_FILE,
    checksum_of,
    fill,
    read_weights,
    weights_of,
    write_weights,
)
from fercourse.emotions import SEVEN, class_scheme
from fercourse.errors import CourseError

HEADER = {
    "format": FORMAT,
    "architecture": "baseline",
    "layers": fingerprint(plan_of("baseline")),
    "classes": ",".join(SEVEN),
}
SIX = {
    "classes": ",".join(class_scheme(6).classes),
    "layers": fingerprint(plan_of("baseline", 6)),
}


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "a network.safetensors"
    write_weights(file, random_weights())
    return file


def header_of(file):
    content = file.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8 : 8 + size]), content[8 + size :]


def rewrite(file, header, body):
    text = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + body)


def with_tensors(file, change, **header):
    """Write the file anew with other tensors and a checksum that fits them."""
    tensors = {name: t.copy() for name, t in read_weights(file).tensors.items()}
    tensors = change(tensors) or tensors
    save_file(tensors, file, HEADER | {"checksum": checksum_of(tensors)} | header)


def test_what_is_written_in_float32_is_read_exactly(tmp_path):
    weights = dataclasses.replace(random_weights(), notes={"trained": "in a test, 3 epochs"})
    file = tmp_path / "new folder" / "network.safetensors"
    checksum = write_weights(file, weights, "float32")
    found = read_weights(file)
    assert (found.architecture, found.classes) == ("baseline", SEVEN)
    assert found.notes == weights.notes
    assert found.checksum == checksum
    for name, tensor in weights.tensors.items():
        np.testing.assert_array_equal(found.tensors[name], tensor)


def test_float16_rounds_kernels_only_and_halves_the_file(tmp_path):
    weights = random_weights()
    whole, half = tmp_path / "whole.safetensors", tmp_path / "half.safetensors"
    write_weights(whole, weights, "float32")
    write_weights(half, weights)
    assert half.stat().st_size < 0.55 * whole.stat().st_size
    for name, tensor in read_weights(half).tensors.items():
        if name.endswith("kernel"):
            assert tensor.dtype == np.float16
            np.testing.assert_allclose(tensor, weights.tensors[name], rtol=1e-3, atol=1e-6)
        else:
            np.testing.assert_array_equal(tensor, weights.tensors[name])


def test_a_kernel_too_large_for_float16_stays_float32(tmp_path):
    tensors = random_weights().tensors | {"dense_2/kernel": np.full((64, 7), 1e6, np.float32)}
    file = tmp_path / "large.safetensors"
    write_weights(file, dataclasses.replace(random_weights(), tensors=tensors))
    assert read_weights(file).tensors["dense_2/kernel"].dtype == np.float32


def test_the_checksum_does_not_depend_on_the_order_but_on_all_else():
    tensors = random_weights().tensors
    assert checksum_of(dict(reversed(tensors.items()))) == checksum_of(tensors)
    name = "dense_2/bias"
    changed = tensors | {name: tensors[name] + np.float32(1e-6)}
    renamed = {key.replace("dense_2", "dense_3"): value for key, value in tensors.items()}
    halved = tensors | {name: tensors[name].astype(np.float16)}
    assert len({checksum_of(t) for t in (tensors, changed, renamed, halved)}) == 4


def test_a_keras_model_and_a_file_hold_the_same(path):
    model = build("baseline")
    fill(model, read_weights(path))
    again = weights_of(model, "baseline", SEVEN)
    for name, tensor in read_weights(path).tensors.items():
        np.testing.assert_array_equal(again.tensors[name], tensor.astype(np.float32))


def test_a_model_of_another_architecture_is_refused(path):
    with pytest.raises(ValueError, match="is no lean"):
        weights_of(build("baseline"), "lean", SEVEN)
    with pytest.raises(ValueError, match="is no baseline"):
        fill(build("live"), read_weights(path))
    six = class_scheme(6).classes
    with pytest.raises(ValueError, match=r"shape \(64, 7\), not \(64, 6\)"):
        weights_of(build("baseline"), "baseline", six)


def test_a_model_that_diverged_is_not_kept():
    model = build("baseline")
    model.layers[-1].bias.assign(np.full(7, np.nan))
    with pytest.raises(ValueError, match=r"dense_2/bias.*NaN"):
        weights_of(model, "baseline", SEVEN)


def test_a_failure_while_writing_leaves_the_old_file(path, monkeypatch):
    before = path.read_bytes()

    def full_disk(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full_disk)
    with pytest.raises(CourseError, match="No space left"):
        write_weights(path, random_weights(seed=1))
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir() if other.is_file()] == [path.name]


def test_another_ending_and_notes_that_shadow_the_format_are_refused(tmp_path):
    with pytest.raises(CourseError, match="named otherwise"):
        write_weights(tmp_path / "network.h5", random_weights())
    for notes in ({"checksum": "0"}, {"story": "x" * 5000}):
        with pytest.raises(ValueError, match="the note"):
            write_weights(
                tmp_path / "n.safetensors", dataclasses.replace(random_weights(), notes=notes)
            )


# Bad files, each with its sentence.


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(CourseError, match=r"no file .*Check the path"):
        read_weights(tmp_path / "absent.safetensors")
    with pytest.raises(CourseError, match="no file"):
        read_weights(tmp_path)


@pytest.mark.parametrize("kept", [0, 4, 8, 500, 0.5, 0.999])
def test_a_truncated_file(path, kept):
    content = path.read_bytes()
    size = kept if isinstance(kept, int) else int(kept * len(content))
    path.write_bytes(content[:size])
    with pytest.raises(CourseError, match="damaged, truncated"):
        read_weights(path)


def test_a_file_with_something_behind_it(path):
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(CourseError, match="damaged"):
        read_weights(path)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9, 0.9999])
def test_one_altered_bit_among_the_numbers(path, place):
    header, body = header_of(path)
    altered = bytearray(body)
    altered[int(place * len(body))] ^= 1
    rewrite(path, header, bytes(altered))
    with pytest.raises(CourseError, match="altered or damaged"):
        read_weights(path)


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("fitted_on", "everything"),
        ("chosen_on", "fit, elsewhere"),
        ("faces", "photographs"),
        ("class_scheme", "eight"),
        ("training_seconds", "soon"),
        ("training_seconds_without_teachers", "nan"),
    ],
)
def test_a_note_that_says_what_none_can_is_refused(path, name, note):
    """The checksum is of the numbers alone."""
    header, body = header_of(path)
    header["__metadata__"][name] = note
    rewrite(path, header, body)
    with pytest.raises(CourseError, match=f"altered or damaged.*its note {name} says '{note}'"):
        read_weights(path)
    with pytest.raises(ValueError, match=name):
        write_weights(path, dataclasses.replace(random_weights(), notes={name: note}))


@pytest.mark.parametrize(
    "notes",
    [
        {"faces": "FER2013 (fer2013.csv)", "fitted_on": "training, PublicTest", "chosen_on": ""},
        {"faces": "drawn", "fitted_on": UNFITTED, "training_seconds": "93.5"},
    ],
)
def test_notes_that_models_have_are_read(path, notes):
    write_weights(path, dataclasses.replace(random_weights(), notes=notes))
    assert read_weights(path).notes == notes


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    file = tmp_path_factory.mktemp("whole") / "network.safetensors"
    write_weights(file, dataclasses.replace(random_weights(), notes={"story": "none"}))
    return file.read_bytes()


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255), st.booleans()), max_size=3))
@settings(max_examples=150)
def test_whatever_is_altered_no_other_numbers_are_read(tmp_path_factory, content, changes):
    """Either a sentence says that the file is of no use, or all numbers are as they were."""
    altered = bytearray(content)
    for place, value, in_header in changes:
        last = 1000 if in_header else len(content) - 1
        altered[int(place * last)] = value
    file = tmp_path_factory.getbasetemp() / "altered.safetensors"
    file.write_bytes(altered)
    try:
        found = read_weights(file)
    except CourseError as error:
        assert str(file) in str(error)
        return
    expected = random_weights()
    assert (found.architecture, found.classes) == (expected.architecture, expected.classes)
    assert found.tensors.keys() == expected.tensors.keys()
    assert checksum_of(found.tensors) == found.checksum


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" + b"0" * 500,
        b"\x89HDF\r\n\x1a\n" + b"0" * 500,
        b"\x80\x04cos\nsystem\n(S'touch /tmp/owned'\ntR.",
        struct.pack("<Q", 10 * 2**30) + b"{}",  # a header of 10 GB
        struct.pack("<Q", 2**64 - 1) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 4) + b"\xff\xfe{}",
        struct.pack("<Q", 2) + b"{}",
        b"emotion,pixels\n" * 100,
    ],
)
def test_files_that_are_something_else(tmp_path, content):
    file = tmp_path / "other.safetensors"
    file.write_bytes(content)
    with pytest.raises(CourseError, match=r"damaged|not written by this course"):
        read_weights(file)


def test_a_deeply_nested_header(tmp_path):
    file = tmp_path / "nested.safetensors"
    text = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
    file.write_bytes(struct.pack("<Q", len(text)) + text)
    with pytest.raises(CourseError, match="damaged"):
        read_weights(file)


def test_a_huge_file_is_not_even_opened(tmp_path):
    file = tmp_path / "huge.safetensors"
    with file.open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)  # takes no room on the disk
    with pytest.raises(CourseError, match="Is it the right file"):
        read_weights(file)


def test_tensors_that_claim_more_than_there_is(path):
    header, body = header_of(path)
    header["dense_2/kernel"]["data_offsets"][1] += 2**40
    rewrite(path, header, body)
    with pytest.raises(CourseError, match="damaged"):
        read_weights(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "other-2"}, "'other-2'.*expected"),
        ({"format": None}, "does not say which format"),
        ({"architecture": "laen"}, "no network architecture 'laen'. Did you mean lean"),
        ({"architecture": "lean"}, "does not hold the weights of lean as it is now"),
        (
            {"architecture": "lean", "layers": fingerprint(plan_of("lean"))},
            "does not hold the weights of lean: .* missing",
        ),
        ({"layers": "0" * 16}, "written for other layers. Train it again"),
        ({"layers": None}, "written for other layers"),
        ({"classes": "Happy,Sad"}, "the classes of no scheme"),
        (SIX, r"shape \(64, 7\), not \(64, 6\)"),
        ({"checksum": None}, "altered or damaged"),
        ({"checksum": "0" * 64}, "altered or damaged"),
    ],
)
def test_a_header_that_tells_of_something_else(path, change, said):
    header, body = header_of(path)
    for key, value in change.items():
        header["__metadata__"].pop(key)
        if value is not None:
            header["__metadata__"][key] = value
    rewrite(path, header, body)
    with pytest.raises(CourseError, match=said):
        read_weights(path)


def drop(tensors):
    del tensors["dense_1/kernel"]


def drop_all(tensors):
    return {"x": np.zeros(1, np.float32)}


def add(tensors):
    tensors["backdoor/kernel"] = np.zeros((2, 2), np.float32)


def reshape(tensors):
    tensors["convolution_1/kernel"] = np.zeros((5, 5, 1, 16), np.float32)


def doubles(tensors):
    tensors["dense_2/bias"] = np.zeros(7, np.float64)


def whole(tensors):
    tensors["dense_2/bias"] = np.zeros(7, np.int32)


def nan(tensors):
    tensors["dense_2/bias"][3] = np.nan


def infinite(tensors):
    tensors["dense_2/kernel"][0, 0] = np.inf


def negative(tensors):
    tensors["normalization_1/moving_variance"][0] = -1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (drop, "dense_1/kernel is missing"),
        (drop_all, r"convolution_1/kernel and \d+ more are missing"),
        (add, "backdoor/kernel is unknown to it"),
        (reshape, r"convolution_1/kernel has the shape \(5, 5, 1, 16\), not \(3, 3, 1, 16\)"),
        (doubles, "dense_2/bias is neither float16 nor float32"),
        (whole, "dense_2/bias is neither float16 nor float32"),
        (nan, "dense_2/bias has numbers that are NaN"),
        (infinite, "dense_2/kernel has numbers that are NaN, infinite"),
        (negative, "normalization_1/moving_variance has numbers that are.*below 0"),
    ],
)
def test_tensors_that_are_not_the_architecture_s(path, change, said):
    with_tensors(path, change)
    with pytest.raises(CourseError, match=said):
        read_weights(path)
