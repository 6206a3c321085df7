r"""Names the emotion on every face of a camera's picture or of a video.

Run it in a terminal of JupyterLab (File, New, Terminal), in the folder of this file:

    python Real-Time-Application.py                      the first camera; q in its window ends it
    python Real-Time-Application.py --source party.mp4   a video
    python Real-Time-Application.py --source party.mp4 --output named.mp4 --headless

It needs the course's Python. In any other terminal `python` may be another one; there write
../../.venv/bin/python instead, and on Windows ..\..\.venv\Scripts\python

You complete the functions that say TODO. Those that say "Given" are done. A box is always the
four whole numbers x, y, width and height: x and y of its upper left corner, in pixels.

Nothing is stored but the file that --output names, and nothing leaves your computer.
"""

import argparse
import os
import sys
import time
import traceback
from functools import cache
from pathlib import Path

try:
    import cv2
except ModuleNotFoundError:
    sys.exit(
        "This is not the course's Python. In the folder of this file, write ../../.venv/bin/python "
        "instead of python, and on Windows ..\\..\\.venv\\Scripts\\python"
    )
import numpy as np

from fercourse.classifiers import load_classifier
from fercourse.errors import CourseError

GREEN = (0, 200, 0)
"""Blue, green and red of boxes and words."""

PATIENCE = 1.0
"""Seconds after which somebody who was not seen counts as new."""


# 1. Boxes


def overlap(box, other):
    """Return the area that two boxes share, divided by the area that they cover together.

    Args:
        box: x, y, width, height.
        other: likewise.

    Returns:
        Intersection over union, 0 (apart) to 1 (the same).

    Example:
        overlap((0, 0, 10, 10), (5, 0, 10, 10)) gives 50 / 150, that is 0.333.
    """
    # TODO: how far do they overlap across, how far down? Less than nothing is nothing. What they
    # cover together is both areas less what they share.
    ### BEGIN SOLUTION
    across = min(box[0] + box[2], other[0] + other[2]) - max(box[0], other[0])
    down = min(box[1] + box[3], other[1] + other[3]) - max(box[1], other[1])
    shared = max(0, across) * max(0, down)
    return float(shared / (box[2] * box[3] + other[2] * other[3] - shared))
    ### END SOLUTION


# 2. Finding faces


@cache
def cascade():
    """Given: return Haar's cascade for faces, which comes with OpenCV."""
    folder = Path(cv2.__file__).parent / "data"
    return cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_default.xml"))


def find_faces(frame, longest_side=480, least_neighbors=5):
    """Return where the faces of a picture are.

    Args:
        frame: uint8 array (height, width, 3), blue, green, red.
        longest_side: a larger frame is made smaller first, so that its longer side has so many
            pixels; that saves most of the time.
        least_neighbors: how many finds have to overlap to make a face.

    Returns:
        Array (n, 4) of whole numbers, a box in a row, in pixels of the frame as it was given;
        (0, 4) where there is no face.
    """
    # TODO: make a large frame smaller (cv2.resize), make it gray (cv2.cvtColor), spread its gray
    # levels (cv2.equalizeHist), and ask cascade().detectMultiScale with scaleFactor=1.15,
    # minNeighbors=least_neighbors and minSize=(24, 24). Bring its boxes back to the size of frame.
    ### BEGIN SOLUTION
    scale = max(1.0, max(frame.shape[:2]) / longest_side)
    smaller = cv2.resize(frame, None, fx=1 / scale, fy=1 / scale)
    gray = cv2.equalizeHist(cv2.cvtColor(smaller, cv2.COLOR_BGR2GRAY))
    boxes = cascade().detectMultiScale(
        gray, scaleFactor=1.15, minNeighbors=least_neighbors, minSize=(24, 24)
    )
    return np.rint(np.reshape(boxes, (-1, 4)) * scale).astype(int)
    ### END SOLUTION


# 3. Cutting faces out


