"""Delayed bed days by what people wait for: the scenarios beside each other, with the difference from the base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.plots import style
from flowsim.plots.differences import Difference, differences_of
from flowsim.plots.source import SUMMARY, table_of
from flowsim.plots.words import label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from flowsim.plots.outcome import Outcome

BEGINNING = "delayed_bed_days_"
"""Measures of this beginning are bed days of one reason."""

REASONS = {
    "assessment": "Assessment",
    "equipment": "Equipment or adaptations",
    "package": "A care package",
    "placement": "A placement",
    "bespoke": "A bespoke arrangement",
    "life": "A LIFE slot",
    "step_down": "A step-down bed",
    "home_care": "Home care to begin",
    "timing": "The day's leaving hour",
}
"""What people wait for, in words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Delayed bed days of one reason: means by scenario, and each alternative less the base."""

    name: str
    means: dict[str, float]
    differences: dict[str, Difference]


def reasons_of(summary: pd.DataFrame) -> list[Reason]:
    """Reasons with any delay in some scenario, the largest of the base (then of the others) first."""
    rows = summary[summary["measure"].str.startswith(BEGINNING)]
    less = {(one.measure, one.alternative): one for one in differences_of(summary)}
    found = []
    for measure, own in rows.groupby("measure", sort=False):
        means = {str(row.scenario): float(str(row.mean)) for row in own[["scenario", "mean"]].itertuples(index=False)}
        apart = {name: less[str(measure), name] for name in means if (str(measure), name) in less}
        if any(mean > 0 for mean in means.values()):
            found.append(Reason(str(measure).removeprefix(BEGINNING), means, apart))
    return sorted(found, key=lambda one: [-mean for mean in one.means.values()])


def reason_label(reason: str) -> str:
    """A reason for reading."""
    return REASONS.get(reason, reason.replace("_", " ").capitalize())


@style.picture
def delays(source: Outcome | pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Delayed bed days of each reason, a bar for each scenario; of one alternative its difference with interval.

    Parameters
    ----------
    source : Results, Comparison or DataFrame
        A table is a summary: scenario, measure, unit, mean; compared: diff_mean, diff_low, diff_high; base first.
    """
    summary = table_of(source, "summary", *SUMMARY)
    found = reasons_of(summary)
    names = [str(name) for name in summary["scenario"].drop_duplicates()]
    ax = style.own(ax, delays_height(len(found), len(names)))
    if not found:
        return style.says(ax, _finding(found, names))
    thick = 0.8 / max(len(names), 1)
    for place, reason in enumerate(found):
        for at, name in enumerate(names):
            _bar(ax, -place + 0.4 - thick * (at + 0.5), thick, at, reason, name, names if place == 0 else ())
    ax.set_yticks([-place for place in range(len(found))], [reason_label(one.name) for one in found])
    ax.margins(x=0.28 if len(names) == 2 else 0.14)  # room for the names of the bars
    _frame(ax, len(found))
    if len(names) == 2:
        _beside(ax, found, names[1])
    what = "Bed days that people stay after they are ready to leave, by what they wait for"
    style.title(ax, _finding(found, names), what, wrap=84)
    return ax


def delays_height(reasons: int, scenarios: int) -> float:
    """Inches for so many bars."""
    return 1.15 + max(reasons, 1) * (0.14 + 0.17 * max(scenarios, 1))


def _bar(
    ax: Axes, place: float, thick: float, at: int, reason: Reason, name: str, named: Sequence[str]
) -> None:  # fmt: skip
    mean = reason.means.get(name, 0.0)
    ax.barh(place, mean, height=thick * 0.88, color=style.COLOURS[at % len(style.COLOURS)], linewidth=0)
    words = f"{number(mean)}  {label(name, 26)}" if named else number(mean)
    ax.annotate(words, (mean, place), (4, 0), textcoords="offset points", va="center", fontsize=8,
                color=style.COLOURS[at % len(style.COLOURS)], fontweight="bold" if named else "normal")  # fmt: skip


def _beside(ax: Axes, found: Sequence[Reason], alternative: str) -> None:
    """The difference of each reason at the right, in its own column."""
    style_of: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "fontsize": 8.5,
        "annotation_clip": False,
    }  # fmt: skip
    for place, reason in enumerate(found):
        one = reason.differences.get(alternative)
        if one is not None:
            verdict = one.verdict("lower")
            colour = {"better": style.BETTER, "worse": style.WORSE}.get(verdict, style.UNCLEAR)
            ax.annotate(one.words(), (1.0, -place), (12, 0), color=colour, **style_of)
    ax.annotate("difference (95 % interval)", (1.0, 0.62), (12, 0), color=style.MUTED, **style_of)


def _frame(ax: Axes, rows: int) -> None:
    ax.set_ylim(-rows + 0.45, 0.6)
    ax.axvline(0.0, color=style.INK, linewidth=1.0)
    style.rows(ax)


def _finding(found: Sequence[Reason], names: Sequence[str]) -> str:
    if not found:
        return "Nobody stays in a bed after being ready to leave"
    if len(names) < 2:
        most = max(found, key=lambda one: one.means[names[0]])
        days = number(most.means[names[0]])
        return f"Of all reasons, waiting for {_in_sentence(most.name)} takes most bed days: {days}"
    changes = [(one.differences[name], one.name) for one in found for name in names[1:] if name in one.differences]
    clear = [(one, name) for one, name in changes if one.clear]
    if not clear:
        return "No reason for delay changes clearly"
    one, name = max(clear, key=lambda each: abs(each[0].mean))
    verb = "falls" if one.mean < 0 else "rises"
    who = f" in {label(one.alternative, 30)}" if len(names) > 2 else ""
    return f"Waiting for {_in_sentence(name)} {verb} most{who}: by {number(abs(one.mean))} bed days"


def _in_sentence(reason: str) -> str:
    words = reason_label(reason)
    return words[0].lower() + words[1:]
