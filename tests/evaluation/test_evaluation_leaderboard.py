"""The leaderboard: every figure with its protocol and source, the flagged ones flagged."""

import html
import json
import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from quick_classifiers import ByBrightness
from small_faces import make_faces, pictures, write_zip

import fercourse.classifiers
from fercourse import cli
from fercourse.errors import CourseError
from fercourse.evaluation.leaderboard import CLASSICAL, Row, grouped, leaderboard, published
from fercourse.evaluation.leaderboard_page import (
    as_json,
    cells,
    duration,
    leaderboard_page,
    models_table,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(tmp_path, monkeypatch, capsys):
    """A course's folder with the card of one shipped model, made by ``evaluate`` itself."""
    path = write_zip(tmp_path / "fer.zip", pictures(make_faces((30, 20, 0))))
    notes = {"faces": "fer2013", "fitted_on": "fit", "chosen_on": "validation"}
    notes |= {"training_seconds": "93.5", "training_command": "python3 course.py train lean"}
    classifier = ByBrightness(notes=notes, name="lean")
    monkeypatch.setattr(
        fercourse.classifiers, "load_classifier", lambda *_: classifier, raising=False
    )
    assert cli.main(["evaluate", "lean", "--json", "--mirror", "--data", str(path)]) == 0
    card = tmp_path / "course/data/models/lean/card.json"
    card.parent.mkdir(parents=True)
    card.write_text(capsys.readouterr().out)
    return tmp_path / "course"


def _rows(groups):
    return {row.name: (group.title, row) for group in groups for row in group.rows}


def test_every_published_figure_has_a_source_and_says_what_it_reports_on():
    text = resources.files("fercourse.evaluation").joinpath("published.toml").read_text("utf-8")
    results = tomllib.loads(text)["result"]
    assert len(results) >= 15
    for result in results:
        assert 0.3 < result["accuracy"] < 0.9, result["name"]
        assert result["reported_on"], result["name"]
        source = result["source"]
        assert re.match(r"https://\S+$", source) or "not published" in source, source
    assert len({result["name"] for result in results}) == len(results)


def test_whoever_chose_on_the_split_they_report_is_flagged_and_nobody_else():
    for row in published():
        chose_on_it = row.chosen_on == row.reported_on
        assert bool(row.flag) == chose_on_it, row.name


def test_flagged_and_helped_figures_do_not_stand_with_plain_ones(course):
    for group in leaderboard(course):
        if "nothing but FER2013" in group.title:
            assert all(row.is_plain for row in group.rows)
            assert not any(row.flag or (row.networks or 1) > 1 for row in group.rows)
        accuracies = [row.accuracy for row in group.rows]
        assert accuracies == sorted(accuracies, reverse=True)


def test_every_row_stands_in_one_group():
    rows = published()
    placed = [row for group in grouped(rows) for row in group.rows]
    assert sorted(row.name for row in placed) == sorted(row.name for row in rows)


def test_our_networks_come_from_their_cards_and_the_mirror_is_a_row_apart(course):
    rows = _rows(leaderboard(course))
    title, plain = rows["lean"]
    helped_title, mirrored = rows["lean, averaged with the mirrored face"]
    assert title.startswith("PublicTest, one model")
    assert helped_title == "PublicTest, with help or flagged"
    assert plain.ours
    assert plain.training_seconds == 93.5
    assert plain.milliseconds
    assert plain.interval[0] <= plain.accuracy <= plain.interval[1]
    assert (plain.test_time, mirrored.test_time) == ("none", "mirrored face")


def test_a_model_of_ours_that_chose_on_what_it_reports_is_flagged_like_anyones(course):
    path = course / "data/models/lean/card.json"
    card = json.loads(path.read_text())
    card["protocol"]["flag"] = "It was chosen on PublicTest."
    path.write_text(json.dumps(card))
    title, row = _rows(leaderboard(course))["lean"]
    assert title == "PublicTest, with help or flagged"
    assert row.flag == "It was chosen on PublicTest."


def test_a_card_on_drawn_faces_stands_in_a_group_of_its_own(course):
    path = course / "data/models/lean/card.json"
    card = json.loads(path.read_text())
    card["data"]["kind"], card["mirror"] = "drawn", None
    (path.parent / "card_drawn.json").write_text(json.dumps(card))
    groups = {group.title: group for group in leaderboard(course)}
    assert [row.reported_on for row in groups["Drawn faces"].rows] == ["drawn faces, PublicTest"]


def test_a_model_that_learned_from_drawn_faces_has_had_other_data_on_fer2013(course):
    path = course / "data/models/lean/card.json"
    card = json.loads(path.read_text())
    card["model"]["training"]["faces"], card["mirror"] = "drawn", None
    path.write_text(json.dumps(card))
    title, row = _rows(leaderboard(course))["lean"]
    assert row.extra_data == "fitted on drawn faces"
    assert title == "PublicTest, learned from other faces alone"


def test_classical_figures_are_shown_where_their_benchmark_was_run(course):
    assert "HOG + SVM" not in _rows(leaderboard(course))
    path = course / CLASSICAL
    path.parent.mkdir(parents=True)
    result = {"name": "HOG + SVM", "accuracy": 0.62, "seconds": 95.0, "command": "benchmarks/x.py"}
    path.write_text(json.dumps({"results": [result], "machine": "two cores"}))
    _, row = _rows(leaderboard(course))["HOG + SVM"]
    assert (row.ours, row.training_seconds, row.training_machine) == (True, 95.0, "two cores")
    path.write_text(json.dumps({"results": [{"name": "HOG + SVM"}]}))
    with pytest.raises(CourseError, match="lacks 'accuracy'"):
        leaderboard(course)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "cannot be read"), ("[]", "not a JSON object"), ('{"format": "x"}', "Make it anew")],
)
def test_a_damaged_card_is_named(course, text, said):
    path = course / "data/models/lean/card.json"
    path.write_text(text)
    with pytest.raises(CourseError, match=said) as caught:
        leaderboard(course)
    assert "card.json" in str(caught.value)


