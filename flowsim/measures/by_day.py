"""Series by day of the whole run: time-weighted means of each day."""

from __future__ import annotations

import math

import numpy as np

from flowsim.events import CORE_KINDS, EventLog
from flowsim.measures.community import life_use
from flowsim.measures.steps import Floats, Mask, by_day, first_of
from flowsim.measures.view import View

DAILY: dict[str, str] = {
    "beds_core": "core beds in use",
    "beds_escalation": "escalation beds in use",
    "core_capacity": "core beds there are",
    "waiting_for_bed": "people waiting for a first acute bed",
    "delayed": "people in an acute bed after they were ready for discharge",
    "life": "people holding a LIFE slot",
    "life_used": "LIFE capacity in use, in the unit of its capacity",
    "life_capacity": "LIFE capacity there is",
    "life_waiting": "people waiting for a LIFE slot",
    "step_down": "step-down beds in use",
    "step_down_waiting": "people waiting for a step-down bed",
    "placements": "people in long-term placements",
    "placements_waiting": "people waiting for a long-term placement",
    "home_care": "packages of home care running",
    "home_care_waiting": "people waiting for a package of home care",
    "package_hours": "weekly hours of the packages running",
    "huddles_live": "practices with a live Huddle",
    "d2a_people": "people who have left by Discharge to Assess since the start of the run, at the end of the day",
    "d2a_wards": "wards from which somebody has left by Discharge to Assess since the start of the run, at the end of "
    "the day",
}
"""What each series is."""


def daily(log: EventLog) -> dict[str, Floats]:
    """Mean of each day of the run, by series (see ``DAILY``); day ``i`` is ``[i, i + 1)``, the last one may be shorter.

    ``life_capacity`` and ``core_capacity`` are infinite on days with an unlimited place.
    """
    view = View(log, (0.0, log.horizon))
    series = {**_hospital(view), **_community(view), **_programmes(view)}
    return {name: series[name] for name in DAILY}


def _people(v: View, rows: Mask, weights: Floats | None = None) -> Floats:
    """Mean number of people in these stays."""
    return by_day(v.entered[rows], v.left[rows], v.log.horizon, None if weights is None else weights[rows])


def _capacity(v: View, *kinds: str) -> Floats:
    """Mean capacity of places of these kinds."""
    total = np.zeros(math.ceil(v.log.horizon))
    for place in v.places(*kinds):
        days = np.array(place.days, dtype=float)
        days[0] = min(days[0], 0.0)
        level, until = np.array(place.capacities, dtype=float), np.append(days[1:], np.inf)
        endless = np.isinf(level)
        total += by_day(days[~endless], until[~endless], v.log.horizon, level[~endless])
        total[by_day(days[endless], until[endless], v.log.horizon) > 0] = np.inf
    return total


def _hospital(v: View) -> dict[str, Floats]:
    """Beds, and people in or waiting for them."""
    _, asked, ended, _ = v.bed_wait
    return {
        "beds_core": _people(v, v.of(*CORE_KINDS)),
        "beds_escalation": _people(v, v.of("escalation")),
        "core_capacity": _capacity(v, *CORE_KINDS),
        "waiting_for_bed": by_day(asked, ended, v.log.horizon),
        "delayed": by_day(v.floats("delay", "start"), v.floats("delay", "end"), v.log.horizon),
    }


def _community(v: View) -> dict[str, Floats]:
    """LIFE, step-down beds, placements and home care."""
    life, home_care = v.of("life"), v.of("home_care")
    start, end, amount = life_use(v)
    got = np.where(v.got_in, v.entered, v.left)

    def waiting(kind: str) -> Floats:
        rows = v.of(kind)
        return by_day(v.queued[rows], got[rows], v.log.horizon)

    return {
        "life": _people(v, life),
        "life_used": by_day(start, end, v.log.horizon, amount),
        "life_capacity": _capacity(v, "life"),
        "life_waiting": waiting("life"),
        "step_down": _people(v, v.of("step_down")),
        "step_down_waiting": waiting("step_down"),
        "placements": _people(v, v.of("placement")),
        "placements_waiting": waiting("placement"),
        "home_care": _people(v, home_care),
        "home_care_waiting": waiting("home_care"),
        "package_hours": _people(v, home_care, v.time("package_hours")[v.spell]),
    }


def _programmes(v: View) -> dict[str, Floats]:
    """Huddles live, people served by D2A so far, and wards that have used it."""
    days = math.ceil(v.log.horizon)
    live = np.array(v.log.practices_live, dtype=float)
    left = v.time("discharged")[v.flag("d2a")]
    return {
        "huddles_live": by_day(live, np.full(live.size, np.inf), v.log.horizon),
        "d2a_people": _so_far(left, days),
        "d2a_wards": _so_far(_first_used(v), days),
    }


def _so_far(moments: Floats, days: int) -> Floats:
    """How many moments there have been by the end of each day."""
    seen = moments[moments < days]
    return np.cumsum(np.bincount(np.floor(seen).astype(np.intp), minlength=days)[:days]).astype(np.float64)


def _first_used(v: View) -> Floats:
    """When somebody first left each ward by D2A; infinity for a ward that nobody has left so."""
    ends = v.of(*CORE_KINDS) & v.got_in & v.flag("d2a")[v.spell]
    ends &= np.equal(v.left, v.time("discharged")[v.spell])
    return first_of(v.place[ends], v.left[ends], len(v.log.places))
