"""Sheets by date: every series by day, week or month over the replications, and the dashboards by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.measures import TRACKERS
from flowsim.plots import headings
from flowsim.plots.words import number, sentence_case
from flowsim.workbook.cells import Value
from flowsim.workbook.sheets import MOST_CELLS, SCENARIO, Column, Sheet

if TYPE_CHECKING:
    from flowsim.experiment.record import Record
    from flowsim.experiment.statistics import Array

LOW, HIGH = 5, 95
"""Percentiles over the replications that stand beside a mean."""

TITLES = {
    "huddles": "Huddle tracker",
    "life": "LIFE tracker",
    "outcomes": "Outcomes by month",
    "journeys": "Journeys by month",
    "packages": "Packages by month",
}
"""What the sheets of the dashboards are called."""


def daily(record: Record) -> Sheet | None:
    """Mean and 5 to 95 % over the replications of every series, a row for each scenario and day of the whole run.

    Where that would be more than :data:`~flowsim.workbook.sheets.MOST_CELLS` cells, a row is the mean of a week or,
    if need be, of a calendar month; the sheet says so. None if nothing was kept by day.
    """
    scenarios, replications, series, days = record.daily.shape
    if not (replications and series and days):
        return None
    start = record.scenarios[0].clock.start
    columns = (Column(SCENARIO, 22), Column("Date", 11), Column("Counted", 9), *_columns(record.series))
    step, firsts = _step(start, days, scenarios * len(columns))
    window = tuple(start + dt.timedelta(days=edge) for edge in record.scenarios[0].clock.window)
    rows: list[Sequence[Value]] = []
    for name, cube in zip(record.names, record.daily, strict=True):
        table = _bands(_averaged(cube, firsts))
        rows += [
            [name, day, "yes" if window[0] <= day < window[1] else "warm-up", *line]
            for day, line in zip((start + dt.timedelta(days=first) for first in firsts), table, strict=True)
        ]
    every = {"day": "", "week": "A row is a week by its first day: ", "month": "A row is a month by its first day: "}
    words = f"{every[step]}The mean over {number(replications)} replications, and what 5 % and 95 % of them are below."
    cut = () if step == "day" else (f"{number(days)} days are too many for a sheet: values are means of each {step}.",)
    return Sheet(
        "Daily",
        f"Daily: beds, LIFE, packages and queues by {step}",
        f"Every series by {step}, with what 5 % and 95 % of the replications are below",
        columns,
        rows,
        (),
        (*cut, f"{words} Every replication and day is in daily.parquet."),
        "daily.parquet",
    )


def trackers(record: Record) -> Iterator[Sheet]:
    """The dashboards by month, each a sheet: means over the replications."""
    for name, cube in record.trackers.items():
        with np.errstate(invalid="ignore"):
            means = cube.values.mean(axis=1)
        title = TITLES.get(name, f"{sentence_case(name)[:20]} by month")
        rows = [
            [scenario, headings.row(name, row), month, *line]
            for scenario, table in zip(record.names, means.tolist(), strict=True)
            for row, lines in zip(cube.rows, table, strict=True)
            for month, line in zip(cube.months, lines, strict=True)
        ]
        kind = sentence_case(TRACKERS[name][0]) if name in TRACKERS else "Of"
        columns = (Column(SCENARIO, 22), Column("Who" if kind == "Everyone" else kind, 16), Column("Month", 10))
        yield Sheet(
            title,
            f"{title}: counts by month, on average over the replications",
            f"Counts by month{'' if kind == 'Everyone' else f' and {kind.lower()}'}; Definitions say what each is",
            (
                *columns,
                *(Column(headings.with_unit(*headings.count(name, one)), 15, "#,##0.0") for one in cube.columns),
            ),
            rows,
            words=("The months of a scenario add up to the measures of its whole window.",),
            whole=f"tracker.{name}.parquet",
        )


def _columns(series: Sequence[str]) -> Iterator[Column]:
    for name in series:
        words, unit = headings.series(name)
        for more in ("", f"{LOW} %", f"{HIGH} %"):
            yield Column(headings.with_unit(words, unit, more), 14, "#,##0.0")


def _step(start: dt.date, days: int, cells: int) -> tuple[str, list[int]]:
    """How long a row is, and on which days of the run rows begin; ``cells`` is how many there are of each day."""
    every = [start + dt.timedelta(days=day) for day in range(days)]
    weeks = [0, *(at for at, day in enumerate(every) if at and day.weekday() == start.weekday())]
    months = [0, *(at for at, day in enumerate(every) if at and day.day == 1)]
    if days * cells <= MOST_CELLS:
        return "day", list(range(days))
    return ("week", weeks) if len(weeks) * cells <= MOST_CELLS else ("month", months)


def _averaged(cube: Array, firsts: Sequence[int]) -> Array:
    """Values (replication, series, day) as means of the days from each first one to the next."""
    days = cube.shape[-1]
    if len(firsts) == days:
        return cube
    lengths = np.diff([*firsts, days])
    return np.asarray(np.add.reduceat(cube, list(firsts), axis=-1) / lengths)


def _bands(cube: Array) -> list[Any]:
    """Rows of (mean, low, high) of each series, from (replication, series, row)."""
    with np.errstate(invalid="ignore"):  # an unlimited capacity is the same in all replications
        low, high = np.percentile(cube, (LOW, HIGH), axis=0, method="nearest" if np.isinf(cube).any() else "linear")
        mean = cube.mean(axis=0)
    table: list[Any] = np.stack([mean, low, high], axis=-1).transpose(1, 0, 2).reshape(cube.shape[-1], -1).tolist()
    return table
