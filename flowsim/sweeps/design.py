"""A design: which scenario, which parameters over which values, how often, and what is asked of every point."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from flowsim.config.files import Source, read_file
from flowsim.config.problems import Problem
from flowsim.config.reader import Document
from flowsim.experiment.precision import AT_MOST, FIRST_LOOK
from flowsim.frozen import Frozen
from flowsim.sweeps.problems import fault, faults

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


_MODELS: dict[str, type[BaseModel]] = {"": Design, "parameters": Parameter, "precision": Precision}


def read_design(path: str | os.PathLike[str]) -> tuple[Design | None, Document, list[Problem]]:
    """A design as read from its file, the document with its marks, and all that is wrong with the file by itself."""
    document = read_file(Source(Path(path), os.fspath(path)))
    problems = list(document.problems)
    if document.tree is None:
        return None, document, problems
    try:
        design = Design.model_validate(document.tree)
    except ValidationError as error:
        return None, document, problems + faults(error, document, _MODELS)
    return design, document, problems + _rules(design, document)


def _rules(design: Design, document: Document) -> list[Problem]:
    found = [*_about_method(design, document)]
    if (design.replications is None) == (design.precision is None):
        found.append(fault(document, ("replications",), "give either replications or precision", "one of them"))
    for name, one in design.parameters.items():
        found += [
            fault(document, ("parameters", name, key) if key else ("parameters", name), message, hint)
            for key, message, hint in _about_parameter(one, design.method)
        ]
    repeated = [name for place, name in enumerate(design.outcomes) if name in design.outcomes[:place]]
    found += [fault(document, ("outcomes",), f"{name} is listed twice") for name in dict.fromkeys(repeated)]
    return found


def _about_method(design: Design, document: Document) -> list[Problem]:
    found = []
    method, stated = design.method, document.tree or {}
    allowed = {"latin_hypercube": ("points",), "sobol": ("points",), "morris": ("trajectories", "levels")}
    for key in ("points", "trajectories", "levels", "table"):
        needed = key == "table" if method == "table" else key in allowed.get(method, ())
        if key in stated and not needed:
            found.append(fault(document, (key,), f"means nothing to method {method}", "leave it out"))
    if method == "table":
        if design.table is None:
            found.append(fault(document, ("table",), "is missing", "name a CSV file whose header is dotted paths"))
        if design.parameters:
            found.append(fault(document, ("parameters",), "stand in the table", "leave them out"))
    elif not design.parameters:
        found.append(fault(document, ("parameters",), "name at least one dotted path", "for example life.slots"))
    if method in ("latin_hypercube", "sobol") and design.points is None:
        found.append(fault(document, ("points",), "is missing", f"how many points shall {method} have?"))
    found += _about_numbers(design, document)
    return found


def _about_numbers(design: Design, document: Document) -> list[Problem]:
    found = []
    if design.points is not None and not 1 <= design.points <= MOST_POINTS:
        found.append(fault(document, ("points",), f"{design.points:,} points", f"from 1 to {MOST_POINTS:,}"))
    elif design.method == "sobol" and design.points and design.points & (design.points - 1):
        near = 1 << (design.points.bit_length() - 1)
        hint = f"it is balanced for powers of two only: {near} or {2 * near}"
        found.append(fault(document, ("points",), f"{design.points} points of a Sobol' sequence", hint))
    if design.method == "morris" and design.levels % 2:
        found.append(fault(document, ("levels",), f"must be even, not {design.levels}", "4 is usual"))
    return found


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
