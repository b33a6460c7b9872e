"""Pictures by financial year: bed days saved with intervals, and the fan of beds over the replications."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flowsim.plots import style
from flowsim.plots.words import interval, label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FANS = ((0.05, 0.95, 0.16), (0.25, 0.75, 0.26))
"""Shares of replications between which a fan lies, the wide one first, and how dark it is."""

WHOLE = 365.0
"""Days of a year that is whole."""

_APART = 0.16


def saved_by_year(
    differences: pd.DataFrame, *, days: Mapping[str, float] | None = None, ax: Axes | None = None
) -> Axes:
    """Bed days saved in each financial year against the base in the same year, with 95 % intervals.

    Parameters
    ----------
    differences : DataFrame
        ``Comparison.yearly_differences()``: year, alternative, measure, mean, ci_low, ci_high.
    days : mapping of year to days, optional
        Days of each year that were measured; years that are not whole then say so.
    """
    ax = style.own(ax, 3.6)
    rows = differences[differences["measure"] == "bed_days_saved"]
    years = [str(year) for year in rows["year"].drop_duplicates()]
    names = [str(name) for name in rows["alternative"].drop_duplicates()]
    ends = []
    for place, name in enumerate(names):
        own = rows[rows["alternative"] == name].set_index("year").loc[years]
        at = [position + _APART * (place - (len(names) - 1) / 2) for position in range(len(years))]
        seen = style.look(place + 1)
        below = (own["mean"] - own["ci_low"]).clip(lower=0).fillna(0)
        above = (own["ci_high"] - own["mean"]).clip(lower=0).fillna(0)
        ax.plot(at, own["mean"], linewidth=1.2, **seen)
        ax.errorbar(at, own["mean"], [below, above], fmt="o", markersize=4, capsize=3, color=seen["color"])
        ends.append((float(own["mean"].iloc[-1]), name, str(seen["color"])))
    _finish(ax, years, days)
    ax.axhline(0, color=style.MUTED, linewidth=0.8)
    ax.margins(y=0.12)
    style.name_lines(ax, ends)
    style.title(ax, _saved_words(rows, years, names), "Bed days saved in the year, with 95 % intervals")
    return ax


def beds_by_year(yearly: pd.DataFrame, *, days: Mapping[str, float] | None = None, ax: Axes | None = None) -> Axes:
    """Mean beds in use in each financial year: means of scenarios, and fans over the replications.

    Dark fans hold half of the replications, light ones nine in ten; with more than two scenarios only those of the
    base and the last are drawn.

    Parameters
    ----------
    yearly : DataFrame
        ``Results.yearly``: scenario, replication, year, measure, value.
    days : mapping of year to days, optional
        As for :func:`saved_by_year`.
    """
    ax = style.own(ax, 3.8)
    rows = yearly[yearly["measure"] == "beds_occupied_mean"]
    years = [str(year) for year in rows["year"].drop_duplicates()]
    names = [str(name) for name in rows["scenario"].drop_duplicates()]
    ends, firsts = [], []
    for place, name in enumerate(names):
        wide = rows[rows["scenario"] == name].pivot(index="year", columns="replication", values="value").loc[years]
        seen, mean = style.look(place), wide.mean(axis=1)
        if place in (0, len(names) - 1) and wide.shape[1] > 1:
            for low, high, alpha in FANS:
                band = wide.quantile(low, axis=1), wide.quantile(high, axis=1)
                ax.fill_between(range(len(years)), *band, color=str(seen["color"]), alpha=alpha, linewidth=0)
        ax.plot(range(len(years)), mean, linewidth=1.8, marker="o", markersize=3, **seen)
        ends.append((float(mean.iloc[-1]), name, str(seen["color"])))
        firsts.append(float(mean.iloc[0]))
    _finish(ax, years, days)
    style.name_lines(ax, ends)
    moves = "; ".join(
        f"{label(end[1])} {number(first)} to {number(end[0])}" for first, end in zip(firsts, ends, strict=True)
    )
    style.title(ax, f"Beds in use on average, {years[0]} to {years[-1]}: {moves}", "Beds (axis does not begin at 0)")
    return ax


def _finish(ax: Axes, years: list[str], days: Mapping[str, float] | None) -> None:
    part = {year: f"{year}\n({number(long)} days)" for year, long in (days or {}).items() if long < WHOLE}
    ax.set_xticks(range(len(years)), [part.get(year, year) for year in years])
    ax.set_xlim(-0.4, len(years) - 0.6)
    ax.grid(axis="y", color=style.GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    style.plain_numbers(ax.yaxis)


def _saved_words(rows: pd.DataFrame, years: list[str], names: list[str]) -> str:
    """What the picture shows: the last year of each alternative."""
    said = []
    for name in names:
        last = rows[(rows["alternative"] == name) & (rows["year"] == years[-1])].iloc[0]
        ends = interval(float(last["ci_low"]), float(last["ci_high"]), "days", decimals=0)
        said.append(
            f"{label(name)} {number(float(last['mean']))}" + (f" ({ends})" if math.isfinite(last["ci_low"]) else "")
        )
    return f"Bed days saved in {years[-1]} against the base in that year: {'; '.join(said)}"
