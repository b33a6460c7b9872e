"""Samples of several systems, taken one replication at a time and never twice.

A *system* is one of the things compared (a rollout, a capacity), by its number. Replication ``r`` of every system is
drawn with the same luck (common random numbers), so differences of systems vary less than the systems do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal, Protocol, runtime_checkable

import numpy as np

from flowsim.experiment.statistics import Array

Draw = Callable[[int, int], float]
"""``draw(system, replication)``: one number, always the same for the same two numbers."""

Goal = Literal["max", "min"]


class SampleError(Exception):
    """A replication gave no number that can be compared."""


@runtime_checkable
class Foreseeing(Protocol):
    """A draw that likes to know ahead what it will be asked, to compute it in parallel."""

    def prefetch(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Make ready the given (system, replication) pairs."""


class Samples:
    """What was drawn so far of each system; larger is better inside, whatever the goal.

    Parameters
    ----------
    draw : callable
        See :data:`Draw`.
    systems : int
        How many there are.
    goal : "max" or "min"
        With ``min`` every number is kept with its sign changed.
    """

    def __init__(self, draw: Draw, systems: int, goal: Goal = "max") -> None:
        self.draw = draw
        self.sign = 1.0 if goal == "max" else -1.0
        self.values: list[list[float]] = [[] for _ in range(systems)]

    @property
    def counts(self) -> list[int]:
        """Replications of each system."""
        return [len(column) for column in self.values]

    @property
    def total(self) -> int:
        """Replications of all systems together."""
        return sum(self.counts)

    def means(self) -> Array:
        """Mean of each system; NaN of one that was never drawn."""
        return np.array([mean_of(column) for column in self.values])

    def variances(self) -> Array:
        """Variance of each system (divisor n − 1)."""
        return np.array([np.var(column, ddof=1) if min(column) < max(column) else 0.0 for column in self.values])

    def fill(self, counts: Sequence[int]) -> None:
        """Draw until each system has at least so many replications.

        Raises
        ------
        SampleError
            If a number is NaN or infinite; it names system and replication.
        """
        todo = [
            (system, number)
            for system, (column, count) in enumerate(zip(self.values, counts, strict=True))
            for number in range(len(column), count)
        ]
        if isinstance(self.draw, Foreseeing):
            self.draw.prefetch(todo)
        for system, number in todo:
            self.values[system].append(self._one(system, number))

    def fill_one(self, system: int, count: int) -> None:
        """Draw until one system has at least so many replications; see :meth:`fill`."""
        counts = self.counts
        counts[system] = max(count, counts[system])
        self.fill(counts)

    def round(self, systems: Sequence[int]) -> Array:
        """One more replication of some systems, in their order."""
        counts = self.counts
        for system in systems:
            counts[system] += 1
        self.fill(counts)
        return np.array([self.values[system][-1] for system in systems])

    def _one(self, system: int, number: int) -> float:
        value = float(self.draw(system, number))
        if not math.isfinite(value):
            raise SampleError(f"system {system}, replication {number}: gave {value}, which cannot be compared")
        return self.sign * value


def mean_of(values: Sequence[float]) -> float:
    """Mean; exactly the value of a column that never varies, NaN of none."""
    if not values:
        return math.nan
    return values[0] if min(values) == max(values) else math.fsum(values) / len(values)
