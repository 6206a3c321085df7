"""How quick and how steady the live program is, on drawn videos whose truth is known.

    python benchmarks/benchmark_live.py tutorial   against the loop that tutorials teach
    python benchmarks/benchmark_live.py faces      milliseconds by number of faces, and a picture
    python benchmarks/benchmark_live.py memory     over 10,000 frames
    python benchmarks/benchmark_live.py truth      boxes, mixed-up persons, labels before and after
    python benchmarks/benchmark_live.py smoothing  labels by how long answers are averaged
    python benchmarks/benchmark_live.py alignment  what landmarks are worth, by how heads are tilted

Each prints what it measured and keeps it in benchmarks/results/live.json. ``tutorial`` runs all
ways one after the other on the same frames of a four-person video of 1280x720, each for the same
time at least: Haar's cascade on the full frame and Keras's ``model.predict`` for each face, as
tutorials have it, and this course's with YuNet and with Haar. YuNet is left out where
FERCOURSE_MODELS names no folder with it. Speeds are taken with ``--model`` (default ``live``),
labels are judged with ``drawn``, which learned from drawn faces. Run it on a machine that does
nothing else.
"""

import argparse
import json
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from fercourse.classifiers import load_classifier
from fercourse.classifiers.network import NetworkClassifier
from fercourse.drawn import scene, video
from fercourse.emotions import SEVEN
from fercourse.errors import CourseError
from fercourse.live.faces import Box, Detector, Frame
from fercourse.live.model_files import detector_of
from fercourse.live.overlay import draw
from fercourse.live.reader import FaceReader, LabelledFace
from fercourse.live.smoothing import Reading, Smoother
from fercourse.workspace import write_atomically

RESULT = Path(__file__).parent / "results" / "live.json"
PICTURE = Path(__file__).parents[1] / "docs" / "images" / "live_cost.png"
CROWDS = (1, 4, 16, 32)
LEAST_OVERLAP = 0.4
FPS = 25
NOTED = -1.0
# Seeds of drawn videos: smoothing is chosen on some and reported on others.
CHOSEN_ON = range(20, 32)
REPORTED = range(40, 46)


def detectors() -> dict[str, Detector]:
    """Return the detectors that there are."""
    found: dict[str, Detector] = {}
    for name in ("yunet", "haar"):
        try:
            found[name] = detector_of(name).detector
        except CourseError as error:
            print(error)
    return found


def frames_of(path: Path) -> list[Frame]:
    """Return all frames of a video."""
    capture = cv2.VideoCapture(str(path))
    frames: list[Frame] = []
    while True:
        taken, frame = capture.read()
        if not taken:
            return frames
        frames.append(np.asarray(frame, np.uint8))


def four_people() -> list[Frame]:
    """Return the frames of a drawn video of four people, 1280x720."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "four.mp4"
        video(path, people=4, seconds=4, fps=25, width=1280, height=720, seed=7)
        return frames_of(path)


def tutorial_loop(classifier: NetworkClassifier) -> Callable[[Frame, float], int]:
    """Return the loop that tutorials teach: Haar on the full frame, one prediction per face."""
    model = classifier.keras_model()
    folder = Path(cv2.__file__).parent / "data"
    cascade = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_default.xml"))

    def read(frame: Frame, _: float) -> int:
        gray = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
        faces = cascade.detectMultiScale(gray, scaleFactor=1.1, minNeighbors=5)
        for x, y, width, height in faces:
            face = cv2.resize(gray[y : y + height, x : x + width], (48, 48))
            label = model.predict(face.reshape(1, 48, 48, 1).astype("float32"), verbose=0).argmax()
            cv2.rectangle(frame, (x, y), (x + width, y + height), (255, 0, 0), 2)
            cv2.putText(frame, SEVEN[label], (x, y - 5), cv2.FONT_HERSHEY_SIMPLEX, 1, (255, 0, 0))
        return len(faces)

    return read


def our_loop(detector: Detector, classifier: NetworkClassifier) -> Callable[[Frame, float], int]:
    """Return this course's loop, drawing included."""
    reader = FaceReader(detector, classifier)

    def read(frame: Frame, seconds: float) -> int:
        found = reader.read(frame, seconds)
        draw(frame, found, classifier.classes)
        return len(found)

    return read


