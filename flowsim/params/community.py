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


class EndsByCap(Frozen):
    """Lognormal episodes of spread ``sigma``, of which ``ended_share`` (by date of start) end before the cap."""

    shape: Literal["ends_by_cap"]
    sigma: Annotated[float, Field(gt=0, le=4)]
    """Standard deviation of the logarithm of the days."""
    ended_share: DatedShare
    """Share of episodes that end before the cap, by date of start."""

    def days(self, u: Array, ended_share: Array, cap: float) -> Array:
        """Days at quantiles ``u``, for people whose chance of ending before the cap is ``ended_share``.

        Below the cap exactly when ``u < ended_share``, so shares are nested person by person.
        """
        from scipy.special import ndtri

        middle = math.log(cap) - self.sigma * np.asarray(ndtri(np.clip(ended_share, 1e-12, 1 - 1e-12)))
        return np.asarray(np.exp(middle + self.sigma * np.asarray(ndtri(u))))

    def plain(self, ended_share: float, cap: float) -> Lognormal:
        """The same episodes, before the cap, as a plain duration: of those who begin when that share ends by it."""
        median = float(self.days(np.array([0.5]), np.array([ended_share]), cap)[0])
        return Lognormal(shape="lognormal", median_days=median, sigma=self.sigma)


Episode = Annotated[
    EndsByCap | Fixed | Exponential | Lognormal | Gamma | Weibull | Uniform | Empirical, Field(discriminator="shape")
]


class Taper(Frozen):
    """Visits a day a person needs, falling in equal steps from the first to the last over the planned episode."""

    first: Annotated[int, Field(ge=1, le=20)]
    """Visits a day at the start."""
    last: Annotated[int, Field(ge=1, le=20)]
    """Visits a day at the end."""

    @model_validator(mode="after")
    def _falls(self) -> Taper:
        if self.last > self.first:
            raise ValueError("visits must not rise over the episode: last is above first")
        return self


class Valve(Frozen):
    """After this wait for a slot a person goes back to the old process."""

    after_days: Annotated[float, Field(ge=0)]
    """Longest wait for a slot, in days."""


class FirstVisit(Frozen):
    """The first visit at home: responders on duty, how long it takes one to arrive, and how long the visit lasts."""

    responders: Capacity
    """Responders on duty between the hours."""
    from_hour: Annotated[float, Field(ge=0, lt=24)]
    """Hour at which they come on duty."""
    to_hour: Annotated[float, Field(gt=0, le=24)]
    """Hour at which they go off duty."""
    response: Duration
    """Time until a free responder arrives."""
    visit_minutes: Annotated[float, Field(ge=0, le=1440)]
    """Length of the visit, travel included."""

    @model_validator(mode="after")
    def _hours(self) -> FirstVisit:
        if self.from_hour >= self.to_hour:
            raise ValueError("from_hour must be before to_hour")
        return self


class Outcome(Frozen):
    """What those need whose support did not end by itself: shares of package, placement and nothing."""

    package: Share
    """Share who need a long-term package of home care."""
    placement: Share
    """Share who need a placement."""
    none: Share = 0.0
    """Share who need nothing further."""

    @model_validator(mode="after")
    def _shares(self) -> Outcome:
        shares_add_up([self.package, self.placement, self.none], "shares of outcome")
        return self


