"""Heat map of a sweep of two parameters: a cell for each pair, its number in words that can be read on its colour."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.plots import style
from flowsim.plots.contrast import contrast
from flowsim.plots.words import decimals_in, interval, quantity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SEQUENTIAL, DIVERGING = "cividis", "PuOr_r"
"""Colour maps safe for colour-blind readers: from low to high, and with 0 in the middle."""
_CELLS = 400  # cells that still hold readable numbers
_WIDE = 6  # columns whose cells still hold an interval


@style.picture
def heat_map(
    table: pd.DataFrame,
    x: str,
    y: str,
    value: str = "mean",
    *,
    what: str = "",
    unit: str = "",
    diverging: bool | None = None,
    ax: Axes | None = None,
) -> Axes:
    """A value over two parameters: a cell for each pair, its number in it and, with room, its 95 % interval.

    Parameters
    ----------
    table : DataFrame
        A row for each pair, such as one outcome of ``summary.csv`` of a sweep; ci_low and ci_high give intervals.
    x, y, value : str
        Columns across, upwards, and in the cells; several rows of one pair are averaged.
    what, unit : str
        For the title; shares are written as per cent, pounds with their sign.
    diverging : bool, optional
        Colours with 0 in the middle; taken if there are values on both sides of 0.

    Raises
    ------
    ValueError
        If a column is missing or empty.
    """
    cells = _cells(table, x, y, value)
    values = cells.to_numpy(dtype=float)
    ax = style.own(ax, min(1.9 + 0.5 * len(cells), 14.0))
    colours = _colours(values, diverging)
    ax.imshow(colours, aspect="auto", origin="lower")
    bounds = [name for name in ("ci_low", "ci_high") if name in table and values.shape[1] <= _WIDE]
    if values.size <= _CELLS:
        _numbers(ax, values, colours, unit, [_cells(table, x, y, name).to_numpy(dtype=float) for name in bounds])
    _frame(ax, cells, x, y)
    style.title(ax, _finding(cells, x, y, what or value, unit), _below(values, unit, diverging, len(bounds) == 2))
    return ax


def _frame(ax: Axes, cells: pd.DataFrame, x: str, y: str) -> None:
    ax.set_xticks(range(len(cells.columns)), [_word(one) for one in cells.columns])
    ax.set_yticks(range(len(cells.index)), [_word(one) for one in cells.index])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel(x)
    ax.set_ylabel(y)


def _steps(column: pd.Series[Any]) -> list[Any]:
    """Values that occur: numbers in order, words as they come."""
    if hasattr(column, "cat"):
        return list(column.cat.categories)
    found = list(dict.fromkeys(column.tolist()))
    return sorted(found) if all(isinstance(one, (int, float)) for one in found) else found


def _cells(table: pd.DataFrame, x: str, y: str, value: str) -> pd.DataFrame:
    """Values by step of both parameters; missing where a pair was not run."""
    lacking = [name for name in (x, y, value) if name not in table]
    if lacking:
        raise ValueError(f"the table has no column {', '.join(lacking)}; it has {', '.join(map(str, table.columns))}")
    if not np.isfinite(table[value].to_numpy(dtype=float)).any():
        raise ValueError(f"there is no value of {value} to draw")
    cells = table.pivot_table(index=y, columns=x, values=value, aggfunc="mean", observed=True)
    return cells.reindex(index=_steps(table[y]), columns=_steps(table[x]))


def _both_sides(values: Any) -> bool:
    return bool(np.nanmin(values) < 0.0 < np.nanmax(values))


def _colours(values: Any, diverging: bool | None) -> Any:
    """RGBA of each cell; white where there is no value."""
    from matplotlib import colormaps

    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if _both_sides(values) if diverging is None else diverging:
        high = max(abs(low), abs(high))
        low = -high
    span = (high - low) or 1.0
    name = DIVERGING if low == -high and low < 0.0 else SEQUENTIAL
    colours = colormaps[name]((np.nan_to_num(values, nan=low) - low) / span)
    colours[~np.isfinite(values)] = 1.0
    return colours


def _numbers(ax: Axes, values: Any, colours: Any, unit: str, ends: list[Any]) -> None:
    decimals = decimals_in(unit, *[float(one) for one in values[np.isfinite(values)]])
    for place, value in np.ndenumerate(values):
        up, across = int(place[0]), int(place[1])
        wide = len(ends) == 2 and ends[1][place] > ends[0][place]
        fill = [float(part) for part in colours[place][:3]]  # pure black or white: one of the two always has 4.5
        ink = max(("#000000", "#ffffff"), key=lambda one, fill=fill: contrast(one, fill))  # type: ignore[misc]
        look: dict[str, Any] = {"ha": "center", "textcoords": "offset points", "color": ink}
        words = quantity(float(value), unit, decimals=decimals) if math.isfinite(value) else "not run"
        ax.annotate(words, (across, up), (0, 1 if wide else 0), va="bottom" if wide else "center", **look)
        if wide:
            between = interval(float(ends[0][place]), float(ends[1][place]), unit, decimals=decimals)
            ax.annotate(between, (across, up), (0, -1), va="top", fontsize=7.5, **look)


def _word(value: Any) -> str:
    return f"{value:g}".replace("-", "−") if isinstance(value, (int, float)) else str(value)


def _below(values: Any, unit: str, diverging: bool | None, intervals: bool) -> str:
    split = _both_sides(values) if diverging is None else diverging
    said = [unit] if unit else []
    said += ["mean and 95 % interval"] if intervals else []
    said.append("orange above 0, purple below, white at 0" if split else "yellow is most, dark blue least")
    return "; ".join(said)


def _finding(cells: pd.DataFrame, x: str, y: str, what: str, unit: str) -> str:
    """Where the value is least and most."""
    values, said = cells.to_numpy(dtype=float), []
    for word, place in (("least", np.nanargmin(values)), ("most", np.nanargmax(values))):
        up, across = (int(one) for one in np.unravel_index(place, values.shape))
        value = quantity(float(values[up, across]), unit, float(np.nanmax(values)))
        said.append(f"{word} ({value}) at {y} {_word(cells.index[up])}, {x} {_word(cells.columns[across])}")
    return f"{what}: {'; '.join(dict.fromkeys(said))}"
