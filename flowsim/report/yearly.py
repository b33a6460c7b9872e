"""The section on financial years: pictures, and a table of key measures for each scenario."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from flowsim.measures import COMPARED
from flowsim.measures.periods import titled
from flowsim.plots import beds_by_year, saved_by_year, style
from flowsim.plots.words import NONE, interval, is_money, label, measure_label, number, quantity
from flowsim.report.glance import pounds
from flowsim.report.numbers import Cell, Line
from flowsim.report.pictures import Picture, picture

if TYPE_CHECKING:
    import pandas as pd

SHOWN = (
    "bed_days_saved",
    "beds_equivalent",
    "admissions",
    "bed_days",
    "beds_occupied_mean",
    "escalation_bed_days",
    "packages_started",
    "cost_total",
)
"""Measures of the tables, in order; those that a scenario has not are left out."""

NOTE = "Dark bands hold half of the replications, light bands nine in ten."


def section(outcome: Any) -> dict[str, Any]:
    """Pictures, headings by scenario and tables by scenario; empty if the window is not long."""
    days = getattr(outcome, "years", None)
    if not days:
        return {}
    summary = outcome.yearly_summary()
    names = [str(name) for name in summary["scenario"].drop_duplicates()]
    found = {name: _table(summary[summary["scenario"] == name], days) for name in names}
    return {
        "pictures": _pictures(outcome, days),
        "heads": {name: heads for name, (heads, _) in found.items()},
        "tables": [(name, lines) for name, (_, lines) in found.items()],
    }


def _pictures(outcome: Any, days: dict[str, float]) -> list[Picture]:
    found = []
    if hasattr(outcome, "yearly_differences"):
        drawn, (ax,) = style.figure(height=3.6)
        differences = outcome.yearly_differences()
        with style.styled():
            saved_by_year(differences, days=days, ax=ax)
        saved = differences[differences["measure"] == "bed_days_saved"]
        said = "; ".join(f"{label(str(row.alternative))}, {row.year}: {number(row.mean)}" for row in saved.itertuples())
        found.append(picture(drawn, "yearlysaved", "Bed days saved by financial year", f"{said}."))
    drawn, (ax,) = style.figure(height=3.8)
    with style.styled():
        beds_by_year(outcome.yearly, days=days, ax=ax)
    rows = outcome.yearly[outcome.yearly["measure"] == "beds_occupied_mean"]
    means = rows.groupby(["scenario", "year"], sort=False)["value"].mean()
    said = "; ".join(f"{label(str(name))}, {year}: {number(mean)}" for (name, year), mean in means.items())
    return [*found, picture(drawn, "yearlybeds", "Beds in use by financial year", f"{said}.", NOTE)]


def _table(summary: pd.DataFrame, days: dict[str, float]) -> tuple[list[str], list[Line]]:
    """Headings and lines of one scenario."""
    rows: dict[tuple[str, str], Any] = {(str(row.year), str(row.measure)): row for row in summary.itertuples()}
    shown = [one for one in SHOWN if any((year, one) in rows for year in days)]
    lines = [
        Line(titled(year, long), "", tuple(_cell(rows[year, one]) for one in shown)) for year, long in days.items()
    ]
    return [measure_label(one) for one in shown], lines


def _cell(row: Any) -> Cell:
    """A mean with its interval; of what is saved, the paired difference."""
    saved = row.measure in COMPARED
    mean, low, high = (row.diff_mean, row.diff_low, row.diff_high) if saved else (row.mean, row.ci_low, row.ci_high)
    if is_money(str(row.unit)):
        known = math.isfinite(low) and math.isfinite(high)
        return Cell(pounds(float(mean)), f"{pounds(float(low))} to {pounds(float(high))}" if known else "")
    ends = interval(float(low), float(high), str(row.unit), float(mean))
    return Cell(quantity(float(mean), str(row.unit), float(low), float(high)), "" if ends == NONE else ends)
