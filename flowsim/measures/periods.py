"""Financial years and months of a window, as windows of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from flowsim.measures.view import Window

LONG_WINDOW = 400.0
"""Days; numbers by financial year are kept of longer windows (a shorter one is a year, or hardly more)."""


@dataclass(frozen=True, slots=True)
class Period:
    """The part of a financial year or a month within a window: its label, and days of the run ``[start, end)``."""

    label: str
    start: float
    end: float

    @property
    def window(self) -> Window:
        """Its days, as measures take them."""
        return self.start, self.end


def financial_years(first_day: dt.date, window: Window) -> tuple[Period, ...]:
    """Years from 1 April to 31 March, labelled as "2017/18"; the first and the last end where the window does.

    Parameters
    ----------
    first_day : date
        Day 0 of the run.
    window : tuple of days
        Half-open ``[start, end)``.
    """
    return _cut(first_day, window, _year_of, lambda day: f"{day.year}/{(day.year + 1) % 100:02d}", _next_year)


def days_in(label: str) -> int:
    """Days of the whole financial year of a label such as "2019/20": 366 where its February has 29."""
    first = int(label[:4])
    return (dt.date(first + 1, 4, 1) - dt.date(first, 4, 1)).days


def titled(label: str, days: float) -> str:
    """A financial year where people read it: its label, with the days measured where they are not all of it."""
    return label if days >= days_in(label) else f"{label} ({days:.0f} days)"


def years_in(first_day: dt.date, window: Window) -> float:
    """How many years a window is: a financial year from its first day to its last is one, of 365 days or 366."""
    return sum((year.end - year.start) / days_in(year.label) for year in financial_years(first_day, window))


def months(first_day: dt.date, window: Window) -> tuple[Period, ...]:
    """Calendar months, labelled as "2017-04"; the first and the last end where the window does."""
    return _cut(first_day, window, lambda day: day.replace(day=1), lambda day: f"{day:%Y-%m}", _next_month)


def _cut(
    first_day: dt.date,
    window: Window,
    begin: Callable[[dt.date], dt.date],
    label: Callable[[dt.date], str],
    following: Callable[[dt.date], dt.date],
) -> tuple[Period, ...]:
    start, end = window
    period = begin(first_day + dt.timedelta(days=int(start)))
    found: list[Period] = []
    while (opens := float((period - first_day).days)) < end:
        after = following(period)
        found.append(Period(label(period), max(opens, start), min(float((after - first_day).days), end)))
        period = after
    return tuple(found)


def _year_of(day: dt.date) -> dt.date:
    return dt.date(day.year if day.month >= 4 else day.year - 1, 4, 1)


def _next_year(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 1)


def _next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
