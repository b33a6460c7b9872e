"""The council's ten-year budget in scope, as printed, and what its lines add up to.

Cabinet report, January 2018, section 11.2. Amounts are kept in pence, so sums are exact and a difference between a
printed and a computed total is one of the paper, not of this page.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flowsim.config.files import Source, find, packaged, read_file
from flowsim.config.problems import ConfigError, Problem, shown
from flowsim.decide.fields import Fields
from flowsim.money.pence import pence

GROWTH = ("demographic_growth", "non_demographic_growth", "inflation")
"""What is added to the baseline if nothing is done."""
EFFICIENCY, BASELINE, PRINTED = "efficiency", "baseline", "maximum_affordable"
LINES = (BASELINE, *GROWTH, EFFICIENCY, PRINTED)
"""The lines of the table in the paper's order; efficiency is what is taken off."""
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """One column of the table, in pence; ``printed`` is the paper's own total."""

    year: str
    baseline: int
    growth: tuple[int, ...]
    efficiency: int
    printed: int

    @property
    def increment(self) -> int:
        """What doing nothing adds to the baseline."""
        return sum(self.growth)

    @property
    def do_nothing(self) -> int:
        """Baseline with growth and inflation, before efficiencies."""
        return self.baseline + self.increment

    @property
    def affordable(self) -> int:
        """The total its own lines make: do-nothing less efficiencies."""
        return self.do_nothing - self.efficiency

    @property
    def rounding(self) -> int:
        """Printed less computed total; not zero where the paper rounded before it added."""
        return self.printed - self.affordable


@dataclass(frozen=True, slots=True)
class CouncilBudget:
    """The table with its source; ``pressure`` is what the paper says doing nothing adds by year nine, in pence."""

    source: str
    years: tuple[BudgetYear, ...]
    pressure: int

    def of(self, year: str) -> BudgetYear | None:
        """The column of a financial year; None if the table has none."""
        return next((one for one in self.years if one.year == year), None)

    def rounding(self) -> dict[str, int]:
        """Printed less computed total of each year where they differ, in pence."""
        return {one.year: one.rounding for one in self.years if one.rounding}

    def carried_on(self) -> int:
        """The do-nothing increment one year past the table, at the step of its last year: the paper's year nine."""
        return 2 * self.years[-1].increment - self.years[-2].increment


def council_budget(path: str | os.PathLike[str] | None = None) -> CouncilBudget:
    """The table of a file, the shipped one unless another is named.

    Raises
    ------
    ConfigError
        With every fault: a line missing or too short, an amount that is no number.
    """
    own = Source(packaged() / "money" / "council_budget.yaml", "configs/money/council_budget.yaml")
    document = read_file(find(os.fspath(path)) if path is not None else own)
    problems: list[Problem] = list(document.problems)
    if document.tree is None:
        raise ConfigError(problems)
    top = Fields(document, (), document.tree, problems)
    source, years = top.text("source") or "", [str(one) for one in top.listed("years")]
    if len(years) < 2:
        top.note("years", "must list at least two financial years")
    pressure = top.number("stated_pressure_by_year_nine", 0, 1e6)
    inner = top.mapping("lines")
    lines = {name: _line(inner, name, len(years)) for name in LINES} if inner is not None else {}
    if inner is not None:
        inner.no_others()
    for key in ("title", "unit", "grade", "distribution", "id", "notes"):
        top.get(key, None)
    top.no_others()
    if problems:
        raise ConfigError(problems)
    return CouncilBudget(source, tuple(_years(years, lines)), _millions(pressure))


def _line(fields: Fields, name: str, count: int) -> list[int]:
    values = fields.listed(name)
    if len(values) != count:
        fields.note(name, f"has {len(values)} amounts for {count} years")
    for place, value in enumerate(values):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            fields.note(f"{name}/{place}", f"must be £ million, not {shown(value)}")
    return [_millions(one) for one in values if isinstance(one, (int, float))]


def _years(years: list[str], lines: Mapping[str, list[int]]) -> list[BudgetYear]:
    return [
        BudgetYear(
            year,
            lines[BASELINE][at],
            tuple(lines[name][at] for name in GROWTH),
            lines[EFFICIENCY][at],
            lines[PRINTED][at],
        )
        for at, year in enumerate(years)
    ]


def _millions(value: Any) -> int:
    """£ million as printed, in pence."""
    return pence(Decimal(repr(value or 0)) * _MILLION)
