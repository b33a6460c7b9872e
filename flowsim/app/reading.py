"""Where the levers stand in a scenario: each lever's value there, or none if the scenario has no such part."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from flowsim.app.levers import AS_IS, BOTH, CHOSEN, LEVERS, SEASONS, Lever, Value
from flowsim.clock import day_of
from flowsim.params import Scenario
from flowsim.params.hospital import D2APathway
from flowsim.params.values import schedule_of

PACE, SUGGESTED_SLOTS = 4.0, 100.0
"""Offered where the scenario has no steady pace, or no LIFE: the plan's practices a week, and a number of slots."""

Found = dict[str, Value]


def levers_of(scenario: Scenario) -> tuple[tuple[Lever, ...], Found]:
    """The levers a scenario has, with ranges that hold its own values, and the value of each."""
    values = {name: value for read in _READERS for name, value in read(scenario).items()}
    found = [_fitted(lever, scenario, values[lever.id]) for lever in LEVERS if lever.id in values]
    return tuple(found), {lever.id: values[lever.id] for lever in found}


def _fitted(lever: Lever, scenario: Scenario, value: Value) -> Lever:
    if lever.kind == "wards" and scenario.hospital is not None:
        return replace(lever, choices=tuple(scenario.hospital.units))
    if lever.id == "huddles.up_to" and scenario.population is not None:
        return replace(lever, high=float(scenario.population.practices.count))
    if lever.id == "d2a.saved_days":
        return replace(lever, high=min(lever.high, _most_saved(scenario))).holding(value)
    return lever.holding(value)


def _most_saved(s: Scenario) -> float:
    """D2A cannot take off more than the mean delay."""
    name, _ = d2a_pathway(s) or ("", None)
    delay = next((one.delay for key, one in s.leaving.items() if key == name), None)
    return math.floor(delay.mean * 100) / 100 if delay is not None else 0.0


def first_day(s: Scenario) -> dt.date:
    """The first measured day."""
    return s.clock.start + dt.timedelta(days=math.ceil(s.clock.warm_up_days))


def last_day(s: Scenario) -> dt.date:
    """The last measured day."""
    return s.clock.start + dt.timedelta(days=math.ceil(s.clock.horizon) - 1)


def _huddles(s: Scenario) -> Found:
    huddles = s.huddles
    if huddles is None or s.population is None:
        return {}
    rollout, count = huddles.rollout, float(s.population.practices.count)
    if rollout.form == "pace":
        found: Found = {"huddles.rollout": CHOSEN, "huddles.start": _within(s, rollout.start)}
        found |= {"huddles.per_week": rollout.per_week, "huddles.up_to": min(float(rollout.up_to), count)}
    else:
        dates = rollout.points if rollout.form == "points" else dict.fromkeys(rollout.dates.values(), 1)
        begins = [day for day, live in sorted(dates.items()) if live]
        found = {"huddles.rollout": AS_IS, "huddles.start": _within(s, begins[0] if begins else first_day(s))}
        found |= {"huddles.per_week": PACE, "huddles.up_to": count}
    effect = huddles.effect
    if effect.model == "practice_rate":
        return {**found, "huddles.fewer": _round(100 * (1 - effect.rate_ratio))}
    return {**found, "huddles.averted": _round(100 * effect.averted_share)}


def d2a_pathway(s: Scenario) -> tuple[str, D2APathway] | None:
    """The pathway whose share and days the levers set: home with a package, or else the first that has D2A."""
    pathways = {str(name): one for name, one in s.d2a.pathways.items()} if s.d2a is not None else {}
    name = "P2_home" if "P2_home" in pathways else next(iter(pathways), "")
    return (name, pathways[name]) if name else None


def _d2a(s: Scenario) -> Found:
    pathway = d2a_pathway(s)
    if s.d2a is None or s.hospital is None or pathway is None:
        return {}
    units, live = list(s.hospital.units), schedule_of(s.d2a.units_live, s.clock.start)
    order = [*s.d2a.order, *(unit for unit in units if unit not in s.d2a.order)]
    reached = int(min(live.at(s.clock.horizon - 1), len(units)))
    moments = [day for day in range(int(s.clock.horizon)) if live.at(day) > 0]
    begins = s.clock.start + dt.timedelta(days=moments[0]) if moments else first_day(s)
    full = [day for day in moments if live.at(day) >= reached]
    weeks = math.ceil((full[0] - moments[0]) / 7) if full else 0
    return {
        "d2a.rollout": AS_IS,
        "d2a.wards": tuple(order[:reached] if reached else order),
        "d2a.start": begins,
        "d2a.weeks": float(weeks),
        "d2a.accepted": _round(100 * pathway[1].accepted_share),
        "d2a.saved_days": pathway[1].saved_days,
    }


