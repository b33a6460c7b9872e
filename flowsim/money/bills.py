"""Who pays what, in every replication and year: unit costs as the run prices them, fund, programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flowsim.config.problems import did_you_mean
from flowsim.experiment.statistics import Array
from flowsim.money.factors import Discount
from flowsim.money.ledger import Ledger
from flowsim.money.prices import PAYERS, PriceBook, UnitCost, price_book
from flowsim.money.terms import FUND, Fund, Posts, ProgrammeCost, Terms

UNIT_COSTS, PROGRAMME, FUNDED = "unit costs", "programme costs", "package fund"
KINDS = (UNIT_COSTS, PROGRAMME, FUNDED)
"""Kinds of line: volumes at their price, staff of the programme, what a fund takes over and hands on."""
OWN_PART, POST_YEAR, INITIATIVE = "part_people_pay", "post_year", "initiative"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the open book of a scenario: what for, who pays, and pounds (replication, year)."""

    kind: str
    name: str
    payer: str
    pounds: Array


def bills(
    book: Ledger,
    scenario: str,
    prices: PriceBook,
    terms: Terms,
    programme: Sequence[ProgrammeCost] = (),
    off: Sequence[Discount] = (),
) -> tuple[Line, ...]:
    """Every line of a scenario; those of a payer add up to what it pays.

    Parameters
    ----------
    prices : PriceBook
        Unit costs of the run, posts of the terms and costs of initiatives; see :func:`priced`.
    programme : sequence of ProgrammeCost
        Costs of the scenario's own initiatives.
    off : sequence of Discount
        Factors of its initiatives on unit costs.
    """
    payer_of = {one.item: one.payer for one in prices.costs if one.per not in (POST_YEAR, INITIATIVE)}
    items = {item: book.of(scenario, f"cost_{item}") for item in payer_of}
    lines = [Line(UNIT_COSTS, item, payer, items[item]) for item, payer in payer_of.items()]
    lines += _own_parts(book, scenario, lines)
    if terms.fund is not None:
        lines += _funded(book, terms.fund, payer_of, items)
    lines += [_of_posts(book, scenario, one, prices.of(one.name)) for one in terms.posts]
    lines += [_of_initiative(book, scenario, one, prices.of(one.name)) for one in programme]
    lines += [line for one in off for line in _taken_off(book, one, items[one.item])]
    return tuple(lines)


def priced(book: Ledger, costs: Sequence[UnitCost], terms: Terms, programme: Sequence[ProgrammeCost] = ()) -> PriceBook:
    """Unit costs of the run, posts of the terms and costs of initiatives, all at the run's prices.

    Raises
    ------
    ValueError
        With all faults, one a line: a payer that does not exist, a cost of another price year without an index, posts
        that an initiative pays as well, a fund or posts that name what the run does not count.
    """
    posts = [UnitCost(one.name, POST_YEAR, one.pounds_a_year, one.payer, one.price_year) for one in terms.posts]
    own = dict.fromkeys(UnitCost(one.name, INITIATIVE, one.pounds, one.payer, one.price_year) for one in programme)
    faults = _strange_names(book, terms)
    faults += [
        f"{one.initiative}: its costs are stated in the scenario and again as posts of the terms"
        for one in programme
        if one.initiative in {post.name for post in terms.posts}
    ]
    faults += [f"{one.name}: the run does not count {one.measure}" for one in programme if _uncounted(book, one)]
    try:
        found = price_book([*costs, *posts, *own], book.price_year, terms.index)
    except ValueError as error:
        faults = [_placed(terms, line) for line in str(error).splitlines()] + faults
    if faults:
        raise ValueError("\n".join(dict.fromkeys(faults)))
    return found


def _placed(terms: Terms, fault: str) -> str:
    """A fault of a price, at its place in the file where it is one of posts."""
    name, _, rest = fault.partition(": ")
    return f"{terms.at(f'posts.{name}.price_year', name)}{rest}"


