"""Tidy tables made from the arrays of a record, on request."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from flowsim.experiment.limits import possible_of, possible_values
from flowsim.experiment.record import Record
from flowsim.experiment.statistics import Array, Estimate, Estimates, differences, estimate, estimates, quantile
from flowsim.experiment.variance import NOTHING, Split, split
from flowsim.params import Scenario
from flowsim.params.initiatives import counting

if TYPE_CHECKING:
    import pandas as pd

BED_DAYS = "bed_days"
BED_DAYS_SAVED = "bed_days_saved"
BEDS_EQUIVALENT = "beds_equivalent"
TOTAL = "total"
SUMMARY = (
    "scenario",
    "measure",
    "unit",
    "mean",
    "sd",
    "n",
    "ci_low",
    "ci_high",
    "diff_mean",
    "diff_low",
    "diff_high",
)
"""Columns of a summary."""
UNKNOWN = ("unknown_p5", "unknown_p95", "unknown_share", "diff_unknown_p5", "diff_unknown_p95", "diff_unknown_share")
"""Further columns where parameters were drawn: 5 % and 95 % of parameter sets without chance, share of variance."""


def unit_of(measure: str) -> str:
    """Unit of a measure, a cost, or a quantity that only a comparison has."""
    from flowsim.measures import describe

    return describe(measure).unit


def known_measures(scenario: Scenario, compared: bool = False) -> list[str]:
    """Names of all measures of a scenario, its costs included; compared, also of what only a comparison has."""
    from flowsim.measures import COMPARED, MEASURES, PEOPLE_REACHED

    counted = counting(scenario.initiatives, scenario.population is not None)
    names = [*MEASURES, *(f"{PEOPLE_REACHED}{name}" for name in counted)]
    if scenario.costs is not None:
        items = scenario.costs.items
        names += [f"cost_{item}" for item in items]
        payers = [one.payer for one in items.values()] + (["self"] if scenario.home_care is not None else [])
        names += [f"cost_payer_{payer}" for payer in dict.fromkeys(payers)]
    return [*names, *COMPARED] if compared else names


_Days = TypeVar("_Days", float, Array)


def beds_of(bed_days: _Days, window_days: float) -> _Days:
    """Beds that a number of bed days over the window would fill at the usual occupancy (``measures.OCCUPANCY``)."""
    from flowsim.measures import OCCUPANCY

    return bed_days / (window_days * OCCUPANCY)


def replications_frame(record: Record) -> pd.DataFrame:
    """One row per scenario, replication and measure: scenario, replication, measure, value, unit."""
    import pandas as pd

    scenarios, replications, measures = record.values.shape
    return pd.DataFrame(
        {
            "scenario": np.repeat(_text(record.names), replications * measures),
            "replication": np.tile(np.repeat(_numbers(record), measures), scenarios),
            "measure": np.tile(_text(record.measures), scenarios * replications),
            "value": record.values.ravel(),
            "unit": np.tile(_text(unit_of(name) for name in record.measures), scenarios * replications),
        }
    )


def daily_frame(record: Record) -> pd.DataFrame:
    """One row per scenario, replication, series and day: scenario, replication, day, date, series, value."""
    import pandas as pd

    scenarios, replications, series, days = record.daily.shape
    start = np.datetime64(record.scenarios[0].clock.start, "s")
    dates = start + np.arange(days).astype("timedelta64[D]")
    codes = np.repeat(np.arange(scenarios), replications * series * days)
    names = np.tile(np.repeat(np.arange(series), days), scenarios * replications)
    return pd.DataFrame(
        {
            "scenario": pd.Categorical.from_codes(codes, pd.Index(record.names)),
            "replication": np.tile(np.repeat(_numbers(record), series * days), scenarios),
            "day": np.tile(np.arange(days), scenarios * replications * series),
            "date": np.tile(dates, scenarios * replications * series),
            "series": pd.Categorical.from_codes(names, pd.Index(record.series)),
            "value": record.daily.ravel(),
        }
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a summary: a measure of a scenario and, for an alternative, its paired difference from the base.

    ``own`` is None for what only exists as a difference (bed days saved); ``diff`` is None for the base. The splits
    say what is chance and what is not known, where parameters were drawn.
    """

    scenario: str
    measure: str
    unit: str
    own: Estimate | None
    diff: Estimate | None = None
    own_split: Split | None = None
    diff_split: Split | None = None


def summary_rows(record: Record) -> list[Row]:
    """Every measure of every scenario, base first, in the order of the measures.

    Differences are alternative − base, paired by replication, except ``bed_days_saved`` = base − alternative and
    ``beds_equivalent`` = bed days saved ÷ (window days × occupancy). Their intervals hold together, over the
    alternatives, with 95 % confidence (Bonferroni). Where parameters were drawn, mean, sd, n and interval are those of
    the means of parameter sets, so the interval holds both what is not known and chance.
    """
    return [row for at in range(len(record.scenarios)) for row in _rows(record, at)]


