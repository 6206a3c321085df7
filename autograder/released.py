"""What students get: a notebook without answers, hidden tests and anything that tells of them."""

import copy
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
)

from autograder.sources import CODE_STUB, TEXT_STUB

_KEPT_OF_CELLS = ("nbgrader", "deletable", "editable")


def released(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook that is handed out for one with answers.

    The same steps as in ``nbgrader generate_assignment``, without its gradebook.

    Args:
        notebook: with answers and hidden tests; it is not changed.
    """
    result = copy.deepcopy(notebook)
    stubs = {"code_stub": {"python": CODE_STUB}, "text_stub": TEXT_STUB}
    steps = [
        LockCells(),
        ClearSolutions(**stubs),
        ClearOutput(enabled=True),
        ClearHiddenTests(),
        ClearMarkScheme(),
        MinimalMetadata(),
        ComputeChecksums(),
    ]
    for step in steps:
        result, _ = step.preprocess(result, {})
    return result


class MinimalMetadata(NbGraderPreprocessor):  # type: ignore[misc]
    """Keeps of the metadata what Jupyter and nbgrader need."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clear a notebook's metadata and that of its cells."""
        kernel = nb.metadata.get("kernelspec", {})
        language = kernel.get("language", "python")
        names = {name: kernel.get(name, "") for name in ("display_name", "name")}
        nb.metadata = NotebookNode(
            kernelspec=NotebookNode(language=language, **names),
            language_info=NotebookNode(name=language),
        )
        for cell in nb.cells:
            kept = {name: cell.metadata[name] for name in _KEPT_OF_CELLS if name in cell.metadata}
            cell.metadata = NotebookNode(kept)
            cell.pop("attachments", None)
        return nb, resources
