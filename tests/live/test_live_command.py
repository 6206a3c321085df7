"""``course.py live`` through its front door: what it writes, what it refuses, how it is stopped."""

import csv
import functools
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import cv2
import pytest
from small_networks import random_weights

from fercourse import cli
from fercourse.classifiers.weights import write_weights
from fercourse.commands import live as command
from fercourse.drawn import scene, video
from fercourse.live import sources, window
from fercourse.live.recording import TABLES, VIDEOS


@pytest.fixture(scope="module")
def party(tmp_path_factory):
    """A drawn video of two people, 30 frames."""
    path = tmp_path_factory.mktemp("videos") / "party.mp4"
    video(path, people=2, seconds=1.2, fps=25, width=640, height=360, seed=2)
    return path


@pytest.fixture
def photographs(tmp_path):
    """A folder with photographs of one and of three people, and a file that is none."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    for people in (1, 3):
        drawn = scene(people=people, width=640, height=480, seed=people, turned=0.0)
        cv2.imwrite(str(folder / f"{people} people.png"), drawn.frame)
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "w.safetensors"
    write_weights(path, random_weights("live"))
    return path


@pytest.fixture
def live(tmp_path, model, monkeypatch, capsys):
    """Run the command with Haar's cascade and random weights; return code, output, error."""
    monkeypatch.setenv("FERCOURSE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FERCOURSE_MODELS", raising=False)

    def run(*words):
        words = [str(word) for word in words]
        code = cli.main(["live", "--model", str(model), *words])
        return (code, *capsys.readouterr())

    return run


def rows_of(path):
    return list(csv.DictReader(path.open(encoding="utf-8")))


def frames_of(path):
    capture, count = cv2.VideoCapture(str(path)), 0
    while capture.grab():
        count += 1
    return count


def test_a_video_becomes_an_annotated_copy_and_a_table(live, party, tmp_path):
    copy, table = tmp_path / "named.mp4", tmp_path / "faces.csv"
    code, out, error = live("--source", party, "--headless", "--output", copy, "--table", table)
    assert code == 0, error
    assert frames_of(copy) == frames_of(party) == 30
    rows = rows_of(table)
    assert {int(row["frame"]) for row in rows} == set(range(30))
    assert all(
        0.99
        < sum(
            float(row[name])
            for name in ("Angry", "Disgust", "Fear", "Happy", "Sad", "Surprise", "Neutral")
        )
        < 1.01
        for row in rows
    )
    numbers = {row["id"] for row in rows}
    assert "30 frames in " in out
    assert f"with {len(rows)} faces under {len(numbers)} number" in out
    assert f"Written: {copy}" in out
    assert "Haar's cascade" in error
    assert "Art. 5(1)(f)" in error


def test_a_video_behind_an_address_is_read_to_its_end(live, tmp_path):
    """And not as a stream, which would be opened anew at each end."""
    video(tmp_path / "party.mkv", people=2, seconds=1.2, fps=25, width=640, height=360, seed=2)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/party.mkv"
        table = tmp_path / "faces.csv"
        code, out, error = live("--source", address, "--headless", "--table", table)
        server.shutdown()
    assert code == 0, error
    assert "30 frames" in out
    assert {int(row["frame"]) for row in rows_of(table)} == set(range(30))


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to one process")
def test_ctrl_c_is_heard_while_an_address_does_not_answer(model, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}/Stream"
        words = ["--source", f"rtsp://ada:secret@{place}?token=secret", "--headless"]
        process = subprocess.Popen(
            [sys.executable, "-m", "fercourse.cli", "live", "--model", model, *words],
            env={**os.environ, "FERCOURSE_DATA": str(tmp_path / "data")},
            stderr=subprocess.PIPE,
            text=True,
        )
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith("Waiting"):
                break
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        said.append(process.communicate(timeout=60)[1])
        assert time.monotonic() - began < 5
    assert f"Waiting for rtsp://ada:***@{place}?***: 10 seconds at most." in "".join(said)
    assert "secret" not in "".join(said)
    assert "Traceback" not in "".join(said)
    assert process.returncode == 130


def test_photographs_become_a_table_and_broken_ones_are_named(live, photographs, tmp_path):
    table = tmp_path / "faces.jsonl"
    code, out, error = live("--source", photographs, "--headless", "--table", table)
    assert code == 0, error
    rows = [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()]
    assert {row["name"] for row in rows} == {"1 people.png", "3 people.png"}
    assert "2 photographs" in out
    assert "broken.jpg is no picture" in error


def test_the_largest_faces_are_kept(live, photographs, tmp_path):
    table = tmp_path / "faces.csv"
    live("--source", photographs / "3 people.png", "--headless", "--table", table)
    several = len(rows_of(table))
    live("--source", photographs / "3 people.png", "--headless", "--table", table, "--max-faces", 1)
    assert several > len(rows_of(table)) == 1


