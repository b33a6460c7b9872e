"""Pictures by day: beds, escalation beds, LIFE, packages; a line for the mean and a band over the replications."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from flowsim.plots import dates, style
from flowsim.plots.source import Window, by_day
from flowsim.plots.words import decimals_for, label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from flowsim.plots.outcome import Outcome

SMOOTHING_DAYS = 7
"""Lines and bands are averaged over this many days, so that weekends do not hide the course of the year."""

MOST_POINTS = 530
"""Points of a line at most: a year by day, ten years by week, so that pages stay small."""


def over_replications(
    daily: pd.DataFrame, scenario: str, series: str, window: Window | None = None, smooth: int = SMOOTHING_DAYS
) -> pd.DataFrame:
    """Mean, 5th and 95th percentile over replications of one series of one scenario, by date.

    Parameters
    ----------
    daily : DataFrame
        Columns scenario, replication, day, date, series, value.
    window : (first, last) days of the run, optional
        Only these days ``[first, last)``: the warm-up is left out. All days without it.
    smooth : int
        Days of a centred moving average of each of the three; 1 leaves them as they are.

    Returns
    -------
    DataFrame
        Columns mean, low, high, indexed by date; empty when the series was not recorded. Infinite values (the
        capacity of an unlimited place) are left out.
    """
    import pandas as pd

    rows = daily[(daily["scenario"] == scenario) & (daily["series"] == series)]
    if window is not None:
        rows = rows[(rows["day"] >= window[0]) & (rows["day"] < window[1])]
    rows = rows[rows["value"].abs() < math.inf]
    if not len(rows):
        return pd.DataFrame({"mean": [], "low": [], "high": []}, index=pd.DatetimeIndex([]), dtype=float)
    wide = rows.pivot_table(index="date", columns="replication", values="value", aggfunc="mean")
    wide.index = pd.to_datetime(wide.index)
    wide = wide.sort_index()
    table = pd.DataFrame(
        {"mean": wide.mean(axis=1), "low": wide.quantile(0.05, axis=1), "high": wide.quantile(0.95, axis=1)}
    )
    if smooth <= 1:
        return table
    every = math.ceil(len(table) / MOST_POINTS)
    return thinned(table.rolling(max(smooth, every), center=True, min_periods=1).mean())


def thinned(table: pd.DataFrame) -> pd.DataFrame:
    """Of a long table every so many rows, and the last: at most about :data:`MOST_POINTS`."""
    place = np.arange(len(table))
    every = max(math.ceil(len(table) / MOST_POINTS), 1)
    kept: pd.DataFrame = table.loc[(place % every == 0) | (place == len(table) - 1)]
    return kept


def scenarios_of(daily: pd.DataFrame) -> list[str]:
    """Names in the order in which they first appear: the base first."""
    return [str(name) for name in daily["scenario"].drop_duplicates()]


@style.picture
def core_beds(source: Outcome | pd.DataFrame, *, window: Window | None = None, ax: Axes | None = None) -> Axes:
    """Core beds in use by day in every scenario, with the beds there are as a thin line."""
    given = by_day(source, window)
    daily, window = given.daily, given.window
    ax = style.own(ax, 3.8)
    _capacity(ax, daily, "core_capacity", window)
    means = lines(ax, daily, "beds_core", window)
    style.title(
        ax, _finding("Core beds in use on an average day", means), "Core beds in use (axis does not begin at 0)"
    )
    return ax


@style.picture
def escalation_beds(source: Outcome | pd.DataFrame, *, window: Window | None = None, ax: Axes | None = None) -> Axes:
    """Escalation beds in use by day in every scenario."""
    given = by_day(source, window)
    daily, window = given.daily, given.window
    ax = style.own(ax)
    means = lines(ax, daily, "beds_escalation", window, from_zero=True)
    style.title(ax, _finding("Escalation beds in use on an average day", means), "Escalation beds in use")
    return ax


@style.picture
def packages(source: Outcome | pd.DataFrame, *, window: Window | None = None, ax: Axes | None = None) -> Axes:
    """Long-term home-care packages in force by day in every scenario."""
    given = by_day(source, window)
    daily, window = given.daily, given.window
    ax = style.own(ax)
    means = lines(ax, daily, "home_care", window)
    lasts = {name: over_replications(daily, name, "home_care", window, 1)["mean"] for name in means}
    ends = {name: float(mean.iloc[-1]) for name, mean in lasts.items() if len(mean)}
    style.title(ax, _finding("Home-care packages in force at the end", ends), "Packages (axis does not begin at 0)")
    return ax


@style.picture
def life(
    source: Outcome | pd.DataFrame, scenario: str | None = None, *, window: Window | None = None, ax: Axes | None = None
) -> Axes:
    """LIFE slots in use in one scenario (or the last), against the slots there are, with the people waiting for one."""
    given = by_day(source, window)
    daily, window = given.daily, given.window
    scenario = given.one(scenario)
    ax = style.own(ax)
    used = over_replications(daily, scenario, "life_used", window)  # in the unit of the capacity, as visits or slots
    used = used if len(used) else over_replications(daily, scenario, "life", window)
    waiting = over_replications(daily, scenario, "life_waiting", window)
    slots = over_replications(daily, scenario, "life_capacity", window, 1)
    ends = []
    for table, name, colour in ((used, "In use", style.COLOURS[1]), (waiting, "Waiting", style.COLOURS[2])):
        if len(table):
            _band(ax, table, colour)
            ax.plot(table.index, table["mean"], color=colour, linewidth=1.8)
            ends.append((float(table["mean"].iloc[-1]), name, colour))
    if len(slots):
        ax.step(slots.index, slots["mean"], where="post", color=style.INK, linewidth=1.2)
        ends.append((float(slots["mean"].iloc[-1]), "Slots", style.INK))
    _finish(ax, daily, window)
    ax.set_ylim(bottom=0)
    style.name_lines(ax, ends)
    style.title(ax, _life_finding(scenario, used, slots, waiting), "LIFE slots and people")
    return ax


def lines(
    ax: Axes, daily: pd.DataFrame, series: str, window: Window | None = None, *, from_zero: bool = False
) -> dict[str, float]:
    """A line for every scenario, a band for the base and a single alternative; gives each one's mean over the days."""
    means, ends, names = {}, [], scenarios_of(daily)
    for place, name in enumerate(names):
        table = over_replications(daily, name, series, window)
        if not len(table):
            continue
        seen = style.look(place)
        if place == 0 or len(names) == 2:
            _band(ax, table, seen["color"])
        ax.plot(table.index, table["mean"], linewidth=1.8, **seen)
        means[name] = float(over_replications(daily, name, series, window, 1)["mean"].mean())
        ends.append((float(table["mean"].iloc[-1]), name, seen["color"]))
    _finish(ax, daily, window)
    if from_zero:
        ax.set_ylim(bottom=0)
    style.name_lines(ax, ends)
    return means


