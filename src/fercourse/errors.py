"""The one kind of error that a person using the course is meant to read."""


class CourseError(Exception):
    """Something a person can mend: what was wrong, where, and what to do.

    The message is a sentence or two, complete in itself. Commands print it
    without a traceback and exit with code 2.
    """
