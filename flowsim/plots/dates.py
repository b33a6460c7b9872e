"""Dates and months along an axis, as many as fit, with the year where it changes."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.plots.room import most_ticks
from flowsim.plots.style import GRID, plain_numbers
from flowsim.plots.words import date

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_MONTHS = 14
"""Months named below a picture 9 inches wide."""


def dated(ax: Axes, first: dt.datetime, last: dt.datetime) -> None:
    """Dates along the x axis with the year at the left and at each January, and a light grid for reading values."""
    from matplotlib import dates as mdates
    from matplotlib.ticker import MaxNLocator

    dates: Any = mdates  # matplotlib leaves these without types
    months = (last - first).days / 30.4
    most = most_ticks(ax, _MOST_MONTHS)
    if (last - first).days < 3:  # hours would promise more than a mean of each day
        ax.xaxis.set_major_locator(dates.DayLocator())
        ax.xaxis.set_major_formatter(lambda value, _place: date(dates.num2date(value)))
    elif months < 3:
        locator = dates.AutoDateLocator(maxticks=max(most, 5))
        ax.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))
        ax.xaxis.set_major_locator(locator)
    else:
        step = next((step for step in (1, 2, 3, 6, 12) if months / step <= most), 12 * math.ceil(months / 12 / most))
        every = dates.MonthLocator(range(1, 13, step)) if step < 12 else dates.YearLocator(step // 12)
        ax.xaxis.set_major_locator(every)
        ax.xaxis.set_major_formatter(lambda value, place: _month(dates.num2date(value), int(place or 0)))
    ax.set_xlim(first, last if last > first else first + dt.timedelta(days=1))  # type: ignore[arg-type]
    ax.grid(axis="y", color=GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.yaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    plain_numbers(ax.yaxis)
    for line in ax.lines:
        if np.size(line.get_xdata()) == 1:  # no line is seen between one day and none
            line.set(marker="o", clip_on=False)


def months(ax: Axes, names: Sequence[str], room: float = 0.5) -> None:
    """Months along the x axis, one at each whole number, not all of them named where they are many.

    Parameters
    ----------
    room : float
        Months left free before the first and after the last.
    """
    most = most_ticks(ax, _MOST_MONTHS)
    step = next(step for step in (1, 2, 3, 6, 12, 24) if len(names) / step <= most or step == 24)
    at = range(0, len(names), step)
    ax.set_xticks(at, _month_names([names[place] for place in at]), fontsize=8)
    ax.set_xlim(-room, len(names) - 1 + room)
    ax.grid(axis="y", color=GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    plain_numbers(ax.yaxis)


def _month_names(names: Sequence[str]) -> list[str]:
    """Months such as "2017-04" as they stand along dates; as they are if one of them is no month."""
    try:
        days = [dt.date.fromisoformat(f"{name}-01") for name in names]
    except ValueError:
        return list(names)
    years = [0, *(day.year for day in days)]
    return [
        f"{day:%b}\n{day:%Y}" if day.year != before else f"{day:%b}" for day, before in zip(days, years, strict=False)
    ]


def _month(day: dt.date, place: int) -> str:
    return f"{day:%b}\n{day:%Y}" if place == 0 or day.month == 1 else f"{day:%b}"
