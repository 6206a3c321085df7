"""Whatever became of a notebook, its answers are found and its tests are put back."""

import nbformat
import pytest
from autograder.sanitizing import mended, readable, sanitize
from autograder.sources import TEXT_STUB, grade_id
from small_assignment import answered, cell_of, code, handed_out, small_source, text


@pytest.fixture
def repaired(small_template):
    """Sanitize a notebook as it would be read from a file."""

    def repair(notebook):
        return sanitize(readable(nbformat.writes(mended(notebook))), small_template)

    return repair


def _names(notebook):
    return [grade_id(cell) for cell in notebook.cells if grade_id(cell)]


def _index(notebook, name):
    return [cell.id for cell in notebook.cells].index(name)


def _named(notebook, name):
    return next(cell for cell in notebook.cells if grade_id(cell) == name)


def _is_whole(notebook, template):
    """Every named cell is there once, in order, of its type and with nbgrader's metadata."""
    assert _names(notebook) == list(template.named)
    for cell in notebook.cells:
        if grade_id(cell):
            original = template.named[grade_id(cell)]
            assert cell.cell_type == original.cell_type
            assert cell.metadata.nbgrader == original.metadata.nbgrader


def test_a_notebook_that_was_only_filled_in_is_left_alone(repaired, small_template):
    notebook, remarks = repaired(answered(why="Because."))
    assert remarks == []
    _is_whole(notebook, small_template)
    assert [cell.source for cell in notebook.cells] == [
        cell.source for cell in answered(why="Because.").cells
    ]


def test_of_copied_cells_the_first_filled_in_counts_and_the_others_rest(repaired, small_template):
    handed = answered(total="def total(numbers):\n    return 1")
    copy = code("def total(numbers):\n    return 2", "a-copy", solution=True)
    copy.metadata.nbgrader.grade_id = "total"
    handed.cells.insert(_index(handed, "total") + 1, copy)
    notebook, remarks = repaired(handed)
    _is_whole(notebook, small_template)
    assert "return 1" in _named(notebook, "total").source
    assert cell_of(notebook, "a-copy").cell_type == "raw"
    (remark,) = remarks
    assert "more than one cell for “The total”" in remark


def test_an_untouched_cell_gives_way_to_its_filled_in_copy(repaired):
    handed = handed_out()
    copy = code("def total(numbers):\n    return sum(numbers)", "a-copy", solution=True)
    copy.metadata.nbgrader.grade_id = "total"
    handed.cells.insert(_index(handed, "total") + 1, copy)
    notebook, _ = repaired(handed)
    assert "sum(numbers)" in _named(notebook, "total").source


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("test-count", "The tests of “The count” had been deleted"),
        ("count", "The answer to “The count” is missing"),
        ("why", "The answer to “Say why” is missing"),
        ("setup", "A locked cell had been deleted"),
    ],
)
def test_a_deleted_cell_is_put_back_in_its_place(repaired, small_template, name, said):
    handed = answered()
    handed.cells.pop(_index(handed, name))
    notebook, remarks = repaired(handed)
    _is_whole(notebook, small_template)
    assert said in remarks[0]
    assert len(remarks) == 1
    assert _named(notebook, name).source == small_template.named[name].source


def test_changed_tests_are_put_back(repaired, small_template):
    handed = answered()
    cell_of(handed, "test-total").source = "pass"
    notebook, remarks = repaired(handed)
    assert _named(notebook, "test-total").source == small_template.named["test-total"].source
    assert remarks == ["The tests of “The total” had been changed; the original was used."]


def test_a_cell_that_became_text_is_code_again(repaired, small_template):
    handed = answered()
    place = _index(handed, "mean")
    lost = text(handed.cells[place].source, "mean")
    lost.metadata["nbgrader"] = handed.cells[place].metadata.nbgrader
    handed.cells[place] = lost
    notebook, remarks = repaired(handed)
    _is_whole(notebook, small_template)
    assert "“The mean” had become text; it was made code again" in remarks[0]


def test_tests_that_were_moved_up_stand_behind_their_answer_again(repaired, small_template):
    handed = answered()
    moved = handed.cells.pop(_index(handed, "test-mean"))
    handed.cells.insert(1, moved)
    notebook, remarks = repaired(handed)
    _is_whole(notebook, small_template)
    assert "stood before the answer" in remarks[0]


