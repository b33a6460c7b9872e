"""People who join in mid-flow, whose lives are written down, or who are there when the clock starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from flowsim.build import Builder
from flowsim.clock import DAY
from flowsim.distributions import Uniform
from flowsim.events import INFLOW, INITIAL, NO_NEED, READMISSION, SCRIPTED
from flowsim.params import Scenario
from flowsim.population import make_plan
from flowsim.population.luck import key_of
from flowsim.population.spell import Begins, Spell
from flowsim.rng import luck

pytestmark = pytest.mark.unit

NOTHING = {"package": 0.0, "placement": 0.0, "none": 1.0}
FIXED = {"shape": "fixed", "days": 9.0}
POPULATION = {
    "people": 2000,
    "practices": {"count": 6, "list_size_cv": 0.0, "networks": {"N1": "north", "N2": "south"}},
    "age_bands": {"65+": {"share": 1.0, "presentations_per_1000": 150}},
    "frailty": {"fit": {"share": 1.0, "hazard_ratio": 1.0}},
}


def planned(days: float = 30.0, **parts: Any) -> list[Spell]:
    """Everybody planned for a hospital of two wards and what else is stated."""
    tree: dict[str, Any] = {
        "name": "others",
        "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": days},
        "hospital": {"wards": {"A": 5, "B": 15}},
    }
    scenario = Scenario.model_validate(tree | parts)
    return make_plan(scenario, 3, 0, Builder(scenario).wards()).spells


def days_of(spells: list[Spell]) -> list[float]:
    return [spell.at / DAY for spell in spells]


# -- inflows -----------------------------------------------------------------------------------------------------------


def inflow(to: str = "P2_home", **more: Any) -> dict[str, Any]:
    return {"inflows": {"in": {"to": to, **more}}}


def test_a_regular_inflow_comes_evenly():
    spells = planned(5.0, **inflow(per_day=2.0, regular=True))
    assert days_of(spells) == pytest.approx([0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75, 4.25, 4.75])


def test_a_regular_inflow_follows_the_weekdays():
    spells = planned(4.0, **inflow(per_day=1.0, regular=True, weekday_factors=[2, 0, 1, 1, 1, 1, 1]))
    assert days_of(spells) == pytest.approx([0.25, 0.75, 2.5, 3.5])


def test_a_table_of_dates_is_met_on_its_days_and_nothing_comes_on_others():
    table = {"2017-01-04": 2.0, "2017-01-05": 1.0, "2017-01-08": 1.0}
    spells = planned(10.0, **inflow(table=table, regular=True))
    assert days_of(spells) == pytest.approx([2.25, 2.75, 3.5, 6.5])


def test_a_random_inflow_comes_at_its_rate_and_only_then():
    table = {"2017-01-04": 60.0}
    came = np.array(days_of(planned(10.0, **inflow(table=table))))
    assert ((came >= 2.0) & (came < 3.0)).all()
    assert abs(len(came) - 60) < 4 * np.sqrt(60)  # four standard deviations of a Poisson count


def test_an_inflow_of_nobody_is_nobody():
    assert planned(**inflow(per_day=0.0)) == []


@pytest.mark.parametrize(
    ("to", "begins", "pathway"),
    [
        ("P2_bed", Begins.READY, 3),
        ("P3", Begins.READY, 4),
        ("life", Begins.REFERRED_TO_LIFE, 0),
        ("step_down", Begins.REFERRED_TO_STEP_DOWN, 0),
        ("placement", Begins.REFERRED_TO_PLACEMENT, 0),
        ("home_care", Begins.REFERRED_TO_HOME_CARE, 0),
    ],
)
def test_an_inflow_joins_where_it_is_sent(to: str, begins: Begins, pathway: int):
    services = {
        "life": {"slots": 3, "episode": FIXED, "at_cap": NOTHING},
        "step_down": {"beds": 2, "stay": FIXED, "outcome": NOTHING},
        "placements": {"capacity": 2, "stay": FIXED},
        "home_care": {"capacity": 3, "hours_per_week": {"mean": 12, "cv": 0.7}, "stay": FIXED},
    }
    (spell,) = planned(1.0, **services, **inflow(to, per_day=1.0, regular=True))
    assert (spell.begins, spell.pathway, spell.origin, spell.depth) == (begins, pathway, INFLOW, 0)
    assert spell.accepts_d2a
    assert spell.person == spell.key != -1


@pytest.mark.parametrize(("to", "delay"), [("P2_home", 4.5), ("P2_bed", 9.0), ("life", 0.0)])
def test_an_initiative_for_a_pathway_reaches_an_inflow_of_that_pathway(to: str, delay: float):
    halves = {"phase": "3", "on": True, "multiplies": {"delay": 0.5}, "reach": {"pathways": ["P2_home"]}}
    services = {
        "life": {"slots": 3, "episode": FIXED, "at_cap": NOTHING},
        "step_down": {"beds": 2, "stay": FIXED, "outcome": NOTHING},
        "leaving": {"P2_home": {"delay": FIXED}, "P2_bed": {"delay": FIXED}},
    }
    (spell,) = planned(1.0, initiatives={"halves": halves}, **services, **inflow(to, per_day=1.0, regular=True))
    assert (spell.delay / DAY, spell.reached, spell.stay_changed) == (delay, to == "P2_home", to == "P2_home")


def test_community_referrals_are_inflows_of_their_services():
    life = {"slots": 3, "episode": FIXED, "at_cap": NOTHING, "community_per_day": 3.0}
    home_care = {"capacity": 3, "hours_per_week": {"mean": 12, "cv": 0.7}, "stay": FIXED, "community_per_day": 2.0}
    spells = planned(100.0, life=life, home_care=home_care)
    for begins, mean in ((Begins.REFERRED_TO_LIFE, 300), (Begins.REFERRED_TO_HOME_CARE, 200)):
        assert abs(sum(spell.begins == begins for spell in spells) - mean) < 4 * np.sqrt(mean)
    assert {spell.begins for spell in spells} == {Begins.REFERRED_TO_LIFE, Begins.REFERRED_TO_HOME_CARE}


def test_an_inflow_lives_where_it_is_said_to():
    spells = planned(population=POPULATION, **inflow(per_day=1.0, regular=True, locality="south"))
    assert {(spell.locality, spell.practice) for spell in spells} == {("south", -1)}


def test_an_inflow_of_residents_has_a_person_a_practice_and_its_locality():
    spells = planned(population=POPULATION, **inflow(per_day=4.0, regular=True))
    assert all(0 <= spell.person < 2000 for spell in spells)
    assert {(spell.practice % 2, spell.locality) for spell in spells} == {(0, "north"), (1, "south")}


def test_residents_of_an_inflow_are_chosen_by_their_named_luck():
    spells = planned(population=POPULATION, **inflow(per_day=4.0, regular=True))
    chosen = luck(3, 0, len(spells), "inflow in", 0, "person", 0)
    assert [spell.person for spell in spells] == np.floor(chosen * 2000).astype(int).tolist()


def test_inflows_do_not_share_their_luck():
    leaving = {"leaving": {"P2_home": {"delay": {"shape": "exponential", "mean_days": 4.0}}}}
    one = {"to": "P2_home", "per_day": 1.0, "regular": True}
    spells = planned(20.0, **leaving, inflows={"one": one, "two": one})
    assert len(spells) == 40
    assert len({spell.delay for spell in spells}) == len({spell.key for spell in spells}) == 40


# -- lives written down ------------------------------------------------------------------------------------------------


def scripted(*people: dict[str, Any], **parts: Any) -> list[Spell]:
    return planned(scripted=[{"at_days": 0.0, "stay_days": 1.0, **person} for person in people], **parts)


def test_a_life_is_as_it_is_written():
    (spell,) = scripted(
        {
            "at_days": 1.5,
            "stay_days": 2.5,
            "pathway": "P2_bed",
            "delay_days": 3.0,
            "episode_days": 6.0,
            "priority": 2,
            "home_ward": "B",
            "locality": "south",
        }
    )
    assert (spell.at, spell.clinical, spell.delay, spell.d2a_delay) == (1.5 * DAY, 2.5 * DAY, 3 * DAY, 3 * DAY)
    assert (spell.step_down, spell.p3_step_down, spell.placement_stay) == (6 * DAY,) * 3
    assert (spell.pathway, spell.priority, spell.home_ward, spell.locality) == (3, 2, 1, "south")
    assert (spell.at_cap, spell.reablement_at_cap, spell.after_step_down) == (NO_NEED,) * 3
    assert (spell.depth, spell.origin, spell.next, spell.accepts_d2a) == (0, SCRIPTED, None, False)
    assert (spell.to_reablement, spell.fixed_episode, spell.fixed_reaches_cap) == (True, 6 * DAY, False)


def test_lives_of_one_instant_have_their_own_keys_in_the_order_written():
    keys = [spell.key for spell in scripted({}, {}, {})]
    assert keys == sorted(set(keys))
    assert [spell.person for spell in scripted({}, {}, {})] == keys


def test_a_written_episode_ends_by_the_cap():
    life = {"slots": 1, "cap_days": 10.0, "episode": FIXED, "at_cap": NOTHING}
    spells = scripted({"episode_days": 9.0}, {"episode_days": 10.0}, {"episode_days": 11.0}, life=life)
    assert [(spell.fixed_episode / DAY, spell.fixed_reaches_cap) for spell in spells] == [
        (9.0, False),
        (10.0, True),
        (10.0, True),
    ]


def test_d2a_takes_its_share_of_a_written_delay():
    effect = {"start": "2017-01-02", "accepted_share": 1.0, "saved_days": 1.0}
    leaving = {"P2_home": {"delay": {"shape": "fixed", "days": 4.0}}}
    home, bed = scripted(
        {"pathway": "P2_home", "delay_days": 2.0},
        {"pathway": "P2_bed", "delay_days": 2.0},
        leaving=leaving,
        d2a={"units_live": 1, "pathways": {"P2_home": effect}},
    )
    assert (home.accepts_d2a, home.d2a_delay / DAY) == (True, 1.5)
    assert (bed.accepts_d2a, bed.d2a_delay / DAY) == (False, 2.0)


def test_a_written_readmission_follows_the_first_spell():
    (first,) = scripted({"readmitted_after_days": 7.0, "second_stay_days": 4.0, "pathway": "P1"})
    second = first.next
    assert second is not None
    assert first.gap == 7 * DAY
    assert (second.clinical, second.depth, second.origin, second.key) == (4 * DAY, 1, READMISSION, first.key)
    assert (second.pathway, second.next) == (1, None)


def test_a_written_life_leaves_at_the_first_leaving_hour():
    meeting = {"hour": 9, "weekday_factors": [1.0] * 7, "leaving_hours": [12, 18]}
    (spell,) = scripted({}, hospital={"wards": {"A": 1}, "meeting": meeting})
    assert spell.leaving_hour == DAY // 2


# -- there when the clock starts ---------------------------------------------------------------------------------------

UNIFORM = {"shape": "uniform", "low_days": 10.0, "high_days": 20.0}


def at_start(**parts: Any) -> list[Spell]:
    cohort = {
        "arrivals": {"per_day": 0.0},
        "from_population": "population" in parts,
        "pathways": {"P0": {"share": 0.5, "stay": FIXED}, "P2_bed": {"share": 0.5, "stay": UNIFORM}},
    }
    cohort["pathways"]["P3"] = {"share": 0.0, "stay": FIXED}
    return planned(cohorts={"everyone": cohort}, **parts)


def test_inpatients_of_a_pathway_are_in_a_bed_past_assessment_with_part_of_a_stay_left():
    leaving = {"P2_bed": {"delay": {"shape": "fixed", "days": 3.0}}}
    spells = at_start(initial={"beds": {"P2_bed": 40}}, leaving=leaving)
    assert {(one.begins, one.pathway, one.origin, one.at, one.assessment, one.delay) for one in spells} == {
        (Begins.IN_BED, 3, INITIAL, 0, 0, 3 * DAY)
    }
    left = [spell.clinical / DAY for spell in spells]
    assert 0.0 < min(left) < 5.0 < 10.0 < max(left) < 20.0
    assert {spell.home_ward for spell in spells} == {0, 1}
    assert len({spell.key for spell in spells}) == 40


def test_who_waits_for_a_bed_has_the_whole_stay_before_them():
    spells = at_start(initial={"waiting_for_bed": 40})
    assert {spell.begins for spell in spells} == {Begins.PRESENTS}
    assert {spell.pathway for spell in spells} == {0, 3}
    assert {spell.clinical for spell in spells if spell.pathway == 0} == {9 * DAY}
    assert all(10 * DAY <= spell.clinical <= 20 * DAY for spell in spells if spell.pathway == 3)


def test_who_waits_for_a_service_is_ready_on_its_pathway_with_no_delay_left():
    life = {"slots": 0, "episode": FIXED, "at_cap": NOTHING}
    step_down = {"beds": 0, "stay": FIXED, "outcome": NOTHING}
    leaving = {name: {"delay": {"shape": "fixed", "days": 3.0}} for name in ("P2_home", "P2_bed")}
    initial = {"waiting_for_life": 2, "waiting_for_step_down": 3}
    spells = at_start(life=life, step_down=step_down, leaving=leaving, initial=initial)
    assert [spell.pathway for spell in spells] == [2, 2, 3, 3, 3]
    assert {(one.begins, one.delay, one.d2a_delay, one.accepts_d2a) for one in spells} == {(Begins.READY, 0, 0, True)}


def test_who_is_in_a_service_has_part_of_its_stay_behind_and_part_before_them():
    services = {
        "life": {"slots": 50, "cap_days": 15.0, "episode": UNIFORM, "at_cap": NOTHING},
        "step_down": {"beds": 50, "cap_days": 15.0, "stay": UNIFORM, "outcome": NOTHING},
        "placements": {"capacity": 50, "stay": UNIFORM},
        "home_care": {"capacity": 50, "hours_per_week": {"mean": 12, "cv": 0.7}, "stay": UNIFORM},
    }
    initial = dict.fromkeys(("life", "step_down", "placements", "home_care"), 50)
    spells = at_start(**services, initial=initial)
    own = {
        Begins.IN_LIFE: "fixed_episode",
        Begins.IN_STEP_DOWN: "step_down",
        Begins.IN_PLACEMENT: "placement_stay",
        Begins.IN_HOME_CARE: "package_stay",
    }
    for begins, name in own.items():
        there = [spell for spell in spells if spell.begins == begins]
        whole = [(getattr(spell, name) + spell.elapsed) / DAY for spell in there]
        longest = 15.0 if begins in (Begins.IN_LIFE, Begins.IN_STEP_DOWN) else 20.0
        assert len(there) == 50
        assert 10.0 < min(whole) < 12.0 < longest - 2 < max(whole) <= longest
        assert all(getattr(spell, name) >= 0 and spell.elapsed >= 0 for spell in there)
        capped = [spell.fixed_reaches_cap for spell in there]
        assert capped == [longest == 15.0 and stay >= 15.0 - 1e-6 for stay in whole]
    assert all(spell.hours >= 1 for spell in spells if spell.begins == Begins.IN_HOME_CARE)


def test_an_episode_that_ends_by_the_cap_with_a_chance_of_the_first_day_is_begun_by_that_chance():
    """Its median is such that the stated share ends by the cap: at one half the cap itself."""
    episode = {"shape": "ends_by_cap", "sigma": 0.5, "ended_share": {"from": 0.5, "steps": {"2017-01-03": 0.9}}}
    life = {"slots": 50, "cap_days": 15.0, "episode": episode, "at_cap": NOTHING}
    plain = {"slots": 50, "cap_days": 15.0, "at_cap": NOTHING}
    plain["episode"] = {"shape": "lognormal", "median_days": 15.0, "sigma": 0.5}
    one, two = (at_start(life=each, initial={"life": 50}) for each in (life, plain))
    assert [spell.fixed_episode for spell in one] == pytest.approx([spell.fixed_episode for spell in two], rel=1e-9)


def test_people_already_there_live_where_both_services_split_by_locality_have_places():
    life = {"slots": 0, "by_locality": {"north": 2, "south": 2, "west": 50}, "episode": FIXED, "at_cap": NOTHING}
    step_down = {"beds": 0, "by_locality": {"north": 1, "south": 1}, "stay": FIXED, "outcome": NOTHING}
    initial = {"life": 2, "step_down": 2, "beds": {"P2_bed": 1}}
    spells = at_start(population=POPULATION, life=life, step_down=step_down, initial=initial)
    assert {spell.locality for spell in spells} == {"north", "south"}


def test_people_in_step_down_beds_are_dealt_by_those_beds():
    life = {"slots": 0, "by_locality": {"north": 6, "south": 2}, "episode": FIXED, "at_cap": NOTHING}
    step_down = {"beds": 0, "by_locality": {"north": 1, "south": 3}, "stay": FIXED, "outcome": NOTHING}
    initial = {"life": 4, "step_down": 4, "beds": {"P0": 4, "P2_bed": 4, "P3": 4}}
    spells = at_start(population=POPULATION, life=life, step_down=step_down, initial=initial)

    def lives(begins: Begins, pathway: int) -> list[str]:
        return [spell.locality for spell in spells if (spell.begins, spell.pathway) == (begins, pathway)]

    assert lives(Begins.IN_STEP_DOWN, 0) == ["north", "south", "south", "south"]
    assert lives(Begins.IN_BED, 3) == lives(Begins.IN_BED, 4) == ["north", "south", "south", "south"]
    assert lives(Begins.IN_BED, 0) == lives(Begins.IN_LIFE, 0) == ["north", "north", "north", "south"]


def test_localities_without_a_place_on_the_first_day_share_alike():
    life = {"slots": 0, "by_locality": {"north": 0, "south": 0}, "episode": FIXED, "at_cap": NOTHING}
    spells = at_start(population=POPULATION, life=life, initial={"waiting_for_life": 4})
    assert [spell.locality for spell in spells] == ["north", "north", "south", "south"]


def test_luck_of_people_there_at_the_start_keeps_its_names():
    """Another name is other luck: kept results would move."""

    def of(group: str, decision: str) -> np.ndarray:
        return luck(3, 0, 9, f"initial {group}", 0, decision, 0)

    life = {"slots": 9, "cap_days": 15.0, "episode": UNIFORM, "at_cap": NOTHING}
    parts = {
        "step_down": {"beds": 9, "stay": UNIFORM, "outcome": NOTHING},
        "placements": {"capacity": 9, "stay": UNIFORM},
        "home_care": {"capacity": 9, "hours_per_week": {"mean": 12, "cv": 0.7}, "stay": UNIFORM},
    }
    groups = ("life", "step_down", "placements", "home_care", "waiting_for_bed", "waiting_for_life")
    initial = {"beds": {"P2_bed": 9}, **dict.fromkeys((*groups, "waiting_for_step_down"), 9)}
    spells = at_start(initial=initial, life=life, **parts)
    names = ("in LIFE", "in step-down beds", "in placements", "home care")
    waiting = ("waiting for a bed", "waiting for LIFE", "waiting for a step-down bed")
    keys = [key for name in ("in beds P2_bed", *names, *waiting) for key in key_of(f"initial {name}", 0, np.arange(9))]
    assert [spell.key for spell in spells] == keys
    stay = Uniform(shape="uniform", low_days=10.0, high_days=20.0)
    inpatients = stay.remaining_at(of("in beds P2_bed", "whole stay"), of("in beds P2_bed", "elapsed"))
    supported = stay.remaining_at(of("in LIFE", "whole stay"), of("in LIFE", "elapsed"), 15.0)
    assert [spell.clinical / DAY for spell in spells[:9]] == pytest.approx(inpatients.tolist())
    assert [spell.fixed_episode / DAY for spell in spells[9:18]] == pytest.approx(supported.tolist())
