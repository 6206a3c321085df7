"""``course.py models``: a detector is fetched, checked, found, and missed in a sentence."""

import hashlib
import http.server
import json
import threading

import pytest

from fercourse import cli
from fercourse.errors import CourseError
from fercourse.live import model_files
from fercourse.live.model_files import YUNET_FILE, detector_of, fetch_yunet, yunet_file

CONTENT = b"the published file"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty data folder, and a short file that counts as the published one."""
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FERCOURSE_MODELS", raising=False)
    monkeypatch.setattr(model_files, "YUNET_SHA256", hashlib.sha256(CONTENT).hexdigest())
    return tmp_path


@pytest.fixture
def server(monkeypatch):
    """A server that knows nothing, then one that has the file."""

    class Files(http.server.BaseHTTPRequestHandler):
        files = {"/yunet": CONTENT, "/altered": CONTENT + b"!"}  # noqa: RUF012

        def do_GET(self):
            content = self.files.get(self.path)
            self.send_response(200 if content else 404)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()

        def addresses(*paths):
            there = f"http://127.0.0.1:{running.server_port}"
            monkeypatch.setattr(model_files, "YUNET_ADDRESSES", [there + path for path in paths])

        yield addresses
        running.shutdown()


@pytest.fixture
def course(capsys):
    def run(*arguments):
        code = cli.main(["models", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_without_yunet_haar_is_taken_and_it_is_said_why(course):
    code, out, _ = course("status")
    assert code == 0
    assert "Haar's cascade" in out
    assert "models get" in out
    said = json.loads(course("status", "--json")[1])
    assert said["detector"] == "haar"


def test_yunet_is_fetched_from_the_first_server_that_has_it(course, server, home):
    server("/nothing", "/altered", "/yunet")
    code, out, _ = course("get")
    assert code == 0
    assert "fetched and checked" in out
    assert (home / "data" / "detectors" / YUNET_FILE).read_bytes() == CONTENT
    assert yunet_file() == home / "data" / "detectors" / YUNET_FILE


def test_what_no_server_has_is_said_server_by_server(course, server, home):
    server("/nothing", "/altered")
    code, _, error = course("get")
    assert code == 2
    assert "answered 404" in error
    assert "is not the published YuNet" in error
    assert "models use FOLDER" in error
    assert not (home / "data" / "detectors").exists()


def test_without_a_network_it_says_so(monkeypatch):
    monkeypatch.setattr(model_files, "YUNET_ADDRESSES", ["http://127.0.0.1:9/yunet"])
    with pytest.raises(CourseError, match=r"127\.0\.0\.1:9 cannot be reached"):
        fetch_yunet()


def test_a_folder_is_remembered_until_another_is_fetched(course, server, home):
    folder = home / "downloads"
    folder.mkdir()
    (folder / YUNET_FILE).write_bytes(CONTENT)
    assert course("use", str(folder))[0] == 0
    assert yunet_file() == folder / YUNET_FILE
    server("/yunet")
    assert course("get")[0] == 0
    assert yunet_file() == home / "data" / "detectors" / YUNET_FILE


def test_the_environment_wins(home, monkeypatch):
    folder = home / "mine"
    folder.mkdir()
    (folder / YUNET_FILE).write_bytes(CONTENT)
    monkeypatch.setenv("FERCOURSE_MODELS", str(folder))
    assert yunet_file() == folder / YUNET_FILE


def damaged(folder):
    folder.mkdir(parents=True)
    (folder / YUNET_FILE).write_bytes(CONTENT[:-1])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: None, "does not hold"),
        (lambda folder: folder.mkdir(), "does not hold"),
        (lambda folder: (folder / YUNET_FILE).mkdir(parents=True), "does not hold"),
        (damaged, "is not the published YuNet"),
    ],
    ids=["no folder", "no file", "a folder", "damaged"],
)
def test_a_folder_without_the_file_is_refused(course, home, make, said):
    make(home / "folder")
    code, _, error = course("use", str(home / "folder"))
    assert code == 2
    assert said in error
    assert not (home / "data" / "settings.json").exists()


def test_a_damaged_file_is_never_used(home):
    damaged(home / "data" / "detectors")
    choice = detector_of("auto")
    assert choice.detector.name == "haar"
    assert "is not the published YuNet" in choice.reason
    with pytest.raises(CourseError, match="is not the published YuNet"):
        detector_of("yunet")


def test_yunet_asked_for_and_missing_is_said():
    with pytest.raises(CourseError, match=r"YuNet is not in .*models get"):
        detector_of("yunet")
