"""The rollout by date, as configured and as it happened: practices with a Huddle, Discharge to Assess, LIFE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.plots import dates, style
from flowsim.plots.daily import over_replications, thinned
from flowsim.plots.source import ByDay, by_day
from flowsim.plots.words import date, label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from flowsim.params import Scenario
    from flowsim.plots.outcome import Outcome
    from flowsim.plots.source import Window

_KEY = "dashed: as configured; blue: as it happened, mean and band of nine replications in ten"
PANEL = 1.35
"""Inches of one panel."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One panel: its words, what happened (mean, low, high by date), and what was configured (by date)."""

    words: str
    happened: pd.DataFrame
    configured: pd.Series[float] | None
    happened_name: str
    configured_name: str = "configured"

    @property
    def drawn(self) -> bool:
        """Whether there is anything above 0."""
        return bool((self.happened["mean"] > 0).any() or (self.configured is not None and (self.configured > 0).any()))


@style.picture
def rollout(
    source: Outcome | pd.DataFrame,
    scenario: str | None = None,
    *,
    configured: Scenario | None = None,
    window: Window | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Practices with a Huddle, wards with Discharge to Assess, its people and LIFE slots, by date.

    Each has its own panel with its own scale: what was configured as a dashed line, what happened as a coloured one
    with its 5th to 95th percentile over the replications. What a scenario does not have is left out.

    Parameters
    ----------
    source : Results, Comparison or DataFrame
        A table has columns scenario, replication, day, date, series, value; then nothing is known of what was
        configured but the LIFE slots, unless ``configured`` is given.
    scenario, configured : str and Scenario, optional
        Which one (the last without a name), and what was configured in it (taken from results when not given).
    window : (first, last) days of the run, optional
        Only these days; of results the measured window if not given.

    Raises
    ------
    ValueError
        If there is no such scenario.
    """
    given = by_day(source, window)
    name = given.one(scenario)
    parts = [part for part in _parts(given, name, configured or given.configured(name)) if part.drawn]
    ax = style.own(ax, 1.1 + PANEL * max(len(parts), 1))
    if not parts:
        return style.says(ax, f"{label(name)} rolls nothing out: no Huddles, no Discharge to Assess, no LIFE")
    boxes = _boxes(ax, parts)
    style.title(boxes[0], f"{label(name, 40)}: {_finding(parts)}", f"{parts[0].words} ({_KEY})")
    for box, part in zip(boxes[1:], parts[1:], strict=True):
        style.title(box, "", part.words)
    return ax


def _boxes(ax: Axes, parts: list[_Part]) -> list[Axes]:
    """A panel for each part, drawn on the same dates."""
    boxes = style.panels(ax, len(parts), gap=0.3 / (1.0 + len(parts)))
    first, last = (end.to_pydatetime() for end in _span(parts))
    for box, part in zip(boxes, parts, strict=True):
        _panel(box, part)
        dates.dated(box, first, last)
        box.set_ylim(0, 1.08 * box.get_ylim()[1])
        _name(box, part)
        box.tick_params(axis="x", labelbottom=box is boxes[-1])
    return boxes


def _panel(ax: Axes, part: _Part) -> None:
    table = thinned(part.happened)
    if len(table):
        ax.fill_between(table.index, table["low"], table["high"], color=style.COLOURS[1], alpha=0.16, linewidth=0)
        ax.plot(table.index, table["mean"], color=style.COLOURS[1], linewidth=1.8)
    if part.configured is not None:
        ax.plot(
            part.configured.index, part.configured, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)),
            drawstyle="steps-post",
        )  # fmt: skip


def _name(ax: Axes, part: _Part) -> None:
    """Names beside the ends; one name for two lines that lie on each other."""
    ends = []
    happened = float(part.happened["mean"].iloc[-1]) if len(part.happened) else None
    if part.configured is not None:
        planned = float(part.configured.iloc[-1])
        if happened is not None and _same(part):
            style.name_lines(ax, [(planned, f"{number(planned)}, as configured", style.INK)])
            return
        ends.append((planned, f"{number(planned)} {part.configured_name}", style.INK))
    if happened is not None:
        ends.append((happened, f"{number(happened)} {part.happened_name}", style.COLOURS[1]))
    style.name_lines(ax, ends)


def _same(part: _Part) -> bool:
    """Whether what happened is what was configured, give or take one, on every day."""
    assert part.configured is not None
    apart = (part.happened["mean"] - part.configured.reindex(part.happened.index)).abs()
    return bool(apart.max() <= 1.0) and part.happened_name == "live"


def _parts(given: ByDay, name: str, world: Scenario | None) -> list[_Part]:
    def table(series: str, smooth: int = 1) -> pd.DataFrame:
        return over_replications(given.daily, name, series, given.window, smooth)

    live, slots = table("huddles_live"), table("life_capacity")
    used = table("life_used", 7)
    practices, units, of_practices, of_units = _configured(world, given, name)
    unit = "visits a day" if world is not None and world.life is not None and world.life.visits_per_day else "slots"
    return [
        _Part(f"Practices with a Huddle{of_practices}", live, practices, "live"),
        _Part(
            f"Wards and assessment units with Discharge to Assess{of_units}", table("d2a_wards"), units, "have used it"
        ),
        _Part("People leaving by Discharge to Assess, a week", _weekly(given, name), None, "a week"),
        _Part(f"LIFE {unit}", used, slots["mean"] if len(slots) else None, "in use", unit),
    ]


def _configured(
    world: Scenario | None, given: ByDay, name: str
) -> tuple[pd.Series[float] | None, pd.Series[float] | None, str, str]:
    """Practices and units live on each day as configured, and words for how many there are."""
    if world is None:
        return None, None, "", ""
    import pandas as pd

    from flowsim.offered.flows import practices_by_day
    from flowsim.params.values import schedule_of

    rows = given.daily[given.daily["scenario"] == name].drop_duplicates("day").sort_values("day")
    if given.window is not None:
        rows = rows[(rows["day"] >= given.window[0]) & (rows["day"] < given.window[1])]
    days, index = rows["day"].to_numpy(dtype=float), pd.DatetimeIndex(pd.to_datetime(rows["date"]))
    start, practices, units, of_practices, of_units = world.clock.start, None, None, "", ""
    if world.huddles is not None and world.population is not None:
        count = world.population.practices.count
        practices = pd.Series(np.minimum(practices_by_day(world.huddles, start, days), count), index)
        of_practices = f", of {number(count)}"
    if world.d2a is not None and world.hospital is not None:
        units = pd.Series(schedule_of(world.d2a.units_live, start).at_all(days), index)
        of_units = f", of {number(len(world.hospital.units))}"
        units = units.clip(upper=len(world.hospital.units))
    return practices, units, of_practices, of_units


def _weekly(given: ByDay, name: str) -> pd.DataFrame:
    """People who left by D2A in the seven days up to each day, over the replications."""
    rows = given.daily[(given.daily["scenario"] == name) & (given.daily["series"] == "d2a_people")]
    rows = rows.sort_values(["replication", "day"])
    weekly = rows["value"] - rows.groupby("replication")["value"].shift(7).fillna(0.0)
    return over_replications(rows.assign(value=weekly), name, "d2a_people", given.window, 1)


def _span(parts: list[_Part]) -> tuple[Any, Any]:
    every = [table.index for part in parts for table in (part.happened, part.configured) if table is not None]
    found = [index for index in every if len(index)]
    return min(index.min() for index in found), max(index.max() for index in found)


def _finding(parts: list[_Part]) -> str:
    """ "57 practices with a Huddle, 16 units with Discharge to Assess and 160 LIFE slots by 31 March 2018"."""
    said, last = [], _span(parts)[1]
    for part in parts:
        at_end = part.configured if part.configured is not None else part.happened["mean"]
        value = number(float(at_end.iloc[-1]))
        if part.words.startswith("Practices"):
            said.append(f"{value} practices with a Huddle")
        elif part.words.startswith("Wards"):
            said.append(f"{value} units with Discharge to Assess")
        elif part.words.startswith("LIFE"):
            said.append(f"{value} {part.words}")
    words = " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said) or "rolled out"
    return f"{words} by {date(last)}"
