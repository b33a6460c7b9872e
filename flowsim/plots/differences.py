"""Pictures of what a scenario changes: differences with their intervals, and bed days saved by cause."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.plots import style
from flowsim.plots.source import SUMMARY, table_of
from flowsim.plots.words import interval, label, measure_label, number, quantity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from flowsim.plots.outcome import Outcome

HEADLINES = (
    "bed_days",
    "admissions",
    "length_of_stay_mean",
    "delayed_bed_days",
    "outlier_bed_days",
    "wait_over_4h_share",
    "escalation_bed_days",
    "escalation_days_open",
    "readmissions_30d_share",
    "packages_started",
    "package_hours_weekly_end",
    "placements",
    "cost_total",
)
"""Measures drawn unless others are asked for: those in which more or less is good or bad news."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One alternative less the base in one measure: in the measure's unit, and in per cent of the base's mean."""

    alternative: str
    measure: str
    unit: str
    base: float
    mean: float
    low: float
    high: float

    @property
    def per_cent(self) -> tuple[float, float, float]:
        """Mean, low and high as per cent of the base's mean, which is taken as known."""
        mean, low, high = (100 * value / abs(self.base) for value in (self.mean, self.low, self.high))
        return mean, low, high

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0 (or, without an interval, whether the difference is not 0)."""
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return self.mean != 0.0
        return self.low > 0.0 or self.high < 0.0

    def verdict(self, better: str) -> str:
        """ "better", "worse", "no clear difference" or, where neither direction is good news, "more" or "less".

        One replication has no interval, so nothing is said of it but that: "no interval".
        """
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return "no interval"
        if not self.clear:
            return "no clear difference"
        if better not in ("lower", "higher"):
            return "more" if self.mean > 0 else "less"
        return "better" if (self.mean > 0) == (better == "higher") else "worse"

    def words(self) -> str:
        """The difference with its interval, such as "−2,910 (−3,400 to −2,420)"."""
        mean = quantity(self.mean, self.unit, self.low, self.high, signed=True)
        ends = interval(self.low, self.high, self.unit, self.mean, signed=True)
        return f"{mean} ({ends})"


def differences_of(summary: pd.DataFrame) -> list[Difference]:
    """Every difference of a comparison's summary, in its order; rows without one are left out."""
    if "diff_mean" not in summary or not len(summary):
        return []
    base_name = summary["scenario"].iloc[0]
    base = summary[summary["scenario"] == base_name].set_index("measure")["mean"].to_dict()
    rows: list[Any] = list(summary.itertuples(index=False))
    return [
        Difference(
            str(row.scenario), str(row.measure), str(row.unit), float(base.get(row.measure, math.nan)),
            float(row.diff_mean), float(row.diff_low), float(row.diff_high),
        )
        for row in rows
        if row.scenario != base_name and math.isfinite(float(row.diff_mean))
    ]  # fmt: skip


