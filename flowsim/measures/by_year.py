"""All measures of each financial year of a long run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from flowsim.events import Column, EventLog
from flowsim.measures.community import LARGE_ABOVE, SMALL_BELOW
from flowsim.measures.compute import measure
from flowsim.measures.money import Price
from flowsim.measures.outcomes import HOME_AFTER
from flowsim.measures.periods import LONG_WINDOW, financial_years

_LOOK_BACK = HOME_AFTER + 1.0
"""Days before a window of which its measures know: the longest is who is at home 91 days after leaving."""


def yearly(
    log: EventLog,
    costs: Sequence[Price] | None = None,
    package_limits: tuple[float, float] = (SMALL_BELOW, LARGE_ABOVE),
) -> dict[str, dict[str, float]]:
    """Every measure of each financial year of the window, by the label of the year ("2017/18").

    The numbers of a year are those of :func:`flowsim.measures.measure` over that year: nothing is reset at its start,
    and what must be followed up (30 days, six weeks) is followed up within the year. Counts, days and costs of the
    years add up to those of the window; means, shares and what needs follow-up do not.

    Parameters
    ----------
    log : EventLog
        The record of the run.
    costs, package_limits
        As for :func:`flowsim.measures.measure`.

    Returns
    -------
    dict
        Empty if the window is not longer than ``LONG_WINDOW`` days.
    """
    if log.window[1] - log.window[0] <= LONG_WINDOW:
        return {}
    last = _last_heard_of(log)
    return {
        year.label: measure(during(log, year.start, year.end, last), year.window, costs, package_limits)
        for year in financial_years(log.start, log.window)
    }


def during(log: EventLog, start: float, end: float, last: np.ndarray | None = None) -> EventLog:
    """The record with only the spells that measures of ``[start, end)`` can tell of, so that they are quick to take.

    Spells are kept or left out whole. What is left out was over before anything of the window looks back to, or begins
    after it; ``last`` says when each was over, if that is at hand.
    """
    over = _last_heard_of(log) if last is None else last
    kept = (over >= start - _LOOK_BACK) & (log.spell["at"].astype(np.float64) < end)
    number = np.cumsum(kept) - 1
    tables = (log.stay, log.delay, log.unit, log.reach)
    stay, delay, unit, reach = (_rows_of(table, kept, number) for table in tables)
    spell = {name: column[kept] for name, column in log.spell.items()}
    return replace(log, spell=spell, stay=stay, delay=delay, unit=unit, reach=reach)


def _rows_of(table: dict[str, Column], kept: np.ndarray, number: np.ndarray) -> dict[str, Column]:
    """Rows of spells that are kept, which have new numbers."""
    spell = table["spell"].astype(np.intp)
    rows = kept[spell]
    return {name: number[spell[rows]] if name == "spell" else column[rows] for name, column in table.items()}


_TIMES = ("at", "fit", "ready", "discharged", "died", "readmitted", "package_at")


def _last_heard_of(log: EventLog) -> np.ndarray:
    """Day of the last thing the record says of each spell."""
    last = np.fmax.reduce([log.spell[name].astype(np.float64) for name in _TIMES])
    np.maximum.at(last, log.stay["spell"].astype(np.intp), log.stay["left"].astype(np.float64))
    return np.asarray(last, dtype=np.float64)
