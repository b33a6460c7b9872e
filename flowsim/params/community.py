"""LIFE, the reablement before it, step-down beds, placements and home care."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from flowsim.distributions import (
    Array,
    Duration,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Uniform,
    Weibull,
)
from flowsim.frozen import Frozen
from flowsim.params.people import shares_add_up
from flowsim.params.values import Capacity, DatedRate, DatedShare, Share

Entrance = Literal["hospital", "front_door", "community"]
PackageSize = Literal["small", "medium", "large"]


class EndsByCap(Frozen):
    """Lognormal episodes of spread ``sigma``, of which ``ended_share`` (by date of start) end before the cap."""

    shape: Literal["ends_by_cap"]
    sigma: Annotated[float, Field(gt=0, le=4)]
    ended_share: DatedShare

    def days(self, u: Array, ended_share: Array, cap: float) -> Array:
        """Days at quantiles ``u``, for people whose chance of ending before the cap is ``ended_share``.

        Below the cap exactly when ``u < ended_share``, so shares are nested person by person.
        """
        from scipy.special import ndtri

        middle = math.log(cap) - self.sigma * np.asarray(ndtri(np.clip(ended_share, 1e-12, 1 - 1e-12)))
        return np.asarray(np.exp(middle + self.sigma * np.asarray(ndtri(u))))


Episode = Annotated[
    EndsByCap | Fixed | Exponential | Lognormal | Gamma | Weibull | Uniform | Empirical, Field(discriminator="shape")
]


class Taper(Frozen):
    """Visits a day a person needs, falling in equal steps from the first to the last over the planned episode."""

    first: Annotated[int, Field(ge=1, le=20)]
    last: Annotated[int, Field(ge=1, le=20)]

    @model_validator(mode="after")
    def _falls(self) -> Taper:
        if self.last > self.first:
            raise ValueError("visits must not rise over the episode: last is above first")
        return self


class Valve(Frozen):
    """After this wait for a slot a person goes back to the old process."""

    after_days: Annotated[float, Field(ge=0)]


class FirstVisit(Frozen):
    """The first visit at home: responders on duty, how long it takes one to arrive, and how long the visit lasts."""

    responders: Capacity
    from_hour: Annotated[float, Field(ge=0, lt=24)]
    to_hour: Annotated[float, Field(gt=0, le=24)]
    response: Duration
    visit_minutes: Annotated[float, Field(ge=0, le=1440)]


class Outcome(Frozen):
    """What those need whose support did not end by itself: shares of package, placement and nothing."""

    package: Share
    placement: Share
    none: Share = 0.0

    @model_validator(mode="after")
    def _shares(self) -> Outcome:
        shares_add_up([self.package, self.placement, self.none], "shares of outcome")
        return self


class Life(Frozen):
    """LIFE: one team, counted in slots or, with ``visits_per_day``, in visits a day.

    ``by_locality`` replaces the one pool by a pool for each locality. ``priority`` lists entrances, first served first.
    ``community_per_day`` people are referred from home and withdraw after ``community_patience_days``, if stated.
    A person who goes back to hospital frees the slot at once, or with ``hold_until_admitted`` once in a bed.
    """

    slots: Capacity
    visits_per_day: Capacity | None = None
    by_locality: Annotated[dict[str, Capacity], Field(min_length=1)] | None = None
    taper: Taper = Taper(first=4, last=1)
    cap_days: Annotated[float, Field(gt=0, le=3650)] = 42.0
    episode: Episode
    exit_wait: Duration | None = None
    at_cap: Outcome
    priority: Annotated[tuple[Entrance, ...], Field(strict=False)] = ()
    valve: Valve | None = None
    first_visit: FirstVisit | None = None
    community_per_day: DatedRate = 0.0
    community_patience_days: Annotated[float, Field(ge=0)] | None = None
    hold_until_admitted: bool = False

    @model_validator(mode="after")
    def _priority(self) -> Life:
        if len(set(self.priority)) != len(self.priority):
            raise ValueError("priority names an entrance twice")
        return self


class Reablement(Frozen):
    """The reablement before LIFE: who got it, how long, how it ended. The others went straight to a package."""

    share: Share
    capacity: Capacity = "unlimited"
    cap_days: Annotated[float, Field(gt=0, le=3650)] = 42.0
    episode: Episode
    exit_wait: Duration | None = None
    at_cap: Outcome


class StepDown(Frozen):
    """Intermediate-care beds: stays up to the cap for P2_bed, an assessment stay for P3."""

    beds: Capacity
    by_locality: Annotated[dict[str, Capacity], Field(min_length=1)] | None = None
    stay: Duration
    cap_days: Annotated[float, Field(gt=0, le=3650)] = 42.0
    p3_stay: Duration | None = None
    outcome: Outcome
    hold_until_admitted: bool = False


class Placements(Frozen):
    """Residential, nursing and specialist places."""

    capacity: Capacity = "unlimited"
    stay: Duration
    kinds: dict[Literal["residential", "nursing", "specialist"], Share]

    @model_validator(mode="after")
    def _shares(self) -> Placements:
        shares_add_up(list(self.kinds.values()), "shares of kinds")
        return self


class WeeklyHours(Frozen):
    """Hours a week of a package: gamma, in whole hours of at least 1."""

    mean: Annotated[float, Field(gt=0, le=168)]
    cv: Annotated[float, Field(gt=0, le=3)]


class HomeCare(Frozen):
    """Long-term packages of home care: how many can be had, hours a week, how long they last, who pays."""

    capacity: Capacity = "unlimited"
    hours_per_week: WeeklyHours
    stay: Duration
    small_below_hours: Annotated[int, Field(ge=1, le=168)] = 7
    large_above_hours: Annotated[int, Field(ge=1, le=168)] = 14
    council_share: Share = 1.0
    community_per_day: DatedRate = 0.0
