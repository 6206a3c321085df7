"""``load_faces``: the one way to FER2013 or to drawn faces, read once and cached."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from fercourse.dataset.cache import Cached, Meta, open_cache, read_truth, write_cache
from fercourse.dataset.catalog import (
    content_digest,
    drawn_code,
    remember_digest,
    remembered_digest,
    stamp_of,
)
from fercourse.dataset.faceset import FaceSet
from fercourse.dataset.form import Batch, split_of
from fercourse.dataset.splitting import stratified_subset
from fercourse.emotions import SPLITS, ClassScheme, Disgust, class_scheme
from fercourse.errors import CourseError
from fercourse.workspace import fer2013_gone, fer2013_path, is_there

if TYPE_CHECKING:
    import pandas as pd

Source = Literal["auto", "fer2013", "drawn"]
Split = Literal["Training", "PublicTest", "PrivateTest"]


class MissingSplitError(CourseError):
    """The faces lack the split that was asked for.

    Attributes:
        what: this, in a sentence.
        present: names of the splits that there are.
    """

    def __init__(self, what: str, present: tuple[str, ...]) -> None:
        """Say what is missing, and that what is there can be asked for."""
        super().__init__(f"{what} Ask for what there is, or name other faces.")
        self.what = what
        self.present = present


def load_faces(
    split: Split | None = None,
    classes: int = 7,
    *,
    disgust: Disgust = "drop",
    source: Source = "auto",
    path: Path | None = None,
    limit: int | None = None,
    progress: bool = False,
) -> FaceSet:
    """Return faces of FER2013, or drawn ones where FER2013 is not there.

    The first call reads or draws them and keeps them as arrays on disk; later ones map those
    into memory, which takes milliseconds and copies nothing (``limit`` copies the images it
    chooses). The images cannot be written to; work on ``faces.images.copy()``.

    Args:
        split: ``"Training"``, ``"PublicTest"``, ``"PrivateTest"``, or None for all there are.
        classes: 7, or 6 for the course program's own list.
        disgust: with six classes, ``"drop"`` leaves faces labelled Disgust out and
            ``"merge"`` counts them as Angry.
        source: ``"auto"`` takes FER2013 where ``data use`` or ``FERCOURSE_FER2013`` names it,
            else drawn faces; ``"fer2013"`` and ``"drawn"`` insist.
        path: read FER2013 there this once, in any form, whatever ``source`` says.
        limit: at most this many faces, the same on every machine, in the published order, with
            each class, split and the validation part keeping its share as well as whole
            numbers allow.
        progress: show a bar while faces are read or drawn for the first time.

    Returns:
        The faces, those of a split in the published order.

    Raises:
        ValueError: an argument is none of the above.
        CourseError: FER2013 is not where it was, cannot be read, or lacks the split.
    """
    _check_whole("classes", classes)
    scheme = class_scheme(classes, disgust)
    _check_split(split)
    if limit is not None:
        _check_whole("limit", limit)
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit!r}.")
    cached = open_source(source, progress) if path is None else open_fer2013(path, progress)
    return _select(cached, split, scheme, limit)


def _check_split(split: object) -> None:
    if split is None or (isinstance(split, str) and split in SPLITS):
        return
    meant = split_of(split) if isinstance(split, str) else None
    hint = "" if meant is None else f" Did you mean {SPLITS[meant]!r}?"
    raise ValueError(f"split must be one of {', '.join(SPLITS)} or None, not {split!r}.{hint}")


def _check_whole(name: str, value: object) -> None:
    """Refuse what is no whole number; numpy's are ones, True and 6.0 are not."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name} must be a whole number, not {value!r}.")


def drawn_truth() -> "pd.DataFrame":
    """Return what was drawn: a row for each drawn face, indexed by ``FaceSet.rows``.

    ``drawn_truth().loc[faces.rows]`` lines up with ``faces = load_faces(source="drawn")``.
    """
    import pandas as pd

    cached = open_source("drawn")
    return pd.DataFrame(read_truth(cached), index=pd.Index(cached.rows, name="row")).sort_index()


def prepare(progress: bool = True) -> FaceSet:
    """Read or draw the faces that ``load_faces()`` will use, unless they are cached already."""
    return load_faces(progress=progress)


def open_source(source: Source = "auto", progress: bool = False, anew: bool = False) -> Cached:
    """Open a source's cache, made first where it is missing, out of date or damaged.

    Args:
        source: as for ``load_faces``.
        progress: show a bar while it is made.
        anew: look at the whole source, not only at its stamp, to see whether it changed.

    Raises:
        CourseError: FER2013 was asked for and is not there, or cannot be read.
    """
    if source not in ("auto", "fer2013", "drawn"):
        raise ValueError(f'source must be "auto", "fer2013" or "drawn", not {source!r}.')
    path = None if source == "drawn" else fer2013_path()
    if path is not None:
        return open_fer2013(path, progress, anew)
    if source == "fer2013":
        raise CourseError(
            "FER2013 is not there yet. Say where it is: python3 course.py data use PATH "
            "(data/README.md tells how to get it)."
        )
    return _open_drawn(progress)


