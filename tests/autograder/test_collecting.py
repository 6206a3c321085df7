"""What students hand in is found in each form that it arrives in."""

import copy
import dataclasses
import os
import unicodedata
from pathlib import Path

import nbformat
import pytest
from autograder.collecting import collect, fingerprint, lay_out
from autograder.sanitizing import KEY
from small_assignment import answered, handed_out, small_source

from fercourse.errors import CourseError


@pytest.fixture(scope="module")
def sources():
    """The small assignment, and another one with other cells."""
    other = copy.deepcopy(small_source())
    for cell in other.notebook.cells:
        cell.id = f"other-{cell.id}"
        if "nbgrader" in cell.metadata:
            name = cell.metadata.nbgrader.grade_id
            prefix = "test-" if name.startswith("test-") else ""
            cell.metadata.nbgrader.grade_id = f"{prefix}other-{name.removeprefix('test-')}"
        cell.source = cell.source.replace("total", "sum_of").replace("(numbers)", "(values)")
    assignment = dataclasses.replace(
        other.assignment, name="other", notebook="Other.ipynb", items={}, objectives={}
    )
    other = dataclasses.replace(other, folder=Path("other"), assignment=assignment)
    return {"small": small_source(), "other": other}


def _write(path: Path, content: object = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        path.write_text(content)
    else:
        nbformat.write(answered() if content is None else content, path)


def _other(sources):
    from autograder.released import released

    return released(sources["other"].notebook)


def test_three_layouts_may_be_mixed(sources, tmp_path):
    _write(tmp_path / "ada/small/Small.ipynb")
    _write(tmp_path / "ada/small/numbers.txt", "1 2 3")
    _write(tmp_path / "bob/Small.ipynb")
    _write(tmp_path / "cy.ipynb")
    _write(tmp_path / ".DS_Store", "x")
    found = collect(tmp_path, sources, [], [])
    assert [(handed.student, handed.assignment) for handed in found] == [
        ("ada", "small"),
        ("bob", "small"),
        ("cy", "small"),
    ]
    assert not any(handed.missing or handed.remarks for handed in found)
    assert list(found[0].files) == ["numbers.txt"]


def test_a_renamed_notebook_is_known_by_its_cells(sources, tmp_path):
    _write(tmp_path / "ada/final version (2).ipynb")
    (handed,) = collect(tmp_path, sources, [], [])
    assert handed.assignment == "small"
    assert not handed.missing
    assert "handed in as final version (2).ipynb" in handed.remarks[0]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("Small.ipynb", '{"cells": [', "Small.ipynb cannot be read: it is damaged"),
        ("Small.ipynb", "", "cannot be read"),
        ("Small.ipynb", nbformat.v4.new_notebook(), "holds no exercise of this assignment"),
        ("Small.ipynb", "other", "holds the cells of another assignment, other"),
        ("essay.txt", "because", "No Small.ipynb was handed in"),
    ],
)
def test_where_there_is_nothing_to_grade_it_is_said_why(sources, tmp_path, name, content, said):
    content = _other(sources) if content == "other" else content
    _write(tmp_path / "ada/small" / name, content)
    (handed,) = collect(tmp_path, sources, ["small"], [])
    assert handed.missing
    assert said in handed.remarks[0]
    assert [cell.source for cell in handed.notebook.cells] == [
        cell.source for cell in handed_out().cells
    ]


def test_each_assignment_that_was_handed_in_is_graded_for_everybody(sources, tmp_path):
    _write(tmp_path / "ada/Small.ipynb")
    _write(tmp_path / "ada/Other.ipynb", _other(sources))
    _write(tmp_path / "bob/Small.ipynb")
    found = collect(tmp_path, sources, [], [])
    assert [(handed.student, handed.assignment, handed.missing) for handed in found] == [
        ("ada", "other", False),
        ("ada", "small", False),
        ("bob", "other", True),
        ("bob", "small", False),
    ]


def test_a_damaged_notebook_does_not_hide_a_good_one(sources, tmp_path):
    _write(tmp_path / "ada/Small.ipynb", "{")
    _write(tmp_path / "ada/Small copy.ipynb")
    (handed,) = collect(tmp_path, sources, [], [])
    assert not handed.missing
    assert "handed in as Small copy.ipynb" in handed.remarks[0]


def test_of_two_notebooks_the_one_of_the_right_name_counts(sources, tmp_path):
    _write(tmp_path / "ada/A.ipynb", handed_out())
    _write(tmp_path / "ada/Small.ipynb")
    (handed,) = collect(tmp_path, sources, [], [])
    assert "A.ipynb was not graded" in handed.remarks[0]
    assert any("sum(numbers)" in cell.source for cell in handed.notebook.cells)


