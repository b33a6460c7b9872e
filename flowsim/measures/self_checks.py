"""Checks every run makes of itself: nobody lost, no time counted twice, nothing beyond its bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flowsim.events import ADMITTED, AVERTED_INITIATIVE, BED_KINDS, DOORS, KINDS, WAITING, EventLog, PlaceInfo
from flowsim.measures.by_day import daily
from flowsim.measures.community import unit_spans
from flowsim.measures.compute import MEASURES, measure
from flowsim.measures.possible import possible
from flowsim.measures.steps import Floats, Mask, first_of, overlap, steps, sum_of
from flowsim.measures.view import View

_NEAR = 1e-6  # relative: float sums over tens of thousands of stays are good to 1e-9
_TICK = 1e-9  # days


@dataclass(frozen=True, slots=True)
class Check:
    """One self-check of a run: its name, whether it holds, and the numbers behind it."""

    name: str
    ok: bool
    detail: str


def checks(log: EventLog, values: Mapping[str, float] | None = None) -> list[Check]:
    """Self-checks of one run.

    Parameters
    ----------
    log : EventLog
        The record of the run.
    values : mapping, optional
        Its measures if they are at hand; otherwise they are computed.

    Returns
    -------
    list of Check
        People conserved, Little's law by kind of place, capacity by place, bed days three ways, delays, order of
        times, bounds of measures.
    """
    view = View(log)
    return [
        _people(view),
        *_little(view),
        *_capacities(view),
        _bed_days(view),
        _stays_join(view),
        _delays(view),
        _times(view),
        _bounds(measure(log) if values is None else values),
    ]


def _near(one: float, two: float) -> bool:
    """Equal but for rounding."""
    return math.isclose(one, two, rel_tol=_NEAR, abs_tol=_NEAR)


def _people(v: View) -> Check:
    """Every spell is one of: averted, turned round, diverted, in the community only, waiting, in a bed, left."""
    left = ~np.isnan(v.time("discharged")) | ((v.code("pathway") < 0) & ~np.isnan(v.time("died")))
    hospital = v.of(*BED_KINDS, "a_and_e")
    here, ever = np.zeros(v.spells, dtype=bool), np.zeros(v.spells, dtype=bool)
    here[v.spell[hospital & v.open]] = True
    ever[v.spell[hospital & v.got_in]] = True
    admitted, waiting = v.door(ADMITTED), v.door(WAITING)
    no_bed_needed = admitted & ~ever  # people who join in mid-flow, ready, in a world without beds
    lost = admitted & ~no_bed_needed & (left == here)
    lost |= waiting & (ever | left | ~here)
    lost |= ~admitted & ~waiting & (ever | here)
    counts = [(name, int((v.code("door") == code).sum())) for code, name in enumerate(DOORS)]
    doors = ", ".join(f"{count} {name}" for name, count in counts if count or name != DOORS[AVERTED_INITIATIVE])
    now = f"{(admitted & left).sum()} left, {(admitted & ~left).sum()} inside"
    return Check(
        "people conserved", not lost.any(), f"{v.spells} spells = {doors}; admitted: {now}; lost: {lost.sum()}"
    )


def _little(v: View) -> list[Check]:
    """Mean number = rate × mean time for each kind of place: the occupancy curve against the sum of stays."""
    found = []
    for kind in KINDS:
        rows = v.of(kind) & (v.inside > 0)
        if not rows.any():
            continue
        curve, number = v.levels(kind).integral / v.days, int(rows.sum())
        rate, time = number / v.days, float(v.inside[rows].mean())
        detail = f"mean number {curve:.6f}; {rate:.6f} a day × {time:.6f} days = {rate * time:.6f}"
        found.append(Check(f"Little's law: {kind}", _near(curve, rate * time), detail))
    return found


def _capacities(v: View) -> list[Check]:
    """Nobody begins to use a place that is then over its capacity (a cut evicts nobody, so use may stay above it)."""
    return [
        _capacity(v, number, place)
        for number, place in enumerate(v.log.places)
        if any(map(math.isfinite, place.capacities))
    ]


def _capacity(v: View, number: int, place: PlaceInfo) -> Check:
    """One place: use just after each beginning against capacity at that moment."""
    start, end, amount, begins = _use(v, number)
    use = steps(start, end, 0.0, v.log.horizon, amount)
    order = np.searchsorted(np.array(place.days, dtype=float), begins, side="right") - 1
    allowed = np.array(place.capacities, dtype=float)[np.maximum(order, 0)]
    over = use.at(begins) - allowed
    breaches = int((over > _TICK).sum())
    worst = f", at most {over.max():g} over, first on day {begins[over > _TICK][0]:.4f}" if breaches else ""
    peak = f"peak {use.peak:g}, capacity up to {max(place.capacities):g}"
    return Check(f"capacity: {place.name}", breaches == 0, f"{peak}; {breaches} entries above capacity{worst}")


def _use(v: View, number: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Start, end and amount of the use of one place, and the moments at which use began after the clock started."""
    rows = (v.place == number) & v.got_in & (overlap(v.entered, v.left, 0.0, v.log.horizon) > 0)
    begins = np.sort(v.entered[rows & ~v.placed])
    counted = v.log.unit["place"].astype(np.intp) == number
    if not counted.any():
        return v.entered[rows], v.left[rows], np.ones(int(rows.sum())), begins
    one = View(_only(v.log, counted))
    start, end, amount = unit_spans(one, *KINDS)
    return start, end, amount, begins


