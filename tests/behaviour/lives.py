"""Small worlds of people whose lives are written down, and what became of them."""

from __future__ import annotations

from typing import Any

import numpy as np

import flowsim as fs
from flowsim.events import REASONS, EventLog
from flowsim.params import Scenario

MONDAY = "2017-01-02"
NOTHING = {"package": 0.0, "placement": 0.0, "none": 1.0}
LATER = 1e-9
"""Days: how near a hand-computed time a time must be."""


def world(*people: dict[str, Any], days: float = 60.0, beds: Any = 1, **parts: Any) -> Scenario:
    """A ward of ``beds`` and scripted people (a day's stay from day 0 unless they say otherwise)."""
    tree: dict[str, Any] = {
        "name": "by hand",
        "clock": {"start": MONDAY, "warm_up_days": 0, "window_days": days},
        "scripted": [{"at_days": 0.0, "stay_days": 1.0, **person} for person in people],
        "hospital": {"wards": {"Ward": beds}},
    }
    return Scenario.model_validate(tree | parts)


def life(slots: Any, **parts: Any) -> dict[str, Any]:
    """LIFE with so many slots; scripted people bring their own episodes."""
    return {"slots": slots, "episode": {"shape": "fixed", "days": 5.0}, "at_cap": NOTHING, **parts}


def step_down(beds: Any, **parts: Any) -> dict[str, Any]:
    """Step-down beds; scripted people bring their own stays."""
    return {"beds": beds, "stay": {"shape": "fixed", "days": 5.0}, "outcome": NOTHING, **parts}


def d2a(units: Any, saved_days: float = 0.0) -> dict[str, Any]:
    """D2A for P2_home, from the first day."""
    effect = {"start": MONDAY, "accepted_share": 1.0, "saved_days": saved_days}
    return {"units_live": units, "pathways": {"P2_home": effect}}


def meeting(hour: float = 12.0) -> dict[str, Any]:
    """A morning meeting that lets everybody fit go at one hour of any day."""
    return {"hour": 9, "weekday_factors": [1.0] * 7, "leaving_hours": [hour, hour]}


def run(scenario: Scenario) -> EventLog:
    """One run; the luck does not matter."""
    return fs.simulate(scenario, 0, 0)


def stays(log: EventLog, spell: int) -> list[tuple[str, float, float, float]]:
    """(place, queued, entered, left) of one spell in order of leaving; entered is None for who gave up."""
    rows = np.flatnonzero(log.stay["spell"] == spell)
    found = [
        (
            log.places[log.stay["place"][row]].name,
            *(float(log.stay[name][row]) for name in ("queued", "entered", "left")),
        )
        for row in rows
    ]
    return sorted(found, key=lambda stay: (stay[3], stay[1]))


def near(found: list[tuple[str, float, float, float]], expected: list[tuple[str, float, float, float]]) -> bool:
    """Whether the stays are those expected, to a billionth of a day."""
    print(found)
    return len(found) == len(expected) and all(
        one[0] == two[0] and np.allclose(one[1:], two[1:], rtol=0, atol=LATER, equal_nan=True)
        for one, two in zip(found, expected, strict=True)
    )


def delays(log: EventLog, spell: int) -> dict[str, float]:
    """Delayed days of one spell by reason."""
    found: dict[str, float] = {}
    for row in np.flatnonzero(log.delay["spell"] == spell):
        reason = REASONS[log.delay["reason"][row]]
        found[reason] = found.get(reason, 0.0) + float(log.delay["end"][row] - log.delay["start"][row])
    return found
