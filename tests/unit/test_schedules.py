"""Values by day: steps and straight lines."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from pydantic import TypeAdapter

from flowsim.params.values import Capacity, DatedRate, schedule_of
from flowsim.schedules import Schedule, constant

pytestmark = pytest.mark.unit

START = dt.date(2017, 1, 2)
STEPS = Schedule((-math.inf, 5.0, 10.0), (1.0, 3.0, 2.0))
LINE = Schedule((10.0, 20.0), (0.0, 5.0), straight=True)


def test_a_step_takes_effect_at_its_own_moment():
    assert [STEPS.at(day) for day in (-9.0, 4.999, 5.0, 9.999, 10.0, 1e6)] == [1.0, 1.0, 3.0, 3.0, 2.0, 2.0]


def test_a_line_runs_straight_between_its_ends_and_level_outside():
    assert [LINE.at(day) for day in (0.0, 10.0, 15.0, 20.0, 30.0)] == [0.0, 0.0, 2.5, 5.0, 5.0]


@pytest.mark.parametrize("schedule", [STEPS, LINE, constant(4.0)])
def test_many_moments_at_once_are_the_moments_one_by_one(schedule):
    days = np.array([-3.0, 0.0, 5.0, 7.5, 10.0, 19.9, 25.0])
    assert schedule.at_all(days).tolist() == [schedule.at(day) for day in days]


def test_the_top_is_the_largest_value_before_the_horizon():
    assert [STEPS.top(horizon) for horizon in (4.0, 6.0, 50.0)] == [1.0, 3.0, 3.0]
    assert LINE.top(15.0) == 2.5


def test_a_rise_counts_only_if_it_is_still_to_come():
    assert [STEPS.rises_after(day) for day in (0.0, 5.0, 12.0)] == [True, False, False]


def test_changes_are_those_after_the_start_and_before_the_horizon():
    assert STEPS.changes(10.0) == [(5.0, 3.0)]


def test_a_capacity_on_a_line_steps_when_the_line_has_reached_the_next_whole_number():
    line = {"from": 0, "to": 4, "start": "2017-01-02", "end": "2017-01-10"}
    schedule = schedule_of(TypeAdapter(Capacity).validate_python(line), START)
    assert [schedule.at(day) for day in range(10)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_a_falling_capacity_on_a_line_never_steps_early():
    line = {"from": 4, "to": 0, "start": "2017-01-02", "end": "2017-01-10"}
    schedule = schedule_of(TypeAdapter(Capacity).validate_python(line), START)
    assert [schedule.at(day) for day in range(10)] == [4, 4, 3, 3, 2, 2, 1, 1, 0, 0]


def test_steps_before_the_start_hold_from_the_first_day():
    steps = {"from": 1.0, "steps": {"2016-12-01": 2.0, "2017-02-01": 3.0}}
    schedule = schedule_of(TypeAdapter(DatedRate).validate_python(steps), START)
    assert [schedule.at(day) for day in (0.0, 29.9, 30.0)] == [2.0, 2.0, 3.0]


def test_unlimited_is_infinity():
    assert schedule_of(TypeAdapter(Capacity).validate_python("unlimited"), START).at(3.0) == math.inf
