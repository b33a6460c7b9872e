"""Which computation a claim names, and whether each of its arguments can be used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from flowsim.claims.claim import Reading
from flowsim.claims.scene import COMPUTATIONS, Computation, Kind, at_path
from flowsim.config.problems import did_you_mean, shown
from flowsim.decide.fields import Fields
from flowsim.decide.variants import measure_names
from flowsim.measures.by_day import DAILY
from flowsim.params import Scenario
from flowsim.params.values import schedule_of

SERIES = ("beds", *DAILY)
"""Series by day that a claim may name; ``beds`` are core and escalation beds together."""
_HUGE = 1e12

_Scenarios = Mapping[str, Scenario]


def reading_of(fields: Fields | None, scenarios: _Scenarios) -> Reading | None:
    """The computation that a mapping ``{what, ...}`` names; faults are noted there, and then it is None."""
    if fields is None:
        return None
    before = len(fields.problems)
    what = fields.get("what", rule=f"one of {', '.join(COMPUTATIONS)}")
    if what is not None and what not in COMPUTATIONS:
        fields.note("what", f"{shown(what)} is not a computation", did_you_mean(str(what), list(COMPUTATIONS)))
    if not isinstance(what, str) or what not in COMPUTATIONS:
        return None
    arguments = _arguments(fields, COMPUTATIONS[what], scenarios)
    times, over = fields.number("times", -_HUGE, _HUGE, 1.0), fields.number("over", 0.0, _HUGE, 1.0, above=True)
    fields.no_others()
    _in_order(fields, arguments)
    if len(fields.problems) > before:
        return None
    return Reading(what, arguments, 1.0 if times is None else times, over or 1.0)


def _arguments(fields: Fields, asked: Computation, scenarios: _Scenarios) -> dict[str, Any]:
    """Each argument that is given, and a fault for each that is missing or wrong."""
    found = {}
    for name, kind in asked.kinds.items():
        if name in asked.optional and name not in fields.tree:
            fields.get(name, None)
            continue
        value = _CHECKS[kind](fields, name, scenarios)
        if value is not None:
            found[name] = value
    return found


def _in_order(fields: Fields, arguments: Mapping[str, Any]) -> None:
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None and first > last:
        fields.note("last", f"{last} is before first, {first}")


def _scenario(fields: Fields, name: str, scenarios: _Scenarios) -> str | None:
    value = fields.text(name, rule="must be a scenario of this file")
    if value is None or value in scenarios:
        return value
    if value in (fields.document.tree or {}).get("scenarios", {}):
        return None  # it has faults of its own, which are told there
    fields.note(name, f"{shown(value)} is no scenario of this file", did_you_mean(value, list(scenarios)))
    return None


def _date(fields: Fields, name: str, scenarios: _Scenarios) -> dt.date | None:
    value = fields.place(name)
    if value is None or not scenarios:
        return None
    clock = next(iter(scenarios.values())).clock
    last = clock.start + dt.timedelta(days=int(clock.horizon) - 1)
    if isinstance(value, dt.date) and clock.start <= value <= last:
        return value
    fields.note(name, f"{value} is not a date of the run", f"it goes from {clock.start} to {last}")
    return None


def _measure(fields: Fields, name: str, scenarios: _Scenarios) -> str | None:
    known = measure_names(list(scenarios.values()))
    value = fields.text(name, rule="must be the name of a measure")
    if value is None or value in known:
        return value
    fields.note(name, f"no measure is called {shown(value)}", did_you_mean(value, known))
    return None


def _series(fields: Fields, name: str, _: _Scenarios) -> str | None:
    return fields.choice(name, SERIES)


def _whole(fields: Fields, name: str, _: _Scenarios) -> int | None:
    return fields.whole(name, 1, 1_000_000)


def _number(fields: Fields, name: str, _: _Scenarios) -> float | None:
    return fields.number(name, -_HUGE, _HUGE)


def _path(fields: Fields, name: str, scenarios: _Scenarios) -> str | None:
    value = fields.text(name, rule="must be a path such as d2a.units_live")
    one = scenarios.get(str(fields.tree.get("scenario")))
    if value is None or one is None:
        return value
    try:
        schedule_of(at_path(one, value), one.clock.start).at(0.0)
    except (AttributeError, KeyError, TypeError, ValueError):
        fields.note(name, f"{shown(value)} is no number of {one.name}", "see flowsim explain")
        return None
    return value


_CHECKS: dict[Kind, Callable[[Fields, str, _Scenarios], Any]] = {
    "scenario": _scenario,
    "date": _date,
    "measure": _measure,
    "series": _series,
    "whole": _whole,
    "number": _number,
    "path": _path,
}
