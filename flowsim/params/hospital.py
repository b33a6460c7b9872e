"""Beds, the rule for opening more, the meeting that lets people go, and the delay before they leave."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from flowsim.distributions import Duration
from flowsim.frozen import Frozen
from flowsim.params.people import Pathway
from flowsim.params.values import Capacity, Count, Date, DatedFactor, DatedShare, Factor, Share, listed

Reason = Literal["assessment", "equipment", "package", "placement", "bespoke"]


class Assessment(Frozen):
    """Assessment units, tried in the order listed, and how long people stay in them before a ward."""

    units: Annotated[dict[str, Capacity], Field(min_length=1)]
    stay: Duration


class Escalation(Frozen):
    """Extra acute beds: when they open, how many at most, when they close.

    They open when someone finds no core bed and occupancy of the core beds is at least ``open_at_occupancy``, or when
    someone has waited ``open_after_wait_hours``; they close when occupancy has been under ``close_below`` for
    ``close_after_days`` morning counts in a row. People in them move to core beds as these free up.
    """

    cap: Capacity
    open_at_occupancy: Annotated[float, Field(ge=0, le=2)] | None = 1.0
    open_after_wait_hours: Annotated[float, Field(ge=0)] | None = None
    close_below: Annotated[float, Field(ge=0, le=2)] = 0.95
    close_after_days: Annotated[int, Field(ge=1, le=365)] = 3


class Meeting(Frozen):
    """The morning meeting: fit people are signed off with a chance by weekday and leave at an hour of that day.

    ``leaving_hours`` are hours of the day at equally spaced quantiles, all after ``hour``. The chance of a weekday is
    its factor over the largest.
    """

    hour: Annotated[float, Field(ge=0, lt=24)]
    weekday_factors: Annotated[tuple[Factor, ...], listed(7)]
    leaving_hours: Annotated[tuple[Annotated[float, Field(ge=0, lt=24)], ...], Field(strict=False, min_length=2)]

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
    wards: dict[str, Capacity]
    max_waiting: Count | None = None
    escalation: Escalation | None = None
    meeting: Meeting | None = None
    stay_factor: DatedFactor = 1.0

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
    assessment_days: Annotated[float, Field(ge=0)] = 0.0
    arranging: Reason = "package"
    weekend_starts: bool = True

    @model_validator(mode="after")
    def _part(self) -> Leaving:
        mean = self.delay.mean if self.delay else 0.0
        if self.assessment_days > mean + 1e-9:
            raise ValueError(f"assessment_days {self.assessment_days:g} is more than the mean delay {mean:g}")
        return self


class D2APathway(Frozen):
    """What Discharge to Assess does for a pathway: from when, for whom, and the days it takes off the mean delay."""

    start: Date
    accepted_share: Share
    saved_days: Annotated[float, Field(ge=0)]


class D2A(Frozen):
    """Discharge to Assess: how many units have it by date (wards as listed, then assessment units), and its pathways.

    ``order`` names units to reach first, the others follow as listed. Escalation beds follow when every unit has it.
    """

    units_live: Capacity
    order: Annotated[tuple[str, ...], Field(strict=False)] = ()
    pathways: dict[Pathway, D2APathway]


class FrontDoor(Frozen):
    """LIFE staff in A&E: on duty, and with a slot free, they send a share of suitable people home with a LIFE start."""

    turned_round_share: DatedShare
    pathways: Annotated[tuple[Pathway, ...], Field(strict=False, min_length=1)]
    from_hour: Annotated[float, Field(ge=0, lt=24)] = 0.0
    to_hour: Annotated[float, Field(gt=0, le=24)] = 24.0
    weekends: bool = True

    @model_validator(mode="after")
    def _hours(self) -> FrontDoor:
        if self.from_hour >= self.to_hour:
            raise ValueError("from_hour must be before to_hour")
        return self
