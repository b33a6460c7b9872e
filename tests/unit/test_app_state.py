"""The state of the what-if page: what its levers mean, and that every state is an overlay the command line reads."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowsim.app.controls import evidence_row, help_of
from flowsim.app.levers import AS_IS, BOTH, CHOSEN, GROUPS, LEVERS, OFF, PLAN, Lever
from flowsim.app.reading import last_day
from flowsim.app.sceptic import meaning, sceptical
from flowsim.app.state import Start, State
from flowsim.config.load import load
from flowsim.config.problems import ConfigError
from flowsim.params.tree import overlay
from flowsim.report.changed import GRADES

pytestmark = pytest.mark.unit

START = Start.of()
OPENED = State.of(START)


def _settings(lever: Lever):
    """Everything a widget can be set to."""
    clock = START.plan.scenario.clock
    if lever.kind == "slider":
        steps = st.integers(0, int((lever.high - lever.low) / lever.step))
        return steps.map(lambda step: min(lever.low + step * lever.step, lever.high))
    if lever.kind == "date":
        return st.dates(clock.start, last_day(START.plan.scenario))
    if lever.kind == "wards":
        return st.lists(st.sampled_from(lever.choices), unique=True).map(tuple)
    if lever.kind == "hours":
        return st.tuples(st.integers(0, 24), st.integers(0, 24)).map(lambda two: tuple(map(float, sorted(two))))
    return st.sampled_from(lever.choices)


STATES = st.fixed_dictionaries({}, optional={lever.id: _settings(lever) for lever in START.levers}).map(OPENED.moved)


def _from_files(state: State, folder: Path, which: str = "plan"):
    """The scenario that the command line makes of the state's file."""
    path = folder / f"{which}.yaml"
    path.write_text(state.to_yaml(which), encoding="utf-8")
    return load(path)


@settings(max_examples=25, deadline=None)
@given(STATES)
def test_every_state_is_a_file_that_loads_to_what_the_page_runs_or_says_why_not(state):
    hours = state.values["door.hours"]
    if hours[0] == hours[1]:  # the one combination of levers that means nothing
        with pytest.raises(ConfigError, match="front_door"):
            state.scenarios()
        return
    with tempfile.TemporaryDirectory() as folder:
        for which, scenario in zip(("base", "plan"), state.scenarios(), strict=True):
            read = _from_files(state, Path(folder), which)
            assert (read.name, read.fingerprint) == (scenario.name, scenario.fingerprint)


def test_a_page_on_which_nothing_was_moved_is_the_starting_scenario():
    assert OPENED.overlay() == OPENED.overlay("base") == {}
    assert OPENED.to_yaml() == "extends: transition_year.yaml\nname: transition_year\n"
    assert OPENED.scenarios() == (load("do_nothing"), load("transition_year"))


def test_only_what_was_moved_is_in_the_overlay():
    assert OPENED.with_(huddles__fewer=0.0).overlay() == {
        "huddles": {"effect": {"model": "practice_rate", "rate_ratio": 1.0}}
    }


def test_a_lever_put_back_leaves_nothing():
    assert OPENED.with_(life__cap_days=56.0).with_(life__cap_days=42.0).overlay() == {}


def test_a_pace_says_start_practices_a_week_and_reach():
    state = OPENED.with_(huddles__rollout=CHOSEN, huddles__per_week=2.5, huddles__up_to=30.0)
    rollout = {"form": "pace", "start": "2017-10-02", "per_week": 2.5, "up_to": 30}
    assert state.overlay() == {"huddles": {"rollout": rollout}}


def test_wards_begin_in_the_order_chosen_evenly_over_the_weeks():
    state = OPENED.with_(d2a__rollout=CHOSEN, d2a__wards=("Ward 5", "AMU", "Ward 1"), d2a__weeks=4.0)
    steps = {"2017-09-25": 1, "2017-10-09": 2, "2017-10-23": 3}
    assert state.overlay() == {"d2a": {"units_live": {"from": 0, "steps": steps}, "order": ["Ward 5", "AMU", "Ward 1"]}}


