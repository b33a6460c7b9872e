"""Arithmetic on intervals of time: overlaps, step functions, means by day; exact, and without loops over stays."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]


def overlap(start: Floats, end: Floats, low: float, high: float) -> Floats:
    """Days of each interval that lie within ``[low, high)``; 0 where an end of the interval is NaN."""
    days = np.minimum(end, high) - np.maximum(start, low)
    return np.where(days > 0.0, days, 0.0)


def ratio(part: float, whole: float) -> float:
    """``part / whole``; NaN if there is nothing to divide by."""
    return float(part) / float(whole) if whole > 0 else math.nan


def mean(values: Floats) -> float:
    """Mean; NaN of nothing."""
    return ratio(float(values.sum()), float(values.size))


def sum_of(group: Ints, values: Floats, groups: int) -> Floats:
    """Sum of each group; 0 where a group has none."""
    return np.bincount(group, values, groups).astype(np.float64)


def first_of(group: Ints, values: Floats, groups: int) -> Floats:
    """Smallest value of each group; infinity where a group has none."""
    found = np.full(groups, np.inf)
    np.minimum.at(found, group, values)
    return found


def last_of(group: Ints, values: Floats, groups: int) -> Floats:
    """Largest value of each group; minus infinity where a group has none."""
    found = np.full(groups, -np.inf)
    np.maximum.at(found, group, values)
    return found


@dataclass(frozen=True)
class Steps:
    """How many there are over ``[times[0], end)``: ``levels[i]`` from ``times[i]`` to the next one."""

    times: Floats
    levels: Floats
    end: float

    @property
    def lengths(self) -> Floats:
        """Days each level lasts."""
        return np.diff(self.times, append=self.end)

    @property
    def integral(self) -> float:
        """Level × days."""
        return float(self.levels @ self.lengths)

    @property
    def peak(self) -> float:
        """Highest level that lasted any time."""
        return float(self.levels[self.lengths > 0].max(initial=0.0))

    def percentile(self, share: float) -> float:
        """Lowest level not exceeded during at least this share of the time (time-weighted)."""
        order = np.argsort(self.levels, kind="stable")
        reached = np.cumsum(self.lengths[order])
        row = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
        return float(self.levels[order][min(row, len(order) - 1)])

    def at(self, moments: Floats) -> Floats:
        """Level from each moment on."""
        return self.levels[np.maximum(np.searchsorted(self.times, moments, side="right") - 1, 0)]


def steps(start: Floats, end: Floats, low: float, high: float, weights: Floats | None = None) -> Steps:
    """How many intervals (or what weight of them) cover each moment of ``[low, high)``.

    All changes at one instant count together, so a bed passed on at once is one bed.
    """
    inside = overlap(start, end, low, high) > 0
    begin, stop = np.maximum(start[inside], low), np.minimum(end[inside], high)
    each = np.ones(begin.size) if weights is None else weights[inside]
    moments = np.concatenate([[low], begin, stop])
    times, row = np.unique(moments, return_inverse=True)
    levels = np.cumsum(sum_of(row, np.concatenate([[0.0], each, -each]), times.size))
    return Steps(times[times < high], levels[times < high], high)


def by_day(start: Floats, end: Floats, horizon: float, weights: Floats | None = None) -> Floats:
    """Mean number (or weight) of intervals in each day of ``[0, horizon)``; the last day may be shorter than a day."""
    inside = overlap(start, end, 0.0, horizon) > 0
    begin, stop = np.maximum(start[inside], 0.0), np.minimum(end[inside], horizon)
    each = np.ones(begin.size) if weights is None else weights[inside]
    days = math.ceil(horizon)
    total = _begun(begin, each, days) - _begun(stop, each, days)
    if days and horizon < days:  # the whole-day formula ran past the edge of the last day
        last = overlap(begin, stop, days - 1.0, horizon) @ each
        total[-1] = last / (horizon - (days - 1))
    return total


def _begun(moments: Floats, weights: Floats, days: int) -> Floats:
    """Weight begun, averaged over each day: all of earlier days, and of this day the part after the moment."""
    day = np.floor(moments).astype(np.intp)
    whole = sum_of(day, weights, days + 1)
    part = sum_of(day, weights * (day + 1 - moments), days + 1)
    return np.asarray(np.cumsum(whole) - whole + part, dtype=np.float64)[:days]


def pairs(wanted: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Every pair of rows ``(i, j)`` with ``wanted[i] == keys[j]``."""
    order = np.argsort(keys, kind="stable")
    low = np.searchsorted(keys[order], wanted, side="left")
    count = np.searchsorted(keys[order], wanted, side="right") - low
    i = np.repeat(np.arange(wanted.size), count)
    offset = np.arange(i.size) - np.repeat(np.cumsum(count) - count, count)
    return i, order[low[i] + offset]