@pytest.mark.parametrize("ids", ["kept", "lost"])
def test_cells_without_their_metadata_are_recognized(repaired, small_template, ids):
    handed = answered(why="Because it adds.")
    for number, cell in enumerate(handed.cells):
        cell.metadata.pop("nbgrader", None)
        if ids == "lost":
            cell["id"] = f"cell-{number}"
    notebook, remarks = repaired(handed)
    _is_whole(notebook, small_template)
    assert _named(notebook, "why").source == "Because it adds."
    assert "sum(numbers)" in _named(notebook, "total").source
    assert any("had lost what nbgrader knows it by" in remark for remark in remarks)


def test_forged_points_and_foreign_names_are_gone(repaired, small_template):
    handed = answered()
    cell_of(handed, "test-total").metadata.nbgrader["points"] = 99
    foreign = code("1", "foreign", grade=True, points=50, locked=True)
    handed.cells.append(foreign)
    notebook, _ = repaired(handed)
    _is_whole(notebook, small_template)
    assert cell_of(notebook, "foreign").metadata == {}


def test_cells_and_metadata_of_odd_types_are_read(small_template):
    content = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "code", "id": "total", "metadata": None, "source": ["a", "b"]},
            {"cell_type": "unheard-of", "metadata": {"nbgrader": 3}, "source": 7},
            "no cell",
            {"cell_type": "markdown", "id": "total", "metadata": {}, "source": "x"},
        ],
    }
    notebook, _ = sanitize(mended(nbformat.from_dict(content)), small_template)
    nbformat.validate(notebook)
    assert _named(notebook, "total").source == "ab"


@pytest.mark.parametrize("content", ["", "{", '{"cells": [', "[]", "null", "\x00\x01", "<html>"])
def test_what_is_no_notebook_is_refused(content):
    with pytest.raises(ValueError):
        readable(content)


def test_a_notebook_of_an_older_format_is_read(small_template):
    old = nbformat.v3.new_notebook(
        worksheets=[
            nbformat.v3.new_worksheet(
                cells=[nbformat.v3.new_code_cell(input="def total(numbers):\n    return 3")]
            )
        ]
    )
    text_of_it = nbformat.v3.writes_json(old)
    notebook, _ = sanitize(readable(text_of_it), small_template)
    assert "return 3" in _named(notebook, "total").source


def test_an_empty_notebook_is_the_starter_again(repaired, small_template):
    notebook, remarks = repaired(nbformat.v4.new_notebook())
    _is_whole(notebook, small_template)
    assert len(remarks) == len(small_template.named)
    assert _named(notebook, "why").source == TEXT_STUB
    assert small_source().assignment.items


@pytest.mark.parametrize("where", ["below the stub", "below its tests", "the stub emptied"])
def test_an_answer_in_a_cell_of_its_own_counts_where_the_stub_was_left(
    repaired, small_template, where
):
    handed = answered(total=cell_of(handed_out(), "total").source)
    if where == "the stub emptied":
        cell_of(handed, "total").source = ""
    own = code("def total(numbers):\n    return sum(numbers)", "my-own")
    after = "test-total" if where == "below its tests" else "total"
    handed.cells.insert(_index(handed, after) + 1, own)
    notebook, remarks = repaired(handed)
    _is_whole(notebook, small_template)
    assert _named(notebook, "total").source == own.source
    assert any("more than one cell for “The total”" in remark for remark in remarks)


def test_a_filled_in_answer_does_not_give_way_to_a_trial_below_it(repaired):
    handed = answered()
    trial = code("def total(numbers):\n    return 'a trial'", "trial")
    handed.cells.insert(_index(handed, "total") + 1, trial)
    notebook, _ = repaired(handed)
    assert "sum(numbers)" in _named(notebook, "total").source


def test_words_below_the_cell_that_was_meant_for_them_are_taken(repaired, small_template):
    handed = answered()
    place = _index(handed, "why") + 1
    handed.cells[place:place] = [text("Because it adds.", "own-1"), text("Always.", "own-2")]
    notebook, (remark,) = repaired(handed)
    _is_whole(notebook, small_template)
    assert _named(notebook, "why").source == "Because it adds.\n\nAlways."
    assert "“Say why” stood in a cell below" in remark
    assert _named(notebook, "when").source == TEXT_STUB, "the next question is no answer"


def test_lines_that_end_as_on_windows_are_no_change(repaired, small_template):
    handed = answered()
    for cell in handed.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    notebook, remarks = repaired(handed)
    assert remarks == []
    assert "\r" not in "".join(cell.source for cell in notebook.cells)
