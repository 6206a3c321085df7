"""What an item earns, from how its cells ended."""

import nbformat
import pytest
from autograder.examining import examine
from autograder.sanitizing import KEY
from nbgrader.utils import compute_checksum
from small_assignment import code, text


def _ran(cell, status="ok", **note):
    cell.metadata[KEY] = {"run": {"status": status, "seconds": 30, **note}}
    return cell


def _tests(status="ok", **note):
    cell = code("…", "test-total", grade=True, locked=True, points=4)
    return _ran(cell, status, **note)


def _answer(status="ok", **note):
    return _ran(code("…", "total", solution=True), status, **note)


def _judge(*cells):
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    return examine(notebook)[("test-" if len(cells) == 2 else "") + cells[0].id]


def test_tests_that_ran_to_their_end_earn_all_points():
    assert _judge(_answer(), _tests()).points == 4


def test_what_was_printed_does_not_matter():
    tests = _tests()
    tests.outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="E0000 TensorFlow says hello"),
        nbformat.v4.new_output("display_data", data={"text/plain": "0"}),
    ]
    assert _judge(_answer(), tests).points == 4


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("4", 4),
        ("2.5", 2.5),
        ("0", 0),
        ("nan", 0),
        ("inf", 0),
        ("-1", 0),
        ("4.01", 0),
        ("'full marks'", 0),
        ("True", 0),
        ("", 0),
        (["3"], 3),
        ("<matplotlib.figure.Figure at 0x7f>", 0),
    ],
)
def test_a_last_value_counts_only_if_it_is_a_number_of_points(value, points):
    tests = _tests()
    tests.outputs = [
        nbformat.v4.new_output("execute_result", data={"text/plain": value}, execution_count=1)
    ]
    judgement = _judge(_answer(), tests)
    assert judgement.points == points
    if points == 0 and value != "0":
        assert "is not a number of points" in judgement.sentence


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("timeout", "took longer than 30 seconds"),
        ("died", "Python ended"),
        ("flooded", "printed far too much"),
        ("not run", "did not run"),
    ],
)
def test_tests_that_did_not_end_earn_nothing(status, said):
    judgement = _judge(_answer(), _tests(status))
    assert judgement.points == 0
    assert said in judgement.sentence


def test_tests_that_were_never_run_earn_nothing():
    tests = code("…", "test-total", grade=True, locked=True, points=4)
    assert _judge(_answer(), tests).points == 0


def test_the_sentence_of_a_check_is_for_the_student():
    judgement = _judge(_answer(), _tests("error", ename="CheckFailed", evalue="should be 3"))
    assert (judgement.points, judgement.sentence) == (0, "should be 3")


def test_what_the_course_says_of_a_missing_file_is_for_the_student():
    judgement = _judge(_answer(), _tests("error", ename="CourseError", evalue="it is missing."))
    assert (judgement.points, judgement.sentence) == (0, "it is missing.")


def test_what_else_stops_tests_is_not_told_since_it_may_tell_of_hidden_ones():
    judgement = _judge(_answer(), _tests("error", ename="AssertionError", evalue="hidden value 7"))
    assert judgement.points == 0
    assert judgement.sentence == "The tests stopped with AssertionError."


def test_an_answer_that_does_not_run_is_the_reason():
    failed = _tests("error", ename="CheckFailed", evalue="there is no total yet")
    answer = _answer("error", ename="SyntaxError", evalue="invalid syntax (266047.py, line 1)")
    judgement = _judge(answer, failed)
    assert judgement.sentence == (
        "The cell with your answer stopped with SyntaxError: invalid syntax (line 1)"
    )


@pytest.mark.parametrize("words", ["YOUR ANSWER HERE", "", "  \n", "\nYOUR ANSWER HERE  \n"])
def test_an_untouched_written_answer_earns_nothing(words):
    answer = text("YOUR ANSWER HERE", "why", grade=True, solution=True, points=3)
    answer.metadata.nbgrader["checksum"] = compute_checksum(answer)
    answer.source = words
    assert _judge(answer).points == 0


def test_a_written_answer_waits_for_a_person():
    answer = text("YOUR ANSWER HERE", "why", grade=True, solution=True, points=3)
    answer.metadata.nbgrader["checksum"] = compute_checksum(answer)
    answer.source = "YOUR ANSWER HERE: because."
    assert _judge(answer).points is None
