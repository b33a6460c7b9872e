"""Who lives here, who presents at hospital, and what becomes of them."""

from __future__ import annotations

import datetime as dt
import math
from functools import lru_cache
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from flowsim.distributions import Duration
from flowsim.frozen import Frozen
from flowsim.params.values import Count, Date, DatedFactor, DatedRate, Factor, Rate, Share, listed

Pathway = Literal["P0", "P1", "P2_home", "P2_bed", "P3", "escalation_route"]
PATHWAYS: tuple[Pathway, ...] = ("P0", "P1", "P2_home", "P2_bed", "P3", "escalation_route")
SUPPORTED: frozenset[str] = frozenset({"P2_home", "P2_bed", "P3"})
"""Pathways that leave hospital with support; their people are readmitted and die more often."""


def shares_add_up(shares: list[float], what: str) -> None:
    """Raise if shares do not add to 1 (to a thousandth of a thousandth)."""
    total = math.fsum(shares)
    if abs(total - 1.0) > 1e-6:
        raise ValueError(f"{what} must add to 1, not {total:.6g}")


class AgeBand(Frozen):
    """A band of ages: its share of people, and presentations a year per 1,000 of them (only their ratio matters)."""

    share: Share
    """Share of the people."""
    presentations_per_1000: Rate
    """Presentations a year per 1,000 of them; only the ratio between bands matters."""


class FrailtyTier(Frozen):
    """A tier of the electronic frailty index: its share of people and their hazard of presenting, fit = 1."""

    share: Share
    """Share of the people."""
    hazard_ratio: Factor
    """Hazard of presenting against the fit tier."""


class Practices(Frozen):
    """GP practices: how many, how unequal their lists, and the networks (name: locality) they are dealt to in turn."""

    count: Annotated[int, Field(ge=1, le=5000)]
    """GP practices."""
    list_size_cv: Annotated[float, Field(ge=0, le=3)]
    """Spread of list sizes: standard deviation over mean."""
    networks: Annotated[dict[str, str], Field(min_length=1)]
    """Networks and the locality each lies in; practices are dealt to them in turn."""


class Ageing(Frozen):
    """Age bands that grow apart: who presents shifts to those that grow faster; how many present does not change.

    Demand as a whole grows by the ``growth_per_year`` of the cohort's arrivals.
    """

    start: Date
    """Day from which bands grow; up to it shares are those of the age bands."""
    growth_per_year: dict[str, Annotated[float, Field(gt=-0.5, lt=1)]]
    """Yearly growth of each age band, compounding; only the difference between bands matters."""


class Population(Frozen):
    """People over 65 by practice, age band and frailty tier."""

    people: Annotated[int, Field(ge=1, le=5_000_000)]
    """Residents over 65."""
    practices: Practices
    """The GP practices they are registered with."""
    age_bands: Annotated[dict[str, AgeBand], Field(min_length=1)]
    """Bands of age by name; their shares add to 1."""
    frailty: Annotated[dict[str, FrailtyTier], Field(min_length=1)]
    """Tiers of frailty by name; their shares add to 1."""
    ageing: Ageing | None = None
    """How the age bands grow apart; not at all if not given."""

    @model_validator(mode="after")
    def _shares(self) -> Population:
        if self.ageing is not None and set(self.ageing.growth_per_year) != set(self.age_bands):
            raise ValueError(f"ageing.growth_per_year must name exactly {', '.join(self.age_bands)}")
        shares_add_up([band.share for band in self.age_bands.values()], "shares of age_bands")
        shares_add_up([tier.share for tier in self.frailty.values()], "shares of frailty")
        return self


class Arrivals(Frozen):
    """Rate of presentations by date, month, weekday, hour and day; every factor may be left out."""

    per_day: DatedRate
    """First presentations a day before every factor; readmissions come on top."""
    level: DatedFactor = 1.0
    """Factor on the rate by date, such as a hard winter."""
    growth_per_year: Annotated[float, Field(gt=-0.5, lt=1)] = 0.0
    """Yearly growth of the rate, compounding."""
    growth_from: Date | None = None
    """Day from which growth counts; the start of the run if not given."""
    month_factors: Annotated[tuple[Factor, ...], listed(12)] | None = None
    """Factor on the rate by month, January first."""
    weekday_factors: Annotated[tuple[Factor, ...], listed(7)] | None = None
    """Factor on the rate by weekday, Monday first."""
    hour_shares: Annotated[tuple[Share, ...], listed()] | None = None
    """Share of a day by equal blocks of hours, midnight first."""
    day_noise_cv: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Spread of the rate from day to day beyond chance: standard deviation over mean."""

    def grown(self, start: dt.date, days: Any) -> Any:
        """Factor by which the rate has grown, so many days (a number or an array) after the ``start`` of a run."""
        since = (self.growth_from - start).days if self.growth_from else 0
        return (1.0 + self.growth_per_year) ** (np.maximum(days - since, 0.0) / 365.25)

    @model_validator(mode="after")
    def _hours(self) -> Arrivals:
        if self.hour_shares is not None:
            if not self.hour_shares or 24 % len(self.hour_shares):
                raise ValueError("hour_shares must cut the day into equal blocks: 1, 2, 3, 4, 6, 8, 12 or 24 of them")
            shares_add_up(list(self.hour_shares), "hour_shares")
        return self


class ShortStay(Frozen):
    """A share of people and their stay."""

    share: Share
    """Share of people."""
    stay: Duration
    """How long they stay."""


class StayFactors(Frozen):
    """How age and frailty stretch the clinical stay; rescaled so that the pathway's mean holds."""

    age_bands: dict[str, Factor]
    """Factor on the clinical stay by age band."""
    frailty: dict[str, Factor]
    """Factor on the clinical stay by tier of frailty."""


