"""Faces as memory-mapped arrays on disk, written whole or not at all.

A cache is a folder with ``images.npy``, ``labels.npy``, ``usage.npy``, ``rows.npy`` and
``validation.npy``, the faces of each split standing together, and ``meta.json``. The images
are there a second time without Disgust (``six.npy``), because six classes are as common in
this course as seven and choosing 28,273 of 28,709 images in memory takes 0.1 s to 0.2 s and
65 MB each time; so every choice of split and classes is one slice of a file. The folder is made
under another name and renamed when it is complete. ``meta.json`` keeps each array's size,
time of change and digest: if the first two are as they were the arrays are trusted,
otherwise the digest decides, and a damaged cache counts as none.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fercourse.dataset.catalog import cache_of, faces_folder
from fercourse.dataset.form import SIDE, Batch
from fercourse.dataset.published import COUNTS
from fercourse.dataset.splitting import choose_validation
from fercourse.emotions import SEVEN, SPLITS
from fercourse.errors import CourseError
from fercourse.workspace import rename, write_atomically

_ARRAYS = ("images", "six", "labels", "usage", "rows", "validation")
_MAPPED = ("images", "six")
_DISGUST = SEVEN.index("Disgust")
_UNFINISHED = ".unfinished-"
_A_DAY = 24 * 3600
_AT_ONCE = 4096


@dataclass
class Meta:
    """What ``meta.json`` says of a cache.

    Attributes:
        digest: of what was read, see ``catalog``.
        kind: ``"fer2013"`` or ``"drawn"``.
        path: where it was read; empty for drawn faces.
        form: what it was, in words.
        notes: sentences on what was left out, assumed or converted.
        counts: number of faces by split and class, in the order of ``SPLITS`` and ``SEVEN``.
        files: for each file its size in bytes, its time of change in ns, and its SHA-256.
    """

    digest: str
    kind: str
    path: str
    form: str
    notes: list[str] = field(default_factory=list)
    counts: list[list[int]] = field(default_factory=list)
    files: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """What a caption calls these faces: FER2013 only where the numbers are FER2013's."""
        if self.kind == "drawn":
            return "drawn faces"
        present = [(tuple(mine), theirs) for mine, theirs in zip(self.counts, COUNTS, strict=True)]
        is_published = all(mine == theirs for mine, theirs in present if any(mine))
        name = os.fsencode(Path(self.path).name).decode(errors="replace")
        return f"FER2013 ({name})" if is_published else f"faces from {name}"


@dataclass(frozen=True)
class Cached:
    """A cache that was opened.

    Attributes:
        folder: where it is.
        meta: what it says of itself.
        images: uint8 (n, 48, 48), memory-mapped.
        six: uint8 (m, 48, 48), memory-mapped: ``images`` without those labelled Disgust.
        labels: uint8 (n,), indices into ``emotions.SEVEN``.
        usage: uint8 (n,), not falling.
        rows: int64 (n,), place in the published order.
        validation: bool (n,), see ``splitting``.
    """

    folder: Path
    meta: Meta
    images: npt.NDArray[np.uint8]
    six: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.uint8]
    usage: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.int64]
    validation: npt.NDArray[np.bool_]


def open_cache(digest: str, path: str = "") -> Cached | None:
    """Open the faces made from what has this digest; None where there are none, or damaged.

    Args:
        digest: see ``catalog``.
        path: where that lies now. It may have been moved since it was read, or be a copy.
    """
    folder = cache_of(digest)
    try:
        meta = Meta(**json.loads((folder / "meta.json").read_text(encoding="utf-8")))
        if meta.digest != digest or not _is_intact(folder, meta):
            return None
        arrays: dict[str, Any] = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r" if name in _MAPPED else None)
            for name in _ARRAYS
        }
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return Cached(folder, replace(meta, path=path), **arrays)


