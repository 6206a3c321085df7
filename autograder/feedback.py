"""What students see of their graded notebook.

nbgrader would show the autograded notebook as it is, with the hidden tests in it. Students see
their own answers, what each item earned, the sentence of its check and a person's comments.
"""

import shutil
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.sanitizing import KEY, Template
from autograder.sources import (
    TEST_PREFIX,
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
        with Gradebook(names["db_url"]) as gradebook:
            entries = [
                _entry(item, cells, template, gradebook, where)
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


def _entry(
    item: Item,
    cells: dict[str, NotebookNode],
    template: Template,
    gradebook: Gradebook,
    where: tuple[str, str, str],
) -> dict[str, Any]:
    """Return what the page says of an item."""
    name = item.id if item.graded == "by hand" else TEST_PREFIX + item.id
    answer = cells.get(item.id)
    graded = cells.get(name)
    grade = gradebook.find_grade(name, *where)
    comment = gradebook.find_comment(item.id, *where)
    return {
        "id": item.id,
        "title": item.title,
        "by_hand": item.graded == "by hand",
        "score": grade.score,
        "points": grade.max_score,
        "waiting": bool(grade.needs_manual_grade),
        "sentence": graded.metadata.get(KEY, {}).get("sentence", "") if graded else "",
        "comment": comment.manual_comment or "",
        "answer": answer.source if answer else "",
        "undone": answer is None or answer.source == template.named[item.id].source,
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
