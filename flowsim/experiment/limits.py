"""What values the measures of a scenario can take, so that no interval says more than can be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from flowsim.experiment.record import Record
from flowsim.experiment.statistics import Array, Possible
from flowsim.params.values import schedule_of

_BEDS = {"core_beds_occupied_mean": "core_capacity", "life_occupied_mean": "life_capacity"}
"""Mean use, and the daily series of the capacity it is of (LIFE in slots)."""
_ESCALATION = ("escalation_beds_mean", "escalation_beds_p95", "escalation_beds_peak")


def possible_of(record: Record, at: int) -> Possible:
    """What values the measures of one scenario can take: shares 0 to 1, counts at least 0, use at most capacity."""
    from flowsim.measures import SHARE_OF

    found = possible_values(record.measures, record.values[at])
    scenario, high = record.scenarios[at], found.high
    start, end = scenario.clock.window
    ends = dict.fromkeys(("escalation_days_open", "escalation_longest_open"), float(math.ceil(end) - math.floor(start)))
    if scenario.hospital is not None and scenario.hospital.escalation is not None:
        cap = schedule_of(scenario.hospital.escalation.cap, scenario.clock.start)
        ends |= dict.fromkeys(_ESCALATION, cap.top(scenario.clock.horizon))
    for name, series in _BEDS.items():
        if series in record.series and not (name.startswith("life") and _in_visits(record, at)):
            ends[name] = float(np.fmax.reduce(record.daily[at][:, record.series.index(series)], None, initial=0.0))
    cases = found.cases.copy()
    for column, name in enumerate(record.measures):
        seen = np.fmax.reduce(record.values[at][:, column], initial=0.0)
        high[column] = max(min(high[column], ends.get(name, math.inf)), seen)
        if SHARE_OF.get(name) in record.measures:
            cases[column] = np.nansum(record.of(SHARE_OF[name])[at])
    return Possible(found.low, high, cases)


def possible_values(names: Sequence[str], values: Array) -> Possible:
    """The same of measures by name alone; a share of capacity ends at 1 unless a replication (a row) is above."""
    from flowsim.measures import OF_CAPACITY, SHARE_OF, describe, possible

    ends = [possible(name, describe(name).unit) for name in names]
    low, high = (np.array([end[side] for end in ends], dtype=float) for side in (0, 1))
    for column, name in enumerate(names):
        if name in OF_CAPACITY and not (values[:, column] > 1.0).any():
            high[column] = 1.0
    n = (~np.isnan(values)).sum(axis=0)
    return Possible(low, high, np.where([name in SHARE_OF for name in names], np.maximum(n, 1), math.inf))


def _in_visits(record: Record, at: int) -> bool:
    life = record.scenarios[at].life
    return life is None or life.visits_per_day is not None
