"""Beds, the rule for opening more, the meeting that lets people go, and the delay before they leave."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from flowsim.distributions import Duration
from flowsim.frozen import Frozen
from flowsim.params.people import Pathway
from flowsim.params.values import Capacity, Count, Date, DatedFactor, DatedShare, Factor, Share, listed

Reason = Literal["assessment", "equipment", "package", "placement", "bespoke"]
UnitName = Annotated[str, Field(min_length=1, max_length=100)]


class Assessment(Frozen):
    """Assessment units, tried in the order listed, and how long people stay in them before a ward."""

    units: Annotated[dict[UnitName, Capacity], Field(min_length=1)]
    """Beds of each assessment unit, in the order in which they are tried."""
    stay: Duration
    """How long people stay there before they move to a ward."""


class Escalation(Frozen):
    """Extra acute beds: when they open, how many at most, when they close.

    They open when someone finds no core bed and occupancy of the core beds is at least ``open_at_occupancy``, or when
    someone has waited ``open_after_wait_hours``; they close when occupancy has been under ``close_below`` for
    ``close_after_days`` morning counts in a row. People in them move to core beds as these free up.
    """

    cap: Capacity
    """The most extra beds that may be open."""
    open_at_occupancy: Annotated[float, Field(ge=0, le=2)] | None = 1.0
    """Occupancy of the core beds at which they open; null: not for that reason."""
    open_after_wait_hours: Annotated[float, Field(ge=0)] | None = None
    """Wait for a bed after which they open; null: not for that reason."""
    close_below: Annotated[float, Field(ge=0, le=2)] = 0.95
    """Occupancy of the core beds below which a morning counts as calm."""
    close_after_days: Annotated[int, Field(ge=1, le=365)] = 3
    """Calm mornings in a row after which no more people are put there."""


class Meeting(Frozen):
    """The morning meeting: fit people are signed off with a chance by weekday and leave at an hour of that day.

    ``leaving_hours`` are hours of the day at equally spaced quantiles, all after ``hour``. The chance of a weekday is
    its factor over the largest.
    """

    hour: Annotated[float, Field(ge=0, lt=24)]
    """Hour of the meeting; nobody leaves before it."""
    weekday_factors: Annotated[tuple[Factor, ...], listed(7)]
    """People leaving by weekday, Monday first; the chance of a weekday is its factor over the largest."""
    leaving_hours: Annotated[tuple[Annotated[float, Field(ge=0, lt=24)], ...], Field(strict=False, min_length=2)]
    """Hours of the day at which people leave, at equally spaced quantiles."""

    @model_validator(mode="after")
    def _possible(self) -> Meeting:
        if max(self.weekday_factors) <= 0:
            raise ValueError("weekday_factors must allow leaving on at least one day")
        if list(self.leaving_hours) != sorted(self.leaving_hours) or self.leaving_hours[0] < self.hour:
            raise ValueError("leaving_hours must not fall, nor begin before the meeting's hour")
        return self


class Hospital(Frozen):
    """Core beds by unit, with everything that decides who lies where."""

    assessment: Assessment | None = None
    """Assessment units before the wards, if there are any."""
    wards: dict[UnitName, Capacity]
    """Beds of each ward, in the order in which they are tried and D2A reaches them."""
    max_waiting: Count | None = None
    """How many may wait for a bed before others are diverted elsewhere; null: no limit."""
    escalation: Escalation | None = None
    """Extra beds and when they open."""
    meeting: Meeting | None = None
    """The morning meeting; without one people are ready as soon as they are fit."""
    stay_factor: DatedFactor = 1.0
    """Factor on every clinical stay by date; below 1 for schemes that shorten it, such as SAFER."""

    @model_validator(mode="after")
    def _names(self) -> Hospital:
        both = set(self.wards) & set(self.assessment.units if self.assessment else ())
        if both:
            raise ValueError(f"{sorted(both)[0]!r} is both a ward and an assessment unit")
        if not self.wards and self.assessment is None:
            raise ValueError("a hospital needs at least one ward or assessment unit")
        return self

    @property
    def units(self) -> dict[str, Capacity]:
        """Core units in the order D2A reaches them: wards as listed, then assessment units."""
        return {**self.wards, **(self.assessment.units if self.assessment else {})}


class Leaving(Frozen):
    """Days from ready to the next service under the old process: first the assessment, then arranging.

    ``assessment_days`` is the part of the mean that assessing takes; the rest is counted under ``arranging``.
    With ``weekend_starts: false`` the next service takes nobody on a Saturday or Sunday.
    """

    delay: Duration | None = None
    """Days from ready to asking for the next place; none if not given."""
    assessment_days: Annotated[float, Field(ge=0)] = 0.0
    """The part of the mean delay that assessing takes."""
    arranging: Reason = "package"
    """The reason under which the rest of the delay is counted."""
    weekend_starts: bool = True
    """Whether the next service takes people on a Saturday or Sunday."""

    @model_validator(mode="after")
    def _part(self) -> Leaving:
        mean = self.delay.mean if self.delay else 0.0
        if self.assessment_days > mean + 1e-9:
            raise ValueError(f"assessment_days {self.assessment_days:g} is more than the mean delay {mean:g}")
        return self


class D2APathway(Frozen):
    """What Discharge to Assess does for a pathway: from when, for whom, and the days it takes off the mean delay."""

    start: Date
    """First day of D2A for the pathway."""
    accepted_share: Share
    """Share of its people who accept where D2A is live."""
    saved_days: Annotated[float, Field(ge=0)]
    """Days it takes off the mean delay."""


class D2A(Frozen):
    """Discharge to Assess: how many units have it by date (wards as listed, then assessment units), and its pathways.

    ``order`` names units to reach first, the others follow as listed. Escalation beds follow when every unit has it.
    """

    units_live: Capacity
    """How many units have it, by date."""
    order: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Units it reaches first; the others follow: wards as listed, then assessment units."""
    pathways: dict[Pathway, D2APathway]
    """What it does for each pathway; the others have none."""


class FrontDoor(Frozen):
    """LIFE staff in A&E: on duty, and with a slot free, they send a share of suitable people home with a LIFE start."""

    turned_round_share: DatedShare
    """Share of suitable presentations in A&E sent home with a LIFE start, by date."""
    pathways: Annotated[tuple[Pathway, ...], Field(strict=False, min_length=1)]
    """Pathways whose people are suitable."""
    from_hour: Annotated[float, Field(ge=0, lt=24)] = 0.0
    """Hour at which the team comes on duty."""
    to_hour: Annotated[float, Field(gt=0, le=24)] = 24.0
    """Hour at which it goes off duty."""
    weekends: bool = True
    """Whether it is on duty on Saturdays and Sundays."""

    @model_validator(mode="after")
    def _hours(self) -> FrontDoor:
        if self.from_hour >= self.to_hour:
            raise ValueError("from_hour must be before to_hour")
        return self
