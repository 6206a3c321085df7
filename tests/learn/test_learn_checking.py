"""A check says what was expected, what came and where to look; hidden ones give nothing away."""

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from fercourse.errors import CourseError
from fercourse.learn import check
from fercourse.learn.checking import CheckFailed, NotAttempted

CANARY = 271828


def failure(run):
    with pytest.raises(CheckFailed) as caught:
        run()
    return caught.value


def test_what_is_right_passes_and_says_so(tiny, capsys):
    with check("accuracy") as checked:
        checked.equal(0.5, 0.5, "accuracy([0, 1], [0, 0])")
        checked.that(True, "never said")
        checked.hidden()
        checked.close([0.5], [0.5000000001], "more")
    assert capsys.readouterr().out == "Accuracy by hand: passed.\n"


def test_a_wrong_value_is_shown_beside_the_expected_one(tiny):
    def run():
        with check("accuracy") as checked:
            checked.equal(0.25, 0.75, "accuracy([0, 1], [0, 0])")

    sentence = str(failure(run))
    for part in ("Accuracy by hand", "accuracy([0, 1], [0, 0])", "0.75", "0.25", "“Accuracy”"):
        assert part in sentence


def test_undone_is_another_outcome_than_wrong(tiny):
    def run():
        with check("accuracy"):
            raise NotImplementedError

    failed = failure(run)
    assert isinstance(failed, NotAttempted)
    assert "not attempted yet" in str(failed)


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), SystemExit(3), KeyError("x")])
def test_an_error_of_the_student_becomes_a_sentence(tiny, error):
    def run():
        with check("accuracy"):
            raise error

    assert f"accuracy stopped with {type(error).__name__}" in str(failure(run))


def test_an_interruption_is_not_taken_for_an_error_of_the_student(tiny):
    with pytest.raises(KeyboardInterrupt), check("accuracy"):
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    "fail",
    [
        lambda checked: checked.equal(CANARY, 5, f"accuracy({CANARY})"),
        lambda checked: checked.that(False, f"{CANARY} is wrong"),
        lambda checked: (_ for _ in ()).throw(ValueError(str(CANARY))),
    ],
)
def test_a_hidden_failure_gives_its_case_away_to_the_grader_only(tiny, fail, monkeypatch):
    def run():
        with check("accuracy") as checked:
            checked.hidden()
            fail(checked)

    failed = failure(run)
    assert failed.hidden
    assert str(CANARY) not in str(failed)
    assert str(CANARY) not in "".join(failed._render_traceback_())
    monkeypatch.setenv("FERCOURSE_GRADING", "1")
    assert str(CANARY) in "".join(failed._render_traceback_())


def test_hidden_cases_depend_on_the_secret_and_the_exercise(tiny, monkeypatch):
    def draw(item="accuracy"):
        with check(item) as checked:
            return checked.hidden().integers(1 << 60)

    practice = draw()
    assert draw() == practice
    assert draw("explain") != practice
    monkeypatch.setenv("FERCOURSE_TERM_SECRET", "autumn")
    assert draw() != practice


def test_an_unknown_exercise_or_a_missing_list_is_said(tiny):
    with pytest.raises(CourseError, match="precision"), check("precision"):
        pass
    (tiny / "items.toml").unlink()
    with pytest.raises(CourseError, match="open the notebook in its own folder"), check("accuracy"):
        pass


def test_a_damaged_list_of_exercises_is_said(tiny):
    (tiny / "items.toml").write_text("assignment = ", encoding="utf-8")
    with pytest.raises(CourseError, match="is damaged"), check("accuracy"):
        pass


def test_jupyter_shows_the_sentence_and_the_students_line_but_no_line_of_the_test(tiny):
    cells = [
        "def accuracy(truth, predicted):\n    return len(truth) / 0",
        "from fercourse.learn import check\n\nwith check('accuracy') as checked:\n"
        f"    secret = {CANARY}\n    checked.equal(accuracy([0], [0]), 1.0, 'accuracy([0], [0])')",
        "with check('accuracy') as checked:\n    random = checked.hidden()\n"
        f"    secret = {CANARY}\n    checked.equal(secret, 1.0, 'secret')",
        "with check('accuracy') as checked:\n    checked.equal(precision([0]), 1.0, 'x')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": tiny}})
    client.execute()
    shown = ["".join(cell.outputs[0].traceback) for cell in notebook.cells[1:]]
    assert "return len(truth) / 0" in shown[0]
    assert "ZeroDivisionError" in shown[0]
    assert "hidden one does not" in shown[1]
    assert "NameError" in shown[2]
    assert not any(str(CANARY) in text or "checked." in text for text in shown)


def test_arrays_cannot_pass_for_a_condition(tiny):
    """``array == array`` is true of no single thing; a test that says so is a mistake."""

    def run():
        with check("accuracy") as checked:
            checked.that(np.array([True]), "one condition was expected")

    failure(run)


def test_a_hidden_case_leaves_the_notebooks_names_as_they_were(tiny):
    """A student's `faces` stays the student's own, as it does where nothing is hidden."""
    names = {"faces": "the student's", "check": check}
    exec(
        "with check('accuracy') as checked:\n"
        "    shown = 1\n"
        "    random = checked.hidden()\n"
        "    faces = 'drawn for the test'\n"
        "    del check\n",
        names,
    )
    assert names["faces"] == "the student's"
    assert names["check"] is check
    assert names["shown"] == 1
    assert "random" not in names


def test_names_are_given_back_where_a_hidden_case_fails(tiny):
    names = {"faces": "the student's", "check": check}
    code = "with check('accuracy') as checked:\n    checked.hidden()\n    faces = 1 / 0\n"
    with pytest.raises(CheckFailed):
        exec(code.replace("faces = 1", "faces = 3\n    1"), names)
    assert names["faces"] == "the student's"


def test_a_function_of_python_that_means_something_else_is_named(tiny):
    code = "with check('accuracy') as checked:\n    checked.hidden()\n    list(range(3))\n"
    failed = failure(lambda: exec(code, {"check": check, "range": 3, "list": list}))
    assert "another meaning to Python's own range, " in str(failed)
    assert "Python's own" not in str(failure(lambda: exec(code + "    1 / 0\n", {"check": check})))
