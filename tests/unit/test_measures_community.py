"""Measures of LIFE, packages, outcomes, Huddles and money on worlds of a few people."""

import math

import pytest
from logs import NAN, World

from flowsim.events import BACK_TO_HOSPITAL, DIED, ENDED, IN_COMMUNITY, NO_NEED, PACKAGE, STILL_SUPPORTED
from flowsim.measures import describe, measure

pytestmark = pytest.mark.unit


def home_first(world: World, left: float, ended: float = NAN, place: str = "LIFE", **columns: object) -> int:
    """One person who leaves a bed for support at home."""
    row = world.in_bed(left - 1.0, left, pathway="P2_home", **columns)
    world.stay(row, place, left, ended)
    return row


def test_life_in_use_over_slots():
    world = World()
    home_first(world, 2.0, 7.0)
    values = measure(world.log())
    assert (values["life_starts"], values["life_occupied_mean"], values["life_utilisation"]) == (1.0, 0.5, 0.25)


def test_life_utilisation_counts_visits_where_visits_are_its_capacity():
    world = World(places=(("Ward 1", "ward", 5), ("LIFE", "life", 8)))
    row = home_first(world, 2.0, 7.0)
    world.units += [(row, 1, 2.0, 4.0), (row, 1, 5.0, 2.0), (row, 1, 7.0, 0.0)]
    assert measure(world.log())["life_utilisation"] == pytest.approx((3 * 4 + 2 * 2) / 80)


def test_someone_still_in_life_counts_up_to_the_edge():
    world = World()
    home_first(world, 6.0)
    assert measure(world.log(), (0.0, 8.0))["life_occupied_mean"] == 0.25


def test_people_in_life_when_the_clock_started_are_no_starts():
    world = World()
    row = world.spell(origin="initial", door=IN_COMMUNITY)
    world.stay(row, "LIFE", 0.0, 3.0)
    assert measure(world.log())["life_starts"] == 0.0


def test_waits_for_life_count_slots_got_given_up_and_still_wanted():
    world = World()
    got, gave_up, still = (world.in_bed(0.0) for _ in range(3))
    world.stay(got, "LIFE", 4.0, queued=2.0)
    world.stays.append((gave_up, world.place("LIFE"), 1.0, NAN, 5.0, False))
    world.stay(still, "LIFE", NAN, queued=7.0)
    assert measure(world.log())["life_wait_days_mean"] == pytest.approx((2.0 + 4.0 + 3.0) / 3)


def test_a_fallback_is_a_person_who_gave_up_and_not_one_who_died_waiting():
    world = World()
    for fell_back in (True, False):
        row = world.in_bed(0.0, fell_back=fell_back)
        world.stays.append((row, world.place("LIFE"), 1.0, NAN, 5.0, False))
    assert measure(world.log())["life_fallbacks"] == 1.0


def test_first_visits_within_two_hours():
    world = World()
    for hours in (1.0, 2.0, 2.5, NAN):
        home_first(world, 2.0, 7.0, first_visit=hours)
    assert measure(world.log())["life_first_visit_2h_share"] == pytest.approx(2 / 3)


def test_packages_ended_follows_those_whose_six_weeks_are_over():
    world = World(horizon=100.0, window=(50.0, 100.0))
    home_first(world, 10.0, 40.0, support_end=ENDED)
    home_first(world, 10.0, 55.0, support_end=PACKAGE)
    home_first(world, 30.0, support_end=STILL_SUPPORTED)
    home_first(world, 30.0, 60.0, support_end=BACK_TO_HOSPITAL)
    home_first(world, 5.0, 20.0, support_end=ENDED)  # too early
    home_first(world, 70.0, 80.0, support_end=ENDED)  # too late: others who began then are still supported
    assert measure(world.log())["packages_ended_6_weeks_share"] == pytest.approx(1 / 3)


def test_life_is_followed_apart_from_reablement():
    world = World(horizon=100.0)
    home_first(world, 10.0, 40.0, support_end=ENDED)
    home_first(world, 10.0, 60.0, place="Reablement", support_end=PACKAGE)
    values = measure(world.log())
    assert (values["packages_ended_6_weeks_share"], values["all_support_ended_6_weeks_share"]) == (1.0, 0.5)


def test_six_weeks_begin_on_leaving_hospital_even_if_the_slot_was_kept_before():
    world = World(horizon=100.0)
    row = world.in_bed(5.0, 10.0, support_end=ENDED)
    world.stay(row, "LIFE", 9.5, 51.9)
    assert measure(world.log())["packages_ended_6_weeks_share"] == 1.0


def test_no_long_term_package_includes_those_who_need_nothing_at_the_cap():
    world = World(horizon=100.0)
    for how in (ENDED, NO_NEED, PACKAGE, DIED):
        home_first(world, 10.0, 52.0 if how != DIED else 20.0, place="Reablement", support_end=how)
    assert measure(world.log())["no_long_term_package_share"] == pytest.approx(2 / 3)


def test_what_happens_after_the_window_does_not_change_its_shares():
    world = World(horizon=200.0)
    home_first(world, 10.0, 150.0, support_end=NO_NEED)
    assert measure(world.log(), (0.0, 100.0))["no_long_term_package_share"] == 0.0


