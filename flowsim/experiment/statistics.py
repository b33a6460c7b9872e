"""Means over replications with their uncertainty: Student's t, paired differences, simultaneous intervals.

Sources: Law, Simulation Modeling and Analysis (5th ed., 2015), section 9.4.1 (replication), 10.2.1 (paired) and
10.3 (Bonferroni for several comparisons at once).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimates:
    """Mean, standard deviation, count and interval of each column; NaN where it cannot be known."""

    mean: Array
    sd: Array
    n: NDArray[np.int64]
    low: Array
    high: Array


@dataclass(frozen=True, slots=True)
class Estimate:
    """The same for one column."""

    mean: float
    sd: float
    n: int
    low: float
    high: float


def estimates(values: Array, level: float = LEVEL, comparisons: int = 1) -> Estimates:
    """Mean of each column with a two-sided t interval.

    Parameters
    ----------
    values : array (replications, columns)
        NaN means "undefined in this replication": the others are used, and ``n`` says how many they are.
    level : float
        Confidence of one interval, or, with ``comparisons``, of all of them together.
    comparisons : int
        How many intervals shall hold at once (Bonferroni).

    Returns
    -------
    Estimates
        The interval (and sd) of fewer than two replications is NaN, and so is the mean of none.
    """
    if not 0.0 < level < 1.0 or comparisons < 1:
        raise ValueError(f"level must be between 0 and 1 and comparisons at least 1, not {level!r} and {comparisons!r}")
    table = np.asarray(values, dtype=float)
    n, mean, sd = _moments(table)
    half = t_quantile(n, 1.0 - (1.0 - level) / (2.0 * comparisons)) * sd / np.sqrt(np.maximum(n, 1))
    return Estimates(mean, sd, n, mean - half, mean + half)


def estimate(values: Array, level: float = LEVEL, comparisons: int = 1) -> Estimate:
    """Mean of one column with its interval; see :func:`estimates`."""
    found = estimates(np.asarray(values, dtype=float)[:, None], level, comparisons)
    columns = (found.mean, found.sd, found.n, found.low, found.high)
    mean, sd, n, low, high = (column[0] for column in columns)
    return Estimate(float(mean), float(sd), int(n), float(low), float(high))


def differences(base: Array, other: Array, level: float = LEVEL, comparisons: int = 1) -> Estimates:
    """Estimates of ``other - base``, paired by row (replications on common random numbers)."""
    return estimates(np.asarray(other, dtype=float) - np.asarray(base, dtype=float), level, comparisons)


def _moments(table: Array) -> tuple[NDArray[np.int64], Array, Array]:
    known = ~np.isnan(table)
    n = known.sum(axis=0)
    filled = np.where(known, table, 0.0)
    mean = np.where(n > 0, filled.sum(axis=0) / np.maximum(n, 1), math.nan)
    # A column that never varies has exactly its value as mean, which a rounded sum may miss.
    low = np.where(known, table, math.inf).min(axis=0, initial=math.inf)
    high = np.where(known, table, -math.inf).max(axis=0, initial=-math.inf)
    mean = np.where((n > 0) & (low == high), low, mean)
    off = np.where(known, filled - np.where(n > 0, mean, 0.0), 0.0)
    sd = np.where(n > 1, np.sqrt((off**2).sum(axis=0) / np.maximum(n - 1, 1)), math.nan)
    return n, mean, sd


def t_quantile(n: NDArray[np.int64], share: float) -> Array:
    """Quantile of Student's t for means of ``n`` values each; of fewer than two as if of two."""
    from scipy.special import stdtrit  # scipy.stats would take a second to import

    return np.asarray(stdtrit(np.maximum(n - 1, 1).astype(float), share), dtype=float)
