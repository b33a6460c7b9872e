"""The picture of a validation: every claim's simulated value against what was reported, on one scale."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowsim.plots import style
from flowsim.plots.words import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKS: dict[str, tuple[str, str]] = {
    "reproduced": ("o", "#00598c"),
    "within reach": ("D", "#6b5900"),
    "contradicted": ("X", "#a63c00"),
}
"""Mark and colour of each verdict; the shape says it, too."""
_BASES = {"outcome": "What the model makes of it", "fitted": "Set to come near", "given": "Inputs"}
_WIDEST = 2.5
_ROW, _ABOVE, _BELOW, _WIDTH = 0.30, 1.0, 0.5, 13.0
"""Inches."""
_KEY = (
    "Mark and thick line: simulated mean with its 95 % interval. Thin line: where one more run falls, over the "
    "scenarios stated for the claim.\n"
    "Grey: reported, give or take its tolerance; open bounds run on. Arrows lead out of the picture."
)


def write_picture(frame: pd.DataFrame, folder: Path, name: str = "claims") -> None:
    """Write ``claims.png`` and ``claims.svg`` into a folder."""
    with style.styled():
        figure = picture(frame)
        (folder / f"{name}.png").write_bytes(style.png(figure, dpi=130))
        (folder / f"{name}.svg").write_text(style.svg(figure, name), encoding="utf-8")


def picture(frame: pd.DataFrame) -> Figure:
    """A dot with its interval for each claim that was computed, as a multiple of what was reported.

    Parameters
    ----------
    frame : DataFrame
        As :func:`flowsim.validate` gives it. Claims of a reported 0 and those without numbers are left out.
    """
    rows = [row for row in frame.to_dict("records") if row["verdict"] in MARKS and _reported(row)]
    groups = [(words, [row for row in rows if row["basis"] == basis]) for basis, words in _BASES.items()]
    lines = sum(len(inside) + 1 for _, inside in groups if inside)
    height = _ROW * max(lines, 1) + _ABOVE + _BELOW
    made, (ax,) = style.figure(height=height)
    made.set_layout_engine("none")  # words stand on both sides of the axes, which no engine knows of
    made.set_size_inches(_WIDTH, height)
    ax.set_position((0.35, _BELOW / height, 0.29, 1.0 - (_ABOVE + _BELOW) / height))
    made.text(0.01, 1.0 - 0.3 / height, "What was reported, and what the model makes of it", fontsize=12, weight="bold")
    made.text(0.01, 1.0 - 0.42 / height, _KEY, color=style.MUTED, va="top", linespacing=1.4)
    at = 0
    for words, inside in groups:
        at = _group(ax, words, inside, at) if inside else at
    _frame(ax, at)
    return made


def _reported(row: dict[Any, Any]) -> float:
    """The reported value that stands at 1: a bound, or the middle of a range."""
    ends = [end for end in (row["reported_low"], row["reported_high"]) if math.isfinite(end)]
    return sum(ends) / len(ends) if ends else 0.0


def _group(ax: Axes, words: str, rows: list[dict[Any, Any]], at: int) -> int:
    """Draw claims of one basis below their heading, and give the next free line."""
    ax.annotate(
        words, (0.0, at), xycoords=("axes fraction", "data"), xytext=(-6, 0), textcoords="offset points",
        ha="right", va="center", fontweight="bold", annotation_clip=False,
    )  # fmt: skip
    for place, row in enumerate(rows, start=at + 1):
        _line(ax, row, place)
    return at + 1 + len(rows)


def _line(ax: Axes, row: dict[Any, Any], at: int) -> None:
    """One claim: the band that was reported, single runs, the interval, the mark, and words on both sides."""
    unit = _reported(row)
    band = sorted(_clip(end / unit) for end in _band(row))
    ax.barh(at, band[1] - band[0], left=band[0], height=0.62, color="#d9d9d9", linewidth=0, zorder=1)
    mark, colour = MARKS[row["verdict"]]
    runs = [_clip(row[end] / unit) for end in ("run_low", "run_high")]
    ax.plot(runs, [at, at], color=style.MUTED, linewidth=0.8, zorder=2)
    ci = [row["mean"] if math.isnan(row[end]) else row[end] for end in ("ci_low", "ci_high")]
    ax.plot([_clip(end / unit) for end in ci], [at, at], color=colour, linewidth=3.0, solid_capstyle="butt", zorder=3)
    value = row["mean"] / unit
    beyond = ">" if value > _WIDEST else "<" if value < 0 else mark
    ax.plot([_clip(value)], [at], marker=beyond, color=colour, markersize=6.5, zorder=4, clip_on=False)
    place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
    place |= {"annotation_clip": False, "fontsize": 8.5}
    title = textwrap.shorten(f"{row['id']}  {row['claim']}", 66, placeholder="…")
    ax.annotate(title, (0.0, at), (-6, 0), ha="right", **place)
    ax.annotate(row["verdict"], (1.0, at), (8, 0), ha="left", color=colour, fontweight="bold", **place)
    said = f"{row['reported']} {row['unit']}; simulated {number(row['mean'], _digits(row['mean']))}"
    ax.annotate(said, (1.0, at), (88, 0), ha="left", **place)


def _band(row: dict[Any, Any]) -> tuple[float, float]:
    """What was reported, give or take its tolerance."""
    return row["reported_low"] - row["tolerance"], row["reported_high"] + row["tolerance"]


def _clip(value: float) -> float:
    return min(max(value, 0.0), _WIDEST)


def _digits(value: float) -> int:
    return 0 if abs(value) >= 100 or float(value).is_integer() else 1


def _frame(ax: Axes, lines: int) -> None:
    """Axis and guide at 1."""
    ax.axvline(1.0, color=style.INK, linewidth=0.8, zorder=0)
    ax.set_xlim(0.0, _WIDEST)
    ax.set_ylim(lines - 0.4, -0.8)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xticks(
        [0.0, 0.5, 1.0, 1.5, 2.0, _WIDEST], ["0", "half", "as reported", "1½ times", "twice", f"{_WIDEST:g} ×"]
    )
    ax.grid(axis="x", color=style.GRID, linewidth=0.6)
    ax.set_axisbelow(True)
