"""When people present: an exact, non-homogeneous Poisson process from points of a plane.

Candidates fall on (time × height) at one per unit of area; one is kept when its height is under the rate at its moment,
so the kept times are a Poisson process of exactly that rate (Lewis and Shedler 1979, thinning). Candidates are drawn in
layers of fixed height, whatever the configuration: a higher rate keeps more of them and moves none.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from flowsim.params.people import Arrivals
from flowsim.params.values import schedule_of
from flowsim.population.luck import Block, Floats
from flowsim.rng import luck

LAYER = 16.0
"""Height of a layer, in presentations a day."""


@dataclass(frozen=True)
class Rate:
    """Presentations a day at any moment, for one cohort in one replication."""

    arrivals: Arrivals
    start: dt.date
    noise: Floats
    calendar: tuple[Floats, Floats]

    def at(self, days: Floats) -> Floats:
        """Rate at many moments (days since the start)."""
        a, day = self.arrivals, days.astype(np.int64)
        rate = schedule_of(a.per_day, self.start).at_all(days) * schedule_of(a.level, self.start).at_all(days)
        rate = rate * self.noise[day] * self.calendar[0][day] * self.calendar[1][day]
        if a.hour_shares is not None:
            blocks = np.array(a.hour_shares) * len(a.hour_shares)
            rate = rate * blocks[((days - day) * len(blocks)).astype(np.int64)]
        if a.growth_per_year:
            rate = rate * a.grown(self.start, days)
        return np.asarray(rate)

    def top(self, horizon: float) -> float:
        """A bound that no moment exceeds."""
        a = self.arrivals
        bound = schedule_of(a.per_day, self.start).top(horizon) * schedule_of(a.level, self.start).top(horizon)
        bound *= float((self.noise * self.calendar[0] * self.calendar[1]).max(initial=0.0))
        if a.hour_shares is not None:
            bound *= max(a.hour_shares) * len(a.hour_shares)
        return bound * max(1.0, float(a.grown(self.start, horizon)))


def rate_of(arrivals: Arrivals, name: str, start: dt.date, horizon: float, seed: int, replication: int) -> Rate:
    """The demand curve of one cohort in one replication, with its day-to-day noise drawn."""
    days = int(np.ceil(horizon)) + 1
    dates = np.datetime64(start, "D") + np.arange(days)
    month = (dates.astype("datetime64[M]").astype(np.int64)) % 12
    weekday = (np.arange(days) + start.weekday()) % 7
    by_month = np.array(arrivals.month_factors)[month] if arrivals.month_factors else np.ones(days)
    by_weekday = np.array(arrivals.weekday_factors)[weekday] if arrivals.weekday_factors else np.ones(days)
    noise = np.ones(days)
    if arrivals.day_noise_cv:
        from scipy.special import gammaincinv

        shape = arrivals.day_noise_cv**-2
        noise = np.asarray(gammaincinv(shape, luck(seed, replication, days, name, "day noise"))) / shape
    return Rate(arrivals, start, noise, (by_month, by_weekday))


@dataclass(frozen=True)
class Candidates:
    """Points of the plane: layer, times and heights, before thinning."""

    layer: int
    at: Floats
    height: Floats


def candidates(name: str, top: float, horizon: float, seed: int, replication: int) -> list[Candidates]:
    """All points of ``name`` below ``top`` and before ``horizon``, by layer."""
    found = []
    for layer in range(int(np.ceil(top / LAYER))):
        at = _points(name, layer, horizon, seed, replication)
        height = (layer + luck(seed, replication, len(at), name, layer, "height")) * LAYER
        found.append(Candidates(layer, at, height))
    return found


def _points(name: str, layer: int, horizon: float, seed: int, replication: int) -> Floats:
    size = int(LAYER * horizon + 6.0 * np.sqrt(LAYER * horizon) + 20)
    while True:
        gaps = -np.log1p(-luck(seed, replication, size, name, layer, "gap")) / LAYER
        at = np.cumsum(gaps)
        if at[-1] >= horizon:
            return at[at < horizon]
        size *= 2


def kept(points: list[Candidates], name: str, keep: list[np.ndarray]) -> list[Block]:
    """Blocks of luck for the candidates kept."""
    return [Block(name, one.layer, len(one.at), np.flatnonzero(rows)) for one, rows in zip(points, keep, strict=True)]
