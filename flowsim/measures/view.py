"""One log seen through one window: the columns every measure shares, computed once."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from flowsim.events import BED_KINDS, CORE_KINDS, INITIAL, EventLog, PlaceInfo
from flowsim.measures.steps import Floats, Ints, Mask, Steps, first_of, last_of, overlap, steps, sum_of

Window = tuple[float, float]

_FINE = 2.0**32


def on_grid(days: float) -> float:
    """Bed days to the nearest 2^-32 of a day (20 microseconds), so that their sums and differences are exact."""
    return round(days * _FINE) / _FINE


class View:
    """A log and a window ``[start, end)`` in days.

    Nothing is reset at the start and nobody is dropped at the end: who is inside counts for the days that overlap.

    Raises
    ------
    ValueError
        If the window is empty or not within the run.
    """

    def __init__(self, log: EventLog, window: Window | None = None) -> None:
        self.log = log
        self.start, self.end = log.window if window is None else window
        if not 0.0 <= self.start < self.end <= log.horizon:
            raise ValueError(f"window ({self.start:g}, {self.end:g}) must be within the run, 0 to {log.horizon:g} days")
        self.spells = len(log.spell["at"])
        self.spell: Ints = log.stay["spell"].astype(np.intp)
        self.place: Ints = log.stay["place"].astype(np.intp)
        self.queued, self.entered, self.left = (self.floats("stay", name) for name in ("queued", "entered", "left"))
        self.open: Mask = log.stay["open"].astype(bool)
        self.got_in: Mask = ~np.isnan(self.entered)

    @property
    def days(self) -> float:
        """Length of the window."""
        return self.end - self.start

    def floats(self, table: str, name: str) -> Floats:
        """A column as floats."""
        columns: dict[str, np.ndarray] = getattr(self.log, table)
        return columns[name].astype(np.float64)

    def time(self, name: str) -> Floats:
        """A time of each spell."""
        return self.floats("spell", name)

    def code(self, name: str) -> Ints:
        """A code of each spell."""
        return self.log.spell[name].astype(np.intp)

    def flag(self, name: str) -> Mask:
        """A yes or no of each spell."""
        return self.log.spell[name].astype(bool)

    def within(self, moments: Floats) -> Mask:
        """Which moments lie in the window."""
        return (moments >= self.start) & (moments < self.end)

    def origin(self, *origins: int) -> Mask:
        """Which spells came into the world in these ways."""
        return np.isin(self.code("origin"), origins)

    def door(self, door: int) -> Mask:
        """Of which spells this became at the door."""
        return np.equal(self.code("door"), door)

    def pathway(self, name: str) -> Mask:
        """Which spells take a pathway."""
        number = self.log.pathways.index(name) if name in self.log.pathways else -2
        return np.equal(self.code("pathway"), number)

    def of(self, *kinds: str) -> Mask:
        """Which stays are in places of these kinds."""
        wanted = np.array([place.kind in kinds for place in self.log.places] or [False], dtype=bool)
        return wanted[self.place]

    def places(self, *kinds: str) -> list[PlaceInfo]:
        """Places of these kinds."""
        return [place for place in self.log.places if place.kind in kinds]

    @cached_property
    def placed(self) -> Mask:
        """Stays of those put into their place when the clock started: they began at an unknown earlier time."""
        return self.origin(INITIAL)[self.spell] & (self.entered <= 0.0)

    @cached_property
    def inside(self) -> Floats:
        """Days of each stay in its place within the window."""
        return overlap(self.entered, self.left, self.start, self.end)

    def place_days(self, *kinds: str) -> float:
        """Days in places of these kinds within the window."""
        return float(self.inside[self.of(*kinds)].sum())

    def started(self, *kinds: str) -> Mask:
        """Stays in places of these kinds that began in the window."""
        return self.of(*kinds) & self.within(self.entered) & ~self.placed

    def levels(self, *kinds: str) -> Steps:
        """How many people are in places of these kinds over the window."""
        rows = self.of(*kinds)
        return steps(self.entered[rows], self.left[rows], self.start, self.end)

    @cached_property
    def acute(self) -> Mask:
        """Stays in an acute bed: core or escalation."""
        return self.of(*BED_KINDS) & self.got_in

    @cached_property
    def bed_days(self) -> Floats:
        """Acute bed days of each spell within the window."""
        return sum_of(self.spell[self.acute], self.inside[self.acute], self.spells)

    @cached_property
    def core_days(self) -> float:
        """Core bed days within the window."""
        return on_grid(self.place_days(*CORE_KINDS))

    @cached_property
    def escalation_days(self) -> float:
        """Escalation bed days within the window."""
        return on_grid(self.place_days("escalation"))

    @cached_property
    def first_bed(self) -> Floats:
        """When each spell got its first acute bed; infinity if it never did."""
        return first_of(self.spell[self.acute], self.entered[self.acute], self.spells)

    @cached_property
    def last_bed(self) -> Floats:
        """When each spell left its last acute bed; NaN if it had none, infinity if still in it."""
        until = np.where(self.open, np.inf, self.left)[self.acute]
        last = last_of(self.spell[self.acute], until, self.spells)
        return np.where(last == -np.inf, np.nan, last)

    @cached_property
    def bed_wait(self) -> tuple[Ints, Floats, Floats, Mask]:
        """Waits for a first bed: spell, when it was decided, when the wait ended, still waiting at the edge of the run.

        People put into a bed when the clock started did not wait in this run.
        """
        rows = self.of(*BED_KINDS, "a_and_e")
        asked = first_of(self.spell[rows], self.queued[rows], self.spells)
        gone = last_of(self.spell[rows], self.left[rows], self.spells)
        still = np.zeros(self.spells, dtype=bool)
        still[self.spell[rows & self.open]] = True
        never = np.isinf(self.first_bed)
        put = self.origin(INITIAL) & (self.first_bed <= 0.0)
        who = np.flatnonzero(np.isfinite(asked) & ~put)
        ended = np.where(never, gone, self.first_bed)
        return who, asked[who], ended[who], (never & still)[who]

    def waits(self, asked: Floats, ended: Floats, still: Mask) -> Floats:
        """Days waited by those whose wait ended in the window, and so far by those waiting at its end."""
        over = self.within(ended) & ~still
        waiting = (asked < self.end) & (still | (ended >= self.end))
        return (np.minimum(ended, self.end) - asked)[over | waiting]
