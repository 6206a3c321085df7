"""An assignment of one exercise, to try the checks on."""

import pytest

ITEMS = """
assignment = "tiny"
title = "Tiny"
notebook = "Tiny.ipynb"
lesson = "1_ml_basics"
minutes = 1

[objectives]
judge = { text = "judge a classifier by counting", section = "Accuracy" }

[[item]]
id = "accuracy"
title = "Accuracy by hand"
objective = "judge"
points = 2
graded = "tests"
function = "accuracy"
hints = ["count", "compare", "divide"]
[[item.misconceptions]]
id = "divides-by-classes"
text = "divides by the number of classes"

[[item]]
id = "explain"
title = "Explain it"
objective = "judge"
points = 3
graded = "by hand"
hints = ["a", "b", "c"]
"""


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Stand in the folder of the assignment, as a notebook's kernel does."""
    (tmp_path / "items.toml").write_text(ITEMS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FERCOURSE_GRADING", raising=False)
    monkeypatch.delenv("FERCOURSE_TERM_SECRET", raising=False)
    return tmp_path
