"""nbgrader's own commands, run in this folder, work as ``course.py release`` and ``grade`` do."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for folder in (ROOT, ROOT / "src"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

from autograder.settings import course_config  # noqa: E402

c = get_config()  # type: ignore[name-defined]  # noqa: F821
c.merge(course_config())
