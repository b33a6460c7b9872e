"""The ten years and the initiatives as shipped: everything the papers name is there, and nothing is on unasked."""

from __future__ import annotations

import datetime as dt

import pytest

import flowsim as fs
from flowsim.config.explain import explain
from flowsim.config.load import read
from flowsim.offered.stability import stability

pytestmark = pytest.mark.docs

NAMED = {
    "1": "pics complex_care_support my_life_plan points_of_access icn_pharmacists active_communities",
    "2a": """planned_care falls_frailty_end_of_life care_homes one_website_and_app health_coaching group_consultation
             digital_connectivity enhanced_primary_care contract_alignment shared_care_plan workforce_training
             pharmacy_strategy bone_health telehealth ambulance_links counselling""",
    "2b": "mental_health isolation_and_technology",
    "3": """locality_teams icn_plus life_plus social_isolation social_prescribing buurtzorg back_office
            urgent_care_model""",
}
PARTS = NAMED["2a"].split()[3:]
"""Parts of the first three, which stand for them."""
MOVING = ["icn_plus", "life_plus", "buurtzorg"]
REPORTED = {"phase1": "1", "phase1_2a": "1 2a", "all_phases": "1 2a 2b 3"}
TEN_YEARS = ["do_nothing", *REPORTED, *(f"sceptical_{name}" for name in REPORTED)]


def test_every_initiative_of_the_papers_has_an_entry_in_its_phase():
    initiatives = fs.load("initiatives").initiatives
    found = {phase: [name for name, one in initiatives.items() if one.phase == phase] for phase in NAMED}
    assert found == {phase: names.split() for phase, names in NAMED.items()}


def test_all_are_off_and_the_year_is_the_transition_year():
    stated, plain = fs.load("initiatives"), fs.load("transition_year")
    assert [name for name, one in stated.initiatives.items() if one.on] == []
    assert stated.with_(name=plain.name, title=plain.title).tree() | {"initiatives": {}} == plain.tree()


def test_only_those_with_a_number_in_the_papers_move_anything():
    initiatives = fs.load("initiatives").initiatives
    assert [name for name, one in initiatives.items() if one.moves] == MOVING


def test_an_initiative_without_an_effect_says_so_where_it_is_explained():
    loaded = read("initiatives")
    for name, one in loaded.scenario.initiatives.items():
        (note,) = explain(loaded, f"initiatives.{name}.note")
        assert one.moves or "no effect" in note.value or "Money only" in note.value


@pytest.mark.parametrize("name", TEN_YEARS)
def test_the_ten_years_run_from_april_2017_to_march_2027(name):
    clock = fs.load(f"ten_year/{name}").clock
    first, end = (clock.start + dt.timedelta(days=day) for day in clock.window)
    assert (first, end) == (dt.date(2017, 4, 1), dt.date(2027, 4, 1))


@pytest.mark.parametrize("name", TEN_YEARS)
def test_people_and_demand_are_those_of_doing_nothing(name):
    scenario, nothing = fs.load(f"ten_year/{name}"), fs.load("ten_year/do_nothing")
    assert scenario.population == nothing.population
    assert scenario.cohorts == nothing.cohorts
    assert scenario.hospital == nothing.hospital


@pytest.mark.parametrize(("name", "phases"), [*REPORTED.items()])
@pytest.mark.parametrize("sceptical", ["", "sceptical_"])
def test_each_step_has_its_phases_on_and_no_other(name, phases, sceptical):
    initiatives = fs.load(f"ten_year/{sceptical}{name}").initiatives
    assert {one.phase for one in initiatives.values() if one.on} == set(phases.split())
    whole = {name: one for name, one in initiatives.items() if name not in PARTS}
    assert all(one.on == (one.phase in phases.split()) for one in whole.values())
    assert not any(initiatives[name].on for name in PARTS)


def test_a_part_of_a_workstream_says_whose_part_it_is():
    initiatives = fs.load("initiatives").initiatives
    whole = [initiatives[name].note.split(".")[0].removeprefix("Part of ") for name in PARTS]
    assert set(whole) == {"planned_care", "care_homes", "falls_frailty_end_of_life"}


def test_what_is_offered_before_the_run_counts_the_later_phases():
    told = {name: stability(fs.load(f"ten_year/{name}")) for name in ("phase1", "all_phases")}
    assert any(line.startswith("hospital") and "March 2027" in line for line in told["phase1"])
    assert not any(line.startswith("hospital") for line in told["all_phases"])
    assert not any("LIFE" in line and "2027" in line for line in told["all_phases"])


def test_each_can_be_switched_on_alone():
    for name in fs.load("initiatives").initiatives:
        alone = fs.load("initiatives", [f"initiatives.{name}.on=true"])
        assert [one for one, entry in alone.initiatives.items() if entry.on] == [name]
