"""Measures of the hospital on worlds of one or two people."""

import math

import pytest
from logs import NAN, World

from flowsim.events import AVERTED_HUDDLE, DIVERTED, TURNED_ROUND, WAITING
from flowsim.measures import MEASURES, describe, measure

pytestmark = pytest.mark.unit


def value(world: World, name: str, window: tuple[float, float] | None = None) -> float:
    return measure(world.log(), window)[name]


def test_every_measure_is_given_in_the_order_of_the_registry():
    world = World()
    world.in_bed(1.0, 3.0)
    assert list(measure(world.log())) == list(MEASURES)


def test_every_measure_has_a_definition_and_a_unit():
    assert [one.id for one in MEASURES.values() if len(one.definition) < 20 or not one.unit] == []


PUBLIC = """
presentations admissions admissions_averted_huddle admissions_averted_front_door bed_days beds_occupied_mean
beds_occupied_p95 length_of_stay_mean length_of_stay_d2a_mean delayed_bed_days wait_for_bed_hours_mean
wait_over_4h_share outlier_bed_days escalation_bed_days escalation_beds_mean escalation_beds_p95
escalation_beds_peak escalation_days_open life_starts life_occupied_mean life_utilisation life_wait_days_mean
life_first_visit_2h_share life_fallbacks packages_ended_6_weeks_share no_long_term_package_share
packages_started package_hours_weekly_end packages_small packages_medium packages_large
step_down_occupied_mean placements readmissions_30d_share at_home_91d_share deaths_in_hospital
huddles_live_end huddles_held cases_reviewed people_supported huddled_people_admitted cost_total
"""


def test_the_public_names_are_all_there():
    assert [name for name in PUBLIC.split() if name not in MEASURES] == []


def test_describe_names_an_unknown_measure():
    with pytest.raises(KeyError, match="no measure is called 'beds'"):
        describe("beds")


def test_an_empty_log_has_no_bed_days_and_no_mean_stay():
    values = measure(World().log())
    assert values["bed_days"] == 0.0
    assert math.isnan(values["length_of_stay_mean"])


def test_a_window_beyond_the_run_is_refused():
    with pytest.raises(ValueError, match="within the run, 0 to 10 days"):
        measure(World().log(), (0.0, 11.0))


def test_someone_still_inside_counts_up_to_the_edge():
    world = World()
    world.in_bed(7.5)
    assert value(world, "bed_days") == 2.5


def test_someone_spanning_the_start_counts_from_the_start():
    world = World()
    world.in_bed(1.0, 5.0)
    assert value(world, "bed_days", (3.0, 8.0)) == 2.0


def test_someone_spanning_the_end_counts_up_to_the_end():
    world = World()
    world.in_bed(1.0, 9.0)
    assert value(world, "bed_days", (3.0, 8.0)) == 5.0


def test_bed_days_are_core_and_escalation():
    world = World()
    world.in_bed(1.0, 4.0)
    world.in_bed(2.0, 4.0, place="Escalation")
    values = measure(world.log())
    assert (values["bed_days"], values["core_bed_days"], values["escalation_bed_days"]) == (5.0, 3.0, 2.0)


def test_life_slots_are_no_bed_days():
    world = World()
    row = world.in_bed(1.0, 4.0)
    world.stay(row, "LIFE", 3.5, 9.0)
    assert value(world, "bed_days") == 3.0


def test_presentations_count_the_averted_and_not_the_induced_or_readmitted():
    world = World()
    world.in_bed(1.0, 2.0)
    world.spell(at=1.0, door=AVERTED_HUDDLE)
    world.in_bed(1.0, 2.0, induced=True)
    world.in_bed(3.0, 4.0, root=0, depth=1, origin="readmission")
    assert value(world, "presentations") == 2.0


def test_induced_presentations_are_taken_off_those_averted():
    world = World()
    world.spell(at=1.0, door=AVERTED_HUDDLE)
    world.in_bed(1.0, 2.0, induced=True)
    world.in_bed(2.0, 3.0, induced=True)
    assert value(world, "admissions_averted_huddle") == -1.0


def test_a_presentation_at_the_end_of_the_window_is_outside_it():
    world = World()
    world.in_bed(3.0, 4.0)
    world.in_bed(6.0, 7.0)
    assert value(world, "presentations", (3.0, 6.0)) == 1.0


def test_an_admission_counts_when_the_first_bed_is_entered():
    world = World()
    row = world.spell(at=2.5, discharged=5.0)
    world.stay(row, "AMU", 3.5, 4.0, queued=2.5)
    world.stay(row, "Ward 1", 4.0, 5.0)
    assert [value(world, "admissions", (2.0, 3.0)), value(world, "admissions", (3.0, 5.0))] == [0.0, 1.0]


def test_people_already_there_are_no_admissions():
    world = World()
    world.in_bed(0.0, 2.0, origin="initial")
    assert value(world, "admissions") == 0.0


