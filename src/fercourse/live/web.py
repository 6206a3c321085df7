"""The page of ``course.py web``: two tabs, a photograph and the webcam, and nothing that leaves.

Pictures that are dropped in lie for a minute or two in the folder that ``gradio_page`` tells of.
"""

import html
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fercourse.errors import CourseError
from fercourse.gradio_page import Page, gr, picture_address
from fercourse.live.layout import Panel
from fercourse.live.overlay import Look, counted, draw, label_of
from fercourse.live.reader import FaceReader, LabelledFace
from fercourse.live.sources import read_photograph

_MOST_VISITORS = 32
"""Whose webcams run at the same time; Gradio has 40 workers, and photographs need some, too."""

_KEPT = 60
"""Seconds after which pictures that were dropped in, and their copies, are deleted."""

_EVERY = 0.06
"""Seconds between two frames that a browser sends; a slow machine gets fewer."""

_FOUND_BY = {
    "yunet": "Faces are found by YuNet.",
    "haar": "Faces are found by Haar's cascade, which knows upright frontal faces only.",
}

_STYLE = """
.gradio-container { max-width: 1100px !important; margin: auto; }
.live img { width: 100%; border-radius: 8px; display: block; }
.live p { margin: 6px 2px; font-variant-numeric: tabular-nums; }
.privacy { font-size: 90%; opacity: .8; }
"""

# fmt: off
_LANGUAGES = (
    "ar", "ca", "ckb", "de", "en", "es", "et", "eu", "fa", "fi", "fr", "he", "hi", "id", "ja",
    "ko", "lt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sv", "ta", "th", "tr", "uk", "ur",
    "uz", "zh-CN", "zh-TW",
)
# fmt: on
_START = {"audio.record": "Start", "audio.stop": "Stop"}
_WORDS = gr.I18n(**dict.fromkeys(_LANGUAGES, _START))
"""Gradio calls the webcam's button "Record" in the browser's language, and nothing is recorded."""

NewReader = Callable[[], FaceReader]


@dataclass
class Visitor:
    """What belongs to one visitor.

    Attributes:
        reader: knows the persons of the frames before.
        panels: where each person's panel was in the frame before.
    """

    reader: FaceReader
    panels: dict[int, Panel] = field(default_factory=dict)


class Visitors:
    """Gives each visitor a reader of their own, so that persons are followed for each apart.

    Args:
        new_reader: makes one; they may share detector and classifier, as one frame is read at a
            time.
        most: how many are remembered; the one that was here longest ago is forgotten first.
    """

    def __init__(self, new_reader: NewReader, most: int = _MOST_VISITORS) -> None:
        self._new_reader = new_reader
        self._most = most
        self._visitors: OrderedDict[str, Visitor] = OrderedDict()

    def visitor(self, name: str) -> Visitor:
        """Return a visitor by the name of the session."""
        visitor = self._visitors.pop(name, None) or Visitor(self._new_reader())
        self._visitors[name] = visitor
        while len(self._visitors) > self._most:
            self._visitors.popitem(last=False)
        return visitor

    def forget(self, name: str) -> None:
        """Forget a visitor who left."""
        self._visitors.pop(name, None)

    def __len__(self) -> int:
        return len(self._visitors)