def _life(s: Scenario) -> Found:
    life = s.life
    if life is None:
        return {}
    found: Found = {}
    if life.visits_per_day is None and life.by_locality is None:
        found |= {"life.rollout": AS_IS, **_slots(s, schedule_of(life.slots, s.clock.start).at_all(_days(s)))}
    found["life.cap_days"] = life.cap_days
    if life.episode.shape == "ends_by_cap":
        found["life.ended"] = _round(100 * schedule_of(life.episode.ended_share, s.clock.start).at(_middle(s)))
    return found


def _slots(s: Scenario, slots: Any) -> Found:
    """When LIFE opens, and the mean number of slots in each season from then on."""
    known = np.where(np.isfinite(slots), slots, 200.0)
    opened = np.flatnonzero(known > 0)
    opens = s.clock.start + dt.timedelta(days=int(opened[0])) if opened.size else first_day(s)
    last = float(known[-1]) if opened.size else SUGGESTED_SLOTS
    found: Found = {"life.opens": opens}
    months = np.array([(s.clock.start + dt.timedelta(days=int(day))).month for day in opened])
    for season, of_season in SEASONS.items():
        inside = known[opened[np.isin(months, of_season)]] if opened.size else np.array([])
        found[f"life.{season}"] = float(round(inside.mean())) if inside.size else last
    return found


def _door(s: Scenario) -> Found:
    door = s.front_door
    if door is None:
        return {}
    share = schedule_of(door.turned_round_share, s.clock.start)
    begins = [day for day in range(int(s.clock.horizon)) if share.at(day) > 0]
    return {
        "door.share": _round(100 * share.at(s.clock.horizon - 1)),
        "door.start": s.clock.start + dt.timedelta(days=begins[0]) if begins else first_day(s),
        "door.hours": (float(door.from_hour), float(door.to_hour)),
    }


def _beds(s: Scenario) -> Found:
    rule = s.hospital.escalation if s.hospital is not None else None
    if rule is None:
        return {}
    found: Found = {"beds.where": BOTH}
    if isinstance(rule.cap, int):
        found["beds.cap"] = float(rule.cap)
    if rule.open_at_occupancy is not None:
        found["beds.opens_at"] = _round(100 * rule.open_at_occupancy)
    if rule.open_after_wait_hours is not None:
        found["beds.opens_after"] = rule.open_after_wait_hours
    return found if len(found) > 1 else {}


def winters(s: Scenario) -> Iterator[tuple[dt.date, dt.date]]:
    """First of December and first of April of each winter with measured days."""
    for year in range(first_day(s).year - 1, last_day(s).year + 1):
        start, end = dt.date(year, 12, 1), dt.date(year + 1, 4, 1)
        if start <= last_day(s) and end > first_day(s):
            yield start, end


def level_at(s: Scenario, day: dt.date) -> dict[str, float]:
    """Factor on the presentations of each cohort on a day."""
    when = day_of(day, s.clock.start)
    return {name: schedule_of(one.arrivals.level, s.clock.start).at(when) for name, one in s.cohorts.items()}


def winter_level(s: Scenario, first: dt.date) -> dict[str, float]:
    """Factor of each cohort in the middle of the winter that begins on this day: mid-January."""
    return level_at(s, first + dt.timedelta(days=45))


def _winter(s: Scenario) -> Found:
    first = next(winters(s), None)
    if first is None or not s.cohorts:
        return {}
    return {"winter.level": _round(100 * next(iter(winter_level(s, first[0]).values())))}


_READERS: tuple[Callable[[Scenario], Found], ...] = (_huddles, _d2a, _life, _door, _beds, _winter)


def _within(s: Scenario, day: dt.date) -> dt.date:
    return min(max(day, s.clock.start), last_day(s))


def _days(s: Scenario) -> Any:
    return np.arange(int(s.clock.horizon), dtype=float)


def _middle(s: Scenario) -> float:
    return s.clock.warm_up_days + s.clock.window_days / 2


def _round(value: float) -> float:
    return round(value, 6) + 0.0
