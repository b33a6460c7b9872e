"""The pictures of the report: each an SVG with a title and a description for those who do not see it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim import plots
from flowsim.plots import style
from flowsim.plots.causes import cause_label, causes_of
from flowsim.plots.delays import delays as by_reason
from flowsim.plots.delays import delays_height, reason_label, reasons_of
from flowsim.plots.differences import Difference, forest_height
from flowsim.plots.fan import bed_fan, fan_height
from flowsim.plots.open_beds import open_beds as calendar
from flowsim.plots.open_beds import open_days, open_height, open_rows
from flowsim.plots.package_sizes import WEEKS, sizes_height, sizes_of
from flowsim.plots.package_sizes import package_sizes as by_size
from flowsim.plots.words import label, measure_label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from flowsim.plots.outcome import Outcome
    from flowsim.plots.source import Window

MOST_LIFE_PICTURES = 4
TALL = 7.0
"""Inches from which a picture is not made smaller on paper to share a page."""
FEW_HEADLINES = ("bed_days", "delayed_bed_days", "escalation_bed_days", "packages_started", "cost_total")
"""Drawn when there are several alternatives, so that the picture stays on one page."""

BAND = (
    "Lines are means over the replications, averaged over 7 days; the shaded band holds nine replications in ten. "
    "The warm-up is left out."
)
FAN = (
    "The line is the middle of the replications, averaged over 7 days; the dark band holds half of them, the light "
    "band nine in ten. The warm-up is left out."
)


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG ready for a page, what it shows in a sentence, the note under it, whether it needs most of a page."""

    svg: str
    title: str
    note: str = ""
    tall: bool = False


def picture(drawn: Figure, name: str, title: str, description: str, note: str = "") -> Picture:
    """A figure as an SVG with role, title and description; all words are escaped.

    The title of the figure itself, which says the finding, is the picture's; ``title`` is that of one without.
    """
    text = style.svg(drawn, name)
    head, body = text.split(">", 1)
    head += f' role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc"'
    finding = style.finding(drawn)
    words = (
        f'<title id="{name}-title">{html.escape(f"{title}. {finding}" if finding else title)}</title>'
        f'<desc id="{name}-desc">{html.escape(description)}</desc>'
    )
    return Picture(f"{head}>{words}{body}", finding or title, note, drawn.get_figheight() > TALL)


def beds(daily: pd.DataFrame, scenarios: Sequence[Any], window: Window) -> Picture | None:
    """Beds in use as a fan for each scenario, against core and escalation beds; None in a world without a hospital."""
    names = plots.names_with(daily, "beds_core")
    if not names:
        return None
    drawn, (ax,) = style.figure(height=fan_height(len(names)))
    with style.styled():
        bed_fan(daily[daily["scenario"].isin(names)], scenarios, window=window, ax=ax)
    said = " ".join(_course(daily, f"beds_{kind}", f"{kind} beds", window) for kind in ("core", "escalation"))
    return picture(drawn, "beds", "Beds in use by day against core and escalation beds", said, FAN)


def open_beds(daily: pd.DataFrame, window: Window) -> Picture:
    """The share of days of each month on which escalation beds are open."""
    drawn, (ax,) = style.figure(height=open_height(open_rows(daily, window)))
    with style.styled():
        calendar(daily, window=window, ax=ax)
    months = open_days(daily, window).itertuples()
    said = [f"{label(str(row.scenario))}, {row.month:%B %Y}: {100 * float(str(row.share)):.0f} %" for row in months]
    return picture(drawn, "open", "Days with escalation beds open, by month", f"{'; '.join(said)}.")


def escalation(daily: pd.DataFrame, window: Window) -> Picture:
    """Escalation beds in use by day."""
    drawn, (ax,) = style.figure(height=3.2)
    with style.styled():
        plots.escalation_beds(daily, window=window, ax=ax)
    said = _course(daily, "beds_escalation", "escalation beds", window)
    return picture(drawn, "escalation-beds", "Escalation beds in use by day", said, BAND)


def packages(daily: pd.DataFrame, window: Window) -> Picture | None:
    """Home-care packages in force by day; None in a world without home care."""
    if not plots.names_with(daily, "home_care"):
        return None
    drawn, (ax,) = style.figure(height=3.4)
    with style.styled():
        plots.packages(daily, window=window, ax=ax)
    said = _course(daily, "home_care", "packages in force", window)
    return picture(drawn, "packages-in-force", "Home-care packages in force by day", said, BAND)


def package_sizes(begun: pd.DataFrame) -> Picture | None:
    """Packages begun by size and the weeks after which they ended; None if none began."""
    table = sizes_of(begun)
    if not table["begun"].any():
        return None
    scenarios, sizes = (table.index.get_level_values(level).nunique() for level in (0, 1))
    drawn, (ax,) = style.figure(height=sizes_height(sizes, scenarios))
    with style.styled():
        by_size(begun, ax=ax)
    parts = {name: words for name, (words, *_) in WEEKS.items()}
    said = "; ".join(
        f"{label(str(name))}, {size}: {number(row['begun'])} begun, "
        + ", ".join(f"{number(row[part])} {words}" for part, words in parts.items())
        for (name, size), row in zip(table.index, table.to_dict("records"), strict=True)
    )
    return picture(drawn, "package-sizes", "Packages begun by size, and the weeks after which they ended", f"{said}.")


def delays(summary: pd.DataFrame) -> Picture:
    """Delayed bed days by reason."""
    found = reasons_of(summary)
    names = list(summary["scenario"].drop_duplicates())
    drawn, (ax,) = style.figure(height=delays_height(len(found), len(names)))
    with style.styled():
        by_reason(summary, ax=ax)
    said = "; ".join(
        f"{reason_label(one.name)}: " + ", ".join(f"{label(name)} {number(mean)}" for name, mean in one.means.items())
        for one in found
    )
    return picture(drawn, "delays-by-reason", "Delayed bed days by reason", f"{said}.")


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


def rollouts(outcome: Outcome, window: Window) -> list[Picture]:
    """What is rolled out by date in each scenario, as configured and as it happened; the first four that do."""
    from flowsim.plots.rollout import rollout

    daily, found = outcome.daily, []
    names = [name for one in ("huddles_live", "d2a_people", "life_capacity") for name in plots.names_with(daily, one)]
    for place, scenario in enumerate([one for one in outcome.scenarios if one.name in names][:MOST_LIFE_PICTURES]):
        with style.styled():
            ax = rollout(daily, scenario.name, configured=scenario, window=window)
        drawn: Any = ax.get_figure(root=True)
        said = (("huddles_live", "practices live"), ("d2a_wards", "wards that have used D2A"), ("life", "in LIFE"))
        only = daily[daily["scenario"] == scenario.name]
        words = " ".join(_course(only, series, what, window) for series, what in said)
        found.append(picture(drawn, f"rollout{place}", f"The rollout by date: {label(scenario.name)}", words))
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
        plots.forest(summary, measures=wanted, ax=ax)
    note = (
        "Per cent of the base, whose mean is taken as known. Measures that are 0 in the base stand only in the table."
    )
    return picture(drawn, "forest", "Differences from the base with 95 % intervals", " ".join(map(_said, shown)), note)


def saved(attribution: pd.DataFrame, alternative: str, place: int) -> Picture:
    """Waterfall of bed days saved by cause."""
    rows = causes_of(attribution, alternative)
    drawn, (ax,) = style.figure(height=1.4 + 0.42 * max(sum(any(row[1:]) for row in rows), 1))
    with style.styled():
        plots.waterfall(attribution, alternative, ax=ax)
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
