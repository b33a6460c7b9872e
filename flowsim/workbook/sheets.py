"""A sheet that holds one table: what it is called and holds, its columns and rows, and how it is laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import TYPE_CHECKING

from flowsim.workbook.cells import LINE_HEIGHT, WORDS, Ink, Value, lines_of, text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

CONTENTS = "Contents"
SCENARIO = "Scenario"
"""Heading of columns that hold the names of scenarios."""

MOST_CELLS = 100_000
"""Cells of a table beyond which it is cut, and says so: more take seconds to write and nobody reads them here.
A sheet could hold 1,048,576 rows."""

_STYLE = "Table Style Light 1"
A4 = 9
"""Excel's number of this size of paper."""

_WIDEST, _SCALE = 400, 50  # characters that are still read when a page holds them all; per cent, where they are more
_MOST_LINES = 25  # a row can be 409 points high


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and the format of its numbers (empty: that of each row)."""

    name: str
    width: float = 13
    format: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with one table.

    Attributes
    ----------
    name, title, holds : str
        On the tab; in the first cell; in the contents.
    rows : sequence of sequence
        Values by row, as many as there are columns.
    formats : sequence of str
        Number format of each row, for columns that have none of their own.
    words : tuple of str
        What to know before reading, a line each, above the table.
    whole : str
        The file of the run folder that has every row, should some not be shown here.
    links : dict of row to sheet name
        Rows whose first cell leads to another sheet.
    """

    name: str
    title: str
    holds: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    formats: Sequence[str] = ()
    words: tuple[str, ...] = ()
    whole: str = ""
    links: dict[int, str] = field(default_factory=dict)


def shortened(sheet: Sheet) -> Sheet:
    """The sheet with no more cells than :data:`MOST_CELLS`; its words say what is left out and where to find it."""
    most = MOST_CELLS // len(sheet.columns)
    if len(sheet.rows) <= most:
        return sheet
    where = f"; all of them are in {sheet.whole} of the run folder" if sheet.whole else ""
    words = f"Not all rows are here: the first {most:,} of {len(sheet.rows):,}{where}."
    return replace(sheet, rows=sheet.rows[:most], formats=sheet.formats[:most], words=(*sheet.words, words))


def lay(book: Workbook, ink: Ink, sheet: Sheet, names: Mapping[str, str]) -> None:
    """Add the sheet to a workbook: title, words, one native table with its headings frozen, nothing merged or blank.

    Parameters
    ----------
    names : mapping
        What scenarios are called for reading, by name.
    """
    page = book.add_worksheet(sheet.name)
    ink.words(page, 0, 0, sheet.title, bold=True, font_size=14)
    count = len(sheet.rows)
    lines = [f"This sheet holds one table of {count:,} row{'' if count == 1 else 's'}, below.", *sheet.words]
    for row, line in enumerate(lines, start=1):
        ink.words(page, row, 0, line)
    top = len(lines) + 1
    if sheet.name != CONTENTS:
        page.write_url(top, 0, f"internal:'{CONTENTS}'!A1", None, f"Back to {CONTENTS.lower()}")
        top += 1
    _table(page, ink, sheet, top, names)
    _page(page, top, sum(column.width for column in sheet.columns))


def _table(page: Worksheet, ink: Ink, sheet: Sheet, top: int, names: Mapping[str, str]) -> None:
    head = {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E8EDEE"}
    words, numbers = ink.format(**head, **WORDS), ink.format(**head, align="right")
    columns = [
        {"header": one.name, "header_format": numbers if _of_numbers(sheet, at) else words}
        for at, one in enumerate(sheet.columns)
    ]
    name = f"{sheet.name.replace(' ', '_')}_table"
    last = top + len(sheet.rows), len(sheet.columns) - 1
    page.add_table(top, 0, *last, {"name": name, "columns": columns, "style": _STYLE})
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        formats = repeat(column.format) if column.format or not sheet.formats else sheet.formats
        cells = (row[at] for row in sheet.rows)
        read = (names.get(str(one), one) for one in cells) if column.name == SCENARIO else cells
        ink.column(page, top + 1, at, column.width, read, formats)
    _heights(page, sheet, top)
    for row, target in sheet.links.items():
        page.write_url(top + 1 + row, 0, f"internal:'{target}'!A1", None, text(str(sheet.rows[row][0])))


def _of_numbers(sheet: Sheet, at: int) -> bool:
    return any(isinstance(row[at], (int, float)) for row in sheet.rows[:50])


def _heights(page: Worksheet, sheet: Sheet, top: int) -> None:
    """Make rows high enough for their longest text; not every program does so by itself."""
    page.set_row(top, LINE_HEIGHT * max(lines_of(one.name, one.width - 2) for one in sheet.columns))
    for at, row in enumerate(sheet.rows, start=top + 1):
        pairs = zip(row, sheet.columns, strict=True)
        count = max(lines_of(cell, one.width) if isinstance(cell, str) else 1 for cell, one in pairs)
        if count > 1:
            page.set_row(at, LINE_HEIGHT * min(count, _MOST_LINES))


def _page(page: Worksheet, top: int, width: float) -> None:
    """How it prints: as wide as a page, or where that could not be read, on several beside each other."""
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(A4)
    if width <= _WIDEST:
        page.fit_to_pages(1, 0)
    else:
        page.set_print_scale(_SCALE)
        page.repeat_columns(0, 1)
    page.set_footer("&L&A&RPage &P of &N")
