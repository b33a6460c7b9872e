"""What a calibration found: which targets are met, which cannot be, what is left of each parameter."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from flowsim.calibration.aims import Target
from flowsim.calibration.ranges import Parameter
from flowsim.calibration.search import Search
from flowsim.calibration.space import CANDIDATES
from flowsim.calibration.waves import Row, Wave
from flowsim.experiment.statistics import Array, Estimate
from flowsim.rng import stream

Verdict = Literal["met", "possible", "missed", "unknown"]
_LARGEST = 4  # targets in a group that is looked at for conflicts
_PULLS = 0.5  # correlation from which two misses, or two parameters, are said to go together


@dataclass(frozen=True)
class TargetFound:
    """One target at the best point.

    Attributes
    ----------
    configured, found : Estimate
        Simulated as configured (with the replications of a wave), and at the best point (with the final ones).
    miss : float
        ``(simulated − target) / sd`` at the best point, chance, tolerance and discrepancy in the sd; its size is the
        implausibility.
    least : float
        The least implausibility of this target alone, anywhere.
    left : tuple of float
        Lowest and highest emulated value over what is left of the space.
    chance : float
        Standard deviation by chance of a point of the waves.
    explained : float
        Share of the variance between points that the latest emulator explains at points left out; NaN without one.
    verdict : str
        "met": within the tolerance. "possible": beyond it, but chance and discrepancy may explain it. "missed".
    """

    target: Target
    configured: Estimate
    found: Estimate
    miss: float
    least: float
    left: tuple[float, float]
    chance: float
    explained: float
    verdict: Verdict


@dataclass(frozen=True)
class ParameterFound:
    """One parameter.

    Attributes
    ----------
    best : float
        At the best point.
    low, high : float
        Ends of what is left of its range, NaN if nothing is; ``middle`` holds half of the sets left.
    narrowed : float
        How much narrower the middle nine tenths of what is left are than those of the whole range; 0 if no narrower.
    """

    parameter: Parameter
    best: float
    low: float
    high: float
    middle: tuple[float, float]
    narrowed: float

    @property
    def at_edge(self) -> bool:
        """Whether the best value is in the outermost hundredth of the range."""
        share = self.parameter.share(self.best)
        return share < 0.01 or share > 0.99

    @property
    def identified(self) -> bool:
        """Whether the targets narrow the range by at least a tenth."""
        return self.narrowed >= 0.1


@dataclass(frozen=True)
class Findings:
    """All that was found.

    Attributes
    ----------
    shares : tuple of float
        Share of the volume of all ranges left after each wave; 0 if none of the candidates is left.
    configured_left : bool
        Whether the scenario as configured is among what is left.
    impossible : tuple of str
        Fitted targets that no parameter set meets, even alone.
    conflicts : tuple of tuple of str
        The smallest groups of targets that cannot be met together, though any fewer of them can.
    trade_offs : tuple of (str, str, float)
        Correlation of the misses of two targets over the sets that are left, or that miss least.
    together : tuple of (str, str, float)
        Correlation of two parameters over the same sets.
    """

    best: Row
    replications: int
    shares: tuple[float, ...]
    empty: bool
    stable: bool
    configured_left: bool
    targets: tuple[TargetFound, ...]
    parameters: tuple[ParameterFound, ...]
    impossible: tuple[str, ...]
    conflicts: tuple[tuple[str, ...], ...]
    trade_offs: tuple[tuple[str, str, float], ...]
    together: tuple[tuple[str, str, float], ...]
    failed: int


def findings(search: Search, final: Wave) -> Findings:
    """Judge the finalists and everything before them."""
    asked, judge, space = search.question, search.judge, search.spaces[-1]
    means, chances = final.column("mean"), final.column("sd") ** 2 / final.column("n")
    misses = judge.misses(means, chances)
    best = int(np.argmin(judge.sums(misses)))
    pool = _pool(search, misses)
    targets = tuple(
        _target(search, final.found[best], misses[best], pool, place) for place in range(len(asked.targets))
    )
    fitted = [asked.targets[place].name for place in asked.fitted]
    groups = _conflicts(pool[:, list(asked.fitted)], judge.cut_off)
    return Findings(
        best=final.rows[best],
        replications=final.replications,
        shares=tuple(one.share for one in search.spaces),
        empty=space.empty,
        stable=search.stable,
        configured_left=bool(judge.left(search.layers, search.shares([search.waves[0].rows[0]]))[0]),
        targets=targets,
        parameters=tuple(
            _parameter(one, final.rows[best][place], space.points[:, place], empty=space.empty)
            for place, one in enumerate(asked.parameters)
        ),
        impossible=tuple(fitted[one] for group in groups if len(group) == 1 for one in group),
        conflicts=tuple(tuple(fitted[one] for one in group) for group in groups if len(group) > 1),
        trade_offs=_correlated(fitted, space.misses[:, list(asked.fitted)]),
        together=_correlated([one.path for one in asked.parameters], space.points),
        failed=sum(one.failed for one in [*search.waves, final]),
    )


def _pool(search: Search, finals: Array) -> Array:
    """Implausibility by point and target of all that was run, of candidates everywhere, and of those left.

    Of emulated points each layer they lie in is asked, and the most damning one believed, as in ruling them out.
    """
    judge, parameters = search.judge, len(search.question.parameters)
    anywhere = stream(search.question.seed, 0, "calibrate", "anywhere").random((CANDIDATES, parameters))
    points = np.vstack([anywhere, search.spaces[-1].points])
    worst = np.zeros((len(points), len(search.question.targets)))
    for layer in search.layers:
        inside = ((points >= layer.low) & (points <= layer.high)).all(axis=1)
        worst[inside] = np.fmax(worst[inside], np.abs(judge.emulated(layer, points[inside])))
    return np.vstack([np.abs(search.misses()), np.abs(finals), worst])


def _target(search: Search, found: Sequence[Estimate], misses: Array, pool: Array, place: int) -> TargetFound:
    target, one, space = search.question.targets[place], found[place], search.spaces[-1]
    fitted = search.layers[-1].emulators[place]
    miss, least = float(misses[place]), pool[:, place][np.isfinite(pool[:, place])]
    left, explained, chance = (np.nan, np.nan), np.nan, np.nan
    if fitted is not None:
        means = fitted.mean.at(space.points)[0]
        left, explained = (float(means.min()), float(means.max())), fitted.mean.explained
        chance = float(np.sqrt(fitted.chance(space.points).mean()))
    verdict: Verdict = "missed"
    if np.isnan(miss):
        verdict = "unknown"
    elif abs(one.mean - target.value) <= target.tolerance:
        verdict = "met"
    elif abs(miss) <= search.question.cut_off:
        verdict = "possible"
    lowest = float(least.min()) if len(least) else np.nan
    return TargetFound(target, search.waves[0].found[0][place], one, miss, lowest, left, chance, explained, verdict)


def _parameter(one: Parameter, best: float, left: Array, *, empty: bool) -> ParameterFound:
    if empty:
        return ParameterFound(one, best, np.nan, np.nan, (np.nan, np.nan), 1.0)
    edges = np.quantile(left, [0.0, 0.05, 0.25, 0.75, 0.95, 1.0])
    low, _, quarter, most, _, high = (one.at(float(edge)) for edge in edges)
    narrowed = max(0.0, 1.0 - float(edges[4] - edges[1]) / 0.9)
    return ParameterFound(one, best, low, high, (quarter, most), narrowed)


def _conflicts(pool: Array, cut_off: float) -> list[tuple[int, ...]]:
    """The smallest groups of columns of which no row has all within the cut-off."""
    known, found = np.where(np.isnan(pool), np.inf, pool) <= cut_off, list[tuple[int, ...]]()
    for size in range(1, _LARGEST + 1):
        for group in itertools.combinations(range(known.shape[1]), size):
            explained = any(set(one) <= set(group) for one in found)
            if not explained and not known[:, list(group)].all(axis=1).any():
                found.append(group)
    return found


def _correlated(names: Sequence[str], columns: Array) -> tuple[tuple[str, str, float], ...]:
    """Pairs whose correlation is large, largest first."""
    found = []
    for one, two in itertools.combinations(range(len(names)), 2):
        x, y = columns[:, one], columns[:, two]
        if np.isfinite(x).all() and np.isfinite(y).all() and np.ptp(x) > 0.0 and np.ptp(y) > 0.0:
            r = float(np.corrcoef(x, y)[0, 1])
            found += [(names[one], names[two], r)] if abs(r) >= _PULLS else []
    return tuple(sorted(found, key=lambda pair: -abs(pair[2])))
