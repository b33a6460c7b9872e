"""The first value that meets a constraint: what is found, what is left open, what is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from flowsim.decide import Constraint, SampleError, solve
from flowsim.decide.solving import most_tried
from flowsim.decide.verdict import looks, mean_bounds, share_bounds

pytestmark = pytest.mark.unit

LUCK = np.random.default_rng(0).normal(size=5000)


def waits(values, level=50.0, spread=1.0):
    """A wait that falls by one with each slot, on common luck."""
    return lambda at, one: level - float(values[at]) + spread * float(LUCK[one])


def test_the_smallest_value_is_found_where_nothing_varies():
    found = solve(waits(range(101), spread=0.0), range(101), Constraint(20.0))
    assert (found.value, found.sure, found.undecided) == (30, True, ())


@pytest.mark.parametrize("chance", [0.5, 0.9])
def test_a_chance_constraint_is_met_where_the_law_says(chance):
    values = range(0, 101, 4)
    found = solve(waits(values), values, Constraint(20.0, chance=chance), at_most=2000)
    assert (found.value, found.sure) == (32, True)


def test_at_least_turns_the_limit_round():
    found = solve(lambda at, _: float(at), range(50), Constraint(7.0, "at_least"))
    assert found.value == 7


def test_the_latest_date_is_found_in_a_row_of_falling_dates():
    row = [dt.date(2018, 3, 31) - dt.timedelta(days=7 * week) for week in range(20)]
    late = dt.date(2018, 1, 1)
    found = solve(lambda at, _: float(row[at] > late), row, Constraint(0.0))
    assert found.value == max(day for day in row if day <= late)


def test_what_cannot_be_decided_is_said():
    values = range(0, 61)
    found = solve(waits(values, spread=5.0), values, Constraint(20.0), at_most=40)
    assert not found.sure
    assert 30 in found.undecided or found.value == 30
    assert found.undecided[-1] == found.value - 1


def test_no_value_is_given_if_the_best_end_fails():
    found = solve(waits(range(20), spread=0.0), range(20), Constraint(20.0))
    assert (found.value, found.sure) == (None, True)
    assert "no value of the range meets" in found.why


def test_a_range_that_meets_it_at_once_is_named():
    found = solve(waits(range(40, 90), spread=0.0), range(40, 90), Constraint(20.0))
    assert found.value == 40
    assert "widen the range" in found.why


def test_a_constraint_that_runs_the_other_way_is_named():
    found = solve(lambda at, _: float(at), range(40), Constraint(20.0))
    assert (found.value, found.sure) == (None, False)
    assert "the other way" in found.why


def test_a_best_end_that_cannot_be_decided_gives_no_value():
    found = solve(waits(range(31), spread=5.0), range(31), Constraint(20.0), at_most=40)
    assert (found.value, found.sure) == (None, False)
    assert "cannot be decided" in found.why


def test_a_row_out_of_order_is_noticed():
    level = {0: 9.0, 5: 0.0, 7: 3.0, 10: 1.0}
    found = solve(lambda at, one: level.get(at, 9.0) + 0.1 * float(LUCK[one]), range(11), Constraint(4.0))
    assert not found.sure
    assert "not in order" in found.warnings[0]


def test_a_sample_that_is_no_number_is_named():
    with pytest.raises(SampleError, match="system 9, replication 0"):
        solve(lambda *_: float("nan"), range(10), Constraint(1.0))


@pytest.mark.parametrize(
    ("values", "wrong", "words"),
    [
        ([1], {}, "at least 2 values"),
        ([1, 2], {"confidence": 1.0}, "confidence"),
        ([1, 2], {"first_stage": 1}, "first_stage"),
        ([1, 2], {"first_stage": 30, "at_most": 20}, "first_stage"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(values, wrong, words):
    with pytest.raises(ValueError, match=words):
        solve(lambda *_: 0.0, values, Constraint(1.0), **wrong)


@pytest.mark.parametrize(
    ("wrong", "words"), [({"side": "above"}, "side"), ({"chance": 1.0}, "chance"), ({"limit": float("inf")}, "limit")]
)
def test_constraints_that_mean_nothing_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Constraint(**{"limit": 1.0, **wrong})


def test_constraints_read_as_they_are_asked():
    assert str(Constraint(10.0, chance=0.95, name="beds")) == "P(beds <= 10) >= 0.95"
    assert str(Constraint(2.5, "at_least", name="beds")) == "mean(beds) >= 2.5"


def test_looks_double_up_to_the_most():
    assert looks(20, 100) == [20, 40, 80, 100]


def test_share_bounds_are_those_of_clopper_and_pearson():
    assert share_bounds(0, 10, 0.05) == pytest.approx((0.0, 1 - 0.05**0.1))
    assert share_bounds(10, 10, 0.05) == pytest.approx((0.05**0.1, 1.0))


def test_mean_bounds_are_those_of_student():
    low, high = mean_bounds([1.0, 2.0, 3.0], 0.025)
    assert (high - low) / 2 == pytest.approx(4.302653 / 3**0.5, rel=1e-6)


@pytest.mark.parametrize("size", [2, 3, 7, 64, 1000])
def test_no_more_values_are_tried_than_the_error_was_split_over(size):
    for limit in range(0, size, max(size // 7, 1)):
        values = range(size)
        found = solve(waits(values, level=float(limit), spread=3.0), values, Constraint(0.0), at_most=20)
        assert len(found.evaluations) <= most_tried(size)
