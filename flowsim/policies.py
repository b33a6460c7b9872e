"""Small values that decide: they read, they draw nothing, hold nothing and note nothing."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from flowsim.clock import DAY, weekday_of
from flowsim.params.community import EndsByCap, Episode
from flowsim.params.hospital import D2A, FrontDoor, Meeting
from flowsim.params.programmes import ByPractice, Huddles, Pace, Points
from flowsim.params.values import schedule_of
from flowsim.schedules import Schedule


@dataclass(frozen=True)
class SignOff:
    """The morning meeting: when somebody clinically fit is ready to leave.

    On each day whose leaving hour the person reaches fit, the meeting lets them go with that weekday's chance. The
    person's own luck picks the day: the first on which the chance of having left by then reaches it.
    """

    meeting: Meeting
    start: dt.date

    @cached_property
    def _ladders(self) -> list[list[float]]:
        top = max(self.meeting.weekday_factors)
        chances = [factor / top for factor in self.meeting.weekday_factors]
        ladders = []
        for first in range(7):
            stay, ladder = 1.0, []
            for day in range(7 * 60):
                stay *= 1.0 - chances[(first + day) % 7]
                ladder.append(1.0 - stay)
            ladders.append(ladder)
        return ladders

    def ready_at(self, fit: int, luck: float, leaving_hour: int) -> int:
        """Tick at which a person fit at ``fit`` is ready to leave."""
        day = fit // DAY
        if fit - day * DAY > leaving_hour:
            day += 1
        weekday = weekday_of(self.start, day)
        return (day + bisect_right(self._ladders[weekday], luck)) * DAY + leaving_hour


@dataclass(frozen=True)
class EpisodeLength:
    """How long somebody stays with LIFE or old-style reablement, by the day it begins."""

    episode: Episode
    cap_days: float
    start: dt.date

    @cached_property
    def _ended_share(self) -> Schedule:
        assert isinstance(self.episode, EndsByCap)
        return schedule_of(self.episode.ended_share, self.start)

    @cached_property
    def _middles(self) -> dict[float, float]:
        return {}

    def ticks(self, value: float, now: int) -> int:
        """Ticks of the episode, before the cap; ``value`` is a normal quantile or the days themselves."""
        if not isinstance(self.episode, EndsByCap):
            return round(value * DAY)
        share = self._ended_share.at(now / DAY)
        middle = self._middles.get(share)
        if middle is None:
            from scipy.special import ndtri

            middle = math.log(self.cap_days) - self.episode.sigma * float(ndtri(min(max(share, 1e-12), 1 - 1e-12)))
            self._middles[share] = middle
        return round(math.exp(min(middle + self.episode.sigma * value, 20.0)) * DAY)


@dataclass(frozen=True)
class Coverage:
    """Which units have D2A, by date: the ``n``-th unit of the order once the schedule has reached ``n``.

    ``units`` gives the row of each unit among the places, wards as listed first.
    """

    d2a: D2A
    units: dict[str, int]
    start: dt.date

    @cached_property
    def _live(self) -> Schedule:
        return schedule_of(self.d2a.units_live, self.start)

    @cached_property
    def _rank(self) -> dict[int, int]:
        first = list(self.d2a.order)
        order = [*first, *(name for name in self.units if name not in first)]
        return {self.units[name]: rank for rank, name in enumerate(order)}

    def live(self, unit: int, now: int) -> bool:
        """Whether a unit (by its row among the places) has D2A; escalation beds have it when every unit does."""
        return self._live.at(now / DAY) > self._rank.get(unit, len(self.units) - 1)


@dataclass(frozen=True)
class DoorTeam:
    """When the LIFE team is on duty in A&E, and whom it sends home."""

    door: FrontDoor
    start: dt.date

    @cached_property
    def _share(self) -> Schedule:
        return schedule_of(self.door.turned_round_share, self.start)

    def takes(self, luck: float, now: int) -> bool:
        """Whether a suitable person arriving now would be turned round, a slot being free."""
        day, of_day = divmod(now, DAY)
        hour = of_day * 24 / DAY
        if not self.door.from_hour <= hour < self.door.to_hour:
            return False
        if not self.door.weekends and weekday_of(self.start, day) >= 5:
            return False
        return luck < self._share.at(now / DAY)


def practices_live(
    huddles: Huddles, sizes: np.ndarray, networks: int, luck: np.ndarray, start: dt.date, horizon: float
) -> list[float]:
    """Day on which each practice's Huddle goes live, infinity if never before ``horizon``.

    More coverage only ever adds practices: the order is fixed, the rollout says how far down it one has come.
    ``luck`` (one quantile a practice) orders them when the order is random.
    """
    rollout, count = huddles.rollout, len(sizes)
    if isinstance(rollout, ByPractice):
        dates = {number - 1: float((date - start).days) for number, date in rollout.dates.items()}
        return [dates.get(row, math.inf) for row in range(count)]
    live = [math.inf] * count
    for place, row in enumerate(_order(huddles, sizes, networks, luck)):
        day = _day_reached(rollout, place + 1, start)
        live[row] = day if day < horizon else math.inf
    return live


def _order(huddles: Huddles, sizes: np.ndarray, networks: int, luck: np.ndarray) -> list[int]:
    rows = list(range(len(sizes)))
    if huddles.order == "largest_first":
        return sorted(rows, key=lambda row: (-int(sizes[row]), row))
    if huddles.order == "random":
        return sorted(rows, key=lambda row: float(luck[row]))
    if huddles.order == "by_network":
        return sorted(rows, key=lambda row: (row % networks, row))
    return rows


def _day_reached(rollout: Points | Pace, number: int, start: dt.date) -> float:
    if isinstance(rollout, Pace):
        if number > rollout.up_to or rollout.per_week <= 0:
            return math.inf
        return float((rollout.start - start).days + math.ceil((number - 1) * 7.0 / rollout.per_week - 1e-9))
    points = [(float((date - start).days), float(count)) for date, count in rollout.points.items()]
    if number <= points[0][1]:
        return points[0][0]
    for (day, count), (later, more) in pairwise(points):
        if number <= more:
            return float(math.ceil(day + (later - day) * (number - count) / (more - count) - 1e-9))
    return math.inf
