"""Initiatives, two worlds side by side: exactly those reached change, as stated, and nobody else moves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from towns import lives, same, town, with_on

import flowsim as fs
from flowsim.events import AVERTED_INITIATIVE, EventLog
from flowsim.measures import attribution, averted_by_initiative, checks
from flowsim.params import Scenario

pytestmark = pytest.mark.behaviour

SEED = 11
AVERTS = {"multiplies": {"presentations": 0.5}, "reach": {"share": 0.6, "cohorts": ["over_65"]}}


def run(scenario: Scenario) -> EventLog:
    return fs.simulate(scenario, SEED, 0)


def averted(log: EventLog, name: str) -> set[int]:
    """Chains that an initiative averts."""
    rows = log.spell["averted_by"] == log.initiatives.index(name)
    assert (log.spell["door"][rows] == AVERTED_INITIATIVE).all()
    return set(log.spell["root"][rows].tolist())


def chains(log: EventLog) -> set[int]:
    return set(log.spell["root"].tolist())


# -- presentations -----------------------------------------------------------------------------------------------------


def test_all_initiatives_off_is_none_at_all():
    plain = town()
    off = with_on(plain, averts=AVERTS | {"on": False})
    one, two = run(plain), run(off)
    assert all(one.spell[name].tobytes() == two.spell[name].tobytes() for name in one.spell)
    assert all(one.stay[name].tobytes() == two.stay[name].tobytes() for name in one.stay)


def test_averting_some_moves_nobody_else():
    one, two = run(town()), run(with_on(town(), averts=AVERTS))
    gone = averted(two, "averts")
    before, after = lives(one), lives(two)
    assert len(gone) > 50
    assert {key for key in before if not same(before[key], after.get(key, before[key]))} == {(root, 0) for root in gone}
    assert {key for key in before if key not in after} == {key for key in before if key[1] > 0 and key[0] in gone}


def test_an_initiative_averts_only_those_in_its_reach():
    reach = {"cohorts": ["over_65"], "networks": ["N2"], "pathways": ["P2_home"], "frailty": ["frail"]}
    log = run(with_on(town(), averts={"multiplies": {"presentations": 0.0}, "reach": reach}))
    code = log.pathways.index("P2_home")
    gone = log.spell["averted_by"] == 0
    southern = log.spell["practice"] % 2 == 1
    assert gone.any()
    assert (log.spell["pathway"][gone] == code).all()
    assert southern[gone].all()


def test_a_second_initiative_takes_nobody_from_the_first_and_a_presentation_is_averted_by_one():
    alone = run(with_on(town(), first=AVERTS))
    both = run(with_on(town(), first=AVERTS, second=AVERTS))
    other = run(with_on(town(), second=AVERTS))
    assert averted(both, "first") == averted(alone, "first")
    assert averted(both, "second") == averted(other, "second") - averted(alone, "first")


def test_a_wider_reach_and_a_stronger_effect_avert_whom_the_smaller_did():
    sizes = [(0.3, 0.8), (0.6, 0.8), (0.6, 0.5)]
    worlds = [
        run(with_on(town(), averts={"multiplies": {"presentations": ratio}, "reach": {"share": share}}))
        for share, ratio in sizes
    ]
    gone = [averted(log, "averts") for log in worlds]
    assert gone[0] < gone[1] < gone[2]


def test_a_factor_above_one_adds_people_and_moves_none():
    one, two = run(town()), run(with_on(town(), finds={"multiplies": {"presentations": 1.6}}))
    before, after = lives(one), lives(two)
    added = chains(two) - chains(one)
    assert all(same(before[key], after[key]) for key in before)
    assert set(two.spell["root"][two.spell["induced_by"] == 0].tolist()) == added != set()
    assert two.spell["induced"].sum() == (two.spell["induced_by"] == 0).sum()


def test_averted_and_added_people_of_two_initiatives_are_told_apart():
    finds = {"multiplies": {"presentations": 1.5}}
    log = run(with_on(town(), averts=AVERTS, finds=finds))
    assert averted(log, "averts") >= averted(run(with_on(town(), averts=AVERTS)), "averts")
    assert set(log.spell["induced_by"].tolist()) == {-1, 1}


def test_bed_days_of_averted_chains_are_counted_under_initiatives_and_add_up():
    one, two = run(town()), run(with_on(town(), averts=AVERTS))
    parts = attribution(one, two)
    gone = averted(two, "averts")
    stays = one.of_kind("ward") & np.isin(one.spell["root"][one.stay["spell"]], list(gone))
    days = (one.stay["left"] - one.stay["entered"])[stays].sum()
    assert parts["initiatives"] == pytest.approx(days, abs=1e-6)
    assert parts["huddles"] == parts["interaction"] == parts["demand"] == 0.0
    assert math.fsum(parts.values()) == pytest.approx(2.0 * parts["total"])


def test_each_initiative_is_told_how_many_it_averted_less_those_it_added():
    found = averted_by_initiative(run(with_on(town(), averts=AVERTS, finds={"multiplies": {"presentations": 1.5}})))
    assert found["averts"] > 0 > found["finds"]


# -- stays, delays, packages, readmissions -----------------------------------------------------------------------------


def changed(effect: str, factor: float, column: str, **reach: Any) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """First spells of a world with one effect whose column differs from the plain world's, before and after."""
    one = lives(run(town()))
    entry = {"multiplies": {effect: factor}, "reach": reach}
    two = lives(run(with_on(town(), only=entry)))
    pairs = [(key, one[key][column], two[key][column]) for key in one if key in two]
    different = [key for key, before, after in pairs if before != after and not np.isnan([before, after]).any()]
    return {key: one[key] for key in different}, {key: two[key] for key in different}


