"""Finds what students handed in, in whatever form it arrives, and lays it out as nbgrader does."""

import hashlib
import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from autograder.sanitizing import KEY, Template, match, readable
from autograder.sources import Source
from fercourse.errors import CourseError

_LITTER = {".ipynb_checkpoints", "__pycache__", "__MACOSX"}
_LARGEST_FILE = 50_000_000
_LARGEST_NOTEBOOK = 200_000_000


@dataclass(frozen=True)
class Handed:
    """What one student handed in for one assignment.

    Attributes:
        student: nbgrader's id of the student.
        assignment: the assignment's name.
        notebook: what is graded; the untouched starter where there was nothing to grade.
        missing: whether it is that starter.
        files: what lies beside it, by name.
        remarks: what is to be said about the files, in sentences.
    """

    student: str
    assignment: str
    notebook: NotebookNode
    missing: bool
    files: dict[str, Path]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    """A notebook file: what was read from it, or why it cannot be read; whose cells it holds."""

    path: Path
    notebook: NotebookNode | None
    reason: str
    belongs_to: str


def collect(
    folder: Path, sources: dict[str, Source], chosen: list[str], students: list[str]
) -> list[Handed]:
    """Find what students handed in.

    Args:
        folder: holds ``STUDENT/ASSIGNMENT/NOTEBOOK.ipynb``, ``STUDENT/NOTEBOOK.ipynb`` or
            ``STUDENT.ipynb``, mixed as they come.
        sources: every assignment, by name.
        chosen: the assignments to grade; where empty, those of which anything was handed in.
        students: take these only; where empty, all.

    Returns:
        One entry for each student and assignment.

    Raises:
        CourseError: the folder is missing or holds nothing of the kind.
    """
    if not folder.is_dir():
        raise CourseError(f"{folder} is not a folder. Name the one that holds what was handed in.")
    templates = {name: Template.of(source) for name, source in sources.items()}
    places = dict(_places(folder))
    if unknown := sorted(set(students) - set(places)):
        raise CourseError(
            f"nothing of {', '.join(unknown)} is in {folder}. Those in it: "
            f"{', '.join(sorted(places)) or 'none'}."
        )
    if not places:
        raise CourseError(
            f"{folder} holds neither folders of students nor notebooks: expected "
            "STUDENT/ASSIGNMENT/NOTEBOOK.ipynb, STUDENT/NOTEBOOK.ipynb or STUDENT.ipynb."
        )
    found = {
        student: _candidates(place, templates)
        for student, place in places.items()
        if not students or student in students
    }
    names = chosen or sorted(
        {name for candidates in found.values() for name in _assignments(candidates, templates)}
    )
    if not names:
        raise CourseError(f"no notebook in {folder} is of an assignment of this course.")
    return [
        _handed(student, places[student], found[student], templates[name])
        for student in sorted(found)
        for name in names
    ]


