"""How many people a day come to hospital or join in mid-flow, on average, worked out without a run.

Initiatives count by what they multiply on average (:mod:`.reaching`); whether somebody is reached is taken to be luck
anew for the presentation and for the readmissions behind it.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flowsim.offered.laws import Floats
from flowsim.offered.reaching import Expected
from flowsim.params import Scenario
from flowsim.params.hospital import FrontDoor
from flowsim.params.people import Arrivals, Cohort, Inflow, Pathway
from flowsim.params.programmes import ByPractice, Huddles, Pace, PracticeRate
from flowsim.params.values import Dated, schedule_of


@dataclass(frozen=True)
class Flows:
    """People a day who come, by day of the run.

    Attributes
    ----------
    lead : int
        Days before the run that are followed as well; what is dated has its value of the time.
    """

    scenario: Scenario
    lead: int = 0

    @cached_property
    def days(self) -> Floats:
        """Middles of the days followed; the run begins at 0."""
        return np.asarray(np.arange(-self.lead, math.ceil(self.scenario.clock.horizon)) + 0.5, dtype=np.float64)

    @cached_property
    def _whole_days(self) -> NDArray[np.int64]:
        return np.floor(self.days).astype(np.int64)

    def dated(self, value: Dated) -> Floats:
        """A dated value by day."""
        return schedule_of(value, self.scenario.clock.start).at_all(self.days)

    @cached_property
    def _weekday(self) -> NDArray[np.int64]:
        return (self.scenario.clock.start.weekday() + self._whole_days) % 7

    def arriving(self, arrivals: Arrivals) -> Floats:
        """First presentations a day, before any programme."""
        start = self.scenario.clock.start
        rate = self.dated(arrivals.per_day) * self.dated(arrivals.level)
        if arrivals.month_factors is not None:
            dates = np.datetime64(start, "D") + self._whole_days
            rate = rate * np.array(arrivals.month_factors)[dates.astype("datetime64[M]").astype(np.int64) % 12]
        if arrivals.weekday_factors is not None:
            rate = rate * np.array(arrivals.weekday_factors)[self._weekday]
        return np.asarray(rate * arrivals.grown(start, self.days))

    @cached_property
    def expected(self) -> Expected:
        """What initiatives multiply on average."""
        return Expected(self.scenario, self.days)

    def given(self, cohort: str, pathway: Pathway | None, *effects: str, by_days: bool = False) -> Floats:
        """Mean of effects over those who do present."""
        come = np.asarray(self.expected.factor(cohort, pathway, "presentations"))
        both = np.asarray(self.expected.factor(cohort, pathway, "presentations", *effects, by_days=by_days))
        return np.asarray(np.divide(both, come, out=np.ones(np.broadcast(both, come).shape), where=come > 0.0))

    def _coming(self, cohort: Cohort) -> Floats:
        """First presentations a day that no Huddle averts, before initiatives."""
        first = self.arriving(cohort.arrivals)
        return first * (1.0 - self._averted_share) if cohort.from_population else first

    def presenting(self, cohort: str, pathway: Pathway | None) -> Floats:
        """First presentations a day that nothing averts, by pathway; of None, of those who will die."""
        who = self.scenario.cohorts[cohort]
        return np.asarray(
            exit_share(who, pathway) * self._coming(who) * self.expected.factor(cohort, pathway, "presentations")
        )

    @cached_property
    def _averted_share(self) -> Floats:
        huddles, population = self.scenario.huddles, self.scenario.population
        if huddles is None or population is None or not isinstance(huddles.effect, PracticeRate):
            return np.zeros(len(self.days))  # a caseload's effect is an outcome of the run
        count = population.practices.count
        live = np.minimum(practices_by_day(huddles, self.scenario.clock.start, self.days), count)
        reached = live / count
        if huddles.order == "largest_first":
            reached = np.interp(live, np.arange(count + 1), _of_largest(count, population.practices.list_size_cv))
        return np.asarray((1.0 - huddles.effect.rate_ratio) * reached)

    def turned_round(self, cohort: str, pathway: Pathway) -> Floats:
        """People of a pathway a day whom the front-door team sends home; first presentations only."""
        door = self.scenario.front_door
        if door is None or self.scenario.life is None or pathway not in door.pathways:
            return np.zeros(len(self.days))
        who = self.scenario.cohorts[cohort]
        on_duty = _hours_on_duty(door, who.arrivals) * (1.0 if door.weekends else (self._weekday < 5))
        share = exit_share(who, pathway) * who.a_and_e_share
        easier = self.expected.factor(cohort, pathway, "presentations", "front_door")
        return np.asarray(self._coming(who) * share * easier * on_duty * self.dated(door.turned_round_share))

    def inflows(self, to: str) -> list[tuple[str | None, Floats]]:
        """People a day who join in mid-flow, with their locality if it is stated."""
        found = [(one.locality, self._joining(one)) for one in self.scenario.inflows.values() if one.to == to]
        part = {"life": self.scenario.life, "home_care": self.scenario.home_care}.get(to)
        more = self.expected.referrals() if to == "life" else 1.0
        return found + ([(None, self.dated(part.community_per_day) * more)] if part is not None else [])

    def _joining(self, inflow: Inflow) -> Floats:
        start = self.scenario.clock.start
        if inflow.table is not None:
            by_day = {(date - start).days: rate for date, rate in inflow.table.items()}
            rate = np.array([by_day.get(int(day), 0.0) for day in self._whole_days])
        else:
            rate = self.dated(inflow.per_day if inflow.per_day is not None else 0.0)
        return rate * np.array(inflow.weekday_factors)[self._weekday] if inflow.weekday_factors else rate


def exit_share(cohort: Cohort, pathway: Pathway | None) -> float:
    """Share of a cohort's spells that end by a pathway; of None, in death."""
    dying = cohort.death_in_hospital.share if cohort.death_in_hospital else 0.0
    return (1.0 - dying) * cohort.pathways[pathway].share if pathway is not None else dying


def _hours_on_duty(door: FrontDoor, arrivals: Arrivals) -> float:
    """Share of a day's arrivals that come while the team is on duty."""
    shares = arrivals.hour_shares or (1.0,)
    ends = np.linspace(0.0, 24.0, len(shares) + 1)
    come = np.concatenate([[0.0], np.cumsum(shares)])
    return float(np.interp(door.to_hour, ends, come) - np.interp(door.from_hour, ends, come))


def practices_by_day(huddles: Huddles, start: dt.date, days: Floats) -> Floats:
    """Practices live on these days of a run that begins at ``start``, as configured; straight between stated points."""
    rollout = huddles.rollout
    if isinstance(rollout, ByPractice):
        dates = np.array([(date - start).days for date in rollout.dates.values()])
        return np.asarray((dates[None, :] <= days[:, None]).sum(axis=1), dtype=float)
    if isinstance(rollout, Pace):
        since = days - (rollout.start - start).days
        return np.asarray(np.clip(since * rollout.per_week / 7.0, 0.0, rollout.up_to))
    at = [(date - start).days for date in rollout.points]
    return np.asarray(np.interp(days, at, list(rollout.points.values()), left=0.0))


def _of_largest(count: int, cv: float) -> Floats:
    """Share of all people on the largest 0, 1, ... lists, if list sizes are lognormal."""
    from scipy.special import ndtri

    sigma = math.sqrt(math.log1p(cv**2))
    sizes = np.exp(sigma * np.asarray(ndtri((np.arange(count, 0, -1) - 0.5) / count)))
    return np.asarray(np.concatenate([[0.0], np.cumsum(sizes)]) / sizes.sum())