def _rows(record: Record, at: int) -> Iterator[Row]:
    name = record.names[at]
    own = estimates(record.independent(record.values[at]), possible=possible_of(record, at))
    alternatives = len(record.scenarios) - 1
    diff = None
    if at:
        base, other = record.independent(record.values[0]), record.independent(record.values[at])
        either = possible_values(record.measures, np.concatenate([base, other]))
        diff = differences(base, other, comparisons=alternatives, possible=either)
    for column, measure in enumerate(record.measures):
        splits = _splits(record, at, column)
        yield Row(name, measure, unit_of(measure), _one(own, column), _one(diff, column) if diff else None, *splits)
    if at and BED_DAYS in record.measures:
        under, over = record.of(BED_DAYS)[[0, at]]
        saved = under - over
        beds = beds_of(saved, record.scenarios[at].clock.window_days)
        for measure, values in ((BED_DAYS_SAVED, saved), (BEDS_EQUIVALENT, beds)):
            diff_of = estimate(record.independent(values), comparisons=alternatives)
            yield Row(name, measure, unit_of(measure), None, diff_of, None, _split(record, values))


def _splits(record: Record, at: int, column: int) -> tuple[Split | None, Split | None]:
    own = record.values[at][:, column]
    return _split(record, own), _split(record, own - record.values[0][:, column]) if at else None


def _split(record: Record, values: Array) -> Split | None:
    return split(values, record.sets.per_set) if record.sets is not None else None


def _one(found: Estimates, column: int) -> Estimate:
    mean, sd, n = float(found.mean[column]), float(found.sd[column]), int(found.n[column])
    return Estimate(mean, sd, n, float(found.low[column]), float(found.high[column]))


@dataclass(frozen=True, slots=True)
class Part:
    """Bed days that one cause saves in one alternative; the parts add up to the part named ``total``."""

    alternative: str
    cause: str
    days: Estimate


def parts(record: Record) -> list[Part]:
    """Bed days saved by cause, for each alternative, with the total last."""
    count = max(len(record.scenarios) - 1, 1)
    return [
        Part(name, cause, estimate(record.independent(table[:, column]), comparisons=count))
        for name, table in zip(record.names[1:], record.parts, strict=True)
        for column, cause in enumerate(record.causes)
    ]


def summary_frame(record: Record) -> pd.DataFrame:
    """Rows of :func:`summary_rows`: scenario, measure, unit, mean, sd, n, ci_low, ci_high and, compared, diff_*."""
    import pandas as pd

    frame = pd.DataFrame([summary_cells(row) for row in summary_rows(record)], columns=[*SUMMARY, *UNKNOWN])
    kept = list(SUMMARY if len(record.scenarios) > 1 else SUMMARY[:8])
    kept += list(UNKNOWN if len(record.scenarios) > 1 else UNKNOWN[:3]) if record.sets is not None else []
    return frame[kept]


def summary_columns(record: Record) -> list[str]:
    """Columns of ``summary.csv``."""
    return [*SUMMARY, *UNKNOWN] if record.sets is not None else list(SUMMARY)


def summary_cells(row: Row) -> list[str | float | int]:
    """One line of a summary in the order of :data:`SUMMARY` and :data:`UNKNOWN`."""
    nothing = Estimate(math.nan, math.nan, 0, math.nan, math.nan)
    own = row.own or nothing
    diff = row.diff or nothing
    n = own.n if row.own else diff.n
    return [
        *(row.scenario, row.measure, row.unit),
        *(own.mean, own.sd, n, own.low, own.high),
        *(diff.mean, diff.low, diff.high),
        *(value for part in (row.own_split or NOTHING, row.diff_split or NOTHING) for value in _said(part)),
    ]


def _said(part: Split) -> tuple[float, float, float]:
    return part.low, part.high, part.share


def differences_frame(record: Record) -> pd.DataFrame:
    """Paired differences: alternative, measure, unit, mean, sd, n, ci_low, ci_high."""
    import pandas as pd

    rows = [
        (row.scenario, row.measure, row.unit, row.diff.mean, row.diff.sd, row.diff.n, row.diff.low, row.diff.high)
        for row in summary_rows(record)
        if row.diff is not None
    ]
    return pd.DataFrame(rows, columns=["alternative", *SUMMARY[1:8]])


def attribution_frame(record: Record) -> pd.DataFrame:
    """Bed days saved by cause: alternative, cause, mean, sd, n, ci_low, ci_high; the total is a row of its own."""
    import pandas as pd

    rows = [(one.alternative, one.cause, *astuple(one.days)) for one in parts(record)]
    return pd.DataFrame(rows, columns=["alternative", "cause", "mean", "sd", "n", "ci_low", "ci_high"])


QUANTILES = (0.05, 0.5, 0.95)
"""Quantiles over replications that are listed unless others are asked for."""


def quantiles_frame(record: Record, shares: Iterable[float] = QUANTILES) -> pd.DataFrame:
    """Quantiles over replications: scenario, measure, unit, quantile, value, n, ci_low, ci_high.

    Intervals are of order statistics, and end where the possible values of the measure end.
    """
    import pandas as pd

    rows = []
    for at, name in enumerate(record.names):
        ends = possible_of(record, at)
        for column, measure in enumerate(record.measures):
            for share in shares:
                one = quantile(record.values[at][:, column], share)
                low, high = max(one.low, float(ends.low[column])), min(one.high, float(ends.high[column]))
                rows.append((name, measure, unit_of(measure), share, one.value, one.n, low, high))
    columns = ["scenario", "measure", "unit", "quantile", "value", "n", "ci_low", "ci_high"]
    return pd.DataFrame(rows, columns=columns)


def _text(words: Iterable[str]) -> NDArray[np.object_]:
    return np.array(list(words), dtype=object)


def _numbers(record: Record) -> NDArray[np.int64]:
    return np.array(record.replications, dtype=np.int64)
