"""Emulators: what a run would give at parameters that were not run, and by how much that may be wrong.

A quadratic (or simpler) surface is fitted to the means of a wave by ridge regression. Which surface is decided by
leaving out each point in turn (Allen's PRESS, 1974, Technometrics 16(1)), which also says how wrong it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from flowsim.experiment.statistics import Array

Kind = Literal["straight", "curved", "full"]
_RIDGES = (1e-8, 1e-4, 1e-3, 1e-2, 1e-1)  # as shares of the number of points; parameters are scaled to -1..1
_LEAST = 1e-300  # a logarithm is taken of spreads that may be exactly 0
FEWEST = 4
"""Points with a number below which there is no emulator."""


@dataclass(frozen=True)
class Surface:
    """One fitted surface over the unit cube.

    Attributes
    ----------
    low, high : array (parameters,)
        The box it was fitted in, in shares of the ranges.
    error : float
        Root mean square error at points left out in turn.
    explained : float
        Share of the variance between points that it explains at points left out (never below 0).
    """

    kind: Kind
    low: Array
    high: Array
    weights: Array
    inverse: Array
    middle: float
    error: float
    explained: float
    usual: float

    def at(self, points: Array) -> tuple[Array, Array]:
        """Mean and variance at points (rows, in shares of the ranges); the variance grows away from what was run."""
        basis = _basis(self.kind, points, self.low, self.high)
        lever = np.einsum("ij,jk,ik->i", basis, self.inverse, basis)
        return self.middle + basis @ self.weights, self.error**2 * (1.0 + lever) / (1.0 + self.usual)


@dataclass(frozen=True)
class Emulator:
    """Of one target: the surface of its mean, and that of the variance between its replications.

    ``doubt`` multiplies the variance of the mean; see :func:`flowsim.calibration.space.doubted`.
    """

    mean: Surface
    spread: Surface | None
    replications: int
    doubt: float = 1.0

    def at(self, points: Array) -> tuple[Array, Array, Array]:
        """Mean, variance of the emulator and variance by chance, at points."""
        mean, variance = self.mean.at(points)
        return mean, variance * self.doubt, self.chance(points)

    def chance(self, points: Array) -> Array:
        """Variance of a mean of as many replications as were run, smoothed over all points.

        Itself estimated from few replications, which all points share: so it is widened by (n - 1) / (n - 3), the
        variance of Student's t with n - 1 degrees of freedom.
        """
        if self.spread is None:
            return np.zeros(len(points))
        middle, variance = self.spread.at(points)
        widened = (self.replications - 1) / (self.replications - 3) / self.replications
        return np.asarray(np.exp(np.minimum(middle + variance / 2.0, 500.0)) * widened)

    def with_doubt(self, doubt: float) -> Emulator:
        """The same, less sure of itself."""
        return replace(self, doubt=doubt)


def emulator(points: Array, means: Array, sds: Array, replications: int, low: Array, high: Array) -> Emulator | None:
    """An emulator of one target.

    Parameters
    ----------
    points : array (points, parameters)
        In shares of the ranges.
    means, sds : array (points,)
        Of the replications of each point; points with NaN are left out.
    low, high : array (parameters,)
        The box the points lie in.

    Returns
    -------
    Emulator or None
        None if fewer than :data:`FEWEST` points have a number.
    """
    known = np.isfinite(means) & np.isfinite(sds)
    if known.sum() < FEWEST:
        return None
    points, means, sds = points[known], means[known], sds[known]
    spread = None
    if (varies := sds > 0.0).sum() >= FEWEST:
        logs = np.log(np.maximum(sds[varies] ** 2, _LEAST))
        spread = surface(points[varies], logs, low, high, ("straight",))
    return Emulator(surface(points, means, low, high), spread, replications)


def surface(
    points: Array, values: Array, low: Array, high: Array, kinds: Sequence[Kind] = ("straight", "curved", "full")
) -> Surface:
    """The surface with the least error at points left out, of those that have fewer terms than there are points."""
    tried = [_fitted(kind, ridge, points, values, low, high) for kind in _possible(kinds, points) for ridge in _RIDGES]
    return min(tried, key=lambda one: one.error)


def _possible(kinds: Sequence[Kind], points: Array) -> list[Kind]:
    count, parameters = points.shape
    terms = {"straight": parameters + 1, "curved": 2 * parameters + 1}
    terms["full"] = terms["curved"] + parameters * (parameters - 1) // 2
    return [kind for kind in kinds if kind == "straight" or terms[kind] < count]


def _fitted(kind: Kind, ridge: float, points: Array, values: Array, low: Array, high: Array) -> Surface:
    basis = _basis(kind, points, low, high)
    middle = float(values.mean())
    penalty = np.full(basis.shape[1], ridge * len(values))
    penalty[0] = 0.0  # the level itself is not held back
    inverse: Array = np.asarray(np.linalg.pinv(basis.T @ basis + np.diag(penalty), hermitian=True), dtype=float)
    weights: Array = inverse @ basis.T @ (values - middle)
    levers = np.einsum("ij,jk,ik->i", basis, inverse, basis)
    left_out = (values - middle - basis @ weights) / np.maximum(1.0 - levers, 1e-9)
    error, between = float(np.sqrt(np.mean(left_out**2))), float(values.std())
    explained = max(0.0, 1.0 - (error / between) ** 2) if between > 0.0 else 1.0
    return Surface(kind, low, high, weights, inverse, middle, error, explained, float(levers.mean()))


def _basis(kind: Kind, points: Array, low: Array, high: Array) -> Array:
    scaled = 2.0 * (points - low) / np.maximum(high - low, 1e-12) - 1.0
    columns: list[Array] = [np.ones(len(points)), *scaled.T]
    if kind != "straight":
        columns += [one**2 for one in scaled.T]
    if kind == "full":
        first, second = np.triu_indices(scaled.shape[1], k=1)
        columns += list((scaled[:, first] * scaled[:, second]).T)
    return np.column_stack(columns)
