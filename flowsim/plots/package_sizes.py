"""Packages of home care by size and weeks: how many begin, and after how many weeks they have ended."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

from flowsim.plots import style
from flowsim.plots.source import holding
from flowsim.plots.words import label, number, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WEEKS = {
    "ended_within_6_weeks": ("ended within 6 weeks", "#00598c", "white"),
    "ended_6_to_12_weeks": ("6 to 12 weeks", "#5b9cc7", style.INK),
    "ended_12_to_26_weeks": ("12 to 26 weeks", "#9fc7e2", style.INK),
    "ended_after_26_weeks": ("later", "#d3e5f2", style.INK),
    "still_running": ("still running at the end", "#e3e0da", style.INK),
}
"""Words of each part of a bar, its colour and that of the number on it."""

_LEAST = 0.028
"""Share of the width from which a part has room for its number."""


def sizes_of(packages: pd.DataFrame) -> pd.DataFrame:
    """Packages begun in the whole window by scenario and size, in their order, and what became of them.

    Parameters
    ----------
    packages : DataFrame
        ``Results.tracker("packages")``: scenario, size, month, and the columns of the dashboard.
    """
    return packages.drop(columns="month").groupby(["scenario", "size"], sort=False, observed=True).sum()


@style.picture
def package_sizes(packages: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Packages begun by size, a bar for each scenario, cut by the weeks after which they ended.

    Parameters
    ----------
    packages : DataFrame
        ``Results.tracker("packages")``: scenario, size, month, and the columns of the dashboard.
    """
    table = sizes_of(holding(packages, "packages", "scenario", "size", "month", "begun", *WEEKS))
    if not len(table):
        return style.says(style.own(ax), "No package began")
    sizes = list(dict.fromkeys(str(size) for _, size in table.index))
    names = list(dict.fromkeys(str(name) for name, _ in table.index))
    ax = style.own(ax, sizes_height(len(sizes), len(names)))
    rows = {
        (str(key[0]), str(key[1])): counts for key, counts in zip(table.index, table.to_dict("records"), strict=True)
    }
    longest, ticks, place = float(table["begun"].max()), [], 0.0
    for size in sizes:
        for name in names:
            _bar(ax, place, rows[name, size], longest)
            ticks.append((place, label(name, 26)))
            place -= 1.0
        ax.annotate(f"{sentence_case(size)} packages", (0.0, place + len(names) + 0.62), (0, 0), va="center",
                    textcoords="offset points", fontweight="bold", fontsize=9)  # fmt: skip
        place -= 0.95
    ax.set_yticks([at for at, _ in ticks], [words for _, words in ticks])
    ax.set_ylim(place + 1.2, 1.15)
    ax.set_xlim(0, 1.12 * max(longest, 1.0))
    _frame(ax)
    style.title(ax, _finding(table, names), "Packages begun in the measured window", wrap=92)
    return ax


def sizes_height(sizes: int, scenarios: int) -> float:
    """Inches for so many bars."""
    return 1.5 + sizes * (0.32 + 0.32 * scenarios)


def _bar(ax: Axes, place: float, row: Mapping[Hashable, float], longest: float) -> None:
    left = 0.0
    for column, (words, colour, ink) in WEEKS.items():
        count = float(row[column])
        ax.barh(place, count, left=left, height=0.74, color=colour, edgecolor="white", linewidth=1.0,
                label=words if place == 0.0 else None)  # fmt: skip
        if count >= _LEAST * longest:
            ax.annotate(number(count), (left + count / 2, place), ha="center", va="center", color=ink, fontsize=8)
        left += count
    ax.annotate(number(float(row["begun"])), (left, place), (5, 0), textcoords="offset points", va="center",
                fontsize=9, fontweight="bold")  # fmt: skip


def _frame(ax: Axes) -> None:
    style.rows(ax)
    ax.legend(
        loc="upper left", bbox_to_anchor=(0.0, -0.1), ncols=len(WEEKS), frameon=False, fontsize=8.5, handlelength=1.2,
        columnspacing=1.2, borderaxespad=0.2,
    )  # fmt: skip


def _finding(table: pd.DataFrame, names: list[str]) -> str:
    begun = table["begun"].groupby(level="scenario", sort=False).sum()
    said = ", ".join(f"{number(float(begun[name]))} ({label(name, 30)})" for name in names)
    if len(names) != 2:
        return f"Packages begun: {said}"
    base, other = float(begun[names[0]]), float(begun[names[1]])
    apart = number(abs(other - base))
    if apart == "0":
        return f"As many packages begin as under {label(names[0], 30)}: {number(base)}"
    more = "fewer" if other < base else "more"
    return f"{apart} {more} packages begin: {said}"
