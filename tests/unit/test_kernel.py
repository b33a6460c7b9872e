"""The lean environment: whole ticks, and a fixed order at one instant."""

from __future__ import annotations

import pytest

from flowsim.kernel import ARRIVE, DEPART, MOVE, RESIZE, Environment, Moment, Steps

pytestmark = pytest.mark.unit


def test_at_one_instant_capacities_change_then_people_leave_move_and_arrive():
    env, seen = Environment(), []
    for name, order in (("arrives", ARRIVE), ("moves", MOVE), ("leaves", DEPART), ("resize", RESIZE)):
        env.at(5, lambda _, name=name: seen.append(name), order)
    env.run_to(10)
    assert seen == ["resize", "leaves", "moves", "arrives"]


def test_things_of_one_instant_and_kind_happen_in_the_order_planned():
    env, seen = Environment(), []
    for number in range(5):
        env.at(3, lambda _, number=number: seen.append(number))
    env.run_to(10)
    assert seen == [0, 1, 2, 3, 4]


def test_a_story_begins_at_once_and_holds_for_whole_ticks():
    env, seen = Environment(), []

    def story() -> Steps:
        seen.append(env.now)
        yield env.hold(7)
        seen.append(env.now)

    env.start(story())
    assert seen == [0]
    env.run_to(10)
    assert seen == [0, 7]


def test_a_granted_event_tells_its_story_the_value_at_that_instant():
    env, seen = Environment(), []
    event = Moment(env)

    def story() -> Steps:
        seen.append(((yield event), env.now))

    env.start(story())
    env.at(4, lambda _: env.grant(event, False))
    env.run_to(10)
    assert seen == [(False, 4)]


def test_what_is_planned_for_the_horizon_never_happens():
    env, seen = Environment(), []
    env.at(9, lambda _: seen.append(9))
    env.at(10, lambda _: seen.append(10))
    env.run_to(10)
    assert seen == [9]
    assert env.now == 10


def test_an_error_in_a_story_stops_the_run():
    env = Environment()

    def story() -> Steps:
        yield env.hold(1)
        raise ZeroDivisionError("on purpose")

    env.start(story())
    with pytest.raises(ZeroDivisionError, match="on purpose"):
        env.run_to(10)
