"""Whom initiatives reach: counted as people, each once, at the strength of the day; and what shorter stays save."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from towns import town, with_on

import flowsim as fs
from flowsim.events import EventLog
from flowsim.measures import attribution, describe, measure, yearly
from flowsim.params import Scenario

pytestmark = pytest.mark.behaviour

FRAIL = {"cohorts": ["over_65"], "frailty": ["frail"], "share": 0.5}
VISIT = {"per": "person_reached", "pounds": 100.0, "payer": "ccg", "price_year": "2016/17"}
AVERTS = {"multiplies": {"presentations": 0.5}, "reach": FRAIL}


def run(scenario: Scenario) -> EventLog:
    return fs.simulate(scenario, 11, 0)


def reached(window: float = 120.0, **entry: Any) -> float:
    log = run(with_on(town(window), frail={"reach": FRAIL} | entry))
    return measure(log)["people_reached_frail"]


def test_people_reached_are_each_counted_once_however_often_they_come():
    log = run(with_on(town(), home={"multiplies": {"delay": 0.5}, "reach": {"pathways": ["P2_home"]}}))
    rows = log.spell["pathway"] == log.pathways.index("P2_home")
    people = {
        (int(person), -1) if person >= 0 else (-1, int(root))
        for person, root in zip(log.spell["person"][rows], log.spell["root"][rows], strict=True)
    }
    assert measure(log)["people_reached_home"] == len(people) < rows.sum()


def test_those_averted_are_among_the_people_reached():
    log = run(with_on(town(), frail=AVERTS))
    averted = np.flatnonzero(log.spell["averted_by"] == 0)
    assert set(averted) < set(log.reach["spell"])


def test_a_wider_share_reaches_more_and_no_others_fewer():
    one, two = (run(with_on(town(), frail=AVERTS | {"reach": FRAIL | {"share": share}})) for share in (0.3, 0.6))
    roots = [set(log.spell["root"][log.reach["spell"].astype(int)].tolist()) for log in (one, two)]
    assert roots[0] < roots[1]


def test_at_half_strength_half_as_many_count():
    effect = {"multiplies": {"delay": 0.9}}
    assert reached(strength=0.5, **effect) == pytest.approx(0.5 * reached(**effect))


def test_somebody_who_comes_at_two_strengths_counts_at_the_greater():
    late = {"from": 0.5, "steps": {"2017-03-01": 1.0}}
    effect = {"multiplies": {"delay": 0.9}}
    assert 0.5 * reached(**effect) < reached(strength=late, **effect) < reached(**effect)


def test_nobody_is_reached_before_it_begins():
    assert reached(strength={"from": 0.0, "steps": {"2017-09-01": 1.0}}, multiplies={"delay": 0.9}) == 0.0


def test_what_is_off_or_does_nothing_for_people_is_not_counted():
    slots = {"adds": {"life_referrals_share": 0.1}}
    found = measure(run(with_on(town(), off=AVERTS | {"on": False}, slots=slots)))
    assert [name for name in found if name.startswith("people_reached")] == []


def test_what_is_paid_for_those_who_come_is_counted_without_an_effect():
    assert reached(costs={"visits": VISIT}) == reached(multiplies={"delay": 0.9})


def test_what_is_paid_for_residents_whether_they_come_or_not_is_not_counted():
    log = run(with_on(town(20.0), all={"costs": {"visits": VISIT}, "reach": {"frailty": ["frail"]}}))
    assert "people_reached_all" not in measure(log)


def test_people_of_a_year_are_those_who_come_in_it():
    log = run(with_on(town(500.0), frail={"reach": FRAIL, "multiplies": {"delay": 0.9}}))
    by_year = [numbers["people_reached_frail"] for numbers in yearly(log).values()]
    assert max(by_year) <= measure(log)["people_reached_frail"] <= sum(by_year)


def test_a_comparison_says_that_the_base_reached_nobody():
    result = fs.compare(town(20.0), with_on(town(20.0), frail=AVERTS).with_(name="more"), replications=2, jobs=1)
    assert result.record.of("people_reached_frail")[0].tolist() == [0.0, 0.0]
    assert describe("people_reached_frail").unit == "people"


def test_shorter_stays_and_delays_are_saved_by_initiatives():
    shorter = with_on(town(), short={"multiplies": {"clinical_stay": 0.5, "delay": 0.5}, "reach": FRAIL})
    one, two = run(town()), run(shorter)
    parts = attribution(one, two)
    assert parts["initiatives"] > 0.9 * parts["total"] > 100.0
    assert math.fsum(parts.values()) == 2.0 * parts["total"]


def test_a_chain_with_a_cause_of_its_own_stays_with_it():
    plain = town(front_door=None)
    door, short = town(), {"multiplies": {"clinical_stay": 0.5}}
    alone, both = attribution(run(plain), run(door)), attribution(run(plain), run(with_on(door, short=short)))
    assert both["front_door"] >= alone["front_door"] > 0.0  # their readmissions are shorter, too
    assert "initiatives" not in alone
