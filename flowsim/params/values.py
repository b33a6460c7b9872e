"""Kinds of value that stand anywhere in a configuration: shares, dates, capacities, dated values."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from flowsim.clock import day_of
from flowsim.frozen import Frozen
from flowsim.schedules import Schedule, constant


def _date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            if not _DAY.fullmatch(value):  # one way to write a day, so that none can stand in a table twice
                raise ValueError
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is not a date; write it as 2017-10-02") from None
    return value


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Date = Annotated[dt.date, BeforeValidator(_date)]
Share = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=0, le=100)]
Rate = Annotated[float, Field(ge=0, le=1e6)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
UNLIMITED = "unlimited"
T = TypeVar("T")


def _whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, str)) or (isinstance(value, str) and value != UNLIMITED):
        raise ValueError(f"{value!r} is not a whole number, nor the word {UNLIMITED}")
    if value != UNLIMITED and not 0 <= int(value) <= 10_000_000:
        raise ValueError(f"{value!r} is not between 0 and 10000000")
    return value


Whole = Annotated[int | Literal["unlimited"], BeforeValidator(_whole)]


def _check_order(steps: dict[dt.date, Any]) -> None:
    days = list(steps)
    if days != sorted(days):
        raise ValueError("dates must rise")


class Stepped(Frozen, Generic[T]):
    """A first value and the dates at which it becomes another: ``{from: 60, steps: {2017-12-01: 100}}``."""

    from_: T = Field(alias="from")
    """Value before the first of the dates."""
    steps: dict[Date, T]
    """Dates and the value from each on."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        _check_order(self.steps)
        return self

    def schedule(self, start: dt.date) -> Schedule:
        """Value by day of the run; ``unlimited`` is infinity."""
        points = {-math.inf: _number(self.from_)}
        for date, value in self.steps.items():
            points[float(day_of(date, start))] = _number(value)
        return Schedule(tuple(points), tuple(points.values()))


class Line(Frozen, Generic[T]):
    """A value that runs straight between two dates: ``{from: 0, to: 57, start: 2017-10-02, end: 2018-03-31}``."""

    from_: T = Field(alias="from")
    """Value up to the start."""
    to: T
    """Value from the end on."""
    start: Date
    """Day on which it begins to change."""
    end: Date
    """Day on which it has changed."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= self.end:
            raise ValueError(f"dates out of order: start {self.start} is not before end {self.end}")
        return self

    def schedule(self, start: dt.date) -> Schedule:
        """Value by day of the run."""
        days = (float(day_of(self.start, start)), float(day_of(self.end, start)))
        return Schedule(days, (_number(self.from_), _number(self.to)), straight=True)


class CountLine(Line[Count]):
    """A whole number on a straight line: it steps at the first day on which the line has reached the next one."""

    def schedule(self, start: dt.date) -> Schedule:
        """Value by day of the run, as steps."""
        first, last = day_of(self.start, start), day_of(self.end, start)
        days, values = [-math.inf], [float(self.from_)]
        for day in range(first, last + 1):
            exact = self.from_ + (self.to - self.from_) * (day - first) / (last - first)
            value = float(math.floor(exact + 1e-9) if self.to >= self.from_ else math.ceil(exact - 1e-9))
            if value != values[-1]:
                days.append(float(day))
                values.append(value)
        return Schedule(tuple(days), tuple(values))


def _number(value: Any) -> float:
    return math.inf if value == UNLIMITED else float(value)


class RateSteps(Stepped[Rate]):
    """A rate by date."""


class RateLine(Line[Rate]):
    """A rate on a straight line."""


class ShareSteps(Stepped[Share]):
    """A share by date."""


class ShareLine(Line[Share]):
    """A share on a straight line."""


class FactorSteps(Stepped[Factor]):
    """A factor by date."""


class FactorLine(Line[Factor]):
    """A factor on a straight line."""


class CountSteps(Stepped[Whole]):
    """A whole number, or ``unlimited``, by date."""


def _form(value: Any) -> str:
    if isinstance(value, dict):
        return "line" if {"to", "start", "end"} & set(value) else "steps"
    if isinstance(value, Line):
        return "line"
    return "steps" if isinstance(value, Stepped) else "number"


_FORM = Discriminator(_form)
FORMS = ("number", "steps", "line")
"""Names of the forms of a dated value, as they appear in the path of a validation error."""

DatedRate = Annotated[
    Annotated[Rate, Tag("number")] | Annotated[RateSteps, Tag("steps")] | Annotated[RateLine, Tag("line")], _FORM
]
DatedShare = Annotated[
    Annotated[Share, Tag("number")] | Annotated[ShareSteps, Tag("steps")] | Annotated[ShareLine, Tag("line")],
    _FORM,
]
DatedFactor = Annotated[
    Annotated[Factor, Tag("number")] | Annotated[FactorSteps, Tag("steps")] | Annotated[FactorLine, Tag("line")],
    _FORM,
]
Capacity = Annotated[
    Annotated[Whole, Tag("number")] | Annotated[CountSteps, Tag("steps")] | Annotated[CountLine, Tag("line")],
    _FORM,
]
Dated = float | str | Stepped[Any] | Line[Any]


def schedule_of(value: Dated, start: dt.date) -> Schedule:
    """Value by day of a run that begins on ``start``; ``unlimited`` is infinity."""
    if isinstance(value, (Stepped, Line)):
        return value.schedule(start)
    return constant(_number(value))


def listed(size: int | None = None) -> Any:
    """Pydantic field of a list kept as a tuple, of a given size if any."""
    return Field(strict=False, min_length=size, max_length=size)