class Readmission(Frozen):
    """Share readmitted within 30 days by support, half of them by ``half_by_days``; hazard constant within the 30."""

    unsupported_share: Share
    """Share readmitted within 30 days of leaving without support."""
    supported_share: Share
    """Share readmitted within 30 days of leaving with support (P2 and P3)."""
    half_by_days: Annotated[float, Field(gt=0.1, lt=15)]
    """Day by which half of those readmitted are back."""

    @property
    def hazard(self) -> float:
        """Daily hazard of coming back, of those who do within 30 days, at which half are back by ``half_by_days``."""
        return _hazard_for_half(self.half_by_days)


@lru_cache(maxsize=64)
def _hazard_for_half(day: float) -> float:
    low, high = 1e-9, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        if np.expm1(-day * middle) / np.expm1(-30.0 * middle) < 0.5:
            low = middle
        else:
            high = middle
    return (low + high) / 2


class DeathAfterDischarge(Frozen):
    """Days from discharge to death, by support."""

    unsupported: Duration
    """Days to death after leaving without support."""
    supported: Duration
    """Days to death after leaving with support (P2 and P3)."""


class Cohort(Frozen):
    """A group of people who present: how often, by which door, how they leave and what follows."""

    arrivals: Arrivals
    """How often they present."""
    from_population: bool = False
    """Whether they are residents of the population, with practice, age and frailty."""
    priority: Annotated[int, Field(ge=0, le=99)] = 1
    """Whoever waits for a bed is served in this order, lowest first."""
    a_and_e_share: Share = 1.0
    """Share who come through A&E; the others are admitted directly."""
    death_in_hospital: ShortStay | None = None
    """Share of admissions that end in death in hospital, and their stay."""
    zero_day: ShortStay | None = None
    """Share of P0 who stay for part of a day in an assessment unit, and how long."""
    pathways: Annotated[dict[Pathway, ShortStay], Field(min_length=1)]
    """Shares of live exits by pathway, and the clinical stay of each until fit."""
    stay_factors: StayFactors | None = None
    """How age and frailty stretch the clinical stay."""
    readmission: Readmission | None = None
    """Who comes back within 30 days."""
    death_after_discharge: DeathAfterDischarge | None = None
    """When people die after leaving hospital."""

    @model_validator(mode="after")
    def _shares(self) -> Cohort:
        shares_add_up([one.share for one in self.pathways.values()], "shares of pathways (live exits)")
        if self.stay_factors is not None and not self.from_population:
            raise ValueError("stay_factors need from_population: true, since age and frailty come from it")
        return self


class Inflow(Frozen):
    """People who join in mid-flow: ready to leave hospital on a pathway, or referred straight to a service.

    Give ``per_day`` (with ``weekday_factors`` if wanted) or ``table``, people by date. ``regular`` people come evenly
    spaced; otherwise at random (a Poisson process).
    """

    to: Literal[
        "P0", "P1", "P2_home", "P2_bed", "P3", "escalation_route", "life", "step_down", "home_care", "placement"
    ]
    """The pathway they are ready to leave by, or the service they are referred to."""
    per_day: DatedRate | None = None
    """People a day."""
    weekday_factors: Annotated[tuple[Factor, ...], listed(7)] | None = None
    """Factor on the rate by weekday, Monday first."""
    table: Annotated[dict[Date, Rate], Field(min_length=1)] | None = None
    """People by date; none on other days."""
    locality: str | None = None
    """Where they live; by default where a resident drawn from the population does."""
    regular: bool = False
    """Whether they come evenly spaced rather than at random."""

    @model_validator(mode="after")
    def _one_source(self) -> Inflow:
        if (self.per_day is None) == (self.table is None):
            raise ValueError("give per_day or table, one of the two")
        return self


class Scripted(Frozen):
    """One person whose whole life is written down, for worlds worked out by hand."""

    at_days: Annotated[float, Field(ge=0)]
    """Day of the run on which they present."""
    pathway: Pathway = "P0"
    """How they leave hospital."""
    stay_days: Annotated[float, Field(ge=0)]
    """Clinical days until fit."""
    delay_days: Annotated[float, Field(ge=0)] = 0.0
    """Days from ready to asking for the next place."""
    episode_days: Annotated[float, Field(ge=0)] = 0.0
    """Days with LIFE, reablement or in a step-down bed afterwards."""
    priority: Annotated[int, Field(ge=0, le=99)] = 1
    """Place in the line for a bed, lowest first."""
    home_ward: str | None = None
    """The ward they belong to; the first one if not given."""
    locality: str | None = None
    """Where they live."""
    readmitted_after_days: Annotated[float, Field(ge=0)] | None = None
    """Days from leaving hospital to coming back; never if not given."""
    second_stay_days: Annotated[float, Field(ge=0)] = 0.0
    """Clinical days of that second spell."""


class Initial(Frozen):
    """People already there when the clock starts, each with a remaining stay from the exact law of one in progress.

    Those of a service that the scenario leaves out are left out with it.
    """

    beds: dict[Pathway, Count] = Field(default_factory=dict)
    """People in an acute bed, by the pathway they will leave by."""
    waiting_for_bed: Count = 0
    """People waiting in A&E for a first bed."""
    life: Count = 0
    """People with LIFE."""
    waiting_for_life: Count = 0
    """People ready for P2_home and waiting for LIFE."""
    step_down: Count = 0
    """People in step-down beds."""
    waiting_for_step_down: Count = 0
    """People ready for P2_bed and waiting for a step-down bed."""
    placements: Count = 0
    """People in placements."""
    home_care: Count = 0
    """Packages of home care running."""
