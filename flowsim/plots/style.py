"""One look for every picture: colours safe for colour-blind readers, labels beside the lines, dates, plain numbers.

Figures are made as objects (never through pyplot), so that drawing changes nothing outside them.
"""

from __future__ import annotations

import contextlib
import functools
import io
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec

from flowsim.plots.room import letters, make_room, tall
from flowsim.plots.words import label, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_Given = ParamSpec("_Given")

INK, MUTED, GRID = "#1a1a1a", "#595959", "#dddddd"
GAIN, LOSS = "#3f85b3", "#c4703f"
"""Fill of bars; the words beside them are in ink."""
BETTER, WORSE, UNCLEAR = "#00598c", "#a63c00", "#595959"
COLOURS = ("#4d4d4d", "#0069a8", "#b34700", "#00664b", "#8b3a6b", "#6b5900")
"""The base first, then alternatives: dark enough for text on white (contrast 4.5 or more)."""
DASHES: tuple[Any, ...] = ("-", "-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (1, 1)))

_HEADING = 0.27
"""Inches that the words above a panel take."""
_FAMILIES = "'DejaVu Sans', Verdana, Arial, sans-serif"

_RC = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so layouts are the same on every machine
    "font.size": 9.0,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.unicode_minus": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "svg.fonttype": "none",
}


@contextlib.contextmanager
def styled() -> Iterator[None]:
    """Matplotlib in the house style inside the block; outside nothing changes."""
    import matplotlib

    settings: Any = _RC
    with matplotlib.rc_context(settings):
        yield


def figure(rows: int = 1, *, height: float, ratios: Sequence[float] | None = None) -> tuple[Figure, list[Axes]]:
    """An empty figure 9 inches wide with ``rows`` axes above each other, in the house style."""
    from matplotlib.figure import Figure

    with styled():
        made = Figure(figsize=(9.0, height), layout="constrained")
        grid = made.subplots(rows, 1, squeeze=False, gridspec_kw={"height_ratios": ratios or [1.0] * rows})
    return made, list(grid[:, 0])


def picture(draw: Callable[_Given, Axes]) -> Callable[_Given, Axes]:
    """A function that draws, made to draw in the house style whoever calls it."""

    @functools.wraps(draw)
    def drawn(*args: _Given.args, **options: _Given.kwargs) -> Axes:
        with styled():
            return draw(*args, **options)

    return drawn


def own(ax: Axes | None, height: float = 3.4) -> Axes:
    """The axes given, with room made for what stands outside them, or those of a new figure."""
    if ax is None:
        return figure(height=height)[1][0]
    make_room(ax)
    return ax


def panels(ax: Axes, count: int, *, gap: float = 0.12) -> list[Axes]:
    """``count`` axes above each other inside one, which keeps its title and is otherwise hidden.

    Parameters
    ----------
    gap : float
        Height left free between two of them, as a share of the whole; more where words would not fit there.
    """
    ax.set_axis_off()
    gap = max(gap, min(_HEADING / tall(ax), 0.5 / count))
    height = (1.0 - gap * (count - 1)) / count
    with styled():
        return [ax.inset_axes((0.0, 1.0 - height - (height + gap) * place, 1.0, height)) for place in range(count)]


def says(ax: Axes, words: str) -> Axes:
    """Axes that hold nothing but a sentence: for a picture of nothing."""
    ax.set_axis_off()
    ax.annotate(words, (0.5, 0.5), xycoords="axes fraction", ha="center", va="center", color=INK, fontsize=10)
    return ax


