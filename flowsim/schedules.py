"""Values that change with time: steps and straight lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Schedule:
    """A value by day: ``values[i]`` holds from ``days[i]`` to ``days[i + 1]``, or runs straight to the next one.

    ``days`` rise strictly and begin at minus infinity in meaning: before ``days[0]`` the first value holds.
    """

    days: tuple[float, ...]
    values: tuple[float, ...]
    straight: bool = False

    def at(self, day: float) -> float:
        """Value at one moment; a step takes effect at its own moment."""
        if self.straight:
            return float(np.interp(day, self.days, self.values))
        return self.values[max(bisect_right(self.days, day) - 1, 0)]

    def at_all(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at many moments."""
        if self.straight:
            return np.interp(days, self.days, self.values)
        rows = np.searchsorted(self.days, days, side="right") - 1
        return np.asarray(self.values)[np.maximum(rows, 0)]

    def top(self, horizon: float) -> float:
        """Largest value reached before ``horizon``."""
        inside = [value for day, value in zip(self.days, self.values, strict=True) if day < horizon]
        return max([*inside, self.at(horizon), self.values[0]])

    def rises_after(self, day: float) -> bool:
        """Whether a later value is above the one now."""
        now = self.at(day)
        return any(value > now for moment, value in zip(self.days, self.values, strict=True) if moment > day)

    def changes(self, horizon: float) -> list[tuple[float, float]]:
        """Moments in (0, horizon) at which a stepped value changes, with the new value."""
        moments = zip(self.days, self.values, strict=True)
        return [(day, value) for day, value in moments if 0.0 < day < horizon]


def constant(value: float) -> Schedule:
    """A value that never changes."""
    return Schedule((0.0,), (value,))


def total(schedules: Sequence[Schedule]) -> Schedule:
    """Sum of values that change in steps; one alone is itself."""
    if len(schedules) == 1:
        return schedules[0]
    days: list[float] = []
    values: list[float] = []
    for day in sorted({day for one in schedules for day in one.days}):
        value = sum(one.at(day) for one in schedules)
        if not values or value != values[-1]:
            days.append(day)
            values.append(value)
    return Schedule(tuple(days), tuple(values))
