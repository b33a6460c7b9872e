"""Places with a line: who is served when, and what is noted."""

from __future__ import annotations

import math
from typing import Any

import pytest

from flowsim.clock import DAY, FOREVER
from flowsim.kernel import Environment, Steps
from flowsim.pools import Place
from flowsim.schedules import Schedule, constant

pytestmark = pytest.mark.unit


class Counter:
    """A place, people who come to it, and what they were told when."""

    def __init__(self, capacity: Schedule | float, in_units: bool = False) -> None:
        self.env = Environment()
        self.rows: list[Any] = []
        self.units: list[Any] = []
        schedule = capacity if isinstance(capacity, Schedule) else constant(capacity)
        self.place = Place(self.env, 0, schedule, self.rows, self.units if in_units else None, "Counter")
        self.place.plan_changes(100.0)
        self.told: dict[int, tuple[bool, int]] = {}

    def comes(self, at: int, spell: int, stays: int, rank: int = 0, patience: int = FOREVER, units: int = 1) -> None:
        """Plan somebody."""

        def story() -> Steps:
            got = yield from self.place.enter(spell, rank, patience, units)
            self.told[spell] = (got, self.env.now)
            if got:
                yield self.env.hold(stays)
                self.place.leave(spell)

        self.env.at(at, lambda _: self.env.start(story()))

    def served(self) -> dict[int, int]:
        """When each got in."""
        self.env.run_to(100 * DAY)
        return {spell: at for spell, (got, at) in self.told.items() if got}


def test_people_are_served_in_the_order_of_asking():
    counter = Counter(1)
    for spell in range(3):
        counter.comes(spell, spell, 10)
    assert counter.served() == {0: 0, 1: 10, 2: 20}


def test_a_lower_rank_is_served_first_whoever_asked_first():
    counter = Counter(1)
    counter.comes(0, 0, 10)
    counter.comes(1, 1, 10, rank=2)
    counter.comes(2, 2, 10, rank=1)
    counter.comes(3, 3, 10, rank=1)
    assert counter.served() == {0: 0, 2: 10, 3: 20, 1: 30}


def test_a_stay_is_noted_with_when_it_was_asked_for_began_and_ended():
    counter = Counter(1)
    counter.comes(0, 7, 10)
    counter.comes(4, 8, 5)
    counter.served()
    assert counter.rows == [(7, 0, 0, 0, 10), (8, 0, 4, 10, 15)]


def test_whoever_runs_out_of_patience_is_told_and_noted_and_lets_others_by():
    counter = Counter(1)
    counter.comes(0, 0, 50)
    counter.comes(1, 1, 10, patience=9)
    counter.comes(2, 2, 10)
    assert counter.served() == {0: 0, 2: 50}
    assert counter.told[1] == (False, 10)
    assert (1, 0, 1, -1, 10) in counter.rows


def test_without_patience_a_full_place_is_left_at_once():
    counter = Counter(1)
    counter.comes(0, 0, 50)
    counter.comes(1, 1, 10, patience=0)
    counter.served()
    assert counter.told[1] == (False, 1)
    assert (1, 0, 1, -1, 1) in counter.rows


def test_without_patience_the_last_free_place_is_taken():
    counter = Counter(1)
    counter.comes(1, 1, 10, patience=0)
    assert counter.served() == {1: 1}


def test_without_patience_a_place_freed_later_in_the_same_instant_is_not_waited_for():
    counter = Counter(Schedule((-math.inf, 90.0), (1.0, 0.0)))
    counter.comes(0, 0, 50)
    counter.comes(1, 1, 10, patience=0)
    counter.env.at(1, lambda _: counter.place.resize(2.0))
    assert counter.served() == {0: 0}


def test_a_patience_of_one_tick_lasts_one_tick():
    counter = Counter(1)
    counter.comes(0, 0, 50)
    counter.comes(1, 1, 10, patience=1)
    counter.served()
    assert counter.told[1] == (False, 2)


