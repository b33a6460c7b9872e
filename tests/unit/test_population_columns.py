"""Luck in, decisions and durations out: what each quantile leads to, and which named luck each decision takes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from flowsim.clock import DAY, FOREVER
from flowsim.events import NO_NEED, PACKAGE, PLACEMENT
from flowsim.params import Scenario
from flowsim.params.people import Cohort
from flowsim.population.columns import (
    Wards,
    fate_columns,
    hospital_columns,
    leaving_columns,
    stay_columns,
    support_columns,
)
from flowsim.population.spell import DIES

pytestmark = pytest.mark.unit

EVEN = np.array([0.05, 0.25, 0.45, 0.65, 0.85])
UNIFORM = {"shape": "uniform", "low_days": 0.0, "high_days": 10.0}  # ten days times the quantile
NEEDS = {"package": 0.2, "placement": 0.2, "none": 0.6}


class Quantiles:
    """The same quantiles for every decision unless stated, and which decisions were asked for."""

    def __init__(self, **stated: list[float]) -> None:
        self.stated = {name.replace("_", " "): np.array(values) for name, values in stated.items()}
        self.asked: list[str] = []

    def __call__(self, decision: str) -> np.ndarray:
        self.asked.append(decision)
        return self.stated.get(decision, EVEN)


def days(column: Any) -> Any:
    return pytest.approx([one / DAY for one in column.tolist()])


def scenario(**parts: Any) -> Scenario:
    tree: dict[str, Any] = {
        "name": "columns",
        "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": 100},
        "hospital": {"wards": {"A": 5, "B": 15}},
    }
    return Scenario.model_validate(tree | parts)


def cohort(**parts: Any) -> Cohort:
    pathways = {"P0": {"share": 0.5, "stay": UNIFORM}, "P3": {"share": 0.5, "stay": {"shape": "fixed", "days": 7.0}}}
    return Cohort.model_validate({"arrivals": {"per_day": 1.0}, "pathways": pathways, **parts})


# -- stays -------------------------------------------------------------------------------------------------------------


def test_a_stay_is_that_of_the_pathway_stretched():
    found = stay_columns(cohort(a_and_e_share=0.5), Quantiles(), np.full(5, 2.0))
    assert found["pathway"].tolist() == [0, 0, 0, 4, 4]
    assert days(found["clinical"]) == [1.0, 5.0, 9.0, 14.0, 14.0]
    assert found["a_and_e"].tolist() == [True, True, True, False, False]
    assert not found["zero_day"].any()


def test_who_dies_in_hospital_has_a_stay_of_their_own():
    dies = {"share": 0.25, "stay": {"shape": "fixed", "days": 3.0}}
    found = stay_columns(cohort(death_in_hospital=dies), Quantiles(), np.ones(5))
    assert found["pathway"].tolist() == [DIES, 0, 0, 4, 4]
    assert days(found["clinical"]) == [3.0, 2.5, 4.5, 7.0, 7.0]


def test_zero_day_stays_are_of_those_who_go_straight_home_and_are_not_stretched():
    zero = {"share": 0.5, "stay": {"shape": "fixed", "days": 0.25}}
    luck_of_it = Quantiles(zero_day=[0.1, 0.5, 0.1, 0.1, 0.9])
    found = stay_columns(cohort(zero_day=zero), luck_of_it, np.full(5, 3.0))
    assert found["zero_day"].tolist() == [True, False, True, False, False]
    assert days(found["clinical"]) == [0.25, 7.5, 0.25, 21.0, 21.0]


def test_without_a_hospital_nothing_is_decided_in_one():
    assert hospital_columns(scenario(hospital=None), Quantiles(), Wards(np.zeros(0, dtype=int), np.zeros(0))) == {}


def test_assessment_home_ward_and_the_morning_meeting():
    hospital = {
        "wards": {"A": 5, "B": 15},
        "assessment": {"units": {"AMU": 2}, "stay": UNIFORM},
        "meeting": {"hour": 9, "weekday_factors": [1] * 7, "leaving_hours": [10, 12, 18]},
    }
    wards = Wards(np.array([3, 8]), np.array([5.0, 15.0]))
    found = hospital_columns(scenario(hospital=hospital), Quantiles(leaving_hour=[0.0, 0.25, 0.5, 0.75, 1.0]), wards)
    assert days(found["assessment"]) == [0.5, 2.5, 4.5, 6.5, 8.5]
    assert found["home_ward"].tolist() == [3, 8, 8, 8, 8]
    assert [hour / 24 for hour in (10, 11, 12, 15, 18)] == days(found["leaving_hour"])
    assert found["sign_off"].tolist() == EVEN.tolist()


# -- leaving -----------------------------------------------------------------------------------------------------------


def leaving(meeting: bool = False, **more: Any) -> Scenario:
    hospital: dict[str, Any] = {"wards": {"A": 5}}
    if meeting:
        hospital["meeting"] = {"hour": 9, "weekday_factors": [1] * 7, "leaving_hours": [10, 12]}
    effect = {"start": "2017-01-02", "accepted_share": 0.5, "saved_days": 2.0}
    return scenario(
        hospital=hospital,
        leaving={"P1": {"delay": UNIFORM}, "P2_home": {"delay": UNIFORM}},
        d2a={"units_live": 1, "pathways": {"P2_home": effect}},
        **more,
    )


def test_d2a_shortens_delays_of_its_pathway_by_the_share_of_its_days_in_the_mean():
    found = leaving_columns(leaving(), Quantiles(), np.array([0, 1, 2, 2, DIES]))
    assert days(found["delay"]) == [0.0, 2.5, 4.5, 6.5, 0.0]
    assert days(found["d2a_delay"]) == [0.0, 2.5, 2.7, 3.9, 0.0]  # the mean of five days less two
    assert found["accepts_d2a"].tolist() == [False, False, True, False, False]


def test_where_a_meeting_lets_people_go_delays_are_whole_days_up_or_down_by_luck():
    luck_of_it = Quantiles(delay_day=[0.4, 0.5, 0.4, 0.5, 0.6])
    found = leaving_columns(leaving(meeting=True), luck_of_it, np.array([1, 1, 2, 2, 2]))
    assert days(found["delay"]) == [0.0, 3.0, 4.0, 7.0, 9.0]  # of 0.5, 2.5, 4.5, 6.5 and 8.5
    assert days(found["d2a_delay"]) == [0.0, 3.0, 3.0, 4.0, 5.0]  # of 0.5, 2.5, 2.7, 3.9 and 5.1


# -- support -----------------------------------------------------------------------------------------------------------


def supported() -> Scenario:
    support = {"episode": UNIFORM, "exit_wait": UNIFORM, "at_cap": NEEDS, "cap_days": 8.0}
    visits = {"responders": 1, "from_hour": 8, "to_hour": 22, "response": UNIFORM, "visit_minutes": 90}
    return scenario(
        life={"slots": 1, "first_visit": visits, **support},
        reablement={"share": 0.5, "capacity": 1, **support},
        step_down={"beds": 1, "cap_days": 6.0, "stay": UNIFORM, "outcome": NEEDS},
        home_care={"capacity": 1, "hours_per_week": {"mean": 12.0, "cv": 0.5}, "stay": UNIFORM},
        placements={"capacity": 1, "stay": UNIFORM},
    )


def test_support_is_as_long_as_its_luck_says_and_ends_in_what_is_needed():
    found = support_columns(supported(), Quantiles())
    ten = [0.5, 2.5, 4.5, 6.5, 8.5]
    for name in ("exit_wait", "reablement_exit_wait", "response", "package_stay", "placement_stay", "p3_step_down"):
        assert ten == days(found[name]), name
    assert found["life"].tolist() == found["reablement"].tolist() == pytest.approx(ten)
    assert days(found["step_down"]) == [0.5, 2.5, 4.5, 6.0, 6.0]
    assert found["to_reablement"].tolist() == [True, True, True, False, False]
    for name in ("at_cap", "reablement_at_cap", "after_step_down"):
        assert found[name].tolist() == [PACKAGE, PLACEMENT, NO_NEED, NO_NEED, NO_NEED], name


def test_packages_have_whole_hours_of_the_stated_mean_and_spread_and_at_least_one():
    even = (np.arange(20_000) + 0.5) / 20_000
    found = support_columns(supported(), Quantiles(package_hours=even.tolist()))["hours"]
    assert found.dtype == np.int64
    assert found.mean() == pytest.approx(12.0, abs=0.01)
    assert found.std() == pytest.approx(6.0, abs=0.05)  # rounding adds a twelfth of an hour squared
    exact = stats.gamma(4.0, scale=3.0).ppf(even)
    assert np.array_equal(found, np.maximum(np.rint(exact), 1.0))


def test_an_episode_that_ends_by_the_cap_keeps_a_normal_quantile():
    life = {"slots": 1, "at_cap": NEEDS, "episode": {"shape": "ends_by_cap", "sigma": 0.5, "ended_share": 0.8}}
    found = support_columns(scenario(life=life), Quantiles())
    assert found["life"].tolist() == pytest.approx(stats.norm.ppf(EVEN).tolist())
    assert found["exit_wait"].tolist() == [0] * 5


def test_another_stay_may_be_stated_for_placements_from_step_down_beds():
    other = {"shape": "fixed", "days": 1.0}
    step_down = {"beds": 1, "cap_days": 6.0, "stay": UNIFORM, "p3_stay": other, "outcome": NEEDS}
    assert days(support_columns(scenario(step_down=step_down), Quantiles())["p3_step_down"]) == [1.0] * 5


# -- afterwards --------------------------------------------------------------------------------------------------------


def test_readmission_is_by_support_and_neither_the_dead_nor_the_dying_return():
    back = {"unsupported_share": 0.5, "supported_share": 0.7, "half_by_days": 15 - 1e-9}
    fixed = [{"shape": "fixed", "days": number} for number in (50.0, 13.0)]
    people = cohort(readmission=back, death_after_discharge={"unsupported": fixed[0], "supported": fixed[1]})
    luck_of_it = Quantiles(readmission_gap=[0.5, 0.5, 0.4, 0.5, 0.5])
    found = fate_columns(people, luck_of_it, np.array([0, 0, 2, 4, DIES]), 100.0)
    gaps = [one / DAY if one < FOREVER else math.inf for one in found["gap"].tolist()]
    assert gaps == pytest.approx([15.0, 15.0, 12.0, math.inf, math.inf], abs=1e-3)
    assert [one / DAY if one < FOREVER else math.inf for one in found["lifetime"].tolist()] == [
        50.0,
        50.0,
        13.0,
        13.0,
        math.inf,
    ]


def test_what_comes_after_the_run_never_comes_in_it():
    fixed = {"shape": "fixed", "days": 20.0}
    people = cohort(death_after_discharge={"unsupported": fixed, "supported": fixed})
    for horizon, expected in ((20.0, 20 * DAY), (19.9, FOREVER)):
        assert fate_columns(people, Quantiles(), np.zeros(5, dtype=int), horizon)["lifetime"].tolist() == [expected] * 5


def test_without_a_fate_stated_people_neither_return_nor_die():
    found = fate_columns(cohort(), Quantiles(), np.zeros(5, dtype=int), 100.0)
    assert found["gap"].tolist() == found["lifetime"].tolist() == [FOREVER] * 5


# -- names of luck -----------------------------------------------------------------------------------------------------


def test_decisions_keep_the_names_their_luck_is_keyed_by():
    """Another name is other luck: every kept result would move, and pairs with older runs would break."""
    u = Quantiles()
    fate = {"readmission": {"unsupported_share": 0.5, "supported_share": 0.7, "half_by_days": 10}}
    fate["death_after_discharge"] = {"unsupported": UNIFORM, "supported": UNIFORM}
    dies = {"share": 0.1, "stay": UNIFORM}
    codes = np.zeros(5, dtype=int)
    everybody = cohort(death_in_hospital=dies, zero_day=dies, **fate)
    hospital = {
        "wards": {"A": 1},
        "assessment": {"units": {"AMU": 2}, "stay": UNIFORM},
        "meeting": {"hour": 9, "weekday_factors": [1] * 7, "leaving_hours": [10, 12]},
    }
    stay_columns(everybody, u, np.ones(5))
    hospital_columns(scenario(hospital=hospital), u, Wards(np.array([0]), np.ones(1)))
    leaving_columns(leaving(meeting=True), u, codes)
    support_columns(supported(), u)
    fate_columns(everybody, u, codes, 100.0)
    assert sorted(set(u.asked)) == [
        "accepts D2A",
        "after step-down",
        "assessment stay",
        "at cap",
        "death after discharge",
        "death in hospital",
        "delay",
        "delay day",
        "door",
        "episode",
        "exit wait",
        "first visit",
        "home ward",
        "leaving hour",
        "package hours",
        "package stay",
        "pathway",
        "placement stay",
        "reablement",
        "readmission",
        "readmission gap",
        "sign-off",
        "stay",
        "step-down stay",
        "zero day",
    ]
