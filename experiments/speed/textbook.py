"""The yardstick: the Croydon year as a textbook SimPy model.

Self-contained and written in the plain style of SimPy's own examples and of the health-service templates: a process
that makes arrivals one gap at a time, a process for each patient, a ``PriorityResource`` for every unit and service,
one scalar draw at a time from a numpy Generator of its own for each activity, a dict for each event, an hourly audit.
It does the same work as flowsim on ``do_nothing`` and ``transition_year``; README.md lists what either side leaves out.
"""

from __future__ import annotations

import datetime as dt
import math
import sys
from bisect import bisect_right
from dataclasses import dataclass
from itertools import count

import numpy as np
import simpy

START = dt.date(2016, 10, 3)
WARM_UP, HORIZON = 180, 545
INFINITE = float("inf")
CODES = ("P0", "P1", "P2_home", "P2_bed", "P3", "escalation_route")


def day(year: int, month: int, day_of_month: int) -> int:
    """Days from the start of the clock."""
    return (dt.date(year, month, day_of_month) - START).days


@dataclass
class Parameters:
    """The world as in 2016/17: do nothing. Programmes are dated steps ``[(day, value), ...]``."""

    per_day: float = 24.2
    growth_per_year: float = 0.025
    month_factors: tuple = (1.024, 1.02, 1.027, 0.962, 0.993, 0.987, 0.985, 0.958, 0.989, 1.001, 1.026, 1.028)
    weekday_factors: tuple = (1.06, 1.04, 1.03, 1.03, 1.03, 0.91, 0.90)
    hour_shares: tuple = (0.12, 0.24, 0.36, 0.28)
    day_noise_cv: float = 0.07
    a_and_e_share: float = 0.78
    practices: int = 57
    band_shares: tuple = (0.543, 0.322, 0.135)
    band_rates: tuple = (115, 225, 470)
    band_stay: tuple = (0.85, 1.0, 1.12)
    tier_shares: tuple = (0.50, 0.35, 0.12, 0.03)
    tier_rates: tuple = (1.0, 1.93, 3.04, 4.73)
    tier_stay: tuple = (0.80, 1.02, 1.25, 1.25)
    pathway_shares: tuple = (0.62, 0.14, 0.17, 0.04, 0.025, 0.005)
    stay_mean: tuple = (4.85, 5.05, 11.25, 15.05, 21.05, 24.05)
    stay_sigma: tuple = (1.05, 1.05, 0.97, 0.89, 0.90, 1.10)
    delay_mean: tuple = (0.0, 0.75, 5.0, 6.0, 10.0, 20.0)
    death_share: float = 0.07
    zero_day_share: float = 0.312
    assessment_units: tuple = (20, 8, 12)
    wards: tuple = (25, 24, 24, 15, 15, 15, 15, 15, 15, 12, 12, 12, 11)
    escalation_beds: int = 60
    meeting_factors: tuple = (0.80, 1.09, 1.21, 1.23, 1.40, 0.79, 0.48)
    leaving_hours: tuple = (9.5, 11.3, 12.6, 13.6, 14.6, 15.5, 16.4, 17.3, 18.4, 19.6, 21.0)
    step_down_beds: int = 35
    reablement_share: float = 0.48
    packages_at_start: int = 1200
    community_packages: float = 1.3
    community_life: tuple = ((0, 0.0),)
    life_slots: tuple = ((0, 0),)
    units_live: tuple = ((0, 0),)
    d2a_accepted: float = 0.80
    d2a_saved_days: float = 3.44
    turned_round: tuple = ((0, 0.0),)
    huddles_live: tuple = ()
    rate_ratio: float = 1.0


def do_nothing() -> Parameters:
    """The year as it would have been."""
    return Parameters()


