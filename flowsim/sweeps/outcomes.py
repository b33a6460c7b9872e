"""Outcomes: measures of a point, and paired differences from the baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from flowsim.config.problems import did_you_mean
from flowsim.experiment.limits import possible_values
from flowsim.experiment.statistics import Array, Possible
from flowsim.experiment.tables import BED_DAYS, BED_DAYS_SAVED, BEDS_EQUIVALENT, beds_of, known_measures, unit_of
from flowsim.measures import unless_given
from flowsim.params import Scenario

DIFF = "diff:"
Values = Mapping[int, Mapping[str, float]]
"""Measures of each replication of one scenario."""


def known_outcomes(scenario: Scenario, compared: bool) -> list[str]:
    """Names of all outcomes of a scenario; with a baseline also of the differences from it."""
    from flowsim.measures import COMPARED

    names = known_measures(scenario)
    return [*names, *COMPARED, *(DIFF + name for name in names)] if compared else names


def wrong_outcome(name: str, scenario: Scenario, compared: bool) -> tuple[str, str] | None:
    """Why an outcome cannot be had, and what to do; None if it can."""
    known = known_outcomes(scenario, compared)
    if name in known:
        return None
    if not compared and name in known_outcomes(scenario, compared=True):
        return f"{name} is a difference and needs a baseline", "baseline: do_nothing"
    return f"no measure is called {name!r}", did_you_mean(name, known)


def needs_baseline(outcome: str) -> bool:
    """Whether it is a difference from the baseline."""
    return outcome.startswith(DIFF) or outcome in (BED_DAYS_SAVED, BEDS_EQUIVALENT)


def unit_of_outcome(outcome: str) -> str:
    """Its unit; that of a difference is the unit of its measure."""
    return unit_of(outcome.removeprefix(DIFF))


def possible_of_outcome(outcome: str, values: Array) -> Possible | None:
    """What values an outcome can take, of which some have been seen; None of bed days saved, which can be any."""
    from flowsim.measures import COMPARED

    name = outcome.removeprefix(DIFF)
    if name in COMPARED:
        return None
    found = possible_values([name], values[:, None])
    return found.differences() if outcome.startswith(DIFF) else found


def outcome_table(
    outcomes: Sequence[str], own: Values, base: Values | None, window_days: float
) -> tuple[list[int], Array]:
    """Replications in order, and outcomes by replication (rows) and outcome (columns).

    A replication missing from the baseline has NaN for its differences; so has a measure a run did not give.
    """
    replications = sorted(own)
    rows = [[_value(name, own[r], (base or {}).get(r), window_days) for name in outcomes] for r in replications]
    return replications, np.array(rows, dtype=float).reshape(len(replications), len(outcomes))


def _value(outcome: str, own: Mapping[str, float], base: Mapping[str, float] | None, window_days: float) -> float:
    if not needs_baseline(outcome):
        return own.get(outcome, unless_given(outcome))
    if base is None:
        return math.nan
    if outcome.startswith(DIFF):
        name = outcome.removeprefix(DIFF)
        return own.get(name, unless_given(name)) - base.get(name, unless_given(name))
    saved = base[BED_DAYS] - own[BED_DAYS]
    return saved if outcome == BED_DAYS_SAVED else beds_of(saved, window_days)