@style.picture
def forest(
    source: Outcome | pd.DataFrame,
    *,
    measures: Sequence[str] = HEADLINES,
    better: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Forest plot of paired differences from the base in per cent of the base, with 95 % intervals.

    Measures whose base mean is 0 have no per cent and are left to the table.

    Parameters
    ----------
    source : Comparison or DataFrame
        A table is a comparison's summary: scenario, measure, unit, mean, diff_mean, diff_low, diff_high; base first.
    measures : sequence of str
        Which measures, in this order from above.
    better : mapping of measure to "lower" or "higher", optional
        Colours and marks the differences; taken from the measures' definitions when not given.
    """
    summary = table_of(source, "summary", *SUMMARY, "diff_mean", "diff_low", "diff_high")
    better = {name: direction(name) for name in measures} if better is None else better
    found = [one for one in differences_of(summary) if one.measure in measures and _drawable(one)]
    found.sort(key=lambda one: list(measures).index(one.measure))  # stable: alternatives stay in order
    ticks, places = _places(found)
    ax = style.own(ax, forest_height(len(ticks)))
    if not found:
        return style.says(ax, "No difference can be drawn")
    for place, one in zip(places, found, strict=True):
        _interval(ax, place, one, better.get(one.measure, ""))
    base = label(str(summary["scenario"].iloc[0]), 30)
    _frame_forest(ax, ticks, base)
    _cut(ax, zip(places, found, strict=True))
    marks = _GAP.join(("● better", "◆ worse", "○ no clear difference"))
    style.title(ax, _forest_finding(found, better, base), marks, wrap=66)
    return ax


def forest_height(rows: int) -> float:
    """Inches for a forest plot of so many rows."""
    return 1.4 + 0.3 * max(rows, 1)


def direction(measure: str) -> str:
    """ "lower", "higher" or "neutral" as the measure's definition says; "neutral" for one that has none."""
    from flowsim.measures import describe

    try:
        return str(describe(measure).better)
    except KeyError:
        return "neutral"


def _drawable(one: Difference) -> bool:
    return math.isfinite(one.base) and abs(one.base) > 1e-9


def _places(found: Sequence[Difference]) -> tuple[list[tuple[float, str]], list[float]]:
    """Ticks with their words, and the height of each difference; several alternatives stand under their measure."""
    if len({one.alternative for one in found}) <= 1:
        ticks = [(-float(row), measure_label(one.measure)) for row, one in enumerate(found)]
        return ticks, [height for height, _ in ticks]
    ticks, places, height = [], [], 1.0
    for row, one in enumerate(found):
        if row == 0 or found[row - 1].measure != one.measure:
            height -= 1.0 if row == 0 else 1.3
            ticks.append((height, measure_label(one.measure) + ":"))
        height -= 1.0
        ticks.append((height, label(one.alternative, 24)))
        places.append(height)
    return ticks, places


_GAP = "\u00a0" * 5  # spaces that an SVG does not collapse
_WIDEST = 150.0
"""Per cent of the base up to which a forest plot shows intervals whole."""
_MARKS = {"better": ("o", style.BETTER), "worse": ("D", style.WORSE)}


def _interval(ax: Axes, place: float, one: Difference, better: str) -> None:
    verdict = one.verdict(better)
    mark, colour = _MARKS.get(verdict, ("o", style.UNCLEAR))
    mean, low, high = one.per_cent
    if math.isfinite(low) and math.isfinite(high):
        ax.plot([low, high], [place, place], color=colour, linewidth=2.2, solid_capstyle="butt")
    filled = colour if verdict in _MARKS else "white"
    ax.plot([mean], [place], marker=mark, color=colour, markerfacecolor=filled, markersize=6.5, linestyle="none")
    beside: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
    beside["fontsize"] = 8.5
    per_cent = f"{number(mean, 1, signed=True)}\u00a0%"
    ax.annotate(per_cent, (1.0, place), (58, 0), ha="right", color=colour, annotation_clip=False, **beside)
    ax.annotate(one.words(), (1.0, place), (70, 0), ha="left", color=colour, annotation_clip=False, **beside)


def _cut(ax: Axes, found: Iterable[tuple[float, Difference]]) -> None:
    """Keep a few very wide intervals from pressing all others to the middle: they end in an arrow at the edge."""
    rows = [(place, one.per_cent) for place, one in found]
    edge = max([_WIDEST, *(1.2 * abs(mean) for _, (mean, _, _) in rows)])
    left, right = ax.get_xlim()
    ax.set_xlim(max(left, -edge), min(right, edge))
    for place, (_, low, high) in rows:
        for end, at, mark in ((low < -edge, -edge, "<"), (high > edge, edge, ">")):
            if end:
                ax.plot([at], [place], marker=mark, color=style.UNCLEAR, markersize=6.0, clip_on=False)


def _frame_forest(ax: Axes, ticks: Sequence[tuple[float, str]], base: str) -> None:
    ax.set_yticks([place for place, _ in ticks], [name for _, name in ticks])
    for words in ax.get_yticklabels():
        words.set_fontweight("bold" if words.get_text().endswith(":") else "normal")
    ax.axvline(0.0, color=style.INK, linewidth=1.0)
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, -0.06 * high, -0.5), max(high, -0.06 * low, 0.5))
    ax.set_xlabel(_GAP.join((f"← less than {base}", f"per cent of {base}", "more →")), color=style.MUTED, fontsize=8.5)
    if ticks:
        ax.set_ylim(min(place for place, _ in ticks) - 0.6, 0.6)
    head: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom", "fontsize": 8.5}
    ax.annotate("per cent", (1.0, 1.0), (58, 5), ha="right", color=style.MUTED, **head)
    ax.annotate("difference (95 % interval)", (1.0, 1.0), (70, 5), ha="left", color=style.MUTED, **head)
    style.rows(ax)


def _forest_finding(found: Sequence[Difference], better: Mapping[str, str], base: str) -> str:
    verdicts = [one.verdict(better.get(one.measure, "")) for one in found]
    counts = [(verdicts.count(kind), kind) for kind in ("better", "worse", "no clear difference", "no interval")]
    said = [f"{count} {'with ' if kind.startswith('no') else ''}{kind}" for count, kind in counts if count]
    return f"Against {base}, of {len(found)} headline differences: {', '.join(said) or 'all neither good nor bad'}"
