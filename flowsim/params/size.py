"""How many people a scenario would bring in, so that a slip of the pen is told before memory runs out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from flowsim.params.people import Arrivals, Inflow
from flowsim.params.values import Dated, schedule_of

if TYPE_CHECKING:
    from flowsim.params.scenario import Clock, Scenario

MOST_PEOPLE = 5_000_000
"""People one part of a scenario may bring into a run; some 400 bytes each are planned before the clock starts."""

_HUGE = 700.0  # the logarithm of nearly the largest float


def too_many(scenario: Scenario) -> list[str]:
    """A line ``path: problem`` for each part that may bring in more than :data:`MOST_PEOPLE`."""
    clock = scenario.clock
    more = math.prod(max(one.multiplies.presentations, 1.0) for one in scenario.initiatives.values() if one.on)
    found = {
        f"cohorts.{name}.arrivals": _presenting(one.arrivals, clock) * more for name, one in scenario.cohorts.items()
    }
    found |= {f"inflows.{name}": _joining(one, clock) for name, one in scenario.inflows.items()}
    for name, part in (("life", scenario.life), ("home_care", scenario.home_care)):
        if part is not None:
            found[f"{name}.community_per_day"] = _top(part.community_per_day, clock) * clock.horizon
    found["life.community_per_day"] = found.get("life.community_per_day", 0.0) * math.prod(
        1.0 + max(one.adds.life_referrals_share, 0.0) for one in scenario.initiatives.values() if one.on
    )
    start = scenario.initial
    counts = [getattr(start, name) for name in type(start).model_fields if name != "beds"]
    found["initial"] = float(sum(counts) + sum(start.beds.values()))
    limit = f"at most {MOST_PEOPLE} can be run"
    raised = f", {more:g} times as many with initiatives" if more > 1.0 else ""
    return [
        f"{path}: brings in up to {people:.3g} people{raised if path.startswith('cohorts.') else ''}; {limit}"
        for path, people in found.items()
        if people > MOST_PEOPLE
    ]


def _presenting(a: Arrivals, clock: Clock) -> float:
    """A bound on presentations: every factor at its largest for the whole run."""
    rate = _top(a.per_day, clock) * _top(a.level, clock)
    rate *= max(a.month_factors or (1.0,)) * max(a.weekday_factors or (1.0,))
    since = (a.growth_from - clock.start).days if a.growth_from else 0
    years = max(clock.horizon - since, 0.0) / 365.25
    return rate * clock.horizon * math.exp(min(max(years * math.log1p(a.growth_per_year), 0.0), _HUGE))


def _joining(inflow: Inflow, clock: Clock) -> float:
    if inflow.table is not None:
        return math.fsum(inflow.table.values())
    rate = 0.0 if inflow.per_day is None else _top(inflow.per_day, clock)
    return rate * max(inflow.weekday_factors or (1.0,)) * clock.horizon


def _top(value: Dated, clock: Clock) -> float:
    return schedule_of(value, clock.start).top(clock.horizon)
