"""Who lives here, who presents at hospital, and what becomes of them."""

from __future__ import annotations

import math
from typing import Annotated, Literal

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
    presentations_per_1000: Rate


class FrailtyTier(Frozen):
    """A tier of the electronic frailty index: its share of people and their hazard of presenting, fit = 1."""

    share: Share
    hazard_ratio: Factor


class Practices(Frozen):
    """GP practices: how many, how unequal their lists, and the networks (name: locality) they are dealt to in turn."""

    count: Annotated[int, Field(ge=1, le=5000)]
    list_size_cv: Annotated[float, Field(ge=0, le=3)]
    networks: Annotated[dict[str, str], Field(min_length=1)]


class Population(Frozen):
    """People over 65 by practice, age band and frailty tier."""

    people: Annotated[int, Field(ge=1, le=5_000_000)]
    practices: Practices
    age_bands: Annotated[dict[str, AgeBand], Field(min_length=1)]
    frailty: Annotated[dict[str, FrailtyTier], Field(min_length=1)]

    @model_validator(mode="after")
    def _shares(self) -> Population:
        shares_add_up([band.share for band in self.age_bands.values()], "shares of age_bands")
        shares_add_up([tier.share for tier in self.frailty.values()], "shares of frailty")
        return self


class Arrivals(Frozen):
    """Rate of presentations by date, month, weekday, hour and day; every factor may be left out."""

    per_day: DatedRate
    level: DatedFactor = 1.0
    growth_per_year: Annotated[float, Field(gt=-0.5, lt=1)] = 0.0
    growth_from: Date | None = None
    month_factors: Annotated[tuple[Factor, ...], listed(12)] | None = None
    weekday_factors: Annotated[tuple[Factor, ...], listed(7)] | None = None
    hour_shares: Annotated[tuple[Share, ...], listed()] | None = None
    day_noise_cv: Annotated[float, Field(ge=0, le=1)] = 0.0

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
    stay: Duration


class StayFactors(Frozen):
    """How age and frailty stretch the clinical stay; rescaled so that the pathway's mean holds."""

    age_bands: dict[str, Factor]
    frailty: dict[str, Factor]


class Readmission(Frozen):
    """Share readmitted within 30 days by support, half of them by ``half_by_days``; hazard constant within the 30."""

    unsupported_share: Share
    supported_share: Share
    half_by_days: Annotated[float, Field(gt=0.1, lt=15)]


class DeathAfterDischarge(Frozen):
    """Days from discharge to death, by support."""

    unsupported: Duration
    supported: Duration


class Cohort(Frozen):
    """A group of people who present: how often, by which door, how they leave and what follows."""

    arrivals: Arrivals
    from_population: bool = False
    priority: Annotated[int, Field(ge=0, le=99)] = 1
    a_and_e_share: Share = 1.0
    death_in_hospital: ShortStay | None = None
    zero_day: ShortStay | None = None
    pathways: Annotated[dict[Pathway, ShortStay], Field(min_length=1)]
    stay_factors: StayFactors | None = None
    readmission: Readmission | None = None
    death_after_discharge: DeathAfterDischarge | None = None

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
    per_day: DatedRate | None = None
    weekday_factors: Annotated[tuple[Factor, ...], listed(7)] | None = None
    table: Annotated[dict[Date, Rate], Field(min_length=1)] | None = None
    locality: str | None = None
    regular: bool = False

    @model_validator(mode="after")
    def _one_source(self) -> Inflow:
        if (self.per_day is None) == (self.table is None):
            raise ValueError("give per_day or table, one of the two")
        return self


class Scripted(Frozen):
    """One person whose whole life is written down, for worlds worked out by hand."""

    at_days: Annotated[float, Field(ge=0)]
    pathway: Pathway = "P0"
    stay_days: Annotated[float, Field(ge=0)]
    delay_days: Annotated[float, Field(ge=0)] = 0.0
    episode_days: Annotated[float, Field(ge=0)] = 0.0
    priority: Annotated[int, Field(ge=0, le=99)] = 1
    home_ward: str | None = None
    locality: str | None = None
    readmitted_after_days: Annotated[float, Field(ge=0)] | None = None
    second_stay_days: Annotated[float, Field(ge=0)] = 0.0


class Initial(Frozen):
    """People already there when the clock starts, each with a remaining stay from the exact law of one in progress."""

    beds: dict[Pathway, Count] = Field(default_factory=dict)
    waiting_for_bed: Count = 0
    life: Count = 0
    waiting_for_life: Count = 0
    step_down: Count = 0
    waiting_for_step_down: Count = 0
    placements: Count = 0
    home_care: Count = 0
