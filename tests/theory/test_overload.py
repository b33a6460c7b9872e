"""Overload is told of before a run, also where it comes only from people who wait in beds; see experiments/overload."""

from __future__ import annotations

import pytest

import flowsim as fs
from experiments.overload.measure import watched
from experiments.overload.systems import OVERLOADED, STABLE, System, behind
from experiments.verification.exact import saturated_tandem
from flowsim.offered.blocking import Asked, held_beds
from flowsim.offered.stability import stability

pytestmark = pytest.mark.theory

BLOCKED = next(one for one in OVERLOADED if "blocking" in one.name)


def test_there_are_eight_overloaded_and_thirty_stable_systems_below_95_per_cent() -> None:
    assert [len(OVERLOADED), len(STABLE)] == [8, 30]
    assert min(one.load for one in OVERLOADED) > 1.0
    assert max(one.load for one in STABLE) < 0.95


@pytest.mark.parametrize("system", OVERLOADED, ids=lambda one: one.name)
def test_overload_is_told_of_by_what_is_short(system: System) -> None:
    assert system.short in " ".join(stability(system.scenario))


@pytest.mark.parametrize("system", STABLE, ids=lambda one: one.name)
def test_nothing_is_said_of_a_system_below_95_per_cent(system: System) -> None:
    assert stability(system.scenario) == []


def test_beds_and_slots_that_have_room_each_may_be_short_together() -> None:
    assert saturated_tandem([10, 14], [1 / 3, 1 / 4.1]) == pytest.approx(3.00, abs=0.001)
    assert stability(BLOCKED.scenario) == [
        "hospital and LIFE together are offered up to 103 % of what can pass from February 2017 to December 2018, most "
        "in February 2017: 9.3 of 10.0 beds are needed, and those who wait hold up to 1.0"
    ]


def test_a_run_tells_of_overload_through_blocking() -> None:
    short = BLOCKED.scenario.with_(clock={"window_days": 120})
    assert any("together are offered" in line for line in fs.run(short, replications=1, jobs=1).warnings)


def test_the_line_of_the_blocked_system_grows_and_that_of_a_little_less_does_not() -> None:
    calm = behind("2.8 a day", 2.8, 10, 3.0, 14, 4.1, "P2_home")
    grows, stays = (watched(system, 4, seed=1) for system in (BLOCKED, calm))
    assert grows.end > 1.4 * grows.middle > 3 * stays.end


@pytest.mark.parametrize("places", [(1, 1), (3, 2), (10, 14), (40, 30)])
def test_beds_held_by_those_who_wait_are_those_of_the_markov_chain(places: tuple[int, int]) -> None:
    beds, slots = places
    held = held_beds(beds, 0.5, [Asked("LIFE", 0.4, slots, in_bed=1.0)])["LIFE"]  # 0.5 a day for 1 day, then 0.8 days
    assert beds - held == pytest.approx(saturated_tandem(places, (1.0, 1.25)))


def test_a_valve_leaves_more_beds_free() -> None:
    stuck, patient = (held_beds(10, 9.3, [Asked("LIFE", 12.71, 14, 1.0, valve)]) for valve in (float("inf"), 0.5))
    assert patient["LIFE"] < 0.7 * stuck["LIFE"]


def test_two_services_hold_more_beds_than_either() -> None:
    one, two = Asked("LIFE", 4.0, 5, 1.0), Asked("step-down", 4.0, 5, 1.0)
    both = held_beds(10, 8.0, [one, two])
    alone = held_beds(10, 8.0, [one])
    assert alone["LIFE"] < sum(both.values()) < 2 * alone["LIFE"]


@pytest.mark.parametrize("in_bed", [1.0, 1e-4])
def test_services_of_a_million_places_are_judged_as_fast_as_small_ones(in_bed: float) -> None:
    ample, scarce = (Asked("LIFE", 0.9e6, places, in_bed) for places in (2e6, 0.95e6))
    assert held_beds(1e6, 0.9e6, [ample]) == {"LIFE": 0.0}
    assert held_beds(1e6, 0.9e6, [scarce])["LIFE"] <= 0.06e6
