"""How many replications are enough: the confidence-interval method with look-ahead, and a rule for stopping.

The half-width of the interval is followed as replications are added; enough are those from which on it stays below the
target (Robinson, Simulation, 2nd ed. 2014, section 9.6.2; Hoad, Robinson and Davies 2010, Automated selection of the
number of replications for a discrete-event simulation, JORS 61, 1632-1644). A run that stops itself looks at its own
numbers and stops rather when their spread happens to be small, so its interval covers too seldom if it looks early
(Law 2015, section 9.4.1): a first look after 3 replications gives about 90 % for a nominal 95 %. Here the first look is
after 30, later looks are as few as the numbers allow, and the target must hold over the last replications, too.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flowsim.experiment.statistics import LEVEL, Array, t_quantile

FIRST_LOOK = 30
"""Replications before a precision is judged for the first time."""
AT_MOST = 1_000
"""Replications after which a run gives up on its precision, unless told otherwise."""
LOOK_AHEAD = 5
"""Further replications over which the target must hold, of every 100 there are and at least (Hoad et al. 2010)."""


@dataclass(frozen=True, slots=True)
class Target:
    """The half-width wanted: a share of the mean, or an amount in the unit of the measure."""

    amount: float
    relative: bool

    def of(self, mean: Array) -> Array:
        """Half-width allowed at these means."""
        return self.amount * np.abs(mean) if self.relative else np.full_like(mean, self.amount)

    def __str__(self) -> str:
        return f"{100.0 * self.amount:g} %" if self.relative else f"{self.amount:g}"


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the numbers says: how many replications there shall be, and whether the target is met."""

    count: int
    met: bool


def target_of(precision: float | str | Target) -> Target:
    """A target as stated: ``0.05`` and ``"5%"`` are shares of the mean, ``"50"`` is an amount in the measure's unit.

    Raises
    ------
    ValueError
        If it is neither; a share must be below 100 %, an amount above 0.
    """
    if isinstance(precision, Target):
        return precision
    if isinstance(precision, str):
        found = re.fullmatch(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(%?)\s*", precision)
        amount, relative = (float(found[1]), bool(found[2])) if found else (math.nan, True)
        amount = amount / 100.0 if relative else amount
    else:
        amount, relative = (math.nan if isinstance(precision, bool) else float(precision)), True
    if not 0.0 < amount < (1.0 if relative else math.inf):
        raise ValueError(
            f"precision must be a share of the mean such as 5%, or an amount such as 50, above 0; not {precision!r}"
        )
    return Target(amount, relative)


def look_ahead(count: int) -> int:
    """Further replications over which the target must hold once so many meet it."""
    return LOOK_AHEAD * max(count, 100) // 100


def half_widths(values: Array, level: float = LEVEL, comparisons: int = 1) -> tuple[Array, Array]:
    """Mean and half-width of the t interval after each replication.

    Parameters
    ----------
    values : array (replications,)
        Without NaN.

    Returns
    -------
    two arrays (replications,)
        The half-width after the first replication is NaN.
    """
    count = np.arange(1, len(values) + 1)
    off = values - values[0] if len(values) else values  # sums of squares of small numbers lose no digits
    mean = np.cumsum(off) / count
    squares = np.maximum(np.cumsum(off**2) - count * mean**2, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(squares / (count - 1) / count)
    half = t_quantile(count, 1.0 - (1.0 - level) / (2.0 * comparisons)) * error
    return mean + (values[0] if len(values) else 0.0), half


def holds(values: Array, target: Target, level: float = LEVEL, comparisons: int = 1) -> NDArray[np.bool_]:
    """After which replications the half-width is within the target."""
    mean, half = half_widths(values, level, comparisons)
    return np.asarray(half <= target.of(mean))


def replications_needed(values: Array, target: Target, first: int = 3, ahead: bool = True) -> int | None:
    """Smallest number, at least ``first``, from which on the half-width stays within the target for the look-ahead.

    Parameters
    ----------
    values : array (replications,)
        NaN where the measure is undefined; these do not count.
    ahead : bool
        Without look-ahead the first number that meets the target is enough.

    Returns
    -------
    int or None
        None if there are too few values to say.
    """
    held = holds(values[~np.isnan(values)], target)
    begun: int | None = None
    for count in range(first, len(held) + 1):
        if not held[count - 1]:
            begun = None
            continue
        begun = count if begun is None else begun
        if not ahead or count - begun >= look_ahead(count):
            return begun
    return None


def next_look(values: Array, target: Target, at_most: int, comparisons: int = 1) -> Look:
    """How many replications there shall be, after a look at those there are; it follows from their numbers alone.

    If the target is not met, their spread says how many should be enough, look-ahead included; at most twice as many,
    since it says so with an error of its own.

    Parameters
    ----------
    values : array (replications, measures)
        NaN where undefined. Every measure must meet the target.
    at_most : int
        No more replications than this.
    comparisons : int
        How many intervals shall hold at once (Bonferroni).

    Returns
    -------
    Look
        Its count is what there is if the target is met, or cannot be: at the cap, or fewer than two defined values.
    """
    asked = len(values)
    wanted = [_wanted(column[~np.isnan(column)], target, comparisons) for column in values.T]
    if all(more == 0 for more in wanted):
        return Look(asked, met=True)
    if asked >= at_most or any(more is None for more in wanted):
        return Look(asked, met=False)
    return Look(min(asked + max(more or 0 for more in wanted), 2 * asked, at_most), met=False)


def _wanted(values: Array, target: Target, comparisons: int) -> int | None:
    """Further replications one measure wants; None if it cannot be known."""
    count = len(values)
    if count < 2:
        return None
    mean, half = half_widths(values, comparisons=comparisons)
    goal = target.of(mean)
    held = half <= goal
    since = count - int(np.flatnonzero(~held)[-1]) - 1 if not held.all() else count
    ahead = look_ahead(count)
    if held[-1]:
        return max(ahead + 1 - since, 0)
    if goal[-1] <= 0.0:
        return count
    need = count * (float(half[-1]) / float(goal[-1])) ** 2
    return count if need >= 2 * count else max(math.ceil(need) - count, 1) + ahead
