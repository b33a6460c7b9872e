"""What each service is asked for and what it has, by day: means of a time-varying infinite-server system.

People there on a day are those who came on each earlier day times the chance of still being there (Eick, Massey and
Whitt, 1993, The physics of the M_t/G/∞ queue), and those of the first day who are still there; so a rollout is not
charged with people who have not come yet. Whatever somebody has is ended by readmission and death, as in a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from flowsim.distributions import Duration
from flowsim.offered.flows import Flows
from flowsim.offered.laws import Floats, found_in_progress, quantiles, still
from flowsim.offered.streams import Stream, total
from flowsim.offered.teams import Team
from flowsim.offered.ways import Ways
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

    @cached_property
    def ways(self) -> Ways:
        """Who asks for what."""
        return Ways(self.flows)

    def all(self) -> list[Load]:
        """Beds first, then what people wait for in them."""
        return [*self._beds(), *self._life(), *self._reablement(), *self._step_down(), *self._later()]

    def _sum(self, parts: Sequence[Floats]) -> Floats:
        return np.asarray(sum(parts, np.zeros(len(self.flows.days))))

    def _per_day(self, streams: Sequence[Stream]) -> Floats:
        return total(streams, len(self.flows.days))

    def _in_bed(self, streams: Sequence[Stream]) -> Floats:
        """Share by day of those who ask for a service that does so from an acute bed; 0 where nobody does."""
        part, whole = self._per_day([one for one in streams if one.from_bed]), self._per_day(streams)
        return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0.0)

    def _beds(self) -> list[Load]:
        hospital = self.scenario.hospital
        if hospital is None:
            return []
        core = self._sum([self.flows.dated(one) for one in hospital.units.values()])
        spare = self.flows.dated(hospital.escalation.cap) if hospital.escalation else None
        then = "people will be sent elsewhere"
        if hospital.max_waiting is None:
            then = "people will wait in A&E without end"
        return [Load(HOSPITAL, "core beds", self.ways.beds(), core, then, spare)]

    def _life(self) -> list[Load]:
        life = self.scenario.life
        if life is None:
            return []
        coming, team, visits = self.ways.to_life(), Team(self.flows, life), life.visits_per_day is not None
        taper = life.taper if visits else None
        first, last = (taper.first, taper.last) if taper else (1, 1)
        then = (
            _waiting(self.scenario)
            if life.valve is None
            else f"after {life.valve.after_days:g} days people go back to the old process"
        )
        line = self._life_line(life, coming, team.days(coming), (first + last) / 2)
        found = [
            Load(
                f"LIFE ({name})" if name else "LIFE",
                "visits a day" if visits else "slots",
                team.there(self.ways.of(coming, name), first, last)
                + team.there_at_first(self.ways.there_at_first("life", name), taper),
                self.flows.dated(capacity) + self.flows.expected.slots(),
                then,
                knife_edge=life.valve is None,
                line=line,
            )
            for name, capacity in life.pools.items()
        ]
        return [*found, *self._responders(life, self._per_day(coming))]

    def _life_line(self, life: Life, coming: Sequence[Stream], days: float, units: float) -> Line:
        """The line before LIFE; whoever the valve sends back has the rest of the old process before them."""
        in_bed = self._in_bed(coming)
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

    def _reablement(self) -> list[Load]:
        service = self.scenario.reablement
        if service is None or not limited(service.capacity):
            return []
        coming, team = self.ways.to_reablement(), Team(self.flows, service)
        line = Line(self._in_bed(coming), team.days(coming))
        need, capacity = team.there(coming), self.flows.dated(service.capacity)
        return [Load("reablement", "places", need, capacity, _waiting(self.scenario), line=line)]

    def _step_down(self) -> list[Load]:
        service = self.scenario.step_down
        if service is None:
            return []
        beds, assessed = self.ways.to_step_down(), self.ways.assessed()
        short, rest = still(self.ways.step_down_stay()), still(self.ways.step_down_rest())
        long = still(self.ways.law(quantiles(service.p3_stay or service.stay)))
        line = Line(self._in_bed([*beds, *assessed]), float(short.sum()))
        return [
            Load(
                f"step-down ({name})" if name else "step-down",
                "beds",
                self._there(self.ways.of(beds, name), short)
                + self._there(self.ways.of(assessed, name), long)
                + self.ways.there_at_first("step_down", name) * rest,
                self.flows.dated(capacity),
                _waiting(self.scenario),
                line=line,
            )
            for name, capacity in service.pools.items()
        ]

    def _there(self, streams: Sequence[Stream], lasting: Floats) -> Floats:
        return self._sum([one.there(lasting) for one in streams])

    def _later(self) -> list[Load]:
        """Placements and home care, each after everything that leads to it."""
        s, found = self.scenario, []
        if s.placements is not None and limited(s.placements.capacity):
            coming = self.ways.to_placements()
            found.append(self._stock("placements", "places", coming, s.placements.stay, s.placements.capacity))
        if s.home_care is not None and limited(s.home_care.capacity):
            coming = self.ways.to_home_care()
            found.append(self._stock("home_care", "packages", coming, s.home_care.stay, s.home_care.capacity))
        return found

    def _stock(self, part: str, unit: str, coming: Sequence[Stream], stay: Duration, capacity: Dated) -> Load:
        need = self._there(coming, still(self.ways.law(quantiles(stay))))
        initial = getattr(self.scenario.initial, part)
        if initial:
            need = need + initial * still(found_in_progress(stay, size=len(self.flows.days)))
        line = Line(self._in_bed(coming), stay.mean)
        return Load(part.replace("_", " "), unit, need, self.flows.dated(capacity), _waiting(self.scenario), line=line)


def limited(capacity: Capacity) -> bool:
    """Whether a service can run short at all."""
    return capacity != "unlimited"


def _waiting(s: Scenario) -> str:
    if s.hospital is None:
        return "people will wait without end"
    return "people wait for it in hospital beds, which will fill"
