"""Everything said of the money of a comparison, as tables: savings, shares, open book, statements, council budget."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowsim.claims.claim import Claims
from flowsim.claims.reader import read_claims
from flowsim.experiment.putting import put
from flowsim.experiment.statistics import Estimate
from flowsim.experiment.texts import cell, finite
from flowsim.money.bills import FUNDED
from flowsim.money.council import BASELINE, EFFICIENCY, GROWTH, BudgetYear, CouncilBudget, council_budget
from flowsim.money.factors import FACTORS, stated_factors
from flowsim.money.initiatives import STATED as STATED_SAVINGS
from flowsim.money.initiatives import stated_savings
from flowsim.money.reader import read_terms
from flowsim.money.runs import savings_of
from flowsim.money.saving import Savings
from flowsim.money.statements import Answer, answers

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.experiment.results import Results

COUNCIL = "council"
STATED = (
    *("claim", "title", "alternative", "against", "year", "unit", "reported", "mean", "ci_low", "ci_high", "n"),
    *("verdict", "why", "note"),
)
BUDGET = (
    *("alternative", "year", BASELINE, *GROWTH, "do_nothing_increment", "do_nothing", EFFICIENCY),
    *("affordable_printed", "affordable_computed", "council_net_saving", "ci_low", "ci_high", "unit"),
)


@dataclass(frozen=True)
class Book:
    """The money of a comparison; ``stated`` are savings that sources name and no run computes, ``factors`` on costs."""

    savings: Savings
    claims: Claims
    budget: CouncilBudget
    stated: tuple[Mapping[str, Any], ...] = ()
    factors: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def answers(self) -> list[Answer]:
        """The papers' statements, each for each alternative."""
        return answers(self.savings, self.claims)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by the name of its file, without the ending."""
        return {
            "money": self.savings.frame(),
            "money_shares": self.savings.settlements(),
            "money_open_book": self.savings.open_book(),
            "money_statements": self._statements(),
            "money_stated": self._stated(),
            "money_cost_factors": self._factors(),
            "money_council": self._council(),
        }

    def fund_words(self) -> list[str]:
        """A sentence for each alternative and year with money in the fund: what it paid, and what fell to others."""
        fund = self.savings.terms.fund
        if fund is None:
            return []
        measured = [one.label for one in self.savings.book.years]
        found = [
            f"{fund.title}: the run has no year {year}, so its £{amount:,.0f} pay for nothing here."
            for year, amount in fund.pounds.items()
            if year not in measured
        ]
        for alternative in self.savings.alternatives:
            paid = {one.name: one.pounds.mean(axis=0) for one in self.savings.lines[alternative] if one.kind == FUNDED}
            for at, year in enumerate(self.savings.book.years):
                if year.label in fund.pounds:
                    left = paid["beyond_the_fund"][at]
                    beyond = (
                        f"£{left:,.0f} beyond it fall to the {fund.beyond}" if left >= 1.0 else "nothing is beyond it"
                    )
                    covered = f"pays £{paid['covered'][at]:,.0f} of its £{fund.of(year):,.0f}"
                    found.append(f"{alternative}, {year.title}: {fund.title} {covered}; {beyond}.")
        return found

    def budget_words(self) -> list[str]:
        """What the printed table does not add up to."""
        off = [f"{year} by {_signed(amount / 1e8)}" for year, amount in self.budget.rounding().items()]
        last = self.budget.years[-1]
        part = [one.title for one in self.savings.book.years if not one.whole and self.budget.of(one.label)]
        left = f"The run has only part of {', '.join(part)}: none of it is set beside the council's budget of a year."
        return [
            *([left] if part else []),
            f"The council's printed totals differ from the sum of their lines (£m): {', '.join(off)}.",
            f"Doing nothing adds £{last.increment / 1e8:.1f}m by {last.year}, and "
            f"£{self.budget.carried_on() / 1e8:.1f}m a year later at that step; the paper says "
            f"£{self.budget.pressure / 1e8:.1f}m by year nine.",
        ]

    def _statements(self) -> pd.DataFrame:
        import pandas as pd

        rows = [
            (
                *(one.claim.id, one.claim.title, one.alternative, one.against, one.year, one.claim.unit),
                *(one.claim.reported, one.found.mean, one.found.low, one.found.high, one.found.n),
                *(one.verdict.value, one.claim.why, one.note),
            )
            for one in self.answers
        ]
        return pd.DataFrame(rows, columns=list(STATED))

    def _stated(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(list(self.stated), columns=list(STATED_SAVINGS))

    def _factors(self) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(list(self.factors), columns=list(FACTORS))

    def _council(self) -> pd.DataFrame:
        """Each printed column beside what the model gives for the council in the same year, in pounds."""
        import pandas as pd

        rows = [
            (alternative, one.year, *(amount / 100 for amount in _amounts(one)), *ends, "pounds")
            for alternative in self.savings.alternatives
            for one in self.budget.years
            for found in [self._of_council(alternative, one.year)]
            for ends in [(found.mean, found.low, found.high)]
        ]
        return pd.DataFrame(rows, columns=list(BUDGET))

    def _of_council(self, alternative: str, label: str) -> Estimate:
        """What the council saves in a whole year: days of one cannot stand beside the budget of a year."""
        at = [place for place, year in enumerate(self.savings.book.years) if year.label == label and year.whole]
        if not at or COUNCIL not in self.savings.payers:
            return Estimate(math.nan, math.nan, 0, math.nan, math.nan)
        return self.savings.estimate(self.savings.saved(alternative, COUNCIL)[:, at[0]])


def book_of(results: Results, terms: str | os.PathLike[str] | None = None) -> Book:
    """The book of a comparison, with every table in it.

    Parameters
    ----------
    terms : path, optional
        A file of terms; the shipped ones unless named.

    Raises
    ------
    ConfigError
        With every fault of a file of terms.
    ValueError
        With what keeps savings from being computed; see :func:`flowsim.money.runs.savings_of`.
    """
    agreed = read_terms(terms)
    savings, stated = savings_of(results, agreed), stated_savings(results.scenarios)
    factors = stated_factors(results.scenarios, agreed.fund.items if agreed.fund is not None else ())
    found = Book(savings, read_claims(), council_budget(), tuple(stated), tuple(factors))
    found.tables  # noqa: B018 - whether they can be made is to be known now
    return found


def _signed(millions: float) -> str:
    return f"{millions:+.1f}".replace("-", "\N{MINUS SIGN}")


def _amounts(one: BudgetYear) -> tuple[int, ...]:
    """A printed column and its sums, in pence, in the order of :data:`BUDGET`."""
    return (one.baseline, *one.growth, one.increment, one.do_nothing, one.efficiency, one.printed, one.affordable)


def tree_of(book: Book) -> dict[str, Any]:
    """Every table as a list of rows, for JSON; what is not a finite number is null."""
    return {
        "question": "money",
        "base": book.savings.base,
        "price_year": book.savings.book.price_year,
        "replications": len(book.savings.book.replications),
        **{name: _rows(table) for name, table in book.tables.items()},
        "notes": [*book.fund_words(), *book.budget_words()],
    }


def _rows(table: pd.DataFrame) -> list[Mapping[str, Any]]:
    return [{str(key): finite(value) for key, value in row.items()} for row in table.to_dict("records")]


def write_tables(book: Book, folder: Path) -> list[Path]:
    """Write each table as CSV into a folder, whole or not at all, and give their paths."""
    return [put(folder / f"{name}.csv", _csv(table).encode()) for name, table in book.tables.items()]


def _csv(table: pd.DataFrame) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([cell(str(name)) for name in table.columns])
    rows: Sequence[Sequence[Any]] = table.to_numpy(dtype=object).tolist()
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()
