"""Durations in whole days, and what becomes of people a day who each take such a duration.

A law is the chance of each whole number of days. A duration between two of them counts as either, in the shares that
keep its mean; so sums of durations keep theirs, and days spent add up exactly. A law is as long as the run: what lies
beyond does not matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flowsim.distributions import Duration

Floats = NDArray[np.float64]

LUCK = (np.arange(2000) + 0.5) / 2000
"""Quantiles that stand for everybody."""

_NOBODY = 1e-9  # people; less is left by rounding
_STRIDES = (1237, 829)  # neither shares a factor with 2000, so each quantile is met once, and out of order


def unrelated(which: int = 0) -> Floats:
    """The same quantiles, in an order that has nothing to do with that of ``LUCK`` (nor with the other such order)."""
    return LUCK[np.arange(len(LUCK)) * _STRIDES[which] % len(LUCK)]


def law_of(days: Floats, weights: Floats | None = None, *, size: int) -> Floats:
    """Law of durations that are equally likely, or as likely as their weights."""
    chance = np.full(len(days), 1.0 / len(days)) if weights is None else weights / weights.sum()
    whole = np.minimum(np.floor(days), size)
    later, row = np.clip(days - whole, 0.0, 1.0), whole.astype(np.int64)
    law = np.bincount(row, chance * (1.0 - later), size + 2) + np.bincount(row + 1, chance * later, size + 2)
    return np.asarray(law[:size])


def quantiles(stay: Duration) -> Floats:
    """Days at the quantiles of ``LUCK``, stretched by what their tail lacks of the mean (about one in a thousand)."""
    days = stay.at(LUCK)
    return days * (stay.mean / days.mean()) if days.any() else days


def at_once(size: int) -> Floats:
    """Law of no time at all."""
    return law_of(np.zeros(1), size=size)


def still(law: Floats) -> Floats:
    """Chance by day of not having ended; its sum is the mean, as far as the run is long enough."""
    return np.maximum(1.0 - np.cumsum(law), 0.0)


def after(per_day: Floats, kernel: Floats) -> Floats:
    """People by day, of so many who begin a day: who end, given a law; who are there, given :func:`still` of it.

    Also the law of a sum of two durations.
    """
    size = 1 << (2 * len(per_day) - 1).bit_length()
    both = np.fft.irfft(np.fft.rfft(per_day, size) * np.fft.rfft(kernel, size), size)[: len(per_day)]
    return np.where(both < _NOBODY, 0.0, both)


def through_the_day(per_day: Floats) -> Floats:
    """People who come at any time of a day, as people who come when a day begins: half of them at the next one's."""
    return np.asarray((per_day + np.concatenate([[0.0], per_day[:-1]])) / 2.0)


def found_in_progress(stay: Duration, *, cap: float = math.inf, size: int) -> Floats:
    """Law of the days still to come for somebody found in progress, of stays that are cut at a cap."""
    return law_of(stay.remaining_at(LUCK, unrelated(), cap), size=size)


@dataclass(frozen=True)
class Stretched:
    """Durations stretched by a factor that depends on the day they begin.

    Made of the laws at the smallest and the largest factor, mixed by day so that the mean is exact.
    """

    parts: list[tuple[Floats, Floats]]
    """Share by day of those who begin, and their law."""

    def ended(self, per_day: Floats) -> Floats:
        """People by day who end, of so many who begin a day."""
        return sum((after(per_day * share, law) for share, law in self.parts), np.zeros(len(per_day)))

    def there(self, per_day: Floats) -> Floats:
        """People by day who are there, of so many who begin a day."""
        return sum((after(per_day * share, still(law)) for share, law in self.parts), np.zeros(len(per_day)))


def stretched(days: Floats, weights: Floats, factor: Floats) -> Stretched:
    """Durations with their weights, and the factor by day of beginning."""
    size, low, high = len(factor), float(factor.min()), float(factor.max())
    shares = (factor - low) / (high - low) if high > low else np.zeros(size)
    ends = [(1.0 - shares, low), (shares, high)] if high > low else [(1.0 - shares, low)]
    return Stretched([(share, law_of(days * by, weights, size=size)) for share, by in ends])