def test_it_begins_without_what_only_training_and_figures_need(model, tmp_path):
    program = (
        "import sys; from fercourse import cli\n"
        "cli.main(['live', '--headless', '--source', 'nowhere.mp4', '--model', sys.argv[1]])\n"
        "import fercourse.live.session\n"
        "assert not {'matplotlib', 'keras', 'tensorflow', 'sklearn', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(model)], check=True, cwd=tmp_path)


def test_nothing_is_written_unless_asked(live, party, tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert live("--source", party, "--headless")[0] == 0
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--source", "nowhere.mp4"], "nowhere.mp4 is not there"),
        (["--max-faces", "0"], "--max-faces must be at least 1"),
        (["--output", "copy.avi"], f"copy.avi must end in {VIDEOS[0]}"),
        (["--table", "faces.xlsx"], f"faces.xlsx must end in {TABLES[0]}"),
        (["--output", "text.mp4/copy.mp4"], "text.mp4 is a file. Name a folder to write into"),
        (["--table", "text.mp4/faces.csv"], "text.mp4 is a file. Name a folder to write into"),
        (["--output", "folder.mp4"], "folder.mp4 is a folder"),
        (["--detector", "yunet"], "YuNet is not in"),
        (["--source", "empty"], "has no photographs"),
        (["--source", "text.mp4"], "cannot be read as a video"),
        (["--model", "lives"], "lives"),
    ],
)
def test_what_cannot_work_is_refused_in_a_sentence(live, words, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "text.mp4").write_text("no video")
    code, _, error = live("--headless", *words)
    assert code == 2
    assert sentence in error
    assert "Traceback" not in error


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that not even root may write into")
@pytest.mark.parametrize("words", [["--output", "/proc/n.mp4"], ["--table", "/proc/n.csv"]])
def test_a_folder_that_takes_no_files_is_refused_before_anything_is_read(live, words):
    code, _, error = live("--source", "nowhere.mp4", "--headless", *words)
    assert code == 2
    assert "Nothing can be written into /proc" in error


def test_a_source_is_never_written_over(live, party):
    before = party.read_bytes()
    code, _, error = live("--source", party, "--headless", "--output", party)
    assert code == 2
    assert "write over the source" in error
    assert party.read_bytes() == before


def test_photographs_are_sent_to_the_command_for_them(live, photographs, tmp_path):
    code, _, error = live("--source", photographs, "--headless", "--output", tmp_path / "a.mp4")
    assert code == 2
    assert "course.py photo" in error


def test_a_damaged_model_is_a_sentence(live, party, model):
    model.write_bytes(model.read_bytes()[:-50])
    code, _, error = live("--source", party, "--headless")
    assert code == 2
    assert "w.safetensors" in error


def test_without_a_camera_there_is_a_sentence(live, monkeypatch):
    none = cv2.VideoCapture()
    monkeypatch.setattr(sources.cv2, "VideoCapture", lambda *_: none)
    code, _, error = live("--headless")
    assert code == 2
    assert "Camera 0 cannot be opened" in error