def _places(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each student's id with the folder or notebook that they handed in."""
    seen: set[str] = set()  # in small letters: some systems do not tell Ada from ada
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _LITTER:
            continue
        if path.is_dir() or path.suffix == ".ipynb":
            name = _student_id(path)
            while name.casefold() in seen:
                name += "_"
            seen.add(name.casefold())
            yield name, path


def _student_id(path: Path) -> str:
    """Return the id of the student whose folder or notebook it is, fit to be a folder's name."""
    # A Mac writes ë as two characters, and nbgrader takes an id for a pattern of file names.
    name = unicodedata.normalize("NFC", path.name.removesuffix(".ipynb"))
    return re.sub(r"[^\w.@ -]", "_", name).strip(" .") or "_"


def _candidates(place: Path, templates: dict[str, Template]) -> list[_Candidate]:
    paths = [place] if place.is_file() else [p for p in _files(place) if p.suffix == ".ipynb"]
    return [_read(path, templates) for path in paths]


def _files(folder: Path) -> list[Path]:
    """Return the files below a folder; links are left alone, they may lead anywhere."""
    return sorted(
        path
        for path in folder.rglob("*")
        if not set(path.relative_to(folder).parts) & _LITTER
        and not path.name.startswith(".")
        and stat.S_ISREG(path.lstat().st_mode)
    )


def _read(path: Path, templates: dict[str, Template]) -> _Candidate:
    try:
        if path.stat().st_size > _LARGEST_NOTEBOOK:
            raise ValueError("larger than 200 MB")
        notebook = readable(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        return _Candidate(path, None, str(error).splitlines()[0][:200], "")
    counts = {
        name: len(template.graded & set(match(notebook, template).values()))
        for name, template in templates.items()
    }
    best = max(counts, key=lambda name: counts[name])
    return _Candidate(path, notebook, "", best if counts[best] else "")


def _assignments(candidates: list[_Candidate], templates: dict[str, Template]) -> set[str]:
    """Return the assignments that a student handed in something for."""
    by_notebook = {template.assignment.notebook: name for name, template in templates.items()}
    found = set()
    for candidate in candidates:
        in_folder = candidate.path.parent.name
        named = by_notebook.get(candidate.path.name, in_folder if in_folder in templates else "")
        found |= {candidate.belongs_to or named}
    return found - {""}


def _handed(student: str, place: Path, candidates: list[_Candidate], template: Template) -> Handed:
    """Choose among a student's notebooks the one for an assignment."""
    assignment = template.assignment
    own = place / assignment.name
    inside = own.is_dir()
    if inside:
        candidates = [entry for entry in candidates if own in entry.path.parents]
    fitting = [entry for entry in candidates if entry.belongs_to == assignment.name]
    fitting.sort(key=lambda entry: entry.path.name != assignment.notebook)
    remarks = []
    if student != (own_name := _student_id(place)):
        remarks.append(
            f"{place.name} is a second hand-in of {own_name}; it is graded as {student}'s."
        )
    if fitting:
        taken = fitting[0]
        if taken.path.name != assignment.notebook and not place.is_file():
            remarks.append(
                f"The notebook was handed in as {taken.path.name}; its cells are those of "
                f"{assignment.notebook}."
            )
        if len(fitting) > 1:
            others = ", ".join(entry.path.name for entry in fitting[1:])
            remarks.append(f"More than one notebook was handed in; {others} was not graded.")
        assert taken.notebook is not None
        notebook = taken.notebook
        files, left_out = _beside(taken.path, place)
        remarks += _rename_script(files, assignment.script)
    else:
        remarks.append(_why_nothing(candidates, template, inside=inside))
        notebook = nbformat.v4.new_notebook(cells=template.cells)
        files, left_out = {}, []
    remarks += left_out
    return Handed(student, assignment.name, notebook, not fitting, files, tuple(remarks))


def _why_nothing(candidates: list[_Candidate], template: Template, *, inside: bool) -> str:
    """Say why no notebook of a student is one of the assignment."""
    wanted = template.assignment.notebook
    about = {entry.path.name: entry for entry in candidates}
    if wanted in about or (inside and len(candidates) == 1):
        entry = about.get(wanted, candidates[0])
        if entry.notebook is None:
            return f"{entry.path.name} cannot be read: it is damaged ({entry.reason})."
        if entry.belongs_to:
            return f"{entry.path.name} holds the cells of another assignment, {entry.belongs_to}."
        return f"{entry.path.name} holds no exercise of this assignment."
    damaged = [entry.path.name for entry in candidates if entry.notebook is None]
    if damaged:
        return f"No {wanted} was handed in; {', '.join(damaged)} cannot be read: it is damaged."
    return f"No {wanted} was handed in."


def _beside(notebook: Path, place: Path) -> tuple[dict[str, Path], list[str]]:
    """Return the files beside a notebook, and sentences about those that are left out."""
    if place.is_file():
        return {}, []
    files, left_out = {}, []
    for path in _files(notebook.parent):
        inside = path.relative_to(notebook.parent)
        # What is called fercourse would take the place of the course's own package, and a page
        # could be taken for the one that we give back.
        if path.suffix in (".ipynb", ".html") or inside.parts[0].split(".")[0] == "fercourse":
            continue
        if path.stat().st_size > _LARGEST_FILE:
            left_out.append(f"{inside} is larger than 50 MB and was left out.")
        elif not os.access(path, os.R_OK):
            left_out.append(f"{inside} cannot be read and was left out.")
        elif str(inside) == "timestamp.txt" and not _is_time(path):
            left_out.append(f"{inside} holds no time and was left out.")
        else:
            files[str(inside)] = path
    return files, left_out


def _rename_script(files: dict[str, Path], script: str) -> list[str]:
    """Give the only program its name where it was handed in under another, and say so."""
    programs = [name for name in files if name.endswith(".py")]
    if not script or script in files or len(programs) != 1:
        return []
    files[script] = files.pop(programs[0])
    return [f"{programs[0]} was taken for {script}."]


def _is_time(path: Path) -> bool:
    """Return whether nbgrader can read from a file when a student handed in."""
    try:
        parse_utc(path.read_text(encoding="utf-8").strip())
    except (ValueError, OverflowError):
        return False
    return True


def lay_out(handed: Handed, submitted: Path, notebook_name: str) -> None:
    """Write what was handed in where nbgrader looks for it.

    Args:
        handed: what one student handed in.
        submitted: nbgrader's folder of submissions.
        notebook_name: what the notebook has to be called.
    """
    target = submitted / handed.student / handed.assignment
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    for name, path in handed.files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / name)
    notebook = handed.notebook
    notebook.metadata[KEY] = {"missing": handed.missing, "remarks": list(handed.remarks)}
    nbformat.write(notebook, target / notebook_name)


def fingerprint(handed: Handed, source: Source, secret: str) -> str:
    """Return what changes whenever a submission would have to be graded anew.

    Args:
        handed: what was handed in.
        source: the assignment.
        secret: the term's.
    """
    digest = hashlib.sha256(secret.encode())
    cells = [(cell.cell_type, cell.source, cell.metadata) for cell in handed.notebook.cells]
    digest.update(repr((cells, handed.remarks, handed.missing)).encode())
    own = {os.fspath(path.relative_to(source.folder)): path for path in _files(source.folder)}
    for files in (handed.files, own):
        for name, path in sorted(files.items()):
            digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
