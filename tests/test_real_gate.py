"""Tests of the real FER2013 are skipped, with a sentence, where it is not what was published."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def real_tests(tmp_path):
    """Run the tests of the real FER2013 with these settings and return what pytest said."""

    def run(settings: str) -> str:
        (tmp_path / "settings.json").write_text(settings)
        environment = {**os.environ, "FERCOURSE_DATA": str(tmp_path)}
        environment.pop("FERCOURSE_FER2013", None)
        command = [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, "tests/dataset/test_dataset_real.py", "-k", "class_counts"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env=environment | {"COLUMNS": "400"},
            check=False,
        )
        assert done.returncode == 0, done.stdout
        assert "1 skipped" in done.stdout
        return done.stdout

    return run


def test_a_copy_with_other_counts_is_not_tested(real_tests, tmp_path):
    path = tmp_path / "cleaned.csv"
    rows = (f"{emotion},{' '.join(['7', '8'] * 1152)},Training" for emotion in range(7))
    path.write_text("\n".join(["emotion,pixels,Usage", *rows]))
    said = real_tests(json.dumps({"fer2013": str(path)}))
    assert "cleaned.csv is not FER2013 as published" in said


def test_damaged_settings_are_named(real_tests, tmp_path):
    assert "settings.json is damaged" in real_tests("{")
