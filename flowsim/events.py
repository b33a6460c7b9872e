"""The record of one run: plain columns, written while it ran or gathered when it stopped.

Everything a reader wants to know (event log, stays, measures, pictures) is a function of this record. It knows nothing
of the model that made it, nor of the configuration.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Column = NDArray[np.generic]

# How a spell came into the world.
PRESENTATION, READMISSION, INFLOW, SCRIPTED, INITIAL = range(5)
ORIGINS = ("presentation", "readmission", "inflow", "scripted", "initial")

# What became of it at the door of the hospital.
ADMITTED, AVERTED_HUDDLE, TURNED_ROUND, DIVERTED, WAITING, IN_COMMUNITY, AVERTED_INITIATIVE = range(7)
DOORS = ("admitted", "averted_huddle", "turned_round", "diverted", "waiting", "in_community", "averted_initiative")

# How support after hospital (LIFE, old reablement or a step-down bed) ended.
NO_SUPPORT, ENDED, PACKAGE, PLACEMENT, BACK_TO_HOSPITAL, DIED, STILL_SUPPORTED, NO_NEED = range(8)
SUPPORT_ENDS = (
    "no_support",
    "ended",
    "package",
    "placement",
    "back_to_hospital",
    "died",
    "still_supported",
    "no_need_at_cap",
)

REASONS = ("assessment", "equipment", "package", "placement", "bespoke", "life", "step_down", "home_care", "timing")
"""Why somebody ready was still in an acute bed: arranging (first five), waiting for a service, or the hour and day."""

KINDS = (
    "assessment_unit",
    "ward",
    "escalation",
    "a_and_e",
    "life",
    "reablement",
    "step_down",
    "placement",
    "home_care",
    "responders",
)
REACH = ("spell", "initiative", "strength")
"""Columns of the table of reach."""

BED_KINDS = ("assessment_unit", "ward", "escalation")
CORE_KINDS = ("assessment_unit", "ward")


@dataclass(frozen=True, slots=True)
class PlaceInfo:
    """A place of the run: its name, kind, locality and capacity by day (steps; infinity if unlimited)."""

    name: str
    kind: str
    locality: str
    days: tuple[float, ...]
    capacities: tuple[float, ...]


@dataclass(frozen=True)
class EventLog:
    """One run of one scenario.

    Times are days since ``start`` of the clock. Columns of one table have one length.

    Attributes
    ----------
    spell : dict of columns, one row for each spell that began
        ``root`` (key of the chain's first presentation, the same in every scenario), ``depth`` (0 first spell, 1 its
        readmission, ...), ``origin`` (index in ORIGINS), ``door`` (in DOORS), ``induced`` (only exists because an
        effect is above 1), ``person``, ``practice`` (-1 if none), ``cohort``, ``pathway`` (in ``pathways``, -1 if the
        person dies in hospital), ``zero_day``, ``a_and_e``, ``accepts_d2a`` (would take D2A wherever it is live: own
        luck only), ``d2a`` (left by D2A), ``fell_back`` (waited too long for LIFE: back to the old process), ``at``
        (presentation), ``fit`` (clinically), ``ready`` (for discharge), ``discharged``, ``died``, ``readmitted`` (when
        the next spell of the chain is due), ``first_visit`` (hours from leaving to the first LIFE visit),
        ``support_end`` (in SUPPORT_ENDS), ``package_hours`` (a week, 0 if no package began), ``package_at`` (when it
        began), ``home_ward`` (place). A time that never came in this run is NaN. Where there are initiatives, also
        ``averted_by`` and ``induced_by``: the initiative (in ``initiatives``) that did, -1 if none; and
        ``stay_changed``: one made the clinical stay or the delay shorter or longer.
    stay : dict of columns, one row for each stay in a place, or wait for one
        ``spell`` (row of spells), ``place`` (row of places), ``queued``, ``entered`` (NaN if it never did), ``left``
        (the edge of the run if still there), ``open`` (still there, or still waiting, at the edge).
    delay : dict of columns, one row for each part of the time from ready to left
        ``spell``, ``reason`` (in REASONS), ``start``, ``end``.
    unit : dict of columns, one row for each change of what a person uses of a place counted in units
        ``spell``, ``place``, ``at``, ``units`` (0 on leaving).
    meeting : dict of columns, one row for each Huddle held
        ``practice``, ``at``, ``cases``, ``new_people``.
    support : dict of columns, one row for each person taken on by a Huddle
        ``person``, ``practice``, ``start``, ``end``.
    reach : dict of columns, one row for each spell and each initiative that reached its person while it was on
        ``spell``, ``initiative`` (row of ``counting``), ``strength`` (share of its full strength when the spell began).
    practices_live
        Day each practice's Huddle went live; infinity if never.
    initiatives
        Names of the scenario's initiatives, on or off, as listed.
    counting
        Names of those whose reach is recorded.
    """

    scenario: str
    fingerprint: str
    seed: int
    run_number: int
    start: dt.date
    window: tuple[float, float]
    horizon: float
    cohorts: tuple[str, ...]
    pathways: tuple[str, ...]
    practices: tuple[str, ...]
    practices_live: tuple[float, ...]
    places: tuple[PlaceInfo, ...]
    spell: dict[str, Column]
    stay: dict[str, Column]
    delay: dict[str, Column]
    unit: dict[str, Column]
    meeting: dict[str, Column]
    support: dict[str, Column]
    initiatives: tuple[str, ...] = ()
    reach: dict[str, Column] = field(default_factory=lambda: {name: np.zeros(0) for name in REACH})
    counting: tuple[str, ...] = ()

    def of_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Which stays are in places of these kinds."""
        wanted = np.array([place.kind in kinds for place in self.places], dtype=bool)
        return wanted[self.stay["place"]] if len(wanted) else np.zeros(0, dtype=bool)

    @cached_property
    def pathway_names(self) -> NDArray[np.str_]:
        """Pathway of each spell by name; ``death`` for those who die in hospital."""
        names: NDArray[np.str_] = np.array([*self.pathways, "death"])[self.spell["pathway"]]
        return names

    def stays(self) -> pd.DataFrame:
        """One row per stay with names instead of codes; see :func:`flowsim.eventlog.stays_frame`."""
        from flowsim.eventlog import stays_frame

        return stays_frame(self)

    def journeys(self) -> pd.DataFrame:
        """Steps of the people who met both a Huddle and LIFE; see :func:`flowsim.eventlog.journeys_frame`."""
        from flowsim.eventlog import journeys_frame

        return journeys_frame(self)

    def tracker(self, name: str) -> pd.DataFrame:
        """A dashboard of this run by month: ``huddles``, ``life``, ``outcomes`` or ``journeys``.

        See :mod:`flowsim.measures.trackers` for what is counted.
        """
        from flowsim.measures.trackers import trackers

        return trackers(self)[name].frame()

    def to_vidigi(self, window: tuple[float, float] | None = None) -> pd.DataFrame:
        """Where each person is, in hours, as vidigi's animations want it; see :func:`flowsim.eventlog.vidigi_frame`."""
        from flowsim.eventlog import vidigi_frame

        return vidigi_frame(self, window)

    def to_pm4py(self) -> pd.DataFrame:
        """The event log under pm4py's names, one row per event; see :func:`flowsim.eventlog.pm4py_frame`."""
        from flowsim.eventlog import pm4py_frame

        return pm4py_frame(self)

    def to_bupar(self) -> pd.DataFrame:
        """bupaR's activity log, one row per activity; see :func:`flowsim.eventlog.bupar_frame`."""
        from flowsim.eventlog import bupar_frame

        return bupar_frame(self)

    def to_frame(self) -> pd.DataFrame:
        """The event log in the field's animation format; see :func:`flowsim.eventlog.events_frame`."""
        from flowsim.eventlog import events_frame

        return events_frame(self)
