"""One spreadsheet that planners can filter and chart: cover, contents, notes, then one native table a sheet.

Laid out as the Government Analysis Function asks of statistics in spreadsheets: one table a sheet, nothing merged,
no blank row or column in a table, headings marked and frozen, symbols where there is no number, notes on a sheet.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowsim.experiment.putting import put

if TYPE_CHECKING:
    from flowsim.experiment import Results

NAME = "results.xlsx"

_NEVER = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class WorkbookError(Exception):
    """The workbook cannot be made; the message says what is wrong."""


def write(
    path: Path,
    outcome: Results,
    *,
    manifest: Mapping[str, Any],
    configs: Mapping[str, str],
    terms: str | None = None,
) -> Path:
    """Write the workbook of some results and give its path.

    Texts are written as texts, whatever they begin with. The same outcome and manifest give the same bytes.

    Parameters
    ----------
    path : Path
        The file; an older one is replaced, at once and whole.
    outcome : Results or Comparison
        What to write.
    manifest : mapping
        What the run came from; of a run that was not kept, nothing.
    configs : mapping of scenario name to text
        The resolved configurations, which say where each value was set.
    terms : str, optional
        The file of terms that money is told by; the shipped ones unless named.

    Raises
    ------
    WorkbookError
        If no replication finished, so that there is nothing to write, or the name does not end in ``.xlsx`` or is one
        of a folder or device.
    OSError
        If the file cannot be written.
    """
    if not outcome.record.replications:
        raise WorkbookError(f"{path}: no replication finished, so there is nothing to write")
    _check_place(path)
    stream = io.BytesIO()
    _fill(stream, outcome, manifest, configs, terms)
    return put(path, stream.getvalue())


def _check_place(path: Path) -> None:
    if path.suffix != ".xlsx":
        raise WorkbookError(f"{path}: is no name of a workbook; give a file that ends in .xlsx")
    if os.path.lexists(path) and not path.is_file():
        raise WorkbookError(f"{path}: is no file, so it cannot be replaced; give another")


def make(
    path: Path,
    outcome: Results,
    manifest: Mapping[str, Any],
    configs: Mapping[str, str],
    terms: str | None = None,
) -> None:
    """Write the workbook as :func:`flowsim.experiment.remake.remake` asks for it."""
    write(path, outcome, manifest=manifest, configs=configs, terms=terms)


def _fill(
    stream: io.BytesIO,
    outcome: Results,
    manifest: Mapping[str, Any],
    configs: Mapping[str, str],
    terms: str | None,
) -> None:
    from xlsxwriter import Workbook

    from flowsim.plots.words import label
    from flowsim.workbook import front
    from flowsim.workbook.cells import FONT, Ink, text
    from flowsim.workbook.sheets import lay, shortened

    summary, names = outcome.summary(), [one.name for one in outcome.scenarios]
    shown = [label(name) for name in names]
    read = dict(zip(names, shown, strict=True)) if len(set(shown)) == len(shown) else {}
    first = [front.notes(outcome.record, manifest), front.definitions(outcome.record, summary)]
    sheets = [shortened(one) for one in (*first, *_sheets(outcome, summary, configs, terms))]
    with Workbook(stream, {**_NEVER, "default_format_properties": dict(FONT)}) as book:
        book.set_properties(
            {"title": text(front.title(shown)[:255]), "author": "flowsim", "created": _written(manifest)}
        )
        ink = Ink(book)
        front.cover(book, ink, outcome, summary, manifest)
        for sheet in (front.contents(sheets), *sheets):
            lay(book, ink, sheet, read)


def _sheets(outcome: Results, summary: Any, configs: Mapping[str, str], terms: str | None) -> list[Any]:
    from flowsim.workbook import days, inputs, money, tables

    causes = getattr(outcome, "attribution", None)
    found = [
        tables.summary(summary),
        tables.differences(summary),
        tables.attribution(causes()) if causes is not None else None,
        tables.delays(summary),
        tables.yearly(outcome.yearly_summary()),
        *money.sheets(outcome, terms),
        *days.trackers(outcome.record),
        days.daily(outcome.record),
        tables.replications(outcome.record),
        inputs.inputs(outcome.scenarios, configs),
    ]
    return [one for one in found if one is not None]


def _written(manifest: Mapping[str, Any]) -> Any:
    """When the results were written; the first day of the model's century where that is not known."""
    import datetime as dt

    stated = manifest.get("written")
    found = dt.datetime.fromisoformat(str(stated)) if stated else dt.datetime(2000, 1, 1)
    return found.replace(tzinfo=None)
