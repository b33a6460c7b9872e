"""What is left of the space of parameters: implausibility, layers of emulators in nested boxes, candidates.

Points are rows in the unit cube: 0 is the low end of a parameter's range, 1 its high end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from flowsim.calibration.aims import Target
from flowsim.calibration.emulator import Emulator
from flowsim.experiment.statistics import Array
from flowsim.rng import stream

CANDIDATES = 10_000
_ENOUGH = 500  # candidates left, below which the box around them is searched again
_SEARCHES = 4
_MARGIN = 0.05  # by which a box is wider at each side than what was found inside
_LEAST_BAD = 0.01  # share of candidates kept where nothing is left
_INSIDE = 0.999  # of the cut-off, so that rounding does not decide
_TINY = 1e-12  # variance where nothing varies: a miss is then infinitely implausible, in effect


@dataclass(frozen=True)
class Layer:
    """The emulators of one wave, and the box they hold in; a point outside the box was ruled out before."""

    low: Array
    high: Array
    emulators: tuple[Emulator | None, ...]


@dataclass(frozen=True)
class Judge:
    """Says how implausible points are.

    ``fitted`` are the places of the targets that count; those held out are judged, but rule nothing out.
    """

    targets: tuple[Target, ...]
    fitted: tuple[int, ...]
    cut_off: float

    def misses(self, means: Array, variances: Array) -> Array:
        """``(mean − target) / √(variance + tolerance² + discrepancy²)``, by point and target; NaN where unknown."""
        values = np.array([one.value for one in self.targets])
        own = np.array([one.variance for one in self.targets])
        return np.asarray((means - values) / np.sqrt(np.maximum(variances + own, _TINY)))

    def emulated(self, layer: Layer, points: Array) -> Array:
        """Misses by emulators; their own variance and chance count."""
        means, variances = np.full((2, len(points), len(self.targets)), np.nan)
        for place, one in enumerate(layer.emulators):
            if one is not None:
                means[:, place], own, chance = one.at(points)
                variances[:, place] = own + chance
        return self.misses(means, variances)

    def worst(self, misses: Array) -> Array:
        """The largest implausibility over the fitted targets that are known."""
        chosen = np.abs(misses[:, list(self.fitted)])
        return np.asarray(np.max(np.where(np.isnan(chosen), 0.0, chosen), axis=1, initial=0.0))

    def sums(self, misses: Array) -> Array:
        """Sum of squares over the fitted targets; infinite where one is unknown."""
        chosen = misses[:, list(self.fitted)] ** 2
        return np.asarray(np.where(np.isnan(chosen), np.inf, chosen).sum(axis=1))

    def left(self, layers: Sequence[Layer], points: Array) -> Array:
        """Which points no layer rules out."""
        keep = np.ones(len(points), dtype=bool)
        for layer in layers:
            keep &= ((points >= layer.low - 1e-9) & (points <= layer.high + 1e-9)).all(axis=1)
            keep[keep] = self.worst(self.emulated(layer, points[keep])) <= self.cut_off
        return keep


@dataclass(frozen=True)
class Space:
    """What is left after a wave.

    Attributes
    ----------
    share : float
        Of the volume of all ranges (not-ruled-out-yet); 0 if none of the candidates is left.
    points : array (candidates, parameters)
        Those left, spread evenly; if none is, those that miss least.
    misses : array (candidates, targets)
        By the latest emulators.
    """

    share: float
    empty: bool
    low: Array
    high: Array
    points: Array = field(repr=False)
    misses: Array = field(repr=False)


def surveyed(judge: Judge, layers: Sequence[Layer], seed: int) -> Space:
    """Look for what is left inside the box of the latest layer, in smaller boxes until enough of it is found."""
    low, high = layers[-1].low, layers[-1].high
    luck = stream(seed, len(layers), "calibrate", "candidates")
    for _ in range(_SEARCHES):
        points = low + (high - low) * luck.random((CANDIDATES, len(low)))
        keep = judge.left(layers, points)
        share = float(np.prod(high - low) * keep.mean())
        if keep.sum() >= _ENOUGH or not keep.any():
            break
        inner = boxed(points[keep], low, high)
        if np.prod(inner[1] - inner[0]) > 0.5 * np.prod(high - low):
            break  # spread all over the box: a smaller one would not find more
        low, high = inner
    empty = not keep.any()
    if empty:
        sums = judge.sums(judge.emulated(layers[-1], points))
        keep[np.argsort(sums, kind="stable")[: max(1, int(_LEAST_BAD * CANDIDATES))]] = True
    left = points[keep]
    return Space(share, empty, *boxed(left, low, high), left, judge.emulated(layers[-1], left))


def boxed(points: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """The box around points, inside another box; with a margin that is wide where few points were found."""
    margin = _MARGIN * np.ptp(points, axis=0) + (high - low) / len(points)
    return np.maximum(points.min(axis=0) - margin, low), np.minimum(points.max(axis=0) + margin, high)


def doubted(judge: Judge, layer: Layer, points: Array, misses: Array) -> Layer:
    """The layer, its emulators made less sure where they would rule out a point that was run and found possible.

    Parameters
    ----------
    misses : array (points, targets)
        As simulated at the points.
    """
    good = points[judge.worst(misses) <= judge.cut_off]
    if not len(good):
        return layer
    found = list(layer.emulators)
    for place in judge.fitted:
        one, target = found[place], judge.targets[place]
        if one is not None:
            means, own, chance = one.at(good)
            needed = ((means - target.value) / (_INSIDE * judge.cut_off)) ** 2 - chance - target.variance
            found[place] = one.with_doubt(max(1.0, float(np.max(needed / np.maximum(own, 1e-300)))))
    return Layer(layer.low, layer.high, tuple(found))


def spread_out(points: Array, count: int, seed: int, wave: int) -> Array:
    """Some of the points, far from one another: each next one is the farthest of a few times as many drawn."""
    luck = stream(seed, wave, "calibrate", "next points")
    drawn = points[luck.permutation(len(points))[: 4 * count]]
    size = np.maximum(np.ptp(drawn, axis=0), 1e-12)
    chosen, gaps = [0], np.full(len(drawn), np.inf)
    while len(chosen) < min(count, len(drawn)):
        gaps = np.minimum(gaps, (((drawn - drawn[chosen[-1]]) / size) ** 2).sum(axis=1))
        chosen.append(int(np.argmax(gaps)))
    return np.asarray(drawn[chosen])
