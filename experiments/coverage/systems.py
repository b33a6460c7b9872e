"""Small systems whose long-run answers are known exactly, so short that thousands of replications cost little."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Any

import flowsim as fs

WINDOW = 6.0
"""Days measured, but where people need time to come back."""


@dataclass(frozen=True)
class Known:
    """A measure with its exact mean; ``differs``: of the paired difference between two scenarios."""

    name: str
    measure: str
    exact: float
    differs: bool = False


@dataclass(frozen=True)
class System:
    """Scenarios run on the same people, what is known of them, and the precision a run of them is asked for."""

    scenarios: tuple[fs.Scenario, ...]
    known: tuple[Known, ...]
    precision: str
    precision_measure: str


def systems() -> list[System]:
    """A mean and a paired difference, a skewed mean, a share of beds, a share of people."""
    crowd = _ward("crowd", per_day=10.0, stay=_uniform(1.0), beds="unlimited")
    shorter = crowd.with_(name="shorter", hospital={"stay_factor": 0.8})
    queue = _ward("queue", per_day=20.0, stay=_exponential(0.05), beds=2)
    loss = _ward("loss", per_day=20.0, stay=_exponential(0.1), beds=3, max_waiting=0)
    back = _ward("back", per_day=2.0, stay=_uniform(0.2), beds="unlimited", again=0.13, window=60.0)
    saved = Known("paired difference: bed days saved", "bed_days_saved", 0.2 * 10.0 * WINDOW, differs=True)
    in_use = Known("M/G/∞: beds in use", "beds_occupied_mean", 10.0)
    waiting = Known("M/M/2: people waiting", "waiting_for_bed_mean", _erlang_c(2, 1.0))
    full = Known("M/M/3/3: share of beds in use", "core_occupancy", 2.0 * (1.0 - _erlang_b(3, 2.0)) / 3.0)
    again = Known("share of people readmitted", "readmissions_30d_share", 0.13)
    return [
        System((crowd, shorter), (in_use, saved), "5%", "bed_days_saved"),
        System((queue,), (waiting,), "20%", "waiting_for_bed_mean"),
        System((loss,), (full,), "3%", "core_occupancy"),
        System((back,), (again,), "10%", "readmissions_30d_share"),
    ]


def _uniform(mean: float) -> dict[str, Any]:
    return {"shape": "uniform", "low_days": 0.0, "high_days": 2.0 * mean}  # forgets its beginning after 2 means exactly


def _exponential(mean: float) -> dict[str, Any]:
    return {"shape": "exponential", "mean_days": mean}


def _ward(
    name: str,
    per_day: float,
    stay: dict[str, Any],
    beds: int | str,
    max_waiting: int | None = None,
    again: float | None = None,
    window: float = WINDOW,
) -> fs.Scenario:
    cohort: dict[str, Any] = {
        "arrivals": {"per_day": per_day},
        "pathways": {"P0": {"share": 1.0, "stay": stay}},
    }
    if again is not None:
        cohort["readmission"] = {"unsupported_share": again, "supported_share": again, "half_by_days": 10}
    tree = {
        "name": name,
        "clock": {"start": "2017-01-02", "warm_up_days": 2.0, "window_days": window},
        "cohorts": {"all": cohort},
        "hospital": {"wards": {"Ward": beds}, "max_waiting": max_waiting},
    }
    return fs.Scenario.model_validate(tree)


def _erlang_b(servers: int, load: float) -> float:
    terms = [load**k / factorial(k) for k in range(servers + 1)]
    return terms[-1] / sum(terms)


def _erlang_c(servers: int, load: float) -> float:
    """Chance of waiting; times ρ / (1 - ρ), which is 1 at a load of half the servers, it is the mean number waiting."""
    lost, busy = _erlang_b(servers, load), load / servers
    return lost / (1.0 - busy * (1.0 - lost))
