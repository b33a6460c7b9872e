"""Pictures of the dashboards: what Huddles do by month, and what becomes of people six weeks into LIFE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowsim.plots import dates, style
from flowsim.plots.source import holding, one_of
from flowsim.plots.words import label, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

HUDDLES = {
    "people_supported": "People supported",
    "admissions_avoided": "Admissions avoided",
    "huddled_people_admitted": "Huddled people admitted",
}
OUTCOMES = {
    "ended": ("Ended by itself", "#00664b"),
    "no_need_at_cap": ("No need at six weeks", "#66b294"),
    "still_supported": ("Still supported", "#0069a8"),
    "package": ("Package", "#d9a441"),
    "placement": ("Placement", "#8b3a6b"),
    "back_to_hospital": ("Back to hospital", "#b34700"),
    "died": ("Died", "#4d4d4d"),
    "not_yet_known": ("Not yet known", "#cccccc"),
}
"""Words and colour of each outcome at six weeks, from below."""

HATCHES = {"no_need_at_cap": "..", "still_supported": "//", "package": "", "placement": "xx"}
HATCHES |= {"back_to_hospital": "\\\\", "died": "++", "ended": "", "not_yet_known": ""}
"""White lines over the colour of an outcome; of those without any, each has a lightness of its own."""

_FEW = 24  # months that are told apart as bars


@style.picture
def huddle_months(months: pd.DataFrame, scenario: str, *, ax: Axes | None = None) -> Axes:
    """People supported, admissions avoided and huddled people admitted by month, all practices together.

    Parameters
    ----------
    months : DataFrame
        ``Results.tracker_months("huddles")``: scenario, month, column, mean, ci_low, ci_high. Bands are 95 % intervals.

    Raises
    ------
    ValueError
        If there is no such scenario in it, or a column is missing.
    """
    own = _months_of(months, scenario)
    ax = style.own(ax, 3.4)
    ends = []
    for place, (column, words) in enumerate(HUDDLES.items()):
        rows = own[own["column"] == column]
        seen = style.look(place + 1)
        ax.plot(range(len(rows)), rows["mean"], linewidth=1.8, **seen)
        ax.fill_between(range(len(rows)), rows["ci_low"], rows["ci_high"], color=seen["color"], alpha=0.16, linewidth=0)
        ends.append((float(rows["mean"].iloc[-1]), words, str(seen["color"])))
    dates.months(ax, [str(month) for month in own["month"].drop_duplicates()], 0.6)
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    style.name_lines(ax, ends)
    totals = own.groupby("column")["mean"].sum()
    supported, avoided = number(totals["people_supported"]), number(totals["admissions_avoided"])
    said = f"{supported} people supported, {avoided} admissions avoided"
    style.title(ax, f"{label(scenario)}: {said}", "People a month, all practices, with 95 % intervals of the mean")
    return ax


@style.picture
def life_months(months: pd.DataFrame, scenario: str, *, ax: Axes | None = None) -> Axes:
    """LIFE starts by month, by what became of the people at six weeks; a line for referrals.

    Parameters
    ----------
    months : DataFrame
        ``Results.tracker_months("life")``: scenario, month, column, mean.

    Raises
    ------
    ValueError
        If there is no such scenario in it, or a column is missing.
    """
    own = _months_of(months, scenario)
    ax = style.own(ax, 3.8)
    wide = own.pivot(index="month", columns="column", values="mean").sort_index()
    below = 0.0 * wide["starts"].to_numpy()
    few = len(wide) <= _FEW
    for column, (words, colour) in OUTCOMES.items():
        height = wide[column].to_numpy()
        if height.any():
            look: dict[str, Any] = {"color": colour, "hatch": HATCHES[column], "edgecolor": "white"}
            look["linewidth"] = 0.8 if few else 0.0
            ax.bar(range(len(wide)), height, 0.8 if few else 1.0, below, label=words, **look)
        below = below + height
    looks: dict[str, Any] = {"color": style.INK, "linewidth": 1.4, "marker": "o", "markersize": 3 * few}
    ax.plot(range(len(wide)), wide["referrals"], label="Referrals", **looks)
    dates.months(ax, [str(month) for month in wide.index], 0.6)
    ax.set_ylim(0.0, 1.06 * max(float(below.max(initial=0.0)), float(wide["referrals"].max()), 1.0))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, reverse=True)
    known = float(wide["starts"].sum() - wide["not_yet_known"].sum())
    ended = f"{100 * float(wide['ended'].sum()) / known:.0f} % ended by itself" if known > 0 else "none followed for"
    said = f"{number(wide['starts'].sum())} starts; of those followed, {ended} within six weeks"
    style.title(ax, f"{label(scenario)}: {said}", "People by month of start, by what became of them at six weeks")
    return ax


def _months_of(months: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """The rows of one scenario."""
    names = holding(months, "months", "scenario", "month", "column", "mean")["scenario"]
    return months[names == one_of(scenario, [str(name) for name in names.drop_duplicates()])]
