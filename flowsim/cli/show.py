"""Tables for people, on a terminal."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from flowsim.experiment.record import Record
from flowsim.experiment.statistics import Estimate
from flowsim.experiment.tables import BED_DAYS_SAVED, BEDS_EQUIVALENT, Row, summary_rows
from flowsim.experiment.words import answers, cautions, change, drawn_words, interval, key_rows, number, unknown
from flowsim.experiment.years import records
from flowsim.measures.periods import titled

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
            if record.years:
                console.print(_by_year(record, name))
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


_OF_A_YEAR = ("admissions", "bed_days", "beds_occupied_mean", "escalation_bed_days", "cost_total")


def _by_year(record: Record, name: str) -> Table:
    """One line a financial year: key measures of a scenario and, compared, what it saves in the same year."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(f"{name} by financial year"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    saved = (BED_DAYS_SAVED, BEDS_EQUIVALENT) if name != record.names[0] else ()
    table.add_column("year", no_wrap=True)
    for measure in (*_OF_A_YEAR, *saved):
        table.add_column(Text(measure.replace("_", " ")), justify="right")
        if measure == BED_DAYS_SAVED:
            table.add_column("95 % interval", no_wrap=True)
    for label, one in records(record):
        days = one.scenarios[0].clock.window_days
        rows = {row.measure: row for row in summary_rows(one) if row.scenario == name}
        cells = [titled(label, days), *(_mean(rows[measure].own, rows[measure].unit) for measure in _OF_A_YEAR)]
        for measure in saved:
            found = rows[measure].diff
            cells.append(change(found.mean, "") if found else "")
            if measure == BED_DAYS_SAVED:
                cells.append(interval(found, "", change) if found else "")
        table.add_row(*map(Text, cells))
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
