"""Costs, phases and stated savings of initiatives, as a scenario states them."""

from __future__ import annotations

import pytest

import flowsim as fs
from flowsim.money import financial_year
from flowsim.money.initiatives import phases_of, programme_costs, stated_savings

pytestmark = pytest.mark.unit

YEARS = [financial_year("2017/18"), financial_year("2018/19")]
COST = {"payer": "ccg", "price_year": "2016/17"}


def scenario(**own: object):
    """Do-nothing with two initiatives: one on, as stated, and one off."""
    off = {"phase": "3", "note": "off", "costs": {"staff": {"per": "year", "pounds": 1.0, **COST}}}
    calls = {"phase": "2a", "note": "no effect stated", "on": True, **own}
    return fs.load("do_nothing").with_(initiatives={"calls": calls, "later": off})


def test_what_is_paid_by_the_year_follows_the_strength():
    half_way = {"from": 0.0, "steps": {"2017-10-01": 1.0}}
    (cost,) = programme_costs(
        scenario(strength=half_way, costs={"staff": {"per": "year", "pounds": 1000.0, **COST}}), YEARS
    )
    assert (cost.name, cost.pounds, cost.payer) == ("calls: staff", 1000.0, "ccg")
    assert cost.amounts == {"2017/18": pytest.approx(182 / 365), "2018/19": pytest.approx(1.0)}


def test_what_is_paid_by_person_follows_the_residents_reached():
    one = scenario(
        reach={"age_bands": ["85+"], "share": 0.5},
        costs={"visits": {"per": "person_reached", "pounds": 100.0, **COST}},
    )
    (cost,) = programme_costs(one, YEARS)
    assert cost.amounts["2018/19"] == pytest.approx(one.population.people * 0.135 * 0.5)


def test_people_reached_by_pathway_must_be_counted_by_the_run():
    one = scenario(reach={"pathways": ["P3"]}, costs={"visits": {"per": "person_reached", "pounds": 100.0, **COST}})
    (cost,) = programme_costs(one, YEARS)
    assert cost.measure == "people_reached_calls"


def test_phases_are_those_of_initiatives_that_are_on():
    assert phases_of(scenario()) == {"1", "2a"}
    assert phases_of(fs.load("do_nothing")) == {"1"}


def test_stated_savings_are_told_of_and_are_no_cost():
    one = scenario(savings={"planned_care": {"per": "year", "pounds": 1.4e6, "price_year": "2017/18"}})
    (said,) = stated_savings([one])
    assert (said["initiative"], said["pounds"], said["payer"]) == ("calls", 1.4e6, None)
    assert programme_costs(one, YEARS) == []
