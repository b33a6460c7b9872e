"""Packages of home care by size and month of start: how many began, and after how many weeks they ended."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flowsim.events import INITIAL
from flowsim.measures.steps import Floats, last_of
from flowsim.measures.view import View

SIZES = ("small", "medium", "large")
"""Sizes by weekly hours: with the shipped limits below 7, from 7 to 14, and above 14 hours a week."""

PACKAGE_COLUMNS: dict[str, str] = {
    "begun": "Long-term packages of home care that began in the month, after hospital or from the community.",
    "ended_within_6_weeks": "Of those, the ones that ended (by death, a placement or because they were no longer "
    "needed) within six weeks.",
    "ended_6_to_12_weeks": "Of those, the ones that ended after six to twelve weeks.",
    "ended_12_to_26_weeks": "Of those, the ones that ended after twelve to 26 weeks.",
    "ended_after_26_weeks": "Of those, the ones that ended after more than 26 weeks.",
    "still_running": "Of those, the ones still running at the end of the window, however long they had run by then.",
}
"""Columns of the packages by size and month; the last five add up to those begun."""

_WEEKS = (6.0, 12.0, 26.0)
_HAIR = 1e-6

Count = Callable[[int, np.ndarray, Floats], Floats]


def package_counts(v: View, count: Count, limits: tuple[float, float]) -> dict[str, Floats]:
    """The columns of :data:`PACKAGE_COLUMNS`.

    Parameters
    ----------
    count : callable
        ``count(rows, row of each, moment of each)`` counts by row and month; a moment that is NaN does not count.
    limits : tuple of hours a week
        Packages are small below the first and large above the second.
    """
    began = v.time("package_at")
    began = np.where(v.origin(INITIAL) & (began <= 0.0), np.nan, began)
    hours = v.time("package_hours")
    size = np.where(hours < limits[0], 0, np.where(hours > limits[1], 2, 1)).astype(np.intp)
    stays = v.of("home_care") & v.got_in
    left = np.where(v.open[stays], np.inf, v.left[stays])
    ended = last_of(v.spell[stays], left, v.spells)
    ended = np.where(np.isfinite(ended) & (ended < v.end), ended, np.inf)
    weeks = (ended - began) / 7.0
    band = np.searchsorted(np.array(_WEEKS) + _HAIR, weeks)  # 0 to 3
    band[~np.isfinite(ended)] = len(_WEEKS) + 1
    found = {"begun": count(len(SIZES), size, began)}
    for place, name in enumerate(list(PACKAGE_COLUMNS)[1:]):
        found[name] = count(len(SIZES), size, np.where(band == place, began, np.nan))
    return found