def test_wards_that_begin_earlier_take_the_pathway_with_them():
    state = OPENED.with_(d2a__rollout=CHOSEN, d2a__start=dt.date(2017, 6, 1))
    assert state.overlay()["d2a"]["pathways"] == {"P2_home": {"start": "2017-06-01"}}


def test_slots_change_where_a_season_begins():
    state = OPENED.with_(life__rollout=CHOSEN, life__autumn=60.0, life__winter=120.0, life__spring=120.0)
    assert state.overlay() == {"life": {"slots": {"from": 0, "steps": {"2017-09-25": 60, "2017-12-01": 120}}}}


@pytest.mark.parametrize("lever", ["huddles__rollout", "d2a__rollout", "life__rollout"])
def test_a_programme_can_be_switched_off(lever):
    part = OPENED.with_(**{lever: OFF}).overlay()
    assert part in (
        {"huddles": {"rollout": {"form": "points", "points": {"2016-10-03": 0}}}},
        {"d2a": {"units_live": 0}},
        {"life": {"slots": 0}},
    )


def test_a_winter_is_hard_with_and_without_the_plan():
    state = OPENED.with_(winter__level=108.0)
    level = {"from": 1.0, "steps": {"2017-12-01": 1.08, "2018-04-01": 1.0}}
    assert state.overlay() == state.overlay("base") == {"cohorts": {"over_65": {"arrivals": {"level": level}}}}


@pytest.mark.parametrize(("where", "base"), [(BOTH, {"hospital": {"escalation": {"cap": 30}}}), (PLAN, {})])
def test_escalation_rules_hold_where_they_are_said_to(where, base):
    state = OPENED.with_(beds__cap=30.0, beds__where=where)
    assert state.overlay()["hospital"] == {"escalation": {"cap": 30}}
    assert state.overlay("base") == base


def test_the_sceptical_setting_is_the_shipped_sceptical_scenario_with_half_the_claim_of_d2a():
    state = OPENED.moved(sceptical(START))
    shipped = load("sceptical").with_(d2a={"pathways": {"P2_home": {"saved_days": 1.7}}})
    assert state.scenarios()[1].fingerprint == shipped.fingerprint


def test_the_sceptical_setting_is_read_from_the_shipped_files():
    """The levers in which the sceptical scenario differs, and the mode of the evidence for D2A."""
    mode = START.evidence.of(("d2a", "pathways", "P2_home", "saved_days")).spread.mode
    episode = load("sceptical").life.episode
    assert sceptical(START) == {"huddles.fewer": 0.0, "life.ended": 100 * episode.ended_share, "d2a.saved_days": mode}
    assert meaning(START, sceptical(START)).endswith(" at 60; “Days it saves each person” at 1.7.")


def test_a_sceptic_moves_no_lever_to_a_bolder_value_than_it_has():
    assert sceptical(Start.of("adverse"))["life.ended"] == 55.0
    assert sceptical(Start.of("adverse"))["huddles.fewer"] == -3.0
    assert "(%)” at −3; " in meaning(START, {"huddles.fewer": -3.0, "life.ended": 55.0}).replace("\\", "")


def test_huddles_that_act_on_supported_people_avert_nobody_in_the_sceptics_view(tmp_path):
    effect = "{model: caseload, averted_share: 0.3}"
    (tmp_path / "mine.yaml").write_text(f"extends: transition_year.yaml\nhuddles: {{effect: {effect}}}\n")
    start = Start.of(str(tmp_path / "mine.yaml"))
    assert [name for name in start.initial if name in ("huddles.fewer", "huddles.averted")] == ["huddles.averted"]
    assert sceptical(start)["huddles.averted"] == 0.0


