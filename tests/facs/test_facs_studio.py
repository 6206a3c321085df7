"""The studio: whatever moves its sliders, the same face and the same answer come of it."""

import base64

import cv2
import numpy as np
import pytest

from fercourse.classifiers.catalog import load_classifier
from fercourse.drawn import NUMBERS
from fercourse.errors import CourseError
from fercourse.facs import PATTERNS, PEOPLE, Slider, Studio, explore, open_studio, still
from fercourse.facs.exploring import WIDGET
from fercourse.facs.studio import REGIONS, network_names, units_of
from fercourse.facs.words import bars, described
from fercourse.plots import SelfShowingFigure

ANGRY = next(pattern for pattern in PATTERNS if pattern.title == "Angry: Du et al. 2014")


@pytest.fixture(scope="module")
def studio():
    return Studio(size=64)


def picture(content):
    """Return the gray picture in a PNG file's content."""
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)


# Asking


def test_every_unit_has_one_place_among_the_regions():
    units = [unit for region in REGIONS.values() for unit in region]
    assert sorted(units) == sorted(NUMBERS)


def test_the_network_is_asked_about_the_face_that_is_shown(studio):
    answer = studio.answer({12: "D", 25: 0.5})
    assert answer.face.shape == (64, 64, 3)
    assert answer.seen.shape == (48, 48)
    asked = load_classifier("drawn").predict_proba(answer.seen[None])[0]
    assert np.allclose(answer.probabilities, asked)
    assert answer.coding == "12D+25B"
    assert answer.label == "Happy"
    assert "12D, 25B" in answer.in_words
    assert "Happy" in answer.in_words


@pytest.mark.parametrize("unit", NUMBERS)
def test_each_unit_changes_what_is_seen(studio, unit):
    rest, moved = studio.answer({}), studio.answer({unit: 1.0})
    assert (rest.face != moved.face).any()
    assert (rest.seen != moved.seen).any()


def test_each_person_is_another_and_stays_the_same(studio):
    faces = [studio.answer({}, person).face for person in PEOPLE]
    assert all(
        (one != other).any() for place, one in enumerate(faces) for other in faces[place + 1 :]
    )
    assert (studio.answer({}, PEOPLE[1]).face == faces[1]).all()


def test_networks_answer_each_for_itself(studio):
    names = network_names()
    assert names[0] == "drawn"
    answers = {name: studio.answer(ANGRY.shown(), network=name).probabilities for name in names}
    assert len({tuple(answer.round(4)) for answer in answers.values()}) == len(names)


def test_who_or_what_is_not_there_is_a_sentence(studio):
    with pytest.raises(CourseError, match="nobody called 'Ada'"):
        studio.answer({}, "Ada")
    with pytest.raises(CourseError, match="no network 'resnet'"):
        studio.answer({}, network="resnet")
    with pytest.raises(ValueError, match="Action unit 99 cannot be drawn"):
        studio.answer({99: 1.0})
    with pytest.raises(ValueError, match="intensity 2"):
        studio.answer({4: 2})


def test_units_are_given_as_numbers_or_as_facs_writes_them():
    assert units_of("4C+7") == {4: 0.6, 7: 0.8}
    assert units_of({4: "C"}) == {4: "C"}


# Words


def test_bars_and_words_say_what_the_network_said(studio):
    answer = studio.answer(ANGRY.shown())
    said = bars(answer)
    assert all(name in said for name in answer.classes)
    assert f"{100 * answer.probabilities.max():.0f} %" in said
    assert "Angry by Du et al. 2014" in described(answer, ANGRY.shown())
    nothing = studio.answer({14: 0.5})
    assert "No table is complete" in described(nothing, {14: 0.5})
    assert "at rest" in described(studio.answer({}), {})


# The still picture


def test_the_still_picture_shows_face_pixels_and_answer():
    figure = still("4+7+24", person="beard", title="One table")
    assert isinstance(figure, SelfShowingFigure)
    assert figure.get_suptitle() == "One table: AU 4D+7D+24D"
    left, middle, right = figure.axes
    assert np.asarray(left.images[0].get_array()).shape[2] == 3
    assert np.asarray(middle.images[0].get_array()).shape == (48, 48)
    assert len(right.patches) == 7
    assert "at rest" in still().get_suptitle()


# Sliders in a notebook


def test_a_slider_redraws_the_face_and_asks_again():
    opened = open_studio()
    before, rest = opened._face.value, opened.answer
    opened.sliders[12].value = 0.8
    assert opened._face.value != before
    assert opened.units == {12: 0.8}
    assert opened.answer.coding == "12D"
    assert opened.answer.probabilities[3] > rest.probabilities[3]
    assert "12D" in opened._words.value


def test_a_table_moves_the_sliders_and_names_its_source():
    opened = open_studio()
    opened.preset.value = ANGRY
    assert opened.units == ANGRY.shown()
    assert "Du, Tao and Martinez" in opened._source.value
    opened.sliders[43].value = 1.0
    assert opened.preset.value == "your own"
    assert opened._source.value == ""
    assert opened.units == {**ANGRY.shown(), 43: 1.0}


def test_it_opens_with_a_table_and_goes_back_to_rest():
    opened = open_studio("Angry: Du et al. 2014")
    assert opened.units == ANGRY.shown()
    opened.rest.click()
    assert opened.units == {}
    assert opened.preset.value == "your own"
    assert opened.answer.coding == "0"
    with pytest.raises(ValueError, match="'Anger' is none of Angry: Du"):
        open_studio("Anger")


def test_another_person_and_another_network_are_asked_at_once():
    opened = open_studio(ANGRY)
    first = opened.answer
    opened.person.value = "old"
    assert (opened.answer.face != first.face).any()
    opened.network.value = "live"
    assert opened.answer.network == "live"


def test_where_no_program_runs_the_face_of_the_beginning_is_shown():
    opened = open_studio(ANGRY)
    opened.rest.click()
    content, metadata = opened._repr_mimebundle_()
    assert content[WIDGET]["model_id"] == opened.box.model_id
    assert picture(base64.b64decode(content["image/png"])).shape[0] > 200
    assert "4D" in content["text/plain"]
    assert metadata["image/png"]["alt"] == content["text/plain"]


def test_a_figure_follows_its_sliders():
    asked = []

    def draw(share):
        asked.append(share)
        figure = SelfShowingFigure(figsize=(2, 1))
        figure.add_subplot().bar(["share"], [share])
        return figure, f"The share is {share:.2f}."

    explorer = explore(draw, share=Slider("share", 0, 1, 0.05, 0.1))
    first = explorer._picture.value
    explorer.sliders["share"].value = 0.5
    assert asked == [0.1, 0.5]
    assert explorer._picture.value != first
    assert explorer._words.value == "The share is 0.50."
    content, _ = explorer._repr_mimebundle_()
    assert content["text/plain"] == "The share is 0.10."
    assert base64.b64decode(content["image/png"]) == first
