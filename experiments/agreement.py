"""What a sample of independent replications says of an exact value: one row each, and tables of rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from experiments import pages

LIMIT = 4.0
"""Standard errors within which an estimate agrees: passed by chance alone but for 1 in 16,000 comparisons."""


@dataclass(frozen=True)
class Row:
    """A quantity of a system, exactly and as estimated; ``z`` is the difference in standard errors."""

    system: str
    quantity: str
    exact: float
    estimate: float
    error: float
    n: int
    source: str = ""

    @property
    def z(self) -> float:
        """Estimate less exact value in standard errors; 0 if both are the same number, which needs no error."""
        off = self.estimate - self.exact
        if math.isclose(self.estimate, self.exact, rel_tol=1e-9, abs_tol=1e-12):
            return 0.0
        return off / self.error if self.error > 0.0 else math.copysign(math.inf, off)

    @property
    def agrees(self) -> bool:
        """Whether the estimate lies within four standard errors."""
        return abs(self.z) <= LIMIT

    @property
    def verdict(self) -> str:
        """In a word."""
        if not self.agrees:
            return "**differs**"
        return "agrees" if self.error > 0.0 else "equal"

    @property
    def relative_error(self) -> float:
        """Standard error over the exact value; NaN if that is 0."""
        return self.error / abs(self.exact) if self.exact else math.nan

    def kept(self) -> dict[str, Any]:
        """The row for a file."""
        return asdict(self) | {"z": round(self.z, 3), "agrees": self.agrees}


def row_of(kept: Mapping[str, Any]) -> Row:
    """The row that was kept."""
    return Row(**{name: value for name, value in kept.items() if name not in ("z", "agrees")})


def compared(system: str, quantity: str, sample: Sequence[float] | np.ndarray, exact: float, source: str = "") -> Row:
    """Hold the mean of independent replications against an exact value."""
    values = np.asarray(sample, dtype=float)
    return Row(system, quantity, float(exact), float(values.mean()), standard_error(values), values.size, source)


def standard_error(values: np.ndarray) -> float:
    """Standard error of the mean of independent values; exactly 0 if they are all the same."""
    same = values.size < 2 or bool((values == values[0]).all())
    return 0.0 if same else float(values.std(ddof=1) / math.sqrt(values.size))


def figure(value: float, digits: int = 4) -> str:
    """A number with so many figures that count, thousands apart."""
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}"
    places = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    return f"{value:,.{places}f}"


def error_figure(error: float) -> str:
    """A standard error: two figures."""
    return figure(error, 2) if error else "0"


def table(rows: Sequence[Row], source: bool = False) -> str:
    """Rows as a Markdown table: exact value, estimate, standard error, z and verdict of each quantity."""
    numbers = ["Exact", "Estimate", "Std. error", "z"]
    head = ["System", "Quantity", *numbers, "Verdict", *(["Source"] if source else [])]
    lines, before = [], ""
    for row in rows:
        cells = ["" if row.system == before else row.system, row.quantity, figure(row.exact)]
        cells += [figure(row.estimate), error_figure(row.error), f"{row.z:+.2f}" if row.error else "", row.verdict]
        lines.append([*cells, *([row.source] if source else [])])
        before = row.system
    return pages.table(head, lines, numbers)


def largest(rows: Sequence[Row]) -> float:
    """The largest difference, in standard errors."""
    return max(abs(row.z) for row in rows)
