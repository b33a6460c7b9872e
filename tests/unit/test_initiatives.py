"""Initiatives as values: what they say, and what is refused by name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from flowsim.config.load import load
from flowsim.config.problems import ConfigError
from flowsim.offered.horizons import about_dates
from flowsim.offered.unheeded import about_initiatives
from flowsim.params import Scenario
from flowsim.params.initiatives import Initiative

pytestmark = pytest.mark.unit

KEPT = "fdd8bbe419b0695705a77bb82418970ce8c622b08ce85dee1ad655c40d61a124"
"""Fingerprint of do_nothing before there were initiatives: results kept under it stay good."""


def entry(**parts: Any) -> dict[str, Any]:
    return {"phase": "2a", "on": True} | parts


def problems(**initiatives: dict[str, Any]) -> str:
    """What the transition year says to these initiatives; nothing if they are right."""
    tree = load("transition_year").tree() | {"initiatives": initiatives}
    try:
        Scenario.model_validate(tree)
    except ValidationError as error:
        return str(error)
    return ""


def test_an_initiative_without_numbers_or_a_note_is_refused():
    with pytest.raises(ValidationError, match="a note must say so"):
        Initiative.model_validate({"phase": "1"})


def test_an_initiative_that_says_it_has_no_effect_moves_nothing():
    assert not Initiative.model_validate({"phase": "1", "note": "no number in the sources: no effect"}).moves


@pytest.mark.parametrize(
    ("reach", "says"),
    [
        ({"cohorts": ["over_56"]}, "reach.cohorts: 'over_56' is not a cohort; did you mean over_65?"),
        ({"frailty": ["severest"]}, "reach.frailty: 'severest' is not a frailty tier; did you mean severe?"),
        ({"age_bands": ["90+"]}, "reach.age_bands: '90+' is not an age band"),
        ({"networks": ["Mayday"]}, "reach.networks: 'Mayday' is not a network; there are Network 1"),
        ({"practices": [58]}, "reach.practices: there is no practice 58 of 57"),
        ({"pathways": ["P9"]}, "Input should be 'P0'"),
    ],
)
def test_an_unknown_name_in_reach_is_refused(reach, says):
    assert says in problems(pics=entry(reach=reach, multiplies={"presentations": 0.9}))


def test_unknown_names_are_refused_of_initiatives_that_are_off_too():
    assert "is not a frailty tier" in problems(pics=entry(on=False, note="x", reach={"frailty": ["weak"]}))


def test_adding_presentations_by_pathway_is_refused_with_the_reason():
    text = problems(pics=entry(reach={"pathways": ["P0"]}, multiplies={"presentations": 1.1}))
    assert "decided before their pathway" in text


def test_two_that_multiply_a_share_beyond_one_are_refused_together_by_name():
    plus = entry(multiplies={"d2a_accepted": 1.2})
    text = problems(one=plus, two=plus)
    assert "one and two together make 1.15 of d2a.pathways.P2_home.accepted_share 0.8" in text
    assert not problems(one=plus, two=plus | {"on": False})


def test_one_that_takes_over_from_another_on_a_day_is_no_overlap():
    plus = entry(multiplies={"d2a_accepted": 1.2})
    until, since = ({"from": at, "steps": {"2017-12-01": 1.0 - at}} for at in (1.0, 0.0))
    assert not problems(one=plus | {"strength": until}, two=plus | {"strength": since})
    assert "together" in problems(one=plus | {"strength": until}, two=plus)


def test_switching_on_a_name_that_is_not_there_names_the_one_that_is(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: initiatives\nname: mine\ninitiatives:\n  buurtzog: {on: true}\n", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"mine.yaml:4:3: initiatives.buurtzog.phase: is missing; did you mean buurtzorg\?"
    ):
        load(str(path))


def test_delays_that_are_not_there_cannot_be_shortened():
    tree = load("transition_year").tree() | {"leaving": {}, "d2a": None}
    tree |= {"initiatives": {"plus": entry(multiplies={"delay": 0.5})}}
    with pytest.raises(ValidationError, match="there is no delay of leaving to multiply"):
        Scenario.model_validate(tree)


def test_the_message_says_how_much_there_may_be():
    plus = entry(multiplies={"d2a_accepted": 1.2})
    assert "cannot be above 1, so together at most × 1.25" in problems(one=plus, two=plus)
    alone = problems(one=entry(multiplies={"d2a_accepted": 1.5}))
    assert "one makes 1.2 of d2a.pathways.P2_home.accepted_share 0.8" in alone


def test_a_phase_without_quotes_is_read():
    assert Initiative.model_validate({"phase": 3, "note": "x"}).phase == "3"


def test_a_price_year_that_is_no_financial_year_is_refused():
    cost = {"per": "year", "pounds": 1.0, "payer": "ccg", "price_year": "2016/18"}
    assert "did you mean 2016/17?" in problems(pics=entry(costs={"staff": cost}))


def test_two_that_never_meet_may_each_multiply():
    plus = {"multiplies": {"d2a_accepted": 1.2}}
    assert not problems(one=entry(**plus, reach={"frailty": ["fit"]}), two=entry(**plus, reach={"frailty": ["mild"]}))


def test_one_at_a_practice_of_the_others_network_meets_it():
    plus = {"multiplies": {"d2a_accepted": 1.2}}
    here = entry(**plus, reach={"networks": ["Network 2"]})
    assert "together" in problems(one=here, two=entry(**plus, reach={"practices": [8]}))
    assert not problems(one=here, two=entry(**plus, reach={"practices": [9]}))


def test_one_that_comes_after_the_run_multiplies_nothing_in_it():
    plus = entry(multiplies={"d2a_accepted": 1.2})
    later = plus | {"strength": {"from": 0.0, "steps": {"2030-01-01": 1.0}}}
    assert not problems(one=plus, two=later)


def test_readmission_beyond_one_is_refused():
    assert "supported_share 0.2; it cannot be above 1" in problems(
        one=entry(multiplies={"readmission": 3.0}), two=entry(multiplies={"readmission": 2.0})
    )


def test_an_effect_on_a_part_that_is_not_there_is_refused():
    tree = load("transition_year").tree()
    tree |= {"d2a": None, "initiatives": {"plus": entry(multiplies={"d2a_accepted": 1.1})}}
    with pytest.raises(ValidationError, match="there is no d2a to multiply"):
        Scenario.model_validate(tree)


def test_slots_by_locality_cannot_be_added_to():
    life = load("transition_year").tree()["life"] | {"by_locality": {"north": 60, "south": 60}}
    tree = load("transition_year").tree() | {"life": life, "initiatives": {"plus": entry(adds={"life_slots": 10})}}
    with pytest.raises(ValidationError, match="LIFE must be one pool counted in slots"):
        Scenario.model_validate(tree)


def test_slots_follow_the_strength_in_whole_ones():
    one = Initiative.model_validate(
        entry(adds={"life_slots": 5}, strength={"from": 0.0, "steps": {"2017-04-11": 0.5, "2017-04-21": 1.0}})
    )
    slots = one.slots(dt.date(2017, 4, 1))
    assert [slots.at(day) for day in (0.0, 10.0, 20.0)] == [0.0, 2.0, 5.0]


def test_a_scenario_without_initiatives_keeps_the_fingerprint_it_had():
    base = load("do_nothing")
    assert "initiatives" in base.tree()
    assert base.with_(initiatives={"a": entry(on=False, note="none")}).fingerprint != base.fingerprint
    assert base.fingerprint == KEPT


def test_more_people_than_can_be_run_are_refused_whoever_adds_them():
    five = entry(multiplies={"presentations": 5.0})
    assert "at most 5000000 can be run" in problems(**{f"finds_{number}": five for number in range(5)})


# -- warnings ----------------------------------------------------------------------------------------------------------


def test_one_that_is_on_and_never_begins_in_the_run_is_told():
    scenario = load("initiatives", ["initiatives.icn_plus.on=true"])
    assert about_initiatives(scenario) == [
        "initiatives.icn_plus is on but does not begin before the run ends on 2018-04-01"
    ]


def test_a_horizon_past_the_dated_data_is_told_with_the_last_dates():
    (told,) = [line for line in about_dates(load("ten_year/phase1")) if "last dates known" in line]
    assert "ends on 2027-04-01" in told
    assert "life.slots (2018-04-01)" in told


def test_a_horizon_past_the_growth_that_is_known_is_told_by_name():
    past = load("ten_year/do_nothing").with_(clock={"window_days": 5000})
    assert about_dates(past) == [
        "the run ends on 2030-12-09, past the ten years for which growth is taken to hold: "
        "cohorts.over_65.arrivals.growth_per_year (from 2017-04-01), "
        "population.ageing.growth_per_year (from 2017-04-01)"
    ]
    assert about_dates(load("ten_year/do_nothing")) == []


def test_a_year_without_initiatives_has_no_such_warning():
    year = load("transition_year")
    assert about_dates(year) == about_initiatives(year) == []


@pytest.mark.parametrize(
    ("reach", "why"),
    [
        ({"share": 0.0}, "its share is 0"),
        ({"networks": ["Network 1"], "practices": [2]}, "nobody of its cohorts is in all of its lists"),
    ],
)
def test_one_that_is_on_and_reaches_nobody_is_told(reach, why):
    assert warned(pics=entry(note="x", reach=reach, multiplies={"presentations": 0.5})) == [
        f"initiatives.pics is on but reaches nobody: {why}"
    ]


def test_one_that_is_over_before_the_run_is_told():
    over = {"from": 1.0, "steps": {"2015-01-01": 0.0}}
    one_year = {"from": 0.0, "steps": {"2014-01-01": 1.0, "2015-01-01": 0.0}}
    for strength in (over, one_year):
        said = warned(pics=entry(note="x", strength=strength))
        assert said == ["initiatives.pics is on but is over before the run begins"]


def test_one_that_only_adds_slots_needs_to_reach_nobody():
    assert warned(plus=entry(note="x", reach={"share": 0.0}, adds={"life_slots": 10})) == []


def test_a_cost_of_another_price_year_is_told_before_the_run():
    cost = {"per": "year", "pounds": 1.0, "payer": "ccg", "price_year": "2019/20"}
    (told,) = warned(pics=entry(note="x", costs={"staff": cost}))
    assert told.startswith("initiatives.pics.costs.staff is at prices of 2019/20, unit costs are of 2016/17")


def warned(**initiatives: dict[str, Any]) -> list[str]:
    """What is said before a run of the transition year with these initiatives."""
    return about_initiatives(Scenario.model_validate(load("transition_year").tree() | {"initiatives": initiatives}))
