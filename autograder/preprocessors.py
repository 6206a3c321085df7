"""Our steps of autograding, as nbgrader takes them."""

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Integer

from autograder.examining import Judgement, examine
from autograder.running import Limits, run
from autograder.sanitizing import KEY, Template, mended, sanitize
from autograder.secret import term_secret
from autograder.sources import (
    TEST_PREFIX,
    grade_id,
    is_answer,
    is_by_hand,
    read_source,
    solutions_folder,
)


class Sanitize(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts a notebook back into the form it was handed out in."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Restore cells; what was repaired is noted in the notebook's metadata."""
        notes = nb.metadata.get(KEY, {})
        template = Template.of(read_source(solutions_folder(), resources["nbgrader"]["assignment"]))
        result, remarks = sanitize(mended(nb), template)
        notes["remarks"] = [*notes.get("remarks", []), *remarks]
        result.metadata[KEY] = notes
        return result, resources


class RunCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Runs a notebook, whatever its cells do."""

    timeout = Integer(Limits.cell, help="seconds for a cell").tag(config=True)
    total = Integer(Limits.total, help="seconds for a whole notebook").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Run all cells, but those of a starter that stands in for a missing notebook."""
        notes = nb.metadata.setdefault(KEY, NotebookNode())
        if not notes.get("missing"):
            limits = Limits(self.timeout, self.total)
            folder = Path(resources["metadata"]["path"]).resolve()
            notes["remarks"] = [
                *notes.get("remarks", []),
                *run(nb, folder, term_secret(), limits),
            ]
        return nb, resources


class RecordGrades(NbGraderPreprocessor):  # type: ignore[misc]
    """Writes into nbgrader's gradebook what each item earns, and why."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Judge and record all graded cells."""
        names = resources["nbgrader"]
        where = (names["notebook"], names["assignment"], names["student"])
        judgements = examine(nb)
        with Gradebook(names["db_url"]) as gradebook:
            for cell in nb.cells:
                name = grade_id(cell)
                if name in judgements:
                    cell.metadata[KEY] = {
                        **cell.metadata.get(KEY, {}),
                        "sentence": judgements[name].sentence,
                    }
                    _record_grade(gradebook, name, where, judgements[name])
                if is_answer(cell) or is_by_hand(cell):
                    judgement = judgements.get(name) or judgements.get(TEST_PREFIX + name)
                    comment = gradebook.find_comment(name, *where)
                    comment.auto_comment = judgement.sentence if judgement else None
            gradebook.db.commit()
        return nb, resources


def _record_grade(
    gradebook: Gradebook, name: str, where: tuple[str, str, str], judgement: Judgement
) -> None:
    grade = gradebook.find_grade(name, *where)
    grade.auto_score = judgement.points
    # As nbgrader does: a grade that a person gave earlier is looked at again.
    grade.needs_manual_grade = grade.manual_score is not None or judgement.points is None
