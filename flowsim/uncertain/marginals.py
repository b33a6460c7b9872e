"""From a quantile to a number: the distributions that a row of evidence can state."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from flowsim.config.spread import Spread

CENTRAL = 0.95
"""Share that lies between the two ends of ``normal``, ``lognormal``, ``gamma`` and ``beta``."""
_TAIL = (1.0 - CENTRAL) / 2.0
_FIGURES = 10  # significant figures of what is drawn: the last bits of a special function differ between machines


def tidy(value: float) -> float:
    """A drawn number to ten significant figures, the same on every machine."""
    return float(f"{value:.{_FIGURES}g}")


def quantile(spread: Spread, ends: tuple[float, float], centre: float, u: float) -> float:
    """The number at a quantile.

    Parameters
    ----------
    ends : (low, high)
        Range, or for ``normal``, ``lognormal``, ``gamma`` and ``beta`` the 2.5 % and 97.5 % points.
    centre : float
        Configured value: the mode of ``triangular`` where it states none.
    u : float
        Between 0 and 1; 0 and 1 themselves only where the distribution ends there.
    """
    low, high = ends
    if spread.word == "triangular":
        mode = min(max(centre if spread.mode is None else spread.mode, low), high)
        return _triangular(u, low, mode, high)
    if spread.word in FITTED:
        return FITTED[spread.word](u, low, high)
    return low + u * (high - low)


def _triangular(u: float, low: float, mode: float, high: float) -> float:
    split = (mode - low) / (high - low)
    if u <= split:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def _normal(u: float, low: float, high: float) -> float:
    from scipy.special import ndtri

    return (low + high) / 2.0 + (high - low) / 2.0 * float(ndtri(u)) / float(ndtri(1.0 - _TAIL))


def _lognormal(u: float, low: float, high: float) -> float:
    return math.exp(_normal(u, math.log(low), math.log(high)))


def _gamma(u: float, low: float, high: float) -> float:
    from scipy.special import gammaincinv

    k, scale = _gamma_of(low, high)
    return scale * float(gammaincinv(k, u))


@lru_cache(maxsize=256)
def _gamma_of(low: float, high: float) -> tuple[float, float]:
    """Shape and scale of the gamma law with these 2.5 % and 97.5 % points: their ratio falls as the shape rises."""
    from scipy.optimize import brentq
    from scipy.special import gammaincinv

    def off(log_k: float) -> float:
        k = math.exp(log_k)
        return float(math.log(gammaincinv(k, 1.0 - _TAIL) / gammaincinv(k, _TAIL)) - math.log(high / low))

    k = math.exp(brentq(off, math.log(0.05), math.log(1e7)))
    return k, low / float(gammaincinv(k, _TAIL))


def _beta(u: float, low: float, high: float) -> float:
    from scipy.special import betaincinv

    a, b = _beta_of(low, high)
    return float(betaincinv(a, b, u))


@lru_cache(maxsize=256)
def _beta_of(low: float, high: float) -> tuple[float, float]:
    """The two parameters of the beta law with these 2.5 % and 97.5 % points, from those of equal mean and width."""
    from scipy.optimize import root
    from scipy.special import betaincinv, logit, ndtri

    mean, sd = (low + high) / 2.0, (high - low) / (2.0 * float(ndtri(1.0 - _TAIL)))
    total = mean * (1.0 - mean) / sd**2 - 1.0

    def off(logs: Any) -> list[float]:
        a, b = math.exp(logs[0]), math.exp(logs[1])
        found = (float(betaincinv(a, b, share)) for share in (_TAIL, 1.0 - _TAIL))
        return [float(logit(one) - logit(end)) for one, end in zip(found, (low, high), strict=True)]

    found = root(off, [math.log(max(mean * total, 0.5)), math.log(max((1.0 - mean) * total, 0.5))], tol=1e-12)
    return math.exp(found.x[0]), math.exp(found.x[1])


FITTED = {"normal": _normal, "lognormal": _lognormal, "gamma": _gamma, "beta": _beta}
"""Laws whose two ends are outer quantiles, not the last possible values."""
