"""The money of a comparison: its numbers by year, its prices and the terms brought together."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flowsim.experiment.results import Results
from flowsim.measures.periods import financial_years
from flowsim.money.factors import discounts
from flowsim.money.initiatives import phases_of, programme_costs
from flowsim.money.ledger import Ledger, Year, ledger
from flowsim.money.prices import UnitCost
from flowsim.money.saving import Savings
from flowsim.money.terms import Terms

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.params import Scenario


def savings_of(results: Results, terms: Terms) -> Savings:
    """Savings of the alternatives of a comparison against its base.

    Raises
    ------
    ValueError
        With what keeps them from being computed: nothing to compare, no prices, prices of several years, terms that do
        not fit the run. All faults of terms and prices at once, one a line.
    """
    record = results.record
    if len(record.scenarios) < 2 or not record.replications:
        raise ValueError("savings are against do-nothing of the same year: `flowsim compare` base and alternatives")
    bare = [one.name for one in record.scenarios if one.costs is None]
    if bare:
        raise ValueError(f"the run has no prices of {' and '.join(bare)}; state costs in its configuration")
    own = {one.name: unit_costs(one) for one in record.scenarios}
    costs = [cost for each in own.values() for cost in each]
    years = dict.fromkeys(one.price_year for one in costs)
    if len(years) > 1:
        raise ValueError(f"the scenarios have prices of different years: {', '.join(years)}")
    once = {(one.item, one.payer): one for one in costs}
    book = _ledger(results, next(iter(years), ""))
    programme = {one.name: programme_costs(one, book.years) for one in record.scenarios}
    phases = {one.name: phases_of(one) for one in record.scenarios}
    funded = terms.fund.items if terms.fund is not None else ()
    off = {one.name: discounts(one, book.years, funded) for one in record.scenarios}
    found = Savings(book, tuple(once.values()), terms, record.independent, programme, phases, off, own)
    found.lines  # noqa: B018 - faults are to be known now
    return found


def unit_costs(scenario: Scenario) -> list[UnitCost]:
    """Unit costs as a scenario states them, each for the payer who buys it."""
    if scenario.costs is None:
        return []
    year, items = scenario.costs.price_year, scenario.costs.items
    return [UnitCost(name, one.per, one.pounds, one.payer, year) for name, one in items.items()]


def _ledger(results: Results, price_year: str) -> Ledger:
    """Numbers by year; a run too short to have these is one period by itself."""
    clock = results.record.scenarios[0].clock
    years = tuple(
        Year(one.label, _date(clock.start, one.start), _date(clock.start, one.end))
        for one in financial_years(clock.start, clock.window)
    )
    frame = results.yearly
    if len(frame):
        return ledger(frame, price_year, years)
    label = years[0].label if len(years) == 1 else f"{years[0].first} to {years[-1].end - dt.timedelta(days=1)}"
    whole = Year(label, years[0].first, years[-1].end)
    return ledger(_one_period(results, label), price_year, [whole])


def _one_period(results: Results, label: str) -> pd.DataFrame:
    frame = results.replications.copy()
    frame.insert(2, "year", label)
    return frame


def _date(start: dt.date, day: float) -> dt.date:
    return start + dt.timedelta(days=round(day))
