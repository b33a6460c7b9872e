"""How long a warm-up should be: Welch's moving average and MSER-5 of daily series, averaged over replications.

Sources: Welch 1983, in Computer Performance Modeling Handbook, 268-328, as in Law 2015, section 9.5.1; White 1997, An
effective truncation heuristic for bias reduction in simulation output, Simulation 69, 323-334, in batches of five
(White, Cobb and Spratt 2000; Hoad, Robinson and Davies 2010 found it the best of many rules).
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from flowsim.experiment.record import Record
from flowsim.experiment.statistics import Array
from flowsim.experiment.trends import PEOPLE, SHARE, looked_at

if TYPE_CHECKING:
    import pandas as pd

BATCH = 5
"""Days of a batch, for MSER-5."""
MOVING_DAYS = 14
"""Half-width of the moving average in days."""
FEWEST_DAYS = 50
"""Fewer days than ten batches do not show where a series settles."""


@dataclass(frozen=True, slots=True)
class Settling:
    """When one queue or level settles, in days from the start of the run; NaN if it does not within its first half.

    ``mser5`` is the warm-up by MSER-5, ``welch`` the day from which the moving average stays near its late mean.
    """

    series: str
    first: float
    late: float
    mser5: float
    welch: float


def moving_average(days: Array, half: int = MOVING_DAYS) -> Array:
    """Welch's centred moving average: of ``2 half + 1`` days, at both ends of as many as there are on either side."""
    sums = np.concatenate([[0.0], np.cumsum(days)])
    place = np.arange(len(days))
    reach = np.minimum(np.minimum(half, place), len(days) - 1 - place)
    return np.asarray((sums[place + reach + 1] - sums[place - reach]) / (2 * reach + 1))


def mser5(days: Array) -> float:
    """Days to leave out so that the standard error of the mean of the rest is smallest, in batches of five.

    Returns
    -------
    float
        NaN if the smallest lies beyond half of the series, where the rule is not to be trusted.
    """
    batches = days[: len(days) // BATCH * BATCH].reshape(-1, BATCH).mean(axis=1)
    count = len(batches)
    cuts = range(max(count - max(count // 4, 4), 0))  # a few last batches may happen to agree
    errors = [float(batches[cut:].var() / (count - cut)) for cut in cuts]
    best = int(np.argmin(errors)) if errors else count
    return float(best * BATCH) if best <= count // 2 else math.nan


def welch_settles(days: Array) -> float:
    """First day from which the moving average stays near the mean of the last half (a twentieth, or one person)."""
    average, late = moving_average(days), float(days[len(days) // 2 :].mean())
    away = np.flatnonzero(np.abs(average - late) > max(PEOPLE, SHARE * abs(late)))
    first = int(away[-1]) + 1 if away.size else 0
    return float(first) if first <= len(days) // 2 else math.nan


def courses(record: Record) -> dict[str, Array]:
    """Mean over replications, by day, of each queue and level of the first scenario that is ever above 0."""
    days = range(math.floor(record.scenarios[0].clock.horizon))
    return {one.name: one.days.mean(axis=0) for one in looked_at(record, 0, days) if one.days.any()}


def warm_up(record: Record) -> list[Settling]:
    """When each queue and level of the first scenario settles, what demand explains taken off.

    Raises
    ------
    ValueError
        If nothing was measured, or the run is shorter than 50 days.
    """
    found = courses(record)
    days = len(next(iter(found.values()), ()))
    if days < FEWEST_DAYS:
        raise ValueError(f"a warm-up shows in a run of {FEWEST_DAYS} days or more with queues or beds, not {days}")
    return [
        Settling(name, float(moving_average(one)[0]), float(one[days // 2 :].mean()), mser5(one), welch_settles(one))
        for name, one in found.items()
    ]


def recommended(rows: list[Settling]) -> float:
    """Whole weeks after which all have settled by MSER-5; NaN if one has not."""
    return float(math.ceil(max(one.mser5 for one in rows) / 7) * 7) if not _unsettled(rows) else math.nan


def _unsettled(rows: list[Settling]) -> bool:
    return any(math.isnan(one.mser5) for one in rows)


def warm_up_frame(record: Record) -> pd.DataFrame:
    """One row for each queue and level: series, first, late, mser5, welch."""
    import pandas as pd

    return pd.DataFrame([astuple(one) for one in warm_up(record)], columns=[one.name for one in fields(Settling)])
