"""How often escalation is opened, packages by size and weeks, and wards that have used Discharge to Assess."""

from __future__ import annotations

import numpy as np
import pytest
from logs import NAN, World

from flowsim.events import IN_COMMUNITY
from flowsim.measures import TRACKERS, daily, measure, trackers

pytestmark = pytest.mark.unit

COLUMNS = list(TRACKERS["packages"][1])


def opened() -> World:
    """Escalation in use on days 0 to 2, 4, and 6 and 7 of ten."""
    world = World()
    world.in_bed(0.5, 2.5, place="Escalation")
    world.in_bed(4.2, 4.8, place="Escalation")
    world.in_bed(6.9, 7.1, place="Escalation")
    return world


def packages(*weeks: float, hours: float = 10.0) -> World:
    """Packages that begin on day 10 of 365 and last so many weeks; NaN for no end."""
    world = World(horizon=365.0)
    for each in weeks:
        row = world.spell(door=IN_COMMUNITY, package_hours=hours, package_at=10.0)
        world.stay(row, "Home care", 10.0, 10.0 + 7 * each)
    return world


def row_of(world: World, size: str = "medium") -> dict[str, float]:
    """Packages of one size over all months, without the zeros."""
    found = trackers(world.log())["packages"]
    sums = found.values[found.rows.index(size)].sum(axis=0)
    return {name: float(value) for name, value in zip(COLUMNS, sums, strict=True) if value}


def test_escalation_is_opened_once_for_days_on_end() -> None:
    assert measure(opened().log())["escalation_times_opened"] == 3.0


def test_the_longest_time_open_is_in_calendar_days() -> None:
    assert measure(opened().log())["escalation_longest_open"] == 3.0


def test_a_stretch_is_cut_at_the_ends_of_the_window() -> None:
    values = measure(opened().log(), (1.0, 7.0))
    assert (values["escalation_times_opened"], values["escalation_longest_open"]) == (3.0, 2.0)


def test_escalation_never_open_was_opened_no_time() -> None:
    values = measure(World().log())
    assert (values["escalation_times_opened"], values["escalation_longest_open"]) == (0.0, 0.0)


def test_days_open_are_those_with_escalation_beds_in_the_series_by_day() -> None:
    log = opened().log()
    assert (daily(log)["beds_escalation"] > 0).sum() == measure(log)["escalation_days_open"]


def test_packages_are_counted_by_the_weeks_after_which_they_ended() -> None:
    assert row_of(packages(2.0, 6.0, 7.0, 20.0, 30.0, NAN)) == dict(zip(COLUMNS, (6, 2, 1, 1, 1, 1), strict=True))


def test_a_package_that_ends_after_the_window_is_still_running() -> None:
    found = trackers(packages(20.0).log(), (0.0, 100.0))["packages"]
    assert found.values.sum(axis=(0, 1))[-1] == 1.0


def test_packages_begun_add_up_to_the_measures_by_size() -> None:
    log = packages(1.0, NAN, 9.0, hours=15.0).log()
    sums = dict(zip(TRACKERS["packages"][1], trackers(log)["packages"].values.sum(axis=(0, 1)), strict=True))
    assert sums["begun"] == measure(log)["packages_large"] == measure(log)["packages_started"]


def test_limits_of_size_are_those_given() -> None:
    found = trackers(packages(1.0).log(), package_limits=(12.0, 20.0))["packages"]
    assert found.values[0].sum() == 2.0


def test_packages_there_at_the_start_are_not_begun() -> None:
    world = World()
    world.stay(world.spell(origin="initial", door=IN_COMMUNITY, package_hours=10.0, package_at=0.0), "Home care", 0.0)
    assert row_of(world) == {}


def test_a_ward_has_used_discharge_to_assess_from_its_first_such_discharge() -> None:
    world = World(horizon=5.0)
    world.in_bed(0.0, 1.5, d2a=True)
    world.in_bed(0.0, 3.5, place="Ward 2", d2a=True)
    world.in_bed(0.0, 4.5, place="Ward 2", d2a=True)
    world.in_bed(0.0, 2.5, place="AMU")
    assert np.array_equal(daily(world.log())["d2a_wards"], [0.0, 1.0, 1.0, 2.0, 2.0])
