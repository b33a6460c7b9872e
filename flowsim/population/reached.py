"""Initiatives at work in one replication: who is reached, and what that multiplies for them.

Luck is by name, as everywhere: a resident's for an initiative is their own and lasting, anyone else's belongs to their
chain of spells; whether a presentation is averted is luck of that presentation for that initiative. So switching one
initiative on moves nobody's luck for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from flowsim.params.initiatives import Initiative, counting
from flowsim.params.people import PATHWAYS
from flowsim.params.scenario import Scenario
from flowsim.params.values import schedule_of
from flowsim.population.luck import Floats, Ints, Luck
from flowsim.population.people import People
from flowsim.rng import luck as draw_luck

Mask = np.ndarray
Number = Floats | float


@dataclass(frozen=True)
class Who:
    """Some spells as initiatives see them.

    ``person`` holds rows of residents (None for people who are not residents), ``pathway`` rows of ``PATHWAYS`` (-1 if
    they have none; None while it is not known), ``at`` the moments of presenting or joining, in days.
    """

    luck: Luck
    at: Floats
    cohort: str | None = None
    person: Ints | None = None
    pathway: Ints | None = None


@dataclass(frozen=True)
class Factors:
    """What all initiatives together multiply for each of some spells; 1 where nothing."""

    clinical_stay: Number = 1.0
    delay: Number = 1.0
    package_hours: Number = 1.0
    readmission: Number = 1.0
    d2a_accepted: Number = 1.0
    front_door: Number = 1.0


NO_CHANGE = Factors()


class Reached:
    """The initiatives that are on in a scenario, with the residents they reach in one replication."""

    def __init__(self, s: Scenario, seed: int, replication: int, people: People | None) -> None:
        self.s = s
        self._seed = seed
        self._replication = replication
        self._people = people
        self.rows = {name: row for row, name in enumerate(s.initiatives)}
        self.on = {name: one for name, one in s.initiatives.items() if one.on and one.moves}
        self.counted = counting(s.initiatives, s.population is not None)
        self._residents: dict[str, Mask] = {}

    @cached_property
    def raising(self) -> dict[str, Initiative]:
        """Those that add presentations."""
        return {name: one for name, one in self.on.items() if one.multiplies.presentations > 1.0}

    @cached_property
    def averting(self) -> dict[str, Initiative]:
        """Those that avert presentations, in the order listed."""
        return {name: one for name, one in self.on.items() if one.multiplies.presentations < 1.0}

    @property
    def most(self) -> float:
        """The most by which presentations may be multiplied."""
        return float(np.prod([one.multiplies.presentations for one in self.raising.values()]))

    def strength(self, one: Initiative, at: Floats) -> Floats:
        """Share of full strength at these moments."""
        return schedule_of(one.strength, self.s.clock.start).at_all(at)

    def reaches(self, name: str, who: Who) -> Mask:
        """Which of these spells belong to people whom an initiative reaches."""
        one = self.s.initiatives[name]
        size, reach = len(who.at), one.reach
        if reach.cohorts and who.cohort not in reach.cohorts:
            return np.zeros(size, dtype=bool)
        if who.person is not None and self._people is not None:
            reached = self._of_residents(name)[who.person]
        elif reach.networks or reach.practices or reach.age_bands or reach.frailty:
            return np.zeros(size, dtype=bool)
        elif reach.share < 1.0:
            reached = who.luck.of(f"reached by {name}") < reach.share
        else:
            reached = np.ones(size, dtype=bool)
        if reach.pathways and who.pathway is not None:
            reached = reached & np.isin(who.pathway, [PATHWAYS.index(pathway) for pathway in reach.pathways])
        return reached

    def _of_residents(self, name: str) -> Mask:
        if name not in self._residents:
            self._residents[name] = self._reached_residents(name)
        return self._residents[name]

    def _reached_residents(self, name: str) -> Mask:
        people, reach = self._people, self.s.initiatives[name].reach
        assert people is not None
        assert self.s.population is not None
        bands, tiers = list(self.s.population.age_bands), list(self.s.population.frailty)
        reached = np.ones(len(people.practice), dtype=bool)
        for listed, row_of, column in ((reach.age_bands, bands, people.band), (reach.frailty, tiers, people.tier)):
            if listed:
                reached &= np.isin(column, [row_of.index(one) for one in listed])
        if reach.networks:
            reached &= np.isin(np.array(people.networks), reach.networks)[people.practice]
        if reach.practices:
            reached &= np.isin(people.practice + 1, reach.practices)
        if reach.share < 1.0:
            own = draw_luck(self._seed, self._replication, len(reached), "people", f"reached by {name}")
            reached &= own < reach.share
        return reached

    def _multiplied(self, effect: str, who: Who) -> Number:
        """Product of what each initiative multiplies an effect by, for each spell."""
        product: Number = 1.0
        for name, one in self.on.items():
            factor = float(getattr(one.multiplies, effect))
            if factor != 1.0:
                full = 1.0 + (factor - 1.0) * self.strength(one, who.at)
                product = product * np.where(self.reaches(name, who), full, 1.0)
        return product

    def factors(self, who: Who) -> Factors:
        """What the initiatives multiply for each spell but its coming."""
        if not self.on:
            return NO_CHANGE
        return Factors(**{effect: self._multiplied(effect, who) for effect in Factors.__dataclass_fields__})

    def reached(self, who: Who) -> dict[str, np.ndarray]:
        """A column of whole numbers whose bits say which of those counted reach each spell; none if none are."""
        if not self.counted:
            return {}
        bits = np.zeros(len(who.at), dtype=np.int64 if len(self.counted) < 63 else object)
        for place, name in enumerate(self.counted):
            bits[self.reaches(name, who)] += 1 << place
        return {"reached": bits}

    def raised_by(self, demand: Floats, height: Floats, who: Who) -> Ints:
        """Row of the first initiative that raises the demand above each point's height; -1 if none does.

        Parameters
        ----------
        demand : array
            Presentations a day at each point's moment, as raised by Huddles.
        """
        by = np.full(len(demand), -1)
        for name, one in self.raising.items():
            full = 1.0 + (one.multiplies.presentations - 1.0) * self.strength(one, who.at)
            higher = np.where(self.reaches(name, who), demand * full, demand)
            by[(height >= demand) & (height < higher)] = self.rows[name]
            demand = higher
        return by

    def averted_by(self, who: Who) -> Ints:
        """Row of the first initiative whose luck averts each first presentation; -1 if none does."""
        by = np.full(len(who.at), -1)
        for name, one in self.averting.items():
            chance = (1.0 - one.multiplies.presentations) * self.strength(one, who.at)
            averts = who.luck.of(f"averted by {name}") < chance
            by[(by < 0) & averts & self.reaches(name, who)] = self.rows[name]
        return by

    def referrals(self, at: Floats) -> Number:
        """Factor on community referrals to LIFE."""
        product: Number = 1.0
        for one in self.on.values():
            if one.adds.life_referrals_share:
                product = product * (1.0 + one.adds.life_referrals_share * self.strength(one, at))
        return product

    @property
    def most_referrals(self) -> float:
        """The most by which community referrals may be multiplied."""
        return float(np.prod([1.0 + max(one.adds.life_referrals_share, 0.0) for one in self.on.values()]))