def _uncounted(book: Ledger, cost: ProgrammeCost) -> bool:
    return bool(cost.measure) and cost.measure not in book.measures


def _own_parts(book: Ledger, scenario: str, lines: list[Line]) -> list[Line]:
    """What payers pay beside the items in their name: one pays part of another's."""
    found = []
    for payer in book.payers:
        own = sum((one.pounds for one in lines if one.payer == payer), np.zeros(book.values.shape[1:3]))
        rest = book.of(scenario, f"cost_payer_{payer}") - own
        if np.abs(rest).max(initial=0.0) > 0.005:  # pounds: less is rounding of the sum
            found.append(Line(UNIT_COSTS, OWN_PART, payer, rest))
    return found


def _funded(book: Ledger, fund: Fund, payer_of: Mapping[str, str], items: Mapping[str, Array]) -> list[Line]:
    """In years with money in the fund its items are taken from their payers: up to the fund, then ``beyond`` pays."""
    cap = np.array([fund.of(one) for one in book.years])
    on = np.array([one.label in fund.pounds for one in book.years])
    spent = sum((items[item] for item in fund.items if item in items), np.zeros(book.values.shape[1:3])) * on
    lines = [Line(FUNDED, item, payer_of[item], -items[item] * on) for item in fund.items if item in items]
    covered = np.minimum(spent, cap)
    return [
        *lines,
        Line(FUNDED, "covered", FUND, covered),
        Line(FUNDED, "beyond_the_fund", fund.beyond, spent - covered),
    ]


def _of_posts(book: Ledger, scenario: str, posts: Posts, price: UnitCost) -> Line:
    """Salaries of the years in which there is work, less the part of their time that a unit cost holds already."""
    salary = np.array([posts.post_years(year) for year in book.years]) * price.pounds
    paid = np.where(book.of(scenario, posts.needs) > 0.0, salary, 0.0)
    if posts.priced_in:
        paid = np.maximum(paid - posts.priced_share * book.of(scenario, f"cost_{posts.priced_in}"), 0.0)
    return Line(PROGRAMME, posts.name, price.payer, paid)


def _of_initiative(book: Ledger, scenario: str, cost: ProgrammeCost, price: UnitCost) -> Line:
    """What an initiative costs by year: at its strength, or for the people that the run counts."""
    amounts = np.array([cost.amounts.get(year.label, 0.0) for year in book.years])
    counted = book.of(scenario, cost.measure) if cost.measure else np.broadcast_to(amounts, book.values.shape[1:3])
    return Line(PROGRAMME, cost.name, price.payer, price.pounds * counted)


def _taken_off(book: Ledger, off: Discount, spent: Array) -> list[Line]:
    """What a factor on a unit cost takes off the bill of each who pays it."""
    amounts = np.array([off.amounts.get(year.label, 0.0) for year in book.years])
    return [Line(PROGRAMME, off.name, payer, -spent * amounts * share) for payer, share in off.shares.items() if share]


def _strange_names(book: Ledger, terms: Terms) -> list[str]:
    """Items, measures and payers that the terms name and the run does not have."""
    fund, known = terms.fund, book.items
    items = [("package_fund.items", item) for item in (fund.items if fund is not None else ())]
    items += [(f"posts.{one.name}.priced_in", one.priced_in) for one in terms.posts if one.priced_in]
    found = [
        f"{terms.at(path)}no unit cost of the run is called {item!r}; {did_you_mean(item, known)}"
        for path, item in items
        if item not in known
    ]
    payers = [("package_fund", fund.beyond)] if fund is not None else []
    payers += [("partners", one.name) for one in terms.partners]
    found += [
        f"{name}: no payer is called {payer!r}; {did_you_mean(payer, PAYERS, 'one of')}"
        for name, payer in payers
        if payer not in PAYERS
    ]
    return found + [
        f"{terms.at(f'posts.{one.name}.needs', one.name)}the run has no measure {one.needs!r}; "
        f"{did_you_mean(one.needs, book.measures)}"
        for one in terms.posts
        if one.needs not in book.measures
    ]
