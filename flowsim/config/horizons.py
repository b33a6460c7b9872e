"""Warnings about dates: initiatives that never begin in a run, values that nobody dates near its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from flowsim.config.problems import KeyPath, dotted
from flowsim.params import Scenario
from flowsim.params.values import schedule_of

_STALE = 730.0
"""Days before the end of a run after which a dated value is held to say nothing of the end."""


def about_dates(s: Scenario) -> list[str]:
    """What is on and never begins, and what is dated last years before the end."""
    on = {name: one for name, one in s.initiatives.items() if one.on}
    idle = [name for name, one in on.items() if schedule_of(one.strength, s.clock.start).top(s.clock.horizon) <= 0.0]
    found = [f"initiatives.{name} is on but does not begin before the run ends on {_end(s)}" for name in idle]
    stale = {dotted(path): last for path, last in _dated(s.tree()) if (_end(s) - last).days > _STALE}
    if stale:
        listed = ", ".join(f"{path} ({last})" for path, last in stale.items())
        found.append(f"the run ends on {_end(s)}, but the last dates known are years before, and hold on: {listed}")
    return found


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
