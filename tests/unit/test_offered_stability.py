"""Warnings before a run."""

import time

import numpy as np
import pytest

from flowsim.config.load import load
from flowsim.offered.flows import Flows
from flowsim.offered.laws import after, law_of, still
from flowsim.offered.leaving import meeting_days
from flowsim.offered.stability import stability
from flowsim.offered.ways import Ways
from flowsim.params import Scenario

pytestmark = pytest.mark.unit


def ward(per_day, beds, days=300, **more):
    """One ward, exponential stays of 4 days, a Sunday's child of M/M/c."""
    return Scenario.model_validate(
        {
            "name": "ward",
            "clock": {"start": "2017-01-01", "warm_up_days": 0, "window_days": days},
            "hospital": {"wards": {"A": beds}},
            "cohorts": {
                "all": {
                    "arrivals": {"per_day": per_day},
                    "pathways": {"P0": {"share": 1.0, "stay": {"shape": "exponential", "mean_days": 4}}},
                }
            },
        }
        | more
    )


def life(slots, per_day=3.0, **more):
    """LIFE alone: referrals who stay exactly ten days."""
    return Scenario.model_validate(
        {
            "name": "life",
            "clock": {"start": "2017-01-01", "warm_up_days": 0, "window_days": 365},
            "inflows": {"referred": {"to": "life", "per_day": per_day}},
            "life": {
                "slots": slots,
                "episode": {"shape": "fixed", "days": 10},
                "at_cap": {"package": 1.0, "placement": 0.0},
            }
            | more,
        }
    )


def test_nothing_is_said_of_a_system_with_slack():
    assert stability(ward(9.0, 40)) == []
    assert stability(life(40)) == []


def test_a_hospital_asked_for_more_than_it_has_is_named_with_months_and_per_cent():
    (told,) = stability(ward({"from": 9.0, "steps": {"2017-03-01": 11.0, "2017-05-01": 9.0}}, 40))
    assert told == (
        "hospital is offered up to 110 % of its core beds from March 2017 to April 2017, most in April 2017 "
        "(needs 44 of 40); people will wait in A&E without end"
    )


def test_escalation_beds_are_counted_as_extra():
    hospital = {"wards": {"A": 40}, "escalation": {"cap": 10}}
    (told,) = stability(ward(11.0, 40, days=59, hospital=hospital))
    assert told.endswith("in February 2017 (needs 44 of 40); up to 10 escalation beds make up for it")
    (told,) = stability(ward(13.0, 40, days=59, hospital=hospital))
    assert told.endswith("(needs 52 of 40); people will wait in A&E without end")


def test_readmissions_add_to_the_beds_needed():
    cohort = ward(9.0, 40).tree()["cohorts"]["all"]
    again = {"unsupported_share": 0.2, "supported_share": 0.2, "half_by_days": 10}
    scenario = ward(9.0, 40, cohorts={"all": cohort | {"readmission": again}})
    assert Ways(Flows(scenario)).beds()[200:] == pytest.approx(np.full(100, 9.0 * 4.0 / 0.8), rel=1e-4)


def test_life_that_is_nearly_full_without_a_valve_is_named():
    (told,) = stability(life(31, per_day={"from": 0, "steps": {"2017-02-19": 3.02}}))
    assert told == (
        "LIFE is nearly full: offered 97 % of its slots from March 2017 to December 2017, most in March 2017 "
        "(needs 30 of 31); it has no valve, so waits can grow without end"
    )


def test_a_valve_is_told_as_the_way_out():
    (told,) = stability(life({"from": 40, "steps": {"2017-12-01": 28}}, valve={"after_days": 4}))
    assert told == (
        "LIFE is offered 107 % of its slots in December 2017 (needs 30 of 28); "
        "after 4 days people go back to the old process"
    )


def test_a_service_without_capacity_is_named():
    (told,) = stability(life({"from": 40, "steps": {"2017-12-01": 0}}))
    assert told.startswith("LIFE has no slots in December 2017 but is asked for 30.0")


