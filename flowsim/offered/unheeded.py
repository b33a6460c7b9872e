"""Warnings about initiatives that are on and come to nothing, or have prices of another year than the unit costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from flowsim.offered.reaching import Expected
from flowsim.params import Scenario
from flowsim.params.initiatives import Initiative, Multiplies
from flowsim.params.values import schedule_of


def about_initiatives(s: Scenario) -> list[str]:
    """Initiatives that are on and never begin, or reach nobody; and costs that `flowsim money` cannot add up."""
    on = {name: one for name, one in s.initiatives.items() if one.on}
    return [f"initiatives.{name}{line}" for name, one in on.items() for line in _about(s, name, one)]


def _about(s: Scenario, name: str, one: Initiative) -> Iterator[str]:
    if not one.in_force(s.clock.start, s.clock.horizon):
        end = s.clock.start + dt.timedelta(days=s.clock.horizon)
        when = "is over before the run begins" if _was_on(s, one) else f"does not begin before the run ends on {end}"
        yield f" is on but {when}"
    elif _for_people(one) and not _anybody(s, name):
        yield f" is on but reaches nobody: {_why_nobody(one)}"
    year = s.costs.price_year if s.costs is not None else None
    for line, cost in one.costs.items():
        if year is not None and cost.price_year != year:
            yield (
                f".costs.{line} is at prices of {cost.price_year}, unit costs are of {year}: `flowsim money` refuses "
                "that unless its terms have a price_index of both years"
            )


def _was_on(s: Scenario, one: Initiative) -> bool:
    """Whether it had any strength before the run."""
    return schedule_of(one.strength, s.clock.start).top(0.0) > 0.0


def _for_people(one: Initiative) -> bool:
    """Whether it does something for those it reaches, or is paid by the person."""
    return one.multiplies != Multiplies() or any(cost.per == "person_reached" for cost in one.costs.values())


def _anybody(s: Scenario, name: str) -> bool:
    one = s.initiatives[name]
    if not one.reach.share:
        return False
    return not s.cohorts or any(Expected(s, np.zeros(1)).chance(name, cohort) for cohort in s.cohorts)


def _why_nobody(one: Initiative) -> str:
    if not one.reach.share:
        return "its share is 0"
    return "nobody of its cohorts is in all of its lists"
