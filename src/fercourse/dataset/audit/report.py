"""Write an audit down: a summary in Markdown, all of it as JSON, and a sheet of each kind."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fercourse.dataset.audit.findings import Findings, Group
from fercourse.dataset.audit.near import THRESHOLD
from fercourse.dataset.published import BLANKS, SURPLUS_DUPLICATES, TOTALS
from fercourse.emotions import SPLITS
from fercourse.errors import CourseError
from fercourse.plots import contact_sheet
from fercourse.workspace import write_atomically

_IN_A_ROW = 8
_ROWS = 6
_DPI = 150


def as_json(found: Findings) -> dict[str, Any]:
    """Return the findings as plain numbers, names and lists; faces are named by their row."""
    faces = found.faces
    row = faces.rows.tolist()
    return {
        "source": faces.source,
        "class_scheme": faces.scheme.title,
        "kind": faces.kind,
        "faces": len(faces),
        "classes": list(faces.classes),
        "counts": {
            split: dict(zip(faces.classes, counts.tolist(), strict=True))
            for split, counts in zip(SPLITS, found.counts, strict=True)
            if counts.any()
        },
        "counts_as_published": {
            split: equal
            for split, equal in zip(SPLITS, found.as_published, strict=True)
            if equal is not None
        },
        "blank_images": {"count": len(found.blanks), "rows": [row[i] for i in found.blanks]},
        "exact_duplicates": {
            "surplus_images": found.surplus,
            "groups": len(found.duplicates),
            "groups_across_splits": len(found.across_splits),
            "groups_with_labels_that_disagree": len(found.contradictions),
            "rows": [[row[i] for i in group] for group in found.duplicates],
        },
        "near_duplicates": {
            "threshold": THRESHOLD,
            "pairs": len(found.near.pairs),
            "mirrored": int(found.near.mirrored.sum()),
            "pairs_across_splits": found.near_across_splits,
            "pairs_with_labels_that_disagree": found.near_contradictions,
            "rows": [[row[a], row[b]] for a, b in found.near.pairs.tolist()],
            "correlation": [round(value, 4) for value in found.near.correlation.tolist()],
        },
    }


def summary(found: Findings) -> list[tuple[str, str, str]]:
    """Return lines of what was found: what, how many, and what that means."""
    faces = found.faces
    is_real = faces.kind == "fer2013"
    is_whole = is_real and len(faces) == sum(TOTALS)
    among = "" if is_whole else f" of {sum(TOTALS):,} in all three splits"
    inside = len(found.duplicates) - len(found.across_splits)
    return [
        (
            "Blank images",
            f"{len(found.blanks):,}",
            "every pixel has the same gray level" + (f"; {BLANKS} published" if is_real else ""),
        ),
        (
            "Exact duplicates",
            f"{found.surplus:,}",
            "images that repeat one before them, blanks included"
            + (f"; {SURPLUS_DUPLICATES:,} published{among}" if is_real else ""),
        ),
        ("Duplicate groups", f"{len(found.duplicates):,}", "sets of equal images, not blank"),
        ("  inside one split", f"{inside:,}", "the same face counts twice when a model learns"),
        (
            "  across splits",
            f"{len(found.across_splits):,}",
            "the test asks about a face that was learned by heart",
        ),
        (
            "  labels disagree",
            f"{len(found.contradictions):,}",
            "the same image has two emotions: no model can get both right",
        ),
        (
            "Near-duplicates",
            f"{len(found.near.pairs):,}",
            f"pairs whose pixels correlate at {THRESHOLD} or more",
        ),
        ("  mirrored", f"{int(found.near.mirrored.sum()):,}", "one is the other in a mirror"),
        ("  across splits", f"{found.near_across_splits:,}", "learned and tested, too"),
        ("  labels disagree", f"{found.near_contradictions:,}", "one photograph, two emotions"),
    ]


def write_report(found: Findings, folder: Path, notes: list[str]) -> list[Path]:
    """Write ``audit.md``, ``audit.json`` and the contact sheets into a folder.

    Args:
        found: the findings.
        folder: made where missing; files of an earlier audit are replaced.
        notes: sentences on how the faces were read.

    Returns:
        The files written.

    Raises:
        CourseError: the folder cannot be written.
    """
    written, sheets = [], []
    for name, (title, draw) in _SHEETS.items():
        path = folder / f"{name}.png"
        figure = draw(found, title)
        if figure is None:
            path.unlink(missing_ok=True)
            continue
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=_DPI)
        write_atomically(path, buffer.getvalue())
        written.append(path)
        sheets.append((title, path.name))
    texts = {
        "audit.json": json.dumps(as_json(found), indent=1) + "\n",
        "audit.md": _markdown(found, notes, sheets),
    }
    for name, text in texts.items():
        write_atomically(folder / name, text.encode(errors="replace"))
        written.insert(0, folder / name)
    return written


def remove_report(folder: Path) -> bool:
    """Delete what ``write_report`` wrote into a folder, and the folder if nothing else is there.

    Returns:
        Whether there was anything to delete.

    Raises:
        CourseError: a file cannot be deleted.
    """
    names = ["audit.json", "audit.md", *(f"{name}.png" for name in _SHEETS)]
    written = [folder / name for name in names if (folder / name).is_file()]
    try:
        for path in written:
            path.unlink()
        if written and not any(folder.iterdir()):
            folder.rmdir()
    except OSError as error:
        raise CourseError(
            f"{error.filename} could not be deleted ({error.strerror or error}). "
            "Close the program that shows it and try again."
        ) from error
    return bool(written)


def _markdown(found: Findings, notes: list[str], sheets: list[tuple[str, str]]) -> str:
    faces = found.faces
    lines = [f"# Audit: {faces.title}", "", f"{len(faces):,} faces.", ""]
    lines += [*(f"- {note}" for note in notes), ""] if notes else []
    lines += ["| split | " + " | ".join(faces.classes) + " | all | as published |"]
    lines += ["|---|" + "---:|" * (len(faces.classes) + 1) + "---|"]
    for split, counts, equal in zip(SPLITS, found.counts, found.as_published, strict=True):
        if equal is not None:
            numbers = " | ".join(f"{count:,}" for count in [*counts, counts.sum()])
            lines.append(f"| {split} | {numbers} | {verdict(found, equal)} |")
    lines += ["", "| found | number | what it means |", "|---|---:|---|"]
    lines += [f"| {what.strip()} | {number} | {why} |" for what, number, why in summary(found)]
    lines += ["", "`audit.json` names every face by its row.", ""]
    for title, name in sheets:
        lines += [f"## {title}", "", f"![{title}]({name})", ""]
    return "\n".join(lines)


def verdict(found: Findings, equal: bool) -> str:
    """Say whether a split's counts are the published ones."""
    if found.faces.kind != "fer2013":
        return "drawn"
    return "yes" if equal else "NO"


