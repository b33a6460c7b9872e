"""Pictures of a sweep: a line with its band, a heat map, parallel coordinates; as PNG and SVG in the folder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.experiment.folder import plain
from flowsim.experiment.statistics import Estimate
from flowsim.experiment.words import number
from flowsim.sweeps.files import write_figure
from flowsim.sweeps.outcomes import DIFF, unit_of_outcome
from flowsim.sweeps.points import Points
from flowsim.sweeps.study import Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 12
"""Outcomes that are drawn; the others are in the tables."""
_LINES = 2_000  # points of parallel coordinates; more would be a grey wall


@dataclass(frozen=True)
class Answer:
    """One outcome at every point, with what is needed to draw it."""

    outcome: str
    unit: str
    points: Points
    varied: tuple[int, ...]
    found: tuple[Estimate, ...]

    @property
    def means(self) -> list[float]:
        """Mean at each point."""
        return [one.mean for one in self.found]

    @property
    def title(self) -> str:
        """Its name for reading."""
        from flowsim.plots.words import measure_label

        name = measure_label(self.outcome.removeprefix(DIFF))
        return f"{name}: difference from the baseline" if self.outcome.startswith(DIFF) else name

    def column(self, place: int) -> tuple[list[float], list[str] | None]:
        """Where each point stands along a parameter, and the names of the places if they are no numbers."""
        cells = [row[place].cell for row in self.points.rows]
        if all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells):
            return [float(cell) for cell in cells], None
        names = list(dict.fromkeys(str(cell) for cell in cells))
        return [float(names.index(str(cell))) for cell in cells], names


def write_pictures(study: Study, summary: Sequence[tuple[int, str, Estimate]], folder: Path) -> list[str]:
    """Draw each outcome over the parameters that vary (none if none varies), and give the names of the files."""
    from flowsim.plots.style import styled

    names = []
    for answer in answers(study, summary)[:MOST]:
        with styled():
            figure = draw(answer)
            names += write_figure(folder, f"picture-{plain(answer.outcome)}", figure)
    return names


def answers(study: Study, summary: Sequence[tuple[int, str, Estimate]]) -> list[Answer]:
    """What can be drawn: outcomes with a mean at some points, over parameters that vary."""
    points = study.points
    varied = tuple(place for place in range(len(points.names)) if len({row[place].cell for row in points.rows}) > 1)
    listed = []
    for outcome in study.design.outcomes if varied else ():
        found = tuple(one for _, name, one in summary if name == outcome)
        if any(math.isfinite(one.mean) for one in found):
            listed.append(Answer(outcome, unit_of_outcome(outcome), points, varied, found))
    return listed


def draw(answer: Answer) -> Figure:
    """The picture that fits: one parameter a line, a full grid of two a heat map, else parallel coordinates."""
    if len(answer.varied) == 1:
        return line(answer)
    if len(answer.varied) == 2 and _is_grid(answer):
        return heat_map(answer)
    return parallel(answer)


def line(answer: Answer) -> Figure:
    """Mean over one parameter with its 95 % band; bars where the parameter is no number."""
    from flowsim.plots.style import COLOURS, figure, plain_numbers

    drawn, (ax,) = figure(height=4.2)
    places, names = answer.column(answer.varied[0])
    order = sorted(range(len(places)), key=lambda row: places[row])
    x = [places[row] for row in order]
    means, lows, highs = ([getattr(answer.found[row], key) for row in order] for key in ("mean", "low", "high"))
    if names is None:
        ax.fill_between(x, lows, highs, color=COLOURS[1], alpha=0.2, linewidth=0)
        ax.plot(x, means, color=COLOURS[1], marker="o", markersize=4)
        plain_numbers(ax.xaxis)
    else:
        down, up = np.subtract(means, lows), np.subtract(highs, means)
        ax.errorbar(x, means, yerr=[down, up], fmt="o", color=COLOURS[1], capsize=4)
        ax.set_xticks(range(len(names)), names)
        ax.set_xlim(-0.5, len(names) - 0.5)
    plain_numbers(ax.yaxis)
    _label(ax, answer, answer.points.names[answer.varied[0]])
    ax.grid(axis="y", linewidth=0.5)
    return drawn


def heat_map(answer: Answer) -> Figure:
    """Mean over two parameters: a cell for each pair, its number in it and, with room, its 95 % interval."""
    import pandas as pd

    from flowsim.plots.heat import heat_map as cells
    from flowsim.plots.style import figure

    first, second = (answer.points.names[place] for place in answer.varied)
    down, up = (_ticks(answer, place) for place in answer.varied)
    steps = [pd.Categorical([str(row[place].cell) for row in answer.points.rows], words, ordered=True)
             for place, words in zip(answer.varied, (down, up), strict=True)]  # fmt: skip
    columns = {name: [getattr(one, key) for one in answer.found] for name, key in
               (("mean", "mean"), ("ci_low", "low"), ("ci_high", "high"))}  # fmt: skip
    drawn, (ax,) = figure(height=min(2.0 + 0.45 * len(down), 14.0))
    table = pd.DataFrame({first: steps[0], second: steps[1], **columns})
    cells(table, second, first, what=answer.title, unit=answer.unit, ax=ax)
    return drawn


def parallel(answer: Answer) -> Figure:
    """A line for each point across one axis for each parameter and one for the outcome, coloured by the outcome."""
    from matplotlib import colormaps

    from flowsim.plots.style import figure, title

    drawn, (ax,) = figure(height=4.8)
    rows = [row for row, mean in enumerate(answer.means) if math.isfinite(mean)]
    rows = rows[:: math.ceil(len(rows) / _LINES)]
    axes = [answer.column(place) for place in answer.varied]
    axes = [*axes, (answer.means, None)]
    heights = np.array([_between(places, rows) for places, _ in axes])
    colours = colormaps["cividis"](heights[-1])
    for column in np.argsort(heights[-1], kind="stable"):
        ax.plot(range(len(axes)), heights[:, column], color=colours[column], linewidth=1.0, alpha=0.7)
    names = [answer.points.names[place] for place in answer.varied]
    ax.set_xticks(range(len(axes)), ["\n".join(name.split(".")) for name in [*names, answer.outcome]])
    ax.set_yticks([])
    ax.set_xlim(-0.3, len(axes) - 0.5)
    ax.spines["left"].set_visible(False)
    for place, (values, words) in enumerate(axes):
        _axis(ax, place, [values[row] for row in rows], words)
    title(ax, answer.title, f"{answer.unit}; one line for each of {len(rows):,} points, lighter where it is higher")
    return drawn


def _axis(ax: Axes, place: int, values: list[float], words: list[str] | None) -> None:
    from flowsim.plots.style import GRID

    ax.axvline(place, color=GRID, linewidth=1.0, zorder=0)
    low, span = min(values), max(values) - min(values)
    for value in sorted(dict.fromkeys(values)) if words else (low, low + span):
        text = words[int(value)] if words else number(value)
        height = (value - low) / span if span else 0.5
        ax.annotate(text, (place, height), (3, 0), textcoords="offset points", fontsize=8, va="center")


def _between(values: Sequence[float], rows: Sequence[int]) -> Any:
    chosen = np.array([values[row] for row in rows])
    span = chosen.max() - chosen.min()
    return (chosen - chosen.min()) / span if span > 0.0 else np.full(len(chosen), 0.5)


def _label(ax: Axes, answer: Answer, name: str) -> None:
    from flowsim.plots.style import title

    ax.set_xlabel(name)
    title(ax, answer.title, f"{answer.unit}; mean and 95 % interval")


def _ticks(answer: Answer, place: int) -> list[str]:
    places, names = answer.column(place)
    if names is not None:
        return names
    cells = {row[place].cell: where for row, where in zip(answer.points.rows, places, strict=True)}
    return list(dict.fromkeys(str(cell) for cell in sorted(cells, key=lambda one: cells[one])))


def _is_grid(answer: Answer) -> bool:
    first, second = answer.varied
    pairs = {(str(row[first].cell), str(row[second].cell)) for row in answer.points.rows}
    wide = len(_ticks(answer, first)) * len(_ticks(answer, second))
    return len(pairs) == wide == len(answer.points)
