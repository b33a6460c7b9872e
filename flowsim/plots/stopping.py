"""Pictures of when a run settles and of how its intervals narrow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flowsim.plots import style
from flowsim.plots.words import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]


def settling(
    courses: Mapping[str, tuple[Floats, Floats]], mser5: Mapping[str, float], configured: float, finding: str
) -> Figure:
    """Daily means and their moving average for each series, with the warm-up by MSER-5 and the configured one.

    Parameters
    ----------
    courses : mapping of series to (by day, moving average)
    mser5 : mapping of series to days
        NaN where it does not settle.
    """
    drawn, axes = style.figure(len(courses), height=1.2 + 1.7 * len(courses))
    with style.styled():
        for place, (ax, (name, (days, average))) in enumerate(zip(axes, courses.items(), strict=True)):
            ax.plot(days, color=style.GRID, linewidth=0.8)
            ax.plot(average, color=style.COLOURS[1], linewidth=1.8)
            ax.axvline(configured, color=style.INK, linewidth=1.0)
            if not math.isnan(mser5[name]):
                ax.axvline(mser5[name], color=style.COLOURS[2], linewidth=1.2, linestyle=(0, (4, 2)))
            ax.set_xlim(0, len(days))
            style.plain_numbers(ax.yaxis)
            words = "mean by day (grey), moving average (blue), MSER-5 (dashed), configured warm-up (black)"
            if place == 0:
                style.title(ax, finding, f"{label(name)}: {words}")
            else:
                style.title(ax, "", label(name))
        axes[-1].set_xlabel("Day of the run")
    return drawn


def narrowing(halves: Mapping[str, Floats], shares: Sequence[float], finding: str) -> Figure:
    """Half-width over mean by number of replications for each measure, with lines at the shares asked for."""
    drawn, (ax,) = style.figure(1, height=4.2)
    with style.styled():
        ends = []
        for place, (name, half) in enumerate(halves.items()):
            count = np.arange(1, len(half) + 1)
            ax.plot(count[4:], 100.0 * half[4:], linewidth=1.6, **style.look(place))
            ends.append((float(100.0 * half[-1]), name, style.look(place)["color"]))
        for share in shares:
            ax.axhline(100.0 * share, color=style.MUTED, linewidth=0.8, linestyle=(0, (2, 2)))
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xlabel("Replications")
        most = max(map(len, halves.values()))
        ax.set_xticks([count for count in (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if count <= most])
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_minor_formatter(lambda _value, _place: "")
            style.plain_numbers(axis)
        _name_logged(ax, ends)
        style.title(
            ax,
            finding,
            "Half-width of the 95 % interval, per cent of the mean (both axes logarithmic); dotted: 1, 2 and 5 %",
        )
    return drawn


def _name_logged(ax: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Names at the right ends of lines on a logarithmic axis, pushed apart where they would touch."""
    low, high = (math.log(end) for end in ax.get_ylim())
    heights = style.spread([math.log(height) for height, _, _ in ends], (high - low) / 20.0, low, high)
    for height, (_, name, colour) in zip(heights, ends, strict=True):
        ax.annotate(
            label(name, 30), (1.0, math.exp(height)), xycoords=("axes fraction", "data"), xytext=(5, 0), color=colour,
            textcoords="offset points", va="center", annotation_clip=False, fontweight="bold", fontsize=9,
        )  # fmt: skip
