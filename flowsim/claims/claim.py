"""A claim: what was reported, how a run would show it, how far it may be off, and what chance alone would show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from flowsim.claims.scene import COMPUTATIONS, Scenes
from flowsim.params import Scenario

Basis = Literal["outcome", "fitted", "given"]
BASES: dict[str, str] = {
    "outcome": "what the model makes of its inputs; nothing was set to get it",
    "fitted": "inputs were set so that this comes out near; agreement is no evidence",
    "given": "an input of the model; this only shows that it does what it was told",
}
"""How much a claim tests, from most to least."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One computation with its arguments: ``times * computed / over`` of one replication."""

    what: str
    arguments: Mapping[str, Any]
    times: float = 1.0
    over: float = 1.0

    def of(self, scenes: Scenes) -> float:
        """The number of one replication."""
        return self.times * COMPUTATIONS[self.what].rule(scenes, **self.arguments) / self.over

    @property
    def bounds(self) -> tuple[float, float]:
        """What values it can take."""
        ends = sorted(self.times * end / self.over for end in COMPUTATIONS[self.what].bounds)
        return ends[0], ends[1]

    def instead(self, scenario: str) -> Reading:
        """The same of another scenario."""
        return Reading(self.what, {**self.arguments, "scenario": scenario}, self.times, self.over)


@dataclass(frozen=True, slots=True)
class Chance:
    """How often something at least (or at most) so large is seen where the cause claimed is not there."""

    reading: Reading
    says: str
    at_least: float | None = None
    at_most: float | None = None

    def met(self, value: float) -> bool:
        """Whether a replication shows it."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    @property
    def limit(self) -> str:
        """``at least 56``."""
        word, number = ("at least", self.at_least) if self.at_least is not None else ("at most", self.at_most)
        return f"{word} {number:g}".replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class Claim:
    """One dated fact or claim.

    Attributes
    ----------
    low, high : float
        What was reported; one may be infinite ("over 185").
    tolerance : float
        How far off still counts as the same, in the claim's unit; ``tolerance_reason`` says why.
    reading : Reading or None
        How runs show it; None if they cannot, and ``why`` says why not.
    also : tuple of str
        Scenarios whose range counts as within reach, beside the one read.
    chances : tuple of Chance
        What is seen without the cause claimed.
    """

    id: str
    title: str
    source: str
    date: str
    reported: str
    why: str
    unit: str = ""
    low: float = math.nan
    high: float = math.nan
    tolerance: float = 0.0
    tolerance_reason: str = ""
    basis: Basis = "outcome"
    reading: Reading | None = None
    also: tuple[str, ...] = ()
    chances: tuple[Chance, ...] = ()

    @property
    def scenario(self) -> str:
        """The scenario whose runs are read; none if it cannot be computed."""
        return str(self.reading.arguments["scenario"]) if self.reading is not None else ""

    def readings(self) -> dict[str, Reading]:
        """Everything read of a replication for this claim, by a key of its own."""
        if self.reading is None:
            return {}
        others = {f"{self.id}/{name}": self.reading.instead(name) for name in self.also}
        chances = {f"{self.id}/chance {place}": one.reading for place, one in enumerate(self.chances)}
        return {self.id: self.reading, **others, **chances}


@dataclass(frozen=True, slots=True)
class Claims:
    """A file of claims with the scenarios they speak of, the base first."""

    title: str
    claims: tuple[Claim, ...]
    scenarios: tuple[Scenario, ...]
    text: str = ""

    def only(self, *ids: str) -> Claims:
        """Some of the claims, with the scenarios that they need.

        Raises
        ------
        KeyError
            If there is no claim of that id.
        """
        known = {one.id: one for one in self.claims}
        found = tuple(known[one] for one in ids)
        read = [reading.arguments for claim in found for reading in claim.readings().values()]
        names = [arguments[key] for arguments in read for key in ("base", "scenario") if key in arguments]
        return replace(self, claims=found, scenarios=tuple(one for one in self.scenarios if one.name in names))

    def readings(self) -> dict[str, Reading]:
        """Everything to be read of a replication."""
        return {key: one for claim in self.claims for key, one in claim.readings().items()}
