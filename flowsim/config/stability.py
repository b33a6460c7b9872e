"""Warnings before a run: which services are asked for more than they have, when, and what will happen then."""

from __future__ import annotations

import datetime as dt

import numpy as np

from flowsim.config.blocking import asked, held_beds
from flowsim.config.flows import Floats, Flows
from flowsim.config.horizons import about_dates
from flowsim.config.loads import HOSPITAL, Load, Loads
from flowsim.config.unheeded import about_initiatives
from flowsim.params import Scenario

FULL, NEARLY, KNIFE_EDGE = 1.0, 0.95, 0.97
"""Shares of capacity asked for: too much; hardly any slack; too little slack for waiting without a valve."""

_NEEDED = 0.05  # places; less than this is nothing
_SHORT = 7  # days; fewer at the edge of a run are Mondays more than they are a month
_HELD = 0.1  # share of the beds held by people who wait; a service with less is not named


def stability(scenario: Scenario) -> list[str]:
    """What will run short, from mean flows and stays; no simulation.

    Each line names the service, the per cent of its capacity asked for in the worst month, and the months, such as
    ``LIFE is offered 104 % of its slots in December 2017 (needs 145 of 140)``. Nothing is said of services asked for
    less than 95 %. Where every service has room by itself, but the beds that people hold while they wait would leave
    too few, that is said of the hospital: see :mod:`.blocking`. Initiatives that come to nothing
    and dates come last: see :mod:`.unheeded` and :mod:`.horizons`.
    Chance makes queues even where means fit, so silence is no promise.
    """
    start = scenario.clock.start
    loads = Loads(Flows(scenario)).all()
    offered = [line for load in loads for line in _warnings(load, start)]
    return offered + _together(loads, start) + about_initiatives(scenario) + about_dates(scenario)


def _months(days: int, start: dt.date) -> tuple[list[str], np.ndarray]:
    """Names of the months, and the row of each day's; the ends of a run count with the month beside them if short."""
    months = (np.datetime64(start, "D") + np.arange(days)).astype("datetime64[M]")
    names, rows, counts = np.unique(months, return_inverse=True, return_counts=True)
    first = 1 if len(names) > 1 and counts[0] < _SHORT else 0
    last = max(len(names) - 1 - int(counts[-1] < _SHORT), first)
    rows = np.clip(rows, first, last) - first
    return [dt.date.fromisoformat(f"{name}-01").strftime("%B %Y") for name in names[first : last + 1]], rows


def _by_month(values: Floats, rows: np.ndarray) -> Floats:
    return np.asarray(np.bincount(rows, values) / np.bincount(rows))


def _warnings(load: Load, start: dt.date) -> list[str]:
    names, rows = _months(len(load.need), start)
    need, capacity = _by_month(load.need, rows), _by_month(load.capacity, rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(need < _NEEDED, 0.0, need / capacity)
    threshold = FULL if load.spare is not None else NEARLY  # a hospital that can open beds is meant to run nearly full
    months = np.flatnonzero(share >= max(threshold, FULL if (share >= FULL).any() else 0.0)).tolist()
    if not months:
        return []
    spare = _by_month(load.spare, rows) if load.spare is not None else np.zeros(len(names))

    def said(some: list[int]) -> str:
        worst = max(some, key=lambda month: (float(share[month]), float(need[month])))
        asked, there = float(need[worst]), float(capacity[worst])
        told = _told(load, asked, there, _when(some, names, worst), len(some) > 1)
        return told + _then(load, asked, there, float(spare[worst]))

    nothing = [month for month in months if capacity[month] <= 0.0]
    return [said(some) for some in (nothing, [month for month in months if month not in nothing]) if some]


def _together(loads: list[Load], start: dt.date) -> list[str]:
    """Months in which the beds would do but for those held by people who wait for a service that would do, too."""
    if not loads or loads[0].service != HOSPITAL:
        return []
    names, rows = _months(len(loads[0].need), start)
    spare = loads[0].spare if loads[0].spare is not None else 0.0
    beds, need = _by_month(loads[0].capacity + spare, rows), _by_month(loads[0].need, rows)
    found = {month: one for month in range(len(names)) if (one := _blocked(loads, rows, month, beds, need))}
    if not found:
        return []
    left = {month: max(float(beds[month]) - sum(held.values()), _NEEDED) for month, held in found.items()}
    worst = max(found, key=lambda month: float(need[month]) / left[month])
    held, upto = found[worst], "up to " if len(found) > 1 else ""
    names_of = " and ".join(name for name in held if held[name] >= _HELD * sum(held.values()))
    return [
        f"hospital and {names_of} together are offered {upto}{_per_cent(float(need[worst]) / left[worst])} of what can "
        f"pass {_when(sorted(found), names, worst)}: {need[worst]:.1f} of {beds[worst]:.1f} beds are needed, and those "
        f"who wait hold up to {beds[worst] - left[worst]:.1f}"
    ]


def _blocked(loads: list[Load], rows: np.ndarray, month: int, beds: Floats, need: Floats) -> dict[str, float]:
    """Beds held in a month by service, if those left are too few although nothing is short by itself; else empty."""
    if not _NEEDED <= need[month] < beds[month] or not np.isfinite(beds[month]):
        return {}
    services = [one for load in loads[1:] if (one := asked(load, rows, month))]
    if any(one.need >= one.capacity for one in services):
        return {}  # told by itself
    held = held_beds(float(beds[month]), float(need[month]), services)
    return held if need[month] >= FULL * (beds[month] - sum(held.values())) else {}


def _when(months: list[int], names: list[str], worst: int) -> str:
    """Months in words: neighbours as one period, and which was worst."""
    firsts = [month for month in months if month - 1 not in months]
    lasts = [month for month in months if month + 1 not in months]
    periods = [
        f"in {names[first]}" if first == last else f"from {names[first]} to {names[last]}"
        for first, last in zip(firsts, lasts, strict=True)
    ]
    text = " and ".join([", ".join(periods[:-1]), periods[-1]] if len(periods) > 1 else periods)
    return text + (f", most in {names[worst]}" if len(months) > 1 else "")


def _told(load: Load, need: float, capacity: float, when: str, several: bool) -> str:
    if capacity <= 0.0:
        months = when.partition(", most in")[0]  # the most is said with the number
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
