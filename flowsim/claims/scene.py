"""One scenario in one replication, as claims look at it: the record, what was measured of it, and the setting."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from flowsim.clock import day_of
from flowsim.events import BED_KINDS, EventLog
from flowsim.measures.steps import Floats, sum_of
from flowsim.params import Scenario
from flowsim.params.values import schedule_of


def at_path(scenario: Scenario, path: str) -> Any:
    """The value at a dotted path of a scenario; raises KeyError if there is none."""
    value: Any = scenario
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else getattr(value, key, None)
        if value is None:
            raise KeyError(path)
    return value


@dataclass(frozen=True)
class Scene:
    """A log with its measures and its series by day; ``scenario`` is None for a record without one."""

    log: EventLog
    values: Mapping[str, float]
    daily: Mapping[str, Floats]
    scenario: Scenario | None = None

    @classmethod
    def of(cls, log: EventLog, scenario: Scenario | None = None) -> Scene:
        """The scene of a log, measured here."""
        from flowsim.measures import daily, measure

        return cls(log, measure(log), daily(log), scenario)

    def day(self, date: dt.date) -> int:
        """Day of the run on which a date falls."""
        return int(day_of(date, self.log.start))

    def end_of(self, date: dt.date) -> float:
        """The moment a date is over, in days of the run."""
        return float(self.day(date) + 1)

    def series(self, name: str) -> Floats:
        """A series by day; ``beds`` are core and escalation beds together."""
        if name == "beds":
            return self.daily["beds_core"] + self.daily["beds_escalation"]
        return self.daily[name]

    def setting(self, path: str, date: dt.date) -> float:
        """What a number of the configuration is on a date, such as ``d2a.units_live``.

        Raises
        ------
        KeyError
            If there is no such path, or no scenario was given.
        """
        if self.scenario is None:
            raise KeyError(path)
        return float(schedule_of(at_path(self.scenario, path), self.log.start).at(float(self.day(date))))

    def column(self, name: str) -> NDArray[Any]:
        """A column of the spells."""
        return self.log.spell[name]

    def stay(self, name: str, *kinds: str) -> Floats:
        """A column of the stays in places of these kinds."""
        return self.log.stay[name].astype(np.float64)[self.log.of_kind(*kinds)]

    def support(self, name: str) -> Floats:
        """A column of the people taken on by Huddles."""
        return self.log.support[name].astype(np.float64)

    def bed_days(self) -> Floats:
        """Days each spell spent in acute beds, from its start to its end or the end of the run."""
        days = np.nan_to_num(self.stay("left", *BED_KINDS) - self.stay("entered", *BED_KINDS))
        return sum_of(self.stay("spell", *BED_KINDS).astype(np.intp), days, len(self.log.spell["at"]))


Scenes = Mapping[str, Scene]
"""All scenarios of one replication, by name."""
Rule = Callable[..., float]
Kind = Literal["scenario", "date", "measure", "series", "whole", "number", "path"]


@dataclass(frozen=True, slots=True)
class Computation:
    """A way to get one number from one replication.

    Attributes
    ----------
    rule : function
        Called with the scenes and its arguments by name.
    kinds : mapping
        What each argument is; ``optional`` ones have a default in the rule.
    bounds : tuple of float
        What values it can take, so that no interval says more.
    """

    name: str
    rule: Rule
    kinds: Mapping[str, Kind]
    optional: frozenset[str]
    definition: str
    bounds: tuple[float, float] = (-math.inf, math.inf)


COUNT, SHARE = (0.0, math.inf), (0.0, 1.0)
"""Bounds of numbers of people or beds, and of shares."""
COMPUTATIONS: dict[str, Computation] = {}
"""Every computation a claim may name."""


def computation(
    optional: str = "", bounds: tuple[float, float] = (-math.inf, math.inf), **kinds: Kind
) -> Callable[[Rule], Rule]:
    """Decorator: the function's name is what claims call it, its docstring the definition.

    Parameters
    ----------
    optional : str
        Names of arguments that may be left out, with spaces between.
    bounds : tuple of float
        What values it can take.
    """

    def keep(rule: Rule) -> Rule:
        """Register the function and give it back unchanged."""
        name = rule.__name__
        left_out = frozenset(optional.split())
        definition = " ".join((rule.__doc__ or "").split())
        COMPUTATIONS[name] = Computation(name, rule, kinds, left_out, definition, bounds)
        return rule

    return keep
