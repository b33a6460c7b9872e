"""What the report says a scenario rolls out, of every form that a configuration can have."""

from __future__ import annotations

from typing import Any

import pytest

import flowsim as fs
from flowsim.report.changed import UNGRADED, changed_by_grade, changes
from flowsim.report.programme import OFF, programme

pytestmark = pytest.mark.unit

EFFECT, SLOTS, STEP_DOWN = "Huddles: effect assumed", "LIFE: slots", "Step-down beds"
FORMS: dict[str, tuple[dict[str, Any], str, str]] = {
    "caseload": (
        {"huddles": {"effect": {"model": "caseload", "averted_share": 0.3}}},
        EFFECT,
        "30\u00a0% of the presentations of a supported person averted, for 182 days",
    ),
    "pace": (
        {"huddles": {"rollout": {"form": "pace", "start": "2017-10-02", "per_week": 4, "up_to": 57}}},
        "Huddles: practices live",
        "4 a week from 2 October 2017, up to 57",
    ),
    "by_practice": (
        {"huddles": {"rollout": {"form": "by_practice", "dates": {1: "2017-10-02", 2: "2017-11-06"}}}},
        "Huddles: practices live",
        "2, the first on 2 October 2017, the last on 6 November 2017",
    ),
    "visits": ({"life": {"visits_per_day": 260}}, SLOTS, "260 (visits a day)"),
    "life_by_locality": ({"life": {"by_locality": {"north": 60, "south": 40}}}, SLOTS, "North: 60; South: 40"),
    "visits_by_locality": (
        {"life": {"visits_per_day": 1, "by_locality": {"north": 60, "south": 40}}},
        SLOTS,
        "North: 60; South: 40 (visits a day)",
    ),
    "beds_by_locality": ({"step_down": {"by_locality": {"north": 20, "south": 15}}}, STEP_DOWN, "North: 20; South: 15"),
    "without_life": ({"life": {"slots": 0}}, SLOTS, OFF),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_told_in_words(form: str) -> None:
    change, heading, said = FORMS[form]
    assert dict(programme(fs.load("transition_year").with_(name="form", **change).tree()))[heading] == said


def test_that_there_were_no_initiatives_before_is_no_change_by_itself() -> None:
    scenarios = [fs.load("ten_year/do_nothing"), fs.load("ten_year/phase1")]
    ((_, found),) = changes(scenarios, {})
    paths = [one.path for one in found]
    assert "initiatives" not in paths
    assert "initiatives.pics.strength" in paths


@pytest.mark.parametrize("name", ["phase1", "phase1_2a", "all_phases"])
def test_every_value_that_the_ten_years_change_has_a_grade(name: str) -> None:
    scenarios = [fs.load("ten_year/do_nothing"), fs.load(f"ten_year/{name}"), fs.load(f"ten_year/sceptical_{name}")]
    assert changed_by_grade(changes(scenarios, {})).get(UNGRADED, 0) == 0


@pytest.mark.parametrize("part", ["huddles", "d2a", "front_door", "life", "step_down"])
def test_a_scenario_without_a_part_has_a_line_for_it(part: str) -> None:
    tree = fs.load("transition_year").tree() | {part: None}
    assert len(programme(tree)) == len(programme(fs.load("transition_year").tree()))
