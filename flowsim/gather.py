"""From what was noted in a run to its record: columns in days, with those still inside counted up to the edge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np

from flowsim.build import Builder
from flowsim.clock import DAY
from flowsim.events import ADMITTED, AVERTED_INITIATIVE, IN_COMMUNITY, REACH, WAITING, EventLog, PlaceInfo
from flowsim.params.initiatives import counting
from flowsim.params.people import PATHWAYS
from flowsim.params.practices import practice_sizes
from flowsim.params.scenario import Scenario
from flowsim.params.values import schedule_of
from flowsim.pools import NEVER, Row
from flowsim.population import Plan
from flowsim.population.spell import UNKNOWN, Begins, Spell
from flowsim.services import Service
from flowsim.world import World

Columns = dict[str, np.ndarray]


def gather(builder: Builder, world: World, plan: Plan, seed: int, replication: int) -> EventLog:
    """The record of a run that has stopped."""
    s, record = builder.s, world.record
    horizon = s.clock.horizon
    count = len(practice_sizes(s.population)) if s.population else 0
    return EventLog(
        scenario=s.name,
        fingerprint=s.fingerprint,
        seed=seed,
        run_number=replication,
        start=s.clock.start,
        window=s.clock.window,
        horizon=horizon,
        cohorts=tuple(s.cohorts),
        pathways=tuple(PATHWAYS),
        practices=tuple(f"Practice {row + 1}" for row in range(count)),
        practices_live=tuple(plan.practices_live),
        places=tuple(_place_info(*place) for place in builder.places),
        spell=_spell_columns(record.begun, horizon) | (_initiatives_of(record.begun) if s.initiatives else {}),
        stay=_stay_columns(record.rows, _open_rows(world)),
        delay=_delay_columns([*record.delays, *world.unfinished_delays()], horizon),
        unit=_table(record.units, ("spell", "place", "at", "units"), ("at",)),
        meeting=_table(world.huddles.held if world.huddles else [], ("practice", "at", "cases", "new_people"), ("at",)),
        support=_table(
            world.huddles.supports if world.huddles else [], ("person", "practice", "start", "end"), ("start", "end")
        ),
        initiatives=tuple(s.initiatives),
        reach=_reach_of(s, record.begun),
        counting=tuple(counting(s.initiatives, s.population is not None)),
    )


def _place_info(name: str, kind: str, locality: str, schedule: Any) -> PlaceInfo:
    # The run changed a capacity on a whole tick: 8 o'clock is there what it is to those who enter at 8 o'clock.
    days = tuple(day if math.isinf(day) else round(day * DAY) / DAY for day in schedule.days)
    return PlaceInfo(name, kind, locality, days, tuple(schedule.values))


def _days(ticks: np.ndarray) -> np.ndarray:
    """Ticks as days; what never came is NaN."""
    return np.where(ticks < 0, math.nan, ticks / DAY)


def _table(rows: list[Any], names: tuple[str, ...], times: tuple[str, ...]) -> Columns:
    columns = _whole_numbers(rows, len(rows), names)
    return {name: _days(column) if name in times else column for name, column in columns.items()}


def _open_rows(world: World) -> list[Row]:
    """Rows, up to the edge, of those still inside or still waiting."""
    now = world.env._now
    rows: list[Row] = []
    rooms = list(world.hospital.rooms) if world.hospital else []
    pools = [pool for service in _services(world) for pool in service.pools.values()]
    if world.responders is not None:
        pools.append(world.responders)
    for room in [*rooms, *pools]:
        rows += [(spell, room.index, queued, entered, now) for spell, (queued, entered, _) in room.guests.items()]
    for pool in pools:
        rows += [(spell, pool.index, waiter[0], NEVER, now) for spell, waiter in pool.waiting.items()]
    return rows + (world.hospital.still_waiting() if world.hospital else [])


def _services(world: World) -> list[Service]:
    programmes = [programme.service for programme in (world.life, world.reablement) if programme]
    return programmes + [one for one in (world.step_down, world.placements, world.home_care) if one]


def _stay_columns(rows: list[Row], still: list[Row]) -> Columns:
    columns = _table([*rows, *still], ("spell", "place", "queued", "entered", "left"), ("queued", "entered", "left"))
    columns["open"] = np.arange(len(rows) + len(still)) >= len(rows)
    return columns


def _delay_columns(rows: list[Any], horizon: float) -> Columns:
    columns = _table(rows, ("spell", "reason", "start", "end"), ("start", "end"))
    inside = columns["start"] < horizon
    columns = {name: column[inside] for name, column in columns.items()}
    columns["end"] = np.minimum(columns["end"], horizon)
    return columns


_WHOLE = {
    "root": "key",
    "depth": "depth",
    "origin": "origin",
    "person": "person",
    "practice": "practice",
    "cohort": "cohort",
    "pathway": "pathway",
    "support_end": "support_end",
    "home_ward": "home_ward",
}
_FLAGS = ("induced", "zero_day", "a_and_e", "accepts_d2a", "d2a", "fell_back")
_TIMES = {
    "at": "began",
    "fit": "fit_at",
    "ready": "ready_at",
    "discharged": "discharged_at",
    "died": "died_at",
    "readmitted": "readmitted_at",
    "package_at": "package_at",
}


def _spell_columns(spells: list[Spell], horizon: float) -> Columns:
    noted = _noted(spells)
    columns: Columns = {name: noted[source] for name, source in _WHOLE.items()}
    columns |= {name: noted[name].astype(bool) for name in _FLAGS}
    for name, source in _TIMES.items():
        times = _days(noted[source])
        columns[name] = np.where(times < horizon, times, math.nan)
    visit = _days(noted["first_visit_at"])
    columns["first_visit"] = np.where(visit < horizon, visit - columns["discharged"], math.nan) * 24.0
    columns["package_hours"] = np.where(np.isnan(columns["package_at"]), 0, noted["hours"])
    door = np.where((noted["door"] == ADMITTED) & (noted["bed_at"] < 0), WAITING, noted["door"])
    columns["door"] = np.where(noted["begins"] > Begins.IN_BED, IN_COMMUNITY, door)
    return columns


def _initiatives_of(spells: list[Spell]) -> Columns:
    """Which initiative averted each spell, and which induced it; -1 if none did."""
    averted = [spell.averted_by if spell.door == AVERTED_INITIATIVE else UNKNOWN for spell in spells]
    induced = [max(spell.induced_by, UNKNOWN) for spell in spells]
    changed = np.array([spell.stay_changed for spell in spells], dtype=bool)
    columns = {"averted_by": np.array(averted, dtype=np.int64), "induced_by": np.array(induced, dtype=np.int64)}
    return columns | {"stay_changed": changed}


def _reach_of(s: Scenario, spells: list[Spell]) -> Columns:
    """Whom each initiative reached, and with which share of its strength when the spell began."""
    on = counting(s.initiatives, s.population is not None)
    bits = np.array([spell.reached for spell in spells], dtype=np.int64 if len(on) < 63 else object)
    at = np.array([spell.began for spell in spells], dtype=np.int64) / DAY
    found = [(np.zeros(0, dtype=np.int64), 0, np.zeros(0))]
    for place, one in enumerate(on.values()):
        strength = schedule_of(one.strength, s.clock.start).at_all(at)
        rows = np.flatnonzero(((bits >> place) % 2 == 1) & (strength > 0.0))
        found.append((rows, place, strength[rows]))
    which = [np.full(len(rows), place) for rows, place, _ in found]
    columns = ([rows for rows, _, _ in found], which, [strength for _, _, strength in found])
    return dict(zip(REACH, map(np.concatenate, columns), strict=True))


def _noted(spells: list[Spell]) -> Columns:
    """What was noted on the spells, field by field; each spell is visited once."""
    names = [*_WHOLE.values(), *_FLAGS, *_TIMES.values(), "first_visit_at", "hours", "door", "bed_at", "begins"]
    return _whole_numbers(map(attrgetter(*names), spells), len(spells), names)


def _whole_numbers(rows: Iterable[Iterable[int]], count: int, names: Sequence[str]) -> Columns:
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=count * len(names))
    return dict(zip(names, flat.reshape(count, len(names)).T.copy(), strict=True))
