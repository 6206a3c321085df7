"""Find out which of FER2013's forms lies at a path."""

from pathlib import Path

from fercourse.dataset.containers import Container, Member, damage_named, open_container
from fercourse.dataset.csv_form import Columns, CsvForm, columns_of, place_of, wrong_columns
from fercourse.dataset.form import Form
from fercourse.errors import CourseError

_PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_ARCHIVES = (".zip", ".gz", ".tgz", ".tar")
_START = 4096
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_EXPECTED = (
    "Expected fer2013.csv, class folders such as train/happy with pictures, or Parquet, "
    "in a folder, a zip or a tar archive."
)


def recognize(path: Path) -> tuple[Form, str]:
    """Find FER2013 at a path.

    Args:
        path: a file, a folder or an archive.

    Returns:
        The form, ready to be read, and in words what it is, such as ``class folders in a zip
        archive``.

    Raises:
        CourseError: nothing known is there, or more than one thing.
    """
    container = open_container(path)
    form = _form_in(container)
    where = "" if container.kind == "file" else f" in a {container.kind}"
    return form, form.name + where


def _form_in(container: Container) -> Form:
    members = container.members()
    starts = _starts(container, members)
    parquet = [m for m in members if starts.get(m.name, b"").startswith(b"PAR1")]
    tables = {
        m.name: columns_of(starts[m.name])
        for m in members
        if m.name in starts and m not in parquet and _is_text(starts[m.name])
    }
    faces = {name: columns for name, columns in tables.items() if columns.pixels is not None}
    pictures = [m for m in members if m.suffix in _PICTURES]
    if container.kind in ("file", "gzip file"):
        pictures = []
    notes: list[str] = []
    found = {
        "Parquet": [m.name for m in parquet],
        "CSV": _chosen_tables(container, faces, notes) if faces else [],
        "class folders": [m.name for m in pictures],
    }
    present = {name: names for name, names in found.items() if names}
    empty = [name for name, start in starts.items() if not start]
    if not present:
        raise _nothing(container, members, tables, starts)
    if len(present) > 1 or len(found["CSV"]) > 1:
        raise _several(container, present)
    _note_archives(members, notes)
    notes += [f"{name} is empty and was left out." for name in empty]
    if parquet:
        from fercourse.dataset.parquet_form import ParquetForm

        return ParquetForm(container, parquet, notes)
    if faces:
        return CsvForm(container, found["CSV"][0], notes)
    from fercourse.dataset.picture_form import PictureForm

    form = PictureForm(container, pictures, notes)
    if not form.has_faces:
        raise _nothing(container, members, tables, starts)
    return form


def _starts(container: Container, members: list[Member]) -> dict[str, bytes]:
    """Read the first bytes of what may be a table; a file by itself may have any name."""
    by_itself = container.kind in ("file", "gzip file")
    wanted = [m.name for m in members if by_itself or m.suffix in (".csv", ".parquet")]
    starts = {}
    for member, file in container.read(wanted) if wanted else ():
        with damage_named(container.path, member.name):
            starts[member.name] = file.read(_START)
    return starts


def _chosen_tables(container: Container, faces: dict[str, Columns], notes: list[str]) -> list[str]:
    """Return the one CSV file to read, or several where that cannot be told.

    The original contest is handed out with ``icml_face_data.csv``, which has everything,
    beside ``train.csv`` and ``test.csv``, which repeat its pixels.
    """
    labelled = [name for name, columns in faces.items() if columns.emotion is not None]
    complete = [name for name in labelled if faces[name].usage is not None]
    unlabelled = sorted(set(faces) - set(labelled))
    if not labelled:
        names = ", ".join(unlabelled)
        raise CourseError(
            f"{container.path}: {names} has pixels but no emotion column, as the contest's "
            "test.csv. Expected labels: use train.csv, icml_face_data.csv or fer2013.csv."
        )
    contest = {"train.csv", "test.csv"}
    chosen = labelled
    if len(complete) == 1 and all(_base(n) in contest for n in labelled if n not in complete):
        chosen = complete
        if repeated := [name for name in labelled if name not in complete]:
            notes.append(f"{', '.join(repeated)} was left out: {complete[0]} has the same faces.")
    if unlabelled:
        notes.append(f"{', '.join(unlabelled)} was left out: it has no labels.")
    return chosen


def _nothing(
    container: Container,
    members: list[Member],
    tables: dict[str, Columns],
    starts: dict[str, bytes],
) -> CourseError:
    """Return the error for what holds no faces: what is there, and what was expected."""
    seen = ", ".join(member.name for member in members[:3]) or "nothing"
    more = f" and {len(members) - 3:,} more" if len(members) > 3 else ""
    held = "" if container.kind == "file" else f" (it holds {seen}{more})"
    details = [
        *(f"{place_of(container, name)} is empty." for name, start in starts.items() if not start),
        *(
            f"{place_of(container, name)} is text in UTF-16. Save it again as plain text (UTF-8)."
            for name, start in starts.items()
            if start.startswith(_UTF_16)
        ),
        *(str(wrong_columns(place_of(container, name), tables[name])) for name in tables),
    ][:2]
    if inner := sorted(
        (m.name for m in members if m.suffix in _ARCHIVES), key=lambda name: "fer" not in name
    ):
        how = (
            f"name that one: {container.path / inner[0]}"
            if container.kind == "folder"
            else "unpack that one and name it"
        )
        details.append(f"It holds another archive, {inner[0]}; if FER2013 is in there, {how}.")
    return CourseError(
        " ".join([f"{container.path}: no faces were found{held}.", *details, _EXPECTED])
    )


def _several(container: Container, present: dict[str, list[str]]) -> CourseError:
    examples = "; ".join(
        f"{name} ({', '.join(names[:3])}{', …' if len(names) > 3 else ''})"
        for name, names in present.items()
    )
    how = "name the one you mean" if container.kind == "folder" else "unpack it and name one"
    return CourseError(
        f"{container.path} holds faces more than once: {examples}. Which is it? Please {how}."
    )


def _note_archives(members: list[Member], notes: list[str]) -> None:
    inner = [member.name for member in members if member.suffix in _ARCHIVES]
    if inner:
        notes.append(f"{', '.join(inner[:3])} was left out: an archive inside is not opened.")


def _is_text(start: bytes) -> bool:
    header = start.split(b"\n", 1)[0]
    return b"\x00" not in start and (b"," in header or b"pixels" in header)


def _base(name: str) -> str:
    return name.rpartition("/")[2].lower()