def cut_faces(frame, boxes, margin=0.02):
    """Return the faces of a picture as the course's classifiers know faces.

    Args:
        frame: uint8 array (height, width, 3), blue, green, red.
        boxes: n boxes.
        margin: how much to add on each side, as a share of the box's longer side.

    Returns:
        uint8 array (n, 48, 48), gray levels. Each shows a square around the middle of its box,
        as large as the box's longer side with the margin on both sides. Where the square leaves
        the frame, the frame's outermost pixels are repeated.
    """
    # TODO: make the frame gray with cv2.cvtColor. For each box work out side, left and top of its
    # square; take the pixels of the square, with numbers of rows and columns kept inside the frame
    # by np.clip; and resize them to 48 by 48 with interpolation=cv2.INTER_AREA.
    ### BEGIN SOLUTION
    gray = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    faces = np.zeros((len(boxes), 48, 48), np.uint8)
    for place, (x, y, width, height) in enumerate(boxes):
        side = max(1, round((1 + 2 * margin) * max(width, height)))
        left, top = round(x + (width - side) / 2), round(y + (height - side) / 2)
        rows = np.clip(np.arange(top, top + side), 0, gray.shape[0] - 1)
        columns = np.clip(np.arange(left, left + side), 0, gray.shape[1] - 1)
        square = gray[rows][:, columns]
        faces[place] = cv2.resize(square, (48, 48), interpolation=cv2.INTER_AREA)
    return faces
    ### END SOLUTION


# 4. Naming all faces at once


@cache
def classifier(model):
    """Given: return one of the course's classifiers; it is read once."""
    return load_classifier(model)


def ask(faces, model):
    """Given: return what a classifier says of faces.

    Args:
        faces: uint8 array (n, 48, 48).
        model: the classifier's name.

    Returns:
        Array (n, k), a row of probabilities for each face, one for each class.
    """
    return classifier(model).predict_proba(faces)


def name_faces(frame, model):
    """Return where the faces of a picture are, and what a classifier says of each.

    Args:
        frame: uint8 array (height, width, 3), blue, green, red.
        model: the classifier's name.

    Returns:
        Two arrays: the boxes (n, 4), and probabilities (n, k), a row for each box. All faces are
        asked about in one call, which is much quicker than one after the other.
    """
    # TODO: use find_faces, cut_faces and ask, each once.
    ### BEGIN SOLUTION
    boxes = find_faces(frame)
    return boxes, ask(cut_faces(frame, boxes), model)
    ### END SOLUTION


def words_for(probabilities, classes, least=0.4):
    """Return what is to be written beside each face.

    Args:
        probabilities: array (n, k), a row for each face.
        classes: names of the k classes.
        least: a smaller probability is not worth a name.

    Returns:
        A list of n texts: the likeliest class with its probability as a whole percentage, such
        as "Happy 83 %", or "not sure" where that probability is below least.
    """
    # TODO: find the likeliest class of each row with argmax, and compare its probability to least.
    ### BEGIN SOLUTION
    texts = []
    for row in probabilities:
        best = int(np.argmax(row))
        sure = row[best] >= least
        texts.append(f"{classes[best]} {100 * row[best]:.0f} %" if sure else "not sure")
    return texts
    ### END SOLUTION


# 5. Who is who


def same_people(known, boxes, next_number, least=0.3):
    """Return the number of the person in each box.

    The pair of a known person and a box that overlap most belong together; then the pair that
    overlaps most among those that are left, and so on while they overlap by at least `least`.
    Boxes that are left show somebody new.

    Args:
        known: dictionary from a person's number to the box where that person was.
        boxes: n boxes.
        next_number: the number of the next person who is new; those after it get the following.
        least: the least overlap (intersection over union) of the same person.

    Returns:
        A list of n whole numbers, no two of them the same.

    Example:
        same_people({7: (0, 0, 10, 10)}, [(50, 0, 10, 10), (1, 0, 10, 10)], 8) gives [8, 7].
    """
    # TODO: list all pairs with their overlap, largest first; go through them and skip persons and
    # boxes that are taken already; give new numbers to the boxes that are left, in their order.
    ### BEGIN SOLUTION
    pairs = [
        (overlap(was, box), number, place)
        for number, was in known.items()
        for place, box in enumerate(boxes)
    ]
    found = {}
    for shared, number, place in sorted(pairs, reverse=True):
        if shared >= least and place not in found and number not in found.values():
            found[place] = number
    for place in range(len(boxes)):
        if place not in found:
            found[place] = next_number
            next_number += 1
    return [found[place] for place in range(len(boxes))]
    ### END SOLUTION


def smoothed(before, now, seconds, half_life=0.25):
    """Return probabilities that do not jump.

    What was believed before fades: after half_life seconds it counts half, after twice as long
    a quarter. The rest of the weight is that of the new answer.

    Args:
        before: array (k,) that this function returned last time, or None at the first time.
        now: array (k,), the classifier's new answer.
        seconds: time since the last answer, 0 or more.
        half_life: seconds, more than 0.

    Returns:
        Array (k,) that sums to 1 if before and now do.
    """
    # TODO: the weight of `before` is 0.5 to the power of seconds / half_life.
    ### BEGIN SOLUTION
    if before is None:
        return np.asarray(now, float)
    kept = 0.5 ** (seconds / half_life)
    return kept * np.asarray(before, float) + (1 - kept) * np.asarray(now, float)
    ### END SOLUTION


