"""Unit costs by item, payer and price year; prices of different years never meet unless an index says how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flowsim.config.problems import did_you_mean

PEOPLE = "self"
"""People who pay themselves, who are no partner."""
PAYERS = ("hospital_trust", "ccg", "council", "gp_collaborative", "mental_health_trust", "age_uk", PEOPLE)
"""Who can pay: the partners of the Alliance (of whom Age UK, a charity, counts with the public system), and people."""


@dataclass(frozen=True, slots=True)
class UnitCost:
    """Price of one unit: what it is paid for (``per``), pounds, payer, and the financial year of the price."""

    item: str
    per: str
    pounds: float
    payer: str
    price_year: str


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """Prices of financial years relative to one another, such as ``{2016/17: 100, 2017/18: 101.7}``."""

    levels: Mapping[str, float] = field(default_factory=dict)

    def factor(self, since: str, to: str) -> float:
        """What a price of one year is multiplied by to be one of another.

        Raises
        ------
        ValueError
            If the years differ and the index lacks one of them.
        """
        if since == to:
            return 1.0
        lacking = [year for year in (since, to) if year not in self.levels]
        if lacking:
            known = f"the index has {', '.join(self.levels)}" if self.levels else "no index table is given"
            remedy = f"state levels of both years under price_index, such as {{{since}: 100, {to}: 102}}"
            raise ValueError(f"prices of {since} cannot be used beside prices of {to}: {known}; {remedy}")
        return self.levels[to] / self.levels[since]


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Unit costs, all brought to the prices of one year."""

    price_year: str
    costs: tuple[UnitCost, ...]

    def of(self, item: str) -> UnitCost:
        """The price of an item; KeyError if it has none."""
        found = {one.item: one for one in self.costs}
        return found[item]


def price_book(
    costs: Iterable[UnitCost],
    price_year: str | None = None,
    index: PriceIndex | None = None,
    payers: Sequence[str] = PAYERS,
) -> PriceBook:
    """Unit costs as one book, at the prices of ``price_year`` (by default that of the first).

    An item may be listed for several payers, who then each pay their part of it.

    Raises
    ------
    ValueError
        With all faults, one a line: a payer that does not exist with the nearest that does, an item listed twice for
        one payer, price years that differ without an index that has both.
    """
    listed, faults = list(costs), []
    year = price_year or (listed[0].price_year if listed else "")
    found: dict[tuple[str, str], UnitCost] = {}
    for one in listed:
        if one.payer not in payers:
            faults.append(f"{one.item}: no payer is called {one.payer!r}; {did_you_mean(one.payer, payers, 'one of')}")
        if (one.item, one.payer) in found:
            faults.append(f"{one.item}: has two prices for {one.payer}")
        try:
            factor = (index or PriceIndex()).factor(one.price_year, year)
        except ValueError as error:
            faults.append(f"{one.item}: {error}")
            continue
        found[one.item, one.payer] = UnitCost(one.item, one.per, one.pounds * factor, one.payer, year)
    if faults:
        raise ValueError("\n".join(faults))
    return PriceBook(year, tuple(found.values()))
