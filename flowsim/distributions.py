"""Durations as values: ``spec.at(u)`` turns luck into days, for all people at once.

Every shape knows its mean, its quantile function and the quantile function of its *length-biased* form, which is the
law of the whole stay of someone found in progress (Cox, Renewal Theory, 1962, section 5.3). The remaining part of such
a stay is a uniform share of it.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from flowsim.frozen import Frozen

Array = NDArray[np.float64]
Days = Annotated[float, Field(ge=0)]
PositiveDays = Annotated[float, Field(gt=0)]
_GRID = 20_000  # points of the numeric form of a capped length-biased law (error about 1 in 10,000)


class _Duration(Frozen, ABC):
    """What every shape offers."""

    @property
    def mean(self) -> float:
        """Mean in days."""
        return self._mean()

    def at(self, u: Array) -> Array:
        """Days at quantiles ``u`` in (0, 1)."""
        return np.asarray(self._at(u), dtype=float)

    def length_biased_at(self, u: Array) -> Array:
        """Days of the whole stay of someone found in progress, at quantiles ``u``."""
        return np.asarray(self._biased(u), dtype=float)

    def remaining_at(self, u: Array, v: Array, cap: float = math.inf) -> Array:
        """Days still to come for someone found in progress.

        Parameters
        ----------
        u, v : arrays
            Luck of the whole stay and of the moment within it.
        cap : float
            Longest stay allowed, in days; stays are cut there *before* they are found in progress.
        """
        whole = self.length_biased_at(u) if math.isinf(cap) else self._capped_biased(u, cap)
        return whole * v

    def _capped_biased(self, u: Array, cap: float) -> Array:
        stays = np.minimum(self.at((np.arange(_GRID) + 0.5) / _GRID), cap)
        if stays[-1] <= 0.0:
            return np.zeros_like(u)
        return np.interp(u, np.cumsum(stays) / stays.sum(), stays)

    @abstractmethod
    def _mean(self) -> float: ...

    @abstractmethod
    def _at(self, u: Array) -> Array: ...

    @abstractmethod
    def _biased(self, u: Array) -> Array: ...


class Fixed(_Duration):
    """Fixed: always the same."""

    shape: Literal["fixed"]
    days: Days
    """The days."""

    def _mean(self) -> float:
        return self.days

    def _at(self, u: Array) -> Array:
        return np.full_like(u, self.days)

    def _biased(self, u: Array) -> Array:
        return self.at(u)


class Exponential(_Duration):
    """Exponential: how long it has lasted says nothing about how long it will."""

    shape: Literal["exponential"]
    mean_days: PositiveDays
    """Mean days."""

    def _mean(self) -> float:
        return self.mean_days

    def _at(self, u: Array) -> Array:
        return -self.mean_days * np.log1p(-u)

    def _biased(self, u: Array) -> Array:
        from scipy.special import gammaincinv

        return self.mean_days * np.asarray(gammaincinv(2.0, u))


class Lognormal(_Duration):
    """Lognormal: skewed, as most stays are; its middle is given by the mean or the median."""

    shape: Literal["lognormal"]
    mean_days: PositiveDays | None = None
    """Mean days, unless the median is given."""
    median_days: PositiveDays | None = None
    """Median days, unless the mean is given."""
    sigma: Annotated[float, Field(gt=0, le=4)]
    """Standard deviation of the logarithm of the days."""

    @model_validator(mode="after")
    def _one_location(self) -> Lognormal:
        if (self.mean_days is None) == (self.median_days is None):
            raise ValueError("give mean_days or median_days, one of the two")
        return self

    @property
    def mu(self) -> float:
        """Mean of the logarithm of the days."""
        if self.median_days is not None:
            return math.log(self.median_days)
        return math.log(self.mean) - self.sigma**2 / 2

    def _mean(self) -> float:
        if self.mean_days is not None:
            return self.mean_days
        return math.exp(self.mu + self.sigma**2 / 2)

    def _at(self, u: Array) -> Array:
        from scipy.special import ndtri

        return np.exp(self.mu + self.sigma * np.asarray(ndtri(u)))

    def _biased(self, u: Array) -> Array:
        return self.at(u) * math.exp(self.sigma**2)


class Gamma(_Duration):
    """Gamma: less skewed than a lognormal of the same mean and spread."""

    shape: Literal["gamma"]
    mean_days: PositiveDays
    """Mean days."""
    cv: Annotated[float, Field(gt=0, le=10)]
    """Standard deviation over mean."""

    def _mean(self) -> float:
        return self.mean_days

    def _quantile(self, k: float, u: Array) -> Array:
        from scipy.special import gammaincinv

        return self.mean_days * self.cv**2 * np.asarray(gammaincinv(k, u))

    def _at(self, u: Array) -> Array:
        return self._quantile(self.cv**-2, u)

    def _biased(self, u: Array) -> Array:
        return self._quantile(self.cv**-2 + 1.0, u)


class Weibull(_Duration):
    """Weibull: a hazard that falls or rises with time."""

    shape: Literal["weibull"]
    mean_days: PositiveDays
    """Mean days."""
    k: Annotated[float, Field(gt=0.1, le=20)]
    """Form: below 1 the hazard falls with time, above 1 it rises."""

    def _mean(self) -> float:
        return self.mean_days

    @property
    def _scale(self) -> float:
        return self.mean_days / math.gamma(1.0 + 1.0 / self.k)

    def _at(self, u: Array) -> Array:
        return np.asarray(self._scale * (-np.log1p(-u)) ** (1.0 / self.k))

    def _biased(self, u: Array) -> Array:
        from scipy.special import gammaincinv

        return np.asarray(self._scale * np.asarray(gammaincinv(1.0 + 1.0 / self.k, u)) ** (1.0 / self.k))


class Uniform(_Duration):
    """Uniform: anything between two bounds, equally likely."""

    shape: Literal["uniform"]
    low_days: Days
    """Shortest."""
    high_days: PositiveDays
    """Longest."""

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if self.low_days > self.high_days:
            raise ValueError("low_days is above high_days")
        return self

    def _mean(self) -> float:
        return (self.low_days + self.high_days) / 2

    def _at(self, u: Array) -> Array:
        return self.low_days + (self.high_days - self.low_days) * u

    def _biased(self, u: Array) -> Array:
        low, high = self.low_days**2, self.high_days**2
        return np.asarray(np.sqrt(low + (high - low) * u))


class Empirical(_Duration):
    """Empirical: quantiles as they were observed, with straight lines between them."""

    shape: Literal["empirical"]
    quantiles_days: Annotated[tuple[Days, ...], Field(strict=False, min_length=2)]
    """Days at equally spaced quantiles, from the shortest to the longest."""

    @model_validator(mode="after")
    def _rising(self) -> Empirical:
        if list(self.quantiles_days) != sorted(self.quantiles_days):
            raise ValueError("quantiles_days must not fall")
        return self

    def _mean(self) -> float:
        q = self.quantiles_days
        return (sum(q) - (q[0] + q[-1]) / 2) / (len(q) - 1)

    def _at(self, u: Array) -> Array:
        return np.interp(u, np.linspace(0.0, 1.0, len(self.quantiles_days)), self.quantiles_days)

    def _biased(self, u: Array) -> Array:
        return self._capped_biased(u, math.inf)


Duration = Annotated[
    Fixed | Exponential | Lognormal | Gamma | Weibull | Uniform | Empirical, Field(discriminator="shape")
]
"""Any of the shapes, chosen by its key ``shape``."""
