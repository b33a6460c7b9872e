"""What initiatives cost by year, the phases they belong to, and what their sources say they save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowsim.money.ledger import Year
from flowsim.money.terms import ProgrammeCost
from flowsim.params.values import schedule_of

if TYPE_CHECKING:
    from flowsim.params import Scenario
    from flowsim.params.initiatives import Initiative, InitiativeCost, Reach

STATED = ("scenario", "initiative", "line", "per", "pounds", "spent_pounds", "payer", "price_year")
"""What is said of savings that no run computes."""


def programme_costs(scenario: Scenario, years: Sequence[Year]) -> list[ProgrammeCost]:
    """Costs of the initiatives that are on, at their strength of each year.

    What is paid by the year is paid in the share of strength, averaged over the days of the year; what is paid by
    person reached, for the residents expected to be reached (:func:`residents_reached`) at that strength. Whom a list
    of pathways or cohorts reaches the run would have to count, as ``people_reached_<initiative>``.
    """
    return [
        _cost(scenario, name, one, line, cost, years) for name, one in _on(scenario) for line, cost in one.costs.items()
    ]


def _cost(
    scenario: Scenario, name: str, one: Initiative, line: str, cost: InitiativeCost, years: Sequence[Year]
) -> ProgrammeCost:
    by_person = cost.per == "person_reached"
    counted = by_person and (bool(one.reach.pathways or one.reach.cohorts) or scenario.population is None)
    people = residents_reached(scenario, one.reach) if by_person and not counted else 1.0
    return ProgrammeCost(
        name=f"{name}: {line}",
        payer=cost.payer,
        price_year=cost.price_year,
        pounds=cost.pounds,
        amounts={year.label: people * _strength(scenario, one, year) for year in years},
        measure=f"people_reached_{name}" if counted else "",
        initiative=name,
    )


def residents_reached(scenario: Scenario, reach: Reach) -> float:
    """Residents expected to be reached at full strength: those to whom every list applies, times the share.

    Age bands, frailty tiers and practices are taken to be independent and practices to be of one size, and the number
    of residents to stay as the configuration has it.
    """
    population = scenario.population
    if population is None:
        return 0.0
    bands, tiers, practices = population.age_bands, population.frailty, population.practices
    found = population.people * reach.share
    found *= sum(bands[name].share for name in reach.age_bands) if reach.age_bands else 1.0
    found *= sum(tiers[name].share for name in reach.frailty) if reach.frailty else 1.0
    found *= len(reach.networks) / len(practices.networks) if reach.networks else 1.0
    return found * (len(reach.practices) / practices.count if reach.practices else 1.0)


def phases_of(scenario: Scenario) -> frozenset[str]:
    """Phases of the plan that a scenario has something of; the first, Huddles and LIFE, is in all of them."""
    return frozenset({"1", *(str(one.phase) for _, one in _on(scenario))})


def stated_savings(scenarios: Iterable[Scenario]) -> list[Mapping[str, Any]]:
    """Savings that sources state of initiatives that are on: money only, never the result of a run."""
    return [
        {
            **{"scenario": scenario.name, "initiative": name, "line": line, "per": said.per, "pounds": said.pounds},
            **{"spent_pounds": said.spent_pounds, "payer": said.payer, "price_year": said.price_year},
        }
        for scenario in scenarios
        for name, one in _on(scenario)
        for line, said in one.savings.items()
    ]


def _on(scenario: Scenario) -> list[tuple[str, Initiative]]:
    return [(name, one) for name, one in scenario.initiatives.items() if one.on]


def _strength(scenario: Scenario, initiative: Initiative, year: Year) -> float:
    """Share of full strength, mean over the days measured, of a year of its own length."""
    strength, start = schedule_of(initiative.strength, scenario.clock.start), scenario.clock.start
    first = (year.first - start).days
    length = (year.first.replace(year=year.first.year + 1) - year.first).days
    return sum(strength.at(float(day)) for day in range(first, first + year.days)) / length
