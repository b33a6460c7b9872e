"""Plans of cohorts: whom Huddles avert or induce, how stays stretch, and what a chain of spells shares."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import flowsim.population
from flowsim.build import Builder
from flowsim.clock import DAY, FOREVER
from flowsim.events import PRESENTATION, READMISSION
from flowsim.params import Scenario
from flowsim.policies import practices_live
from flowsim.population import Plan, make_plan
from flowsim.population.spell import Begins, Spell
from flowsim.rng import luck as draw_luck

pytestmark = pytest.mark.unit

FIXED = {"shape": "fixed", "days": 4.0}
POPULATION: dict[str, Any] = {
    "people": 5000,
    "practices": {"count": 4, "list_size_cv": 0.0, "networks": {"N1": "north", "N2": "south"}},
    "age_bands": {
        "65-84": {"share": 0.8, "presentations_per_1000": 100},
        "85+": {"share": 0.2, "presentations_per_1000": 400},
    },
    "frailty": {"fit": {"share": 0.5, "hazard_ratio": 1.0}, "frail": {"share": 0.5, "hazard_ratio": 3.0}},
}


def cohort(per_day: float = 8.0, **more: Any) -> dict[str, Any]:
    pathways = {"P0": {"share": 0.5, "stay": FIXED}, "P2_home": {"share": 0.5, "stay": FIXED}}
    return {"from_population": True, "arrivals": {"per_day": per_day}, "pathways": pathways, **more}


def planned(days: float = 60.0, cohorts: Any = None, **parts: Any) -> Plan:
    tree: dict[str, Any] = {
        "name": "plan",
        "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": days},
        "population": POPULATION,
        "cohorts": cohorts or {"all": cohort()},
        "hospital": {"wards": {"A": 5}},
    }
    scenario = Scenario.model_validate(tree | parts)
    return make_plan(scenario, 5, 1, Builder(scenario).wards())


def huddles(ratio: float, ramp_days: float = 0.0, dates: dict[int, str] | None = None) -> dict[str, Any]:
    """Huddles at some practices (by number, from one) from their dates."""
    meetings = {"every_days": 7, "cases": 8, "new_people": 3, "support_days": 90}
    return {
        "meetings": meetings | {"recent_discharge_share": 0.5, "recent_days": 28},
        "rollout": {"form": "by_practice", "dates": dates or {1: "2017-01-12"}},
        "effect": {"model": "practice_rate", "rate_ratio": ratio, "ramp_days": ramp_days},
    }


# -- Huddles -----------------------------------------------------------------------------------------------------------


def test_a_live_huddle_averts_whose_luck_lies_under_its_effect_which_grows_over_the_ramp():
    spells = planned(huddles=huddles(0.4, ramp_days=20.0)).spells
    for spell in spells:
        since = spell.at / DAY - 10.0
        effect = 0.6 * min(max(since / 20.0, 0.0), 1.0) if spell.practice == 0 else 0.0
        assert spell.averted == (spell.huddle_luck < effect)
    assert 10 < sum(spell.averted for spell in spells) < sum(spell.practice == 0 for spell in spells)


def test_without_a_ramp_the_effect_is_there_from_the_first_instant():
    spells = planned(huddles=huddles(0.4)).spells
    assert all(
        spell.averted == (spell.huddle_luck < 0.6 and spell.practice == 0 and spell.at >= 10 * DAY) for spell in spells
    )


def test_an_effect_above_one_adds_its_share_at_live_practices_and_changes_nobody_else():
    plain = {spell.key: spell for spell in planned(200.0).spells}
    more = planned(200.0, huddles=huddles(1.5)).spells
    induced = [spell for spell in more if spell.induced]
    assert {spell.key for spell in more if not spell.induced} == set(plain)
    assert not any(spell.averted for spell in more)
    assert not any(spell.induced_by >= 0 for spell in more)  # by Huddles, and by no initiative
    assert all(spell.practice == 0 and spell.at >= 10 * DAY for spell in induced)
    expected = 0.5 * sum(spell.practice == 0 and spell.at >= 10 * DAY for spell in plain.values())
    assert abs(len(induced) - expected) < 4 * math.sqrt(expected)  # four standard deviations of a Poisson count


def raising(**entry: Any) -> dict[str, Any]:
    """Initiatives: three that change nothing here, and a fourth that adds presentations of some."""
    off = {"phase": "3", "note": "off"}
    adds = {"phase": "3", "on": True, "multiplies": {"presentations": 2.0}}
    return {"initiatives": {"a": off, "b": off, "c": off, "raises": adds | entry}}


def test_an_initiative_adds_presentations_of_residents_in_its_reach_and_changes_nobody_else():
    reach = {"cohorts": ["all"], "frailty": ["frail"], "networks": ["N2"]}
    plain = {spell.key for spell in planned(200.0).spells}
    plan = planned(200.0, **raising(reach=reach))
    added = [spell for spell in plan.spells if spell.induced]
    assert plan.people is not None
    assert {spell.key for spell in plan.spells if not spell.induced} == plain
    assert {spell.induced_by for spell in added} == {3}
    assert {(int(plan.people.tier[spell.supported_person]), spell.practice % 2) for spell in added} == {(1, 1)}


def test_what_huddles_and_initiatives_add_is_told_apart_and_huddles_come_first():
    alone = {spell.key for spell in planned(200.0, huddles=huddles(1.5)).spells if spell.induced}
    both = planned(200.0, huddles=huddles(1.5), **raising()).spells
    by = {name: {spell.key for spell in both if spell.induced and spell.induced_by == name} for name in (-2, 3)}
    assert by[-2] == alone
    assert by[3] == {spell.key for spell in both if spell.induced} - alone != set()


def test_practices_go_live_on_their_dates_never_without_huddles_and_do_not_exist_without_people():
    assert planned(huddles=huddles(0.8, dates={2: "2017-01-05", 3: "2017-02-01"})).practices_live == [
        math.inf,
        3.0,
        30.0,
        math.inf,
    ]
    assert planned().practices_live == [math.inf] * 4
    assert planned(population=None, cohorts={"all": cohort(from_population=False)}).practices_live == []


def test_practices_of_a_pace_go_live_in_the_order_of_their_named_luck():
    rollout = {"form": "pace", "start": "2017-01-09", "per_week": 1, "up_to": 4}
    scenario = Scenario.model_validate(
        {
            "name": "pace",
            "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": 60},
            "population": POPULATION,
            "huddles": huddles(0.8) | {"rollout": rollout, "order": "random"},
            "hospital": {"wards": {"A": 5}},
        }
    )
    assert scenario.huddles is not None
    named = draw_luck(5, 1, 4, "practices", "rollout order")
    expected = practices_live(scenario.huddles, np.full(4, 1250), 2, named, scenario.clock.start, 60.0)
    assert len(set(expected)) == 4
    assert make_plan(scenario, 5, 1, Builder(scenario).wards()).practices_live == expected


# -- who they are ------------------------------------------------------------------------------------------------------


def test_who_presents_is_a_resident_with_practice_and_locality():
    plan = planned()
    assert plan.people is not None
    for spell in plan.spells:
        assert plan.people.practice[spell.supported_person] == spell.practice
        assert spell.locality == ("north", "south")[spell.practice % 2]
        assert spell.person in (spell.supported_person, spell.key)


def test_cohorts_keep_their_number_and_priority_and_strangers_have_no_practice():
    cohorts = {"one": cohort(), "two": cohort(from_population=False, priority=3)}
    spells = planned(cohorts=cohorts).spells
    kinds = {(spell.cohort, spell.priority, spell.practice >= 0) for spell in spells}
    assert kinds == {(0, 1, True), (1, 3, False)}
    assert all(spell.person == spell.key and spell.locality == "" for spell in spells if spell.cohort)
    assert [spell.at for spell in spells] == sorted(spell.at for spell in spells)


def test_a_cohort_of_nobody_has_no_spells():
    assert planned(cohorts={"all": cohort(0.0)}).spells == []


def told(plan: Plan, begins: Begins) -> list[tuple[int, ...]]:
    """What is planned for those who begin so, but for their keys."""
    return [
        (spell.at, spell.person, spell.clinical, spell.delay, spell.hours)
        for spell in plan.spells
        if spell.begins == begins
    ]


def test_a_plan_is_the_same_each_time_and_all_of_it_other_for_another_seed_or_replication():
    delay = {"shape": "exponential", "mean_days": 4.0}
    tree: dict[str, Any] = {
        "name": "plan",
        "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": 20},
        "population": POPULATION,
        "cohorts": {"all": cohort() | {"pathways": {"P0": {"share": 1.0, "stay": delay}}}},
        "hospital": {"wards": {"A": 5}},
        "inflows": {"in": {"to": "P2_home", "per_day": 2.0}},
        "leaving": {"P2_home": {"delay": delay}},
        "initial": {"beds": {"P0": 4}},
    }
    scenario = Scenario.model_validate(tree)
    wards = Builder(scenario).wards()
    for begins in (Begins.PRESENTS, Begins.READY, Begins.IN_BED):
        first = told(make_plan(scenario, 5, 1, wards), begins)
        assert len(first) >= 4
        assert first == told(make_plan(scenario, 5, 1, wards), begins)
        for seed, replication in ((6, 1), (5, 2)):
            assert not set(first) & set(told(make_plan(scenario, seed, replication, wards), begins))


def test_presentations_of_different_layers_are_of_different_people():
    spells = planned(cohorts={"all": cohort(60.0)}).spells
    who = {((spell.key >> 24) & 0xFFF, spell.key & 0xFFFFFF): spell.supported_person for spell in spells}
    both = [(person, who[1, row]) for (layer, row), person in who.items() if layer == 0 and (1, row) in who]
    assert len(both) > 500
    assert sum(one == two for one, two in both) < 0.01 * len(both)


def test_luck_of_a_presentation_keeps_its_names():
    """Another name is other luck: kept results would move."""
    spells = [spell for spell in planned().spells if (spell.key >> 24) & 0xFFF == 0]
    rows = np.array([spell.key & 0xFFFFFF for spell in spells])
    for decision, name in (("Huddle", "huddle_luck"), ("front door", "door_luck")):
        named = draw_luck(5, 1, int(rows.max()) + 1, "all", 0, decision, 0)[rows]
        assert [getattr(spell, name) for spell in spells] == named.tolist()


def test_who_presents_is_chosen_by_named_luck():
    """Another name is other luck: kept results would move."""
    plan = planned()
    assert plan.people is not None
    spells = [spell for spell in plan.spells if (spell.key >> 24) & 0xFFF == 0]
    rows = np.array([spell.key & 0xFFFFFF for spell in spells])
    named = draw_luck(5, 1, int(rows.max()) + 1, "all", 0, "person")[rows]
    assert [spell.supported_person for spell in spells] == plan.people.presenting(named).tolist()


# -- stays -------------------------------------------------------------------------------------------------------------


def test_stays_stretch_by_age_and_frailty_about_their_mean_and_by_date():
    factors = {"age_bands": {"65-84": 1.0, "85+": 2.0}, "frailty": {"fit": 1.0, "frail": 1.4}}
    hospital = {"wards": {"A": 5}, "stay_factor": {"from": 1.0, "steps": {"2017-01-22": 1.5}}}
    plan = planned(cohorts={"all": cohort(stay_factors=factors)}, hospital=hospital)
    assert plan.people is not None
    for spell in plan.spells:
        band, tier = plan.people.band[spell.supported_person], plan.people.tier[spell.supported_person]
        stretch = (1.0, 2.0)[band] * (1.0, 1.4)[tier] / (1.5 * 1.3) * (1.5 if spell.at >= 20 * DAY else 1.0)
        assert spell.clinical / DAY == pytest.approx(4.0 * stretch)


# -- chains ------------------------------------------------------------------------------------------------------------

BACK = {"readmission": {"unsupported_share": 0.8, "supported_share": 0.8, "half_by_days": 5}}


def chain(spell: Spell) -> list[Spell]:
    found = [spell]
    while found[-1].next is not None:
        found.append(found[-1].next)
    return found


def test_a_chain_is_of_one_person_and_its_links_differ_in_depth_and_luck():
    chains = [chain(spell) for spell in planned(cohorts={"all": cohort(**BACK)}, huddles=huddles(1.5)).spells]
    assert max(map(len, chains)) >= 4
    for links in chains:
        assert [spell.depth for spell in links] == list(range(len(links)))
        assert [spell.origin for spell in links] == [PRESENTATION] + [READMISSION] * (len(links) - 1)
        for name in ("key", "at", "person", "supported_person", "practice", "locality", "induced"):
            assert len({getattr(spell, name) for spell in links}) == 1, name
    long = [links for links in chains if len(links) > 2]
    assert any(links[0].pathway != links[1].pathway for links in long)
    assert len({spell.gap for links in long for spell in links[:-1]}) == sum(len(links) - 1 for links in long)


def test_every_gap_that_could_fall_in_the_run_has_its_spell_and_the_last_link_none():
    for first in planned(cohorts={"all": cohort(**BACK)}).spells:
        at = first.at
        for spell in chain(first):
            at += spell.clinical + min(spell.delay, spell.d2a_delay)
            at += spell.gap if spell.gap < FOREVER else 0
            assert (spell.next is not None) == (spell.gap < FOREVER and at < 60 * DAY)


def test_where_a_door_team_sends_people_home_the_first_stay_may_be_none():
    nothing = {"package": 0.0, "placement": 0.0, "none": 1.0}
    parts = {
        "front_door": {"turned_round_share": 0.5, "pathways": ["P0"]},
        "life": {"slots": 9, "episode": FIXED, "at_cap": nothing},
    }
    spells = planned(cohorts={"all": cohort(**BACK)}, **parts).spells
    due = [spell for spell in spells if spell.gap < FOREVER and spell.at + spell.gap < 60 * DAY]
    assert all(spell.next is not None for spell in due)
    late = [spell for spell in due if spell.at + spell.clinical + spell.gap >= 60 * DAY]
    assert late


def test_delays_of_d2a_shorten_what_a_chain_must_reach():
    effect = {"start": "2017-01-02", "accepted_share": 1.0, "saved_days": 10.0}
    parts = {
        "leaving": {"P2_home": {"delay": {"shape": "fixed", "days": 10.0}}},
        "d2a": {"units_live": 1, "pathways": {"P2_home": effect}},
    }
    spells = [spell for spell in planned(cohorts={"all": cohort(**BACK)}, **parts).spells if spell.pathway == 2]
    for spell in spells:
        due = spell.at + spell.clinical + spell.gap
        assert (spell.next is not None) == (spell.gap < FOREVER and due < 60 * DAY)
    assert np.mean([spell.delay / DAY for spell in spells]) == 10.0


def test_every_name_the_package_offers_is_there():
    assert [name for name in flowsim.population.__all__ if not hasattr(flowsim.population, name)] == []
