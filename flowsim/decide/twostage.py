"""Selection in two stages: a first look says how many replications each system needs; then the best mean is taken.

Source: Rinott (1978), "On two-stage selection procedures and related probability-inequalities", Communications in
Statistics A7(8), 799-811.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from flowsim.decide.sampling import Samples
from flowsim.decide.selection import Rules, Selection, Step, chosen

_POINTS = 240
_TAIL = 1e-13


def rinott(samples: Samples, rules: Rules) -> Selection:
    """Rinott's procedure, from a first stage that has been drawn.

    System i gets ``N_i = max(n0, ⌈h² S_i² / δ²⌉)`` replications, h from :func:`rinott_constant`. Proved for
    independent systems; under common random numbers with positive correlation it errs on the safe side.
    """
    everyone = tuple(range(len(samples.values)))
    history = [Step(samples.total, everyone)]
    h = rinott_constant(len(everyone), rules.confidence, rules.first_stage)
    needed = [
        max(rules.first_stage, math.ceil(h * h * float(variance) / rules.indifference**2))
        for variance in samples.variances()
    ]
    given = within(needed, rules.first_stage, rules.at_most)
    samples.fill(given)
    history.append(Step(samples.total, everyone))
    sure = given == needed
    why = f"h = {h:.3f}, second stage of {sum(needed)} replications in all"
    if not sure:
        why = f"{sum(needed)} replications are needed and at_most allows {rules.at_most}"
    return chosen(samples, rules, everyone, history, why, sure=sure)


def within(needed: list[int], least: int, at_most: int) -> list[int]:
    """As many replications as needed, or, if that is too many, the same share of what each needs beyond the least."""
    extra = sum(needed) - least * len(needed)
    room = at_most - least * len(needed)
    if extra <= room:
        return needed
    return [least + (count - least) * room // extra for count in needed]


@lru_cache(maxsize=256)
def rinott_constant(systems: int, confidence: float, first_stage: int) -> float:
    """Rinott's h: with k systems, ν = first_stage − 1 and chi-square densities f, the root of

    ``∫ [∫ Φ(h / √(ν (1/x + 1/y))) f(x) dx]^(k−1) f(y) dy = confidence``.

    Both integrals by the trapezoidal rule in log x, which converges geometrically here; the root by Brent's method.
    """
    from scipy.optimize import brentq
    from scipy.special import chdtri, gammaln, ndtr

    free = first_stage - 1
    low, high = math.log(chdtri(free, 1.0 - _TAIL)), math.log(chdtri(free, _TAIL))
    grid = np.linspace(low, high, _POINTS)
    x = np.exp(grid)
    weights = np.exp(free / 2.0 * (grid - math.log(2.0)) - x / 2.0 - gammaln(free / 2.0))
    weights /= weights.sum()
    scale = 1.0 / np.sqrt(free * (1.0 / x[:, None] + 1.0 / x[None, :]))

    def _excess(h: float) -> float:
        inner = ndtr(h * scale) @ weights
        return float(weights @ inner ** (systems - 1)) - confidence

    top = 1.0
    while _excess(top) < 0.0:
        top *= 2.0
    return float(brentq(_excess, 0.0, top, xtol=1e-10))