def write_cache(
    meta: Meta,
    batches: Iterable[Batch],
    extra: Callable[[], dict[str, npt.NDArray[Any]]] | None = None,
) -> Cached:
    """Write faces as they come, then give the finished cache its name.

    Args:
        meta: what is known of them; counts and files are filled in here, and notes are taken
            as they stand after the last batch.
        batches: the faces in any order.
        extra: asked afterwards for further arrays of one value a face, in the order of the
            batches; they are kept in ``truth.npz``.

    Raises:
        CourseError: from reading, or because the disk is full. No cache is left behind.
    """
    faces = faces_folder()
    folder = faces / f"{_UNFINISHED}{uuid.uuid4().hex}"
    try:
        _remove_unfinished(faces)
        folder.mkdir(parents=True)
        order = _write_arrays(folder, batches)
        if len(order) == 0:
            raise CourseError(
                f"{meta.path or meta.form} holds no faces: columns are named there, but no "
                "face follows. Get it again."
            )
        if extra:
            truth: dict[str, Any] = {name: values[order] for name, values in extra().items()}
            np.savez_compressed(folder / "truth.npz", **truth)
        _finish(folder, meta)
        _give_name(folder, cache_of(meta.digest), meta.digest)
        _remove_outdated(faces, meta)
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None))
        raise CourseError(
            f"{faces}: the faces could not be kept there ({error.strerror or error}). "
            f"{'Free some space, or set' if is_full else 'Set'} FERCOURSE_DATA to another folder."
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    cached = open_cache(meta.digest, meta.path)
    if cached is None:
        raise CourseError(f"{cache_of(meta.digest)} was damaged while it was written. Try again.")
    return cached


def read_truth(cached: Cached) -> dict[str, npt.NDArray[Any]]:
    """Return the further arrays that were kept beside the faces."""
    with np.load(cached.folder / "truth.npz") as truth:
        return dict(truth)


def remove_caches() -> int:
    """Delete every cache of faces, or none; return how many bytes that freed."""
    faces = faces_folder()
    freed = sum(path.stat().st_size for path in faces.rglob("*") if path.is_file())
    try:
        if faces.exists():
            _remove(faces)
    except OSError as error:
        raise CourseError(
            f"{faces} could not be deleted ({error.strerror or error}). "
            "Close the notebooks that use the faces and try again."
        ) from error
    return freed


def _write_arrays(folder: Path, batches: Iterable[Batch]) -> npt.NDArray[np.int64]:
    """Write the arrays; return the order in which the faces were put."""
    parts: dict[str, list[npt.NDArray[Any]]] = {"labels": [], "usage": [], "rows": []}
    with (folder / "images.npy").open("w+b") as file:
        _write_header(file, 0)
        for batch in batches:
            file.write(np.ascontiguousarray(batch.images, np.uint8).data)
            for name, part in parts.items():
                part.append(getattr(batch, name))
        if not parts["labels"]:
            return np.empty(0, np.int64)
        joined: dict[str, npt.NDArray[Any]] = {
            name: np.concatenate(part) for name, part in parts.items()
        }
        file.seek(0)
        _write_header(file, len(joined["labels"]))
    order = np.lexsort((joined["rows"], joined["usage"])).astype(np.int64)
    if not np.array_equal(order, np.arange(len(order))):
        _copy_images(folder / "images.npy", folder / "ordered", order)
        (folder / "ordered").replace(folder / "images.npy")
    images = np.load(folder / "images.npy", mmap_mode="r")
    arrays = {name: values[order] for name, values in joined.items()}
    arrays["validation"] = choose_validation(images, arrays["labels"], arrays["usage"])
    _copy_images(
        folder / "images.npy", folder / "six.npy", np.flatnonzero(arrays["labels"] != _DISGUST)
    )
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)
    return order


def _write_header(file: Any, number: int) -> None:
    """Write a ``.npy`` header, which numpy pads so that it keeps its length as n grows."""
    header = {"descr": "|u1", "fortran_order": False, "shape": (number, SIDE, SIDE)}
    np.lib.format.write_array_header_1_0(file, header)


def _copy_images(source: Path, target: Path, chosen: npt.NDArray[np.int64]) -> None:
    images = np.load(source, mmap_mode="r")
    with target.open("wb") as file:
        _write_header(file, len(chosen))
        for start in range(0, len(chosen), _AT_ONCE):
            file.write(images[chosen[start : start + _AT_ONCE]].data)


def _finish(folder: Path, meta: Meta) -> None:
    labels, usage = np.load(folder / "labels.npy"), np.load(folder / "usage.npy")
    table = np.zeros((len(SPLITS), len(SEVEN)), int)
    np.add.at(table, (usage, labels), 1)
    meta.counts = table.tolist()
    for path in sorted(folder.iterdir()):
        with path.open("r+b") as file:  # size and time vouch for it from now on
            os.fsync(file.fileno())
        status = path.stat()
        meta.files[path.name] = (status.st_size, status.st_mtime_ns, _digest(path))
    _write_meta(folder, meta)


def _write_meta(folder: Path, meta: Meta) -> None:
    write_atomically(folder / "meta.json", json.dumps(asdict(meta), indent=1).encode())


def _give_name(folder: Path, final: Path, digest: str) -> None:
    """Rename a finished cache; one that another process finished first is as good."""
    if final.exists() and open_cache(digest) is None:
        _remove(final)
    try:
        rename(folder, final)
    except OSError:
        if not final.exists():
            raise


def _remove_outdated(faces: Path, meta: Meta) -> None:
    """Delete the caches of what lay at the same path before, or was drawn before."""
    for folder in faces.iterdir():
        with contextlib.suppress(OSError, ValueError, TypeError):
            other = Meta(**json.loads((folder / "meta.json").read_text(encoding="utf-8")))
            is_same_source = (other.kind, other.path) == (meta.kind, meta.path)
            if is_same_source and folder != cache_of(meta.digest):
                _remove(folder)


def _remove(folder: Path) -> None:
    """Delete a folder under another name, so that nobody finds a part of it."""
    doomed = folder.with_name(f"{_UNFINISHED}{uuid.uuid4().hex}")
    rename(folder, doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def _is_intact(folder: Path, meta: Meta) -> bool:
    if not {f"{name}.npy" for name in _ARRAYS} <= set(meta.files):
        return False
    moved = False
    for name, (size, changed, digest) in meta.files.items():
        status = (folder / name).stat()
        if status.st_size != size:
            return False
        if status.st_mtime_ns != changed:
            if _digest(folder / name) != digest:
                return False
            meta.files[name] = (size, status.st_mtime_ns, digest)
            moved = True
    if moved:  # a copy or a restored backup: trust it at once next time
        with contextlib.suppress(CourseError):  # a folder that cannot be written is as good
            _write_meta(folder, meta)
    return True


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove_unfinished(faces: Path) -> None:
    """Delete what interrupted processes left; a day old, so that none is still at work."""
    for folder in (*faces.glob(f"{_UNFINISHED}*"), *faces.parent.glob(f"{_UNFINISHED}*")):
        with contextlib.suppress(FileNotFoundError):  # it may be finished at this moment
            if time.time() - folder.stat().st_mtime > _A_DAY:
                shutil.rmtree(folder, ignore_errors=True)
