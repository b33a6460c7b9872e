"""Intervals of means over replications."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.experiment.statistics import Possible, differences, estimate, estimates, quantile

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


SHARE = Possible(np.array([0.0]), np.array([1.0]), np.array([math.inf]))


def test_a_share_has_wilsons_interval_of_as_many_tosses_as_would_vary_so_much():
    heads = np.array([1.0] * 3 + [0.0] * 17)  # each replication one toss: Wilson's of 3 in 20, but for n - 1 and t
    found = estimate(heads, possible=SHARE)
    tosses, t = 19, 2.0930240544
    middle = (0.15 + t**2 / (2 * tosses)) / (1 + t**2 / tosses)
    half = t / (1 + t**2 / tosses) * math.sqrt(0.15 * 0.85 / tosses + t**2 / (4 * tosses**2))
    assert (found.low, found.high) == pytest.approx((middle - half, middle + half), rel=1e-9)


def test_a_share_far_from_0_and_1_has_nearly_the_t_interval():
    shares = np.array([0.48, 0.50, 0.52, 0.49, 0.51])
    wilson, t = estimate(shares, possible=SHARE), estimate(shares)
    assert (wilson.low, wilson.high) == pytest.approx((t.low, t.high), abs=1e-4)


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=40))
def test_no_interval_of_a_share_leaves_0_to_1_or_its_mean(shares):
    found = estimate(np.array(shares), possible=SHARE)
    assert 0.0 <= found.low <= found.mean + 1e-12
    assert found.mean - 1e-12 <= found.high <= 1.0


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0.0, 0.013752), (1.0, 0.986248, 1.0)])
def test_a_share_that_is_none_or_all_of_300_people_is_not_certain(share, low, high):
    people = Possible(np.array([0.0]), np.array([1.0]), np.array([300.0]))
    found = estimate(np.full(30, share), possible=people)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)  # t² / (300 + t²), t of 30 replications


def test_a_count_is_not_below_0():
    counts = Possible(np.array([0.0]), np.array([math.inf]), np.array([math.inf]))
    found = estimate(np.array([0.0, 0.0, 0.0, 8.0]), possible=counts)
    assert found.low == 0.0
    assert found.high == estimate(np.array([0.0, 0.0, 0.0, 8.0])).high


def test_a_difference_of_shares_is_between_minus_1_and_1():
    base, other = np.array([[0.0], [0.0], [1.0]]), np.array([[1.0], [1.0], [1.0]])
    found = differences(base, other, possible=SHARE)
    assert (found.low[0], found.high[0]) == (pytest.approx(-0.7676, abs=1e-4), 1.0)


def test_the_median_of_ten_lies_between_the_second_and_the_ninth():
    found = quantile(np.arange(10.0), 0.5)  # from tables of the binomial: 97.9 %
    assert (found.low, found.value, found.high) == (1.0, 4.5, 8.0)


def test_thirty_replications_do_not_bound_the_95_per_cent_quantile_from_above_but_72_do():
    assert quantile(np.arange(30.0), 0.95).high == math.inf
    assert quantile(np.arange(71.0), 0.95).high == math.inf
    assert quantile(np.arange(72.0), 0.95).high == 71.0


def test_undefined_replications_have_no_part_in_a_quantile():
    found = quantile(np.array([math.nan, 3.0, math.nan]), 0.5)
    assert (found.value, found.n, found.low, found.high) == (3.0, 1, -math.inf, math.inf)
    assert math.isnan(quantile(np.array([math.nan]), 0.5).value)
