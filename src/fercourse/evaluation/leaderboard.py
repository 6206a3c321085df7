"""The course's models beside published figures, each with its protocol, none without a source.

Ours are read from the cards of shipped models (``data/models/*/card*.json``, each what
``course.py evaluate --json`` printed) and from the benchmark of the classical ones; others' stand
in ``published.toml`` with where they are from.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from fercourse.errors import CourseError
from fercourse.evaluation.evaluating import FORMAT
from fercourse.evaluation.wording import teaching

Json = Mapping[str, Any]

CLASSICAL = Path("benchmarks/results/classical_fer2013.json")
"""Where the benchmark of classical models leaves its figures, from the course's folder."""

NOT_SAID = "not said"
NONE = "none"
_ELSEWHERE = "fitted on "


@dataclass(frozen=True)
class Row:
    """One figure and how it came about; None is what nobody says.

    Attributes:
        name: of the model.
        ours: whether it is the course's.
        accuracy: a fraction.
        reported_on: split, or other words for other faces.
        source: where to read it, or the command that measures ours anew.
        interval: of the accuracy.
        without_duplicates: accuracy without faces that occur in Training.
        fitted_on: what it learned from, for ours.
        chosen_on: what it was chosen by.
        extra_data: other data, or weights trained on other data.
        input_size: pixels across.
        test_time: averaging over changed copies of a face.
        networks: how many are averaged.
        parameters: of all of them.
        bytes: of the file.
        milliseconds: a face at batch 1 and 8.
        training_seconds: how long it learned.
        training_machine: on what.
        training_command: by which command.
        year: when it was published.
        flag: why the figure was chosen on what it reports.
        doubt: what else speaks against comparing it.
        note: what else a reader should know.
    """

    name: str
    ours: bool
    accuracy: float
    reported_on: str
    source: str
    interval: tuple[float, float] | None = None
    without_duplicates: float | None = None
    fitted_on: str | None = None
    chosen_on: str | None = None
    extra_data: str | None = None
    input_size: int | None = None
    test_time: str | None = None
    networks: int | None = None
    parameters: int | None = None
    bytes: int | None = None
    milliseconds: tuple[float, float] | None = None
    training_seconds: float | None = None
    training_machine: str | None = None
    training_command: str | None = None
    year: int | None = None
    flag: str | None = None
    doubt: str | None = None
    note: str | None = None

    @property
    def learned_elsewhere(self) -> bool:
        """Whether it learned from another kind of faces than it is reported on."""
        return (self.extra_data or "").startswith(_ELSEWHERE)

    @property
    def is_plain(self) -> bool:
        """Whether it is one model that answers once, from FER2013 alone, without a flag."""
        has_help = (
            self.extra_data not in (None, NONE)
            or self.test_time not in (None, NONE)
            or (self.networks or 1) > 1
        )
        return not (has_help or self.flag or self.doubt)


@dataclass(frozen=True)
class Group:
    """Figures that may stand side by side.

    Attributes:
        title: what they have in common.
        remark: what can be compared here and what cannot.
        rows: best first.
    """

    title: str
    remark: str
    rows: tuple[Row, ...]


def leaderboard(course: Path | None) -> list[Group]:
    """Collect all figures and put those together that can be compared.

    Args:
        course: the course's folder, or None where only the package is installed.

    Raises:
        CourseError: a card or a file of results is there and cannot be read.
    """
    rows = published()
    if course is not None:
        rows += [*_cards(course / "data/models"), *_classical(course / CLASSICAL)]
    return grouped(rows)


def published() -> list[Row]:
    """Read the figures that others published."""
    text = resources.files("fercourse.evaluation").joinpath("published.toml").read_text("utf-8")
    return [Row(ours=False, **result) for result in tomllib.loads(text)["result"]]


def grouped(rows: Iterable[Row]) -> list[Group]:
    """Put rows together by the faces they report on and by how they came about.

    Args:
        rows: in any order.

    Returns:
        The groups that have rows, the best row of each first.
    """
    left = sorted(rows, key=lambda row: (-row.accuracy, row.name))
    groups = []
    for title, remark, belongs in _GROUPS:
        mine = tuple(row for row in left if belongs(row))
        left = [row for row in left if row not in mine]
        if mine:
            groups.append(Group(title, remark, mine))
    return groups


_GROUPS = (
    (
        "PublicTest, one model that answers once, nothing but FER2013",
        "These can be compared with each other. What a source does not say is taken in its favor.",
        lambda row: row.reported_on == "PublicTest" and row.is_plain,
    ),
    (
        "PublicTest, learned from other faces alone",
        "They never saw a photograph of FER2013. The gap to the groups beside is what another kind "
        "of faces costs.",
        lambda row: row.reported_on == "PublicTest" and row.learned_elsewhere,
    ),
    (
        "PublicTest, with help or flagged",
        "Several answers averaged, other data, or chosen on what is reported: each of these helps, "
        "so compare only with rows that have the same help.",
        lambda row: row.reported_on == "PublicTest",
    ),
    (
        "PrivateTest, one model that answers once, nothing but FER2013",
        "Others' figures; the course keeps PrivateTest for the final examination. It is another "
        "test than PublicTest (one published network has 73.1 % here and 71.5 % there), so do not "
        "compare across. What a source does not say is taken in its favor.",
        lambda row: row.reported_on == "PrivateTest" and row.is_plain,
    ),
    (
        "PrivateTest, with help or flagged",
        "As above: compare only with rows that have the same help.",
        lambda row: row.reported_on == "PrivateTest",
    ),
    (
        "Drawn faces",
        "What a model makes of the faces that the course draws. No photograph is among them, so "
        "this says nothing about the groups above.",
        lambda row: row.reported_on.startswith("drawn faces"),
    ),
    (
        "Other faces, or unclear which",
        "These cannot be compared with anything: other divisions of the faces, other copies of "
        "them, or a source that does not say what it reports on.",
        lambda _: True,
    ),
)


