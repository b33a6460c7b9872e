"""From a scenario to a world: places with their capacities, and the policies in force."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from flowsim.clock import DAY
from flowsim.hospital import Hospital
from flowsim.huddles import HuddleTeam
from flowsim.kernel import Environment
from flowsim.params.community import Life, Reablement, Taper
from flowsim.params.scenario import Scenario
from flowsim.params.values import Capacity, schedule_of
from flowsim.policies import Coverage, DoorTeam, EpisodeLength, SignOff
from flowsim.pools import Place, Room
from flowsim.population import Plan
from flowsim.population.columns import Wards
from flowsim.schedules import Schedule, total
from flowsim.services import Service
from flowsim.world import Programme, Record, World


class Builder:
    """Makes one world from one scenario, and knows the name, kind and locality of each of its places.

    Places are numbered in the order: assessment units, wards, escalation, A&E, then community services.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.s = scenario
        self.start = scenario.clock.start
        self.env = Environment()
        self.record = Record()
        self.places: list[tuple[str, str, str, Schedule]] = []

    def wards(self) -> Wards:
        """Rows of the wards among the places, weighted by their beds on the first day."""
        hospital = self.s.hospital
        if hospital is None:
            return Wards(np.zeros(0, dtype=np.int64), np.zeros(0))
        first = len(hospital.assessment.units) if hospital.assessment else 0
        beds = [schedule_of(capacity, self.start).at(0.0) for capacity in hospital.wards.values()]
        weights = [min(number, 1e6) for number in beds] if sum(beds) > 0 else [1.0] * len(beds)
        return Wards(np.arange(first, first + len(beds)), np.array(weights))

    def world(self, plan: Plan) -> World:
        """The world before its first moment."""
        s = self.s
        world = World(s, self.env, self.record)
        world.hospital = self._hospital()
        if s.life is not None:
            world.life = self._life(s.life)
            world.responders = self._responders(s.life)
        if s.reablement is not None:
            world.reablement = self._reablement(s.reablement)
        if s.step_down is not None:
            world.step_down = self._service("Step-down beds", "step_down", s.step_down.pools)
        if s.placements is not None:
            world.placements = self._service("Placements", "placement", {"": s.placements.capacity})
        if s.home_care is not None:
            world.home_care = self._service("Home care", "home_care", {"": s.home_care.capacity})
        self._policies(world, plan)
        return world

    def _policies(self, world: World, plan: Plan) -> None:
        s = self.s
        if s.hospital is not None:
            if s.hospital.meeting is not None:
                world.sign_off = SignOff(s.hospital.meeting, self.start)
            if s.d2a is not None:
                rows = {name: row for row, (name, *_) in enumerate(self.places)}
                world.coverage = Coverage(s.d2a, {unit: rows[unit] for unit in s.hospital.units}, self.start)
        if s.front_door is not None:
            world.door_team = DoorTeam(s.front_door, self.start)
        if s.huddles is not None and plan.people is not None and any(map(math.isfinite, plan.practices_live)):
            world.huddles = HuddleTeam(self.env, s.huddles, plan.people, plan.practices_live)
            world.huddles.begin()

    def _place(self, name: str, kind: str, locality: str, capacity: Schedule) -> int:
        self.places.append((name, kind, locality, capacity))
        return len(self.places) - 1

    def _room(self, name: str, kind: str, capacity: Capacity) -> Room:
        schedule = schedule_of(capacity, self.start)
        return Room(self.env, self._place(name, kind, "", schedule), schedule, self.record.rows)

    def _hospital(self) -> Hospital | None:
        h = self.s.hospital
        if h is None:
            return None
        units = h.assessment.units if h.assessment else {}
        assessment = [self._room(name, "assessment_unit", capacity) for name, capacity in units.items()]
        wards = [self._room(name, "ward", capacity) for name, capacity in h.wards.items()]
        escalation = self._room("Escalation beds", "escalation", h.escalation.cap) if h.escalation else None
        line = self._place("A&E", "a_and_e", "", Schedule((0.0,), (math.inf,)))
        hospital = Hospital(
            self.env,
            assessment,
            wards,
            escalation,
            h.escalation,
            h.max_waiting,
            line,
            self.record.rows,
            self.record.begun,
        )
        hospital.open_doors(self.s.clock.horizon)
        return hospital

    def _pool(self, name: str, kind: str, locality: str, schedule: Schedule, in_units: bool = False) -> Place:
        index = self._place(name, kind, locality, schedule)
        units = self.record.units if in_units else None
        place = Place(self.env, index, schedule, self.record.rows, units, name)
        place.plan_changes(self.s.clock.horizon)
        return place

    def _service(
        self,
        name: str,
        kind: str,
        pools: dict[str, Capacity],
        taper: Taper | None = None,
        more: Sequence[Schedule] = (),
    ) -> Service:
        made = {}
        for locality, capacity in pools.items():
            label = f"{name} {locality}".strip()
            schedule = total([schedule_of(capacity, self.start), *more])
            made[locality] = self._pool(label, kind, locality, schedule, taper is not None)
        return Service(made, taper)

    def _life(self, life: Life) -> Programme:
        taper = life.taper if life.visits_per_day is not None else None
        more = [one.slots(self.start) for one in self.s.initiatives.values() if one.on and one.adds.life_slots]
        return Programme(
            self._service("LIFE", "life", life.pools, taper, more),
            EpisodeLength(life.episode, life.cap_days, self.start),
            round(life.cap_days * DAY),
            attrgetter("life"),
            attrgetter("at_cap"),
            attrgetter("exit_wait"),
            life.hold_until_admitted,
        )

    def _reablement(self, old: Reablement) -> Programme:
        return Programme(
            self._service("Reablement", "reablement", {"": old.capacity}),
            EpisodeLength(old.episode, old.cap_days, self.start),
            round(old.cap_days * DAY),
            attrgetter("reablement"),
            attrgetter("reablement_at_cap"),
            attrgetter("reablement_exit_wait"),
        )

    def _responders(self, life: Life) -> Place | None:
        """Responders on duty: none outside their hours."""
        visit = life.first_visit
        if visit is None:
            return None
        on_duty = schedule_of(visit.responders, self.start)
        days, values = [-math.inf], [on_duty.at(0.0) if visit.from_hour == 0 else 0.0]
        for day in range(math.ceil(self.s.clock.horizon)):
            for hour, value in ((visit.from_hour, on_duty.at(day)), (visit.to_hour, 0.0)):
                moment = day + hour / 24.0
                if moment == days[-1]:
                    values[-1] = value
                elif value != values[-1]:
                    days.append(moment)
                    values.append(value)
        return self._pool("LIFE responders", "responders", "", Schedule(tuple(days), tuple(values)))
