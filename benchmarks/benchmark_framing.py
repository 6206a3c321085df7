"""Where eyes, nose, mouth and box lie in FER2013's pictures: what live crops are cut to.

    FERCOURSE_MODELS=FOLDER python benchmarks/benchmark_framing.py

YuNet and Haar's cascade look for the face in a sample of Training, each picture made four times as
large with its border repeated around it. Printed are the medians, in pixels of 48, and half of the
middle 68 % as their spread. ``live.cropping`` has the medians, and ``live.detectors`` turns Haar's
squares into YuNet's boxes by the medians over faces that both find.
"""

import argparse
import os
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from fercourse.dataset import load_faces

LARGER = 4
AROUND = 80
YUNET = "face_detection_yunet_2023mar.onnx"


def shown(name: str, rows: list[npt.NDArray[np.float64]]) -> None:
    """Print medians and spreads of rows of numbers."""
    low, middle, high = np.percentile(rows, (16, 50, 84), axis=0)
    print(f"{name}: {len(rows)} faces")
    print("  median", np.round(middle, 3).tolist())
    print("  spread", np.round((high - low) / 2, 3).tolist())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="See the head of this file.")
    parser.add_argument("--faces", type=int, default=1500)
    args = parser.parse_args()
    model = Path(os.environ.get("FERCOURSE_MODELS", ".")) / YUNET
    side = 48 * LARGER + 2 * AROUND
    yunet = cv2.FaceDetectorYN.create(str(model), "", (side, side), 0.6)
    folder = Path(cv2.__file__).parent / "data"
    haar = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_default.xml"))
    faces = load_faces("Training", source="fer2013")
    chosen = np.random.default_rng(0).choice(len(faces), args.faces, replace=False)
    landmarks, boxes, ratios = [], [], []
    for face in faces.images[np.sort(chosen)]:
        large = cv2.resize(face, None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_CUBIC)
        large = cv2.copyMakeBorder(large, AROUND, AROUND, AROUND, AROUND, cv2.BORDER_REPLICATE)
        rows = yunet.detect(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR))[1]
        if rows is None:
            continue
        box = rows[0][:4]
        boxes.append((box - [AROUND, AROUND, 0, 0]) / LARGER)
        landmarks.append((rows[0][4:14] - AROUND) / LARGER)
        squares = haar.detectMultiScale(cv2.equalizeHist(large), 1.1, 5, minSize=(40, 40))
        if len(rows) == len(squares) == 1:
            x, y, width, _ = squares[0]
            ratios.append((box - [x, y, 0, 0]) / width)
    shown("landmarks, x and y of each, in pixels of 48", landmarks)
    shown("YuNet's box, x, y, width, height, in pixels of 48", boxes)
    shown("YuNet's box in shares of Haar's square", ratios)


if __name__ == "__main__":
    main()
