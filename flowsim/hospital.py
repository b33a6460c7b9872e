"""Beds: who lies where, who waits, and when extra beds are opened.

A person needs one acute bed at a time. It is looked for in this order: an assessment unit, the home ward, any ward (as
an outlier), an escalation bed if the rule allows. Whoever finds none waits in A&E, by priority and then by order of
asking. A freed ward bed goes first to somebody whose assessment stay has ended (whose bed goes to A&E in the same
instant), then to A&E, then to an occupant of an escalation bed, and last to an outlier whose home ward it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from functools import partial
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from flowsim.clock import DAY
from flowsim.events import DIVERTED
from flowsim.kernel import MOVE, RESIZE, Environment, Moment
from flowsim.pools import NEVER, Room, Row

if TYPE_CHECKING:
    from flowsim.params.hospital import Escalation
    from flowsim.population.spell import Spell

_MORNING = DAY // 3
"""Eight o'clock: when the bed manager counts."""


class Hospital:
    """The acute beds of one site.

    Parameters
    ----------
    assessment, wards : list of Room
        Core units, in the order in which they are tried.
    escalation : Room or None
        Extra beds; its capacity is the most that may be opened.
    rule : Escalation or None
        When extra beds open and close.
    max_waiting : int or None
        How many may wait for a bed before people are diverted elsewhere; None for no limit.
    line_index : int
        Row of A&E among the places, for those still waiting at the edge.
    rows, begun : list
        Where stays are noted; every spell that has begun, by its id.
    """

    def __init__(
        self,
        env: Environment,
        assessment: list[Room],
        wards: list[Room],
        escalation: Room | None,
        rule: Escalation | None,
        max_waiting: int | None,
        line_index: int,
        rows: list[Row],
        begun: list[Spell],
    ) -> None:
        self.env = env
        self.assessment = assessment
        self.wards = wards
        self.by_index = {ward.index: ward for ward in wards}
        self.escalation = escalation
        self.rule = rule
        self.max_waiting = max_waiting
        self.line_index = line_index
        self.opened = False
        self.calm_mornings = 0
        self.waiting: dict[int, tuple[Spell, int, Moment]] = {}
        self._line: list[tuple[int, int, int]] = []
        self._short_line: list[tuple[int, int, int]] = []
        self._movers: deque[tuple[Spell, int]] = deque()
        self._outliers: dict[int, dict[int, Spell]] = {ward.index: {} for ward in wards}
        self._asked = 0
        self._rows = rows
        self._begun = begun

    def open_doors(self, horizon: float) -> None:
        """Plan the changes of capacity and the morning counts."""
        for room in self.rooms:
            for day, value in room.schedule.changes(horizon):
                self.env.at(round(day * DAY), partial(self._resize, room, value), RESIZE)
        if self.escalation is not None:
            self.env.at(_MORNING, self._count_beds)

    @property
    def rooms(self) -> list[Room]:
        """Every unit, escalation beds last."""
        return [*self.assessment, *self.wards, *([self.escalation] if self.escalation else [])]

    def occupancy(self) -> float:
        """Acute beds in use over core beds available."""
        core = [*self.assessment, *self.wards]
        capacity = sum(room.capacity for room in core)
        used = sum(room.used for room in core) + (self.escalation.used if self.escalation else 0)
        return used / capacity if capacity else float(used > 0)

    def occupants(self) -> int:
        """People in acute beds."""
        return sum(len(room.guests) for room in self.rooms)

    def may_open(self) -> bool:
        """Whether a bed could come free although nobody leaves: unused, still to be opened, or planned."""
        return any(room.used < room.capacity or room.schedule.rises_after(self.env._now / DAY) for room in self.rooms)

    def __str__(self) -> str:
        return "acute beds"

    # -- coming in ---------------------------------------------------------------------------------------------------

    def admit(self, spell: Spell) -> Generator[Moment, bool, bool]:
        """Find a bed, waiting in A&E if need be; False if the person is diverted for want of waiting room."""
        now = self.env._now
        room = self._room_for(spell)
        if room is not None:
            self._seat(spell, room, now)
            return True
        if self.max_waiting is not None and len(self.waiting) >= self.max_waiting:
            spell.door = DIVERTED
            return False
        event = Moment(self.env)
        self._asked += 1
        self.waiting[spell.id] = (spell, now, event)
        line = self._short_line if spell.zero_day and self.assessment else self._line
        heappush(line, (spell.priority, self._asked, spell.id))
        limit = self.rule.open_after_wait_hours if self.rule else None
        if limit is not None and not self.opened and line is self._line:
            self.env.at(now + round(limit * DAY / 24), lambda _: self._waited_too_long(spell, event))
        return (yield event)

    def leave(self, spell: Spell) -> None:
        """Free the bed and give it to the next."""
        room = self._vacate(spell)
        spell.room = None
        self._fill(room)

    def _room_for(self, spell: Spell) -> Room | None:
        for room in self.assessment:
            if room.used < room.capacity:
                return room
        if spell.zero_day and self.assessment:
            return None
        ward = self._ward_for(spell)
        if ward is not None:
            return ward
        if self.escalation is not None and self._escalates() and self.escalation.has_room():
            return self.escalation
        return None

    def _ward_for(self, spell: Spell) -> Room | None:
        home = self.by_index.get(spell.home_ward)
        if home is not None and home.used < home.capacity:
            return home
        for ward in self.wards:
            if ward.used < ward.capacity:
                return ward
        return None

    def _vacate(self, spell: Spell) -> Room:
        room = spell.room
        assert room is not None
        room.release(spell.id)
        if room.index in self.by_index and room.index != spell.home_ward:
            self._outliers.get(spell.home_ward, {}).pop(spell.id, None)
        return room

    def _occupy(self, spell: Spell, room: Room, queued: int) -> None:
        room.take(spell.id, queued)
        spell.room = room
        if room.index in self.by_index and room.index != spell.home_ward and spell.home_ward in self._outliers:
            self._outliers[spell.home_ward][spell.id] = spell

    def _seat(self, spell: Spell, room: Room, queued: int) -> None:
        self._occupy(spell, room, queued)
        if room in self.assessment and not spell.zero_day and self.wards and spell.assessment < spell.clinical:
            self.env.at(self.env._now + spell.assessment, lambda _: self._move_on(spell), MOVE)

    # -- moving on ---------------------------------------------------------------------------------------------------

    def _move_on(self, spell: Spell) -> None:
        if spell.room is None or spell.room not in self.assessment:
            return
        ward = self._ward_for(spell)
        if ward is None:
            self._movers.append((spell, self.env._now))
        else:
            self._move(spell, ward, self.env._now)

    def _move(self, spell: Spell, to: Room, wanted: int) -> None:
        self._fill(self._change_bed(spell, to, wanted))

    def _change_bed(self, spell: Spell, to: Room, wanted: int) -> Room:
        """Move somebody; returns the unit they leave, whose bed is to be given away."""
        room = self._vacate(spell)
        self._occupy(spell, to, wanted)
        return room

    def _fill(self, room: Room) -> None:
        """Give the free beds of a unit to whoever comes next, and likewise every bed that this frees in turn."""
        to_fill = [room]  # one move can set off hundreds in a large hospital: a list rather than recursion
        while to_fill:
            room = to_fill[-1]
            left = self._give_bed(room) if room.used < room.capacity else None
            if left is None:
                to_fill.pop()
            elif left is not room:
                to_fill.append(left)

    def _give_bed(self, room: Room) -> Room | None:
        """Give one free bed of a unit; returns the unit the taker leaves, or this one if they come from A&E."""
        is_ward = room.index in self.by_index
        while is_ward and self._movers:
            spell, wanted = self._movers.popleft()
            if spell.room in self.assessment:
                return self._change_bed(spell, room, wanted)
        waiter = self._next_waiting(room)
        if waiter is not None:
            self._let_in(waiter, room)
            return room
        if is_ward and self.escalation is not None and self.escalation.guests:
            longest = next(iter(self.escalation.guests))
            return self._change_bed(self._begun[longest], room, self.env._now)
        if is_ward and self._outliers[room.index]:
            return self._change_bed(next(iter(self._outliers[room.index].values())), room, self.env._now)
        return None

    def _next_waiting(self, room: Room) -> int | None:
        """Spell of the first in line who may use this unit; taken out of the line."""
        if not self.waiting or (room is self.escalation and not self.opened):
            return None
        lines = [self._line, self._short_line] if room in self.assessment else [self._line]
        heads = [line for line in lines if line]
        if not heads:
            return None
        return heappop(min(heads, key=lambda line: line[0]))[2]

    def _let_in(self, spell_id: int, room: Room) -> None:
        spell, queued, event = self.waiting.pop(spell_id)
        self._seat(spell, room, queued)
        self.env.grant(event, True)

    # -- extra beds --------------------------------------------------------------------------------------------------

    def _escalates(self) -> bool:
        if not self.opened and self.rule is not None:
            trigger = self.rule.open_at_occupancy
            if trigger is not None and self.occupancy() >= trigger:
                self._open()
        return self.opened

    def _open(self) -> None:
        """Open the extra beds, first of all to those who already wait."""
        assert self.escalation is not None
        self.opened, self.calm_mornings = True, 0
        self._fill(self.escalation)

    def _waited_too_long(self, spell: Spell, event: Moment) -> None:
        waiter = self.waiting.get(spell.id)
        if waiter is not None and waiter[2] is event and self.escalation is not None:
            self._open()

    def _count_beds(self, _: Moment) -> None:
        assert self.rule is not None
        self.calm_mornings = self.calm_mornings + 1 if self.occupancy() < self.rule.close_below else 0
        if self.calm_mornings >= self.rule.close_after_days:
            self.opened = False
        self.env.at(self.env._now + DAY, self._count_beds)

    def _resize(self, room: Room, capacity: float, _: Moment) -> None:
        room.resize(capacity)
        self._fill(room)

    def still_waiting(self) -> list[Row]:
        """Rows of those in line at the edge, as rows of A&E."""
        now = self.env._now
        return [(spell.id, self.line_index, queued, NEVER, now) for spell, queued, _ in self.waiting.values()]
