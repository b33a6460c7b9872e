"""Pictures by financial year: bed days saved with intervals, and the fan of beds over the replications."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flowsim.plots import style
from flowsim.plots.source import holding
from flowsim.plots.words import interval, label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FANS = ((0.05, 0.95, 0.16), (0.25, 0.75, 0.26))
"""Shares of replications between which a fan lies, the wide one first, and how dark it is."""

WHOLE = 365.0
"""Days of a year that is whole."""

_APART, _BREADTH = 0.16, 0.66
"""Years between marks of two alternatives, and between those of the first and the last at most."""

_BEDS = {"beds_occupied_mean": "Beds in use", "escalation_beds_mean": "Escalation beds in use"}
_MANY = 3
"""Lines of which a title names only those that end highest and lowest."""


@style.picture
def saved_by_year(
    differences: pd.DataFrame, *, days: Mapping[str, float] | None = None, ax: Axes | None = None
) -> Axes:
    """Bed days saved in each financial year against the base in the same year, with 95 % intervals.

    Alternatives whose numbers are the same in every year share a line.

    Parameters
    ----------
    differences : DataFrame
        ``Comparison.yearly_differences()``: year, alternative, measure, mean, ci_low, ci_high.
    days : mapping of year to days, optional
        Days of each year that were measured; years that are not whole then say so.
    """
    holding(differences, "yearly", "year", "alternative", "measure", "mean", "ci_low", "ci_high")
    ax = style.own(ax, 3.6)
    if not len(differences):
        return style.says(ax, "There are no years to compare")
    rows = differences[differences["measure"] == "bed_days_saved"]
    years = [str(year) for year in rows["year"].drop_duplicates()]
    wide = rows.pivot(index="year", columns="alternative", values="mean").loc[years]
    lines = _lines(wide, [str(name) for name in rows["alternative"].drop_duplicates()])
    ends = []
    for place, (name, said) in enumerate(lines.items()):
        own = rows[rows["alternative"] == name].set_index("year").loc[years]
        apart = min(_APART, _BREADTH / max(len(lines) - 1, 1))
        at = [position + apart * (place - (len(lines) - 1) / 2) for position in range(len(years))]
        seen = style.look(place + 1)
        below = (own["mean"] - own["ci_low"]).clip(lower=0).fillna(0)
        above = (own["ci_high"] - own["mean"]).clip(lower=0).fillna(0)
        ax.plot(at, own["mean"], linewidth=1.2, **seen)
        ax.errorbar(at, own["mean"], [below, above], fmt="o", markersize=4, capsize=3, color=seen["color"])
        ends.append((float(own["mean"].iloc[-1]), said, str(seen["color"])))
    _finish(ax, years, days)
    ax.axhline(0, color=style.MUTED, linewidth=0.8)
    ax.margins(y=0.12)
    style.name_lines(ax, ends)
    unit = "Bed days saved in the year, with 95 % intervals" + _shared(lines, len(wide.columns))
    style.title(ax, _saved_words(rows, years, lines), unit)
    return ax


@style.picture
def beds_by_year(
    yearly: pd.DataFrame,
    *,
    measure: str = "beds_occupied_mean",
    days: Mapping[str, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Mean beds in use in each financial year: means of scenarios, and fans over the replications.

    Dark fans hold half of the replications, light ones nine in ten; with more than two scenarios only those of the
    base and the last are drawn. Scenarios whose means are the same in every year share a line.

    Parameters
    ----------
    yearly : DataFrame
        ``Results.yearly``: scenario, replication, year, measure, value.
    measure : "beds_occupied_mean" or "escalation_beds_mean"
        All acute beds, or escalation beds.
    days : mapping of year to days, optional
        As for :func:`saved_by_year`.
    """
    rows = holding(yearly, "yearly", "scenario", "replication", "year", "measure", "value").query("measure == @measure")
    ax = style.own(ax, 3.8)
    if not len(rows):
        return style.says(ax, "There are no years to draw")
    years = [str(year) for year in rows["year"].drop_duplicates()]
    means = rows.pivot_table(index="year", columns="scenario", values="value").loc[years]
    lines = _lines(means, [str(name) for name in rows["scenario"].drop_duplicates()])
    for place, name in enumerate(lines):
        seen = style.look(place)
        if place in (0, len(lines) - 1):
            _fan(ax, rows[rows["scenario"] == name], years, str(seen["color"]))
        ax.plot(range(len(years)), means[name], linewidth=1.8, marker="o", markersize=3, **seen)
    _finish(ax, years, days)
    ax.set_ylim(bottom=None if (whole := measure == "beds_occupied_mean") else 0)
    ends = [(float(means[one].iloc[-1]), said) for one, said in lines.items()]
    style.name_lines(ax, [(*end, str(style.look(place)["color"])) for place, end in enumerate(ends)])
    unit = ("Beds (axis does not begin at 0)" if whole else "Beds") + _shared(lines, len(means.columns))
    style.title(ax, f"{_BEDS[measure]} on average, {years[0]} to {years[-1]}: {_moves(means, lines)}", unit)
    return ax


