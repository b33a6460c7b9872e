"""Dashboards on the terminal, and as CSV files."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flowsim.experiment.words import number
from flowsim.exports import made, write_files

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.experiment import Results


def show(results: Results, name: str) -> None:
    """Print every tracker of one scenario by month, all rows together, then the outcome framework."""
    console = Console(width=None if sys.stdout.isatty() else 170, highlight=False)
    for tracker in results.record.trackers:
        months = results.tracker_months(tracker)
        wide = months[months["scenario"] == name].pivot(index="month", columns="column", values="mean").sort_index()
        console.print(_table(f"{tracker}: {name}", wide[list(results.record.trackers[tracker].columns)]))
    frame = results.framework()
    console.print(_framework(frame[frame["scenario"] == name]))


def write(results: Results, folder: Path) -> list[Path]:
    """Write each tracker (means over the replications) and the framework of all scenarios; gives the files.

    Raises
    ------
    ExportError
        If one cannot be written.
    """
    frames = {f"{tracker}.csv": results.tracker(tracker) for tracker in results.record.trackers}
    return write_files(made(folder), {**frames, "framework.csv": results.framework()})


def _table(title: str, wide: pd.DataFrame) -> Table:
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("month", no_wrap=True)
    for column in wide.columns:
        table.add_column(Text(str(column).replace("_", " ")), justify="right")
    for month, values in zip(wide.index, wide.to_numpy(), strict=True):
        table.add_row(str(month), *(number(float(value)) for value in values))
    table.add_row("all", *(number(float(total)) for total in wide.sum()), style="bold")
    return table


def _framework(frame: pd.DataFrame) -> Table:
    table = Table(title="outcome framework", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for head in ("domain", "indicator", "value", "95 % interval", "to know"):
        table.add_column(head, overflow="fold")
    for row in frame.itertuples():
        table.add_row(*map(Text, (str(row.domain), str(row.indicator), *_said(row), str(row.note))))
    return table


def _said(row: Any) -> tuple[str, str]:
    if not row.computed:
        return "not computable", ""
    low, high = (number(float(end), str(row.unit)) for end in (row.ci_low, row.ci_high))
    return number(float(row.mean), str(row.unit)), "" if math.isnan(row.ci_low) else f"{low} to {high}"
