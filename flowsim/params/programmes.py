"""Huddles: when practices go live, what meetings do, and what effect they have; and unit costs."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from flowsim.frozen import Frozen
from flowsim.params.values import Count, Date, Rate, Share

Order = Literal["largest_first", "by_network", "as_listed", "random"]


class Points(Frozen):
    """Practices live by date, on straight lines between the points given."""

    form: Literal["points"]
    points: Annotated[dict[Date, Count], Field(min_length=1)]
    """Practices live by date."""

    @model_validator(mode="after")
    def _rising(self) -> Points:
        dates, counts = list(self.points), list(self.points.values())
        if dates != sorted(dates):
            raise ValueError("dates out of order in points")
        if counts != sorted(counts):
            raise ValueError("points must not fall: coverage only ever adds practices")
        return self


class Pace(Frozen):
    """So many practices a week from a date, up to a number."""

    form: Literal["pace"]
    start: Date
    """Day on which the first practice goes live."""
    per_week: Annotated[float, Field(ge=0, le=10_000)]
    """Practices going live in a week."""
    up_to: Count
    """How many go live in all."""


def _number(key: Any) -> Any:
    if isinstance(key, str) and not re.fullmatch(r"0|[1-9][0-9]*", key):  # 1 and 01 would be one practice, given twice
        raise ValueError(f"{key!r} is not a whole number")
    return key


class ByPractice(Frozen):
    """A date for each practice by its number (1 is the first); those not named never go live."""

    form: Literal["by_practice"]
    dates: dict[Annotated[int, BeforeValidator(_number), Field(ge=1, strict=False)], Date]
    """Day on which each practice goes live."""


Rollout = Annotated[Points | Pace | ByPractice, Field(discriminator="form")]


class PracticeRate(Frozen):
    """Each presentation of a live practice is averted with 1 − rate ratio; above 1 it adds presentations."""

    model: Literal["practice_rate"]
    rate_ratio: Annotated[float, Field(ge=0, le=5)]
    """Presentations of a live practice over what they would be without a Huddle."""
    ramp_days: Annotated[float, Field(ge=0, le=3650)] = 0.0
    """Days until a new Huddle has its full effect, growing on a straight line."""


class Caseload(Frozen):
    """A supported person's presentations are averted with this chance while support lasts."""

    model: Literal["caseload"]
    averted_share: Share
    """Chance that support averts one of the person's presentations."""


class Meetings(Frozen):
    """What a Huddle does each time it meets.

    A share ``recent_discharge_share`` of the new people are those home from hospital for at most ``recent_days``;
    the others come from the top of the practice's list by risk of presenting. Support lasts ``support_days``.
    """

    every_days: Annotated[float, Field(ge=0.1, le=365)] = 7.0
    """Days between the meetings of a practice."""
    cases: Rate
    """Cases reviewed at a meeting, on average."""
    new_people: Rate
    """People taken on at a meeting, on average."""
    support_days: Annotated[float, Field(gt=0, le=3650)]
    """Days that support lasts."""
    recent_discharge_share: Share
    """Share of the new people who are lately home from hospital."""
    recent_days: Annotated[float, Field(gt=0, le=3650)]
    """Days at home that still count as lately."""


class Huddles(Frozen):
    """The weekly meetings of GP practices."""

    rollout: Rollout
    """When practices go live."""
    order: Order = "largest_first"
    """Which practices go live first; a rollout by practice has its own order."""
    effect: Annotated[PracticeRate | Caseload, Field(discriminator="model")]
    """What a Huddle does to presentations."""
    meetings: Meetings
    """What a Huddle does each time it meets."""


CostDriver = Literal[
    "core_bed_day",
    "escalation_bed_day",
    "life_start",
    "reablement_start",
    "home_care_hour",
    "placement_week",
    "step_down_bed_day",
    "huddle",
]
Payer = Literal["hospital_trust", "ccg", "council", "gp_collaborative", "mental_health_trust", "age_uk", "self"]
"""Who can pay: the six partners of the Alliance, and people themselves."""


def _year(label: str) -> str:
    if (int(label[:4]) + 1) % 100 != int(label[5:]):
        after = (int(label[:4]) + 1) % 100
        raise ValueError(f"{label!r} is not a financial year; did you mean {label[:4]}/{after:02d}?")
    return label


PriceYear = Annotated[str, Field(pattern=r"^\d{4}/\d{2}$"), AfterValidator(_year)]


class Cost(Frozen):
    """Price of one unit of something, in pounds, and who pays it."""

    per: CostDriver
    """What one price is paid for."""
    pounds: Annotated[float, Field(ge=0, le=1e9)]
    """Price of one."""
    payer: Payer
    """Who pays."""


class Costs(Frozen):
    """Unit costs, all at the prices of one financial year."""

    price_year: PriceYear
    """Financial year of the prices; a label, nothing is converted."""
    items: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Cost]
    """Prices by name."""
