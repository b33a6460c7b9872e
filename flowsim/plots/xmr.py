"""Statistical process control: what was observed by month, its natural limits, and what the model would expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flowsim.plots import dates, style
from flowsim.plots.words import decimals_for, number, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WIDTH = 2.66
"""Mean moving ranges from the centre to a limit: 3 / 1.128, as three sigma of an individual value (NHS England,
"Making Data Count"; Wheeler, "Understanding Variation")."""

RUN = 7
"""Points in a row on one side of the centre that are more than chance."""
_MOST_WORDS = 20  # values written beside each other
_GAP = "\u00a0" * 3  # spaces that an SVG does not collapse
_KEY = _GAP.join(("◆ outside the limits", "■ run of 7 or more on one side", "○ outside the simulated 95 % range"))

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Limits:
    """Centre line, natural process limits and mean moving range of an XmR chart."""

    centre: float
    low: float
    high: float
    moving_range: float


def xmr_limits(values: Sequence[float] | Floats) -> Limits:
    """Mean, and the mean ± 2.66 times the mean absolute difference between one value and the next.

    Raises
    ------
    ValueError
        If there are fewer than two values, or one is not finite.
    """
    found = np.asarray(values, dtype=np.float64)
    if found.size < 2:
        raise ValueError(f"an XmR chart needs at least two values, not {found.size}")
    if not np.isfinite(found).all():
        raise ValueError("an XmR chart needs finite values; one is missing or infinite")
    centre, moving = float(found.mean()), float(np.abs(np.diff(found)).mean())
    return Limits(centre, centre - WIDTH * moving, centre + WIDTH * moving, moving)


def runs(values: Sequence[float] | Floats, centre: float, least: int = RUN) -> NDArray[np.bool_]:
    """Which values stand in a run of at least ``least`` on one side of the centre; one on the centre ends a run."""
    side = np.sign(np.asarray(values, dtype=np.float64) - centre)
    marked = np.zeros(side.size, dtype=bool)
    start = 0
    for place in range(1, side.size + 1):
        if place == side.size or side[place] != side[start]:
            if place - start >= least and side[start] != 0.0:
                marked[start:place] = True
            start = place
    return marked


def expected(simulated: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Mean of the replications by month, and where one more month of the model would fall.

    Parameters
    ----------
    simulated : DataFrame
        Columns month, replication, value; or month, mean, sd, n, as ``Results.tracker_months`` gives for one column.

    Returns
    -------
    DataFrame
        Columns mean, low, high, indexed by month as text. The range is mean ± t · sd · √(1 + 1/n) with n − 1 degrees of
        freedom (a prediction interval); missing with fewer than two replications.

    Raises
    ------
    ValueError
        If the table has neither set of columns.
    """
    import pandas as pd
    from scipy.stats import t

    if {"month", "mean", "sd", "n"} <= set(simulated):
        table = pd.DataFrame(simulated.set_index("month")[["mean", "sd", "n"]].astype(float))
    elif {"month", "replication", "value"} <= set(simulated):
        months = simulated.groupby("month", sort=False)["value"]
        table = pd.DataFrame({"mean": months.mean(), "sd": months.std(), "n": months.size()}, dtype=float)
    else:
        raise ValueError("the simulated table needs the columns month, replication, value or month, mean, sd, n")
    table.index = pd.Index([str(month) for month in table.index])
    many = table["n"].where(table["n"] > 1).to_numpy(dtype=float)
    reach = table["sd"] * (t.ppf((1.0 + level) / 2.0, many - 1.0) * np.sqrt(1.0 + 1.0 / many))
    return pd.DataFrame({"mean": table["mean"], "low": table["mean"] - reach, "high": table["mean"] + reach})


