"""Dashboards by month: the Huddle tracker, the LIFE tracker, outcomes, people who met both, and packages.

The definitions of the columns are written here, once; pages and tables repeat them. Counts of a window add up to its
measures: what is counted in a month is what the measure of the same name counts in the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flowsim.events import (
    AVERTED_HUDDLE,
    BACK_TO_HOSPITAL,
    DIED,
    ENDED,
    IN_COMMUNITY,
    NO_NEED,
    PACKAGE,
    PLACEMENT,
    PRESENTATION,
    READMISSION,
    SCRIPTED,
    TURNED_ROUND,
    EventLog,
)
from flowsim.measures.community import LARGE_ABOVE, SIX_WEEKS, SMALL_BELOW
from flowsim.measures.outcomes import admitted_while_supported, day_91, followed_30_days
from flowsim.measures.package_weeks import PACKAGE_COLUMNS, SIZES, package_counts
from flowsim.measures.periods import months
from flowsim.measures.steps import Floats, Ints, Mask, first_of
from flowsim.measures.view import View, Window

if TYPE_CHECKING:
    import pandas as pd

_HAIR = 1e-6

HUDDLE_COLUMNS: dict[str, str] = {
    "huddles": "Huddle meetings held.",
    "cases": "Cases reviewed at them.",
    "people_supported": "People taken on for support at them, for the first time or again.",
    "new_cases": "Those of the people taken on whom no Huddle had supported before in the run.",
    "admissions_avoided": "Presentations averted by the Huddles, less those induced by them (an effect above 1), "
    "by the day they would have been.",
    "huddled_people_admitted": "Admissions (first acute bed) of people a Huddle was supporting when they presented.",
}
"""Columns of the Huddle tracker, by practice and month."""

ENTRANCES = ("ward", "front_door", "community")
"""Ways into LIFE: from a hospital bed (Discharge to Assess), turned round in A&E, referred from the community."""

LIFE_COLUMNS: dict[str, str] = {
    "referrals": "People who asked for a LIFE slot, by the day they asked.",
    "starts": "People who got a slot, by the day they got it.",
    "fell_back": "People who gave up waiting for a slot and went back to the old process, by the day they did.",
    "first_visits": "Of the starts, those who left hospital or A&E and have had a first visit in the run.",
    "first_visits_2h": "Of the starts, those whose first visit was within 2 hours of leaving.",
    "over_six_weeks": "Of the starts, those in their slot for over six weeks: waiting for a package, for one.",
    "ended": "Of the starts, those whose support ended by itself within six weeks, with nothing to follow.",
    "no_need_at_cap": "Of the starts, those whose support was ended at six weeks, without a long-term need.",
    "package": "Of the starts, those whose support led to a long-term package, even if they waited for it beyond six "
    "weeks.",
    "placement": "Of the starts, those whose support led to a placement, even if they waited for it beyond six weeks.",
    "back_to_hospital": "Of the starts, those who were back in hospital within six weeks.",
    "died": "Of the starts, those who died within six weeks.",
    "still_supported": "Of the starts, those in support for over six weeks of whom none of this is true, or known by "
    "the end of the window.",
    "not_yet_known": "Of the starts, those whose six weeks were not over at the end of the window, however they went.",
}
"""Columns of the LIFE tracker, by entrance and month; the last eight add up to the starts of the month."""

OUTCOME_COLUMNS: dict[str, str] = {
    "admissions": "Emergency admissions: spells whose first acute bed was entered in the month.",
    "discharges_followed": "People who left hospital alive after an admission, 30 days or more before the end.",
    "readmitted_30d": "Those of them whose next spell was due within 30 days.",
    "day_91_followed": "People who had left hospital for LIFE or reablement and whose day 91 is in the month.",
    "at_home_91d": "Those of them at home that day: alive, not in an acute or step-down bed, nor in a placement.",
}
"""Columns of the outcomes by month, from which the shares of the outcome framework are made."""

JOURNEY_COLUMNS: dict[str, str] = {
    "first_huddle": "People supported by a Huddle for the first time in the run.",
    "first_life": "People who began with LIFE for the first time in the run.",
    "huddle_then_life": "Those of them who had been supported by a Huddle before.",
    "life_then_huddle": "Of the people first supported by a Huddle, those who had been with LIFE before.",
}
"""Columns of the journeys across Huddles and LIFE, by month; only residents who are known one by one."""

TRACKERS: dict[str, tuple[str, dict[str, str]]] = {
    "huddles": ("practice", HUDDLE_COLUMNS),
    "life": ("entrance", LIFE_COLUMNS),
    "outcomes": ("everyone", OUTCOME_COLUMNS),
    "journeys": ("everyone", JOURNEY_COLUMNS),
    "packages": ("size", PACKAGE_COLUMNS),
}
"""Each tracker: what its rows are, and its columns with their definitions."""


@dataclass(frozen=True)
class Tracker:
    """Counts by row (practice, entrance), month and column.

    Attributes
    ----------
    name : str
        One of ``TRACKERS``.
    months : tuple of str
        "2017-04"; the first and the last are those parts that lie in the window.
    values : array (row, month, column)
        Columns in the order of ``TRACKERS``.
    """

    name: str
    rows: tuple[str, ...]
    months: tuple[str, ...]
    values: NDArray[np.float64]

    def frame(self) -> pd.DataFrame:
        """One row per practice (or entrance, or everyone) and month, with the columns of the dashboard."""
        import pandas as pd

        by, columns = TRACKERS[self.name]
        index = pd.MultiIndex.from_product([self.rows, self.months], names=[by, "month"])
        return pd.DataFrame(self.values.reshape(len(index), -1), index=index, columns=list(columns)).reset_index()


def trackers(
    log: EventLog, window: Window | None = None, package_limits: tuple[float, float] = (SMALL_BELOW, LARGE_ABOVE)
) -> dict[str, Tracker]:
    """All trackers of a run, by name.

    Parameters
    ----------
    log : EventLog
        The record of the run.
    window : tuple of days, optional
        The log's own by default.
    package_limits : tuple of hours a week
        Packages are small below the first and large above the second.
    """
    v = View(log, window)
    grid = _Grid(v)
    everyone = ("all",)
    return {
        "huddles": grid.tracker("huddles", log.practices, _huddles(v, grid)),
        "life": grid.tracker("life", ENTRANCES, _life(v, grid)),
        "outcomes": grid.tracker("outcomes", everyone, _outcomes(v, grid)),
        "journeys": grid.tracker("journeys", everyone, _journeys(v, grid)),
        "packages": grid.tracker("packages", SIZES, package_counts(v, grid.count, package_limits)),
    }


class _Grid:
    """Counts things by row and month of a window."""

    def __init__(self, v: View) -> None:
        self.view = v
        self.months = months(v.log.start, (v.start, v.end))
        self._starts = np.array([month.start for month in self.months])

    def count(self, rows: int, row: Ints | int, moments: Floats, weights: Floats | None = None) -> Floats:
        """Number (or weight) by row and month; what is outside the window or of no row (-1) is left out."""
        row = np.broadcast_to(np.asarray(row, dtype=np.intp), moments.shape)
        inside = self.view.within(moments) & (row >= 0)
        month = np.searchsorted(self._starts, moments[inside], side="right") - 1
        place = row[inside] * len(self.months) + month
        weight = np.ones(place.size) if weights is None else weights[inside]
        found = np.bincount(place, weight, rows * len(self.months))
        return found.astype(np.float64).reshape(rows, len(self.months))

    def tracker(self, name: str, rows: tuple[str, ...], columns: Mapping[str, Floats]) -> Tracker:
        """The columns of a tracker put together in their order."""
        values = np.stack([columns[column] for column in TRACKERS[name][1]], axis=-1)
        return Tracker(name, rows, tuple(month.label for month in self.months), values)


def _first_times(who: Ints, when: Floats) -> Mask:
    """Which rows are the first of their person."""
    order = np.lexsort((np.arange(who.size), when, who))
    first = np.zeros(who.size, dtype=bool)
    first[order] = np.diff(who[order], prepend=-(2**62)) != 0
    return first


def _huddles(v: View, grid: _Grid) -> dict[str, Floats]:
    practices = len(v.log.practices)
    held, at = v.log.meeting["practice"].astype(np.intp), v.floats("meeting", "at")
    person, taken = v.log.support["person"].astype(np.intp), v.log.support["practice"].astype(np.intp)
    since = v.floats("support", "start")
    new = _first_times(person, since)
    presented, practice = v.time("at"), v.code("practice")
    induced = v.flag("induced") & (v.code("depth") == 0)
    if "induced_by" in v.log.spell:
        induced &= v.code("induced_by") < 0
    avoided = v.door(AVERTED_HUDDLE).astype(np.float64) - induced
    who = admitted_while_supported(v)
    return {
        "huddles": grid.count(practices, held, at),
        "cases": grid.count(practices, held, at, v.floats("meeting", "cases")),
        "people_supported": grid.count(practices, held, at, v.floats("meeting", "new_people")),
        "new_cases": grid.count(practices, taken[new], since[new]),
        "admissions_avoided": grid.count(practices, practice, presented, avoided),
        "huddled_people_admitted": grid.count(practices, practice[who], v.first_bed[who]),
    }


def _entrance(v: View) -> Ints:
    """By which of ``ENTRANCES`` each spell comes to LIFE, if it does; who joins ready to leave comes from a ward."""
    referred = v.door(IN_COMMUNITY) & np.isnan(v.time("ready"))
    return np.where(v.door(TURNED_ROUND), 1, np.where(referred, 2, 0)).astype(np.intp)


def _life(v: View, grid: _Grid) -> dict[str, Floats]:
    life = v.of("life")
    spell, entrance = v.spell[life], _entrance(v)[v.spell[life]]
    placed = v.placed[life]
    began = np.where(v.got_in[life] & ~placed, v.entered[life], np.nan)
    gave_up = (~v.got_in & ~v.open)[life] & v.flag("fell_back")[spell]
    hours = v.time("first_visit")[spell]
    count = len(ENTRANCES)

    def starts(which: Mask) -> Floats:
        """Those of the starts, by the day they were."""
        return grid.count(count, entrance[which], began[which])

    outcome, longer = _six_weeks_on(v, life)
    return {
        "referrals": grid.count(count, entrance, np.where(placed, np.nan, v.queued[life])),
        "starts": starts(np.ones(spell.size, dtype=bool)),
        "fell_back": grid.count(count, entrance, np.where(gave_up, v.left[life], np.nan)),
        "first_visits": starts(~np.isnan(hours)),
        "first_visits_2h": starts(hours <= 2.0 + _HAIR),
        "over_six_weeks": starts(longer),
        **{name: starts(outcome == code) for code, name in enumerate(list(LIFE_COLUMNS)[6:])},
    }


def _six_weeks_on(v: View, rows: Mask) -> tuple[Ints, Mask]:
    """What became of each of these stays, as the place of its column among the last eight; and which took longer.

    A package or a placement counts whenever it began: that it is needed is known at six weeks, and the wait for it is
    spent in the slot. Support begins on leaving hospital, even if the slot was kept for the person before. What became
    of those whose six weeks were not over is left open even if their support was, or short supports would be
    over-represented.
    """
    who = v.spell[rows]
    began = np.fmax(v.entered[rows], v.time("discharged")[who])
    over = ~v.open[rows] & (v.left[rows] < v.end)
    longer = np.minimum(v.left[rows], v.end) - began > SIX_WEEKS + _HAIR
    how = v.code("support_end")[who]
    ways = (ENDED, NO_NEED, PACKAGE, PLACEMENT, BACK_TO_HOSPITAL, DIED)
    known = began + SIX_WEEKS < v.end
    concluded = over & (~longer | np.isin(how, (PACKAGE, PLACEMENT)))
    found = np.where(known, len(ways), len(ways) + 1)
    for place, way in enumerate(ways):
        found[known & concluded & (how == way)] = place
    return found.astype(np.intp), longer


def _outcomes(v: View, grid: _Grid) -> dict[str, Floats]:
    admitted = v.first_bed[v.origin(PRESENTATION, READMISSION, SCRIPTED)]
    left, again = followed_30_days(v)
    day, at_home = day_91(v)
    return {
        "admissions": grid.count(1, 0, admitted),
        "discharges_followed": grid.count(1, 0, left),
        "readmitted_30d": grid.count(1, 0, left, again),
        "day_91_followed": grid.count(1, 0, day),
        "at_home_91d": grid.count(1, 0, day, at_home),
    }


def _journeys(v: View, grid: _Grid) -> dict[str, Floats]:
    person, since = v.log.support["person"].astype(np.intp), v.floats("support", "start")
    rows = v.of("life") & v.got_in & (v.code("person")[v.spell] >= 0)
    with_life, began = v.code("person")[v.spell[rows]], v.entered[rows]
    known, number = np.unique(np.concatenate([person, with_life]), return_inverse=True)
    huddle = first_of(number[: person.size], since, known.size)
    life = first_of(number[person.size :], began, known.size)
    return {
        "first_huddle": grid.count(1, 0, huddle),
        "first_life": grid.count(1, 0, life),
        "huddle_then_life": grid.count(1, 0, np.where(huddle <= life, life, np.inf)),
        "life_then_huddle": grid.count(1, 0, np.where(life < huddle, huddle, np.inf)),
    }