def test_packages_by_size_and_their_hours_at_the_end():
    world = World()
    for hours in (6.0, 7.0, 14.0, 15.0):
        row = world.spell(door=IN_COMMUNITY, package_hours=hours, package_at=2.0)
        world.stay(row, "Home care", 2.0, NAN if hours > 6 else 9.0)
    values = measure(world.log())
    assert [values[f"packages_{size}"] for size in ("small", "medium", "large")] == [1.0, 2.0, 1.0]
    assert (values["packages_started"], values["package_hours_weekly_end"]) == (4.0, 36.0)


def test_package_limits_can_be_given():
    world = World()
    world.spell(door=IN_COMMUNITY, package_hours=9.0, package_at=2.0)
    assert measure(world.log(), package_limits=(10.0, 20.0))["packages_small"] == 1.0


def test_the_starting_stock_of_packages_is_no_start_but_has_hours():
    world = World()
    row = world.spell(origin="initial", door=IN_COMMUNITY, package_hours=10.0, package_at=0.0)
    world.stay(row, "Home care", 0.0)
    values = measure(world.log())
    assert (values["packages_started"], values["package_hours_weekly_end"]) == (0.0, 10.0)
    assert values["home_care_hours"] == pytest.approx(100 / 7)


def test_readmissions_follow_those_who_could_be_followed_for_30_days():
    world = World(horizon=100.0)
    world.in_bed(1.0, 2.0, readmitted=31.0)
    world.in_bed(1.0, 2.0, readmitted=33.0)
    world.in_bed(1.0, 2.0)
    world.in_bed(70.0, 80.0, readmitted=81.0)
    assert measure(world.log())["readmissions_30d_share"] == pytest.approx(1 / 3)


def test_a_window_too_short_to_follow_anybody_has_no_readmission_share():
    world = World(horizon=20.0)
    world.in_bed(1.0, 2.0, readmitted=5.0)
    assert math.isnan(measure(world.log())["readmissions_30d_share"])


def test_at_home_on_day_91_is_not_dead_not_in_a_bed_and_not_placed():
    world = World(horizon=200.0)
    home_first(world, 10.0, 40.0)
    home_first(world, 10.0, 40.0, died=60.0)
    placed = home_first(world, 10.0, 40.0)
    world.stay(placed, "Placements", 40.0)
    back = home_first(world, 10.0, 40.0)
    world.in_bed(100.0, 102.0, root=back, depth=1, origin="readmission")
    home_again = home_first(world, 10.0, 40.0)
    world.in_bed(80.0, 101.0, root=home_again, depth=1, origin="readmission")
    home_first(world, 150.0, 180.0)  # day 91 comes after the window
    assert measure(world.log())["at_home_91d_share"] == pytest.approx(2 / 5)


def test_another_presentation_of_the_same_person_is_followed_too():
    world = World(horizon=200.0)
    home_first(world, 10.0, 40.0, person=7)
    world.in_bed(100.0, 102.0, person=7)
    assert measure(world.log())["at_home_91d_share"] == 0.0


def test_step_down_and_placements():
    world = World()
    row = world.in_bed(0.0, 1.0)
    world.stay(row, "Step-down", 1.0, 6.0)
    world.stay(row, "Placements", 6.0)
    values = measure(world.log())
    assert (values["step_down_occupied_mean"], values["placements"]) == (0.5, 1.0)


def test_huddles_are_counted_in_the_window():
    world = World(practices_live=(2.0, 8.0))
    world.meetings += [(0, 2.0, 8, 3), (0, 7.0, 9, 2), (1, 8.0, 5, 1)]
    values = measure(world.log(), (5.0, 8.0))
    names = ("huddles_live_end", "huddles_held", "cases_reviewed", "people_supported")
    assert [values[name] for name in names] == [1.0, 1.0, 9.0, 2.0]


def test_huddled_people_admitted_were_supported_when_they_presented():
    world = World()
    world.in_bed(3.0, 4.0, person=5)
    world.in_bed(8.0, 9.0, person=5)
    world.in_bed(3.0, 4.0, person=6)
    world.supports += [(5, 0, 2.0, 7.0), (5, 0, 2.5, 7.5)]
    assert measure(world.log())["huddled_people_admitted"] == 1.0


def test_d2a_people_left_in_the_window():
    world = World()
    world.in_bed(1.0, 2.0, d2a=True)
    world.in_bed(1.0, 6.0, d2a=True)
    assert measure(world.log(), (5.0, 10.0))["d2a_people"] == 1.0


PRICES = (
    ("beds", "core_bed_day", 100.0, "hospital_trust"),
    ("extra_beds", "escalation_bed_day", 50.0, "hospital_trust"),
    ("life", "life_start", 1000.0, "ccg"),
)


def test_costs_by_item_and_payer_add_up():
    world = World()
    home_first(world, 2.0, 7.0)
    world.in_bed(2.0, 4.0, place="Escalation")
    values = measure(world.log(), costs=PRICES)
    expected = {"cost_total": 1200.0, "cost_beds": 100.0, "cost_extra_beds": 100.0, "cost_life": 1000.0}
    expected |= {"cost_payer_hospital_trust": 200.0, "cost_payer_ccg": 1000.0}
    assert {name: one for name, one in values.items() if name.startswith("cost_")} == expected


def test_without_prices_the_cost_is_not_known():
    assert math.isnan(measure(World().log())["cost_total"])


def test_a_price_of_something_uncounted_is_refused():
    with pytest.raises(ValueError, match="cost 'taxis' is per 'mile'"):
        measure(World().log(), costs=[("taxis", "mile", 2.0, "ccg")])


def test_costs_describe_themselves():
    assert describe("cost_payer_ccg").unit == "pounds"
