"""Warnings before a run: which services are asked for more than they have, when, and what will happen then."""

from __future__ import annotations

import datetime as dt

import numpy as np

from flowsim.config.flows import Floats, Flows
from flowsim.config.loads import Load, Loads
from flowsim.params import Scenario

FULL, NEARLY, KNIFE_EDGE = 1.0, 0.95, 0.97
"""Shares of capacity asked for: too much; hardly any slack; too little slack for waiting without a valve."""

_NEEDED = 0.05  # places; less than this is nothing


def stability(scenario: Scenario) -> list[str]:
    """What will run short, from mean flows and stays; no simulation.

    Each line names the service, the per cent of its capacity asked for in the worst month, and the months, such as
    ``LIFE is offered 104 % of its slots in December 2017 (needs 145 of 140)``. Nothing is said of services asked for
    less than 95 %. Chance makes queues even where means fit, so silence is no promise.
    """
    start = scenario.clock.start
    return [line for load in Loads(Flows(scenario)).all() for line in _warnings(load, start)]


def _months(days: int, start: dt.date) -> tuple[list[str], np.ndarray]:
    months = (np.datetime64(start, "D") + np.arange(days)).astype("datetime64[M]")
    names, rows = np.unique(months, return_inverse=True)
    return [dt.date.fromisoformat(f"{name}-01").strftime("%B %Y") for name in names], rows


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
    worst = max(months, key=lambda month: float(share[month]))
    spare = _by_month(load.spare, rows)[worst] if load.spare is not None else 0.0
    told = _told(load, float(need[worst]), float(capacity[worst]), _when(months, names, worst), len(months) > 1)
    return [told + _then(load, float(need[worst]), float(capacity[worst]), float(spare))]


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
        return f"{load.service} has no {load.unit} {when} but is asked for {need:.1f}"
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
