"""Puts a notebook that was handed in back into the form it was handed out in.

Students copy cells, delete them, turn them into text, move them or lose their metadata. What
remains of their answers is found by nbgrader's name of the cell, then by the cell's id, then by
what stands in it; tests and locked cells are restored; each repair is said in a sentence.
"""

import copy
import itertools
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.released import released
from autograder.sources import (
    TEST_PREFIX,
    TEXT_STUB,
    Source,
    grade_id,
    is_answer,
    is_by_hand,
    is_test,
)
from fercourse.learn.items import Assignment

KEY = "grading"
"""Where notes of grading stand in the metadata of a notebook and of its cells."""


@dataclass
class Template:
    """The cells that an assignment was handed out with.

    Attributes:
        assignment: what its ``items.toml`` says.
        cells: all of them, in order.
        named: those that nbgrader knows, by name.
    """

    assignment: Assignment
    cells: list[NotebookNode]
    named: dict[str, NotebookNode] = field(init=False)

    def __post_init__(self) -> None:
        self.named = {grade_id(cell): cell for cell in self.cells if grade_id(cell)}

    @classmethod
    def of(cls, source: Source) -> "Template":
        """Return the template of an assignment."""
        return cls(source.assignment, list(released(source.notebook).cells))

    @property
    def graded(self) -> set[str]:
        """The names of the cells that answers and tests stand in."""
        return {
            name
            for name, cell in self.named.items()
            if is_answer(cell) or is_test(cell) or is_by_hand(cell)
        }

    def title(self, name: str) -> str:
        """Return what a student calls the item that a cell belongs to."""
        item = self.assignment.items.get(name.removeprefix(TEST_PREFIX))
        return f"“{item.title}”" if item else f"“{name}”"


def sanitize(notebook: NotebookNode, template: Template) -> tuple[NotebookNode, list[str]]:
    """Put a notebook back into the form it was handed out in.

    Args:
        notebook: what was handed in; it is not changed.
        template: what was handed out.

    Returns:
        The notebook with each named cell once, in its place and of its type, and what had to be
        repaired, in sentences. Locked cells still hold what the student's copy held: nbgrader
        puts the original there from its gradebook.
    """
    result = copy.deepcopy(notebook)
    remarks: list[str] = []
    names = match(result, template)
    _name_cells(result, template, names, remarks)
    _take_text_below(result, template, remarks)
    _insert_missing(result, template, remarks)
    _order_tests(result, template, remarks)
    _make_ids_unique(result)
    return result, remarks


def match(notebook: NotebookNode, template: Template) -> dict[int, str]:
    """Return which cell of a notebook is which of the template's, by position.

    Args:
        notebook: what was handed in.
        template: what was handed out.

    Returns:
        For each position that is recognized, nbgrader's name of the cell; no name occurs twice.
    """
    found: dict[int, str] = {}
    by_id = {cell.get("id"): name for name, cell in template.named.items()}
    by_source = {cell.source.strip(): name for name, cell in template.named.items()}
    by_source.pop(TEXT_STUB, None)  # every written answer looks like that before it is written
    for recognize in (
        grade_id,
        lambda cell: by_id.get(cell.get("id"), ""),
        lambda cell: by_source.get(cell.source.strip(), ""),
        lambda cell: _by_content(cell, template.assignment),
    ):
        _claim(notebook, template, recognize, found)
    _claim_after_questions(notebook, template, found)
    _prefer_filled_in(notebook, template, found)
    return found


def _claim(
    notebook: NotebookNode,
    template: Template,
    recognize: Callable[[NotebookNode], str],
    found: dict[int, str],
) -> None:
    """Give names to cells by one sign; of copies the first changed one counts, else the first."""
    candidates: dict[str, list[int]] = {}
    for position, cell in enumerate(notebook.cells):
        name = recognize(cell)
        if position not in found and name in template.named and name not in found.values():
            candidates.setdefault(name, []).append(position)
    for name, positions in candidates.items():
        changed = [at for at in positions if _is_changed(notebook.cells[at], template.named[name])]
        found[(changed or positions)[0]] = name


def _is_changed(cell: NotebookNode, original: NotebookNode) -> bool:
    return bool(cell.source.strip()) and cell.source.strip() != original.source.strip()


