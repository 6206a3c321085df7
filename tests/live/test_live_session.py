"""A run reads every frame, does what keys say, and closes everything whatever happens."""

import csv

import cv2
import numpy as np
import pytest

from fercourse.emotions import SEVEN
from fercourse.errors import CourseError
from fercourse.live.faces import Box, Face
from fercourse.live.reader import FaceReader
from fercourse.live.session import Session, mirrored
from fercourse.live.sources import Shot

WIDTH, HEIGHT = 320, 240


class Source:
    """Frames from memory."""

    title = "frames"
    fps = 25.0

    def __init__(self, count=10, photographs=False, live=True):
        self.frames = count
        self.photographs = photographs
        self.live = live
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True

    def __iter__(self):
        for number in range(self.frames):
            name = f"{number}.jpg" if self.photographs else ""
            frame = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
            yield Shot(number, number / 25, frame, name)


class TwoFaces:
    name = "two"

    def detect(self, frame):
        landmarks = np.array([[40, 60], [60, 60], [50, 70], [42, 80], [58, 80]], np.float32)
        return [Face(Box(30, 40, 40, 50), 0.9, landmarks), Face(Box(200, 40, 40, 50), 0.8)]


class Happy:
    classes = SEVEN

    def predict_proba(self, images):
        assert images.shape[1:] == (48, 48)
        return np.tile(np.float32([0.05, 0.05, 0.05, 0.7, 0.05, 0.05, 0.05]), (len(images), 1))


class Screen:
    """Presses a key at each frame, and remembers what it was shown."""

    def __init__(self, *keys):
        self.keys = list(keys)
        self.shown = []
        self.closed = False

    def show(self, frame):
        self.shown.append(frame.copy())

    def key(self, milliseconds=1):
        return self.keys.pop(0) if self.keys else ""

    def close(self):
        self.closed = True


@pytest.fixture
def said():
    return []


@pytest.fixture
def run(said):
    def session(source=None, **settings):
        reader = FaceReader(TwoFaces(), Happy())
        return Session(source or Source(), reader, said.append, **settings).run()

    return session


def count_frames(path):
    capture = cv2.VideoCapture(str(path))
    count = 0
    while capture.grab():
        count += 1
    return count


def test_every_frame_is_read_and_counted(run):
    source = Source(10)
    seen = []
    done = run(source, progress=seen.append)
    assert (done.frames, done.faces, done.people, done.fleeting) == (10, 20, 2, 0)
    assert seen == list(range(1, 11))
    assert 0 < done.milliseconds[0] <= done.milliseconds[1]
    assert source.closed


def test_who_is_seen_for_two_frames_only_is_counted_apart_too(run):
    done = run(Source(2))
    assert (done.frames, done.faces, done.people, done.fleeting) == (2, 4, 2, 2)


def test_a_video_and_a_table_are_written(run, tmp_path):
    run(video=tmp_path / "out.mp4", table=tmp_path / "faces.csv")
    assert count_frames(tmp_path / "out.mp4") == 10
    rows = list(csv.DictReader((tmp_path / "faces.csv").open(encoding="utf-8")))
    assert len(rows) == 20
    assert {row["id"] for row in rows} == {"1", "2"}
    assert {row["label"] for row in rows} == {"Happy"}


def test_each_photograph_stands_for_itself(run):
    done = run(Source(3, photographs=True))
    assert (done.frames, done.people, done.fleeting) == (3, 6, 0)


def test_the_screen_shows_boxes_labels_and_speed(run):
    screen = Screen()
    run(screen=screen)
    assert len(screen.shown) == 10
    plain = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    assert (screen.shown[0] != plain).any(axis=2).mean() > 0.05
    assert screen.closed


def test_quitting_ends_the_run(run):
    screen = Screen("", "", "quit")
    assert run(screen=screen).frames == 3
    assert screen.closed


def test_a_pause_holds_the_frame_until_it_is_over(run):
    screen = Screen("pause", "", "", "pause", "quit")
    assert run(screen=screen).frames == 2


def test_keys_keep_a_snapshot_and_a_recording(run, tmp_path, said):
    (tmp_path / "snapshot_1.png").write_bytes(b"an older one")
    screen = Screen("snapshot", "record", "", "", "record", "quit")
    run(screen=screen, snapshots=tmp_path)
    assert cv2.imread(str(tmp_path / "snapshot_2.png")).shape == (HEIGHT, WIDTH, 3)
    assert count_frames(tmp_path / "recording_1.mp4") == 3
    name = tmp_path / "recording_1.mp4"
    assert said[1:] == [f"Recording: {name} (r ends it)", f"Written: {name}"]


@pytest.fixture
def session():
    def made(source=None, **settings):
        reader = FaceReader(TwoFaces(), Happy())
        return Session(source or Source(), reader, lambda _: None, **settings)

    return made


def test_a_recording_that_is_going_on_when_somebody_quits_is_named(session, tmp_path):
    running = session(screen=Screen("record", "", "", "quit"), snapshots=tmp_path)
    running.run()
    assert running.written == [f"Written: {tmp_path / 'recording_1.mp4'}"]
    assert count_frames(tmp_path / "recording_1.mp4") == 3


def test_a_recording_without_a_frame_is_no_file(session, tmp_path):
    running = session(screen=Screen("pause", "record", "quit"), snapshots=tmp_path)
    running.run()
    assert running.written == [f"No frame for {tmp_path / 'recording_1.mp4'} was kept."]
    assert not list(tmp_path.iterdir())


