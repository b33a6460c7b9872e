"""Two worlds side by side: the same people, and only what the difference explains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from systems import SHORT, TABLES, same, seeds, systems, unlimited

import flowsim as fs
from flowsim.build import Builder
from flowsim.engine import run_plan
from flowsim.events import AVERTED_HUDDLE, PRESENTATION, EventLog
from flowsim.population import make_plan

pytestmark = pytest.mark.behaviour

FIRST_DAY = "2017-09-25"


def variant(scenario: fs.Scenario, **parts: Any) -> fs.Scenario:
    """The same world with whole parts replaced."""
    return fs.Scenario.model_validate(scenario.tree() | parts)


def rollout(up_to: int, rate_ratio: float = 0.5) -> dict[str, Any]:
    """Huddles in so many practices from the third day, two a week."""
    return {
        "rollout": {"form": "pace", "start": "2017-01-04", "per_week": 2, "up_to": up_to},
        "effect": {"model": "practice_rate", "rate_ratio": rate_ratio},
        "meetings": {
            "every_days": 7,
            "cases": 8.2,
            "new_people": 2.7,
            "support_days": 90,
            "recent_discharge_share": 0.5,
            "recent_days": 28,
        },
    }


def lives(log: EventLog, without: frozenset[int] = frozenset()) -> dict[tuple[int, int], tuple[Any, ...]]:
    """What became of each spell, by chain and place in the chain; chains in ``without`` left out.

    Labels of persons are not part of it: a stand-in's label goes when the person it stands in for does.
    """
    names = [name for name in log.spell if name not in ("root", "depth", "person")]
    stays: dict[int, list[tuple[float, ...]]] = {}
    for row in range(len(log.stay["spell"])):
        stay = tuple(log.stay[name][row].tobytes() for name in ("place", "queued", "entered", "left", "open"))
        stays.setdefault(int(log.stay["spell"][row]), []).append(stay)
    return {
        (int(log.spell["root"][row]), int(log.spell["depth"][row])): (
            *(log.spell[name][row].tobytes() for name in names),
            *sorted(stays.get(row, [])),
        )
        for row in range(len(log.spell["at"]))
        if int(log.spell["root"][row]) not in without
    }


def presented(log: EventLog) -> set[int]:
    """Chains of first presentations."""
    return set(log.spell["root"][log.spell["origin"] == PRESENTATION].tolist())


def averted(log: EventLog) -> set[int]:
    """Chains averted by a Huddle."""
    return set(log.spell["root"][log.spell["door"] == AVERTED_HUDDLE].tolist())


# -- nothing changes nothing -------------------------------------------------------------------------------------------


@SHORT
@given(systems(), seeds)
def test_a_rollout_to_no_practice_and_d2a_in_no_unit_is_doing_nothing_byte_for_byte(scenario, seed):
    effect = {"start": "2017-01-05", "accepted_share": 0.8, "saved_days": 0.0}
    nothing = variant(scenario, huddles=None, d2a={"units_live": 0, "pathways": {"P2_home": effect}}, front_door=None)
    zero = variant(nothing, huddles=rollout(0))
    assert same(fs.simulate(nothing, seed, 0), fs.simulate(zero, seed, 0))


@SHORT
@given(systems(), seeds)
def test_a_world_run_twice_is_the_same_byte_for_byte(scenario, seed):
    assert same(fs.simulate(scenario, seed, 0), fs.simulate(scenario, seed, 0))


# -- Huddles -----------------------------------------------------------------------------------------------------------


@SHORT
@given(systems(), seeds, st.integers(0, 5), st.integers(0, 5))
def test_more_coverage_averts_whom_less_averts_and_perhaps_others(scenario, seed, one, two):
    fewer, more = sorted((one, two))
    less = fs.simulate(variant(scenario, huddles=rollout(fewer)), seed, 0)
    much = fs.simulate(variant(scenario, huddles=rollout(more)), seed, 0)
    assert averted(less) <= averted(much)
    assert all(early <= late for early, late in zip(much.practices_live, less.practices_live, strict=True))


@SHORT
@given(systems(), seeds)
def test_a_stronger_effect_averts_whom_a_weaker_one_averts(scenario, seed):
    weak = fs.simulate(variant(scenario, huddles=rollout(5, 0.8)), seed, 0)
    strong = fs.simulate(variant(scenario, huddles=rollout(5, 0.4)), seed, 0)
    assert averted(weak) <= averted(strong)


@SHORT
@given(systems(), seeds)
def test_an_effect_above_one_adds_people_and_moves_none(scenario, seed):
    base = unlimited(variant(scenario, huddles=None))
    one, two = fs.simulate(base, seed, 0), fs.simulate(variant(base, huddles=rollout(5, 1.8)), seed, 0)
    added = frozenset(presented(two) - presented(one))
    assert set(two.spell["root"][two.spell["induced"]].tolist()) == added
    assert lives(one) == lives(two, added)


@SHORT
@given(systems(), seeds, st.integers(0, 10_000))
def test_averting_one_person_removes_that_chain_and_nobody_else(scenario, seed, pick):
    scenario = unlimited(variant(scenario, huddles=None, front_door=None))

    def run(who: int | None) -> EventLog:
        builder = Builder(scenario)
        plan = make_plan(scenario, seed, 0, builder.wards())
        for spell in plan.spells:
            spell.averted = spell.key == who
        return run_plan(builder, plan, seed, 0)

    everybody = run(None)
    chains = sorted(presented(everybody))
    who = chains[pick % len(chains)] if chains else None
    without = run(who)
    assert averted(without) == ({who} if chains else set())
    chain = frozenset() if who is None else frozenset({who})
    assert lives(everybody, chain) == lives(without, chain)
    assert (without.spell["root"] == who).sum() == len(chain)


# -- demand ------------------------------------------------------------------------------------------------------------


@SHORT
@given(systems(), seeds)
def test_growth_adds_people_and_moves_none(scenario, seed):
    base = unlimited(variant(scenario, huddles=None))
    tree = base.tree()
    tree["cohorts"]["over_65"]["arrivals"] |= {"growth_per_year": 0.9, "growth_from": "2017-01-02"}
    one, two = fs.simulate(base, seed, 0), fs.simulate(fs.Scenario.model_validate(tree), seed, 0)
    assert presented(one) <= presented(two)
    assert lives(one) == lives(two, frozenset(presented(two) - presented(one)))


@SHORT
@given(systems(), seeds)
def test_another_service_moves_nobodys_presentation_or_luck(scenario, seed):
    with_more = variant(
        scenario,
        inflows=scenario.tree()["inflows"] | {"others": {"to": "P1", "per_day": 1.0}},
        placements={"capacity": 1, "stay": {"shape": "fixed", "days": 30.0}},
    )
    one, two = (make_plan(world, seed, 0, Builder(world).wards()).spells for world in (scenario, with_more))
    names = ("at", "pathway", "clinical", "assessment", "delay", "sign_off", "gap", "lifetime", "huddle_luck", "life")
    luck = [{spell.key: [getattr(spell, name) for name in names] for spell in spells} for spells in (one, two)]
    assert luck[0] == {key: luck[1][key] for key in luck[0]}


# -- time --------------------------------------------------------------------------------------------------------------


def until(log: EventLog, table: str, name: str, day: float) -> np.ndarray:
    """A column of times up to a day; later ones as if they had not come."""
    column = getattr(log, table)[name]
    return np.where(column < day, column, np.nan)


@pytest.fixture(scope="module")
def years() -> tuple[EventLog, EventLog]:
    """The shipped worlds, to six weeks past the first day on which they differ."""
    clock = {"window_days": 220.0}
    one, two = (fs.load(name).with_(clock=clock) for name in ("do_nothing", "transition_year"))
    return fs.simulate(one, 7, 0), fs.simulate(two, 7, 0)


def test_until_the_first_day_of_the_programmes_the_shipped_worlds_are_one(years):
    one, two = years
    day = (np.datetime64(FIRST_DAY) - np.datetime64(one.start)).astype(float)
    begun = int((one.spell["at"] < day).sum())
    assert begun == int((two.spell["at"] < day).sum()) > 5000
    for table, times in {
        "spell": ("at", "fit", "ready", "discharged", "died", "readmitted", "package_at"),
        "stay": ("queued", "entered", "left"),
        "delay": ("start",),
    }.items():
        for name in times:
            first, second = (np.sort(until(log, table, name, day)) for log in (one, two))
            assert np.array_equal(first[~np.isnan(first)], second[~np.isnan(second)]), (table, name)
    for name in ("root", "depth", "person", "practice", "pathway", "home_ward", "accepts_d2a", "at"):
        assert np.array_equal(one.spell[name][:begun], two.spell[name][:begun]), name


def test_after_the_first_day_the_shipped_worlds_differ(years):
    assert not same(*years, *TABLES)
