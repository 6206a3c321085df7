"""``course.py data``: say where FER2013 is, look at the faces, find what is wrong with them."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fercourse.commands._page import add_actions, add_page
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages

if TYPE_CHECKING:
    from fercourse.dataset.cache import Cached, Meta

_KAGGLE_DATASET = "msambare/fer2013"

_DESCRIPTION = """\
Say where FER2013 is, look at the faces that the course uses, find what is wrong with them.

Without FER2013 the course uses faces that it draws itself. With it, every lesson, exercise and
command uses the real faces from then on.
"""

_EPILOG = """\
examples:
  python3 course.py data use Downloads/fer2013.zip   use FER2013 from now on
  python3 course.py data status                      what is there, and where it came from
  python3 course.py data audit                       count, find duplicates, write contact sheets
  python3 course.py data export drawn.csv --source drawn
  python3 course.py data forget                      back to drawn faces

forms of FER2013 that are read, each recognized by itself:
  fer2013.csv, icml_face_data.csv, and train.csv of the original contest
  class folders: train/<class>/Training_*.jpg, test/<class>/PublicTest_*.jpg
  Parquet with a column of picture bytes and one of labels
  any of these by itself, in a folder, in a .zip, a .tar or a .tar.gz

files:
  data/settings.json   where FER2013 lies
  data/cache/faces/    the faces as arrays, made when they are first used; safe to delete
  data/README.md       how to get FER2013, and its terms

exit codes:
  0  done
  2  something you can mend; the sentence says what, and nothing was changed
"""

_USE = """\
Read FER2013 at PATH, check all of it, keep it as arrays, and use it from now on.

PATH is a file, a folder or an archive; it is read where it lies and never changed. Move or
delete it later and the course says so. What had to be left out, assumed or converted is told.
"""

_STATUS = """\
Say which faces the course uses: where they came from, how many there are of each class in each
split, whether those are the published numbers, and what was noted when they were read.

Where FER2013 is gone from where it was, the exit code is 2, with --json as well.
"""

_AUDIT = """\
Look through all faces the course uses, and write down what is wrong with them.

Counted are faces by class and split (and whether these are the published numbers), blank
images (one gray level), exact duplicates inside and across splits, duplicates whose labels
disagree, and near-duplicates: pairs of images, as they are or mirrored, whose pixels correlate
at 0.92 or more, which is one photograph cropped or compressed anew.

FOLDER gets audit.md, audit.json (every face by its row) and a contact sheet of each kind.
"""

_EXPORT = """\
Write faces as a fer2013.csv (emotion, pixels, Usage), for programs that read that form.

The drawn faces may be passed on. FER2013's may not: see data/README.md.
"""

_FORGET = """\
Forget where FER2013 is, and delete what was made of it: the arrays (those of the drawn faces
too) and the report of data audit in data/audit, whose contact sheets show real faces. FER2013
itself is left alone, and so is a report that was written elsewhere (data audit --output).
From then on the course uses drawn faces.
"""

_GET = f"""\
Fetch FER2013 from Kaggle ({_KAGGLE_DATASET}) and use it, for people who have a Kaggle token.

The token is the file kaggle.json from your Kaggle account's settings, in the folder .kaggle of
your home folder, or its two values as KAGGLE_USERNAME and KAGGLE_KEY. Without one, download
FER2013 with a browser and name the file: python3 course.py data use PATH.
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "say where FER2013 is, look at the faces, find what is wrong with them"
    parser = add_page(verbs, "data", summary, _DESCRIPTION, _EPILOG)
    add = add_actions(parser, "data", run)

    use = add("use", "read FER2013 at a path and use it from now on", _USE, _use)
    use.add_argument("path", metavar="PATH", type=Path, help="a file, a folder or an archive")

    status = add("status", "say what is there and where it came from", _STATUS, _status)
    status.add_argument("--json", action="store_true", help="print JSON for a program to read")

    audit = add("audit", "count faces, find blanks and duplicates", _AUDIT, _audit)
    audit.add_argument("--json", action="store_true", help="print JSON for a program to read")
    _add_source(audit)
    audit.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="where to write the report (default: data/audit)",
    )

    export = add("export", "write faces as a fer2013.csv", _EXPORT, _export)
    export.add_argument("path", metavar="PATH", type=Path, help="the file to write")
    _add_source(export)

    add("forget", "forget where FER2013 is, delete what was made of it", _FORGET, _forget)

    get = add("get", "fetch FER2013 with a Kaggle token", _GET, _get)
    get.set_defaults(extras=("kaggle",))


