"""What holds in any world: nobody lost, nothing beyond its capacity, every day of every stay counted once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from systems import SHORT, area, seeds, systems, unlimited

import flowsim as fs
from flowsim.events import ADMITTED, AVERTED_HUDDLE, DIVERTED, IN_COMMUNITY, TURNED_ROUND, WAITING, EventLog
from flowsim.measures import checks, daily, measure
from flowsim.rings import CircularWaitError

pytestmark = pytest.mark.behaviour


def entries(log: EventLog) -> np.ndarray:
    """Stays that began."""
    return ~np.isnan(log.stay["entered"])


@SHORT
@given(systems(), seeds)
def test_every_self_check_of_every_run_holds(scenario, seed):
    assert [check for check in checks(fs.simulate(scenario, seed, 0)) if not check.ok] == []


@SHORT
@given(systems(), seeds)
def test_everybody_is_averted_turned_round_diverted_waiting_in_bed_or_has_left(scenario, seed):
    log = fs.simulate(scenario, seed, 0)
    spell, door = log.spell, log.spell["door"]
    inside = np.zeros(len(door), dtype=bool)
    inside[log.stay["spell"][log.of_kind("ward", "assessment_unit", "escalation") & log.stay["open"]]] = True
    waiting = np.zeros(len(door), dtype=bool)
    waiting[log.stay["spell"][log.of_kind("a_and_e")]] = True
    left = (door == ADMITTED) & (~np.isnan(spell["discharged"]) | (spell["pathway"] < 0) & ~np.isnan(spell["died"]))
    kinds = [door == AVERTED_HUDDLE, door == TURNED_ROUND, door == DIVERTED, door == IN_COMMUNITY]
    assert (np.sum([*kinds, waiting & (door == WAITING), inside, left], axis=0) == 1).all()


@SHORT
@given(systems(), seeds)
def test_area_under_the_number_in_a_place_is_the_sum_of_its_stays(scenario, seed):
    log = fs.simulate(scenario, seed, 0)
    for place in range(len(log.places)):
        rows = entries(log) & (log.stay["place"] == place)
        entered, left = log.stay["entered"][rows], log.stay["left"][rows]
        assert area(entered, left) == pytest.approx((left - entered).sum(), abs=1e-6)


@SHORT
@given(systems(), seeds)
def test_area_under_the_number_waiting_is_the_sum_of_the_waits(scenario, seed):
    log = fs.simulate(scenario, seed, 0)
    until = np.where(entries(log), log.stay["entered"], log.stay["left"])
    assert area(log.stay["queued"], until) == pytest.approx((until - log.stay["queued"]).sum(), abs=1e-6)


@SHORT
@given(systems(), seeds)
def test_the_series_by_day_adds_up_to_the_bed_days(scenario, seed):
    log = fs.simulate(scenario, seed, 0)
    beds = log.of_kind("ward", "assessment_unit", "escalation") & entries(log)
    total = (log.stay["left"] - log.stay["entered"])[beds].sum()
    series = daily(log)
    assert (series["beds_core"] + series["beds_escalation"]).sum() == pytest.approx(total, abs=1e-6)


def in_use(log: EventLog, place: int, moment: float) -> int:
    """Places or visits in use just after a moment."""
    counted = (log.unit["place"] == place) & (log.unit["at"] <= moment)
    if (log.unit["place"] == place).any():
        last = dict(zip(log.unit["spell"][counted].tolist(), log.unit["units"][counted].tolist(), strict=True))
        return sum(last.values())
    rows = entries(log) & (log.stay["place"] == place)
    return int(((log.stay["entered"][rows] <= moment) & (log.stay["left"][rows] > moment)).sum())


@SHORT
@given(systems(), seeds)
def test_nobody_enters_a_place_beyond_its_capacity_of_the_moment(scenario, seed):
    log = fs.simulate(scenario, seed, 0)
    for row, place in enumerate(log.places):
        for moment in np.unique(log.stay["entered"][entries(log) & (log.stay["place"] == row)]):
            step = int(np.searchsorted(place.days, moment, side="right")) - 1
            assert in_use(log, row, moment) <= place.capacities[max(step, 0)], (place, moment)


@SHORT
@given(systems(), seeds)
def test_no_bed_stands_empty_while_somebody_could_have_it(scenario, seed):
    """At every moment somebody queues in A&E for a ward, no core ward has a free bed."""
    log = fs.simulate(scenario, seed, 0)
    beds = log.of_kind("ward", "assessment_unit", "escalation", "a_and_e")
    first = {}
    for row in np.flatnonzero(beds):
        spell = int(log.stay["spell"][row])
        first[spell] = min(first.get(spell, np.inf), float(log.stay["queued"][row]))
    for row in np.flatnonzero(beds & (np.nan_to_num(log.stay["entered"], nan=log.horizon) > log.stay["queued"])):
        spell, asked = int(log.stay["spell"][row]), float(log.stay["queued"][row])
        if asked > first[spell] or log.spell["zero_day"][spell]:
            continue
        until = log.stay["left"][row] if np.isnan(log.stay["entered"][row]) else log.stay["entered"][row]
        middle = (asked + until) / 2
        for number, place in enumerate(log.places):
            if place.kind == "ward":
                step = int(np.searchsorted(place.days, middle, side="right")) - 1
                assert in_use(log, number, middle) >= place.capacities[max(step, 0)]


@SHORT
@given(systems(), seeds)
def test_every_readmission_due_in_the_run_takes_place(scenario, seed):
    spell = fs.simulate(scenario, seed, 0).spell
    due = spell["readmitted"][~np.isnan(spell["readmitted"])]
    assert np.array_equal(np.sort(due), np.sort(spell["at"][spell["depth"] > 0]))


@SHORT
@given(systems(), seeds)
def test_without_demand_nothing_happens_and_nothing_breaks(scenario, seed):
    tree = scenario.tree() | {"inflows": {}, "initial": {}}
    tree["cohorts"]["over_65"]["arrivals"] |= {"per_day": 0.0}
    for part in ("life", "home_care"):
        if tree[part]:
            tree[part]["community_per_day"] = 0.0
    log = fs.simulate(fs.Scenario.model_validate(tree), seed, 0)
    assert len(log.spell["at"]) == len(log.stay["spell"]) == len(log.delay["spell"]) == 0
    assert measure(log)["bed_days"] == 0.0


@SHORT
@given(systems(), seeds)
def test_with_places_for_everybody_nobody_waits(scenario, seed):
    log = fs.simulate(unlimited(scenario), seed, 0)
    rows = ~log.of_kind("responders")
    assert (log.stay["queued"][rows] == log.stay["entered"][rows]).all()


@SHORT
@given(systems(), seeds)
def test_without_step_down_beds_their_pathway_is_blocked_and_nothing_hangs(scenario, seed):
    tree = scenario.tree() | {"d2a": None}
    tree["step_down"] = {
        "beds": 0,
        "stay": {"shape": "fixed", "days": 5.0},
        "outcome": {"package": 0.0, "placement": 0.0, "none": 1.0},
    }
    log = fs.simulate(fs.Scenario.model_validate(tree), seed, 0)
    blocked = (log.pathway_names == "P2_bed") & (log.spell["door"] == ADMITTED)
    assert np.isnan(log.spell["discharged"][blocked]).all()


@SHORT
@given(systems(), seeds)
def test_slots_held_until_admitted_end_in_a_named_ring_or_a_sound_run(scenario, seed):
    tree = scenario.tree()
    for part in ("life", "step_down"):
        if tree[part]:
            tree[part]["hold_until_admitted"] = True
    found = ""
    try:
        log = fs.simulate(fs.Scenario.model_validate(tree), seed, 0)
    except CircularWaitError as error:
        found = str(error)
    assert "acute beds" in found if found else all(check.ok for check in checks(log))


@SHORT
@given(systems(), seeds)
def test_the_still_inside_count_up_to_the_edge_and_no_further(scenario, seed):
    """A run cut short counts what the longer run counts up to the same day."""
    tree = scenario.tree()
    tree["clock"] |= {"window_days": tree["clock"]["window_days"] + 20}
    short, long = fs.simulate(scenario, seed, 0), fs.simulate(fs.Scenario.model_validate(tree), seed, 0)
    cut = measure(replace(long, window=short.window))
    exact = measure(short)
    for name in (
        "bed_days",
        "escalation_bed_days",
        "delayed_bed_days",
        "life_occupied_mean",
        "step_down_occupied_mean",
    ):
        assert exact[name] == pytest.approx(cut[name], abs=1e-6), name
