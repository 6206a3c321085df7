"""What a figure may be compared with: what the model was fitted and chosen on, says the model."""

from dataclasses import dataclass

from fercourse.classifiers.notes import PARTS
from fercourse.emotions import SPLITS
from fercourse.evaluation.chosen_faces import VALIDATION


@dataclass(frozen=True)
class Protocol:
    """How a figure came about.

    Attributes:
        reported_on: one of ``chosen_faces.CHOICES``.
        fitted_on: some of ``PARTS``; None where the model does not say.
        chosen_on: likewise; empty where nothing was chosen.
        same_faces: whether the model learned from the same kind of faces as it is reported on
            (drawn, FER2013); None where it does not say.
    """

    reported_on: str
    fitted_on: tuple[str, ...] | None
    chosen_on: tuple[str, ...] | None
    same_faces: bool | None = None

    @property
    def flag(self) -> str | None:
        """Why the figure is too good to be compared, in a sentence; None where it is not."""
        if self.same_faces is False:
            return None
        if _overlaps(self.reported_on, self.fitted_on):
            return (
                f"The model was fitted on {_named(self.fitted_on)}, so these faces are no test: it "
                "may know them by heart."
            )
        if _overlaps(self.reported_on, self.chosen_on):
            return (
                f"The model was chosen on {_named(self.chosen_on)}, the very split that is "
                "reported, so the figure flatters it."
            )
        return None

    @property
    def sentence(self) -> str:
        """What was reported on, fitted on and chosen on."""
        said = [
            f"{verb} on {_named(parts)}" if parts else f"not {verb} on anything"
            for verb, parts in (("fitted", self.fitted_on), ("chosen", self.chosen_on))
            if parts is not None
        ]
        model = (
            f"The model says that it was {' and '.join(said)}"
            if said
            else "The model does not say what it was fitted and chosen on"
        )
        other = ", of another kind of faces than these" if self.same_faces is False else ""
        return f"Reported on {_named((self.reported_on,))}. {model}{other}."


def read_parts(text: str | None) -> tuple[str, ...] | None:
    """Return the parts that a model names, or None where it names none.

    Args:
        text: words of ``PARTS`` with commas; other words are kept as they are.
    """
    if text is None:
        return None
    known = {part.lower(): part for part in PARTS}
    words = [word.strip() for word in text.split(",") if word.strip()]
    return tuple(known.get(word.lower(), word) for word in words)


def _overlaps(reported: str, parts: tuple[str, ...] | None) -> bool:
    inside = {SPLITS[0]: {"fit", VALIDATION, SPLITS[0]}, VALIDATION: {VALIDATION, SPLITS[0]}}
    return bool(inside.get(reported, {reported}) & set(parts or ()))


def _named(parts: tuple[str, ...] | None) -> str:
    words = {
        "fit": "the fit part of Training",
        VALIDATION: "the validation part of Training",
    }
    return " and ".join(words.get(part, part) for part in parts or ())
