"""What is chance and what is not known: variance between parameter sets and within them.

Runs are nested: set ``i`` has its own values of the parameters and ``r`` replications of its own people,

    y_ij = μ + a_i + e_ij,   var(a) from what is not known, var(e) from chance.

One-way random-effects analysis of variance (Searle, Casella and McCulloch, Variance Components, 1992, section 3.6), as
O'Hagan, Stevenson and Madan (2007), Health Economics 16(10), 1009 to 1023, use it for patient-level simulation:
``MSB = r Σ(ȳ_i − ȳ)² / (a − 1)``, ``MSW = Σ(y_ij − ȳ_i)² / (a (r − 1))``, ``var(e) = MSW`` and
``var(a) = max(0, (MSB − MSW) / r)``. The mean's interval takes the means of sets as its independent observations, so it
holds both. Given a number of runs it is narrowest for r = 1; two are the fewest that tell the parts apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from flowsim.experiment.statistics import Array

TAIL = 0.05
"""Share of parameter sets left out at either end of a range."""


@dataclass(frozen=True, slots=True)
class Split:
    """The two parts of one measure's variance.

    Attributes
    ----------
    low, high : float
        5 % and 95 % quantile of the measure's expectation over parameter sets: the means of sets, drawn together until
        their variance is that between sets alone (Louis 1984), since the rest of their spread is chance.
    unknown_sd, chance_sd : float
        Standard deviation from what is not known, and that of a single run from chance.
    share : float
        Of the variance of a single run, the part from what is not known.
    sets : int
        How many sets have a value.
    """

    low: float
    high: float
    unknown_sd: float
    chance_sd: float
    share: float
    sets: int


NOTHING = Split(math.nan, math.nan, math.nan, math.nan, math.nan, 0)
"""What is said of fewer than two sets."""


def split(values: Array, per_set: int) -> Split:
    """Both parts of the variance of a measure.

    Parameters
    ----------
    values : array (run)
        Runs set by set, ``per_set`` each, at least two; sets that lack a value are left out.
    """
    table = _whole_sets(values, per_set)
    if len(table) < 2 or per_set < 2:
        return NOTHING
    between, within = components(table)
    means = shrunk(table)
    low, high = np.quantile(means, [TAIL, 1.0 - TAIL])
    share = between / (between + within) if between + within > 0.0 else 0.0
    return Split(float(low), float(high), math.sqrt(between), math.sqrt(within), share, len(table))


def components(table: Array) -> tuple[float, float]:
    """Variance between and within the rows of a table (set, replication)."""
    sets, per_set = table.shape
    means = table.mean(axis=1)
    within = float(((table - means[:, None]) ** 2).sum() / (sets * (per_set - 1)))
    between = float(means.var(ddof=1)) - within / per_set
    return max(between, 0.0), within


def shrunk(table: Array) -> Array:
    """Means of the rows, drawn towards their mean until their variance is that between rows alone.

    With one replication nothing is known of chance, and the values stay as they are.
    """
    means = np.asarray(table.mean(axis=1))
    if table.shape[1] < 2 or len(table) < 2:
        return means
    between, within = components(table)
    whole = between + within / table.shape[1]
    factor = math.sqrt(between / whole) if whole > 0.0 else 0.0
    return np.asarray(means.mean() + factor * (means - means.mean()))


def set_means(values: Array, per_set: int) -> Array:
    """Mean of each set, along the first axis; NaN where a set lacks a value."""
    count = len(values) // per_set
    return np.asarray(values[: count * per_set].reshape(count, per_set, *values.shape[1:]).mean(axis=1))


def _whole_sets(values: Array, per_set: int) -> Array:
    table = values[: len(values) // per_set * per_set].reshape(-1, per_set)
    return np.asarray(table[~np.isnan(table).any(axis=1)])