def transition_year() -> Parameters:
    """April 2017 to March 2018 as planned and reported."""
    points = [
        (day(2017, 9, 25), 0),
        (day(2017, 10, 2), 4),
        (day(2017, 10, 16), 8),
        (day(2017, 11, 15), 22),
        (day(2017, 12, 31), 31),
        (day(2018, 1, 31), 40),
        (day(2018, 2, 28), 49),
        (day(2018, 3, 31), 57),
    ]
    days, counts = zip(*points, strict=True)
    d2a_days = ((9, 25), (10, 17), (10, 24), (11, 1), (11, 13), (11, 20), (12, 5))
    d2a_units = (3, 8, 10, 12, 13, 15, 16)
    return Parameters(
        community_life=((day(2017, 10, 16), 0.45),),
        life_slots=((day(2017, 9, 25), 60), (day(2017, 11, 16), 100), (day(2018, 1, 1), 130)),
        units_live=tuple((day(2017, *date), units) for date, units in zip(d2a_days, d2a_units, strict=True)),
        turned_round=((day(2017, 10, 16), 0.03),),
        huddles_live=tuple(math.ceil(np.interp(number, counts, days)) for number in range(1, 58)),
        rate_ratio=0.86,
    )


def step(steps: tuple, now: float) -> float:
    """Value of dated steps now; 0 before the first."""
    value = 0.0
    for when, then in steps:
        if now >= when:
            value = then
    return value


class Exponential:
    """Exponential distribution with its own random number stream."""

    def __init__(self, mean: float, seed: np.random.SeedSequence) -> None:
        self.rng = np.random.default_rng(seed)
        self.mean = mean

    def sample(self) -> float:
        """One value."""
        return self.rng.exponential(self.mean)


class Lognormal:
    """Lognormal distribution given by its mean and sigma."""

    def __init__(self, mean: float, sigma: float, seed: np.random.SeedSequence) -> None:
        self.rng = np.random.default_rng(seed)
        self.mu, self.sigma = math.log(mean) - sigma**2 / 2, sigma

    def sample(self) -> float:
        """One value."""
        return self.rng.lognormal(self.mu, self.sigma)


class Weibull:
    """Weibull distribution given by its mean and shape."""

    def __init__(self, mean: float, k: float, seed: np.random.SeedSequence) -> None:
        self.rng = np.random.default_rng(seed)
        self.k, self.scale = k, mean / math.gamma(1 + 1 / k)

    def sample(self) -> float:
        """One value."""
        return self.scale * self.rng.weibull(self.k)


class Uniform:
    """Uniform distribution."""

    def __init__(self, low: float, high: float, seed: np.random.SeedSequence) -> None:
        self.rng = np.random.default_rng(seed)
        self.low, self.high = low, high

    def sample(self) -> float:
        """One value."""
        return self.rng.uniform(self.low, self.high)


class Discrete:
    """One of several outcomes; ``cheap`` leaves out ``Generator.choice``, which costs more than all else drawn."""

    cheap = False

    def __init__(self, weights: list | tuple, seed: np.random.SeedSequence) -> None:
        self.rng = np.random.default_rng(seed)
        self.p = np.array(weights) / sum(weights)
        self.ladder = np.cumsum(self.p).tolist()

    def sample(self) -> int:
        """Index of the outcome."""
        if self.cheap:
            return bisect_right(self.ladder, self.rng.random() * self.ladder[-1])
        return self.rng.choice(len(self.p), p=self.p)


class Patient:
    """A person's attributes, drawn on arrival, and what changes with each spell."""

    def __init__(self, model: Model) -> None:
        p = model.param
        self.id = next(model.ids)
        self.practice = model.practice_dist.sample()
        band, tier = model.band_dist.sample(), model.tier_dist.sample()
        self.stretch = p.band_stay[band] * p.tier_stay[tier] / model.mean_stretch
        self.readmitted = False
        self.new_spell(model)

    def new_spell(self, model: Model) -> None:
        """What is drawn for each spell."""
        p = model.param
        self.pathway = model.pathway_dist.sample()
        self.home_ward = model.home_ward_dist.sample()
        self.dies = model.death_dist.sample() < p.death_share
        self.zero_day = not self.dies and self.pathway == 0 and model.zero_day_dist.sample() < p.zero_day_share
        self.by_a_and_e = model.door_dist.sample() < p.a_and_e_share
        self.leaving_hour = model.sample_leaving_hour()
        self.bed = None
        self.readmission_at = self.home_until = INFINITE


