"""From a frame to labelled faces: detect, track, cut out, classify all at once, smooth."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fercourse.classifiers.contract import Classifier
from fercourse.live.cropping import crop
from fercourse.live.faces import Detector, Face, Frame
from fercourse.live.smoothing import Reading, Smoother
from fercourse.live.tracking import Tracker


@dataclass(frozen=True, eq=False)
class LabelledFace:
    """A face with what the classifier makes of it.

    Attributes:
        id: the person's number in this video, from 1; in a photograph the face's.
        face: where it is.
        probabilities: float32 (k,), the classifier's answer to this frame alone.
        reading: what is to be shown: averaged over the last moment, perhaps "not sure".
    """

    id: int
    face: Face
    probabilities: npt.NDArray[np.float32]
    reading: Reading


class FaceReader:
    """Reads the faces of a video's frames or of photographs.

    Args:
        detector: finds faces.
        classifier: names their expressions; all faces of a frame are asked in one batch.
        tracker: says who is who; None makes one.
        smoother: steadies the answers; None makes one.
        most_faces: of a frame; the largest are kept. None keeps all.
        align: turn and resize faces by their landmarks where there are any.
    """

    def __init__(
        self,
        detector: Detector,
        classifier: Classifier,
        *,
        tracker: Tracker | None = None,
        smoother: Smoother | None = None,
        most_faces: int | None = None,
        align: bool = True,
    ) -> None:
        self.detector = detector
        self.classifier = classifier
        self._tracker = tracker or Tracker()
        self._smoother = smoother or Smoother()
        self._most_faces = most_faces
        self._align = align

    def read(self, frame: Frame, time: float) -> list[LabelledFace]:
        """Return the faces of a video's next frame.

        Args:
            frame: uint8 (height, width, 3), blue, green, red.
            time: seconds, of the frame; later than that of the last one.
        """
        faces, answers = self._answers(frame)
        ids = [track.id for track in self._tracker.update(faces, time)]
        readings = self._smoother.update(ids, answers, time)
        return list(map(LabelledFace, ids, faces, answers, readings))

    def read_photograph(self, frame: Frame) -> list[LabelledFace]:
        """Return the faces of a photograph, which has no frame before it, from left to right."""
        faces, answers = self._answers(frame)
        order = sorted(range(len(faces)), key=lambda which: faces[which].box.x)
        faces, answers = [faces[which] for which in order], answers[order]
        ids = range(1, len(faces) + 1)
        readings = Smoother(half_life=0).update(ids, answers, 0.0)
        return list(map(LabelledFace, ids, faces, answers, readings))

    def _answers(self, frame: Frame) -> tuple[list[Face], npt.NDArray[np.float32]]:
        faces = self.detector.detect(frame)
        if self._most_faces is not None:
            faces = sorted(faces, key=lambda face: -face.box.area)[: self._most_faces]
        if not faces:
            return [], np.zeros((0, len(self.classifier.classes)), np.float32)
        return faces, self.classifier.predict_proba(crop(frame, faces, align=self._align))
