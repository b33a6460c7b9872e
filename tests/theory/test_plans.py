"""What is drawn before the clock starts: demand, delays under D2A, readmissions, people found in progress."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from samples import FALSE_ALARM, SEED, agrees, chi_square_agrees
from scipy import integrate, stats

from flowsim.build import Builder
from flowsim.clock import DAY, FOREVER
from flowsim.params import Scenario
from flowsim.population import make_plan
from flowsim.population.spell import Spell

pytestmark = pytest.mark.theory

START = dt.date(2017, 1, 2)
MONTHS = [1.02, 1.1, 1.03, 0.96, 0.99, 0.7, 0.98, 0.96, 0.99, 1.0, 1.2, 1.4]
WEEK = [1.3, 1.2, 1.0, 1.0, 1.0, 0.8, 0.7]
HOURS = [0.12, 0.24, 0.36, 0.28]


def planned(replication: int = 0, days: float = 365.0, **parts: Any) -> list[Spell]:
    """Spells of a hospital of unlimited beds, ``parts`` laid over it."""
    tree: dict[str, Any] = {
        "name": "plan",
        "clock": {"start": START.isoformat(), "warm_up_days": 0, "window_days": days},
        "hospital": {"wards": {"Ward": "unlimited"}},
    }
    scenario = Scenario.model_validate(tree | parts)
    return make_plan(scenario, SEED, replication, Builder(scenario).wards()).spells


def cohort(per_day: Any, pathway: str = "P0", **parts: Any) -> dict[str, Any]:
    """One cohort that stays a day."""
    stay = {"shape": "exponential", "mean_days": 1.0}
    arrivals = per_day if isinstance(per_day, dict) else {"per_day": per_day}
    return {"everyone": {"arrivals": arrivals, "pathways": {pathway: {"share": 1.0, "stay": stay}}, **parts}}


def moments(spells: list[Spell]) -> np.ndarray:
    return np.array([spell.at for spell in spells]) / DAY


# -- demand ------------------------------------------------------------------------------------------------------------


def test_presentations_follow_every_factor_of_the_demand_curve():
    arrivals = {
        "per_day": {"from": 20.0, "to": 60.0, "start": "2017-03-01", "end": "2017-09-01"},
        "level": {"from": 1.0, "steps": {"2017-11-01": 1.5}},
        "growth_per_year": 0.3,
        "growth_from": "2017-04-01",
        "month_factors": MONTHS,
        "weekday_factors": WEEK,
        "hour_shares": HOURS,
    }
    at = moments(planned(cohorts=cohort(arrivals)))
    step = 1 / 96  # the middle of each quarter of an hour is exact enough: only growth and the line are curved
    middles = (np.arange(365 * 96) + 0.5) * step
    day = middles.astype(int)
    dates = np.datetime64(START) + day
    rate = np.interp(middles, [58, 242], [20.0, 60.0]) * np.where(middles >= 303, 1.5, 1.0)
    rate *= 1.3 ** (np.maximum(middles - 89, 0) / 365.25)
    rate *= np.array(MONTHS)[dates.astype("datetime64[M]").astype(int) % 12] * np.array(WEEK)[day % 7]
    rate *= np.array(HOURS)[((middles % 1) * 4).astype(int)] * 4
    block = day // 7 * 28 + day % 7 * 4 + ((middles % 1) * 4).astype(int)
    expected = np.bincount(block, weights=rate * step)
    observed = np.bincount((at * 4).astype(int), minlength=expected.size)
    assert chi_square_agrees(observed, expected)


def test_growth_from_long_before_the_start_is_not_cut_off():
    arrivals = {"per_day": 15.5, "growth_per_year": 0.2, "growth_from": "2007-01-02"}
    at = moments(planned(days=100.0, cohorts=cohort(arrivals)))
    mean = integrate.quad(lambda day: 15.5 * 1.2 ** ((day + 3653) / 365.25), 0, 100)[0]
    assert stats.poisson.sf(len(at) - 1, mean) > FALSE_ALARM
    assert stats.poisson.cdf(len(at), mean) > FALSE_ALARM


def test_times_between_presentations_at_a_steady_rate_are_exponential():
    at = moments(planned(cohorts=cohort(40.0)))
    assert stats.kstest(np.diff(at), stats.expon(scale=1 / 40).cdf).pvalue > FALSE_ALARM


def test_day_noise_spreads_daily_counts_and_keeps_their_mean():
    arrivals = {"per_day": 40.0, "day_noise_cv": 0.2}
    counts = [
        np.bincount(moments(planned(number, cohorts=cohort(arrivals))).astype(int), minlength=365)
        for number in range(10)
    ]
    assert agrees(np.mean(counts, axis=1), 40.0)
    assert agrees(np.var(counts, axis=1, ddof=1), 40.0 + (0.2 * 40.0) ** 2)


# -- D2A and readmission -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("meeting", [False, True], ids=["exact delays", "whole days"])
def test_d2a_takes_exactly_its_days_off_the_mean_delay(meeting):
    hospital: dict[str, Any] = {"wards": {"Ward": "unlimited"}}
    if meeting:
        hospital["meeting"] = {"hour": 9, "weekday_factors": [1] * 7, "leaving_hours": [10, 16]}
    spells = planned(
        days=600.0,
        cohorts=cohort(60.0, "P2_home"),
        hospital=hospital,
        leaving={"P2_home": {"delay": {"shape": "exponential", "mean_days": 5.0}}},
        d2a={
            "units_live": 1,
            "pathways": {"P2_home": {"start": "2017-01-02", "accepted_share": 0.8, "saved_days": 3.44}},
        },
    )
    delay = np.array([spell.delay for spell in spells]) / DAY
    short = np.array([spell.d2a_delay for spell in spells]) / DAY
    assert agrees(delay - short, 3.44)
    assert agrees(delay, 5.0)
    assert (short <= delay).all()
    if meeting:
        assert (delay % 1 == 0).all()
        assert (short % 1 == 0).all()


def test_readmissions_come_within_thirty_days_and_half_of_them_by_day_ten():
    readmission = {"unsupported_share": 0.15, "supported_share": 0.2, "half_by_days": 10}
    spells = planned(cohorts=cohort(100.0, readmission=readmission))
    gaps = np.array([spell.gap for spell in spells if spell.gap < FOREVER]) / DAY
    assert gaps.max() <= 30.0
    assert stats.binomtest(int((gaps <= 10.0).sum()), len(gaps), 0.5).pvalue > FALSE_ALARM
    assert stats.binomtest(len(gaps), len(spells), 0.15).pvalue > FALSE_ALARM


def test_an_early_discharge_at_the_end_of_a_run_still_has_its_readmission():
    """D2A sends people home long before the old delay is over: what was planned must reach as far."""
    import flowsim as fs

    scenario = Scenario.model_validate(
        {
            "name": "edge",
            "clock": {"start": START.isoformat(), "warm_up_days": 0, "window_days": 60},
            "cohorts": cohort(
                10.0, "P1", readmission={"unsupported_share": 0.9, "supported_share": 0.9, "half_by_days": 10}
            ),
            "hospital": {"wards": {"Ward": "unlimited"}},
            "leaving": {"P1": {"delay": {"shape": "fixed", "days": 20.0}}},
            "d2a": {
                "units_live": 1,
                "pathways": {"P1": {"start": "2017-01-02", "accepted_share": 1.0, "saved_days": 20.0}},
            },
        }
    )
    spell = fs.simulate(scenario, SEED, 0).spell
    due = spell["readmitted"][~np.isnan(spell["readmitted"])]
    assert np.array_equal(np.sort(due), np.sort(spell["at"][spell["depth"] > 0]))


# -- people found in progress ------------------------------------------------------------------------------------------

SHAPES: dict[str, dict[str, Any]] = {
    "fixed": {"shape": "fixed", "days": 4.0},
    "exponential": {"shape": "exponential", "mean_days": 5.0},
    "lognormal": {"shape": "lognormal", "mean_days": 6.0, "sigma": 0.8},
    "gamma": {"shape": "gamma", "mean_days": 6.0, "cv": 0.7},
    "weibull": {"shape": "weibull", "mean_days": 6.0, "k": 1.5},
    "uniform": {"shape": "uniform", "low_days": 2.0, "high_days": 9.0},
    "empirical": {"shape": "empirical", "quantiles_days": [0.0, 1.0, 2.0, 10.0]},
}
MOMENTS: dict[str, tuple[float, float]] = {
    "fixed": (4.0, 16.0),
    "exponential": (5.0, 50.0),
    "lognormal": (6.0, 36.0 * np.exp(0.64)),
    "gamma": (6.0, 36.0 * 1.49),
    "weibull": (6.0, stats.weibull_min(1.5).moment(2) * (6.0 / stats.weibull_min(1.5).mean()) ** 2),
    "uniform": (5.5, (729.0 - 8.0) / 21.0),
    "empirical": (8.0 / 3.0, (1 / 3 + 7 / 3 + (1000 - 8) / 24) / 3),
}
"""E[X] and E[X²] of each, by hand."""


@pytest.mark.parametrize("name", list(SHAPES))
def test_inpatients_at_the_start_have_the_remaining_stay_of_one_found_in_progress(name):
    people = cohort(0.0)
    people["everyone"]["pathways"]["P0"]["stay"] = SHAPES[name]
    spells = planned(days=1.0, cohorts=people, initial={"beds": {"P0": 20_000}})
    mean, square = MOMENTS[name]
    assert agrees([spell.clinical / DAY for spell in spells], square / (2 * mean))


def test_remaining_life_episodes_are_those_of_capped_episodes():
    median, sigma, cap = 30.0, 0.5, 42.0
    life = {
        "slots": "unlimited",
        "cap_days": cap,
        "episode": {"shape": "lognormal", "median_days": median, "sigma": sigma},
        "at_cap": {"package": 1.0, "placement": 0.0},
    }
    spells = planned(days=1.0, life=life, initial={"life": 20_000})
    remaining = np.array([spell.fixed_episode for spell in spells]) / DAY
    survival = stats.lognorm(sigma, scale=median).sf
    mean = integrate.quad(survival, 0, cap)[0]  # E[min(X, cap)]
    square = integrate.quad(lambda days: 2 * days * survival(days), 0, cap)[0]
    assert agrees(remaining, square / (2 * mean))
    reaches = np.array([spell.fixed_reaches_cap for spell in spells])
    assert stats.binomtest(int(reaches.sum()), len(reaches), cap * survival(cap) / mean).pvalue > FALSE_ALARM
    by_day = np.array([integrate.quad(survival, 0, day)[0] / mean for day in range(43)])
    assert stats.kstest(remaining, lambda days: np.interp(days, np.arange(43), by_day)).pvalue > FALSE_ALARM
