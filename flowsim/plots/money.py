"""The picture of money: net saving of the public system by year, beside what each payer saves or loses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.experiment.putting import put
from flowsim.plots import style
from flowsim.plots.words import label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAYERS = {
    "hospital_trust": ("Hospital trust", "#0069a8", ""),
    "ccg": ("CCG", "#e0a458", "//"),
    "council": ("Council", "#5b8c5a", ""),
    "gp_collaborative": ("GP collaborative", "#8c6d46", ".."),
    "mental_health_trust": ("Mental health trust", "#c0577e", "\\\\"),
    "age_uk": ("Age UK", "#9a9a9a", "++"),
    "package_fund": ("Package fund", "#b39bc8", "xx"),
}
"""Name, colour and hatching of each payer; the hatching tells them apart without colour, too."""
PICTURES = ("money.png", "money.svg")
"""Files of :func:`write_picture` under its usual name."""
_MILLION = 1e6


def write_picture(frame: pd.DataFrame, folder: Path, name: str = "money") -> None:
    """Write ``money.png`` and ``money.svg`` into a folder."""
    with style.styled():
        drawn = picture(frame)
    for path, data in ((f"{name}.png", style.png(drawn, dpi=130)), (f"{name}.svg", style.svg(drawn, name).encode())):
        put(folder / path, data)


def picture(frame: pd.DataFrame, findings: Mapping[str, str] | None = None) -> Figure:
    """One panel for each alternative.

    Parameters
    ----------
    frame : DataFrame
        As ``Savings.frame()`` gives it.
    findings : mapping of alternative to words, optional
        What each panel shows; without, what the means of the frame show.
    """
    net = frame[frame["line"] == "net saving"]
    names = list(dict.fromkeys(net["alternative"]))
    drawn, axes = style.figure(len(names), height=1.0 + 2.6 * len(names))
    for ax, name in zip(axes, names, strict=True):
        rows = net[net["alternative"] == name]
        _panel(ax, rows)
        style.title(ax, f"{label(name)}: {(findings or {}).get(name) or _finding(rows)}")
    top = max(ax.get_ylim()[1] for ax in axes)
    low = min(ax.get_ylim()[0] for ax in axes)
    for ax in axes:
        ax.set_ylim(low - 0.02 * (top - low), top + 0.04 * (top - low))
    year = frame["price_year"].iloc[0]
    axes[-1].set_xlabel(f"Pounds at prices of {year}. Bars above the line save, below it cost more than the base.")
    _key(axes[0])
    return drawn


def _panel(ax: Axes, rows: pd.DataFrame) -> None:
    years = list(dict.fromkeys(rows["year"]))
    at = np.arange(len(years), dtype=float)
    ups, downs = np.zeros(len(years)), np.zeros(len(years))
    for payer, (words, colour, hatch) in PAYERS.items():
        values = rows.loc[rows["payer"] == payer, "mean"].to_numpy(dtype=float) / _MILLION
        if not len(values):
            continue
        bottoms = np.where(values >= 0.0, ups, downs)
        ax.bar(at - 0.1, values, 0.5, bottom=bottoms, color=colour, hatch=hatch, edgecolor="#404040", linewidth=0.4,
               label=words)  # fmt: skip
        ups, downs = ups + np.maximum(values, 0.0), downs + np.minimum(values, 0.0)
    _system(ax, rows[rows["payer"] == "public system"], at)
    ax.axhline(0.0, color=style.INK, linewidth=0.8)
    ax.set_xticks(at, _ticks(rows))
    ax.set_xlim(-0.6, max(len(years) - 0.3, 1.6))
    ax.grid(axis="y", color=style.GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_ylabel("£ million")
    style.plain_numbers(ax.yaxis)


def _system(ax: Axes, rows: pd.DataFrame, at: Any) -> None:
    """The net saving of all public payers: a diamond with its interval beside each bar."""
    mean, low, high = (rows[key].to_numpy(dtype=float) / _MILLION for key in ("mean", "ci_low", "ci_high"))
    reach = np.nan_to_num(np.vstack([mean - low, high - mean]))
    ax.errorbar(at + 0.27, mean, yerr=reach, fmt="D", color=style.INK, markersize=4.5, capsize=3, linewidth=1.1,
                label="All public payers,\nwith 95 % interval")  # fmt: skip


def _finding(rows: pd.DataFrame) -> str:
    """What the panel shows, in a line: the mean of whole years, or all that was measured if there is none."""
    system = rows[rows["payer"] == "public system"]
    whole = system[system["part_of_year"] == 1.0]
    amount = float(whole["mean"].mean() if len(whole) else system["mean"].sum())
    low, high = (float(system[key].iloc[0]) if len(system) == 1 else math.nan for key in ("ci_low", "ci_high"))
    when = f"in {system['days'].sum():.0f} days"
    if len(whole):
        when = f"in {whole['year'].iloc[0]}" if len(whole) == 1 else "a year on average"
    return net_saving(amount, low, high, when)


def net_saving(mean: float, low: float, high: float, when: str) -> str:
    """What all public payers save together, in words that pictures and page share.

    Parameters
    ----------
    mean, low, high : float
        Pounds, and the ends of their 95 % interval; not finite where there is none.
    when : str
        Such as ``in 2017/18``.
    """
    if low <= 0.0 <= high:
        return f"no clear net saving of all public payers {when}: £{_millions(mean)} million{_ends(low, high)}"
    if mean < 0.0:
        return f"all public payers together spend £{_millions(-mean)} million more {when}{_ends(-high, -low)}"
    return f"all public payers together save £{_millions(mean)} million net {when}{_ends(low, high)}"


def _millions(pounds: float) -> str:
    return number(pounds / _MILLION, 2)


def _ends(low: float, high: float) -> str:
    return f" (95\u00a0% interval {_millions(low)} to {_millions(high)})" if math.isfinite(low) else ""


def _ticks(rows: pd.DataFrame) -> list[str]:
    """Years, with the days measured of those that are not whole."""
    once = rows.drop_duplicates("year")[["year", "days", "part_of_year"]].itertuples(index=False)
    return [year if part == 1.0 else f"{year}\n({days} days)" for year, days, part in once]


def _key(ax: Axes) -> None:
    ax.legend(loc="upper left", bbox_to_anchor=(1.005, 1.0), frameon=False, fontsize=8.5)
