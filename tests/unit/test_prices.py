"""Who pays for what a run used: prices of a scenario put to its log."""

import pytest

from flowsim.experiment.replicate import replication_of
from flowsim.params import Scenario

pytestmark = pytest.mark.unit


def costs(council_share):
    """Costs of three weeks with one package of home care, at £10 an hour charged to the council."""
    scenario = Scenario.model_validate(
        {
            "name": "one package",
            "clock": {"start": "2017-04-03", "warm_up_days": 0.0, "window_days": 21.0},
            "initial": {"home_care": 1},
            "home_care": {
                "hours_per_week": {"mean": 10.0, "cv": 0.01},
                "stay": {"shape": "fixed", "days": 1e5},
                "council_share": council_share,
            },
            "costs": {
                "price_year": "2016/17",
                "items": {"care": {"per": "home_care_hour", "pounds": 10.0, "payer": "council"}},
            },
        }
    )
    (run,) = replication_of([scenario], seed=0, replication=0).runs
    return {name: value for name, value in run.values.items() if name.startswith("cost")}


def test_people_pay_what_the_council_does_not_of_their_home_care():
    assert costs(0.75) == pytest.approx(
        {"cost_total": 300.0, "cost_care": 300.0, "cost_payer_council": 225.0, "cost_payer_self": 75.0}
    )


def test_the_council_pays_all_if_nobody_else_does():
    assert costs(1.0) == pytest.approx({"cost_total": 300.0, "cost_care": 300.0, "cost_payer_council": 300.0})
