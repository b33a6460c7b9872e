"""Means over replications with their uncertainty: Student's t, paired differences, simultaneous intervals.

A share of each replication, averaged over replications, is a mean, and its replications may vary more than tosses of a
coin do (people of one replication share its winter). Its interval is Wilson's with the number of tosses that would vary
as much as the replications do, and t in place of z: about the t interval in the middle, and never outside 0 to 1. Other
intervals end where the possible values of their measure end, which loses no coverage, as the truth is not beyond.
Quantiles over replications have intervals of order statistics, which suppose nothing of the distribution.

Sources: Law, Simulation Modeling and Analysis (5th ed., 2015), section 9.4.1 (replication), 10.2.1 (paired) and
10.3 (Bonferroni for several comparisons at once). Wilson 1927, JASA 22, 209-212; with an effective number of tosses:
Korn and Graubard 1998, Survey Methodology 24, 193-201, and Franco et al. 2019, J. Survey Statistics and Methodology 7,
334-364. Conover, Practical Nonparametric Statistics (3rd ed., 1999), section 3.2 (quantiles).
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


@dataclass(frozen=True, slots=True)
class Possible:
    """What values each column can take: from ``low`` to ``high``; 0 to 1 is a share.

    ``cases`` says of how many people in all a share that is 0 or 1 in every replication is at least; infinite if it is
    no share of people, and then such a share is taken to be certain.
    """

    low: Array
    high: Array
    cases: Array

    def differences(self) -> Possible:
        """What values the difference of two can take."""
        widest = self.high - self.low
        return Possible(-widest, widest, self.cases)


def estimates(values: Array, level: float = LEVEL, comparisons: int = 1, possible: Possible | None = None) -> Estimates:
    """Mean of each column with a two-sided interval: t, within what is possible; Wilson's for shares.

    Parameters
    ----------
    values : array (replications, columns)
        NaN means "undefined in this replication": the others are used, and ``n`` says how many they are.
    level : float
        Confidence of one interval, or, with ``comparisons``, of all of them together.
    comparisons : int
        How many intervals shall hold at once (Bonferroni).
    possible : Possible, optional
        What values each column can take; any by default.

    Returns
    -------
    Estimates
        The interval (and sd) of fewer than two replications is NaN, and so is the mean of none.
    """
    if not 0.0 < level < 1.0 or comparisons < 1:
        raise ValueError(f"level must be between 0 and 1 and comparisons at least 1, not {level!r} and {comparisons!r}")
    table = np.asarray(values, dtype=float)
    n, mean, sd = _moments(table)
    t = t_quantile(n, 1.0 - (1.0 - level) / (2.0 * comparisons))
    half = t * sd / np.sqrt(np.maximum(n, 1))
    low, high = mean - half, mean + half
    if possible is not None:
        shares = (possible.low == 0.0) & (possible.high == 1.0) & (n > 1)
        wilson = _wilson(np.clip(mean, 0.0, 1.0), sd / np.sqrt(np.maximum(n, 1)), t, possible.cases)
        low = np.where(shares, wilson[0], np.maximum(low, possible.low))
        high = np.where(shares, wilson[1], np.minimum(high, possible.high))
    return Estimates(mean, sd, n, low, high)


def _wilson(mean: Array, error: Array, t: Array, cases: Array) -> tuple[Array, Array]:
    """Wilson's interval of shares with this standard error."""
    spread = mean * (1.0 - mean)
    with np.errstate(all="ignore"):  # columns that are no shares may give anything
        tosses = np.where(error > 0.0, spread / error**2, np.where(spread > 0.0, math.inf, cases))
        return wilson_ends(mean, t**2 / tosses)


def wilson_ends(mean: Array, q: Array) -> tuple[Array, Array]:
    """Ends of Wilson's interval of shares, which never leave 0 to 1; ``q`` is the quantile squared over the tosses."""
    middle = (mean + q / 2.0) / (1.0 + q)
    half = np.sqrt(q * mean * (1.0 - mean) + q**2 / 4.0) / (1.0 + q)
    low = np.where(mean == 0.0, 0.0, np.maximum(middle - half, 0.0))
    return low, np.where(mean == 1.0, 1.0, np.minimum(middle + half, 1.0))


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile over replications with its interval; infinite where so few replications cannot bound it."""

    value: float
    n: int
    low: float
    high: float


def quantile(values: Array, share: float, level: float = LEVEL) -> Quantile:
    """Quantile over replications with an interval of order statistics.

    Parameters
    ----------
    values : array (replications,)
        NaN is left out.
    share : float
        Between 0 and 1: 0.95 for what one replication in twenty exceeds.

    Returns
    -------
    Quantile
        Its interval covers with at least ``level`` for any distribution, and is one-sided where there are too few: the
        95 % quantile has an upper bound from 72 replications on.
    """
    from scipy.special import bdtr

    if not 0.0 < share < 1.0:
        raise ValueError(f"share must be between 0 and 1, not {share!r}")
    known = np.sort(np.asarray(values, dtype=float)[~np.isnan(values)])
    n = len(known)
    if not n:
        return Quantile(math.nan, 0, math.nan, math.nan)
    below = np.asarray(bdtr(np.arange(n, dtype=float), n, share))  # chance that at most so many lie below the quantile
    fewer, more = int((below <= (1.0 - level) / 2.0).sum()), int((below < 1.0 - (1.0 - level) / 2.0).sum())
    low = float(known[fewer - 1]) if fewer else -math.inf
    high = float(known[more]) if more < n else math.inf
    return Quantile(float(np.quantile(known, share)), n, low, high)


def estimate(values: Array, level: float = LEVEL, comparisons: int = 1, possible: Possible | None = None) -> Estimate:
    """Mean of one column with its interval; see :func:`estimates`."""
    found = estimates(np.asarray(values, dtype=float)[:, None], level, comparisons, possible)
    columns = (found.mean, found.sd, found.n, found.low, found.high)
    mean, sd, n, low, high = (column[0] for column in columns)
    return Estimate(float(mean), float(sd), int(n), float(low), float(high))


def differences(
    base: Array, other: Array, level: float = LEVEL, comparisons: int = 1, possible: Possible | None = None
) -> Estimates:
    """Estimates of ``other - base``, paired by row (replications on common random numbers).

    ``possible`` are the values of either; the difference ends where the highest of one meets the lowest of the other.
    """
    apart = possible.differences() if possible is not None else None
    return estimates(np.asarray(other, dtype=float) - np.asarray(base, dtype=float), level, comparisons, apart)


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
