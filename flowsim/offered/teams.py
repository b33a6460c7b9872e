"""How long people hold a place with LIFE or the reablement before it, and who goes on to care afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from flowsim.offered.flows import Flows
from flowsim.offered.laws import LUCK, Floats, law_of, still, unrelated
from flowsim.offered.streams import Stream, usual_chance
from flowsim.params.community import EndsByCap, Life, Reablement, Taper


@dataclass(frozen=True)
class Team:
    """LIFE or the reablement before it: how long people hold a slot, and who has not ended by the cap."""

    flows: Flows
    service: Life | Reablement

    @property
    def _size(self) -> int:
        return len(self.flows.days)

    def _ended_share(self) -> Floats:
        """Share of those who begin on a day whose support ends before the cap, in whole per cents."""
        episode = self.service.episode
        if isinstance(episode, EndsByCap):
            return np.asarray(np.round(self.flows.dated(episode.ended_share), 2))
        return np.full(self._size, float((episode.at(LUCK) < self.service.cap_days).mean()))

    def there(self, streams: Iterable[Stream], first_visits: float = 1.0, last_visits: float = 1.0) -> Floats:
        """Slots in use by day; or visits, if a person needs so many at first and at last."""
        ended, need = self._ended_share(), np.zeros(self._size)
        listed = list(streams)
        for share in sorted(set(ended.tolist())):
            served, whole = still(self._law(self._episodes(share))), still(self._law(self._whole(share)))
            visits = served * (first_visits + last_visits) / 2 + (whole - served) * last_visits
            for one in listed:
                need += one.only(ended == share).there(visits)
        return need

    def then(self, stream: Stream, need: str) -> list[Stream]:
        """Those who go on to a package or a placement, whichever ``need`` says."""
        ended, found = self._ended_share(), []
        for share in sorted(set(ended.tolist())):
            late = self._late(share)
            if late.any():
                law = self._law(self._whole(share)[late])
                found.append(stream.only(ended == share).then(law, late.mean() * getattr(self.service.at_cap, need)))
        return found

    # -- those with it on the first day ------------------------------------------------------------------------------

    def _left_at_first(self) -> tuple[Floats, Floats, np.ndarray]:
        """Days still to come and whole days of episodes found in progress, and which of them reach the cap."""
        episode, cap = self.service.episode, self.service.cap_days
        if isinstance(episode, EndsByCap):
            episode = episode.plain(float(self.flows.dated(episode.ended_share)[0]), cap)
        whole = episode.remaining_at(LUCK, np.ones(len(LUCK)), cap)
        return episode.remaining_at(LUCK, unrelated(), cap), whole, whole >= cap * (1.0 - 1e-9)

    def _whole_at_first(self) -> Floats:
        left, _, late = self._left_at_first()
        exits = self.service.exit_wait
        return left + (np.where(late, exits.at(unrelated(1)), 0.0) if exits is not None else 0.0)

    def there_at_first(self, count: float, taper: Taper | None = None) -> Floats:
        """Slots that those of the first day still use; or visits, if a person needs fewer and fewer."""
        need = still(self._law(self._whole_at_first()))
        if taper is None:
            return count * need
        left, whole, _ = self._left_at_first()
        day = np.arange(self._size)[:, None] + 0.5
        steps = taper.first - taper.last + 1
        done = np.floor((whole - left + day) * steps / np.maximum(whole, 1e-9))
        more = (np.maximum(steps - 1 - done, 0.0) * (day < left)).mean(axis=1)
        return np.asarray(count * (need * taper.last + more))

    def then_at_first(self, count: float, need: str) -> Stream:
        """Those of the first day who go on to a package or a placement."""
        begin = count * (np.arange(self._size) == 0)
        late = self._left_at_first()[2]
        law = self._law(self._whole_at_first()[late]) if late.any() else np.zeros(self._size)
        return Stream(begin, since=law).part(late.mean() * getattr(self.service.at_cap, need))

    def days(self, streams: list[Stream]) -> float:
        """Mean days a person holds a slot, as far as the run is long enough to tell."""
        everybody = Stream(np.ones(self._size), usual_chance(streams, self._size))
        return float(self.there([everybody])[-1])

    def _law(self, days: Floats) -> Floats:
        return law_of(days, size=self._size)

    def _raw(self, share: float) -> Floats:
        episode, cap = self.service.episode, self.service.cap_days
        if isinstance(episode, EndsByCap):
            return episode.days(LUCK, np.full(len(LUCK), share), cap)
        return episode.at(LUCK)

    def _late(self, share: float) -> np.ndarray:
        return self._raw(share) >= self.service.cap_days

    def _episodes(self, share: float) -> Floats:
        return np.minimum(self._raw(share), self.service.cap_days)

    def _whole(self, share: float) -> Floats:
        """Episode and, for those at the cap, the wait for what comes next."""
        days, late = self._episodes(share), self._late(share)
        if self.service.exit_wait is not None and late.any():
            days[late] += self.service.exit_wait.at((np.arange(late.sum()) + 0.5) / late.sum())
        return days
