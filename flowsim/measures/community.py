"""LIFE and the reablement before it, step-down beds, placements and packages of home care."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from flowsim.events import BACK_TO_HOSPITAL, DIED, ENDED, INITIAL, NO_NEED
from flowsim.measures.flow import capacity_days
from flowsim.measures.registry import Register
from flowsim.measures.steps import Floats, Mask, mean, overlap, ratio
from flowsim.measures.view import View

community = Register()

SIX_WEEKS = 42.0
SMALL_BELOW, LARGE_ABOVE = 7.0, 14.0
_HAIR = 1e-6


@community.add("people", "neutral")
def life_starts(v: View) -> float:
    """People who got a LIFE slot in the window, by whichever entrance."""
    return float(v.started("life").sum())


@community.add("people", "neutral")
def life_occupied_mean(v: View) -> float:
    """People holding a LIFE slot, averaged over the time of the window."""
    return v.place_days("life") / v.days


def unit_spans(v: View, *kinds: str) -> tuple[Floats, Floats, Floats]:
    """Start, end and level of each stretch of constant use of places counted in units."""
    spell, place = v.log.unit["spell"].astype(np.intp), v.log.unit["place"].astype(np.intp)
    at, units = v.floats("unit", "at"), v.floats("unit", "units")
    wanted = np.array([info.kind in kinds for info in v.log.places] or [False], dtype=bool)[place]
    order = np.lexsort((np.arange(at.size), at, place, spell))
    order = order[wanted[order]]
    follows = (np.diff(spell[order]) == 0) & (np.diff(place[order]) == 0)
    until = np.full(order.size, v.log.horizon)
    until[:-1][follows] = at[order][1:][follows]
    return at[order], until, units[order]


def life_use(v: View) -> tuple[Floats, Floats, Floats]:
    """Start, end and amount of everything that uses LIFE capacity: units where LIFE is counted in them, else people."""
    start, end, units = unit_spans(v, "life")
    counted = np.zeros(len(v.log.places) + 1, dtype=bool)
    counted[v.log.unit["place"].astype(np.intp)] = True
    heads = v.of("life") & v.got_in & ~counted[v.place]
    ones = np.ones(int(heads.sum()))
    joined = ([start, v.entered[heads]], [end, v.left[heads]], [units, ones])
    one, two, three = (np.concatenate(columns) for columns in joined)
    return one, two, three


@community.add("share", "neutral")
def life_utilisation(v: View) -> float:
    """LIFE capacity in use over what there was: in slots, or in visits a day where LIFE is counted in those."""
    start, end, amount = life_use(v)
    there_was = capacity_days(v, "life")
    return ratio(float(overlap(start, end, v.start, v.end) @ amount), there_was) if there_was < math.inf else math.nan


@community.add("days", "lower")
def life_wait_days_mean(v: View) -> float:
    """Mean days from asking for a LIFE slot to getting it or giving up, of waits that ended in the window and of those
    still on at its end, which count with their wait so far."""
    rows = v.of("life") & ~(v.placed & (v.queued >= v.entered))
    ended = np.where(v.got_in, v.entered, v.left)[rows]
    return mean(v.waits(v.queued[rows], ended, (v.open & ~v.got_in)[rows]))


@community.add("share", "higher")
def life_first_visit_2h_share(v: View) -> float:
    """Of people who got a LIFE slot in the window and have had a first visit, the share visited within 2 hours of
    leaving."""
    hours = v.time("first_visit")[v.spell[v.started("life")]]
    hours = hours[~np.isnan(hours)]
    return mean((hours <= 2.0 + _HAIR).astype(np.float64))


@community.add("people", "lower")
def life_fallbacks(v: View) -> float:
    """People who gave up waiting for a LIFE slot in the window and went back to the old process."""
    gave_up = v.of("life") & ~v.got_in & ~v.open & v.within(v.left)
    return float((gave_up & v.flag("fell_back")[v.spell]).sum())


@community.add("people", "neutral")
def reablement_starts(v: View) -> float:
    """People who began old-style reablement in the window."""
    return float(v.started("reablement").sum())


@dataclass(frozen=True)
class _Supported:
    """Supports that could be followed for six weeks: how they ended, after how many days."""

    days: Floats
    by_itself: Mask
    no_need: Mask


def _six_weeks(v: View, *kinds: str) -> _Supported:
    """Everyone whose support began from 42 days before the window to 42 days before its end, so that short supports are
    not over-represented, without those whom hospital or death interrupted within the 42 days.

    Support begins on leaving hospital, even if the slot was kept for the person before.
    """
    rows = v.of(*kinds) & v.got_in & ~v.placed
    who = v.spell[rows]
    began = np.fmax(v.entered[rows], v.time("discharged")[who])
    concluded = ~v.open[rows] & (v.left[rows] < v.end)
    days = np.minimum(v.left[rows], v.end) - began
    how = np.where(concluded, v.code("support_end")[who], -1)
    interrupted = np.isin(how, [BACK_TO_HOSPITAL, DIED]) & (days < SIX_WEEKS - _HAIR)
    kept = (began >= v.start - SIX_WEEKS) & (began < v.end - SIX_WEEKS) & ~interrupted
    return _Supported(days[kept], (how == ENDED)[kept], np.isin(how, [ENDED, NO_NEED])[kept])


@community.add("share", "higher")
def packages_ended_6_weeks_share(v: View) -> float:
    """Of people whose LIFE support began between 42 days before the window and 42 days before its end, and was not
    interrupted by hospital or death within six weeks, the share whose support ended by itself within six weeks. In a
    world without LIFE the same of the reablement before it, as the Alliance compared them."""
    life = _six_weeks(v, "life")
    return _ended_share(life if life.days.size else _six_weeks(v, "reablement"))


@community.add("share", "higher")
def all_support_ended_6_weeks_share(v: View) -> float:
    """The same share among people of LIFE and of the reablement before it together."""
    return _ended_share(_six_weeks(v, "life", "reablement"))


def _ended_share(group: _Supported) -> float:
    """Share whose support ended by itself within six weeks."""
    return mean((group.by_itself & (group.days <= SIX_WEEKS + _HAIR)).astype(np.float64))


@community.add("share", "higher")
def no_long_term_package_share(v: View) -> float:
    """Of the people of all_support_ended_6_weeks_share, the share whose support led to neither a long-term package nor
    a placement; those still in support after six weeks count as needing one."""
    return mean(_six_weeks(v, "life", "reablement").no_need.astype(np.float64))


def packages_begun(v: View) -> Floats:
    """Weekly hours of each package of home care that began in the window."""
    at = v.time("package_at")
    stock = v.origin(INITIAL) & (at <= 0.0)
    return v.time("package_hours")[v.within(at) & ~stock]


@community.add("people", "lower")
def packages_started(v: View) -> float:
    """Long-term packages of home care that began in the window, after hospital or from the community."""
    return float(packages_begun(v).size)


def package_sizes(v: View, small_below: float = SMALL_BELOW, large_above: float = LARGE_ABOVE) -> dict[str, float]:
    """Packages begun in the window by size, with the limits in hours a week."""
    hours = packages_begun(v)
    small, large = int((hours < small_below).sum()), int((hours > large_above).sum())
    return {"small": float(small), "medium": float(hours.size - small - large), "large": float(large)}


@community.add("people", "lower")
def packages_small(v: View) -> float:
    """Packages begun in the window of fewer than 7 hours a week, unless the run's own limits are given."""
    return package_sizes(v)["small"]


