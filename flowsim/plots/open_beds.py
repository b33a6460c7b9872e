"""When and how often escalation beds are open: the share of days of each month as a calendar of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowsim.plots import style
from flowsim.plots.contrast import ink_on
from flowsim.plots.daily import scenarios_of
from flowsim.plots.source import by_day
from flowsim.plots.words import label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from flowsim.plots.outcome import Outcome
    from flowsim.plots.source import Window

MOST_ROWS = 48
"""Rows of a calendar at most; scenarios that would go beyond are left to the tables."""

MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
"""The order of a financial year."""

DEEPEST = (0x00, 0x59, 0x8C)
"""Shade of a month that is open throughout, red, green and blue; one that never is stays white."""


def open_days(daily: pd.DataFrame, window: Window | None = None) -> pd.DataFrame:
    """Days of each month on which an escalation bed was in use at some moment, on average over the replications.

    Parameters
    ----------
    daily : DataFrame
        Columns scenario, replication, day, date, series, value.
    window : (first, last) days of the run, optional
        Only these days ``[first, last)``. All days without it.

    Returns
    -------
    DataFrame
        Columns scenario, month (first day of it), days (measured), open (of these, mean) and share; no rows in a world
        without escalation beds.
    """
    import pandas as pd

    rows = daily[daily["series"] == "beds_escalation"]
    if window is not None:
        rows = rows[(rows["day"] >= window[0]) & (rows["day"] < window[1])]
    dates = pd.to_datetime(rows["date"])
    table = pd.DataFrame(
        {
            "scenario": rows["scenario"].astype(str),
            "month": dates.dt.to_period("M").dt.to_timestamp(),
            "replication": rows["replication"],
            "open": rows["value"] > 0,
        }
    )
    by_run = table.groupby(["scenario", "month", "replication"], sort=False)["open"].agg(["size", "sum"])
    means = by_run.groupby(level=["scenario", "month"], sort=False).mean()
    found = means.reset_index().rename(columns={"size": "days", "sum": "open"})
    return found.assign(share=found["open"] / found["days"])


@style.picture
def open_beds(source: Outcome | pd.DataFrame, *, window: Window | None = None, ax: Axes | None = None) -> Axes:
    """Per cent of the days of each month with escalation beds open: a row for each scenario and financial year.

    The numbers are in the cells; the shade only repeats them.

    Parameters
    ----------
    source : Results, Comparison or DataFrame
        A table has the columns scenario, replication, day, date, series, value.
    window : (first, last) days of the run, optional
        Only these days; of results the measured window if not given.
    """
    given = by_day(source, window)
    table = open_days(given.daily, given.window)
    rows = _rows(given.daily, table)
    ax = style.own(ax, open_height(len(rows)))
    if not rows:
        return _nothing(ax)
    for place, (_, year) in enumerate(rows):
        for column, share in year.items():
            _cell(ax, place, column, share)
    _frame(ax, rows)
    style.title(ax, _finding(table), "Per cent of the days of the month on which an escalation bed is in use", wrap=84)
    return ax


def open_rows(daily: pd.DataFrame, window: Window | None = None) -> int:
    """How many rows the calendar has."""
    return len(_rows(daily, open_days(daily, window)))


def open_height(rows: int) -> float:
    """Inches for a calendar of so many rows."""
    return 1.15 + 0.34 * max(rows, 1)


def _rows(daily: pd.DataFrame, table: pd.DataFrame) -> list[tuple[str, dict[int, float]]]:
    """Words and shares by column (0 is April) of each row, scenarios in their order, years within them."""
    found: list[tuple[str, dict[int, float]]] = []
    for name in scenarios_of(daily):
        years: dict[int, dict[int, float]] = {}
        for row in table[table["scenario"] == name].itertuples():
            month: Any = row.month
            column = (month.month - 4) % 12
            years.setdefault(month.year - (month.month < 4), {})[column] = float(str(row.share))
        if found and len(found) + len(years) > MOST_ROWS:
            return found
        several = len(years) > 1
        for place, (year, shares) in enumerate(sorted(years.items())):
            words = f"{year}/{(year + 1) % 100:02d}" if several else label(name, 26)
            found.append((f"{label(name, 26)}   {words}" if several and place == 0 else words, shares))
    return found


def _cell(ax: Axes, place: int, column: int, share: float) -> None:
    mixed = tuple((255 - (255 - part) * share) / 255 for part in DEEPEST)
    ax.barh(-place, 0.96, left=column + 0.02, height=0.86, color=mixed, edgecolor=style.GRID, linewidth=0.6)
    said = f"{100 * share:.0f}" if share == 0 or share >= 0.005 else "<1"
    ax.annotate(said, (column + 0.5, -place), ha="center", va="center", color=ink_on(mixed), fontsize=8.5)


def _frame(ax: Axes, rows: list[tuple[str, dict[int, float]]]) -> None:
    ax.set_xlim(0, len(MONTHS))
    ax.set_ylim(-len(rows) + 0.5, 0.5)
    ax.set_xticks([place + 0.5 for place in range(len(MONTHS))], MONTHS)
    ax.set_yticks([-place for place in range(len(rows))], [words for words, _ in rows])
    ax.xaxis.tick_top() if len(rows) > 14 else ax.xaxis.tick_bottom()
    ax.tick_params(length=0)
    for side in ("left", "bottom", "top"):
        ax.spines[side].set_visible(False)


def _finding(table: pd.DataFrame) -> str:
    totals = table.groupby("scenario", sort=False)[["open", "days"]].sum()
    said = [f"{number(float(one.open))} ({label(str(name), 30)})" for name, one in totals.iterrows()]
    most = float(totals["days"].max())
    days = f"{number(most)} day{'' if most == 1 else 's'}"
    if not (totals["open"] > 0).any():
        return f"Escalation beds are never open in {days}"
    return f"Escalation beds are open on {', '.join(said)} of {days}"


def _nothing(ax: Axes) -> Axes:
    ax.set_axis_off()
    ax.annotate("There are no escalation beds", (0.5, 0.5), xycoords="axes fraction", ha="center", color=style.INK)
    return ax
