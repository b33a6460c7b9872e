"""Places with changing capacity: rooms, and places with a line before them.

A place notes queued, entered and left by itself, in one row per stay. Lowering its capacity never puts anyone out;
raising it lets people in at once. Nobody passes somebody who asked earlier with the same rank.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from flowsim.clock import DAY, FOREVER
from flowsim.kernel import MOVE, RESIZE, Environment, Moment

if TYPE_CHECKING:
    from flowsim.schedules import Schedule

Row = tuple[int, int, int, int, int]
"""(spell, place, queued, entered, left) in ticks; entered is -1 for someone who gave up."""

NEVER = -1


class Room:
    """A number of places and who is in them; no line of its own.

    Parameters
    ----------
    env : Environment
    index : int
        Its row among the places of the run.
    capacity : Schedule
        Places by day; infinity if unlimited.
    rows, unit_rows : list
        Where finished stays, and changes of units in use, are noted.
    """

    def __init__(
        self, env: Environment, index: int, capacity: Schedule, rows: list[Row], unit_rows: list[Any] | None = None
    ) -> None:
        self.env = env
        self.index = index
        self.schedule = capacity
        self.capacity: float = capacity.at(0.0)
        self.used = 0
        self.guests: dict[int, tuple[int, int, int]] = {}
        self._rows = rows
        self._unit_rows = unit_rows

    def has_room(self, units: int = 1) -> bool:
        """Whether so many units are free."""
        return self.used + units <= self.capacity

    def take(self, spell: int, queued: int, units: int = 1) -> None:
        """Put someone in."""
        self.used += units
        self.guests[spell] = (queued, self.env._now, units)
        if self._unit_rows is not None:
            self._unit_rows.append((spell, self.index, self.env._now, units))

    def release(self, spell: int) -> None:
        """Note the stay and free what it used."""
        queued, entered, units = self.guests.pop(spell)
        self.used -= units
        self._rows.append((spell, self.index, queued, entered, self.env._now))
        if self._unit_rows is not None:
            self._unit_rows.append((spell, self.index, self.env._now, 0))

    def plan_changes(self, horizon: float) -> None:
        """Schedule every change of capacity, before anything else of its instant."""
        for day, value in self.schedule.changes(horizon):
            self.env.at(round(day * DAY), partial(self._change, value), RESIZE)

    def _change(self, capacity: float, _: Moment) -> None:
        self.resize(capacity)

    def resize(self, capacity: float) -> None:
        """Another capacity from now on."""
        self.capacity = capacity


class Place(Room):
    """A room with a line: served by rank, then by order of asking."""

    def __init__(
        self,
        env: Environment,
        index: int,
        capacity: Schedule,
        rows: list[Row],
        unit_rows: list[Any] | None = None,
        name: str = "",
    ) -> None:
        super().__init__(env, index, capacity, rows, unit_rows)
        self.name = name
        self.waiting: dict[int, tuple[int, Moment, int, int]] = {}
        self._line: list[tuple[int, int, int]] = []
        self._asked = 0

    def enter(
        self, spell: int, rank: int = 0, patience: int = FOREVER, units: int = 1
    ) -> Generator[Moment, bool, bool]:
        """Go in, waiting if need be.

        Returns
        -------
        bool
            True once inside; False if ``patience`` (ticks) ran out first.
        """
        now = self.env._now
        if not self.waiting and self.used + units <= self.capacity:
            self.take(spell, now, units)
            return True
        if patience <= 0:
            self._rows.append((spell, self.index, now, NEVER, now))
            return False
        event = Moment(self.env)
        self._asked += 1
        self.waiting[spell] = (now, event, units, self._asked)
        heappush(self._line, (rank, self._asked, spell))
        self._fill()
        if patience < FOREVER:
            self.env.at(now + patience, lambda _: self.withdraw(spell, event), MOVE)
        return (yield event)

    def occupants(self) -> int:
        """People inside."""
        return len(self.guests)

    def may_open(self) -> bool:
        """Whether a place could come free although nobody leaves."""
        return self.used < self.capacity or self.schedule.rises_after(self.env._now / DAY)

    def __str__(self) -> str:
        return self.name

    def leave(self, spell: int) -> None:
        """Go out, and let the next in."""
        self.release(spell)
        if self.waiting:
            self._fill()

    def shrink(self, spell: int, units: int) -> None:
        """Use fewer units from now on."""
        queued, entered, before = self.guests[spell]
        self.guests[spell] = (queued, entered, units)
        self.used -= before - units
        if self._unit_rows is not None:
            self._unit_rows.append((spell, self.index, self.env._now, units))
        if self.waiting:
            self._fill()

    def withdraw(self, spell: int, event: Moment) -> None:
        """Stop waiting, if this very wait is still on; whoever waited is told False."""
        waiter = self.waiting.get(spell)
        if waiter is None or waiter[1] is not event:
            return
        del self.waiting[spell]
        self._rows.append((spell, self.index, waiter[0], NEVER, self.env._now))
        self.env.grant(event, False)
        self._fill()

    def resize(self, capacity: float) -> None:
        """Another capacity from now on; a higher one lets people in at once."""
        self.capacity = capacity
        self._fill()

    def _fill(self) -> None:
        line = self._line
        while line:
            _, order, spell = line[0]
            waiter = self.waiting.get(spell)
            if waiter is None or waiter[3] != order:  # gave up, and may have asked again since
                heappop(line)
                continue
            queued, event, units, _ = waiter
            if self.used + units > self.capacity:
                return
            heappop(line)
            del self.waiting[spell]
            self.take(spell, queued, units)
            self.env.grant(event, True)
