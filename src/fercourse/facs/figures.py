"""The studio without sliders: one face as a figure, for a page that is only read."""

from fercourse.facs.studio import NETWORK, PEOPLE, Answer, Studio, Units
from fercourse.plots import SelfShowingFigure, face_and_answer


def still(
    units: Units | str = "0",
    *,
    person: str = PEOPLE[0],
    network: str = NETWORK,
    title: str = "",
) -> SelfShowingFigure:
    """Show one face and what a network says of it.

    Args:
        units: what acts, such as ``{4: "C", 7: 0.5}`` or ``"4C+7"``.
        person: one of ``PEOPLE``.
        network: a shipped network.
        title: before the units in the line above; may be empty.

    Raises:
        CourseError: no such person or network.
        ValueError: a unit that cannot be drawn, or an intensity that is none.
    """
    return figure_of(Studio().answer(units, person, network), title)


def figure_of(answer: Answer, title: str = "") -> SelfShowingFigure:
    """Return an answer of the studio as a figure."""
    said = f"AU {answer.coding}" if answer.coding != "0" else "at rest"
    return face_and_answer(
        answer.face,
        answer.seen,
        answer.classes,
        answer.probabilities,
        title=f"{title}: {said}" if title else said,
        network=answer.network,
    )
