"""Initiatives: what a programme changes, for whom, how strongly by date, and what the sources say of its money."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from flowsim.frozen import Frozen
from flowsim.params.people import Pathway
from flowsim.params.programmes import Payer, PriceYear
from flowsim.params.values import Count, CountLine, DatedShare, Factor, Line, Share, listed, schedule_of
from flowsim.schedules import Schedule

Names = Annotated[tuple[str, ...], Field(strict=False)]
InitiativeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Multiplier = Annotated[float, Field(ge=0, le=5)]


def _as_word(value: Any) -> Any:
    """YAML reads a phase without quotes as a number."""
    return str(value) if type(value) is int else value


Phase = Annotated[Literal["1", "2a", "2b", "3"], BeforeValidator(_as_word)]


class Reach(Frozen):
    """Whom an initiative reaches: those to whom every list that is not empty applies, and of these a share.

    A resident is reached or not for good, by luck of their own for this initiative. Networks, practices, age bands and
    frailty tiers are known of residents only, so a list of them leaves out everyone else. Community referrals belong to
    no cohort, and have a pathway only if they leave hospital by one. Those already there when the clock starts are not
    reached.
    """

    cohorts: Names = ()
    """Cohorts it is for; everyone, community referrals included, if empty."""
    networks: Names = ()
    """Networks of practices it is for; all if empty."""
    practices: Annotated[tuple[Annotated[int, Field(ge=1)], ...], listed()] = ()
    """Practices it is for, by number (1 is the first); all if empty."""
    age_bands: Names = ()
    """Age bands it is for; all if empty."""
    frailty: Names = ()
    """Frailty tiers it is for; all if empty."""
    pathways: Annotated[tuple[Pathway, ...], Field(strict=False)] = ()
    """Pathways by which people leave hospital; all, and those who die there, if empty."""
    share: Share = 1.0
    """Share of these people who are reached."""


class Multiplies(Frozen):
    """What an initiative multiplies for those it reaches, at full strength; 1 is no effect."""

    presentations: Multiplier = 1.0
    """First presentations: below 1 averts them, above 1 adds some."""
    clinical_stay: Multiplier = 1.0
    """Clinical days until fit; zero-day stays keep their own length."""
    delay: Multiplier = 1.0
    """Days from ready to asking for the next place, under the old process and under D2A."""
    package_hours: Multiplier = 1.0
    """Hours a week of a package of home care."""
    readmission: Multiplier = 1.0
    """Chance of readmission within 30 days."""
    d2a_accepted: Multiplier = 1.0
    """Chance of accepting D2A, and with it LIFE."""
    front_door: Multiplier = 1.0
    """Chance of being turned round by LIFE in A&E."""


class Adds(Frozen):
    """What an initiative adds to a service, at full strength."""

    life_slots: Count = 0
    """Slots of LIFE, in whole ones, rounded down on the way to full strength."""
    life_referrals_share: Annotated[float, Field(ge=-1, le=5)] = 0.0
    """Community referrals to LIFE beyond those there would be, as a share of these; whoever they are."""


class InitiativeCost(Frozen):
    """What an initiative costs while it is on."""

    per: Literal["year", "person_reached"]
    """Whether it is paid each year at full strength, or each year for each person reached: residents, whether they come
    to hospital or not; where reach lists cohorts or pathways, those of them who come."""
    pounds: Annotated[float, Field(ge=0, le=1e9)]
    """Price."""
    payer: Payer
    """Who pays."""
    price_year: PriceYear
    """Financial year of the price."""


class Saving(Frozen):
    """Money that a source says an initiative saves or is worth; stated, never the result of a run."""

    per: Literal["year", "person", "pound_spent"]
    """What one saving is for."""
    pounds: Annotated[float, Field(ge=0, le=1e9)]
    """Pounds saved, or of social value."""
    spent_pounds: Annotated[float, Field(ge=0, le=1e9)] | None = None
    """Pounds it is set against by the source, for the same person."""
    payer: Payer | None = None
    """Who saves it; the whole system if the source does not say."""
    price_year: PriceYear
    """Financial year of the saving."""


class Initiative(Frozen):
    """A programme beyond Huddles, D2A and LIFE; without numbers it has no effect, and its note says so."""

    title: str = ""
    """What it is, in words."""
    phase: Phase
    """Phase of the Alliance's plan."""
    note: str = ""
    """How the sources were read, and what they do not say."""
    on: bool = False
    """Whether it is on."""
    strength: DatedShare = 1.0
    """Share of its full strength, by date."""
    reach: Reach = Reach()
    """Whom it reaches."""
    multiplies: Multiplies = Multiplies()
    """What it multiplies for those it reaches."""
    adds: Adds = Adds()
    """What it adds to a service."""
    costs: dict[str, InitiativeCost] = Field(default_factory=dict)
    """What it costs, line by line."""
    savings: dict[str, Saving] = Field(default_factory=dict)
    """What a source says it saves or is worth; not computed by a run."""
    cost_factors: dict[str, Factor] = Field(default_factory=dict)
    """Factors on costs that a source states, by what the cost is of. No run applies one; ``flowsim money`` applies
    those that name a unit cost whose bills do not show the effect already, and says of each whether and why not."""

    @model_validator(mode="after")
    def _honest(self) -> Initiative:
        if not self.moves and not self.savings and not self.cost_factors and not self.costs and not self.note.strip():
            raise ValueError(
                "has no effect and no money (multiplies, adds, costs, savings, cost_factors); a note must say so"
            )
        return self

    @property
    def moves(self) -> bool:
        """Whether it changes anything in a run when it is on."""
        return self.multiplies != Multiplies() or self.adds != Adds()

    def in_force(self, start: dt.date, horizon: float) -> bool:
        """Whether it has any strength on a day of a run of ``horizon`` days that begins on ``start``."""
        days = np.arange(math.ceil(horizon), dtype=np.float64)
        return bool(schedule_of(self.strength, start).at_all(days).max(initial=0.0) > 0.0)

    def pays_who_comes(self, residents: bool) -> bool:
        """Whether it is paid for those who come, as against all residents reached, if there are residents."""
        by_person = any(cost.per == "person_reached" for cost in self.costs.values())
        return by_person and bool(self.reach.cohorts or self.reach.pathways or not residents)

    def slots(self, start: dt.date) -> Schedule:
        """Slots it adds to LIFE by day of a run that begins on ``start``."""
        full, strength = self.adds.life_slots, self.strength
        if isinstance(strength, Line):
            first, last = (math.floor(full * value + 1e-9) for value in (strength.from_, strength.to))
            line = {"from": first, "to": last, "start": strength.start, "end": strength.end}
            return CountLine.model_validate(line).schedule(start)
        steps = schedule_of(strength, start)
        return Schedule(steps.days, tuple(float(math.floor(full * value + 1e-9)) for value in steps.values))


def counting(initiatives: Mapping[str, Initiative], residents: bool) -> dict[str, Initiative]:
    """Those that are on and of which a run counts whom they reach, in the order listed.

    They do something for these people, or are paid for those who come.

    Parameters
    ----------
    residents : bool
        Whether the scenario has residents.
    """
    return {
        name: one
        for name, one in initiatives.items()
        if one.on and (one.multiplies != Multiplies() or one.pays_who_comes(residents))
    }
