"""The question of the ``front:`` part of a design: which settings does nothing beat in every respect?"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flowsim.config.load import Loaded
from flowsim.config.problems import ConfigError, did_you_mean
from flowsim.decide.fields import Fields
from flowsim.decide.question import opened, refuse
from flowsim.decide.variants import measure_names
from flowsim.experiment.runs import LARGEST_SEED
from flowsim.params import Scenario
from flowsim.params.scenario import Clock
from flowsim.sweeps.design import Parameter
from flowsim.sweeps.points import Choice, choices
from flowsim.sweeps.study import scenario_at, wrong_parameter

WAYS = ("grid", "search")
MOST_POINTS = 10_000
"""Points a front may be looked for among."""
REPLICATIONS = 10
SHOWN = 20
"""Points that are refused, in one message."""

Point = tuple[Choice, ...]
"""A value of each parameter, in the order of the design."""


@dataclass(frozen=True, slots=True)
class Varied:
    """A parameter that varies: a dotted path, and its listed values or the ends of its range (both allowed)."""

    path: str
    listed: tuple[Choice, ...] = ()
    ends: tuple[int, int] | tuple[float, float] = (0, 0)

    @property
    def range(self) -> tuple[int, int] | tuple[float, float]:
        """Ends of the numbers a search chooses among; listed values go by their place."""
        return (0, len(self.listed) - 1) if self.listed else self.ends

    def at(self, number: float) -> Choice:
        """The value for a number of that range."""
        return self.listed[int(number)] if self.listed else Choice(number, number, float(number))

    def step(self, place: int) -> Choice:
        """The value at a place of the list, or one end of the range and then the other; beyond, the last."""
        return self.listed[min(place, len(self.listed) - 1)] if self.listed else self.at(self.ends[min(place, 1)])


@dataclass(frozen=True, slots=True)
class FrontQuestion:
    """Which points does nothing beat in every objective?

    Attributes
    ----------
    tree : dict
        The scenario that points are laid over.
    points : int
        How many are tried; in a grid all there are.
    """

    scenario: str
    tree: dict[str, Any]
    varied: tuple[Varied, ...]
    minimise: tuple[str, ...]
    maximise: tuple[str, ...]
    replications: int
    method: str
    points: int
    seed: int

    @property
    def measures(self) -> tuple[str, ...]:
        """All objectives, those to make small first."""
        return (*self.minimise, *self.maximise)

    @property
    def signs(self) -> tuple[float, ...]:
        """What each objective is multiplied with, so that less is better."""
        return (1.0,) * len(self.minimise) + (-1.0,) * len(self.maximise)

    def grid(self) -> list[Point]:
        """All points of a grid, the last parameter fastest."""
        return list(itertools.product(*(one.listed for one in self.varied)))

    def label(self, point: Point) -> str:
        """A point in words: ``life.slots=140, huddles.rollout=2 a week``."""
        return ", ".join(f"{one.path}={choice.cell}" for one, choice in zip(self.varied, point, strict=True))

    def build(self, point: Point) -> Scenario:
        """The scenario of a point, named by it; raises ValueError, saying why, if it cannot be."""
        values = {one.path: choice.value for one, choice in zip(self.varied, point, strict=True)}
        return scenario_at(self.tree, values).model_copy(update={"name": self.label(point)})


def read_front(path: str | os.PathLike[str]) -> FrontQuestion:
    """The question of the ``front:`` part of a design.

    Keys: ``scenario``; ``parameters`` (for each dotted path ``values``, or ``low`` and ``high``); ``minimise`` and
    ``maximise`` (lists of measures, two or more in all); optional ``method`` (grid, search), ``points`` (how many a
    search tries), ``replications`` (of each point), ``seed``, ``set``.

    Raises
    ------
    ConfigError
        With every problem, each with file, line, column and path.
    """
    part, variants = opened(path, "front")
    config = part.text("scenario")
    loaded = variants.loaded(config, (), "scenario") if config is not None else None
    method = part.choice("method", WAYS, WAYS[0]) or WAYS[0]
    varied = _parameters(part, method, loaded)
    minimise = _measures(part, "minimise", loaded, ())
    maximise = _measures(part, "maximise", loaded, minimise, None)
    if len({*minimise, *maximise}) < 2 and not part.problems:
        part.note("minimise", "a front has at least two measures", "for one, ask select or solve")
    replications = part.whole("replications", 2, 100_000, REPLICATIONS) or REPLICATIONS
    points = _budget(part, method, varied)
    seed = part.whole("seed", 0, LARGEST_SEED, 1) or 0
    refuse(part)
    if loaded is None:
        raise ConfigError(part.problems)
    asked = FrontQuestion(
        loaded.scenario.name, loaded.tree, varied, minimise, maximise, replications, method, points, seed
    )
    _try_points(part, asked)
    refuse(part)
    return asked


def _parameters(part: Fields, method: str, loaded: Loaded | None) -> tuple[Varied, ...]:
    inner = part.mapping("parameters")
    if inner is None:
        return ()
    if not inner.tree:
        part.note("parameters", "name at least one dotted path", "for example life.slots")
    found = [_parameter(inner, path, method, loaded) for path in inner.tree]
    return tuple(one for one in found if one is not None)


def _parameter(inner: Fields, path: str, method: str, loaded: Loaded | None) -> Varied | None:
    wrong = wrong_parameter(path, loaded.tree) if loaded is not None else None
    if wrong is not None:
        inner.note(path, wrong.message, wrong.hint)
    one = inner.mapping(path)
    if one is None:
        return None
    found = _listed(one, path) if "values" in one.tree else _ranged(one, path, method)
    one.no_others()
    return found


def _listed(one: Fields, path: str) -> Varied | None:
    listed = choices(Parameter(values=tuple(one.listed("values"))))
    for key in ("low", "high"):
        if one.get(key, None) is not None:
            one.note(key, "stands beside values", "give values or a range")
    if not listed:
        one.note("values", "is empty", "list at least one value")
        return None
    names = [choice.cell for choice in listed]
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is not None:
        one.note("values", f"two values are called {twice!r}", "list each once, and give mappings labels")
    return Varied(path, tuple(listed))


def _ranged(one: Fields, path: str, method: str) -> Varied | None:
    if method == "grid":
        one.note("", "a grid needs values", "values: [60, 100, 140]; or method: search")
    low, high = (one.number(key, -1e15, 1e15) for key in ("low", "high"))
    if low is None or high is None or method == "grid":
        return None
    if low >= high:
        one.note("low", f"the range from {low:g} to {high:g} is empty", "low must be below high")
        return None
    whole = all(isinstance(one.tree[key], int) for key in ("low", "high"))
    return Varied(path, (), (int(low), int(high)) if whole else (low, high))


def _budget(part: Fields, method: str, varied: Sequence[Varied]) -> int:
    """How many points are tried."""
    if method == "search":
        return part.whole("points", 1, MOST_POINTS) or 0
    if part.get("points", None) is not None:
        part.note("points", "means nothing to method grid, which tries all", "leave it out, or method: search")
    count = math.prod(len(one.listed) for one in varied)
    if count > MOST_POINTS:
        part.note("parameters", f"{count:,} points", f"at most {MOST_POINTS:,} can be tried; or method: search")
    return count


def _measures(part: Fields, key: str, loaded: Loaded | None, before: Sequence[str], *default: None) -> tuple[str, ...]:
    """The measures listed under a key, each known to the scenario and not listed before."""
    listed = part.listed(key, *default)
    known = measure_names([loaded.scenario]) if loaded is not None else []
    for at, name in enumerate(listed):
        if not isinstance(name, str) or (known and name not in known):
            part.note(f"{key}/{at}", f"there is no measure {name!r}", did_you_mean(str(name), known, "there are"))
        elif name in listed[:at] or name in before:
            part.note(f"{key}/{at}", f"{name} is listed twice")
    return tuple(str(name) for name in listed)


def _try_points(part: Fields, asked: FrontQuestion) -> None:
    """Note points that cannot be: of a grid any; of a search those with the first or last value of every parameter,
    and on the way from one to the other every listed value once."""
    points = asked.grid() if asked.method == "grid" else _diagonal(asked.varied)
    clocks: list[Clock] = []
    wrong = 0
    for point in points:
        try:
            clocks.append(asked.build(point).clock)
        except ValueError as error:
            part.note("parameters", f"{asked.label(point)}: {error}")
            wrong += 1
        if wrong == SHOWN:
            return
    if any(one != clocks[0] for one in clocks):
        part.note("parameters", "the points differ in their clock", "compare the same dates")


def _diagonal(varied: Sequence[Varied]) -> list[Point]:
    longest = max(len(one.listed) or 2 for one in varied)
    return [tuple(one.step(place) for one in varied) for place in range(longest)]
