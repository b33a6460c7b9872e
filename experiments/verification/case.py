"""A case: a scenario that reduces to a system with known answers, and what is read from its runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import flowsim as fs
from experiments.agreement import Row, compared
from flowsim.events import EventLog
from flowsim.params import Scenario

CONFIGS = Path(__file__).parents[2] / "configs" / "theory"
START = "2017-01-02"


@cache
def world(name: str) -> Scenario:
    """A scenario of configs/theory."""
    return fs.load(CONFIGS / f"{name}.yaml")


def tiny(name: str, window_days: float, warm_up_days: float = 0.0, **parts: Any) -> Scenario:
    """A scenario of these parts and nothing else."""
    clock = {"start": START, "warm_up_days": warm_up_days, "window_days": window_days}
    return Scenario.model_validate({"name": name, "clock": clock, **parts})


def exponential(mean: float) -> dict[str, Any]:
    """An exponential duration."""
    return {"shape": "exponential", "mean_days": mean}


def cohort(per_day: float, pathway: str = "P0", stay: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """People who all leave by one pathway."""
    stays = {pathway: {"share": 1.0, "stay": dict(stay or exponential(1.0))}}
    return {"arrivals": {"per_day": per_day}, "pathways": stays, **more}


@dataclass(frozen=True)
class Case:
    """A system with exact answers.

    Attributes
    ----------
    exact
        Quantities and their exact values.
    read
        The same quantities of one run, in the same order; their expectations are the exact values.
    replications, few
        Runs for the page, and for a test of seconds.
    """

    system: str
    scenario: Scenario
    exact: Mapping[str, float]
    read: Callable[[EventLog], Sequence[float]]
    source: str
    replications: int = 200
    few: int = 30

    def rows(self, replications: int, seed: int) -> list[Row]:
        """Independent replications held against the exact values."""
        found = np.array([self.read(fs.simulate(self.scenario, seed, number)) for number in range(replications)])
        return [
            compared(self.system, name, found[:, column], value, self.source)
            for column, (name, value) in enumerate(self.exact.items())
        ]