def run(args: argparse.Namespace) -> int:
    """Do what was asked; every action returns an exit code."""
    return int(args.action(args))


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--source",
        choices=("auto", "fer2013", "drawn"),
        default="auto",
        help="which faces: auto takes FER2013 where it is known, else drawn ones (default: auto)",
    )


def _use(args: argparse.Namespace) -> int:
    from fercourse.dataset.loading import open_fer2013
    from fercourse.workspace import absolute, fer2013_path, is_there, remember

    path = absolute(args.path)
    if not is_there(path):
        raise CourseError(f"{path} is not there. Check the path.")
    cached = open_fer2013(path, progress=True)
    remember("fer2013", str(path))
    _print_faces(cached.meta)
    if fer2013_path() != path:
        _print(
            f"But FERCOURSE_FER2013 is set to {fer2013_path()}, and that wins. "
            "Unset it to use what you named."
        )
    return 0


def _status(args: argparse.Namespace) -> int:
    from fercourse.dataset.catalog import is_prepared
    from fercourse.workspace import data_folder, fer2013_gone, fer2013_path, is_there

    path = fer2013_path()
    exists = is_there(path) if path else None
    cached = _opened_if_cached()
    status: dict[str, Any] = {
        "source": "fer2013" if path else "drawn",
        "path": str(path) if path else None,
        "path_exists": exists,
        "prepared": is_prepared(),
        "data_folder": str(data_folder()),
    }
    if cached:
        status |= {"cache": str(cached.folder), **_described(cached.meta)}
    if args.json:
        print(json.dumps(status, indent=1))
        return 2 if exists is False else 0
    if path and exists is False:
        raise fer2013_gone(path)
    if cached:
        _print_faces(cached.meta)
        _print(f"Kept as arrays in {cached.folder}.")
    else:
        where = f"FER2013 at {path}" if path else "faces that it draws itself"
        _print(f"The course uses {where}. They are prepared when they are first used.")
    if not path:
        _print(
            "To use FER2013: python3 course.py data use PATH. data/README.md tells how to get it."
        )
    return 0


def _audit(args: argparse.Namespace) -> int:
    from rich.console import Console

    from fercourse.dataset.audit.findings import audit
    from fercourse.dataset.audit.report import as_json, summary, write_report
    from fercourse.dataset.loading import load_faces, open_source
    from fercourse.workspace import absolute

    cached = open_source(args.source, progress=True)
    with Console(stderr=True).status("Looking through the faces"):
        found = audit(load_faces(source=args.source))
    folder = absolute(args.output) if args.output else _audit_folder()
    with Console(stderr=True).status("Drawing contact sheets"):
        written = write_report(found, folder, cached.meta.notes)
    if args.json:
        print(json.dumps(as_json(found) | {"written": [str(path) for path in written]}, indent=1))
        return 0
    _print_faces(cached.meta)
    table = _table("found", "number", "what it means")
    table.columns[1].justify = "right"
    for what, number, why in summary(found):
        table.add_row(what, number, why)
    _print(table)
    _print(f"Written to {folder}: {', '.join(path.name for path in written)}.")
    return 0


def _export(args: argparse.Namespace) -> int:
    from fercourse.dataset.export import export_csv
    from fercourse.dataset.loading import load_faces, progress_bar
    from fercourse.workspace import absolute

    path = absolute(args.path)
    _check_target(path)
    faces = load_faces(source=args.source, progress=True)
    with progress_bar(f"Writing {path.name}", len(faces), shown=True) as report:
        export_csv(faces, path, report)
    _print(f"{path}: {len(faces):,} faces, {faces.source}.")
    return 0


def _check_target(path: Path) -> None:
    """Refuse to write where something else would be lost, or FER2013 itself."""
    from fercourse.workspace import absolute, fer2013_path, is_there, read_settings

    if path.is_dir():
        raise CourseError(f"{path} is a folder. Name the file to write, such as fer2013.csv.")
    if not path.parent.is_dir():
        raise CourseError(f"{path.parent} is not there. Make that folder first.")
    if is_there(path) and not path.is_file():
        raise CourseError(f"{path} is not a regular file, so it is left alone. Name another.")
    if path.suffix.lower() != ".csv":
        raise CourseError(f"{path} does not end in .csv. Name the file so, as fer2013.csv is.")
    remembered = read_settings().get("fer2013")
    for fer2013 in (fer2013_path(), absolute(remembered) if remembered else None):
        if fer2013 and fer2013 in (path, *path.parents):
            raise CourseError(
                f"{path} is where the course reads FER2013, which is never changed. "
                "Name another file to write."
            )