def test_without_a_checkout_only_published_figures_are_shown():
    assert not any(row.ours for group in leaderboard(None) for row in group.rows)


def test_the_page_needs_no_other_file_and_links_every_source(course):
    groups = leaderboard(course)
    text = leaderboard_page(groups).decode()
    assert not re.findall(r'src="', text)
    assert text.count("chosen on what it reports</span>") == sum(
        bool(row.flag) for group in groups for row in group.rows
    )
    for row in published():
        assert html.escape(row.source) in text
    assert "<script" not in text


def test_the_table_for_the_documents_holds_our_models_alone_with_their_commands(course):
    text = models_table(leaderboard(course))
    assert re.search(r"^\| lean \| \d+\.\d % \| .* to .* % \|", text, re.MULTILINE)
    assert "measured by `python3 course.py evaluate lean" in text
    assert "trained by `python3 course.py train lean`" in text
    assert "ResMaskingNet" not in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {9}


@pytest.mark.parametrize(
    ("times", "shown"), [((213.4, 45.26), "210 / 45"), ((1.26, 0.2549), "1.3 / 0.25")]
)
def test_milliseconds_have_two_digits_and_no_exponent(times, shown):
    row = Row("mine", True, 0.5, "PublicTest", "a command", milliseconds=times)
    assert cells(row)[-2] == shown


def test_the_page_shows_words_as_they_are():
    row = Row("<i>net</i>", False, 0.5, "PublicTest", "https://example.org/?a=1&b=2", note='"&"')
    text = leaderboard_page(grouped([row])).decode()
    assert "&lt;i&gt;net&lt;/i&gt;" in text
    assert "a=1&amp;b=2" in text


def test_the_command_prints_json_or_tables_or_writes_a_page(tmp_path, capsys):
    assert cli.main(["leaderboard", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["format"] == "fercourse-leaderboard-1"
    assert all(group["rows"] for group in found["groups"])
    assert cli.main(["leaderboard"]) == 0
    out = capsys.readouterr().out
    assert "FLAGGED" in out
    assert "ResMaskingNet" in out
    page = tmp_path / "board.html"
    assert cli.main(["leaderboard", "--html", str(page)]) == 0
    assert str(page) in capsys.readouterr().err
    assert page.read_text().startswith("<!doctype html>")


def test_a_folder_is_no_file_for_the_page(tmp_path, capsys):
    assert cli.main(["leaderboard", "--html", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


def test_json_of_the_leaderboard_has_no_nan(course):
    json.dumps(as_json(leaderboard(course)), allow_nan=False)


@pytest.mark.parametrize(
    ("seconds", "said"), [(None, ""), (95.2, "95 s"), (400, "7 min"), (50_400, "14 h 0 min")]
)
def test_training_takes_seconds_minutes_or_hours(seconds, said):
    assert duration(seconds) == said
