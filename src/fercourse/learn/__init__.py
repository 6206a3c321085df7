"""What a student's own notebook needs: checks, reference values, descriptions, measurements."""

from fercourse.learn.attempting import attempt
from fercourse.learn.checking import check
from fercourse.learn.describing import describe
from fercourse.learn.hinting import hint
from fercourse.learn.measuring import Measurements
from fercourse.learn.scripts import load_script
from fercourse.learn.surroundings import is_grading

__all__ = ["Measurements", "attempt", "check", "describe", "hint", "is_grading", "load_script"]
