"""Whether what a programme does can be seen in some days of a run, and if not, when it can."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import numpy as np

from flowsim.plots.words import date

if TYPE_CHECKING:
    from flowsim.events import EventLog

DAYS = 14
"""Days proposed instead: the last ones measured, when the most has begun."""


def later(log: EventLog, window: tuple[float, float]) -> str:
    """A sentence on a programme that begins only after the window, with days that show it; empty if there is none."""
    begins = {words: day for words, day in _beginnings(log).items() if math.isfinite(day)}
    if not begins or min(begins.values()) < window[1]:
        return ""
    said = " and ".join(f"{words} on {date(_day(log, day))}" for words, day in begins.items())
    last = min(math.floor(log.window[1]), math.floor(log.horizon))
    first = max(last - DAYS, math.floor(min(begins.values())))
    if not window[1] <= first < last:
        return f"Nothing of the programme has begun in these days: {said}."
    shown = f"--window {_day(log, first)}:{_day(log, last)}"
    return f"Nothing of the programme has begun in these days: {said}. To see it, add {shown}."


def _beginnings(log: EventLog) -> dict[str, float]:
    """Days on which Huddles and LIFE begin, by what happens then; infinity where they never do."""
    entered = log.stay["entered"].astype(float)[log.of_kind("life")]
    return {
        "the first Huddle is live": min(log.practices_live, default=math.inf),
        "LIFE takes its first person": float(np.nanmin(entered)) if np.isfinite(entered).any() else math.inf,
    }


def _day(log: EventLog, day: float) -> dt.date:
    return log.start + dt.timedelta(days=math.floor(day))