def speed(read: Callable[[Frame, float], int], frames: list[Frame], least: float) -> dict[str, Any]:
    """Return frames a second and faces a frame of a loop that runs for so many seconds."""
    for number in range(3):
        read(frames[number].copy(), number / 25)
    faces = number = 0
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < least:
        faces += read(frames[number % len(frames)].copy(), (number + 3) / 25)
        number += 1
    return {"frames_a_second": round(number / passed, 2), "faces_a_frame": round(faces / number, 2)}


def tutorial(model: str) -> dict[str, Any]:
    """Compare with the loop that tutorials teach."""
    classifier, frames = network(model), four_people()
    ways = {"tutorial": tutorial_loop(classifier)}
    ways |= {name: our_loop(detector, classifier) for name, detector in detectors().items()}
    result: dict[str, Any] = {name: speed(read, frames, 10) for name, read in ways.items()}
    slow = result["tutorial"]["frames_a_second"]
    for row in result.values():
        row["times_as_fast"] = round(row["frames_a_second"] / slow, 1)
    return result


def network(model: str) -> NetworkClassifier:
    """Return a network by its name or file."""
    classifier = load_classifier(model)
    assert isinstance(classifier, NetworkClassifier), f"{model} is no network"
    return classifier


def faces(model: str) -> dict[str, Any]:
    """Return milliseconds from a frame to its labels, by number of faces."""
    classifier = network(model)
    result: dict[str, Any] = {}
    for name, detector in detectors().items():
        result[name] = {}
        for people in CROWDS:
            frame = scene(people, 1280, 720, seed=11, variety=0.3, turned=0.0).frame
            reader, times, drawing = FaceReader(detector, classifier), [], []
            for number in range(220):
                before = time.perf_counter()
                found = reader.read(frame, number / 25)
                middle = time.perf_counter()
                draw(frame, found, classifier.classes)
                times.append(1000 * (middle - before))
                drawing.append(1000 * (time.perf_counter() - middle))
            low, high = np.percentile(times[20:], (50, 95))
            result[name][str(people)] = {
                "faces_found": len(found),
                "median": round(float(low), 2),
                "percentile_95": round(float(high), 2),
                "drawing_median": round(float(np.median(drawing[20:])), 2),
            }
    plot(result)
    return result


def plot(result: dict[str, Any]) -> None:
    """Draw milliseconds by number of faces."""
    import io

    from matplotlib.figure import Figure

    from fercourse.plots import COLORS

    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    axes = figure.subplots()
    for color, (name, rows) in zip(COLORS, result.items(), strict=False):
        found = [row["faces_found"] for row in rows.values()]
        label = {"yunet": "YuNet", "haar": "Haar's cascade"}[name]
        axes.plot(found, [row["median"] for row in rows.values()], "o-", color=color, label=label)
        high = [row["percentile_95"] for row in rows.values()]
        axes.plot(found, high, ":", color=color, label=f"{label}, 95th percentile")
    axes.set(xlabel="faces found in a frame of 1280x720", ylabel="milliseconds to labels")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend()
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=130)
    write_atomically(PICTURE, content.getvalue())


def memory(model: str) -> dict[str, Any]:
    """Return how much memory the program holds after more and more frames."""
    classifier, frames = network(model), four_people()
    result: dict[str, Any] = {}
    for name, detector in detectors().items():
        read, rows = our_loop(detector, classifier), {}
        for number in range(10_001):
            read(frames[number % len(frames)].copy(), number / 25)
            if number in (100, 1_000, 5_000, 10_000):
                rows[str(number)] = round(_resident(), 1)
        result[name] = rows | {"unit": "MB"}
    return result


