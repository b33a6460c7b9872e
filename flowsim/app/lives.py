"""People whose lives differ between two worlds, and how they differ, most first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flowsim import events as e
from flowsim.events import EventLog
from flowsim.measures.steps import Floats, sum_of
from flowsim.measures.view import View

Array = NDArray[Any]

MOST = 60
"""People offered: more than anybody reads."""
_STAND_INS = 2**31  # residents are numbered from 0; numbers beyond are made of the spell they stand in for


@dataclass(frozen=True, slots=True)
class Differing:
    """A person, their days in hospital in both worlds, and why the two differ."""

    person: int
    base_days: float
    plan_days: float
    why: str

    @property
    def words(self) -> str:
        """One line to choose by."""
        days = f"{self.base_days:.1f} days in hospital without the plan, {self.plan_days:.1f} with it"
        return f"Person {self.person}: {self.why}; {days}"


def differing(base: EventLog, plan: EventLog, most: int = MOST) -> list[Differing]:
    """Residents whose days in hospital differ: those with a stated reason first, the largest differences first.

    Parameters
    ----------
    base, plan : EventLog
        Two scenarios with the same seed and replication.
    """
    one, two = View(base, base.window), View(plan, base.window)
    people = np.unique(np.concatenate([_people(base), _people(plan)]))
    people = people[people >= 0]
    before, after = _days(one, people), _days(two, people)
    reasons = [(why, _holders(plan, people, mask) & ~_holders(base, people, other)) for why, mask, other in
               _reasons(base, plan)]  # fmt: skip
    order = np.argsort(-np.abs(before - after), kind="stable")
    found: list[Differing] = []
    for why, mask in [
        *reasons,
        ("a bed was free sooner or later, or another stay followed", np.ones(people.size, bool)),
    ]:
        rows = [row for row in order.tolist() if mask[row] and abs(before[row] - after[row]) > 0.05]
        known = {one.person for one in found}
        found += [
            Differing(int(people[row]), float(before[row]), float(after[row]), why)
            for row in rows[: max(most // 4, 1)]
            if int(people[row]) not in known
        ]
    return found[:most]


def _people(log: EventLog) -> Array:
    """The resident of each spell; −1 for people from elsewhere and for stand-ins, who have no life beside the spell."""
    people = np.asarray(log.spell["person"], dtype=np.int64)
    resident = (np.asarray(log.spell["practice"], dtype=np.int64) >= 0) & (people < _STAND_INS)
    return np.where(resident, people, -1)


def _days(view: View, people: Array) -> Floats:
    own = _people(view.log)
    inside = own >= 0
    return sum_of(np.searchsorted(people, own[inside]).astype(np.intp), view.bed_days[inside], people.size)


def _holders(log: EventLog, people: Array, mask: Array) -> Array:
    found: Array = np.isin(people, _people(log)[mask])
    return found


def _reasons(base: EventLog, plan: EventLog) -> list[tuple[str, Array, Array]]:
    """Why a life differs, and for plan and base the spells that tell so."""

    def door(log: EventLog, code: int) -> Array:
        return np.asarray(log.spell["door"] == code)

    def flag(log: EventLog, name: str) -> Array:
        return np.asarray(log.spell[name]).astype(bool)

    return [
        ("went home by Discharge to Assess", flag(plan, "d2a"), flag(base, "d2a")),
        ("sent home from A&E with LIFE", door(plan, e.TURNED_ROUND), door(base, e.TURNED_ROUND)),
        ("a Huddle kept them out of hospital", door(plan, e.AVERTED_HUDDLE), door(base, e.AVERTED_HUDDLE)),
    ]
