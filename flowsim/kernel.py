"""A lean SimPy environment: whole ticks, a fixed order at one instant, nothing scheduled that nobody waits for.

What SimPy does in general (condition events, interrupts, a process that is itself an event) costs most of the time of a
model in which each person only holds, asks and leaves. :class:`Environment` and :class:`Story` keep SimPy's events and
generators and drop the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from heapq import heappop, heappush
from typing import Any

import simpy

RESIZE, DEPART, MOVE, ARRIVE = range(4)
"""Order of things planned for one instant: capacities, departures, moves and lost patience, arrivals."""

Steps = Generator["Moment", Any, Any]


class Moment(simpy.Event):
    """An event that is sure to happen."""

    _value: Any = None
    _ok = True

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.callbacks = []


class Story(simpy.Process):
    """A person's steps. It begins at once, ends silently, and cannot be interrupted."""

    def __init__(self, env: Environment, steps: Steps) -> None:
        self.env = env
        self.callbacks = []
        self._advance = steps.send
        self._resume(_BEGIN)

    def _resume(self, event: simpy.Event) -> None:
        try:
            target = self._advance(event._value)
        except StopIteration:
            return
        target.callbacks.append(self._resume)


class _Begin:
    _value = None


_BEGIN: Any = _Begin()


_Planned = tuple[int, int, int, Sequence[Callable[[Any], None]], Moment | None]
"""(tick, order, number, what to do, with which event): sorted by the first three, which no two share."""


class Environment(simpy.Environment):
    """SimPy's environment on whole ticks, without the parts this model never uses."""

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self._now: int = 0
        self._count = 0
        self._calendar: list[_Planned] = []

    @property
    def now(self) -> int:
        """Current tick."""
        return self._now

    def hold(self, ticks: int, order: int = DEPART) -> Moment:
        """An event ``ticks`` from now, a whole number of at least 0."""
        moment = Moment(self)
        self._count += 1
        heappush(self._calendar, (self._now + ticks, order, self._count, moment.callbacks, moment))
        return moment

    def at(self, tick: int, action: Callable[[Any], None], order: int = MOVE) -> None:
        """Do something at a tick that has not passed."""
        self._count += 1
        heappush(self._calendar, (tick, order, self._count, (action,), None))

    def grant(self, event: Moment, value: Any) -> None:
        """Let whoever waits for ``event`` go on at this instant, after earlier departures."""
        event._value = value
        self._count += 1
        heappush(self._calendar, (self._now, DEPART, self._count, event.callbacks, event))

    def start(self, steps: Steps) -> None:
        """Begin a story now."""
        Story(self, steps)

    def run_to(self, horizon: int) -> None:
        """Do everything planned before ``horizon``; what is planned for it or later never happens."""
        calendar = self._calendar
        while calendar and calendar[0][0] < horizon:
            self._now, _, _, callbacks, event = heappop(calendar)
            for callback in callbacks:
                callback(event)
        self._now = horizon
        calendar.clear()
