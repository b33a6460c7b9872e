"""What each computation of a claim reads off records written by hand; days count from 1 April 2017."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from logs import World

from flowsim.claims import by_date, by_person, by_practice
from flowsim.claims.scene import COMPUTATIONS, Scene
from flowsim.config.load import load
from flowsim.events import AVERTED_HUDDLE, BACK_TO_HOSPITAL, ENDED, NO_NEED, PACKAGE, READMISSION

pytestmark = pytest.mark.unit


def april(day: int) -> dt.date:
    """A day of April 2017, the first of which is day 0."""
    return dt.date(2017, 4, day)


def scenes(**worlds: World) -> dict[str, Scene]:
    """Each world as a scene by its name."""
    return {name: Scene.of(world.log()) for name, world in worlds.items()}


def test_every_computation_says_what_it_is():
    assert [name for name, one in COMPUTATIONS.items() if len(one.definition) < 20] == []


@pytest.fixture
def beds() -> dict[str, Scene]:
    """Escalation beds: three on the first two days, one on the third, none later; ``after`` has one person fewer."""
    before, after = World(horizon=6.0), World(horizon=6.0)
    for world, people in ((before, 2), (after, 1)):
        for _ in range(people):
            world.in_bed(0.0, 2.0, "Escalation")
        world.in_bed(0.0, 3.0, "Escalation")
        world.in_bed(0.0, 4.0, "Ward 1")
    return scenes(before=before, after=after)


def test_a_series_is_read_on_its_date(beds):
    assert by_date.on_date(beds, "before", "beds_escalation", april(2)) == 3.0
    assert by_date.on_date(beds, "before", "beds", april(3)) == 2.0


def test_a_fall_is_the_first_date_less_the_last(beds):
    assert by_date.fall(beds, "before", "beds_escalation", april(1), april(3)) == 2.0


def test_the_largest_fall_looks_at_all_days_that_far_apart(beds):
    assert by_date.largest_fall(beds, "before", "beds_escalation", 1) == 2.0
    assert by_date.largest_fall(beds, "before", "beds_escalation", 2) == 3.0


def test_what_is_saved_is_the_base_less_the_other(beds):
    assert by_date.saved(beds, "before", "after", "bed_days") == 2.0
    assert by_date.saved_on(beds, "before", "after", "beds", april(1)) == 1.0
    assert by_date.saved_on(beds, "before", "after", "beds", april(3)) == 0.0
    assert by_date.saved_between(beds, "before", "after", "beds", april(1), april(4)) == 0.5


def test_a_measure_is_taken_as_it_was_measured(beds):
    assert by_date.measure(beds, "before", "bed_days") == 11.0
    assert by_date.change(beds, "before", "after", "bed_days") == pytest.approx(-2.0 / 11.0)


def test_a_change_of_nothing_is_unknown():
    nothing = World(horizon=3.0)
    nothing.in_bed(0.0, 1.0, "Ward 1")
    assert math.isnan(by_date.change(scenes(before=nothing, after=nothing), "before", "after", "escalation_bed_days"))


def test_a_setting_is_read_at_its_date():
    world = World()
    world.in_bed(0.0, 1.0)
    seen = {"after": Scene.of(world.log(), load("transition_year"))}
    assert by_date.setting(seen, "after", "d2a.units_live", dt.date(2017, 9, 24)) == 0.0
    assert by_date.setting(seen, "after", "d2a.units_live", dt.date(2017, 9, 25)) == 3.0
    assert by_date.setting(seen, "after", "costs.items.core_beds.pounds", april(1)) == 313.0


@pytest.fixture
def served() -> dict[str, Scene]:
    """Three people leave by D2A on days 4, 2 and 6 instead of 7, 3 and 6; the second is back on day 5."""
    before, after = World(horizon=60.0), World(horizon=60.0)
    for at, old, new, back, hours in (
        (0.0, 7.0, 4.0, math.nan, 1.0),
        (1.0, 3.0, 2.0, 5.0, 3.0),
        (2.0, 6.0, 6.0, 50.0, 2.0),
    ):
        before.in_bed(at, old, root=int(at) + 7)
        after.in_bed(at, new, root=int(at) + 7, d2a=True, readmitted=back, first_visit=hours)
    return scenes(before=before, after=after)


def test_days_saved_follow_the_first_people_into_the_other_world(served):
    assert by_person.days_saved_by_first(served, "before", "after", 1) == 1.0
    assert by_person.days_saved_by_first(served, "before", "after", 2) == 4.0


def test_the_change_of_stay_is_relative_to_the_same_people_before(served):
    assert by_person.stay_change_of_first(served, "before", "after", 2) == pytest.approx(-4.0 / 9.0)
    assert by_person.stay_before_of_first(served, "before", "after", 2) == 4.5


def test_too_few_people_give_nothing(served):
    assert math.isnan(by_person.days_saved_by_first(served, "before", "after", 4))
    assert math.isnan(by_person.first_back_30d(served, "after", 4))


def test_people_are_back_by_a_date_or_within_thirty_days(served):
    assert by_person.first_back_by(served, "after", 3, april(5)) == 0.0
    assert by_person.first_back_by(served, "after", 3, april(6)) == 1.0
    assert by_person.first_back_30d(served, "after", 3) == 1.0


def test_visits_in_time_are_counted_among_those_who_have_left(served):
    assert by_person.visited_by(served, "after", april(5), 2.0) == 1.0
    assert by_person.visited_by(served, "after", april(30), 2.0) == 2.0
    assert by_person.visited_share_by(served, "after", april(30), 2.0) == pytest.approx(2.0 / 3.0)


@pytest.fixture
def supported() -> dict[str, Scene]:
    """LIFE from days 0, 1, 2, 3 and 10: ended in 20 days, led to a package, cut short, no need at the cap, ended."""
    world = World(horizon=100.0)
    ends = (
        (0.0, 20.0, ENDED),
        (1.0, 43.0, PACKAGE),
        (2.0, 9.0, BACK_TO_HOSPITAL),
        (3.0, 45.0, NO_NEED),
        (10.0, 30.0, ENDED),
    )
    for entered, left, how in ends:
        row = world.spell(at=0.0, discharged=entered, support_end=how)
        world.stay(row, "LIFE", entered, left)
    return scenes(after=world)


def test_ended_shares_leave_out_whoever_was_interrupted(supported):
    assert by_person.life_ended_share(supported, "after", april(4)) == pytest.approx(1.0 / 3.0)
    assert by_person.life_ended_share(supported, "after", april(30), april(5)) == 1.0


def test_no_package_counts_those_in_no_need_at_the_cap(supported):
    assert by_person.life_no_package_share(supported, "after", april(4)) == pytest.approx(2.0 / 3.0)


def test_starts_of_life_are_counted_to_the_end_of_the_date(supported):
    assert by_date.life_starts_by(supported, "after", april(2)) == 2.0
    assert by_date.life_starts_by(supported, "after", april(30)) == 5.0


@pytest.fixture
def practices() -> dict[str, Scene]:
    """Practice 2 goes live on day 10, practice 1 never. Two people are then taken on."""
    world = World(horizon=20.0, practices_live=(math.inf, 10.0))
    for at in (2.0, 4.0, 12.0):
        world.in_bed(at, at + 1.0, practice=0, person=1)
    for at, person in ((1.0, 5), (3.0, 6), (9.0, 5), (15.0, 5)):
        world.in_bed(at, at + 1.0, practice=1, person=person, origin=READMISSION)
    world.spell(at=11.0, practice=1, person=6, door=AVERTED_HUDDLE)
    world.spell(at=11.0, practice=0, person=2, door=AVERTED_HUDDLE)
    world.supports = [(5, 1, 10.0, 14.0), (6, 1, 10.0, 20.0)]
    return scenes(after=world)


def test_averted_people_are_counted_at_the_first_practices(practices):
    assert by_practice.averted_at_first(practices, "after", 1, april(11), april(12)) == 1.0
    assert by_practice.averted_at_first(practices, "after", 1, april(13), april(14)) == 0.0


def test_before_and_after_at_the_first_practices(practices):
    assert by_practice.fall_at_first(practices, "after", 1, april(11), 9) == 2.0


def test_people_taken_on_are_counted_by_date(practices):
    assert by_practice.taken_on_by(practices, "after", april(10)) == 0.0
    assert by_practice.taken_on_by(practices, "after", april(11), 1) == 2.0


def test_admissions_of_those_taken_on_fall_because_they_were_chosen_after_one(practices):
    assert by_practice.fall_among_taken_on(practices, "after", 1, 2, 3) == 1.0
    assert by_practice.fall_among_taken_on(practices, "after", 1, 2, 9) == 2.0
    assert math.isnan(by_practice.fall_among_taken_on(practices, "after", 1, 3, 3))


def test_early_practices_are_held_against_late_ones_and_both_against_before(practices):
    # Practice 2: 1 from day 10 to 19 after 3 before; practice 1: 1 after 2. (1/3) / (1/2) - 1.
    found = by_practice.early_against_late(practices, "after", april(11), april(20), april(11), april(20))
    assert found == pytest.approx(-1.0 / 3.0)


def test_the_share_supported_is_of_admissions_of_live_practices(practices):
    # Of live practices there is one admission, on day 15; its person's support ended the day before.
    assert by_practice.share_supported(practices, "after") == 0.0


def test_the_fall_needed_is_the_whole_fall_over_the_share_of_the_supported():
    world = World(horizon=20.0, practices_live=(0.0, math.inf))
    for at, person in ((1.0, 5), (3.0, 6), (9.0, 7), (15.0, 8)):
        world.in_bed(at, at + 1.0, practice=0, person=person)
    world.supports = [(5, 0, 0.0, 10.0)]
    assert by_practice.fall_needed(scenes(after=world), "after", 0.14) == pytest.approx(0.56)
