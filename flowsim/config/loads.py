"""What each service is asked for and what it has, by day: means of a time-varying infinite-server system.

People there on a day are those who came on each earlier day times the chance of still being there (Eick, Massey and
Whitt, 1993, The physics of the M_t/G/∞ queue), so a rollout is not charged with people who have not come yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from flowsim.config.flows import Floats, Flows
from flowsim.config.teams import LUCK, Team, present
from flowsim.distributions import Duration
from flowsim.params import Scenario
from flowsim.params.community import Life
from flowsim.params.values import Capacity, Dated

HOSPITAL = "hospital"


@dataclass(frozen=True)
class Line:
    """Those who wait for a service: what share of them in an acute bed, and how long people stay in the service.

    With a valve somebody waits at most ``valve_days``, then spends ``rest_days`` of the old process in the bed.
    """

    in_bed: Floats
    days: float
    units: float = 1.0
    valve_days: float | None = None
    rest_days: float = 0.0


@dataclass(frozen=True)
class Load:
    """A service: how many places are needed and there are by day; ``then`` says what becomes of those left over."""

    service: str
    unit: str
    need: Floats
    capacity: Floats
    then: str = ""
    spare: Floats | None = None
    knife_edge: bool = False
    line: Line | None = None


@dataclass(frozen=True)
class Loads:
    """All services of a scenario that can run short."""

    flows: Flows

    @property
    def scenario(self) -> Scenario:
        """The scenario in question."""
        return self.flows.scenario

    def all(self) -> list[Load]:
        """Beds first, then what people wait for in them."""
        return [*self._beds(), *self._life(), *self._reablement(), *self._step_down(), *self._later()]

    def _leaving(self, pathway: str) -> Floats:
        cohorts = self.scenario.cohorts.values()
        return self._sum([self.flows.admitted(one, pathway) for one in cohorts if pathway in one.pathways])

    def _joining(self, to: str) -> Floats:
        return self._sum([flow for _, flow in self.flows.inflows(to)])

    def _sum(self, parts: Sequence[Floats]) -> Floats:
        return np.asarray(sum(parts, np.zeros(len(self.flows.days))))

    def _still_home(self, joining: Floats, coming: Floats) -> Floats:
        return self.flows.still_home(float(joining.sum() / coming.sum()) if coming.sum() > 0 else 1.0)

    def _beds(self) -> list[Load]:
        hospital = self.scenario.hospital
        if hospital is None:
            return []
        core = self._sum([self.flows.dated(one) for one in hospital.units.values()])
        spare = self.flows.dated(hospital.escalation.cap) if hospital.escalation else None
        then = "people will be sent elsewhere"
        if hospital.max_waiting is None:
            then = "people will wait in A&E without end"
        return [Load(HOSPITAL, "core beds", self.flows.beds_needed(), core, then, spare)]

    def _to_life(self) -> Floats:
        """People with D2A a day who need a LIFE slot."""
        ready = self._leaving("P2_home") * self.flows.d2a_share("P2_home")
        return ready + self._joining("P2_home") * self.flows.d2a_share("P2_home", joining=True)

    def _life(self) -> list[Load]:
        life = self.scenario.life
        if life is None:
            return []
        cohorts = self.scenario.cohorts.values()
        door = [self.flows.turned_round(one, pathway) for one in cohorts for pathway in one.pathways]
        coming = self._shared("life", self._sum([self._to_life(), *door]))
        joining = self._joining("life") + self._joining("P2_home")
        still_home = self._still_home(joining, self._sum(list(coming.values())))
        team, visits = Team(self.flows, life, still_home), life.visits_per_day is not None
        first, last = (life.taper.first, life.taper.last) if visits else (1, 1)
        then = (
            _waiting(self.scenario)
            if life.valve is None
            else (f"after {life.valve.after_days:g} days people go back to the old process")
        )
        line = self._life_line(life, self._sum(list(coming.values())), team.days, (first + last) / 2)
        found = [
            Load(
                f"LIFE ({name})" if name else "LIFE",
                "visits a day" if visits else "slots",
                team.there(self._part(coming, name), first, last),
                self.flows.dated(capacity) + self.flows.expected.slots(),
                then,
                knife_edge=life.valve is None,
                line=line,
            )
            for name, capacity in life.pools.items()
        ]
        return [*found, *self._responders(life, self._sum(list(coming.values())))]

    def _life_line(self, life: Life, coming: Floats, days: float, units: float) -> Line:
        """The line before LIFE; whoever the valve sends back has the rest of the old process before them."""
        in_bed = _share(self._leaving("P2_home") * self.flows.d2a_share("P2_home"), coming)
        if life.valve is None:
            return Line(in_bed, days, units)
        effect = self.scenario.d2a.pathways.get("P2_home") if self.scenario.d2a else None
        rest = max((effect.saved_days if effect else 0.0) - life.valve.after_days, 0.0)
        return Line(in_bed, days, units, life.valve.after_days, rest)

    def _responders(self, life: Life, coming: Floats) -> list[Load]:
        visit = life.first_visit
        if visit is None:
            return []
        busy = visit.visit_minutes / 1440 + visit.response.mean
        hours = (visit.to_hour - visit.from_hour) % 24 or 24.0
        on_duty = self.flows.dated(visit.responders) * hours / 24
        return [Load("LIFE first visits", "responders' time", coming * busy, on_duty, "first visits will be late")]

    def _shared(self, to: str, general: Floats) -> dict[str, Floats]:
        """People a day by locality; under "" those whose locality follows from their practice."""
        found = {"": general}
        for locality, flow in self.flows.inflows(to):
            found[locality or ""] = found.get(locality or "", np.zeros(len(flow))) + flow
        return found

    def _part(self, coming: Mapping[str, Floats], locality: str) -> Floats:
        if not locality:
            return self._sum(list(coming.values()))
        return coming[""] * self._lives_in(locality) + coming.get(locality, np.zeros(len(self.flows.days)))

    def _lives_in(self, locality: str) -> float:
        population = self.scenario.population
        if population is None:
            return 0.0
        networks = list(population.practices.networks.values())
        dealt = Counter(networks[row % len(networks)] for row in range(population.practices.count))
        return dealt[locality] / population.practices.count

    def _old_way(self) -> Floats:
        """People of the home pathway a day without LIFE."""
        everyone = self._leaving("P2_home") + self._joining("P2_home")
        return everyone - self._to_life() if self.scenario.life is not None else everyone

    def _old_way_from_bed(self) -> Floats:
        leaving = self._leaving("P2_home")
        return leaving * (1.0 - self.flows.d2a_share("P2_home")) if self.scenario.life is not None else leaving

    def _reablement(self) -> list[Load]:
        service = self.scenario.reablement
        if service is None or not limited(service.capacity):
            return []
        coming = self._old_way()
        still_home = self._still_home(self._joining("P2_home") if self.scenario.life is None else coming * 0.0, coming)
        team = Team(self.flows, service, still_home)
        line = Line(_share(self._old_way_from_bed(), coming), team.days)
        need, capacity = team.there(coming * service.share), self.flows.dated(service.capacity)
        return [Load("reablement", "places", need, capacity, _waiting(self.scenario), line=line)]

    def _step_down(self) -> list[Load]:
        service = self.scenario.step_down
        if service is None:
            return []
        beds = self._shared("step_down", self._leaving("P2_bed") + self._joining("P2_bed"))
        assessed = {"": self._p3_by_d2a()}
        joining = self._joining("P2_bed") + self._joining("step_down")
        still_home = self._still_home(joining, self._sum(list(beds.values())))
        short = np.minimum(service.stay.at(LUCK), service.cap_days)
        long = (service.p3_stay or service.stay).at(LUCK)
        p3 = self._leaving("P3") * self.flows.d2a_share("P3")
        everyone = self._sum([*beds.values(), *assessed.values()])
        line = Line(_share(self._leaving("P2_bed") + p3, everyone), float(short.mean()))
        return [
            Load(
                f"step-down ({name})" if name else "step-down",
                "beds",
                present(self._part(beds, name), short, still_home)
                + present(self._part(assessed, name), long, still_home),
                self.flows.dated(capacity),
                _waiting(self.scenario),
                line=line,
            )
            for name, capacity in service.pools.items()
        ]

    def _p3_by_d2a(self) -> Floats:
        joining = self._joining("P3") * self.flows.d2a_share("P3", joining=True)
        return self._leaving("P3") * self.flows.d2a_share("P3") + joining

    def _later(self) -> list[Load]:
        """Placements and home care, each after everything that leads to it."""
        s, found = self.scenario, []
        if s.placements is not None and limited(s.placements.capacity):
            coming = self._leaving("P3") + self._joining("P3") + self._needing("placement")
            by_d2a = self.flows.d2a_share("P3") if s.step_down is not None else 0.0
            line = Line(_share(self._leaving("P3") * (1.0 - by_d2a), coming), s.placements.stay.mean)
            found.append(self._stock("placements", "places", coming, s.placements.stay, s.placements.capacity, line))
        if s.home_care is not None and limited(s.home_care.capacity):
            at_once = 1.0 - (s.reablement.share if s.reablement else 0.0)
            coming = self._old_way() * at_once + self._needing("package")
            line = Line(_share(self._old_way_from_bed() * at_once, coming), s.home_care.stay.mean)
            found.append(self._stock("home_care", "packages", coming, s.home_care.stay, s.home_care.capacity, line))
        return found

    def _needing(self, what: str) -> Floats:
        """People a day who need a package or a placement after LIFE, reablement, step-down, or by referral."""
        s = self.scenario
        total = self._joining("home_care" if what == "package" else "placement")
        if s.life is not None:
            coming = self._sum(list(self._shared("life", self._to_life()).values()))
            total = total + coming * (1.0 - Team(self.flows, s.life).ended_share()) * getattr(s.life.at_cap, what)
        if s.reablement is not None:
            late = 1.0 - Team(self.flows, s.reablement).ended_share()
            total = total + self._old_way() * s.reablement.share * late * getattr(s.reablement.at_cap, what)
        if s.step_down is not None:
            beds = self._leaving("P2_bed") + self._joining("P2_bed") + self._joining("step_down")
            total = total + beds * getattr(s.step_down.outcome, what)
        return np.asarray(total)

    def _stock(self, part: str, unit: str, coming: Floats, stay: Duration, capacity: Dated, line: Line) -> Load:
        there = present(coming, stay.at(LUCK))
        initial = getattr(self.scenario.initial, part)
        if initial:
            left = stay.remaining_at(LUCK, np.roll(LUCK, 151))  # a stride that leaves whole and moment unrelated
            there = there + initial * (left[None, :] > self.flows.days[:, None]).mean(axis=1)
        name = part.replace("_", " ")
        return Load(name, unit, there, self.flows.dated(capacity), _waiting(self.scenario), line=line)


def _share(part: Floats, whole: Floats) -> Floats:
    """Part of a whole by day; 0 where there is nobody."""
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0.0)


def limited(capacity: Capacity) -> bool:
    """Whether a service can run short at all."""
    return capacity != "unlimited"


def _waiting(s: Scenario) -> str:
    if s.hospital is None:
        return "people will wait without end"
    return "people wait for it in hospital beds, which will fill"