def test_a_place_freed_as_patience_ends_is_given_first():
    counter = Counter(1)
    counter.comes(0, 0, 10)
    counter.comes(1, 1, 5, patience=9)
    assert counter.served() == {0: 0, 1: 10}


def test_somebody_who_gave_up_may_ask_again_and_goes_to_the_back():
    counter = Counter(1)
    counter.comes(0, 0, 50)
    counter.comes(1, 1, 10, patience=9)
    counter.comes(20, 2, 10)
    counter.comes(30, 1, 10)
    assert counter.served() == {0: 0, 2: 50, 1: 60}


def test_a_higher_capacity_lets_people_in_at_once():
    counter = Counter(Schedule((-math.inf, 5.0), (1.0, 3.0)))
    for spell in range(4):
        counter.comes(0, spell, 20 * DAY)
    assert counter.served() == {0: 0, 1: 5 * DAY, 2: 5 * DAY, 3: 20 * DAY}


def test_a_lower_capacity_puts_nobody_out_and_lets_nobody_in_until_there_is_room():
    counter = Counter(Schedule((-math.inf, 5.0), (2.0, 1.0)))
    counter.comes(0, 0, 10 * DAY)
    counter.comes(0, 1, 12 * DAY)
    counter.comes(1, 2, DAY)
    assert counter.served() == {0: 0, 1: 0, 2: 12 * DAY}


def test_a_place_taken_away_at_the_instant_somebody_leaves_is_not_given_again():
    counter = Counter(Schedule((-math.inf, 5.0), (2.0, 1.0)))
    counter.comes(0, 0, 5 * DAY)
    counter.comes(0, 1, 9 * DAY)
    counter.comes(1, 2, DAY)
    assert counter.served() == {0: 0, 1: 0, 2: 9 * DAY}


def test_using_fewer_units_lets_the_next_in():
    counter = Counter(5, in_units=True)
    counter.comes(0, 0, 50, units=4)
    counter.comes(1, 1, 10, units=4)
    counter.env.at(20, lambda _: counter.place.shrink(0, 1))
    assert counter.served() == {0: 0, 1: 20}
    assert counter.units == [(0, 0, 0, 4), (0, 0, 20, 1), (1, 0, 20, 4), (1, 0, 30, 0), (0, 0, 50, 0)]


def test_nobody_small_passes_somebody_large_who_asked_before():
    counter = Counter(5)
    counter.comes(0, 0, 50, units=3)
    counter.comes(1, 1, 10, units=4)
    counter.comes(2, 2, 10, units=1)
    assert counter.served() == {0: 0, 1: 50, 2: 50}


def test_somebody_large_who_gives_up_lets_somebody_small_in_at_once():
    counter = Counter(5)
    counter.comes(0, 0, 50, units=3)
    counter.comes(1, 1, 10, units=4, patience=9)
    counter.comes(2, 2, 10, units=1)
    assert counter.served() == {0: 0, 2: 10}


def test_who_states_no_rank_is_served_before_rank_one():
    counter = Counter(1)
    counter.comes(0, 0, 10)
    counter.comes(1, 1, 10, rank=1)

    def story() -> Steps:
        counter.told[2] = ((yield from counter.place.enter(2)), counter.env.now)

    counter.env.at(2, lambda _: counter.env.start(story()))
    assert counter.served() == {0: 0, 2: 10}


def test_an_unlimited_place_has_room_for_all():
    counter = Counter(math.inf)
    for spell in range(50):
        counter.comes(0, spell, DAY)
    assert set(counter.served().values()) == {0}


def test_a_full_place_may_open_only_if_it_is_to_grow():
    full = Counter(1)
    grows = Counter(Schedule((-math.inf, 50.0), (1.0, 2.0)))
    for counter in (full, grows):
        counter.comes(0, 0, 90 * DAY)
        counter.env.run_to(DAY)
    assert not full.place.may_open()
    assert grows.place.may_open()
