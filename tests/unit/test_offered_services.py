"""What services are asked for by day, against tiny worlds worked out by hand."""

import datetime as dt

import numpy as np
import pytest

from flowsim.offered.flows import Flows
from flowsim.offered.laws import LUCK, after, law_of, still, stretched, through_the_day, unrelated
from flowsim.offered.loads import Loads
from flowsim.offered.periods import periods
from flowsim.offered.reaching import Expected
from flowsim.offered.stability import stability
from flowsim.offered.ways import Ways
from flowsim.params import Scenario

pytestmark = pytest.mark.unit

DAYS = 40
START = dt.date(2017, 1, 1)
NOBODY = {"package": 0.0, "placement": 0.0, "none": 1.0}
IN_BED = {"P0": {"share": 1.0, "stay": {"shape": "fixed", "days": 4}}}
CARE = {"capacity": 1000, "hours_per_week": {"mean": 10, "cv": 0.5}, "stay": {"shape": "fixed", "days": 8}}


def fixed(days):
    return {"shape": "fixed", "days": days}


def world(**parts):
    clock = {"start": "2017-01-02", "warm_up_days": 0, "window_days": DAYS}
    return Scenario.model_validate({"name": "world", "clock": clock} | parts)


def life(at_cap=NOBODY, **more):
    return {"slots": 100, "episode": fixed(10), "at_cap": at_cap} | more


def need(scenario, service):
    """What a service is asked for by day."""
    (found,) = (one.need for one in Loads(Flows(scenario)).all() if one.service == service)
    return found


def ending(first, days):
    """People of the first day who leave evenly over so many days, as means of each day."""
    return np.clip(first * (1.0 - (np.arange(DAYS) + 0.5) / days), 0.0, None)


def test_a_duration_between_two_days_counts_as_either_so_that_its_mean_holds():
    assert law_of(np.array([1.25]), size=4).tolist() == [0.0, 0.75, 0.25, 0.0]
    assert still(law_of(np.array([1.25]), size=4)).tolist() == [1.0, 0.25, 0.0, 0.0]


def test_people_there_are_those_of_each_day_before_who_are_still_there():
    assert after(np.array([2.0, 0.0, 4.0, 0.0]), np.array([1.0, 0.5, 0.0, 0.0])) == pytest.approx([2.0, 1.0, 4.0, 2.0])


def test_those_who_come_through_a_day_are_there_for_half_of_it():
    there = after(through_the_day(np.full(5, 6.0)), still(law_of(np.array([2.0]), size=5)))
    assert there == pytest.approx([3.0, 9.0, 12.0, 12.0, 12.0])


@pytest.mark.parametrize("which", [0, 1])
def test_quantiles_in_another_order_have_nothing_to_do_with_those_in_order(which):
    other = unrelated(which)
    assert abs(np.corrcoef(LUCK, other)[0, 1]) < 0.02
    assert np.sort(other) == pytest.approx(LUCK)


@pytest.mark.parametrize("beds", [0, 8])
def test_beds_fill_from_those_in_them_on_the_first_day_and_those_who_come(beds):
    people = {"all": {"arrivals": {"per_day": 3.0}, "pathways": IN_BED}}
    scenario = world(cohorts=people, hospital={"wards": {"A": 40}}, initial={"beds": {"P0": beds}})
    coming = np.array([1.5, 4.5, 7.5, 10.5, *[12.0] * (DAYS - 4)])  # each day 3, half of them there on average
    # 0.02 a person: a remaining stay is one of 400 moments
    assert Ways(Flows(scenario)).beds() == pytest.approx(coming + ending(beds, 4), abs=0.02 * beds + 1e-6)