class Model:
    """One replication."""

    def __init__(self, param: Parameters, seed: int, audit_every: float = 1 / 24) -> None:
        self.param = param
        self.env = simpy.Environment()
        self.seeds = iter(np.random.SeedSequence(seed).spawn(80))
        self.audit_every = audit_every
        self.ids = count()
        self.spells = 0
        self.event_log: list[dict] = []
        self.occupancy: list[dict] = []
        self.meetings: list[dict] = []
        self.make_distributions()
        self.make_resources()

    def make_distributions(self) -> None:
        """A distribution with its own stream for each activity."""
        p, s = self.param, self.seeds
        self.thinning_dist, self.arrival_rng = Uniform(0, 1, next(s)), np.random.default_rng(next(s))
        self.noise_rng = np.random.default_rng(next(s))
        self.practice_dist = Discrete(self.list_sizes(), next(s))
        self.band_dist = Discrete([a * b for a, b in zip(p.band_shares, p.band_rates, strict=True)], next(s))
        self.tier_dist = Discrete([a * b for a, b in zip(p.tier_shares, p.tier_rates, strict=True)], next(s))
        self.pathway_dist = Discrete(p.pathway_shares, next(s))
        self.home_ward_dist = Discrete(p.wards, next(s))
        self.stay_dist = [Lognormal(m, g, next(s)) for m, g in zip(p.stay_mean, p.stay_sigma, strict=True)]
        self.death_stay_dist = Lognormal(11.0, 1.0, next(s))
        self.zero_day_stay_dist = Uniform(0.1, 0.8, next(s))
        self.assessment_dist = Lognormal(1.5, 0.6, next(s))
        self.delay_dist = [Exponential(mean, next(s)) for mean in p.delay_mean]
        names = (
            "death zero_day door leaving_hour meeting rounding d2a front_door huddle reablement readmission gap need"
        )
        for name in names.split():
            setattr(self, f"{name}_dist", Uniform(0, 1, next(s)))
        normal = 0.9153650878428138  # 82 % quantile: 18 % of the old episodes end before the cap
        self.reablement_stay_dist = Lognormal(42 * math.exp(0.4 * normal + 0.08), 0.4, next(s))
        normal = 0.8416212335729143  # 80 % of LIFE episodes end before the cap
        self.life_stay_dist = Lognormal(42 * math.exp(-0.4 * normal + 0.08), 0.4, next(s))
        self.exit_wait_dist = Exponential(7.0, next(s))
        self.response_dist = Lognormal(0.0486 * math.exp(0.33**2 / 2), 0.33, next(s))
        self.step_down_dist = Lognormal(28.0, 0.6, next(s))
        self.placement_dist = Lognormal(545.0 * math.exp(0.5), 1.0, next(s))
        self.package_dist = Exponential(300.0, next(s))
        self.hours_rng = np.random.default_rng(next(s))
        self.later_death_dist = [Weibull(6000, 0.7, next(s)), Weibull(2300, 0.7, next(s))]
        self.community_dist = {name: Exponential(1.0, next(s)) for name in ("life", "home care")}

    def list_sizes(self) -> list[float]:
        """Practice lists of unequal size (coefficient of variation 0.5), largest first: the order of the rollout."""
        sigma = math.sqrt(math.log1p(0.25))
        rng = np.random.default_rng(next(self.seeds))
        return sorted((math.exp(sigma * rng.standard_normal()) for _ in range(self.param.practices)), reverse=True)

    def make_resources(self) -> None:
        """Every unit and service is a resource of its own."""
        p, env = self.param, self.env
        self.assessment_units = [simpy.PriorityResource(env, capacity=beds) for beds in p.assessment_units]
        self.wards = [simpy.PriorityResource(env, capacity=beds) for beds in p.wards]
        self.escalation = simpy.PriorityResource(env, capacity=p.escalation_beds)
        slots = max(value for _, value in p.life_slots)
        self.life = simpy.PriorityResource(env, capacity=max(slots, 1))
        self.responders = simpy.PriorityResource(env, capacity=6)
        self.reablement = simpy.PriorityResource(env, capacity=INFINITE)
        self.step_down = simpy.PriorityResource(env, capacity=p.step_down_beds)
        self.placements = simpy.PriorityResource(env, capacity=INFINITE)
        self.home_care = simpy.PriorityResource(env, capacity=INFINITE)
        self.names = {
            **{unit: f"Assessment unit {i + 1}" for i, unit in enumerate(self.assessment_units)},
            **{ward: f"Ward {i + 1}" for i, ward in enumerate(self.wards)},
            self.escalation: "Escalation beds",
            self.life: "LIFE",
            self.responders: "LIFE responders",
            self.reablement: "Reablement",
            self.step_down: "Step-down beds",
            self.placements: "Placements",
            self.home_care: "Home care",
        }
        self.mean_stretch = self.mean_of(p.band_shares, p.band_rates, p.band_stay)
        self.mean_stretch *= self.mean_of(p.tier_shares, p.tier_rates, p.tier_stay)

    @staticmethod
    def mean_of(shares: tuple, rates: tuple, factors: tuple) -> float:
        """Mean factor over those who present."""
        weights = [share * rate for share, rate in zip(shares, rates, strict=True)]
        return sum(w * f for w, f in zip(weights, factors, strict=True)) / sum(weights)

    def run(self) -> Model:
        """Start the processes and run to the horizon."""
        env, p = self.env, self.param
        env.process(self.arrivals())
        for _ in range(p.packages_at_start):
            env.process(self.community_package())
        env.process(self.referrals("home care", ((0, p.community_packages),), self.community_package))
        env.process(self.referrals("life", p.community_life, self.community_life))
        for slot in range(self.life.capacity):
            env.process(self.slot_not_open_yet(slot))
        for _ in range(self.responders.capacity):
            env.process(self.off_duty())
        for practice, live in enumerate(p.huddles_live):
            env.process(self.huddle(practice, live))
        env.process(self.audit())
        env.run(until=HORIZON)
        return self

    # -- people come ---------------------------------------------------------------------------------------------------

    def rate(self, now: float, noise: float) -> float:
        """Presentations a day."""
        p, today = self.param, START + dt.timedelta(days=int(now))
        rate = p.per_day * p.month_factors[today.month - 1] * p.weekday_factors[today.weekday()] * noise
        rate *= p.hour_shares[int(now % 1 * 4)] * 4
        return rate * (1 + p.growth_per_year) ** (max(now - WARM_UP, 0) / 365.25)

    def arrivals(self):
        """Non-homogeneous Poisson arrivals by thinning, one gap at a time."""
        p, shape = self.param, self.param.day_noise_cv**-2
        top = p.per_day * max(p.month_factors) * max(p.weekday_factors) * max(p.hour_shares) * 4 * 1.4
        today, noise = -1, 1.0
        while True:
            yield self.env.timeout(self.arrival_rng.exponential(1 / top))
            if int(self.env.now) != today:
                today, noise = int(self.env.now), self.noise_rng.gamma(shape, 1 / shape)
            if self.thinning_dist.sample() < self.rate(self.env.now, noise) / top:
                self.env.process(self.patient(Patient(self)))

    def referrals(self, name: str, per_day: tuple, process):
        """People who come from the community to one service."""
        while True:
            rate = step(per_day, self.env.now)
            if rate == 0:
                if not any(value for _, value in per_day):
                    return
                yield self.env.timeout(per_day[0][0] - self.env.now)
                continue
            yield self.env.timeout(self.community_dist[name].sample() / rate)
            self.env.process(process())

    # -- what happens to them ------------------------------------------------------------------------------------------

    def patient(self, pt: Patient):
        """One spell, which may lead to another."""
        self.spells += 1
        self.log(pt, "arrival_departure", "arrival")
        if self.averted_by_huddle(pt):
            self.log(pt, "arrival_departure", "averted")
            return
        if self.turned_round(pt):
            self.log(pt, "queue", "LIFE")
            with self.life.request(priority=1) as slot:
                yield slot
                self.log(pt, "resource_use", "LIFE")
                self.go_home(pt)
                need = yield from self.life_episode(pt)
                self.log(pt, "resource_use_end", "LIFE")
            yield from self.long_term_care(pt, need)
        else:
            yield from self.hospital_stay(pt)
            if pt.dies:
                self.leave_bed(pt)
            else:
                yield from self.meeting(pt)
                yield from (self.home, self.home, self.home_first, self.intermediate_care, self.placed, self.home)[
                    pt.pathway
                ](pt)
        self.log(pt, "arrival_departure", "depart")
        if pt.readmission_at < HORIZON:
            yield self.env.timeout(max(pt.readmission_at - self.env.now, 0))
            pt.readmitted = True
            pt.new_spell(self)
            self.env.process(self.patient(pt))

    def averted_by_huddle(self, pt: Patient) -> bool:
        """Whether the practice's Huddle keeps the person out of hospital."""
        p = self.param
        if pt.readmitted or not p.huddles_live or self.env.now < p.huddles_live[pt.practice]:
            return False
        return self.huddle_dist.sample() > p.rate_ratio

    def turned_round(self, pt: Patient) -> bool:
        """Whether the front-door team sends the person home with a LIFE slot."""
        if pt.readmitted or pt.pathway > 1 or not pt.by_a_and_e or not 8 <= self.env.now % 1 * 24 < 20:
            return False
        if self.front_door_dist.sample() >= step(self.param.turned_round, self.env.now):
            return False
        return self.life.count < self.life.capacity

    def hospital_stay(self, pt: Patient):
        """From A&E to a bed, from the assessment unit to a ward, until clinically fit."""
        self.log(pt, "queue", "bed")
        unit = self.find_bed(pt)
        pt.bed = unit.request(priority=1)
        yield pt.bed
        self.log(pt, "resource_use", self.names[unit])
        stay = self.clinical_stay(pt)
        fit_at = self.env.now + stay
        if unit in self.assessment_units and not pt.zero_day:
            assessment = self.assessment_dist.sample()
            if assessment < stay:
                yield self.env.timeout(assessment)
                self.log(pt, "queue", "ward")
                ward = self.find_ward(pt)
                yield from self.move(pt, ward or self.wards[pt.home_ward], 0, fit_at)
        if pt.bed.resource is not self.wards[pt.home_ward] and pt.bed.resource not in self.assessment_units:
            yield from self.move(pt, self.wards[pt.home_ward], 2, fit_at)
        yield self.env.timeout(max(fit_at - self.env.now, 0))

    def clinical_stay(self, pt: Patient) -> float:
        """Days until fit."""
        if pt.dies:
            return self.death_stay_dist.sample() * pt.stretch
        if pt.zero_day:
            return self.zero_day_stay_dist.sample()
        return self.stay_dist[pt.pathway].sample() * pt.stretch

    def find_bed(self, pt: Patient) -> simpy.PriorityResource:
        """An assessment unit, the home ward, any ward, an escalation bed."""
        for unit in self.assessment_units:
            if unit.count < unit.capacity:
                return unit
        if pt.zero_day:
            return min(self.assessment_units, key=lambda unit: len(unit.queue))
        return self.find_ward(pt) or self.escalation

    def find_ward(self, pt: Patient) -> simpy.PriorityResource | None:
        """The home ward, or any other with a free bed."""
        home = self.wards[pt.home_ward]
        if home.count < home.capacity:
            return home
        for ward in self.wards:
            if ward.count < ward.capacity:
                return ward
        return None

    def move(self, pt: Patient, ward: simpy.PriorityResource, priority: int, fit_at: float):
        """To another bed, if it comes free before the person is fit."""
        request = ward.request(priority=priority)
        yield request | self.env.timeout(max(fit_at - self.env.now, 0))
        if request.triggered:
            self.leave_bed(pt)
            pt.bed = request
            self.log(pt, "resource_use", self.names[ward])
        else:
            request.cancel()

    def leave_bed(self, pt: Patient) -> None:
        """Free the bed."""
        if pt.bed is not None:
            self.log(pt, "resource_use_end", self.names[pt.bed.resource])
            pt.bed.resource.release(pt.bed)
            pt.bed = None

    def meeting(self, pt: Patient):
        """Wait until a morning meeting lets the person go, and for the hour of leaving."""
        self.log(pt, "queue", "fit")
        if pt.zero_day:
            return
        yield from self.until_leaving_hour(pt)
        factors = self.param.meeting_factors
        while self.meeting_dist.sample() >= factors[self.weekday()] / max(factors):
            yield self.env.timeout(1)
        self.log(pt, "queue", "ready")

    def until_leaving_hour(self, pt: Patient):
        """Wait for the hour at which the person leaves."""
        wait = pt.leaving_hour / 24 - self.env.now % 1
        yield self.env.timeout(wait if wait >= 0 else wait + 1)

    def weekday(self) -> int:
        """Monday is 0."""
        return int(self.env.now) % 7  # the clock starts on a Monday

    def sample_leaving_hour(self) -> float:
        """Hour of the day, between the quantiles of the evidence."""
        hours = self.param.leaving_hours
        place = self.leaving_hour_dist.sample() * (len(hours) - 1)
        row = int(place)
        return hours[row] + (place - row) * (hours[row + 1] - hours[row])

    # -- ways out of hospital ------------------------------------------------------------------------------------------

    def delay(self, pt: Patient, saved: float = 0.0):
        """Whole days of assessing and arranging, on average what the pathway needs."""
        mean = self.param.delay_mean[pt.pathway]
        days = self.delay_dist[pt.pathway].sample() * (mean - saved) / mean if mean else 0.0
        yield self.env.timeout(math.floor(days + self.rounding_dist.sample()))

    def home(self, pt: Patient):
        """Home with nothing further, or with equipment."""
        yield from self.delay(pt)
        self.go_home(pt)

    def home_first(self, pt: Patient):
        """D2A with a LIFE slot where it is live; the old process otherwise, or after four days of waiting."""
        if not self.by_d2a(pt):
            yield from self.delay(pt)
            yield from self.old_process(pt)
            return
        yield from self.delay(pt, self.param.d2a_saved_days)
        self.log(pt, "queue", "LIFE")
        asked, need = self.env.now, None
        with self.life.request(priority=0) as slot:
            yield slot | self.env.timeout(4)
            served = slot.triggered
            if served:
                if self.env.now > asked:
                    yield from self.until_leaving_hour(pt)
                self.log(pt, "resource_use", "LIFE")
                self.go_home(pt)
                need = yield from self.life_episode(pt)
                self.log(pt, "resource_use_end", "LIFE")
        if served:
            yield from self.long_term_care(pt, need)
        else:
            yield from self.old_process(pt)

    def by_d2a(self, pt: Patient) -> bool:
        """Whether D2A is live in the unit where the person lies, and they accept."""
        units = [*self.wards, *self.assessment_units, self.escalation]
        live = step(self.param.units_live, self.env.now)
        if live == 0 or self.d2a_dist.sample() >= self.param.d2a_accepted:
            return False
        return min(units.index(pt.bed.resource), len(units) - 2) < live

    def old_process(self, pt: Patient):
        """Reablement as it was before LIFE, or a package at once."""
        if self.reablement_dist.sample() < self.param.reablement_share:
            with self.reablement.request() as place:
                yield place
                self.log(pt, "resource_use", "reablement")
                self.go_home(pt)
                need = yield from self.episode(pt, self.reablement_stay_dist)
                self.log(pt, "resource_use_end", "reablement")
            yield from self.long_term_care(pt, need)
        else:
            self.go_home(pt)
            yield from self.package(pt)

    def intermediate_care(self, pt: Patient):
        """A step-down bed, then home, a package or a placement."""
        yield from self.delay(pt)
        self.log(pt, "queue", "step-down bed")
        asked, need = self.env.now, None
        with self.step_down.request() as bed:
            yield bed
            if self.env.now > asked:
                yield from self.until_leaving_hour(pt)
            self.log(pt, "resource_use", "step-down bed")
            self.go_home(pt)
            if (yield from self.spend(pt, min(self.step_down_dist.sample(), 42))):
                luck = self.need_dist.sample()
                need = "package" if luck < 0.45 else "placement" if luck < 0.60 else None
            self.log(pt, "resource_use_end", "step-down bed")
        yield from self.long_term_care(pt, need)

    def placed(self, pt: Patient):
        """A placement found from the ward; nobody moves in at a weekend."""
        yield from self.delay(pt)
        if self.weekday() >= 5:
            yield self.env.timeout(7 - self.weekday())
        self.go_home(pt)
        yield from self.placement(pt)

    # -- at home -------------------------------------------------------------------------------------------------------

    def go_home(self, pt: Patient) -> None:
        """Leave hospital; readmission or death may come."""
        self.leave_bed(pt)
        supported = pt.pathway in (2, 3, 4)
        gap = self.readmission_gap() if self.readmission_dist.sample() < (0.20 if supported else 0.13) else INFINITE
        life = self.later_death_dist[supported].sample()
        pt.home_until = self.env.now + min(gap, life)
        pt.readmission_at = self.env.now + gap if gap < life else INFINITE

    def readmission_gap(self) -> float:
        """Days: exponential cut at 30, half of it by day 10."""
        rate = 0.0481212  # e^(-10 r) = (golden ratio) - 1 solves (1 - e^(-10 r)) / (1 - e^(-30 r)) = 1/2
        return -math.log(1 - self.gap_dist.sample() * (1 - math.exp(-30 * rate))) / rate

    def spend(self, pt: Patient, days: float):
        """Let time pass at home; False if readmission or death comes first."""
        left = max(pt.home_until - self.env.now, 0)
        yield self.env.timeout(min(days, left))
        return days < left

    def life_episode(self, pt: Patient):
        """A first visit by a responder, then an episode of reablement."""
        self.env.process(self.first_visit(pt))
        return (yield from self.episode(pt, self.life_stay_dist))

    def first_visit(self, pt: Patient):
        """A responder comes within about 70 minutes and stays 90."""
        self.log(pt, "queue", "responder")
        with self.responders.request(priority=0) as responder:
            yield responder
            self.log(pt, "resource_use", "responder")
            yield self.env.timeout(self.response_dist.sample() + 1.5 / 24)
            self.log(pt, "resource_use_end", "responder")

    def episode(self, pt: Patient, stay: Lognormal):
        """Reablement, at most 42 days; whoever then needs care waits for it in the slot. Gives what is needed next."""
        days = stay.sample()
        if not (yield from self.spend(pt, min(days, 42))) or days < 42:
            return None
        if not (yield from self.spend(pt, self.exit_wait_dist.sample())):
            return None
        return "package" if self.need_dist.sample() < 0.93 else "placement"

    def long_term_care(self, pt: Patient, need: str | None):
        """A package, a placement or nothing."""
        if need == "package":
            yield from self.package(pt)
        elif need == "placement":
            yield from self.placement(pt)

    def package(self, pt: Patient):
        """Home care until recovery, readmission or death."""
        with self.home_care.request() as package:
            yield package
            pt.hours = max(round(self.hours_rng.gamma(1 / 0.49, 13 * 0.49)), 1)
            self.log(pt, "resource_use", "home care")
            yield from self.spend(pt, self.package_dist.sample())
            self.log(pt, "resource_use_end", "home care")

    def placement(self, pt: Patient):
        """A place in a home."""
        with self.placements.request() as place:
            yield place
            self.log(pt, "resource_use", "placement")
            yield from self.spend(pt, self.placement_dist.sample())
            self.log(pt, "resource_use_end", "placement")

    def community_package(self):
        """A package that begins without a hospital stay."""
        self.spells += 1
        pt = Patient(self)
        self.log(pt, "arrival_departure", "arrival")
        yield from self.package(pt)
        self.log(pt, "arrival_departure", "depart")

    def community_life(self):
        """A referral to LIFE from home, which lapses after 14 days."""
        self.spells += 1
        pt, need = Patient(self), None
        self.log(pt, "arrival_departure", "arrival")
        self.log(pt, "queue", "LIFE")
        with self.life.request(priority=2) as slot:
            yield slot | self.env.timeout(14)
            if slot.triggered:
                self.log(pt, "resource_use", "LIFE")
                need = yield from self.life_episode(pt)
                self.log(pt, "resource_use_end", "LIFE")
        yield from self.long_term_care(pt, need)
        self.log(pt, "arrival_departure", "depart")

    # -- programmes and records ----------------------------------------------------------------------------------------

    def slot_not_open_yet(self, slot: int):
        """Hold a slot until the day it opens: a SimPy resource cannot change its capacity."""
        opens = next((when for when, slots in self.param.life_slots if slots > slot), INFINITE)
        with self.life.request(priority=-1) as held:
            yield held
            yield self.env.timeout(opens if opens < INFINITE else HORIZON)

    def off_duty(self):
        """Hold a responder from 22 to 8 o'clock."""
        while True:
            with self.responders.request(priority=-1) as held:
                yield held
                yield self.env.timeout((8 / 24 - self.env.now) % 1)
            yield self.env.timeout(14 / 24)

    def huddle(self, practice: int, live: float):
        """A weekly meeting."""
        yield self.env.timeout(live)
        cases = 0.0
        while True:
            cases += 8.2
            self.meetings.append({"practice": practice, "time": self.env.now, "cases": int(cases)})
            cases -= int(cases)
            yield self.env.timeout(7)

    def audit(self):
        """Occupancy of every resource and people waiting, at regular moments."""
        while True:
            row = {name: resource.count for resource, name in self.names.items()}
            row["time"] = self.env.now
            row["waiting"] = sum(len(resource.queue) for resource in self.names)
            self.occupancy.append(row)
            yield self.env.timeout(self.audit_every)

    def log(self, pt: Patient, event_type: str, event: str) -> None:
        """One row of the event log."""
        self.event_log.append(
            {
                "patient": pt.id,
                "pathway": CODES[pt.pathway],
                "event_type": event_type,
                "event": event,
                "time": self.env.now,
            }
        )

    def mean_beds(self) -> float:
        """Acute beds in use after the warm-up, by the audit."""
        beds = [self.names[unit] for unit in (*self.assessment_units, *self.wards, self.escalation)]
        rows = [row for row in self.occupancy if row["time"] >= WARM_UP]
        return sum(row[bed] for row in rows for bed in beds) / len(rows)


def simulate(scenario: str, seed: int, audit_every: float = 1 / 24) -> Model:
    """One replication of ``do_nothing`` or ``transition_year``."""
    return Model({"do_nothing": do_nothing, "transition_year": transition_year}[scenario](), seed, audit_every).run()


if __name__ == "__main__":
    for name in sys.argv[1:] or ["do_nothing", "transition_year"]:
        model = simulate(name, 1)
        print(f"{name}: {model.spells} spells, {len(model.event_log)} events, {model.mean_beds():.1f} beds in use")
