"""Questions in files: which of these is best (``select:``), which value is enough (``solve:``)."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flowsim.config.files import find
from flowsim.config.files import read_file as read_document
from flowsim.config.problems import ConfigError, Problem, did_you_mean
from flowsim.decide.fields import Fields
from flowsim.decide.sampling import Goal
from flowsim.decide.selection import DEFAULT_METHOD, FIRST_STAGE, METHODS, Method, Rules
from flowsim.decide.solving import AT_MOST, FIRST
from flowsim.decide.variants import Variants, measure_names
from flowsim.decide.verdict import SIDES, Constraint
from flowsim.experiment.runs import LARGEST_SEED
from flowsim.params import Scenario

LONGEST_ROW = 100_000
"""Values a range may have."""
DAYS_APART = 7
"""Step of a range of dates."""
MOST_EACH = 100
"""Replications of each scenario on average that a selection may use if it is not told."""


@dataclass(frozen=True, slots=True)
class SelectQuestion:
    """Which scenario has the best mean of a measure?"""

    scenarios: tuple[Scenario, ...]
    measure: str
    rules: Rules
    seed: int


@dataclass(frozen=True, slots=True)
class SolveQuestion:
    """Which is the first value of a parameter that meets a constraint?"""

    scenario: str
    parameter: str
    values: tuple[int, ...] | tuple[dt.date, ...]
    build: Callable[[int | dt.date], Scenario]
    constraint: Constraint
    confidence: float
    first_stage: int
    at_most: int
    seed: int


def opened(path: str | os.PathLike[str], name: str) -> tuple[Fields, Variants]:
    """One part of a design file; raises ConfigError if there is none to read."""
    source = find(os.fspath(path))
    document = read_document(source)
    problems: list[Problem] = list(document.problems)
    if document.tree is None:
        raise ConfigError(problems)
    top = Fields(document, (), document.tree, problems)
    for other in ("title", "select", "solve", "front"):
        if other != name:
            top.get(other, None)
    part = top.mapping(name)
    top.no_others()
    if part is None:
        raise ConfigError(problems)
    return part, Variants(part, source.path.parent)


def refuse(part: Fields) -> None:
    """Raise all that is wrong, keys that mean nothing included."""
    part.no_others()
    if part.problems:
        raise ConfigError(sorted(dict.fromkeys(part.problems), key=lambda one: (one.line, one.column)))


def read_select(path: str | os.PathLike[str]) -> SelectQuestion:
    """The question of the ``select:`` part of a design.

    Keys: ``scenarios`` (a list of names, or of ``{name, config, set}``), or ``scenario``, ``parameter`` and ``values``;
    ``measure``; ``goal`` (max, min); ``indifference``; optional ``confidence``, ``method``, ``first_stage``,
    ``at_most`` (replications of all scenarios together), ``seed``, ``set`` (laid over every scenario).

    Raises
    ------
    ConfigError
        With every problem, each with file, line, column and path.
    """
    part, variants = opened(path, "select")
    scenarios = variants.several()
    k = max(len(scenarios), 2)
    method = part.choice("method", METHODS, DEFAULT_METHOD) or DEFAULT_METHOD
    zone = (
        part.number("indifference", 0.0, 1e12, 0.0)
        if method == "ocba"
        else part.number("indifference", 0.0, 1e12, above=True)
    )
    first_stage = part.whole("first_stage", 2, 100_000, FIRST_STAGE) or FIRST_STAGE
    rules = Rules(
        method=cast(Method, method),
        goal=cast(Goal, part.choice("goal", ("max", "min"))),
        indifference=zone or 0.0,
        confidence=part.number("confidence", 1.0 / k, 1.0, 0.95, above=True) or 0.95,
        first_stage=first_stage,
        at_most=part.whole("at_most", k * first_stage, 10_000_000, max(MOST_EACH, first_stage) * k) or 0,
    )
    measure, seed = _measure(part, scenarios), part.whole("seed", 0, LARGEST_SEED, 1)
    refuse(part)
    return SelectQuestion(tuple(scenarios), measure, rules, seed or 0)


def read_solve(path: str | os.PathLike[str]) -> SolveQuestion:
    """The question of the ``solve:`` part of a design.

    Keys: ``scenario``, ``parameter``, ``low``, ``high`` (whole numbers or dates), optional ``step`` (1; of dates 7
    days) and ``find`` (smallest, largest; of dates latest, earliest); ``constraint`` with ``measure``, ``at_most`` or
    ``at_least``, and ``chance`` (without it, the mean must meet the limit); optional ``confidence``, ``first_stage``
    and ``at_most`` (replications of one value), ``seed``, ``set``.

    Raises
    ------
    ConfigError
        With every problem, each with file, line, column and path.
    """
    part, variants = opened(path, "solve")
    values = _row(part)
    ends = variants.ends(values)
    inner = part.mapping("constraint")
    constraint = _constraint(inner, ends) if inner is not None else None
    first_stage = part.whole("first_stage", 2, 100_000, FIRST) or FIRST
    at_most = part.whole("at_most", first_stage, 1_000_000, max(AT_MOST, first_stage)) or AT_MOST
    confidence = part.number("confidence", 0.5, 0.999999, 0.95) or 0.95
    seed = part.whole("seed", 0, LARGEST_SEED, 1)
    refuse(part)
    if constraint is None or not ends:
        raise ConfigError(part.problems)
    return SolveQuestion(
        scenario=ends[0].name,
        parameter=variants.parameter,
        values=values,
        build=variants.at,
        constraint=constraint,
        confidence=confidence,
        first_stage=first_stage,
        at_most=at_most,
        seed=seed or 0,
    )


def _row(part: Fields) -> tuple[int, ...] | tuple[dt.date, ...]:
    """The values of the range, from the least to the most likely to meet the constraint."""
    low, high = part.place("low"), part.place("high")
    dates = isinstance(low, dt.date)
    words = ("latest", "earliest") if dates else ("smallest", "largest")
    wanted = part.choice("find", words, words[0])
    step = part.whole("step", 1, 1_000_000, DAYS_APART if dates else 1)
    if low is None or high is None or step is None or wanted is None:
        return ()
    if dates != isinstance(high, dt.date):
        part.note("high", "low and high must both be whole numbers, or both dates")
        return ()
    first, last = (one.toordinal() if isinstance(one, dt.date) else one for one in (low, high))
    if first >= last:
        part.note("high", f"the range is empty: high {high} is not above low {low}")
        return ()
    if (last - first) // step + 1 > LONGEST_ROW or last - first < step:
        part.note("step", f"the range has {(last - first) // step + 1} values", f"2 to {LONGEST_ROW} are allowed")
        return ()
    row = range(first, last + 1, step)
    if wanted in ("latest", "largest"):
        row = range(last, first - 1, -step)
    return tuple(dt.date.fromordinal(one) for one in row) if dates else tuple(row)


def _constraint(part: Fields, scenarios: list[Scenario]) -> Constraint | None:
    measure = _measure(part, scenarios)
    sides = [side for side in SIDES if side in part.tree]
    limits = [part.number(side, -1e15, 1e15, None) for side in SIDES]
    if len(sides) != 1:
        part.note("", "must have one of at_most and at_least", "the limit of the measure")
    chance = part.number("chance", 0.0, 1.0, None, above=True)
    part.no_others()
    limit = next((one for one in limits if one is not None), None)
    if limit is None or len(sides) != 1:
        return None
    return Constraint(limit, sides[0], chance, measure or "x")


def _measure(part: Fields, scenarios: list[Scenario]) -> str:
    value = part.text("measure", rule="must be the name of a measure")
    known = measure_names(scenarios)
    if value is not None and value not in known:
        part.note("measure", f"there is no measure {value!r}", did_you_mean(value, known, "there are"))
    return value or ""