def test_the_window_alone_shows_that_something_is_recorded(session, tmp_path):
    screen = Screen("", "record", "", "record", "")
    session(Source(5), screen=screen, snapshots=tmp_path).run()
    corners = [frame[:30, -60:] for frame in screen.shown]
    red = [(corner[..., 2] > 150) & (corner[..., :2] < 100).all(axis=2) for corner in corners]
    assert [bool(where.any()) for where in red] == [False, False, True, True, False]
    capture = cv2.VideoCapture(str(tmp_path / "recording_1.mp4"))
    recorded = capture.read()[1][:30, -60:].astype(int)
    assert (recorded[..., 2] - recorded[..., 0]).max() < 60


def test_a_recording_by_key_takes_nothing_from_the_copy(session, tmp_path):
    screen = Screen("", "record", "", "", "record")
    running = session(screen=screen, video=tmp_path / "out.mp4", snapshots=tmp_path)
    running.run()
    assert count_frames(tmp_path / "out.mp4") == 10
    assert count_frames(tmp_path / "recording_1.mp4") == 3
    assert running.written == [f"Written: {tmp_path / 'out.mp4'}"]


def test_a_key_that_cannot_write_ends_nothing_else(run, tmp_path, said):
    (tmp_path / "file").write_text("no folder")
    screen = Screen("record", "snapshot")
    done = run(screen=screen, video=tmp_path / "out.mp4", snapshots=tmp_path / "file")
    assert done.frames == count_frames(tmp_path / "out.mp4") == 10
    assert ["could not be written" in sentence for sentence in said] == [True, True]


def test_keys_change_what_is_drawn(run):
    screen = Screen("bars", "mirror", "help")
    run(Source(5), screen=screen)
    first, without_bars, mirror, with_help, _ = screen.shown
    assert (first != without_bars).any()
    assert (without_bars != mirror).any()
    assert (mirror != with_help).mean() > 0.05


def test_photographs_say_how_the_next_one_comes_and_keys_change_what_is_drawn(run):
    screen = Screen("bars", "mirror", "help", "help", "pause", "pause")
    assert run(Source(2, photographs=True), screen=screen).frames == 2
    first, without_bars, mirror, with_help, plain, second = screen.shown
    assert (first != without_bars).any()
    assert (without_bars != mirror).any()
    assert (mirror != with_help).mean() > 0.05
    hint = slice(26, 46), slice(0, 200)
    for shown in (first, without_bars, mirror, plain, second):
        assert (shown[hint] != 90).any(axis=2).mean() > 0.5


def test_keys_change_what_is_drawn_while_it_is_paused(run):
    screen = Screen("pause", "bars", "help", "quit")
    run(screen=screen)
    first, paused, without_bars, with_help = screen.shown
    assert (first == paused).all()
    assert (paused != without_bars).any()
    assert (without_bars != with_help).mean() > 0.05


def test_a_mirror_turns_faces_and_their_landmarks():
    face = TwoFaces().detect(None)[0]
    reader = FaceReader(TwoFaces(), Happy())
    frame = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    frame[:, :10] = 255
    flipped, (one, _) = mirrored(frame, reader.read_photograph(frame))
    assert flipped[0, -1, 0] == 255
    assert flipped[0, 0, 0] == 0
    assert one.face.box == Box(WIDTH - 70, 40, 40, 50)
    left_eye, right_eye = one.face.landmarks[:2]
    assert left_eye[0] < right_eye[0]
    assert right_eye[0] == WIDTH - 1 - face.landmarks[0][0]


class Breaking(Source):
    """A source that fails at its third frame."""

    def __init__(self, error):
        super().__init__(10)
        self.error = error

    def __iter__(self):
        for number, shot in enumerate(super().__iter__()):
            if number == 3:
                raise self.error
            yield shot


@pytest.mark.parametrize("error", [KeyboardInterrupt(), CourseError("the camera burns")])
def test_whatever_ends_a_run_what_was_written_is_whole(run, tmp_path, error):
    screen = Screen()
    source = Breaking(error)
    with pytest.raises(type(error)):
        run(source, screen=screen, video=tmp_path / "out.mp4", table=tmp_path / "out.jsonl")
    assert count_frames(tmp_path / "out.mp4") == 3
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 6
    assert screen.closed
    assert source.closed


def test_a_source_without_frames_is_no_fault(run, tmp_path):
    done = run(Source(0), video=tmp_path / "out.mp4", table=tmp_path / "out.csv")
    assert done.frames == 0
    assert not (tmp_path / "out.mp4").exists()
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 1


def test_only_the_largest_faces_are_kept_where_that_is_asked():
    class Sizes(TwoFaces):
        def detect(self, frame):
            return [Face(Box(0, 0, size, size), 0.9) for size in (10, 30, 20)]

    reader = FaceReader(Sizes(), Happy(), most_faces=2)
    found = reader.read(np.zeros((50, 50, 3), np.uint8), 0.0)
    assert [face.face.box.width for face in found] == [30, 20]


def test_an_answer_that_is_none_is_not_sure():
    class Broken(Happy):
        def predict_proba(self, images):
            return np.full((len(images), 7), np.nan, np.float32)

    reader = FaceReader(TwoFaces(), Broken())
    found = reader.read(np.zeros((50, 50, 3), np.uint8), 0.0)
    assert [face.reading.label for face in found] == [None, None]
    assert np.isfinite(found[0].reading.probabilities).all()
