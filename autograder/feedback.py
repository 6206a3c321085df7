"""What students see of their graded notebook.

nbgrader would show the autograded notebook as it is, with the hidden tests in it. Students see
their own answers, what each item earned, the sentence of its check and a person's comments.
"""

import shutil
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.sanitizing import KEY, Template
from autograder.scripts import function_of
from autograder.sources import (
    TEST_PREFIX,
    Source,
    answer_stub,
    grade_id,
    read_source,
    solutions_folder,
)
from fercourse.learn.items import Item


class Conceal(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes out of a graded notebook what students are not to see."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Keep each item's answer, score, sentence and comments."""
        names = resources["nbgrader"]
        where = (names["notebook"], names["assignment"], names["student"])
        source = read_source(solutions_folder(), names["assignment"])
        template = Template.of(source)
        cells = {grade_id(cell): cell for cell in nb.cells if grade_id(cell)}
        answers = _answers(source, cells, Path(resources["metadata"]["path"]))
        with Gradebook(names["db_url"]) as gradebook:
            entries = [
                _entry(item, cells, answers, _stub(item, source, template), gradebook, where)
                for item in source.assignment.items.values()
            ]
        resources["course"] = {
            "title": source.assignment.title,
            "student": names["student"],
            "remarks": list(nb.metadata.get(KEY, {}).get("remarks", [])),
            "waiting": sum(entry["points"] for entry in entries if entry["waiting"]),
            "items": entries,
        }
        nb.cells = []
        nb.metadata.pop(KEY, None)
        return nb, resources


def _answers(source: Source, cells: dict[str, NotebookNode], folder: Path) -> dict[str, str]:
    """Return the student's answers by item: cells of the notebook, functions of the script."""
    answers = {name: str(cell.source) for name, cell in cells.items()}
    if source.assignment.script:
        try:
            script = (folder / source.assignment.script).read_text(encoding="utf-8-sig")
        except (OSError, ValueError):
            script = ""
        for item in source.assignment.items.values():
            if item.graded == "tests":
                answers[item.id] = function_of(script, item.function)
    return answers


def _stub(item: Item, source: Source, template: Template) -> str:
    """Return what was handed out for an item."""
    if item.id in template.named:
        return str(template.named[item.id].source)
    return function_of(answer_stub(source.script), item.function)


def _entry(
    item: Item,
    cells: dict[str, NotebookNode],
    answers: dict[str, str],
    stub: str,
    gradebook: Gradebook,
    where: tuple[str, str, str],
) -> dict[str, Any]:
    """Return what the page says of an item."""
    name = item.id if item.graded == "by hand" else TEST_PREFIX + item.id
    answer = answers.get(item.id, "")
    graded = cells.get(name)
    grade = gradebook.find_grade(name, *where)
    try:
        comment = gradebook.find_comment(item.id, *where).manual_comment
    except MissingEntry:  # nbgrader has a place for comments beside answers in cells only
        comment = None
    return {
        "id": item.id,
        "title": item.title,
        "by_hand": item.graded == "by hand",
        "score": grade.score,
        "points": grade.max_score,
        "waiting": bool(grade.needs_manual_grade),
        "sentence": graded.metadata.get(KEY, {}).get("sentence", "") if graded else "",
        "comment": comment or "",
        "answer": answer,
        "undone": not answer or answer == stub,
    }


def keep_pages_only(*, notebooks: list[str], **_: Any) -> None:
    """Remove from the feedback all but the page: nbgrader copies what lies beside a notebook.

    Args:
        notebooks: the paths of the autograded notebooks.
    """
    for notebook in notebooks:
        path = Path(notebook).resolve()
        assignment, student, root = path.parent, path.parent.parent, path.parents[3]
        feedback = root / "feedback" / student.name / assignment.name
        for entry in feedback.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != f"{path.stem}.html":
                entry.unlink()
