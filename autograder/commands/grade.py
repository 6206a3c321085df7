"""``course.py grade``: grade what students handed in."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from fercourse.commands._page import add_page

if TYPE_CHECKING:
    from autograder.grading import Graded
    from fercourse.commands._page import Pages

_DESCRIPTION = """\
Grade what students handed in: run each notebook with its tests, hidden ones too, write every
grade into nbgrader's gradebook, a table of all grades, and a page of feedback for each student.

What a notebook does to itself is an outcome, never an end: a cell that runs forever or ends
Python, a deleted test, a damaged file. The student's other exercises and all other students are
graded all the same, and the remarks say what happened. A second run grades what is new or has
changed. Answers in words wait for a person, in nbgrader's formgrader.
"""

_EPILOG = """\
what may lie in the folder, mixed as it comes:
  STUDENT/ASSIGNMENT/NOTEBOOK.ipynb   as nbgrader collects it
  STUDENT/NOTEBOOK.ipynb              one folder for each student
  STUDENT.ipynb                       one file for each student
Files beside a notebook, such as a trained network or a program, are taken along.

examples:
  python3 course.py grade --submitted handed_in
  python3 course.py grade classification --submitted Downloads/classification --jobs 4
  python3 course.py grade --submitted handed_in --student ada --force

files:
  autograder/grades.csv                   all grades: a row for each student and assignment
  autograder/feedback/STUDENT/ASSIGNMENT/ a page for the student
  autograder/autograded/                  the notebooks as they ran, for the grader's eyes
  autograder/gradebook.db                 nbgrader's record; nbgrader's own commands read it
  autograder/term_secret.txt              this term's secret: hidden cases are drawn from it.
                                          Made on first use; FERCOURSE_TERM_SECRET wins over it

exit codes:
  0  everything was graded, whatever the grades are
  1  a submission could not be graded; the table says which and why
  2  something you can mend; the sentence says what
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    parser = add_page(verbs, "grade", "grade what students handed in", _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "assignments", nargs="*", metavar="ASSIGNMENT", help="default: those handed in"
    )
    parser.add_argument(
        "--submitted", type=Path, required=True, metavar="DIR", help="the folder of what they are"
    )
    parser.add_argument(
        "--student", action="append", default=[], metavar="NAME", help="this one only; repeatable"
    )
    parser.add_argument(
        "--jobs",
        type=_positive,
        default=_default_jobs(),
        metavar="N",
        help="grade so many at a time (default: half of the processor's cores)",
    )
    parser.add_argument("--force", action="store_true", help="grade anew what has not changed, too")
    parser.add_argument(
        "--timeout", type=_positive, default=30, metavar="S", help="seconds for a cell (30)"
    )
    parser.add_argument(
        "--total", type=_positive, default=300, metavar="S", help="seconds for a notebook (300)"
    )
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="put grades.csv and the pages there as well"
    )
    parser.set_defaults(run=run)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on is needed")
    return number


def _default_jobs() -> int:
    return max(1, (os.cpu_count() or 2) // 2)


def run(args: argparse.Namespace) -> int:
    """Grade, write the table and the pages, and print what there is to say."""
    import sys

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from autograder.grading import Order, grade
    from autograder.reporting import as_table
    from autograder.running import Limits
    from fercourse.workspace import absolute

    order = Order(
        submitted=absolute(args.submitted),
        assignments=args.assignments,
        students=args.student,
        jobs=args.jobs,
        force=args.force,
        limits=Limits(args.timeout, args.total),
    )
    console = Console(width=None if sys.stdout.isatty() else 140)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=console) as progress:
        bar = progress.add_task("reading what was handed in", total=None)

        def announce(count: int) -> None:
            progress.update(bar, total=count, description="")

        def advance(what: str) -> None:
            progress.update(bar, advance=1, description=what)

        graded = grade(order, announce, advance)
    console.print(as_table(graded.rows, graded.anew, graded.failed))
    _write(graded, args.output)
    _say_counts(graded)
    return 1 if graded.failed else 0


def _write(graded: "Graded", output: Path | None) -> None:
    import shutil

    from autograder.grading import feedback_page
    from autograder.recording import read_rows
    from autograder.reporting import as_csv
    from autograder.sources import grading_folder, solutions_folder
    from fercourse.learn.items import read_items
    from fercourse.workspace import absolute, write_atomically

    content = as_csv(read_rows())
    write_atomically(grading_folder() / "grades.csv", content)
    if output is not None:
        target = absolute(output)
        write_atomically(target / "grades.csv", content)
        for row in graded.rows:
            notebook = read_items(solutions_folder() / row.assignment).notebook
            page = feedback_page(row.student, row.assignment, notebook)
            if page.exists():
                (target / row.student).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(page, target / row.student / f"{row.assignment}.html")


def _say_counts(graded: "Graded") -> None:
    from autograder.sources import grading_folder

    unchanged = len(graded.rows) - len(graded.anew) - len(graded.failed)
    parts = [f"{len(graded.anew)} graded"]
    if unchanged > 0:
        parts.append(f"{unchanged} had not changed (--force grades them anew)")
    if graded.failed:
        parts.append(f"{len(graded.failed)} could not be graded")
    print(", ".join(parts) + ".")
    if graded.seconds:
        times = sorted(graded.seconds.values())
        print(f"A submission took {times[len(times) // 2]:.0f} s, the longest {times[-1]:.0f} s.")
    if waiting := sum(row.waiting > 0 for row in graded.rows):
        hold = "submission holds" if waiting == 1 else "submissions hold"
        print(
            f"{waiting} {hold} answers that a person grades: start `jupyter lab` in "
            f"{grading_folder()} and open the formgrader."
        )
    print(f"All grades: {grading_folder() / 'grades.csv'}")
    print(f"Pages for students: {grading_folder() / 'feedback'}", flush=True)
