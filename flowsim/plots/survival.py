"""How long packages of home care last: the share still running by the days since they began."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flowsim.events import INITIAL, EventLog
from flowsim.plots import style
from flowsim.plots.words import NONE, interval, label, number, quantity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SIX_WEEKS = 42.0
"""Days within which support from LIFE ends by itself or a package follows."""
COLUMNS = ("scenario", "days", "ended")
Logs = EventLog | Iterable[EventLog]
_FEWEST = 10  # packages still watched; beyond, the line would be a story of single people


def package_durations(logs: Logs) -> pd.DataFrame:
    """How long each package of home care lasted that began in the measured window.

    Packages that ran before the window are left out, as only the long ones of their time would be seen.

    Parameters
    ----------
    logs : EventLog or several
        Replications of one scenario count together.

    Returns
    -------
    DataFrame
        Columns scenario, days, ended; not ended are those still running at the edge of the run, after ``days``.
    """
    import pandas as pd

    frames = [pd.DataFrame({name: [] for name in COLUMNS})]
    for log in [logs] if isinstance(logs, EventLog) else logs:
        entered, left = (log.stay[name].astype(float) for name in ("entered", "left"))
        stock = log.spell["origin"][log.stay["spell"].astype(int)] == INITIAL
        rows = log.of_kind("home_care") & (entered >= log.window[0]) & ~stock
        ended = ~log.stay["open"].astype(bool)
        frames.append(pd.DataFrame({"scenario": log.scenario, "days": (left - entered)[rows], "ended": ended[rows]}))
    return pd.concat([one for one in frames if len(one)] or frames, ignore_index=True)


def still_running(days: NDArray[np.float64], ended: NDArray[np.bool_]) -> pd.DataFrame:
    """Kaplan–Meier estimate of the share still running, with pointwise 95 % intervals.

    Intervals are of the log–log kind (Kalbfleisch and Prentice), which stay within 0 and 1.

    Parameters
    ----------
    days : array
        How long each was watched.
    ended : array of bool
        Whether it ended then; otherwise it was still running (censored).

    Returns
    -------
    DataFrame
        Columns share, low, high, watched (how many still ran just before), indexed by days from 0; one row for each
        day on which one ended.
    """
    import pandas as pd
    from scipy.stats import CensoredData, ecdf

    if not len(days):
        return pd.DataFrame({"share": [], "low": [], "high": [], "watched": []}, dtype=float)
    fitted = ecdf(CensoredData(uncensored=days[ended], right=days[~ended])).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined")  # at shares of 0 and 1; filled below
        ends = fitted.confidence_interval(0.95, method="log-log")
    at, share = fitted.quantiles, np.clip(fitted.probabilities, 0.0, 1.0)
    low = np.where(share >= 1.0, 1.0, np.nan_to_num(ends.low.probabilities, nan=0.0))
    high = np.where(share >= 1.0, 1.0, np.nan_to_num(ends.high.probabilities, nan=1.0))
    high = np.where(share <= 0.0, np.minimum.accumulate(high), high)
    watched = (days[None, :] >= at[:, None]).sum(axis=1)
    table = pd.DataFrame({"share": share, "low": low, "high": high, "watched": watched}, index=at)
    first = pd.DataFrame({"share": [1.0], "low": [1.0], "high": [1.0], "watched": [len(days)]}, index=[0.0])
    return pd.DataFrame(pd.concat([first, table[(at > 0.0) & (np.diff(share, prepend=1.0) < 0.0)]]))


@style.picture
def package_survival(
    source: Logs | pd.DataFrame, *, mark: float = SIX_WEEKS, until: float | None = None, ax: Axes | None = None
) -> Axes:
    """Share of home-care packages still running by days since they began, for each scenario, with its 95 % band.

    Packages still running at the edge of the run count as long as they could be watched (Kaplan–Meier); ticks on a line
    say where. A line ends where fewer than ten are watched.

    Parameters
    ----------
    source : EventLog, several, or DataFrame
        As :func:`package_durations` takes or gives them.
    mark : float
        Days at which the shares are written out: six weeks.
    until : float, optional
        Last day drawn; as far as the lines go when not given.

    Raises
    ------
    ValueError
        If a table lacks a column.
    """
    frame = _frame(source)
    ax = style.own(ax, 3.8)
    if not len(frame):
        return style.says(ax, "No package began in the measured window")
    ends, shares = [], {}
    for place, name in enumerate(dict.fromkeys(frame["scenario"])):
        rows = frame[frame["scenario"] == name]
        days, ended = rows["days"].to_numpy(dtype=float), rows["ended"].to_numpy(dtype=bool)
        curve = still_running(days, ended)
        shares[str(name)] = _at(curve, mark, float(days.max()))
        ends.append((*_line(ax, curve, days, ended, style.look(place), until), str(name), style.look(place)["color"]))
    _frame_of(ax, mark, until or max(end[0] for end in ends))
    style.name_lines(ax, [end[1:] for end in ends])
    style.title(ax, _finding(shares, mark), "Home-care packages still running, by days since they began; 95 % band")
    return ax


def _frame(source: Any) -> pd.DataFrame:
    import pandas as pd

    if not isinstance(source, pd.DataFrame):
        return package_durations(source)
    lacking = [name for name in COLUMNS if name not in source]
    if lacking:
        raise ValueError(f"the table of packages has no column {', '.join(lacking)}")
    return source


def _line(
    ax: Axes, curve: pd.DataFrame, days: Any, ended: Any, look: dict[str, Any], until: float | None
) -> tuple[float, float]:
    """The line, its band and its ticks; gives where it ends, as (day, share)."""
    sure = curve[curve["watched"] >= min(_FEWEST, len(days))]
    longest = np.sort(days)[::-1]
    last = float(min(longest[min(_FEWEST, len(days)) - 1], until or np.inf))
    shown = sure[sure.index <= last]
    at, share = [*shown.index, last], [*shown["share"], float(shown["share"].iloc[-1])]
    low, high = [*shown["low"], float(shown["low"].iloc[-1])], [*shown["high"], float(shown["high"].iloc[-1])]
    ax.fill_between(at, low, high, step="post", color=look["color"], alpha=0.16, linewidth=0)
    ax.plot(at, share, drawstyle="steps-post", linewidth=1.8, **look)
    open_at = np.sort(days[~ended & (days <= last)])
    open_at = open_at[:: max(len(open_at) // 60, 1)]  # more would be a second line
    ax.plot(open_at, _steps(open_at, at, share), "|", color=look["color"], markersize=6, markeredgewidth=0.8)
    return last, share[-1]


def _steps(days: Any, at: list[float], share: list[float]) -> NDArray[np.float64]:
    heights: NDArray[np.float64] = np.array(share)[np.maximum(np.searchsorted(at, days, side="right") - 1, 0)]
    return heights


def _at(curve: pd.DataFrame, day: float, longest: float) -> tuple[float, float, float]:
    """Share, low and high on a day; NaN when none was watched so long."""
    if longest < day:
        return np.nan, np.nan, np.nan
    row = curve[curve.index <= day].iloc[-1]
    return float(row["share"]), float(row["low"]), float(row["high"])


def _frame_of(ax: Axes, mark: float, last: float) -> None:
    ax.set_xlim(0.0, last)
    ax.set_ylim(0.0, 1.02)
    step = next((step for step in (1, 7, 14, 28, 56, 91, 182) if last / step <= 12), 364)
    ax.set_xticks(np.arange(0.0, last + 0.5, step))
    ax.set_xlabel("Days since the package began", color=style.MUTED, fontsize=8.5)
    ax.yaxis.set_major_formatter(lambda value, _position: f"{100 * value:.0f} %")
    ax.grid(axis="y", color=style.GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    if 0.0 < mark < last:
        ax.axvline(mark, color=style.MUTED, linewidth=1.0, linestyle=(0, (2, 2)))
        words = "six weeks" if mark == SIX_WEEKS else f"{number(mark)} days"
        ax.annotate(words, (mark, 0.0), (4, 5), textcoords="offset points", color=style.MUTED, fontsize=8.5)


def _finding(shares: dict[str, tuple[float, float, float]], mark: float) -> str:
    after = "six weeks" if mark == SIX_WEEKS else f"{number(mark)} days"
    said = []
    for name, (share, low, high) in shares.items():
        value = quantity(share, "share", decimals=0)
        ends = interval(low, high, "share", decimals=0)
        said.append(f"{label(name, 30)} {value}" + (f" ({ends})" if value != NONE else ", not watched so long"))
    return f"Packages still running after {after}: {'; '.join(said)}"
