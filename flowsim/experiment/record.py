"""What the replications of an experiment gave: plain arrays, from which every table is made on request."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from flowsim.experiment.replicate import CheckResult, Failure, Finished, Run
from flowsim.experiment.statistics import Array
from flowsim.experiment.tracked import Cube, cubes
from flowsim.experiment.variance import set_means
from flowsim.measures import unless_given
from flowsim.params import Scenario


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """How one self-check went over the replications of one scenario, with the numbers of one of them."""

    scenario: str
    name: str
    runs: int
    failed: int
    example: str


@dataclass(frozen=True)
class Sets:
    """Drawn parameter sets behind an experiment: replication ``n`` is one of set ``n // per_set``.

    Attributes
    ----------
    names, grades : tuple of str
        What was drawn, and the grades of the evidence.
    values : array (set, name)
        Numbers, or factors and terms where a row of evidence has one for all numbers under it.
    notes : tuple of str
        What was held or drawn again.
    laid : tuple (set) of tuple (scenario) of str
        What each set lays over each scenario, by dotted path, as JSON; none of a folder that does not keep it.
    """

    per_set: int
    names: tuple[str, ...]
    grades: tuple[str, ...]
    values: Array
    notes: tuple[str, ...] = ()
    laid: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Record:
    """The numbers of an experiment; base scenario first.

    Attributes
    ----------
    replications : tuple of int
        Those that finished in every scenario, in order.
    values : array (scenario, replication, measure)
        NaN where a measure is undefined.
    daily : array (scenario, replication, series, day)
        By day of the run from its first day, warm-up included.
    parts : array (alternative, replication, cause)
        Bed days saved by cause; the causes of one replication add up to its total.
    stopped : bool
        The user stopped before all replications were done.
    sets : Sets, optional
        What was drawn, if parameters were; the replications are then those of whole sets.
    years : tuple of str
        Financial years of a long window ("2017/18"), none of a short one.
    yearly : array (scenario, replication, year, measure)
        The measures of each year.
    trackers : dict of Cube
        The dashboards by month, by name.
    """

    scenarios: tuple[Scenario, ...]
    seed: int
    asked: int
    replications: tuple[int, ...]
    measures: tuple[str, ...]
    values: Array
    series: tuple[str, ...]
    daily: Array
    causes: tuple[str, ...]
    parts: Array
    checks: tuple[CheckSummary, ...] = ()
    failures: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    stopped: bool = False
    sets: Sets | None = None
    years: tuple[str, ...] = ()
    yearly: Array = field(default_factory=lambda: np.zeros((0, 0, 0, 0)))
    trackers: dict[str, Cube] = field(default_factory=dict)

    def independent(self, values: Array) -> Array:
        """What intervals rest on (first axis): replications, or with drawn parameter sets the means of sets."""
        return values if self.sets is None else set_means(values, self.sets.per_set)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios."""
        return tuple(scenario.name for scenario in self.scenarios)

    def of(self, measure: str) -> Array:
        """Values of one measure (scenario, replication); raises KeyError with its name if there is none such."""
        if measure not in self.measures:
            raise KeyError(f"no measure {measure!r}; there are {', '.join(self.measures)}")
        return self.values[:, :, self.measures.index(measure)]


def gathered(
    scenarios: Sequence[Scenario],
    seed: int,
    asked: int,
    finished: Sequence[Finished],
    warnings: Sequence[str],
    seconds: float,
    stopped: bool,
) -> Record:
    """Put finished replications side by side; those in which something failed only appear among the failures."""
    whole = [one for one in finished if not one.failures]
    runs = [[one.runs[row] for one in whole] for row in range(len(scenarios))]
    measures = _union([run.values for each in runs for run in each])
    series = _union([run.daily for each in runs for run in each])
    causes = _union([run.parts for each in runs for run in each])
    years = _union([run.yearly for each in runs for run in each])
    return Record(
        scenarios=tuple(scenarios),
        seed=seed,
        asked=asked,
        replications=tuple(one.replication for one in whole),
        measures=measures,
        values=_cube([[list(_row(run.values, measures)) for run in each] for each in runs], len(whole), len(measures)),
        series=series,
        daily=_days([[run.daily for run in each] for each in runs], series),
        causes=causes,
        parts=_cube(
            [[_row(dict.fromkeys(causes, 0.0) | run.parts, causes) for run in each] for each in runs[1:]],
            len(whole),
            len(causes),
        ),
        checks=_checks(scenarios, finished),
        failures=tuple(failure for one in finished for failure in one.failures),
        warnings=tuple(warnings),
        seconds=seconds,
        stopped=stopped,
        years=years,
        yearly=_years(runs, years, measures),
        trackers=cubes(runs),
    )


def _union(
    tables: Sequence[dict[str, float]] | Sequence[dict[str, Array]] | Sequence[dict[str, dict[str, float]]],
) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for table in tables:
        seen.update(dict.fromkeys(table))
    return tuple(seen)


def _row(values: dict[str, float], names: Sequence[str]) -> list[float]:
    return [float(values[name] if name in values else unless_given(name)) for name in names]


def _cube(rows: list[list[list[float]]], replications: int, columns: int) -> Array:
    return np.array(rows, dtype=float).reshape(len(rows), replications, columns)


def _years(runs: list[list[Run]], years: Sequence[str], measures: Sequence[str]) -> Array:
    rows = [[[_row(run.yearly.get(year, {}), measures) for year in years] for run in each] for each in runs]
    return np.array(rows, dtype=float).reshape(len(runs), len(runs[0]) if runs else 0, len(years), len(measures))


def _days(runs: list[list[dict[str, Array]]], series: Sequence[str]) -> Array:
    days = max((len(column) for each in runs for run in each for column in run.values()), default=0)
    result = np.full((len(runs), len(runs[0]) if runs else 0, len(series), days), math.nan)
    for row, each in enumerate(runs):
        for replication, run in enumerate(each):
            for place, name in enumerate(series):
                column = run.get(name)
                if column is not None:
                    result[row, replication, place, : len(column)] = column
    return result


def _checks(scenarios: Sequence[Scenario], finished: Sequence[Finished]) -> tuple[CheckSummary, ...]:
    found: dict[tuple[str, str], list[CheckResult]] = {}
    for one in finished:
        for scenario, run in zip(scenarios, one.runs, strict=False):
            for check in run.checks:
                found.setdefault((scenario.name, check.name), []).append(check)
    return tuple(
        CheckSummary(
            scenario=scenario,
            name=name,
            runs=len(results),
            failed=sum(not check.ok for check in results),
            example=next((check.detail for check in results if not check.ok), results[0].detail),
        )
        for (scenario, name), results in found.items()
    )
