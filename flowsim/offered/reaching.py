"""What initiatives multiply on average over those who would come, by the chance of each kind to be reached."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np

from flowsim.offered.laws import Floats
from flowsim.params import Scenario
from flowsim.params.ageing import shares_at
from flowsim.params.initiatives import Initiative
from flowsim.params.people import Cohort
from flowsim.params.practices import practice_sizes
from flowsim.params.values import schedule_of

_Chances = tuple[float, ...]
"""For one kind of person, the chance of being reached by each initiative that is on, before pathways are asked for."""


@dataclass(frozen=True)
class _Kind:
    """Shares of presentations, and of clinical days at first, that are of one kind of people; by day if they age."""

    people: Floats | float
    days: Floats | float


@dataclass(frozen=True)
class Expected:
    """Means of what the initiatives that are on multiply, by day of the run.

    Kinds of people are those that the lists of reach tell apart, in the shares that they have on the day as age bands
    grow apart. Age, frailty and practice are taken to be independent. Within a kind, who is reached by one initiative
    says nothing of who is by another, which is exact.

    Parameters
    ----------
    days : array
        Moments at which they are wanted.
    """

    scenario: Scenario
    days: Floats
    _kinds: dict[str, Mapping[_Chances, _Kind]] = field(default_factory=dict)

    @cached_property
    def on(self) -> dict[str, Initiative]:
        """Those that are on and move something."""
        return {name: one for name, one in self.scenario.initiatives.items() if one.on and one.moves}

    @cached_property
    def _strength(self) -> dict[str, Floats]:
        start = self.scenario.clock.start
        return {name: schedule_of(one.strength, start).at_all(self.days) for name, one in self.on.items()}

    def factor(self, cohort: str, pathway: str | None, *effects: str, by_days: bool = False) -> Floats | float:
        """Mean over the people of a cohort and pathway of the product of these effects; 1 where nothing is on or ages.

        Parameters
        ----------
        pathway : str or None
            None for those who die in hospital.
        effects : str
            Fields of :class:`flowsim.params.initiatives.Multiplies`, at work on the same person.
        by_days : bool
            Whether people count by how long age and frailty make them stay, against the mean before bands grow apart.
        """
        at_work = {name: one for name, one in self.on.items() if any(_of(one, effect) != 1.0 for effect in effects)}
        if not at_work and not (by_days and self._ages(self.scenario.cohorts[cohort])):
            return 1.0
        if cohort not in self._kinds:
            self._kinds[cohort] = self._kinds_of(cohort)
        total: Floats | float = 0.0
        for chances, kind in self._kinds[cohort].items():
            mean = kind.days if by_days else kind.people
            for name, chance in zip(self.on, chances, strict=True):
                one = self.on[name]
                if name in at_work and chance and (not one.reach.pathways or pathway in one.reach.pathways):
                    mean = mean * (1.0 + chance * (self._full(name, effects) - 1.0))
            total = total + mean
        return total

    def chance(self, name: str, cohort: str) -> float:
        """Chance that an initiative reaches somebody of a cohort who presents."""
        one = self.scenario.initiatives[name]
        kinds = list(self._people(self.scenario.cohorts[cohort]))
        whole = math.fsum(people for _, people, _ in kinds)
        return math.fsum(_chance(one, cohort, who) * people for who, people, _ in kinds) / whole if whole else 0.0

    def stretches(self, cohort: str) -> tuple[Floats, Floats]:
        """Factors by which age and frailty stretch the stay of some, mean 1 over people, and shares of these people."""
        found: dict[float, float] = {}
        for _, people, days in self._people(self.scenario.cohorts[cohort]):
            if people:
                found[round(days / people, 9)] = found.get(round(days / people, 9), 0.0) + people
        factors, shares = np.array(list(found)), np.array(list(found.values()))
        return factors * shares.sum() / (factors @ shares), shares / shares.sum()

    def _full(self, name: str, effects: tuple[str, ...]) -> Floats:
        """Product of the effects for somebody reached."""
        one, strength = self.on[name], self._strength[name]
        return np.asarray(math.prod(1.0 + (_of(one, effect) - 1.0) * strength for effect in effects))

    def referrals(self) -> Floats | float:
        """Factor on community referrals to LIFE."""
        found: Floats | float = 1.0
        for name, one in self.on.items():
            if one.adds.life_referrals_share:
                found = found * (1.0 + one.adds.life_referrals_share * self._strength[name])
        return found

    def slots(self) -> Floats | float:
        """Slots added to LIFE."""
        added = [one.slots(self.scenario.clock.start) for one in self.on.values() if one.adds.life_slots]
        return sum((one.at_all(self.days) for one in added), 0.0)

    def _ages(self, cohort: Cohort) -> bool:
        population = self.scenario.population
        return cohort.from_population and population is not None and population.ageing is not None

    def _kinds_of(self, name: str) -> Mapping[_Chances, _Kind]:
        cohort = self.scenario.cohorts[name]
        listed = list(self._people(cohort))
        whole, stay = math.fsum(people for _, people, _ in listed), math.fsum(days for _, _, days in listed)
        gain = self._gain if self._ages(cohort) else {}
        found: dict[_Chances, _Kind] = {}
        for who, people, days in listed:
            chances = tuple(_chance(one, name, who) for one in self.on.values())
            before, more = found.get(chances, _Kind(0.0, 0.0)), gain.get(str(who.get("age_bands")), 1.0)
            found[chances] = _Kind(before.people + more * people / whole, before.days + more * days / stay)
        return found

    @cached_property
    def _gain(self) -> dict[str, Floats]:
        """Factor by day on the share of presentations that each age band has."""
        population = self.scenario.population
        assert population is not None
        bands = population.age_bands.values()
        weights = np.array([age.share * age.presentations_per_1000 for age in bands])
        now = shares_at(population, weights, self.days, self.scenario.clock.start).T
        before = weights / weights.sum()
        gains = np.divide(now, before[:, None], out=np.ones(now.shape), where=before[:, None] > 0.0)
        return dict(zip(population.age_bands, gains, strict=True))

    def _people(self, cohort: Cohort) -> Iterator[tuple[dict[str, object], float, float]]:
        """Kinds of residents by what lists name, with their weights among those who present, and among their days."""
        population = self.scenario.population
        if not cohort.from_population or population is None:
            yield {}, 1.0, 1.0
            return
        networks, sizes = list(population.practices.networks), practice_sizes(population) / population.people
        longer = cohort.stay_factors
        for (band, age), (tier, frailty) in product(population.age_bands.items(), population.frailty.items()):
            weight = age.share * age.presentations_per_1000 * frailty.share * frailty.hazard_ratio
            stretch = longer.age_bands[band] * longer.frailty[tier] if longer is not None else 1.0
            for row, size in enumerate(sizes.tolist() if weight else []):
                network = networks[row % len(networks)]
                who = {"age_bands": band, "frailty": tier, "practices": row + 1, "networks": network}
                yield who, weight * size, weight * stretch * size


def _of(one: Initiative, effect: str) -> float:
    return float(getattr(one.multiplies, effect))


def _chance(one: Initiative, cohort: str, who: Mapping[str, object]) -> float:
    """Chance that an initiative reaches somebody; lists of residents leave out everyone else."""
    reach = one.reach
    if reach.cohorts and cohort not in reach.cohorts:
        return 0.0
    named = ("age_bands", "frailty", "practices", "networks")
    listed = {key: getattr(reach, key) for key in named if getattr(reach, key)}
    return reach.share if all(who.get(key) in names for key, names in listed.items()) else 0.0
