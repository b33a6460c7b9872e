"""How many people a day a scenario sends where, on average, worked out from its parameters without a run.

Readmissions are counted on the day of the spell they follow, and people leave on the day they come; both only shift
flows by days to weeks, which months even out. Initiatives count by what they multiply on average (:mod:`.reaching`);
whether somebody is reached is taken to be luck anew for the presentation and for the readmissions behind it.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flowsim.config.home import still_home
from flowsim.config.reaching import Expected
from flowsim.params import Scenario
from flowsim.params.hospital import FrontDoor, Meeting
from flowsim.params.people import SUPPORTED, Arrivals, Cohort, Inflow, Pathway
from flowsim.params.programmes import ByPractice, Huddles, Pace, PracticeRate
from flowsim.params.values import Dated, schedule_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Flows:
    """People a day of a scenario, by day of the run."""

    scenario: Scenario

    @cached_property
    def days(self) -> Floats:
        """Middles of the days of the run."""
        return np.asarray(np.arange(math.ceil(self.scenario.clock.horizon)) + 0.5, dtype=np.float64)

    def dated(self, value: Dated) -> Floats:
        """A dated value by day."""
        return schedule_of(value, self.scenario.clock.start).at_all(self.days)

    @cached_property
    def _weekday(self) -> NDArray[np.int64]:
        return (self.scenario.clock.start.weekday() + self.days.astype(np.int64)) % 7

    def arriving(self, arrivals: Arrivals) -> Floats:
        """First presentations a day, before any programme."""
        start = self.scenario.clock.start
        rate = self.dated(arrivals.per_day) * self.dated(arrivals.level)
        if arrivals.month_factors is not None:
            dates = np.datetime64(start, "D") + self.days.astype(np.int64)
            rate = rate * np.array(arrivals.month_factors)[dates.astype("datetime64[M]").astype(np.int64) % 12]
        if arrivals.weekday_factors is not None:
            rate = rate * np.array(arrivals.weekday_factors)[self._weekday]
        since = (arrivals.growth_from - start).days if arrivals.growth_from else 0
        return np.asarray(rate * (1.0 + arrivals.growth_per_year) ** (np.maximum(self.days - since, 0.0) / 365.25))

    def presenting(self, cohort: Cohort) -> Floats:
        """People at the door a day: first presentations that nothing averts, and the readmissions behind them."""
        return self._firsts(cohort) + self._readmitted(cohort)

    @cached_property
    def expected(self) -> Expected:
        """What initiatives multiply on average."""
        return Expected(self.scenario, self.days)

    def _mean(self, cohort: Cohort, pathway: Pathway | None, *effects: str, by_days: bool = False) -> Floats | float:
        name = next(name for name, one in self.scenario.cohorts.items() if one is cohort)
        return self.expected.factor(name, pathway, *effects, by_days=by_days)

    def _given(self, cohort: Cohort, pathway: Pathway | None, *effects: str, by_days: bool = False) -> Floats:
        """Mean of effects over those who do present."""
        come = np.asarray(self._mean(cohort, pathway, "presentations"))
        both = np.asarray(self._mean(cohort, pathway, "presentations", *effects, by_days=by_days))
        return np.asarray(np.divide(both, come, out=np.ones(np.broadcast(both, come).shape), where=come > 0.0))

    def _coming(self, cohort: Cohort) -> Floats:
        """First presentations a day that no Huddle averts, before initiatives."""
        first = self.arriving(cohort.arrivals)
        return first * (1.0 - self._averted_share) if cohort.from_population else first

    def _firsts(self, cohort: Cohort) -> Floats:
        """First presentations a day that nothing averts."""
        dying = cohort.death_in_hospital.share if cohort.death_in_hospital else 0.0
        left = dying * self._mean(cohort, None, "presentations")
        for one in cohort.pathways:
            left = left + _live_share(cohort, one) * self._mean(cohort, one, "presentations")
        return np.asarray(self._coming(cohort) * left)

    def _readmitted(self, cohort: Cohort) -> Floats:
        """Readmissions a day: each spell is followed by one in so many cases, and so are readmissions."""
        firsts, again = self._firsts(cohort), cohort.readmission
        if again is None:
            return np.zeros(len(self.days))
        back = np.zeros(len(self.days))
        for one in cohort.pathways:
            chance = again.supported_share if one in SUPPORTED else again.unsupported_share
            back += _live_share(cohort, one) * chance * self._mean(cohort, one, "presentations", "readmission")
        coming = self._coming(cohort) * back
        share = np.divide(coming, firsts, out=np.zeros(len(self.days)), where=firsts > 0.0)
        share = np.minimum(share, 0.95)  # at 1 chains never end
        return np.asarray(firsts * share / (1.0 - share))

    def leaving(self, cohort: Cohort, pathway: Pathway | None) -> Floats:
        """People at the door a day who will leave by a pathway; of None, those who will die in hospital."""
        dying = cohort.death_in_hospital.share if cohort.death_in_hospital else 0.0
        share = _live_share(cohort, pathway) if pathway is not None else dying
        first = self._coming(cohort) * self._mean(cohort, pathway, "presentations")
        return np.asarray(share * (first + self._readmitted(cohort)))

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

    def turned_round(self, cohort: Cohort, pathway: Pathway) -> Floats:
        """People of a pathway a day whom the front-door team sends home."""
        door = self.scenario.front_door
        if door is None or self.scenario.life is None or pathway not in door.pathways:
            return np.zeros(len(self.days))
        on_duty = _hours_on_duty(door, cohort.arrivals) * (1.0 if door.weekends else (self._weekday < 5))
        share = _live_share(cohort, pathway) * cohort.a_and_e_share  # first spells only
        easier = self._mean(cohort, pathway, "presentations", "front_door")
        return np.asarray(self._coming(cohort) * share * easier * on_duty * self.dated(door.turned_round_share))

    def admitted(self, cohort: Cohort, pathway: Pathway) -> Floats:
        """People of a pathway admitted a day, those who die in hospital not among them."""
        return self.leaving(cohort, pathway) - self.turned_round(cohort, pathway)

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
            rate = np.array([by_day.get(int(day), 0.0) for day in self.days])
        else:
            rate = self.dated(inflow.per_day if inflow.per_day is not None else 0.0)
        return rate * np.array(inflow.weekday_factors)[self._weekday] if inflow.weekday_factors else rate

    def d2a_share(self, pathway: Pathway, *, joining: bool = False) -> Floats:
        """Share of the people of a pathway who are ready to leave that D2A serves, by day.

        People ``joining`` in mid-flow come assessed, so it serves all of them from the date it begins.
        """
        d2a = self.scenario.d2a
        effect = d2a.pathways.get(pathway) if d2a else None
        started = self.days >= ((effect.start - self.scenario.clock.start).days if effect else 0)
        if joining:
            return started.astype(float)
        return self._offered_d2a(pathway) * self._accepting(pathway)

    def _accepting(self, pathway: Pathway) -> Floats:
        """What initiatives multiply the share who accept D2A by, over all cohorts."""
        cohorts = [one for one in self.scenario.cohorts.values() if pathway in one.pathways]
        each = [self.leaving(one, pathway) for one in cohorts]
        total = np.asarray(sum(each, np.zeros(len(self.days))))
        pairs = zip(cohorts, each, strict=True)
        more = np.asarray(sum((flow * self._given(one, pathway, "d2a_accepted") for one, flow in pairs), 0.0 * total))
        return np.asarray(np.divide(more, total, out=np.ones(len(self.days)), where=total > 0.0))

    def _offered_d2a(self, pathway: Pathway) -> Floats:
        """Share of the people of a pathway whom D2A would serve by day if initiatives moved nobody."""
        d2a, hospital = self.scenario.d2a, self.scenario.hospital
        effect = d2a.pathways.get(pathway) if d2a else None
        if d2a is None or effect is None or hospital is None:
            return np.zeros(len(self.days))
        started = self.days >= (effect.start - self.scenario.clock.start).days
        live = self.dated(d2a.units_live)
        names = list(hospital.units)
        order = [*d2a.order, *(name for name in names if name not in d2a.order)]
        beds = np.array([min(float(self.dated(hospital.units[name]).max()), 1e4) for name in order])
        reached = np.concatenate([[0.0], np.cumsum(beds)]) / max(beds.sum(), 1.0)
        return np.asarray(started * effect.accepted_share * np.interp(live, np.arange(len(reached)), reached))

    def still_home(self, joining_share: float) -> Floats:
        """Chance by days since leaving that a supported person is still there: readmission and death end support.

        The given share of people joined in mid-flow, of whom neither is modelled.
        """
        cohorts = list(self.scenario.cohorts.values())
        weights = np.array([self.presenting(one).sum() for one in cohorts])
        chance = np.full(len(self.days), joining_share)
        for cohort, weight in zip(cohorts, weights.tolist(), strict=True):
            if weight > 0:
                again = self._supported_again(cohort)
                chance += (1.0 - joining_share) * weight / weights.sum() * still_home(cohort, self.days, again)
        return chance

    def _supported_again(self, cohort: Cohort) -> float:
        """Share of people with support who are readmitted, over the whole run."""
        if cohort.readmission is None:
            return 0.0
        supported = [one for one in cohort.pathways if one in SUPPORTED]
        flows = [self.leaving(cohort, one) for one in supported]
        back = [
            (flow * self._given(cohort, one, "readmission")).sum() for one, flow in zip(supported, flows, strict=True)
        ]
        total = sum(flow.sum() for flow in flows)
        return cohort.readmission.supported_share * float(sum(back) / total if total else 1.0)

    def beds_needed(self) -> Floats:
        """Acute beds needed by day: people a day times their mean stay, meeting and delay included."""
        hospital = self.scenario.hospital
        need = np.zeros(len(self.days))
        stretch = self.dated(hospital.stay_factor) if hospital else np.ones(len(self.days))
        meeting = meeting_days(hospital.meeting) if hospital and hospital.meeting else 0.0
        for cohort in self.scenario.cohorts.values():
            for pathway, one in cohort.pathways.items():
                shorter = self._given(cohort, pathway, "clinical_stay", by_days=True)
                stay = one.stay.mean * stretch * shorter + meeting
                if pathway == "P0" and cohort.zero_day is not None:
                    short = cohort.zero_day.share
                    stay = stay * (1.0 - short) + cohort.zero_day.stay.mean * short
                need += self.admitted(cohort, pathway) * (stay + self._delay(cohort, pathway))
            if cohort.death_in_hospital is not None:
                days = cohort.death_in_hospital.stay.mean * stretch
                need += self.leaving(cohort, None) * days * self._given(cohort, None, "clinical_stay", by_days=True)
        return need

    def _delay(self, cohort: Cohort, pathway: Pathway) -> Floats:
        leaving = self.scenario.leaving.get(pathway)
        mean = leaving.delay.mean if leaving and leaving.delay else 0.0
        effect = self.scenario.d2a.pathways.get(pathway) if self.scenario.d2a else None
        saved = self._offered_d2a(pathway) * (effect.saved_days if effect else 0.0)
        both = self._given(cohort, pathway, "delay", "d2a_accepted")
        return np.asarray(mean * self._given(cohort, pathway, "delay") - saved * both)


def meeting_days(meeting: Meeting) -> float:
    """Mean days from fit to leaving, for somebody fit at any moment of the week alike."""
    hours = meeting.leaving_hours
    leaving = np.interp((np.arange(48) + 0.5) / 48, np.linspace(0.0, 1.0, len(hours)), hours)
    fit = (np.arange(48) + 0.5) / 2
    too_late = fit[:, None] > leaving[None, :]
    chances = np.array(meeting.weekday_factors) / max(meeting.weekday_factors)
    further = np.zeros(7)
    for _ in range(7 * 60):  # days until signed off, from each weekday: tomorrow's and one more unless signed off today
        further = (1.0 - chances) * (1.0 + np.roll(further, -1))
    to_hour = (leaving[None, :] - fit[:, None]) / 24.0 + too_late
    return float(to_hour.mean() + further.mean())


def _live_share(cohort: Cohort, pathway: Pathway) -> float:
    dying = cohort.death_in_hospital.share if cohort.death_in_hospital else 0.0
    return (1.0 - dying) * cohort.pathways[pathway].share


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
