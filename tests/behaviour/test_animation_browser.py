"""The page of `animate` in a real browser: it opens without an error or the network, plays, and steps."""

from __future__ import annotations

import browsers
import pytest
from selenium.webdriver.common.keys import Keys
from waiting import until

from flowsim.config.load import read
from flowsim.config.resolved import resolved_yaml
from flowsim.experiment import run
from flowsim.experiment.folder import write
from flowsim.exports import Options
from flowsim.exports.animated_page import animate

pytestmark = pytest.mark.behaviour

SHORT = ["clock.start=2017-12-20", "clock.warm_up_days=8", "clock.window_days=6"]
FIRST, LAST = "Mon 01 Jan 2018, 00:00", "Wed 03 Jan 2018, 00:00"
PLACES = "const one = document.getElementById('stage').data[0]; return JSON.stringify([one.x, one.y, one.text])"
"""Where the people of the picture are."""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page of two days in five moments, opened."""
    if browsers.LACKING:
        pytest.skip(f"the moving picture was not tried in a browser: {browsers.LACKING}")
    folder = tmp_path_factory.mktemp("animation")
    loaded = read("do_nothing", SHORT)
    results = run(loaded.scenario, replications=1, seed=0, jobs=1)
    write(results, folder / "run", configs={"do_nothing": resolved_yaml(loaded)})
    path = animate(folder / "run", None, Options(window="2018-01-01:2018-01-03"), every_hours=12)
    with browsers.looking_at(path.as_uri()) as driver:
        until(lambda: driver.execute_script(PLACES))
        yield driver


def now(page) -> str:
    return str(page.find_element("id", "now").text)


def test_it_opens_without_an_error_and_without_the_network(page):
    resources = "return performance.getEntriesByType('resource').map(one => one.name)"
    assert [one for one in page.get_log("browser") if one["level"] in ("SEVERE", "WARNING")] == []
    assert [one for one in page.execute_script(resources) if not one.startswith(("file:", "data:", "blob:"))] == []
    assert (now(page), page.find_element("id", "play").text) == (FIRST, "Play")


def test_it_plays_to_its_end_and_stops_there(page):
    before = page.execute_script(PLACES)
    page.find_element("css selector", "#speed option[value='300']").click()
    page.find_element("id", "play").click()
    assert page.find_element("id", "play").text == "Pause"
    until(lambda: now(page) != FIRST and page.execute_script(PLACES) != before)
    until(lambda: now(page) == LAST and page.find_element("id", "play").text == "Play")
    assert page.execute_script(PLACES) != before
    assert [one for one in page.get_log("browser") if one["level"] == "SEVERE"] == []


def test_keys_and_buttons_step_through_it(page):
    page.find_element("id", "moment").send_keys(Keys.HOME)
    until(lambda: now(page) == FIRST)
    page.find_element("id", "on").click()
    assert now(page) == "Mon 01 Jan 2018, 12:00"
    page.find_element("id", "back").click()
    assert now(page) == FIRST
    assert page.find_element("id", "moment").get_attribute("aria-valuetext") == FIRST