def _where(found: Findings, index: int) -> str:
    faces = found.faces
    return f"{faces.classes[faces.labels[index]]}\n{SPLITS[faces.usage[index]]}"


def _class_sheet(found: Findings, title: str) -> Any:
    """Eight faces of each class, spread evenly over the set."""
    faces = found.faces
    chosen: list[int] = []
    names = []
    for label, name in enumerate(faces.classes):
        of_class = np.setdiff1d(np.flatnonzero(faces.labels == label), found.blanks)
        if len(of_class):
            places = np.linspace(0, len(of_class) - 1, _IN_A_ROW).round().astype(int)
            chosen += of_class[places].tolist()
            names.append(name)
    return contact_sheet(
        faces.images[chosen], row_titles=names, columns=_IN_A_ROW, title=title, caption=faces.title
    )


def _blank_sheet(found: Findings, title: str) -> Any:
    if not found.blanks:
        return None
    chosen = found.blanks[: _IN_A_ROW * _ROWS]
    titles = [_where(found, index) for index in chosen]
    return contact_sheet(
        found.faces.images[chosen],
        titles,
        columns=min(_IN_A_ROW, len(chosen)),
        title=_shown(title, len(chosen), len(found.blanks)),
        caption=found.faces.title,
    )


def _group_sheet(found: Findings, groups: list[Group], title: str, by: str = "labels") -> Any:
    """Lay groups side by side as pairs: the first member and one that differs ``by`` something."""
    pairs = [_telling_pair(getattr(found.faces, by), group) for group in groups]
    shown = _spread(pairs, _IN_A_ROW // 2 * _ROWS)
    return _pair_sheet(found, shown, _shown(title, len(shown), len(groups), "groups"))


def _telling_pair(values: npt.NDArray[np.uint8], group: Group) -> tuple[int, int]:
    first, *others = group
    return first, next((index for index in others if values[index] != values[first]), others[0])


def _near_sheet(found: Findings, title: str) -> Any:
    pairs = [(a, b) for a, b in found.near.pairs.tolist()]
    chosen = _spread(list(range(len(pairs))), _IN_A_ROW // 2 * _ROWS)
    extra = {
        pairs[i]: f"{found.near.correlation[i]:.3f}{' mirrored' if found.near.mirrored[i] else ''}"
        for i in chosen
    }
    shown = [pairs[i] for i in chosen]
    return _pair_sheet(found, shown, _shown(title, len(shown), len(pairs), "pairs"), extra)


def _pair_sheet(
    found: Findings,
    pairs: list[tuple[int, int]],
    title: str,
    extra: dict[tuple[int, int], str] | None = None,
) -> Any:
    if not pairs:
        return None
    chosen = [index for pair in pairs for index in pair]
    titles = [_where(found, index) for index in chosen]
    if extra:
        for place, pair in enumerate(pairs):
            titles[2 * place + 1] += f"\n{extra[pair]}"
    return contact_sheet(
        found.faces.images[chosen],
        titles,
        columns=min(_IN_A_ROW, len(chosen)),
        paired=True,
        title=title,
        caption=found.faces.title,
    )


def _spread(items: list[Any], number: int) -> list[Any]:
    """Return at most ``number`` of the items, spread evenly."""
    if len(items) <= number:
        return items
    return [items[int(place)] for place in np.linspace(0, len(items) - 1, number).round()]


def _shown(title: str, shown: int, of: int, what: str = "") -> str:
    return f"{title}: {f'{shown} of ' if shown < of else ''}{of:,} {what}".rstrip()


_SHEETS: dict[str, tuple[str, Callable[[Findings, str], Any]]] = {
    "classes": ("Faces of each class", _class_sheet),
    "blanks": ("Blank images", _blank_sheet),
    "duplicates": (
        "Exact duplicates",
        lambda found, title: _group_sheet(found, found.duplicates, title),
    ),
    "across_splits": (
        "Exact duplicates across splits",
        lambda found, title: _group_sheet(found, found.across_splits, title, "usage"),
    ),
    "contradictions": (
        "Equal images whose labels disagree",
        lambda found, title: _group_sheet(found, found.contradictions, title),
    ),
    "near_duplicates": ("Near-duplicates", _near_sheet),
}
