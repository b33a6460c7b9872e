"""A person who cannot be in two places at once: who presents in their stead."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.clock import DAY, FOREVER
from flowsim.events import ADMITTED, NO_SUPPORT, PRESENTATION
from flowsim.population.spell import DIES, Begins, Spell, spells_of
from flowsim.population.standins import give_standins

pytestmark = pytest.mark.unit


def spell(key: int, day: float, person: int = 7, stay: float = 2.0, **more: Any) -> Spell:
    """Somebody of a practice who presents on a day."""
    durations = {name: round(more.pop(name) * DAY) for name in ("delay", "gap", "lifetime") if name in more}
    return Spell(
        key=key,
        depth=more.pop("depth", 0),
        at=round(day * DAY),
        person=person,
        supported_person=person,
        practice=more.pop("practice", 0),
        clinical=round(stay * DAY),
        **durations,
        **more,
    )


def persons(*spells: Spell) -> list[int]:
    """Who presents, after stand-ins are given."""
    give_standins(list(spells))
    return [one.person for one in spells]


def test_thirty_days_after_the_planned_end_a_person_presents_again():
    assert persons(spell(100, 1.0, delay=3.0), spell(101, 36.0)) == [7, 7]


def test_before_that_a_stand_in_does():
    assert persons(spell(100, 1.0, delay=3.0), spell(101, 35.99)) == [7, 101]


def test_a_stand_in_does_not_keep_the_person_busy():
    assert persons(spell(100, 1.0), spell(101, 20.0), spell(102, 34.0)) == [7, 101, 7]


def test_people_present_in_order_of_time_whatever_order_they_are_given_in():
    assert persons(spell(101, 20.0), spell(100, 1.0)) == [101, 7]


def test_of_one_instant_the_lower_key_is_the_person():
    assert persons(spell(101, 1.0), spell(100, 1.0)) == [101, 7]


def test_other_people_are_left_alone():
    assert persons(spell(100, 1.0), spell(101, 2.0, person=8)) == [7, 8]


def test_somebody_of_no_practice_is_left_alone():
    assert persons(spell(100, 1.0, practice=-1), spell(101, 2.0, practice=-1)) == [7, 7]


def test_who_was_averted_did_not_come_and_is_not_busy():
    assert persons(spell(100, 1.0, averted=True), spell(101, 2.0), spell(102, 3.0)) == [7, 7, 102]


def test_the_dead_do_not_present_again():
    assert persons(spell(100, 1.0, pathway=DIES), spell(101, 5000.0)) == [7, 101]


def test_who_will_die_after_leaving_does_not_present_again():
    assert persons(spell(100, 1.0, lifetime=10.0), spell(101, 5000.0)) == [7, 101]


def test_a_chain_keeps_a_person_busy_to_its_last_spell_and_thirty_days_for_each():
    first = spell(100, 1.0, stay=2.0, gap=10.0)
    first.next = spell(100, 13.0, stay=4.0, depth=1)
    # planned end: day 1 + (2 + 30) + 10 + (4 + 30)
    assert persons(first, spell(101, 76.9), spell(102, 77.0)) == [7, 101, 7]


def test_a_whole_chain_is_the_stand_ins_and_huddle_support_is_still_looked_up_on_the_person():
    second = spell(101, 2.0, gap=5.0)
    second.next = spell(101, 9.0, depth=1)
    give_standins([spell(100, 1.0), second])
    assert (second.person, second.next.person) == (101, 101)
    assert (second.supported_person, second.next.supported_person) == (7, 7)


def test_death_at_the_end_of_a_chain_is_for_good():
    first = spell(100, 1.0, gap=10.0)
    first.next = spell(100, 13.0, depth=1, pathway=DIES)
    assert persons(first, spell(101, 5000.0)) == [7, 101]


# -- spells from columns -----------------------------------------------------------------------------------------------


NOUGHT = """
cohort pathway zero_day induced averted clinical assessment home_ward sign_off leaving_hour delay d2a_delay accepts_d2a
to_reablement life reablement fixed_reaches_cap elapsed exit_wait reablement_exit_wait at_cap reablement_at_cap
step_down p3_step_down after_step_down response hours package_stay placement_stay
"""
HAPPENS = "id began bed_at fit_at ready_at discharged_at died_at readmitted_at first_visit_at package_at"


def plain() -> Spell:
    """A spell of which nothing is stated but when."""
    (one,) = spells_of({"key": [5], "at": [3 * DAY], "depth": [1]})
    return one


def test_columns_that_are_not_there_leave_what_a_spell_is_by_default():
    one = plain()
    assert (one.key, one.at, one.depth, one.next) == (5, 3 * DAY, 1, None)
    assert (one.gap, one.lifetime) == (FOREVER, FOREVER)
    assert (one.person, one.supported_person, one.practice, one.fixed_episode) == (-1, -1, -1, -1)
    assert (one.huddle_luck, one.door_luck, one.a_and_e, one.priority) == (1.0, 1.0, True, 1)
    assert (one.origin, one.begins, one.locality) == (PRESENTATION, Begins.PRESENTS, "")


@pytest.mark.parametrize("name", NOUGHT.split())
def test_what_is_not_decided_is_nought_or_no(name: str):
    value = getattr(plain(), name)
    assert value is not None
    assert value == 0


def test_nothing_has_happened_to_a_new_spell():
    one = plain()
    assert {getattr(one, name) for name in HAPPENS.split()} == {-1}
    assert (one.d2a, one.fell_back, one.room, one.home_until) == (False, False, None, FOREVER)
    assert (one.door, one.support_end) == (ADMITTED, NO_SUPPORT)


@pytest.mark.parametrize("name", [*HAPPENS.split(), "d2a", "fell_back", "room", "home_until", "door", "support_end"])
def test_what_will_happen_cannot_be_stated(name: str):
    with pytest.raises(TypeError, match=name):
        spells_of({"key": [5], "at": [0], "depth": [0], name: [1]})
    with pytest.raises(TypeError, match=name):
        Spell(key=5, depth=0, at=0, **{name: 1})


def test_a_column_that_no_spell_has_is_named():
    with pytest.raises(TypeError, match="a spell has no 'stay'"):
        spells_of({"key": [5], "stay": [1.0]})
