"""The value of knowing: how much better one would decide, on average, if an assumption were known.

The expected value of partial perfect information (EVPPI) of an unknown x is ``E[max(0, g(x))] − max(0, E[g(x)])`` with
``g(x)`` the expected net benefit of the alternative given x, estimated by regressing the net benefit of every set on
x: Strong, Oakley and Brennan (2014), Medical Decision Making 34(3), 311 to 326. Here ``g`` is a natural cubic spline. A
regression fits some noise, and noise looks like value; so the mean of the same estimate under shuffled outcomes is
taken off, and a value is called clear only if it is above what the largest of all assumptions reaches in 95 % of
shuffles (Westfall and Young, Resampling-Based Multiple Testing, 1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flowsim.experiment.statistics import Array
from flowsim.rng import stream
from flowsim.uncertain.design import Decision

_KNOTS = 5  # of the spline: four degrees of freedom
_SHUFFLES = 500
_RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Knowing:
    """What it is worth to know one assumption.

    Attributes
    ----------
    value : float
        In the unit of the outcome, never below nought.
    se : float
        Standard error, by a bootstrap of sets.
    noise : float
        What the largest of all values stays below in 95 % of shuffles.
    clear : bool
        Whether the value is above that.
    """

    value: float
    se: float
    noise: float
    clear: bool


def benefits(values: Array, decision: Decision) -> Array:
    """Net benefit of the alternative: by how much an outcome is on the better side of the threshold."""
    above = values - decision.threshold
    return np.asarray(above if decision.better == "higher" else -above, dtype=float)


def value_of_deciding(given: Array) -> float:
    """``E[max(0, g)] − max(0, E[g])`` over the last axis' points, for one sample."""
    return float(np.maximum(given, 0.0).mean() - max(float(given.mean()), 0.0))


def knowing(names: Sequence[str], inputs: Array, net: Array, seed: int) -> dict[str, Knowing]:
    """The value of knowing each unknown by itself.

    Parameters
    ----------
    inputs : array (set, unknown)
        What was drawn.
    net : array (set)
        Net benefit of the alternative in each set.
    """
    shuffled = _shuffles(net, seed)
    bases = [spline(inputs[:, place]) for place in range(len(names))]
    pairs = [_above_chance(basis, net, shuffled) for basis in bases]
    largest = np.max([nulls for _, nulls in pairs], axis=0)
    noise = float(np.quantile(largest, 0.95))
    return {
        name: Knowing(max(value, 0.0), _bootstrap(basis, net, seed, name), noise, value > noise)
        for name, basis, (value, _) in zip(names, bases, pairs, strict=True)
    }


def everything(net: Array, means_only: Array) -> float:
    """The value of knowing everything (EVPI): every set decided by itself.

    Parameters
    ----------
    means_only : array (set)
        Net benefit of each set without the noise of its replications: see :func:`flowsim.experiment.variance.shrunk`.
    """
    return float(np.maximum(means_only, 0.0).mean() - max(float(net.mean()), 0.0))


def _shuffles(net: Array, seed: int) -> Array:
    luck = stream(seed, 0, "shuffled outcomes")
    return np.column_stack([luck.permutation(net) for _ in range(_SHUFFLES)])


def _above_chance(basis: Array, net: Array, shuffled: Array) -> tuple[float, Array]:
    """The value less what shuffled outcomes give on average, and theirs less the same."""
    fit, _ = np.linalg.qr(basis)
    null = fit @ (fit.T @ shuffled)
    nulls = np.maximum(null, 0.0).mean(axis=0) - np.maximum(null.mean(axis=0), 0.0)
    expected = float(nulls.mean())
    return value_of_deciding(fit @ (fit.T @ net)) - expected, np.asarray(nulls - expected)


def _bootstrap(basis: Array, net: Array, seed: int, name: str) -> float:
    luck = stream(seed, 0, "value of knowing", name)
    found = []
    for _ in range(_RESAMPLES):
        rows = luck.integers(0, len(net), len(net))
        weights = np.linalg.lstsq(basis[rows], net[rows], rcond=None)[0]
        found.append(value_of_deciding(basis[rows] @ weights))
    return float(np.std(found, ddof=1))


def spline(x: Array) -> Array:
    """Natural cubic spline of a column: constant, the column itself, and a term for each inner knot.

    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2nd ed., 2009), section 5.2.1. A
    column of few values (whole numbers) gets fewer knots.
    """
    spread = float(x.std())
    if spread == 0.0:
        return np.ones((len(x), 1))
    scaled = (x - x.mean()) / spread
    knots = np.unique(np.quantile(scaled, np.linspace(0.05, 0.95, _KNOTS)))
    columns = [np.ones(len(x)), scaled]
    if len(knots) > 2:
        last = _hinge(scaled, knots[-2], knots[-1])
        columns += [_hinge(scaled, knot, knots[-1]) - last for knot in knots[:-2]]
    return np.column_stack(columns)


def _hinge(x: Array, knot: float, end: float) -> Array:
    return np.asarray((np.maximum(x - knot, 0.0) ** 3 - np.maximum(x - end, 0.0) ** 3) / (end - knot))
