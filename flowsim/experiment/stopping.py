"""Replications until a precision is met: of one measure, or, in a comparison, of its paired difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flowsim.config.problems import did_you_mean
from flowsim.experiment.precision import AT_MOST, FIRST_LOOK, Look, Target, next_look, target_of
from flowsim.experiment.replicate import Finished, Run
from flowsim.experiment.tables import BED_DAYS, BED_DAYS_SAVED, BEDS_EQUIVALENT, beds_of, known_measures, unit_of
from flowsim.params import Scenario

Precision = float | str | Target
"""``0.05`` or ``"5%"`` of the mean, ``"50"`` in the unit of the measure, or a target."""


@dataclass(frozen=True, slots=True)
class Stopping:
    """When an experiment has enough replications.

    Attributes
    ----------
    measure : str
        Whose mean, or in a comparison whose paired difference, shall meet the target; of several alternatives all.
    at_most : int
        Replications after which it is given up.
    """

    target: Target
    measure: str
    at_most: int
    compared: bool
    window_days: float

    def look(self, finished: Sequence[Finished]) -> Look:
        """How many replications there shall be, from the numbers of those there are."""
        rows = [self._row(one) for one in finished]
        width = max(map(len, rows))
        table = np.array([row or [math.nan] * width for row in rows], dtype=float).reshape(len(rows), width)
        return next_look(table, self.target, self.at_most, comparisons=max(width, 1))

    def short(self, count: int) -> str:
        """What to say if it was given up after so many replications."""
        what = f"the difference in {self.measure}" if self._differs else self.measure
        goal = f"{self.target} of its mean" if self.target.relative else f"{self.target} {unit_of(self.measure)}"
        return (
            f"the precision asked for was not reached: after {count} replications (at most {self.at_most}) the "
            f"half-width of the interval of {what} is still above {goal}"
        )

    @property
    def _differs(self) -> bool:
        return self.compared and self.measure not in (BED_DAYS_SAVED, BEDS_EQUIVALENT)

    def _row(self, one: Finished) -> list[float]:
        """The numbers of one replication; none if it failed."""
        if one.failures:
            return []
        if not self.compared:
            return [self._value(one.runs[0])]
        return [self._value(run) - self._value(one.runs[0]) for run in one.runs[1:]]

    def _value(self, run: Run) -> float:
        name = BED_DAYS if self.measure in (BED_DAYS_SAVED, BEDS_EQUIVALENT) else self.measure
        value = run.values.get(name, math.nan)
        return beds_of(value, self.window_days) if self.measure == BEDS_EQUIVALENT else value


def stopping_of(
    scenarios: Sequence[Scenario],
    replications: int,
    precision: Precision | None,
    measure: str | None = None,
    at_most: int = AT_MOST,
) -> Stopping | None:
    """The rule an experiment stops by, or None if its replications are counted.

    Raises
    ------
    ValueError
        If there is no such precision or measure, or the numbers of replications leave no room for it.
    """
    if precision is None:
        if measure is not None:
            raise ValueError("a measure for the precision needs a precision, such as 5%")
        return None
    target, compared = target_of(precision), len(scenarios) > 1
    if not target.relative and target.amount < 1.0 and measure is None:
        raise ValueError(f"precision {target} is an amount in the unit of a measure; for a share of the mean write 5%")
    name = measure or (BED_DAYS_SAVED if compared else BED_DAYS)
    known = known_measures(scenarios[0], compared)
    if name not in known:
        raise ValueError(f"precision: no measure is called {name!r}; {did_you_mean(name, known)}")
    if replications < FIRST_LOOK:
        raise ValueError(
            f"a precision is first looked at after {FIRST_LOOK} replications or more, not {replications}: intervals "
            "that stop themselves earlier cover too seldom"
        )
    if at_most < replications:
        raise ValueError(f"precision: at most {at_most} replications are fewer than the {replications} to begin with")
    return Stopping(target, name, at_most, compared, scenarios[0].clock.window_days)