def _resident() -> float:
    """Return the memory that this process holds, in MB."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


@dataclass
class Sighting:
    """A drawn person in one frame, and what the network answered about the face found there.

    Attributes:
        frame: its number.
        person: who was drawn, within one video.
        emotion: what the person shows.
        intensity: how much of it, 0 to 1.
        face: the number that tracking gave the face.
        answer: (k,), the probabilities for this frame alone.
    """

    frame: int
    person: int
    emotion: str
    intensity: float
    face: int
    answer: npt.NDArray[np.float32]


def truth(_: str) -> dict[str, Any]:
    """Return how right and how steady boxes, persons and labels are."""
    classifier = network("drawn")
    result: dict[str, Any] = {}
    for name, detector in detectors().items():
        videos = [watched(detector, classifier, seed) for seed in REPORTED]
        total = sum((count for count, _ in videos), Counter())
        result[name] = {
            "faces_drawn": total["drawn"],
            "found": round(total["matched"] / total["drawn"], 4),
            "false_boxes": total["false"],
            "mixed_up_persons": total["switches"],
            "numbered_anew_after_leaving": total["returned"],
            **labels_judged([seen for _, seen in videos], Smoother),
        }
    return result


def smoothing(_: str) -> dict[str, Any]:
    """Return how right and how steady labels are by the half-life, on other videos than truth's."""
    classifier = network("drawn")
    detector = detector_of("yunet").detector
    videos = [watched(detector, classifier, seed)[1] for seed in CHOSEN_ON]
    return {
        str(half_life): labels_judged(videos, partial(Smoother, half_life=half_life))
        for half_life in (0.06, 0.12, 0.25, 0.5)
    }


