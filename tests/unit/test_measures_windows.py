"""Measures through a window that begins after the run does and ends before it, and what lies on its very edges."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from logs import NAN, World

from flowsim.events import AVERTED_HUDDLE, ENDED, IN_COMMUNITY, PACKAGE, PlaceInfo
from flowsim.measures import COMPARED, MEASURES, OCCUPANCY, daily, describe, measure
from flowsim.measures.registry import Register
from flowsim.measures.view import View

pytestmark = pytest.mark.unit

WINDOW = (2.0, 7.0)


def values(world: World, window: tuple[float, float] | None = WINDOW, **more: Any) -> dict[str, float]:
    return measure(world.log(), window, **more)


# -- the window --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [(3.0, 3.0), (4.0, 3.0), (-1.0, 3.0), (3.0, 10.5)])
def test_a_window_that_is_empty_or_outside_the_run_is_refused(window: tuple[float, float]):
    with pytest.raises(ValueError, match=r"must be within the run, 0 to 10 days"):
        measure(World().log(), window)


def test_the_whole_run_may_be_the_window():
    world = World()
    world.in_bed(0.0)
    assert values(world, (0.0, 10.0))["bed_days"] == 10.0


def test_what_happens_at_the_first_instant_of_the_window_is_in_it_and_at_its_last_is_not():
    world = World()
    for at in WINDOW:
        world.in_bed(at - 1.0, at, origin="initial", d2a=True, pathway=-1, died=at, discharged=at)
        row = world.in_bed(at, root=int(at), package_at=at, package_hours=3.0, person=int(at))
        world.stay(row, "LIFE", at)
        world.stay(row, "Placements", at)
        world.meetings.append((0, at, 5, 2))
        world.in_bed(at, root=int(at), depth=1, origin="readmission")
    found = values(world)
    once = (
        "presentations packages_started life_starts placements d2a_people huddles_held deaths_in_hospital readmissions"
    )
    assert {name: found[name] for name in once.split()} == dict.fromkeys(once.split(), 1.0)


def test_means_over_time_are_over_the_days_of_the_window():
    world = World()
    row = world.in_bed(1.0, 4.0)  # two days of the window
    world.delay(row, "timing", 3.0, 4.0)
    world.in_bed(6.0, place="Escalation")  # one
    waits = world.spell(at=5.0)
    world.stay(waits, "Ward 2", 6.5, queued=5.0)  # waits a day and a half, then half a day
    found = values(world)
    expected = {
        "core_beds_occupied_mean": 2.5 / 5,
        "beds_occupied_mean": 3.5 / 5,
        "escalation_beds_mean": 1 / 5,
        "delayed_beds_mean": 1 / 5,
        "waiting_for_bed_mean": 1.5 / 5,
        "delayed_bed_days_timing": 1.0,
        "escalation_beds_peak": 1.0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_days_in_services_are_days_of_the_window():
    world = World()
    row = world.spell(door=IN_COMMUNITY, package_hours=14.0)
    for place in ("Step-down", "Placements", "Home care", "LIFE", "Reablement"):
        world.stay(row, place, 1.0, 5.5)
    found = values(world)
    assert found["step_down_bed_days"] == 3.5
    assert found["step_down_occupied_mean"] == 0.7
    assert found["placement_weeks"] == 0.5
    assert found["home_care_hours"] == 7.0
    assert found["life_occupied_mean"] == 0.7
    assert (found["life_starts"], found["reablement_starts"]) == (0.0, 0.0)
    assert values(world, (0.0, 7.0))["reablement_starts"] == 1.0


def test_packages_running_at_the_end_are_those_entered_before_it_and_not_left():
    world = World()
    for begin, end in ((1.0, 7.0), (1.0, 6.9), (6.9, NAN), (7.0, NAN)):
        world.stay(world.spell(door=IN_COMMUNITY, package_hours=10.0, package_at=begin), "Home care", begin, end)
    assert values(world)["package_hours_weekly_end"] == 20.0


def test_capacity_counts_in_the_days_of_the_window_and_its_first_value_before_its_day_too():
    world = World(places=(("Ward 1", "ward", 2), ("LIFE", "life", 2)))
    world.places[0] = PlaceInfo("Ward 1", "ward", "", (1.0, 3.0, 9.0), (2.0, 4.0, 50.0))
    world.in_bed(0.0, 10.0)
    assert values(world)["core_occupancy"] == pytest.approx(5.0 / (2 * 1 + 4 * 4))
    assert values(world, (0.0, 2.0))["core_occupancy"] == pytest.approx(2.0 / 4)


def test_life_without_limit_has_no_utilisation():
    world = World(places=(("Ward 1", "ward", 2), ("LIFE", "life", math.inf)))
    world.stay(world.in_bed(0.0, 1.0), "LIFE", 1.0)
    assert math.isnan(values(world)["life_utilisation"])


def test_visits_in_use_are_each_persons_own_and_last_until_they_change():
    world = World(places=(("Ward 1", "ward", 5), ("LIFE", "life", 10), ("LIFE 2", "life", 10)))
    one, two = (world.in_bed(0.0, 1.0) for _ in range(2))
    world.stay(one, "LIFE", 1.0)
    world.stay(two, "LIFE", 1.0, 6.0)
    world.units += [(two, 1, 1.0, 3.0), (one, 1, 1.0, 4.0), (one, 1, 5.0, 2.0), (two, 1, 6.0, 0.0)]
    heads = world.in_bed(0.0, 1.0)
    world.stay(heads, "LIFE 2", 3.0, 5.0)
    used = 4 * 3 + 2 * 2 + 3 * 4 + 2
    assert values(world)["life_utilisation"] == pytest.approx(used / 100)
    assert daily(world.log())["life_used"].tolist() == [0, 7, 7, 8, 8, 5, 2, 2, 2, 2]


# -- waits -------------------------------------------------------------------------------------------------------------


def test_a_wait_counts_if_it_ended_in_the_window_or_was_still_on_at_its_end():
    world = World()
    for asked, entered in ((0.0, 1.0), (1.0, 2.0), (3.0, 6.0), (5.0, 7.0), (6.0, 9.0), (7.0, 8.0)):
        world.stay(world.spell(at=asked), "Ward 1", entered, queued=asked)
    counted = [1.0, 3.0, 2.0, 1.0]  # days: the last two up to the end of the window
    assert values(world)["wait_for_bed_hours_mean"] == pytest.approx(24 * np.mean(counted))


def test_waits_of_the_run_for_life_are_those_of_slots():
    world = World()
    for asked, entered in ((1.0, 3.0), (2.0, 2.0)):
        world.stay(world.in_bed(0.0), "LIFE", entered, queued=asked)
    put = world.spell(origin="initial", door=IN_COMMUNITY)
    world.stay(put, "LIFE", 0.0)
    queued_at_start = world.spell(origin="initial", door=IN_COMMUNITY)
    world.stay(queued_at_start, "LIFE", 4.0, queued=0.0)
    assert values(world, None)["life_wait_days_mean"] == pytest.approx((2.0 + 0.0 + 4.0) / 3)


def test_who_was_put_into_a_bed_at_the_start_did_not_wait_for_it():
    world = World()
    world.in_bed(0.0, origin="initial")
    row = world.spell(origin="initial")
    world.stay(row, "Ward 1", 0.5, queued=0.0)
    assert values(world, None)["wait_for_bed_hours_mean"] == 12.0


def test_who_gave_up_waiting_for_a_bed_waited_until_then():
    world = World()
    row = world.spell(at=1.0)
    world.stays.append((row, world.place("A&E"), 1.0, NAN, 3.0, False))
    assert values(world)["wait_for_bed_hours_mean"] == 48.0


# -- escalation --------------------------------------------------------------------------------------------------------


def test_the_largest_fall_is_between_days_ten_apart_within_the_window():
    world = World(horizon=20.0, window=(2.0, 18.0))
    for _ in range(3):
        world.in_bed(1.0, 5.5, place="Escalation")
    world.in_bed(0.0, 2.0, place="Escalation")
    world.in_bed(13.0, 15.0, place="Escalation")
    assert measure(world.log())["escalation_beds_largest_fall_10_days"] == 3.0
    assert measure(world.log(), (6.0, 18.0))["escalation_beds_largest_fall_10_days"] == 0.0


def test_escalation_beds_of_a_short_peak_are_not_those_of_95_percent_of_the_time():
    world = World()
    world.in_bed(0.0, place="Escalation")
    world.in_bed(4.0, 4.2, place="Escalation")
    assert values(world)["escalation_beds_p95"] == 1.0
    assert values(world, (4.0, 6.0))["escalation_beds_p95"] == 2.0


def test_escalation_days_are_calendar_days_of_the_window():
    world = World()
    world.in_bed(0.5, 2.5, place="Escalation")
    world.in_bed(4.0, 5.0, place="Escalation")
    world.in_bed(6.9, 9.0, place="Escalation")
    assert values(world)["escalation_days_open"] == 3.0


# -- support over six weeks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("began", "ended", "share"),
    [(8.0, 50.0, 1.0), (7.9, 49.0, math.nan), (57.9, 99.0, 1.0), (58.0, 80.0, math.nan), (10.0, 52.5, 0.0)],
)
def test_six_weeks_are_followed_from_42_days_before_the_window_to_42_before_its_end(began, ended, share):
    world = World(horizon=120.0, window=(50.0, 100.0))
    row = world.in_bed(began - 1.0, began, support_end=ENDED)
    world.stay(row, "LIFE", began, ended)
    assert measure(world.log())["packages_ended_6_weeks_share"] == pytest.approx(share, nan_ok=True)


def test_without_life_the_reablement_before_it_is_followed():
    world = World(horizon=100.0)
    for how in (ENDED, PACKAGE):
        row = world.in_bed(9.0, 10.0, support_end=how)
        world.stay(row, "Reablement", 10.0, 40.0)
    assert measure(world.log())["packages_ended_6_weeks_share"] == 0.5


# -- readmission and Huddles -------------------------------------------------------------------------------------------


def test_a_readmission_on_the_thirtieth_day_counts_and_who_leaves_within_the_last_thirty_is_not_followed():
    world = World(horizon=100.0, window=(10.0, 90.0))
    world.in_bed(5.0, 10.0, readmitted=40.0)
    world.in_bed(5.0, 59.0, readmitted=89.5)
    world.in_bed(5.0, 60.0, readmitted=61.0)
    world.in_bed(5.0, 9.9, readmitted=11.0)
    assert measure(world.log())["readmissions_30d_share"] == 0.5


@pytest.mark.parametrize(
    ("origin", "share"), [("presentation", 1.0), ("readmission", 1.0), ("scripted", 1.0), ("initial", math.nan)]
)
def test_readmission_is_followed_in_everybody_but_those_there_at_the_start(origin: str, share: float):
    world = World(horizon=100.0)
    world.in_bed(1.0, 2.0, origin=origin, readmitted=31.0)
    assert measure(world.log())["readmissions_30d_share"] == pytest.approx(share, nan_ok=True)


@pytest.mark.parametrize(
    ("place", "at_home"), [("A&E", 0.0), ("Ward 1", 0.0), ("Escalation", 0.0), ("Step-down", 0.0), ("Home care", 1.0)]
)
def test_who_waits_in_a_and_e_or_lies_in_a_bed_on_day_91_is_not_at_home(place: str, at_home: float):
    world = World(horizon=120.0)
    row = world.in_bed(1.0, 10.0)
    world.stay(row, "LIFE", 10.0, 40.0)
    world.stay(row, place, NAN if place == "A&E" else 100.0, queued=100.0)
    assert measure(world.log())["at_home_91d_share"] == at_home


def test_those_of_the_reablement_before_life_are_followed_home_too():
    world = World(horizon=120.0)
    world.stay(world.in_bed(1.0, 10.0), "Reablement", 10.0, 40.0)
    assert measure(world.log())["at_home_91d_share"] == 1.0


def test_the_first_place_of_a_run_may_be_a_home_ward():
    world = World(places=(("Ward 1", "ward", 2), ("Ward 2", "ward", 2)))
    world.in_bed(2.0, 5.0, place="Ward 2", home_ward="Ward 1")
    world.in_bed(2.0, 5.0, place="Ward 1", home_ward="Ward 1")
    assert values(world)["outlier_bed_days"] == 3.0


def test_an_averted_readmission_is_none():
    world = World()
    world.spell(at=3.0, door=AVERTED_HUDDLE, depth=1, origin="readmission")
    found = values(world)
    assert (found["readmissions"], found["admissions_averted_huddle"]) == (0.0, 1.0)


def test_support_by_a_huddle_begins_at_its_start_and_is_over_at_its_end():
    world = World()
    for at in (2.0, 3.0, 5.0):
        world.in_bed(at, at + 0.5, person=4)
    world.supports.append((4, 0, 2.0, 5.0))
    assert values(world)["huddled_people_admitted"] == 2.0


# -- money and names ---------------------------------------------------------------------------------------------------


def test_an_item_priced_twice_is_one_item():
    world = World()
    world.in_bed(2.0, 4.0)
    prices = [("beds", "core_bed_day", 100.0, "trust"), ("beds", "core_bed_day", 20.0, "ccg")]
    found = values(world, costs=prices)
    expected = {"cost_total": 240.0, "cost_beds": 240.0, "cost_payer_trust": 200.0, "cost_payer_ccg": 40.0}
    assert {name: one for name, one in found.items() if name.startswith("cost_")} == expected


VOLUMES = {
    "core_bed_day": 2.0,
    "escalation_bed_day": 4.0,
    "life_start": 1.0,
    "reablement_start": 1.0,
    "home_care_hour": 2.0,
    "placement_week": 1.5 / 7,
    "step_down_bed_day": 3.0,
    "huddle": 1.0,
}


@pytest.mark.parametrize("driver", list(VOLUMES))
def test_each_thing_priced_costs_its_volume(driver: str):
    world = World()
    row = world.in_bed(2.0, 4.0, package_hours=7.0)
    world.in_bed(3.0, 7.0, place="Escalation")
    for place, until in (
        ("LIFE", 5.0),
        ("Reablement", 5.0),
        ("Home care", 6.0),
        ("Placements", 5.5),
        ("Step-down", 7.0),
    ):
        world.stay(row, place, 4.0, until)
    world.meetings.append((0, 3.0, 5, 2))
    assert values(world, costs=[("it", driver, 10.0, "us")])["cost_it"] == pytest.approx(10 * VOLUMES[driver])


def test_costs_and_comparisons_are_described_by_name_unit_and_direction():
    said = {name: (describe(name).id, describe(name).unit, describe(name).better) for name in COMPARED}
    assert said == {
        "bed_days_saved": ("bed_days_saved", "days", "higher"),
        "beds_equivalent": ("beds_equivalent", "beds", "higher"),
    }
    total, payer, item = (describe(name) for name in ("cost_total", "cost_payer_the_trust", "cost_extra_beds"))
    assert [(one.unit, one.better) for one in (total, payer, item)] == [("pounds", "lower")] * 3
    assert (total.id, payer.id, item.id) == ("cost_total", "cost_payer_the_trust", "cost_extra_beds")
    assert "paid by the trust" in payer.definition
    assert "extra beds" in item.definition
    assert all(one.definition for one in (total, *COMPARED.values()))


def test_every_measure_has_a_known_direction_and_its_own_name():
    assert {one.better for one in MEASURES.values()} == {"higher", "lower", "neutral"}
    assert [name for name, one in MEASURES.items() if one.id != name] == []


def test_the_reported_bed_days_are_44_beds_at_the_occupancy_assumed():
    beds = 15_000 / 365 / OCCUPANCY
    assert beds == pytest.approx(44.0, abs=0.05)


def test_a_measure_is_named_by_its_function_and_defined_by_its_docstring():
    register = Register()

    @register.add("people", "lower")
    def lost(v: View) -> float:
        """Somebody  who
        is gone."""
        return float(v.spells)

    assert register.rules == {"lost": lost}
    one = register.measures["lost"]
    assert (one.id, one.unit, one.better, one.definition) == ("lost", "people", "lower", "Somebody who is gone.")
    with pytest.raises(ValueError, match="measure 'lost' is defined twice"):
        register.put("lost", "people", "lower", "Again.", lost)