@style.picture
def xmr(
    observed: pd.Series[float] | Mapping[Any, float],
    simulated: pd.DataFrame | None = None,
    *,
    what: str = "Observed",
    unit: str = "",
    ax: Axes | None = None,
) -> Axes:
    """XmR chart of an observed series by month, with what the model would expect as a band behind it.

    A diamond is outside the natural process limits, a square stands in a run of seven or more on one side of the mean;
    a ring is outside the range in which the model would have put it 19 times in 20.

    Parameters
    ----------
    observed : Series or mapping of month ("2017-10", or a date) to value, in order
    simulated : DataFrame, optional
        As :func:`expected` takes it; months are matched by their text.
    what, unit : str
        What was observed, for the title ("Admissions"), and the words under it ("People a month").

    Raises
    ------
    ValueError
        If there are fewer than two values, or one is not finite.
    """
    months = [_text(month) for month in observed.keys()]  # noqa: SIM118 - of a series, iterating gives its values
    values = np.asarray([observed[month] for month in observed.keys()], dtype=np.float64)  # noqa: SIM118
    limits = xmr_limits(values)
    band = None if simulated is None else expected(simulated).reindex(months)
    ax = style.own(ax, 4.0)
    ends = _limits(ax, limits, len(values))
    ends += [] if band is None else _band(ax, band)
    beyond, row = (values < limits.low) | (values > limits.high), runs(values, limits.centre)
    unlike = _unlike(values, band)
    _points(ax, values, beyond, row, unlike)
    dates.months(ax, months)
    style.name_lines(ax, ends)
    style.title(ax, _finding(what, limits, beyond, row, unlike, band), f"{unit};{_GAP}{_KEY}" if unit else _KEY)
    return ax


def _unlike(values: Floats, band: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Which values are outside the simulated range; none where it is not known."""
    if band is None:
        return np.zeros(len(values), dtype=bool)
    outside: NDArray[np.bool_] = (values < band["low"].to_numpy(dtype=float)) | (
        values > band["high"].to_numpy(dtype=float)
    )
    return outside


def _text(month: Any) -> str:
    return str(month) if isinstance(month, str) or not hasattr(month, "strftime") else f"{month:%Y-%m}"


def _limits(ax: Axes, limits: Limits, months: int) -> list[tuple[float, str, str]]:
    """Centre and limits; gives their names."""
    decimals = decimals_for(limits.centre)
    ends = []
    for height, words, dash in (
        (limits.high, "upper limit", (0, (5, 3))),
        (limits.centre, "observed mean", "-"),
        (limits.low, "lower limit", (0, (5, 3))),
    ):
        ax.plot([-0.5, months - 0.5], [height, height], color=style.MUTED, linewidth=1.1, linestyle=dash)
        ends.append((height, f"{words} {number(height, decimals)}", style.MUTED))
    return ends


def _band(ax: Axes, band: pd.DataFrame) -> list[tuple[float, str, str]]:
    at, colour = np.arange(len(band)), style.COLOURS[1]
    ax.fill_between(at, band["low"], band["high"], color=colour, alpha=0.16, linewidth=0)
    ax.plot(at, band["mean"], color=colour, linewidth=1.6, linestyle=(0, (2, 1.5)))
    known = band["mean"].dropna()
    return [(float(known.iloc[-1]), "simulated", colour)] if len(known) else []


def _points(ax: Axes, values: Floats, beyond: Any, row: Any, unlike: Any) -> None:
    """The observed line with its marks; the words beside points outside the limits say their value."""
    at = np.arange(len(values))
    ax.plot(at, values, color=style.INK, linewidth=1.2)
    ax.margins(y=0.14)
    usual = ~beyond & ~row
    for which, mark, colour, size in (
        (usual, "o", style.INK, 4.5),
        (row & ~beyond, "s", style.COLOURS[4], 6.0),
        (beyond, "D", style.WORSE, 6.5),
    ):
        ax.plot(at[which], values[which], mark, color=colour, markersize=size)
    ax.plot(at[unlike], values[unlike], "o", markersize=12, markerfacecolor="none", markeredgecolor=style.COLOURS[1],
            markeredgewidth=1.4)  # fmt: skip
    middle = float(values.mean())
    named = -len(values)
    for place in np.flatnonzero(beyond):
        if place - named < len(values) / _MOST_WORDS:
            continue  # the words would lie on those before
        named = int(place)
        up = values[place] > middle
        words = number(float(values[place]), decimals_for(middle))
        ax.annotate(words, (place, values[place]), (0, 9 if up else -9), textcoords="offset points", ha="center",
                    va="bottom" if up else "top", fontsize=8.5, color=style.WORSE, fontweight="bold")  # fmt: skip


def _finding(what: str, limits: Limits, beyond: Any, row: Any, unlike: Any, band: Any) -> str:
    count = len(beyond)
    said = [f"{int(beyond.sum())} of {count} months outside its limits" if beyond.any() else "within its limits"]
    if row.any():
        said.append(f"{int(row.sum())} months in long runs")
    if band is not None:
        seen = int(band["low"].notna().sum())
        said.append(f"{int(unlike.sum())} of {seen} outside what the model expects" if seen else "nothing to compare")
    return f"{sentence_case(what)}, {number(limits.centre, decimals_for(limits.centre))} on average: {', '.join(said)}"
