"""Durations against scipy's distributions and numeric integrals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import integrate, stats

from flowsim.clock import BadDurationError, ticks, ticks_of
from flowsim.distributions import Duration

pytestmark = pytest.mark.unit

U = np.array([1e-9, 0.01, 0.25, 0.5, 0.75, 0.99, 1 - 1e-9])

CASES: dict[str, tuple[dict[str, Any], Any]] = {
    "exponential": ({"shape": "exponential", "mean_days": 5.0}, stats.expon(scale=5.0)),
    "lognormal by mean": (
        {"shape": "lognormal", "mean_days": 6.0, "sigma": 0.8},
        stats.lognorm(0.8, scale=6.0 * math.exp(-0.32)),
    ),
    "lognormal by median": ({"shape": "lognormal", "median_days": 4.0, "sigma": 1.1}, stats.lognorm(1.1, scale=4.0)),
    "gamma": ({"shape": "gamma", "mean_days": 6.0, "cv": 0.7}, stats.gamma(0.7**-2, scale=6.0 * 0.49)),
    "weibull": (
        {"shape": "weibull", "mean_days": 6.0, "k": 0.7},
        stats.weibull_min(0.7, scale=6.0 / math.gamma(1 + 1 / 0.7)),
    ),
    "uniform": ({"shape": "uniform", "low_days": 2.0, "high_days": 9.0}, stats.uniform(2.0, 7.0)),
}
EMPIRICAL = {"shape": "empirical", "quantiles_days": [0.0, 1.0, 2.0, 10.0]}


def make(spec: dict[str, Any]) -> Any:
    return TypeAdapter(Duration).validate_python(spec)


@pytest.mark.parametrize("name", list(CASES))
def test_quantiles_are_scipys(name):
    spec, law = CASES[name]
    assert np.allclose(make(spec).at(U), law.ppf(U), rtol=1e-9)


@pytest.mark.parametrize("name", list(CASES))
def test_means_are_scipys(name):
    spec, law = CASES[name]
    assert make(spec).mean == pytest.approx(law.mean(), rel=1e-12)


@pytest.mark.parametrize("spec", [EMPIRICAL, {"shape": "fixed", "days": 3.0}], ids=["empirical", "fixed"])
def test_means_are_the_integral_of_the_quantiles(spec):
    shape = make(spec)
    area = integrate.quad(lambda u: float(shape.at(np.array([u]))[0]), 0, 1, points=[1 / 3, 2 / 3])[0]
    assert shape.mean == pytest.approx(area, rel=1e-9)


def test_empirical_quantiles_run_straight_between_those_given():
    assert make(EMPIRICAL).at(np.array([1 / 6, 1 / 3, 2 / 3, 5 / 6])).tolist() == pytest.approx([0.5, 1.0, 2.0, 6.0])


@pytest.mark.parametrize("name", list(CASES))
def test_length_biased_quantiles_have_their_share_of_all_days_below_them(name):
    """The length-biased law at x is the share of all days that belong to stays up to x."""
    spec, law = CASES[name]
    biased = make(spec).length_biased_at(U[1:-1])
    below = [integrate.quad(lambda u: float(law.ppf(u)), 0, law.cdf(x), limit=200)[0] / law.mean() for x in biased]
    assert below == pytest.approx(U[1:-1].tolist(), abs=1e-6)


def test_empirical_length_biased_quantiles_have_their_share_of_all_days_below_them():
    shape = make(EMPIRICAL)
    biased = shape.length_biased_at(U[1:-1])
    grid = shape.at((np.arange(200_000) + 0.5) / 200_000)
    below = [grid[grid <= x].sum() / grid.sum() for x in biased]
    assert below == pytest.approx(U[1:-1].tolist(), abs=1e-3)


def test_the_remaining_part_of_a_stay_is_a_share_of_the_whole():
    shape = make(CASES["gamma"][0])
    u = np.array([0.2, 0.9])
    assert np.array_equal(shape.remaining_at(u, np.array([0.5, 0.25])), shape.length_biased_at(u) * [0.5, 0.25])


def test_capped_stays_found_in_progress_are_never_longer_than_the_cap():
    whole = make(CASES["lognormal by mean"][0]).remaining_at(np.linspace(0.001, 0.999, 999), np.ones(999), cap=7.0)
    assert whole.max() == 7.0


@pytest.mark.parametrize(
    "spec",
    [
        {"shape": "lognormal", "sigma": 1.0},
        {"shape": "lognormal", "mean_days": 1.0, "median_days": 1.0, "sigma": 1.0},
        {"shape": "uniform", "low_days": 3.0, "high_days": 2.0},
        {"shape": "empirical", "quantiles_days": [1.0, 0.5]},
        {"shape": "fixed", "days": math.nan},
        {"shape": "fixed", "days": math.inf},
        {"shape": "exponential", "mean_days": -1.0},
    ],
)
def test_impossible_shapes_are_refused(spec):
    with pytest.raises(ValidationError):
        make(spec)


@pytest.mark.parametrize("days", [math.nan, math.inf, -1e-9])
def test_a_duration_that_is_not_finite_and_at_least_nothing_is_refused_with_its_value(days):
    with pytest.raises(BadDurationError, match=repr(days)):
        ticks(days)


@pytest.mark.parametrize("days", [math.nan, math.inf, -1.0])
def test_a_bad_duration_among_many_is_named_with_its_cause_and_row(days):
    with pytest.raises(BadDurationError, match=f"clinical stay: spell 2 has .*{days!r}"):
        ticks_of(np.array([1.0, 0.0, days, 5.0]), "clinical stay")


def test_a_tenth_and_two_tenths_of_a_day_are_three_tenths():
    assert ticks(0.1) + ticks(0.2) == ticks(0.3)