def _only(log: EventLog, rows: Mask) -> EventLog:
    """The log with these unit rows alone."""
    from dataclasses import replace

    return replace(log, unit={name: column[rows] for name, column in log.unit.items()})


def _bed_days(v: View) -> Check:
    """Bed days by stay, by day, and by pathway are one number."""
    run = View(v.log, (0.0, v.log.horizon))
    by_stay = float(run.inside[run.acute].sum())
    series = daily(v.log)
    lengths = np.minimum(np.arange(1, len(series["beds_core"]) + 1), v.log.horizon) - np.arange(
        len(series["beds_core"])
    )
    by_day = float((series["beds_core"] + series["beds_escalation"]) @ lengths)
    pathway = run.code("pathway")
    by_pathway = math.fsum(float(run.bed_days[pathway == code].sum()) for code in np.unique(pathway))
    ok = _near(by_stay, by_day) and _near(by_stay, by_pathway)
    return Check("bed days add up", ok, f"by stay {by_stay:.6f}, by day {by_day:.6f}, by pathway {by_pathway:.6f}")


def _stays_join(v: View) -> Check:
    """A spell's beds follow one another without gap or overlap, from the first bed to the last."""
    entered, left, spell = v.entered[v.acute], v.left[v.acute], v.spell[v.acute]
    order = np.lexsort((left, entered, spell))
    same = np.diff(spell[order]) == 0
    gap = np.abs(entered[order][1:] - left[order][:-1])[same]
    broken = int((gap > _TICK).sum())
    return Check("beds follow one another", broken == 0, f"{same.sum()} moves, {broken} with a gap or an overlap")


def _delays(v: View) -> Check:
    """Delays lie between ready and left, and do not add up to more than the time between."""
    spell = v.log.delay["spell"].astype(np.intp)
    start, end = v.floats("delay", "start"), v.floats("delay", "end")
    ready, left = v.time("ready")[spell], v.time("discharged")[spell]
    died = v.time("died")[spell]
    until = np.fmin(np.where(np.isnan(left), v.log.horizon, left), np.where(np.isnan(died), np.inf, died))
    outside = ~((ready - _TICK <= start) & (start <= end) & (end <= until + _TICK))
    total = sum_of(spell, end - start, v.spells)
    span = np.zeros(v.spells)
    span[spell] = until - ready
    over = int((total > span + _TICK).sum())
    detail = f"{spell.size} delays, {outside.sum()} outside ready to left, {over} spells with more delay than time"
    return Check("delays fit between ready and left", not outside.any() and over == 0, detail)


def _times(v: View) -> Check:
    """Queued ≤ entered ≤ left ≤ edge for each stay; presented ≤ fit ≤ ready ≤ discharged for each spell."""
    entered = np.where(v.got_in, v.entered, v.queued)
    stays = ~((v.queued <= entered + _TICK) & (entered <= v.left + _TICK) & (v.left <= v.log.horizon + _TICK))
    wrong = np.zeros(v.spells, dtype=bool)
    before = v.time("at")
    for name in ("fit", "ready", "discharged"):
        now = v.time(name)
        wrong |= now < before - _TICK
        before = np.fmax(before, now)
    first = first_of(v.spell, v.queued, v.spells)
    wrong |= first < v.time("at") - _TICK
    detail = f"{stays.sum()} of {stays.size} stays and {wrong.sum()} of {v.spells} spells out of order"
    return Check("times in order", not stays.any() and not wrong.any(), detail)


def _bounds(values: Mapping[str, float]) -> Check:
    """Shares lie in 0..1; nothing is negative or infinite but what Huddles avert (which may be negative)."""
    wrong = []
    for name, value in values.items():
        low, high = possible(name, MEASURES[name].unit if name in MEASURES else "")
        if math.isinf(value) or value < low - _NEAR or value > high + _NEAR:
            wrong.append(f"{name} = {value:g}")
    return Check("measures within bounds", not wrong, "; ".join(wrong) or f"{len(values)} measures")
