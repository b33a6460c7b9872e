"""Beds in use by day as a fan, against the core beds there are and those with every escalation bed open."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.plots import dates, style
from flowsim.plots.daily import MOST_POINTS, SMOOTHING_DAYS, scenarios_of
from flowsim.plots.words import label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from flowsim.plots.source import Window

MOST = 6
"""Scenarios drawn; the first ones."""

LAST_DAYS = 30
"""Days at the end that the title speaks of."""

_QUANTILES = {"low": 0.05, "quarter": 0.25, "middle": 0.5, "three_quarters": 0.75, "high": 0.95}


def in_use(daily: pd.DataFrame, scenario: str, window: Window | None = None) -> pd.DataFrame:
    """Acute beds in use, core and escalation together: quantiles over the replications by date, smoothed over a week.

    Parameters
    ----------
    daily : DataFrame
        Columns scenario, replication, day, date, series, value.

    Returns
    -------
    DataFrame
        Columns low (5 %), quarter, middle, three_quarters, high (95 %) and core (beds there are), indexed by date; a
        long window by week. Empty in a world without a hospital.
    """
    import pandas as pd

    rows = daily[daily["scenario"] == scenario]
    if window is not None:
        rows = rows[(rows["day"] >= window[0]) & (rows["day"] < window[1])]
    beds = rows[rows["series"].isin(["beds_core", "beds_escalation"])]
    wide = beds.pivot_table(index="date", columns="replication", values="value", aggfunc="sum")
    core = rows[(rows["series"] == "core_capacity") & (rows["value"] < math.inf)].groupby("date")["value"].mean()
    wide.index = pd.to_datetime(wide.index)
    core.index = pd.to_datetime(core.index)
    wide = wide.sort_index().rolling(SMOOTHING_DAYS, center=True, min_periods=1).mean()
    table = pd.DataFrame({name: wide.quantile(share, axis=1) for name, share in _QUANTILES.items()}, index=wide.index)
    table["core"] = core.reindex(table.index)
    return table.iloc[:: math.ceil(max(len(table), 1) / MOST_POINTS)]


def bed_fan(
    daily: pd.DataFrame, scenarios: Sequence[Any] = (), *, window: Window | None = None, ax: Axes | None = None
) -> Axes:
    """A fan of beds in use for each scenario below each other, all on one scale.

    Parameters
    ----------
    daily : DataFrame
        Columns scenario, replication, day, date, series, value.
    scenarios : sequence of Scenario
        For the line of core and escalation beds together; without them only the core beds are drawn.
    """
    names = scenarios_of(daily)[:MOST]
    tables = {name: in_use(daily, name, window) for name in names}
    names = [name for name in names if len(tables[name])]
    ax = style.own(ax, fan_height(len(names)))
    if not names:
        return style.says(ax, "There are no beds")
    caps = {one.name: _with_escalation(one, tables[one.name]) for one in scenarios if one.name in names}
    boxes = style.panels(ax, len(names), gap=0.55 / fan_height(len(names)))
    low = min(float(table["low"].min()) for table in tables.values() if len(table))
    tops = [float(table[["high", "core"]].max().max()) for table in tables.values() if len(table)]
    top = max([*tops, *(float(cap.max()) for cap in caps.values() if cap is not None)])
    span = (top - low) or 1.0
    for box, name in zip(boxes, names, strict=True):
        _panel(box, tables[name], caps.get(name), name)
        box.set_ylim(low - 0.05 * span, top + 0.12 * span)
        _capacities(box, tables[name], caps.get(name))
        box.tick_params(axis="x", labelbottom=box is boxes[-1])
    what = "Acute beds in use, core and escalation (axis does not begin at 0)"
    style.title(boxes[0], _finding(tables, names), what)
    return ax


def fan_height(scenarios: int) -> float:
    """Inches for so many panels."""
    return 0.9 + 1.9 * max(min(scenarios, MOST), 1)


def _panel(ax: Axes, table: pd.DataFrame, cap: pd.Series[float] | None, name: str) -> None:
    colour = style.COLOURS[1]
    ax.fill_between(table.index, table["low"], table["high"], color=colour, alpha=0.16, linewidth=0)
    ax.fill_between(table.index, table["quarter"], table["three_quarters"], color=colour, alpha=0.28, linewidth=0)
    ax.plot(table.index, table["middle"], color=colour, linewidth=1.6)
    for line in (table["core"].dropna(), cap):
        if line is not None and len(line):
            dashed = "-" if line is not cap else (0, (5, 2))
            ax.plot(line.index, line, color=style.INK, linewidth=1.2, linestyle=dashed, drawstyle="steps-post")
    dates.dated(ax, table.index[0].to_pydatetime(), table.index[-1].to_pydatetime())
    ax.annotate(label(name, 40), (0.0, 0.0), (6, 6), xycoords="axes fraction", textcoords="offset points",
                fontweight="bold", fontsize=9)  # fmt: skip


def _capacities(ax: Axes, table: pd.DataFrame, cap: pd.Series[float] | None) -> None:
    """What the lines are, beside their right ends."""
    ends = []
    core = table["core"].dropna()
    if len(core):
        ends.append((float(core.iloc[-1]), f"{number(float(core.iloc[-1]))} core beds", style.INK))
    if cap is not None:
        ends.append((float(cap.iloc[-1]), f"{number(float(cap.iloc[-1]))} with escalation", style.INK))
    ends.append((float(table["middle"].iloc[-1]), "in use", style.COLOURS[1]))
    style.name_lines(ax, ends)


def _with_escalation(scenario: Any, table: pd.DataFrame) -> pd.Series[float] | None:
    """Core beds and the most escalation beds by date; None where there are none, or no end to them."""
    import pandas as pd

    from flowsim.params.values import schedule_of

    if scenario.hospital is None or scenario.hospital.escalation is None or table["core"].isna().all():
        return None
    days = (pd.DatetimeIndex(table.index) - pd.Timestamp(scenario.clock.start)).days.to_numpy(dtype=float)
    extra = np.asarray(schedule_of(scenario.hospital.escalation.cap, scenario.clock.start).at_all(days))
    found = table["core"] + extra
    return found if np.isfinite(found).all() and (extra > 0).any() else None


def _finding(tables: dict[str, pd.DataFrame], names: Sequence[str]) -> str:
    """Beds in use in the last month drawn, against the core beds of its last day."""
    said, core = [], []
    for name in names:
        table = tables[name]
        month = table[table.index > table.index[-1] - dt.timedelta(days=LAST_DAYS)]
        said.append(f"{number(float(month['middle'].mean()))} ({label(name, 30)})")
        core += [number(float(value)) for value in table["core"].dropna().iloc[-1:]]
    of = f", of {' or '.join(dict.fromkeys(core))} core beds" if core else ""
    days = min(LAST_DAYS, *((tables[name].index[-1] - tables[name].index[0]).days + 1 for name in names))
    last = "on the last day" if days == 1 else f"in the last {days} days"
    return f"Beds in use {last}: {', '.join(said)}{of}"
