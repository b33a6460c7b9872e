"""Pictures of a sensitivity analysis: bars, the largest first, with the grade of the evidence beside each."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.experiment.folder import plain
from flowsim.experiment.words import number
from flowsim.sweeps.files import write_figure
from flowsim.uncertain.sensitivity import Found, Sensitivity
from flowsim.uncertain.unknowns import Unknown
from flowsim.uncertain.words import SIZES, assumption, capital, grade_of, readable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 15
"""Bars of a picture; all are in the table."""
_LABEL = 60  # letters of an assumption beside its bar
_GREY, _LIGHT = "#c8c8c8", "#b7d0e2"


@dataclass(frozen=True, slots=True)
class Bar:
    """One assumption: its bars as (from, to, interval, colour), and whether it stands out from chance.

    Two bars stand one above the other, or, with ``over``, one in front of the other.
    """

    unknown: Unknown
    pieces: tuple[tuple[float, float, tuple[float, float], str], ...]
    clear: bool
    over: bool = False


def write_pictures(done: Sensitivity) -> list[str]:
    """Draw each outcome, and the value of knowing if asked; as PNG and SVG in the folder; gives their names."""
    return [name for stem, drawn in _drawn(done) for name in write_figure(done.folder, stem, drawn)]


def _drawn(done: Sensitivity) -> list[tuple[str, Figure]]:
    axes = [(f"sensitivity-{plain(name)}", effects(done, name)) for name in done.question.design.outcomes]
    axes += [("value-of-knowing", knowing(done))] if done.known else []
    figures: list[Any] = [ax.get_figure(root=True) for _, ax in axes]
    return [(name, drawn) for (name, _), drawn in zip(axes, figures, strict=True)]


def effects(done: Sensitivity, outcome: str, *, ax: Axes | None = None) -> Axes:
    """The assumptions an outcome hangs on most."""
    method, listed = done.question.design.method, done.of(outcome)
    bars = [_bar(one, method) for one in listed[:MOST]]
    unit = listed[0].unit if method in ("tornado", "morris") else ""
    top = next((one for one in listed if one.effect.clear), None)
    name = capital(readable(outcome))
    heading = f"{name}: nothing stands out from chance"
    if top:
        heading = f"{name} hangs most on: {assumption(top.unknown)} ({grade_of(top.unknown)})"
    below = _SAID[method].format(unit=unit)
    if method == "tornado":
        answer = done.answers[outcome]
        below += f"; as configured {number(answer.mean, unit)} {unit if unit != 'share' else ''}".rstrip()
    return _bars(bars, heading, below, len(listed), ax)


_SAID = {
    "tornado": "change when one assumption alone is at its low (L) or high (H) end, {unit}",
    "morris": f"{SIZES['morris']}, from one end of an assumption's range to the other, {{unit}}",
    "sobol": "share of variance: alone (dark) and together with others (light)",
    "rank": SIZES["rank"] + ", −1 to 1",
}


def knowing(done: Sensitivity, *, ax: Axes | None = None) -> Axes:
    """What it is worth to know each assumption."""
    from flowsim.plots.style import GAIN

    listed = [one for one in done.known if one.knowing.value > 0.0][:MOST] or done.known[:1]
    bars = []
    for one in listed:
        found = one.knowing
        ends = (max(found.value - 1.96 * found.se, 0.0), found.value + 1.96 * found.se)
        bars.append(Bar(one.unknown, ((0.0, found.value, ends, GAIN),), found.clear))
    clear = next((one for one in done.known if one.knowing.clear), None)
    heading = (
        f"Most worth knowing: {assumption(clear.unknown)} ({grade_of(clear.unknown)})"
        if clear
        else "No single assumption is worth knowing more than chance explains"
    )
    below = f"expected gain in the decision if the assumption were known, {done.unit}"
    return _bars(bars, heading, below, len(done.known), ax)


def _bar(one: Found, method: str) -> Bar:
    from flowsim.plots.style import GAIN, LOSS

    effect, more = one.effect, one.effect.more
    if method == "tornado":
        low = (0.0, more["at_low"], (more["at_low_ci_low"], more["at_low_ci_high"]), LOSS)
        high = (0.0, more["at_high"], (more["at_high_ci_low"], more["at_high_ci_high"]), GAIN)
        return Bar(one.unknown, (low, high), effect.clear)
    if method == "sobol":
        total = (0.0, effect.size, (effect.low, effect.high), _LIGHT)
        alone = (0.0, more["first"], (more["first"], more["first"]), GAIN)
        return Bar(one.unknown, (total, alone), effect.clear, over=True)
    return Bar(one.unknown, ((0.0, effect.size, (effect.low, effect.high), GAIN),), effect.clear)


def _bars(bars: Sequence[Bar], heading: str, below: str, every: int, ax: Axes | None) -> Axes:
    from flowsim.plots.style import GRID, MUTED, own, plain_numbers, title

    ax = own(ax, 1.6 + 0.42 * len(bars))
    for place, bar in enumerate(bars):
        _one(ax, len(bars) - 1 - place, bar)
    ax.axvline(0.0, color=MUTED, linewidth=0.8)
    labels = [textwrap.shorten(assumption(bar.unknown), _LABEL, placeholder=" …") for bar in bars]
    texts = [f"{label}   {bar.unknown.grade:>4}" for label, bar in zip(labels, bars, strict=True)]
    ax.set_yticks(range(len(bars) - 1, -1, -1), texts)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.6, len(bars) - 0.4)
    ax.margins(x=0.14)  # for the words at the ends
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", linewidth=0.5, color=GRID)
    ax.set_axisbelow(True)
    plain_numbers(ax.xaxis)
    shown = f"the first {len(bars)} of {every} assumptions; " if every > len(bars) else ""
    key = f"{shown}A to D, seed: grade of the evidence; grey: within chance; lines: 95 % intervals"
    ax.set_xlabel(f"{below}\n{key}", fontsize=8.5, color=MUTED, loc="right")  # there is room below the names
    title(ax, heading, wrap=56)  # the names of assumptions leave the axes half the width
    return ax


def _ends(one: Unknown) -> tuple[str, str]:
    """The two ends in short: a number, a factor, or a term."""
    form = {"scale": "×{:.3g}", "shift": "{:+.3g}"}.get(one.spread.word, "{:.4g}")
    low, high = (form.format(end).replace("-", "−") for end in one.ends)
    return f"L {low}", f"H {high}"


def _one(ax: Axes, height: int, bar: Bar) -> None:
    """The bars of one assumption: its two ends one above the other, or one share in front of the other."""
    from flowsim.plots.style import INK

    two = len(bar.pieces) == 2 and not bar.over
    for (start, end, (low, high), colour), shift, words in zip(
        bar.pieces, (0.17, -0.17), _ends(bar.unknown), strict=False
    ):
        at = height + (shift if two else 0.0)
        ax.barh(at, end - start, left=start, height=0.32 if two else 0.62, color=colour if bar.clear else _GREY)
        if high > low:
            ax.plot([low, high], [at, at], color=INK, linewidth=0.9)
        if two:
            right = end >= 0.0
            far = max(end, high) if right else min(end, low)
            place: dict[str, Any] = {"ha": "left" if right else "right", "va": "center", "textcoords": "offset points"}
            ax.annotate(words, (far, at), (3 if right else -3, 0), fontsize=7.5, **place)
