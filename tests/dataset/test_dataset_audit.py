"""The audit finds what was planted, and nothing else."""

import json

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fercourse.dataset.audit.findings import audit
from fercourse.dataset.audit.near import near_pairs
from fercourse.dataset.audit.report import as_json, write_report
from fercourse.dataset.faceset import FaceSet
from fercourse.plots import contact_sheet


def smooth_images(n, seed=0):
    """Return images as smooth as photographs, none like another."""
    noise = np.random.default_rng(seed).normal(size=(n, 48, 48))
    blurred = np.stack([cv2.GaussianBlur(image, (0, 0), 3) for image in noise])
    low = blurred.min(axis=(1, 2), keepdims=True)
    high = blurred.max(axis=(1, 2), keepdims=True)
    return ((blurred - low) / (high - low) * 255).astype(np.uint8)


@pytest.fixture
def planted():
    """Sixty faces.

    0 and 1 are blank; 2 = 3; 4 = 55 in another split; 5 = 6 = 7 with other labels; 8 is 9
    scaled up a little; 10 is 11 in a mirror, brighter.
    """
    images = smooth_images(60)
    labels = (np.arange(60) % 7).astype(np.uint8)
    usage = np.repeat([0, 1], [50, 10]).astype(np.uint8)
    images[0], images[1] = 0, 200
    images[3], labels[3] = images[2], labels[2]
    images[55], labels[55] = images[4], labels[4]
    images[6] = images[7] = images[5]
    images[8] = cv2.resize(images[9], (50, 50))[1:49, 1:49]
    images[10] = np.clip(images[11][:, ::-1].astype(int) * 0.8 + 40, 0, 255).astype(np.uint8)
    return FaceSet(images, labels, usage, "planted faces", "fer2013", np.arange(60) + 100)


def test_everything_planted_is_found(planted):
    found = audit(planted)
    assert found.blanks == [0, 1]
    assert found.duplicates == [[2, 3], [4, 55], [5, 6, 7]]
    assert found.across_splits == [[4, 55]]
    assert found.contradictions == [[5, 6, 7]]
    assert found.surplus == 4
    near = zip(found.near.pairs.tolist(), found.near.mirrored.tolist(), strict=True)
    assert sorted(near) == [([8, 9], False), ([10, 11], True)]
    assert found.as_published == (False, False, None)
    assert found.counts.sum() == 60
    assert found.counts[1].sum() == 10


def test_blank_images_that_are_equal_count_as_surplus():
    images = np.zeros((5, 48, 48), np.uint8)
    images[3:] = 9
    zeros = np.zeros(5, np.uint8)
    found = audit(FaceSet(images, zeros, zeros, "blank faces", "drawn", np.arange(5)))
    assert (len(found.blanks), found.surplus, found.duplicates) == (5, 3, [])


@settings(max_examples=20)
@given(st.integers(0, 200))
def test_nothing_is_found_among_different_images(seed):
    images = smooth_images(12, seed)
    assert len(near_pairs(images, np.arange(12)).pairs) == 0


def test_every_near_pair_is_found_that_comparing_all_pixels_finds():
    base = smooth_images(20, 3).astype(float)
    rng = np.random.default_rng(4)
    noisy = base + rng.normal(size=base.shape) * rng.uniform(2, 60, (20, 1, 1))
    images = np.clip(np.concatenate([base, noisy, base[:5, :, ::-1]]), 0, 255).astype(np.uint8)
    flat = images.reshape(45, -1).astype(float)
    mirrored = images[:, :, ::-1].reshape(45, -1).astype(float)
    expected = set()
    for other in (flat, mirrored):
        matrix = np.corrcoef(flat, other)[:45, 45:]
        expected |= {(i, j) for i, j in np.argwhere(matrix >= 0.92).tolist() if i < j}
    assert {tuple(pair) for pair in near_pairs(images, np.arange(45)).pairs.tolist()} == expected


def test_the_report_names_faces_by_row_and_links_its_sheets(planted, tmp_path):
    written = write_report(audit(planted), tmp_path / "audit", ["3 pictures were in color."])
    names = {path.name for path in written}
    assert names == {
        "audit.md", "audit.json", "classes.png", "blanks.png", "duplicates.png",
        "across_splits.png", "contradictions.png", "near_duplicates.png",
    }  # fmt: skip
    assert all(path.stat().st_size > 0 for path in written)
    found = json.loads((tmp_path / "audit" / "audit.json").read_text())
    assert found["blank_images"]["rows"] == [100, 101]
    assert found["exact_duplicates"]["rows"] == [[102, 103], [104, 155], [105, 106, 107]]
    text = (tmp_path / "audit" / "audit.md").read_text()
    assert "3 pictures were in color." in text
    assert all(f"({name})" in text for name in names if name.endswith(".png"))


def test_every_figure_and_the_text_name_source_and_classes(planted, tmp_path, monkeypatch):
    figures = []

    def noted(*args, **choices):
        figures.append(contact_sheet(*args, **choices))
        return figures[-1]

    monkeypatch.setattr("fercourse.dataset.audit.report.contact_sheet", noted)
    write_report(audit(planted), tmp_path, [])
    assert len(figures) == 6
    for figure in figures:
        assert planted.title in [text.get_text() for text in figure.axes[0].texts]
    assert (tmp_path / "audit.md").read_text().startswith(f"# Audit: {planted.title}\n")
    assert json.loads((tmp_path / "audit.json").read_text())["class_scheme"] == "seven classes"


def test_a_sheet_of_an_earlier_audit_does_not_stay(planted, tmp_path):
    write_report(audit(planted), tmp_path, [])
    write_report(audit(planted.take(np.arange(20, 50))), tmp_path, [])
    assert {path.name for path in tmp_path.iterdir()} == {"audit.md", "audit.json", "classes.png"}


def test_json_holds_plain_values_only(planted):
    assert json.loads(json.dumps(as_json(audit(planted))))["faces"] == 60
