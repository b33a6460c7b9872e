"""Picture of bed days saved by cause: a waterfall whose parts, with their interaction, make up the total."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flowsim.plots import style
from flowsim.plots.source import one_of, table_of
from flowsim.plots.words import interval, label, number, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from flowsim.plots.outcome import Outcome

CAUSES = {
    "huddles": "Huddles",
    "front_door": "Front door",
    "d2a": "Discharge to Assess",
    "readmissions": "Readmissions",
    "demand": "Other demand",
    "interaction": "Interaction",
    "total": "Total",
}
"""Causes of bed days saved, in the order drawn."""


@style.picture
def waterfall(source: Outcome | pd.DataFrame, alternative: str = "", *, ax: Axes | None = None) -> Axes:
    """Waterfall of bed days saved by cause for one alternative; the parts, with their interaction, make up the total.

    Causes without any effect are left out.

    Parameters
    ----------
    source : Comparison or DataFrame
        A table has columns alternative, cause, mean, ci_low, ci_high in bed days of the window.
    alternative : str, optional
        The last one without a name.

    Raises
    ------
    ValueError
        If there is no such alternative, or a table lacks a column.
    """
    attribution = table_of(source, "attribution", "alternative", "cause", "mean", "ci_low", "ci_high")
    names = [str(name) for name in attribution["alternative"].drop_duplicates()]
    if not names:
        return style.says(style.own(ax), "There is nothing to compare")
    alternative = one_of(alternative, names) if alternative else names[-1]
    rows = [row for row in causes_of(attribution, alternative) if row[0] == "total" or any(row[1:])]
    ax = style.own(ax, 1.4 + 0.42 * max(len(rows), 1))
    reached = 0.0
    for place, (cause, mean, low, high) in enumerate(rows):
        start = 0.0 if cause == "total" else reached
        _bar(ax, -place, start, mean, low, high, is_total=cause == "total")
        if cause != "total":
            reached += mean
            ax.plot([reached, reached], [-place - 0.32, -place - 1 + 0.32], color=style.MUTED, linewidth=0.8)
    ax.set_yticks([-place for place in range(len(rows))], [cause_label(row[0]) for row in rows])
    ax.axvline(0.0, color=style.INK, linewidth=1.0)
    ax.margins(x=0.16)
    style.rows(ax)
    style.title(
        ax, _saved_finding(alternative, rows), wrap=80, unit="Bed days in the measured window; thin line: 95 % interval"
    )
    return ax


def causes_of(attribution: pd.DataFrame, alternative: str) -> list[tuple[str, float, float, float]]:
    """Cause, mean, low and high for one alternative: known causes in their order, others next, the total last."""
    rows = attribution[attribution["alternative"] == alternative]
    others = [str(cause) for cause in rows["cause"] if cause not in CAUSES]
    order = [*list(CAUSES)[:-2], *others, "interaction", "total"]
    cells: list[Any] = list(rows.itertuples(index=False))
    by_cause = {str(row.cause): (float(row.mean), float(row.ci_low), float(row.ci_high)) for row in cells}
    return [(cause, *by_cause[cause]) for cause in order if cause in by_cause]


def cause_label(cause: str) -> str:
    """A cause for reading."""
    return CAUSES.get(cause, sentence_case(cause.replace("_", " ")))


def _bar(ax: Axes, place: float, start: float, mean: float, low: float, high: float, *, is_total: bool) -> None:
    colour = style.MUTED if is_total else style.GAIN if mean >= 0 else style.LOSS
    ax.barh(place, mean, left=start, height=0.64, color=colour, linewidth=0)
    right = start + max(mean, 0.0)
    if math.isfinite(low) and math.isfinite(high):
        ax.plot([start + low, start + high], [place, place], color="white", linewidth=4.0, solid_capstyle="butt")
        ax.plot([start + low, start + high], [place, place], color=style.INK, linewidth=1.4, solid_capstyle="butt")
        right = max(right, start + high)
    words = f"{number(mean, signed=not is_total)} ({interval(low, high, 'days', mean, 100.0)})"
    ax.annotate(words, (right, place), (6, 0), textcoords="offset points", va="center", fontsize=8.5, color=style.INK,
                fontweight="bold" if is_total else "normal")  # fmt: skip


def _saved_finding(alternative: str, rows: Sequence[Any]) -> str:
    parts = [row for row in rows if row[0] not in ("total", "interaction")]
    total = next((row[1] for row in rows if row[0] == "total"), math.nan)
    verb = "saves" if not total < 0 else "adds"
    said = f"{label(alternative, 40)} {verb} {number(abs(total))} bed days"
    largest = max(parts, key=lambda row: row[1] if total >= 0 else -row[1], default=None)
    if largest is None or largest[1] * total <= 0:
        return said
    return f"{said}; the largest part comes from {cause_label(largest[0])} ({number(abs(largest[1]))})"
