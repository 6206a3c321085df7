"""``course.py web`` through its front door: served, asked, and used in a real Chromium."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from served_page import ServedPage, chromium, ended, needs_ctrl_c, opened, served
from small_networks import random_weights

from fercourse.classifiers.weights import write_weights
from fercourse.commands._serving import listening
from fercourse.drawn import scene
from fercourse.errors import CourseError

web = pytest.importorskip("fercourse.live.web", reason="the extra web is not installed")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "w.safetensors"
    write_weights(path, random_weights("live"))
    return path


@pytest.fixture(scope="module")
def words(model):
    return "web", "--model", str(model)


@pytest.fixture(scope="module")
def address(words, tmp_path_factory):
    process, found = served(tmp_path_factory.mktemp("served"), *words)
    yield found
    ended(process)


class TestServed(ServedPage):
    """See there."""


def test_without_a_port_the_next_free_one_is_taken():
    with listening("127.0.0.1", None) as one, listening("127.0.0.1", None) as two:
        assert two.getsockname()[1] > one.getsockname()[1] >= 7860


@pytest.mark.parametrize("host", ["192.0.2.1", "no such machine"])
def test_an_address_of_no_machine_here_is_a_sentence(host):
    with pytest.raises(CourseError, match="is no address of this machine"):
        listening(host, None)


class Reader:
    """Stands for a reader, and knows whose it is."""


def test_each_visitor_has_a_reader_and_the_oldest_is_forgotten():
    visitors = web.Visitors(Reader, most=2)
    ada = visitors.visitor("ada").reader
    assert visitors.visitor("bob").reader is not ada
    assert visitors.visitor("ada").reader is ada
    visitors.visitor("cy")
    assert len(visitors) == 2
    assert visitors.visitor("ada").reader is ada
    visitors.forget("ada")
    visitors.forget("nobody")
    assert visitors.visitor("ada").reader is not ada


def test_names_of_classes_cannot_be_markup(monkeypatch):
    from fercourse.live.faces import Box, Face
    from fercourse.live.reader import LabelledFace
    from fercourse.live.smoothing import Reading

    shares = np.float32([0.25, 0.75])
    face = LabelledFace(1, Face(Box(0, 0, 9, 9), 1.0), shares, Reading(shares, 1))
    table = web.table_of([face], ["<b>", "&"])
    assert "<th>&lt;b&gt;</th>" in table
    assert "<td>&amp;</td><td>25%</td><td>75%</td>" in table
    assert "No faces" in web.table_of([], ["a"])


# In a real browser


def fake_camera(path: Path) -> Path:
    """Write a short drawn video of one person as Chromium wants a camera's."""
    frames = []
    for turn in range(10):
        drawn = scene(people=1, width=640, height=480, seed=5, turned=0.0, face_height=220).frame
        frames.append(cv2.imencode(".jpg", np.roll(drawn, 2 * turn, axis=1))[1].tobytes())
    path.write_bytes(b"".join(frames))
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    camera = fake_camera(tmp_path_factory.mktemp("camera") / "camera.mjpeg")
    with chromium(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ) as browser:
        yield browser


def start_webcam(page):
    """Let the page's webcam run."""
    page.get_by_role("tab", name="Webcam").click()
    page.get_by_text("Click to Access Webcam").click()
    page.get_by_role("button", name="capture photo").click()


def wait_for_frames(page):
    """Wait until the webcam's labelled frame was there, and then another."""
    page.wait_for_selector(".live img", timeout=60_000)
    first = page.locator(".live img").get_attribute("src")
    page.wait_for_function(
        "was => document.querySelector('.live img').src !== was", arg=first, timeout=30_000
    )


@pytest.fixture
def page(browser, address):
    with opened(browser, address) as page:
        yield page


@pytest.mark.slow
def test_a_photograph_that_is_dropped_in_is_labelled(page, tmp_path):
    picture = tmp_path / "three.png"
    cv2.imwrite(str(picture), scene(people=3, width=640, height=480, seed=3, turned=0.0).frame)
    page.set_input_files("input[type=file]", str(picture))
    page.wait_for_selector("table tbody tr", timeout=60_000)
    assert page.locator("table tbody tr").count() == 3
    headings = page.locator("table th").all_inner_texts()
    assert headings[:2] == ["face", "label"]
    assert "Surprise" in headings


@pytest.mark.slow
@needs_ctrl_c
def test_a_file_that_is_no_picture_is_a_sentence(browser, words, tmp_path):
    process, address = served(tmp_path, *words)
    page = browser.new_page()
    page.goto(address)
    broken, whole = tmp_path / "broken.jpg", tmp_path / "two.png"
    broken.write_bytes(b"no picture")
    cv2.imwrite(str(whole), scene(people=2, width=640, height=480, seed=3, turned=0.0).frame)
    page.set_input_files("input[type=file]", str(broken))
    page.get_by_text("broken.jpg is no picture that can be read").wait_for(timeout=60_000)
    said = page.locator("body").inner_text()
    assert str(tmp_path) not in said
    assert "Error" not in said
    page.get_by_role("button", name="Remove").first.click()
    page.set_input_files("input[type=file]", str(whole))
    page.wait_for_selector("table tbody tr", timeout=60_000)
    page.close()
    assert "Traceback" not in ended(process)[1]


@pytest.mark.slow
def test_the_webcam_is_labelled_while_it_runs(page):
    start_webcam(page)
    wait_for_frames(page)
    page.wait_for_function(
        "() => document.querySelector('.live p').innerText.startsWith('1 face, read in')"
    )


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en-US", "de-DE", "pt-BR", "is-IS"])
def test_the_webcams_button_says_what_it_does(browser, address, language):
    """Gradio's own word is "Record", and nothing is recorded."""
    page = browser.new_page(locale=language)
    page.goto(address)
    page.get_by_role("tab", name="Webcam").click()
    page.get_by_text("Click to Access Webcam").click()
    button = page.get_by_role("button", name="capture photo")
    assert button.inner_text().strip() == "Start"
    button.click()
    wait_for_frames(page)
    assert button.inner_text().strip() == "Stop"
    page.close()


@pytest.mark.slow
def test_nobody_waits_until_another_visitors_webcam_ends(page, browser, address, tmp_path):
    start_webcam(page)
    wait_for_frames(page)
    second, third = browser.new_page(), browser.new_page()
    second.goto(address)
    start_webcam(second)
    wait_for_frames(second)
    third.goto(address)
    picture = tmp_path / "two.png"
    cv2.imwrite(str(picture), scene(people=2, width=640, height=480, seed=3, turned=0.0).frame)
    third.set_input_files("input[type=file]", str(picture))
    third.wait_for_selector("table tbody tr", timeout=60_000)
    wait_for_frames(page)
    wait_for_frames(second)
    second.close()
    third.close()