def title(ax: Axes, finding: str, unit: str = "", *, wrap: int = 92) -> None:
    """Write what the picture shows above it, at most ``wrap`` letters a line, and under that what is counted.

    Lines are shorter where the axes are narrower. The finding is kept as the label of the axes, where :func:`finding`
    reads it.
    """
    if finding:
        ax.set_label(finding)
    place: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom"}
    place["annotation_clip"] = False
    fit, lift = letters(ax, wrap), 14 if ax.xaxis.get_ticks_position() == "top" else 0
    counted = textwrap.wrap(unit, max(fit * 5 // 4, len(unit) if fit == wrap else 0))  # smaller letters
    if counted:
        ax.annotate("\n".join(counted), (0.0, 1.0), (0, lift + 5), color=MUTED, fontsize=9, **place)
    above = lift + (9 + 11 * len(counted) if counted else 6)
    words = textwrap.fill(finding, fit)
    ax.annotate(words, (0.0, 1.0), (0, above), fontsize=10.5, fontweight="bold", **place)


def finding(drawn: Figure) -> str:
    """What the titles of a figure say, as one text; empty if it has none."""
    said = [str(ax.get_label()) for ax in [*drawn.axes, *(child for ax in drawn.axes for child in ax.child_axes)]]
    return "; ".join(
        words for words in dict.fromkeys(said) if words not in ("", "inset_axes") and not words.startswith("_")
    )


def plain_numbers(axis: Any) -> None:
    """Tick labels with thousands separators and true minus signs, and decimals enough to tell them apart."""
    axis.set_major_formatter(lambda value, _position: number(value, _decimals(value, axis.get_majorticklocs())))


def _decimals(value: float, ticks: Sequence[float]) -> int:
    """Decimals of a tick: none if it is whole, else the fewest that write every tick as it is."""
    if float(value).is_integer():
        return 0
    step = 1e-3 * min((abs(one - value) for one in ticks if one != value), default=1.0)
    return next((places for places in range(1, 9) if all(abs(round(one, places) - one) <= step for one in ticks)), 9)


def look(place: int) -> dict[str, Any]:
    """Colour and dash of the scenario in this place; the base is in place 0."""
    return {"color": COLOURS[place % len(COLOURS)], "linestyle": DASHES[place % len(DASHES)]}


def name_lines(ax: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write each line's name beside its right end, pushed apart where they would touch.

    Parameters
    ----------
    ends : sequence of (height, name, colour)
        Height in data units.
    """
    low, high = ax.get_ylim()
    gap = (high - low) * 12.5 / (72 * max(tall(ax), 0.5))
    heights = spread([height for height, _, _ in ends], gap, low, high)
    for height, (_, name, colour) in zip(heights, ends, strict=True):
        ax.annotate(
            label(name, 30), (1.0, height), xycoords=("axes fraction", "data"), xytext=(5, 0), color=colour,
            textcoords="offset points", va="center", ha="left", annotation_clip=False, fontweight="bold", fontsize=9,
        )  # fmt: skip


def spread(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The heights moved to be ``gap`` apart, in the same order, within ``[low, high]`` if they fit."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    placed: list[float] = []
    for place in order:
        placed.append(max(heights[place], placed[-1] + gap if placed else low))
    ceiling = high
    for rank in range(len(placed) - 1, -1, -1):
        placed[rank] = min(placed[rank], ceiling)
        ceiling = placed[rank] - gap
    result = [0.0] * len(heights)
    for rank, place in enumerate(order):
        result[place] = placed[rank]
    return result


@contextlib.contextmanager
def _any_letters() -> Iterator[None]:
    """Say nothing of letters the font lacks: in SVG the reader's own shows them, in PNG a box stands for each."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing")
        yield


def png(drawn: Figure, dpi: int = 150) -> bytes:
    """The figure as PNG: the same bytes every time."""
    stream = io.BytesIO()
    with styled(), _any_letters():
        drawn.savefig(stream, format="png", dpi=dpi, metadata={"Software": None})
    return stream.getvalue()


def svg(drawn: Figure, name: str) -> str:
    """The figure as SVG for a page: the same bytes every time, ids that begin with ``name``, text kept as text."""
    from matplotlib import rc_context

    stream = io.StringIO()
    with styled(), rc_context({"svg.hashsalt": name}), _any_letters():
        drawn.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r' d="[^"]*"', _rounded, text)
    text = re.sub(r'<g id="[^"]*">', "<g>", re.sub(r"\n\s+", "\n", text))  # nothing refers to groups
    text = text.replace(" font-family: 'DejaVu Sans';", "")  # said once, with others for readers without it
    text = text.replace("<svg ", f'<svg style="font-family: {_FAMILIES}" ', 1)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", text)


def _rounded(path: re.Match[str]) -> str:
    """A path with its points to a tenth of 1/72 inch, and without line breaks: less than half the size."""
    return re.sub(r"(\.\d)\d+", r"\1", re.sub(r"\s+", " ", path.group()))


def rows(ax: Axes) -> None:
    """Axes whose rows have words at the left: no ticks or line there, a grid of numbers behind."""
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=GRID, linewidth=0.6)
    ax.set_axisbelow(True)
    plain_numbers(ax.xaxis)
