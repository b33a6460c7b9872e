"""Points of a design, in order: a grid, a sample of ranges, trajectories, or a table."""

from __future__ import annotations

import datetime as dt
import inspect
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from flowsim.rng import stream
from flowsim.sweeps.design import Design, Parameter
from flowsim.sweeps.morris import Table, trajectories

Cell = bool | int | float | str
"""What stands for a value in tables: a number, a word, or the label of a mapping."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a parameter, the cell that stands for it, and the number that SALib sees."""

    value: Any
    cell: Cell
    number: float


@dataclass(frozen=True)
class Points:
    """All points: for each parameter its dotted path and the bounds of its numbers; for each point a choice of each.

    ``scales`` says ``log10`` where the numbers are logarithms and ``index`` where they count listed values from 0.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[Choice, ...], ...]
    bounds: tuple[tuple[float, float], ...]
    scales: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def kinds(self) -> tuple[type, ...]:
        """Type of each parameter's cells: numbers of two types are floats, anything else mixed is words."""
        return tuple(_kind({type(row[place].cell) for row in self.rows}) for place in range(len(self.names)))

    def values(self, point: int) -> dict[str, Any]:
        """Value of each parameter at a point."""
        return {name: one.value for name, one in zip(self.names, self.rows[point], strict=True)}

    def cells(self, point: int) -> dict[str, Cell]:
        """What tables show for them."""
        return {name: one.cell for name, one in zip(self.names, self.rows[point], strict=True)}

    def words(self, point: int) -> str:
        """A point in words: ``life.slots=140, hospital.beds=20``."""
        return ", ".join(f"{name}={cell}" for name, cell in self.cells(point).items())


def _kind(kinds: set[type]) -> type:
    if kinds == {int, float}:
        return float
    return next(iter(kinds)) if len(kinds) == 1 else str


def how_many(design: Design) -> int:
    """Number of points of a design, without making them; 0 for a table, whose lines are counted when it is read."""
    if design.method == "grid":
        return math.prod(len(one.values or ()) for one in design.parameters.values())
    if design.method == "morris":
        return design.trajectories * (len(design.parameters) + 1)
    return design.points or 0


def points_of(design: Design) -> Points:
    """The points of a design that is no table, in a fixed order; the same for the same seed.

    In a grid the last parameter varies fastest. Sobol' points and Latin hypercubes (McKay, Beckman and Conover, 1979)
    are those of ``scipy.stats.qmc``, scrambled with the seed.
    """
    parameters = tuple(design.parameters.values())
    lists = [choices(one) for one in parameters]
    if design.method == "grid":
        rows = tuple(itertools.product(*lists))
    else:
        rows = tuple(_row(line, parameters, lists) for line in _sample(design, len(parameters)))
    return Points(
        tuple(design.parameters),
        rows,
        tuple(_bounds(one, listed) for one, listed in zip(parameters, lists, strict=True)),
        tuple(_scale(one) for one in parameters),
    )


def points_of_table(names: Sequence[str], lines: Sequence[Sequence[Any]]) -> Points:
    """The points of a table: one a line, values as read."""
    columns = [_column([line[place] for line in lines]) for place in range(len(names))]
    rows = tuple(zip(*columns, strict=True))
    bounds = tuple((min(one.number for one in column), max(one.number for one in column)) for column in columns)
    scales = tuple("linear" if all(_is_number(one.value) for one in column) else "index" for column in columns)
    return Points(tuple(names), rows, bounds, scales)


def salib_problem(points: Points) -> dict[str, Any]:
    """The problem dictionary of SALib; its sample are the rows of ``salib_sample.csv``, in the order of points."""
    return {
        "num_vars": len(points.names),
        "names": list(points.names),
        "bounds": [list(one) for one in points.bounds],
        "scales": list(points.scales),
        "points": len(points),
    }


def _sample(design: Design, parameters: int) -> Table:
    from scipy.stats import qmc

    if design.method == "morris":
        return trajectories(parameters, design.trajectories, design.levels, design.seed)
    kind: Any = qmc.Sobol if design.method == "sobol" else qmc.LatinHypercube
    known = inspect.signature(kind).parameters
    seeded = {"rng" if "rng" in known else "seed": stream(design.seed, 0, "design", design.method)}
    return np.asarray(kind(d=parameters, **seeded).random(design.points), dtype=float)


def _row(line: Table, parameters: Sequence[Parameter], lists: Sequence[list[Choice]]) -> tuple[Choice, ...]:
    return tuple(
        listed[min(int(share * len(listed)), len(listed) - 1)] if listed else _between(one, float(share))
        for share, one, listed in zip(line, parameters, lists, strict=True)
    )


def _between(one: Parameter, share: float) -> Choice:
    """The value of a range at a share of it; whole numbers are all equally likely."""
    low, high = float(one.low or 0), float(one.high or 0)
    if one.scale == "log":
        value = min(max(low * (high / low) ** share, low), high)
        value = round(value) if one.whole else value
    elif one.whole:
        value = min(int(low + math.floor(share * (high - low + 1.0))), int(high))
    else:
        value = low + share * (high - low)
    return Choice(value, value, math.log10(value) if one.scale == "log" else float(value))


def choices(one: Parameter) -> list[Choice]:
    """The listed values of a parameter, none for a range."""
    return _column(list(one.values or ()))


def _column(values: Sequence[Any]) -> list[Choice]:
    """Listed values; where all are numbers they are their own numbers, else equal ones share the place of the first."""
    plain = [_unlabelled(value) for value in values]
    if all(_is_number(value) for value, _ in plain):
        return [Choice(value, cell, float(value)) for value, cell in plain]
    places: dict[Cell, int] = {}
    return [Choice(value, cell, float(places.setdefault(cell, len(places)))) for value, cell in plain]


def _unlabelled(value: Any) -> tuple[Any, Cell]:
    if isinstance(value, Mapping):
        if set(value) == {"label", "value"}:
            return value["value"], str(value["label"])
        return value, as_text(value)
    if isinstance(value, (bool, int, float, str)):
        return value, value
    return value, as_text(value)


def as_text(value: Any) -> str:
    """A value as one word: dates as they are written, mappings and lists as JSON."""
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value, default=str, sort_keys=False)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _scale(one: Parameter) -> str:
    if one.values is not None:
        return "linear" if all(_is_number(value) for value, _ in map(_unlabelled, one.values)) else "index"
    return "log10" if one.scale == "log" else "linear"


def _bounds(one: Parameter, listed: Sequence[Choice]) -> tuple[float, float]:
    if listed:
        return min(choice.number for choice in listed), max(choice.number for choice in listed)
    ends = float(one.low or 0), float(one.high or 0)
    return (math.log10(ends[0]), math.log10(ends[1])) if one.scale == "log" else ends
