"""The numbers of this experiment's page, from a folder that `flowsim compare` wrote; nothing is run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from flowsim.claims import read_claims
from flowsim.experiment.comparison import Comparison
from flowsim.experiment.reading import read
from flowsim.experiment.statistics import Array, Estimate, estimate
from flowsim.money import Savings, council_budget, read_terms, savings_of
from flowsim.money.book import Book
from flowsim.money.saving import SYSTEM

BEDS = ("escalation_beds_mean", "escalation_beds_p95", "wait_over_4h_share", "beds_occupied_mean")
Numbers = dict[str, Any]
_PENCE = 1e8
"""In £ million."""


def outcome_of(folder: Path) -> Comparison:
    """The comparison that a folder holds."""
    found = read(folder)[0]
    assert isinstance(found, Comparison)
    return found


def kept(folder: Path) -> Numbers:
    """Everything that the page says, as plain values."""
    found = outcome_of(folder)
    savings = savings_of(found, read_terms())
    return {
        "replications": len(found.record.replications),
        "years": list(found.years),
        "saved": _saved(found),
        "beds": {measure: _beds(found, measure) for measure in BEDS},
        "money": {name: _money(savings, name) for name in savings.alternatives},
        "statements": _statements(savings),
        "council": _council(),
    }


def _rounded(found: Estimate) -> list[float]:
    return [round(float(one), 4) for one in (found.mean, found.low, found.high)]


def _saved(found: Comparison) -> dict[str, dict[str, list[float]]]:
    """Bed days saved of each alternative and year; intervals of all alternatives hold together."""
    rows: Any = found.yearly_differences()
    rows = rows[rows["measure"] == "bed_days_saved"]
    tree: dict[str, dict[str, list[float]]] = {}
    for row in rows.itertuples():
        ends = [float(row.mean), float(row.ci_low), float(row.ci_high)]
        tree.setdefault(str(row.alternative), {})[str(row.year)] = [round(one, 1) for one in ends]
    return tree


def _beds(found: Comparison, measure: str) -> dict[str, dict[str, list[float]]]:
    """A measure of each scenario and year."""
    rows = found.yearly[found.yearly["measure"] == measure]
    return {
        name: {year: _not_below_0(_rounded(estimate(_values(rows, name, year)))) for year in found.years}
        for name in rows["scenario"].drop_duplicates().tolist()
    }


def _not_below_0(three: list[float]) -> list[float]:
    """No interval leaves what is possible: beds and shares are not negative."""
    return [max(one, 0.0) for one in three]


def _values(rows: Any, name: str, year: str) -> Array:
    own = rows[(rows["scenario"] == name) & (rows["year"] == year)]
    return np.asarray(own["value"], dtype=float)


def _money(savings: Savings, name: str) -> Numbers:
    """Net saving in £ million: by payer and year, of the system with its interval, and of all years together."""
    years = [one.label for one in savings.book.years]
    payers = (*savings.payers, SYSTEM)
    saved = {payer: savings.saved(name, payer) / 1e6 for payer in payers}

    def three(values: Array) -> list[float]:
        """Intervals of all alternatives hold together, as in the statements."""
        return _rounded(savings.estimate(values))

    return {
        "by_year": {payer: {year: three(saved[payer][:, at]) for at, year in enumerate(years)} for payer in payers},
        "in_all": {payer: three(saved[payer].sum(axis=1)) for payer in payers},
    }


def _statements(savings: Savings) -> list[Numbers]:
    """What the papers say of money beside what the model gives."""
    columns = ["title", "alternative", "year", "unit", "reported", "mean", "ci_low", "ci_high", "verdict", "note"]
    frame = Book(savings, read_claims(), council_budget()).tables["money_statements"][columns]
    return [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4) if np.isfinite(value) else None
    return str(value)


def _council() -> dict[str, float]:
    """£ million that the council's printed plan takes off by efficiency, by year."""
    return {one.year: one.efficiency / _PENCE for one in council_budget().years}
