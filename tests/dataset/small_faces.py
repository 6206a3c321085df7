"""A few made-up faces, and functions that write them in each form of FER2013."""

import io
import json
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from fercourse.emotions import SEVEN, SPLITS

FOLDERS = [name.lower() for name in SEVEN]


@dataclass(frozen=True)
class SmallFaces:
    images: np.ndarray
    labels: np.ndarray
    usage: np.ndarray


def make_faces(n=(28, 9, 8), seed=1):
    rng = np.random.default_rng(seed)
    count = sum(n)
    images = rng.integers(0, 256, (count, 48, 48)).astype(np.uint8)
    labels = (np.arange(count) % 7).astype(np.uint8)
    return SmallFaces(images, labels, np.repeat(np.arange(3, dtype=np.uint8), n))


def encoded(image, kind="PNG"):
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind)
    return buffer.getvalue()


def pixels(image):
    return " ".join(map(str, image.ravel()))


def csv_text(faces, columns=("emotion", "pixels", "Usage"), header=None, end="\n", quoted=False):
    value = {
        "emotion": lambda i: str(faces.labels[i]),
        "pixels": lambda i: f'"{pixels(faces.images[i])}"' if quoted else pixels(faces.images[i]),
        "Usage": lambda i: SPLITS[faces.usage[i]],
    }
    lines = [header or ",".join(columns)]
    lines += [",".join(value[c](i) for c in columns) for i in range(len(faces.labels))]
    return end.join(lines) + end


def picture_names(faces, test="test"):
    """Names as in Kaggle's folders; the numbers rise with the row but not by spelling."""
    return [
        f"{'train' if usage == 0 else test}/{FOLDERS[label]}/{SPLITS[usage]}_{7 * row + 5}.png"
        for row, (label, usage) in enumerate(zip(faces.labels, faces.usage, strict=True))
    ]


def pictures(faces):
    return dict(zip(picture_names(faces), map(encoded, faces.images), strict=True))


def write_folder(folder: Path, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def write_zip(path: Path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def write_tar(path: Path, files, mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def write_parquet(path: Path, faces, chosen, *, names=None, style="struct"):
    """Write rows as a hub does: ``struct`` {bytes, path}, or plain bytes and words."""
    data = [encoded(image) for image in faces.images[chosen]]
    labels = faces.labels[chosen]
    if style == "words":
        columns = {
            "img_bytes": pa.array(data, pa.binary()),
            "labels": pa.array([SEVEN[label].lower() for label in labels]),
            "usage": pa.array([SPLITS[split] for split in faces.usage[chosen]]),
        }
        table = pa.table(columns)
    else:
        order = names or list(SEVEN)
        table = pa.table(
            {
                "image": pa.array([{"bytes": each, "path": None} for each in data]),
                "label": pa.array([order.index(SEVEN[label]) for label in labels], pa.int64()),
            }
        )
        if names:
            features = {"info": {"features": {"label": {"names": names}}}}
            table = table.replace_schema_metadata({"huggingface": json.dumps(features)})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=10)
    return path
