"""What initiatives cost by year, the phases they belong to, and what their sources say they save."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowsim.money.ledger import Year
from flowsim.money.terms import ProgrammeCost
from flowsim.params.values import schedule_of

if TYPE_CHECKING:
    from flowsim.params import Scenario

STATED = ("scenario", "initiative", "line", "per", "pounds", "spent_pounds", "payer", "price_year")
"""What is said of savings that no run computes."""


def programme_costs(scenario: Scenario, years: Sequence[Year]) -> list[ProgrammeCost]:
    """Costs of the initiatives that are on, at their strength of each year.

    What is paid by the year is paid in the share of strength, averaged over the days of the year; what is paid by
    person reached needs the run to count these people, as ``people_reached_<initiative>``.
    """
    return [
        ProgrammeCost(
            name=f"{name}: {line}",
            payer=cost.payer,
            price_year=cost.price_year,
            pounds=cost.pounds,
            amounts=_strengths(one, scenario.clock.start, years) if cost.per == "year" else {},
            measure="" if cost.per == "year" else f"people_reached_{name}",
            initiative=name,
        )
        for name, one in _on(scenario)
        for line, cost in one.costs.items()
    ]


def phases_of(scenario: Scenario) -> frozenset[str]:
    """Phases of the plan that a scenario has something of; the first, Huddles and LIFE, is in all of them."""
    return frozenset({"1", *(str(one.phase) for _, one in _on(scenario))})


def stated_savings(scenarios: Iterable[Scenario]) -> list[Mapping[str, Any]]:
    """Savings that sources state of initiatives that are on: money only, never the result of a run."""
    return [
        dict(
            zip(
                STATED,
                (scenario.name, name, line, said.per, said.pounds, said.spent_pounds, said.payer, said.price_year),
                strict=True,
            )
        )
        for scenario in scenarios
        for name, one in _on(scenario)
        for line, said in one.savings.items()
    ]


def _on(scenario: Scenario) -> list[tuple[str, Any]]:
    found: Mapping[str, Any] = getattr(scenario, "initiatives", {})
    return [(name, one) for name, one in found.items() if one.on]


def _strengths(initiative: Any, start: dt.date, years: Sequence[Year]) -> dict[str, float]:
    """Share of full strength, mean over the days of each year, of a year of its own length."""
    strength = schedule_of(initiative.strength, start)
    found = {}
    for year in years:
        first = (year.first - start).days
        length = (year.first.replace(year=year.first.year + 1) - year.first).days
        found[year.label] = sum(strength.at(float(day)) for day in range(first, first + year.days)) / length
    return found
