"""What `attribute` prints: a table for each measure, then what it says in sentences; and the same as JSON."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flowsim.attribution import Attribution, Effect
from flowsim.attribution.answer import ALONE, COLUMNS, LAST, SHAPLEY, TOGETHER, rows
from flowsim.attribution.parts import INTERACTION
from flowsim.cli.tables import text_table
from flowsim.experiment.texts import finite
from flowsim.experiment.words import change, interval, number

if TYPE_CHECKING:
    from rich.table import Table

_WORDS = {ALONE: "alone", LAST: "last", SHAPLEY: "Shapley value"}


def show(done: Attribution) -> None:
    """Tables, sentences and pictures of an attribution."""
    from rich.console import Console
    from rich.text import Text

    console = Console(width=shutil.get_terminal_size().columns if sys.stdout.isatty() else 132, highlight=False)
    for measure in done.question.measures:
        console.print(_table(done, measure))
    console.print(Text("alone: added to the base; last: missing from the alternative; brackets: 95 % intervals"))
    for text in done.sentences():
        console.print(Text(text, style="bold"))
    for text in notes(done):
        console.print(Text(f"note: {text}"))
    for name in done.pictures:
        if name.endswith(".png"):
            console.print(Text(f"picture: {done.folder / name}"))


def notes(done: Attribution) -> list[str]:
    """What to know of how it was run."""
    question, design = done.question, done.question.study.design
    found = []
    if question.orders:
        drawn = f"{len(question.orders)} of all orders, half of them the reverse of the others"
        found.append(
            f"Shapley values rest on {drawn}; ± is the standard error of that, beside the interval of the runs"
        )
    used = min((one.found.n for one in done.effects), default=0)
    if used < design.first_look:
        found.append(f"{used} of {design.first_look} replications count: in the others a run failed or had no value")
    return found


def _table(done: Attribution, measure: str) -> Table:
    ways = [way for way in _WORDS if done.of(measure, way)]
    columns = {way: done.of(measure, way) for way in ways}
    (whole,), (left,) = done.of(measure, TOGETHER), done.of(measure, INTERACTION)
    lines = []
    for place, one in enumerate(columns[ALONE]):
        cells = [one.note, *("" for _ in ways[1:])] if one.note else [_cell(columns[way][place]) for way in ways]
        lines.append([one.part, *cells])
    blank = ["" for _ in ways[1:]]
    lines.append([INTERACTION, _cell(left), *blank])
    lines.append(
        ["all together", _cell(whole), *(_sum(columns[way], whole) if way == SHAPLEY else "" for way in ways[1:])]
    )
    heading = f"{measure.replace('_', ' ')}, {whole.unit}: {len(done.parts)} parts, {whole.found.n} replications"
    return text_table(["part", *(_WORDS[way] for way in ways)], lines, title=heading)


def _sum(listed: Sequence[Effect], whole: Effect) -> str:
    return change(sum(one.found.mean for one in listed), whole.unit)


def _cell(one: Effect) -> str:
    spread = f" ({interval(one.found, one.unit, change)})" if one.found.n > 1 else ""
    more = f" ± {number(one.sampling_se)}" if one.sampling_se == one.sampling_se else ""
    return f"{change(one.found.mean, one.unit)}{spread}{more}"


def as_json(done: Attribution) -> str:
    """An attribution as JSON."""
    question, design = done.question, done.question.study.design
    tree = {
        "base": question.programme.base.name,
        "alternative": question.programme.alternative.name,
        "complete": done.outcome.complete,
        "parts": {part.name: [".".join(path) for path in part.paths] for part in question.programme.parts},
        "not_run": {one.name: one.why for one in question.programme.idle},
        "effects": [dict(zip(COLUMNS, map(finite, line), strict=True)) for line in rows(done)],
        "sentences": done.sentences(),
        "notes": notes(done),
        "scenarios": len(question.sets) + 1,
        "orders": len(question.orders),
        "replications": design.first_look,
        "seed": design.seed,
        "failures": [
            {"point": one.point, "replication": one.replication, "reason": one.reason} for one in done.outcome.failures
        ],
        "pictures": done.pictures,
        "run_dir": str(done.folder),
    }
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False)