def test_checkpoints_links_and_packages_of_our_name_stay_behind(sources, tmp_path):
    folder = tmp_path / "in/ada/small"
    _write(folder / "Small.ipynb")
    _write(folder / ".ipynb_checkpoints/Small-checkpoint.ipynb")
    _write(folder / "fercourse/learn.py", "check = print")
    _write(folder / "fercourse.py", "")
    _write(folder / "Small.html", "a page that could be taken for ours")
    _write(folder / "sub/model.keras", "weights")
    if os.name != "nt":
        (folder / "link.txt").symlink_to("/etc/passwd")
    (handed,) = collect(tmp_path / "in", sources, [], [])
    assert list(handed.files) == [str(Path("sub/model.keras"))]
    lay_out(handed, tmp_path / "submitted", "Small.ipynb")
    target = tmp_path / "submitted/ada/small"
    assert (target / "sub/model.keras").read_text() == "weights"
    notebook = nbformat.read(target / "Small.ipynb", as_version=4)
    assert notebook.metadata[KEY] == {"missing": False, "remarks": []}


def test_names_that_nbgrader_would_take_for_patterns_are_changed(sources, tmp_path):
    _write(tmp_path / "Ada [L.]*.ipynb")
    _write(tmp_path / unicodedata.normalize("NFD", "Zoë Ünal.ipynb"))
    _write(tmp_path / "-rf.ipynb")
    found = collect(tmp_path, sources, [], [])
    assert [handed.student for handed in found] == ["-rf", "Ada _L.__", "Zoë Ünal"]


@pytest.mark.parametrize("name", [" ..", " . ", "a/ ../x"])
def test_no_name_leads_out_of_the_folder_of_submissions(sources, tmp_path, name):
    _write(tmp_path / "in" / name / "Small.ipynb")
    for handed in collect(tmp_path / "in", sources, [], []):
        assert handed.student.strip(". ")
        lay_out(handed, tmp_path / "autograder/submitted", "Small.ipynb")
    assert [path.name for path in (tmp_path / "autograder").iterdir()] == ["submitted"]


def test_a_second_hand_in_of_a_student_is_told_from_the_first(sources, tmp_path):
    _write(tmp_path / "ada/Small.ipynb")
    _write(tmp_path / "ada.ipynb", handed_out())
    first, second = collect(tmp_path, sources, [], [])
    assert (first.student, first.remarks) == ("ada", ())
    assert second.student == "ada_"
    assert "ada.ipynb is a second hand-in of ada" in second.remarks[0]


def test_what_cannot_be_read_is_left_out_and_said(sources, tmp_path, monkeypatch):
    _write(tmp_path / "ada/Small.ipynb")
    _write(tmp_path / "ada/closed.txt", "x")
    monkeypatch.setattr(os, "access", lambda path, mode: path.name != "closed.txt")
    (handed,) = collect(tmp_path, sources, [], [])
    assert handed.files == {}
    assert handed.remarks == ("closed.txt cannot be read and was left out.",)


def test_a_notebook_of_any_size_does_not_fill_the_memory(sources, tmp_path):
    _write(tmp_path / "ada/Small.ipynb", "")
    os.truncate(tmp_path / "ada/Small.ipynb", 200_000_001)
    _write(tmp_path / "bob/Small.ipynb")
    ada, _ = collect(tmp_path, sources, [], [])
    assert "it is damaged (larger than 200 MB)" in ada.remarks[0]


def test_a_fingerprint_changes_with_what_was_handed_in_and_with_the_secret(sources, tmp_path):
    _write(tmp_path / "ada/small/Small.ipynb")

    def mark(secret="one"):
        (handed,) = collect(tmp_path, sources, [], [])
        return fingerprint(handed, sources["small"], secret)

    first = mark()
    assert mark() == first
    assert mark("two") != first
    _write(tmp_path / "ada/small/model.keras", "x")
    second = mark()
    assert second != first
    _write(tmp_path / "ada/small/Small.ipynb", handed_out())
    assert mark() != second


def test_outputs_are_no_change(sources, tmp_path):
    path = tmp_path / "ada/small/Small.ipynb"
    notebook = answered()
    marks = []
    for outputs in ([], [nbformat.v4.new_output("stream", text="42")]):
        notebook.cells[1].outputs = outputs
        _write(path, notebook)
        (handed,) = collect(tmp_path, sources, [], [])
        marks.append(fingerprint(handed, sources["small"], "one"))
    assert marks[0] == marks[1]


@pytest.mark.parametrize(
    ("make", "students", "said"),
    [
        (lambda folder: None, [], "is not a folder"),
        (lambda folder: folder.mkdir(), [], "holds neither folders of students nor notebooks"),
        (lambda folder: _write(folder / "ada.ipynb"), ["bob"], "nothing of bob is in"),
        (lambda folder: _write(folder / "ada/x.txt", "x"), [], "no notebook in"),
    ],
)
def test_a_folder_of_something_else_is_refused(sources, tmp_path, make, students, said):
    make(tmp_path / "in")
    with pytest.raises(CourseError, match=said):
        collect(tmp_path / "in", sources, [], students)