def test_turned_round_people_are_front_door_aversions():
    world = World()
    world.spell(at=1.0, door=TURNED_ROUND)
    world.spell(at=1.0, door=DIVERTED)
    assert value(world, "admissions_averted_front_door") == 1.0


def test_95th_percentile_of_beds_is_weighted_by_time():
    world = World()
    world.in_bed(0.0)
    world.in_bed(9.0, 9.6)
    assert value(world, "beds_occupied_p95") == 2.0
    assert value(world, "beds_occupied_p95", (0.0, 9.02)) == 1.0


def test_mean_stay_is_bed_days_over_those_who_left():
    world = World()
    world.in_bed(1.0, 4.0)
    world.in_bed(8.0)
    world.in_bed(1.0, 2.0, pathway=-1, discharged=NAN, died=2.0)
    assert value(world, "length_of_stay_mean") == (3.0 + 2.0 + 1.0) / 2


def test_d2a_stay_is_the_whole_stay_of_those_who_would_accept():
    world = World()
    world.in_bed(1.0, 5.0, pathway="P2_home", accepts_d2a=True)
    world.in_bed(1.0, 9.0, pathway="P2_home")
    world.in_bed(1.0, 9.0, pathway="P1", accepts_d2a=True)
    assert value(world, "length_of_stay_d2a_mean", (4.0, 10.0)) == 4.0


def test_long_stays_are_the_beds_held_beyond_day_21():
    world = World(horizon=30.0)
    row = world.spell(at=1.0, discharged=26.0)
    world.stay(row, "AMU", 1.0, 3.0)
    world.stay(row, "Ward 1", 3.0, 26.0)
    assert value(world, "long_stay_beds_share") == pytest.approx(4.0 / 25.0)


def test_delays_count_within_the_window_by_reason():
    world = World()
    row = world.in_bed(1.0, 8.0, ready=4.0)
    world.delay(row, "assessment", 4.0, 6.0)
    world.delay(row, "life", 6.0, 8.0)
    values = measure(world.log(), (5.0, 7.5))
    assert (values["delayed_bed_days_assessment"], values["delayed_bed_days_life"]) == (1.0, 1.5)
    assert values["delayed_bed_days"] == 2.5


def test_wait_for_a_bed_is_from_the_decision_to_the_first_bed():
    world = World()
    row = world.spell(at=1.0, discharged=5.0)
    world.stay(row, "AMU", 1.25, 3.0, queued=1.0)
    world.stay(row, "Ward 1", 3.0, 5.0, queued=2.0)
    values = measure(world.log())
    assert (values["wait_for_bed_hours_mean"], values["wait_over_4h_share"]) == (6.0, 1.0)


def test_those_still_waiting_for_a_bed_count_up_to_the_edge():
    world = World()
    world.in_bed(1.0, 2.0)
    row = world.spell(at=9.5, door=WAITING)
    world.stay(row, "A&E", NAN, queued=9.5)
    values = measure(world.log())
    assert (values["wait_for_bed_hours_mean"], values["wait_over_4h_share"]) == (6.0, 0.5)


def test_a_wait_that_ends_after_the_window_counts_up_to_its_end():
    world = World()
    row = world.spell(at=4.0, discharged=9.0)
    world.stay(row, "Ward 1", 8.0, 9.0, queued=4.0)
    assert value(world, "wait_for_bed_hours_mean", (0.0, 5.0)) == 24.0


def test_a_wait_of_exactly_four_hours_is_not_over_four_hours():
    world = World()
    row = world.spell(at=1.0, discharged=9.0)
    world.stay(row, "Ward 1", 1.0 + 4.0 / 24.0, 9.0, queued=1.0)
    assert value(world, "wait_over_4h_share") == 0.0


def test_outliers_lie_in_a_ward_that_is_not_home():
    world = World()
    row = world.spell(at=1.0, home_ward="Ward 2", discharged=9.0)
    for place, entered, left in [("AMU", 1.0, 2.0), ("Ward 1", 2.0, 5.0), ("Ward 2", 5.0, 9.0)]:
        world.stay(row, place, entered, left)
    assert value(world, "outlier_bed_days") == 3.0


def test_escalation_is_counted_by_bed_and_by_calendar_day():
    world = World()
    world.in_bed(1.5, 3.0, place="Escalation")
    world.in_bed(2.0, 2.25, place="Escalation")
    world.in_bed(6.9, 7.1, place="Escalation")
    values = measure(world.log())
    assert (values["escalation_days_open"], values["escalation_beds_peak"]) == (4.0, 2.0)
    assert values["escalation_beds_mean"] == pytest.approx(0.195)


def test_deaths_in_hospital_are_not_deaths_at_home():
    world = World()
    world.in_bed(1.0, 2.0, pathway=-1, died=2.0)
    world.in_bed(1.0, 2.0, died=5.0)
    assert value(world, "deaths_in_hospital") == 1.0


def test_core_occupancy_is_use_over_beds():
    world = World()
    world.in_bed(0.0, 6.0)
    assert value(world, "core_occupancy") == pytest.approx(6.0 / (6 * 10.0))
