"""Numbers by financial year of a long run: every year is a record of its own, read as the whole run is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from flowsim.experiment.record import Record
from flowsim.experiment.tables import SUMMARY, UNKNOWN, differences_frame, summary_frame, unit_of
from flowsim.measures.periods import Period, financial_years

if TYPE_CHECKING:
    import pandas as pd


def years_of(record: Record) -> tuple[Period, ...]:
    """The financial years of a record with the days of each; none if its window is short."""
    clock = record.scenarios[0].clock
    return financial_years(clock.start, clock.window) if record.years else ()


def records(record: Record) -> Iterator[tuple[str, Record]]:
    """Label and record of each year: its measures, and clocks whose window is the year, so that days and beds fit."""
    for row, year in enumerate(years_of(record)):
        clock = {"warm_up_days": year.start, "window_days": year.end - year.start}
        scenarios = tuple(
            one.model_copy(update={"clock": one.clock.model_copy(update=clock)}) for one in record.scenarios
        )
        yield year.label, replace(record, scenarios=scenarios, values=record.yearly[:, :, row])


def yearly_frame(record: Record) -> pd.DataFrame:
    """One row per scenario, replication, year and measure: scenario, replication, year, measure, value, unit."""
    import pandas as pd

    scenarios, replications, years, _ = record.yearly.shape
    index = pd.MultiIndex.from_product(
        [record.names, record.replications, record.years, record.measures],
        names=["scenario", "replication", "year", "measure"],
    )
    units = np.array([unit_of(name) for name in record.measures], dtype=object)
    columns = {"value": record.yearly.ravel(), "unit": np.tile(units, scenarios * replications * years)}
    return pd.DataFrame(columns, index=index if record.years else index[:0]).reset_index()


def yearly_summary_frame(record: Record) -> pd.DataFrame:
    """The summary of each year: year, then the columns of ``Results.summary``."""
    import pandas as pd

    found = [_with_year(summary_frame(one), label) for label, one in records(record)]
    columns = list(SUMMARY if len(record.scenarios) > 1 else SUMMARY[:8])
    columns += list(UNKNOWN if len(record.scenarios) > 1 else UNKNOWN[:3]) if record.sets is not None else []
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["year", *columns])


def yearly_differences_frame(record: Record) -> pd.DataFrame:
    """Paired differences within each year: year, then the columns of ``Comparison.differences``."""
    import pandas as pd

    found = [_with_year(differences_frame(one), label) for label, one in records(record)]
    return (
        pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["year", "alternative", *SUMMARY[1:8]])
    )


def _with_year(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    frame.insert(0, "year", label)
    return frame
