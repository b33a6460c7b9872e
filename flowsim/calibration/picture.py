"""The picture of a calibration: targets against what is simulated, and what is left of each parameter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowsim.calibration.findings import Findings, ParameterFound, TargetFound
from flowsim.calibration.words import share_left
from flowsim.experiment.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FAR = 6.0  # half-widths beyond which a miss is drawn at the edge


def draw(found: Findings) -> Figure:
    """Targets above, parameters below."""
    from flowsim.plots.style import figure, styled

    heights = [0.5 + 0.42 * len(found.targets), 0.5 + 0.42 * len(found.parameters)]
    with styled():
        drawn, (above, below) = figure(2, height=2.2 + sum(heights), ratios=heights)
        _targets(above, found.targets)
        _parameters(below, found)
    return drawn


def _targets(ax: Axes, targets: Sequence[TargetFound]) -> None:
    """Misses in half-widths of the tolerance, so that all targets share one axis."""
    from flowsim.plots.style import BETTER, GRID, MUTED, WORSE, title

    ax.axvspan(-1.0, 1.0, color=GRID, linewidth=0)
    ax.axvline(0.0, color=MUTED, linewidth=0.8)
    for row, one in enumerate(targets):
        was, low, mean, high = (
            _clipped((value - one.target.value) / one.target.tolerance)
            for value in (one.configured.mean, one.found.low, one.found.mean, one.found.high)
        )
        colour = WORSE if one.verdict == "missed" else BETTER
        ax.plot([low, high], [row, row], color=colour, linewidth=2.0)
        ax.plot(mean, row, "o", color=colour, markerfacecolor="white" if one.target.hold_out else colour, markersize=7)
        ax.plot(was, row, "x", color=MUTED, markersize=6)
        words = f"{number(one.found.mean, one.target.unit)} for {number(one.target.value, one.target.unit)}"
        unit = "" if one.target.unit == "share" else f" {one.target.unit}"
        ax.annotate(
            f"{words}{unit}: {one.verdict}", (1.01, row), xycoords=("axes fraction", "data"), va="center", color=colour
        )
    names = [f"{one.target.name}{' (held out)' if one.target.hold_out else ''}" for one in targets]
    ax.set_yticks(range(len(targets)), names)
    ax.set_ylim(len(targets) - 0.4, -0.6)
    reach = max([1.5, *(abs(edge) for edge in ax.get_xlim())])
    ends = 1.04 * min(reach, _FAR)
    ax.set_xlim(-ends, ends)
    note = f"; {_FAR:g} stands for more" if reach >= _FAR else ""
    ax.set_xlabel(
        f"simulated less target, in tolerances (grey: within the tolerance; × as configured; ○ held out{note})"
    )
    title(ax, "Targets at the best point", "dot and line: mean and 95 % interval")


def _clipped(value: float) -> float:
    return math.copysign(min(abs(value), _FAR), value) if math.isfinite(value) else math.nan


def _parameters(ax: Axes, found: Findings) -> None:
    from flowsim.plots.style import COLOURS, GRID, MUTED, title

    for row, one in enumerate(found.parameters):
        share = one.parameter.share
        ax.barh(row, 1.0, height=0.5, color=GRID, linewidth=0)
        if not found.empty:
            ax.barh(
                row, share(one.high) - share(one.low), left=share(one.low), height=0.5, color=COLOURS[1], alpha=0.35
            )
            quarter, most = map(share, one.middle)
            ax.barh(row, most - quarter, left=quarter, height=0.5, color=COLOURS[1], alpha=0.45)
        ax.plot(share(one.parameter.value), row, "x", color=MUTED, markersize=6)
        ax.plot(share(one.best), row, "o", color=COLOURS[1], markersize=7)
        ax.annotate(
            f"{one.parameter.low:g} ",
            (0.0, row),
            va="center",
            ha="right",
            fontsize=8,
            color=MUTED,
            annotation_clip=False,
        )
        ax.annotate(_words(one), (1.01, row), va="center", fontsize=9, annotation_clip=False)
    ax.set_yticks(range(len(found.parameters)), [_short(one.parameter.path) for one in found.parameters])
    ax.tick_params(axis="y", length=0, pad=30)
    ax.set_ylim(len(found.parameters) - 0.4, -0.6)
    ax.set_xlim(0.0, 1.0)
    ax.set_xticks([])
    ax.spines[["bottom", "left"]].set_visible(False)
    what = "nothing is left" if found.empty else f"{share_left(found.shares[-1])} of the space is left"
    title(ax, f"Parameters: {what}", "grey: range; blue: left of it (dark: the middle half); ● best; × as configured")


def _words(one: ParameterFound) -> str:
    unit = f" {one.parameter.unit}" if one.parameter.unit else ""
    return f"{one.parameter.high:g}   best {one.best:g}{unit}"


def _short(path: str) -> str:
    """A path without what every scenario of one cohort shares."""
    parts = path.split(".")
    return ".".join(parts[2:] if parts[0] == "cohorts" and len(parts) > 3 else parts)
