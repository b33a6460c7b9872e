"""What became of the first people served, followed one by one, in their own world and in that of the base."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from flowsim.claims.scene import COUNT, SHARE, Scene, Scenes, computation
from flowsim.events import BACK_TO_HOSPITAL, DIED, ENDED, NO_NEED
from flowsim.measures.steps import Floats, Ints, Mask, mean, ratio

SIX_WEEKS = 42.0
_HAIR = 1e-6


def _first_by_d2a(scene: Scene, people: int) -> Ints:
    """Rows of the first people who left by Discharge to Assess, in the order they left."""
    rows = np.flatnonzero(scene.column("d2a") & ~np.isnan(scene.column("discharged")))
    return rows[np.argsort(scene.column("discharged")[rows], kind="stable")][:people]


def _in_base(base: Scene, scene: Scene, rows: Ints) -> tuple[Ints, Ints]:
    """The same spells in both worlds: rows of the base, rows of the scene. Spells that only one has are left out."""
    keys = zip(base.column("root").tolist(), base.column("depth").tolist(), strict=True)
    known = {key: row for row, key in enumerate(keys)}
    both = [(known.get((int(scene.column("root")[row]), int(scene.column("depth")[row]))), row) for row in rows]
    pairs = [(there, int(here)) for there, here in both if there is not None]
    return np.array([one for one, _ in pairs], dtype=np.intp), np.array([one for _, one in pairs], dtype=np.intp)


def _stays(scenes: Scenes, base: str, scenario: str, people: int) -> tuple[Floats, Floats]:
    """Days in acute beds of the first D2A people: without the programme, and with it; nothing if they are too few."""
    rows = _first_by_d2a(scenes[scenario], people)
    if rows.size < people:
        return np.zeros(0), np.zeros(0)
    there, here = _in_base(scenes[base], scenes[scenario], rows)
    return scenes[base].bed_days()[there], scenes[scenario].bed_days()[here]


@computation(base="scenario", scenario="scenario", people="whole")
def days_saved_by_first(scenes: Scenes, base: str, scenario: str, people: int) -> float:
    """Bed days that the first so many people who left by Discharge to Assess would have stayed longer in the base; NaN
    if fewer left that way."""
    before, after = _stays(scenes, base, scenario, people)
    return float((before - after).sum()) if before.size else math.nan


@computation(base="scenario", scenario="scenario", people="whole")
def stay_change_of_first(scenes: Scenes, base: str, scenario: str, people: int) -> float:
    """Relative change of their stay, against the same people's stay in the base; NaN if fewer left that way."""
    before, after = _stays(scenes, base, scenario, people)
    return ratio(float((after - before).sum()), float(before.sum()))


@computation(bounds=COUNT, base="scenario", scenario="scenario", people="whole")
def stay_before_of_first(scenes: Scenes, base: str, scenario: str, people: int) -> float:
    """Mean stay, in the base, of the first so many people who left by Discharge to Assess in the scenario."""
    return mean(_stays(scenes, base, scenario, people)[0])


@computation(bounds=COUNT, scenario="scenario", people="whole", date="date")
def first_back_by(scenes: Scenes, scenario: str, people: int, date: dt.date) -> float:
    """Of the first so many people who left by Discharge to Assess, how many were due back in hospital by a date."""
    scene = scenes[scenario]
    rows = _first_by_d2a(scene, people)
    back = (scene.column("readmitted")[rows] < scene.end_of(date)).sum()
    return float(back) if rows.size == people else math.nan


@computation(bounds=COUNT, scenario="scenario", people="whole")
def first_back_30d(scenes: Scenes, scenario: str, people: int) -> float:
    """Of the first so many people who left by Discharge to Assess, how many were due back within 30 days of leaving."""
    scene = scenes[scenario]
    rows = _first_by_d2a(scene, people)
    days = scene.column("readmitted")[rows] - scene.column("discharged")[rows]
    return float((days <= 30.0).sum()) if rows.size == people else math.nan


def _left_by(scene: Scene, date: dt.date) -> Mask:
    """Who had left by Discharge to Assess by the end of a date."""
    return np.asarray(scene.column("d2a") & (scene.column("discharged") < scene.end_of(date)))


@computation(bounds=COUNT, scenario="scenario", date="date", hours="number")
def visited_by(scenes: Scenes, scenario: str, date: dt.date, hours: float) -> float:
    """People who had left by Discharge to Assess by the end of a date and whose first visit came within these hours."""
    scene = scenes[scenario]
    return float((_left_by(scene, date) & (scene.column("first_visit") <= hours + _HAIR)).sum())


@computation(bounds=SHARE, scenario="scenario", date="date", hours="number")
def visited_share_by(scenes: Scenes, scenario: str, date: dt.date, hours: float) -> float:
    """The same as a share of all who had left by Discharge to Assess by then; NaN if nobody had."""
    return ratio(visited_by(scenes, scenario, date, hours), float(_left_by(scenes[scenario], date).sum()))


def _followed(scene: Scene, first: dt.date | None, last: dt.date) -> tuple[Floats, Ints]:
    """Days and end (as a code) of LIFE support that began from the first date to the last and was not interrupted by
    hospital or death within six weeks. It begins on leaving hospital, even if the slot was kept before."""
    entered, left = scene.stay("entered", "life"), scene.stay("left", "life")
    who = scene.stay("spell", "life").astype(np.intp)
    began = np.fmax(entered, scene.column("discharged")[who])
    days, how = left - began, scene.column("support_end")[who]
    kept = ~np.isnan(entered) & (began < scene.end_of(last)) & (began >= (0 if first is None else scene.day(first)))
    kept &= ~(np.isin(how, [BACK_TO_HOSPITAL, DIED]) & (days < SIX_WEEKS - _HAIR))
    return days[kept], how[kept].astype(np.intp)


@computation(bounds=SHARE, optional="first", scenario="scenario", first="date", last="date")
def life_ended_share(scenes: Scenes, scenario: str, last: dt.date, first: dt.date | None = None) -> float:
    """Of people whose LIFE support began from the first date (or ever) to the last, and was not interrupted by hospital
    or death within six weeks, the share whose support ended by itself within six weeks."""
    days, how = _followed(scenes[scenario], first, last)
    return mean(((how == ENDED) & (days <= SIX_WEEKS + _HAIR)).astype(np.float64))


@computation(bounds=SHARE, optional="first", scenario="scenario", first="date", last="date")
def life_no_package_share(scenes: Scenes, scenario: str, last: dt.date, first: dt.date | None = None) -> float:
    """Of the same people, the share whose support led to neither a long-term package nor a placement."""
    _, how = _followed(scenes[scenario], first, last)
    return mean(np.isin(how, [ENDED, NO_NEED]).astype(np.float64))