def _forget(_: argparse.Namespace) -> int:
    import os

    from fercourse.dataset.cache import remove_caches
    from fercourse.workspace import remember

    audits = _audit_folder()
    reported = audits.is_dir() and _remove_report(audits)
    freed = remove_caches()
    remember("fer2013", None)
    _print(f"Forgotten; {freed / 1e6:,.0f} MB of arrays deleted. The course draws its faces now.")
    if reported:
        _print(f"The audit's report in {audits} is deleted as well.")
    if given := os.environ.get("FERCOURSE_FER2013"):
        _print(f"But FERCOURSE_FER2013 still names {given}. Unset it as well.")
    return 0


def _audit_folder() -> Path:
    """Return the folder that ``data audit`` writes to unless told another."""
    from fercourse.workspace import data_folder

    return data_folder() / "audit"


def _remove_report(folder: Path) -> bool:
    from fercourse.dataset.audit.report import remove_report  # which loads matplotlib

    return remove_report(folder)


def _get(_: argparse.Namespace) -> int:
    from fercourse.dataset.download import download

    path = download(_KAGGLE_DATASET)
    return _use(argparse.Namespace(path=path))


def _opened_if_cached() -> "Cached | None":
    """Open the faces in use if that needs neither reading nor drawing."""
    from fercourse.dataset.cache import open_cache
    from fercourse.dataset.catalog import drawn_code, remembered_digest
    from fercourse.workspace import fer2013_path

    path = fer2013_path()
    try:
        digest = remembered_digest(path or drawn_code())
    except OSError:
        return None
    return open_cache(digest, str(path or "")) if digest else None


def _described(meta: "Meta") -> dict[str, Any]:
    from fercourse.dataset.published import COUNTS
    from fercourse.emotions import SEVEN, SPLITS

    present = [index for index, counts in enumerate(meta.counts) if any(counts)]
    return {
        "caption": meta.source,
        "form": meta.form,
        "faces": sum(map(sum, meta.counts)),
        "counts": {
            SPLITS[index]: dict(zip(SEVEN, meta.counts[index], strict=True)) for index in present
        },
        "counts_as_published": {
            SPLITS[index]: tuple(meta.counts[index]) == COUNTS[index] for index in present
        }
        if meta.kind == "fer2013"
        else None,
        "notes": meta.notes,
    }


def _print_faces(meta: "Meta") -> None:
    """Print what the faces are and how many there are of each class in each split."""
    from fercourse.dataset.published import COUNTS
    from fercourse.emotions import SEVEN, SPLITS

    present = [index for index, counts in enumerate(meta.counts) if any(counts)]
    _print(f"{meta.source}: {meta.form}")
    if meta.path:
        _print(meta.path)
    table = _table("class", *(SPLITS[index] for index in present))
    for column in table.columns[1:]:
        column.justify = "right"
    for label, name in enumerate(SEVEN):
        table.add_row(name, *(f"{meta.counts[index][label]:,}" for index in present))
    table.add_section()
    table.add_row("all", *(f"{sum(meta.counts[index]):,}" for index in present))
    if meta.kind == "fer2013":
        equal = [tuple(meta.counts[index]) == COUNTS[index] for index in present]
        table.add_row("as published", *("yes" if each else "NO" for each in equal))
    _print(table)
    missing = [split for split, counts in zip(SPLITS, meta.counts, strict=True) if not any(counts)]
    if missing:
        _print(f"Not there: {' and '.join(missing)}.")
    for note in meta.notes:
        _print(f"Note: {note}")


def _table(*titles: str) -> Any:
    from rich import box
    from rich.table import Table

    return Table(*titles, box=box.SIMPLE_HEAD)


def _print(what: Any) -> None:
    """Print a table, or a text as it is: a path may hold what rich would take for markup."""
    from rich.console import Console

    Console(highlight=False, markup=False, soft_wrap=isinstance(what, str)).print(what)
