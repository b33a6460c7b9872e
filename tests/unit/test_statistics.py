"""Intervals of means over replications."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flowsim.experiment.statistics import differences, estimate, estimates

pytestmark = pytest.mark.unit

FIVE = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
T_975_4 = 2.7764451052  # Student's t at 0.975 with 4 degrees of freedom, from tables
T_9875_4 = 3.4954059325  # at 0.9875: two intervals at once


def test_an_interval_is_mean_and_t_times_standard_error():
    found = estimate(FIVE)
    half = T_975_4 * math.sqrt(2.5 / 5)
    assert (found.mean, found.n) == (3.0, 5)
    assert found.sd == pytest.approx(math.sqrt(2.5), rel=1e-14)
    assert (found.low, found.high) == pytest.approx((3.0 - half, 3.0 + half), rel=1e-9)


def test_two_intervals_at_once_are_wider_by_bonferroni():
    found = estimate(FIVE, comparisons=2)
    assert found.high - found.mean == pytest.approx(T_9875_4 * math.sqrt(2.5 / 5), rel=1e-9)


def test_a_replication_in_which_a_measure_is_undefined_is_left_out():
    assert estimate(np.array([math.nan, *FIVE])) == estimate(FIVE)


def test_one_replication_gives_a_mean_and_no_interval():
    found = estimate(np.array([7.0]))
    assert (found.mean, found.n) == (7.0, 1)
    assert math.isnan(found.sd)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_no_replication_gives_nothing():
    found = estimate(np.array([math.nan, math.nan]))
    assert found.n == 0
    assert math.isnan(found.mean)


def test_a_value_that_never_varies_is_its_own_mean_exactly():
    found = estimate(np.full(7, 0.1))
    assert (found.mean, found.sd, found.low, found.high) == (0.1, 0.0, 0.1, 0.1)


def test_columns_do_not_touch_one_another():
    both = estimates(np.column_stack([FIVE, np.full(5, math.nan)]))
    assert both.mean[0] == 3.0
    assert math.isnan(both.mean[1])


def test_a_table_without_rows_gives_unknown_means():
    found = estimates(np.zeros((0, 2)))
    assert list(found.n) == [0, 0]
    assert np.isnan(found.mean).all()


def test_the_difference_of_a_table_from_itself_is_exactly_zero():
    table = np.random.default_rng(0).normal(size=(9, 4)) * 1e5
    found = differences(table, table)
    assert not np.any([found.mean, found.sd, found.low, found.high])


def test_pairing_takes_out_what_two_scenarios_share():
    shared = np.array([[10.0], [200.0], [3000.0]])
    found = differences(shared, shared - 5.0)
    assert (found.mean[0], found.sd[0]) == (-5.0, 0.0)


def test_an_interval_holds_the_true_mean_as_often_as_it_says():
    samples = 20_000
    found = estimates(np.random.default_rng(1).normal(3.0, 2.0, size=(6, samples)))
    share = np.mean((found.low <= 3.0) & (found.high >= 3.0))
    error = math.sqrt(0.95 * 0.05 / samples)
    assert share == pytest.approx(0.95, abs=4 * error)  # beyond 4 standard errors once in 16,000 seeds


@pytest.mark.parametrize(("level", "comparisons"), [(0.0, 1), (1.0, 1), (0.95, 0), (math.nan, 1)])
def test_a_level_or_number_of_comparisons_without_meaning_is_refused(level, comparisons):
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        estimate(FIVE, level, comparisons)