def test_months_without_capacity_and_months_with_too_little_are_told_apart():
    none, short = stability(life({"from": 0, "steps": {"2017-06-01": 28}}))
    assert none.startswith(
        "LIFE has no slots from January 2017 to May 2017 but is asked for up to 30.0; it has no valve"
    )
    assert short.startswith("LIFE is offered up to 107 % of its slots from June 2017 to December 2017")


def test_life_in_visits_is_counted_in_visits():
    taper = {"first": 4, "last": 2}
    (told,) = stability(life(1, visits_per_day=81, taper=taper))
    assert told.startswith("LIFE is offered up to 111 % of its visits a day")  # 30 people, 3 visits each


def test_the_wait_for_what_comes_next_holds_the_slot():
    wait = {"shape": "fixed", "days": 5}
    (told,) = stability(life(40, episode={"shape": "fixed", "days": 50}, cap_days=10, exit_wait=wait))
    assert "(needs 45 of 40)" in told


def test_localities_are_counted_each_by_itself():
    tree = life("unlimited").tree()
    tree["life"]["by_locality"] = {"north": 40, "south": 25}
    tree["inflows"] = {
        "n": {"to": "life", "per_day": 3.0, "locality": "north"},
        "s": {"to": "life", "per_day": 3.0, "locality": "south"},
    }
    (told,) = stability(Scenario.model_validate(tree))
    assert told.startswith("LIFE (south) is offered up to 120 %")


def test_a_small_home_care_market_fills_beds():
    told = stability(load("do_nothing", ["home_care.capacity=1000"]))
    assert any(one.startswith("home care is offered") and "hospital beds, which will fill" in one for one in told)


def test_life_without_a_valve_and_with_too_few_slots_is_told_before_the_run():
    settings = ["life.slots=110", "life.valve=null", "huddles.effect.rate_ratio=1.0"]
    told = stability(load("full_effect", settings))
    assert any(one.startswith("LIFE is offered") and "it has no valve" in one for one in told)


def test_huddles_that_avert_relieve_the_beds():
    with_, without = (Ways(Flows(load(name))).beds() for name in ("full_effect", "full_effect_neutral"))
    assert (with_[200:] / without[200:]).mean() == pytest.approx(0.86, abs=0.005)


def test_people_there_add_up_to_people_a_day_times_their_stay():
    there = after(np.full(100, 2.0), still(law_of(np.array([3.5, 10.25]), size=100)))
    assert there[-1] == pytest.approx(2.0 * (3.5 + 10.25) / 2)


def test_the_meeting_of_the_shipped_configuration_costs_about_a_day():
    assert meeting_days(load("base").hospital.meeting) == pytest.approx(0.95, abs=0.05)


def test_readmission_and_death_free_the_slots_of_those_who_came_from_hospital():
    ways = Ways(Flows(load("base")))
    chance = ways.passages[0].at_home("P2_home")
    assert chance[0] == pytest.approx(1.0, abs=0.01)
    assert chance[9] - chance[0] == pytest.approx(-0.1, abs=0.02)  # half of 20 % readmitted by day 10
    assert np.all(np.diff(chance) <= 0)
    assert [one.at_home for one in ways.referred("home_care")] == [1.0]


def test_the_first_slots_and_those_of_december_are_too_few_in_the_transition_year():
    assert stability(load("transition_year")) == [
        "LIFE is offered up to 120 % of its slots from 1 to 15 November 2017 and in December 2017, most from 1 to 15 "
        "November 2017 (needs 72 of 60); after 4 days people go back to the old process"
    ]


def test_escalation_beds_without_end_are_judged_as_fast_as_a_few():
    began = time.process_time()
    endless = stability(load("ten_year/phase1", ["hospital.escalation.cap=100000"]))
    assert not any("together" in line for line in endless)
    assert time.process_time() - began < 2.5  # a chain as long as the beds for each month would take twice that