def _by_content(cell: NotebookNode, assignment: Assignment) -> str:
    """Return the name of the item whose function a cell defines, or whose tests it holds."""
    if cell.cell_type != "code":
        return ""
    for item in assignment.items.values():
        if item.graded != "tests":
            continue
        if re.search(rf"^(def|class)\s+{re.escape(item.function)}\b", cell.source, re.MULTILINE):
            return item.id
        if re.search(rf"\bcheck\(\s*[\"']{re.escape(item.id)}[\"']\s*\)", cell.source):
            return TEST_PREFIX + item.id
    return ""


def _claim_after_questions(
    notebook: NotebookNode, template: Template, found: dict[int, str]
) -> None:
    """Recognize a written answer that lost its name by the question that it stands below."""
    sources = [cell.source.strip() for cell in notebook.cells]
    given = {cell.source.strip() for cell in template.cells} - {TEXT_STUB}
    for before, cell in zip(template.cells, template.cells[1:], strict=False):
        name = grade_id(cell)
        if not is_by_hand(cell) or name in found.values() or before.source.strip() not in sources:
            continue
        position = sources.index(before.source.strip()) + 1
        if position < len(sources) and position not in found and sources[position] not in given:
            found[position] = name


def _prefer_filled_in(notebook: NotebookNode, template: Template, found: dict[int, str]) -> None:
    """Let a cell that was left as it was give way to an answer in a cell of the student's own."""
    for place, name in list(found.items()):
        original = template.named[name]
        if not is_answer(original) or _is_changed(notebook.cells[place], original):
            continue
        for position, cell in enumerate(notebook.cells):
            if (
                position not in found
                and _by_content(cell, template.assignment) == name
                and _is_changed(cell, original)
            ):
                del found[place]
                found[position] = name
                break


def _name_cells(
    notebook: NotebookNode, template: Template, names: dict[int, str], remarks: list[str]
) -> None:
    """Give each recognized cell its metadata and type; let copies of graded cells rest."""
    for position, cell in enumerate(notebook.cells):
        claimed = grade_id(cell)
        cell.metadata.pop("nbgrader", None)
        cell.metadata.pop(KEY, None)
        if position in names:
            _restore(cell, names[position], template, claimed, remarks)
        elif claimed in template.graded or _by_content(cell, template.assignment) in names.values():
            # A copy that ran would take the place of the answer that counts.
            kind = "the tests of " if claimed.startswith(TEST_PREFIX) else ""
            name = claimed or _by_content(cell, template.assignment)
            remarks.append(
                f"There is more than one cell for {kind}{template.title(name)}; the first one "
                "that was filled in counts, and the others were not run."
            )
            _change_type(cell, "raw")


def _restore(
    cell: NotebookNode, name: str, template: Template, claimed: str, remarks: list[str]
) -> None:
    original = template.named[name]
    if cell.cell_type != original.cell_type:
        words = {"code": "code", "markdown": "text", "raw": "raw text"}
        remarks.append(
            f"A cell of {template.title(name)} had become {words.get(cell.cell_type, 'another')}; "
            f"it was made {words[original.cell_type]} again."
        )
        _change_type(cell, original.cell_type)
    if not claimed and name in template.graded:
        remarks.append(
            f"A cell of {template.title(name)} had lost what nbgrader knows it by; it was "
            "recognized by what stands in it."
        )
    locked = bool(original.metadata.nbgrader.get("locked"))
    if locked and cell.source.strip() != original.source.strip():
        what = f"The tests of {template.title(name)}" if is_test(original) else "A locked cell"
        remarks.append(f"{what} had been changed; the original was used.")
    if locked:
        cell.source = original.source
    cell.metadata["nbgrader"] = copy.deepcopy(original.metadata.nbgrader)


def _change_type(cell: NotebookNode, kind: str) -> None:
    cell.cell_type = kind
    if kind == "code":
        cell.outputs = []
        cell.execution_count = None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _take_text_below(notebook: NotebookNode, template: Template, remarks: list[str]) -> None:
    """Take an answer in words that stands below the cell it was to stand in."""
    given = {cell.source.strip() for cell in template.cells} | {""}
    ids = {cell.get("id") for cell in template.cells}

    def is_own(cell: NotebookNode) -> bool:
        return (
            cell.cell_type == "markdown"
            and cell.get("id") not in ids
            and cell.source.strip() not in given
        )

    for place in reversed(range(len(notebook.cells))):
        cell = notebook.cells[place]
        if not is_by_hand(cell) or _is_changed(cell, template.named[grade_id(cell)]):
            continue
        own = list(itertools.takewhile(is_own, notebook.cells[place + 1 :]))
        if own:
            cell.source = "\n\n".join(entry.source.strip() for entry in own)
            del notebook.cells[place + 1 : place + 1 + len(own)]
            remarks.append(
                f"The answer to {template.title(grade_id(cell))} stood in a cell below the one for "
                "it; it was taken from there."
            )


