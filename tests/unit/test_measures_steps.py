"""Arithmetic on intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.measures.steps import by_day, overlap, pairs, steps

pytestmark = pytest.mark.unit

HORIZONS = st.floats(0.5, 20.0)
INTERVALS = st.lists(st.tuples(st.floats(0.0, 25.0), st.floats(0.0, 10.0), st.floats(0.0, 5.0)), max_size=12)


def columns(rows: list[tuple[float, float, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    start, length, weight = np.array(rows, dtype=float).reshape(-1, 3).T
    return start, start + length, weight


@given(rows=INTERVALS, horizon=HORIZONS)
def test_integral_of_the_step_function_is_the_sum_of_overlaps(rows, horizon):
    start, end, weight = columns(rows)
    expected = overlap(start, end, 0.0, horizon) @ weight
    assert steps(start, end, 0.0, horizon, weight).integral == pytest.approx(expected, abs=1e-9)


@given(rows=INTERVALS, horizon=HORIZONS)
def test_mean_of_each_day_is_the_overlap_with_that_day(rows, horizon):
    start, end, weight = columns(rows)
    days = [(day, min(day + 1.0, horizon)) for day in range(int(np.ceil(horizon)))]
    expected = [overlap(start, end, low, high) @ weight / (high - low) for low, high in days]
    length = min(high - low for low, high in days)  # a sliver of a last day magnifies rounding
    assert by_day(start, end, horizon, weight) == pytest.approx(expected, abs=1e-9 / max(length, 1e-6))


def test_percentile_is_weighted_by_time():
    one = steps(np.array([0.0, 0.0]), np.array([10.0, 0.4]), 0.0, 10.0)
    assert [one.percentile(0.95), one.percentile(0.97), one.peak] == [1.0, 2.0, 2.0]


def test_percentile_of_an_empty_place_is_zero():
    nobody = np.zeros(0)
    assert steps(nobody, nobody, 0.0, 10.0).percentile(0.95) == 0.0


def test_a_bed_passed_on_at_once_is_one_bed():
    assert steps(np.array([0.0, 1.0]), np.array([1.0, 2.0]), 0.0, 5.0).peak == 1.0


def test_a_missing_beginning_overlaps_nothing():
    assert overlap(np.array([np.nan]), np.array([3.0]), 0.0, 5.0).tolist() == [0.0]


@given(wanted=st.lists(st.integers(0, 4), max_size=8), keys=st.lists(st.integers(0, 4), max_size=8))
def test_pairs_finds_every_match(wanted, keys):
    i, j = pairs(np.array(wanted, dtype=np.intp), np.array(keys, dtype=np.intp))
    found = sorted(zip(i.tolist(), j.tolist(), strict=True))
    assert found == [(a, b) for a, one in enumerate(wanted) for b, other in enumerate(keys) if one == other]
