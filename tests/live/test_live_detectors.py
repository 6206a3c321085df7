"""Detectors find faces, keep their promises, and take any frame."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from fercourse.drawn import scene
from fercourse.errors import CourseError
from fercourse.live.detectors import HaarDetector, YuNetDetector
from fercourse.live.faces import Box, Detector

YUNET = Path(os.environ.get("FERCOURSE_MODELS", "")) / "face_detection_yunet_2023mar.onnx"


@pytest.fixture(params=["haar", "yunet"])
def detector(request):
    if request.param == "haar":
        return HaarDetector()
    if not YUNET.is_file():
        pytest.skip("FERCOURSE_MODELS names no folder with YuNet")
    return YuNetDetector(YUNET)


@pytest.fixture(scope="module")
def party():
    return scene(people=4, width=1280, height=720, seed=2, variety=0.3, turned=0.0)


def matched(boxes, truth):
    """Return for each person the largest share in common with a box that was found."""
    return [max((box.intersection_over_union(who) for box in boxes), default=0) for who in truth]


def test_everybody_is_found_where_they_are(detector, party):
    truth = [Box(*who.box) for who in party.truth]
    found = detector.detect(party.frame)
    assert len(found) == 4
    assert min(matched([face.box for face in found], truth)) > 0.5


def test_it_keeps_the_contract(detector, party):
    assert isinstance(detector, Detector)
    found = detector.detect(party.frame)
    assert [face.score for face in found] == sorted((f.score for f in found), reverse=True)
    for face in found:
        assert 0 < face.score <= 1
        assert face.box.width > 0
        assert face.box.height > 0
        if detector.name == "yunet":
            assert face.landmarks.shape == (5, 2)
            assert face.landmarks.dtype == np.float32
        else:
            assert face.landmarks is None


def test_a_large_frame_gives_the_same_places(detector, party):
    large = cv2.resize(party.frame, (3840, 2160))
    one = sorted(face.box.x for face in detector.detect(party.frame))
    other = sorted(face.box.x / 3 for face in detector.detect(large))
    np.testing.assert_allclose(one, other, atol=6)


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (480, 2), (17, 31)])
def test_frames_without_room_for_a_face_have_none(detector, size):
    assert detector.detect(np.full((*size, 3), 128, np.uint8)) == []


class NetworkThatRemembers:
    """Stands for OpenCV's, which finds faces in stray memory only now and then."""

    def __init__(self):
        self.seen = []

    def setInputSize(self, size):
        self.size = size

    def detect(self, image):
        assert image.shape[1::-1] == self.size
        self.seen.append(image)
        return 0, None


@pytest.mark.parametrize("size", [(3, 500), (480, 2), (17, 31), (63, 63), (1, 1)])
def test_yunet_is_never_asked_about_so_few_rows_that_opencv_reads_stray_memory(monkeypatch, size):
    network = NetworkThatRemembers()
    monkeypatch.setattr(cv2.FaceDetectorYN, "create", lambda *_: network)
    YuNetDetector("yunet.onnx").detect(np.full((*size, 3), 128, np.uint8))
    (image,) = network.seen
    assert min(image.shape[:2]) >= 64
    assert image[0, 0, 0] == 128
    assert image[-1, -1, 0] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((10, 10, 3), np.float32),
        np.zeros((0, 10, 3), np.uint8),
    ],
)
def test_what_is_no_frame_is_refused(detector, wrong):
    with pytest.raises(ValueError, match="a frame must be"):
        detector.detect(wrong)


def test_a_file_that_is_no_network_is_refused_in_a_sentence(tmp_path):
    broken = tmp_path / "yunet.onnx"
    broken.write_bytes(b"no network")
    with pytest.raises(CourseError, match="cannot read the face detector"):
        YuNetDetector(broken)
