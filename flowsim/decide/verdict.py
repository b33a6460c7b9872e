"""Whether a constraint holds, decided from as few replications as the stated error allows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Side = str
SIDES = ("at_most", "at_least")


@dataclass(frozen=True, slots=True)
class Constraint:
    """What is asked of a number: that its mean, or a share of its replications, lies on one side of a limit.

    Attributes
    ----------
    limit : float
    side : "at_most" or "at_least"
        Where a number must lie; the limit itself is allowed.
    chance : float, optional
        The probability with which a replication must meet the limit, between 0 and 1; without it, the mean must.
    name : str
        What the number is called in words.
    """

    limit: float
    side: Side = "at_most"
    chance: float | None = None
    name: str = "x"

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise ValueError(f"side must be at_most or at_least, not {self.side!r}")
        if not math.isfinite(self.limit):
            raise ValueError(f"limit must be a number, not {self.limit}")
        if self.chance is not None and not 0.0 < self.chance < 1.0:
            raise ValueError(f"chance must be between 0 and 1, not {self.chance}")

    def __str__(self) -> str:
        sign = "<=" if self.side == "at_most" else ">="
        if self.chance is None:
            return f"mean({self.name}) {sign} {self.limit:g}"
        return f"P({self.name} {sign} {self.limit:g}) >= {self.chance:g}"

    def met_by(self, value: float) -> bool:
        """Whether one number lies on the right side."""
        return value <= self.limit if self.side == "at_most" else value >= self.limit


@dataclass(frozen=True, slots=True)
class Verdict:
    """Decision (None: undecided), the estimated share or mean, its interval, and the replications it rests on."""

    meets: bool | None
    estimate: float
    low: float
    high: float
    replications: int


def looks(first: int, at_most: int) -> list[int]:
    """Numbers of replications at which a decision is tried: doubling from the first to the most."""
    found = [min(first, at_most)]
    while found[-1] < at_most:
        found.append(min(2 * found[-1], at_most))
    return found


def judge(
    take: Callable[[int], Sequence[float]], constraint: Constraint, error: float, first: int, at_most: int
) -> Verdict:
    """Decide with a probability of error of at most ``error``, or say that it cannot be decided.

    A look at n replications decides when a one-sided bound of level 1 − error / (number of looks) clears the target
    (repeated confidence intervals with the error split evenly over the looks: Jennison & Turnbull (1989), JRSS B
    51(3)). Bounds of a share are exact (Clopper & Pearson 1934), those of a mean Student's t.

    Parameters
    ----------
    take : callable
        The first n replications.
    """
    numbers = looks(first, at_most)
    for n in numbers:
        found = verdict(take(n), constraint, error / len(numbers))
        if found.meets is not None:
            break
    return found


def verdict(values: Sequence[float], constraint: Constraint, error: float) -> Verdict:
    """What some replications say, each bound wrong with a probability of at most ``error``."""
    n = len(values)
    if constraint.chance is not None:
        good = sum(constraint.met_by(value) for value in values)
        low, high = share_bounds(good, n, error)
        return Verdict(_decided(low >= constraint.chance, high < constraint.chance), good / n, low, high, n)
    low, high = mean_bounds(values, error)
    estimate = math.fsum(values) / n
    if constraint.side == "at_most":
        return Verdict(_decided(high <= constraint.limit, low > constraint.limit), estimate, low, high, n)
    return Verdict(_decided(low >= constraint.limit, high < constraint.limit), estimate, low, high, n)


def _decided(meets: bool, fails: bool) -> bool | None:
    return True if meets else False if fails else None


def share_bounds(good: int, n: int, error: float) -> tuple[float, float]:
    """Clopper-Pearson bounds of a probability, each one-sided with the given error."""
    from scipy.special import betaincinv

    low = float(betaincinv(good, n - good + 1, error)) if good else 0.0
    high = float(betaincinv(good + 1, n - good, 1.0 - error)) if good < n else 1.0
    return low, high


def mean_bounds(values: Sequence[float], error: float) -> tuple[float, float]:
    """Student's t bounds of a mean, each one-sided with the given error; without width if nothing varies."""
    from scipy.special import stdtrit

    n, mean = len(values), math.fsum(values) / len(values)
    if min(values) == max(values):
        return values[0], values[0]
    half = float(stdtrit(n - 1, 1.0 - error)) * float(np.std(values, ddof=1)) / math.sqrt(n)
    return mean - half, mean + half
