"""A student's program beside the notebook: its functions or a sentence that says why not."""

from pathlib import Path

import pytest

from fercourse.learn import check, load_script, scripts
from fercourse.learn.checking import CheckFailed, NotAttempted
from fercourse.learn.scripts import ScriptFailed

NAME = "My-Program.py"

PROGRAM = """\
import cv2
from cv2 import imshow


def overlap(one, other):
    return helper(one, other) + 1


def helper(one, other):
    return one + other


def undone():
    raise NotImplementedError("not done yet")


if __name__ == "__main__":
    imshow("never", None)
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda text: Path(NAME).write_text(text, encoding="utf-8")


def reason(text: str | None, write) -> str:
    """Return the sentence about a program that cannot be used."""
    if text is not None:
        write(text)
    with pytest.raises(ScriptFailed) as failed:
        _ = load_script(NAME).overlap
    return str(failed.value)


def test_functions_are_called_by_name_and_main_is_not_run(write):
    write(PROGRAM)
    assert load_script(NAME).overlap(1, 2) == 4


def test_the_program_is_read_as_it_is_now(write):
    write(PROGRAM)
    before = load_script(NAME)
    assert before.overlap(1, 2) == 4
    write(PROGRAM.replace("+ 1", "+ 2"))
    assert load_script(NAME).overlap(1, 2) == 5
    assert before.overlap(1, 2) == 4


def test_helpers_can_be_replaced_and_only_for_this_test(write):
    write(PROGRAM)
    script = load_script(NAME)
    other = script.with_stand_ins("def helper(one, other):\n    return 10")
    assert other.overlap(1, 2) == 11
    assert script.overlap(1, 2) == 4


def test_a_missing_program_is_named(write):
    assert f"{NAME} is missing" in reason(None, write)


def test_a_syntax_error_is_shown_with_its_line(write):
    said = reason(PROGRAM + "def broken(:\n", write)
    assert "Line 19: def broken(:" in said


def test_a_removed_function_is_named(write):
    assert "has no overlap any more" in reason("x = 1\n", write)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("imshow('faces', None)", "opens a window"),
        ("cv2.namedWindow('faces')", "opens a window"),
        ("cv2.VideoCapture(0)", "opens a camera"),
        ("import sys; sys.exit(3)", "ends Python"),
        ("1 / 0", "ZeroDivisionError: division by zero in line 18: 1 / 0"),
    ],
)
def test_what_a_program_does_on_import_is_said(line, what, write):
    text = PROGRAM.partition("if __name__")[0].rstrip() + "\n\n\n" + line + "\n"
    said = reason(text, write)
    assert what.partition(" in line")[0] in said
    assert 'called below  if __name__ == "__main__":' in said


def test_what_was_imported_by_name_works_after_loading(write):
    import cv2

    opened = cv2.VideoCapture
    write("from cv2 import VideoCapture\n\n\ndef overlap():\n    return VideoCapture('no such')\n")
    assert not load_script(NAME).overlap().isOpened()
    assert cv2.VideoCapture is opened


def test_a_program_that_never_ends_is_stopped(write, monkeypatch):
    monkeypatch.setattr(scripts, "PATIENCE", 0.2)
    assert "did not come to an end within 0.2 seconds" in reason("while True:\n    pass\n", write)


@pytest.fixture
def exercise(write):
    Path("items.toml").write_text(
        'assignment = "a"\ntitle = "A"\nnotebook = "A.ipynb"\nlesson = "0_a"\nminutes = 5\n'
        f'script = "{NAME}"\nsubmitted_files = ["other.txt"]\n'
        '[objectives]\nadd = { text = "add", section = "Adding" }\n'
        '[[item]]\nid = "overlap"\ntitle = "Overlap"\nobjective = "add"\npoints = 2\n'
        'graded = "tests"\nfunction = "overlap"\nhints = ["a", "b", "c"]\n'
    )
    return write


def test_a_check_says_why_a_program_cannot_be_used(exercise):
    exercise("def overlap(:")
    message = r"Overlap: not yet.\nMy-Program.py is not Python yet"
    with pytest.raises(CheckFailed, match=message), check("overlap"):
        load_script(NAME).overlap(1, 2)


def test_a_check_knows_what_was_not_attempted(exercise):
    exercise(PROGRAM)
    with pytest.raises(NotAttempted), check("overlap"):
        load_script(NAME).undone()


def test_an_error_in_a_program_is_shown_with_its_line(exercise):
    exercise(PROGRAM)
    message = r"TypeError.*\n  in the line  return one \+ other"
    with pytest.raises(CheckFailed, match=message), check("overlap"):
        load_script(NAME).overlap(1, "2")


def test_a_program_is_handed_in_beside_the_notebook(exercise):
    from fercourse.learn.items import read_items

    assert read_items(Path()).submitted_files == (NAME, "other.txt")
