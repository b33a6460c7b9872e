"""The frozen scenario: overlays, dated values, variants and fingerprints."""

import datetime as dt
import math

import pytest
from pydantic import TypeAdapter, ValidationError

from flowsim.config.load import load
from flowsim.params import Scenario
from flowsim.params.tree import overlay
from flowsim.params.values import Capacity, DatedRate, schedule_of

pytestmark = pytest.mark.unit

START = dt.date(2017, 4, 1)


def capacity(value):
    return TypeAdapter(Capacity).validate_python(value)


def test_mappings_are_merged_and_everything_else_replaces():
    under = {"a": {"b": 1, "c": [1, 2]}, "d": 4}
    assert overlay(under, {"a": {"c": [3]}, "e": 5}) == {"a": {"b": 1, "c": [3]}, "d": 4, "e": 5}
    assert under == {"a": {"b": 1, "c": [1, 2]}, "d": 4}


def test_a_value_that_states_its_form_replaces_the_old_one_whole():
    assert overlay({"s": {"from": 1, "steps": {"x": 2}}}, {"s": {"from": 3}}) == {"s": {"from": 3}}
    assert overlay({"s": {"shape": "gamma", "cv": 1}}, {"s": {"shape": "fixed"}}) == {"s": {"shape": "fixed"}}


def test_a_step_takes_effect_on_its_own_day():
    schedule = schedule_of(capacity({"from": 60, "steps": {"2017-04-11": 100}}), START)
    assert (schedule.at(-5.0), schedule.at(9.99), schedule.at(10.0)) == (60.0, 60.0, 100.0)


def test_a_line_of_whole_numbers_steps_when_it_has_reached_the_next_one():
    schedule = schedule_of(capacity({"from": 0, "to": 2, "start": "2017-04-01", "end": "2017-04-11"}), START)
    assert [schedule.at(day) for day in (0.0, 4.0, 5.0, 9.0, 10.0, 99.0)] == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]


def test_a_rate_runs_straight_between_its_dates():
    line = {"from": 2.0, "to": 4.0, "start": "2017-04-01", "end": "2017-04-11"}
    assert schedule_of(TypeAdapter(DatedRate).validate_python(line), START).at(2.5) == 2.5


def test_unlimited_is_infinite():
    assert schedule_of(capacity("unlimited"), START).at(3.0) == math.inf


@pytest.mark.parametrize("value", [True, -1, 2.5, "many", None, 10**9])
def test_a_capacity_is_a_whole_number_or_unlimited(value):
    with pytest.raises(ValidationError):
        capacity(value)


def test_a_variant_is_a_new_value_and_the_old_one_stays():
    base = load("transition_year")
    variant = base.with_(life={"slots": 140})
    assert variant.life.slots == 140
    assert base.life.slots != 140
    assert variant.life.cap_days == base.life.cap_days


def test_a_variant_with_an_unknown_part_is_refused():
    with pytest.raises(ValidationError):
        load("base").with_(life={"slotz": 140})


def test_a_scenario_cannot_be_changed_in_place():
    with pytest.raises(ValidationError):
        load("base").name = "other"


def test_the_fingerprint_follows_what_changes_results_and_nothing_else():
    base = load("base")
    assert base.with_(name="other", title="x").fingerprint == base.fingerprint
    assert base.with_(life={"cap_days": 41}).fingerprint != base.fingerprint


def test_a_scenario_is_the_same_after_going_through_its_tree():
    base = load("transition_year")
    assert type(base).model_validate(base.tree()).fingerprint == base.fingerprint


def test_parts_that_need_each_other_are_checked_together():
    with pytest.raises(ValidationError, match="front_door: needs life"):
        load("transition_year").with_(life=None)


def test_people_already_in_beds_need_a_cohort_that_says_how_long_they_stay():
    p0_only = {"P0": {"share": 1.0, "stay": {"shape": "fixed", "days": 3.0}}}
    tree = load("base").tree()
    tree["cohorts"]["over_65"]["pathways"] = p0_only
    tree["initial"]["beds"] = {"P0": 1, "P3": 2}
    with pytest.raises(ValidationError, match=r"initial\.beds\.P3: no cohort leaves by P3"):
        Scenario.model_validate(tree)