def follow(people, boxes, answers, seconds):
    """Given: return what is known of everybody after a frame.

    Args:
        people: what this function returned for the frame before; {} at first.
        boxes: the n boxes of this frame.
        answers: array (n, k), what the classifier says of each.
        seconds: the frame's time.

    Returns:
        Dictionary from a person's number to box, smoothed probabilities and the time when the
        person was last seen. Somebody not seen for PATIENCE seconds counts as new afterwards.
    """
    known = {n: box for n, (box, _, last) in people.items() if seconds - last <= PATIENCE}
    numbers = same_people(known, boxes, max(people, default=0) + 1)
    after = dict(people)
    for number, box, answer in zip(numbers, boxes, answers):
        _, before, last = people.get(number, (None, None, seconds))
        after[number] = (box, smoothed(before, answer, seconds - last), seconds)
    return after


# 6. Showing


def text_size(text):
    """Given: return how many pixels wide and tall a text is that put_text writes."""
    (width, height), below = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.6, 2)
    return width, height + below


def put_text(frame, text, left, bottom):
    """Given: write a text into a frame, in the frame itself; its lower left corner is given."""
    place = (int(left), int(bottom) - 4)
    cv2.putText(frame, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, GREEN, 2)


def draw_faces(frame, boxes, texts):
    """Return a picture with a box around each face and its text.

    Args:
        frame: uint8 array (height, width, 3); it stays as it is.
        boxes: n boxes.
        texts: n texts.

    Returns:
        A new array of the same shape. Each box is drawn in GREEN, two pixels wide. Its text
        begins at the box's left edge and stands above the box, or just inside where there is no
        room above. It is moved sideways as far as needed for the whole text to stay inside the
        frame, at the left edge (where a box may begin outside) as well as at the right.
    """
    # TODO: copy the frame. For each box use cv2.rectangle with its upper left and lower right
    # corner, work out left and bottom of the text with text_size, and use put_text.
    ### BEGIN SOLUTION
    result = frame.copy()
    for (x, y, width, height), text in zip(boxes, texts):
        cv2.rectangle(result, (int(x), int(y)), (int(x + width), int(y + height)), GREEN, 2)
        wide, tall = text_size(text)
        left = max(0, min(x, frame.shape[1] - wide))
        put_text(result, text, left, y - 2 if y - 2 >= tall else y + tall + 4)
    return result
    ### END SOLUTION


def frames_per_second(moments):
    """Return how many frames a second were shown lately.

    Args:
        moments: when each frame was shown, in seconds, the latest last; may be empty.

    Returns:
        The number of steps from frame to frame within the last second before the latest moment,
        divided by the time that they took; 0.0 where there is no step.

    Example:
        frames_per_second([0.0, 5.0, 5.25, 5.5]) gives 2 steps / 0.5 s = 4.0.
    """
    # TODO: keep the moments that are at most one second older than the latest. How many steps
    # lie between them, and how long did they take together?
    ### BEGIN SOLUTION
    lately = [moment for moment in moments if moment >= moments[-1] - 1]
    if len(lately) < 2 or lately[-1] == lately[0]:
        return 0.0
    return (len(lately) - 1) / (lately[-1] - lately[0])
    ### END SOLUTION


# 7. The loop


def is_camera(source):
    """Given: return whether a source is the number of a camera, not a file."""
    return str(source).isdigit()


def open_source(source):
    """Given: open a camera or a video.

    Raises:
        ValueError: there is none.
    """
    capture = cv2.VideoCapture(int(source) if is_camera(source) else str(source))
    if not capture.isOpened():
        kind = "camera" if is_camera(source) else "video that can be read"
        raise ValueError(f"there is no {kind} {source}.")
    if is_camera(source):
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest frame, not those that we missed
    return capture


def frames_of(source):
    """Yield the frames of a video or a camera, each with its time.

    Args:
        source: a file's name, or the number of a camera.

    Yields:
        Pairs of seconds and a frame, uint8 (height, width, 3). In a file frame number n, counted
        from 0, has the time n / frames a second; with a camera it is the time since the beginning.
        After the last frame of a file nothing more comes.
    """
    # TODO: open_source; read() gives whether there was a frame, and the frame; cv2.CAP_PROP_FPS
    # is the number of frames a second. Yield until there is none, and release() in the end.
    ### BEGIN SOLUTION
    capture = open_source(source)
    rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
    began, number = time.monotonic(), 0
    try:
        there, frame = capture.read()
        while there:
            yield (time.monotonic() - began if is_camera(source) else number / rate), frame
            number += 1
            there, frame = capture.read()
    finally:
        capture.release()
    ### END SOLUTION


