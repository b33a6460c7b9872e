"""What `run` gives back: tables on request, pictures, and a short page in a notebook."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from flowsim.experiment import tables, tracked, years
from flowsim.experiment.record import Record
from flowsim.experiment.replicate import Failure
from flowsim.experiment.words import key_table_html

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from flowsim.params import Scenario


class Results:
    """The replications of one scenario.

    Parameters
    ----------
    record : Record
        The numbers as arrays.
    """

    def __init__(self, record: Record) -> None:
        self.record = record

    @property
    def scenario(self) -> Scenario:
        """What was run; the base of a comparison."""
        return self.record.scenarios[0]

    @property
    def scenarios(self) -> list[Scenario]:
        """All scenarios, base first."""
        return list(self.record.scenarios)

    @cached_property
    def replications(self) -> pd.DataFrame:
        """One row per scenario, replication and measure: scenario, replication, measure, value, unit."""
        return tables.replications_frame(self.record)

    @cached_property
    def daily(self) -> pd.DataFrame:
        """One row per scenario, replication, series and day: scenario, replication, day, date, series, value."""
        return tables.daily_frame(self.record)

    @property
    def years(self) -> dict[str, float]:
        """Financial years of a window longer than 400 days, and how many days of each were measured."""
        return {year.label: year.end - year.start for year in years.years_of(self.record)}

    @cached_property
    def yearly(self) -> pd.DataFrame:
        """Every measure of each financial year (April to March), if the window is longer than 400 days.

        Returns
        -------
        DataFrame
            Columns scenario, replication, year ("2017/18"), measure, value, unit; no rows for a shorter window. The
            first and the last year end where the window does.
        """
        return years.yearly_frame(self.record)

    def yearly_summary(self) -> pd.DataFrame:
        """The columns of :meth:`summary` for each financial year, after its label ``year``.

        Compared, ``bed_days_saved`` and ``beds_equivalent`` are against the base in the same year. Intervals hold for
        each year on its own (together over the alternatives).
        """
        return years.yearly_summary_frame(self.record)

    def tracker(self, name: str) -> pd.DataFrame:
        """A dashboard by month, on average over the replications.

        Parameters
        ----------
        name : str
            ``huddles`` (by practice), ``life`` (by entrance), ``packages`` (by size), ``outcomes`` or ``journeys``.

        Returns
        -------
        DataFrame
            Columns scenario, practice, entrance or size (or ``everyone``), month ("2017-10"), then the counts defined
            in :mod:`flowsim.measures.trackers`, which add up to the measures of the whole window.
        """
        return tracked.tracker_frame(self.record, name)

    def tracker_months(self, name: str) -> pd.DataFrame:
        """A dashboard summed over its rows: scenario, month, column, mean, sd, n, ci_low, ci_high."""
        return tracked.months_frame(self.record, name)

    def framework(self) -> pd.DataFrame:
        """The outcome framework: what the model can compute, with intervals, and why it cannot compute the rest.

        Returns
        -------
        DataFrame
            Columns scenario, domain, indicator, computed, mean, ci_low, ci_high, unit, note.
        """
        return tracked.framework_frame(self.record)

    def summary(self) -> pd.DataFrame:
        """Mean of each measure over the replications, with sd, n and 95 % interval: see ``experiment.statistics``."""
        return tables.summary_frame(self.record)

    def quantiles(self, shares: Iterable[float] = tables.QUANTILES) -> pd.DataFrame:
        """Quantiles of each measure over the replications: what one run in twenty stays below or exceeds.

        Returns
        -------
        DataFrame
            Columns scenario, measure, unit, quantile, value, n, ci_low, ci_high; the 95 % intervals are of order
            statistics. A bound that so few replications cannot give is the end of the measure's possible values.
        """
        return tables.quantiles_frame(self.record, shares)

    def warm_up(self) -> pd.DataFrame:
        """When each queue and level of the first scenario settles: see :func:`flowsim.experiment.warmup.warm_up`."""
        from flowsim.experiment.warmup import warm_up_frame

        return warm_up_frame(self.record)

    def precision_needed(self, *shares: float) -> pd.DataFrame:
        """Replications each key measure of the first scenario needs: see ``experiment.enough.needs``."""
        from flowsim.experiment.enough import needs_frame

        return needs_frame(self.record, shares)

    @property
    def warnings(self) -> list[str]:
        """What to keep in mind when reading the numbers."""
        return list(self.record.warnings)

    @property
    def failures(self) -> list[Failure]:
        """Replications that gave no result, and why."""
        return list(self.record.failures)

    def to_excel(self, path: str | os.PathLike[str]) -> Path:
        """Write the workbook that ``flowsim run`` and ``compare`` keep as ``results.xlsx``, and give its path.

        A file there is replaced. The same results give the same bytes; so it bears no date, which a run folder has.

        Raises
        ------
        flowsim.workbook.WorkbookError
            If no replication finished, or the name does not end in ``.xlsx`` or is one of a folder or device.
        OSError
            If the file cannot be written.
        """
        from flowsim.experiment.manifest import manifest_of
        from flowsim.workbook import write

        manifest = manifest_of(self.record, (), {})
        dated = ("written", "seconds")
        return write(Path(path), self, manifest={k: v for k, v in manifest.items() if k not in dated}, configs={})

    def plot(self, kind: str = "occupancy", ax: Axes | None = None) -> Axes:
        """A picture of the results; the kinds are those of :mod:`flowsim.plots`."""
        from flowsim.plots import plot

        return plot(self, kind, ax=ax)

    def __repr__(self) -> str:
        record = self.record
        names = ", ".join(record.names)
        return f"<{type(self).__name__} of {names}: {len(record.replications)} replications, seed {record.seed}>"

    def _repr_html_(self) -> str:
        return key_table_html(self.record)
