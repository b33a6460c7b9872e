"""What every table and answer is written with: cells that are no formulas, CSV files, numbers that JSON knows."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def cell(value: Any) -> str:
    """Text of a cell of a CSV file: NaN is empty, and words can never be read as a formula by a spreadsheet."""
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(value)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def csv_bytes(head: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A CSV file of a header and its rows; numbers in full."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(list(map(cell, head)))
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def safe(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose words, in cells and in its header, :func:`cell` has made safe; for a table too long for lists."""
    import pandas as pd

    columns = {cell(str(name)): _safe(column) for name, column in frame.items()}
    return pd.DataFrame(columns, index=frame.index)


def _safe(column: pd.Series) -> pd.Series:
    if column.dtype == "category":
        return column.cat.rename_categories([_safe_word(one) for one in column.cat.categories])
    return column.map(_safe_word) if column.dtype == object or column.dtype == "str" else column


def _safe_word(value: Any) -> Any:
    return cell(value) if isinstance(value, str) else value


def finite(value: Any) -> Any:
    """A value for JSON: a number that is not finite is None."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
