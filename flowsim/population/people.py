"""Residents over 65: practice, age band, frailty tier, and who of them presents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from flowsim.params.people import Population
from flowsim.params.practices import practice_sizes
from flowsim.population.luck import Floats, Ints
from flowsim.rng import luck


@dataclass(frozen=True)
class People:
    """Columns of residents, in order of practice."""

    practice: Ints
    band: Ints
    tier: Ints
    weight: Floats
    networks: tuple[str, ...]
    localities: tuple[str, ...]

    @cached_property
    def _ladder(self) -> Floats:
        return np.cumsum(self.weight)

    def presenting(self, u: Floats) -> Ints:
        """Persons chosen with luck ``u`` in proportion to their hazard of presenting."""
        ladder = self._ladder
        rows: Ints = np.minimum(np.searchsorted(ladder, u * ladder[-1], side="right"), len(ladder) - 1)
        return rows


def settle(population: Population, seed: int, replication: int) -> People:
    """The residents of one replication."""
    sizes = practice_sizes(population)
    names = list(population.practices.networks)
    network_of = np.arange(len(sizes)) % len(names)
    bands = list(population.age_bands.values())
    tiers = list(population.frailty.values())
    band = choose(luck(seed, replication, population.people, "people", "age band"), [b.share for b in bands])
    tier = choose(luck(seed, replication, population.people, "people", "frailty"), [t.share for t in tiers])
    rates = np.array([b.presentations_per_1000 for b in bands])
    hazards = np.array([t.hazard_ratio for t in tiers])
    return People(
        practice=np.repeat(np.arange(len(sizes)), sizes),
        band=band,
        tier=tier,
        weight=rates[band] * hazards[tier],
        networks=tuple(names[i] for i in network_of),
        localities=tuple(population.practices.networks[names[i]] for i in network_of),
    )


def choose(u: Floats, shares: list[float]) -> Ints:
    """Row of the share into which each quantile falls."""
    ladder = np.cumsum(shares)
    rows: Ints = np.minimum(np.searchsorted(ladder, u, side="right"), len(shares) - 1)
    return rows
