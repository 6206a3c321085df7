"""What has to hold of every assignment before it is handed out."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from autograder.leaks import leaks
from autograder.released import released
from autograder.scripts import function_of
from autograder.sources import (
    TEST_PREFIX,
    Source,
    answer_stub,
    grade_id,
    is_answer,
    is_by_hand,
    is_test,
    read_notebook,
)
from fercourse.learn.items import FILE, Item

FEWEST_ITEMS, MOST_ITEMS = 10, 15
FEWEST_BY_HAND = 2
HINTS = 3
FEWEST_MISCONCEPTIONS = 2
_USUAL_FILES = (FILE, "reference_values.json")
_LITTER = (".ipynb_checkpoints", "__pycache__", ".DS_Store")


def problems(source: Source, lessons: Path) -> list[str]:
    """Return what has to be mended in one assignment, in sentences.

    Args:
        source: the assignment.
        lessons: the folder of the lessons.
    """
    name = source.folder.name
    found = [
        *_about_files(source),
        *_about_items(source),
        *_about_objectives(source, lessons),
        *_about_cells(source),
        *leaks(
            source.notebook,
            released(source.notebook),
            source.script,
            answer_stub(source.script),
        ),
    ]
    return [f"{name}: {problem}" for problem in found]


def problems_of_all(solutions: Path, sources: list[Source]) -> list[str]:
    """Return what is amiss in the folder of the assignments.

    Args:
        solutions: the folder.
        sources: the assignments in it.
    """
    known = {source.folder.name for source in sources}
    found = [
        f"solutions/{path.name} is not an assignment: it has no {FILE}."
        for path in sorted(solutions.iterdir())
        if path.name not in known and path.name not in _LITTER
    ]
    notebooks = Counter(source.assignment.notebook for source in sources)
    found += [f"two assignments have a {name}." for name, count in notebooks.items() if count > 1]
    return found


def _about_files(source: Source) -> Iterator[str]:
    if source.assignment.name != source.folder.name:
        yield f"{FILE} calls it {source.assignment.name}, its folder {source.folder.name}."
    entries = tomllib.loads((source.folder / FILE).read_text(encoding="utf-8"))
    expected = {source.assignment.notebook, *_USUAL_FILES, *entries.get("data_files", ())}
    expected |= set(source.assignment.submitted_files)
    for path in sorted(source.folder.rglob("*")):
        inside = path.relative_to(source.folder)
        if path.is_file() and not set(inside.parts) & set(_LITTER):
            if path.suffix == ".py" and str(inside) != source.assignment.script:
                yield f"{inside} is code; it would be handed out with the answers in it."
            elif str(inside) not in expected:
                yield f"{inside} is not expected; name it in data_files of {FILE} if it belongs."


def _about_items(source: Source) -> Iterator[str]:
    items = list(source.assignment.items.values())
    if not FEWEST_ITEMS <= len(items) <= MOST_ITEMS:
        yield f"it has {len(items)} items, not {FEWEST_ITEMS} to {MOST_ITEMS}."
    by_hand = sum(item.graded == "by hand" for item in items)
    if by_hand < FEWEST_BY_HAND:
        yield f"{by_hand} items are graded by hand; there have to be {FEWEST_BY_HAND} or more."
    for title, count in Counter(item.title for item in items).items():
        if count > 1:
            yield f"{count} items are called “{title}”."
    for item in items:
        yield from _about_item(item)


def _about_item(item: Item) -> Iterator[str]:
    if item.points <= 0:
        yield f"{item.id} is worth {item.points:g} points."
    hints = {hint.strip() for hint in item.hints if hint.strip()}
    if len(hints) != HINTS or len(item.hints) != HINTS:
        yield f"{item.id} has {len(hints)} different hints that are not empty, not {HINTS}."
    if item.graded == "tests" and len(item.misconceptions) < FEWEST_MISCONCEPTIONS:
        yield f"{item.id} names {len(item.misconceptions)} misconceptions, not 2 or more."
    if len({wrong.id for wrong in item.misconceptions}) < len(item.misconceptions):
        yield f"{item.id} names a misconception twice."


def _about_objectives(source: Source, lessons: Path) -> Iterator[str]:
    assignment = source.assignment
    used = {item.objective for item in assignment.items.values()}
    lesson = lessons / f"{assignment.lesson}.ipynb"
    headings = set(_headings(read_notebook(lesson))) if lesson.exists() else None
    if headings is None:
        yield f"there is no lesson {assignment.lesson}.ipynb."
    for objective in assignment.objectives.values():
        if objective.id not in used:
            yield f"the objective {objective.id} has no item."
        if headings is not None and objective.section not in headings:
            yield f"the lesson {assignment.lesson} has no heading “{objective.section}”."


def _headings(notebook: NotebookNode) -> Iterator[str]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if found := re.match(r"#{1,6}\s+(.*?)\s*#*$", line):
                    yield found.group(1)


def _about_cells(source: Source) -> Iterator[str]:
    cells, items = source.notebook.cells, source.assignment.items
    if source.notebook.nbformat_minor < 5 or any("id" not in cell for cell in cells):
        yield "its cells need ids (notebook format 4.5), so that a release is always the same."
    for kind in (grade_id, lambda cell: cell.get("id", "")):
        for name, count in Counter(filter(None, map(kind, cells))).items():
            if count > 1:
                yield f"{count} cells are called {name}."
    places = {grade_id(cell): place for place, cell in enumerate(cells) if grade_id(cell)}
    for name, place in places.items():
        cell = cells[place]
        graded = is_answer(cell) or is_by_hand(cell) or is_test(cell)
        if graded and name.removeprefix(TEST_PREFIX) not in items:
            yield f"the cell {name} belongs to no item."
    for item in items.values():
        if item.graded == "tests":
            yield from _about_tested(source, item, places)
        else:
            yield from _about_written(source, item, places)


def _about_written(source: Source, item: Item, places: dict[str, int]) -> Iterator[str]:
    if item.id not in places:
        yield f"{item.id} has no cell."
        return
    cell = source.notebook.cells[places[item.id]]
    if not is_by_hand(cell) or cell.cell_type != "markdown":
        yield f"{item.id} is graded by hand, but its cell is not a written answer."
    elif "marking scheme" not in cell.source.lower():
        yield f"{item.id} has no marking scheme."
    yield from _about_points(item, cell)


def _about_points(item: Item, cell: NotebookNode) -> Iterator[str]:
    points = cell.metadata.nbgrader.get("points")
    if points != item.points:
        yield f"{item.id} is worth {item.points:g} points in {FILE} and {points} in the notebook."


def _about_tested(source: Source, item: Item, places: dict[str, int]) -> Iterator[str]:
    answer, tests = places.get(item.id), places.get(TEST_PREFIX + item.id)
    in_script = bool(source.assignment.script)
    if in_script and answer is not None:
        yield f"{item.id} has a solution cell, but its answer stands in the script."
        return
    if not in_script and (answer is None or not is_answer(source.notebook.cells[answer])):
        yield f"{item.id} has no solution cell."
        return
    if tests is None or not is_test(source.notebook.cells[tests]):
        yield f"{item.id} has no test cell {TEST_PREFIX}{item.id}."
        return
    if answer is not None and tests < answer:
        yield f"the tests of {item.id} stand before its solution."
    yield from _about_points(item, source.notebook.cells[tests])
    if answer is None:
        yield from _about_answer(item, function_of(source.script, item.function))
    else:
        yield from _about_answer(item, source.notebook.cells[answer].source)
    yield from _about_tests(source, item, source.notebook.cells[tests].source)


def _about_answer(item: Item, code: str) -> Iterator[str]:
    stub = answer_stub(code)
    if "### BEGIN SOLUTION" not in code:
        yield f"{item.id}: its answer marks no solution."
    if "TODO" not in stub:
        yield f"{item.id}: what is handed out has no TODO."
    if item.function not in _defined(stub):
        yield f"{item.id}: what is handed out does not define {item.function}."


def _about_tests(source: Source, item: Item, code: str) -> Iterator[str]:
    visible, _, hidden = code.partition("### BEGIN HIDDEN TESTS")
    if not hidden:
        yield f"{item.id}: it has no hidden tests."
    elif ".hidden()" not in hidden:
        yield f"{item.id}: its hidden tests draw nothing from checked.hidden()."
    if f"{item.function}(" not in visible:
        yield f"{item.id}: its visible tests never call {item.function}."
    if not re.search(rf"\bcheck\([\"']{re.escape(item.id)}[\"']\)", visible):
        yield f'{item.id}: its tests do not begin with check("{item.id}").'
    tree = ast.parse(code)
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        yield f"{item.id}: the last line of its tests is an expression."
    functions = {other.function for other in source.assignment.items.values() if other.function}
    for name in sorted(functions & _assigned(tree)):
        yield f"{item.id}: its tests use the name {name}, which is a student's function."
    others = functions - {item.function}
    for name in sorted(others & _called(tree)):
        yield f"{item.id}: its tests call {name}, which is another item's function."


def _defined(code: str) -> set[str]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return set()
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def _assigned(tree: ast.AST) -> set[str]:
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return (
        stored
        | imported
        | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    )


def _called(tree: ast.AST) -> set[str]:
    """Return the names of functions that tests call, those of a script without its name."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    plain = {function.id for function in calls if isinstance(function, ast.Name)}
    return plain | {
        function.attr
        for function in calls
        if isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "script"
    }
