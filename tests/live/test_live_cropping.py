"""Faces are cut out as FER2013 frames them, whatever their place, size and tilt."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fercourse.drawn import faces
from fercourse.live.cropping import BOX_IN_FER2013, LANDMARKS_IN_FER2013, crop
from fercourse.live.faces import Box, Face


@pytest.fixture(scope="module")
def portrait():
    """A drawn face, 240 by 240, framed as FER2013 does."""
    return cv2.cvtColor(faces(1, seed=3, size=240, color=True).images[0], cv2.COLOR_RGB2BGR)


def framed_as_fer2013(scale=1.0, right=0.0, down=0.0):
    """Return a face whose box and landmarks lie as in FER2013, in a frame so much larger."""
    box = Box(*(value * scale for value in BOX_IN_FER2013)).moved(right, down)
    return Face(box, 1.0, LANDMARKS_IN_FER2013 * scale + np.float32([right, down]))


def small(picture):
    return cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (48, 48), None, 0, 0, 3)


@pytest.mark.parametrize("align", [True, False])
def test_a_picture_of_fer2013_stays_as_it_is(portrait, align):
    picture = cv2.resize(portrait, (48, 48), interpolation=cv2.INTER_AREA)
    cut = crop(picture, [framed_as_fer2013()], align=align)
    assert cut.shape == (1, 48, 48)
    assert cut.dtype == np.uint8
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    assert np.abs(cut[0].astype(int) - gray).max() <= 1


@pytest.mark.parametrize("align", [True, False])
def test_a_large_face_is_averaged_and_not_picked_out(portrait, align):
    noisy = portrait.astype(int) + np.random.default_rng(0).integers(-40, 41, portrait.shape)
    noisy = noisy.clip(0, 255).astype(np.uint8)
    # Pixels are squares: the middle of the first of 48 is the middle of the first five of 240.
    cut = crop(noisy, [framed_as_fer2013(5, 2, 2)], align=align)[0]
    assert np.abs(cut.astype(float) - small(noisy)).mean() < 1.5


@settings(max_examples=20, deadline=None)
@given(st.floats(-40, 40), st.floats(0.6, 1.6))
def test_a_tilted_face_comes_out_upright(portrait, degrees, scale):
    around = cv2.copyMakeBorder(portrait, 120, 120, 120, 120, cv2.BORDER_REPLICATE)
    turn = cv2.getRotationMatrix2D((240, 240), degrees, scale)
    turned = cv2.warpAffine(around, turn, (480, 480), borderMode=cv2.BORDER_REPLICATE)
    upright = framed_as_fer2013(5, 122, 122)
    landmarks = cv2.transform(upright.landmarks[None], turn)[0].astype(np.float32)
    tilted = Face(upright.box, 1.0, landmarks)
    one, other = crop(around, [upright])[0], crop(turned, [tilted])[0]
    inside = slice(8, 40)
    assert np.abs(one[inside, inside].astype(float) - other[inside, inside]).mean() < 4


def test_without_landmarks_or_by_wish_the_box_decides(portrait):
    face = framed_as_fer2013(5, 2, 2)
    bare = Face(face.box, 1.0)
    np.testing.assert_array_equal(crop(portrait, [bare]), crop(portrait, [face], align=False))


def test_faces_at_the_edge_and_beyond_repeat_the_border(portrait):
    outside = Face(Box(-500, -500, 100, 120), 1.0)
    cut = crop(portrait, [outside, framed_as_fer2013(5, -150, 0)])
    assert cut.shape == (2, 48, 48)
    assert np.ptp(cut[0]) == 0


def test_no_faces_are_no_pictures(portrait):
    assert crop(portrait, []).shape == (0, 48, 48)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (2000, 3)])
def test_a_frame_of_any_size_will_do(size):
    frame = np.zeros((*size, 3), np.uint8)
    assert crop(frame, [Face(Box(0, 0, 1, 1), 1.0)]).shape == (1, 48, 48)
