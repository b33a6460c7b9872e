"""What every table and answer is written with: cells that are no formulas, CSV files, numbers that JSON knows."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import Any


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


def finite(value: Any) -> Any:
    """A value for JSON: a number that is not finite is None."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