def test_a_world_without_these_levers_has_no_sceptical_setting():
    start = Start.of("theory/mmc", "theory/mmc")
    assert sceptical(start) == {}
    assert meaning(start, {}) == "This plan has none of the effects that public evidence doubts."


def test_the_levers_of_a_shipped_winter_stand_where_it_has_them():
    start = Start.of("winter_pressure")
    assert start.initial["winter.level"] == 108.0
    assert State.of(start).overlay() == {}
    assert State.of(start).scenarios()[0].cohorts["over_65"].arrivals.level != 1.0  # the base has that winter, too


def test_a_world_without_programmes_has_fewer_levers():
    assert State.of(Start.of("theory/mmc", "theory/mmc")).scenarios()[0].name == "mmc"
    assert not [one for one in Start.of("theory/mmc", "theory/mmc").levers if one.group in list(GROUPS)[:4]]


def test_plans_bear_the_name_typed_and_never_that_of_the_base():
    assert OPENED.with_(winter__level=105.0).plan_name == "my_plan"
    assert State(START, START.initial, "mine").scenarios()[1].name == "mine"
    assert State(START, START.initial, "do_nothing").names == {"base": "do_nothing", "plan": "do_nothing_2"}


def test_a_name_with_signs_survives_the_file(tmp_path):
    name = '<b>"a": {b}, #c</b>'
    assert _from_files(State(START, START.initial, name), tmp_path).name == name


def test_files_of_different_days_are_refused():
    with pytest.raises(ConfigError, match="give a base with the same days"):
        Start.of("ten_year/phase1", "do_nothing")


def test_the_problems_of_both_files_are_told():
    with pytest.raises(ConfigError) as caught:
        Start.of("nowhere.yaml", "neither.yaml")
    assert {one.file for one in caught.value.problems} == {"nowhere.yaml", "neither.yaml"}


def test_an_unknown_lever_is_named():
    with pytest.raises(KeyError, match=r"no lever 'life.slotz'"):
        OPENED.moved({"life.slotz": 3.0})


@pytest.mark.parametrize("lever", START.levers, ids=lambda lever: lever.id)
def test_every_lever_has_help_and_evidence_and_holds_the_starting_value(lever):
    assert lever.allows(START.initial[lever.id])
    assert len(lever.help) > 30
    if lever.id != "beds.where":
        row = evidence_row(START, lever, START.evidence)
        assert row is not None
        assert row.grade in GRADES
        assert f"grade {row.grade}" in help_of(START, lever, START.evidence)


_SCALES = {"%": 100.0}


@pytest.mark.parametrize("lever", [one for one in START.levers if one.kind == "slider"], ids=lambda lever: lever.id)
def test_ranges_are_those_of_the_evidence_or_say_why_not(lever):
    row = evidence_row(START, lever, START.evidence)
    assert row is not None
    if row.low is None or row.high is None or lever.beyond or lever.unit in ("weeks",):
        assert lever.low < lever.high
        return
    scale = _SCALES.get(lever.unit, 1.0)
    low, high = row.low * scale, row.high * scale
    if lever.id == "huddles.fewer":
        low, high = 100 - high, 100 - low
    assert low - 1e-9 <= lever.low
    assert lever.high <= high + 1e-9


def test_ids_are_unique_and_what_a_lever_stands_under_is_a_choice():
    assert len({one.id for one in LEVERS}) == len(LEVERS)
    choices = {one.id: one.choices for one in LEVERS if one.kind == "choice"}
    assert all(one.under is None or one.under[1] in choices[one.under[0]] for one in LEVERS)
    assert AS_IS in choices["life.rollout"]


def test_the_overlay_laid_on_the_file_is_the_whole_scenario():
    state = OPENED.with_(life__ended=55.0, door__share=6.0)
    assert overlay(START.plan.tree, state.overlay())["life"]["episode"]["ended_share"] == 0.55
    assert state.scenarios()[1].front_door.turned_round_share.steps == {dt.date(2017, 10, 16): 0.06}
