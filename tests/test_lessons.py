"""What every lesson of the course keeps to, so that a reader finds the same things in each."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from fercourse.learn.measuring import RESULTS
from fercourse.learn.recording import SWITCH

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "lessons").glob("[0-9]*.ipynb"))
LONGEST_CELL = 16
LARGEST_FILE = 4_000_000
LINK = re.compile(r"\]\((?!https?:|#|attachment:|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


def lesson_id(path):
    return path.stem


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def text(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def bullets_after(words, prose):
    """Return the list items that follow a phrase in bold, without their marks."""
    _, found, rest = prose.partition(f"**{words}")
    assert found, f"the lesson does not say “{words}”"
    lines = rest.splitlines()[1:]
    items = []
    for line in lines:
        if re.match(r"\s*[-*] ", line):
            items.append(line.strip()[2:])
        elif items and line.startswith("  ") and line.strip():
            items[-1] += " " + line.strip()
        elif items:
            break
    return items


every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lesson_id)


@every_lesson
def test_a_lesson_closes_with_what_it_set_out_to_do(path):
    prose = text(path)
    will, have = bullets_after("We will", prose), bullets_after("We have", prose)
    assert 3 <= len(will) <= 6
    assert len(will) == len(have)


@every_lesson
def test_a_lesson_says_how_long_it_takes(path):
    assert re.search(r"\b\d+ minutes", text(path))


@every_lesson
def test_a_lesson_was_run_from_its_first_cell_to_its_last(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@every_lesson
def test_outputs_hold_no_error_no_log_and_no_face_of_fer2013(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            if "raises-exception" not in cell.metadata.get("tags", []):
                assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", f"{cell.id}: {output.get('text')}"
            shown = json.dumps(output.get("data", {}) | {"text": output.get("text", "")})
            assert "this run: real FER2013" not in shown, f"{cell.id} was run on FER2013"


@every_lesson
def test_each_figure_is_also_said_in_words(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                said = output.metadata.get("image/png", {}).get("alt", "")
                assert len(said) > 20, f"{cell.id} shows a figure without words"


@every_lesson
def test_cells_are_short(path):
    for cell in code_cells(path):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= LONGEST_CELL, f"{cell.id} has {len(lines)} lines"


@every_lesson
def test_links_inside_the_course_lead_somewhere(path):
    for target in LINK.findall(text(path)):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


@every_lesson
def test_the_file_is_small_and_its_metadata_says_nothing_of_a_machine(path):
    assert path.stat().st_size < LARGEST_FILE
    notebook = read(path)
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert set(notebook.metadata.language_info) == {"name"}
    assert all("execution" not in cell.metadata for cell in notebook.cells)


@pytest.mark.parametrize(
    "path", [path for path in LESSONS if "Measurements(" in path.read_text()], ids=lesson_id
)
def test_what_a_lesson_measures_was_recorded_on_drawn_and_on_real_faces(path):
    code = "\n".join(cell.source for cell in code_cells(path))
    assert SWITCH in code
    assert f'Measurements("{path.stem}"' in code
    runs = json.loads((ROOT / RESULTS).read_text(encoding="utf-8"))[path.stem]
    assert {"drawn", "fer2013"} <= set(runs)
    assert runs["drawn"]["values"].keys() == runs["fer2013"]["values"].keys()
    shown = json.dumps([output for cell in code_cells(path) for output in cell.outputs])
    assert "not recorded" not in shown
    assert "not been recorded" not in shown


@every_lesson
def test_no_two_results_of_a_lesson_have_the_same_name(path):
    """One would be recorded over the other."""
    names = []
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell.source)):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) != "measured.show":
                continue
            shown = node.args[0]
            if isinstance(shown, ast.Dict):
                names += [key.value for key in shown.keys if isinstance(key, ast.Constant)]
    assert len(names) == len(set(names))


def test_the_contents_page_links_to_every_lesson():
    contents = text(ROOT / "lessons" / "contents.ipynb")
    assert {path.name for path in LESSONS} <= set(LINK.findall(contents))


def test_results_are_sums_and_not_pictures():
    """A face has 2,304 gray levels; a list as long could be one. Means of classes are sums."""
    results = json.loads((ROOT / RESULTS).read_text(encoding="utf-8"))

    def longest(entry):
        if isinstance(entry, dict):
            return max((longest(value) for value in entry.values()), default=0)
        if isinstance(entry, list):
            return max([len(entry), *map(longest, entry)])
        return 0

    assert longest(results) < 2304