class Life(Frozen):
    """LIFE: one team, counted in slots or, with ``visits_per_day``, in visits a day; or a team for each locality."""

    slots: Capacity
    """People LIFE can hold, by date."""
    visits_per_day: Capacity | None = None
    """Visits LIFE can make in a day, by date; given, it is the capacity instead of the slots."""
    by_locality: Annotated[dict[str, Capacity], Field(min_length=1)] | None = None
    """Capacity of each locality, instead of one pool; in slots, or in visits if visits_per_day is given."""
    taper: Taper = Taper(first=4, last=1)
    """Visits a day of one person over the episode; counts where capacity is in visits."""
    cap_days: Annotated[float, Field(gt=0, le=3650)] = 42.0
    """Longest episode."""
    episode: Episode
    """Days from start to end of an episode, before the cap."""
    exit_wait: Duration | None = None
    """Days in the slot, after the cap, until the package or placement that follows is arranged."""
    at_cap: Outcome
    """What those need whose episode reaches the cap."""
    priority: Annotated[tuple[Entrance, ...], Field(strict=False)] = ()
    """Entrances in the order in which they get a slot; if empty, in the order of asking."""
    valve: Valve | None = None
    """When people from hospital give up waiting for a slot; never if not given."""
    first_visit: FirstVisit | None = None
    """Responders for the first visit; not modelled if not given."""
    community_per_day: DatedRate = 0.0
    """People referred from home, a day."""
    community_patience_days: Annotated[float, Field(ge=0)] | None = None
    """Wait after which a referral from home lapses; never if not given."""
    hold_until_admitted: bool = False
    """Whether someone who goes back to hospital keeps the slot until in a bed."""

    @model_validator(mode="after")
    def _priority(self) -> Life:
        if len(set(self.priority)) != len(self.priority):
            raise ValueError("priority names an entrance twice")
        return self

    @property
    def pools(self) -> dict[str, Capacity]:
        """Capacity by locality, or of one pool named "": visits a day if LIFE is counted in them, else slots."""
        return self.by_locality or {"": self.slots if self.visits_per_day is None else self.visits_per_day}


class Reablement(Frozen):
    """The reablement before LIFE: who got it, how long, how it ended. The others went straight to a package."""

    share: Share
    """Share of P2_home under the old process who got it; the others went straight to a package."""
    capacity: Capacity = "unlimited"
    """People it can hold, by date."""
    cap_days: Annotated[float, Field(gt=0, le=3650)] = 42.0
    """Longest episode."""
    episode: Episode
    """Days from start to end of an episode, before the cap."""
    exit_wait: Duration | None = None
    """Days in the place, after the cap, until what follows is arranged."""
    at_cap: Outcome
    """What those need whose episode reaches the cap."""


class StepDown(Frozen):
    """Intermediate-care beds: stays up to the cap for P2_bed, an assessment stay for P3."""

    beds: Capacity
    """Step-down beds, by date."""
    by_locality: Annotated[dict[str, Capacity], Field(min_length=1)] | None = None
    """Beds of each locality, instead of one pool."""
    stay: Duration
    """Days in the bed, before the cap."""
    cap_days: Annotated[float, Field(gt=0, le=3650)] = 42.0
    """Longest stay of P2_bed."""
    p3_stay: Duration | None = None
    """Days of P3 in the bed while a placement is found, under D2A; as the others if not given."""
    outcome: Outcome
    """What people need after P2_bed."""
    hold_until_admitted: bool = False
    """Whether someone who goes back to hospital keeps the bed until in an acute one."""

    @property
    def pools(self) -> dict[str, Capacity]:
        """Beds by locality, or of one pool named ""."""
        return self.by_locality or {"": self.beds}


class Placements(Frozen):
    """Residential, nursing and specialist places."""

    capacity: Capacity = "unlimited"
    """People there can be in placements, by date."""
    stay: Duration
    """Days in a placement."""


class WeeklyHours(Frozen):
    """Hours a week of a package: gamma, in whole hours of at least 1."""

    mean: Annotated[float, Field(gt=0, le=168)]
    """Mean hours a week."""
    cv: Annotated[float, Field(gt=0, le=3)]
    """Spread between packages: standard deviation over mean."""


class HomeCare(Frozen):
    """Long-term packages of home care."""

    capacity: Capacity = "unlimited"
    """Packages that can be provided, by date."""
    hours_per_week: WeeklyHours
    """Hours a week of a package."""
    stay: Duration
    """Days a package lasts unless readmission or death ends it."""
    small_below_hours: Annotated[int, Field(ge=1, le=168)] = 7
    """Packages of fewer hours a week are small."""
    large_above_hours: Annotated[int, Field(ge=1, le=168)] = 14
    """Packages of more hours a week are large."""
    council_share: Share = 1.0
    """Share of the council's price of home care that it pays; people pay the rest themselves."""
    community_per_day: DatedRate = 0.0
    """Packages a day that begin without a hospital stay."""

    @model_validator(mode="after")
    def _sizes(self) -> HomeCare:
        if self.small_below_hours > self.large_above_hours:
            raise ValueError("small_below_hours must not be above large_above_hours")
        return self
