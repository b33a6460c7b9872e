"""A front: every point tried in grey, those that nothing beats joined and named beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.plots import style
from flowsim.plots.style import BETTER, GRID, INK, MUTED, figure, plain_numbers, spread, title
from flowsim.plots.words import is_money, is_share, measure_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Place = tuple[float, float]
MOST_NAMES = 14
"""Points that are named; of more, as many at even distances, both ends among them."""


@dataclass(frozen=True, slots=True)
class Named:
    """A point of the front: where it is, what it is called, and whether it is clearly beaten by none."""

    at: Place
    name: str
    clear: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: the finding, a note under it, both axes (measure, unit), all points, and those of the front.

    Attributes
    ----------
    better : tuple of str
        Which direction of each axis is better: lower or higher.
    common : str
        What all points of the front have in common, in words.
    joined : bool
        Whether the front is a line: not so where a third objective decides too.
    """

    finding: str
    note: str
    axes: tuple[tuple[str, str], tuple[str, str]]
    points: Sequence[Place]
    front: Sequence[Named]
    better: tuple[str, str] = ("lower", "lower")
    joined: bool = True
    common: str = ""


def draw(what: Picture) -> Figure:
    """The first objective across, the second upwards."""
    drawn, (ax,) = figure(height=5.2)
    rest = [point for point in what.points if point not in {one.at for one in what.front}]
    ax.scatter(*_columns(rest), s=16, color="#b5b5b5", linewidths=0, zorder=2)
    front = [one.at for one in what.front]
    if what.joined:
        ax.plot(*_columns(front), color=BETTER, linewidth=1.4, zorder=3)
    for clear, face in ((True, BETTER), (False, "white")):
        some = [one.at for one in what.front if one.clear is clear]
        ax.scatter(*_columns(some), s=34, facecolors=face, edgecolors=BETTER, linewidths=1.4, zorder=4)
    for axis, (measure, unit) in zip((ax.xaxis, ax.yaxis), what.axes, strict=True):
        _axis(axis, measure, unit)
    ax.grid(color=GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    _names(ax, what)
    left, low = (better == "lower" for better in what.better)
    ax.annotate(
        what.common, (0.015 if left else 0.985, 0.025 if low else 0.975), xycoords="axes fraction", color=MUTED,
        ha="left" if left else "right", va="bottom" if low else "top", fontsize=8.5,
    )  # fmt: skip
    title(ax, what.finding, what.note)
    return drawn


def png(what: Picture) -> bytes:
    """The picture as a PNG, the same bytes each time."""
    with style.styled():
        return style.png(draw(what))


def _columns(points: Sequence[Place]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _axis(axis: Any, measure: str, unit: str) -> None:
    scale = 1e6 if is_money(unit) and max(map(abs, axis.get_view_interval())) >= 1e6 else 1.0
    words = {1e6: "£ million"}.get(scale, "£" if is_money(unit) else "per cent" if is_share(unit) else unit)
    axis.set_label_text(f"{measure_label(measure)}, {words}")
    if scale > 1.0:
        axis.set_major_formatter(lambda value, _position: f"{value / scale:.2f}")
    elif is_share(unit):
        axis.set_major_formatter(lambda value, _position: f"{100.0 * value:g}")
    else:
        plain_numbers(axis)


def _names(ax: Axes, what: Picture) -> None:
    """Names in a column on the side where nothing lies, as it would beat the front, with thin lines to their points."""
    chosen = list(what.front)
    if len(chosen) > MOST_NAMES:
        last = len(chosen) - 1
        chosen = [chosen[round(place * last / (MOST_NAMES - 1))] for place in range(MOST_NAMES)]
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    sideways = 1.0 if what.better[0] == "higher" else -1.0
    room, deep = 0.35 * (right - left), 0.06 * (high - low)
    ax.set_xlim((left - room, right) if sideways < 0.0 else (left, right + room))
    ax.set_ylim(low - deep, high + deep)
    gap = (ax.get_ylim()[1] - ax.get_ylim()[0]) * 0.045
    middle, last = sum(one.at[1] for one in chosen) / len(chosen), len(chosen) - 1
    wanted = [middle + gap * (last / 2.0 - rank) * (1.0 if chosen[0].at[1] >= chosen[-1].at[1] else -1.0)
              for rank in range(len(chosen))]  # fmt: skip
    heights = spread(wanted, gap, *ax.get_ylim())
    edge = (left - 0.12 * room) if sideways < 0.0 else (right + 0.12 * room)
    for one, height in zip(chosen, heights, strict=True):
        ax.annotate(
            one.name, one.at, (edge, height), va="center", fontsize=8.5, color=INK,
            ha="right" if sideways < 0.0 else "left", annotation_clip=False, zorder=5,
            arrowprops={
                "arrowstyle": "-", "color": MUTED, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 3,
                "relpos": (1.0, 0.5) if sideways < 0.0 else (0.0, 0.5),
            },
        )  # fmt: skip
