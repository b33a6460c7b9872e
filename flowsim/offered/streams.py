"""People a day who come to a service, with what may cut their stay short; and what they make of its places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from flowsim.offered.laws import Floats, after


@dataclass(frozen=True)
class Stream:
    """People a day who come to a service by the same way.

    ``at_home`` is their chance, by days since they left hospital, that neither readmission nor death has ended what
    they have; 1 for those of whom the run has neither. ``since`` is the law of the days since they left; None if they
    come at once. ``locality`` is where they live; empty if as residents do. ``from_bed`` says whether they would wait
    for the service in an acute bed.
    """

    per_day: Floats
    at_home: Floats | float = 1.0
    since: Floats | None = None
    locality: str = ""
    from_bed: bool = False

    def there(self, still: Floats) -> Floats:
        """People there by day, given the chance by days since they came that they would still be."""
        lasting = still if self.since is None else after(self.since, still)
        return after(self.per_day, lasting * self.at_home)

    def then(self, stay: Floats, share: Floats | float = 1.0) -> Stream:
        """The share of them who go on to what comes next, after a stay of this law."""
        since = stay if self.since is None else after(self.since, stay)
        return replace(self, per_day=self.per_day * share, since=since, from_bed=False)

    def only(self, days: np.ndarray) -> Stream:
        """Those who come on some days alone."""
        return replace(self, per_day=np.where(days, self.per_day, 0.0))

    def part(self, share: Floats | float) -> Stream:
        """A share of them."""
        return replace(self, per_day=self.per_day * share)


def total(streams: Iterable[Stream], size: int) -> Floats:
    """People a day of all together; of those who come later, on the day they left hospital."""
    return np.asarray(sum((one.per_day for one in streams), np.zeros(size)))


def usual_chance(streams: list[Stream], size: int) -> Floats:
    """Chance to be at home by days since leaving, on average over everybody."""
    weights = [float(one.per_day.sum()) for one in streams]
    if not sum(weights):
        return np.ones(size)
    parts = [weight * one.at_home * np.ones(size) for one, weight in zip(streams, weights, strict=True)]
    return np.asarray(sum(parts, np.zeros(size)) / sum(weights))