def _insert_missing(notebook: NotebookNode, template: Template, remarks: list[str]) -> None:
    """Put each named cell that is missing behind the last one before it that is there."""
    position = 0
    places = {grade_id(cell): place for place, cell in enumerate(notebook.cells)}
    ids = {cell.get("id"): place for place, cell in enumerate(notebook.cells)}
    for original in template.cells:
        name = grade_id(original)
        place = places.get(name) if name else ids.get(original.get("id"))
        if place is not None:
            position = place + 1
        elif name:
            notebook.cells.insert(position, copy.deepcopy(original))
            remarks.append(_about_missing(name, original, template))
            places = {grade_id(cell): place for place, cell in enumerate(notebook.cells)}
            ids = {cell.get("id"): place for place, cell in enumerate(notebook.cells)}
            position += 1


def _about_missing(name: str, original: NotebookNode, template: Template) -> str:
    if is_test(original):
        return f"The tests of {template.title(name)} had been deleted; they were put back."
    if name in template.graded:
        return f"The answer to {template.title(name)} is missing; it counts as not attempted."
    return "A locked cell had been deleted; it was put back."


def _order_tests(notebook: NotebookNode, template: Template, remarks: list[str]) -> None:
    """Move tests that stand before the answer they test to right behind it."""
    for name in list(template.named):
        places = {grade_id(cell): place for place, cell in enumerate(notebook.cells)}
        answer, tests = places.get(name), places.get(TEST_PREFIX + name)
        if answer is not None and tests is not None and tests < answer:
            cell = notebook.cells.pop(tests)
            notebook.cells.insert(answer, cell)
            remarks.append(
                f"The tests of {template.title(name)} stood before the answer; they were moved "
                "behind it."
            )


def _make_ids_unique(notebook: NotebookNode) -> None:
    seen = set()
    for number, cell in enumerate(notebook.cells):
        if cell.get("id") in seen or "id" not in cell:
            cell["id"] = f"cell-{number}"
        while cell["id"] in seen:
            cell["id"] += "x"
        seen.add(cell["id"])
    notebook.nbformat, notebook.nbformat_minor = 4, max(5, int(notebook.get("nbformat_minor", 5)))


def readable(text: str) -> NotebookNode:
    """Return a notebook from the text of a file, mended where its form is off.

    Args:
        text: the file's content.

    Raises:
        ValueError: it is no notebook at all.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # of ids that it mends
            notebook = nbformat.reads(text, as_version=4)
    except Exception as error:  # nbformat raises many kinds
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return mended(notebook)


def mended(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook whose parts have the types that they should have.

    Of the metadata only nbgrader's names of the cells are kept.

    Args:
        notebook: anything that could be read as a notebook.
    """
    cells = [_mended_cell(cell) for cell in notebook.get("cells", []) if isinstance(cell, dict)]
    return nbformat.v4.new_notebook(cells=cells)


def _mended_cell(cell: dict[str, Any]) -> NotebookNode:
    """Return a cell of a known type whose parts have the types that they should have."""
    source = cell.get("source", "")
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    kind = cell.get("cell_type")
    result: NotebookNode
    if kind == "code":
        result = nbformat.v4.new_code_cell(source)
    elif kind == "raw":
        result = nbformat.v4.new_raw_cell(source)
    else:
        result = nbformat.v4.new_markdown_cell(source)
    name = cell.get("id")
    if isinstance(name, str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
        result["id"] = name
    metadata = cell.get("metadata")
    if isinstance(metadata, dict):
        known = metadata.get("nbgrader")
        if isinstance(known, dict) and isinstance(known.get("grade_id"), str):
            result.metadata["nbgrader"] = NotebookNode(grade_id=known["grade_id"])
    if kind == "markdown" and isinstance(cell.get("attachments"), dict):
        result["attachments"] = cell["attachments"]
    return result
