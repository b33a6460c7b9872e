"""What initiatives cost by year, the phases they belong to, and what their sources say they save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowsim.money.ledger import Year
from flowsim.money.terms import ProgrammeCost
from flowsim.params.practices import practice_sizes
from flowsim.params.values import schedule_of

if TYPE_CHECKING:
    from flowsim.params import Scenario
    from flowsim.params.initiatives import Initiative, InitiativeCost, Reach

STATED = ("scenario", "initiative", "line", "per", "pounds", "spent_pounds", "payer", "price_year")
"""What is said of savings that no run computes."""


def programme_costs(scenario: Scenario, years: Sequence[Year]) -> list[ProgrammeCost]:
    """Costs of the initiatives that are on, at their strength of each year.

    What is paid by the year is paid in the share of strength, averaged over the days of the year; what is paid by
    person reached, for the residents expected to be reached (:func:`residents_reached`) at that strength. Where reach
    lists pathways or cohorts, for the people who come and are reached, as the run counts them at their strength:
    ``people_reached_<initiative>``.
    """
    return [
        _cost(scenario, name, one, line, cost, years) for name, one in on(scenario) for line, cost in one.costs.items()
    ]


def _cost(
    scenario: Scenario, name: str, one: Initiative, line: str, cost: InitiativeCost, years: Sequence[Year]
) -> ProgrammeCost:
    by_person = cost.per == "person_reached"
    counted = by_person and one.pays_who_comes(scenario.population is not None)
    people = residents_reached(scenario, one.reach) if by_person and not counted else 1.0
    return ProgrammeCost(
        name=f"{name}: {line}",
        payer=cost.payer,
        price_year=cost.price_year,
        pounds=cost.pounds,
        amounts={year.label: people * strength_of(scenario, one, year) for year in years},
        measure=f"people_reached_{name}" if counted else "",
        initiative=name,
    )


def residents_reached(scenario: Scenario, reach: Reach) -> float:
    """Residents expected to be reached at full strength: those to whom every list applies, times the share.

    Age bands, frailty tiers and practices are taken to be independent, and the number of residents to stay as the
    configuration has it.
    """
    population = scenario.population
    if population is None:
        return 0.0
    bands, tiers, networks = population.age_bands, population.frailty, list(population.practices.networks)
    found: float = reach.share * sum(
        size
        for row, size in enumerate(practice_sizes(population).tolist())
        if (not reach.practices or row + 1 in reach.practices)
        and (not reach.networks or networks[row % len(networks)] in reach.networks)
    )
    found *= sum(bands[name].share for name in reach.age_bands) if reach.age_bands else 1.0
    return found * (sum(tiers[name].share for name in reach.frailty) if reach.frailty else 1.0)


def phases_of(scenario: Scenario) -> frozenset[str]:
    """Phases of the plan that a scenario has something of; the first, Huddles and LIFE, is in all of them."""
    return frozenset({"1", *(str(one.phase) for _, one in on(scenario))})


def stated_savings(scenarios: Iterable[Scenario]) -> list[Mapping[str, Any]]:
    """Savings that sources state of initiatives that are on: money only, never the result of a run."""
    return [
        {
            **{"scenario": scenario.name, "initiative": name, "line": line, "per": said.per, "pounds": said.pounds},
            **{"spent_pounds": said.spent_pounds, "payer": said.payer, "price_year": said.price_year},
        }
        for scenario in scenarios
        for name, one in on(scenario)
        for line, said in one.savings.items()
    ]


def on(scenario: Scenario) -> list[tuple[str, Initiative]]:
    """Initiatives that are on, by name, in the order listed."""
    return [(name, one) for name, one in scenario.initiatives.items() if one.on]


def strength_of(scenario: Scenario, initiative: Initiative, year: Year) -> float:
    """Share of full strength times the share of the year that is measured: years at full strength."""
    return mean_strength(scenario, initiative, year) * year.part


def mean_strength(scenario: Scenario, initiative: Initiative, year: Year) -> float:
    """Share of full strength, mean over the days measured."""
    strength, start = schedule_of(initiative.strength, scenario.clock.start), scenario.clock.start
    first = (year.first - start).days
    return sum(strength.at(float(day)) for day in range(first, first + year.days)) / year.days
