"""Warnings before a run: which services are asked for more than they have, when, and what will happen then."""

from __future__ import annotations

import datetime as dt

import numpy as np

from flowsim.offered.blocking import asked, held_beds
from flowsim.offered.flows import Flows
from flowsim.offered.horizons import about_dates
from flowsim.offered.laws import Floats
from flowsim.offered.loads import HOSPITAL, Load, Loads
from flowsim.offered.periods import Periods, periods
from flowsim.offered.unheeded import about_initiatives
from flowsim.params import Scenario

FULL, NEARLY, KNIFE_EDGE = 1.0, 0.95, 0.97
"""Shares of capacity asked for: too much; hardly any slack; too little slack for waiting without a valve."""

_NEEDED = 0.05  # places; less than this is nothing
_ALIKE = 3  # digits in which shares of capacity must differ for one month to be worse than another before it
_PLENTY = 4.0  # times the beds needed; a hospital with more of them is first looked at with so many
_HELD = 0.1  # share of the beds held by people who wait; a service with less is not named


def stability(scenario: Scenario) -> list[str]:
    """What will run short, from mean flows and stays; no simulation.

    Each line names the service, the per cent of its capacity asked for in the worst month, and the months, such as
    ``LIFE is offered 104 % of its slots in December 2017 (needs 145 of 140)``; a month in which capacity makes a large
    step is looked at before and after it. Nothing is said of services asked for less than 95 %. Where every service has
    room by itself, but the beds that people hold while they wait would leave too few, that is said of the hospital: see
    :mod:`.blocking`. Initiatives that come to nothing and dates come last: see :mod:`.unheeded` and :mod:`.horizons`.
    Chance makes queues even where means fit, so silence is no promise.
    """
    start = scenario.clock.start
    loads = Loads(Flows(scenario)).all()
    offered = [line for load in loads for line in _warnings(load, start)]
    return offered + _together(loads, start) + about_initiatives(scenario) + about_dates(scenario)


def _warnings(load: Load, start: dt.date) -> list[str]:
    when = periods(len(load.need), start, load.capacity)
    need, capacity = when.mean(load.need), when.mean(load.capacity)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(need < _NEEDED, 0.0, need / capacity)
    threshold = FULL if load.spare is not None else NEARLY  # a hospital that can open beds is meant to run nearly full
    short = np.flatnonzero(share >= max(threshold, FULL if (share >= FULL).any() else 0.0)).tolist()
    if not short:
        return []
    spare = when.mean(load.spare) if load.spare is not None else np.zeros(len(need))

    def said(some: list[int]) -> str:
        worst = max(some, key=lambda row: (round(float(share[row]), _ALIKE), round(float(need[row]), _ALIKE)))
        needs, there = float(need[worst]), float(capacity[worst])
        told = _told(load, needs, there, _when(some, when, worst), len(some) > 1)
        return told + _then(load, needs, there, float(spare[worst]))

    nothing = [row for row in short if capacity[row] <= 0.0]
    return [said(some) for some in (nothing, [row for row in short if row not in nothing]) if some]


def _together(loads: list[Load], start: dt.date) -> list[str]:
    """Months in which the beds would do but for those held by people who wait for a service that would do, too."""
    if not loads or loads[0].service != HOSPITAL:
        return []
    when = periods(len(loads[0].need), start)
    spare = loads[0].spare if loads[0].spare is not None else 0.0
    beds, need = when.mean(loads[0].capacity + spare), when.mean(loads[0].need)
    found = {month: one for month in range(len(need)) if (one := _blocked(loads, when.rows, month, beds, need))}
    if not found:
        return []
    left = {month: max(float(beds[month]) - sum(held.values()), _NEEDED) for month, held in found.items()}
    worst = max(found, key=lambda month: round(float(need[month]) / left[month], _ALIKE))
    held, upto = found[worst], "up to " if len(found) > 1 else ""
    names_of = " and ".join(name for name in held if held[name] >= _HELD * sum(held.values()))
    return [
        f"hospital and {names_of} together are offered {upto}{_per_cent(float(need[worst]) / left[worst])} of what can "
        f"pass {_when(sorted(found), when, worst)}: {need[worst]:.1f} of {beds[worst]:.1f} beds are needed, and those "
        f"who wait hold up to {beds[worst] - left[worst]:.1f}"
    ]


def _blocked(loads: list[Load], rows: np.ndarray, month: int, beds: Floats, need: Floats) -> dict[str, float]:
    """Beds held in a month by service, if those left are too few although nothing is short by itself; else empty."""
    if not _NEEDED <= need[month] < beds[month] or not np.isfinite(beds[month]):
        return {}
    services = [one for load in loads[1:] if (one := asked(load, rows, month))]
    if any(one.need >= one.capacity for one in services):
        return {}  # told by itself
    some, held = float(need[month]), dict[str, float]()
    for there in sorted({min(_PLENTY * some, float(beds[month])), float(beds[month])}):
        held = held_beds(there, some, services)
        if some < FULL * (there - sum(held.values())):
            return {}  # more beds let no fewer people pass, and their chain takes long
    return held


def _when(some: list[int], when: Periods, worst: int) -> str:
    """Periods in words, and which was worst."""
    return when.words(some) + (f", most {when.listed[worst]}" if len(some) > 1 else "")


def _told(load: Load, need: float, capacity: float, when: str, several: bool) -> str:
    if capacity <= 0.0:
        months = when.partition(", most ")[0]  # the most is said with the number
        return f"{load.service} has no {load.unit} {months} but is asked for {'up to ' if several else ''}{need:.1f}"
    share = need / capacity
    digits = 0 if capacity >= 20 else 1
    numbers = f"(needs {need:.{digits}f} of {capacity:.{digits}f})"
    if share < FULL:
        return f"{load.service} is nearly full: offered {_per_cent(share)} of its {load.unit} {when} {numbers}"
    return (
        f"{load.service} is offered {'up to ' if several else ''}{_per_cent(share)} of its {load.unit} {when} {numbers}"
    )


def _per_cent(share: float) -> str:
    whole = round(share * 100)
    if share < FULL and whole == 100:
        whole = 99  # 100 would say it is full
    return f"{whole} %"


def _then(load: Load, need: float, capacity: float, spare: float) -> str:
    share = need / capacity if capacity > 0 else float("inf")
    if load.spare is not None and need < capacity + spare:
        return f"; up to {spare:.0f} escalation beds make up for it"
    if load.knife_edge and KNIFE_EDGE <= share < FULL:
        return "; it has no valve, so waits can grow without end"
    if share < FULL or not load.then:
        return ""
    return f"; it has no valve: {load.then}" if load.knife_edge else f"; {load.then}"
