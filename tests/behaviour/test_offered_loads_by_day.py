"""What services are asked for from the first day on, against means of runs in which nobody has to wait."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from towns import START, days, town, with_on

import flowsim as fs
from flowsim.measures.by_day import daily
from flowsim.offered.flows import Flows
from flowsim.offered.loads import Loads
from flowsim.params import Scenario

pytestmark = pytest.mark.behaviour

REPLICATIONS = 12
PARTS = (range(15), range(15, 60), range(60, 150))
SERVICES = {
    "hospital": "beds_core",
    "LIFE": "life",
    "step-down": "step_down",
    "home care": "home_care",
    "placements": "placements",
}
PLENTY = 100_000


def whole_town() -> Scenario:
    """The town with everything somebody may go on to, people everywhere on the first day, and bands that grow apart."""
    tree: dict[str, Any] = town(150.0).tree()
    tree["population"]["ageing"] = {"start": START, "growth_per_year": {"65-84": 0.0, "85+": 0.9}}
    people = tree["cohorts"]["over_65"]
    people["pathways"] = {
        name: {"share": share, "stay": days(4.0)}
        for name, share in {"P0": 0.4, "P2_home": 0.4, "P2_bed": 0.1, "P3": 0.1}.items()
    }
    people["stay_factors"] = {"age_bands": {"65-84": 0.7, "85+": 1.8}, "frailty": {"fit": 1.0, "frail": 1.0}}
    people["death_after_discharge"] = {"unsupported": days(300.0), "supported": days(60.0)}
    tree["cohorts"] = {"over_65": people}
    tree["life"] |= {"exit_wait": days(5.0), "cap_days": 25.0, "at_cap": {"package": 0.7, "placement": 0.3}}
    tree["home_care"] |= {"capacity": PLENTY, "stay": days(40.0)}
    tree["placements"] = {"capacity": PLENTY, "stay": days(60.0)}
    tree["step_down"] = {
        "beds": PLENTY,
        "stay": days(20.0),
        "outcome": {"package": 0.5, "placement": 0.2, "none": 0.3},
    }
    tree["initial"] = {"beds": {"P0": 20, "P2_home": 20, "P3": 8}, "life": 40, "waiting_for_life": 10}
    tree["initial"] |= {"step_down": 30, "waiting_for_step_down": 5, "placements": 15, "home_care": 60}
    oldest = {"reach": {"age_bands": ["85+"]}, "multiplies": {"presentations": 0.6, "delay": 0.5}}
    return with_on(Scenario.model_validate(tree), oldest=oldest)


@pytest.fixture(scope="module")
def found() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Means by day of each replication, and what is worked out, by service."""
    scenario = whole_town()
    runs = [daily(fs.simulate(scenario, 11, number)) for number in range(REPLICATIONS)]
    ran = {name: np.array([one[series] for one in runs]) for name, series in SERVICES.items()}
    return ran, {load.service: load.need for load in Loads(Flows(scenario)).all()}


@pytest.mark.parametrize("part", PARTS, ids=["first days", "while it settles", "afterwards"])
@pytest.mark.parametrize("service", list(SERVICES))
def test_what_a_service_is_asked_for_is_what_runs_have_on_average(found, service, part):
    ran, needed = found
    means = ran[service][:, part.start : part.stop].mean(axis=1)
    error = means.std(ddof=1) / np.sqrt(REPLICATIONS)
    # 4 standard errors: one in some 2,000 by chance (t, 11 degrees of freedom, 1 in 500), and 15 comparisons
    assert needed[service][part.start : part.stop].mean() == pytest.approx(means.mean(), abs=4.0 * error)
