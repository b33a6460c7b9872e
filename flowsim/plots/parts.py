"""A picture of many parts: what each does alone, last, and by Shapley value, beside what all do together."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.plots import style
from flowsim.plots.words import interval, measure_label, number, quantity, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WAYS = {
    "shapley": ("Shapley value", "o", style.BETTER, 0.24),
    "alone": ("alone", "s", "#00664b", 0.0),
    "last": ("last", "D", style.WORSE, -0.24),
}
"""Ways of seeing a part: words, mark, colour, and where it stands within the part's row."""
_GAP = "\u00a0" * 4
_ROOM = 0.28  # of the axis, for the words beside a mark
_LABEL = 36  # letters of a part beside its marks


@dataclass(frozen=True, slots=True)
class _Mark:
    """One estimate with its interval."""

    part: str
    title: str
    effect: str
    mean: float
    low: float
    high: float


@style.picture
def parts_of_difference(summary: pd.DataFrame, measure: str, *, ax: Axes | None = None) -> Axes:
    """Effects of the parts of a programme on one measure with 95 % intervals; parts that were not run are left out.

    Parameters
    ----------
    summary : DataFrame
        Columns part, title, measure, unit, effect, mean, ci_low, ci_high, note, as an attribution gives.
    """
    mine = summary[(summary["measure"] == measure) & (summary["note"] == "")]
    lines: list[Any] = list(mine.itertuples(index=False))
    marks = [
        _Mark(str(row.part), str(row.title), str(row.effect), float(row.mean), float(row.ci_low), float(row.ci_high))
        for row in lines
    ]
    unit = str(mine["unit"].iloc[0]) if len(mine) else ""
    ways = [way for way in WAYS if any(mark.effect == way for mark in marks)]
    titles = dict.fromkeys(mark.title for mark in marks if mark.effect in WAYS)
    whole = sorted((mark for mark in marks if mark.effect not in WAYS), key=lambda mark: mark.effect)
    names = [*titles, *(mark.title for mark in whole)]
    ax = style.own(ax, 1.7 + 0.56 * len(names))
    for mark in marks:
        _draw(ax, -float(names.index(mark.title)), mark, unit, len(ways))
    ax.set_yticks([-float(place) for place in range(len(names))], [_cut(sentence_case(name)) for name in names])
    ax.axhline(0.5 - len(titles), color=style.MUTED, linewidth=0.8)
    _frame(ax, len(names))
    ax.set_xlim(_ends(marks))
    key = _GAP.join(f"{_SIGNS[WAYS[way][1]]} {WAYS[way][0]}" for way in ways)
    ax.set_xlabel(key, fontsize=8.5)
    style.title(
        ax, _finding(marks, measure, unit), f"Difference from the base in {unit}; lines: 95 % intervals", wrap=58
    )
    return ax


_SIGNS = {"o": "●", "s": "■", "D": "◆"}


def _cut(text: str) -> str:
    """A title on at most two lines."""
    return "\n".join(textwrap.wrap(text, _LABEL, max_lines=2, placeholder=" …"))


def _draw(ax: Axes, row: float, mark: _Mark, unit: str, ways: int) -> None:
    _, shape, colour, shift = WAYS.get(mark.effect, ("", "o", style.INK, 0.0))
    height = row + (shift if ways == len(WAYS) else shift / 2 + (0.12 if mark.effect == "alone" else 0.0))
    height = height if mark.effect in WAYS else row
    right = mark.mean
    if math.isfinite(mark.low) and math.isfinite(mark.high):
        ax.plot([mark.low, mark.high], [height, height], color=colour, linewidth=1.6, solid_capstyle="butt")
        right = mark.high
    ax.plot([mark.mean], [height], marker=shape, color=colour, markersize=5.5, linestyle="none")
    first = "shapley" if ways == len(WAYS) else "alone"
    if mark.effect in WAYS and mark.effect != first:
        words = quantity(mark.mean, unit, mark.low, mark.high, signed=True)
    else:
        ends = interval(mark.low, mark.high, unit, mark.mean, signed=True)
        words = f"{quantity(mark.mean, unit, mark.low, mark.high, signed=True)} ({ends})"
    bold = "bold" if mark.effect not in WAYS else "normal"
    place: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 7.5, "fontweight": bold}
    far = right if not right < 0.0 else min(mark.mean, mark.low)  # words do not cross the line of no effect
    ax.annotate(words, (far, height), (-5 if right < 0.0 else 5, 0), ha="right" if right < 0.0 else "left",
                color=colour, **place)  # fmt: skip


def _ends(marks: Sequence[_Mark]) -> tuple[float, float]:
    """Ends of the axis: no effect, all intervals, and room for the words beside them."""
    ends = [end for mark in marks for end in (mark.mean, mark.low, mark.high) if math.isfinite(end)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    low, high = (low, high) if high > low else (-1.0, 1.0)
    first, last = low, high
    for _ in range(12):  # words have their share of an axis that grows by them: it settles
        room, edge = _ROOM * (last - first), 0.04 * (last - first)
        left = [mark.low - room for mark in marks if mark.high < 0.0]
        right = [mark.high + room for mark in marks if not mark.high < 0.0 and math.isfinite(mark.high)]
        first, last = min([low - edge, *left]), max([high + edge, *right])
    return first, last


def _frame(ax: Axes, rows: int) -> None:
    ax.axvline(0.0, color=style.INK, linewidth=1.0)
    ax.set_ylim(0.6 - rows, 0.6)
    style.rows(ax)


def _finding(marks: Sequence[_Mark], measure: str, unit: str) -> str:
    whole = next((mark.mean for mark in marks if mark.effect == "together"), math.nan)
    way = "shapley" if any(mark.effect == "shapley" for mark in marks) else "alone"
    listed = [mark for mark in marks if mark.effect == way]
    said = f"{measure_label(measure)}: {quantity(whole, unit, signed=True)} by all parts together"
    top = max(listed, key=lambda mark: mark.mean * whole, default=None)
    if top is None or len(listed) < 2 or not top.mean * whole > 0.0:
        return said
    share = f"{number(100.0 * top.mean / whole)}\u00a0%"
    how = "by Shapley value" if way == "shapley" else "alone"
    return f"{said}; the largest part {how} is {top.title} ({share})"