def test_nothing_but_the_sentence_is_said_of_a_camera_that_is_not_there(model, tmp_path):
    """OpenCV has ten lines of its own to say."""
    words = ["live", "--source", "97", "--headless", "--model", str(model)]
    done = subprocess.run(
        [sys.executable, "-m", "fercourse.cli", *words],
        env={**os.environ, "FERCOURSE_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    *before, last = done.stderr.splitlines()
    assert "Camera 97 cannot be opened" in last
    assert before[-1] == "looks like to a network, not what anybody feels."


def test_without_a_display_a_file_is_read_all_the_same(live, party, tmp_path, monkeypatch):
    monkeypatch.setattr(window, "missing_display", lambda: "There is no display here.")
    table = tmp_path / "faces.csv"
    code, _, error = live("--source", party, "--table", table)
    assert code == 0
    assert "There is no display here." in error
    assert rows_of(table)


class Screen:
    """Stands for a window; somebody quits at its third frame."""

    shown: list[tuple[int, ...]] = []  # noqa: RUF012

    def __init__(self, title):
        self.shown.clear()

    def show(self, frame):
        self.shown.append(frame.shape)

    def key(self, milliseconds=1):
        return "quit" if len(self.shown) == 3 else ""

    def close(self):
        pass


def test_a_window_shows_frames_until_somebody_quits(live, party, monkeypatch):
    monkeypatch.setattr(window, "missing_display", lambda: "")
    monkeypatch.setattr(window, "Window", Screen)
    code, out, _ = live("--source", party)
    assert code == 0
    assert "3 frames" in out
    assert Screen.shown == [(360, 640, 3)] * 3


FULL = """
import resource, sys
from fercourse import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.exit(cli.main(["live", "--headless", *sys.argv[2:]]))
"""


def test_a_clip_of_one_frame_counts_as_its_table_does(live, tmp_path):
    clip, table = tmp_path / "clip.mp4", tmp_path / "n.csv"
    video(clip, people=1, seconds=0.04, fps=25, width=320, height=240, seed=1)
    code, out, error = live("--source", clip, "--headless", "--table", table)
    assert code == 0, error
    assert len(rows_of(table)) == 1
    assert "1 frame in " in out
    assert "with 1 face under 1 number. Seen in one or two frames only: 1 number. From" in out


@pytest.fixture
def on_a_full_disk(party, model, tmp_path):
    """Run the command where the system refuses files of more bytes, as on a full disk."""

    def run(size, *words):
        words = [size, "--source", party, "--model", model, *words]
        return subprocess.run(
            [sys.executable, "-c", FULL, *map(str, words)],
            env={**os.environ, "FERCOURSE_DATA": str(tmp_path / "data")},
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )

    return run


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("size", [1_000, 4_096, 30_000])
def test_on_a_full_disk_an_older_video_stays(on_a_full_disk, party, tmp_path, size):
    copy, part = tmp_path / "n.mp4", tmp_path / "n.part.mp4"
    copy.write_bytes(party.read_bytes())
    ended = on_a_full_disk(size, "--output", copy)
    assert ended.returncode == 2, ended.stdout
    assert f"{copy} is what it was before" in ended.stderr
    assert copy.read_bytes() == party.read_bytes()
    if kept := part.exists() and frames_of(part):
        assert f"Written: {part} ({kept} frames until then)" in ended.stderr
    else:
        assert "No frame" in ended.stderr
        assert not part.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_on_a_full_disk_an_older_table_stays(on_a_full_disk, tmp_path, suffix):
    table, part = tmp_path / f"n{suffix}", tmp_path / f"n.part{suffix}"
    table.write_text("older")
    ended = on_a_full_disk(1_500, "--table", table)
    assert ended.returncode == 2, ended.stdout
    assert "Written" not in ended.stdout
    assert table.read_text() == "older"
    lines = part.read_text(encoding="utf-8").splitlines(keepends=True)
    assert all(line.endswith("\n") for line in lines)
    rows = len(lines) - (suffix == ".csv")
    assert f"Written: {part} ({rows} rows until then)" in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of a file's size")
def test_on_a_full_disk_an_empty_table_is_not_called_kept(on_a_full_disk, tmp_path):
    ended = on_a_full_disk(20, "--table", tmp_path / "n.csv")
    assert ended.returncode == 2, ended.stdout
    assert f"No row for {tmp_path / 'n.csv'} was kept" in ended.stderr
    assert not list(tmp_path.glob("n.*"))


@pytest.fixture
def stopped(model, tmp_path):
    """Run the command on a long video, and send it a signal when it has written something."""
    long = tmp_path / "long.mp4"
    video(long, people=1, seconds=20, fps=25, width=320, height=240, seed=1)

    def run(sent, copy, table):
        words = ["--source", long, "--model", model, "--headless"]
        words += ["--output", copy, "--table", table]
        process = subprocess.Popen(
            [sys.executable, "-m", "fercourse.cli", "live", *map(str, words)],
            env={**os.environ, "FERCOURSE_DATA": str(tmp_path / "data")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        part = copy.with_stem(f"{copy.stem}.part")
        while process.poll() is None and not (part.exists() and part.stat().st_size > 1000):
            pass
        process.send_signal(sent)
        out, error = process.communicate(timeout=60)
        assert process.returncode == 130, error
        assert "Traceback" not in error
        return out

    return run


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to one process")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_what_is_stopped_leaves_a_video_and_a_table_that_are_whole(stopped, tmp_path, sent):
    copy, table = tmp_path / "named.mp4", tmp_path / "faces.csv"
    out = stopped(getattr(signal, sent), copy, table)
    assert 0 < frames_of(copy) < 500
    assert f"Written: {copy} ({frames_of(copy)} frames until then)" in out
    assert 0 < len({row["frame"] for row in rows_of(table)}) < 500
    assert f"Written: {table} ({len(rows_of(table))} rows until then)" in out
    assert not list(tmp_path.glob("*.part*"))


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to one process")
def test_ctrl_c_leaves_older_files_and_names_its_own(stopped, tmp_path):
    copy, table = tmp_path / "named.mp4", tmp_path / "faces.csv"
    copy.write_text("older")
    table.write_text("older")
    out = stopped(signal.SIGINT, copy, table)
    assert copy.read_text() == table.read_text() == "older"
    part = tmp_path / "named.part.mp4"
    assert 0 < frames_of(part) < 500
    assert f"Written: {part} ({frames_of(part)} frames until then)" in out
    assert f"{copy} is what it was before" in out
    assert rows_of(tmp_path / "faces.part.csv")


def test_a_terminal_sees_how_far_it_is(party, monkeypatch):
    class Terminal:
        def __getattr__(self, name):
            return getattr(sys.__stderr__, name)

        def isatty(self):
            return True

        def write(self, text):
            written.append(text)

        def flush(self):
            pass

    written = []
    monkeypatch.setattr(sys, "stderr", Terminal())
    source = sources.VideoSource(party, print)
    with command._progress(source, shown=False) as progress:
        progress(30)
    assert "30/30" in "".join(written)
    with command._progress(source, shown=True) as progress:
        assert progress is None
