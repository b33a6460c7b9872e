"""What a person's story asks of the world: the rules in force now, the places there are, and what to note."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from operator import attrgetter

from flowsim.clock import DAY, FOREVER, weekday_of
from flowsim.events import BACK_TO_HOSPITAL, DIED, REASONS, STILL_SUPPORTED
from flowsim.hospital import Hospital
from flowsim.huddles import HuddleTeam
from flowsim.kernel import Environment, Moment, Steps
from flowsim.params.people import PATHWAYS
from flowsim.params.scenario import Scenario
from flowsim.policies import Coverage, DoorTeam, EpisodeLength, SignOff
from flowsim.pools import Place
from flowsim.population.spell import DIES, Spell
from flowsim.rings import Rings
from flowsim.services import Service

_ASSESSMENT, _TIMING = REASONS.index("assessment"), REASONS.index("timing")

Wait = Generator[Moment, bool, bool]


@dataclass
class Programme:
    """A reablement programme: LIFE, or the one before it."""

    service: Service
    length: EpisodeLength
    cap: int
    value: attrgetter[float]
    need: attrgetter[int]
    exit_wait: attrgetter[int]
    hold_until_admitted: bool = False

    def episode(self, spell: Spell, now: int) -> tuple[int, bool]:
        """Ticks of an episode that begins now, cut at the cap, and whether it reaches the cap."""
        if spell.fixed_episode >= 0:
            return spell.fixed_episode, spell.fixed_reaches_cap
        days = self.length.ticks(self.value(spell), now)
        return min(days, self.cap), days >= self.cap


@dataclass
class Record:
    """What is noted while the clock runs."""

    rows: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    delays: list[tuple[int, int, int, int]] = field(default_factory=list)
    units: list[tuple[int, int, int, int]] = field(default_factory=list)
    begun: list[Spell] = field(default_factory=list)


@dataclass
class World:
    """The places and policies of one run. Parts that do not exist in a scenario are None."""

    s: Scenario
    env: Environment
    record: Record
    hospital: Hospital | None = None
    life: Programme | None = None
    reablement: Programme | None = None
    step_down: Service | None = None
    placements: Service | None = None
    home_care: Service | None = None
    responders: Place | None = None
    huddles: HuddleTeam | None = None
    sign_off: SignOff | None = None
    coverage: Coverage | None = None
    door_team: DoorTeam | None = None
    rings: Rings = field(default_factory=Rings)

    def __post_init__(self) -> None:
        s = self.s
        order = s.life.priority if s.life else ()
        self._ranks: dict[str, int] = {entrance: rank for rank, entrance in enumerate(order)}
        valve = s.life.valve if s.life else None
        self.valve = round(valve.after_days * DAY) if valve else FOREVER
        visit = s.life.first_visit if s.life else None
        self._visit_ticks = round(visit.visit_minutes * DAY / 1440) if visit else 0
        patience = s.life.community_patience_days if s.life else None
        self.referral_patience = FOREVER if patience is None else round(patience * DAY)
        self.step_down_holds = s.step_down is not None and s.step_down.hold_until_admitted
        self._d2a_from = {
            PATHWAYS.index(name): (effect.start - s.clock.start).days * DAY
            for name, effect in (s.d2a.pathways.items() if s.d2a else ())
        }
        self._own_reason = [REASONS.index(s.leaving[p].arranging) if p in s.leaving else 0 for p in PATHWAYS]
        self._assessment_part = [_assessment_part(s, row, d2a=False) for row in range(len(PATHWAYS))]
        self._assessment_part_d2a = [_assessment_part(s, row, d2a=True) for row in range(len(PATHWAYS))]
        self._weekdays_only = [p in s.leaving and not s.leaving[p].weekend_starts for p in PATHWAYS]
        self._door_pathways = {PATHWAYS.index(p) for p in s.front_door.pathways} if s.front_door else set()
        self._waits: dict[int, tuple[int, int]] = {}
        self._holding: dict[int, tuple[Service, Spell]] = {}

    @property
    def now(self) -> int:
        """Current tick."""
        return self.env._now

    # -- into hospital -----------------------------------------------------------------------------------------------

    def begin(self, spell: Spell) -> None:
        """A spell begins: it gets its number."""
        spell.id = len(self.record.begun)
        spell.began = self.env._now
        self.record.begun.append(spell)

    def huddles_avert(self, spell: Spell) -> bool:
        """Whether a Huddle keeps this first presentation from happening."""
        if spell.depth:
            return False
        return spell.averted or (self.huddles is not None and self.huddles.averts(spell))

    def front_door_team(self, spell: Spell) -> Programme | None:
        """LIFE, if its team in A&E sends this person home with a slot that is free."""
        if self.door_team is None or self.life is None or not spell.a_and_e or spell.depth:
            return None
        suitable = spell.pathway in self._door_pathways and self.door_team.takes(spell.door_luck, self.now)
        return self.life if suitable and self.life.service.has_room(spell) else None

    def admit(self, spell: Spell) -> Wait:
        """Into a bed, giving up at last whatever was held in the community; False if diverted."""
        assert self.hospital is not None
        held = self._holding.pop(spell.key, None)
        return self.hospital.admit(spell) if held is None else self._admit_from(spell, *held)

    def _admit_from(self, spell: Spell, service: Service, before: Spell) -> Wait:
        assert self.hospital is not None
        self.rings.block(spell.id, service.pool_of(before), self.hospital, self.now)
        admitted = yield from self.hospital.admit(spell)
        self.rings.unblock(spell.id)
        service.leave(before)
        return admitted

    def ready_at(self, spell: Spell) -> int:
        """When somebody fit is let go by the morning meeting; the dead and zero-day stays do not wait for it."""
        if self.sign_off is None or spell.pathway == DIES or spell.zero_day:
            return spell.fit_at
        return self.sign_off.ready_at(spell.fit_at, spell.sign_off, spell.leaving_hour)

    # -- out of hospital ---------------------------------------------------------------------------------------------

    def by_d2a(self, spell: Spell) -> bool:
        """Whether this person leaves by D2A: it is live where they lie, for their pathway, and they accept."""
        if not spell.accepts_d2a or self.now < self._d2a_from.get(spell.pathway, 0):
            return False
        if spell.room is None:  # joined in mid-flow: already assessed where they come from
            return True
        if self.coverage is None or spell.pathway not in self._d2a_from:
            return False
        return self.coverage.live(spell.room.index, self.now)

    def arrange(self, spell: Spell, by_d2a: bool = False) -> Steps:
        """The days of assessing and arranging before the next place is asked for."""
        ticks = spell.d2a_delay if by_d2a else spell.delay
        parts = self._assessment_part_d2a if by_d2a else self._assessment_part
        return self._arranging(spell, ticks, parts[spell.pathway])

    def arrange_rest(self, spell: Spell, waited: int) -> Steps:
        """What is left of the old process for someone who waited too long for LIFE."""
        rest = max(spell.delay - spell.d2a_delay - waited, 0)
        return self._arranging(spell, rest, 0.0)

    def _arranging(self, spell: Spell, ticks: int, assessment_part: float) -> Steps:
        now, delays = self.env._now, self.record.delays
        assessed, done = now + round(ticks * assessment_part), now + ticks
        if assessed > now:
            delays.append((spell.id, _ASSESSMENT, now, assessed))
        if done > assessed:
            delays.append((spell.id, self._own_reason[spell.pathway], assessed, done))
        free = self._next_weekday(done) if self._weekdays_only[spell.pathway] and self.sign_off else done
        if free > done:
            delays.append((spell.id, _TIMING, done, free))
        if free > now:
            yield self.env.hold(free - now)

    def _next_weekday(self, tick: int) -> int:
        weekday = weekday_of(self.s.clock.start, tick // DAY)
        return tick + max(7 - weekday, 0) * DAY if weekday >= 5 else tick

    def next_place(self, spell: Spell, service: Service, reason: str, rank: int = 0, patience: int = FOREVER) -> Wait:
        """Ask for the next place, keeping the bed until it is there and the hour has come; False if it gave up."""
        start = self.now
        self._waits[spell.id] = (REASONS.index(reason), start)
        blocks = patience >= FOREVER and spell.room is not None and not service.has_room(spell)
        if blocks and self.hospital is not None:
            self.rings.block(spell.id, self.hospital, service.pool_of(spell), start)
        got = yield from service.enter(spell, rank, patience)
        if blocks:
            self.rings.unblock(spell.id)
        reason_row, _ = self._waits.pop(spell.id)
        if self.now > start:
            self.record.delays.append((spell.id, reason_row, start, self.now))
            if got:
                yield from self._until_leaving_hour(spell)
        return got

    def _until_leaving_hour(self, spell: Spell) -> Steps:
        if self.sign_off is None or spell.room is None:
            return
        today = self.now - self.now % DAY + spell.leaving_hour
        leaves = today if today >= self.now else today + DAY
        if leaves > self.now:
            self.record.delays.append((spell.id, _TIMING, self.now, leaves))
            yield self.env.hold(leaves - self.now)

    def discharge(self, spell: Spell) -> None:
        """Leave hospital alive, for home or the next place; readmission or death may now cut short what follows."""
        now = self.now
        spell.discharged_at = now
        if spell.room is not None and self.hospital is not None:
            self.hospital.leave(spell)
        if spell.gap < FOREVER:
            spell.readmitted_at = spell.home_until = now + spell.gap
        elif spell.lifetime < FOREVER:
            spell.died_at = spell.home_until = now + spell.lifetime
        if self.huddles is not None:
            self.huddles.sent_home(spell)

    def die_in_hospital(self, spell: Spell) -> None:
        """Leave the bed by death."""
        spell.discharged_at = spell.died_at = self.now
        if self.hospital is not None:
            self.hospital.leave(spell)

    # -- at home -----------------------------------------------------------------------------------------------------

    def rank(self, entrance: str) -> int:
        """Place of an entrance in LIFE's order of priority; 0 for all if none is stated."""
        return self._ranks.get(entrance, len(self._ranks))

    def spend(self, spell: Spell, ticks: int) -> Wait:
        """Let time pass at home; False if readmission or death comes first."""
        left = spell.home_until - self.now
        if ticks < left:
            yield self.env.hold(ticks)
            return True
        if left > 0:
            yield self.env.hold(left)
        return False

    def cut_short(self, spell: Spell, service: Service, hold_until_admitted: bool) -> None:
        """Support ends by readmission or death; the place is freed now, or kept until the person is in a bed."""
        back = spell.readmitted_at == spell.home_until
        spell.support_end = BACK_TO_HOSPITAL if back else DIED
        if back and hold_until_admitted and spell.next is not None:
            self._holding[spell.key] = (service, spell)
        else:
            service.leave(spell)

    def first_visit(self, spell: Spell, team: Programme) -> None:
        """Send a responder, if LIFE's first visits are modelled."""
        spell.support_end = STILL_SUPPORTED
        if team is self.life and self.responders is not None and spell.fixed_episode < 0:
            self.env.start(self._visit(spell, self.responders))

    def _visit(self, spell: Spell, responders: Place) -> Steps:
        yield from responders.enter(spell.id)
        spell.first_visit_at = self.now + spell.response
        yield self.env.hold(spell.response + self._visit_ticks)
        responders.leave(spell.id)

    def unfinished_delays(self) -> list[tuple[int, int, int, int]]:
        """Waits for a service still on at the edge."""
        return [(spell, reason, start, self.now) for spell, (reason, start) in self._waits.items()]


def _assessment_part(s: Scenario, row: int, d2a: bool) -> float:
    """Share of the delay that is assessing; D2A takes its days from assessing first."""
    leaving = s.leaving.get(PATHWAYS[row])
    if leaving is None or leaving.delay is None or leaving.delay.mean <= 0:
        return 0.0
    effect = s.d2a.pathways.get(PATHWAYS[row]) if d2a and s.d2a else None
    saved = effect.saved_days if effect else 0.0
    rest = leaving.delay.mean - saved
    return max(leaving.assessment_days - saved, 0.0) / rest if rest > 0 else 0.0
