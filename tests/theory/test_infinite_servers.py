"""Unlimited beds: the number in bed is Poisson, with a mean that follows the demand curve."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from samples import FALSE_ALARM, agrees, chi_square_agrees, replicate, world
from scipy import integrate, stats

pytestmark = pytest.mark.theory

HOURS = [0.10, 0.25, 0.40, 0.25]
WEEK = [1.3, 1.2, 1.0, 1.0, 1.0, 0.8, 0.7]


def present(log, moments: np.ndarray) -> np.ndarray:
    """People in bed at each moment."""
    entered, left = log.stay["entered"], log.stay["left"]
    return np.searchsorted(np.sort(entered), moments, side="right") - np.searchsorted(
        np.sort(left[~log.stay["open"]]), moments, side="right"
    )


@pytest.fixture(scope="module")
def mginf() -> np.ndarray:
    # Moments 30 days apart: 15 mean stays, so that hardly anybody (1 in 3,000) is counted twice.
    return replicate(world("mginf"), 20, lambda log: present(log, np.arange(60.0, 660.0, 30.0)))


def test_mean_number_in_unlimited_beds_is_rate_times_stay(mginf):
    assert agrees(mginf.mean(axis=1), 10.0 * 2.0)


def test_number_in_unlimited_beds_has_the_variance_of_a_poisson_number(mginf):
    assert chi_square_agrees(mginf.ravel(), np.full(mginf.size, 20.0))


def demand(day: float) -> float:
    """Presentations a day in configs/theory/mtginf.yaml, whose clock starts on a Monday."""
    level = 10.0 if day < 14 else 20.0 if day < 28 else 5.0
    return level * WEEK[int(day) % 7] * HOURS[int(day % 1.0 * 4)] * 4


def mean_present(moment: float) -> float:
    """m(t) = ∫ λ(u) P(stay > t − u) du, exactly on each quarter of a day, on which λ is constant."""
    stay = stats.gamma(0.7**-2, scale=3.0 * 0.7**2)
    edges = np.append(np.arange(0.0, moment, 0.25), moment)
    return sum(
        demand(low) * integrate.quad(lambda u: stay.sf(moment - u), low, high)[0] for low, high in pairwise(edges)
    )


def test_numbers_present_follow_changing_demand():
    moments = np.array([0.6, 3.3, 8.0, 13.9, 16.5, 20.4, 27.99, 30.2, 38.7])
    runs = 150
    total = replicate(world("mtginf"), runs, lambda log: present(log, moments)).sum(axis=0)
    exact = runs * np.array([mean_present(moment) for moment in moments])
    allowed = stats.norm.ppf(1 - FALSE_ALARM / 2 / len(moments)) * np.sqrt(exact)  # a Poisson number's spread
    assert (np.abs(total - exact) <= allowed).all(), (total, exact)
