"""One spell: what was planned for it before the clock started, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import IntEnum
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.clock import FOREVER
from flowsim.events import ADMITTED, NO_SUPPORT, PRESENTATION

if TYPE_CHECKING:
    from flowsim.pools import Room

UNKNOWN = -1
NOT_INDUCED, BY_HUDDLE = -1, -2
"""What raised the demand for a spell, where it was no initiative (else its row)."""
DIES = -1
"""Pathway of those who die in hospital."""


class Begins(IntEnum):
    """Where a spell enters the story."""

    PRESENTS = 0
    IN_BED = 1
    READY = 2
    REFERRED_TO_LIFE = 3
    REFERRED_TO_STEP_DOWN = 4
    REFERRED_TO_PLACEMENT = 5
    REFERRED_TO_HOME_CARE = 6
    IN_LIFE = 7
    IN_STEP_DOWN = 8
    IN_PLACEMENT = 9
    IN_HOME_CARE = 10


@dataclass(slots=True, eq=False)
class Spell:
    """A person's way through the system once; durations in ticks.

    The first block is the plan, fixed before the run. ``gap`` is the time from leaving hospital to the next spell and
    ``lifetime`` to death, :data:`~flowsim.clock.FOREVER` if neither comes in this run. The second block is noted as
    things happen, -1 while they have not.
    """

    key: int
    depth: int
    at: int
    origin: int = PRESENTATION
    begins: Begins = Begins.PRESENTS
    person: int = UNKNOWN
    supported_person: int = UNKNOWN
    practice: int = UNKNOWN
    cohort: int = 0
    priority: int = 1
    locality: str = ""
    pathway: int = 0
    zero_day: bool = False
    a_and_e: bool = True
    induced: bool = False
    averted: bool = False
    averted_by: int = -1
    induced_by: int = NOT_INDUCED
    reached: int = 0
    stay_changed: bool = False
    huddle_luck: float = 1.0
    door_luck: float = 1.0
    clinical: int = 0
    assessment: int = 0
    home_ward: int = 0
    sign_off: float = 0.0
    leaving_hour: int = 0
    delay: int = 0
    d2a_delay: int = 0
    accepts_d2a: bool = False
    to_reablement: bool = False
    life: float = 0.0
    reablement: float = 0.0
    fixed_episode: int = UNKNOWN
    fixed_reaches_cap: bool = False
    elapsed: int = 0
    exit_wait: int = 0
    reablement_exit_wait: int = 0
    at_cap: int = 0
    reablement_at_cap: int = 0
    step_down: int = 0
    p3_step_down: int = 0
    after_step_down: int = 0
    response: int = 0
    hours: int = 0
    package_stay: int = 0
    placement_stay: int = 0
    gap: int = FOREVER
    lifetime: int = FOREVER
    next: Spell | None = None

    id: int = field(default=UNKNOWN, init=False)
    door: int = field(default=ADMITTED, init=False)
    room: Room | None = field(default=None, init=False)
    began: int = field(default=UNKNOWN, init=False)
    bed_at: int = field(default=UNKNOWN, init=False)
    fit_at: int = field(default=UNKNOWN, init=False)
    ready_at: int = field(default=UNKNOWN, init=False)
    discharged_at: int = field(default=UNKNOWN, init=False)
    died_at: int = field(default=UNKNOWN, init=False)
    readmitted_at: int = field(default=UNKNOWN, init=False)
    first_visit_at: int = field(default=UNKNOWN, init=False)
    package_at: int = field(default=UNKNOWN, init=False)
    support_end: int = field(default=NO_SUPPORT, init=False)
    d2a: bool = field(default=False, init=False)
    fell_back: bool = field(default=False, init=False)
    home_until: int = field(default=FOREVER, init=False)


def spells_of(columns: dict[str, Any]) -> list[Spell]:
    """One :class:`Spell` for each row of the columns; fields that have no column keep their default.

    By position, field after field: by name it takes three times as long, and this is a fifth of a run.
    """
    unknown = columns.keys() - _DEFAULTS.keys()
    if unknown:
        raise TypeError(f"a spell has no {sorted(unknown)[0]!r}")
    size = len(columns["key"])
    by_field = [
        repeat(default, size) if name not in columns else _values(columns[name]) for name, default in _DEFAULTS.items()
    ]
    return list(map(Spell, *by_field))


def _values(column: Any) -> Iterable[Any]:
    values: Iterable[Any] = column.tolist() if isinstance(column, np.ndarray) else column
    return values


_DEFAULTS = {one.name: one.default for one in fields(Spell) if one.init}