def test_whoever_comes_back_is_in_bed_again_after_the_days_between():
    again = {"unsupported_share": 0.5, "supported_share": 0.5, "half_by_days": 14.9}
    cohort = {"arrivals": {"per_day": {"from": 2.0, "steps": {"2017-01-03": 0.0}}}, "pathways": IN_BED}
    scenario = world(cohorts={"all": cohort | {"readmission": again}}, hospital={"wards": {"A": 40}})
    # two people on the first day, of whom one comes back evenly over the 30 days after the fourth, for four more; and
    # half a person again after those: by day 40 none has been back for long
    beds = Ways(Flows(scenario)).beds()
    assert beds[1:4] == pytest.approx([2.0, 2.0, 2.0], abs=0.07)
    assert beds[12:14] == pytest.approx([4 / 30 + 0.5 * 0.5 * (8 / 30) ** 2 / 8] * 2, rel=0.15)


def test_slots_of_the_first_day_are_given_up_one_by_one():
    scenario = world(life=life(), initial={"life": 20})
    assert need(scenario, "LIFE") == pytest.approx(ending(20, 10), abs=0.05)


def test_whoever_of_them_reaches_the_cap_waits_there_and_goes_on_to_a_package():
    reach = life({"package": 0.5, "placement": 0.5}, episode=fixed(50), cap_days=10, exit_wait=fixed(5))
    scenario = world(life=reach, home_care=CARE, initial={"life": 20})
    slots = np.where(np.arange(DAYS) < 5, 20.0, np.roll(ending(20, 10), 5))
    assert need(scenario, "LIFE") == pytest.approx(slots, abs=0.06)
    begun = np.clip(np.arange(DAYS) + 0.5 - 5, 0, 10)  # one a day from the fifth to the fifteenth, for eight days each
    ended = np.clip(np.arange(DAYS) + 0.5 - 13, 0, 10)
    assert need(scenario, "home care") == pytest.approx(begun - ended, abs=0.15)


def test_visits_of_the_first_day_are_those_of_people_anywhere_in_their_episode():
    scenario = world(life=life(visits_per_day=100, taper={"first": 4, "last": 1}), initial={"life": 20})
    assert need(scenario, "LIFE")[0] == pytest.approx(2.5 * 20 - 20 * (4 + 3 + 2 + 1) / 4 * 0.05 - 1.0, abs=1.0)
    assert need(scenario, "LIFE")[8] == pytest.approx(20 * 0.15, abs=0.1)  # none has more than the last visit left


def test_those_in_line_on_the_first_day_get_the_place_they_wait_for():
    scenario = world(
        life=life(),
        step_down={"beds": 50, "stay": fixed(6), "outcome": NOBODY},
        initial={"waiting_for_life": 7, "step_down": 12, "waiting_for_step_down": 5},
    )
    assert need(scenario, "LIFE")[[0, 9, 10]] == pytest.approx([7.0, 7.0, 0.0])
    assert need(scenario, "step-down") == pytest.approx(ending(12, 6) + np.where(np.arange(DAYS) < 6, 5, 0), abs=0.05)


def test_people_of_the_first_day_are_dealt_to_localities_as_their_places_are():
    parts = life(by_locality={"north": 30, "south": 10})
    scenario = world(life=parts, initial={"life": 20})
    assert need(scenario, "LIFE (north)")[0] == pytest.approx(15 * 0.95, abs=0.05)
    assert need(scenario, "LIFE (south)")[0] == pytest.approx(5 * 0.95, abs=0.05)


def test_a_package_of_somebody_who_left_hospital_ends_when_they_die():
    cohort = {
        "arrivals": {"per_day": 2.0},
        "pathways": {"P2_home": {"share": 1.0, "stay": fixed(1)}},
        "death_after_discharge": {"unsupported": fixed(3), "supported": fixed(3)},
    }
    scenario = world(cohorts={"all": cohort}, hospital={"wards": {"A": 40}}, home_care=CARE)
    assert need(scenario, "home care")[10:] == pytest.approx(np.full(DAYS - 10, 6.0), abs=1e-6)  # not 16


