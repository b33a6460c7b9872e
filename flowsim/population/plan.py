"""The plan of one replication: every spell that could begin, with all its luck turned into decisions and durations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

import numpy as np

from flowsim.clock import DAY, FOREVER, ticks_of
from flowsim.events import PRESENTATION, READMISSION
from flowsim.params.people import Cohort, Population
from flowsim.params.practices import practice_sizes
from flowsim.params.programmes import PracticeRate
from flowsim.params.scenario import Scenario
from flowsim.params.values import schedule_of
from flowsim.policies import practices_live
from flowsim.population.ageing import aged
from flowsim.population.columns import (
    Column,
    Wards,
    easier,
    fate_columns,
    hospital_columns,
    leaving_columns,
    shortened,
    stay_changed,
    stay_columns,
    support_columns,
)
from flowsim.population.demand import Candidates, Rate, candidates, kept, rate_of
from flowsim.population.luck import Block, Floats, Ints, Luck
from flowsim.population.others import initial_spells, referred_spells, scripted_spells
from flowsim.population.people import People, settle
from flowsim.population.reached import Reached, Who
from flowsim.population.spell import BY_HUDDLE, NOT_INDUCED, Spell, spells_of
from flowsim.population.standins import give_standins
from flowsim.rng import luck as draw_luck

_LONGEST_CHAIN = 1000
_NOT_KEPT = -3


@dataclass(frozen=True)
class Plan:
    """Everything a run needs to know of its people: spells in order of time, practices, and when Huddles go live."""

    spells: list[Spell]
    people: People | None
    practices_live: list[float]


def make_plan(s: Scenario, seed: int, replication: int, wards: Wards) -> Plan:
    """Draw the people of one replication and plan their spells.

    Raises
    ------
    BadDurationError
        If a duration is not a finite number of at least 0; the spell and what was decided are named.
    """
    people = settle(s.population, seed, replication) if s.population else None
    live = _rollout(s, seed, replication)
    reached = Reached(s, seed, replication, people)
    spells: list[Spell] = []
    for row, (name, cohort) in enumerate(s.cohorts.items()):
        group = _Group(s, name, row, cohort, people if cohort.from_population else None, live, wards, reached)
        spells += group.spells(seed, replication)
    spells += referred_spells(s, seed, replication, people, reached)
    spells += scripted_spells(s, wards)
    spells.sort(key=attrgetter("at", "key"))
    return Plan([*initial_spells(s, seed, replication, wards), *spells], people, live)


def _rollout(s: Scenario, seed: int, replication: int) -> list[float]:
    if s.population is None:
        return []
    sizes = practice_sizes(s.population)
    if s.huddles is None:
        return [math.inf] * len(sizes)
    luck = draw_luck(seed, replication, len(sizes), "practices", "rollout order")
    networks = len(s.population.practices.networks)
    return practices_live(s.huddles, sizes, networks, luck, s.clock.start, s.clock.horizon)


@dataclass
class _Group:
    """One cohort of one replication, on its way from points of the plane to spells."""

    s: Scenario
    name: str
    row: int
    cohort: Cohort
    people: People | None
    live: list[float]
    wards: Wards
    reached: Reached

    def spells(self, seed: int, replication: int) -> list[Spell]:
        """First spells of the cohort, each with its chain of readmissions behind it."""
        s = self.s
        rate = rate_of(self.cohort.arrivals, self.name, s.clock.start, s.clock.horizon, seed, replication)
        top = rate.top(s.clock.horizon) * max(1.0, self._rate_ratio) * self.reached.most
        points = candidates(self.name, top, s.clock.horizon, seed, replication)
        lucks = [draw_luck(seed, replication, len(one.at), self.name, one.layer, "person") for one in points]
        whole = [Luck(seed, replication, [Block(self.name, p.layer, len(p.at), np.arange(len(p.at)))]) for p in points]
        keep, raised_by = self._thinned(points, lucks, whole, rate)
        luck = Luck(seed, replication, kept(points, self.name, keep))
        if not luck.size:
            return []
        at = np.concatenate([one.at[rows] for one, rows in zip(points, keep, strict=True)])
        who = np.concatenate([u[rows] for u, rows in zip(lucks, keep, strict=True)])
        first = self._first_columns(luck, at, who)
        first["induced_by"] = np.concatenate([by[rows] for by, rows in zip(raised_by, keep, strict=True)])
        first["induced"] = first["induced_by"] != NOT_INDUCED
        return self._chain(luck, at, first)

    @property
    def _rate_ratio(self) -> float:
        huddles = self.s.huddles
        if huddles is None or self.people is None or not isinstance(huddles.effect, PracticeRate):
            return 1.0
        return huddles.effect.rate_ratio

    def _effect(self, practice: Ints, at: Floats) -> Floats:
        """Share averted (above 0) or added (below 0) of a practice's presentations at these moments."""
        huddles = self.s.huddles
        if self._rate_ratio == 1.0 or huddles is None or not isinstance(huddles.effect, PracticeRate):
            return np.zeros(len(at))
        since = at - np.array(self.live)[practice]
        ramp = huddles.effect.ramp_days
        full = np.clip(since / ramp, 0.0, 1.0) if ramp else (since >= 0.0).astype(float)
        return (1.0 - self._rate_ratio) * np.where(since >= 0.0, full, 0.0)

    def _person(self, luck: Luck, at: Floats, who: Floats) -> Ints | None:
        """Rows of the residents who present at these moments; None for a cohort that has none."""
        if self.people is None or self.s.population is None:
            return None
        return aged(self.s.population, self.people, self.people.presenting(who), luck, at, self.s.clock.start)

    def _thinned(
        self, points: list[Candidates], lucks: list[Floats], whole: list[Luck], rate: Rate
    ) -> tuple[list[np.ndarray], list[Ints]]:
        """Which points are kept, and what raised the demand above those that it did not reach by itself."""
        keep, raised_by = [], []
        for one, u, luck in zip(points, lucks, whole, strict=True):
            demand = rate.at(one.at)
            by = np.where(one.height < demand, NOT_INDUCED, _NOT_KEPT)
            person = self._person(luck, one.at, u) if self._rate_ratio > 1.0 or self.reached.raising else None
            if self._rate_ratio > 1.0 and person is not None and self.people is not None:
                demand = demand * (1.0 - self._effect(self.people.practice[person], one.at))
                by[(by == _NOT_KEPT) & (one.height < demand)] = BY_HUDDLE
            if self.reached.raising:
                more = self.reached.raised_by(demand, one.height, Who(luck, one.at, self.name, person))
                by = np.where((by == _NOT_KEPT) & (more >= 0), more, by)
            keep.append(by != _NOT_KEPT)
            raised_by.append(by)
        return keep, raised_by

    def _first_columns(self, luck: Luck, at: Floats, who: Floats) -> dict[str, Column]:
        columns: dict[str, Column] = {
            "key": luck.keys(),
            "at": ticks_of(at, "presentation"),
            "huddle_luck": luck.of("Huddle"),
            "door_luck": luck.of("front door"),
        }
        person = self._person(luck, at, who)
        if self.people is not None and person is not None:
            practice = self.people.practice[person]
            columns |= {
                "person": person,
                "supported_person": person,
                "practice": practice,
                "locality": np.array(self.people.localities)[practice],
                "averted": columns["huddle_luck"] < self._effect(practice, at),
            }
        else:
            columns["person"] = columns["key"]
        return columns

    def _stretch(self, columns: dict[str, Column], at: Floats) -> Floats:
        s, factors = self.s, self.cohort.stay_factors
        stretch = np.ones(len(at))
        if s.hospital is not None and s.hospital.stay_factor != 1.0:
            stretch = schedule_of(s.hospital.stay_factor, s.clock.start).at_all(at)
        if factors is not None and self.people is not None and s.population is not None:
            band = np.array([factors.age_bands[name] for name in s.population.age_bands])
            tier = np.array([factors.frailty[name] for name in s.population.frailty])
            person = columns["person"]
            stretch = stretch * band[self.people.band[person]] * tier[self.people.tier[person]]
            stretch = stretch / mean_factor(s.population, band, tier)
        return stretch

    def _planned(self, luck: Luck, columns: dict[str, Column], at: Floats, rows: Ints, depth: int) -> dict[str, Column]:
        own = luck.only(rows)
        u, s = partial(own.of, depth=depth), self.s
        columns = dict(columns)
        columns |= stay_columns(self.cohort, u, self._stretch(columns, at))
        columns |= hospital_columns(s, u, self.wards)
        pathway = np.asarray(columns["pathway"])
        who = Who(own, at, self.name, np.asarray(columns["person"]) if self.people is not None else None, pathway)
        by = self.reached.factors(who)
        before, columns["clinical"] = columns["clinical"], shortened(columns, by)
        if self.reached.on:
            columns["stay_changed"] = stay_changed(s, before, columns, by)
        columns |= self.reached.reached(who)
        columns |= leaving_columns(s, u, pathway, by) | support_columns(s, u, by)
        columns |= fate_columns(self.cohort, u, pathway, s.clock.horizon, by)
        if not depth:
            columns |= {"averted_by": self.reached.averted_by(who), "door_luck": easier(columns["door_luck"], by)}
        size = len(rows)
        columns["depth"] = np.full(size, depth)
        columns["cohort"] = np.full(size, self.row)
        columns["priority"] = np.full(size, self.cohort.priority)
        return columns

    def _chain(self, luck: Luck, at: Floats, first: dict[str, Column]) -> list[Spell]:
        """Spells of every depth, each linked to the readmission it leads to."""
        rows = np.arange(luck.size)
        columns = self._planned(luck, first, at, rows, 0)
        firsts = spells_of(columns | {"origin": np.full(len(rows), PRESENTATION)})
        links, above = firsts, firsts
        soonest = at
        for depth in range(1, _LONGEST_CHAIN):
            gap = np.asarray(columns["gap"]) / DAY
            at = at + (np.asarray(columns["clinical"]) + np.asarray(columns["delay"])) / DAY + gap
            soonest = soonest + self._shortest_stay(columns, depth) + gap
            back = (gap < FOREVER / DAY) & (soonest < self.s.clock.horizon)
            if not back.any():
                break
            at, soonest, rows = at[back], soonest[back], rows[back]
            above = [spell for spell, is_back in zip(links, back.tolist(), strict=True) if is_back]
            same = {name: np.asarray(first[name])[rows] for name in _LASTING if name in first}
            columns = self._planned(luck, same, at, rows, depth)
            links = spells_of(columns | {"origin": np.full(len(rows), READMISSION)})
            for before, after in zip(above, links, strict=True):
                before.next = after
        give_standins(firsts)
        return firsts

    def _shortest_stay(self, columns: dict[str, Column], depth: int) -> Floats:
        """Days in hospital at the least: whoever goes home early must not lack a readmission that falls in the run."""
        if depth == 1 and self.s.front_door is not None:
            return np.zeros(len(np.asarray(columns["clinical"])))
        delay = np.minimum(np.asarray(columns["delay"]), np.asarray(columns["d2a_delay"]))
        return np.asarray((np.asarray(columns["clinical"]) + delay) / DAY)


_LASTING = ("key", "at", "person", "supported_person", "practice", "locality", "induced", "induced_by")
"""What a readmission shares with the first spell of its chain."""


def mean_factor(population: Population, band: Floats, tier: Floats) -> float:
    """Mean stay factor over those who present, given the factor of each age band and frailty tier."""
    bands, tiers = list(population.age_bands.values()), list(population.frailty.values())
    by_band = np.array([b.share * b.presentations_per_1000 for b in bands])
    by_tier = np.array([t.share * t.hazard_ratio for t in tiers])
    return float((by_band * band).sum() / by_band.sum() * (by_tier * tier).sum() / by_tier.sum())
