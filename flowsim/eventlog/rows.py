"""Every event of a run as columns of codes, in order; and which bed or slot each stay used."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flowsim.events import (
    ADMITTED,
    AVERTED_HUDDLE,
    AVERTED_INITIATIVE,
    DIVERTED,
    DOORS,
    TURNED_ROUND,
    WAITING,
    EventLog,
)

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

TYPES = ("arrival_departure", "queue", "resource_use", "resource_use_end")
ARRIVAL, QUEUE, USE, END = range(4)

NAMES = ("arrival", "depart", *DOORS, "waiting_for_bed", "between_places")
"""What happens at an event that is not part of a stay; the last two only where each person is in one place."""
WAITING_FOR_BED, BETWEEN = len(NAMES) - 2, len(NAMES) - 1

# Order at one instant: stays end and free their places, people arrive, queue and pass through, stays begin, people go.
_ENDS, _PASSES, _BEGINS, _GOES = range(4)


@dataclass(frozen=True)
class Events:
    """Rows of the event log in order: spell, stay (-1 if none), type, time, and what happens where no stay is meant."""

    spell: Ints
    stay: Ints
    kind: Ints
    time: Floats
    name: Ints


def events(log: EventLog) -> Events:
    """Every event, in order of time and at one instant of what makes room first, then of each person's own story."""
    columns = [np.concatenate(one) for one in zip(*_parts(log), strict=True)]
    spell, stay, kind, turn, time, name = columns
    story = np.append(_story(log), 0)[stay]  # stay -1 takes the last: before or after every stay, by turn and type
    first = np.where(stay >= 0, story + 1, np.where(name == 0, -1, 0))
    order = np.lexsort((kind, first, spell, turn, time))
    spell, stay, kind, name = (one[order].astype(np.intp) for one in (spell, stay, kind, name))
    return Events(spell, stay, kind, time[order].astype(float), name)


_Part = tuple[NDArray[np.generic], ...]


def _part(who: Ints, stay: Ints | int, kind: int, turn: Ints | int, when: Floats, name: Ints | int) -> _Part:
    """Columns of the events of one type; what is the same for all is repeated."""
    one, two, three, four = (np.broadcast_to(value, who.shape) for value in (stay, kind, turn, name))
    return who, one, two, three, when, four


def _parts(log: EventLog) -> list[_Part]:
    """Spell, stay, type, turn, time and name of the events of each type, in no order."""
    spell, entered, left = rows(log, "spell"), log.stay["entered"].astype(float), log.stay["left"].astype(float)
    queued, at, door = log.stay["queued"].astype(float), log.spell["at"].astype(float), codes(log, "door")
    everyone, stays = np.arange(at.size), np.arange(spell.size)
    elsewhere = everyone[np.isin(door, [AVERTED_HUDDLE, TURNED_ROUND, DIVERTED, AVERTED_INITIATIVE])]
    waits = stays[np.isnan(entered) | (queued < entered)]
    uses = stays[~np.isnan(entered)]
    ends = uses[~log.stay["open"].astype(bool)[uses]]
    gone = _departures(log)
    goes = everyone[~np.isnan(gone)]
    lasts = left > entered

    return [
        _part(everyone, -1, ARRIVAL, _PASSES, at, 0),
        _part(elsewhere, -1, QUEUE, _PASSES, at[elsewhere], 2 + door[elsewhere]),
        _part(spell[waits], waits, QUEUE, _PASSES, queued[waits], 0),
        _part(spell[uses], uses, USE, np.where(lasts[uses], _BEGINS, _PASSES), entered[uses], 0),
        _part(spell[ends], ends, END, np.where(lasts[ends], _ENDS, _PASSES), left[ends], 0),
        _part(goes, -1, ARRIVAL, _GOES, gone[goes], 1),
    ]


def _departures(log: EventLog) -> Floats:
    """When each spell was over: the last of its stays ended, or home without any; NaN if it still goes on."""
    spell, last = rows(log, "spell"), log.spell["at"].astype(float)
    left, died = log.spell["discharged"].astype(float), log.spell["died"].astype(float)
    exits = np.where(codes(log, "pathway") < 0, np.fmin(left, died), left)
    np.maximum.at(last, spell, log.stay["left"].astype(float))
    in_hospital = np.isin(codes(log, "door"), [ADMITTED, WAITING])
    going_on = in_hospital & np.isnan(exits)
    going_on[spell[log.stay["open"].astype(bool)]] = True
    held_up = log.delay["spell"].astype(np.intp)[log.delay["end"].astype(float) >= log.horizon]
    going_on[held_up] |= np.isnan(exits[held_up])
    return np.where(going_on, np.nan, np.fmax(last, exits))


def _story(log: EventLog) -> Ints:
    """Rank of each stay in the order they were begun (or, never begun, asked for)."""
    queued, entered = log.stay["queued"].astype(float), log.stay["entered"].astype(float)
    rank = np.empty(queued.size, dtype=np.intp)
    order = np.lexsort((queued, np.where(np.isnan(entered), queued, entered)))  # lexsort is stable: rows in order
    rank[order] = np.arange(queued.size)
    return rank


def slots(log: EventLog) -> Ints:
    """Bed or slot number of each stay, from 1, lowest free first by place; 0 for those who never got in.

    At one instant places are freed first; someone who passes through in no time holds nothing.
    """
    entered, left = log.stay["entered"].astype(float), log.stay["left"].astype(float)
    inside = np.flatnonzero(~np.isnan(entered))
    lasts = left[inside] > entered[inside]
    held = inside[lasts]
    row = np.concatenate([inside, held])
    moment = np.concatenate([entered[inside], left[held]])
    turn = np.concatenate([np.where(lasts, _BEGINS, _PASSES), np.full(held.size, _ENDS)])
    order = np.lexsort((row, turn, moment))
    number = [0] * len(entered)
    free: list[list[int]] = [[] for _ in log.places]
    used = [0] * len(log.places)
    place = rows(log, "place").tolist()
    for one, what in zip(row[order].tolist(), turn[order].tolist(), strict=True):
        here = place[one]
        if what == _ENDS:
            heapq.heappush(free[here], number[one])
        elif what == _PASSES:
            number[one] = free[here][0] if free[here] else used[here] + 1
        elif free[here]:
            number[one] = heapq.heappop(free[here])
        else:
            used[here] += 1
            number[one] = used[here]
    return np.array(number, dtype=np.intp)


def rows(log: EventLog, name: str) -> Ints:
    """Spell or place of each stay, as row numbers."""
    return log.stay[name].astype(np.intp)


def codes(log: EventLog, name: str) -> Ints:
    """A code of each spell."""
    return log.spell[name].astype(np.intp)
