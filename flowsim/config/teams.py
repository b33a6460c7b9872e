"""How long people hold a place, and how many are there by day if so many come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flowsim.config.flows import Floats, Flows
from flowsim.params.community import EndsByCap, Episode, Life, Reablement

LUCK = (np.arange(400) + 0.5) / 400
"""Quantiles that stand for everybody."""


def present(coming: Floats, stays: Floats, still_home: Floats | float = 1.0) -> Floats:
    """People there by day, of ``coming`` a day who stay one of ``stays`` (equally likely) days.

    ``still_home`` is the chance, by days since they came, that nothing has cut the stay short.
    """
    days = np.arange(len(coming))[:, None]
    still = np.clip(stays[None, :] - days, 0.0, 1.0).mean(axis=1) * still_home
    return np.asarray(np.convolve(coming, still)[: len(coming)])


@dataclass(frozen=True)
class Team:
    """LIFE or the reablement before it: how long people hold a slot, and who has not ended by the cap."""

    flows: Flows
    service: Life | Reablement
    still_home: Floats | float = 1.0

    def ended_share(self) -> Floats:
        """Share of those who begin on a day whose support ends before the cap."""
        return np.asarray(np.round(_ended(self.service.episode, self.service.cap_days, self.flows), 2))

    def there(self, coming: Floats, first_visits: float = 1.0, last_visits: float = 1.0) -> Floats:
        """Slots in use by day; or visits, if a person needs so many at first and at last."""
        ended = self.ended_share()
        total = np.zeros(len(coming))
        for share in sorted(set(ended.tolist())):
            some = np.where(ended == share, coming, 0.0)
            served = present(some, self._episodes(share), self.still_home)
            waiting = present(some, self._whole(share), self.still_home) - served
            total += served * (first_visits + last_visits) / 2 + waiting * last_visits
        return total

    @property
    def days(self) -> float:
        """Mean days a person holds a slot, as far as the run is long enough to tell."""
        return float(self.there(np.ones(len(self.flows.days)))[-1])

    def _raw(self, share: float) -> Floats:
        episode, cap = self.service.episode, self.service.cap_days
        if isinstance(episode, EndsByCap):
            return episode.days(LUCK, np.full(len(LUCK), share), cap)
        return episode.at(LUCK)

    def _episodes(self, share: float) -> Floats:
        return np.minimum(self._raw(share), self.service.cap_days)

    def _whole(self, share: float) -> Floats:
        """Episode and, for those at the cap, the wait for what comes next."""
        days, late = self._episodes(share), self._raw(share) >= self.service.cap_days
        if self.service.exit_wait is not None and late.any():
            luck = (np.arange(late.sum()) + 0.5) / late.sum()
            days[late] += self.service.exit_wait.at(luck)
        return days


def _ended(episode: Episode, cap: float, flows: Flows) -> Floats:
    if isinstance(episode, EndsByCap):
        return flows.dated(episode.ended_share)
    return np.full(len(flows.days), float((episode.at(LUCK) < cap).mean()))
