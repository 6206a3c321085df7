"""``course.py facs`` through its front door: served, asked, and used in a real Chromium."""

import re

import pytest
from served_page import ServedPage, chromium, ended, needs_ctrl_c, opened, served

from fercourse import cli
from fercourse.drawn import NUMBERS
from fercourse.facs import PATTERNS, PEOPLE
from fercourse.facs.studio import REGIONS, Studio, network_names, unit_title
from fercourse.facs.words import network_title, told

studio_page = pytest.importorskip("fercourse.facs.page", reason="the extra web is not installed")

FEAR = next(pattern for pattern in PATTERNS if pattern.title == "Fear: FACS guide 2002 (1)")


@pytest.fixture(scope="module")
def words():
    return ("facs",)


@pytest.fixture(scope="module")
def address(words, tmp_path_factory):
    process, found = served(tmp_path_factory.mktemp("served"), *words)
    yield found
    error = ended(process)[1]
    assert "Traceback" not in error


class TestServed(ServedPage):
    """See there."""


@pytest.mark.parametrize(
    ("option", "names"), [("--person", PEOPLE), ("--network", network_names())]
)
def test_a_wrong_name_is_a_sentence_that_says_the_right_ones(option, names, capsys):
    assert cli.main(["facs", "--no-browser", option, "nobody"]) == 2
    said = capsys.readouterr().err
    assert "'nobody'" in said
    assert "Traceback" not in said
    for name in names:
        assert name in said


def test_the_examples_name_people_and_networks_that_there_are():
    page = cli.build_parser()._subparsers._group_actions[0].choices["facs"].format_help()
    person, network = re.search(r"--person (\S+) --network (\S+)", page).groups()
    assert person in PEOPLE
    assert network in network_names()


# What it says


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.title)
def test_a_table_is_told_with_all_its_units_and_where_it_was_published(pattern):
    said = told(pattern)
    assert f"AU {'+'.join(map(str, sorted(pattern.usual)))}" in said
    assert ("cannot be drawn" in said) == bool(pattern.undrawn)
    assert pattern.title in said


def test_networks_are_named_with_what_they_learned_from():
    titles = {name: network_title(name) for name in network_names()}
    assert titles.pop("drawn") == "drawn: learned from drawn faces"
    assert titles
    assert all(title.endswith("photographs (FER2013)") for title in titles.values())


def test_the_face_is_described_to_those_who_do_not_see_it():
    answer = Studio(size=32).answer({12: 0.8})
    assert f'alt="{answer.in_words}"' in studio_page.seen_and_said(answer)


def test_intensities_and_units_say_the_same():
    units = FEAR.shown(0.35)
    intensities = studio_page.intensities_of(units)
    assert len(intensities) == len(NUMBERS)
    assert studio_page.acting(intensities) == units
    assert studio_page.acting(studio_page.intensities_of({})) == {}


# In a real browser


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser, address):
    with opened(browser, address, 1280, 900) as page:
        shown(page)
        yield page


def slider(page, unit):
    return page.get_by_label(f"range slider for {unit_title(unit)}", exact=True)


def menu(page, name):
    return page.get_by_label(name, exact=True)


def choose(page, name, choice):
    """Choose from a menu as a person does."""
    menu(page, name).click()
    page.get_by_role("option", name=choice, exact=True).click()


def shown(page):
    """Return the face's picture as an address."""
    return page.locator("img.face").get_attribute("src", timeout=60_000)


def wait_for_coding(page, coding):
    """Wait until the page says how FACS writes the face down."""
    found = page.locator(".coding b").get_by_text(coding, exact=True)
    found.wait_for(timeout=60_000)


def bar(page, emotion):
    """Return the width of an emotion's bar, 0 to 1."""
    said = page.locator(".shown").inner_text()
    return int(re.search(rf"{emotion}\s+(\d+) %", said)[1]) / 100


