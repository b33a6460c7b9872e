"""Costs, phases and stated savings of initiatives, as a scenario states them."""

from __future__ import annotations

import pytest

import flowsim as fs
from flowsim.money import financial_year, read_terms, savings_of
from flowsim.money.factors import discounts, stated_factors
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


def test_practices_of_a_network_are_counted_by_their_people_once():
    both = {"networks": ["Network 1"], "practices": [1, 2]}
    visits = {"visits": {"per": "person_reached", "pounds": 100.0, **COST}}
    first, both_ = (programme_costs(scenario(reach=reach, costs=visits), YEARS) for reach in ({"practices": [1]}, both))
    assert both_[0].amounts == first[0].amounts


SHORT = {"clock": {"warm_up_days": 3, "window_days": 10}, "initial": {"home_care": 300}}
VISIT = {"visits": {"per": "person_reached", "pounds": 100.0, "payer": "council", "price_year": "2016/17"}}


@pytest.fixture(scope="module")
def compared():
    """Do-nothing against itself with initiatives that cost by the person and by a factor, and do nothing else."""
    paid = {"visits": {"phase": "3", "note": "x", "on": True, "reach": {"pathways": ["P3"]}, "costs": VISIT}}
    half = {"factor": {"phase": "3", "note": "x", "on": True, "strength": 0.5, "cost_factors": {"home_care": 0.8}}}
    base = fs.load("do_nothing").with_(**SHORT)
    return fs.compare(base, base.with_(name="more", initiatives=paid | half), replications=2, jobs=1)


def test_what_is_paid_by_the_person_is_the_people_the_run_counted_at_the_price(compared):
    savings = savings_of(compared, read_terms())
    (line,) = [one for one in savings.lines["more"] if one.name == "visits: visits"]
    people = compared.record.of("people_reached_visits")[1]
    assert people.min() > 0
    assert line.pounds[:, 0].tolist() == pytest.approx((100.0 * people).tolist())


def test_a_factor_on_a_unit_cost_takes_its_share_off_the_bill_of_each_who_pays(compared):
    savings = savings_of(compared, read_terms())
    off = {one.payer: -one.pounds[:, 0] for one in savings.lines["more"] if one.name == "factor: home_care × 0.8"}
    spent = compared.record.of("cost_home_care")[1]
    assert sum(off.values()).tolist() == pytest.approx((0.2 * 0.5 * spent).tolist())
    assert set(off) == {"council", "self"}


def said_of(factors: dict[str, float], **own: object) -> tuple[str, str]:
    one = scenario(cost_factors=factors, **own)
    (row,) = stated_factors([one], ["life"])
    assert bool(discounts(one, YEARS, ["life"])) == (row["applied"] == "yes")
    return str(row["applied"]), str(row["because"])


def test_a_factor_whose_effect_is_in_the_bills_already_is_not_applied():
    applied, why = said_of({"home_care_per_person": 0.6}, multiplies={"package_hours": 0.5})
    assert applied == "no"
    assert why.startswith("package hours × 0.5 is in the bills of home_care already")
    assert "an hour then costs +20 %" in why


@pytest.mark.parametrize(
    ("factors", "own", "why"),
    [
        ({"back_office": 0.75}, {}, "the run bills nothing of that name"),
        ({"home_care_per_person": 0.6}, {}, "the run does not bill by per_person; call it home_care"),
        ({"home_care": 0.6}, {"reach": {"frailty": ["severe"]}}, "it is for some people only"),
        ({"life": 0.6}, {}, "the package fund pays for life"),
        ({"home_care": 1.0}, {}, "it is 1"),
    ],
)
def test_a_factor_that_cannot_be_applied_is_listed_with_the_reason(factors, own, why):
    applied, because = said_of(factors, **own)
    assert applied == "no"
    assert because.startswith(why)


def test_a_factor_on_a_unit_cost_of_everyone_is_applied():
    assert said_of({"home_care": 0.9}) == ("yes", "to every pound of home_care")


def test_every_factor_of_the_papers_is_listed_by_name():
    rows = stated_factors([fs.load("ten_year/all_phases")])
    assert [(row["initiative"], row["applied"]) for row in rows] == [("buurtzorg", "no"), ("back_office", "no")]
