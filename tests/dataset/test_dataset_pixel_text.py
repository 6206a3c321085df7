"""Pixels written as text are read exactly, and anything doubtful is refused."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fercourse.dataset.pixel_text import PIXELS, parse_pixels


def _text(values):
    return " ".join(map(str, values)).encode()


def _random(seed, largest=255):
    return np.random.default_rng(seed).integers(0, largest + 1, PIXELS).astype(np.uint8)


@given(st.lists(st.tuples(st.integers(0, 1000), st.sampled_from([1, 9, 99, 255])), max_size=5))
def test_what_is_written_is_read(kinds):
    faces = [_random(seed, largest) for seed, largest in kinds]
    read = parse_pixels([_text(face) for face in faces]) if faces else None
    if faces:
        assert np.array_equal(read, np.reshape(faces, (-1, 48, 48)))


def test_more_faces_than_are_parsed_at_once():
    faces = [_random(seed) for seed in range(150)]
    assert np.array_equal(parse_pixels(list(map(_text, faces))), np.reshape(faces, (-1, 48, 48)))


def _exactly(text):
    """Read one text slowly by its definition; None where it is not of the usual kind."""
    words = text.split(b" ")
    fine = len(words) == PIXELS and all(
        word.isdigit() and len(word) <= 3 and int(word) <= 255 for word in words
    )
    return [int(word) for word in words] if fine else None


@given(
    seed=st.integers(0, 50),
    place=st.floats(0, 1, exclude_max=True),
    put=st.binary(min_size=1, max_size=4).filter(lambda data: b"\n" not in data),
    instead=st.integers(0, 4),
)
def test_any_change_is_read_as_the_definition_says_or_refused(seed, place, put, instead):
    text = _text(_random(seed))
    start = int(place * len(text))
    changed = text[:start] + put + text[start + instead :]
    assume(not changed.startswith(b" ") and not changed.endswith(b" "))
    read = parse_pixels([_text(_random(seed + 1)), changed])
    expected = _exactly(changed)
    if expected is None:
        assert read is None
    else:
        assert read[1].ravel().tolist() == expected


@pytest.mark.parametrize(
    "number", [b"256", b"299", b"300", b"999", b"0255", b"-1", b"1e2", b"", b"+5"]
)
@pytest.mark.parametrize("position", [0, 1000, PIXELS - 1])
def test_a_number_that_is_none_is_refused(number, position):
    words = _text(_random(1)).split(b" ")
    words[position] = number
    assert parse_pixels([b" ".join(words)]) is None


def test_numbers_may_not_move_from_one_face_to_the_next():
    words = [_text(_random(seed)).split(b" ") for seed in (1, 2)]
    texts = [b" ".join(words[0] + words[1][:1]), b" ".join(words[1][1:])]
    assert parse_pixels(texts) is None
