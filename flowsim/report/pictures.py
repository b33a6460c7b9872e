"""The pictures of the report: each an SVG with a title and a description for those who do not see it."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowsim import plots
from flowsim.plots import style
from flowsim.plots.differences import Difference, cause_label, causes_of, forest_height
from flowsim.plots.words import label, measure_label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from flowsim.plots.daily import Window

MOST_LIFE_PICTURES = 4
FEW_HEADLINES = ("bed_days", "delayed_bed_days", "escalation_bed_days", "packages_started", "cost_total")
"""Drawn when there are several alternatives, so that the picture stays on one page."""

BAND = (
    "Lines are means over the replications, averaged over 7 days; the shaded band holds nine replications in ten. "
    "The warm-up is left out."
)


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG ready for a page, and the note that stands under it."""

    svg: str
    note: str = ""


def picture(drawn: Figure, name: str, title: str, description: str, note: str = "") -> Picture:
    """A figure as an SVG with role, title and description; all words are escaped."""
    text = style.svg(drawn, name)
    head, body = text.split(">", 1)
    head += f' role="img" aria-labelledby="{name}-title {name}-desc"'
    words = (
        f'<title id="{name}-title">{html.escape(title)}</title><desc id="{name}-desc">{html.escape(description)}</desc>'
    )
    return Picture(f"{head}>{words}{body}", note)


def beds(daily: pd.DataFrame, window: Window) -> Picture | None:
    """Core beds above, escalation beds below, by day; None in a world without a hospital."""
    if not plots.names_with(daily, "beds_core"):
        return None
    drawn, (above, below) = style.figure(2, height=6.4, ratios=[1.5, 1.0])
    with style.styled():
        plots.core_beds(daily, window=window, ax=above)
        plots.escalation_beds(daily, window=window, ax=below)
    core, escalation = (_course(daily, f"beds_{kind}", f"{kind} beds", window) for kind in ("core", "escalation"))
    said = f"{core} {escalation}"
    return picture(drawn, "beds", "Beds in use by day, core and escalation", said, BAND)


def packages(daily: pd.DataFrame, window: Window) -> Picture | None:
    """Home-care packages in force by day; None in a world without home care."""
    if not plots.names_with(daily, "home_care"):
        return None
    drawn, (ax,) = style.figure(height=3.4)
    with style.styled():
        plots.packages(daily, window=window, ax=ax)
    said = _course(daily, "home_care", "packages in force", window)
    return picture(drawn, "packages", "Home-care packages in force by day", said, BAND)


def life(daily: pd.DataFrame, window: Window) -> list[Picture]:
    """LIFE in use against its slots, one picture for each scenario that has LIFE; the first four."""
    found = []
    for place, name in enumerate(plots.names_with(daily, "life_capacity")[:MOST_LIFE_PICTURES]):
        drawn, (ax,) = style.figure(height=3.4)
        with style.styled():
            plots.life(daily, name, window=window, ax=ax)
        only = daily[daily["scenario"] == name]
        served, waiting = _course(only, "life", "in LIFE", window), _course(only, "life_waiting", "waiting", window)
        said = f"{served} {waiting}"
        found.append(picture(drawn, f"life{place}", f"LIFE in use by day: {label(name)}", said, BAND))
    return found


def differences(summary: pd.DataFrame) -> Picture | None:
    """Forest plot of the headline measures; None if nothing can be drawn."""
    found = plots.differences_of(summary)
    alternatives = len({one.alternative for one in found})
    wanted = plots.HEADLINES if alternatives == 1 else FEW_HEADLINES
    shown = [one for one in found if one.measure in wanted and abs(one.base) > 0]
    if not shown:
        return None
    heads = len({one.measure for one in shown}) if alternatives > 1 else 0
    drawn, (ax,) = style.figure(height=forest_height(len(shown) + heads))
    with style.styled():
        plots.differences(summary, measures=wanted, ax=ax)
    note = (
        "Per cent of the base, whose mean is taken as known. Measures that are 0 in the base stand only in the table."
    )
    return picture(drawn, "forest", "Differences from the base with 95 % intervals", " ".join(map(_said, shown)), note)


def saved(attribution: pd.DataFrame, alternative: str, place: int) -> Picture:
    """Waterfall of bed days saved by cause."""
    rows = causes_of(attribution, alternative)
    drawn, (ax,) = style.figure(height=1.4 + 0.42 * max(sum(any(row[1:]) for row in rows), 1))
    with style.styled():
        plots.bed_days_saved(attribution, alternative, ax=ax)
    said = "; ".join(f"{cause_label(cause)} {number(mean)}" for cause, mean, _, _ in rows)
    return picture(drawn, f"saved{place}", f"Bed days saved by cause: {label(alternative)}", f"{said}.")


def _said(one: Difference) -> str:
    return f"{label(one.alternative)}, {measure_label(one.measure)}: {one.words()}."


def _course(daily: pd.DataFrame, series: str, what: str, window: Window) -> str:
    """A sentence for each scenario: the least, most and last of its mean line."""
    said = []
    for name in plots.scenarios_of(daily):
        mean = plots.over_replications(daily, name, series, window)["mean"]
        if len(mean):
            low, high, last = (number(float(value)) for value in (mean.min(), mean.max(), mean.iloc[-1]))
            said.append(f"{label(name)}: {what} between {low} and {high}, at the end {last}.")
    return " ".join(said)