def _moves(means: pd.DataFrame, lines: dict[str, str]) -> str:
    """From where to where each line goes; of many the first, the highest and the lowest."""
    moves = [f"{said} {number(means[one].iloc[0])} to {number(means[one].iloc[-1])}" for one, said in lines.items()]
    told = moves if len(moves) <= _MANY else [moves[0], *_ends(moves[1:], [means[one].iloc[-1] for one in lines][1:])]
    return "; ".join(told)


def _fan(ax: Axes, rows: pd.DataFrame, years: list[str], colour: str) -> None:
    """Where the replications of a scenario lie; nothing for one replication."""
    wide = rows.pivot(index="year", columns="replication", values="value").loc[years]
    if wide.shape[1] > 1:
        for low, high, alpha in FANS:
            band = wide.quantile(low, axis=1), wide.quantile(high, axis=1)
            ax.fill_between(range(len(years)), *band, color=colour, alpha=alpha, linewidth=0)


def _lines(wide: pd.DataFrame, names: list[str]) -> dict[str, str]:
    """The first of each group of columns that are equal in every row, and how the group is called."""
    groups: dict[tuple[float, ...], list[str]] = {}
    for name in names:
        groups.setdefault(tuple(wide[name].tolist()), []).append(name)
    return {same[0]: label(same[0]) + (f" (+{len(same) - 1})" if len(same) > 1 else "") for same in groups.values()}


def _shared(lines: dict[str, str], names: int) -> str:
    """What the sign after a name means, if any has one."""
    return "; (+1): another has the same numbers" if len(lines) < names else ""


def _ends(said: list[str], heights: list[float]) -> list[str]:
    """What is said of the lowest and of the highest."""
    order = sorted(range(len(said)), key=lambda at: heights[at])
    return [said[order[0]], said[order[-1]]]


def _finish(ax: Axes, years: list[str], days: Mapping[str, float] | None) -> None:
    part = {year: f"{year}\n({number(long)} days)" for year, long in (days or {}).items() if long < WHOLE}
    ax.set_xticks(range(len(years)), [part.get(year, year) for year in years])
    ax.set_xlim(-0.4, len(years) - 0.6)
    ax.grid(axis="y", color=style.GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    style.plain_numbers(ax.yaxis)


def _saved_words(rows: pd.DataFrame, years: list[str], lines: dict[str, str]) -> str:
    """What the picture shows: the last year of each line, of many the lowest and the highest."""
    found, heights = [], []
    for name, words in lines.items():
        last = rows[(rows["alternative"] == name) & (rows["year"] == years[-1])].iloc[0]
        ends = interval(float(last["ci_low"]), float(last["ci_high"]), "days", decimals=0)
        heights.append(float(last["mean"]))
        found.append(f"{words} {number(heights[-1])}" + (f" ({ends})" if math.isfinite(last["ci_low"]) else ""))
    told = found if len(found) <= _MANY else [*_ends(found, heights)]
    between = "; " if len(found) <= _MANY else " to "
    return f"Bed days saved in {years[-1]} against the base in that year: {between.join(told)}"
