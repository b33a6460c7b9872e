"""Where each person is at each moment: one place at a time, for tools that draw people in places.

In the record a person may hold two places at once: an assessment bed while a ward is asked for, a ward bed while a LIFE
slot is kept, a slot while a responder calls. Drawn, a person is in one of them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from flowsim.eventlog.rows import ARRIVAL, BETWEEN, END, QUEUE, USE, WAITING_FOR_BED, Events, Ints, events, rows
from flowsim.events import BED_KINDS, EventLog

WARDS = (*BED_KINDS, "a_and_e")
"""Kinds of places in hospital; whoever waits for one of them and is in none waits in A&E."""
VISITS = ("responders",)
"""Kinds that are not places to be in: the first visits at home."""

# Order at one instant: places are left, people arrive, wait, enter, depart.
_LEAVE, _COME, _WAIT, _ENTER, _GO = range(5)

_State = tuple[int, int, int]
"""What the row is of: the stay (-1 if none), its type, and its name where it is of no stay."""
_Row = tuple[float, int, int, int, int, int]
"""Time, turn, spell, stay, type, name."""


def whereabouts(log: EventLog) -> Events:
    """Rows of arriving, of being somewhere from then on, and of departing, in order of time.

    A hospital bed comes before a service, the service begun last before others, any of them before a wait. What begins
    and ends in one instant is not a place one was in. Whoever is in none and waits for none, and has not departed, is
    between places.
    """
    happened = events(log)
    by_spell: dict[int, list[int]] = defaultdict(list)
    for row, spell in enumerate(happened.spell.tolist()):
        by_spell[spell].append(row)
    kind = [log.places[place].kind for place in rows(log, "place").tolist()]
    given_up = np.where(np.isnan(log.stay["entered"].astype(float)), log.stay["left"].astype(float), math.inf).tolist()
    found = [one for spell in sorted(by_spell) for one in _walk(happened, by_spell[spell], kind, given_up)]
    columns = list(zip(*sorted(found), strict=True)) or [()] * 6
    time, _, who, stay, what, name = columns
    as_ints = [np.array(one, dtype=np.intp) for one in (who, stay, what, name)]
    return Events(as_ints[0], as_ints[1], as_ints[2], np.array(time, dtype=float), as_ints[3])


def unlimited(log: EventLog) -> Ints:
    """Rows of the places without a limit: nobody waits for them, and they have no numbered beds or slots."""
    return np.flatnonzero([math.isinf(max(place.capacities)) for place in log.places]).astype(np.intp)


def _walk(happened: Events, mine: list[int], kind: list[str], given_up: list[float]) -> Iterator[_Row]:
    """The rows of one spell, in no order within an instant: the turn says it."""
    spell = int(happened.spell[mine[0]])
    open_, waits = _Held(kind), _Held(kind)
    before: _State | None = None
    for moment, now in _instants(happened, mine):
        gone = False
        for row in now:
            stay, what, name = int(happened.stay[row]), int(happened.kind[row]), int(happened.name[row])
            if stay < 0:
                gone = gone or (what == ARRIVAL and name == 1)
                yield moment, _turn(what, name), spell, -1, what, name
            else:
                _take(open_, waits, stay, what)
        state = None if gone else open_.first() or waits.first_wait(given_up, moment) or (-1, QUEUE, BETWEEN)
        if state != before:
            if before is not None and before[1] == USE:
                yield moment, _LEAVE, spell, before[0], END, 0
            if state is not None:
                yield moment, _ENTER if state[1] == USE else _WAIT, spell, *state
            before = state


def _turn(what: int, name: int) -> int:
    return _WAIT if what != ARRIVAL else (_GO if name == 1 else _COME)


def _instants(happened: Events, mine: list[int]) -> Iterator[tuple[float, list[int]]]:
    """The spell's rows by moment."""
    start = 0
    for end in range(1, len(mine) + 1):
        if end == len(mine) or happened.time[mine[end]] != happened.time[mine[start]]:
            yield float(happened.time[mine[start]]), mine[start:end]
            start = end


class _Held:
    """Stays that are open, or waited for, in the order they were begun."""

    def __init__(self, kind: list[str]) -> None:
        self.kind, self.stays = kind, dict[int, None]()

    def first(self) -> _State | None:
        """The place to be in."""
        beds = [stay for stay in self.stays if self.kind[stay] in BED_KINDS]
        others = [stay for stay in self.stays if self.kind[stay] not in (*BED_KINDS, *VISITS)]
        return next(((stay, USE, 0) for stay in (*reversed(beds), *reversed(others))), None)

    def first_wait(self, given_up: list[float], moment: float) -> _State | None:
        """What is waited for; a wait that was never fulfilled ends when it was given up, or at the edge."""
        wanted = [stay for stay in self.stays if self.kind[stay] not in VISITS and given_up[stay] > moment]
        if any(self.kind[stay] in WARDS for stay in wanted):
            return -1, QUEUE, WAITING_FOR_BED
        return next(((stay, QUEUE, 0) for stay in reversed(wanted)), None)


def _take(open_: _Held, waits: _Held, stay: int, what: int) -> None:
    """Note what a row of a stay says."""
    if what == QUEUE:
        waits.stays[stay] = None
    else:
        waits.stays.pop(stay, None)
        if what == USE:
            open_.stays[stay] = None
        else:
            open_.stays.pop(stay, None)
