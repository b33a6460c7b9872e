"""A small town with initiatives: what two worlds of the same people are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from flowsim.events import EventLog
from flowsim.params import Scenario

START = "2017-01-02"


def days(mean: float, shape: str = "lognormal") -> dict[str, Any]:
    return {"shape": shape, "mean_days": mean} | ({"sigma": 0.8} if shape == "lognormal" else {})


def town(window: float = 120.0, **parts: Any) -> Scenario:
    """Residents, a hospital without end, a process of leaving, home care and D2A; nobody waits for a bed."""
    shares = {"P0": 0.5, "P2_home": 0.4, "P3": 0.1}
    tree: dict[str, Any] = {
        "name": "town",
        "clock": {"start": START, "warm_up_days": 0, "window_days": window},
        "population": {
            "people": 2000,
            "practices": {"count": 6, "list_size_cv": 0.5, "networks": {"N1": "north", "N2": "south"}},
            "age_bands": {
                "65-84": {"share": 0.8, "presentations_per_1000": 150},
                "85+": {"share": 0.2, "presentations_per_1000": 470},
            },
            "frailty": {"fit": {"share": 0.6, "hazard_ratio": 1.0}, "frail": {"share": 0.4, "hazard_ratio": 3.0}},
        },
        "cohorts": {
            "over_65": {
                "from_population": True,
                "arrivals": {"per_day": 8.0},
                "pathways": {name: {"share": share, "stay": days(4.0)} for name, share in shares.items()},
                "zero_day": {"share": 0.3, "stay": {"shape": "uniform", "low_days": 0.1, "high_days": 0.8}},
                "readmission": {"unsupported_share": 0.2, "supported_share": 0.4, "half_by_days": 5},
            },
            "under_65": {"arrivals": {"per_day": 3.0}, "pathways": {"P0": {"share": 1.0, "stay": days(3.0)}}},
        },
        "hospital": {"wards": {"Ward": "unlimited"}},
        "leaving": {"P2_home": {"delay": days(4.0, "exponential")}, "P3": {"delay": days(6.0, "exponential")}},
        "d2a": {
            "units_live": 1,
            "pathways": {"P2_home": {"start": START, "accepted_share": 0.5, "saved_days": 2.0}},
        },
        "front_door": {"turned_round_share": 0.2, "pathways": ["P0"]},
        "life": {
            "slots": "unlimited",
            "episode": days(20.0),
            "at_cap": {"package": 1.0, "placement": 0.0},
            "community_per_day": 1.0,
        },
        "home_care": {"hours_per_week": {"mean": 13, "cv": 0.7}, "stay": days(100.0), "community_per_day": 1.0},
    }
    return Scenario.model_validate(tree | parts)


def with_on(scenario: Scenario, **initiatives: dict[str, Any]) -> Scenario:
    """The same town with these initiatives, all on unless they say otherwise."""
    entries = {name: {"phase": "3", "on": True} | entry for name, entry in initiatives.items()}
    return Scenario.model_validate(scenario.tree() | {"initiatives": entries})


def lives(log: EventLog) -> dict[tuple[int, int], dict[str, Any]]:
    """Every spell by its chain and place in it, without labels of persons and of initiatives."""
    left_out = ("root", "depth", "person", "averted_by", "induced_by")
    names = [name for name in log.spell if name not in left_out]
    return {
        (int(log.spell["root"][row]), int(log.spell["depth"][row])): {
            name: float(log.spell[name][row]) for name in names
        }
        for row in range(len(log.spell["at"]))
    }


def same(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two lives are the same to the last digit; what never came is NaN in both."""
    return all(one[name] == two[name] or (np.isnan(one[name]) and np.isnan(two[name])) for name in one)
