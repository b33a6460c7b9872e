"""What each system's queues do in long runs, and what is said of it before and after them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import flowsim as fs
from experiments.overload.systems import System
from flowsim.events import EventLog
from flowsim.offered.stability import stability


@dataclass(frozen=True)
class Finding:
    """A system's warnings, and the mean number of people waiting for anything in the middle and at the end of runs."""

    system: str
    load: float
    short: str
    before: list[str]
    after: list[str]
    middle: float
    end: float
    most: float

    @property
    def right(self) -> bool:
        """Whether the overloaded are told of, by what is short, and nothing is said of the others."""
        told = " ".join(self.before)
        return self.short in told if self.short else not told


def waiting(log: EventLog, moments: np.ndarray) -> np.ndarray:
    """People waiting for any place at each moment."""
    queued, entered = log.stay["queued"], log.stay["entered"]
    until = np.where(np.isnan(entered), log.stay["left"], entered)
    rows = until > queued
    begun = np.searchsorted(np.sort(queued[rows]), moments, side="right")
    return np.asarray(begun - np.searchsorted(np.sort(until[rows]), moments, side="right"))


def watched(system: System, replications: int, seed: int) -> Finding:
    """Run a system and note what its queues do; warnings are those of ``run``, after and before the system's own."""
    horizon = system.scenario.clock.horizon
    moments = np.arange(0.0, horizon, 1.0)
    found = np.array([waiting(fs.simulate(system.scenario, seed, number), moments) for number in range(replications)])
    mean = found.mean(axis=0)
    middle, end = (float(mean[(moments >= at - 60) & (moments < at)].mean()) for at in (horizon / 2, horizon))
    before = stability(system.scenario)
    results = fs.run(system.scenario, replications=replications, seed=seed, jobs=1)
    prefix = f"{system.scenario.name}: "
    after = [line for line in results.warnings if line.removeprefix(prefix) not in before]
    return Finding(system.name, system.load, system.short, before, after, middle, end, float(mean.max()))
