"""A design: which scenario, which parameters over which values, how often, and what is asked of every point."""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal

from pydantic import Field

from flowsim.config.problems import Problem
from flowsim.config.reader import Document
from flowsim.experiment.precision import AT_MOST, FIRST_LOOK
from flowsim.frozen import Frozen
from flowsim.sweeps.problems import fault
from flowsim.sweeps.rules import listed_twice, meaningless, missing_points, read_as, unbalanced

MOST_POINTS = 1_000_000
Method = Literal["grid", "latin_hypercube", "sobol", "morris", "table"]
Kept = Literal["replications", "daily", "events"]
Number = int | float


class Parameter(Frozen):
    """What one dotted path may be: listed ``values``, or a range from ``low`` to ``high``.

    A value is a number, a word, a date, a whole mapping, or ``{label: ..., value: ...}`` to give it a name.
    ``whole`` draws whole numbers; ``scale: log`` spreads points evenly over orders of magnitude.
    """

    values: Annotated[tuple[Any, ...] | None, Field(strict=False)] = None
    low: Number | None = None
    high: Number | None = None
    whole: bool = False
    scale: Literal["linear", "log"] = "linear"


class Precision(Frozen):
    """Replicate each point until the half-width of the 95 % interval of a measure is within a share of its mean."""

    measure: str
    share: Annotated[float, Field(gt=0, lt=1)]
    at_most: Annotated[int, Field(ge=FIRST_LOOK, le=100_000)] = AT_MOST


class Design(Frozen):
    """A sweep as its file states it.

    Attributes
    ----------
    scenario, baseline : str
        Names of shipped scenarios, or files (relative to the design). Differences are taken against the baseline, each
        replication on the same people.
    settings : tuple of str
        Laid over both, as ``--set`` does.
    points : int
        How many, for ``latin_hypercube`` and ``sobol``.
    trajectories, levels : int
        For ``morris``: it has ``trajectories × (parameters + 1)`` points.
    table : str
        CSV file (relative to the design) whose header is dotted paths, one point a line.
    keep : tuple of str
        What is kept of each replication beside its measures: ``daily`` series, ``events``. ``replications`` always are.
    """

    name: Annotated[str, Field(min_length=1, max_length=100)]
    question: str = ""
    scenario: str
    baseline: str | None = None
    settings: Annotated[tuple[str, ...], Field(strict=False)] = ()
    method: Method
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    points: int | None = None
    trajectories: Annotated[int, Field(ge=1)] = 10
    levels: Annotated[int, Field(ge=2, le=1000)] = 4
    table: str | None = None
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    replications: Annotated[int, Field(ge=1, le=100_000)] | None = None
    precision: Precision | None = None
    outcomes: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    keep: Annotated[tuple[Kept, ...], Field(strict=False)] = ("replications",)

    @property
    def parts(self) -> tuple[str, ...]:
        """Kinds of shards of each block, numbers first."""
        return ("numbers", *(part for part in ("daily", "events") if part in self.keep))

    @property
    def first_look(self) -> int:
        """Replications every point gets."""
        return self.replications or FIRST_LOOK


_MEANS = {
    "points": ("latin_hypercube", "sobol"),
    "trajectories": ("morris",),
    "levels": ("morris",),
    "table": ("table",),
}
"""Methods to which a key means something."""


def read_design(path: str | os.PathLike[str]) -> tuple[Design | None, Document, list[Problem]]:
    """A design as read from its file, the document with its marks, and all that is wrong with the file by itself."""
    design, document, problems = read_as(Design, path, {"parameters": Parameter, "precision": Precision})
    return design, document, problems if design is None else problems + _rules(design, document)


def _rules(design: Design, document: Document) -> list[Problem]:
    found = [*_about_method(design, document)]
    if (design.replications is None) == (design.precision is None):
        found.append(fault(document, ("replications",), "give either replications or precision", "one of them"))
    for name, one in design.parameters.items():
        found += [
            fault(document, ("parameters", name, key) if key else ("parameters", name), message, hint)
            for key, message, hint in _about_parameter(one, design.method)
        ]
    return found + listed_twice(design.outcomes, document, "outcomes")


def _about_method(design: Design, document: Document) -> list[Problem]:
    found = meaningless(design, document, _MEANS)
    if design.method == "table":
        if design.table is None:
            found.append(fault(document, ("table",), "is missing", "name a CSV file whose header is dotted paths"))
        if design.parameters:
            found.append(fault(document, ("parameters",), "stand in the table", "leave them out"))
    elif not design.parameters:
        found.append(fault(document, ("parameters",), "name at least one dotted path", "for example life.slots"))
    found += missing_points(design, document, _MEANS["points"])
    if design.points is not None and not 1 <= design.points <= MOST_POINTS:
        return [*found, fault(document, ("points",), f"{design.points:,} points", f"from 1 to {MOST_POINTS:,}")]
    return found + unbalanced(design, document)


def _about_parameter(one: Parameter, method: Method) -> list[tuple[str, str, str]]:
    """What is wrong with one parameter: key, message, hint."""
    if one.values is not None:
        if not one.values:
            return [("values", "is empty", "list at least one value")]
        ranged = [key for key in ("low", "high") if getattr(one, key) is not None]
        return [(key, "stands beside values", "give values or a range") for key in ranged]
    if method == "grid":
        return [("", "a grid needs values", "values: [60, 100, 140]")]
    missing = [key for key in ("low", "high") if getattr(one, key) is None]
    if missing or one.low is None or one.high is None:
        return [(key, "is missing", "a range has low and high") for key in missing]
    if one.low >= one.high:
        return [("low", f"the range from {one.low:g} to {one.high:g} is empty", "low must be below high")]
    if one.scale == "log" and one.low <= 0:
        return [("low", f"must be above 0 on a log scale, not {one.low:g}", "")]
    if one.whole and (one.low != int(one.low) or one.high != int(one.high)):
        return [("whole", "low and high must be whole numbers too", "")]
    return []