@community.add("people", "lower")
def packages_medium(v: View) -> float:
    """Packages begun in the window of 7 to 14 hours a week, unless the run's own limits are given."""
    return package_sizes(v)["medium"]


@community.add("people", "lower")
def packages_large(v: View) -> float:
    """Packages begun in the window of more than 14 hours a week, unless the run's own limits are given."""
    return package_sizes(v)["large"]


@community.add("hours a week", "lower")
def package_hours_weekly_end(v: View) -> float:
    """Weekly hours of all packages of home care running at the end of the window."""
    running = v.of("home_care") & (v.entered < v.end) & (v.left >= v.end)
    return float(v.time("package_hours")[v.spell[running]].sum())


@community.add("hours", "lower")
def home_care_hours(v: View) -> float:
    """Hours of home care given under long-term packages in the window."""
    rows = v.of("home_care")
    return float(v.inside[rows] @ v.time("package_hours")[v.spell[rows]]) / 7.0


@community.add("beds", "neutral")
def step_down_occupied_mean(v: View) -> float:
    """Step-down beds in use, averaged over the time of the window."""
    return v.place_days("step_down") / v.days


@community.add("days", "neutral")
def step_down_bed_days(v: View) -> float:
    """Days of the window spent in step-down beds."""
    return v.place_days("step_down")


@community.add("people", "lower")
def placements(v: View) -> float:
    """People who began a long-term placement (residential, nursing or specialist) in the window."""
    return float(v.started("placement").sum())


@community.add("weeks", "lower")
def placement_weeks(v: View) -> float:
    """Weeks of the window spent in long-term placements."""
    return v.place_days("placement") / 7.0


@community.add("people", "neutral")
def d2a_people(v: View) -> float:
    """People who left hospital by Discharge to Assess in the window."""
    return float((v.flag("d2a") & v.within(v.time("discharged"))).sum())
