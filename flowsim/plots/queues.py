"""Beds in use as a fan, and how many people wait for what, by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowsim.plots import style
from flowsim.plots.daily import lines, over_replications
from flowsim.plots.fan import bed_fan
from flowsim.plots.source import ByDay, by_day
from flowsim.plots.words import decimals_for, label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from flowsim.plots.outcome import Outcome
    from flowsim.plots.source import Window

QUEUES = {
    "waiting_for_bed": "for a hospital bed",
    "life_waiting": "for LIFE",
    "step_down_waiting": "for a step-down bed",
    "placements_waiting": "for a care-home place",
    "home_care_waiting": "for a home-care package",
}
"""Series of people waiting, and what they wait for; those in hospital wait in a bed meanwhile."""

PANEL = 1.7
"""Inches of one queue."""


@style.picture
def occupancy(source: Outcome | pd.DataFrame, *, window: Window | None = None, ax: Axes | None = None) -> Axes:
    """Beds in use by day as a fan for each scenario, against core beds and those with every escalation bed open.

    The line is the middle of the replications, the dark band holds half of them, the light one nine in ten.

    Parameters
    ----------
    source : Results, Comparison or DataFrame
        Of a table (scenario, replication, day, date, series, value) alone the line of core and escalation beds together
        is not known.
    window : (first, last) days of the run, optional
        Only these days; of results the measured window if not given.
    """
    given = by_day(source, window)
    return bed_fan(given.daily, given.scenarios, window=given.window, ax=ax)


@style.picture
def queue(
    source: Outcome | pd.DataFrame,
    series: Sequence[str] | None = None,
    *,
    window: Window | None = None,
    ax: Axes | None = None,
) -> Axes:
    """People waiting by day, a panel for each queue: means of the scenarios, with the 5th to 95th percentile.

    Parameters
    ----------
    source : Results, Comparison or DataFrame
        As :func:`occupancy` takes it.
    series : sequence of str, optional
        Which of :data:`QUEUES`; those in which anybody ever waits when not given.

    Raises
    ------
    ValueError
        If a queue is unknown, or a table lacks a column.
    """
    unknown = [name for name in series or () if name not in QUEUES]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not a queue; choose of {', '.join(QUEUES)}")
    given = by_day(source, window)
    shown = [name for name in QUEUES if name in series] if series else _busy(given)
    ax = style.own(ax, 1.1 + PANEL * max(len(shown), 1))
    if not shown:
        return style.says(ax, "Nobody waits for anything")
    boxes = style.panels(ax, len(shown), gap=0.32 / (1.0 + len(shown)))
    for box, name in zip(boxes, shown, strict=True):
        lines(box, given.daily, name, given.window, from_zero=True)
        box.tick_params(axis="x", labelbottom=box is boxes[-1])
        if box is not boxes[0]:
            style.title(box, "", f"People waiting {QUEUES[name]}")
    key = "mean over a week; band: nine replications in ten"
    style.title(boxes[0], _finding(given, shown), f"People waiting {QUEUES[shown[0]]} ({key})")
    return ax


def _busy(given: ByDay) -> list[str]:
    """Queues in which somebody ever waits."""
    found = []
    for name in QUEUES:
        tables = [over_replications(given.daily, one, name, given.window, 1) for one in given.names]
        if any((table["mean"] > 0).any() for table in tables):
            found.append(name)
    return found


def _finding(given: ByDay, shown: Sequence[str]) -> str:
    """The longest queue: for what, in which scenario, how many on average over its longest week, and when."""
    peaks: list[tuple[float, str, str, str]] = []
    for name in shown:
        for one in given.names:
            mean = over_replications(given.daily, one, name, given.window)["mean"]
            if len(mean) and mean.max() > 0:
                peaks.append((float(mean.max()), name, one, f"{mean.idxmax():%B %Y}"))
    if not peaks:
        return "Nobody waits"
    high, name, one, when = max(peaks, key=lambda peak: peak[0])
    return f"The longest queue is {QUEUES[name]}: up to {number(high, decimals_for(high))} ({label(one, 30)}, {when})"
