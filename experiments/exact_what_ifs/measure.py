"""Runs of flowsim held against the solved wards: each measure, and each paired difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import flowsim as fs
from experiments.agreement import Row, compared
from experiments.exact_what_ifs.questions import MEASURES, Question
from flowsim.experiment.statistics import LEVEL


@dataclass(frozen=True)
class Difference:
    """A paired difference, exactly and as `compare` reports it."""

    ward: str
    measure: str
    exact: float
    estimate: float
    low: float
    high: float
    error: float
    miss: float
    """Chance that an interval of this kind misses: less than 5 %, as those of all alternatives hold together."""

    @property
    def informative(self) -> bool:
        """Whether there is a difference at all, exactly or by chance."""
        return bool(self.exact or self.error)

    @property
    def z(self) -> float:
        """Estimate less exact difference in standard errors."""
        return (self.estimate - self.exact) / self.error if self.error else 0.0

    @property
    def covers(self) -> bool:
        """Whether the interval covers the exact difference."""
        hair = 1e-9 * max(abs(self.exact), 1.0)
        return self.low - hair <= self.exact <= self.high + hair

    def kept(self) -> dict[str, Any]:
        """The difference for a file."""
        return vars(self) | {"covers": self.covers}


@dataclass(frozen=True)
class Answer:
    """What came of one question."""

    question: Question
    rows: list[Row]
    differences: list[Difference]


def answered(question: Question, replications: int, seed: int, jobs: int | None = 1) -> Answer:
    """Run the base and its alternatives with ``compare`` and hold every measure against its exact value."""
    scenarios = [ward.scenario for ward in question.wards]
    found = fs.compare(*scenarios, replications=replications * question.times, seed=seed, jobs=jobs)
    if found.failures:
        raise RuntimeError(found.failures[0])
    values = found.replications.pivot(index="replication", columns=["scenario", "measure"], values="value")
    rows = [
        compared(ward.name, name, values[ward.name, name].to_numpy(), ward.exact.get(name, 0.0))
        for ward in question.wards
        for name in MEASURES
        if (ward.name, name) in values
    ]
    return Answer(question, rows, _differences(question, found))


def _differences(question: Question, found: fs.Comparison) -> list[Difference]:
    base = question.base.exact
    rows = []
    for one in found.differences().itertuples():
        if one.measure not in MEASURES:
            continue
        ward = next(ward for ward in question.alternatives if ward.name == one.alternative)
        exact = ward.exact.get(one.measure, 0.0) - base.get(one.measure, 0.0)
        error = one.sd / math.sqrt(one.n)
        miss = (1.0 - LEVEL) / len(question.alternatives)
        rows.append(Difference(ward.name, one.measure, exact, one.mean, one.ci_low, one.ci_high, error, miss))
    return rows
