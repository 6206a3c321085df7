"""The table that traces each objective to the lesson, the exercise and the test."""

from autograder.sources import TEST_PREFIX, Source
from fercourse.learn.items import Assignment, Item

_HEAD = """\
# What a student can do afterwards, and how it is shown

Each objective, the section of the lesson that teaches it, and the exercises that it is
shown in. This page is written by `course.py release` from each assignment's `items.toml`;
a test fails where an objective has no exercise, an exercise no objective or no test, or a section
is not in the lesson.
"""


def table(sources: list[Source]) -> str:
    """Return the page as Markdown.

    Args:
        sources: all assignments; they stand in the order of their lessons.
    """
    parts = [_HEAD]
    for source in sorted(sources, key=lambda source: source.assignment.lesson):
        parts.append(_section(source.assignment))
    return "\n".join(parts)


def _section(assignment: Assignment) -> str:
    points = sum(item.points for item in assignment.items.values())
    tested = sum(item.graded == "tests" for item in assignment.items.values())
    lines = [
        f"## {assignment.title}",
        "",
        f"{len(assignment.items)} exercises ({tested} graded by tests, "
        f"{len(assignment.items) - tested} by hand), {points:g} points, about "
        f"{assignment.minutes} minutes; lesson [{assignment.lesson}](../lessons/"
        f"{assignment.lesson}.ipynb).",
        "",
        "| objective: the student can | section of the lesson | exercise | test | points |",
        "| --- | --- | --- | --- | ---: |",
    ]
    for objective in assignment.objectives.values():
        for item in assignment.items.values():
            if item.objective == objective.id:
                cells = [objective.text, objective.section, item.title, _test(item)]
                row = " | ".join(_cell(cell) for cell in cells)
                lines.append(f"| {row} | {item.points:g} |")
    return "\n".join([*lines, ""])


def _test(item: Item) -> str:
    return f"`{TEST_PREFIX}{item.id}`" if item.graded == "tests" else "by hand"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
