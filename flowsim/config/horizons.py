"""Warnings about dates: values that nobody dates near the end of a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from flowsim.config.problems import KeyPath, dotted
from flowsim.params import Scenario

_STALE = 730.0
"""Days before the end of a run after which a dated value is held to say nothing of the end."""


def about_dates(s: Scenario) -> list[str]:
    """What is dated last years before the end."""
    stale = {dotted(path): last for path, last in _dated(s.tree()) if (_end(s) - last).days > _STALE}
    if not stale:
        return []
    listed = ", ".join(f"{path} ({last})" for path, last in stale.items())
    return [f"the run ends on {_end(s)}, but the last dates known are years before, and hold on: {listed}"]


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
