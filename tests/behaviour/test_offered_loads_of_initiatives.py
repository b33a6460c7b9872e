"""What services are offered with initiatives on, as worked out before a run, against what a run gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from towns import town, with_on

import flowsim as fs
from flowsim.measures import measure
from flowsim.offered.flows import Flows
from flowsim.offered.loads import Loads
from flowsim.offered.reaching import Expected
from flowsim.params import Scenario

pytestmark = pytest.mark.behaviour

FIRST, LAST = 60, 300
FRAIL = {
    "reach": {"cohorts": ["over_65"], "frailty": ["frail"], "share": 0.5},
    "multiplies": {"presentations": 0.5, "clinical_stay": 0.5, "delay": 0.5},
}
EASIER = {
    "reach": {"share": 0.7},
    "multiplies": {"d2a_accepted": 1.6, "front_door": 2.0, "readmission": 0.6},
    "adds": {"life_referrals_share": 0.5},
}
WORLDS: dict[str, dict[str, dict[str, Any]]] = {
    "shorter and fewer stays of some of the frail": {"icn": FRAIL},
    "half the readmissions": {"care": {"multiplies": {"readmission": 0.5}}},
    "more of the oldest": {"finds": {"multiplies": {"presentations": 1.6}, "reach": {"age_bands": ["85+"]}}},
    "one pathway in one network": {
        "here": {"multiplies": {"presentations": 0.2}, "reach": {"pathways": ["P2_home"], "networks": ["N1"]}}
    },
    "many at once": {"icn": FRAIL, "easier": EASIER, "faster": {"multiplies": {"delay": 0.3, "d2a_accepted": 1.2}}},
}


def simulated(scenario: Scenario) -> np.ndarray:
    """Beds and LIFE slots in use, on average over time and two runs."""
    runs = [measure(fs.simulate(scenario, 5, number), (FIRST, LAST)) for number in range(2)]
    return np.mean([[one["beds_occupied_mean"], one["life_occupied_mean"]] for one in runs], axis=0)


def expected(scenario: Scenario) -> np.ndarray:
    beds, life, *_ = Loads(Flows(scenario)).all()
    return np.array([beds.need[FIRST:].mean(), life.need[FIRST:].mean()])


@pytest.fixture(scope="module")
def plain() -> tuple[np.ndarray, np.ndarray]:
    return simulated(town(LAST)), expected(town(LAST))


@pytest.mark.parametrize("name", list(WORLDS))
def test_what_initiatives_change_of_beds_and_slots_is_worked_out_before_the_run(plain, name):
    scenario = with_on(town(LAST), **WORLDS[name])
    ran, offered = simulated(scenario) / plain[0], expected(scenario) / plain[1]
    # 0.03: luck of the same people in two runs of 240 days, who are some 3,000
    assert offered == pytest.approx(ran, abs=0.03)


def test_slots_added_count_as_capacity_from_their_date():
    life = town().tree()["life"] | {"slots": 10}
    later = {"adds": {"life_slots": 5}, "strength": {"from": 0.0, "steps": {"2017-02-01": 1.0}}}
    (load,) = (one for one in Loads(Flows(with_on(town(life=life), plus=later))).all() if one.service == "LIFE")
    assert (load.capacity[29], load.capacity[30]) == (10.0, 15.0)


def test_without_initiatives_nothing_is_multiplied():
    plain_town = town()
    assert Expected(plain_town, np.arange(3.0)).factor("over_65", "P0", "presentations", "clinical_stay") == 1.0


def test_an_initiative_that_reaches_a_pathway_leaves_the_dying_alone():
    only = {"multiplies": {"presentations": 0.0}, "reach": {"pathways": ["P0"]}}
    found = Expected(with_on(town(), only=only), np.arange(3.0))
    assert found.factor("over_65", None, "presentations") == pytest.approx(1.0)
    assert found.factor("over_65", "P0", "presentations") == pytest.approx(0.0)
