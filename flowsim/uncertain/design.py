"""A sensitivity design as its file states it, and all that is wrong with the file by itself."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from flowsim.config.problems import Problem, shown
from flowsim.config.reader import Document
from flowsim.frozen import Frozen
from flowsim.sweeps.problems import fault
from flowsim.sweeps.rules import listed_twice, meaningless, missing_points, read_as, unbalanced

Method = Literal["tornado", "morris", "sobol", "rank"]
Grade = Literal["A", "B", "C", "D", "seed"]
EVIDENCE = "evidence"
LEAST_REPLICATIONS = 2
"""For the paired intervals of a tornado."""
LEAST_TRAJECTORIES, LEAST_SOBOL, LEAST_RANK, LEAST_KNOWING = 4, 32, 20, 50
"""Trajectories of Morris, points of Sobol', sets of rank correlations and of the value of knowing."""


class Decision(Frozen):
    """The alternative is chosen if an outcome is on the better side of a threshold, on average."""

    outcome: str
    better: Literal["higher", "lower"] = "higher"
    threshold: float = 0.0


class SensitivityDesign(Frozen):
    """Which assumptions matter for which outcomes, and how that is to be found.

    Attributes
    ----------
    scenario, baseline : str
        Names of shipped scenarios, or files (relative to the design). Both take each point's values where they have
        them; differences are between them.
    method : str
        ``tornado``: each assumption alone at its two ends; ``morris``: elementary effects; ``sobol``: shares of
        variance (needs SALib); ``rank``: rank correlations over a Latin hypercube and, with a decision, the value of
        knowing.
    parameters : "evidence", list of paths, or mapping of path to {low, high}
        What is varied: all that is uncertain by the evidence, or these; between its ends unless others are given.
    grades : list, optional
        Only assumptions of these grades.
    vary : list of paths
        What-ifs to be varied too.
    points : int
        Parameter sets of ``rank``, base points of ``sobol`` (a power of two, times the assumptions + 2).
    """

    name: Annotated[str, Field(min_length=1, max_length=100)]
    question: str = ""
    scenario: str
    baseline: str | None = None
    settings: Annotated[tuple[str, ...], Field(strict=False)] = ()
    method: Method
    parameters: Any = EVIDENCE
    grades: Annotated[tuple[Grade, ...] | None, Field(strict=False, min_length=1)] = None
    vary: Annotated[tuple[str, ...], Field(strict=False)] = ()
    outcomes: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    replications: Annotated[int, Field(ge=1, le=100_000)]
    points: Annotated[int, Field(ge=1, le=100_000)] | None = None
    trajectories: Annotated[int, Field(ge=1, le=10_000)] = 10
    levels: Annotated[int, Field(ge=2, le=1000)] = 4
    decision: Decision | None = None
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths that are named; none if all of the evidence is meant."""
        return () if self.parameters == EVIDENCE else tuple(self.parameters)

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Ranges that are given, by path."""
        if not isinstance(self.parameters, Mapping):
            return {}
        return {name: (float(one["low"]), float(one["high"])) for name, one in self.parameters.items() if one}

    @property
    def asked(self) -> tuple[str, ...]:
        """All outcomes needed, that of the decision included."""
        more = (self.decision.outcome,) if self.decision else ()
        return tuple(dict.fromkeys((*self.outcomes, *more)))


_MEANS = {"points": ("sobol", "rank"), "trajectories": ("morris",), "levels": ("morris",)}
"""Methods to which a key means something."""


def read_design(path: str | os.PathLike[str]) -> tuple[SensitivityDesign | None, Document, list[Problem]]:
    """A design as read, the document with its marks, and all that is wrong with the file by itself."""
    design, document, problems = read_as(SensitivityDesign, path, {"decision": Decision})
    if design is None:
        return None, document, problems
    found = [*_about_parameters(design, document), *_about_method(design, document), *_about_outcomes(design, document)]
    return (None if found else design), document, problems + found


def _about_parameters(design: SensitivityDesign, document: Document) -> list[Problem]:
    stated = design.parameters
    if stated == EVIDENCE:
        return []
    if isinstance(stated, list) and stated and all(isinstance(one, str) for one in stated):
        return listed_twice(stated, document, "parameters")
    if isinstance(stated, Mapping) and stated:
        return [one for name, given in stated.items() for one in _about_range(str(name), given, document)]
    hint = "evidence, a list of paths, or paths with {low: 1, high: 2}"
    return [fault(document, ("parameters",), f"names nothing to be varied: {shown(stated)}", hint)]


def _about_range(name: str, given: Any, document: Document) -> list[Problem]:
    where = ("parameters", name)
    if given is None or given == {}:
        return []
    if not isinstance(given, Mapping) or set(given) != {"low", "high"}:
        return [fault(document, where, "a range has low and high", "leave it empty for that of the evidence")]
    low, high = given["low"], given["high"]
    if any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in (low, high)):
        return [fault(document, where, "low and high must be numbers")]
    if not (math.isfinite(low) and math.isfinite(high)):
        return [
            fault(document, where, f"the range from {low:g} to {high:g} has no two ends", "low and high as numbers")
        ]
    return [] if low < high else [fault(document, where, f"the range from {low:g} to {high:g} is empty")]


def _about_method(design: SensitivityDesign, document: Document) -> list[Problem]:
    found = [*meaningless(design, document, _MEANS), *missing_points(design, document, _MEANS["points"])]
    found += [fault(document, (key,), message, hint) for key, message, hint in _too_few(design)]
    return found + unbalanced(design, document)


def _too_few(design: SensitivityDesign) -> list[tuple[str, str, str]]:
    """What a method has too little of: key, message, hint."""
    points = design.points or sys.maxsize
    found = []
    if design.method == "tornado" and design.replications < LEAST_REPLICATIONS:
        found.append(("replications", f"{design.replications} give no interval", f"at least {LEAST_REPLICATIONS}"))
    if design.method == "morris" and design.trajectories < LEAST_TRAJECTORIES:
        found.append(("trajectories", f"{design.trajectories} are too few", f"at least {LEAST_TRAJECTORIES}"))
    if design.method == "sobol" and points < LEAST_SOBOL:
        found.append(("points", f"{points} are too few for shares of variance", f"at least {LEAST_SOBOL}"))
    if design.method == "rank" and points < LEAST_RANK:
        found.append(("points", f"{points} are too few for rank correlations", f"at least {LEAST_RANK}"))
    if design.decision and design.method == "rank" and LEAST_RANK <= points < LEAST_KNOWING:
        found.append(("points", f"{points} are too few for the value of knowing", f"at least {LEAST_KNOWING}"))
    return found


def _about_outcomes(design: SensitivityDesign, document: Document) -> list[Problem]:
    found = listed_twice(design.outcomes, document, "outcomes")
    if design.decision is not None and design.method != "rank":
        found.append(fault(document, ("decision",), f"means nothing to method {design.method}", "method: rank"))
    if design.decision is not None and design.baseline is None:
        found.append(fault(document, ("decision",), "needs a baseline to decide against", "baseline: do_nothing"))
    return found
