"""What stands in a cell: typed values, texts that are never formulas, and signs where there is no number."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flowsim.plots.words import decimals_in, is_money, is_share

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Value = str | int | float | bool | dt.date | None

NOT_AVAILABLE, NOT_APPLICABLE, UNLIMITED = "[x]", "[z]", "unlimited"
"""Signs for a value that cannot be computed or is not stated, one that makes no sense there, and infinity.

The first two are those of the Government Analysis Function's guidance on symbols in tables.
"""

FONT: dict[str, Any] = {"font_name": "Arial", "font_size": 12, "font_scheme": ""}  # a theme has a font of its own
WORDS: dict[str, Any] = {"align": "left", "indent": 1}  # programs heed an indent only where the side is said
SIGNS = (NOT_AVAILABLE, NOT_APPLICABLE, UNLIMITED)
LINE_HEIGHT = 15.75
"""Points that a line of this font takes."""

LONGEST = 32_767
"""Characters a cell can hold."""

_MOST_DIGITS = 10**15  # larger whole numbers lose digits in a spreadsheet
_FIRST_DATE = dt.date(1899, 12, 30)
_CUT = " … [cut here: a cell holds no more; the whole text is in the run folder]"
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(words: str) -> str:
    """Words as a cell can hold them: characters that XML does not allow as escapes, no more than fit, never none."""
    legal = words if words.isprintable() else _ILLEGAL.sub(lambda found: ascii(found[0])[1:-1], words)
    if 2 * len(legal) > LONGEST and len(legal.encode("utf-16-le")) // 2 > LONGEST:
        legal = legal[: (LONGEST - len(_CUT)) // 2] + _CUT
    return legal or NOT_APPLICABLE


def lines_of(words: str, width: float) -> int:
    """How many lines a text takes in a column so many digits wide, counted rather high; letters are narrower."""
    return sum(max(1, math.ceil(len(line) / (1.08 * width))) for line in words.split("\n"))


def number_format(unit: str, *values: float) -> str:
    """Excel's format for values of a unit that stand in one row: per cent for shares, pounds, thousands apart."""
    places = decimals_in(unit, *values)
    decimals = f".{'0' * places}" if places else ""
    if is_share(unit):
        return f"0{decimals}%"
    return '"£"#,##0' if is_money(unit) else f"#,##0{decimals}"


class Ink:
    """Writes cells, each with a format made once.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook that is written.
    """

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """A format with these properties (those of xlsxwriter), the same one for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**FONT, "valign": "top", **properties})
        return self._formats[key]

    def words(self, sheet: Worksheet, row: int, column: int, words: str, **properties: Any) -> None:
        """Write a text."""
        sheet.write_string(row, column, text(words), self.format(**properties))

    def column(
        self, sheet: Worksheet, top: int, at: int, width: float, values: Iterable[Value], formats: Iterable[str]
    ) -> None:
        """Write values under one another from row ``top``, numbers each in its own format, long texts over lines."""
        plain, wrapped = self.format(**WORDS), self.format(**WORDS, text_wrap=True)
        right = self.format(align="right")
        day = self.format(num_format="yyyy-mm-dd")
        made: dict[str, Format] = {}
        for row, (value, number) in enumerate(zip(values, formats, strict=False), start=top):
            if type(value) is float and math.isfinite(value):  # most cells are, and they are many
                form = made.get(number) or made.setdefault(number, self.format(num_format=number))
                sheet.write_number(row, at, value, form)
            elif isinstance(value, str):
                form = right if value in SIGNS else plain if len(value) < width else wrapped
                sheet.write_string(row, at, text(value), form)
            elif isinstance(value, bool):
                sheet.write_boolean(row, at, value, plain)
            elif isinstance(value, dt.date):
                sheet.write_number(row, at, (value - _FIRST_DATE).days, day)
            elif value is None or not math.isfinite(value):
                sheet.write_string(row, at, UNLIMITED if value == math.inf else NOT_AVAILABLE, right)
            elif abs(value) >= _MOST_DIGITS and isinstance(value, int):
                sheet.write_string(row, at, str(value), right)
            else:
                sheet.write_number(row, at, value, self.format(num_format=number))
