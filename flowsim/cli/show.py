"""Tables for people, on a terminal."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from flowsim.experiment.record import Record
from flowsim.experiment.statistics import Estimate
from flowsim.experiment.tables import Row
from flowsim.experiment.words import answers, cautions, change, drawn_words, interval, key_rows, number, unknown

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_WIDTH, _WIDE = 132, 160  # of what is not a terminal, so that a kept table is not folded


def show(record: Record) -> None:
    """Key measures by subject with 95 % intervals, then the answer in a sentence, then cautions."""
    from rich.console import Console
    from rich.text import Text

    usual = _WIDE if record.sets else _WIDTH
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else usual
    console = Console(width=width, highlight=False)
    if record.replications:
        for name in record.names[1:] or record.names:
            console.print(_table(record, name))
    for sentence in answers(record):
        console.print(Text(sentence, style="bold"))
    if len(record.names) > 2:
        console.print(Text("Intervals of differences hold for all alternatives together (Bonferroni)."))
    for text in cautions(record):
        console.print(Text(f"caution: {text}"))


def _table(record: Record, name: str) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    compared = len(record.names) > 1
    base = record.names[0]
    title = f"{base} and {name}" if compared else name
    table = Table(
        title=Text(f"{title}: {drawn_words(record)}, seed {record.seed}"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("measure", no_wrap=True)  # the rest of a folded name would look like a subject
    table.add_column("unit")
    heads = [base, name, "difference"] if compared else ["mean"]
    for head in heads:
        table.add_column(Text(head), justify="right", overflow="fold")
    table.add_column("95 % interval of the mean" if record.sets else "95 % interval")
    if record.sets:
        table.add_column("5 to 95 % of sets", overflow="fold")
        table.add_column("not chance", justify="right")
    for subject, measures in key_rows(record):
        table.add_row(Text(subject, style="bold"))
        for rows in measures:
            line = _line({row.scenario: row for row in rows}, base, name, compared)
            table.add_row(*line, *(_unknown(rows, name, compared) if record.sets else []))
    return table


def _line(rows: dict[str, Row], base: str, name: str, compared: bool) -> list[Text]:
    from rich.text import Text

    row = rows[name]
    unit = row.unit
    cells = ["  " + row.measure.replace("_", " "), unit]
    if compared:
        under = rows.get(base)
        cells += [
            _mean(under.own if under else None, unit),
            _mean(row.own, unit),
            change(row.diff.mean, unit) if row.diff else "",
        ]
        cells.append(interval(row.diff, unit, change) if row.diff else "")
    elif row.own:
        cells += [_mean(row.own, unit), interval(row.own, unit)]
    return [Text(cell) for cell in cells]


def _unknown(rows: list[Row], name: str, compared: bool) -> list[Text]:
    from rich.text import Text

    row = next(row for row in rows if row.scenario == name)
    part, say = (row.diff_split, change) if compared else (row.own_split, number)
    return [Text(words) for words in unknown(part, row.unit, say)]


def _mean(found: Estimate | None, unit: str) -> str:
    return number(found.mean, unit) if found else ""
