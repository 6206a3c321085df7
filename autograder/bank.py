"""The bank of wrong answers: proves that an assignment's tests tell right from wrong.

``python -m autograder.bank ASSIGNMENT`` runs the solution under many secrets, the untouched
starter, a table of answers made for one secret, and every wrong answer in
``autograder/wrong_answers/ASSIGNMENT/ITEM/MISCONCEPTION.py``.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.replay import hard_coded_outcome
from autograder.sources import course_folder, read_source
from autograder.workbench import Verdict, Workbench
from fercourse.errors import CourseError
from fercourse.learn.items import Item

FEWEST_WRONG_ANSWERS = 2
SECRETS_FOR_WRONG = 3
"""Under how many secrets a wrong answer is tried: a mistake shows in each of them."""

_PAGE = 120


@dataclass(frozen=True)
class WrongAnswer:
    """A plausible mistake.

    Attributes:
        item: the id of the item that it answers wrongly.
        name: the misconception's id.
        code: what stands in the solution cell, or in the script in place of the function.
    """

    item: str
    name: str
    code: str


@dataclass
class Row:
    """What was found out about one item.

    Attributes:
        item: its id.
        points: what it is worth.
        solution: under how many secrets the solution passes.
        seconds: how long its tests take, at the slowest.
        starter: the outcome of the untouched starter.
        hard_coded: the outcome of a table of answers.
        wrong: for each wrong answer, how it was caught.
    """

    item: str
    points: float
    solution: int
    seconds: float
    starter: str
    hard_coded: str
    wrong: dict[str, str]


@dataclass(frozen=True)
class Result:
    """What a run of the bank found.

    Attributes:
        rows: one for each item graded by tests.
        problems: what has to be mended, in sentences; empty where all is well.
    """

    rows: list[Row]
    problems: list[str]


def wrong_answers(folder: Path) -> list[WrongAnswer]:
    """Read an assignment's wrong answers.

    Args:
        folder: its folder in the bank, with one folder for each item.
    """
    return [
        WrongAnswer(path.parent.name, path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*/*.py"))
    ]


def misplaced(items: dict[str, Item], answers: list[WrongAnswer]) -> list[str]:
    """Return what is wrong with the bank's files, before anything is run.

    Args:
        items: the assignment's, by id.
        answers: its wrong answers.
    """
    problems = []
    for answer in answers:
        place = f"wrong answer {answer.item}/{answer.name}.py"
        item = items.get(answer.item)
        if item is None or item.graded != "tests":
            problems.append(f"{place}: items.toml has no item {answer.item} graded by tests.")
            continue
        if answer.name not in {wrong.id for wrong in item.misconceptions}:
            problems.append(f"{place}: items.toml names no such misconception of {answer.item}.")
        if not answer.code.startswith("#"):
            problems.append(f"{place}: its first line has to be a comment that says the mistake.")
    for item in items.values():
        count = sum(answer.item == item.id for answer in answers)
        if item.graded == "tests" and count < FEWEST_WRONG_ANSWERS:
            problems.append(
                f"{item.id} has {count} wrong answers in the bank; "
                f"there have to be at least {FEWEST_WRONG_ANSWERS}."
            )
    return problems


def try_out(
    bench: Workbench,
    answers: list[WrongAnswer],
    secrets: list[str],
    *,
    only: str | None = None,
    thorough: bool = False,
    right_only: bool = False,
) -> Result:
    """Run the solution, the starter, a hard-coded answer and the wrong ones.

    Args:
        bench: the assignment.
        answers: its wrong answers.
        secrets: at least two; the solution has to pass under each, and a wrong answer has to
            fail under the first three.
        only: the id of one item, to try no other.
        thorough: whether to run every other item's tests beside each wrong answer, also those
            that share no name with it.
        right_only: whether to leave the wrong answers out.
    """
    items = bench.source.assignment.items
    tested = [item for item in items.values() if item.graded == "tests"]
    tested = [item for item in tested if only in (None, item.id)]
    problems = [*misplaced(items, answers), *_absent(bench, tested)]
    tested = [item for item in tested if item.id in bench.tests and item.id in bench.answers]
    starter = bench.starter()
    rows = []
    for item in tested:
        solved = [bench.verdict(item.id, bench.solved, secret) for secret in secrets]
        undone = bench.verdict(item.id, starter, secrets[0])
        hard_coded = hard_coded_outcome(bench, item.id, item.function, secrets[:SECRETS_FOR_WRONG])
        row = Row(
            item=item.id,
            points=item.points,
            solution=sum(verdict.passed for verdict in solved),
            seconds=max(verdict.seconds for verdict in solved),
            starter=undone.outcome,
            hard_coded=hard_coded,
            wrong={},
        )
        rows.append(row)
        problems += _about_right_answers(item, solved, secrets)
        if undone.outcome != "not attempted":
            problems.append(
                f"{item.id}: the untouched starter should be 'not attempted' but "
                f"{undone.outcome}. {undone.message}"
            )
        if hard_coded == "passes":
            problems.append(
                f"{item.id}: a table of answers made under one secret passes under another; its "
                "hidden tests have to draw inputs from checked.hidden()."
            )
        for answer in answers:
            if answer.item == item.id and not right_only:
                row.wrong[answer.name], found = _try_wrong(
                    bench, answer, secrets[:SECRETS_FOR_WRONG], thorough=thorough
                )
                problems += found
    return Result(rows, problems)


def _absent(bench: Workbench, tested: list[Item]) -> list[str]:
    problems = []
    for item in tested:
        if item.id not in bench.answers:
            problems.append(f"{item.id}: there is no answer, neither a cell nor a function.")
        elif item.id not in bench.tests:
            problems.append(f"{item.id}: the notebook has no test cell test-{item.id}.")
        elif not bench.defines(item.function):
            problems.append(f"{item.id}: the solution defines no {item.function}.")
    return problems


def _about_right_answers(item: Item, verdicts: list[Verdict], secrets: list[str]) -> list[str]:
    """Name the first secret under which the solution does not pass."""
    for verdict, secret in zip(verdicts, secrets, strict=True):
        if not verdict.passed:
            return [
                f"{item.id}: the solution {verdict.outcome} under the secret {secret!r}. "
                f"{verdict.message}"
            ]
    return []


def _try_wrong(
    bench: Workbench, answer: WrongAnswer, secrets: list[str], *, thorough: bool
) -> tuple[str, list[str]]:
    """Return how a wrong answer was caught, and what is wrong with that."""
    place = f"wrong answer {answer.item}/{answer.name}.py"
    try:
        namespace = bench.with_answer(answer.item, answer.code)
    except CourseError as error:
        return "does not run", [f"{place}: {error}"]
    problems = []
    own = [bench.verdict(answer.item, namespace, secret) for secret in secrets]
    missed = [secret for verdict, secret in zip(own, secrets, strict=True) if verdict.passed]
    if missed:
        problems.append(
            f"{place} passes under {len(missed)} of {len(secrets)} secrets, {missed[0]!r} for one."
        )
    broken = [verdict for verdict in own if verdict.outcome in ("broken", "not attempted")]
    if broken:
        problems.append(f"{place} ends as {broken[0].outcome}: {broken[0].message}")
    for other in bench.tests:
        if other != answer.item and (thorough or bench.rests_on(other, answer.item, answer.code)):
            verdict = bench.verdict(other, namespace, secrets[0])
            if not verdict.passed:
                problems.append(f"{place} also costs {other} its points. {verdict.message}")
    return _how_caught(own), problems


def _how_caught(verdicts: list[Verdict]) -> str:
    if any(verdict.passed for verdict in verdicts):
        return "passes"
    return "hidden" if any(verdict.hidden for verdict in verdicts) else "visible"


def _print_result(console: Console, result: Result, secrets: int) -> None:
    table = Table(title=f"{secrets} secrets")
    for heading in ("item", "points", "solution", "seconds", "starter", "hard-coded", "wrong"):
        table.add_column(heading, justify="right" if heading in ("points", "seconds") else "left")
    for row in result.rows:
        caught = "\n".join(f"{name}: {how}" for name, how in row.wrong.items())
        share = f"{row.solution}/{secrets}"
        cells = [f"{row.points:g}", share, f"{row.seconds:.2f}", row.starter, row.hard_coded]
        table.add_row(row.item, *cells, caught)
    console.print(table)
    for problem in result.problems:
        console.print(f"- {problem}", markup=False, highlight=False, style="red")
    count = sum(len(row.wrong) for row in result.rows)
    points = sum(row.points for row in result.rows)
    seconds = sum(row.seconds for row in result.rows)
    console.print(
        f"{len(result.rows)} items graded by tests, {points:g} points, {count} wrong answers, "
        f"tests of one submission {seconds:.1f} s: "
        + (f"{len(result.problems)} problems." if result.problems else "all as it should be.")
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the bank for one assignment; 0 where all is as it should be."""
    parser = argparse.ArgumentParser(prog="python -m autograder.bank", description=__doc__)
    parser.add_argument("assignment", help="the name of its folder in solutions/")
    parser.add_argument("--seeds", type=int, default=20, help="how many secrets (20)")
    parser.add_argument("--item", help="try this item only")
    parser.add_argument(
        "--right-only", action="store_true", help="leave the wrong answers out, which is quicker"
    )
    parser.add_argument(
        "--thorough", action="store_true", help="run all other tests beside each wrong answer"
    )
    args = parser.parse_args(arguments)
    if args.seeds < 2:
        parser.error("--seeds: two secrets are the fewest that tell anything")
    root = course_folder()
    console = Console(width=None if sys.stdout.isatty() else _PAGE)
    secrets = [f"bank {number}" for number in range(1, args.seeds + 1)]
    try:
        source = read_source(root / "solutions", args.assignment)
        answers = wrong_answers(root / "autograder" / "wrong_answers" / args.assignment)
        result = try_out(
            Workbench(source),
            answers,
            secrets,
            only=args.item,
            thorough=args.thorough,
            right_only=args.right_only,
        )
    except CourseError as error:
        console.print(str(error), markup=False, highlight=False, style="red")
        return 1
    _print_result(console, result, len(secrets))
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
