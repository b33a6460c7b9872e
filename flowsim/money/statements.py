"""What the papers say of money, set against a comparison: the claims of ``claims.yaml`` by the rule of verdicts.

The claim gives the words, the source and, where it states one, the number; the terms say which figure of the
comparison stands against it. Where `validate` runs scenarios of its own, this reads the comparison at hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from flowsim.claims.claim import Claim, Claims
from flowsim.claims.verdict import Verdict, verdict_of
from flowsim.config.problems import did_you_mean
from flowsim.experiment.chances import single_run_range
from flowsim.experiment.statistics import Array, Estimate
from flowsim.money.saving import Savings
from flowsim.money.terms import Statement

PRINTED_BED_DAY = 10_000 / 56
"""Pounds of a bed day behind "£10,000 a day for 56 beds" (Cabinet report, January 2018, section 4.10)."""
_NOTHING = Estimate(math.nan, math.nan, 0, math.nan, math.nan)
_BEDS = ("core_beds", "escalation_beds")


@dataclass(frozen=True, slots=True)
class Answer:
    """A statement for one alternative: the claim as judged, the figure with its interval, and the verdict.

    ``against`` is the scenario it is a difference to; ``note`` says why there is no figure or no verdict.
    """

    claim: Claim
    alternative: str
    against: str
    year: str
    found: Estimate
    verdict: Verdict
    note: str = ""


def answers(savings: Savings, claims: Claims) -> list[Answer]:
    """Every statement of the terms for every alternative.

    Raises
    ------
    ValueError
        With all that name no claim.
    """
    known = {one.id: one for one in claims.claims}
    listed = savings.terms.statements
    at = savings.terms.at
    faults = [
        f"{at(f'statements.{one.name}.claim')}no claim is called {one.claim!r}; {did_you_mean(one.claim, list(known))}"
        for one in listed
        if one.claim not in known
    ]
    faults += [
        f"{at(f'statements.{one.name}', one.claim)}the claim states no number, so the statement must (reported)"
        for one in listed
        if one.claim in known and math.isnan(_claim(one, known[one.claim]).low)
    ]
    if faults:
        raise ValueError("\n".join(faults))
    return [
        answer
        for one in listed
        for claim in [_claim(one, known[one.claim])]
        for answer in [_answer(savings, one, claim, name) for name in savings.alternatives if _fits(savings, one, name)]
        or [_none(one, claim)]
    ]


def _fits(savings: Savings, statement: Statement, alternative: str) -> bool:
    """Whether an alternative holds the phases that the statement is of."""
    names, asked = savings.book.scenarios, frozenset(statement.phases)
    before = names[names.index(alternative) - 1]
    if statement.beyond_previous and savings.phases.get(before) != asked - {statement.phases[-1]}:
        return False
    return not asked or savings.phases.get(alternative) == asked


def _claim(statement: Statement, claim: Claim) -> Claim:
    """The claim with what the statement says of it."""
    changes: dict[str, object] = {key: getattr(statement, key) for key in ("title", "unit", "why", "reported")}
    if statement.low is not None:
        changes |= {"low": statement.low, "high": statement.high}
    if statement.tolerance is not None:
        changes["tolerance"] = statement.tolerance
    return replace(claim, **{key: value for key, value in changes.items() if value != ""})  # type: ignore[arg-type]


def _none(statement: Statement, claim: Claim) -> Answer:
    """The answer where no alternative is one that the statement speaks of."""
    note = f"no alternative has phases {' and '.join(statement.phases)} and no other"
    note += f", listed after one without {statement.phases[-1]}" if statement.beyond_previous else ""
    return Answer(claim, "", "", statement.year, _NOTHING, Verdict.NOT_COMPUTED, note)


def _answer(savings: Savings, statement: Statement, claim: Claim, alternative: str) -> Answer:
    names = savings.book.scenarios
    against = names[names.index(alternative) - 1] if statement.beyond_previous else savings.base
    at = [place for place, year in enumerate(savings.book.years) if year.whole and statement.year in ("", year.label)]
    if not at:
        note = _no_year(savings, statement.year)
        return Answer(claim, alternative, against, statement.year, _NOTHING, Verdict.NOT_COMPUTED, note)
    try:
        values = _figure(savings, statement.what, against, alternative)[:, at].mean(axis=1)
    except KeyError as error:
        why = str(error.args[0])
        return Answer(claim, alternative, against, statement.year, _NOTHING, Verdict.NOT_COMPUTED, why)
    values = savings.independent(values * statement.times / statement.over)
    found = savings.estimate_independent(values)
    low, high = single_run_range(values) if len(values) else (math.nan, math.nan)
    note = _undecided(claim, values, found)
    verdict = Verdict.NOT_COMPUTED if note else verdict_of(claim, found, low, high)
    return Answer(claim, alternative, against, statement.year or "mean of years", found, verdict, note)


def _no_year(savings: Savings, label: str) -> str:
    """Why there is no year to hold a statement against: a part of one is not what a paper says of it."""
    part = [one for one in savings.book.years if one.label == label]
    if part:
        return f"the run has only {part[0].days} days of {label}"
    return f"the run has no year {label}" if label else "the run has no whole year"


def _undecided(claim: Claim, values: Array, found: Estimate) -> str:
    """Why no verdict is given although there is a figure; empty if one can be."""
    if not values.any():
        return "the two flow alike: what is between them is stated as money only"
    stated = abs(claim.low if math.isfinite(claim.low) else claim.high)
    if not found.high - found.low <= stated:  # one replication has no interval
        return "too few replications: the interval is wider than the amount itself"
    return ""


def _figure(savings: Savings, what: str, against: str, alternative: str) -> Array:
    """A figure of each replication and year, always of ``against`` less the alternative."""
    if what == "net_saving":
        return savings.cost(against) - savings.cost(alternative)
    book = savings.book
    measures = [f"cost_{item}" for item in _BEDS] if what == "bed_days_value" else ["bed_days"]
    less: Array = np.zeros(book.values.shape[1:3])
    for measure in measures:
        less = less + book.of(against, measure) - book.of(alternative, measure)
    price = PRINTED_BED_DAY if what == "bed_days_value_as_printed" else 1.0
    days: Array = np.array([year.days for year in book.years], dtype=float)
    found: Array = less * price / days
    return found