@pytest.mark.slow
def test_everything_is_seen_without_scrolling(page):
    shown(page)
    # Gradio lays the page out in steps; it is asked about when the last one is done.
    page.wait_for_function("document.documentElement.scrollHeight <= 900", timeout=60_000)
    for region, units in REGIONS.items():
        assert page.get_by_role("heading", name=region).is_visible()
        assert all(slider(page, unit).is_visible() for unit in units)


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 390, 800])
def test_a_narrow_window_need_not_be_scrolled_sideways(browser, address, width):
    with opened(browser, address, width, 844) as page:
        shown(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_on_a_phone_the_face_stays_in_sight_of_the_last_slider(browser, address):
    with opened(browser, address, 390, 844) as page:
        shown(page)
        slider(page, 27).scroll_into_view_if_needed()
        box = page.locator("img.face").bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= slider(page, 27).bounding_box()["y"]


@pytest.mark.slow
def test_a_slider_that_is_moved_changes_the_face_and_its_coding(page):
    at_rest = shown(page)
    wait_for_coding(page, "0")
    for _ in range(8):
        slider(page, 4).press("ArrowRight")
    wait_for_coding(page, "4B")
    weak = shown(page)
    slider(page, 4).press("End")
    wait_for_coding(page, "4E")
    assert len({at_rest, weak, shown(page)}) == 3


@pytest.mark.slow
def test_a_number_that_is_written_is_kept_between_0_and_1(page):
    field = page.get_by_label(f"number input for {unit_title(12)}", exact=True)
    for written, kept, coding in (("7", "1", "12E"), ("", "0", "0"), ("0.4", "0.4", "12B")):
        field.fill(written)
        field.press("Tab")
        wait_for_coding(page, coding)
        assert field.input_value() == slider(page, 12).input_value() == kept


@pytest.mark.slow
def test_a_preset_sets_the_sliders_and_names_its_source(page):
    slider(page, 17).press("End")
    wait_for_coding(page, "17E")
    choose(page, "Preset: a published table", FEAR.title)
    wait_for_coding(page, "1D+2D+4D+5D+20D+25D")
    values = {unit: float(slider(page, unit).input_value()) for unit in NUMBERS}
    assert studio_page.acting(list(values.values())) == FEAR.shown()
    assert FEAR.source.reference in page.locator("body").inner_text()
    assert bar(page, "Fear") > 0.5

    page.get_by_label("range slider for Its strength").press("End")
    wait_for_coding(page, "1E+2E+4E+5E+20E+25E")


@pytest.mark.slow
def test_a_preset_that_was_changed_is_none_any_more_and_can_be_had_again(page):
    choose(page, "Preset: a published table", FEAR.title)
    wait_for_coding(page, "1D+2D+4D+5D+20D+25D")
    slider(page, 1).press("Home")
    wait_for_coding(page, "2D+4D+5D+20D+25D")
    assert menu(page, "Preset: a published table").input_value() == "your own"
    assert FEAR.source.reference not in page.locator("body").inner_text()
    choose(page, "Preset: a published table", FEAR.title)
    wait_for_coding(page, "1D+2D+4D+5D+20D+25D")


@pytest.mark.slow
def test_a_preset_says_which_of_its_units_cannot_be_drawn(page):
    pattern = next(each for each in PATTERNS if each.undrawn)
    choose(page, "Preset: a published table", pattern.title)
    page.get_by_text(f"{pattern.undrawn[0]} cannot be drawn").wait_for()


@pytest.mark.slow
def test_at_rest_puts_every_slider_back(page):
    at_rest = shown(page)
    choose(page, "Preset: a published table", FEAR.title)
    wait_for_coding(page, "1D+2D+4D+5D+20D+25D")
    page.get_by_role("button", name="At rest").click()
    wait_for_coding(page, "0")
    assert {slider(page, unit).input_value() for unit in NUMBERS} == {"0"}
    assert menu(page, "Preset: a published table").input_value() == "your own"
    assert shown(page) == at_rest


@pytest.mark.slow
def test_another_network_and_another_person_are_asked_for_by_menus(page):
    slider(page, 12).press("End")
    wait_for_coding(page, "12E")
    before, said = shown(page), page.locator(".shown").inner_text()
    choose(page, "Network", network_title("live"))
    page.get_by_role("heading", name="What the network live says").wait_for()
    assert shown(page) == before
    assert page.locator(".shown").inner_text() != said
    choose(page, "Person", "glasses")
    page.wait_for_function("was => document.querySelector('img.face').src !== was", arg=before)
    wait_for_coding(page, "12E")
    page.get_by_role("heading", name="What the network live says").wait_for()


@pytest.mark.slow
def test_visitors_do_not_change_each_others_faces(page, browser, address):
    with opened(browser, address) as other:
        shown(other)
        for _ in range(5):
            slider(page, 1).press("ArrowRight")
            slider(other, 26).press("ArrowRight")
        wait_for_coding(page, "1A")
        wait_for_coding(other, "26A")
        slider(page, 1).press("End")
        slider(other, 26).press("End")
        wait_for_coding(page, "1E")
        wait_for_coding(other, "26E")


@needs_ctrl_c
@pytest.mark.slow
def test_visitors_who_leave_while_the_page_comes_are_no_error(browser, words, tmp_path):
    process, address = served(tmp_path, *words)
    for visit in range(15):
        page = browser.new_page()
        page.goto(address, wait_until="commit")
        page.wait_for_timeout(40 * visit)
        page.close()
    assert "Traceback" not in ended(process)[1]


@pytest.mark.slow
def test_the_options_say_whom_the_page_begins_with(browser, tmp_path):
    process, address = served(tmp_path, "facs", "--person", "glasses", "--network", "live")
    with opened(browser, address) as page:
        assert menu(page, "Person").input_value() == "glasses"
        assert menu(page, "Network").input_value() == network_title("live")
        page.get_by_role("heading", name="What the network live says").wait_for()
    ended(process)