def _cards(folder: Path) -> list[Row]:
    rows = []
    for path in sorted(folder.glob("*/card*.json")):
        rows += _rows_of_card(_read(path), path)
    return rows


def _rows_of_card(card: Json, path: Path) -> list[Row]:
    """Return the rows of a model's card: as it is, and averaged with the mirrored face."""
    if card.get("format") != FORMAT:
        raise CourseError(
            f"{path} is not what `course.py evaluate --json` prints ({FORMAT}). Make it anew."
        )
    try:
        row = _row_of_card(card)
        mirror = card["mirror"]
        if not mirror:
            return [row]
        averaged = replace(
            row,
            name=f"{row.name}, averaged with the mirrored face",
            accuracy=mirror["accuracy"],
            interval=tuple(mirror["intervals"]["accuracy"]),
            without_duplicates=None,
            test_time="mirrored face",
            milliseconds=None,
        )
    except (KeyError, TypeError) as error:
        raise CourseError(
            f"{path} lacks {error}. Make it anew with `course.py evaluate`."
        ) from error
    return [row, averaged]


def _row_of_card(card: Json) -> Row:
    model, data = card["model"], card["data"]
    training, speed = model["training"], card["speed"]
    split = data["split"]
    times = speed["milliseconds_a_face"] if speed else None
    return Row(
        name=model["name"],
        ours=True,
        accuracy=card["accuracy"],
        interval=tuple(card["intervals"]["accuracy"]),
        reported_on=f"drawn faces, {split}" if data["kind"] == "drawn" else split,
        source=card["command"],
        without_duplicates=card["without_training_duplicates"]["accuracy"],
        fitted_on=training["fitted_on"],
        chosen_on=training["chosen_on"],
        extra_data=_other_data(training, data["kind"]),
        input_size=48,
        test_time=NONE,
        networks=1,
        parameters=model["parameters"],
        bytes=model["bytes"],
        milliseconds=(times["1"], times["8"]) if times else None,
        training_seconds=training["seconds"],
        training_machine=training["machine"],
        training_command=training["command"],
        note=f"{told[:1].upper()}{told[1:]}." if (told := teaching(model)) else None,
        flag=card["protocol"]["flag"],
    )


def _other_data(training: Json, kind: str) -> str:
    """Return what a model learned from beside the kind of faces that it is reported on."""
    told = [] if training["extra_data"] in (None, NONE) else [training["extra_data"]]
    if training["faces"] not in (None, kind):
        told.insert(0, f"{_ELSEWHERE}{training['faces']} faces")
    return ", ".join(told) or NONE


def _classical(path: Path) -> list[Row]:
    """Return the rows of the classical benchmark; none where it has not been run.

    Read are, for each of ``results``: ``name``, ``accuracy`` and, where they are there,
    ``interval``, ``seconds`` (fitting and answering, everything included), ``machine``,
    ``command``, ``without_training_duplicates``, ``milliseconds_a_face``, ``fitted_on``,
    ``chosen_on`` and ``reported_on`` (PublicTest otherwise).
    """
    if not path.is_file():
        return []
    found = _read(path)
    try:
        return [_row_of_classical(found, result) for result in found["results"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise CourseError(f"{path} lacks {error}. Run its benchmark anew.") from error


def _row_of_classical(found: Json, result: Json) -> Row:
    ends, times = result.get("interval"), result.get("milliseconds_a_face")
    without = result.get("without_training_duplicates")
    return Row(
        name=result["name"],
        ours=True,
        accuracy=result["accuracy"],
        interval=tuple(ends) if ends else None,
        without_duplicates=without["accuracy"] if isinstance(without, Mapping) else without,
        reported_on=result.get("reported_on", "PublicTest"),
        source=result.get("command") or found.get("command") or CLASSICAL.as_posix(),
        fitted_on=result.get("fitted_on"),
        chosen_on=result.get("chosen_on", "validation"),
        extra_data=NONE,
        input_size=48,
        test_time=NONE,
        networks=1,
        milliseconds=(times["1"], times["8"]) if times else None,
        training_seconds=result.get("seconds"),
        training_machine=result.get("machine") or found.get("machine"),
        training_command=result.get("command") or found.get("command"),
    )


def _read(path: Path) -> Json:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CourseError(f"{path} cannot be read ({error}). Make it anew.") from error
    if not isinstance(found, dict):
        raise CourseError(f"{path} is not a JSON object. Make it anew.")
    return found
