"""Does the model agree with what was reported? The rule, written once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from flowsim.claims.claim import Chance, Claim, Reading
from flowsim.experiment.chances import rule_of_three, single_run_range, wilson
from flowsim.experiment.statistics import Array, Estimate, estimate

RULE = (
    "Reproduced: what was reported, give or take its tolerance, overlaps the 95 % interval of the simulated mean. "
    "Within reach: it does not, but overlaps the range in which one more replication falls (about 95 %, order "
    "statistics) of the scenario or of the other scenarios stated for the claim. Contradicted: neither."
)
"""How verdicts are found."""


class Verdict(StrEnum):
    """What the runs say of a claim."""

    REPRODUCED = "reproduced"
    WITHIN_REACH = "within reach"
    CONTRADICTED = "contradicted"
    NOT_COMPUTED = "not computed"


@dataclass(frozen=True, slots=True)
class Seen:
    """How often something was seen where the cause claimed is not there, with the interval of that share.

    ``extreme`` is the replication that came nearest to it, or went furthest beyond.
    """

    chance: Chance
    hits: int
    n: int
    typical: Estimate
    low: float
    high: float
    extreme: float = math.nan

    @property
    def share(self) -> float:
        """Share of replications; NaN of none."""
        return self.hits / self.n if self.n else math.nan

    @property
    def rule_of_three(self) -> float | None:
        """What none of n still allows; None if there was one."""
        return rule_of_three(self.n) if self.hits == 0 and self.n else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with what the runs show.

    Attributes
    ----------
    found : Estimate
        Of the scenario read; NaN if nothing could be computed.
    low, high : float
        Where a single replication falls, over all scenarios stated.
    by_scenario : mapping
        The estimate of each other scenario stated.
    """

    claim: Claim
    verdict: Verdict
    found: Estimate
    low: float = math.nan
    high: float = math.nan
    by_scenario: Mapping[str, Estimate] | None = None
    seen: tuple[Seen, ...] = ()


def judge(claim: Claim, values: Mapping[str, Array]) -> Judged:
    """The verdict on a claim.

    Parameters
    ----------
    values : mapping of reading key to array (replications)
        As :meth:`Claim.readings` names them; NaN where a replication shows nothing.
    """
    nothing = Estimate(math.nan, math.nan, 0, math.nan, math.nan)
    if claim.reading is None:
        return Judged(claim, Verdict.NOT_COMPUTED, nothing)
    own = np.asarray(values[claim.id], dtype=float)
    others = {name: np.asarray(values[f"{claim.id}/{name}"], dtype=float) for name in claim.also}
    ranges = [single_run_range(column) for column in (own, *others.values()) if not np.isnan(column).all()]
    found = _within(estimate(own), claim.reading)
    low = min((one[0] for one in ranges), default=math.nan)
    high = max((one[1] for one in ranges), default=math.nan)
    seen = tuple(
        _seen(chance, np.asarray(values[f"{claim.id}/chance {place}"], dtype=float))
        for place, chance in enumerate(claim.chances)
    )
    by_scenario = {name: _within(estimate(column), claim.reading) for name, column in others.items()}
    return Judged(claim, verdict_of(claim, found, low, high), found, low, high, by_scenario, seen)


def verdict_of(claim: Claim, found: Estimate, low: float, high: float) -> Verdict:
    """The verdict by :data:`RULE`, from the mean with its interval and the range of single replications.

    A single replication has no interval to judge by.
    """
    if math.isnan(found.mean) or found.n < 2:
        return Verdict.NOT_COMPUTED
    hair = 1e-9 * max(abs(found.mean), 1.0)  # a bound that is met exactly is met, whatever rounding did
    bottom, top = claim.low - claim.tolerance - hair, claim.high + claim.tolerance + hair
    if bottom <= found.high and found.low <= top:
        return Verdict.REPRODUCED
    return Verdict.WITHIN_REACH if bottom <= high and low <= top else Verdict.CONTRADICTED


def _within(found: Estimate, reading: Reading) -> Estimate:
    """The same, its interval within what the number can be."""
    low, high = reading.bounds
    return Estimate(
        found.mean, found.sd, found.n, float(np.maximum(found.low, low)), float(np.minimum(found.high, high))
    )


def _seen(chance: Chance, values: Array) -> Seen:
    known = values[~np.isnan(values)]
    hits = sum(chance.met(float(value)) for value in known)
    ends = wilson(hits, int(known.size))
    typical = _within(estimate(values), chance.reading)
    extreme = math.nan
    if known.size:
        extreme = float(known.max() if chance.at_least is not None else known.min())
    return Seen(chance, hits, int(known.size), typical, *ends, extreme)
