"""Dashboards by month over the replications of an experiment, and the outcome framework."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowsim.experiment.statistics import Array, Estimate, estimate, estimates

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.experiment.record import Record
    from flowsim.experiment.replicate import Run
    from flowsim.params import Scenario


@dataclass(frozen=True)
class Cube:
    """The counts of one dashboard: values (scenario, replication, row, month, column)."""

    rows: tuple[str, ...]
    months: tuple[str, ...]
    columns: tuple[str, ...]
    values: Array


def cubes(runs: Sequence[Sequence[Run]]) -> dict[str, Cube]:
    """The dashboards of runs (by scenario, then replication) side by side; those with no rows are left out.

    A scenario with fewer practices than another has NaN for the others.
    """
    from flowsim.measures import TRACKERS

    found = {}
    every = [run for each in runs for run in each if run.trackers]
    for name, (_, columns) in TRACKERS.items():
        longest = max((run.trackers[name] for run in every), key=lambda one: len(one.rows), default=None)
        if longest is None or not longest.rows:
            continue
        values = np.full((len(runs), len(runs[0]), *longest.values.shape), math.nan)
        for at, each in enumerate(runs):
            for replication, run in enumerate(each):
                one = run.trackers[name].values
                values[at, replication, : one.shape[0]] = one
        found[name] = Cube(longest.rows, longest.months, tuple(columns), values)
    return found


def cube_of(record: Record, name: str) -> Cube:
    """A dashboard by name; KeyError, which names those there are, if this record has none such."""
    if name not in record.trackers:
        raise KeyError(f"no tracker {name!r}; there are {', '.join(record.trackers) or 'none'}")
    return record.trackers[name]


def tracker_frame(record: Record, name: str) -> pd.DataFrame:
    """Means over the replications: scenario, what its rows are, month, and the columns of the dashboard."""
    import pandas as pd

    from flowsim.measures import TRACKERS

    cube = cube_of(record, name)
    index = pd.MultiIndex.from_product(
        [record.names, cube.rows, cube.months], names=["scenario", TRACKERS[name][0], "month"]
    )
    means = cube.values.mean(axis=1).reshape(len(index), len(cube.columns))
    return pd.DataFrame(means, index=index, columns=list(cube.columns)).reset_index()


def months_frame(record: Record, name: str) -> pd.DataFrame:
    """Summed over rows, with intervals over the replications: scenario, month, column, mean, sd, n, ci_low, ci_high."""
    import pandas as pd

    cube = cube_of(record, name)
    rows = []
    for at, scenario in enumerate(record.names):
        totals = record.independent(np.nansum(cube.values[at], axis=1).reshape(len(record.replications), -1))
        found = estimates(totals)
        parts = zip(found.mean, found.sd, found.n, found.low, found.high, strict=True)
        labels = ((month, column) for month in cube.months for column in cube.columns)
        rows += [(scenario, *label, *map(float, part)) for label, part in zip(labels, parts, strict=True)]
    return pd.DataFrame(rows, columns=["scenario", "month", "column", "mean", "sd", "n", "ci_low", "ci_high"])


def framework_frame(record: Record) -> pd.DataFrame:
    """Indicators by scenario: scenario, domain, indicator, computed, mean, ci_low, ci_high, unit, note."""
    import pandas as pd

    from flowsim.measures.framework import FRAMEWORK, OF_RESIDENTS, PER_100_000

    rows = []
    for at, name in enumerate(record.names):
        others = _no_residents(record.scenarios[at])
        for one in FRAMEWORK:
            mixed = others and one.measure in OF_RESIDENTS
            found = _indicator(record, at, one.measure) if one.measure and not mixed else None
            note = f"the run counts people of {' and '.join(others)} as well" if mixed else one.note
            unit = "" if found is None else "a year per 100,000" if one.measure == PER_100_000 else "share"
            numbers = (math.nan,) * 3 if found is None else (found.mean, found.low, found.high)
            rows.append((name, one.domain, one.name, found is not None, *numbers, unit, note))
    columns = ["scenario", "domain", "indicator", "computed", "mean", "ci_low", "ci_high", "unit", "note"]
    return pd.DataFrame(rows, columns=columns)


def _no_residents(scenario: Scenario) -> list[str]:
    """Cohorts, beside the residents, of people who are none: under-65s who lie in the same beds."""
    others = [name for name, cohort in scenario.cohorts.items() if not cohort.from_population]
    return others if scenario.population is not None else []


def _indicator(record: Record, at: int, measure: str) -> Estimate | None:
    """An indicator over the replications; None where the scenario has nothing to compute it from."""
    from flowsim.experiment.limits import possible_values
    from flowsim.measures.framework import PER_100_000
    from flowsim.measures.periods import years_in

    scenario = record.scenarios[at]
    if measure == PER_100_000:
        if scenario.population is None or "admissions" not in record.measures:
            return None
        years = years_in(scenario.clock.start, scenario.clock.window)
        rate = record.of("admissions")[at] * 100_000 / (scenario.population.people * years)
        return estimate(record.independent(rate))
    if measure not in record.measures:
        return None
    values = record.independent(record.of(measure)[at])
    return estimate(values, possible=possible_values((measure,), values[:, None]))
