"""Warnings about dates: values that nobody dates near the end of a run, and growth carried on past what is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from flowsim.config.problems import KeyPath, dotted
from flowsim.params import Scenario

_STALE = 730.0
"""Days before the end of a run after which a dated value is held to say nothing of the end."""

_CARRIED = 3653.0
"""Days for which a yearly growth seen over a few years is carried on without a word: ten years, the Alliance's plan."""


def about_dates(s: Scenario) -> list[str]:
    """What is dated last years before the end, and growth that is carried on for longer than anybody's data say."""
    return [*_stale(s), *_carried_on(s)]


def _stale(s: Scenario) -> list[str]:
    stale = {dotted(path): last for path, last in _dated(s.tree()) if (_end(s) - last).days > _STALE}
    if not stale:
        return []
    listed = ", ".join(f"{path} ({last})" for path, last in stale.items())
    return [f"the run ends on {_end(s)}, but the last dates known are years before, and hold on: {listed}"]


def _carried_on(s: Scenario) -> list[str]:
    growing = [
        (f"cohorts.{name}.arrivals.growth_per_year", one.arrivals.growth_from or s.clock.start)
        for name, one in s.cohorts.items()
        if one.arrivals.growth_per_year
    ]
    if s.population is not None and s.population.ageing is not None:
        growing.append(("population.ageing.growth_per_year", s.population.ageing.start))
    far = ", ".join(f"{path} (from {since})" for path, since in growing if (_end(s) - since).days > _CARRIED)
    return [f"the run ends on {_end(s)}, past the ten years for which growth is taken to hold: {far}"] if far else []


def _end(s: Scenario) -> dt.date:
    return s.clock.start + dt.timedelta(days=s.clock.horizon)


def _dated(tree: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, dt.date]]:
    """Last date of each value stated in steps."""
    if not isinstance(tree, Mapping) or path[:1] == ("initiatives",):
        return
    if "from" in tree and tree.get("steps"):
        yield path, dt.date.fromisoformat(max(str(day) for day in tree["steps"]))
        return
    for key, value in tree.items():
        yield from _dated(value, (*path, str(key)))
