"""The one kind of error that a person using the course is meant to read, and how it hints."""

from collections.abc import Iterable


class CourseError(Exception):
    """Something a person can mend: what was wrong, where, and what to do.

    The message is a sentence or two, complete in itself. Commands print it
    without a traceback and exit with code 2.
    """


def did_you_mean(given: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """Return " Did you mean X?" for the known name that is most like the one given, or nothing.

    Args:
        given: what a person wrote.
        known: what there is.
        likeness: how alike two names must be, 0 to 1, as in ``difflib``.
    """
    import difflib  # here, as every room imports this one and few ever need it

    near = difflib.get_close_matches(given, list(known), 1, likeness)
    return f" Did you mean {near[0]}?" if near else ""
