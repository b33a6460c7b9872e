"""Room on a figure: how many letters fit above axes, how many ticks below, and space for names beside lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LETTERS = 10.4
"""Letters of a title (bold, 10.5 points) that an inch holds."""

_LABEL = 0.075
"""Inches that a letter beside the y axis takes."""

_FEWEST = 16  # letters a line has even where there is no room
_EDGES = ("left", "right", "bottom", "top")


def make_room(ax: Axes) -> None:
    """Have the figure of given axes find room for what stands outside them, and hide the edges nobody reads.

    Names stand beside lines and titles above, outside the axes, where a plain figure cuts them off. A figure with a
    layout of its own, or whose edges were moved by hand, keeps them.
    """
    figure: Figure = ax.get_figure(root=True)  # type: ignore[assignment]
    if figure.get_layout_engine() is None and _as_made(figure):
        figure.set_layout_engine("constrained")
    for side in ("top", "right"):
        if side in ax.spines:
            ax.spines[side].set_visible(False)


def _as_made(figure: Figure) -> bool:
    """Whether nobody moved the edges of the figure's axes."""
    from matplotlib import rcParams

    settings: Any = rcParams
    return all(getattr(figure.subplotpars, edge) == settings[f"figure.subplot.{edge}"] for edge in _EDGES)


def share(ax: Axes) -> float:
    """Width of the axes as a share of what the axes of its figure take side by side."""
    locator: Any = ax.get_axes_locator()  # panels inside other axes know their place only by it
    box = ax.get_position() if locator is None else locator(ax, None)
    edges: Any = ax.get_figure(root=True).subplotpars  # type: ignore[union-attr]
    return float(min(box.width / (edges.right - edges.left), 1.0))


def slot(ax: Axes) -> float:
    """Inches from left to right that the axes and what belongs to them may take."""
    return share(ax) * float(ax.get_figure(root=True).get_figwidth())  # type: ignore[union-attr]


def tall(ax: Axes) -> float:
    """Inches from bottom to top of the axes, as long as no layout has moved them."""
    return ax.get_position().height * float(ax.get_figure(root=True).get_figheight())  # type: ignore[union-attr]


def letters(ax: Axes, most: int) -> int:
    """Letters a line of a title may have: what fits from the left edge of the axes, at most ``most``."""
    from matplotlib.ticker import FixedLocator

    named = isinstance(ax.yaxis.get_major_locator(), FixedLocator)
    words = [line for one in ax.get_yticklabels() for line in one.get_text().split("\n")] if named else []
    left = _LABEL * max(map(len, words), default=0)
    return max(min(most, int(LETTERS * (slot(ax) - left))), _FEWEST)


def most_ticks(ax: Axes, usual: int) -> int:
    """How many ticks with short words fit below axes, of which the usual picture, 9 inches wide, holds ``usual``."""
    return max(2, int(usual * min(slot(ax) / 9.0, 1.0)))