def page(new_reader: NewReader, *, privacy: str, detector: str, landmarks: bool = False) -> Page:
    """Return the page.

    Args:
        new_reader: makes what reads faces.
        privacy: what a visitor should know, shown above all.
        detector: the name of the detector, as ``Detector`` has it.
        landmarks: draw the points that faces were aligned by.
    """
    visitors = Visitors(new_reader)
    reading = threading.Lock()  # A webcam that runs holds a place in Gradio's queue until it ends.

    def label_photograph(dropped: Any) -> tuple[Any, str]:
        with reading:
            return photograph_read(new_reader(), dropped, landmarks)

    def read_webcam(picture: npt.NDArray[np.uint8] | None, request: gr.Request) -> str:
        with reading:
            visitor = visitors.visitor(request.session_hash or "")
            return webcam_read(visitor, picture, time.monotonic(), landmarks)

    def forget(request: gr.Request) -> None:
        with reading:
            visitors.forget(request.session_hash or "")

    with gr.Blocks(
        title="Faces, labelled", analytics_enabled=False, delete_cache=(_KEPT, _KEPT)
    ) as blocks:
        gr.Markdown("# Faces, labelled")
        gr.Markdown(f"{privacy}\n\n{_FOUND_BY[detector]}", elem_classes="privacy")
        with gr.Tab("Photograph"):
            with gr.Row():
                photograph: Any = gr.Image(
                    label="A photograph: drop it here, or click",
                    sources=["upload", "clipboard"],
                    height=420,
                    buttons=["fullscreen"],
                )
                # Gradio's would raise an error of its own where the file is no picture.
                photograph.preprocess = _as_dropped
                labelled = gr.Image(
                    label="Labelled",
                    format="png",
                    interactive=False,
                    height=420,
                    buttons=["download", "fullscreen"],
                )
            table = gr.HTML()
            photograph.change(
                label_photograph,
                photograph,
                [labelled, table],
                api_visibility="private",
            )
        with gr.Tab("Webcam"):
            with gr.Row():
                webcam = gr.Image(
                    label="Your webcam",
                    scale=2,
                    sources=["webcam"],
                    type="numpy",
                    streaming=True,
                    format="jpeg",
                    height=320,
                    buttons=["fullscreen"],
                    webcam_options=gr.WebcamOptions(mirror=True),
                )
                with gr.Column(scale=3):
                    live = gr.HTML(
                        "<p>On the left let the page use your webcam, then press Start.</p>",
                        elem_classes="live",
                    )
            webcam.stream(
                read_webcam,
                webcam,
                live,
                stream_every=_EVERY,
                time_limit=None,
                show_progress="hidden",
                concurrency_limit=_MOST_VISITORS,
                api_visibility="private",
            )
        blocks.unload(forget)
    return Page(blocks, _STYLE, _WORDS)


@dataclass(frozen=True)
class Dropped:
    """A file that was dropped in, which may be no picture.

    Attributes:
        path: where it lies for a minute or two.
        name: as its owner calls it.
    """

    path: Path
    name: str


def _as_dropped(payload: Any) -> Dropped | None:
    """Return what Gradio says of a file that it has taken into its own folder."""
    if payload is None:
        return None
    return Dropped(Path(payload.path), payload.orig_name or "The photograph")


def photograph_read(
    reader: FaceReader, dropped: Dropped | None, landmarks: bool = False
) -> tuple[npt.NDArray[np.uint8] | None, str]:
    """Return a photograph with its faces labelled, and a table of them or why there is none.

    Args:
        reader: reads the faces.
        dropped: the file; None where there is none.
        landmarks: draw the points that faces were aligned by.
    """
    if dropped is None:
        return None, ""
    try:
        frame = read_photograph(dropped.path, dropped.name)
    except CourseError as error:
        return None, f"<p>{html.escape(str(error))}</p>"
    faces = reader.read_photograph(frame)
    classes = reader.classifier.classes
    drawn = draw(frame, faces, classes, Look(landmarks=landmarks, ids=len(faces) > 1))
    return np.asarray(drawn[..., ::-1], np.uint8), table_of(faces, classes)


def webcam_read(
    visitor: Visitor,
    picture: npt.NDArray[np.uint8] | None,
    now: float,
    landmarks: bool = False,
) -> str:
    """Return a frame of a webcam with its faces labelled, as HTML.

    Args:
        visitor: whose webcam it is.
        picture: uint8 (height, width, 3), red, green, blue; None where there is none.
        now: seconds, of the frame.
        landmarks: draw the points that faces were aligned by.
    """
    if picture is None:
        return "<p>The webcam gives no picture.</p>"
    frame = np.ascontiguousarray(picture[..., ::-1], np.uint8)
    before = time.monotonic()
    faces = visitor.reader.read(frame, now)
    milliseconds = 1000 * (time.monotonic() - before)
    classes = visitor.reader.classifier.classes
    drawn = draw(frame, faces, classes, Look(landmarks=landmarks), visitor.panels)
    return (
        f'<img alt="The webcam with its faces labelled" src="{picture_address(drawn)}">'
        f"<p>{counted(len(faces), 'face')}, read in {milliseconds:.0f} ms</p>"
    )


def table_of(faces: Sequence[LabelledFace], classes: Sequence[str]) -> str:
    """Return faces with their labels and probabilities as a table in HTML."""
    if not faces:
        return "<p>No faces were found.</p>"
    head = "".join(f"<th>{html.escape(name)}</th>" for name in ("face", "label", *classes))
    rows = []
    for face in faces:
        shares = "".join(f"<td>{share:.0%}</td>" for share in face.reading.probabilities)
        label = html.escape(label_of(face, classes))
        rows.append(f"<tr><td>{face.id}</td><td>{label}</td>{shares}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