def ageing_town(**initiative):
    bands = {
        "old": {"share": 0.5, "presentations_per_1000": 100},
        "older": {"share": 0.5, "presentations_per_1000": 300},
    }
    people = {
        "people": 1000,
        "practices": {"count": 1, "list_size_cv": 0.0, "networks": {"N": "north"}},
        "age_bands": bands,
        "frailty": {"fit": {"share": 1.0, "hazard_ratio": 1.0}},
        "ageing": {"start": "2017-01-02", "growth_per_year": {"old": 0.0, "older": 0.5}},
    }
    cohort = {
        "from_population": True,
        "arrivals": {"per_day": 4.0},
        "pathways": IN_BED,
        "stay_factors": {"age_bands": {"old": 1.0, "older": 2.0}, "frailty": {"fit": 1.0}},
    }
    clock = {"start": "2017-01-02", "warm_up_days": 0, "window_days": 800}
    on = {"one": {"phase": "3", "on": True} | initiative} if initiative else {}
    parts = {"clock": clock, "population": people, "cohorts": {"all": cohort}, "hospital": {"wards": {"A": 90}}}
    return world(**parts, initiatives=on)


YEARS = np.array([0.0, 365.25, 730.5])
OLDER = np.array([3.0 / 4.0, 4.5 / 5.5, 6.75 / 7.75])  # of four who present; three are half as many again a year later


def test_an_initiative_for_the_oldest_averts_more_as_they_become_more():
    scenario = ageing_town(reach={"age_bands": ["older"]}, multiplies={"presentations": 0.5})
    assert Expected(scenario, YEARS).factor("all", "P0", "presentations") == pytest.approx(1.0 - 0.5 * OLDER)


def test_stays_grow_with_the_share_of_those_who_stay_longer():
    longer = Expected(ageing_town(), YEARS).factor("all", "P0", by_days=True)
    assert longer == pytest.approx((1.0 + OLDER) / (1.0 + OLDER[0]))
    beds = Ways(Flows(ageing_town())).beds()
    assert beds[730] == pytest.approx(16.0 * (1.0 + OLDER[2]) / (1.0 + OLDER[0]), rel=0.005)


def test_ageing_alone_moves_nobody_who_is_not_counted_by_days():
    assert Expected(ageing_town(), YEARS).factor("all", "P0", "delay") == 1.0


def test_a_month_in_which_capacity_steps_is_looked_at_before_and_after():
    capacity = np.where(np.arange(90) < 46, 60.0, 100.0)
    assert [str(one) for one in periods(90, START, capacity).listed] == [
        "in January 2017",
        "from 1 to 15 February 2017",
        "from 16 to 28 February 2017",
        "in March 2017",
    ]


def test_small_or_early_steps_leave_months_whole():
    small, early = np.where(np.arange(90) < 45, 95.0, 100.0), np.where(np.arange(90) < 33, 60.0, 100.0)
    for capacity in (small, early, None):
        assert len(periods(90, START, capacity).listed) == 3


def test_neighbouring_parts_of_a_month_are_told_as_one():
    referred = {"referred": {"to": "life", "per_day": 3.0}}
    clock = {"start": "2017-01-01", "warm_up_days": 0, "window_days": 90}
    slots = {"from": 28, "steps": {"2017-02-15": 20, "2017-03-01": 40}}
    (told,) = stability(world(clock=clock, life=life(slots=slots), inflows=referred))
    assert told == (
        "LIFE is offered up to 150 % of its slots in February 2017, most from 15 to 28 February 2017 "
        "(needs 30 of 20); it has no valve: people will wait without end"
    )


def test_stretched_stays_keep_the_people_of_the_first_days_and_the_mean():
    factor = np.array([*[0.5] * 30, *[2.0] * 30])
    stays = stretched(np.array([4.0]), np.ones(1), factor)
    there = stays.there(np.eye(60)[5] + np.eye(60)[35])
    assert there[[4, 5, 6, 7, 34, 35, 42, 43]] == pytest.approx([0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0])
    halfway = stretched(np.array([4.0]), np.ones(1), np.linspace(0.5, 2.0, 61))
    assert halfway.there(np.eye(61)[30]).sum() == pytest.approx(1.25 * 4.0)
    assert halfway.ended(np.eye(61)[30]).sum() == pytest.approx(1.0)
