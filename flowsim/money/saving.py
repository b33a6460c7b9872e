"""Net saving of each alternative by partner and year, against do-nothing of the same year and the same people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from flowsim.experiment.statistics import Array, Estimate, estimate
from flowsim.money.bills import KINDS, Line, bills, priced
from flowsim.money.factors import Discount
from flowsim.money.ledger import Ledger
from flowsim.money.pence import pence
from flowsim.money.prices import PEOPLE, UnitCost
from flowsim.money.settlement import Settlement, settle
from flowsim.money.terms import FUND, ProgrammeCost, Terms

if TYPE_CHECKING:
    import pandas as pd

NET, SYSTEM = "net saving", "public system"
"""The line that others add up to; all public payers together."""
COLUMNS = (
    *("alternative", "year", "days", "part_of_year", "payer", "line"),
    *("mean", "sd", "n", "ci_low", "ci_high", "unit", "price_year"),
)
OPEN_BOOK = ("alternative", "year", "payer", "kind", "line", "do_nothing", "alternative_cost", "saving", "unit")
SETTLED = (
    *("alternative", "year", "partner", "do_nothing", "saving", "weight", "transfer", "after_sharing", "floor"),
    "loss_share",
)


def _as_they_are(values: Array) -> Array:
    return values


@dataclass(frozen=True)
class Savings:
    """Savings of a comparison.

    Parameters
    ----------
    costs : sequence of UnitCost
        Unit costs of the run. One that several pay is listed once, for the payer who buys it.
    independent : callable
        What intervals rest on, of an array with replications first; see ``Record.independent``.
    programme, phases : mapping by scenario
        Costs of initiatives that are on, and the phases of the plan they belong to.
    off : mapping by scenario
        Factors of initiatives that are on, which are applied to unit costs.
    own_costs : mapping by scenario
        Unit costs of each scenario, where they differ: another may pay for the same item.
    """

    book: Ledger
    costs: Sequence[UnitCost]
    terms: Terms
    independent: Callable[[Array], Array] = _as_they_are
    programme: Mapping[str, Sequence[ProgrammeCost]] = field(default_factory=dict)
    phases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    off: Mapping[str, Sequence[Discount]] = field(default_factory=dict)
    own_costs: Mapping[str, Sequence[UnitCost]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Do-nothing."""
        return self.book.scenarios[0]

    @property
    def alternatives(self) -> tuple[str, ...]:
        """What is held against it."""
        return self.book.scenarios[1:]

    @cached_property
    def payers(self) -> tuple[str, ...]:
        """Partners first, then the fund if there is one, then who else pays."""
        named = [one.name for one in self.terms.partners]
        named += [FUND] if self.terms.fund is not None else []
        billed = [line.payer for lines in self.lines.values() for line in lines]
        return tuple(dict.fromkeys([*named, *self.book.payers, *billed]))

    @cached_property
    def lines(self) -> dict[str, tuple[Line, ...]]:
        """The bills of each scenario; a ValueError with all faults if terms and run do not fit each other."""
        found = {}
        for name in self.book.scenarios:
            own = self.programme.get(name, ())
            prices = priced(self.book, self.own_costs.get(name, self.costs), self.terms, own)
            found[name] = bills(self.book, name, prices, self.terms, own, self.off.get(name, ()))
        return found

    def cost(self, scenario: str, payer: str = SYSTEM, kind: str | None = None) -> Array:
        """Pounds (replication, year) that a payer, or the whole public system, pays; of one kind or in all."""
        zero = np.zeros(self.book.values.shape[1:3])
        return sum((one.pounds for one in self.lines[scenario] if _is(one, payer, kind)), zero)

    def saved(self, alternative: str, payer: str = SYSTEM, kind: str | None = None) -> Array:
        """Pounds (replication, year) of do-nothing less those of the alternative, paired."""
        return self.cost(self.base, payer, kind) - self.cost(alternative, payer, kind)

    def estimate(self, values: Array) -> Estimate:
        """Mean of values by replication, with an interval that holds for all alternatives together."""
        return self.estimate_independent(self.independent(values))

    def estimate_independent(self, values: Array) -> Estimate:
        """The same of values that are independent already."""
        return estimate(values, comparisons=max(len(self.alternatives), 1))

    def frame(self) -> pd.DataFrame:
        """One row per alternative, year, payer and line (``net saving`` and the kinds it consists of).

        Amounts are of the ``days`` measured of a year, which are ``part_of_year`` of it: 1 if it is whole.
        """
        import pandas as pd

        price_year = self.book.price_year
        rows = [
            (alternative, year.label, year.days, year.part, payer, kind or NET, *_numbers(found), "pounds", price_year)
            for alternative in self.alternatives
            for payer in (*self.payers, SYSTEM)
            for kind in (None, *KINDS)
            for values in [self.saved(alternative, payer, kind)]
            for at, year in enumerate(self.book.years)
            for found in [self.estimate(values[:, at])]
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def settlement(self, alternative: str, at: int) -> Settlement:
        """Risk and gain of a year shared between the partners, on mean savings in whole pence.

        Parameters
        ----------
        at : int
            Place of the year.
        """
        partners = self.terms.partners
        return settle(
            {one.name: pence(float(self.saved(alternative, one.name)[:, at].mean())) for one in partners},
            {one.name: one.weight for one in partners},
            {one.name: pence(one.liability) for one in partners},
        )

    def settlements(self) -> pd.DataFrame:
        """Each partner and year before and after sharing, in pounds exact to the penny; the contingency has a row.

        ``loss_share`` is the share of replications in which the partners together lose in that year, so that floors
        hold and the contingency pays.
        """
        import pandas as pd

        rows = [
            (*row, self.loss_share(alternative, at))
            for alternative in self.alternatives
            for at, year in enumerate(self.book.years)
            for row in self._settled(alternative, at, year.label)
        ]
        return pd.DataFrame(rows, columns=list(SETTLED))

    def loss_share(self, alternative: str, at: int) -> float:
        """Share of replications in which the partners together cost more than under do-nothing in a year."""
        pot = sum(self.independent(self.saved(alternative, one.name)[:, at]) for one in self.terms.partners)
        return float(np.mean(np.asarray(pot) < 0.0))

    def _settled(self, alternative: str, at: int, label: str) -> list[tuple[object, ...]]:
        found = self.settlement(alternative, at)
        rows: list[tuple[object, ...]] = []
        for one in found.shares:
            cost = pence(float(self.cost(self.base, one.partner)[:, at].mean()))
            amounts = (one.transfer / 100, one.after / 100, one.floor / 100)
            rows.append((alternative, label, one.partner, cost / 100, one.before / 100, one.weight, *amounts))
        left = found.contingency / 100
        return [*rows, (alternative, label, "contingency", 0.0, 0.0, 0.0, left, left, np.nan)]

    def open_book(self) -> pd.DataFrame:
        """Every line of every payer and year: mean cost under do-nothing and the alternative, and what is saved."""
        import pandas as pd

        rows = []
        for alternative in self.alternatives:
            both = [
                {(one.payer, one.kind, one.name): one.pounds.mean(axis=0) for one in self.lines[name]}
                for name in (self.base, alternative)
            ]
            nothing = np.zeros(len(self.book.years))
            for payer, kind, name in sorted(dict.fromkeys([*both[0], *both[1]]), key=self._place):
                before, after = (found.get((payer, kind, name), nothing) for found in both)
                for at, year in enumerate(self.book.years):
                    costs = (float(before[at]), float(after[at]), float(before[at] - after[at]))
                    rows.append((alternative, year.label, payer, kind, name, *costs, "pounds"))
        return pd.DataFrame(rows, columns=list(OPEN_BOOK))

    def _place(self, key: tuple[str, str, str]) -> tuple[int, int]:
        return self.payers.index(key[0]), KINDS.index(key[1])


def _is(line: Line, payer: str, kind: str | None) -> bool:
    """Whether a line is of a payer (people themselves are not the public system) and of a kind."""
    of_payer = line.payer != PEOPLE if payer == SYSTEM else line.payer == payer
    return of_payer and (kind is None or line.kind == kind)


def _numbers(found: Estimate) -> tuple[float, float, int, float, float]:
    return found.mean, found.sd, found.n, found.low, found.high