def watched(
    detector: Detector, classifier: NetworkClassifier, seed: int
) -> tuple[Counter[str], list[Sighting]]:
    """Return what was found of four drawn people, one of whom leaves and comes back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.mp4"
        table = video(path, people=4, seconds=12, fps=FPS, seed=seed, leaving=True)
        frames = frames_of(path)
    count: Counter[str] = Counter()
    sightings: list[Sighting] = []
    reader = FaceReader(detector, classifier)
    owner: dict[int, int] = {}
    in_view: set[int] = set()
    rows = {int(number): part for number, part in table.groupby("frame")}
    for number, frame in enumerate(frames):
        found = reader.read(frame, number / FPS)
        people = [row for row in rows[number].itertuples() if row.visible]
        pairs = dict(matches(people, found))
        count["drawn"] += len(people)
        count["matched"] += len(pairs)
        count["false"] += len(found) - len(pairs)
        in_view &= {int(person.id) for person in people}
        for which, face in pairs.items():
            person, who = people[which], int(people[which].id)
            if owner.get(who, face.id) != face.id:
                count["switches" if who in in_view else "returned"] += 1
            owner[who] = face.id
            in_view.add(who)
            sightings.append(
                Sighting(number, who, person.emotion, person.intensity, face.id, face.probabilities)
            )
    return count, sightings


def labels_judged(
    videos: list[list[Sighting]], smoother: Callable[[], Smoother]
) -> dict[str, float | None]:
    """Return how right and how steady labels are, frame by frame and smoothed.

    They are judged where the expression drawn has at least 0.6 of its full strength.
    """
    count: Counter[str] = Counter()
    delays: list[float] = []
    for sightings in videos:
        smooth = smoother()
        before: dict[int, tuple[int, int | None]] = {}
        waiting: dict[int, tuple[str, float | None]] = {}
        for seen in sightings:
            now = seen.frame / FPS
            reading = smooth.update([seen.face], seen.answer[None], now)[0]
            single = int(seen.answer.argmax())
            if last := before.get(seen.person):
                count["flips"] += last[0] != single
                count["flips_shown"] += last[1] != reading.label
            before[seen.person] = (single, reading.label)
            _judge(count, seen, single, reading)
            _time(delays, waiting, seen, single, reading.label, now)
    return {
        "accuracy_of_single_frames": round(count["right"] / count["judged"], 4),
        "accuracy_of_averages": round(count["right_average"] / count["judged"], 4),
        "share_not_sure": round(1 - count["shown"] / count["judged"], 4),
        "accuracy_of_labels_shown": round(count["right_shown"] / count["shown"], 4),
        "accuracy_of_single_frames_beneath_them": round(count["right_beneath"] / count["shown"], 4),
        "changes_a_minute_of_single_frames": round(60 * FPS * count["flips"] / count["seen"], 1),
        "changes_a_minute_of_labels_shown": round(
            60 * FPS * count["flips_shown"] / count["seen"], 1
        ),
        "median_delay_seconds": round(float(np.median(delays)), 2) if delays else None,
    }


def _judge(count: Counter[str], seen: Sighting, single: int, reading: Reading) -> None:
    count["seen"] += 1
    if seen.emotion != "Neutral" and seen.intensity < 0.6:
        return
    count["judged"] += 1
    count["right"] += SEVEN[single] == seen.emotion
    count["right_average"] += SEVEN[int(reading.probabilities.argmax())] == seen.emotion
    if reading.label is not None:
        count["shown"] += 1
        count["right_shown"] += SEVEN[reading.label] == seen.emotion
        count["right_beneath"] += SEVEN[single] == seen.emotion


def _time(
    delays: list[float],
    waiting: dict[int, tuple[str, float | None]],
    seen: Sighting,
    single: int,
    shown: int | None,
    now: float,
) -> None:
    """Note how much later an expression is shown than a single frame first has it."""
    if seen.emotion == "Neutral" or seen.intensity < 0.2:
        waiting.pop(seen.person, None)
        return
    emotion, first = waiting.get(seen.person, ("", None))
    if emotion != seen.emotion:
        first = None
    if first is None and SEVEN[single] == seen.emotion:
        first = now
    if first not in (None, NOTED) and shown is not None and SEVEN[shown] == seen.emotion:
        delays.append(now - first)
        first = NOTED
    waiting[seen.person] = (seen.emotion, first)


def alignment(_: str) -> dict[str, Any]:
    """Return how many drawn faces are named rightly, cut out by landmarks and by boxes.

    Drawn rooms are turned as wholes, so that every head is tilted by the same angle.
    """
    classifier = network("drawn")
    detector = detector_of("yunet").detector
    rooms = [scene(6, 1280, 720, seed=seed, variety=0.3) for seed in range(40, 60)]
    result: dict[str, Any] = {}
    for tilt in (0, 10, 20, 30):
        right: dict[str, list[bool]] = {"by_landmarks": [], "by_box": []}
        for angle in sorted({-tilt, tilt}):
            turn = cv2.getRotationMatrix2D((640, 360), angle, 1.0)
            for room in rooms:
                frame = cv2.warpAffine(room.frame, turn, (1280, 720), borderMode=cv2.BORDER_REFLECT)
                for align, hits in zip((True, False), right.values(), strict=True):
                    reader = FaceReader(detector, classifier, align=align)
                    faces = reader.read_photograph(np.asarray(frame, np.uint8))
                    hits.extend(_hits(room.truth, turn, faces))
        result[str(tilt)] = {name: round(float(np.mean(hits)), 4) for name, hits in right.items()}
        result[str(tilt)]["faces"] = len(right["by_box"])
    return result


def _hits(people: Any, turn: npt.NDArray[Any], faces: list[LabelledFace]) -> Iterator[bool]:
    """Yield for each face that shows a drawn person whether its likeliest class is the drawn."""
    for person in people:
        box = Box(*person.box)
        middle = turn @ [box.x + box.width / 2, box.y + box.height / 2, 1]
        for found in faces:
            ours = found.face.box
            away = np.subtract((ours.x + ours.width / 2, ours.y + ours.height / 2), middle)
            if np.hypot(*away) < box.width / 2:
                yield SEVEN[int(found.probabilities.argmax())] == person.emotion
                break


def matches(people: list[Any], found: list[LabelledFace]) -> Iterator[tuple[int, LabelledFace]]:
    """Yield which drawn person each found face is: best overlaps first, each once."""
    from scipy.optimize import linear_sum_assignment

    if not people or not found:
        return
    overlaps: npt.NDArray[np.float64] = np.array(
        [
            [
                Box(who.left, who.top, who.width, who.height).intersection_over_union(face.face.box)
                for face in found
            ]
            for who in people
        ]
    )
    for which, face in zip(*linear_sum_assignment(-overlaps), strict=True):
        if overlaps[which, face] >= LEAST_OVERLAP:
            yield int(which), found[face]


WAYS = {way.__name__: way for way in (tutorial, faces, memory, truth, smoothing, alignment)}


def main() -> None:
    """Measure what was asked for, print it and keep it."""
    parser = argparse.ArgumentParser(description="See the head of this file.")
    parser.add_argument("what", choices=WAYS)
    parser.add_argument("--model", default="live")
    args = parser.parse_args()
    result = WAYS[args.what](args.model)
    print(json.dumps(result, indent=2))
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    content = json.dumps(kept | {args.what: result}, indent=2) + "\n"
    write_atomically(RESULT, content.encode())


if __name__ == "__main__":
    main()
