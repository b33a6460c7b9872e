"""Community services: one pool, or a pool for each locality; and reablement counted in visits."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

from flowsim.clock import FOREVER
from flowsim.kernel import Moment
from flowsim.params.community import Taper
from flowsim.pools import Place
from flowsim.population.spell import Spell


class Service:
    """A finite service, pooled or split by locality; ``taper`` counts it in visits a day instead of slots."""

    def __init__(self, pools: dict[str, Place], taper: Taper | None = None) -> None:
        self.pools = pools
        self.taper = taper
        self._only = next(iter(pools.values())) if len(pools) == 1 else None

    def pool_of(self, spell: Spell) -> Place:
        """The pool that serves a person."""
        return self._only or self.pools[spell.locality]

    def first_units(self, spell: Spell) -> int:
        """What somebody uses on coming in: a slot, or the visits of the first days, or of so far into the episode."""
        if self.taper is None:
            return 1
        if not spell.elapsed:
            return self.taper.first
        parts = self.taper.first - self.taper.last + 1
        whole = spell.elapsed + spell.fixed_episode
        return self.taper.first - min(spell.elapsed * parts // whole, parts - 1)

    def has_room(self, spell: Spell) -> bool:
        """Whether a newcomer would be served at once."""
        pool = self.pool_of(spell)
        return not pool.waiting and pool.has_room(self.first_units(spell))

    def enter(self, spell: Spell, rank: int = 0, patience: int = FOREVER) -> Generator[Moment, bool, bool]:
        """Go in, waiting if need be; False if patience (ticks) ran out first."""
        return (yield from self.pool_of(spell).enter(spell.id, rank, patience, self.first_units(spell)))

    def leave(self, spell: Spell) -> None:
        """Go out."""
        self.pool_of(spell).leave(spell.id)

    def taper_off(self, spell: Spell, planned: int) -> None:
        """Plan the falling visits of an episode: equal parts of it, one visit a day fewer in each."""
        if self.taper is None:
            return
        pool, env = self.pool_of(spell), self.pool_of(spell).env
        parts = self.taper.first - self.taper.last + 1
        whole = planned + spell.elapsed
        for step in range(1, parts):
            tick = whole * step // parts - spell.elapsed
            if tick >= 0:
                env.at(env._now + tick, partial(_shrink, pool, spell.id, self.taper.first - step))


def _shrink(pool: Place, spell_id: int, units: int, _: Moment) -> None:
    if spell_id in pool.guests:
        pool.shrink(spell_id, units)
