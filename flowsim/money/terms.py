"""What is agreed on money beside unit costs: partners and their weights, posts, the package fund, statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from flowsim.money.ledger import Year
from flowsim.money.prices import PriceIndex

FUND = "package_fund"
"""The payer that a package fund is, beside those of the unit costs."""


@dataclass(frozen=True, slots=True)
class Partner:
    """Who shares risk and gain: weight, and the most it has agreed to lose against do-nothing, in pounds."""

    name: str
    weight: float
    liability: float = 0.0


@dataclass(frozen=True, slots=True)
class Posts:
    """Staff of the programme, paid by the year while there is something for them to do.

    Attributes
    ----------
    by_date : mapping of date to number
        Posts filled from each date on; none before the first.
    needs : str
        A measure: the posts are paid in years in which it is above 0, so not under do-nothing.
    priced_in, priced_share : str, float
        A unit cost that holds part of their time already, and which share of it is theirs; that much is not paid twice.
    """

    name: str
    title: str
    payer: str
    price_year: str
    pounds_a_year: float
    by_date: Mapping[dt.date, float]
    needs: str
    priced_in: str = ""
    priced_share: float = 0.0

    def post_years(self, year: Year) -> float:
        """Posts times the share of the year that they are filled, of a year of its own length."""
        dates = [*self.by_date, dt.date.max]
        return sum(
            posts * max((min(until, year.end) - max(since, year.first)).days, 0) / year.days * year.part
            for (since, posts), until in zip(self.by_date.items(), dates[1:], strict=True)
        )


@dataclass(frozen=True, slots=True)
class ProgrammeCost:
    """What a scenario pays for an initiative: pounds times ``amounts`` by year, or times a measure of the run."""

    name: str
    payer: str
    price_year: str
    pounds: float
    amounts: Mapping[str, float]
    measure: str = ""
    initiative: str = ""


@dataclass(frozen=True, slots=True)
class Fund:
    """Money put aside for some items in some years; what they cost beyond it falls to ``beyond``.

    Of a year that is measured in part, that part of its money is there.
    """

    title: str
    items: tuple[str, ...]
    pounds: Mapping[str, float]
    beyond: str

    def of(self, year: Year) -> float:
        """Pounds there are for the days measured of a year."""
        return self.pounds.get(year.label, 0.0) * min(year.part, 1.0)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a paper says of money, and which of our numbers stands against it.

    ``low``, ``high`` and ``reported`` are None where the claim itself states a number. ``year`` is a financial year, or
    empty for the mean of whole years; with ``beyond_previous`` it is what an alternative saves more than the one
    listed before it. ``phases`` are those that an alternative must have, no more and no less, for it to be held against
    this (with ``beyond_previous`` the one before it lacks the last of them); any if empty. ``name`` is its key in the
    file.
    """

    claim: str
    what: str
    title: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    reported: str = ""
    tolerance: float | None = None
    year: str = ""
    times: float = 1.0
    over: float = 1.0
    beyond_previous: bool = False
    phases: tuple[str, ...] = ()
    why: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """All of it; the shipped terms are in ``configs/money/programme.yaml``.

    ``places`` says where in a file each key stands, so that what does not fit a run can be named there; ``file`` is
    that file. Both are empty for terms made in Python.
    """

    partners: tuple[Partner, ...]
    posts: tuple[Posts, ...] = ()
    fund: Fund | None = None
    statements: tuple[Statement, ...] = ()
    index: PriceIndex = field(default_factory=PriceIndex)
    places: Mapping[str, str] = field(default_factory=dict)
    file: str = ""

    def at(self, path: str, otherwise: str = "") -> str:
        """The beginning of a message on a key: its place in the file, or ``otherwise`` where there is no file."""
        place = self.places.get(path)
        words = f"{place}: {path}" if place else otherwise
        return f"{words}: " if words else ""
