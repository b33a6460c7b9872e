"""Days, ticks and dates: the only place that converts between them.

Outside the run time is a float of days since ``clock.start``. Inside it is a whole number of *ticks*, so that
sums are exact and two things planned for one instant meet there.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY = 10**12
"""Ticks in a day."""

MAX_DAYS = 9_000.0
"""Longest run: below 2**53 ticks every tick is an exact float (24 years)."""

FOREVER = 2**62
"""A tick that never comes."""

_BEYOND = 1e6  # days: far past any horizon, and still a 64-bit number of ticks


class BadDurationError(ValueError):
    """A duration that is not a finite number of at least 0 days."""


def ticks(days: float) -> int:
    """Whole ticks of a number of days, as :func:`ticks_of`; refuses what is not finite and at least 0."""
    if not 0.0 <= days < float("inf"):
        raise BadDurationError(f"a duration must be finite and at least 0 days, not {days!r}")
    return round(min(days, _BEYOND) * DAY)


def ticks_of(days: NDArray[np.float64], what: str) -> NDArray[np.int64]:
    """Ticks of many durations at once; longer than any run counts as "not in this run".

    Parameters
    ----------
    days : array of floats
        Durations in days.
    what : str
        Named in the error, such as ``"clinical stay"``.

    Raises
    ------
    BadDurationError
        Naming the first row that is not a finite number of at least 0.
    """
    values = np.asarray(days, dtype=float)
    bad = ~(values >= 0.0) | np.isinf(values)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise BadDurationError(f"{what}: spell {row} has {values[row]!r} days; it must be finite and at least 0")
    whole: NDArray[np.int64] = np.rint(np.minimum(values, _BEYOND) * DAY).astype(np.int64)
    return whole


def day_of(date: dt.date, start: dt.date) -> int:
    """Whole days from ``start`` to ``date``; negative before it."""
    return (date - start).days


def weekday_of(start: dt.date, day: int) -> int:
    """Weekday (Monday 0) of a day of the run."""
    return (start.weekday() + day) % 7


def date_of(start: dt.date, day: float) -> dt.datetime:
    """Moment of a day of the run."""
    return dt.datetime.combine(start, dt.time()) + dt.timedelta(days=float(day))