def rate_of(source):
    """Given: return a video's frames a second; 25.0 for a camera, or where the file says none."""
    if is_camera(source):
        return 25.0
    capture = open_source(source)
    rate = capture.get(cv2.CAP_PROP_FPS)
    capture.release()
    return rate or 25.0


def open_writer(output, frame, rate):
    """Given: begin a video file for frames as large as this one, so many a second.

    Raises:
        ValueError: no file can be written there.
    """
    height, width = frame.shape[:2]
    code = cv2.VideoWriter.fourcc(*("mp4v" if str(output).endswith(".mp4") else "MJPG"))
    writer = cv2.VideoWriter(str(output), code, rate, (width, height))
    if not writer.isOpened():
        raise ValueError(f"{output} cannot be written; its name should end in .mp4 or .avi.")
    return writer


def rows_of(people, seconds, classes):
    """Given: return a dictionary for each person seen in a frame, for a table."""
    return [
        {
            "seconds": round(seconds, 3),
            "person": number,
            **{name: int(v) for name, v in zip(("left", "top", "width", "height"), box)},
            "text": words_for([answer], classes)[0],
        }
        for number, (box, answer, last) in sorted(people.items())
        if last == seconds
    ]


def show(frame):
    """Given: show a frame in a window; return False when somebody pressed q there."""
    cv2.imshow("Real-time application", frame)
    return cv2.waitKey(1) != ord("q")


def annotate(source, output=None, model="live", window=False):
    """Go through a video or a camera's frames, name all faces, and draw what was found.

    Args:
        source: a file's name, or the number of a camera.
        output: the file to write the drawn frames to, or None.
        model: the classifier's name.
        window: whether to show the drawn frames; then q ends the loop.

    Returns:
        A list of all rows that rows_of gives, frame after frame.
    """
    classes, rate = classifier(model).classes, rate_of(source)
    people, rows, moments, writer = {}, [], [], None
    try:
        for seconds, frame in frames_of(source):
            # TODO: for each frame:
            # - name_faces, then people = follow(people, boxes, answers, seconds);
            # - add what rows_of(people, seconds, classes) gives to rows;
            # - draw the box and the text of each of these rows with draw_faces;
            # - if there is an output, write the drawn frame to it; at the first frame
            #   open_writer(output, frame, rate) makes the writer;
            # - if there is a window, note time.monotonic() in moments, put_text how many frames
            #   a second were shown, and end the loop where show() is False.
            ### BEGIN SOLUTION
            boxes, answers = name_faces(frame, model)
            people = follow(people, boxes, answers, seconds)
            found = rows_of(people, seconds, classes)
            rows += found
            sides = [(row["left"], row["top"], row["width"], row["height"]) for row in found]
            drawn = draw_faces(frame, sides, [row["text"] for row in found])
            if output is not None:
                writer = writer or open_writer(output, frame, rate)
                writer.write(drawn)
            if window:
                moments.append(time.monotonic())
                speed = frames_per_second(moments[-100:])
                put_text(drawn, f"{speed:.0f} frames a second", 8, drawn.shape[0] - 8)
                if not show(drawn):
                    break
            ### END SOLUTION
    finally:
        if writer is not None:
            writer.release()
    return rows


def has_display():
    """Given: return whether a window can be shown; without a display OpenCV would end Python."""
    is_linux = sys.platform.startswith("linux")
    return not is_linux or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main():
    """Given: do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--source", default="0", help="a camera's number or a video (0)")
    parser.add_argument("--output", help="write the drawn video here, .mp4 or .avi")
    parser.add_argument("--model", default="live", help="one of the course's classifiers (live)")
    parser.add_argument("--headless", action="store_true", help="show no window")
    choices = parser.parse_args()
    window = not choices.headless and has_display()
    began = time.monotonic()
    try:
        rows = annotate(choices.source, choices.output, choices.model, window)
    except NotImplementedError as error:
        sys.exit(f"{traceback.extract_tb(error.__traceback__)[-1].name} is not done yet.")
    except (CourseError, ValueError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    people = len({row["person"] for row in rows})
    print(f"{len(rows)} faces of {people} people in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
