"""Periods in which a service is looked at: months, cut where its capacity makes a large step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from flowsim.offered.laws import Floats

_SHORT = 7  # days; fewer at the edge of a run, or on a side of a step, are Mondays more than they are a month
_STEP = 0.1  # share of capacity; smaller steps are told well enough by the mean of a month


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, and whether a month (or, at its edges, the run) begins and ends with them."""

    first: dt.date
    last: dt.date
    begins: bool
    ends: bool

    def __str__(self) -> str:
        return _from_to(self, self)


@dataclass(frozen=True)
class Periods:
    """Consecutive periods of a run, and the row of each day's."""

    listed: list[Period]
    rows: np.ndarray

    def mean(self, values: Floats) -> Floats:
        """Means by period of values by day."""
        return np.asarray(np.bincount(self.rows, values) / np.bincount(self.rows))

    def words(self, which: Iterable[int]) -> str:
        """Some of them in words; neighbours as one."""
        some = list(which)
        firsts = [row for row in some if row - 1 not in some]
        lasts = [row for row in some if row + 1 not in some]
        texts = [_from_to(self.listed[one], self.listed[two]) for one, two in zip(firsts, lasts, strict=True)]
        return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def periods(days: int, start: dt.date, capacity: Floats | None = None) -> Periods:
    """Months of a run, the ends counted with the month beside them if short; cut by ``capacity`` (by day) if given."""
    months = (np.datetime64(start, "D") + np.arange(days)).astype("datetime64[M]")
    begins = [0, *(np.flatnonzero(np.diff(months.astype(np.int64))) + 1).tolist()]
    if len(begins) > 1 and begins[1] < _SHORT:
        del begins[1]
    if len(begins) > 1 and days - begins[-1] < _SHORT:
        del begins[-1]
    cuts = _steps(capacity, begins, days) if capacity is not None else []
    ends = sorted([*begins, *cuts, days])
    listed = [_period(start, one, two, cuts) for one, two in pairwise(ends)]
    return Periods(listed, np.repeat(np.arange(len(listed)), np.diff(ends)))


def _steps(capacity: Floats, begins: list[int], days: int) -> list[int]:
    """Days of large steps that leave enough of the month on both sides."""
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.abs(np.diff(capacity)) / np.maximum(capacity[:-1], capacity[1:])
    found: list[int] = []
    for day in (np.flatnonzero(np.nan_to_num(change, nan=0.0) >= _STEP) + 1).tolist():
        edges = [*begins, *found, days]
        if all(abs(day - edge) >= _SHORT for edge in edges):
            found.append(day)
    return found


def _period(start: dt.date, begin: int, end: int, cuts: list[int]) -> Period:
    first, last = start + dt.timedelta(days=begin), start + dt.timedelta(days=end - 1)
    return Period(first, last, begins=begin not in cuts, ends=end not in cuts)


def _from_to(one: Period, two: Period) -> str:
    names = [_middle(each).strftime("%B %Y") for each in (one, two)]
    if one.begins and two.ends:
        return f"in {names[0]}" if names[0] == names[1] else f"from {names[0]} to {names[1]}"
    first = f"{one.first.day}" if names[0] == names[1] else _day(one.first)
    return f"from {first} to {_day(two.last)}"


def _middle(period: Period) -> dt.date:
    return period.first + (period.last - period.first) / 2


def _day(date: dt.date) -> str:
    return f"{date.day} {date.strftime('%B %Y')}"
