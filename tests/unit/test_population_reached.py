"""Whom initiatives reach and what they multiply, by hand; and who presents as age bands grow apart, by named luck."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from flowsim.params import Scenario
from flowsim.params.people import PATHWAYS
from flowsim.population.ageing import aged, shares_at
from flowsim.population.columns import stay_changed
from flowsim.population.luck import Block, Luck
from flowsim.population.people import People, settle
from flowsim.population.reached import NO_CHANGE, Factors, Reached, Who
from flowsim.rng import luck as draw_luck

pytestmark = pytest.mark.unit

START = "2017-01-02"
NOTHING = {"package": 0.0, "placement": 0.0, "none": 1.0}
FIXED = {"shape": "fixed", "days": 4.0}
SEED, REPLICATION, SIZE = 5, 1, 400
FROM_DAY_10 = {"from": 0.5, "steps": {"2017-01-12": 1.0}}


def town(residents: bool = True, **initiatives: dict[str, Any]) -> Scenario:
    """A scenario with these initiatives, all on unless they say otherwise."""
    tree: dict[str, Any] = {
        "name": "reach",
        "clock": {"start": START, "warm_up_days": 0, "window_days": 60},
        "cohorts": {
            "all": {
                "from_population": residents,
                "arrivals": {"per_day": 8.0},
                "pathways": {name: {"share": 0.5, "stay": FIXED} for name in ("P0", "P2_home")},
                "readmission": {"unsupported_share": 0.2, "supported_share": 0.4, "half_by_days": 5},
            },
            "others": {"arrivals": {"per_day": 1.0}, "pathways": {"P0": {"share": 1.0, "stay": FIXED}}},
        },
        "hospital": {"wards": {"A": 5}},
        "leaving": {"P2_home": {"delay": FIXED}},
        "life": {"slots": 5, "episode": FIXED, "at_cap": NOTHING, "community_per_day": 1.0},
        "initiatives": {name: {"phase": "3", "on": True} | entry for name, entry in initiatives.items()},
    }
    if residents:
        tree["population"] = {
            "people": SIZE,
            "practices": {"count": 4, "list_size_cv": 0.0, "networks": {"N1": "north", "N2": "south"}},
            "age_bands": {
                "65-74": {"share": 0.4, "presentations_per_1000": 100},
                "75-84": {"share": 0.4, "presentations_per_1000": 200},
                "85+": {"share": 0.2, "presentations_per_1000": 400},
            },
            "frailty": {"fit": {"share": 0.5, "hazard_ratio": 1.0}, "frail": {"share": 0.5, "hazard_ratio": 3.0}},
        }
    return Scenario.model_validate(tree)


def people_of(one: Scenario) -> People:
    assert one.population is not None
    return settle(one.population, SEED, REPLICATION)


def reached(residents: bool = True, **initiatives: dict[str, Any]) -> Reached:
    one = town(residents, **initiatives)
    return Reached(one, SEED, REPLICATION, people_of(one) if residents else None)


def luck(size: int = SIZE) -> Luck:
    return Luck(SEED, REPLICATION, [Block("all", 0, size, np.arange(size))])


def everybody(**more: Any) -> Who:
    """Each resident once, on day 0."""
    return Who(**{"luck": luck(), "at": np.zeros(SIZE), "cohort": "all", "person": np.arange(SIZE)} | more)


def some(days: list[float], **more: Any) -> Who:
    """People who are no residents, at these moments."""
    return Who(**{"luck": luck(len(days)), "at": np.array(days), "cohort": "all"} | more)


def effect(**multiplies: float) -> dict[str, Any]:
    return {"multiplies": multiplies or {"delay": 0.5}}


# -- whom they reach ---------------------------------------------------------------------------------------------------


def test_residents_are_reached_by_their_own_named_luck_for_good() -> None:
    """Another name is other luck: kept results would move."""
    own = draw_luck(SEED, REPLICATION, SIZE, "people", "reached by x")
    found = reached(x=effect() | {"reach": {"share": 0.3}}).reaches("x", everybody())
    assert np.array_equal(found, own < 0.3)


@pytest.mark.parametrize(
    ("listed", "rule"),
    [
        ({"networks": ["N2"]}, lambda people: people.practice % 2 == 1),
        ({"practices": [1, 4]}, lambda people: np.isin(people.practice, [0, 3])),
        ({"age_bands": ["65-74", "85+"]}, lambda people: people.band != 1),
        ({"frailty": ["frail"]}, lambda people: people.tier == 1),
        (
            {"networks": ["N1"], "frailty": ["fit"], "age_bands": ["75-84"], "practices": [1, 2]},
            lambda people: (people.practice == 0) & (people.tier == 0) & (people.band == 1),
        ),
    ],
)
def test_residents_reached_are_those_to_whom_every_list_applies(listed: dict[str, Any], rule: Any) -> None:
    one = reached(x=effect() | {"reach": listed})
    wanted = rule(people_of(one.s))
    assert np.array_equal(one.reaches("x", everybody()), wanted)
    assert 0 < wanted.sum() < SIZE


def test_who_is_no_resident_is_reached_by_luck_of_the_presentation() -> None:
    found = reached(residents=False, x=effect() | {"reach": {"share": 0.3}})
    assert np.array_equal(found.reaches("x", some([0.0] * SIZE)), luck().of("reached by x") < 0.3)


@pytest.mark.parametrize("listed", [{"networks": ["N1"]}, {"practices": [1]}, {"age_bands": ["85+"]}])
def test_a_list_of_what_only_residents_have_leaves_out_everybody_else(listed: dict[str, Any]) -> None:
    found = reached(x=effect() | {"reach": listed})
    assert found.reaches("x", some([0.0, 1.0])).tolist() == [False, False]


def test_other_cohorts_and_those_of_none_are_not_reached_where_cohorts_are_listed() -> None:
    one = reached(x=effect() | {"reach": {"cohorts": ["others"]}})
    assert [one.reaches("x", some([0.0], cohort=name)).tolist() for name in ("others", "all", None)] == [
        [True],
        [False],
        [False],
    ]


def test_pathways_listed_leave_out_the_others_and_the_dying_once_they_are_known() -> None:
    one = reached(x=effect() | {"reach": {"pathways": ["P2_home"]}})
    pathway = np.array([PATHWAYS.index("P0"), PATHWAYS.index("P2_home"), -1])
    assert one.reaches("x", some([0.0] * 3, pathway=pathway)).tolist() == [False, True, False]
    assert one.reaches("x", some([0.0] * 3)).all()


def test_the_bits_of_a_spell_are_the_initiatives_that_reach_it_in_their_order() -> None:
    one = reached(
        a=effect() | {"reach": {"cohorts": ["all"]}},
        off=effect() | {"on": False},
        b=effect() | {"reach": {"cohorts": ["others"]}},
        c=effect(),
    )
    assert one.reached(some([0.0], cohort="all"))["reached"].tolist() == [0b101]
    assert one.reached(some([0.0], cohort="others"))["reached"].tolist() == [0b110]


def test_bits_are_not_kept_where_nobody_is_counted() -> None:
    assert reached(x=effect() | {"on": False}).reached(some([0.0])) == {}


# -- what they multiply ------------------------------------------------------------------------------------------------


def test_factors_of_several_multiply_each_by_its_strength_of_the_day() -> None:
    one = reached(
        a=effect(delay=0.5, clinical_stay=0.25) | {"strength": FROM_DAY_10},
        b=effect(delay=0.8) | {"reach": {"cohorts": ["others"]}},
        c=effect(delay=0.6, readmission=1.5),
    )
    by = one.factors(some([0.0, 9.5, 10.0]))
    assert np.asarray(by.delay) == pytest.approx([0.45, 0.45, 0.3])
    assert np.asarray(by.clinical_stay) == pytest.approx([0.625, 0.625, 0.25])
    assert np.asarray(by.readmission) == pytest.approx([1.5] * 3)
    assert (by.package_hours, by.d2a_accepted, by.front_door) == (1.0, 1.0, 1.0)


def test_where_none_is_on_nothing_is_multiplied() -> None:
    assert reached(x=effect() | {"on": False}).factors(some([0.0])) is NO_CHANGE
    assert Factors(*[1.0] * 6) == NO_CHANGE


def test_the_lowest_that_raises_demand_above_a_height_is_told() -> None:
    one = reached(
        averts=effect(presentations=0.5),
        first=effect(presentations=1.5) | {"strength": FROM_DAY_10},
        second=effect(presentations=2.0),
    )
    height = np.array([9.9, 10.0, 12.4, 12.5, 24.9, 25.0, 14.9, 15.0, 29.9, 30.0])
    days = [0.0] * 6 + [10.0] * 4
    found = one.raised_by(np.full(len(days), 10.0), height, some(days))
    assert found.tolist() == [-1, 1, 1, 2, 2, -1, 1, 2, 2, -1]
    assert one.most == 3.0


def test_who_is_not_reached_is_not_raised() -> None:
    one = reached(first=effect(presentations=1.5) | {"reach": {"cohorts": ["others"]}})
    assert one.raised_by(np.array([10.0]), np.array([12.0]), some([0.0])).tolist() == [-1]


def test_a_presentation_is_averted_by_the_first_whose_named_luck_does() -> None:
    days = [0.0] * 200 + [10.0] * 200
    one = reached(
        raises=effect(presentations=1.5),
        a=effect(presentations=0.6) | {"strength": FROM_DAY_10},
        b=effect(presentations=0.5) | {"reach": {"frailty": ["frail"]}},
    )
    frail = people_of(one.s).tier == 1
    by_a = luck().of("averted by a") < np.where(np.array(days) < 10.0, 0.2, 0.4)
    by_b = (luck().of("averted by b") < 0.5) & frail
    wanted = np.where(by_a, 1, np.where(by_b, 2, -1))
    assert np.array_equal(one.averted_by(everybody(at=np.array(days))), wanted)
    assert set(wanted.tolist()) == {-1, 1, 2}


def test_referrals_are_multiplied_by_what_each_adds_at_its_strength() -> None:
    one = reached(
        a={"adds": {"life_referrals_share": 0.5}, "strength": FROM_DAY_10},
        b={"adds": {"life_referrals_share": 1.0}},
        c={"adds": {"life_referrals_share": -0.5}},
    )
    assert np.asarray(one.referrals(np.array([0.0, 10.0]))) == pytest.approx([1.25, 1.5])
    assert one.most_referrals == 3.0


def test_stays_are_changed_by_clinical_days_or_by_a_delay_that_there_is_on_the_pathway() -> None:
    columns = {
        "pathway": np.array([PATHWAYS.index(name) for name in ("P0", "P0", "P2_home", "P2_home")]),
        "clinical": np.array([5, 9, 5, 5]),
    }
    by = Factors(delay=np.array([0.5, 0.5, 0.5, 1.0]))
    found = stay_changed(town(x=effect()), np.array([5, 5, 5, 5]), columns, by)
    assert np.asarray(found).tolist() == [False, True, True, False]


# -- ageing ------------------------------------------------------------------------------------------------------------


def test_presentations_pass_to_bands_and_people_by_their_named_luck() -> None:
    """One band falls behind and two gain; another name is other luck: kept results would move."""
    growth = {"65-74": 0.0, "75-84": 0.3, "85+": 0.35}
    population = town().with_(population={"ageing": {"start": START, "growth_per_year": growth}}).population
    assert population is not None
    people = settle(population, SEED, REPLICATION)
    person, at = np.arange(SIZE), np.full(SIZE, 730.5)
    found = aged(population, people, person, luck(), at, dt.date.fromisoformat(START))
    weights = np.array([people.weight[people.band == band].sum() for band in range(3)])
    before, now = weights / weights.sum(), shares_at(population, weights, at[:1], dt.date.fromisoformat(START))[0]
    falls, gain = 1.0 - now / before, now - before
    assert falls[0] > 0.0 > max(falls[1:])
    moves = (people.band == 0) & (luck().of("ageing") < falls[0])
    band = np.where(luck().of("older band") < gain[1] / (gain[1] + gain[2]), 1, 2)
    chosen = luck().of("older person")
    for row in range(SIZE):
        wanted = row
        if moves[row]:
            members = np.flatnonzero(people.band == band[row])
            ladder = np.cumsum(people.weight[members])
            wanted = members[np.searchsorted(ladder, chosen[row] * ladder[-1], side="right")]
        assert found[row] == wanted
    assert 10 < moves.sum() < (people.band == 0).sum()
