"""People who are not presentations of a cohort: referred or in mid-flow, written down by hand, or already there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from flowsim.clock import FOREVER, ticks, ticks_of
from flowsim.distributions import Duration
from flowsim.events import INFLOW, INITIAL, NO_NEED, READMISSION, SCRIPTED
from flowsim.params.community import EndsByCap, Episode
from flowsim.params.people import PATHWAYS, Arrivals, Inflow, Scripted
from flowsim.params.scenario import Scenario
from flowsim.params.values import RateSteps, schedule_of
from flowsim.population.columns import (
    Wards,
    care_columns,
    hospital_columns,
    leaving_columns,
    stay_columns,
    support_columns,
)
from flowsim.population.demand import candidates, kept, rate_of
from flowsim.population.luck import Block, Floats, Luck
from flowsim.population.people import People, choose
from flowsim.population.reached import NO_CHANGE, Factors, Reached, Who
from flowsim.population.spell import UNKNOWN, Begins, Spell, spells_of

_SCRIPTED = 1 << 40
TO_LIFE = "community referrals to LIFE"

_REFERRED = {
    "life": Begins.REFERRED_TO_LIFE,
    "step_down": Begins.REFERRED_TO_STEP_DOWN,
    "placement": Begins.REFERRED_TO_PLACEMENT,
    "home_care": Begins.REFERRED_TO_HOME_CARE,
}


def inflows_of(s: Scenario) -> dict[str, Inflow]:
    """Every inflow by name, with the community referrals of LIFE and home care among them."""
    found = dict(s.inflows)
    if s.life is not None and s.life.community_per_day != 0.0:
        found[TO_LIFE] = Inflow(to="life", per_day=s.life.community_per_day)
    if s.home_care is not None and s.home_care.community_per_day != 0.0:
        found["community referrals to home care"] = Inflow(to="home_care", per_day=s.home_care.community_per_day)
    return found


def referred_spells(s: Scenario, seed: int, replication: int, people: People | None, reached: Reached) -> list[Spell]:
    """People who join in mid-flow."""
    found: list[Spell] = []
    for name, inflow in inflows_of(s).items():
        at, luck = _times(s, "inflow " + name, inflow, seed, replication, reached if name == TO_LIFE else None)
        if not len(at):
            continue
        code = PATHWAYS.index(inflow.to) if inflow.to in PATHWAYS else 0
        own = _home(people, luck, inflow.locality)
        pathway = np.full(luck.size, code if inflow.to in PATHWAYS else UNKNOWN)
        who = Who(luck, at, None, own.get("person"), pathway)
        by = reached.factors(who)
        columns = _plain(s, luck, code, by) | {"at": ticks_of(at, name), "origin": np.full(len(at), INFLOW)}
        columns["begins"] = [_REFERRED.get(inflow.to, Begins.READY)] * len(at)
        columns["accepts_d2a"] = np.ones(len(at), dtype=bool)
        if reached.on and inflow.to in PATHWAYS:
            columns["stay_changed"] = np.not_equal(by.delay, np.ones(luck.size))
        columns |= own | reached.reached(who)
        found += spells_of(columns)
    return found


def _home(people: People | None, luck: Luck, locality: str | None) -> dict[str, Any]:
    if people is None or locality is not None:
        return {"locality": [locality or ""] * luck.size}
    person = people.presenting(luck.of("person"))
    practice = people.practice[person]
    return {"person": person, "practice": practice, "locality": np.array(people.localities)[practice]}


def _times(
    s: Scenario, name: str, inflow: Inflow, seed: int, replication: int, reached: Reached | None
) -> tuple[Floats, Luck]:
    horizon = s.clock.horizon
    arrivals = Arrivals(per_day=_by_date(inflow), weekday_factors=inflow.weekday_factors)
    rate = rate_of(arrivals, name, s.clock.start, horizon, seed, replication)
    if inflow.regular:
        days = np.arange(math.ceil(horizon), dtype=float)
        at = _evenly(rate.at(np.minimum(days + 0.5, horizon)), horizon)
        return at, Luck(seed, replication, [Block(name, 0, len(at), np.arange(len(at)))])
    most = reached.most_referrals if reached is not None else 1.0
    points = candidates(name, rate.top(horizon) * most, horizon, seed, replication)
    more = [reached.referrals(one.at) if reached is not None else 1.0 for one in points]
    keep = [one.height < rate.at(one.at) * factor for one, factor in zip(points, more, strict=True)]
    luck = Luck(seed, replication, kept(points, name, keep))
    parts = [one.at[rows] for one, rows in zip(points, keep, strict=True)]
    return (np.concatenate(parts) if parts else np.zeros(0)), luck


def _by_date(inflow: Inflow) -> Any:
    if inflow.table is None:
        return inflow.per_day
    dates = sorted(inflow.table)
    steps: dict[Any, float] = {}
    for date in dates:
        steps[date] = inflow.table[date]
        after = date.fromordinal(date.toordinal() + 1)
        if after not in inflow.table:
            steps[after] = 0.0
    return RateSteps(from_=0.0, steps=steps)


def _evenly(per_day: Floats, horizon: float) -> Floats:
    """Moments at which the running total of a daily rate reaches a half, one and a half, ..."""
    total = np.concatenate([[0.0], np.cumsum(per_day)])
    marks = np.arange(0.5, total[-1], 1.0)
    at = np.interp(marks, total, np.arange(len(total), dtype=float))
    return np.asarray(at[at < horizon])


def _plain(s: Scenario, luck: Luck, pathway: int, by: Factors = NO_CHANGE) -> dict[str, Any]:
    u = luck.of
    codes = np.full(luck.size, pathway)
    columns: dict[str, Any] = {"key": luck.keys(), "person": luck.keys(), "depth": np.zeros(luck.size, dtype=int)}
    columns |= leaving_columns(s, u, codes, by) | support_columns(s, u, by)
    return columns | {"pathway": codes}


def scripted_spells(s: Scenario, wards: Wards) -> list[Spell]:
    """People whose lives are written down."""
    return [_scripted(s, row, person, wards) for row, person in enumerate(s.scripted)]


def _scripted(s: Scenario, row: int, person: Scripted, wards: Wards) -> Spell:
    names = list(s.hospital.wards) if s.hospital else []
    ward = names.index(person.home_ward) if person.home_ward else 0
    key = row - _SCRIPTED  # rising with the row: people of one instant come in the order listed
    effect = s.d2a.pathways.get(person.pathway) if s.d2a else None
    leaving = s.leaving.get(person.pathway)
    mean = leaving.delay.mean if leaving and leaving.delay else 0.0
    factor = 1.0 - effect.saved_days / mean if effect and mean else 1.0
    common: dict[str, Any] = {
        "key": key,
        "person": key,
        "locality": person.locality or "",
        "priority": person.priority,
        "pathway": PATHWAYS.index(person.pathway),
        "home_ward": int(wards.rows[ward]) if len(wards.rows) else 0,
        "delay": ticks(person.delay_days),
        "d2a_delay": ticks(person.delay_days * factor),
        "assessment": FOREVER,
        "accepts_d2a": effect is not None,
        "to_reablement": True,
        "fixed_episode": ticks(min(person.episode_days, s.life.cap_days if s.life else person.episode_days)),
        "fixed_reaches_cap": s.life is not None and person.episode_days >= s.life.cap_days,
        "at_cap": NO_NEED,
        "reablement_at_cap": NO_NEED,
        "after_step_down": NO_NEED,
        "step_down": ticks(person.episode_days),
        "p3_step_down": ticks(person.episode_days),
        "placement_stay": ticks(person.episode_days),
        "leaving_hour": ticks(s.hospital.meeting.leaving_hours[0] / 24.0) if s.hospital and s.hospital.meeting else 0,
    }
    first = Spell(depth=0, at=ticks(person.at_days), origin=SCRIPTED, clinical=ticks(person.stay_days), **common)
    if person.readmitted_after_days is not None:
        first.gap = ticks(person.readmitted_after_days)
        stay = ticks(person.second_stay_days)
        first.next = Spell(depth=1, at=first.at, origin=READMISSION, clinical=stay, **common)
    return first


def initial_spells(s: Scenario, seed: int, replication: int, wards: Wards) -> list[Spell]:
    """People already there when the clock starts."""
    makers = _Initial(s, seed, replication, wards)
    i = s.initial
    found: list[Spell] = []
    for pathway, count in i.beds.items():
        found += makers.in_beds(pathway, count)
    if s.life is not None:
        share = s.life.episode
        found += makers.in_service(
            "in LIFE", i.life, Begins.IN_LIFE, _at_start(s, share, s.life.cap_days), s.life.cap_days
        )
    if s.step_down is not None:
        cap = s.step_down.cap_days
        found += makers.in_service("in step-down beds", i.step_down, Begins.IN_STEP_DOWN, s.step_down.stay, cap)
    if s.placements is not None:
        found += makers.in_service("in placements", i.placements, Begins.IN_PLACEMENT, s.placements.stay, math.inf)
    if s.home_care is not None:
        found += makers.in_service("home care", i.home_care, Begins.IN_HOME_CARE, s.home_care.stay, math.inf)
    found += makers.waiting_for_bed(i.waiting_for_bed)
    found += makers.waiting("waiting for LIFE", i.waiting_for_life, "P2_home")
    found += makers.waiting("waiting for a step-down bed", i.waiting_for_step_down, "P2_bed")
    return found


def _at_start(s: Scenario, episode: Episode, cap: float) -> Duration:
    """The episode as a plain duration at the moment the clock starts."""
    if not isinstance(episode, EndsByCap):
        return episode
    return episode.plain(schedule_of(episode.ended_share, s.clock.start).at(0.0), cap)


def _next_service(pathway: str) -> str:
    """The service split by locality to which a pathway leads."""
    return "step_down" if pathway in ("P2_bed", "P3") else "life"


class _Initial:
    """Makes people already there; each with a remaining stay from the law of one found in progress."""

    def __init__(self, s: Scenario, seed: int, replication: int, wards: Wards) -> None:
        self.s = s
        self.seed = seed
        self.replication = replication
        self.wards = wards

    def _start(self, name: str, count: int, pathway: int, service: str = "life") -> tuple[Luck, dict[str, Any]]:
        luck = Luck(self.seed, self.replication, [Block("initial " + name, 0, count, np.arange(count))])
        columns = _plain(self.s, luck, pathway) | hospital_columns(self.s, luck.of, self.wards)
        at = np.zeros(count, dtype=np.int64)
        columns["locality"] = self._localities(count, service)
        return luck, columns | {"at": at, "origin": np.full(count, INITIAL), "accepts_d2a": np.ones(count, dtype=bool)}

    def _localities(self, count: int, service: str) -> list[str]:
        """Where people live: dealt in proportion to what a service has there on the first day, so that they fit."""
        parts = {name: getattr(getattr(self.s, name), "by_locality", None) for name in ("life", "step_down")}
        split = [pools for pools in (parts.pop(service), *parts.values()) if pools]
        if not split:
            return [""] * count
        names = [name for name in split[0] if all(name in pools for pools in split)]
        places = [schedule_of(split[0][name], self.s.clock.start).at(0.0) for name in names]
        weights = [min(number, 1e6) for number in places] if sum(places) > 0 else [1.0] * len(names)
        dealt = choose((np.arange(count) + 0.5) / max(count, 1), list(np.array(weights) / sum(weights)))
        return [names[row] for row in dealt]

    def in_beds(self, pathway: str, count: int) -> list[Spell]:
        """Inpatients of a pathway, on their way to being fit."""
        code = [str(name) for name in PATHWAYS].index(pathway)
        luck, columns = self._start(f"in beds {pathway}", count, code, _next_service(pathway))
        if not count:
            return []
        stay = next(c.pathways[PATHWAYS[code]].stay for c in self.s.cohorts.values() if PATHWAYS[code] in c.pathways)
        remaining = stay.remaining_at(luck.of("whole stay"), luck.of("elapsed"))
        columns["clinical"] = ticks_of(remaining, "remaining stay")
        columns["assessment"] = np.zeros(count, dtype=np.int64)  # long past it
        columns["begins"] = [Begins.IN_BED] * count
        return spells_of(columns)

    def waiting_for_bed(self, count: int) -> list[Spell]:
        """People in the line of A&E, who have not begun their stay."""
        if not count:
            return []
        cohort = next(iter(self.s.cohorts.values()))
        luck, columns = self._start("waiting for a bed", count, 0)
        columns |= stay_columns(cohort, luck.of, np.ones(count))
        columns |= leaving_columns(self.s, luck.of, columns["pathway"])
        return spells_of(columns)

    def waiting(self, name: str, count: int, pathway: str) -> list[Spell]:
        """People ready, in line for the service of their pathway."""
        _, columns = self._start(name, count, [str(p) for p in PATHWAYS].index(pathway), _next_service(pathway))
        zero = np.zeros(count, dtype=np.int64)
        return spells_of(columns | {"begins": [Begins.READY] * count, "delay": zero, "d2a_delay": zero})

    def in_service(self, name: str, count: int, begins: Begins, stay: Duration, cap: float) -> list[Spell]:
        """People in a community service."""
        luck, columns = self._start(name, count, 0, "step_down" if begins is Begins.IN_STEP_DOWN else "life")
        u, v = luck.of("whole stay"), luck.of("elapsed")
        left = ticks_of(stay.remaining_at(u, v, cap), "remaining " + name)
        whole = stay.remaining_at(u, np.ones(count), cap)
        columns |= care_columns(self.s, luck.of)
        columns["begins"] = [begins] * count
        columns["fixed_episode"] = left
        columns["fixed_reaches_cap"] = whole >= cap * (1 - 1e-9)
        columns["elapsed"] = np.maximum(ticks_of(whole, name) - left, 0)
        if begins is Begins.IN_STEP_DOWN:
            columns["step_down"] = left
        if begins is Begins.IN_PLACEMENT:
            columns["placement_stay"] = left
        if begins is Begins.IN_HOME_CARE:
            columns["package_stay"] = left
        return spells_of(columns)
