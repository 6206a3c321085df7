"""How nbgrader is set up for this course; nbgrader_config.py and our verbs share it."""

import os
import sys
from pathlib import Path

import nbgrader
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    GetGrades,
    LimitOutput,
    LockCells,
    OverwriteCells,
    OverwriteKernelspec,
    SaveCells,
)
from traitlets.config import Config

from autograder.feedback import Conceal, keep_pages_only
from autograder.leaks import RefuseLeaks, clean_release
from autograder.preprocessors import RecordGrades, RunCells, Sanitize
from autograder.released import MinimalMetadata
from autograder.sources import (
    CODE_STUB,
    TEXT_STUB,
    assignment_names,
    grading_folder,
    solutions_folder,
)
from fercourse.learn.items import read_items


def course_config() -> Config:
    """Return the settings of every nbgrader command."""
    _find_alembic()
    config = Config()
    folders = config.CourseDirectory
    folders.root = str(grading_folder())
    folders.source_directory = "../solutions"
    folders.release_directory = "../starter"
    folders.submitted_directory = "submitted"
    folders.autograded_directory = "autograded"
    folders.feedback_directory = "feedback"
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.ClearSolutions.text_stub = TEXT_STUB
    config.LimitOutput.max_lines = 300
    _configure_steps(config)
    # The first folder with a template called "feedback" wins, also in the formgrader.
    ours = Path(__file__).with_name("templates")
    theirs = Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"
    config.HTMLExporter.extra_template_basedirs = [str(ours), str(theirs)]
    return config


def _find_alembic() -> None:
    """Let nbgrader find the program that makes its gradebook, in an environment not activated."""
    programs = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, path])


def _configure_steps(config: Config) -> None:
    config.GenerateAssignment.preprocessors = [
        LockCells,
        ClearSolutions,
        ClearOutput,
        CheckCellMetadata,
        ComputeChecksums,
        SaveCells,
        # What comes after SaveCells is not in the gradebook, which tests come from.
        ClearHiddenTests,
        ClearMarkScheme,
        MinimalMetadata,
        RefuseLeaks,
        ComputeChecksums,
        CheckCellMetadata,
    ]
    config.GenerateAssignment.post_convert_hook = clean_release
    config.Autograde.sanitize_preprocessors = [
        ClearOutput,
        Sanitize,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    config.Autograde.autograde_preprocessors = [
        RunCells,
        LimitOutput,
        RecordGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    solutions = solutions_folder()
    config.Autograde.exclude_overwriting = {
        name: list(read_items(solutions / name).submitted_files)
        for name in assignment_names(solutions)
    }
    config.GenerateFeedback.preprocessors = [GetGrades, Conceal]
    config.GenerateFeedback.post_convert_hook = keep_pages_only