def test_a_stay_factor_shortens_exactly_those_reached():
    plain, less = (
        run(town()),
        run(with_on(town(), short={"multiplies": {"clinical_stay": 0.5}, "reach": {"share": 0.4}})),
    )
    one, two = lives(plain), lives(less)
    firsts = [key for key in one if key[1] == 0 and not np.isnan(one[key]["fit"]) and not np.isnan(two[key]["fit"])]
    ratio = np.array([(two[k]["fit"] - two[k]["at"]) / (one[k]["fit"] - one[k]["at"]) for k in firsts])
    own_length = np.array([bool(one[key]["zero_day"]) for key in firsts])
    assert np.all(np.isclose(ratio, 1.0) | np.isclose(ratio, 0.5))
    assert np.all(ratio[own_length] == 1.0)
    assert 0.3 < np.isclose(ratio[~own_length], 0.5).mean() < 0.5
    assert all(
        same(one[k], two[k])
        for k, r in zip(firsts, ratio, strict=True)
        if r == 1.0 and one[k]["readmitted"] != one[k]["readmitted"]
    )


def test_a_delay_factor_changes_nothing_before_ready():
    before, after = changed("delay", 0.5, "discharged", pathways=["P2_home"])
    assert before
    firsts = [key for key in before if key[1] == 0]
    assert all(before[key]["ready"] == after[key]["ready"] for key in firsts)
    assert all(
        np.isclose(
            after[key]["discharged"] - after[key]["ready"], 0.5 * (before[key]["discharged"] - before[key]["ready"])
        )
        for key in firsts
        if before[key]["pathway"] == 2
    )


def test_a_factor_on_package_hours_halves_them_to_a_whole_hour():
    before, after = changed("package_hours", 0.5, "package_hours")
    pairs = [(before[key]["package_hours"], after[key]["package_hours"]) for key in before]
    assert len(pairs) > 20
    assert all(abs(after - before / 2) <= 0.75 or after == 1.0 for before, after in pairs)


def test_fewer_readmissions_are_some_of_those_there_were():
    one, two = run(town()), run(with_on(town(), care={"multiplies": {"readmission": 0.5}}))
    again = [set(log.spell["root"][log.spell["depth"] == 1].tolist()) for log in (one, two)]
    assert again[1] < again[0]


def test_more_accept_d2a_and_nobody_declines_for_it():
    one, two = run(town()), run(with_on(town(), plus={"multiplies": {"d2a_accepted": 1.5}}))
    accepts = [
        set(log.spell["root"][log.spell["accepts_d2a"] & (log.spell["depth"] == 0)].tolist()) for log in (one, two)
    ]
    assert accepts[0] < accepts[1]


def test_an_initiative_that_starts_later_changes_nothing_before():
    late = {"from": 0.0, "steps": {"2017-03-01": 1.0}}
    log = run(with_on(town(), averts=AVERTS | {"strength": late}))
    assert log.spell["at"][log.spell["averted_by"] == 0].min() >= 58.0


def test_slots_of_life_are_added_by_date():
    ramp = {"from": 0.0, "to": 1.0, "start": "2017-01-12", "end": "2017-02-01"}
    few = town(life=town().tree()["life"] | {"slots": 3})
    log = run(with_on(few, plus={"adds": {"life_slots": 4}, "strength": ramp}))
    place = next(place for place in log.places if place.kind == "life")
    assert place.capacities == (3.0, 4.0, 5.0, 6.0, 7.0)
    assert place.days[1:] == (15.0, 20.0, 25.0, 30.0)


def test_more_referrals_are_those_there_were_and_others():
    one, two = run(town()), run(with_on(town(), plus={"adds": {"life_referrals_share": 0.5}}))
    before, after = lives(one), lives(two)
    assert set(before) < set(after)
    assert all(same(before[key], after[key]) for key in before)


def test_a_world_with_everything_on_passes_its_self_checks_and_is_the_same_when_run_again():
    effects = ("clinical_stay", "delay", "package_hours", "readmission", "d2a_accepted", "front_door")
    much = {"multiplies": dict.fromkeys(effects, 0.7) | {"presentations": 0.8}, "adds": {"life_referrals_share": 0.4}}
    finds = {"multiplies": {"presentations": 1.3}, "reach": {"age_bands": ["85+"]}}
    one, two = (run(with_on(town(), much=much, finds=finds)) for _ in range(2))
    assert [check for check in checks(one) if not check.ok] == []
    assert all(one.spell[name].tobytes() == two.spell[name].tobytes() for name in one.spell)
