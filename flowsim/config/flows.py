"""How many people a day a scenario sends where, on average, worked out from its parameters without a run.

Readmissions are counted on the day of the spell they follow, and people leave on the day they come; both only shift
flows by days to weeks, which months even out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

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
        """People at the door a day: first presentations that no Huddle averts, and the readmissions behind them."""
        first = self.arriving(cohort.arrivals)
        if cohort.from_population:
            first = first * (1.0 - self._averted_share)
        return np.asarray(first / (1.0 - _again(cohort)))

    @cached_property
    def _averted_share(self) -> Floats:
        huddles, population = self.scenario.huddles, self.scenario.population
        if huddles is None or population is None or not isinstance(huddles.effect, PracticeRate):
            return np.zeros(len(self.days))  # a caseload's effect is an outcome of the run
        count = population.practices.count
        live = np.minimum(_practices_live(huddles, self.scenario, self.days), count)
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
        share = _live_share(cohort, pathway) * cohort.a_and_e_share * (1.0 - _again(cohort))  # first spells only
        return np.asarray(self.presenting(cohort) * share * on_duty * self.dated(door.turned_round_share))

    def admitted(self, cohort: Cohort, pathway: Pathway) -> Floats:
        """People of a pathway admitted a day, those who die in hospital not among them."""
        return self.presenting(cohort) * _live_share(cohort, pathway) - self.turned_round(cohort, pathway)

    def inflows(self, to: str) -> list[tuple[str | None, Floats]]:
        """People a day who join in mid-flow, with their locality if it is stated."""
        found = [(one.locality, self._joining(one)) for one in self.scenario.inflows.values() if one.to == to]
        part = {"life": self.scenario.life, "home_care": self.scenario.home_care}.get(to)
        return found + ([(None, self.dated(part.community_per_day))] if part is not None else [])

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
        d2a, hospital = self.scenario.d2a, self.scenario.hospital
        effect = d2a.pathways.get(pathway) if d2a else None
        started = self.days >= ((effect.start - self.scenario.clock.start).days if effect else 0)
        if joining:
            return started.astype(float)
        if d2a is None or effect is None or hospital is None:
            return np.zeros(len(self.days))
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
                chance += (1.0 - joining_share) * weight / weights.sum() * _still_home(cohort, self.days)
        return chance

    def beds_needed(self) -> Floats:
        """Acute beds needed by day: people a day times their mean stay, meeting and delay included."""
        hospital = self.scenario.hospital
        need = np.zeros(len(self.days))
        stretch = self.dated(hospital.stay_factor) if hospital else np.ones(len(self.days))
        meeting = meeting_days(hospital.meeting) if hospital and hospital.meeting else 0.0
        for cohort in self.scenario.cohorts.values():
            for pathway, one in cohort.pathways.items():
                stay = one.stay.mean * stretch + meeting
                if pathway == "P0" and cohort.zero_day is not None:
                    short = cohort.zero_day.share
                    stay = stay * (1.0 - short) + cohort.zero_day.stay.mean * short
                need += self.admitted(cohort, pathway) * (stay + self._delay(pathway))
            if cohort.death_in_hospital is not None:
                dying = cohort.death_in_hospital
                need += self.presenting(cohort) * dying.share * dying.stay.mean * stretch
        return need

    def _delay(self, pathway: Pathway) -> Floats:
        leaving = self.scenario.leaving.get(pathway)
        mean = leaving.delay.mean if leaving and leaving.delay else 0.0
        effect = self.scenario.d2a.pathways.get(pathway) if self.scenario.d2a else None
        return np.asarray(mean - self.d2a_share(pathway) * (effect.saved_days if effect else 0.0))


def _still_home(cohort: Cohort, days: Floats) -> Floats:
    """Chance of neither readmission nor death within so many days of leaving with support."""
    chance = np.ones(len(days))
    if cohort.readmission is not None:
        again = cohort.readmission
        rate = _rate_for_half(again.half_by_days)
        within = np.expm1(-rate * np.minimum(days, 30.0)) / math.expm1(-30.0 * rate)
        chance = chance - again.supported_share * within
    if cohort.death_after_discharge is not None:
        lives = cohort.death_after_discharge.supported.at((np.arange(2000) + 0.5) / 2000)
        chance = chance * (1.0 - np.searchsorted(np.sort(lives), days) / 2000)
    return np.asarray(chance)


def _rate_for_half(day: float) -> float:
    """Daily hazard at which half of those readmitted within 30 days are by the given day; by halving."""
    low, high = 1e-9, 50.0
    for _ in range(100):
        middle = (low + high) / 2
        early = math.expm1(-day * middle) / math.expm1(-30.0 * middle) < 0.5
        low, high = (middle, high) if early else (low, middle)
    return low


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


def _again(cohort: Cohort) -> float:
    """Share of spells that a readmission follows, which is the share of spells that are one."""
    again = cohort.readmission
    if again is None:
        return 0.0
    chance = {True: again.supported_share, False: again.unsupported_share}
    share = sum(_live_share(cohort, pathway) * chance[pathway in SUPPORTED] for pathway in cohort.pathways)
    return min(share, 0.95)  # at 1 chains never end


def _hours_on_duty(door: FrontDoor, arrivals: Arrivals) -> float:
    """Share of a day's arrivals that come while the team is on duty."""
    shares = arrivals.hour_shares or (1.0,)
    ends = np.linspace(0.0, 24.0, len(shares) + 1)
    come = np.concatenate([[0.0], np.cumsum(shares)])
    return float(np.interp(door.to_hour, ends, come) - np.interp(door.from_hour, ends, come))


def _practices_live(huddles: Huddles, s: Scenario, days: Floats) -> Floats:
    rollout = huddles.rollout
    if isinstance(rollout, ByPractice):
        dates = np.array([(date - s.clock.start).days for date in rollout.dates.values()])
        return np.asarray((dates[None, :] <= days[:, None]).sum(axis=1), dtype=float)
    if isinstance(rollout, Pace):
        since = days - (rollout.start - s.clock.start).days
        return np.asarray(np.clip(since * rollout.per_week / 7.0, 0.0, rollout.up_to))
    at = [(date - s.clock.start).days for date in rollout.points]
    return np.asarray(np.interp(days, at, list(rollout.points.values()), left=0.0))


def _of_largest(count: int, cv: float) -> Floats:
    """Share of all people on the largest 0, 1, ... lists, if list sizes are lognormal."""
    from scipy.special import ndtri

    sigma = math.sqrt(math.log1p(cv**2))
    sizes = np.exp(sigma * np.asarray(ndtri((np.arange(count, 0, -1) - 0.5) / count)))
    return np.asarray(np.concatenate([[0.0], np.cumsum(sizes)]) / sizes.sum())