def open_fer2013(path: Path, progress: bool = False, anew: bool = True) -> Cached:
    """Open FER2013 at a path, reading it unless it is cached.

    Raises:
        CourseError: it is not there or cannot be read.
    """
    if not is_there(path):
        raise fer2013_gone(path)
    digest = None if anew else remembered_digest(path)
    if digest and (cached := open_cache(digest, str(path))):
        return cached
    stamp = stamp_of(path)
    digest = content_digest(path)
    cached = open_cache(digest, str(path)) or _read_fer2013(path, digest, progress)
    with suppress(CourseError):  # faces in a folder that cannot be written are as good
        remember_digest(path, digest, stamp)
    return cached


def _read_fer2013(path: Path, digest: str, progress: bool) -> Cached:
    from fercourse.dataset.recognition import recognize

    form, described = recognize(path)
    meta = Meta(
        digest=digest,
        kind="fer2013",
        path=str(path),
        form=described,
        notes=form.notes,
    )
    with progress_bar(f"Reading {path.name}", form.size, progress) as report:
        return write_cache(meta, form.read(report))


def _open_drawn(progress: bool) -> Cached:
    digest = remembered_digest(drawn_code())
    if digest and (cached := open_cache(digest)):
        return cached
    import hashlib

    from fercourse import drawn

    stamp = stamp_of(drawn_code())
    digest = hashlib.sha256(f"drawn faces {drawn.DEFAULT_SET_VERSION}".encode()).hexdigest()
    cached = open_cache(digest) or _draw(digest, progress)
    with suppress(CourseError):
        remember_digest(drawn_code(), digest, stamp)
    return cached


def _draw(digest: str, progress: bool) -> Cached:
    from fercourse import drawn

    with progress_bar("Drawing faces", None, progress) as report:
        done = 0

        def told(now: int, total: int) -> None:
            nonlocal done
            report(now - done, total)
            done = now

        faces = drawn.default_set(told)
    rows = np.arange(len(faces.images), dtype=np.int64)
    batch = Batch(faces.images, faces.labels, faces.usage, rows)
    meta = Meta(
        digest=digest,
        kind="drawn",
        path="",
        form=f"drawn by fercourse.drawn, version {drawn.DEFAULT_SET_VERSION}",
    )
    return write_cache(meta, [batch], extra=lambda: faces.truth)


def _select(cached: Cached, split: Split | None, scheme: ClassScheme, limit: int | None) -> FaceSet:
    """Cut a split out of the cache, in the scheme's classes, of at most ``limit`` faces."""
    part = _part_of(cached, split)
    to_label = np.array([-1 if new is None else new for new in scheme.from_seven], np.int16)
    labels = to_label[cached.labels[part]]
    kept = labels >= 0
    images = cached.images[part]
    if None in scheme.from_seven:
        first = np.count_nonzero(to_label[cached.labels[: part.start]] >= 0)
        images = cached.six[first : first + np.count_nonzero(kept)]
    faces = FaceSet(
        images=images,
        labels=labels[kept].astype(np.uint8),
        usage=cached.usage[part][kept],
        source=cached.meta.source,
        kind=cached.meta.kind,
        rows=cached.rows[part][kept],
        scheme=scheme,
        validation=cached.validation[part][kept],
    )
    if limit is None or limit >= len(faces):
        return faces
    strata = (faces.usage.astype(int) * 2 + cached.validation[part][kept]) * 7 + faces.labels
    return faces.take(stratified_subset(strata, faces.rows, limit))


def _part_of(cached: Cached, split: Split | None) -> slice:
    if split is None:
        return slice(0, len(cached.labels))
    number = SPLITS.index(split)
    start, stop = np.searchsorted(cached.usage, [number, number + 1])
    if start == stop:
        raise _lacks(cached, split)
    return slice(int(start), int(stop))


def _lacks(cached: Cached, split: str) -> CourseError:
    counts = zip(SPLITS, map(sum, cached.meta.counts), strict=True)
    present = {name: f"{name} ({count:,} faces)" for name, count in counts if count}
    return MissingSplitError(
        f"There is no {split} split in {cached.meta.source}, only "
        f"{' and '.join(present.values())}.",
        tuple(present),
    )


@contextmanager
def progress_bar(title: str, total: int | None, shown: bool) -> Iterator[Callable[..., None]]:
    """Show a progress bar on standard error; yield what is to be told of each step."""
    if not shown:
        yield lambda _, __=None: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total)

        def report(step: int, of: int | None = None) -> None:
            bar.update(task, advance=step, total=of if of is not None else total)

        yield report
