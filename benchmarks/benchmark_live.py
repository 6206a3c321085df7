"""How quick and how steady the live program is, on drawn videos whose truth is known.

    python benchmarks/benchmark_live.py tutorial   against the loop that tutorials teach
    python benchmarks/benchmark_live.py faces      milliseconds by number of faces, and a picture
    python benchmarks/benchmark_live.py memory     over 10,000 frames
    python benchmarks/benchmark_live.py truth      boxes, mixed-up persons, labels before and after
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
from collections.abc import Callable, Iterator
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
from fercourse.workspace import write_atomically

RESULT = Path(__file__).parent / "results" / "live.json"
PICTURE = Path(__file__).parents[1] / "docs" / "images" / "live_cost.png"
CROWDS = (1, 4, 16, 32)
LEAST_OVERLAP = 0.4


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


def truth(_: str) -> dict[str, Any]:
    """Return how right and how steady boxes, persons and labels are."""
    classifier = network("drawn")
    result: dict[str, Any] = {}
    for name, detector in detectors().items():
        counts = [judged(detector, classifier, seed) for seed in range(20, 26)]
        total = {key: sum(count[key] for count in counts) for key in counts[0] if key != "delays"}
        delays = [delay for count in counts for delay in count["delays"]]
        result[name] = {
            "faces_drawn": total["drawn"],
            "found": round(total["matched"] / total["drawn"], 4),
            "false_boxes": total["false"],
            "mixed_up_persons": total["switches"],
            "accuracy_of_single_frames": round(total["right"] / total["judged"], 4),
            "accuracy_of_what_is_shown": round(total["right_shown"] / max(1, total["shown"]), 4),
            "share_not_sure": round(1 - total["shown"] / total["judged"], 4),
            "changes_a_minute_of_single_frames": round(1500 * total["flips"] / total["judged"], 1),
            "changes_a_minute_of_what_is_shown": round(
                1500 * total["flips_shown"] / total["judged"], 1
            ),
            "median_delay_seconds": round(float(np.median(delays)), 2) if delays else None,
        }
    return result


def judged(detector: Detector, classifier: NetworkClassifier, seed: int) -> dict[str, Any]:
    """Count what is right in a drawn video of four people, one of whom leaves and comes back.

    Labels are judged where the expression drawn has at least 0.6 of its full strength.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.mp4"
        table = video(path, people=4, seconds=12, fps=25, seed=seed, leaving=True)
        frames = frames_of(path)
    count: dict[str, Any] = dict.fromkeys(
        ("drawn", "matched", "false", "switches", "judged", "right", "shown", "right_shown"), 0
    )
    count |= {"flips": 0, "flips_shown": 0, "delays": []}
    reader = FaceReader(detector, classifier)
    owner: dict[int, int] = {}
    before: dict[int, tuple[int, int | None]] = {}
    waiting: dict[int, tuple[str, float, float | None]] = {}
    rows = {int(number): part for number, part in table.groupby("frame")}
    for number, frame in enumerate(frames):
        found = reader.read(frame, number / 25)
        people = [row for row in rows[number].itertuples() if row.visible]
        pairs = dict(matches(people, found))
        count["drawn"] += len(people)
        count["matched"] += len(pairs)
        count["false"] += len(found) - len(pairs)
        for which, person in enumerate(people):
            if which not in pairs:
                continue
            face = pairs[which]
            who = int(person.id)
            if owner.get(who, face.id) != face.id:
                count["switches"] += 1
            owner[who] = face.id
            single = int(face.probabilities.argmax())
            shown = face.reading.label
            last = before.get(who)
            if last is not None:
                count["flips"] += last[0] != single
                count["flips_shown"] += last[1] != shown
            before[who] = (single, shown)
            _judge(count, person, single, shown)
            _time(count["delays"], waiting, person, single, shown, number / 25)
    return count


def _judge(count: dict[str, Any], person: Any, single: int, shown: int | None) -> None:
    if person.emotion != "Neutral" and person.intensity < 0.6:
        return
    count["judged"] += 1
    count["right"] += SEVEN[single] == person.emotion
    if shown is not None:
        count["shown"] += 1
        count["right_shown"] += SEVEN[shown] == person.emotion


def _time(
    delays: list[float],
    waiting: dict[int, tuple[str, float, float | None]],
    person: Any,
    single: int,
    shown: int | None,
    now: float,
) -> None:
    """Note how much later an expression is shown than a single frame first has it."""
    who, emotion = int(person.id), person.emotion
    if emotion == "Neutral" or person.intensity < 0.2:
        waiting.pop(who, None)
        return
    known = waiting.get(who)
    if known is None or known[0] != emotion:
        waiting[who] = known = (emotion, now, None)
    first = known[2]
    if first is None and SEVEN[single] == emotion:
        first = now
        waiting[who] = (emotion, known[1], first)
    if first is not None and first >= 0 and shown is not None and SEVEN[shown] == emotion:
        delays.append(now - first)
        waiting[who] = (emotion, known[1], -1.0)


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


def main() -> None:
    """Measure what was asked for, print it and keep it."""
    parser = argparse.ArgumentParser(description="See the head of this file.")
    parser.add_argument("what", choices=("tutorial", "faces", "memory", "truth", "alignment"))
    parser.add_argument("--model", default="live")
    args = parser.parse_args()
    ways = {"tutorial": tutorial, "faces": faces, "memory": memory, "truth": truth}
    result = (ways | {"alignment": alignment})[args.what](args.model)
    print(json.dumps(result, indent=2))
    kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    content = json.dumps(kept | {args.what: result}, indent=2) + "\n"
    write_atomically(RESULT, content.encode())


if __name__ == "__main__":
    main()
