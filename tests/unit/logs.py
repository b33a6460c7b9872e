"""A builder of small event logs written by hand."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from flowsim.events import ADMITTED, NO_SUPPORT, ORIGINS, PRESENTATION, REASONS, EventLog, PlaceInfo

NAN = math.nan
PATHWAYS = ("P0", "P1", "P2_home", "P2_bed", "P3", "escalation_route")

PLACES = (
    ("AMU", "assessment_unit", 2),
    ("Ward 1", "ward", 2),
    ("Ward 2", "ward", 2),
    ("Escalation", "escalation", 5),
    ("A&E", "a_and_e", math.inf),
    ("LIFE", "life", 2),
    ("Reablement", "reablement", math.inf),
    ("Step-down", "step_down", 3),
    ("Placements", "placement", math.inf),
    ("Home care", "home_care", math.inf),
)

_SPELL: dict[str, Any] = {
    "root": 0,
    "depth": 0,
    "origin": PRESENTATION,
    "door": ADMITTED,
    "induced": False,
    "person": -1,
    "practice": -1,
    "cohort": 0,
    "pathway": 0,
    "zero_day": False,
    "a_and_e": True,
    "accepts_d2a": False,
    "d2a": False,
    "fell_back": False,
    "at": 0.0,
    "fit": NAN,
    "ready": NAN,
    "discharged": NAN,
    "died": NAN,
    "readmitted": NAN,
    "first_visit": NAN,
    "support_end": NO_SUPPORT,
    "package_hours": 0.0,
    "package_at": NAN,
    "home_ward": -1,
}


class World:
    """Collects spells and stays, then gives the log; days run from 0 to ``horizon``."""

    def __init__(
        self,
        horizon: float = 10.0,
        window: tuple[float, float] | None = None,
        places: tuple[tuple[str, str, float], ...] = PLACES,
        practices_live: tuple[float, ...] = (math.inf, math.inf),
    ) -> None:
        self.horizon = horizon
        self.window = window or (0.0, horizon)
        self.places = [PlaceInfo(name, kind, "", (0.0,), (float(number),)) for name, kind, number in places]
        self.practices_live = practices_live
        self.spells: list[dict[str, Any]] = []
        self.stays: list[tuple[int, int, float, float, float, bool]] = []
        self.delays: list[tuple[int, int, float, float]] = []
        self.units: list[tuple[int, int, float, float]] = []
        self.meetings: list[tuple[int, float, int, int]] = []
        self.supports: list[tuple[int, int, float, float]] = []

    def place(self, name: str) -> int:
        """Row of a place."""
        return [place.name for place in self.places].index(name)

    def spell(self, **columns: Any) -> int:
        """Add a spell; its own root, and discharged when its last bed is left, unless said otherwise."""
        unknown = set(columns) - set(_SPELL)
        assert not unknown, unknown
        row = len(self.spells)
        values = {**_SPELL, "root": row, **columns}
        if isinstance(values["home_ward"], str):
            values["home_ward"] = self.place(values["home_ward"])
        if isinstance(values["pathway"], str):
            values["pathway"] = PATHWAYS.index(values["pathway"])
        if isinstance(values["origin"], str):
            values["origin"] = ORIGINS.index(values["origin"])
        self.spells.append(values)
        return row

    def stay(self, spell: int, place: str, entered: float, left: float = NAN, queued: float = NAN) -> None:
        """Add a stay; no ``left`` means still there at the edge, no ``queued`` that there was no wait."""
        still = math.isnan(left)
        asked = entered if math.isnan(queued) else queued
        self.stays.append((spell, self.place(place), asked, entered, self.horizon if still else left, still))

    def in_bed(self, at: float, left: float = NAN, place: str = "Ward 1", **columns: Any) -> int:
        """Add a spell of one bed; it is discharged on leaving it."""
        row = self.spell(**{"at": at, "discharged": left, **columns})
        self.stay(row, place, at, left)
        return row

    def delay(self, spell: int, reason: str, start: float, end: float) -> None:
        """Add a delay."""
        self.delays.append((spell, REASONS.index(reason), start, end))

    def log(self) -> EventLog:
        """The log of everything added so far."""
        return EventLog(
            scenario="hand",
            fingerprint="0",
            seed=0,
            run_number=3,
            start=dt.date(2017, 4, 1),
            window=self.window,
            horizon=self.horizon,
            cohorts=("over_65",),
            pathways=PATHWAYS,
            practices=("Practice 1", "Practice 2"),
            practices_live=self.practices_live,
            places=tuple(self.places),
            spell={name: np.array([one[name] for one in self.spells], dtype=_kind(name)) for name in _SPELL},
            stay=_table("spell place queued entered left open", self.stays),
            delay=_table("spell reason start end", self.delays),
            unit=_table("spell place at units", self.units),
            meeting=_table("practice at cases new_people", self.meetings),
            support=_table("person practice start end", self.supports),
        )


def _kind(name: str) -> type:
    return type(_SPELL[name])


def _table(names: str, rows: list[Any]) -> dict[str, Any]:
    return {name: np.array([row[i] for row in rows]) for i, name in enumerate(names.split())}
