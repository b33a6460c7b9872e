"""What Huddles seem to do, by practice: admissions averted, taken on, and what chance alone would show."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from flowsim.claims.scene import COUNT, SHARE, Scene, Scenes, computation
from flowsim.events import ADMITTED, AVERTED_HUDDLE, PRESENTATION, READMISSION, WAITING
from flowsim.measures.steps import Ints, Mask, pairs, ratio


def _live(scene: Scene) -> Ints:
    """Practices in the order they went live; those that never do are left out."""
    live = np.array(scene.log.practices_live, dtype=float)
    order = np.argsort(live, kind="stable").astype(np.intp)
    return np.asarray(order[np.isfinite(live[order])])


def _admitted(scene: Scene) -> Mask:
    """Spells that came to an acute bed or wait for one, readmissions included."""
    came = np.isin(scene.column("origin"), [PRESENTATION, READMISSION])
    return np.asarray(came & np.isin(scene.column("door"), [ADMITTED, WAITING]))


def _count(scene: Scene, spells: Mask, practices: Ints, start: float, end: float) -> float:
    """How many of the spells presented in ``[start, end)`` from these practices."""
    at = scene.column("at")
    return float((spells & np.isin(scene.column("practice"), practices) & (at >= start) & (at < end)).sum())


@computation(bounds=COUNT, scenario="scenario", practices="whole", first="date", last="date")
def averted_at_first(scenes: Scenes, scenario: str, practices: int, first: dt.date, last: dt.date) -> float:
    """Presentations averted by Huddles at the first practices to go live, from the first date to the last."""
    scene = scenes[scenario]
    averted = np.asarray(scene.column("door") == AVERTED_HUDDLE)
    return _count(scene, averted, _live(scene)[:practices], scene.day(first), scene.end_of(last))


@computation(scenario="scenario", practices="whole", date="date", days="whole")
def fall_at_first(scenes: Scenes, scenario: str, practices: int, date: dt.date, days: int) -> float:
    """Admissions from the first practices to go live in so many days before a date, less those in as many days from it:
    what a before-and-after count shows."""
    scene = scenes[scenario]
    chosen, now = _live(scene)[:practices], scene.day(date)
    spells = _admitted(scene)
    return _count(scene, spells, chosen, now - days, now) - _count(scene, spells, chosen, now, now + days)


@computation(bounds=COUNT, optional="practices", scenario="scenario", date="date", practices="whole")
def taken_on_by(scenes: Scenes, scenario: str, date: dt.date, practices: int | None = None) -> float:
    """People taken on by Huddles by the end of a date; with ``practices``, by the first so many to go live."""
    scene = scenes[scenario]
    taken = scene.support("start") < scene.end_of(date)
    if practices is not None:
        taken &= np.isin(scene.support("practice"), _live(scene)[:practices])
    return float(taken.sum())


@computation(scenario="scenario", practices="whole", people="whole", days="whole")
def fall_among_taken_on(scenes: Scenes, scenario: str, practices: int, people: int, days: int) -> float:
    """Admissions of the first so many people taken on by the first practices to go live, in so many days before they
    were taken on, less those in as many days after. People are taken on because they were lately in hospital, so this
    falls even where Huddles avert nobody: regression to the mean. NaN if fewer were taken on."""
    scene = scenes[scenario]
    start = scene.support("start")
    rows = np.flatnonzero(np.isin(scene.support("practice"), _live(scene)[:practices]))
    rows = rows[np.argsort(start[rows], kind="stable")][:people]
    if rows.size < people:
        return math.nan
    spells = _admitted(scene)
    gap = scene.column("at")[spells][None, :] - start[rows][:, None]
    own = scene.column("person")[spells][None, :] == scene.support("person")[rows][:, None]
    return float((own & (gap >= -days) & (gap < 0)).sum() - (own & (gap >= 0) & (gap < days)).sum())


@computation(scenario="scenario", live_by="date", not_live_by="date", first="date", last="date")
def early_against_late(
    scenes: Scenes, scenario: str, live_by: dt.date, not_live_by: dt.date, first: dt.date, last: dt.date
) -> float:
    """Admissions of practices live by one date against those not live by another, from the first date to the last, each
    as a ratio to as many days before the first Huddle: the relative difference (0 is none, -0.14 is 14 % fewer)."""
    scene = scenes[scenario]
    live = np.array(scene.log.practices_live, dtype=float)
    groups = (np.flatnonzero(live < scene.end_of(live_by)), np.flatnonzero(live >= scene.end_of(not_live_by)))
    start, end = float(scene.day(first)), scene.end_of(last)
    until = min(start, float(np.floor(np.min(live, initial=math.inf))))
    spells = _admitted(scene)
    now = [_count(scene, spells, group, start, end) for group in groups]
    then = [_count(scene, spells, group, until - (end - start), until) for group in groups]
    return ratio(now[0] * then[1], now[1] * then[0]) - 1.0


@computation(bounds=SHARE, scenario="scenario")
def share_supported(scenes: Scenes, scenario: str) -> float:
    """Of the admissions of the window from practices with a live Huddle, the share of people whom it was supporting."""
    scene = scenes[scenario]
    low, high = scene.log.window
    at, practice = scene.column("at"), scene.column("practice")
    live = np.array([*scene.log.practices_live, math.inf], dtype=float)[practice]
    admitted = _admitted(scene) & (at >= low) & (at < high) & (live <= at)
    return ratio(float((admitted & _supported(scene)).sum()), float(admitted.sum()))


def _supported(scene: Scene) -> Mask:
    """Spells of people whom a Huddle was supporting when they presented."""
    person = scene.column("person").astype(np.intp)
    i, j = pairs(person, scene.support("person").astype(np.intp))
    at = scene.column("at")[i]
    during = (scene.support("start")[j] <= at) & (at < scene.support("end")[j])
    found = np.zeros(person.size, dtype=bool)
    found[i[during]] = True
    return found


@computation(bounds=COUNT, scenario="scenario", fall="number")
def fall_needed(scenes: Scenes, scenario: str, fall: float) -> float:
    """How much less often supported people would have to be admitted for all admissions of their practice to fall by a
    share ``fall``: that share over the share of admissions that are theirs. Above 1 it cannot be."""
    return ratio(fall, share_supported(scenes, scenario))
