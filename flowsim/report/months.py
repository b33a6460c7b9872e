"""Series by day as a small table of months, or of financial years where there are many months."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flowsim.plots.daily import scenarios_of
from flowsim.plots.words import NONE, decimals_for, label, month_label, number, sentence_case
from flowsim.report.numbers import Cell, Line

if TYPE_CHECKING:
    import pandas as pd

MOST_MONTHS = 24


def by_month(
    daily: pd.DataFrame, window: tuple[float, float], series: Mapping[str, str]
) -> tuple[list[str], list[Line], str]:
    """Means over days and replications of some series.

    Parameters
    ----------
    daily : DataFrame
        Columns scenario, replication, day, date, series, value.
    series : mapping of series to words
        What each column is called after the scenario; nothing if the scenario says it all.

    Returns
    -------
    heads : list of str
        One for each scenario and series that was recorded.
    lines : list of Line
    first : str
        What the rows are: ``Month``, or ``Financial year`` of a window of more than 24 months.
    """
    import pandas as pd

    rows = daily[(daily["day"] >= window[0]) & (daily["day"] < window[1]) & daily["series"].isin(list(series))]
    rows = rows[rows["value"].abs() < math.inf]
    if not len(rows):
        return [], [], "Month"
    months = pd.to_datetime(rows["date"]).dt.to_period("M")
    long = months.nunique() > MOST_MONTHS
    period = months.map(_year if long else _month)
    means = rows["value"].groupby([period, rows["scenario"].astype(str), rows["series"].astype(str)]).mean()
    there = set(means.droplevel(0).index)
    columns = [(name, one) for name in scenarios_of(rows) for one in series if (name, one) in there]
    heads = [sentence_case(f"{label(name)}{': ' if series[one] else ''}{series[one]}") for name, one in columns]
    table = {column: means.xs(column, level=(1, 2)) for column in columns}
    lines = [
        Line(str(each), "", tuple(_cell(float(table[column].get(each, math.nan))) for column in columns))
        for each in dict.fromkeys(period)
    ]
    return heads, lines, "Financial year" if long else "Month"


def _month(month: pd.Period) -> str:
    return month_label(str(month))


def _year(month: pd.Period) -> str:
    first = month.year - (month.month < 4)
    return f"{first}/{(first + 1) % 100:02d}"


def _cell(value: float) -> Cell:
    return Cell(number(value, min(decimals_for(value), 1)) if math.isfinite(value) else NONE)