def _finish(ax: Axes, daily: pd.DataFrame, window: Window | None) -> None:
    import pandas as pd

    shown = daily if window is None else daily[(daily["day"] >= window[0]) & (daily["day"] < window[1])]
    if len(shown):
        days = pd.to_datetime(shown["date"])
        dates.dated(ax, days.min().to_pydatetime(), days.max().to_pydatetime())


def _band(ax: Axes, table: pd.DataFrame, colour: str) -> None:
    if (table["high"] > table["low"]).any():
        ax.fill_between(table.index, table["low"], table["high"], color=colour, alpha=0.16, linewidth=0)


def _capacity(ax: Axes, daily: pd.DataFrame, series: str, window: Window | None) -> None:
    """The capacity of the first scenario that records one, named at its left end."""
    for name in scenarios_of(daily):
        table = over_replications(daily, name, series, window, 1)
        if len(table):
            ax.step(table.index, table["mean"], where="post", color=style.INK, linewidth=1.0)
            first = (table.index[0], float(table["mean"].iloc[0]))
            words = f"{number(first[1])} core beds"
            ax.annotate(words, first, (3, 3), textcoords="offset points", color=style.INK, fontsize=8.5)
            return


def _finding(what: str, values: dict[str, float]) -> str:
    """ "Core beds in use: 239 (Do nothing), 231 (Transition year)"; the range when there are many."""
    finite = {name: value for name, value in values.items() if value == value}
    if not finite:
        return f"{what}: not recorded"
    decimals = min(decimals_for(*finite.values()), 1)
    if len(finite) > 3:
        low, high = min(finite, key=finite.__getitem__), max(finite, key=finite.__getitem__)
        finite = {low: finite[low], high: finite[high]}
        what += ", least and most"
    return f"{what}: " + ", ".join(f"{number(value, decimals)} ({label(name, 30)})" for name, value in finite.items())


def _life_finding(scenario: str, used: pd.DataFrame, slots: pd.DataFrame, waiting: pd.DataFrame) -> str:
    name = label(scenario, 30)
    if not len(used):
        return f"{name}: LIFE not recorded"
    top = number(float(used["mean"].max()))
    there = f" of {number(float(slots['mean'].max()))} slots" if len(slots) else ""
    queue = f"; on average {number(float(waiting['mean'].mean()), 1)} people wait" if len(waiting) else ""
    return f"{name}: LIFE reaches {top}{there} in use{queue}"


def names_with(daily: pd.DataFrame, series: str) -> list[str]:
    """Scenarios in which the series is above 0 on some day, in order."""
    rows = daily[(daily["series"] == series) & (daily["value"] > 0)]
    found = set(rows["scenario"])
    return [name for name in scenarios_of(daily) if name in found]
