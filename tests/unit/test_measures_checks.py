"""Arithmetic of intervals, series by day, and self-checks to the last number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from logs import NAN, World

import flowsim.measures
from flowsim.events import IN_COMMUNITY, PlaceInfo
from flowsim.measures import MEASURES, attribution, checks, daily, measure
from flowsim.measures.possible import OF_CAPACITY, SHARE_OF
from flowsim.measures.steps import by_day, mean, ratio, steps
from flowsim.measures.view import on_grid

pytestmark = pytest.mark.unit


# -- arithmetic --------------------------------------------------------------------------------------------------------


def test_a_ratio_of_nothing_is_not_a_number_and_of_something_small_is_one():
    assert math.isnan(ratio(1.0, 0.0))
    assert math.isnan(mean(np.zeros(0)))
    assert ratio(1.0, 0.5) == 2.0


def test_bed_days_lie_on_a_grid_of_microseconds():
    assert on_grid(1 / 3) != 1 / 3
    assert on_grid(1 / 3) == pytest.approx(1 / 3, abs=2.0**-33)
    assert on_grid(0.1) + on_grid(0.2) == on_grid(0.3)


def test_the_step_function_has_the_level_of_each_moment_on_and_lasts_to_the_end():
    one = steps(np.array([1.0, 2.0]), np.array([4.0, 9.0]), 0.0, 6.0, np.array([2.0, 3.0]))
    assert one.times.tolist() == [0.0, 1.0, 2.0, 4.0]
    assert one.levels.tolist() == [0.0, 2.0, 5.0, 3.0]
    assert one.lengths.tolist() == [1.0, 1.0, 2.0, 2.0]
    assert one.at(np.array([0.0, 0.9, 1.0, 3.9, 4.0, 5.9])).tolist() == [0.0, 0.0, 2.0, 5.0, 3.0, 3.0]
    assert (one.integral, one.peak) == (18.0, 5.0)


def test_a_level_is_exceeded_only_as_long_as_it_lasts():
    one = steps(np.zeros(2), np.array([10.0, 0.5]), 0.0, 10.0)
    assert [one.percentile(share) for share in (0.5, 0.95, 0.951, 1.0)] == [1.0, 1.0, 2.0, 2.0]


def test_weights_are_averaged_over_each_day_and_the_last_over_its_part():
    found = by_day(np.array([0.5, 2.0]), np.array([1.25, 9.0]), 2.5, np.array([4.0, 1.0]))
    assert found.tolist() == [2.0, 1.0, 1.0]


# -- series, checks and causes in full ---------------------------------------------------------------------------------


def everything() -> World:
    """A person in each place, and the programmes live."""
    world = World(horizon=4.0, practices_live=(1.5, 9.0))
    row = world.in_bed(0.0, 1.0, ready=0.5, package_hours=10.0, d2a=True)
    world.delay(row, "step_down", 0.5, 1.0)
    world.stay(row, "Step-down", 1.0, 2.0, queued=0.5)
    world.stay(row, "Placements", 2.0, 2.5)
    world.stay(row, "Home care", 2.5)
    gave_up = world.in_bed(0.0, 4.0, place="AMU")
    world.stays.append((gave_up, world.place("LIFE"), 1.0, NAN, 2.5, False))
    world.stay(world.spell(door=IN_COMMUNITY), "LIFE", 1.5, 3.0, queued=1.0)
    return world


def test_every_series_by_day_of_a_small_world():
    found = {name: series.tolist() for name, series in daily(everything().log()).items()}
    assert found == {
        "beds_core": [2.0, 1.0, 1.0, 1.0],
        "beds_escalation": [0.0] * 4,
        "core_capacity": [6.0] * 4,
        "waiting_for_bed": [0.0] * 4,
        "delayed": [0.5, 0.0, 0.0, 0.0],
        "life": [0.0, 0.5, 1.0, 0.0],
        "life_used": [0.0, 0.5, 1.0, 0.0],
        "life_capacity": [2.0] * 4,
        "life_waiting": [0.0, 1.5, 0.5, 0.0],
        "step_down": [0.0, 1.0, 0.0, 0.0],
        "placements": [0.0, 0.0, 0.5, 0.0],
        "home_care": [0.0, 0.0, 0.5, 1.0],
        "package_hours": [0.0, 0.0, 5.0, 10.0],
        "huddles_live": [0.0, 0.5, 1.0, 1.0],
        "d2a_people": [0.0, 1.0, 1.0, 1.0],
        "d2a_wards": [0.0, 1.0, 1.0, 1.0],
        "step_down_waiting": [0.5, 0.0, 0.0, 0.0],
        "placements_waiting": [0.0] * 4,
        "home_care_waiting": [0.0] * 4,
    }


def test_a_capacity_without_limit_for_a_while_is_infinite_on_those_days_only():
    world = World(horizon=4.0, places=(("LIFE 1", "life", 1), ("LIFE 2", "life", 1)))
    world.places[0] = PlaceInfo("LIFE 1", "life", "", (2.0, 3.0), (2.0, math.inf))
    world.places[1] = PlaceInfo("LIFE 2", "life", "", (0.0, 1.0), (5.0, 1.0))
    assert daily(world.log())["life_capacity"].tolist() == [7.0, 3.0, 3.0, math.inf]


def test_a_capacity_without_limit_before_the_window_is_none_of_it():
    world = World(horizon=4.0, places=(("Ward 1", "ward", 1),))
    world.places[0] = PlaceInfo("Ward 1", "ward", "", (0.0, 2.0), (math.inf, 4.0))
    world.in_bed(2.0, 4.0)
    assert measure(world.log(), (2.0, 4.0))["core_occupancy"] == 0.25


def test_who_has_left_and_who_is_inside_are_told_apart():
    world = World()
    world.in_bed(1.0, 2.0)
    world.in_bed(1.0, 3.0)
    world.in_bed(1.0)
    (said,) = (one.detail for one in checks(world.log()) if one.name == "people conserved")
    assert said.endswith("; admitted: 2 left, 1 inside; lost: 0")


def test_the_numbers_behind_each_check_are_given():
    world = everything()
    world.in_bed(1.0, 2.0, place="Escalation", pathway=-1, discharged=NAN, died=2.0)
    said = {one.name: one.detail for one in checks(world.log())}
    assert said["people conserved"].startswith("4 spells = 3 admitted, ")
    assert said["people conserved"].endswith("; admitted: 3 left, 0 inside; lost: 0")
    assert said["bed days add up"] == "by stay 6.000000, by day 6.000000, by pathway 6.000000"
    assert said["Little's law: ward"] == "mean number 0.250000; 0.250000 a day × 1.000000 days = 0.250000"
    assert said["capacity: LIFE"] == "peak 1, capacity up to 2; 0 entries above capacity"
    assert "capacity: A&E" not in said
    assert said["beds follow one another"] == "0 moves, 0 with a gap or an overlap"
    assert said["delays fit between ready and left"].startswith("1 delays, 0 outside")
    assert said["times in order"] == "0 of 8 stays and 0 of 4 spells out of order"
    assert said["measures within bounds"] == f"{len(measure(world.log()))} measures"


def test_a_breach_says_by_how_much_and_when_first():
    world = World(places=(("Ward 1", "ward", 1),))
    for at in (1.0, 2.5, 3.0):
        world.in_bed(at)
    (said,) = (one for one in checks(world.log()) if one.name == "capacity: Ward 1")
    assert not said.ok
    assert said.detail == "peak 3, capacity up to 1; 2 entries above capacity, at most 2 over, first on day 2.5000"


def failing(world: World, found: dict[str, float] | None = None) -> list[str]:
    return [check.name for check in checks(world.log(), found) if not check.ok]


def test_a_stay_beyond_the_edge_of_the_run_is_noticed():
    world = World()
    world.in_bed(1.0, 10.5)
    assert "times in order" in failing(world)


def test_a_place_entered_before_it_was_asked_for_is_noticed():
    world = World()
    row = world.spell(at=1.0, discharged=4.0)
    world.stay(row, "Ward 1", 2.0, 4.0, queued=3.0)
    assert "times in order" in failing(world)


def test_a_place_asked_for_before_presenting_is_noticed():
    world = World()
    world.stay(world.spell(at=3.0, discharged=4.0), "Ward 1", 3.0, 4.0, queued=2.0)
    assert failing(world) == ["times in order"]


@pytest.mark.parametrize(("start", "end"), [(2.9, 3.5), (3.5, 4.1), (3.8, 3.2)])
def test_a_delay_outside_ready_to_left_or_backwards_is_noticed(start: float, end: float):
    world = World()
    world.delay(world.in_bed(1.0, 4.0, ready=3.0), "life", start, end)
    assert failing(world) == ["delays fit between ready and left"]


def test_a_delay_that_runs_past_the_edge_or_death_is_noticed():
    for inside in ({"discharged": NAN}, {"discharged": NAN, "died": 9.0}):
        world = World()
        row = world.spell(at=1.0, ready=3.0, **inside)
        world.stay(row, "Ward 1", 1.0, inside.get("died", NAN))
        world.delay(row, "life", 8.5, 9.5 if "died" in inside else 10.5)
        assert "delays fit between ready and left" in failing(world)


@pytest.mark.parametrize(
    ("name", "value", "ok"),
    [
        ("bed_days", -1.0, False),
        ("bed_days", math.inf, False),
        ("bed_days", math.nan, True),
        ("bed_days", 7.0, True),
        ("wait_over_4h_share", 1.0, True),
        ("life_utilisation", 1.5, True),
        ("admissions_averted_huddle", -3.0, True),
        ("cost_beds", 1e9, True),
    ],
)
def test_bounds_of_measures(name: str, value: float, ok: bool):
    assert (failing(World(), {name: value}) == []) == ok


def test_what_is_said_of_measures_is_said_of_measures_there_are():
    assert [name for name in (*OF_CAPACITY, *SHARE_OF, *SHARE_OF.values()) if name not in MEASURES] == []
    assert {MEASURES[name].unit for name in (*OF_CAPACITY, *SHARE_OF)} == {"share"}
    assert {MEASURES[name].unit for name in SHARE_OF.values()} == {"people"}


def test_who_will_die_in_hospital_and_is_still_in_bed_is_not_lost():
    world = World()
    world.in_bed(8.0, pathway=-1)
    assert failing(world) == []


def test_a_value_out_of_bounds_is_named():
    (said,) = (one for one in checks(World().log(), {"bed_days": -1.0}) if not one.ok)
    assert said.detail == "bed_days = -1"


def test_bed_days_saved_are_of_the_bases_own_window_unless_another_is_given():
    base, alt = (World(window=(2.0, 7.0)), World(window=(0.0, 10.0)))
    base.in_bed(1.0, 8.0)
    alt.in_bed(1.0, 3.0)
    assert attribution(base.log(), alt.log())["total"] == 4.0
    assert attribution(base.log(), alt.log(), (0.0, 10.0))["total"] == 5.0


def test_who_fell_back_from_discharge_to_assess_belongs_to_it():
    base, alt = World(), World()
    base.in_bed(1.0, 3.0)
    alt.in_bed(1.0, 6.0, fell_back=True)
    assert attribution(base.log(), alt.log())["d2a"] == -3.0


def test_every_name_the_package_offers_is_there():
    assert [name for name in flowsim.measures.__all__ if not hasattr(flowsim.measures, name)] == []
    assert len(set(flowsim.measures.__all__)) == len(flowsim.measures.__all__)
