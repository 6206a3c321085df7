"""nbgrader's own commands, run in this folder, work as ``course.py release`` and ``grade`` do."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
sys.path.append(str(ROOT))  # last, so that no folder there hides a package

from autograder.settings import course_config  # noqa: E402

c = get_config()  # type: ignore[name-defined]  # noqa: F821
c.merge(course_config())
