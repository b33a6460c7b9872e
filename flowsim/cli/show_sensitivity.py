"""What `sensitivity` prints: a table for each outcome, then what it says in sentences."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from flowsim.cli.tables import text_table
from flowsim.experiment.words import change, number
from flowsim.uncertain.sensitivity import Found, Sensitivity
from flowsim.uncertain.words import SIZES, capital, meaning, readable, sentences, size_words

if TYPE_CHECKING:
    from rich.table import Table

_ROWS = 20  # lines of a printed table; all are in the files
_LEFT = ("assumption", "grade", "stands out")


def show(done: Sensitivity) -> None:
    """Tables, sentences, notes and pictures of a sensitivity analysis."""
    from rich.console import Console
    from rich.text import Text

    console = Console(width=shutil.get_terminal_size().columns if sys.stdout.isatty() else 132, highlight=False)
    for outcome in done.question.design.outcomes:
        console.print(_effects(done, outcome))
    if done.known:
        console.print(_known(done))
    if len(done.question.found) > _ROWS:
        console.print(f"all {len(done.question.found)} assumptions: {done.folder / 'sensitivity.csv'}")
    for text in sentences(done):
        console.print(Text(text, style="bold"))
    for text in meaning(done):
        console.print(Text(f"{capital(text)}."))
    for text in done.question.notes:
        console.print(Text(f"note: {text}"))
    for name in done.pictures:
        if name.endswith(".png"):
            console.print(Text(f"picture: {done.folder / name}"))


def _effects(done: Sensitivity, outcome: str) -> Table:
    method, found = done.question.design.method, done.of(outcome)
    unit = found[0].unit if method in ("tornado", "morris") else ""
    extra = {"tornado": ["at low", "at high"], "morris": ["sigma"], "sobol": ["alone"], "rank": ["Spearman"]}[method]
    size = SIZES[method].partition(",")[0]
    heads = ["assumption", "grade", "low", "high", *extra, size, "95 % interval", "stands out"]
    lines = []
    for one in found[:_ROWS]:
        unknown, effect = one.unknown, one.effect
        ends = [f"{end:.4g}" for end in unknown.ends]
        spread = f"{_said(one, method, effect.low)} to {_said(one, method, effect.high)}"
        sizes = [*_extra(one, method), size_words(one, method), spread]
        lines.append([unknown.name, unknown.grade, *ends, *sizes, _yes(effect.clear)])
    heading = f"{readable(outcome)}{', ' + unit if unit else ''}: {len(found)} assumptions"
    return text_table(heads, lines, _LEFT, heading)


def _extra(one: Found, method: str) -> list[str]:
    more = one.effect.more
    if method == "tornado":
        return [change(more["at_low"], one.unit), change(more["at_high"], one.unit)]
    if method == "morris":
        return [change(more["sigma"], one.unit)]
    return [f"{100 * more['first']:.0f} %"] if method == "sobol" else [number(round(more["spearman"], 2))]


def _said(one: Found, method: str, value: float) -> str:
    if method in ("tornado", "morris"):
        return change(value, one.unit)
    return f"{100 * value:.0f} %" if method == "sobol" else number(round(value, 2))


def _known(done: Sensitivity) -> Table:
    lines = [
        [
            one.unknown.name,
            one.unknown.grade,
            number(one.knowing.value, done.unit),
            number(one.knowing.se, done.unit),
            _yes(one.knowing.clear),
        ]
        for one in done.known[: _ROWS // 2]
    ]
    heads = ["assumption", "grade", "value", "standard error", "stands out"]
    heading = f"value of knowing, {done.unit}; of everything {number(done.all_known, done.unit)}"
    return text_table(heads, lines, _LEFT, heading)


def _yes(clear: bool) -> str:
    return "yes" if clear else "no"
