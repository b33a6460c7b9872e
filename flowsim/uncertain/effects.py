"""What each assumption does to an outcome: a tornado's swings, Morris's elementary effects, rank correlations.

Sources: Morris (1991), Technometrics 33(2), 161 to 174; Campolongo, Cariboni and Saltelli (2007), Environmental
Modelling & Software 22, 1509 to 1518 (mu*); Saltelli et al (2004), Sensitivity Analysis in Practice (rank correlation);
Iman and Helton (1988), Risk Analysis 8(1), 71 to 90 (partial rank correlation).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from flowsim.experiment.statistics import LEVEL, Array, Estimate, Possible, estimate
from flowsim.rng import stream

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Effect:
    """How much an outcome hangs on one assumption.

    Attributes
    ----------
    size : float
        What assumptions are ranked by: swing, mu*, total index, or partial rank correlation (with its sign).
    low, high : float
        Its 95 % interval.
    clear : bool
        Whether the interval tells it from nothing.
    more : dict
        What else the method says.
    """

    size: float
    low: float
    high: float
    clear: bool
    more: dict[str, float] = field(default_factory=dict)


def tornado(values: Array, ends: Mapping[str, tuple[int, int]], possible: Possible | None = None) -> dict[str, Effect]:
    """Swings: the outcome at either end of one assumption against the outcome as configured, on the same people.

    Parameters
    ----------
    values : array (point, replication)
        Point 0 is as configured.
    ends : mapping of name to (point, point)
        Where each assumption is at its low and at its high end.
    possible : Possible, optional
        What values the outcome can take: no swing and no change is wider than that.
    """
    apart = possible.differences() if possible is not None else None
    found = {}
    for name, (low, high) in ends.items():
        at_low, at_high, across = (
            estimate(values[one] - values[other], possible=apart) for one, other in ((low, 0), (high, 0), (high, low))
        )
        sides = sorted([0.0, at_low.mean, at_high.mean])
        widest = max((at_low, at_high, across), key=lambda one: abs(one.mean))
        swing = sides[-1] - sides[0]
        far = (widest.low, widest.high) if widest.mean >= 0.0 else (-widest.high, -widest.low)
        found[name] = Effect(
            swing,
            max(far[0], 0.0),
            far[1],
            any(_clear(one) for one in (at_low, at_high, across)),
            {
                "at_low": at_low.mean,
                "at_low_ci_low": at_low.low,
                "at_low_ci_high": at_low.high,
                "at_high": at_high.mean,
                "at_high_ci_low": at_high.low,
                "at_high_ci_high": at_high.high,
            },
        )
    return found


def _clear(one: Estimate) -> bool:
    return not one.low <= 0.0 <= one.high


def morris(names: Sequence[str], quantiles: Array, values: Array, seed: int) -> dict[str, Effect]:
    """Elementary effects per unit of quantile: mu* (mean size), mu, sigma; the interval of mu* is a bootstrap.

    Even an assumption that does nothing has effects of some size by chance, so the whole interval must lie beyond
    ``chance``, what the replications of one step make of nothing in 19 of 20 cases. One replication cannot tell it.

    Parameters
    ----------
    quantiles : array (point, unknown)
        Trajectories one after the other, each one step per unknown.
    values : array (point) or (point, replication)
        The outcome, of the same people at every point; NaN where a replication failed.
    """
    count = len(names)
    steps = np.diff(quantiles.reshape(-1, count + 1, count), axis=1)
    every = np.diff(values.reshape(-1, count + 1, values.shape[1] if values.ndim > 1 else 1), axis=1)
    rises = np.nanmean(every, axis=2)
    moved = np.argmax(np.abs(steps), axis=2)
    found = {}
    for place, name in enumerate(names):
        trajectory, step = np.nonzero(moved == place)
        effects = rises[trajectory, step] / steps[trajectory, step, place]
        chosen = stream(seed, 0, "morris bootstrap", name).integers(0, len(effects), (_RESAMPLES, len(effects)))
        tails = np.quantile(np.abs(effects)[chosen].mean(axis=1), [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
        chance = _by_chance(every[trajectory, step] / steps[trajectory, step, place][:, None])
        more = {"mu": float(effects.mean()), "sigma": float(effects.std(ddof=1)), "chance": chance}
        size = float(np.abs(effects).mean())
        found[name] = Effect(size, float(tails[0]), float(tails[1]), bool(tails[0] > np.nan_to_num(chance)), more)
    return found


def _by_chance(effects: Array) -> float:
    """What a mean over replications reaches by chance in 5 % of cases, by their spread at each step (row), pooled."""
    known = (~np.isnan(effects)).sum(axis=1)
    effects, known = effects[known > 1], known[known > 1]
    if not len(effects):
        return math.nan
    return 1.96 * math.sqrt(float((np.nanvar(effects, axis=1, ddof=1) / known).mean()))


def ranks(names: Sequence[str], inputs: Array, values: Array) -> dict[str, Effect]:
    """Partial rank correlation of each unknown with the outcome, and its plain one (Spearman).

    Intervals by Fisher's z with variance ``1 / (n − 3 − k)``, k other unknowns partialled out; what is clear is so for
    all unknowns together (Bonferroni).

    Parameters
    ----------
    inputs : array (set, unknown)
    values : array (set)
    """
    from scipy.special import ndtri

    scores = np.column_stack([_ranks(inputs[:, place]) for place in range(inputs.shape[1])])
    outcome = _ranks(values)
    partial = _partial(scores, outcome)
    count, others = len(values), len(names) - 1
    se = 1.0 / math.sqrt(count - 3 - others)
    half, all_half = (float(ndtri(1.0 - (1.0 - LEVEL) / (2.0 * many))) * se for many in (1, len(names)))
    found = {}
    for place, name in enumerate(names):
        r = float(partial[place])
        z = math.atanh(min(max(r, -0.999999), 0.999999))
        low, high = math.tanh(z - half), math.tanh(z + half)
        more = {"spearman": _correlation(scores[:, place], outcome)}
        found[name] = Effect(r, low, high, abs(z) > all_half, more)
    return found


def _ranks(column: Array) -> Array:
    """Ranks, equal values sharing the mean of theirs."""
    _, place, counts = np.unique(column, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2.0)[place], dtype=float)


def _correlation(one: Array, other: Array) -> float:
    spread = float(one.std() * other.std())
    return float(np.mean((one - one.mean()) * (other - other.mean()))) / spread if spread else 0.0


def _partial(scores: Array, outcome: Array) -> Array:
    """Correlation of each column with the outcome, all other columns held, from the inverse of the whole matrix."""
    if outcome.std() == 0.0:
        return np.zeros(scores.shape[1])
    whole = np.column_stack([scores, outcome])
    inverse = np.linalg.pinv(np.corrcoef(whole, rowvar=False))
    return np.asarray(-inverse[:-1, -1] / np.sqrt(np.diag(inverse)[:-1] * inverse[-1, -1]))
