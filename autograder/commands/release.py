"""``course.py release``: make what students get from the assignments with their answers."""

import argparse
from typing import TYPE_CHECKING

from fercourse.commands._page import add_page
from fercourse.errors import CourseError

if TYPE_CHECKING:
    from fercourse.commands._page import Pages

_DESCRIPTION = """\
Make starter/ from solutions/: the same notebooks and programs without answers, hidden tests and
marking schemes, as nbgrader's generate_assignment makes them; and docs/objectives.md, which traces
each objective to the lesson, the exercise and the test.

Nothing is written of an assignment in which something is amiss: an objective without an exercise,
an exercise without hints, a line of an answer that would be given away. The same solutions always
give the same starters, to the byte.
"""

_EPILOG = """\
examples:
  python3 course.py release                  every assignment
  python3 course.py release visualization    this one
  python3 course.py release --check          write nothing; say whether starter/ is as it should be

files:
  solutions/ASSIGNMENT/   what is read: the notebook, items.toml, reference_values.json, and the
                          program where items.toml names a script
  starter/ASSIGNMENT/     what students get; replaced as a whole
  docs/objectives.md      objective, section of the lesson, exercise, test, points

exit codes:
  0  done
  1  --check: starter/ or docs/objectives.md is not what the solutions make
  2  something you can mend; the sentences say what, and that assignment's starter is as it was
"""


def add_parser(verbs: "Pages") -> None:
    """Describe the verb to argparse."""
    summary = "make what students get from the assignments with answers"
    parser = add_page(verbs, "release", summary, _DESCRIPTION, _EPILOG)
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="default: all")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check the assignments, make their starters, and say which changed."""
    import tempfile
    from pathlib import Path

    from autograder.house import problems, problems_of_all
    from autograder.objectives import table
    from autograder.release import make, release, same_files
    from autograder.sources import assignment_names, course_folder, read_source, solutions_folder
    from fercourse.workspace import write_atomically

    root, solutions = course_folder(), solutions_folder()
    names = args.assignments or assignment_names(solutions)
    if not names:
        raise CourseError(f"there are no assignments in {solutions}.")
    sources = [read_source(solutions, name) for name in assignment_names(solutions)]
    chosen = [read_source(solutions, name) for name in names]
    found = [problem for source in chosen for problem in problems(source, root / "lessons")]
    found += problems_of_all(solutions, sources)
    if found:
        raise CourseError("the solutions have to be mended first.\n- " + "\n- ".join(found))
    page, text = root / "docs" / "objectives.md", table(sources)
    if args.check:
        with tempfile.TemporaryDirectory() as folder:
            old = [
                name
                for name in names
                if not same_files(make(name, Path(folder)), root / "starter" / name)
            ]
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            old.append("docs/objectives.md")
        print(f"to be made anew: {', '.join(old)}" if old else "all as the solutions make it")
        return 1 if old else 0
    changed = release(names, root / "starter")
    write_atomically(page, text.encode())
    for name in names:
        print(f"starter/{name}: {'made anew' if name in changed else 'as it was'}")
    return 0
