"""Targets: what was seen, how exactly, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsim.decide.fields import Fields
from flowsim.params import Scenario
from flowsim.sweeps.outcomes import possible_of_outcome, unit_of_outcome, wrong_outcome

HALF_WIDTH = 1.959964
"""Standard deviations in the half-width of a 95 % interval, which a ``tolerance`` is read as."""
_RULE = "a list of {name, measure, value, tolerance, unit, source}"


@dataclass(frozen=True, slots=True)
class Target:
    """One number that a run shall come near.

    Attributes
    ----------
    measure : str
        A measure, or ``diff:`` and a measure: its paired difference from the baseline.
    tolerance : float
        Half-width within which the true value lies with 95 % confidence; ``sd`` is its standard deviation.
    discrepancy : float
        Standard deviation of what the model itself may be wrong by, however its parameters are set.
    hold_out : bool
        Only reported, not fitted.
    """

    name: str
    measure: str
    value: float
    tolerance: float
    discrepancy: float
    unit: str
    source: str
    hold_out: bool

    @property
    def sd(self) -> float:
        """Standard deviation of the target itself."""
        return self.tolerance / HALF_WIDTH

    @property
    def variance(self) -> float:
        """Of the target and of the model's discrepancy, together."""
        return self.sd**2 + self.discrepancy**2


def read_aims(top: Fields, scenario: Scenario | None, compared: bool) -> list[Target]:
    """The targets of a file; faults are noted."""
    found: list[Target] = []
    listed = top.listed("targets")
    for place, entry in enumerate(listed):
        if not isinstance(entry, dict):
            top.note(f"targets/{place}", "is no target", _RULE)
            continue
        one = _aim(Fields(top.document, ("targets", str(place)), entry, top.problems), scenario, compared)
        if one is not None and one.name in [other.name for other in found]:
            top.note(f"targets/{place}/name", f"two targets are called {one.name!r}")
        found += [one] if one is not None else []
    if "targets" in top.tree and not listed:
        top.note("targets", "is empty", _RULE)
    elif found and len(found) == len(listed) and all(one.hold_out for one in found):
        top.note("targets", "every target is held out", "leave at least one to be fitted")
    return found


def _aim(part: Fields, scenario: Scenario | None, compared: bool) -> Target | None:
    before = len(part.problems)
    measure = part.text("measure", rule="must be the name of a measure")
    if measure is not None and scenario is not None:
        wrong = wrong_outcome(measure, scenario, compared)
        if wrong is not None:
            part.note("measure", *wrong)
            measure = None
    name, source = part.text("name"), part.text("source", rule="must say who reports it")
    value, tolerance = part.number("value", -1e15, 1e15), _tolerance(part)
    discrepancy, hold_out = part.number("discrepancy", 0.0, 1e15, 0.0), part.get("hold_out", False)
    if not isinstance(hold_out, bool):
        part.note("hold_out", "must be true or false")
    unit = part.text("unit", rule="must be the unit of the value")
    if unit is not None and measure is not None and scenario is not None and unit != unit_of_outcome(measure):
        part.note("unit", f"{measure} is counted in {unit_of_outcome(measure)}, not in {unit}")
    if measure is not None and scenario is not None and value is not None:
        _check_possible(part, measure, value)
    part.no_others()
    parts: list[Any] = [name, measure, value, tolerance, discrepancy, unit, source, hold_out]
    return None if len(part.problems) > before or None in parts else Target(*parts)


def _check_possible(part: Fields, measure: str, value: float) -> None:
    """Note a value that the measure can never take."""
    ends = possible_of_outcome(measure, np.array([value]))
    if ends is None or ends.low[0] <= value <= ends.high[0]:
        return
    most = f" to {ends.high[0]:g}" if np.isfinite(ends.high[0]) else " on"
    part.note("value", f"{measure} can be from {ends.low[0]:g}{most}, never {value:g}")


def _tolerance(part: Fields) -> float | None:
    """The half-width, stated as ``tolerance`` or by its standard deviation ``sd``."""
    half = part.number("tolerance", 0.0, 1e15, None, above=True)
    sd = part.number("sd", 0.0, 1e15, None, above=True)
    stated = [key for key in ("tolerance", "sd") if key in part.tree]
    if len(stated) != 1:
        hint = "the half-width of a 95 % interval, or the standard deviation"
        part.note(stated[-1] if stated else "", "must have one of tolerance and sd", hint)
        return None
    return half if sd is None else sd * HALF_WIDTH
