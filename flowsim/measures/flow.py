"""Flow through the hospital: who comes, who gets a bed, how long they stay, what holds them up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flowsim.events import (
    AVERTED_HUDDLE,
    BED_KINDS,
    CORE_KINDS,
    INITIAL,
    PRESENTATION,
    READMISSION,
    REASONS,
    SCRIPTED,
    TURNED_ROUND,
)
from flowsim.measures.registry import Register
from flowsim.measures.steps import Floats, Mask, mean, overlap, ratio, sum_of
from flowsim.measures.view import View

flow = Register()

LONG_STAY_DAYS = 21.0
_HAIR = 1e-6  # hours or days: far above rounding, far below anything that matters


def _index(v: View) -> Mask:
    """Index presentations of the window: the first spell of a chain, whether it was averted or not."""
    return v.origin(PRESENTATION, SCRIPTED) & np.equal(v.code("depth"), 0) & v.within(v.time("at"))


@flow.add("people", "neutral")
def presentations(v: View) -> float:
    """Emergency admissions that would happen if no programme existed: index presentations in the window, those averted
    or turned round included, those induced by an effect above 1 and readmissions not."""
    return float((_index(v) & ~v.flag("induced")).sum())


@flow.add("people", "lower")
def admissions(v: View) -> float:
    """Spells (presentations, readmissions and scripted people) whose first acute bed was entered in the window."""
    return float((v.origin(PRESENTATION, READMISSION, SCRIPTED) & v.within(v.first_bed)).sum())


@flow.add("people", "lower")
def readmissions(v: View) -> float:
    """Readmission spells that presented at the hospital in the window, whether a bed was found for them yet or not."""
    averted = v.door(AVERTED_HUDDLE)
    return float((v.origin(READMISSION) & ~averted & v.within(v.time("at"))).sum())


@flow.add("people", "higher")
def admissions_averted_huddle(v: View) -> float:
    """Presentations in the window averted by Huddles, less those induced by Huddles (an effect above 1), so negative if
    Huddles add more than they avert."""
    now = v.within(v.time("at"))
    induced = v.flag("induced") & (v.code("depth") == 0)
    if v.log.initiatives:
        induced &= v.code("induced_by") < 0
    return float((now & v.door(AVERTED_HUDDLE)).sum() - (now & induced).sum())


@flow.add("people", "higher")
def admissions_averted_front_door(v: View) -> float:
    """People turned round in A&E in the window: home with a LIFE start instead of an admission."""
    return float((v.door(TURNED_ROUND) & v.within(v.time("at"))).sum())


@flow.add("days", "lower")
def bed_days(v: View) -> float:
    """Days in acute beds, core and escalation, that lie within the window; those in a bed at its start or end count for
    the days inside it."""
    return v.core_days + v.escalation_days


@flow.add("days", "lower")
def core_bed_days(v: View) -> float:
    """The part of the bed days spent in core beds: assessment units and wards."""
    return v.core_days


@flow.add("beds", "lower")
def beds_occupied_mean(v: View) -> float:
    """Acute beds in use, core and escalation, averaged over the time of the window."""
    return bed_days(v) / v.days


@flow.add("beds", "lower")
def core_beds_occupied_mean(v: View) -> float:
    """Core beds (assessment units and wards) in use, averaged over the time of the window."""
    return v.core_days / v.days


@flow.add("beds", "lower")
def beds_occupied_p95(v: View) -> float:
    """Acute beds in use that were not exceeded during 95 % of the time of the window."""
    return v.levels(*BED_KINDS).percentile(0.95)


@flow.add("share", "neutral")
def core_occupancy(v: View) -> float:
    """Core bed days in use over core bed days there were."""
    return ratio(v.core_days, capacity_days(v, *CORE_KINDS))


@flow.add("days", "lower")
def length_of_stay_mean(v: View) -> float:
    """Acute bed days in the window over the people who left their last acute bed in it, alive or dead."""
    return ratio(bed_days(v), float(v.within(v.last_bed).sum()))


@flow.add("days", "lower")
def length_of_stay_d2a_mean(v: View) -> float:
    """Mean whole stay in acute beds, on whichever day it began, of P2_home people who left in the window and who take
    D2A wherever it is live: by their own luck alone, so the same people in every scenario."""
    own = v.flag("accepts_d2a") & v.pathway("P2_home") & ~v.origin(INITIAL)
    whole = sum_of(v.spell[v.acute], (v.left - v.entered)[v.acute], v.spells)
    return mean(whole[own & v.within(v.last_bed)])


@flow.add("share", "lower")
def long_stay_beds_share(v: View) -> float:
    """Share of the acute bed days of the window that lie beyond day 21 of their stay: of the beds in use, those held by
    people past three weeks."""
    from_day = np.maximum(v.entered, v.first_bed[v.spell] + LONG_STAY_DAYS)[v.acute]
    return ratio(float(overlap(from_day, v.left[v.acute], v.start, v.end).sum()), float(v.bed_days.sum()))


def _delayed(v: View) -> Floats:
    """Days of each delay within the window."""
    return overlap(v.floats("delay", "start"), v.floats("delay", "end"), v.start, v.end)


@flow.add("days", "lower")
def delayed_bed_days(v: View) -> float:
    """Days of the window people spent in an acute bed after they were ready for discharge, whatever the reason."""
    return float(_delayed(v).sum())


def _delayed_by(code: int) -> Callable[[View], float]:
    """Delayed bed days of one reason."""
    return lambda v: float(_delayed(v)[v.log.delay["reason"] == code].sum())


_WHY = {
    "assessment": "being assessed on the ward",
    "equipment": "equipment, or care restarting",
    "package": "a package being arranged",
    "placement": "a placement being found",
    "bespoke": "a bespoke solution being found",
    "life": "a LIFE slot",
    "step_down": "a step-down bed",
    "home_care": "home care to be free",
    "timing": "the hour or the day: meeting, weekend, time of leaving",
}

for _code, _reason in enumerate(REASONS):
    _text = f"Delayed bed days whose reason was {_WHY[_reason]}."
    flow.put(f"delayed_bed_days_{_reason}", "days", "lower", _text, _delayed_by(_code))


@flow.add("beds", "lower")
def delayed_beds_mean(v: View) -> float:
    """Acute beds held by people ready for discharge, averaged over the time of the window."""
    return delayed_bed_days(v) / v.days


def _bed_wait_hours(v: View) -> Floats:
    """Hours waited for a first bed."""
    _, asked, ended, still = v.bed_wait
    return 24.0 * v.waits(asked, ended, still)


@flow.add("hours", "lower")
def wait_for_bed_hours_mean(v: View) -> float:
    """Mean hours from the decision to admit to the first acute bed, of those whose wait ended in the window and of
    those still waiting at its end, who count with their wait so far."""
    return mean(_bed_wait_hours(v))


@flow.add("share", "lower")
def wait_over_4h_share(v: View) -> float:
    """Share of the waits for a first bed (ended in the window, or still on at its end) that were over 4 hours."""
    return mean((_bed_wait_hours(v) > 4.0 + _HAIR).astype(np.float64))


@flow.add("people", "lower")
def waiting_for_bed_mean(v: View) -> float:
    """People waiting for a first acute bed, averaged over the time of the window."""
    _, asked, ended, _ = v.bed_wait
    return float(overlap(asked, ended, v.start, v.end).sum()) / v.days


@flow.add("days", "lower")
def outlier_bed_days(v: View) -> float:
    """Days of the window spent in a ward that is not the person's home ward."""
    home = v.code("home_ward")[v.spell]
    return float(v.inside[v.of("ward") & (home >= 0) & (v.place != home)].sum())


def capacity_days(v: View, *kinds: str) -> float:
    """Capacity × days of the window of all places of these kinds; infinity if one is unlimited."""
    total = 0.0
    for place in v.places(*kinds):
        days = np.array(place.days, dtype=float)
        days[0] = min(days[0], 0.0)  # the first value also holds before its day
        lengths = overlap(days, np.append(days[1:], np.inf), v.start, v.end)
        inside = lengths > 0
        total += float(np.array(place.capacities, dtype=float)[inside] @ lengths[inside])
    return total
