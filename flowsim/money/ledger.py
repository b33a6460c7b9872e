"""Numbers by scenario, replication, financial year and measure, as arrays that money is computed from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flowsim.experiment.statistics import Array

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("scenario", "replication", "year", "measure", "value")
"""Columns a frame must have; a unit may stand beside them."""
_LABEL = re.compile(r"(\d{4})/(\d{2})")


@dataclass(frozen=True, slots=True)
class Year:
    """A financial year, or the part of one that was measured: from ``first`` up to, not with, ``end``."""

    label: str
    first: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        """Days measured."""
        return (self.end - self.first).days

    @property
    def whole(self) -> bool:
        """Whether it is a year to the day."""
        return self.end == self._year_on

    @property
    def title(self) -> str:
        """Its label, with the days measured where it is not a whole year."""
        return self.label if self.whole else f"{self.label} ({self.days:,} days)"

    @property
    def part(self) -> float:
        """Days measured as a share of the year that begins on the first of them."""
        return self.days / (self._year_on - self.first).days

    @property
    def _year_on(self) -> dt.date:
        """The same day a year later; 1 March after a 29 February."""
        leap_day = (self.first.month, self.first.day) == (2, 29)
        one = self.first + dt.timedelta(days=1) if leap_day else self.first
        return one.replace(year=self.first.year + 1)


def financial_year(label: str) -> Year:
    """The whole year that a label such as ``2017/18`` means.

    Raises
    ------
    ValueError
        If it is no such label.
    """
    found = _LABEL.fullmatch(label)
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ValueError(f"{label!r} is no financial year; write it as 2017/18")
    first = int(found[1])
    return Year(label, dt.date(first, 4, 1), dt.date(first + 1, 4, 1))


@dataclass(frozen=True)
class Ledger:
    """The numbers, base first.

    Attributes
    ----------
    values : array (scenario, replication, year, measure)
    price_year : str
        Of every cost among the measures.
    """

    scenarios: tuple[str, ...]
    replications: tuple[int, ...]
    years: tuple[Year, ...]
    measures: tuple[str, ...]
    values: Array
    price_year: str

    @cached_property
    def payers(self) -> tuple[str, ...]:
        """Who pays anything, in the order of the measures."""
        return tuple(one.removeprefix("cost_payer_") for one in self.measures if one.startswith("cost_payer_"))

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Unit costs of which any scenario has the price."""
        every = [one.removeprefix("cost_") for one in self.measures if one.startswith("cost_")]
        return tuple(one for one in every if one != "total" and not one.startswith("payer_"))

    @property
    def titles(self) -> dict[str, str]:
        """What each year is called where people read it, by its label."""
        return {one.label: one.title for one in self.years}

    def of(self, scenario: str, measure: str) -> Array:
        """One measure of one scenario, as an array (replication, year).

        Raises
        ------
        KeyError
            If there is none.
        """
        if measure not in self.measures:
            raise KeyError(f"the run has no measure {measure!r}")
        return self.values[self.scenarios.index(scenario), :, :, self.measures.index(measure)]


def ledger(frame: pd.DataFrame, price_year: str, years: Iterable[Year] | None = None) -> Ledger:
    """Read a frame of numbers by year.

    Parameters
    ----------
    frame : DataFrame
        Columns scenario, replication, year (such as ``2017/18``), measure, value; do-nothing is the first scenario.
    price_year : str
        Of the costs in it.
    years : iterable of Year, optional
        What each label means, where it is not a whole financial year.

    Raises
    ------
    ValueError
        If columns lack, a number is there twice, a scenario lacks a replication, year or measure that another has (so
        that nothing could be paired), or the run had no prices.
    """
    lacking = [name for name in COLUMNS if name not in frame.columns]
    if lacking:
        raise ValueError(f"the numbers by year have no column {', '.join(lacking)}")
    axes = [list(dict.fromkeys(frame[name].tolist())) for name in COLUMNS[:-1]]
    codes = [
        np.array([{word: place for place, word in enumerate(axis)}[one] for one in frame[name].tolist()], dtype=np.intp)
        for name, axis in zip(COLUMNS, axes, strict=False)
    ]
    shape = [len(axis) for axis in axes]
    values, seen = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    values[tuple(codes)] = frame["value"].to_numpy(dtype=float)
    np.add.at(seen, tuple(codes), 1)
    _refuse_uneven(seen, axes)
    scenarios, replications, labels, measures = axes
    if not any(one.startswith("cost_payer_") for one in measures):
        raise ValueError("the run has no prices; state costs in its configuration")
    stated = {one.label: one for one in years or ()}
    found = tuple(stated.get(label) or financial_year(label) for label in labels)
    return Ledger(
        tuple(map(str, scenarios)), tuple(map(int, replications)), found, tuple(map(str, measures)), values, price_year
    )


def _refuse_uneven(seen: NDArray[np.int64], axes: Sequence[Sequence[object]]) -> None:
    """Name the first number that is there twice or not at all."""
    for wrong, words in ((seen > 1, "is there twice"), (seen == 0, "is missing, so nothing can be paired")):
        if wrong.any():
            first = np.argwhere(wrong)[0]
            scenario, replication, year, measure = (axis[place] for axis, place in zip(axes, first, strict=True))
            raise ValueError(f"{measure} of {scenario}, replication {replication}, year {year} {words}")
